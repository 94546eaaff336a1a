package runtime

// Functions with a //go:wasmexport directive, which the host calls (src/abi/object.ts).

import "unsafe"

//go:wasmimport goloom export_done
func hostExportDone(frame unsafe.Pointer)

// exportDone is called at the end of an exported function's goroutine; its result is in the frame.
func exportDone(frame unsafe.Pointer) { hostExportDone(frame) }

package runtime

// Calls through reflect: a frame in memory holds arguments and results at the offsets that reflect computes.
// The compiler makes a thunk for each function signature that can be called so; callThunk finds it by the code word.

import (
	"internal/abi"
	"unsafe"
)

// callFrame calls the func value fn with the frame: it finds the compiler-made thunk for fn's code. Compiler-made.
//
//go:linkname callFrame goloom.callframe
func callFrame(fn, frame unsafe.Pointer)

//go:linkname reflectcall
func reflectcall(stackArgsType *_type, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs) {
	callFrame(fn, stackArgs)
}

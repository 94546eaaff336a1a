package js

// The functions that js.go imports of module gojs, over the calls of this port's host.
//
// What may run JavaScript code (getters and proxies too) goes through the kernel's jscall: the goroutine is suspended in memory
// first, so that a Go function that JavaScript calls finds a scheduler that can run it, and collections see all frames. The rest is
// called directly. Values belong to M0's thread; the kernel makes a jscall there.

import "unsafe"

// Operations of a call; the host has the same list (JsOp in src/abi/hostcalls.ts).
const (
	opGet = iota
	opSet
	opDelete
	opIndex
	opSetIndex
	opLength
	opCall
	opInvoke
	opNew
	opPrepareString
	opInstanceOf
)

// A call is what the host reads and writes; JsCall in src/abi/hostcalls.ts has the offsets.
type call struct {
	op     uint64
	v      ref
	name   string
	args   []ref
	x      int64 // an index, or a second value
	result ref
	n      int64
	ok     bool
}

// runtime_jscall suspends the goroutine and has the host make the call.
func runtime_jscall(c unsafe.Pointer) int32

func (c *call) do() { runtime_jscall(unsafe.Pointer(c)) }

//go:linkname hostGet syscall/js.valueGet
func hostGet(v ref, p string) ref {
	c := call{op: opGet, v: v, name: p}
	c.do()
	return c.result
}

//go:linkname hostSet syscall/js.valueSet
func hostSet(v ref, p string, x ref) {
	c := call{op: opSet, v: v, name: p, x: int64(x)}
	c.do()
}

//go:linkname hostDelete syscall/js.valueDelete
func hostDelete(v ref, p string) {
	c := call{op: opDelete, v: v, name: p}
	c.do()
}

//go:linkname hostIndex syscall/js.valueIndex
func hostIndex(v ref, i int) ref {
	c := call{op: opIndex, v: v, x: int64(i)}
	c.do()
	return c.result
}

//go:linkname hostSetIndex syscall/js.valueSetIndex
func hostSetIndex(v ref, i int, x ref) {
	c := call{op: opSetIndex, v: v, x: int64(x), n: int64(i)}
	c.do()
}

//go:linkname hostLength syscall/js.valueLength
func hostLength(v ref) int {
	c := call{op: opLength, v: v}
	c.do()
	return int(c.n)
}

//go:linkname hostCall syscall/js.valueCall
func hostCall(v ref, m string, args []ref) (ref, bool) {
	c := call{op: opCall, v: v, name: m, args: args}
	c.do()
	return c.result, c.ok
}

//go:linkname hostInvoke syscall/js.valueInvoke
func hostInvoke(v ref, args []ref) (ref, bool) {
	c := call{op: opInvoke, v: v, args: args}
	c.do()
	return c.result, c.ok
}

//go:linkname hostNew syscall/js.valueNew
func hostNew(v ref, args []ref) (ref, bool) {
	c := call{op: opNew, v: v, args: args}
	c.do()
	return c.result, c.ok
}

//go:linkname hostPrepareString syscall/js.valuePrepareString
func hostPrepareString(v ref) (ref, int) {
	c := call{op: opPrepareString, v: v}
	c.do()
	return c.result, int(c.n)
}

//go:linkname hostInstanceOf syscall/js.valueInstanceOf
func hostInstanceOf(v ref, t ref) bool {
	c := call{op: opInstanceOf, v: v, x: int64(t)}
	c.do()
	return c.n != 0
}

//go:wasmimport goloom js_finalize
func importFinalize(r uint64)

//go:linkname hostFinalizeRef syscall/js.finalizeRef
func hostFinalizeRef(r ref) { importFinalize(uint64(r)) }

//go:wasmimport goloom js_string
//go:noescape
func importString(x string) uint64

//go:linkname hostStringVal syscall/js.stringVal
func hostStringVal(x string) ref { return ref(importString(x)) }

//go:wasmimport goloom js_load
//go:noescape
func importLoad(v uint64, p unsafe.Pointer, n uint32)

//go:linkname hostLoadString syscall/js.valueLoadString
func hostLoadString(v ref, b []byte) {
	importLoad(uint64(v), unsafe.Pointer(unsafe.SliceData(b)), uint32(len(b)))
}

//go:wasmimport goloom js_to_go
//go:noescape
func importToGo(p unsafe.Pointer, n uint32, src uint64) int32

//go:linkname hostCopyToGo syscall/js.copyBytesToGo
func hostCopyToGo(dst []byte, src ref) (int, bool) {
	n := importToGo(unsafe.Pointer(unsafe.SliceData(dst)), uint32(len(dst)), uint64(src))
	return int(max(n, 0)), n >= 0
}

//go:wasmimport goloom js_from_go
//go:noescape
func importFromGo(dst uint64, p unsafe.Pointer, n uint32) int32

//go:linkname hostCopyToJS syscall/js.copyBytesToJS
func hostCopyToJS(dst ref, src []byte) (int, bool) {
	n := importFromGo(uint64(dst), unsafe.Pointer(unsafe.SliceData(src)), uint32(len(src)))
	return int(max(n, 0)), n >= 0
}

// runtime_setevent gives the kernel the function that an event's goroutine runs.
func runtime_setevent(fn func())

//go:linkname hostSetEventHandler syscall/js.setEventHandler
func hostSetEventHandler(fn func() bool) {
	runtime_setevent(func() { fn() })
}

package runtime

// Calls through reflect: a frame in memory holds arguments and results at the offsets that reflect computes.
// The compiler makes a thunk for each shape of frame, and tables that lead from a function's code to its thunk and from
// a function type to the stubs of func values made at run time.

import (
	"internal/abi"
	"internal/runtime/atomic"
	"unsafe"
)

// frameThunk: the code of a function, and of the thunk that calls it with a frame.
type frameThunk struct{ code, thunk uint32 }

//go:linkname frameThunks goloom.framethunks
var frameThunks []frameThunk

// makeFuncStubs: a function type, and the codes of its stubs.
type makeFuncStubs struct {
	typ          *_type
	call, method uint32
}

//go:linkname makeFuncTable goloom.makefuncs
var makeFuncTable []makeFuncStubs

// thunkTable is frameThunks as an open hash table, made when it is first needed; its length is a power of two.
var thunkTable unsafe.Pointer // *[]frameThunk

func makeThunkTable() *[]frameThunk {
	n := 16
	for n < 2*len(frameThunks) {
		n *= 2
	}
	table := make([]frameThunk, n)
	for _, t := range frameThunks {
		i := int(t.code) & (n - 1)
		for table[i].code != 0 {
			i = (i + 1) & (n - 1)
		}
		if t.code != 0 {
			table[i] = t
		}
	}
	atomicstorep(unsafe.Pointer(&thunkTable), unsafe.Pointer(&table))
	return &table
}

func thunkOf(code uint32) uint32 {
	p := (*[]frameThunk)(atomic.Loadp(unsafe.Pointer(&thunkTable)))
	if p == nil {
		p = makeThunkTable()
	}
	table := *p
	for i := int(code); ; i++ {
		t := table[i&(len(table)-1)]
		if t.code == code || t.code == 0 {
			return t.thunk
		}
	}
}

//go:linkname reflectcall
func reflectcall(stackArgsType *_type, fn, stackArgs unsafe.Pointer, stackArgsSize, stackRetOffset, frameSize uint32, regArgs *abi.RegArgs) {
	code := *(*uint32)(fn)
	if code == uint32(madeFuncCode()) {
		callMadeFunc(fn, stackArgs)
		return
	}
	if code == uint32(madeMethodValueCode()) {
		callMadeMethodValue(fn, stackArgs)
		return
	}
	thunk := thunkOf(code)
	if thunk == 0 {
		// A stub keeps the arguments in a frame and hands that to reflect: here there is one already.
		for i := range makeFuncTable {
			switch code {
			case makeFuncTable[i].call:
				callMadeFunc(fn, stackArgs)
				return
			case makeFuncTable[i].method:
				callMadeMethodValue(fn, stackArgs)
				return
			}
		}
		throw("reflect: call of a function that has no thunk")
	}
	call := &funcval{fn: uintptr(thunk)}
	(*(*func(fn, frame unsafe.Pointer))(unsafe.Pointer(&call)))(fn, stackArgs)
}

// Func values of types that the compiler has not seen. makeFuncStubs has no entry for them, so their code is that of
// one of these two functions, which are never called; their frames go to reflect at once.

func madeFunc() { throw("call of a function made by reflect through a type unknown to the compiler") }
func madeMethodValue() {
	throw("call of a method value made by reflect through a type unknown to the compiler")
}

func madeFuncCode() uintptr        { return abi.FuncPCABI0(madeFunc) }
func madeMethodValueCode() uintptr { return abi.FuncPCABI0(madeMethodValue) }

// madeCall is how reflect runs func values that it made; package reflect sets it when it makes the first.
var madeCall, madeMethodCall func(ctxt, frame unsafe.Pointer, retValid *bool, regs *abi.RegArgs)

//go:linkname reflect_setMadeCalls reflect.setMadeCalls
func reflect_setMadeCalls(call, method func(ctxt, frame unsafe.Pointer, retValid *bool, regs *abi.RegArgs)) {
	madeCall, madeMethodCall = call, method
}

func callMadeFunc(fn, frame unsafe.Pointer) {
	var valid bool
	var regs abi.RegArgs
	madeCall(fn, frame, &valid, &regs)
}

func callMadeMethodValue(fn, frame unsafe.Pointer) {
	var valid bool
	var regs abi.RegArgs
	madeMethodCall(fn, frame, &valid, &regs)
}

//go:linkname reflect_stubCode reflect.stubCode
func reflect_stubCode(t *_type, forMethod bool) uintptr {
	for i := range makeFuncTable {
		if s := &makeFuncTable[i]; s.typ == t {
			if forMethod {
				return uintptr(s.method)
			}
			return uintptr(s.call)
		}
	}
	if forMethod {
		return madeMethodValueCode()
	}
	return madeFuncCode()
}

package reflect

// Func values made at run time: MakeFunc, and method values. Their code must have the wasm signature of their type, so
// the compiler makes two stubs for every function type that reflect can see; a type that only FuncOf made has one
// common code, which nothing but Value.Call can be asked to call.

import (
	"internal/abi"
	"unsafe"
)

// makeFuncCtxt is what the code of such a func value finds at the address it is called with.
type makeFuncCtxt struct {
	fn      uintptr // code
	stack   *bitVector
	argLen  uintptr
	regPtrs abi.IntArgRegBitmap
}

type makeFuncImpl struct {
	makeFuncCtxt
	ftyp *funcType
	fn   func([]Value) []Value
}

type methodValue struct {
	makeFuncCtxt
	method int
	rcvr   Value
}

// stubCode gives the code for func values of a type: calls go to callReflect, or with forMethod to callMethod.
// Implemented by package runtime.
func stubCode(t *abi.Type, forMethod bool) uintptr

// MakeFunc returns a new function of the given [Type]
// that wraps the function fn. When called, that new function
// converts its arguments to a slice of Values, runs fn with them,
// and returns the results that fn gave.
func MakeFunc(typ Type, fn func(args []Value) (results []Value)) Value {
	if typ.Kind() != Func {
		panic("reflect: call of MakeFunc with non-Func type")
	}
	t := typ.common()
	ftyp := (*funcType)(unsafe.Pointer(t))
	impl := &makeFuncImpl{makeFuncCtxt: newFuncCtxt(ftyp, false), ftyp: ftyp, fn: fn}
	return Value{t, unsafe.Pointer(impl), flag(Func)}
}

// setMadeCalls tells package runtime how to run the func values made here. Implemented by package runtime.
func setMadeCalls(call, method func(ctxt, frame unsafe.Pointer, retValid *bool, regs *abi.RegArgs))

func callMade(ctxt, frame unsafe.Pointer, retValid *bool, regs *abi.RegArgs) {
	callReflect((*makeFuncImpl)(ctxt), frame, retValid, regs)
}

func callMadeMethod(ctxt, frame unsafe.Pointer, retValid *bool, regs *abi.RegArgs) {
	callMethod((*methodValue)(ctxt), frame, retValid, regs)
}

func newFuncCtxt(ftyp *funcType, forMethod bool) makeFuncCtxt {
	setMadeCalls(callMade, callMadeMethod)
	_, _, layout := funcLayout(ftyp, nil)
	return makeFuncCtxt{
		fn:      stubCode(&ftyp.Type, forMethod),
		stack:   layout.stackPtrs,
		argLen:  layout.stackCallArgsSize,
		regPtrs: layout.inRegPtrs,
	}
}

// makeMethodValue turns a Value that stands for a method and its receiver into one that holds a func.
func makeMethodValue(op string, v Value) Value {
	if v.flag&flagMethod == 0 {
		panic("reflect: internal error: invalid use of makeMethodValue")
	}
	own := v.flag&(flagRO|flagAddr|flagIndir) | flag(v.typ().Kind())
	ftyp := (*funcType)(unsafe.Pointer(v.Type().(*rtype)))
	fv := &methodValue{
		makeFuncCtxt: newFuncCtxt(ftyp, true),
		method:       int(v.flag) >> flagMethodShift,
		rcvr:         Value{v.typ(), v.ptr, own},
	}
	methodReceiver(op, fv.rcvr, fv.method) // panics now rather than at the call
	return Value{ftyp.Common(), unsafe.Pointer(fv), v.flag&flagRO | flag(Func)}
}

// methodValueCallCodePtr is the code that all method values are said to have.
func methodValueCallCodePtr() uintptr { return stubCode(nil, true) }

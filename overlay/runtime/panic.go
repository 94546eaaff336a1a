package runtime

// Panics, deferred calls, recovery and Goexit.
//
// A function with defer statements owns a defer frame among its stack objects. The goroutine's live defer frames
// form a list, innermost first (kg.deferTop). gopanic and Goexit call the deferred functions of that list from on top
// of the panicking frames, so that a deferred function sees them. When one recovered, the kernel drops every frame
// inside the one that owns the defer frame and re-enters that one at the point where it runs what it still has to
// defer and returns (docs/contract.md, section 7).
//
// Invariants:
//   kg._panic is the innermost panic or Goexit under way; link leads outwards.
//   While a panic runs a deferred call of frame f, p.df is f, and f stays on the list.
//   A panic that reaches the frame for which an outer panic is running a deferred call aborts that outer panic.

import (
	"internal/abi"
	"unsafe"
)

// deferFrame is a stack object of a function with defer statements (abi.DeferFrame).
type deferFrame struct {
	head  *deferRecord
	link  *deferFrame
	fn    uintptr
	flags uintptr
}

// deferRecord is one deferred call (abi.DeferRecord).
type deferRecord struct {
	link *deferRecord
	fn   func()
}

type _panic struct {
	arg        any
	link       *_panic
	df         *deferFrame
	goexit     bool
	recovered  bool
	repanicked bool
	aborted    bool
}

// A PanicNilError happens when code calls panic(nil).
type PanicNilError struct {
	// This field makes PanicNilError structurally different from
	// other structs in this package, and the size non-zero.
	_ [0]func() // not comparable
}

func (*PanicNilError) Error() string {
	return "panic called with nil argument"
}
func (*PanicNilError) RuntimeError() {}

func gopanic(e any) {
	if e == nil {
		if panicnil.value != "1" {
			e = new(PanicNilError)
		} else {
			panicnil.increment("panicnil")
		}
	}
	kg := getkg()
	p := &_panic{arg: e, link: kg._panic}
	kg._panic = p
	for fn, ok := nextDeferred(kg, p); ok; fn, ok = nextDeferred(kg, p) {
		kg.deferFn = funcCode(fn)
		fn()
		kg.deferFn = 0
		if p.recovered {
			recovered(kg, p)
		}
	}
	fatalpanic(p)
}

// nextDeferred takes the next deferred function off the innermost frame that has one; false when there is none left.
func nextDeferred(kg *kg, p *_panic) (fn func(), ok bool) {
	for df := kg.top(); df != nil; df = kg.top() {
		abortOuter(p, df)
		if r := df.head; r != nil {
			df.head = r.link
			p.df = df
			return r.fn, true
		}
		kg.setTop(df.link)
	}
	return nil, false
}

// abortOuter marks the outer panics that were running a deferred call for df: p has passed through that call.
func abortOuter(p *_panic, df *deferFrame) {
	for q := p.link; q != nil; q = q.link {
		if q.df == df {
			q.aborted = true
		}
	}
}

// recovered goes on at the frame whose call recovered p, or with the Goexit that p had aborted.
func recovered(kg *kg, p *_panic) {
	goexit := false
	q := p.link
	for q != nil && q.aborted {
		goexit = goexit || q.goexit
		q = q.link
	}
	kg._panic = q
	if goexit {
		Goexit()
	}
	krecovery(unsafe.Pointer(p.df))
	throw("recovery returned")
}

// gorecover is recover(); called says whether the function that contains it was called by gopanic or Goexit.
func gorecover(called bool) any {
	p := getkg()._panic
	if !called || p == nil || p.goexit || p.recovered {
		return nil
	}
	p.recovered = true
	return p.arg
}

// deferreturn runs the calls that df still has and takes df off the list: the end of every function with defer.
func deferreturn(df *deferFrame) {
	for {
		r := df.head
		if r == nil {
			break
		}
		df.head = r.link
		r.fn()
	}
	getkg().setTop(df.link)
}

// Goexit terminates the goroutine that calls it. No other goroutine is affected.
// Goexit runs all deferred calls before terminating the goroutine. Because Goexit
// is not a panic, any recover calls in those deferred functions will return nil.
//
// Calling Goexit from the main goroutine terminates that goroutine
// without func main returning. Since func main has not returned,
// the program continues execution of other goroutines.
// If all other goroutines exit, the program crashes.
func Goexit() {
	kg := getkg()
	p := &_panic{goexit: true, link: kg._panic}
	kg._panic = p
	for fn, ok := nextDeferred(kg, p); ok; fn, ok = nextDeferred(kg, p) {
		kg.deferFn = funcCode(fn)
		fn()
		kg.deferFn = 0
		if p.recovered {
			recovered(kg, p)
		}
	}
	kgoexit()
	throw("goexit returned")
}

// funcCode is the code word of fn, 0 of nil.
func funcCode(fn func()) uint32 {
	if fn == nil {
		return 0
	}
	return uint32((*(**funcval)(unsafe.Pointer(&fn))).fn)
}

// fatalpanic ends the program: no deferred call recovered p.
func fatalpanic(p *_panic) {
	preprintpanics(p)
	printlock()
	printpanics(p)
	printunlock()
	dieFromThrow(p)
}

// preprintpanics replaces error and Stringer values by their texts while Go calls are still possible, and marks a
// panic whose value was panicked with again: only the later one is printed.
func preprintpanics(p *_panic) {
	for ; p != nil; p = p.link {
		outer := p.link
		if outer != nil && *efaceOf(&outer.arg) == *efaceOf(&p.arg) {
			outer.repanicked = true
			continue
		}
		if text, ok := panicText(p.arg); ok {
			p.arg = text
		}
	}
}

// panicText calls Error or String of a panic's value; if that panics too, the program ends with a note of it.
func panicText(v any) (text string, ok bool) {
	defer printingPanicked()
	switch v := v.(type) {
	case error:
		return v.Error(), true
	case stringer:
		return v.String(), true
	}
	return "", false
}

func printingPanicked() {
	r := recover()
	if r == nil {
		return
	}
	what, isString := r.(string)
	if !isString {
		what = "type " + toRType(efaceOf(&r)._type).string()
	}
	throw("panic while printing panic value: " + what)
}

// printpanics prints the chain, the outermost panic first.
func printpanics(p *_panic) {
	if outer := p.link; outer != nil {
		printpanics(outer)
		if outer.repanicked {
			return
		}
		if !outer.goexit {
			print("\t")
		}
	}
	if p.goexit {
		return
	}
	print("panic: ")
	printpanicval(p.arg)
	switch {
	case p.recovered && p.repanicked:
		print(" [recovered, repanicked]")
	case p.recovered:
		print(" [recovered]")
	}
	print("\n")
}

// Run-time errors. Compiled code calls these where a check fails.

var (
	divideError   = error(errorString("integer divide by zero"))
	overflowError = error(errorString("integer overflow"))
	shiftError    = error(errorString("negative shift amount"))
	memoryError   = error(errorString("invalid memory address or nil pointer dereference"))
)

//go:linkname bits_overflowError math/bits.overflowError
var bits_overflowError = error(errorString("integer overflow"))

//go:linkname bits_divideError math/bits.divideError
var bits_divideError = error(errorString("integer divide by zero"))

func panicdivide()   { panic(divideError) }
func panicoverflow() { panic(overflowError) }
func panicshift()    { panic(shiftError) }
func panicfloat()    { panic(errorString("floating point error")) }

// sigpanic is a nil dereference.
func sigpanic() { panicmem() }

func panicmem() { panic(memoryError) }

func panicCheck1(pc uintptr, msg string) {}

func panicBounds(x int64, signed bool, y int, code abi.BoundsErrorCode) {
	panic(boundsError{x: x, signed: signed, y: y, code: code})
}

func goPanicIndex(x int, y int)        { panicBounds(int64(x), true, y, abi.BoundsIndex) }
func goPanicIndexU(x uint, y int)      { panicBounds(int64(x), false, y, abi.BoundsIndex) }
func goPanicSliceAlen(x int, y int)    { panicBounds(int64(x), true, y, abi.BoundsSliceAlen) }
func goPanicSliceAlenU(x uint, y int)  { panicBounds(int64(x), false, y, abi.BoundsSliceAlen) }
func goPanicSliceAcap(x int, y int)    { panicBounds(int64(x), true, y, abi.BoundsSliceAcap) }
func goPanicSliceAcapU(x uint, y int)  { panicBounds(int64(x), false, y, abi.BoundsSliceAcap) }
func goPanicSliceB(x int, y int)       { panicBounds(int64(x), true, y, abi.BoundsSliceB) }
func goPanicSliceBU(x uint, y int)     { panicBounds(int64(x), false, y, abi.BoundsSliceB) }
func goPanicSlice3Alen(x int, y int)   { panicBounds(int64(x), true, y, abi.BoundsSlice3Alen) }
func goPanicSlice3AlenU(x uint, y int) { panicBounds(int64(x), false, y, abi.BoundsSlice3Alen) }
func goPanicSlice3Acap(x int, y int)   { panicBounds(int64(x), true, y, abi.BoundsSlice3Acap) }
func goPanicSlice3AcapU(x uint, y int) { panicBounds(int64(x), false, y, abi.BoundsSlice3Acap) }
func goPanicSlice3B(x int, y int)      { panicBounds(int64(x), true, y, abi.BoundsSlice3B) }
func goPanicSlice3BU(x uint, y int)    { panicBounds(int64(x), false, y, abi.BoundsSlice3B) }
func goPanicSlice3C(x int, y int)      { panicBounds(int64(x), true, y, abi.BoundsSlice3C) }
func goPanicSlice3CU(x uint, y int)    { panicBounds(int64(x), false, y, abi.BoundsSlice3C) }
func goPanicSliceConvert(x int, y int) { panicBounds(int64(x), true, y, abi.BoundsConvert) }

// panicrangestate reports a range-over-func iterator that misuses its loop body.
func panicrangestate(state int) {
	switch abi.RF_State(state) {
	case abi.RF_DONE:
		panic(rangeDoneError)
	case abi.RF_PANIC:
		panic(rangePanicError)
	case abi.RF_EXHAUSTED:
		panic(rangeExhaustedError)
	case abi.RF_MISSING_PANIC:
		panic(rangeMissingPanicError)
	}
	throw("unexpected state set by range func")
}

var (
	rangeDoneError         = error(errorString("range function continued iteration after function for loop body returned false"))
	rangePanicError        = error(errorString("range function continued iteration after loop body panic"))
	rangeExhaustedError    = error(errorString("range function continued iteration after whole loop exit"))
	rangeMissingPanicError = error(errorString("range function recovered a loop body panic and did not resume panicking"))
)

// throw ends the program because of a fault in the runtime or its use; deferred functions do not run.
//
//go:noinline
func throw(s string) {
	printlock()
	print("fatal error: ")
	printindented(s)
	print("\n")
	printunlock()
	dieFromThrow(nil)
}

// fatal is throw for faults of the user's program (concurrent map writes and the like).
//
//go:noinline
func fatal(s string) { throw(s) }

//go:linkname sync_throw sync.throw
func sync_throw(s string) { throw(s) }

//go:linkname sync_fatal sync.fatal
func sync_fatal(s string) { fatal(s) }

//go:linkname internal_sync_throw internal/sync.throw
func internal_sync_throw(s string) { throw(s) }

//go:linkname internal_sync_fatal internal/sync.fatal
func internal_sync_fatal(s string) { fatal(s) }

//go:linkname maps_fatal internal/runtime/maps.fatal
func maps_fatal(s string) { fatal(s) }

//go:linkname rand_fatal crypto/rand.fatal
func rand_fatal(s string) { fatal(s) }

//go:linkname sysrand_fatal crypto/internal/sysrand.fatal
func sysrand_fatal(s string) { fatal(s) }

//go:linkname fips_fatal crypto/internal/fips140.fatal
func fips_fatal(s string) { fatal(s) }

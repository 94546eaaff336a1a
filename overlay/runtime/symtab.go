package runtime

// Program counters, functions and tracebacks, over the linker's tables (src/abi/tables.ts).
//
// A pc that Callers gives names one logical frame: inlinePC + 2*position + 1, position being a record of the position
// table (file, line, function, and the position of the call it is inlined at). The kernel names a suspended frame by
// its site: sitePC + 2*site + 1. Values below sitePC are indices in the function table: code words of func values.

import (
	"internal/abi"
	"unsafe"
)

const (
	sitePC   = 0x10000000
	inlinePC = 0x20000000
)

// progInfo, siteRecord, funcRecord and posRecord are the tables' records.
type progInfo struct {
	version, sites, nsites, funcs, nfuncs, codes, ncodes, positions, npositions uint32
	bitmaps, roots, rootsEnd, rootsMask, entry, heapBase, typelinks, ntypelinks uint32
	data, tableEnd                                                              uint32
}

type siteRecord struct{ fn, pos, live uint32 }

type funcRecord struct {
	code, stub, flags, objSize, objBitmap, deferReturn, firstSite, nsites uint32
	name, file, startLine, _                                              uint32
}

type posRecord struct{ file, line, fn, inlinedAt, startLine, _ uint32 }

const (
	funcWrapper = 1
	siteCheck   = 4 // kind of the site of a failed check
	funcHidden  = 2
	funcNoArgs  = 8
)

func prog() *progInfo { return (*progInfo)(kproginfo()) }

func at(base uint32, index, size uint32) unsafe.Pointer {
	return unsafe.Pointer(uintptr(base + index*size))
}

func siteAt(i uint32) *siteRecord { return (*siteRecord)(at(prog().sites, i, 12)) }
func funcAt(i uint32) *funcRecord { return (*funcRecord)(at(prog().funcs, i, 48)) }
func posAt(i uint32) *posRecord   { return (*posRecord)(at(prog().positions, i, 24)) }

// stringAt reads a string record: length, bytes.
func stringAt(addr uint32) string {
	if addr == 0 {
		return ""
	}
	p := unsafe.Pointer(uintptr(addr))
	return unsafe.String((*byte)(add(p, 4)), int(*(*uint32)(p)))
}

// A Func represents a Go function in the running binary.
type Func struct {
	name      string
	file      string
	startLine int
	entry     uintptr
}

// funcInfo is what the compiled GOROOT files ask for by findfunc.
type funcInfo struct{ f *Func }

func (f funcInfo) valid() bool { return f.f != nil }

func findfunc(pc uintptr) funcInfo { return funcInfo{FuncForPC(pc)} }

func funcname(f funcInfo) string {
	if f.f == nil {
		return ""
	}
	return f.f.name
}

func funcNameForPrint(name string) string { return shortenInstance(name) }

// shortenInstance prints the type arguments of an instance as gc's tracebacks do: F[...].
func shortenInstance(name string) string {
	open := -1
	for i := 0; i < len(name); i++ {
		if name[i] == '[' {
			open = i
			break
		}
	}
	if open < 0 {
		return name
	}
	end := open
	for i := open; i < len(name); i++ {
		if name[i] == ']' {
			end = i
		}
	}
	return name[:open] + "[...]" + name[end+1:]
}

// FuncForPC returns a *[Func] describing the function that contains the
// given program counter address, or else nil.
func FuncForPC(pc uintptr) *Func {
	switch {
	case pc >= inlinePC:
		i := uint32(pc-inlinePC) / 2
		if i >= prog().npositions {
			return nil
		}
		p := posAt(i)
		return &Func{stringAt(p.fn), stringAt(p.file), int(p.startLine), pc &^ 1}
	case pc >= sitePC:
		i := uint32(pc-sitePC) / 2
		if i >= prog().nsites {
			return nil
		}
		return funcOf(funcAt(siteAt(i).fn & 0xffffff))
	}
	if pc == 0 || uint32(pc) >= prog().ncodes {
		return nil
	}
	id := *(*uint32)(at(prog().codes, uint32(pc), 4))
	if id == 0 {
		return nil
	}
	return funcOf(funcAt(id))
}

func funcOf(r *funcRecord) *Func {
	return &Func{shortenInstance(stringAt(r.name)), stringAt(r.file), int(r.startLine), uintptr(r.code)}
}

// Name returns the name of the function.
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return f.name
}

// Entry returns the entry address of the function.
func (f *Func) Entry() uintptr { return f.entry }

// FileLine returns the file name and line number of the
// source code corresponding to the program counter pc.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	if pc >= inlinePC && uint32(pc-inlinePC)/2 < prog().npositions {
		p := posAt(uint32(pc-inlinePC) / 2)
		return stringAt(p.file), int(p.line)
	}
	return f.file, f.startLine
}

// Frames may be used to get function/file/line information for a
// slice of PC values returned by [Callers].
type Frames struct {
	pcs []uintptr
}

// Frame is the information returned by [Frames] for each call frame.
type Frame struct {
	// PC is the program counter for the location in this frame.
	PC uintptr
	// Func is the Func value of this call frame; nil for non-Go code or fully inlined functions.
	Func *Func
	// Function is the package path-qualified function name of this call frame.
	Function string
	// File and Line are the file name and line number of the location in this frame.
	File string
	Line int

	startLine int

	// Entry point program counter for the function; may be zero if not known.
	Entry uintptr
}

// CallersFrames takes a slice of PC values returned by [Callers] and
// prepares to return function/file/line information.
func CallersFrames(callers []uintptr) *Frames { return &Frames{callers} }

// Next returns a [Frame] representing the next call frame in the slice
// of PC values. If it has already returned all call frames, Next returns a zero [Frame].
func (ci *Frames) Next() (frame Frame, more bool) {
	for len(ci.pcs) > 0 {
		pc := ci.pcs[0]
		ci.pcs = ci.pcs[1:]
		f := FuncForPC(pc)
		if f == nil {
			continue
		}
		file, line := f.FileLine(pc)
		if pc >= sitePC && pc&1 != 0 {
			pc-- // as gc: the call instruction's pc
		}
		return Frame{PC: pc, Func: f, Function: f.name, File: file, Line: line, startLine: f.startLine, Entry: f.entry}, len(ci.pcs) > 0
	}
	return Frame{}, false
}

//go:linkname runtime_FrameStartLine runtime/pprof.runtime_FrameStartLine
func runtime_FrameStartLine(f *Frame) int { return f.startLine }

//go:linkname runtime_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func runtime_FrameSymbolName(f *Frame) string { return f.Function }

//go:linkname runtime_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func runtime_expandFinalInlineFrame(stk []uintptr) []uintptr { return stk }

// callers fills pcs with the logical frames of the calling goroutine; skip 0 is callers' own caller.
//
//go:noinline
func callers(skip int, pcs []uintptr) int { return callersAt(skip+1, pcs, nil) }

// callersAt is callers with the frames' sites, as in expand.
//
//go:noinline
func callersAt(skip int, pcs []uintptr, sites []uint32) int {
	if len(pcs) == 0 {
		return 0
	}
	// Mostly the frames asked for are among the innermost ones, and no memory is needed for them.
	var near [48]uintptr
	n := int(kcallers(0, unsafe.Pointer(&near), int32(len(near))))
	out, complete := expand(near[:n], n < len(near), skip+1, pcs, sites)
	for size := 2*len(near) + skip + len(pcs); !complete && n >= len(near); size *= 2 {
		raw := make([]uintptr, size)
		n = int(kcallers(0, unsafe.Pointer(&raw[0]), int32(size)))
		out, complete = expand(raw[:n], n < size, skip+1, pcs, sites)
		if n < size {
			break
		}
	}
	return out
}

// gcallers is callers for a goroutine that does not run.
func gcallers(gp unsafe.Pointer, skip int, pcs []uintptr, sites []uint32) int {
	if len(pcs) == 0 {
		return 0
	}
	raw := make([]uintptr, 32+skip+len(pcs))
	n := int(kgcallers(gp, 0, unsafe.Pointer(&raw[0]), int32(len(raw))))
	out, _ := expand(raw[:n], n < len(raw), skip, pcs, sites)
	return out
}

// expand turns sites into logical frames, leaving out wrappers and the first skip frames; complete: pcs is full. sites, if it is not
// nil, gets the site of each frame that is not an inlined call, and 0 for the others. whole: raw reaches the goroutine's outermost frame.
func expand(raw []uintptr, whole bool, skip int, pcs []uintptr, sites []uint32) (n int, complete bool) {
	panicked := false // the frame inside is of what a wrapper calls to panic
	for _, pc := range raw {
		s := siteAt(uint32(pc-sitePC) / 2)
		f := funcAt(s.fn & 0xffffff)
		wrapper := f.flags&funcWrapper != 0 && s.fn>>24 != siteCheck && !panicked
		panicked = stringAt(f.name) == "runtime.panicwrapText"
		for p := s.pos; ; p = posAt(p).inlinedAt {
			// Of a wrapper, only what is inlined in it counts, unless it panics itself.
			if wrapper && (p == 0 || stringAt(posAt(p).fn) == stringAt(f.name)) {
				break
			}
			if skip > 0 {
				skip--
			} else {
				pcs[n] = inlinePC + 2*uintptr(p) + 1
				if sites != nil {
					sites[n] = 0
					if p == 0 || posAt(p).inlinedAt == 0 {
						sites[n] = uint32(pc-sitePC) / 2
					}
				}
				n++
				if n == len(pcs) {
					return n, true
				}
			}
			if p == 0 || posAt(p).inlinedAt == 0 {
				break
			}
		}
	}
	if whole && skip == 0 {
		pcs[n] = abi.FuncPCABIInternal(goexit)
		n++
	}
	return n, n == len(pcs)
}

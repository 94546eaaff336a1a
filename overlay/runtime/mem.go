package runtime

// Allocation and bulk memory operations: the Go side of the kernel's heap.

import (
	"internal/abi"
	"internal/runtime/sys"
	"unsafe"
)

// writeBarrier is what the compiled GOROOT files test; the barrier itself is in compiled code and the kernel.
var writeBarrier struct {
	enabled bool
	pad     [3]byte
	alignme uint64
}

func bulkBarrierPreWriteSrcOnly(dst, src, size uintptr, typ *abi.Type) {}

// mallocNoZero tells the kernel that an object without pointers will be overwritten whole (MallocFlag.NOZERO in src/abi/kernel.ts).
const mallocNoZero = 1

//go:linkname mallocgc
func mallocgc(size uintptr, typ *_type, needzero bool) unsafe.Pointer {
	if size == 0 {
		return unsafe.Pointer(&zerobase)
	}
	if size > maxAlloc-1<<16 {
		throw("out of memory")
	}
	flags := uint32(0)
	if !needzero {
		flags = mallocNoZero
	}
	return kmallocgc(uint32(size), unsafe.Pointer(typ), flags)
}

func newobject(typ *_type) unsafe.Pointer { return mallocgc(typ.Size_, typ, true) }

//go:linkname maps_newobject internal/runtime/maps.newobject
func maps_newobject(typ *_type) unsafe.Pointer { return newobject(typ) }

//go:linkname reflect_unsafe_New reflect.unsafe_New
func reflect_unsafe_New(typ *_type) unsafe.Pointer { return newobject(typ) }

//go:linkname reflectlite_unsafe_New internal/reflectlite.unsafe_New
func reflectlite_unsafe_New(typ *_type) unsafe.Pointer { return newobject(typ) }

//go:linkname newarray
func newarray(typ *_type, n int) unsafe.Pointer {
	if n == 1 {
		return newobject(typ)
	}
	if n < 0 || typ.Size_ > 0 && uintptr(n) > maxAlloc/typ.Size_ {
		panic(plainError("runtime: allocation size out of range"))
	}
	return mallocgc(typ.Size_*uintptr(n), typ, true)
}

//go:linkname reflect_unsafe_NewArray reflect.unsafe_NewArray
func reflect_unsafe_NewArray(typ *_type, n int) unsafe.Pointer { return newarray(typ, n) }

//go:linkname maps_newarray internal/runtime/maps.newarray
func maps_newarray(typ *_type, n int) unsafe.Pointer { return newarray(typ, n) }

func roundupsize(size uintptr, noscan bool) uintptr {
	if size > maxAlloc/2 {
		return size
	}
	return uintptr(kroundupsize(uint32(size), noscan))
}

// freegc is gc's early free of memory known to be dead; here the collector does it.
func freegc(ptr unsafe.Pointer, size uintptr, noscan bool) {}

// persistentalloc allocates memory that is never freed; typed as pointers because itabs live in it.
func persistentalloc(size, align uintptr, stat *uint64) unsafe.Pointer {
	p := mallocgc(size, persistentType, true)
	keepForever(p)
	return p
}

// keepForever makes p reachable for good.
func keepForever(p unsafe.Pointer) {
	lock(&persistentLock)
	persistent = append(persistent, p)
	unlock(&persistentLock)
}

var persistentLock mutex
var persistent []unsafe.Pointer
var persistentType = abi.TypeFor[unsafe.Pointer]()

func memmove(to, from unsafe.Pointer, n uintptr)

func memclrNoHeapPointers(ptr unsafe.Pointer, n uintptr)

func memclrHasPointers(ptr unsafe.Pointer, n uintptr) { memclrNoHeapPointers(ptr, n) }

func memequal(a, b unsafe.Pointer, size uintptr) bool

// memequal_varlen finds the size in its closure: the Equal function of a plain-memory type.
func memequal_varlen(a, b unsafe.Pointer) bool {
	c := sys.GetClosurePtr()
	return memequal(a, b, *(*uintptr)(unsafe.Pointer(c + 8)))
}

func typedmemmove(typ *abi.Type, dst, src unsafe.Pointer) {
	if dst != src {
		memmove(dst, src, typ.Size_)
	}
}

func typedmemclr(typ *_type, ptr unsafe.Pointer) { memclrNoHeapPointers(ptr, typ.Size_) }

func typedslicecopy(typ *_type, dstPtr unsafe.Pointer, dstLen int, srcPtr unsafe.Pointer, srcLen int) int {
	n := dstLen
	if n > srcLen {
		n = srcLen
	}
	if n > 0 && dstPtr != srcPtr {
		memmove(dstPtr, srcPtr, uintptr(n)*typ.Size_)
	}
	return n
}

//go:linkname maps_typedmemmove internal/runtime/maps.typedmemmove
func maps_typedmemmove(typ *_type, dst, src unsafe.Pointer) { typedmemmove(typ, dst, src) }

//go:linkname maps_typedmemclr internal/runtime/maps.typedmemclr
func maps_typedmemclr(typ *_type, p unsafe.Pointer) { typedmemclr(typ, p) }

//go:linkname reflect_memmove reflect.memmove
func reflect_memmove(to, from unsafe.Pointer, n uintptr) { memmove(to, from, n) }

//go:linkname reflect_typedmemmove reflect.typedmemmove
func reflect_typedmemmove(typ *_type, dst, src unsafe.Pointer) { typedmemmove(typ, dst, src) }

//go:linkname reflectlite_typedmemmove internal/reflectlite.typedmemmove
func reflectlite_typedmemmove(typ *_type, dst, src unsafe.Pointer) { typedmemmove(typ, dst, src) }

//go:linkname reflect_typedmemclr reflect.typedmemclr
func reflect_typedmemclr(typ *_type, ptr unsafe.Pointer) { typedmemclr(typ, ptr) }

//go:linkname reflect_typedmemclrpartial reflect.typedmemclrpartial
func reflect_typedmemclrpartial(typ *_type, ptr unsafe.Pointer, off, size uintptr) {
	memclrNoHeapPointers(ptr, size)
}

//go:linkname reflect_typedarrayclear reflect.typedarrayclear
func reflect_typedarrayclear(typ *_type, ptr unsafe.Pointer, len int) {
	memclrNoHeapPointers(ptr, typ.Size_*uintptr(len))
}

//go:linkname reflect_typedslicecopy reflect.typedslicecopy
func reflect_typedslicecopy(elemType *_type, dst, src slice) int {
	return typedslicecopy(elemType, dst.array, dst.len, src.array, src.len)
}

// getGCMask gives the pointer bitmap of a type, building it where the descriptor holds it on demand.
func getGCMask(t *_type) *byte {
	if t.TFlag&abi.TFlagGCMaskOnDemand == 0 {
		return t.GCData
	}
	cell := (**byte)(unsafe.Pointer(t.GCData))
	if *cell == nil {
		words := t.PtrBytes / 8
		mask := make([]byte, (words+7)/8+8)
		buildGCMask(t, mask, 0)
		keepForever(unsafe.Pointer(&mask[0]))
		*cell = &mask[0]
	}
	return *cell
}

// buildGCMask sets the bits of t's pointers in mask, t starting at word base.
func buildGCMask(t *_type, mask []byte, base uintptr) {
	if !t.Pointers() {
		return
	}
	switch t.Kind_ {
	case abi.Array:
		a := (*arraytype)(unsafe.Pointer(t))
		for i := uintptr(0); i < a.Len; i++ {
			buildGCMask(a.Elem, mask, base+i*a.Elem.Size_/8)
		}
		return
	case abi.Struct:
		s := (*structtype)(unsafe.Pointer(t))
		for i := range s.Fields {
			f := &s.Fields[i]
			buildGCMask(f.Typ, mask, base+f.Offset/8)
		}
		return
	}
	src := (*[1 << 20]byte)(unsafe.Pointer(getGCMask(t)))
	for i := uintptr(0); i < t.PtrBytes/8; i++ {
		if src[i/8]>>(i%8)&1 != 0 {
			w := base + i
			mask[w/8] |= 1 << (w % 8)
		}
	}
}

// checkptrStraddles belongs to -d=checkptr, which this toolchain does not have.
func checkptrStraddles(ptr unsafe.Pointer, size uintptr) bool { return false }

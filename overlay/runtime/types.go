package runtime

// Go views of type descriptors and values, and the small helpers that the compiled GOROOT files expect.
// Descriptors are internal/abi's; name, type and text offsets are linear addresses and table indices,
// so resolving them is the identity.

import (
	"internal/abi"
	"internal/runtime/maps"
	"unsafe"
)

type (
	_type         = abi.Type
	maptype       = abi.MapType
	arraytype     = abi.ArrayType
	chantype      = abi.ChanType
	slicetype     = abi.SliceType
	functype      = abi.FuncType
	ptrtype       = abi.PtrType
	structtype    = abi.StructType
	interfacetype = abi.InterfaceType
	uncommontype  = abi.UncommonType
	itab          = abi.ITab
	name          = abi.Name
	nameOff       = abi.NameOff
	typeOff       = abi.TypeOff
	textOff       = abi.TextOff
)

type eface struct {
	_type *_type
	data  unsafe.Pointer
}

type iface struct {
	tab  *itab
	data unsafe.Pointer
}

type funcval struct {
	fn uintptr // index in the function table; captured variables follow
}

// notInHeap marks memory that the collector does not manage.
type notInHeap struct{ _ [0]byte }

const (
	// Compiler is the name of the compiler toolchain that built the running binary. The standard library
	// and programs test for "gc", whose behaviour this toolchain has.
	Compiler = "gc"

	maxAlloc = 1 << 32
)

var zeroVal [abi.ZeroValSize]byte

// zerobase is the address of every zero-size object.
var zerobase uintptr

func add(p unsafe.Pointer, x uintptr) unsafe.Pointer {
	return unsafe.Pointer(uintptr(p) + x)
}

func noescape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return unsafe.Pointer(x ^ 0)
}

func efaceOf(p *any) *eface { return (*eface)(unsafe.Pointer(p)) }

func bool2int(x bool) int {
	if x {
		return 1
	}
	return 0
}

func alignUp(n, a uintptr) uintptr { return (n + a - 1) &^ (a - 1) }

// rtype adds the resolution of offsets to a type descriptor.
type rtype struct {
	*abi.Type
}

func toRType(t *abi.Type) rtype { return rtype{t} }

func resolveName(off nameOff) name {
	return name{Bytes: (*byte)(unsafe.Pointer(uintptr(uint32(off))))}
}

func (t rtype) nameOff(off nameOff) name { return resolveName(off) }

func (t rtype) typeOff(off typeOff) *_type {
	if off == 0 || off == -1 {
		return nil
	}
	return (*_type)(unsafe.Pointer(uintptr(uint32(off))))
}

// textOff gives the code of a method; a method that was not linked in has code 0.
func (t rtype) textOff(off textOff) unsafe.Pointer {
	if off == 0 || off == -1 {
		return unsafe.Pointer(abi.FuncPCABIInternal(unreachableMethod))
	}
	return unsafe.Pointer(uintptr(uint32(off)))
}

func (t rtype) string() string {
	s := resolveName(t.Str).Name()
	if t.TFlag&abi.TFlagExtraStar != 0 {
		return s[1:]
	}
	return s
}

func (t rtype) uncommon() *uncommontype { return t.Uncommon() }

// name is the part of the type's string after the last dot outside brackets, "" for unnamed types.
func (t rtype) name() string {
	if t.TFlag&abi.TFlagNamed == 0 {
		return ""
	}
	s := t.string()
	depth := 0
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case ']':
			depth++
		case '[':
			depth--
		case '.':
			if depth == 0 {
				return s[i+1:]
			}
		}
	}
	return s
}

func (t rtype) pkgpath() string {
	if u := t.uncommon(); u != nil {
		return resolveName(u.PkgPath).Name()
	}
	switch t.Kind_ {
	case abi.Struct:
		return (*structtype)(unsafe.Pointer(t.Type)).PkgPath.Name()
	case abi.Interface:
		return (*interfacetype)(unsafe.Pointer(t.Type)).PkgPath.Name()
	}
	return ""
}

// pkgPath is the package that an unexported name belongs to: the last four bytes of the name's data.
func pkgPath(n name) string {
	if n.Bytes == nil || *n.Data(0)&(1<<2) == 0 {
		return ""
	}
	i, l := n.ReadVarint(1)
	off := 1 + i + l
	if *n.Data(0)&(1<<1) != 0 {
		i2, l2 := n.ReadVarint(off)
		off += i2 + l2
	}
	var o nameOff
	copy((*[4]byte)(unsafe.Pointer(&o))[:], (*[4]byte)(unsafe.Pointer(n.Data(off)))[:])
	return resolveName(o).Name()
}

// moduledata stands for gc's table of modules; the linker fills in the one there is.
type moduledata struct {
	typelinks []*_type // sorted by their strings
	itablinks []*itab
}

//go:linkname typelinkTable goloom.typelinks
var typelinkTable []*_type

//go:linkname itabTableLinks goloom.itablinks
var itabTableLinks []*itab

func activeModules() []*moduledata {
	return []*moduledata{{typelinks: typelinkTable, itablinks: itabTableLinks}}
}

//go:linkname reflect_typelinks reflect.typelinks
func reflect_typelinks() ([]unsafe.Pointer, [][]int32) {
	offsets := make([]int32, len(typelinkTable))
	for i, t := range typelinkTable {
		offsets[i] = int32(uint32(uintptr(unsafe.Pointer(t))))
	}
	return []unsafe.Pointer{nil}, [][]int32{offsets}
}

//go:linkname reflect_resolveNameOff reflect.resolveNameOff
func reflect_resolveNameOff(_ unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(uintptr(uint32(off)))
}

//go:linkname reflect_resolveTypeOff reflect.resolveTypeOff
func reflect_resolveTypeOff(_ unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(toRType(nil).typeOff(typeOff(off)))
}

//go:linkname reflect_resolveTextOff reflect.resolveTextOff
func reflect_resolveTextOff(_ unsafe.Pointer, off int32) unsafe.Pointer {
	return toRType(nil).textOff(textOff(off))
}

//go:linkname reflectlite_resolveNameOff internal/reflectlite.resolveNameOff
func reflectlite_resolveNameOff(_ unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(uintptr(uint32(off)))
}

//go:linkname reflectlite_resolveTypeOff internal/reflectlite.resolveTypeOff
func reflectlite_resolveTypeOff(_ unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(toRType(nil).typeOff(typeOff(off)))
}

// reflectOffs keeps alive what reflect.addReflectOff was given: an offset is the address itself.
var reflectOffs []unsafe.Pointer

//go:linkname reflect_addReflectOff reflect.addReflectOff
func reflect_addReflectOff(ptr unsafe.Pointer) int32 {
	reflectOffs = append(reflectOffs, ptr)
	return int32(uint32(uintptr(ptr)))
}

//go:linkname maps_typeString internal/runtime/maps.typeString
func maps_typeString(typ *abi.Type) string { return toRType(typ).string() }

//go:linkname reflect_getStaticuint64s reflect.getStaticuint64s
func reflect_getStaticuint64s() *[256]uint64 { return getStaticuint64s() }

//go:linkname reflect_verifyNotInHeapPtr reflect.verifyNotInHeapPtr
func reflect_verifyNotInHeapPtr(p uintptr) bool {
	return uintptr(p) < 4096 || uintptr(p) == ^uintptr(0)
}

// typesEqual reports whether two descriptors stand for identical types. There is one descriptor a type
// but for those that reflect makes, which reflect itself looks up first.
func typesEqual(t, v *_type) bool { return t == v }

// The string-keyed map operations are internal/runtime/maps'.

//go:linkname mapaccess2_faststr
func mapaccess2_faststr(t *maptype, m *maps.Map, key string) (unsafe.Pointer, bool)

//go:linkname mapassign_faststr
func mapassign_faststr(t *maptype, m *maps.Map, key string) unsafe.Pointer

//go:linkname mapdelete_faststr
func mapdelete_faststr(t *maptype, m *maps.Map, key string)

// reflect_gcbits tells package reflect's tests which words of *x, x being a pointer, may be pointers: one byte a word, up to the last.
//
//go:linkname reflect_gcbits reflect.gcbits
func reflect_gcbits(x any) []byte {
	t := (*ptrtype)(unsafe.Pointer(efaceOf(&x)._type)).Elem
	mask := make([]byte, t.PtrBytes/8)
	pointerWords(t, 0, mask)
	return mask
}

// pointerWords marks the pointer words of a value of type t at word base.
func pointerWords(t *_type, base uintptr, mask []byte) {
	if t.PtrBytes == 0 {
		return
	}
	if t.TFlag&abi.TFlagGCMaskOnDemand == 0 {
		for i := range t.PtrBytes / 8 {
			if bits := *(*byte)(add(unsafe.Pointer(t.GCData), i/8)); bits>>(i%8)&1 != 0 {
				mask[base+i] = 1
			}
		}
		return
	}
	switch t.Kind_ {
	case abi.Array:
		a := (*abi.ArrayType)(unsafe.Pointer(t))
		for i := range a.Len {
			pointerWords(a.Elem, base+i*a.Elem.Size_/8, mask)
		}
	case abi.Struct:
		for _, f := range (*structtype)(unsafe.Pointer(t)).Fields {
			pointerWords(f.Typ, base+f.Offset/8, mask)
		}
	}
}

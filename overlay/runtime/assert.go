package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"unsafe"
)

// The itabs that assertions asked for last, those that say "does not implement" included, by the hashes of both types. An entry is one word
// that is written once its itab is complete, and itabs are never freed: any M may read and replace it at any time.
var assertCache [256]*itab

// assertItab returns the itab of the dynamic type t, nil if there is none, for inter; nil if t lacks methods. Small, so that it is inlined
// where compiled code asserts.
func assertItab(inter *interfacetype, t *_type) *itab {
	if t == nil {
		return nil
	}
	m := (*itab)(atomic.Loadp(unsafe.Pointer(&assertCache[(t.Hash^inter.Type.Hash)%256])))
	if m == nil || m.Type != t || m.Inter != inter {
		return findItab(inter, t)
	}
	if m.Fun[0] == 0 {
		return nil
	}
	return m
}

// findItab is assertItab where the cache has another itab.
//
//go:noinline
func findItab(inter *interfacetype, t *_type) *itab {
	if t.TFlag&abi.TFlagUncommon == 0 {
		return nil
	}
	m := getitab(inter, t, true)
	table := (*itabTableType)(atomic.Loadp(unsafe.Pointer(&itabTable)))
	if known := table.find(inter, t); known != nil {
		atomic.StorepNoWB(unsafe.Pointer(&assertCache[(t.Hash^inter.Type.Hash)%256]), unsafe.Pointer(known))
	}
	return m
}

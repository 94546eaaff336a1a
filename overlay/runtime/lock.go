package runtime

// Locks and atomics that the compiled GOROOT files name. What they guard (the itab table, type tables) is only
// touched from Go code, which never suspends while holding one.

import (
	"internal/runtime/atomic"
	"unsafe"
)

type mutex struct {
	key uint32
}

func lockInit(l *mutex, rank int) {}

const lockRankItab = 0

// lock spins: holders run a bounded number of instructions and give up the processor to nobody.
func lock(l *mutex) {
	for !atomic.Cas(&l.key, 0, 1) {
		Gosched()
	}
}

func unlock(l *mutex) { atomic.Store(&l.key, 0) }

func atomic_casPointer(ptr *unsafe.Pointer, old, new unsafe.Pointer) bool {
	return atomic.Casp1(ptr, old, new)
}

func atomicstorep(ptr unsafe.Pointer, new unsafe.Pointer) {
	atomic.StorepNoWB(ptr, new)
}

//go:linkname atomic_casPointer2 internal/runtime/atomic.casPointer
func atomic_casPointer2(ptr *unsafe.Pointer, old, new unsafe.Pointer) bool {
	return atomic.Casp1(ptr, old, new)
}

//go:linkname atomic_storePointer internal/runtime/atomic.storePointer
func atomic_storePointer(ptr *unsafe.Pointer, new unsafe.Pointer) {
	atomic.StorepNoWB(unsafe.Pointer(ptr), new)
}

// g and m are what the compiled GOROOT files read of gc's descriptors: no string lies on a stack, no
// allocation happens inside the allocator.
type g struct {
	stack struct{ lo, hi uintptr }
	m     *m
}

type m struct {
	mallocing int32
}

var (
	m0 m
	g0 = g{m: &m0}
)

func getg() *g { return &g0 }

var memstats struct{ other_sys uint64 }

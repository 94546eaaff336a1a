package runtime

// What sync, internal/sync and internal/poll ask of the scheduler.

import (
	"internal/runtime/atomic"
	"unsafe"
)

// semacquire is the kernel's, and the wait an event of the blocking profile, without the skipframes innermost frames of sync.
func semacquire(addr unsafe.Pointer, lifo bool, skipframes int, reason uint32) {
	if blockRate == 0 {
		ksemacquire1(addr, lifo, reason)
		return
	}
	start := blockStart()
	ksemacquire1(addr, lifo, reason)
	blockEnd(start, 2+skipframes)
}

//go:linkname sync_runtime_Semacquire sync.runtime_Semacquire
func sync_runtime_Semacquire(addr *uint32) {
	semacquire(unsafe.Pointer(addr), false, 0, waitReasonSemacquire)
}

//go:linkname poll_runtime_Semacquire internal/poll.runtime_Semacquire
func poll_runtime_Semacquire(addr *uint32) {
	semacquire(unsafe.Pointer(addr), false, 0, waitReasonSemacquire)
}

//go:linkname sync_runtime_SemacquireWaitGroup sync.runtime_SemacquireWaitGroup
func sync_runtime_SemacquireWaitGroup(addr *uint32, synctestDurable bool) {
	reason := uint32(waitReasonSyncWaitGroupWait)
	if synctestDurable {
		reason = waitReasonSynctestWaitGroup
	}
	semacquire(unsafe.Pointer(addr), false, 0, reason)
}

//go:linkname sync_runtime_SemacquireRWMutexR sync.runtime_SemacquireRWMutexR
func sync_runtime_SemacquireRWMutexR(addr *uint32, lifo bool, skipframes int) {
	semacquire(unsafe.Pointer(addr), lifo, skipframes, waitReasonSyncRWMutexRLock)
}

//go:linkname sync_runtime_SemacquireRWMutex sync.runtime_SemacquireRWMutex
func sync_runtime_SemacquireRWMutex(addr *uint32, lifo bool, skipframes int) {
	semacquire(unsafe.Pointer(addr), lifo, skipframes, waitReasonSyncRWMutexLock)
}

//go:linkname internal_sync_runtime_SemacquireMutex internal/sync.runtime_SemacquireMutex
func internal_sync_runtime_SemacquireMutex(addr *uint32, lifo bool, skipframes int) {
	semacquire(unsafe.Pointer(addr), lifo, skipframes, waitReasonSyncMutexLock)
}

//go:linkname sync_runtime_Semrelease sync.runtime_Semrelease
func sync_runtime_Semrelease(addr *uint32, handoff bool, skipframes int) {
	ksemrelease1(unsafe.Pointer(addr), handoff)
}

//go:linkname internal_sync_runtime_Semrelease internal/sync.runtime_Semrelease
func internal_sync_runtime_Semrelease(addr *uint32, handoff bool, skipframes int) {
	ksemrelease1(unsafe.Pointer(addr), handoff)
}

//go:linkname poll_runtime_Semrelease internal/poll.runtime_Semrelease
func poll_runtime_Semrelease(addr *uint32) { ksemrelease1(unsafe.Pointer(addr), false) }

// semnwait is the number of goroutines that wait for a semaphore, and for others that share its root: for tests, by linkname.
func semnwait(addr *uint32) uint32 { return ksemnwait(unsafe.Pointer(addr)) }

//go:linkname internal_sync_runtime_canSpin internal/sync.runtime_canSpin
func internal_sync_runtime_canSpin(i int) bool { return kcanspin(int32(i)) }

//go:linkname internal_sync_runtime_doSpin internal/sync.runtime_doSpin
func internal_sync_runtime_doSpin() { kdospin() }

//go:linkname internal_sync_nanotime internal/sync.runtime_nanotime
func internal_sync_nanotime() int64 { return nanotime() }

//go:linkname internal_sync_rand internal/sync.runtime_rand
func internal_sync_rand() uint64 { return rand() }

// notifyList is sync.Cond's queue; the layout is sync's.
type notifyList struct {
	wait   atomic.Uint32
	notify uint32
	lock   uintptr
	head   unsafe.Pointer
	tail   unsafe.Pointer
}

//go:linkname notifyListAdd sync.runtime_notifyListAdd
func notifyListAdd(l *notifyList) uint32 { return knotifyListAdd(unsafe.Pointer(l)) }

//go:linkname notifyListWait sync.runtime_notifyListWait
func notifyListWait(l *notifyList, t uint32) {
	start := blockStart()
	knotifyListWait(unsafe.Pointer(l), t)
	blockEnd(start, 1)
}

//go:linkname notifyListNotifyAll sync.runtime_notifyListNotifyAll
func notifyListNotifyAll(l *notifyList) { checkWake(knotifyListNotifyAll(unsafe.Pointer(l))) }

//go:linkname notifyListNotifyOne sync.runtime_notifyListNotifyOne
func notifyListNotifyOne(l *notifyList) { checkWake(knotifyListNotifyOne(unsafe.Pointer(l))) }

// checkWake ends the program if a goroutine of another synctest bubble was woken.
func checkWake(goid int64) {
	if goid != 0 {
		println("semaphore wake of synctest goroutine", goid, "from outside bubble")
		fatal("semaphore wake of synctest goroutine from outside bubble")
	}
}

//go:linkname notifyListCheck sync.runtime_notifyListCheck
func notifyListCheck(sz uintptr) {
	if sz != unsafe.Sizeof(notifyList{}) {
		throw("bad notifyList size")
	}
}

// poolCleanup is sync.Pool's hook at the start of a collection.
var poolCleanup func()

//go:linkname sync_runtime_registerPoolCleanup sync.runtime_registerPoolCleanup
func sync_runtime_registerPoolCleanup(f func()) { poolCleanup = f }

package runtime

// Goroutines: creation, yielding, start of the program, coroutines for iter.Pull.

import (
	"internal/abi"
	"unsafe"
)

// creator is what a traceback says about the go statement that made a goroutine. The compiler makes one for each.
type creator struct {
	fn, file string
	line     int
}

func newproc(fn func(), by *creator) {
	if x := getkg().gx; x != nil && x.labels != nil {
		newprocLabelled(fn, by, x.labels)
		return
	}
	knewproc(*(*unsafe.Pointer)(unsafe.Pointer(&fn)), uint64(uintptr(unsafe.Pointer(by))))
}

// newprocLabelled starts a goroutine with the pprof labels of the one that starts it.
//
//go:noinline
func newprocLabelled(fn func(), by *creator, labels unsafe.Pointer) {
	gp := knewg(*(*unsafe.Pointer)(unsafe.Pointer(&fn)), uint64(uintptr(unsafe.Pointer(by))))
	(*kg)(gp).ext().labels = labels
	kgoready(gp)
}

// goexit is the name of the outermost frame of every goroutine; it is never called.
//
//go:noinline
func goexit() {}

// startSystem starts a goroutine that does not count as one of the program's.
func startSystem(fn func()) { knewsystemg(*(*unsafe.Pointer)(unsafe.Pointer(&fn))) }

// rt0 runs first on the main goroutine, before any package is initialised.
func rt0() {
	startTime = nanotime()
	alginit()
	itabsinit()
	fn := fatalCondition
	ksetfatal(*(*unsafe.Pointer)(unsafe.Pointer(&fn)))
	goenvs()
	parsedebug()
	startSystem(timerproc)
}

// mainReturned ends the program after main.main returned.
func mainReturned() { runExitHooks(0); kexit(0) }

// Gosched yields the processor, allowing other goroutines to run. It does not
// suspend the current goroutine, so execution resumes automatically.
func Gosched() { kgosched() }

// GOMAXPROCS sets the maximum number of CPUs that can be executing
// simultaneously and returns the previous setting. If n < 1, it does not change
// the current setting.
func GOMAXPROCS(n int) int {
	old := int(kgomaxprocs())
	if n > 0 && n != old {
		stopTheWorld()
		ksetmaxprocs(int32(min(n, maxProcs)))
		startTheWorld()
	}
	return old
}

// maxProcs: more Ps than any host has processors only cost time.
const maxProcs = 256

// SetDefaultGOMAXPROCS updates the GOMAXPROCS setting to the runtime default.
func SetDefaultGOMAXPROCS() { GOMAXPROCS(NumCPU()) }

// NumCPU returns the number of logical CPUs usable by the current process.
func NumCPU() int { return int(kncpu()) }

// NumGoroutine returns the number of goroutines that currently exist.
func NumGoroutine() int { return int(kgcount()) }

// NumCgoCall returns the number of cgo calls made by the current process.
func NumCgoCall() int64 { return 0 }

// LockOSThread wires the calling goroutine to its current operating system thread.
func LockOSThread() { klockthread() }

// UnlockOSThread undoes an earlier call to LockOSThread.
func UnlockOSThread() { kunlockthread() }

// Breakpoint executes a breakpoint trap.
func Breakpoint() {}

func block() { kblock(waitReasonSelectNoCases) }

//go:linkname sync_runtime_procPin sync.runtime_procPin
func sync_runtime_procPin() int { return int(kprocpin()) }

//go:linkname sync_runtime_procUnpin sync.runtime_procUnpin
func sync_runtime_procUnpin() { kprocunpin() }

//go:linkname sync_atomic_runtime_procPin sync/atomic.runtime_procPin
func sync_atomic_runtime_procPin() int { return int(kprocpin()) }

//go:linkname sync_atomic_runtime_procUnpin sync/atomic.runtime_procUnpin
func sync_atomic_runtime_procUnpin() { kprocunpin() }

// Coroutines. A coro is one parked goroutine; coroswitch changes places with it.

type coro struct {
	gp uintptr // the goroutine that waits (first: the kernel swaps this word)
	f  func(*coro)
}

//go:linkname newcoro
func newcoro(f func(*coro)) *coro {
	c := &coro{f: f}
	start := func() { corostart(c) }
	c.gp = uintptr(knewg(*(*unsafe.Pointer)(unsafe.Pointer(&start)), 0))
	return c
}

func corostart(c *coro) {
	defer coroexit(c)
	c.f(c)
}

func coroexit(c *coro) { kcoroexit(unsafe.Pointer(c)) }

//go:linkname coroswitch
func coroswitch(c *coro) { kcoroswitch(unsafe.Pointer(c)) }

// Functions to call before exit (internal/runtime/exithook has the real thing; coverage uses it).

var exitHooks []func()

func runExitHooks(code int) {
	for i := len(exitHooks) - 1; i >= 0; i-- {
		exitHooks[i]()
	}
	exitHooks = nil
}

//go:linkname addExitHook internal/runtime/exithook.add
func addExitHook(f func()) { exitHooks = append(exitHooks, f) }

//go:linkname os_beforeExit os.runtime_beforeExit
func os_beforeExit(exitCode int) { runExitHooks(exitCode) }

//go:linkname syscall_Exit syscall.Exit
func syscall_Exit(code int) { kexit(int32(code)) }

func rand() uint64 { return uint64(cheaprand())<<32 | uint64(cheaprand()) }

func rand32() uint32 { return cheaprand() }

func randn(n uint32) uint32 { return uint32((uint64(cheaprand()) * uint64(n)) >> 32) }

func bootstrapRand() uint64 { return rand() }

//go:linkname maps_rand internal/runtime/maps.rand
func maps_rand() uint64 { return rand() }

package runtime

// What the rest of the standard library asks of package runtime by linkname: FIPS indicators, profiles, traces,
// coverage. Memory and mutex profiles are empty: the kernel does not collect them.

import (
	"internal/profilerecord"
	"unsafe"
)

//go:linkname fips_getIndicator crypto/internal/fips140.getIndicator
func fips_getIndicator() uint8 { return getkg().ext().fips }

//go:linkname fips_setIndicator crypto/internal/fips140.setIndicator
func fips_setIndicator(i uint8) { getkg().ext().fips = i }

//go:linkname fips140_setBypass crypto/fips140.setBypass
func fips140_setBypass() { getkg().ext().fipsBypass = true }

//go:linkname fips140_unsetBypass crypto/fips140.unsetBypass
func fips140_unsetBypass() { getkg().ext().fipsBypass = false }

//go:linkname fips140_isBypassed crypto/fips140.isBypassed
func fips140_isBypassed() bool { return getkg().ext().fipsBypass }

//go:linkname setDITEnabled crypto/subtle.setDITEnabled
func setDITEnabled() bool { return false }

//go:linkname setDITDisabled crypto/subtle.setDITDisabled
func setDITDisabled() {}

//go:linkname boring_registerCache crypto/internal/boring/bcache.registerCache
func boring_registerCache(p unsafe.Pointer) {}

//go:linkname sync_runtime_rand sync.runtime_rand
func sync_runtime_rand() uint64 { return rand() }

//go:linkname os_runtime_rand os.runtime_rand
func os_runtime_rand() uint64 { return rand() }

// Names by which programs from before math/rand/v2 get at random numbers.

//go:linkname oldFastrand runtime.fastrand
func oldFastrand() uint32 { return rand32() }

//go:linkname oldFastrandn runtime.fastrandn
func oldFastrandn(n uint32) uint32 { return randn(n) }

//go:linkname oldFastrand64 runtime.fastrand64
func oldFastrand64() uint64 { return rand() }

// Profiles.

// MemProfileRate controls the fraction of memory allocations that are recorded and reported in the memory profile.
var MemProfileRate int = 512 * 1024

// A StackRecord describes a single execution stack.
type StackRecord struct {
	Stack0 [32]uintptr
}

// Stack returns the stack trace associated with the record, a prefix of r.Stack0.
func (r *StackRecord) Stack() []uintptr { return untilZero(r.Stack0[:]) }

// A MemProfileRecord describes the live objects allocated by a particular call sequence (stack trace).
type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

// InUseBytes returns the number of bytes in use (AllocBytes - FreeBytes).
func (r *MemProfileRecord) InUseBytes() int64 { return r.AllocBytes - r.FreeBytes }

// InUseObjects returns the number of objects in use (AllocObjects - FreeObjects).
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }

// Stack returns the stack trace associated with the record, a prefix of r.Stack0.
func (r *MemProfileRecord) Stack() []uintptr { return untilZero(r.Stack0[:]) }

// BlockProfileRecord describes blocking events originated at a particular call sequence (stack trace).
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

func untilZero(pcs []uintptr) []uintptr {
	for i, pc := range pcs {
		if pc == 0 {
			return pcs[:i]
		}
	}
	return pcs
}

// MemProfile returns a profile of memory allocated and freed per allocation site.
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }

// MutexProfile returns n, the number of records in the current mutex profile.
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

// ThreadCreateProfile returns n, the number of records in the thread creation profile.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) { return 0, true }

// GoroutineProfile returns n, the number of records in the active goroutine stack profile.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	n = NumGoroutine()
	if n > len(p) {
		return n, false
	}
	n = 0
	eachGoroutine(func(gp unsafe.Pointer) {
		if n < len(p) {
			clear(p[n].Stack0[:])
			stackOf(gp, p[n].Stack0[:])
			n++
		}
	})
	return n, true
}

// eachGoroutine calls f for the program's goroutines, the calling one first, while the others don't run.
func eachGoroutine(f func(gp unsafe.Pointer)) {
	self := kgetg()
	f(self)
	stopTheWorld()
	defer startTheWorld()
	for i := int32(0); i < kallglen(); i++ {
		gp := kallg(i)
		info := infoOf(gp)
		if gp != self && info.status != gDead && info.status != gIdle && info.flags&gSystem == 0 {
			f(gp)
		}
	}
}

func stackOf(gp unsafe.Pointer, pcs []uintptr) int {
	if gp == kgetg() {
		return callers(2, pcs)
	}
	return gcallers(gp, 0, pcs, nil)
}

// SetMutexProfileFraction controls the fraction of mutex contention events that are reported in the mutex profile.
func SetMutexProfileFraction(rate int) (old int) {
	old = mutexProfileFraction
	if rate >= 0 {
		mutexProfileFraction = rate
	}
	return old
}

var mutexProfileFraction int

// cpuRate is the rate asked for, 0 while no CPU profile is taken; cpuHeader: the reader has not had the profile's head yet.
var (
	cpuRate   int
	cpuHeader bool
)

// SetCPUProfileRate sets the CPU profiling rate to hz samples per second.
// If hz <= 0, SetCPUProfileRate turns off profiling. No samples are taken.
func SetCPUProfileRate(hz int) {
	switch {
	case hz <= 0:
		cpuRate = 0
	case cpuRate != 0:
		print("runtime: cannot set cpu profile rate until previous profile has finished.\n")
	default:
		cpuRate, cpuHeader = hz, true
	}
}

// CPUProfile panics. It formerly provided raw access to CPU profile data.
func CPUProfile() []byte { panic("CPUProfile no longer available") }

// SetCgoTraceback records three C functions to use to gather traceback information from C code; there is no cgo here.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {}

//go:linkname pprof_readProfile runtime/pprof.readProfile
func pprof_readProfile() (data []uint64, tags []unsafe.Pointer, eof bool) {
	if cpuHeader {
		cpuHeader = false
		return []uint64{3, uint64(nanotime()), uint64(max(cpuRate, 1))}, make([]unsafe.Pointer, 1), false
	}
	return nil, nil, cpuRate == 0
}

//go:linkname pprof_cyclesPerSecond runtime/pprof.runtime_cyclesPerSecond
func pprof_cyclesPerSecond() int64 { return 1e9 }

//go:linkname pprof_memProfileInternal
func pprof_memProfileInternal(p []profilerecord.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_mutexProfileInternal
func pprof_mutexProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_threadCreateInternal
func pprof_threadCreateInternal(p []profilerecord.StackRecord) (n int, ok bool) { return 0, true }

//go:linkname pprof_fpunwindExpand
func pprof_fpunwindExpand(dst, src []uintptr) int { return copy(dst, src) }

//go:linkname pprof_makeProfStack
func pprof_makeProfStack() []uintptr { return make([]uintptr, 128) }

//go:linkname pprof_goroutineProfileWithLabels
func pprof_goroutineProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	n = NumGoroutine()
	if n > len(p) {
		return n, false
	}
	n = 0
	eachGoroutine(func(gp unsafe.Pointer) {
		if n < len(p) {
			pcs := make([]uintptr, 128)
			p[n].Stack = pcs[:stackOf(gp, pcs)]
			if x := (*kg)(gp).gx; x != nil && len(labels) > n {
				labels[n] = x.labels
			}
			n++
		}
	})
	return n, true
}

//go:linkname pprof_goroutineLeakProfileWithLabels
func pprof_goroutineLeakProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_runtime_goroutineleakcount runtime/pprof.runtime_goroutineleakcount
func pprof_runtime_goroutineleakcount() int { return 0 }

//go:linkname pprof_runtime_goroutineLeakGC runtime/pprof.runtime_goroutineLeakGC
func pprof_runtime_goroutineLeakGC() { GC() }

//go:linkname pprof_setProfLabel runtime/pprof.runtime_setProfLabel
func pprof_setProfLabel(labels unsafe.Pointer) { getkg().ext().labels = labels }

//go:linkname pprof_getProfLabel runtime/pprof.runtime_getProfLabel
func pprof_getProfLabel() unsafe.Pointer {
	if x := getkg().gx; x != nil {
		return x.labels
	}
	return nil
}

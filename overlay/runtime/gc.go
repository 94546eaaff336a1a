package runtime

// The collector's Go side: statistics, finalizers, cleanups, weak pointers, settings.

import (
	"internal/abi"
	"internal/runtime/atomic"
	"internal/runtime/gc"
	"unsafe"
)

// GC runs a garbage collection and blocks the caller until the collection is complete.
func GC() {
	if poolCleanup != nil {
		kstopworld()
		poolCleanup()
		kstartworld()
	}
	kgcrun()
	Gosched() // finalizers get their turn, as while gc sweeps
}

// KeepAlive marks its argument as currently reachable.
//
//go:noinline
func KeepAlive(x any) {}

func initGC() {
	switch s := gogetenv("GOGC"); s {
	case "":
	case "off":
		ksetgcpercent(-1)
	default:
		if n, ok := atoi(s); ok {
			ksetgcpercent(int32(n))
		}
	}
	if n, ok := parseByteCount(gogetenv("GOMEMLIMIT")); ok {
		ksetmemorylimit(n)
	}
}

func atoi(s string) (n int, ok bool) {
	neg := len(s) > 0 && s[0] == '-'
	if neg {
		s = s[1:]
	}
	if s == "" {
		return 0, false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	if neg {
		n = -n
	}
	return n, true
}

// A MemStats records statistics about the memory allocator.
type MemStats struct {
	Alloc         uint64
	TotalAlloc    uint64
	Sys           uint64
	Lookups       uint64
	Mallocs       uint64
	Frees         uint64
	HeapAlloc     uint64
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// memWords and sizeWords are what the kernel's memstats and sizestats write.
type memWords [40]uint64

// read fills in the counters, exact at one moment.
func (w *memWords) read() {
	kstopworld()
	kmemstats(unsafe.Pointer(w))
	kstartworld()
}

type sizeWords struct {
	mallocs, live [gc.NumSizeClasses]uint64
	spans, meta   uint64 // bytes of span records; of bitmaps and type words
}

// readFigures reads the kernel's counters at one moment.
func readFigures(w *memWords, sizes *sizeWords) {
	stopTheWorld()
	ksizestats(unsafe.Pointer(sizes))
	kmemstats(unsafe.Pointer(w))
	startTheWorld()
	w[13], w[14], w[17] = sizes.spans, sizes.spans, sizes.meta
	w[18] -= sizes.spans + sizes.meta
}

// stops are the times that the world was stopped for other reasons than a collection, ns: until all had stopped, and in all. The
// last ones are kept.
var stops struct {
	since, stopped  int64
	n               uint64
	stopping, total [256]uint64
}

func stopTheWorld() {
	stops.since = nanotime()
	kstopworld()
	stops.stopped = nanotime()
}

func startTheWorld() {
	at := stops.n % uint64(len(stops.total))
	stops.stopping[at], stops.total[at] = uint64(stops.stopped-stops.since), uint64(nanotime()-stops.since)
	stops.n++
	kstartworld()
}

// bucketBytes is about what the tables of profiles take.
func bucketBytes() uint64 {
	return uint64(unsafe.Sizeof(blockBuckets)) + uint64(blockStacks)*uint64(unsafe.Sizeof(blockBucket{}))
}

// ReadMemStats populates m with memory allocator statistics.
func ReadMemStats(m *MemStats) {
	var w memWords
	var sizes sizeWords
	readFigures(&w, &sizes)
	buckets := min(bucketBytes(), w[18])
	*m = MemStats{
		Alloc: w[0], TotalAlloc: w[1], Sys: w[2], Mallocs: w[3], Frees: w[4], HeapAlloc: w[5], HeapSys: w[6], HeapIdle: w[7],
		HeapInuse: w[8], HeapReleased: w[9], HeapObjects: w[10], StackInuse: w[11], StackSys: w[12], MSpanInuse: w[13],
		MSpanSys: w[14], MCacheInuse: w[15], MCacheSys: w[16], BuckHashSys: buckets, GCSys: w[17], OtherSys: w[18] - buckets, NextGC: w[19], LastGC: w[20],
		PauseTotalNs: w[21], NumGC: uint32(w[22]), NumForcedGC: uint32(w[23]), EnableGC: true,
	}
	for i := range m.BySize {
		b := &m.BySize[i]
		b.Size, b.Mallocs, b.Frees = uint32(gc.SizeClassToSize[i]), sizes.mallocs[i], sizes.mallocs[i]-sizes.live[i]
	}
	m.BySize[0].Mallocs, m.BySize[0].Frees = 0, 0 // the kernel's class 0 is large objects
	var pauses [512]uint64
	n := int(kgcpauses(unsafe.Pointer(&pauses), 256))
	for i := 0; i < n; i++ {
		at := (int(m.NumGC) + 255 - i) % 256
		m.PauseNs[at], m.PauseEnd[at] = pauses[2*i], pauses[2*i+1]
	}
}

//go:linkname readGCStats runtime/debug.readGCStats
func readGCStats(pauses *[]uint64) {
	var w memWords
	w.read()
	var buf [512]uint64
	n := int(kgcpauses(unsafe.Pointer(&buf), 256))
	p := (*pauses)[:cap(*pauses)]
	for i := 0; i < n; i++ {
		p[i], p[n+i] = buf[2*i], buf[2*i+1]
	}
	p[n+n], p[n+n+1], p[n+n+2] = w[20], w[22], w[21]
	*pauses = p[:n+n+3]
}

//go:linkname freeOSMemory runtime/debug.freeOSMemory
func freeOSMemory() { GC() }

//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(percent int32) int32 { return ksetgcpercent(percent) }

//go:linkname setMemoryLimit runtime/debug.setMemoryLimit
func setMemoryLimit(limit int64) int64 { return ksetmemorylimit(limit) }

//go:linkname setMaxStack runtime/debug.setMaxStack
func setMaxStack(n int) int { return int(ksetmaxstack(int64(n))) }

//go:linkname setMaxThreads runtime/debug.setMaxThreads
func setMaxThreads(n int) (old int) { old, maxThreads = maxThreads, n; return old }

var maxThreads = 10000

//go:linkname setPanicOnFault runtime/debug.setPanicOnFault
func setPanicOnFault(on bool) (old bool) {
	x := getkg().ext()
	old, x.faultPanic = x.faultPanic, on
	return old
}

//go:linkname modinfo runtime/debug.modinfo
func modinfo() string { return modinfoText }

var modinfoText string // set by the linker

//go:linkname setCrashFD
func setCrashFD(fd uintptr) uintptr { return ^uintptr(0) }

//go:linkname debug_WriteHeapDump runtime/debug.WriteHeapDump
func debug_WriteHeapDump(fd uintptr) {}

// Finalizers and cleanups. The kernel keeps them with the objects and queues those of unreachable objects;
// one system goroutine runs them.

var finProcStarted atomic.Uint32

func startFinProc() {
	if finProcStarted.CompareAndSwap(0, 1) {
		startSystem(finproc)
	}
}

// SetFinalizer sets the finalizer associated with obj to the provided finalizer function.
func SetFinalizer(obj any, finalizer any) {
	e := efaceOf(&obj)
	if e._type == nil {
		throw("runtime.SetFinalizer: first argument is nil")
	}
	if e._type.Kind_ != abi.Pointer {
		throw("runtime.SetFinalizer: first argument is " + toRType(e._type).string() + ", not pointer")
	}
	ot := (*ptrtype)(unsafe.Pointer(e._type))
	if e.data == nil {
		throw("nil elem type!")
	}
	f := efaceOf(&finalizer)
	if f._type == nil {
		kremovefinalizer(e.data)
		return
	}
	if f._type.Kind_ != abi.Func {
		throw("runtime.SetFinalizer: second argument is " + toRType(f._type).string() + ", not a function")
	}
	ft := (*functype)(unsafe.Pointer(f._type))
	if ft.IsVariadic() || ft.InCount != 1 || !assignableArg(e._type, ft.InSlice()[0]) {
		throw("runtime.SetFinalizer: cannot pass " + toRType(e._type).string() + " to finalizer " + toRType(f._type).string())
	}
	if ot.Elem.Size_ == 0 || kobjectsize(e.data) == 0 {
		return // a zero-size object or static data lives for ever
	}
	startFinProc()
	switch kaddfinalizer(e.data, f.data, unsafe.Pointer(ot), unsafe.Pointer(f._type)) {
	case 1:
		throw("runtime.SetFinalizer: finalizer already set")
	case 2:
		throw("runtime.SetFinalizer: pointer not at beginning of allocated block")
	}
}

// assignableArg: may a value of type t be passed to a parameter of type p?
func assignableArg(t, p *_type) bool {
	if t == p {
		return true
	}
	switch p.Kind_ {
	case abi.Pointer:
		return (t.Uncommon() == nil || p.Uncommon() == nil) && (*ptrtype)(unsafe.Pointer(t)).Elem == (*ptrtype)(unsafe.Pointer(p)).Elem
	case abi.Interface:
		it := (*interfacetype)(unsafe.Pointer(p))
		return len(it.Methods) == 0 || getitab(it, t, true) != nil
	}
	return false
}

// blockUntilEmptyFinalizerQueue waits, at most timeout nanoseconds, until all queued finalizers and cleanups have run.
//
//go:linkname blockUntilEmptyFinalizerQueue
func blockUntilEmptyFinalizerQueue(timeout int64) bool {
	for start := nanotime(); nanotime()-start < timeout; Gosched() {
		if finProcStarted.Load() == 0 || kfinidle() {
			return true
		}
	}
	return false
}

//go:linkname unique_runtime_blockUntilEmptyCleanupQueue unique.runtime_blockUntilEmptyCleanupQueue
func unique_runtime_blockUntilEmptyCleanupQueue(timeout int64) bool {
	return blockUntilEmptyFinalizerQueue(timeout)
}

//go:linkname sync_test_runtime_blockUntilEmptyCleanupQueue sync_test.runtime_blockUntilEmptyCleanupQueue
func sync_test_runtime_blockUntilEmptyCleanupQueue(timeout int64) bool {
	return blockUntilEmptyFinalizerQueue(timeout)
}

// What finproc has run so far.
var finalizersRun, cleanupsRun uint64

// finproc runs finalizers and cleanups.
func finproc() {
	for {
		kfinwait()
		var w [4]unsafe.Pointer
		for {
			how := kfintake(unsafe.Pointer(&w))
			if how == 0 {
				break
			}
			if how == 2 {
				fn := *(*func())(unsafe.Pointer(&w[0]))
				w = [4]unsafe.Pointer{}
				fn()
				cleanupsRun++
				continue
			}
			runFinalizer(w[0], w[1], (*_type)(w[2]), (*functype)(w[3]))
			finalizersRun++
			w = [4]unsafe.Pointer{}
		}
	}
}

// runFinalizer calls fn(obj), passing obj as the parameter's type asks. Results are dropped.
func runFinalizer(obj, fn unsafe.Pointer, ot *_type, ft *functype) {
	arg := ft.InSlice()[0]
	size := uintptr(8)
	if arg.Kind_ == abi.Interface {
		size = 16
	}
	total := size
	for _, r := range ft.OutSlice() {
		total = alignUp(total, uintptr(r.Align_)) + r.Size_
	}
	frame := make([]unsafe.Pointer, (total+7)/8)
	switch {
	case arg.Kind_ != abi.Interface:
		frame[0] = obj
	case len((*interfacetype)(unsafe.Pointer(arg)).Methods) == 0:
		frame[0], frame[1] = unsafe.Pointer(ot), obj
	default:
		frame[0], frame[1] = unsafe.Pointer(assertE2I((*interfacetype)(unsafe.Pointer(arg)), ot)), obj
	}
	reflectcall(nil, fn, unsafe.Pointer(&frame[0]), uint32(total), uint32(size), uint32(total), nil)
}

// AddCleanup attaches a cleanup function to ptr. Some time after ptr is no longer
// reachable, the runtime will call cleanup(arg) in a separate goroutine.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	if ptr == nil {
		panic("runtime.AddCleanup: ptr is nil")
	}
	if k := abi.TypeFor[S]().Kind(); k == abi.Pointer || k == abi.UnsafePointer {
		checkCleanupArg(unsafe.Pointer(ptr), *(*unsafe.Pointer)(unsafe.Pointer(&arg)), abi.TypeFor[T]())
	}
	checkCleanupFunc(unsafe.Pointer(ptr), *(*unsafe.Pointer)(unsafe.Pointer(&cleanup)), abi.TypeFor[T]())
	startFinProc()
	fn := func() { cleanup(arg) }
	id := kaddcleanup(unsafe.Pointer(ptr), *(*unsafe.Pointer)(unsafe.Pointer(&fn)))
	return Cleanup{id: id, ptr: uintptr(unsafe.Pointer(ptr))}
}

// checkCleanupArg: an argument that points into the object would keep it for ever. Blocks of the tiny allocator hold several.
func checkCleanupArg(ptr, arg unsafe.Pointer, t *_type) {
	if arg == ptr {
		panic("runtime.AddCleanup: ptr is equal to arg, cleanup will never run")
	}
	tiny := t.Size_ < 16 && t.PtrBytes == 0
	if base := kobjectbase(ptr); base != nil && !tiny && uintptr(arg)-uintptr(base) < uintptr(kobjectsize(ptr)) {
		panic("runtime.AddCleanup: ptr is within arg, cleanup will never run")
	}
}

// checkCleanupFunc looks at what the function has captured: a pointer into the object would keep it for ever.
func checkCleanupFunc(ptr, fn unsafe.Pointer, t *_type) {
	base := kobjectbase(ptr)
	if base == nil || t.Size_ < 16 && t.PtrBytes == 0 || kobjectbase(fn) != fn {
		return
	}
	for at := uintptr(8); at < uintptr(kobjectsize(fn)); at += 8 {
		if *(*uintptr)(add(fn, at))-uintptr(base) < uintptr(kobjectsize(ptr)) {
			panic("runtime.AddCleanup: cleanup function closes over ptr, cleanup will never run")
		}
	}
}

// heapObjectsCanMove is for packages that compare addresses.
//
//go:linkname heapObjectsCanMove
func heapObjectsCanMove() bool { return false }

// Cleanup is a handle to a cleanup call for a specific object.
type Cleanup struct {
	id  uint64
	ptr uintptr
}

// Stop cancels the cleanup call.
func (c Cleanup) Stop() {
	if c.id != 0 {
		kremovecleanup(unsafe.Pointer(c.ptr), c.id)
	}
}

//go:linkname weak_runtime_registerWeakPointer weak.runtime_registerWeakPointer
func weak_runtime_registerWeakPointer(p unsafe.Pointer) unsafe.Pointer {
	if p == nil {
		return nil
	}
	if kobjectsize(p) == 0 {
		return immortalWeak(p)
	}
	return kregisterweak(p)
}

// immortalWeak makes the indirection for static data, which is always reachable. One per address.
func immortalWeak(p unsafe.Pointer) unsafe.Pointer {
	lock(&immortalsLock)
	if immortals == nil {
		immortals = map[unsafe.Pointer]*immortal{}
	}
	h := immortals[p]
	if h == nil {
		h = &immortal{p: p}
		immortals[p] = h
	}
	unlock(&immortalsLock)
	return unsafe.Pointer(h)
}

type immortal struct {
	p     unsafe.Pointer
	magic [3]uintptr
}

var (
	immortalsLock mutex
	immortals     map[unsafe.Pointer]*immortal
)

//go:linkname weak_runtime_makeStrongFromWeak weak.runtime_makeStrongFromWeak
func weak_runtime_makeStrongFromWeak(handle unsafe.Pointer) unsafe.Pointer {
	if handle == nil {
		return nil
	}
	if kobjectsize(handle) >= uint32(unsafe.Sizeof(immortal{})) {
		return (*immortal)(handle).p
	}
	return kstrongfromweak(handle)
}

// A Pinner is a set of Go objects each pinned to a fixed location in memory. Objects never move here.
type Pinner struct {
	*pinner
}

// pinner is a Pinner's handle: it is found to be lost when the collector finds it to be unreachable. What it pins is reachable
// from pinned for as long as there is anything.
type pinner struct {
	objects *pinnedObjects
}

type pinnedObjects struct {
	refs       []any
	next, prev *pinnedObjects
}

var (
	pinned     pinnedObjects // head of the list
	pinnedLock mutex
)

// Pin pins a Go object, preventing it from being moved or freed by the garbage collector until Unpin is called.
func (p *Pinner) Pin(pointer any) {
	if e := efaceOf(&pointer); e._type == nil {
		panic(errorString("runtime.Pinner: argument is nil"))
	} else if k := e._type.Kind_; k != abi.Pointer && k != abi.UnsafePointer {
		panic(errorString("runtime.Pinner: argument is not a pointer: " + toRType(e._type).string()))
	}
	if p.pinner == nil {
		p.pinner = &pinner{new(pinnedObjects)}
		SetFinalizer(p.pinner, func(p *pinner) {
			if len(p.objects.refs) != 0 {
				panic(errorString("runtime.Pinner: found leaking pinned pointer; forgot to call Unpin?"))
			}
		})
	}
	o := p.objects
	lock(&pinnedLock)
	if len(o.refs) == 0 {
		o.next, o.prev = pinned.next, &pinned
		if o.next != nil {
			o.next.prev = o
		}
		pinned.next = o
	}
	unlock(&pinnedLock)
	o.refs = append(o.refs, pointer)
}

// Unpin unpins all pinned objects of the Pinner.
func (p *Pinner) Unpin() {
	if p.pinner == nil || len(p.objects.refs) == 0 {
		return
	}
	o := p.objects
	lock(&pinnedLock)
	o.prev.next = o.next
	if o.next != nil {
		o.next.prev = o.prev
	}
	unlock(&pinnedLock)
	o.next, o.prev, o.refs = nil, nil, nil
}

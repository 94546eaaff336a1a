package runtime

// runtime/metrics: what the kernel counts, by the names that package lists. Histograms of times hold what is kept of them: the last
// 256 pauses; scheduling latencies and mutex waits are not measured, a single processor's idle time counts as user time.

import (
	"internal/godebugs"
	"internal/runtime/gc"
	"unsafe"
)

// metricValue, metricSample and metricHistogram are runtime/metrics' Value, Sample and Float64Histogram.
type metricValue struct {
	kind    int
	scalar  uint64
	pointer unsafe.Pointer
}

type metricSample struct {
	name  string
	value metricValue
}

type metricHistogram struct {
	counts  []uint64
	buckets []float64
}

const (
	metricBad = iota
	metricUint64
	metricFloat64
	metricFloat64Histogram
)

// metricFigures is one look at the counters.
type metricFigures struct {
	mem    memWords
	sizes  sizeWords
	now    int64
	states [10]uint64 // goroutines of the program by status
	pauses [512]uint64
	npause int
}

func (v *metricValue) uint64(n uint64) { v.kind, v.scalar = metricUint64, n }

func (v *metricValue) seconds(ns uint64) {
	v.kind, v.scalar = metricFloat64, float64bits(float64(ns)/1e9)
}

// histogram gives v's histogram over buckets, emptied; it reuses v's memory where it can.
func (v *metricValue) histogram(buckets []float64) *metricHistogram {
	h := (*metricHistogram)(v.pointer)
	if v.kind != metricFloat64Histogram || h == nil {
		h = new(metricHistogram)
		v.kind, v.pointer = metricFloat64Histogram, unsafe.Pointer(h)
	}
	h.buckets = buckets
	if len(h.counts) != len(buckets)-1 {
		h.counts = make([]uint64, len(buckets)-1)
	}
	clear(h.counts)
	return h
}

func (v *metricValue) times(ns []uint64) {
	h := v.histogram(timeBuckets)
	for _, t := range ns {
		i := 0
		for i < len(h.counts)-1 && float64(t)/1e9 >= h.buckets[i+1] {
			i++
		}
		h.counts[i]++
	}
}

func (f *metricFigures) bySize(v *metricValue, freed bool) {
	h := v.histogram(sizeBuckets)
	for i := range f.sizes.mallocs {
		n := f.sizes.mallocs[i]
		if freed {
			n -= f.sizes.live[i]
		}
		// Large objects are the kernel's class 0 and the last bucket.
		h.counts[(i+len(h.counts)-1)%len(h.counts)] = n
	}
}

// gcPauses are the lengths of the last pauses.
func (f *metricFigures) gcPauses() []uint64 {
	ns := make([]uint64, f.npause)
	for i := range ns {
		ns[i] = f.pauses[2*i]
	}
	return ns
}

// gcStops: a collection begins when all have stopped.
func (f *metricFigures) gcStops() []uint64 { return make([]uint64, f.npause) }

// elapsed is the processor time that there was.
func (f *metricFigures) elapsed() uint64 { return uint64(f.now - startTime) }

// frees leaves out tiny objects, as gc does: they are not counted one by one.
func (f *metricFigures) objects() (mallocs, frees uint64) {
	return f.mem[3] - f.mem[26], f.mem[4] - f.mem[26]
}

var (
	timeBuckets, sizeBuckets []float64
	metricTable              map[string]func(*metricFigures, *metricValue)
	startTime                int64
)

const startingStack = 512 // the kernel's first stack chunk

func look() *metricFigures {
	f := new(metricFigures)
	readFigures(&f.mem, &f.sizes)
	f.npause = int(kgcpauses(unsafe.Pointer(&f.pauses), 256))
	f.now = nanotime()
	for i := range kallglen() {
		if info := infoOf(kallg(i)); info.flags&gSystem == 0 && info.status < uint64(len(f.states)) {
			f.states[info.status]++
		}
	}
	return f
}

func initMetrics() {
	if metricTable != nil {
		return
	}
	timeBuckets = []float64{-inf, 0}
	for ns := 64.0; ns < 1e11; ns *= 1.25 {
		timeBuckets = append(timeBuckets, ns/1e9)
	}
	timeBuckets = append(timeBuckets, inf)
	for i := range gc.NumSizeClasses {
		sizeBuckets = append(sizeBuckets, float64(gc.SizeClassToSize[i])+1)
	}
	sizeBuckets = append(sizeBuckets, inf)

	mem := func(i int) func(*metricFigures, *metricValue) {
		return func(f *metricFigures, v *metricValue) { v.uint64(f.mem[i]) }
	}
	diff := func(i, j int) func(*metricFigures, *metricValue) {
		return func(f *metricFigures, v *metricValue) { v.uint64(f.mem[i] - f.mem[j]) }
	}
	count := func(n func(*metricFigures) uint64) func(*metricFigures, *metricValue) {
		return func(f *metricFigures, v *metricValue) { v.uint64(n(f)) }
	}
	none := func(*metricFigures) uint64 { return 0 }
	cpu := func(ns func(*metricFigures) uint64) func(*metricFigures, *metricValue) {
		return func(f *metricFigures, v *metricValue) { v.seconds(ns(f)) }
	}
	times := func(ns func(*metricFigures) []uint64) func(*metricFigures, *metricValue) {
		return func(f *metricFigures, v *metricValue) { v.times(ns(f)) }
	}
	noTimes := times(func(*metricFigures) []uint64 { return nil })
	gcTime := func(f *metricFigures) uint64 { return f.mem[21] }
	state := func(s int) func(*metricFigures, *metricValue) {
		return func(f *metricFigures, v *metricValue) { v.uint64(f.states[s]) }
	}
	metricTable = map[string]func(*metricFigures, *metricValue){
		"/cgo/go-to-c-calls:calls":                     count(none),
		"/cpu/classes/gc/mark/assist:cpu-seconds":      cpu(none),
		"/cpu/classes/gc/mark/dedicated:cpu-seconds":   cpu(none),
		"/cpu/classes/gc/mark/idle:cpu-seconds":        cpu(none),
		"/cpu/classes/gc/pause:cpu-seconds":            cpu(gcTime),
		"/cpu/classes/gc/total:cpu-seconds":            cpu(gcTime),
		"/cpu/classes/idle:cpu-seconds":                cpu(none),
		"/cpu/classes/scavenge/assist:cpu-seconds":     cpu(none),
		"/cpu/classes/scavenge/background:cpu-seconds": cpu(none),
		"/cpu/classes/scavenge/total:cpu-seconds":      cpu(none),
		"/cpu/classes/total:cpu-seconds":               cpu((*metricFigures).elapsed),
		"/cpu/classes/user:cpu-seconds":                cpu(func(f *metricFigures) uint64 { return f.elapsed() - gcTime(f) }),
		"/gc/cleanups/executed:cleanups":               count(func(*metricFigures) uint64 { return cleanupsRun }),
		"/gc/cleanups/queued:cleanups":                 mem(33),
		"/gc/cycles/automatic:gc-cycles":               diff(22, 23),
		"/gc/cycles/forced:gc-cycles":                  mem(23),
		"/gc/cycles/total:gc-cycles":                   mem(22),
		"/gc/finalizers/executed:finalizers":           count(func(*metricFigures) uint64 { return finalizersRun }),
		"/gc/finalizers/queued:finalizers":             mem(32),
		"/gc/gogc:percent":                             mem(24),
		"/gc/gomemlimit:bytes":                         mem(31),
		"/gc/heap/allocs-by-size:bytes":                func(f *metricFigures, v *metricValue) { f.bySize(v, false) },
		"/gc/heap/allocs:bytes":                        mem(1),
		"/gc/heap/allocs:objects":                      count(func(f *metricFigures) uint64 { n, _ := f.objects(); return n }),
		"/gc/heap/frees-by-size:bytes":                 func(f *metricFigures, v *metricValue) { f.bySize(v, true) },
		"/gc/heap/frees:bytes":                         diff(1, 5),
		"/gc/heap/frees:objects":                       count(func(f *metricFigures) uint64 { _, n := f.objects(); return n }),
		"/gc/heap/goal:bytes":                          mem(19),
		"/gc/heap/live:bytes":                          mem(27),
		"/gc/heap/objects:objects":                     mem(10),
		"/gc/heap/tiny/allocs:objects":                 mem(26),
		"/gc/limiter/last-enabled:gc-cycle":            count(none),
		"/gc/pauses:seconds":                           times((*metricFigures).gcPauses),
		"/gc/scan/globals:bytes":                       mem(28),
		"/gc/scan/heap:bytes":                          mem(27),
		"/gc/scan/stack:bytes":                         mem(29),
		"/gc/scan/total:bytes":                         count(func(f *metricFigures) uint64 { return f.mem[27] + f.mem[28] + f.mem[29] }),
		"/gc/stack/starting-size:bytes":                count(func(*metricFigures) uint64 { return startingStack }),
		"/memory/classes/heap/free:bytes":              diff(7, 9),
		"/memory/classes/heap/objects:bytes":           mem(5),
		"/memory/classes/heap/released:bytes":          mem(9),
		"/memory/classes/heap/stacks:bytes":            mem(11),
		"/memory/classes/heap/unused:bytes":            diff(8, 5),
		"/memory/classes/metadata/mcache/free:bytes":   diff(16, 15),
		"/memory/classes/metadata/mcache/inuse:bytes":  mem(15),
		"/memory/classes/metadata/mspan/free:bytes":    diff(14, 13),
		"/memory/classes/metadata/mspan/inuse:bytes":   mem(13),
		"/memory/classes/metadata/other:bytes":         mem(17),
		"/memory/classes/os-stacks:bytes":              diff(12, 11),
		"/memory/classes/other:bytes":                  mem(18),
		"/memory/classes/profiling/buckets:bytes":      count(none),
		"/memory/classes/total:bytes":                  mem(2),
		"/sched/gomaxprocs:threads":                    count(func(*metricFigures) uint64 { return uint64(GOMAXPROCS(0)) }),
		"/sched/goroutines-created:goroutines":         mem(30),
		"/sched/goroutines/not-in-go:goroutines":       count(none),
		"/sched/goroutines/runnable:goroutines":        state(gRunnable),
		"/sched/goroutines/running:goroutines":         state(gRunning),
		"/sched/goroutines/waiting:goroutines":         state(gWaiting),
		"/sched/goroutines:goroutines":                 count(func(*metricFigures) uint64 { return uint64(NumGoroutine()) }),
		"/sched/latencies:seconds":                     noTimes,
		"/sched/pauses/stopping/gc:seconds":            times((*metricFigures).gcStops),
		"/sched/pauses/stopping/other:seconds":         times(func(*metricFigures) []uint64 { return stops.stopping[:min(stops.n, 256)] }),
		"/sched/pauses/total/gc:seconds":               times((*metricFigures).gcPauses),
		"/sched/pauses/total/other:seconds":            times(func(*metricFigures) []uint64 { return stops.total[:min(stops.n, 256)] }),
		"/sched/threads/total:threads":                 count(func(*metricFigures) uint64 { return 1 }),
		"/sync/mutex/wait/total:seconds":               cpu(none),
	}
	for _, info := range godebugs.All {
		if !info.Opaque {
			metricTable["/godebug/non-default-behavior/"+info.Name+":events"] = count(none)
		}
	}
	for name, read := range godebugMetrics {
		metricTable[name] = count(func(*metricFigures) uint64 { return read() })
	}
}

// godebugMetrics are the counters of settings that changed what the program does.
var godebugMetrics map[string]func() uint64

//go:linkname godebug_registerMetric internal/godebug.registerMetric
func godebug_registerMetric(name string, read func() uint64) {
	if godebugMetrics == nil {
		godebugMetrics = map[string]func() uint64{}
	}
	godebugMetrics[name] = read
	if metricTable != nil {
		metricTable[name] = func(_ *metricFigures, v *metricValue) { v.uint64(read()) }
	}
}

//go:linkname metrics_readMetrics runtime/metrics.runtime_readMetrics
func metrics_readMetrics(samples unsafe.Pointer, length, capacity int) {
	initMetrics()
	f := look()
	list := unsafe.Slice((*metricSample)(samples), length)
	for i := range list {
		s := &list[i]
		if read := metricTable[s.name]; read != nil {
			read(f, &s.value)
		} else {
			s.value.kind = metricBad
		}
	}
}

//go:linkname metrics_names runtime/metrics_test.runtime_readMetricNames
func metrics_names() []string {
	initMetrics()
	var names []string
	for name := range metricTable {
		names = append(names, name)
	}
	return names
}

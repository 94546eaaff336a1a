package runtime

// Execution traces in the format of internal/trace/tracev2. The kernel records what its scheduler does, and this package the
// annotations (tasks, regions, logs), each M in a chain of blocks of its own (kernel/trace.ts). A generation ends with the world stopped; then
// its chains are written out (tracewrite.go) and queued for the goroutine that calls ReadTrace.

import (
	"internal/trace/tracev2"
	"unsafe"
)

// tracer: on, tables and gen change while the world is stopped, the rest under lock.
var tracer struct {
	lock     mutex
	on       bool
	gen      uint64
	tables   *traceTables
	queue    [][]byte // for ReadTrace
	sema     uint32   // counts what is queued, and the end
	advances mutex    // one generation ends at a time
	waiting  bool     // the reader has taken all there was
	ended    bool     // and nothing more will come
}

const (
	traceHeader = "go 1.26 trace\x00\x00\x00"
	// A generation ends after this time, or when so much was recorded, which is looked at now and then.
	traceGenerationTime = 1e9
	traceGenerationSize = 16 << 20
	traceLookTime       = 50e6
)

// StartTrace enables tracing for the current process.
// While tracing, the data will be buffered and available via [ReadTrace].
// StartTrace returns an error if tracing is already enabled.
func StartTrace() error {
	lock(&tracer.lock)
	if tracer.on || len(tracer.queue) > 0 {
		unlock(&tracer.lock)
		return errorString("tracing is already enabled")
	}
	stopTheWorld()
	tracer.on, tracer.waiting, tracer.ended, tracer.gen = true, false, false, 1
	beginTraceGeneration()
	startTheWorld()
	unlock(&tracer.lock)
	queueTrace([][]byte{[]byte(traceHeader)})
	startSystem(advanceTraces)
	return nil
}

// beginTraceGeneration: the world is stopped. It gives what the last one has recorded.
func beginTraceGeneration() unsafe.Pointer {
	tracer.tables = newTraceTables()
	chains := ktraceswap(true)
	ktraceevent(uint32(tracev2.EvProcsChange), uint64(kgomaxprocs()), 0, 0)
	return chains
}

// advanceTraces ends generations that have become old or large.
func advanceTraces() {
	for start := nanotime(); tracer.on; {
		ktimeSleep(traceLookTime)
		if tracer.on && (nanotime()-start > traceGenerationTime || ktracebytes() > traceGenerationSize) {
			traceAdvance(false)
			start = nanotime()
		}
	}
}

// StopTrace stops tracing, if it was previously enabled.
// StopTrace only returns after all the reads for the trace have completed.
func StopTrace() { traceAdvance(true) }

// ReadTrace returns the next chunk of binary tracing data, blocking until data
// is available. If tracing is turned off and all the data accumulated while it
// was on has been returned, ReadTrace returns nil.
func ReadTrace() []byte {
	for {
		lock(&tracer.lock)
		if len(tracer.queue) > 0 {
			tracer.waiting = false
			chunk := tracer.queue[0]
			tracer.queue = tracer.queue[1:]
			unlock(&tracer.lock)
			return chunk
		}
		if !tracer.on {
			tracer.ended = true
			unlock(&tracer.lock)
			return nil
		}
		tracer.waiting = true
		unlock(&tracer.lock)
		ksemacquire1(unsafe.Pointer(&tracer.sema), false, waitReasonTraceReader)
	}
}

//go:linkname trace_readTrace runtime/trace.runtime_readTrace
func trace_readTrace() []byte { return ReadTrace() }

func queueTrace(chunks [][]byte) {
	lock(&tracer.lock)
	tracer.waiting = false
	tracer.queue = append(tracer.queue, chunks...)
	unlock(&tracer.lock)
	ksemrelease1(unsafe.Pointer(&tracer.sema), false)
}

// traceAdvance ends the generation, begins the next one or stops, and waits until the reader has taken all of it.
//
//go:linkname traceAdvance
func traceAdvance(stopTrace bool) {
	lock(&tracer.advances)
	if !tracer.on {
		unlock(&tracer.advances)
		return
	}
	stopTheWorld()
	tables, gen := tracer.tables, tracer.gen
	var chains unsafe.Pointer
	if stopTrace {
		chains = ktraceswap(false)
		tracer.tables = nil
	} else {
		tracer.gen++
		chains = beginTraceGeneration()
	}
	startTheWorld()
	queueTrace(writeTrace(gen, chains, tables))
	ktracefree(chains)
	if stopTrace {
		lock(&tracer.lock)
		tracer.on = false
		unlock(&tracer.lock)
		ksemrelease1(unsafe.Pointer(&tracer.sema), false)
		for !tracer.ended {
			Gosched()
		}
	} else {
		for !traceTaken() {
			Gosched()
		}
	}
	unlock(&tracer.advances)
}

// traceTaken says whether the reader has had what is there and come back for more.
func traceTaken() bool {
	lock(&tracer.lock)
	taken := tracer.waiting && len(tracer.queue) == 0
	unlock(&tracer.lock)
	return taken
}

//go:linkname traceClockNow
func traceClockNow() uint64 { return uint64(nanotime()) }

//go:linkname trace_clockUnits runtime/trace.runtime_traceClockUnitsPerSecond
func trace_clockUnits() uint64 { return 1e9 }

// annotate records an annotation of the current goroutine: two arguments, and the ids of two strings beside the stack. Between the look at the
// tables and the event the world does not stop: the ids belong to the generation.
func annotate(kind tracev2.EventType, id, parent uint64, first, second string) {
	if !tracer.on {
		return
	}
	var buf [32]uintptr
	pcs := buf[:callers(2, buf[:])]
	kprocpin()
	if t := tracer.tables; t != nil {
		for !t.tryLock() {
		}
		a, b, stack := t.text(first), t.text(second), t.stack(pcs)
		t.unlock()
		ktraceevent(uint32(kind), id, parent, a<<42|b<<21|stack)
	}
	kprocunpin()
}

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
func trace_userTaskCreate(id, parentID uint64, taskType string) {
	annotate(tracev2.EvUserTaskBegin, id, parentID, taskType, "")
}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
func trace_userTaskEnd(id uint64) { annotate(tracev2.EvUserTaskEnd, id, 0, "", "") }

//go:linkname trace_userRegion runtime/trace.userRegion
func trace_userRegion(id, mode uint64, name string) {
	kind := tracev2.EvUserRegionBegin
	if mode == 1 {
		kind = tracev2.EvUserRegionEnd
	}
	annotate(kind, id, 0, name, "")
}

//go:linkname trace_userLog runtime/trace.userLog
func trace_userLog(id uint64, category, message string) {
	annotate(tracev2.EvUserLog, id, 0, category, message)
}

package runtime

// Execution traces in the format of internal/trace/tracev2. What is recorded are the annotations (tasks, regions, logs) with
// their stacks, and which goroutine ran when it made one: the processor changes hands in the trace where two annotations
// follow one another that different goroutines made. The kernel's own switches are not recorded.
//
// The events of a generation are collected in memory, with the tables of strings and stacks that they refer to. At its end they
// are cut into batches and queued for the goroutine that calls ReadTrace. There is one thread (0) and one processor (0).

import (
	"internal/trace/tracev2"
	"unsafe"
)

var tracer struct {
	on     bool
	gen    uint64
	queue  [][]byte       // for ReadTrace
	reader unsafe.Pointer // goroutine that waits in ReadTrace
	ended  bool           // nothing follows what is in queue
	*traceGeneration
}

// traceGeneration is what is collected before it is written out.
type traceGeneration struct {
	batches  [][]byte // complete batches of events
	events   []byte   // those of the current batch
	start    uint64   // time of the current batch
	last     uint64   // time of the last event
	running  int64    // goroutine that runs according to the trace
	seqs     map[int64]uint64
	strings  map[string]uint64
	texts    []byte
	stacks   map[uintptr][]traceStack
	frames   []byte
	nstacks  uint64
	overfull bool
}

type traceStack struct {
	id  uint64
	pcs []uintptr
}

const (
	traceHeader   = "go 1.26 trace\x00\x00\x00"
	traceNoThread = ^uint64(0)
	// A batch ends early enough for one more event, a generation when it has grown large.
	traceBatchSize      = tracev2.MaxBatchSize - 4096
	traceGenerationSize = 1 << 20
)

// StartTrace enables tracing for the current process.
// While tracing, the data will be buffered and available via [ReadTrace].
// StartTrace returns an error if tracing is already enabled.
func StartTrace() error {
	if tracer.on || len(tracer.queue) > 0 {
		return errorString("tracing is already enabled")
	}
	tracer.on, tracer.ended, tracer.gen = true, false, 1
	queueTrace([]byte(traceHeader))
	newGeneration()
	return nil
}

// StopTrace stops tracing, if it was previously enabled.
// StopTrace only returns after all the reads for the trace have completed.
func StopTrace() {
	if tracer.on {
		traceAdvance(true)
	}
}

// ReadTrace returns the next chunk of binary tracing data, blocking until data
// is available. If tracing is turned off and all the data accumulated while it
// was on has been returned, ReadTrace returns nil.
func ReadTrace() []byte {
	for len(tracer.queue) == 0 {
		if !tracer.on {
			tracer.ended = true
			return nil
		}
		tracer.reader = kgetg()
		kgopark(waitReasonTraceReader)
	}
	chunk := tracer.queue[0]
	tracer.queue = tracer.queue[1:]
	return chunk
}

//go:linkname trace_readTrace runtime/trace.runtime_readTrace
func trace_readTrace() []byte { return ReadTrace() }

func queueTrace(chunk []byte) {
	tracer.queue = append(tracer.queue, chunk)
	wakeTraceReader()
}

func wakeTraceReader() {
	if gp := tracer.reader; gp != nil {
		tracer.reader = nil
		kgoready(gp)
	}
}

// traceAdvance ends the generation, begins the next one or stops, and waits until the reader has taken all of it.
//
//go:linkname traceAdvance
func traceAdvance(stopTrace bool) {
	if !tracer.on {
		return
	}
	endGeneration()
	if stopTrace {
		tracer.on = false
		wakeTraceReader()
		for !tracer.ended {
			Gosched()
		}
		return
	}
	newGeneration()
	for len(tracer.queue) > 0 || tracer.reader == nil {
		if !tracer.on {
			return
		}
		Gosched()
	}
}

//go:linkname traceClockNow
func traceClockNow() uint64 { return uint64(nanotime()) }

//go:linkname trace_clockUnits runtime/trace.runtime_traceClockUnitsPerSecond
func trace_clockUnits() uint64 { return 1e9 }

func newGeneration() {
	g := &traceGeneration{running: -1, seqs: map[int64]uint64{}, strings: map[string]uint64{}, stacks: map[uintptr][]traceStack{}}
	tracer.traceGeneration = g
	g.startBatch()
	g.event(tracev2.EvProcStatus, 0, uint64(tracev2.ProcRunning))
	g.setRunning()
	g.event(tracev2.EvProcsChange, uint64(GOMAXPROCS(0)), 0)
}

func endGeneration() {
	g := tracer.traceGeneration
	g.endBatch()
	for _, b := range g.batches {
		queueTrace(b)
	}
	now := traceClockNow()
	ns := kwalltime()
	sync := []byte{byte(tracev2.EvSync), byte(tracev2.EvFrequency)}
	sync = appendUvarints(sync, trace_clockUnits())
	sync = appendUvarints(append(sync, byte(tracev2.EvClockSnapshot)), 0, now, uint64(ns/1e9), uint64(ns%1e9))
	queueTrace(traceBatch(traceNoThread, now, sync))
	queueTables(byte(tracev2.EvStacks), now, g.frames)
	queueTables(byte(tracev2.EvStrings), now, g.texts)
	queueTrace([]byte{byte(tracev2.EvEndOfGeneration)})
	tracer.gen++
}

// queueTables writes a table in batches. Each entry begins with its length in two bytes, which are not written.
func queueTables(kind byte, now uint64, table []byte) {
	data := []byte{kind}
	for len(table) > 0 {
		n := int(table[0]) | int(table[1])<<8
		if len(data)+n > traceBatchSize {
			queueTrace(traceBatch(traceNoThread, now, data))
			data = []byte{kind}
		}
		data = append(data, table[2:2+n]...)
		table = table[2+n:]
	}
	queueTrace(traceBatch(traceNoThread, now, data))
}

func appendEntry(table, entry []byte) []byte {
	return append(append(table, byte(len(entry)), byte(len(entry)>>8)), entry...)
}

func traceBatch(m, time uint64, data []byte) []byte {
	b := appendUvarints([]byte{byte(tracev2.EvEventBatch)}, tracer.gen, m, time, uint64(len(data)))
	return append(b, data...)
}

func appendUvarints(b []byte, list ...uint64) []byte {
	for _, v := range list {
		for v >= 0x80 {
			b = append(b, byte(v)|0x80)
			v >>= 7
		}
		b = append(b, byte(v))
	}
	return b
}

func (g *traceGeneration) startBatch() {
	g.start = traceClockNow()
	g.last = g.start
	g.events = nil
}

func (g *traceGeneration) endBatch() {
	if len(g.events) > 0 {
		g.batches = append(g.batches, traceBatch(0, g.start, g.events))
	}
}

// event records an event of thread 0 that happens now.
func (g *traceGeneration) event(kind tracev2.EventType, args ...uint64) {
	if len(g.events) > traceBatchSize {
		g.endBatch()
		g.startBatch()
		g.overfull = len(g.batches)*traceBatchSize > traceGenerationSize
	}
	now := traceClockNow()
	g.events = appendUvarints(append(g.events, byte(kind)), now-g.last)
	g.events = appendUvarints(g.events, args...)
	g.last = now
}

// setRunning makes the current goroutine the one that runs.
func (g *traceGeneration) setRunning() {
	id := int64(getkg().goid)
	if id == g.running {
		return
	}
	if g.running < 0 {
		g.event(tracev2.EvGoStatus, uint64(id), 0, uint64(tracev2.GoRunning))
		g.seqs[id] = 0
	} else {
		g.event(tracev2.EvGoStop, g.text("other"), 0)
		if _, known := g.seqs[id]; !known {
			g.event(tracev2.EvGoStatus, uint64(id), traceNoThread, uint64(tracev2.GoRunnable))
		}
		g.seqs[id]++
		g.event(tracev2.EvGoStart, uint64(id), g.seqs[id])
	}
	g.running = id
}

// text gives the id of a string in the generation's table.
func (g *traceGeneration) text(s string) uint64 {
	if s == "" {
		return 0
	}
	if len(s) > tracev2.MaxEventTrailerDataSize {
		s = s[:tracev2.MaxEventTrailerDataSize]
	}
	id := g.strings[s]
	if id == 0 {
		id = uint64(len(g.strings) + 1)
		g.strings[s] = id
		entry := appendUvarints([]byte{byte(tracev2.EvString)}, id, uint64(len(s)))
		g.texts = appendEntry(g.texts, append(entry, s...))
	}
	return id
}

// stack gives the id of the current stack, without this package's skip innermost frames.
func (g *traceGeneration) stack(skip int) uint64 {
	var buf [32]uintptr
	pcs := buf[:callers(skip, buf[:])]
	h := stackHash(pcs)
	for _, s := range g.stacks[h] {
		if sameStack(s.pcs, pcs) {
			return s.id
		}
	}
	g.nstacks++
	g.stacks[h] = append(g.stacks[h], traceStack{g.nstacks, append([]uintptr(nil), pcs...)})
	entry := appendUvarints([]byte{byte(tracev2.EvStack)}, g.nstacks, uint64(len(pcs)))
	for _, pc := range pcs {
		f := FuncForPC(pc)
		file, line := f.FileLine(pc)
		entry = appendUvarints(entry, uint64(pc), g.text(f.Name()), g.text(file), uint64(line))
	}
	g.frames = appendEntry(g.frames, entry)
	return g.nstacks
}

// annotate records an annotation of the current goroutine: what it takes before the stack.
func annotate(kind tracev2.EventType, args func(g *traceGeneration) []uint64) {
	if !tracer.on {
		return
	}
	g := tracer.traceGeneration
	g.setRunning()
	g.event(kind, append(args(g), g.stack(3))...)
	if g.overfull {
		endGeneration()
		newGeneration()
	}
}

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
func trace_userTaskCreate(id, parentID uint64, taskType string) {
	annotate(tracev2.EvUserTaskBegin, func(g *traceGeneration) []uint64 { return []uint64{id, parentID, g.text(taskType)} })
}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
func trace_userTaskEnd(id uint64) {
	annotate(tracev2.EvUserTaskEnd, func(*traceGeneration) []uint64 { return []uint64{id} })
}

//go:linkname trace_userRegion runtime/trace.userRegion
func trace_userRegion(id, mode uint64, name string) {
	kind := tracev2.EvUserRegionBegin
	if mode == 1 {
		kind = tracev2.EvUserRegionEnd
	}
	annotate(kind, func(g *traceGeneration) []uint64 { return []uint64{id, g.text(name)} })
}

//go:linkname trace_userLog runtime/trace.userLog
func trace_userLog(id uint64, category, message string) {
	annotate(tracev2.EvUserLog, func(g *traceGeneration) []uint64 { return []uint64{id, g.text(category), g.text(message)} })
}

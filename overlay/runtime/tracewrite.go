package runtime

// Writing a generation of a trace: the kernel's records become batches of events, beside the tables of strings and stacks that they refer to.

import (
	"internal/runtime/atomic"
	"internal/trace/tracev2"
	"unsafe"
)

const (
	traceNoThread = ^uint64(0)
	// A batch ends early enough for one more event.
	traceBatchSize = tracev2.MaxBatchSize - 4096
	// Kind of the kernel's record of a stack, which belongs to the event after it.
	traceStackRecord = 255
	// Ids of strings and stacks are below 1<<traceIDBits: an annotation has three in a word.
	traceIDBits = 21
)

// traceTables are the strings and stacks of a generation. Annotations are added under busy, with preemption disabled.
type traceTables struct {
	busy    uint32
	strings map[string]uint64
	texts   []byte
	stacks  map[uintptr][]traceStack
	frames  []byte
	nstacks uint64
}

type traceStack struct {
	id  uint64
	pcs []uintptr
}

func newTraceTables() *traceTables {
	return &traceTables{strings: map[string]uint64{}, stacks: map[uintptr][]traceStack{}}
}

func (t *traceTables) tryLock() bool { return atomic.Cas(&t.busy, 0, 1) }
func (t *traceTables) unlock()       { atomic.Store(&t.busy, 0) }

// text gives the id of a string, 0 for the empty one and when there are too many.
func (t *traceTables) text(s string) uint64 {
	if s == "" {
		return 0
	}
	if len(s) > tracev2.MaxEventTrailerDataSize {
		s = s[:tracev2.MaxEventTrailerDataSize]
	}
	id := t.strings[s]
	if id == 0 && len(t.strings)+1 < 1<<traceIDBits {
		id = uint64(len(t.strings) + 1)
		t.strings[s] = id
		entry := appendUvarints([]byte{byte(tracev2.EvString)}, id, uint64(len(s)))
		t.texts = appendEntry(t.texts, append(entry, s...))
	}
	return id
}

// stack gives the id of a stack.
func (t *traceTables) stack(pcs []uintptr) uint64 {
	if len(pcs) == 0 {
		return 0
	}
	h := stackHash(pcs)
	for _, s := range t.stacks[h] {
		if sameStack(s.pcs, pcs) {
			return s.id
		}
	}
	if t.nstacks+1 == 1<<traceIDBits {
		return 0
	}
	t.nstacks++
	t.stacks[h] = append(t.stacks[h], traceStack{t.nstacks, append([]uintptr(nil), pcs...)})
	entry := appendUvarints([]byte{byte(tracev2.EvStack)}, t.nstacks, uint64(len(pcs)))
	for _, pc := range pcs {
		f := FuncForPC(pc)
		file, line := f.FileLine(pc)
		entry = appendUvarints(entry, uint64(pc), t.text(f.Name()), t.text(file), uint64(line))
	}
	t.frames = appendEntry(t.frames, entry)
	return t.nstacks
}

// The kernel's blocks and records (kernel/trace.ts).
type traceBlock struct {
	next, used, m, chain uint32
}

type traceRecord struct {
	time    uint64
	kind, n uint32
	a, b, c uint64
}

// traceWriter makes the chunks of a generation.
type traceWriter struct {
	gen    uint64
	tables *traceTables
	chunks [][]byte
	// The batch being written: its M, the time of its first event, and of the last.
	m, start, last uint64
	events         []byte
	// Id of the stack of the next event.
	stack uint64
}

// writeTrace writes what the kernel recorded in a generation.
func writeTrace(gen uint64, chains unsafe.Pointer, tables *traceTables) [][]byte {
	w := &traceWriter{gen: gen, tables: tables}
	for chain := traceBlockAt(uint32(uintptr(chains))); chain != nil; {
		next := chain.chain
		w.m = uint64(chain.m)
		for b := chain; b != nil; b = traceBlockAt(b.next) {
			w.block(b)
		}
		w.endBatch()
		chain = traceBlockAt(next)
	}
	now, ns := traceClockNow(), kwalltime()
	sync := []byte{byte(tracev2.EvSync), byte(tracev2.EvFrequency)}
	sync = appendUvarints(sync, trace_clockUnits())
	sync = appendUvarints(append(sync, byte(tracev2.EvClockSnapshot)), 0, now, uint64(ns/1e9), uint64(ns%1e9))
	w.batch(traceNoThread, now, sync)
	w.table(byte(tracev2.EvStacks), now, tables.frames)
	w.table(byte(tracev2.EvStrings), now, tables.texts)
	return append(w.chunks, []byte{byte(tracev2.EvEndOfGeneration)})
}

// traceBlockAt: blocks are the kernel's memory.
func traceBlockAt(at uint32) *traceBlock {
	a := uintptr(at)
	return *(**traceBlock)(unsafe.Pointer(&a))
}

func (w *traceWriter) block(b *traceBlock) {
	for at := unsafe.Sizeof(*b); at < uintptr(b.used); {
		r := (*traceRecord)(unsafe.Add(unsafe.Pointer(b), at))
		if r.kind == traceStackRecord {
			raw := unsafe.Slice((*uintptr)(unsafe.Pointer(&r.a)), r.n)
			var pcs [64]uintptr
			n, _ := expand(raw, true, 0, pcs[:], nil)
			w.stack = w.tables.stack(pcs[:n])
			at += unsafe.Offsetof(r.a) + 8*uintptr(r.n)
			continue
		}
		w.record(r)
		w.stack = 0
		at += unsafe.Sizeof(*r)
	}
}

// traceReasons: what a trace calls the reasons of waits, where that is not their text.
var traceReasons = [len(waitTexts)]string{
	2: "network", 3: "forever", 4: "forever", 10: "forever", 16: "system goroutine wait", 19: "sync", 21: "sync", 22: "sync", 23: "sync", 24: "sync", 25: "sync",
	26: "system goroutine wait", 38: "coroutine", 40: "synctest", 41: "synctest", 45: "sync", 46: "system goroutine wait",
}

func (w *traceWriter) reason(wait uint64) uint64 {
	text := traceReasons[wait]
	if text == "" {
		text = waitTexts[wait]
	}
	return w.tables.text(text)
}

func (w *traceWriter) record(r *traceRecord) {
	const ids = 1<<traceIDBits - 1
	stack, second, first := r.c&ids, r.c>>traceIDBits&ids, r.c>>(2*traceIDBits)
	switch kind := tracev2.EventType(r.kind); kind {
	case tracev2.EvProcStop, tracev2.EvGoDestroy, tracev2.EvGoSyscallEnd, tracev2.EvGoSyscallEndBlocked:
		w.event(r)
	case tracev2.EvProcStart, tracev2.EvProcStatus, tracev2.EvGoStart, tracev2.EvGoSwitch, tracev2.EvGoSwitchDestroy:
		w.event(r, r.a, r.b)
	case tracev2.EvProcSteal, tracev2.EvGoStatus:
		w.event(r, r.a, r.b, r.c)
	case tracev2.EvProcsChange, tracev2.EvGoSyscallBegin:
		w.event(r, r.a, w.stack)
	case tracev2.EvGoUnblock:
		w.event(r, r.a, r.b, w.stack)
	case tracev2.EvGoCreate, tracev2.EvGoCreateBlocked:
		w.event(r, r.a, w.tables.stack([]uintptr{uintptr(r.b)}), w.stack)
	case tracev2.EvGoStop:
		text := "runtime.Gosched"
		if r.a != 0 {
			text = "preempted"
		}
		w.event(r, w.tables.text(text), w.stack)
	case tracev2.EvGoBlock:
		w.event(r, w.reason(r.a), w.stack)
	case tracev2.EvUserTaskBegin:
		w.event(r, r.a, r.b, first, stack)
	case tracev2.EvUserTaskEnd:
		w.event(r, r.a, stack)
	case tracev2.EvUserRegionBegin, tracev2.EvUserRegionEnd:
		w.event(r, r.a, first, stack)
	case tracev2.EvUserLog:
		w.event(r, r.a, first, second, stack)
	default:
		throw("runtime: unknown record of a trace")
	}
}

// event adds an event to the batch.
func (w *traceWriter) event(r *traceRecord, args ...uint64) {
	if len(w.events) > traceBatchSize {
		w.endBatch()
	}
	if len(w.events) == 0 {
		w.start, w.last = r.time, r.time
	}
	w.events = appendUvarints(append(w.events, byte(r.kind)), r.time-w.last)
	w.events = appendUvarints(w.events, args...)
	w.last = r.time
}

func (w *traceWriter) endBatch() {
	if len(w.events) > 0 {
		w.batch(w.m, w.start, w.events)
		w.events = w.events[:0]
	}
}

func (w *traceWriter) batch(m, time uint64, data []byte) {
	b := appendUvarints([]byte{byte(tracev2.EvEventBatch)}, w.gen, m, time, uint64(len(data)))
	w.chunks = append(w.chunks, append(b, data...))
}

// table writes a table in batches. Each entry begins with its length in two bytes, which are not written.
func (w *traceWriter) table(kind byte, now uint64, table []byte) {
	data := []byte{kind}
	for len(table) > 0 {
		n := int(table[0]) | int(table[1])<<8
		if len(data)+n > traceBatchSize {
			w.batch(traceNoThread, now, data)
			data = []byte{kind}
		}
		data = append(data, table[2:2+n]...)
		table = table[2+n:]
	}
	w.batch(traceNoThread, now, data)
}

func appendEntry(table, entry []byte) []byte {
	return append(append(table, byte(len(entry)), byte(len(entry)>>8)), entry...)
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

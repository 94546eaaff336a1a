// The collector's cycle and pacing. A collection is asked for when heapLive reaches the trigger (a word in memory makes the next
// poll suspend) and runs in the scheduler loop, when every goroutine is suspended: mark, then sweep on demand. GOGC and the memory limit set
// the trigger. The last pauses and all counters are kept for MemStats.

import { addHeapLive, beginSweep, LIST_LARGE, setTrigger } from './central';
import { chunkCacheFlush, dropSpare, stackBytes } from './stack';
import { heapLock, kalloc, spanOf } from './pageheap';
import { allp } from './p';
import { lock, unlock } from './lock';
import { flushMcache, mcacheUnused, MCACHE_SIZE } from './malloc';
import { G, MSpan, SPAN_HEAP } from './structs';
import { markAll, markedBytes, markedObjects, rootBytes, scannedRoots } from './mark';
import { nanotime, walltime } from './clock';
import {
  host_gctrace, PAGE_SHIFT, STATUS_DEAD, STATUS_WAITING, STAT_ALLOC, STAT_FREES, STAT_GC_PERCENT, STAT_HEAP_ALLOC, STAT_HEAP_IDLE, STAT_HEAP_INUSE, STAT_HEAP_OBJECTS,
  STAT_HEAP_SYS, STAT_LAST_GC, STAT_MALLOCS, STAT_MAX_HEAP, STAT_NEXT_GC, STAT_NUM_FORCED_GC, STAT_NUM_GC, STAT_OTHER_SYS, STAT_PAUSE_TOTAL_NS, STAT_SIZE,
  STAT_STACK_INUSE, STAT_STACK_SYS, STAT_SYS, STAT_TOTAL_ALLOC, STAT_TINY_ALLOCS, STAT_HEAP_MARKED, STAT_GLOBALS_SCAN, STAT_STACK_SCAN, STAT_GOROUTINES_CREATED,
  STAT_MCACHE_INUSE, STAT_MCACHE_SYS, STAT_MEMORY_LIMIT, STAT_FINALIZERS_QUEUED, STAT_CLEANUPS_QUEUED, NUM_CLASSES,
} from './layout.gen';
import { sweepAll, sweepKind } from './sweep';
import { fatalKernel } from './die';
import { heapverify, poisonFree } from './verify';
import { heap, sched } from './shared';

const MIN_HEAP: i64 = 4 << 20;
const NO_LIMIT: i64 = 0x7fffffffffffffff;

export function initGC(stressed: bool, traced: bool): void {
  heap.tracing = <u32>traced;
  if (traced) heap.startTime = nanotime();
  heap.stress = <u32>stressed;
  heap.gcPercent = 100;
  heap.memoryLimit = NO_LIMIT;
  heap.pauses = kalloc(256 * 16);
  pace();
}

/** Computes the trigger from what lived at the last mark. */
function pace(): void {
  let goal: i64 = NO_LIMIT;
  if (heap.gcPercent >= 0) {
    goal = heap.lastMarked + (heap.lastMarked + heap.lastRoots) * heap.gcPercent / 100;
    const min = MIN_HEAP * heap.gcPercent / 100;
    if (goal < min) goal = min;
  }
  if (heap.memoryLimit != NO_LIMIT) {
    const other = <i64>heap.manualPages << PAGE_SHIFT;
    let limited = heap.memoryLimit - other;
    // However low the limit, some allocation goes between two collections.
    const floor = heap.lastMarked + heap.lastMarked / 16 + 65536;
    if (limited < floor) limited = floor;
    if (goal > limited) goal = limited;
  }
  setTrigger(heap.stress ? 0 : goal);
}

/** A full mark, the world being stopped. With `all`, everything is swept too. */
export function collect(all: bool): void {
  const start = nanotime();
  sched.gcwanted = 0;
  sweepAll();
  for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) flushMcache(allp(i));
  for (let i: u32 = 0; i < sched.nallgs; i++) {
    const gp = changetype<G>(load<u32>(sched.allgs + (i << 2)));
    if (gp.status == STATUS_DEAD) continue;
    dropSpare(gp);
    // Tracebacks tell how long a goroutine waits, from the first collection that finds it so.
    if (gp.status == STATUS_WAITING && gp.waitsince == 0) gp.waitsince = start;
  }
  for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) chunkCacheFlush(allp(i).stackcache, 1);
  const before = heap.live, goal = heap.trigger;
  if (heap.live > heap.maxLive) heap.maxLive = heap.live;
  markAll();
  heap.lastMarked = markedBytes;
  heap.lastRoots = scannedRoots;
  beginSweep(markedObjects, markedBytes);
  sweepKind(LIST_LARGE);
  pace();
  if (all) heap.numForced++;
  if (all || heap.stress) sweepAll();
  if (heap.stress) { poisonFree(); const bad = heapverify(); if (bad) fatalKernel(200 + bad); }
  const end = nanotime(), at = heap.pauses + ((heap.numGC & 255) << 4);
  heap.lastGC = walltime();
  store<i64>(at, end - start);
  store<i64>(at, heap.lastGC, 8);
  heap.pauseTotal += end - start;
  heap.numGC++;
  if (heap.tracing) {
    host_gctrace(heap.numGC, <f64>(start - heap.startTime), <f64>(end - start), <f64>before, <f64>heap.lastMarked, <f64>goal, <f64>stackBytes(), <f64>rootBytes(), all);
  }
}

export function setgcpercent(n: i32): i32 {
  lock(heapLock());
  const old = heap.gcPercent;
  heap.gcPercent = n < 0 ? -1 : n;
  pace();
  unlock(heapLock());
  return old;
}

export function setmemorylimit(n: i64): i64 {
  lock(heapLock());
  const old = heap.memoryLimit;
  if (n >= 0) { heap.memoryLimit = n; pace(); }
  unlock(heapLock());
  return old;
}

export function gcpauses(out: usize, n: i32): i32 {
  let k: i32 = 0;
  for (; k < n && k < 256 && <u32>k < heap.numGC; k++) {
    const at = heap.pauses + (((heap.numGC - 1 - k) & 255) << 4);
    store<i64>(out + (k << 4), load<i64>(at));
    store<i64>(out + (k << 4), load<i64>(at, 8), 8);
  }
  return k;
}

@inline
function put(out: usize, stat: u32, n: u64): void { store<u64>(out + (stat << 3), n); }

/** Writes the counters, exact at this moment. The world is stopped. */
export function memstats(out: usize): void {
  memory.fill(out, 0, STAT_SIZE << 3);
  let unusedBytes: u64 = 0, unusedObjects: u64 = 0, tiny: u64 = 0;
  for (let i: u32 = 0; i < sched.nallp; i++) {
    const pp = allp(i);
    unusedBytes += mcacheUnused(pp, true);
    unusedObjects += mcacheUnused(pp, false);
    tiny += pp.tinyallocs;
  }
  const live = <u64>heap.live - unusedBytes, stacks = stackBytes();
  const mallocs = heap.mallocCount - unusedObjects + tiny, frees = heap.freeCount + tiny;
  const heapSys = <u64>(heap.heapPages + heap.freePages) << PAGE_SHIFT, total = <u64>(heap.arenaTop - heap.arenaStart);
  put(out, STAT_ALLOC, live);
  put(out, STAT_TOTAL_ALLOC, heap.mallocBytes - unusedBytes);
  put(out, STAT_SYS, total);
  put(out, STAT_MALLOCS, mallocs);
  put(out, STAT_FREES, frees);
  put(out, STAT_HEAP_ALLOC, live);
  put(out, STAT_HEAP_SYS, heapSys);
  put(out, STAT_HEAP_IDLE, <u64>heap.freePages << PAGE_SHIFT);
  put(out, STAT_HEAP_INUSE, <u64>heap.heapPages << PAGE_SHIFT);
  put(out, STAT_HEAP_OBJECTS, mallocs - frees);
  put(out, STAT_STACK_INUSE, stacks);
  put(out, STAT_STACK_SYS, stacks);
  const mcaches = <u64>sched.nallp * MCACHE_SIZE;
  put(out, STAT_MCACHE_INUSE, mcaches);
  put(out, STAT_MCACHE_SYS, mcaches);
  put(out, STAT_OTHER_SYS, total - heapSys - stacks - mcaches);
  put(out, STAT_NEXT_GC, heap.trigger == NO_LIMIT ? u64.MAX_VALUE : heap.trigger);
  put(out, STAT_LAST_GC, heap.lastGC);
  put(out, STAT_PAUSE_TOTAL_NS, heap.pauseTotal);
  put(out, STAT_NUM_GC, heap.numGC);
  put(out, STAT_NUM_FORCED_GC, heap.numForced);
  put(out, STAT_GC_PERCENT, <u64><i64>heap.gcPercent);
  put(out, STAT_MAX_HEAP, heap.maxLive);
  put(out, STAT_TINY_ALLOCS, tiny);
  put(out, STAT_HEAP_MARKED, heap.lastMarked);
  put(out, STAT_GLOBALS_SCAN, rootBytes());
  put(out, STAT_STACK_SCAN, <u64>heap.lastRoots - min<u64>(heap.lastRoots, rootBytes()));
  put(out, STAT_GOROUTINES_CREATED, sched.goidgen);
  put(out, STAT_MEMORY_LIMIT, heap.memoryLimit);
  put(out, STAT_FINALIZERS_QUEUED, heap.finalizersQueued);
  put(out, STAT_CLEANUPS_QUEUED, heap.cleanupsQueued);
}

/**
 * Writes, by size class (0: large objects), the objects ever allocated and those that live, u64 each; then the bytes of the spans'
 * records and of their bitmaps and type words. Sweeps first.
 */
export function sizestats(out: usize): void {
  sweepAll();
  for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) flushMcache(allp(i));
  memory.copy(out, heap.classMallocs, NUM_CLASSES << 3);
  const live = out + (NUM_CLASSES << 3);
  let records: u64 = 0, meta: u64 = 0;
  memory.fill(live, 0, NUM_CLASSES << 3);
  for (let at = heap.arenaStart; at < heap.arenaTop;) {
    const s = changetype<MSpan>(spanOf(at));
    if (!changetype<usize>(s)) { at += 1 << PAGE_SHIFT; continue; }
    if (s.state == SPAN_HEAP) {
      const n = live + ((<u32>s.spanclass >> 1) << 3);
      store<u64>(n, load<u64>(n) + s.allocated);
      meta += s.metaSize;
    }
    records += offsetof<MSpan>();
    at += s.npages << PAGE_SHIFT;
  }
  store<u64>(out + (NUM_CLASSES << 4), records);
  store<u64>(out + (NUM_CLASSES << 4), meta, 8);
}

// The collector's cycle and pacing. A collection is asked for when heapLive reaches the trigger (a word in memory makes the next
// poll suspend) and runs in the scheduler loop, when every goroutine is suspended: mark, then sweep on demand. GOGC and the memory limit set
// the trigger. The last pauses and all counters are kept for MemStats.

import {
  addHeapLive, beginSweep, freeBytes, freeCount, heapLive, LIST_LARGE, mallocBytes, mallocCount, setTrigger, trigger,
} from './central';
import { drainStacks, dropSpare, stackBytes } from './stack';
import { arenaStart, arenaTop, freePages, heapPages, kalloc, kernelBytes, manualPages } from './pageheap';
import { flushMcache, mcacheUnusedBytes, mcacheUnusedObjects } from './malloc';
import { G, P } from './structs';
import { markAll, markedBytes, markedObjects, rootBytes, scannedRoots } from './mark';
import { nanotime, walltime } from './clock';
import { p, sched } from './state';
import { queueHead } from './special';
import {
  host_gctrace, PAGE_SHIFT, STATUS_DEAD, STATUS_WAITING, STAT_ALLOC, STAT_FREES, STAT_GC_PERCENT, STAT_HEAP_ALLOC, STAT_HEAP_IDLE, STAT_HEAP_INUSE, STAT_HEAP_OBJECTS,
  STAT_HEAP_SYS, STAT_LAST_GC, STAT_MALLOCS, STAT_MAX_HEAP, STAT_NEXT_GC, STAT_NUM_FORCED_GC, STAT_NUM_GC, STAT_OTHER_SYS, STAT_PAUSE_TOTAL_NS, STAT_SIZE,
  STAT_STACK_INUSE, STAT_STACK_SYS, STAT_SYS, STAT_TOTAL_ALLOC,
} from './layout.gen';
import { sweepAll, sweepKind } from './sweep';
import { fatalKernel } from './die';
import { heapverify, poisonFree } from './verify';

const MIN_HEAP: i64 = 4 << 20;
const NO_LIMIT: i64 = 0x7fffffffffffffff;
let gcPercent: i32 = 100;
let memoryLimit: i64 = 0;
let numGC: u32 = 0;
let numForced: u32 = 0;
let pauseTotal: i64 = 0;
let lastGC: i64 = 0;
let maxHeap: i64 = 0;
let lastMarked: i64 = 0;
let lastRoots: i64 = 0;
/** Debugging: collect at every chance, overwrite what was freed. */
let stress: bool = false;
/** GODEBUG=gctrace=1. */
let tracing: bool = false;
let startTime: i64 = 0;
/** Ring of 256 pauses: {ns, end}. */
let pauses: usize = 0;

export function initGC(stressed: bool, traced: bool): void {
  tracing = traced;
  if (traced) startTime = nanotime();
  stress = stressed;
  memoryLimit = NO_LIMIT;
  pauses = kalloc(256 * 16);
  pace();
}

/** Computes the trigger from what lived at the last mark. */
function pace(): void {
  let goal: i64 = NO_LIMIT;
  if (gcPercent >= 0) {
    goal = lastMarked + (lastMarked + lastRoots) * gcPercent / 100;
    const min = MIN_HEAP * gcPercent / 100;
    if (goal < min) goal = min;
  }
  if (memoryLimit != NO_LIMIT) {
    const other = <i64>manualPages << PAGE_SHIFT;
    let limited = memoryLimit - other;
    // However low the limit, some allocation goes between two collections.
    const floor = lastMarked + lastMarked / 16 + 65536;
    if (limited < floor) limited = floor;
    if (goal > limited) goal = limited;
  }
  setTrigger(stress ? 0 : goal);
}

/** A full mark, all goroutines being suspended. With `all`, everything is swept too. */
export function collect(all: bool): void {
  const start = nanotime();
  sched.gcwanted = 0;
  sweepAll();
  flushMcache();
  for (let i: u32 = 0; i < sched.nallgs; i++) {
    const gp = changetype<G>(load<u32>(sched.allgs + (i << 2)));
    if (gp.status == STATUS_DEAD) continue;
    dropSpare(gp);
    // Tracebacks tell how long a goroutine waits, from the first collection that finds it so.
    if (gp.status == STATUS_WAITING && gp.waitsince == 0) gp.waitsince = start;
  }
  drainStacks();
  const before = heapLive, goal = trigger;
  if (heapLive > maxHeap) maxHeap = heapLive;
  markAll();
  lastMarked = markedBytes;
  lastRoots = scannedRoots;
  beginSweep(markedObjects, markedBytes);
  sweepKind(LIST_LARGE);
  pace();
  if (all) numForced++;
  if (all || stress) sweepAll();
  if (stress) { poisonFree(); const bad = heapverify(); if (bad) fatalKernel(200 + bad); }
  const end = nanotime(), at = pauses + ((numGC & 255) << 4);
  lastGC = walltime();
  store<i64>(at, end - start);
  store<i64>(at, lastGC, 8);
  pauseTotal += end - start;
  numGC++;
  if (tracing) {
    host_gctrace(numGC, <f64>(start - startTime), <f64>(end - start), <f64>before, <f64>lastMarked, <f64>goal, <f64>stackBytes, <f64>rootBytes(), all);
  }
}

export function setgcpercent(n: i32): i32 {
  const old = gcPercent;
  gcPercent = n < 0 ? -1 : n;
  pace();
  return old;
}

export function setmemorylimit(n: i64): i64 {
  const old = memoryLimit;
  if (n >= 0) { memoryLimit = n; pace(); }
  return old;
}

export function gcpauses(out: usize, n: i32): i32 {
  let k: i32 = 0;
  for (; k < n && k < 256 && <u32>k < numGC; k++) {
    const at = pauses + (((numGC - 1 - k) & 255) << 4);
    store<i64>(out + (k << 4), load<i64>(at));
    store<i64>(out + (k << 4), load<i64>(at, 8), 8);
  }
  return k;
}

@inline
function put(out: usize, stat: u32, n: u64): void { store<u64>(out + (stat << 3), n); }

/** Writes the counters, exact at this moment. */
export function memstats(out: usize): void {
  memory.fill(out, 0, STAT_SIZE << 3);
  const unusedBytes = mcacheUnusedBytes(), tiny = changetype<P>(p).tinyallocs, live = <u64>heapLive - unusedBytes;
  const mallocs = mallocCount - mcacheUnusedObjects() + tiny, frees = freeCount + tiny;
  const heapSys = <u64>(heapPages + freePages) << PAGE_SHIFT, total = <u64>(arenaTop - arenaStart);
  put(out, STAT_ALLOC, live);
  put(out, STAT_TOTAL_ALLOC, mallocBytes - unusedBytes);
  put(out, STAT_SYS, total);
  put(out, STAT_MALLOCS, mallocs);
  put(out, STAT_FREES, frees);
  put(out, STAT_HEAP_ALLOC, live);
  put(out, STAT_HEAP_SYS, heapSys);
  put(out, STAT_HEAP_IDLE, <u64>freePages << PAGE_SHIFT);
  put(out, STAT_HEAP_INUSE, <u64>heapPages << PAGE_SHIFT);
  put(out, STAT_HEAP_OBJECTS, mallocs - frees);
  put(out, STAT_STACK_INUSE, stackBytes);
  put(out, STAT_STACK_SYS, stackBytes);
  put(out, STAT_OTHER_SYS, total - heapSys - stackBytes);
  put(out, STAT_NEXT_GC, trigger == NO_LIMIT ? u64.MAX_VALUE : trigger);
  put(out, STAT_LAST_GC, lastGC);
  put(out, STAT_PAUSE_TOTAL_NS, pauseTotal);
  put(out, STAT_NUM_GC, numGC);
  put(out, STAT_NUM_FORCED_GC, numForced);
  put(out, STAT_GC_PERCENT, <u64><i64>gcPercent);
  put(out, STAT_MAX_HEAP, maxHeap);
}

// What all Ms share, at fixed addresses in the first page, so that an access is one load from a constant address. A wasm global
// belongs to one instance, hence to one M: nothing that another M must see may live there (state.ts has the M's own registers).

import { HEAP, SCHED } from './layout.gen';

/** The scheduler. Fields under `lock` unless said otherwise; those set "at start" are constant afterwards. */
@unmanaged
export class Sched {
  goidgen: i64;
  lock: u32;
  // Global run queue, linked by schedlink. runqsize may be read without the lock, as a hint.
  runqhead: usize;
  runqtail: usize;
  runqsize: u32;
  // All g structures ever made (never freed), a growing array.
  allgs: usize;
  nallgs: u32;
  capallgs: u32;
  // Goroutines alive, system goroutines among them.
  ngoroutines: i32;
  nsystem: i32;
  maing: usize;
  // main called Goexit.
  maingone: u32;
  // System goroutines that wait for work.
  timerg: usize;
  fing: usize;
  // Expiry of the timer that timertake gave last: the timer goroutine's alone.
  lastwhen: i64;
  // Func value of the overlay's handler of fatal conditions; the condition.
  fatalfn: usize;
  // Func value that the goroutine of an event of the host runs.
  eventfn: usize;
  fatalreason: u32;
  fatalg: usize;
  maxstack: u64;
  // A collection was asked for: set by anyone, taken by compare-and-swap.
  gcwanted: u32;
  // The Ps: array of MAX_PROCS addresses, of which nallp are made and the first gomaxprocs in use. Changes while the world is stopped; the array stays where it is.
  gomaxprocs: i32;
  allp: usize;
  nallp: u32;
  // Idle Ps and Ms, linked by `link`; the counts may be read without the lock.
  pidle: usize;
  npidle: u32;
  midle: usize;
  nmidle: u32;
  // Ms that exist; of them those that look for work (atomic).
  nm: u32;
  nmspinning: u32;
  m0: usize;
  // All Ms ever made, the newest first, linked by alllink.
  allm: usize;
  // The idle M that sleeps until the first timer expires, and that time; 0 = nobody.
  timerm: usize;
  timeruntil: i64;
  // Stopping the world (stw.ts): somebody wants it; the goroutine for which it is; Ps that have not stopped yet (a futex).
  gcwaiting: u32;
  stopper: usize;
  stopwait: u32;
  // Goroutines that wait for M0, linked by schedlink; M0 waits for a P (m0.ts).
  m0q: usize;
  m0waits: u32;
  // Goroutines that want the world stopped, linked by schedlink.
  worldq: usize;
  // Blocking calls whose P was taken away (atomic; syscall.ts).
  nsyscall: u32;
  // A trace is recorded: the number of its generation; changes while the world is stopped. How many generations there
  // were. Bytes of it (atomic).
  tracing: u32;
  tracegens: u32;
  tracebytes: u32;
  // A thread is being started; it takes a P when it is there.
  starting: u32;
  // The host can start no more threads.
  nothreads: u32;
  // More than one M exists, or will in a moment: locks and queues are atomic from now on.
  threaded: u32;
  // Dead Gs beyond what the Ps keep.
  gfree: usize;
  ngfree: u32;
  // At start: roots of semaphores (sema.ts), the descriptor of hchan (chan.ts).
  semaroots: usize;
  hchantype: usize;
  // Completions: entries {state u32, waiting g or next free id u32, result i32, 0}; ids start at 1. State: 0 free, 1 pending, 2 answered.
  completions: usize;
  ncompletions: u32;
  capcompletions: u32;
  freecompletion: u32;
  // PollDescs that are not in use (netpoll.ts).
  pollfree: usize;
}

/** The heap: pages, spans, pacing, specials. Under `lock` unless said otherwise. */
@unmanaged
export class Heap {
  lock: u32;
  // At start: table of spans by page, bins of free spans, bit per bin that is not empty, free kernel blocks by size.
  spans: usize;
  bins: usize;
  binBits: usize;
  kbins: usize;
  // Pages handed out of the address space so far lie in arenaStart..arenaTop.
  arenaStart: usize;
  arenaTop: usize;
  memoryEnd: usize;
  // Pages in use by the heap, by the kernel (stacks included), free.
  heapPages: u32;
  manualPages: u32;
  freePages: u32;
  spanFreeList: usize;
  bumpCur: usize;
  bumpEnd: usize;
  // Bytes of kernel blocks handed out.
  kernelBytes: u32;
  // Lists of spans by class and state (central.ts).
  lists: usize;
  // Number of the cycle; a span with an older one is unswept. Changes while the world is stopped.
  sweepgen: u32;
  // Unswept spans are left.
  unswept: u32;
  // What an allocation of no bytes gives.
  zerobase: usize;
  // Bytes live after the last mark, plus what was allocated since (whole spans of the mcaches); the size at which the next collection is asked for.
  live: i64;
  trigger: i64;
  // Objects and bytes ever allocated; objects and bytes ever freed.
  mallocCount: u64;
  mallocBytes: u64;
  freeCount: u64;
  freeBytes: u64;
  // Stack chunks of each size that no P caches: heads of lists of spans (stack.ts).
  stackpool0: usize;
  stackpool1: usize;
  stackpool2: usize;
  stackpool3: usize;
  // Specials that exist: without any, the collector need not look for them. Finalizers and cleanups to run, oldest first.
  specialCount: u32;
  queueHead: usize;
  queueTail: usize;
  cleanupId: u64;
  // The collector's settings and figures (gc.ts).
  gcPercent: i32;
  memoryLimit: i64;
  numGC: u32;
  numForced: u32;
  pauseTotal: i64;
  lastGC: i64;
  maxLive: i64;
  lastMarked: i64;
  lastRoots: i64;
  // Ring of 256 pauses: {ns, end}.
  pauses: usize;
  startTime: i64;
  // u64 a size class (0: large objects): ever allocated, counted as mallocCount is.
  classMallocs: usize;
  // Ever queued.
  finalizersQueued: u64;
  cleanupsQueued: u64;
  // Debugging: collect at every chance, overwrite what was freed. GODEBUG=gctrace=1.
  stress: u32;
  tracing: u32;
}

@inline export const sched: Sched = changetype<Sched>(<usize>SCHED);
@inline export const heap: Heap = changetype<Heap>(<usize>HEAP);

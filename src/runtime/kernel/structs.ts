// The kernel's structures in linear memory, named as in Go: G, M, P, sched, sudog, hchan, mspan. They are
// unmanaged classes: fields at fixed offsets, no constructors. Each field says who may write it, under what,
// so that the scheduler on threads builds on it. "owner M": the M that runs the G or holds the P.

import { G_EXT, G_GOID, G_KERNEL, G_PANIC } from './layout.gen';

/** A goroutine. The first G_KERNEL bytes are shared with compiled code and the overlay (src/abi/layout.ts). */
@unmanaged
export class G {
  // Results of the last suspending kernel call. Written by the owner M, or by the waker of a parked G.
  kres0: u64;
  kres1: u64;
  kres2: u64;
  kres3: u64;
  // Compiled code and overlay, only while the G runs. Pointers of 8 bytes, traced.
  deferTop: u32;
  deferFn: u32;
  panic: usize;
  panicHigh: u32;
  ext: usize;
  extHigh: u32;
  goid: i64;
  // The kernel's own from here (offset 64 = G_KERNEL).
  // Go's _Gxxx. Written by the owner M; by the waker for waiting -> runnable.
  status: u32;
  waitreason: u32;
  // The M that runs it: means something while the status is running or syscall.
  m: usize;
  // Next in a run queue or the list of dead Gs; under that queue's lock or by the P's owner.
  schedlink: usize;
  // Innermost saved frame, 0 when none. Owner M only; others read it while the G is suspended.
  frames: usize;
  // Stack pointer at the last suspension: end of the newest batch. Owner M.
  sp: usize;
  // Newest stack chunk, and an empty one kept against a hot split. Owner M; the collector drops the spare.
  chunk: usize;
  spare: usize;
  stackBytes: u32;
  // Func value that the goroutine starts with (a collector root until it has started), and its code index.
  startfn: usize;
  startcode: u32;
  started: u32;
  // Sudogs it waits on, linked by waitlink; the one that woke it. Under the locks of what it waits for.
  waiting: usize;
  wokenby: usize;
  selectDone: u32;
  // What the scheduler does before it continues the G (HOOK_…). Owner M at suspension.
  hook: u32;
  hookarg: usize;
  // GFLAG_… bits.
  flags: u32;
  // Position in a P's timer heap plus 1, 0 when not sleeping. Under that P's timersLock.
  timerIndex: u32;
  allgsIndex: u32;
  gopc: u64;
  parent: i64;
  waitsince: i64;
  // Synctest bubble it is in, 0 when none (Go memory, traced). Set by the G itself; inherited from the G that starts it.
  bubble: usize;
  // The M that it is locked to, and calls of LockOSThread less those of UnlockOSThread. The G itself (lockedm.ts).
  lockedm: usize;
  lockcount: u32;
  // Events of a trace that others' depend on (trace.ts). Who owns it.
  traceseq: u32;
}

/** M.idle while the M waits for the goroutine that it is locked to: it is in no list. */
export const IDLE_LOCKED: u32 = 2;

export const GFLAG_SYSTEM: u32 = 1;
/** Its stack went over the limit: fatal as soon as it is suspended. */
export const GFLAG_OVERFLOW: u32 = 2;
export const GFLAG_MAIN: u32 = 4;
/** Handles an event of the host: M0 waits for its end. */
export const GFLAG_EVENT: u32 = 8;
/** Its making is in the trace, so that it is runnable need not be. */
export const GFLAG_NEW: u32 = 16;

export const HOOK_NONE: u32 = 0;
export const HOOK_SELECT: u32 = 1;
export const HOOK_SEMACQUIRE: u32 = 2;
export const HOOK_COLLECT: u32 = 3;
export const HOOK_STOP_WORLD: u32 = 4;
export const HOOK_JSCALL: u32 = 5;
export const HOOK_ON_M0: u32 = 6;
/** It starts pinned. */
export const HOOK_PIN: u32 = 7;
export const HOOK_IMPORT: u32 = 8;
/** A blocking call is to be made for it, not on M0. */
export const HOOK_LASTING: u32 = 9;

/** A thread. What is hot of an M are globals of its wasm instance (state.ts); this record is for others to look at. */
@unmanaged
export class M {
  id: u32;
  // Futex it sleeps on: 1 = woken. Set by the waker, cleared by the M.
  note: u32;
  // The P that it wakes with: written before the note is set, by who took the M off the idle list.
  nextp: usize;
  // Owner: the P it holds, whether it looks for work (counted in sched.nmspinning).
  p: usize;
  spinning: u32;
  // Next of the idle list; whether it is in it, or IDLE_LOCKED. Under sched.lock.
  link: usize;
  idle: u32;
  // The goroutine that it is locked to, and the one that it wakes to run (lockedm.ts).
  lockedg: usize;
  nextg: usize;
  // What it records of a trace, first and last block (trace.ts).
  trace: usize;
  tracetail: usize;
  // Where results of resumed calls go.
  area: usize;
  // Next of the list of all Ms; set once, under sched.lock.
  alllink: usize;
}

/** What is needed to run Go code: queues and caches without locks. All fields: the M that holds the P, unless said. */
@unmanaged
export class P {
  // Until `runnext` as abi/heap.ts has it: sysmon reads these words.
  id: u32;
  // PSTATUS_…: by the holder, or under sched.lock when nobody holds it.
  status: u32;
  // Counts time slices.
  schedtick: u32;
  // Its M is asked to come to the scheduler: 0 or PREEMPT_…, set by anyone, cleared by the holder (poll.ts).
  preempt: u32;
  // Counts blocking calls.
  syscalltick: u32;
  m: usize;
  // Ring of 256: any M takes from the head (compare-and-swap), the owner adds at the tail.
  runqhead: u32;
  runqtail: u32;
  // The G that runs next and inherits the time slice. Owner puts; thieves take with compare-and-swap.
  runnext: usize;
  runq: usize;
  // Next of the idle list, under sched.lock.
  link: usize;
  gfree: usize;
  ngfree: u32;
  sudogcache: usize;
  // Heap caches (malloc.ts), and stack chunks by size (stack.ts).
  mcache: usize;
  stackcache: usize;
  tiny: usize;
  tinyoffset: u32;
  tinyallocs: u64;
  // Bytes of stack chunks that its goroutines took less those given back: only the sum over all Ps means something.
  stackBytes: i64;
  // Timers (timer.ts): 4-ary heap of {when i64, what u32, kind u32}. Under timersLock. timer0: time of the first, for those
  // who look without the lock; 0 when there is none.
  timersLock: u32;
  timers: usize;
  ntimers: u32;
  captimers: u32;
  timer0: i64;
  // Events of a trace: counted by the holder; the number of the last taking from a blocking call, and from which M (its number plus 1; trace.ts).
  traceseq: u32;
  stealseq: u32;
  tracegen: u32;
  stolenfrom: u32;
}

export const PREEMPT_ASKED: u32 = 1;
/** By sysmon for the host's turn: the time slice is not over. */
export const PREEMPT_HOST: u32 = 2;

export const PSTATUS_IDLE: u32 = 0;
export const PSTATUS_RUNNING: u32 = 1;
/** Its M, whose number is in the high bits, is in a blocking call of the host (syscall.ts). */
export const PSTATUS_SYSCALL: u32 = 2;
export const PSTATUS_MASK: u32 = 255;
export const PSTATUS_M_SHIFT: u32 = 8;
export const PSTATUS_GCSTOP: u32 = 3;
export const PSTATUS_DEAD: u32 = 4;

export const RUNQ_SIZE: u32 = 256;

/** A wait of one G on one channel or semaphore. Under the lock of the channel or semaphore root. */
@unmanaged
export class Sudog {
  g: usize;
  next: usize;
  prev: usize;
  // Data to send or space to receive; the semaphore's address. A collector root.
  elem: usize;
  c: usize;
  // List of one G (g.waiting), or of waiters on one semaphore address.
  waitlink: usize;
  waittail: usize;
  ticket: u32;
  isSelect: u32;
  success: u32;
  caseIndex: u32;
  // Children in the tree of a semaphore root.
  left: usize;
  right: usize;
}

/** A channel, in the collected heap. Under `lock`; qcount and closed may be read without. */
@unmanaged
export class Hchan {
  qcount: u32;
  dataqsiz: u32;
  // Pointer words, 8 bytes each: traced by the collector.
  buf: usize;
  bufHigh: u32;
  elemsize: u32;
  closed: u32;
  // The overlay's *timer of a timer channel; set once, before the channel is shared.
  timer: usize;
  timerHigh: u32;
  // Id of the synctest bubble it was made in, 0 when none. Set once.
  bubble: u32;
  sendx: u32;
  recvx: u32;
  lock: u32;
  recvqFirst: usize;
  recvqLast: usize;
  sendqFirst: usize;
  sendqLast: usize;
}
export const HCHAN_SIZE: u32 = 64;

/** A case of a select, as in Go: pointers of 8 bytes. */
@unmanaged
export class Scase {
  c: usize;
  cHigh: u32;
  elem: usize;
  elemHigh: u32;
}
export const SCASE_SIZE: u32 = 16;

/** A run of pages. In use by the heap, by the kernel itself ("manual"), or free. Under the heap lock, but for a span in an mcache. */
@unmanaged
export class MSpan {
  next: usize;
  prev: usize;
  base: usize;
  npages: u32;
  state: u8;
  needzero: u8;
  spanclass: u8;
  incache: u8;
  elemsize: u32;
  nelems: u32;
  // ceil(2^32 / elemsize): object index by multiplication.
  divmul: u32;
  // Objects below freeindex are allocated; those above are if their bit in allocBits is set.
  freeindex: u32;
  allocated: u32;
  // u32 per object: type word (malloc.ts); 0 for noscan spans.
  types: usize;
  allocBits: usize;
  markBits: usize;
  bitBytes: u32;
  sweepgen: u32;
  specials: usize;
  // List head it is linked in, 0 when none.
  list: usize;
  metaSize: u32;
}
export const SPAN_DEAD: u8 = 0;
export const SPAN_HEAP: u8 = 1;
export const SPAN_MANUAL: u8 = 2;
export const SPAN_FREE: u8 = 3;

/** Something attached to a heap object: finalizer, cleanup or weak handle. Under the heap lock. */
@unmanaged
export class Special {
  next: usize;
  obj: usize;
  kind: u32;
  // Finalizer: fn, ot, fint. Cleanup: fn. Weak: handle in `a`.
  a: usize;
  b: usize;
  c: usize;
  id: u64;
}
export const SPECIAL_FINALIZER: u32 = 1;
export const SPECIAL_CLEANUP: u32 = 2;
export const SPECIAL_WEAK: u32 = 3;
/** Association with a synctest bubble, whose number is `id`. */
export const SPECIAL_BUBBLE: u32 = 4;

/** The head of the overlay's runtime.synctestBubble, in the collected heap. Counters: under `lock`; the rest: the G that is named. */
@unmanaged
export class Bubble {
  id: u32;
  lock: u32;
  // Goroutines in it, and those of them that are not durably blocked.
  total: i32;
  running: i32;
  // Other reasons not to be idle.
  active: i32;
  // The main goroutine has ended.
  done: u32;
  // Goroutines: the caller of Run (written by it), of Wait (0 when none; written by it), the first one.
  root: usize;
  waiter: usize;
  main: usize;
  pad: u32;
  // The fake clock, and when its first timer expires (0: no timer). Written by whichever of its goroutines runs.
  now: i64;
  next: i64;
}

/** The field offsets agree with src/abi/layout.ts. */
export function structsAgree(): bool {
  return offsetof<G>('status') == G_KERNEL && offsetof<G>('goid') == G_GOID && offsetof<G>('ext') == G_EXT && offsetof<G>('panic') == G_PANIC && offsetof<Hchan>() == HCHAN_SIZE && offsetof<Scase>() == SCASE_SIZE;
}

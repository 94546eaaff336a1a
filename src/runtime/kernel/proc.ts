// The scheduler of one M: goroutines are made, run until their compiled code returns "suspended", and parked, requeued or ended.
// run() is the loop; a goroutine's innermost saved frame is re-entered, and when that returns the next outer one, without going through
// the queues. Whatever lock guards a wait queue is released only after the last frame is saved.

import { addActive, blocked, joinBubble, leaveBubble, unblocked } from './bubble';
import { checkTimers, nextTimer } from './timer';
import { chunkSize, commitBatch, FRAME_LAST, popTo, stackFree, stackInit } from './stack';
import { codeOf, frameFunc, recoverTo, stubOf, walkPcs } from './frames';
import { collect } from './gc';
import { disarm } from './poll';
import { fatalKernel } from './die';
import { finishSelect, releaseSelect } from './select';
import { finishSemacquire } from './sema';
import { Bubble, G, GFLAG_MAIN, GFLAG_OVERFLOW, GFLAG_SYSTEM, HOOK_NONE, HOOK_SELECT, P } from './structs';
import { globrunqget, globrunqput, inheritTime, newSlice, runqget, runqput } from './runq';
import { kalloc, kgrow } from './pageheap';
import { nanotime } from './clock';
import { ready } from './ready';
import { unlock } from './lock';
import {
  addLocks, g, OP_CALLERS, OP_CONTINUE, OP_CORO_EXIT, OP_CORO_SWITCH, OP_EXIT, OP_GC, OP_JSCALL, OP_PARK, OP_PREEMPT, OP_RECOVERY, OP_YIELD_GLOBAL, OP_YIELD_LOCAL,
  op, oparg0, oparg1, oparg2, p, setG, setResumeFp, setSp, setSplimit, suspend,
} from './state';
import {
  FATAL_DEADLOCK, FATAL_NO_GOROUTINES, FATAL_QUIT, FATAL_STACK_OVERFLOW, FRAME_FLAGS, FRAME_OUTER, FRAME_SP, HOST_LISTENS, HOST_PENDING, host_exit, host_jscall, LIMIT_WORD, M0_FUTEX, NATIVE_LIMIT, POLL_WORD, RUNNING, SCHEDTICK,
  STATUS_DEAD, STATUS_RUNNABLE, STATUS_RUNNING, STATUS_WAITING, SYSMON_SLEEPS, WAIT_COROUTINE, WAIT_FINALIZER_WAIT,
} from './layout.gen';
import { heap, sched } from './shared';

/** Switches between two looks at the clock for timers. */
const TIMER_LOOK: u32 = 32;
let switches: u32 = 0;

/** This M may sleep on a futex; where not (a page, unshared memory), it returns to the host until the next timer. */
let mayBlock: bool = false;

// The following are M0's alone, which is the only M that the host's event loop belongs to.
/** Calls of `event` under way, one inside the other: the thread's stack holds frames of the host between them. */
let nested: i32 = 0;
/** How long goroutines run before the host gets its turn, ns: while an answer is awaited, while it only listens for signals or callbacks. */
const PENDING_SLICE: i64 = 2_000_000;
const LISTEN_SLICE: i64 = 10_000_000;
/** A longer sleep is spent in the host's event loop if the host listens, a shorter one on the futex, which is more exact. */
const LONG_SLEEP: i64 = 20_000_000;
/** When the host gave up control last. */
let hostTime: i64 = 0;
/** The host gets its turn before the next goroutine. */
let hostTurn: bool = false;

export function setMayBlock(x: bool): void { mayBlock = x; }

/** A G that is not in use: dead one or new. */
function gget(): G {
  const pp = changetype<P>(p);
  const a = pp.gfree;
  if (a) {
    pp.gfree = changetype<G>(a).schedlink;
    pp.ngfree--;
    return changetype<G>(a);
  }
  const gp = changetype<G>(kalloc(offsetof<G>()));
  if (sched.nallgs == sched.capallgs) {
    const n: u32 = sched.capallgs ? sched.capallgs * 2 : 64;
    sched.allgs = kgrow(sched.allgs, sched.capallgs << 2, n << 2);
    sched.capallgs = n;
  }
  gp.allgsIndex = sched.nallgs;
  store<u32>(sched.allgs + (sched.nallgs++ << 2), changetype<usize>(gp));
  return gp;
}

/** A goroutine in status waiting that will call fn; `running`: it is about to be readied. */
function makeG(fn: usize, pc: u64, flags: u32, running: bool = true): G {
  const gp = gget();
  stackInit(gp);
  gp.goid = ++sched.goidgen;
  gp.status = STATUS_WAITING;
  gp.waitreason = 0;
  gp.startfn = fn;
  gp.startcode = load<u32>(fn);
  gp.started = 0;
  gp.flags = flags;
  gp.gopc = pc;
  gp.parent = g ? changetype<G>(g).goid : 0;
  sched.ngoroutines++;
  if (flags & GFLAG_SYSTEM) sched.nsystem++;
  else if (g && changetype<G>(g).bubble) {
    gp.bubble = changetype<G>(g).bubble;
    joinBubble(gp, running);
  }
  return gp;
}

/** Makes the main goroutine. */
export function makeMain(fn: usize): void {
  const gp = makeG(fn, 0, GFLAG_MAIN);
  sched.maing = changetype<usize>(gp);
  ready(gp);
}

export function newproc(fn: usize, pc: u64): void {
  ready(makeG(fn, pc, 0));
}

export function newg(fn: usize, pc: u64): usize {
  const gp = makeG(fn, pc, 0, false);
  gp.waitreason = WAIT_COROUTINE;
  return changetype<usize>(gp);
}

/** System goroutines go to the tail: they are not what the program waits for. */
export function newsystemg(fn: usize): void {
  const gp = makeG(fn, 0, GFLAG_SYSTEM);
  gp.status = STATUS_RUNNABLE;
  runqput(changetype<P>(p), gp, false);
}

/** The end of a goroutine: its first stack chunk and G are kept for the next one. */
function gdestroy(gp: G): void {
  gp.status = STATUS_DEAD;
  if (gp.bubble) readyIf(leaveBubble(gp));
  sched.ngoroutines--;
  if (gp.flags & GFLAG_SYSTEM) sched.nsystem--;
  gp.frames = 0;
  gp.deferTop = 0; gp.deferFn = 0; gp.panic = 0; gp.ext = 0;
  gp.startfn = 0; gp.hook = HOOK_NONE;
  stackFree(gp);
  const pp = changetype<P>(p);
  gp.schedlink = pp.gfree;
  pp.gfree = changetype<usize>(gp);
  pp.ngfree++;
}

function readyIf(a: usize): void { if (a) ready(changetype<G>(a)); }

/** A fatal condition: the overlay's handler runs as a goroutine of its own, pinned and next, and ends the program. */
function fatal(reason: u32, gp: usize): void {
  if (!sched.fatalfn || sched.fatalreason) fatalKernel(reason);
  sched.fatalreason = reason;
  sched.fatalg = gp;
  addLocks(1);
  ready(makeG(sched.fatalfn, 0, GFLAG_SYSTEM));
}

/** Next goroutine to run, 0 when M0 shall return to the host. Sleeps when there is nothing to do. */
function findRunnable(): usize {
  const pp = changetype<P>(p);
  while (true) {
    if (load<u32>(POLL_WORD)) servePolls();
    if ((++switches & (TIMER_LOOK - 1)) == 0 && (pp.ntimers | load<u32>(HOST_PENDING) | load<u32>(HOST_LISTENS))) lookAtClock(pp);
    if (hostTurn && !nested) return 0;
    if (sched.runqsize && pp.schedtick % 61 == 0) {
      const first = globrunqget(pp, 1);
      if (first) { newSlice(); return first; }
    }
    let a = runqget(pp);
    if (a) return a;
    a = globrunqget(pp, 0);
    if (a) return a;
    if (pp.ntimers && checkTimers(pp, nanotime())) continue;
    if (wakeFinalizers()) continue;
    const when = nextTimer(pp);
    if (!nested && (load<u32>(HOST_PENDING) || (when >= 0 && (!mayBlock || (load<u32>(HOST_LISTENS) && when - nanotime() > LONG_SLEEP))))) return 0;
    if (when < 0) { fatal(sched.maingone ? FATAL_NO_GOROUTINES : FATAL_DEADLOCK, 0); continue; }
    sleepUntil(when);
  }
}

/** What only the time tells: timers that have expired, the host's turn. */
function lookAtClock(pp: P): void {
  const now = nanotime();
  if (pp.ntimers) checkTimers(pp, now);
  if (load<u32>(HOST_PENDING) ? now - hostTime > PENDING_SLICE : load<u32>(HOST_LISTENS) && now - hostTime > LISTEN_SLICE) hostTurn = true;
}

/** Polls were asked for: collect if that was why. */
function servePolls(): void {
  disarm();
  if (sched.gcwanted && !sched.fatalreason) {
    collect(false);
    wakeFinalizers();
  }
}

/** The goroutine that runs finalizers is readied if there is work for it. */
function wakeFinalizers(): bool {
  if (!heap.queueHead || !sched.fing) return false;
  const f = sched.fing;
  sched.fing = 0;
  ready(changetype<G>(f));
  return true;
}

function sleepUntil(when: i64): void {
  const ns = when - nanotime();
  if (ns <= 0) return;
  store<u32>(RUNNING, 0);
  const seen = atomic.load<u32>(M0_FUTEX);
  atomic.wait<i32>(M0_FUTEX, seen, ns);
  nowRunning();
}

/** Tells sysmon, which may have gone to sleep, that there is something to watch. */
function nowRunning(): void {
  store<u32>(RUNNING, 1);
  if (load<u32>(SYSMON_SLEEPS)) {
    atomic.store<u32>(SYSMON_SLEEPS, 0);
    atomic.notify(SYSMON_SLEEPS, 1);
  }
}

/** Runs goroutines until the program has to wait for the host: ns to the next timer, -1 if there is none. */
export function run(): i64 {
  const pp = changetype<P>(p);
  nowRunning();
  hostTime = nanotime();
  while (runNext(pp)) {}
  store<u32>(RUNNING, 0);
  if (hostTurn) { hostTurn = false; return 0; }
  const when = nextTimer(pp);
  if (when < 0) return -1;
  const ns = when - nanotime();
  return ns > 0 ? ns : 0;
}

/** Runs the next goroutine until it waits or yields; false: there is none, the host has to do something. */
@inline
function runNext(pp: P): bool {
  let a = findRunnable();
  if (!a) return false;
  if (!inheritTime) { pp.schedtick++; store<u32>(SCHEDTICK, pp.schedtick); }
  // A coroutine switch goes on to the next goroutine directly.
  do { a = execute(changetype<G>(a)); } while (a);
  return true;
}

/**
 * An event of the host: a goroutine of its own handles it, and goroutines run until it has ended. Called by the host on M0, from its
 * event loop or from inside jscall; there the goroutine that called JavaScript is suspended in memory, so that a collection finds its frames. As the
 * thread cannot return to the event loop meanwhile, a handler that waits for another event is a deadlock.
 */
export function event(): void {
  const pp = changetype<P>(p), gp = makeG(sched.eventfn, 0, 0), id = gp.goid;
  const limit = load<u32>(NATIVE_LIMIT), running = load<u32>(RUNNING);
  nested++;
  if (limit > 16384) setNativeLimit(limit >> 1);
  nowRunning();
  ready(gp);
  while (gp.goid == id && gp.status != STATUS_DEAD) runNext(pp);
  store<u32>(RUNNING, running);
  setNativeLimit(limit);
  nested--;
}

/** The thread's stack has room for this much, in units of depth. */
function setNativeLimit(limit: u32): void {
  store<u32>(NATIVE_LIMIT, limit);
  if (load<u32>(LIMIT_WORD)) store<u32>(LIMIT_WORD, limit);
}

/** SIGQUIT: the overlay's handler of fatal conditions prints all goroutines and ends the program. */
export function quit(): void { if (!sched.fatalreason) fatal(FATAL_QUIT, 0); }

export function setevent(fn: usize): void { sched.eventfn = fn; }

export function jscall(call: usize): i32 { return suspend(OP_JSCALL, call); }

/** Makes gp's stack the current one. */
@inline
function enter(gp: G): void {
  setG(changetype<usize>(gp));
  gp.status = STATUS_RUNNING;
  gp.waitsince = 0;
  setSp(gp.sp);
  setSplimit(gp.chunk + chunkSize(gp.chunk));
}

/** Runs gp until it is suspended for something else or has ended; gives the goroutine to run directly after it, or 0. */
function execute(gp: G): usize {
  if (gp.hook != HOOK_NONE && !runHook(gp)) return 0;
  enter(gp);
  let suspended: i32 = 0;
  if (!gp.started) {
    const fn = gp.startfn;
    gp.started = 1;
    gp.startfn = 0;
    suspended = call_indirect<i32>(gp.startcode, fn, 0);
  }
  while (true) {
    if (suspended) {
      commitBatch(gp);
      if (op == OP_PARK) { park(gp); return 0; }
      const next = serve(gp);
      if (next != changetype<usize>(gp)) return next;
      enter(gp);
    }
    const fp = gp.frames;
    if (!fp) return finish(gp);
    gp.frames = load<u32>(fp, FRAME_OUTER);
    if (load<u32>(fp, FRAME_FLAGS) & FRAME_LAST) popTo(gp, load<u32>(fp, FRAME_SP));
    setResumeFp(fp);
    const f = frameFunc(fp);
    suspended = call_indirect<i32>(stubOf(f), codeOf(f));
  }
}

/** What is left to do before a woken goroutine goes on; false: it waits again. */
function runHook(gp: G): bool {
  if (gp.hook == HOOK_SELECT) { finishSelect(gp); return true; }
  gp.status = STATUS_WAITING;
  if (finishSemacquire(gp)) return true;
  if (gp.bubble) readyIf(blocked(gp));
  return false;
}

/** All frames are saved: only now may others find gp where it waits. */
@inline
function park(gp: G): void {
  gp.status = STATUS_WAITING;
  setG(0);
  if (oparg0) unlock(oparg0);
  else if (oparg1) releaseSelect(changetype<G>(oparg1));
  if (gp.bubble) readyIf(blocked(gp));
}

/** Does what the suspended goroutine asked for. Gives what runs next: gp itself, another one, or 0 for the queues. */
function serve(gp: G): usize {
  const self = changetype<usize>(gp), what = op;
  setG(0);
  if (gp.flags & GFLAG_OVERFLOW) {
    gp.status = STATUS_RUNNABLE;
    fatal(FATAL_STACK_OVERFLOW, self);
    return 0;
  }
  switch (what) {
    case OP_CONTINUE: return self;
    case OP_CALLERS:
      gp.kres0 = walkPcs(gp, <i32>oparg0, oparg1, <i32>oparg2);
      return self;
    case OP_RECOVERY:
      if (!recoverTo(gp, oparg0)) fatalKernel(101);
      return self;
    case OP_JSCALL:
      gp.status = STATUS_WAITING;
      gp.kres0 = host_jscall(oparg0);
      return self;
    case OP_EXIT: return goexit0(gp);
    case OP_CORO_SWITCH: return switchCoroutine(gp, oparg0);
    case OP_CORO_EXIT: return exitCoroutine(gp, oparg0);
    case OP_GC:
      gp.status = STATUS_WAITING;
      collect(true);
      wakeFinalizers();
      return self;
    case OP_YIELD_LOCAL:
      gp.status = STATUS_RUNNABLE;
      runqput(changetype<P>(p), gp, false);
      return 0;
    case OP_PREEMPT:
      lookAtClock(changetype<P>(p));
  }
  gp.status = STATUS_RUNNABLE;
  globrunqput(gp);
  return 0;
}

function switchCoroutine(gp: G, slot: usize): usize {
  const next: usize = load<u32>(slot);
  gp.status = STATUS_WAITING;
  gp.waitreason = WAIT_COROUTINE;
  store<u64>(slot, changetype<usize>(gp));
  if (changetype<G>(next).bubble) unblocked(changetype<G>(next));
  if (gp.bubble) readyIf(blocked(gp));
  return next;
}

function exitCoroutine(gp: G, slot: usize): usize {
  const next: usize = load<u32>(slot);
  store<u64>(slot, 0);
  if (changetype<G>(next).bubble) unblocked(changetype<G>(next));
  gdestroy(gp);
  return next;
}

/** The goroutine's function has returned. */
function finish(gp: G): usize {
  setG(0);
  if (gp.flags & GFLAG_MAIN) { host_exit(0); unreachable(); }
  gdestroy(gp);
  return 0;
}

/** The goroutine has called Goexit and run its defers. */
function goexit0(gp: G): usize {
  if (gp.flags & GFLAG_MAIN) sched.maingone = 1;
  gdestroy(gp);
  return 0;
}

export function getg(): usize { return g; }

export function gopark(reason: u32): i32 {
  changetype<G>(g).waitreason = reason;
  return suspend(OP_PARK);
}

export function goparkunlock(l: usize, reason: u32): i32 {
  changetype<G>(g).waitreason = reason;
  return suspend(OP_PARK, l);
}

export function Gosched(): i32 { return suspend(OP_YIELD_GLOBAL); }
export function goyield(): i32 { return suspend(OP_YIELD_LOCAL); }
export function goexit(): i32 { return suspend(OP_EXIT); }
export function recovery(deferFrame: usize): i32 { return suspend(OP_RECOVERY, deferFrame); }
export function block(reason: u32): i32 { return gopark(reason); }
export function coroswitch(slot: usize): i32 { return suspend(OP_CORO_SWITCH, slot); }
export function coroexit(slot: usize): i32 { return suspend(OP_CORO_EXIT, slot); }
export function callers(skip: i32, buf: usize, n: i32): i32 { return suspend(OP_CALLERS, skip, buf, n); }
export function bubbleadd(b: usize, delta: i32): void { readyIf(addActive(changetype<Bubble>(b), delta)); }
export function gcrun(): i32 { return suspend(OP_GC); }

export function finidle(): bool { return !heap.queueHead && sched.fing != 0; }

export function finwait(): i32 {
  if (heap.queueHead) return 0;
  sched.fing = g;
  return gopark(WAIT_FINALIZER_WAIT);
}

// The scheduler's loop: goroutines are run until their compiled code returns "suspended", and parked, requeued or ended.
// run() is the loop; a goroutine's innermost saved frame is re-entered, and when that returns the next outer one, without going through
// the queues. Whatever lock guards a wait queue is released only after the last frame is saved.

import { addActive, blocked, unblocked } from './bubble';
import { addNested, exporting, setExporting, goThreaded, mayGoThreaded, mstarted, nowRunning, startWantedThread, stopped, wakep, woken } from './m';
import { beginTurn, endPageSlice, endTurn, hostHasNews, isHostTurn, keepsPlace } from './hostturn';
import { findRunnable, leaveForHost, lookAtClock, takeIdleP, wakeFinalizers } from './findrunnable';
import { chunkSize, commitBatch, FRAME_LAST, popTo } from './stack';
import { codeOf, frameFunc, recoverTo, stubOf, walkPcs } from './frames';
import { collect } from './gc';
import { fatal, gdestroy, makeG, readyIf } from './goroutine';
import { fatalKernel } from './die';
import { finishSelect, releaseSelect } from './select';
import { finishSemacquire } from './sema';
import { firstTimer } from './timer';
import {
  Bubble, G, GFLAG_EVENT, GFLAG_MAIN, GFLAG_OVERFLOW, HOOK_COLLECT, HOOK_IMPORT, HOOK_JSCALL, HOOK_LASTING, HOOK_NONE, HOOK_ON_M0, HOOK_PIN, HOOK_SELECT, HOOK_STOP_WORLD, M, P,
} from './structs';
import { globrunqput, inheritTime, newSlice, programWaits, runqempty, runqput, schedLock } from './runq';
import { heap, sched } from './shared';
import { lock, unlock } from './lock';
import { bind, isLocked, isOthers, nextLocked, NOTHING, startlockedm } from './lockedm';
import { nanotime } from './clock';
import { onM0, readyM0, waitForP } from './m0';
import { ready } from './ready';
import { setNativeLimit, takeBack } from './poll';
import { startTheWorld, stopm, stopTheWorldFor, takeNextP } from './stw';
import {
  addLocks, g, m, OP_CALLERS, OP_CONTINUE, OP_CORO_EXIT, OP_CORO_SWITCH, OP_EXIT, OP_GC, OP_IMPORT, OP_JSCALL, OP_LASTING, OP_ON_M0, OP_PARK, OP_PREEMPT, OP_RECOVERY,
  OP_STOP_WORLD, OP_SYSCALL, OP_YIELD_GLOBAL, OP_YIELD_LOCAL, op, oparg0, oparg1, oparg2, p, page, setG, setResumeFp, setSp, setSplimit, suspend, threaded,
} from './state';
import { syscall } from './syscall';
import { traceGoBlock, traceGoBlockAgain, traceGoDestroy, traceGoStart, traceGoStop, traceGoSwitch, traceGoUnblock, tracing } from './trace';
import {
  FATAL_QUIT, FATAL_STACK_OVERFLOW, FRAME_FLAGS, FRAME_OUTER, FRAME_SP, host_exit, host_jscall, NATIVE_LIMIT, STATUS_DEAD, STATUS_RUNNABLE,
  STATUS_RUNNING, STATUS_WAITING, WAIT_COROUTINE, WAIT_FINALIZER_WAIT,
} from './layout.gen';
import { jitter } from './stress';

/** Runs goroutines until the program has to wait for the host: ns to the next timer, -1 if there is none. On M0. */
export function run(): i64 {
  nowRunning();
  beginTurn();
  // While there are several Ms, M0 comes back from the host as one that slept: woken, or for a look of its own.
  if (!threaded || p || backFromHost()) while (runNext()) {}
  stopped();
  if (endTurn()) return 0;
  // Timers are another M's to wait for, unless it was said that M0 does.
  const when = threaded && sched.timerm != m ? 0 : firstTimer();
  if (!when) return -1;
  const ns = when - nanotime();
  return ns > 0 ? ns : 0;
}

function backFromHost(): bool {
  if (woken()) { takeNextP(); return true; }
  return takeIdleP();
}

/** Runs the next goroutine until it waits or yields; false: there is none, the host has to do something. */
@inline
export function runNext(): bool {
  let a: usize;
  if (isLocked()) {
    a = nextLocked();
    if (a == NOTHING) return false;
    if (!a) return true;
    newSlice();
  } else {
    // A blocking call has cost this M its P.
    if (!p && !stopm()) return false;
    a = findRunnable();
    if (!a) return false;
    if (isOthers(a)) return !startlockedm(a) || stopm();
    if (threaded) bind(a);
  }
  if (!inheritTime) changetype<P>(p).schedtick++;
  // A coroutine switch goes on to the next goroutine directly.
  do { a = execute(changetype<G>(a)); } while (a);
  return true;
}

/** A new thread's M runs goroutines, and does not return. */
export function mstart(): void {
  nowRunning();
  if (!mstarted()) stopm();
  while (runNext()) {}
}

/**
 * An event of the host: a goroutine of its own handles it on M0, and goroutines run until it has ended. Called by the host on M0, from its
 * event loop or from inside jscall; there the goroutine that called JavaScript is suspended in memory, so that a collection finds its frames. As the
 * thread cannot return to the event loop meanwhile, a handler that waits for another event is a deadlock.
 */
export function event(): void {
  const fromLoop = threaded && !p, wasExporting = exporting;
  hostHasNews();
  if (fromLoop) waitForP();
  setExporting(false);
  const gp = makeG(sched.eventfn, 0, GFLAG_EVENT), id = gp.goid, limit = load<u32>(NATIVE_LIMIT);
  addNested(1);
  if (limit > 16384) setNativeLimit(limit >> 1);
  // Counted as it was begun: other Ms may come meanwhile.
  const counts = fromLoop || !threaded;
  if (counts) nowRunning();
  ready(gp);
  while (gp.goid == id && gp.status != STATUS_DEAD) runNext();
  if (counts) stopped();
  setNativeLimit(limit);
  addNested(-1);
  setExporting(wasExporting);
  if (fromLoop && p) leaveForHost(changetype<P>(p));
}

/** SIGQUIT: the overlay's handler of fatal conditions prints all goroutines and ends the program. */
export function quit(): void {
  if (sched.fatalreason) return;
  if (threaded && !p) {
    waitForP();
    fatal(FATAL_QUIT, 0);
    leaveForHost(changetype<P>(p));
  } else fatal(FATAL_QUIT, 0);
}

export function setevent(fn: usize): void { sched.eventfn = fn; }

/** An embedder's import, called by fn; the goroutine is suspended in memory, as for jscall. */
export function importcall(fn: usize): i32 { return suspend(OP_IMPORT, fn); }

export function jscall(call: usize): i32 { return suspend(OP_JSCALL, call); }

/** The goroutine goes on on M0, pinned until offm0. */
export function onm0(): i32 {
  if (!onM0()) return suspend(OP_ON_M0);
  addLocks(1);
  return 0;
}

/** The same for calls on files, which only a page's host keeps itself. */
export function onfiles(): i32 {
  if (page) return onm0();
  addLocks(1);
  return 0;
}

export function offm0(): void { addLocks(-1); }

/** Makes gp's stack the current one. */
@inline
function enter(gp: G): void {
  setG(changetype<usize>(gp));
  gp.m = m;
  gp.status = STATUS_RUNNING;
  gp.waitsince = 0;
  setSp(gp.sp);
  setSplimit(gp.chunk + chunkSize(gp.chunk));
}

/** The goroutine that runs next was switched to: that is in the trace. */
let switched: bool = false;

/** Runs gp until it is suspended for something else or has ended; gives the goroutine to run directly after it, or 0. */
function execute(gp: G): usize {
  if (tracing()) {
    if (switched) switched = false;
    else traceGoStart(gp);
  }
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
      jitter();
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
  switch (gp.hook) {
    case HOOK_SELECT: finishSelect(gp); return true;
    case HOOK_COLLECT: gp.hook = HOOK_NONE; return collectFor(gp) || waitsAgain(gp);
    case HOOK_STOP_WORLD: gp.hook = HOOK_NONE; return stopWorldFor(gp) || waitsAgain(gp);
    case HOOK_JSCALL: gp.hook = HOOK_NONE; callJs(gp); return true;
    case HOOK_PIN:
    case HOOK_ON_M0: gp.hook = HOOK_NONE; addLocks(1); return true;
    case HOOK_IMPORT: gp.hook = HOOK_NONE; callImport(gp); return true;
    case HOOK_LASTING: return makeLastingCall(gp, gp.hookarg);
  }
  gp.status = STATUS_WAITING;
  const held = finishSemacquire(gp);
  if (!held) return true;
  waitsAgain(gp);
  commitPark(gp, held, 0);
  return false;
}

function waitsAgain(gp: G): bool {
  if (tracing()) traceGoBlockAgain(gp);
  return false;
}

/** Makes gp's call of JavaScript, on M0. */
function callJs(gp: G): usize {
  gp.status = STATUS_WAITING;
  // Other goroutines may run inside the call.
  if (tracing()) traceGoBlock(gp);
  gp.kres0 = host_jscall(gp.hookarg);
  if (tracing()) { traceGoUnblock(gp); traceGoStart(gp); }
  return changetype<usize>(gp);
}

/** Makes gp's call of an import, on M0. fn suspends nowhere. */
function callImport(gp: G): usize {
  const fn = gp.hookarg;
  gp.status = STATUS_WAITING;
  call_indirect<i32>(load<u32>(fn), fn, 0);
  return changetype<usize>(gp);
}

/** Makes gp's call; false if gp has lost its P meanwhile, or M0 has left the call, with its own P, to another M. */
function makeLastingCall(gp: G, fn: usize): bool {
  if (!threaded) goThreaded();
  if (!threaded || m != sched.m0 || sched.nothreads || gp.lockedm) {
    gp.hook = HOOK_NONE;
    return syscall(gp, fn);
  }
  if (tracing()) traceGoStop(gp, false);
  gp.hook = HOOK_LASTING;
  gp.hookarg = fn;
  gp.status = STATUS_RUNNABLE;
  globrunqput(gp);
  leaveForHost(changetype<P>(p));
  startWantedThread();
  return false;
}

function passToM0(gp: G, hook: u32): usize {
  if (tracing()) traceGoStop(gp, false);
  gp.hook = hook;
  readyM0(gp);
  return 0;
}

/** runtime.GC: a full collection on behalf of gp; false if gp has to wait for its turn. */
function collectFor(gp: G): bool {
  if (!stopTheWorldFor(gp, HOOK_COLLECT)) return false;
  gp.status = STATUS_WAITING;
  collect(true);
  startTheWorld();
  wakeFinalizers();
  return true;
}

/** The world is stopped for gp, which goes on pinned; false if gp has to wait for its turn. */
function stopWorldFor(gp: G): bool {
  if (!stopTheWorldFor(gp, HOOK_STOP_WORLD)) return false;
  addLocks(1);
  return true;
}

/** All frames are saved: only now may others find gp where it waits. */
@inline
function park(gp: G): void {
  gp.status = STATUS_WAITING;
  setG(0);
  if (tracing()) traceGoBlock(gp);
  commitPark(gp, oparg0, oparg1);
}

/** Lets others find gp: releases the lock, or those of a select. While they are held nobody can wake gp, afterwards it may run already. */
@inline
function commitPark(gp: G, held: usize, select: usize): void {
  const wake = gp.bubble ? blocked(gp) : 0;
  if (held) unlock(held);
  else if (select) releaseSelect(changetype<G>(select));
  readyIf(wake);
}

/** Does what the suspended goroutine asked for. Gives what runs next: gp itself, another one, or 0 for the queues. */
function serve(gp: G): usize {
  const self = changetype<usize>(gp), what = op;
  setG(0);
  if (gp.flags & GFLAG_OVERFLOW) {
    gp.status = STATUS_RUNNABLE;
    if (tracing()) traceGoStop(gp, true);
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
      gp.hookarg = oparg0;
      return onM0() ? callJs(gp) : passToM0(gp, HOOK_JSCALL);
    case OP_IMPORT:
      gp.hookarg = oparg0;
      return onM0() ? callImport(gp) : passToM0(gp, HOOK_IMPORT);
    case OP_ON_M0: return passToM0(gp, HOOK_ON_M0);
    case OP_SYSCALL: return syscall(gp, oparg0) ? self : 0;
    case OP_LASTING: return makeLastingCall(gp, oparg0) ? self : 0;
    case OP_EXIT: return goexit0(gp);
    case OP_CORO_SWITCH: return switchCoroutine(gp, oparg0);
    case OP_CORO_EXIT: return exitCoroutine(gp, oparg0);
    case OP_GC: return collectFor(gp) || waitsAgain(gp) ? self : 0;
    case OP_STOP_WORLD: return stopWorldFor(gp) || waitsAgain(gp) ? self : 0;
    case OP_YIELD_LOCAL:
      if (tracing()) traceGoStop(gp, false);
      gp.status = STATUS_RUNNABLE;
      runqput(changetype<P>(p), gp, false);
      return 0;
    case OP_PREEMPT:
      beforePreempted();
      if (!isHostTurn() && goesOn()) return self;
      // In the global queue it would wait long behind those that the local one gets with each turn.
      if (isHostTurn() && keepsPlace()) {
        if (tracing()) traceGoStop(gp, true);
        gp.status = STATUS_RUNNABLE;
        runqput(changetype<P>(p), gp, true);
        return 0;
      }
  }
  if (tracing()) traceGoStop(gp, what == OP_PREEMPT);
  gp.status = STATUS_RUNNABLE;
  globrunqput(gp);
  if (threaded) wakep();
  return 0;
}

/** The goroutine's time slice is over: timers are due a look, and if others of the program wait for their turn, so is another thread; in a page in any case. */
function beforePreempted(): void {
  const pp = changetype<P>(p);
  lookAtClock(pp);
  endPageSlice();
  if (!threaded && (page || programWaits(pp, 1))) mayGoThreaded();
}

/** Was the goroutine asked to yield for the host's turn, which is not due yet, and nothing else is there to run? */
function goesOn(): bool { return runqempty(changetype<P>(p)) && !sched.runqsize && takeBack(changetype<P>(p)); }

function switchCoroutine(gp: G, slot: usize): usize {
  const next: usize = load<u32>(slot);
  gp.status = STATUS_WAITING;
  gp.waitreason = WAIT_COROUTINE;
  store<u64>(slot, changetype<usize>(gp));
  traceSwitch(changetype<G>(next), false);
  if (changetype<G>(next).bubble) unblocked(changetype<G>(next));
  if (gp.bubble) readyIf(blocked(gp));
  return next;
}

function traceSwitch(next: G, ends: bool): void {
  if (!tracing()) return;
  traceGoSwitch(next, ends);
  switched = true;
}

function exitCoroutine(gp: G, slot: usize): usize {
  const next: usize = load<u32>(slot);
  store<u64>(slot, 0);
  traceSwitch(changetype<G>(next), true);
  if (changetype<G>(next).bubble) unblocked(changetype<G>(next));
  gdestroy(gp);
  return next;
}

/** The goroutine's function has returned. */
function finish(gp: G): usize {
  setG(0);
  if (gp.flags & GFLAG_MAIN) { host_exit(0); unreachable(); }
  if (tracing()) traceGoDestroy();
  gdestroy(gp);
  return 0;
}

/** The goroutine has called Goexit and run its defers. */
function goexit0(gp: G): usize {
  if (gp.flags & GFLAG_MAIN) sched.maingone = 1;
  if (tracing()) traceGoDestroy();
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
export function stopworld(): i32 { return suspend(OP_STOP_WORLD); }

export function finidle(): bool { return !heap.queueHead && sched.fing != 0; }

/** Ends stopworld, on the same M. */
export function startworld(): void {
  addLocks(-1);
  startTheWorld();
}

/** Parks the finalizer goroutine; the lock that publishes it is released when its frames are saved. */
export function finwait(): i32 {
  lock(schedLock());
  if (heap.queueHead) { unlock(schedLock()); return 0; }
  sched.fing = g;
  return goparkunlock(schedLock(), WAIT_FINALIZER_WAIT);
}

// The scheduler: goroutines are made, run until their compiled code returns "suspended", and parked, requeued or ended.
// run() is the loop; a goroutine's innermost saved frame is re-entered, and when that returns the next outer one, without going through
// the queues. Whatever lock guards a wait queue is released only after the last frame is saved.

import { addActive, blocked, joinBubble, leaveBubble, unblocked } from './bubble';
import { acquirep, allp, pidleget, pidleput, releasep } from './p';
import { cas, loadAcq, lock, unlock, xadd, xadd64 } from './lock';
import { cheaprand, nanotime } from './clock';
import { checkTimers, firstTimer, timer0 } from './timer';
import { chunkSize, commitBatch, FRAME_LAST, popTo, stackFree, stackInit } from './stack';
import { codeOf, frameFunc, recoverTo, stubOf, walkPcs } from './frames';
import { collect } from './gc';
import { disarm, setNativeLimit } from './poll';
import { fatalKernel } from './die';
import { finishSelect, releaseSelect } from './select';
import { finishSemacquire } from './sema';
import {
  Bubble, G, GFLAG_MAIN, GFLAG_OVERFLOW, GFLAG_SYSTEM, HOOK_COLLECT, HOOK_JSCALL, HOOK_NONE, HOOK_ON_M0, HOOK_SELECT,
  HOOK_STOP_WORLD, M, P,
} from './structs';
import { gcstopm, gcwaiting, startTheWorld, stopm, stopTheWorld, stopTheWorldFor, takeNextP } from './stw';
import { globrunqget, globrunqgetLocked, globrunqput, inheritTime, newSlice, runqempty, runqget, runqput, runqsteal, schedLock } from './runq';
import {
  addNested, goThreaded, mput, mremove, mstarted, nested, nowRunning, sleep, startmLocked, startWantedThread, stopped, wakep, woken,
} from './m';
import { handToM0, m0Waits, onM0, readyM0, takeM0, waitForP } from './m0';
import { heap, Sched, sched } from './shared';
import { kalloc, kgrow } from './pageheap';
import { ready, readyLast } from './ready';
import {
  addLocks, g, m, maySleep, OP_CALLERS, OP_CONTINUE, OP_CORO_EXIT, OP_CORO_SWITCH, OP_EXIT, OP_GC, OP_JSCALL, OP_ON_M0, OP_PARK, OP_PREEMPT, OP_RECOVERY,
  OP_STOP_WORLD, OP_YIELD_GLOBAL, OP_YIELD_LOCAL, op, oparg0, oparg1, oparg2, p, setG, setResumeFp, setSp, setSplimit, suspend, threaded,
} from './state';
import {
  EXITING, FATAL_DEADLOCK, FATAL_NO_GOROUTINES, FATAL_QUIT, FATAL_STACK_OVERFLOW, FRAME_FLAGS, FRAME_OUTER, FRAME_SP, HOST_LISTENS, HOST_PENDING, host_exit,
  host_jscall, M0_NOTE, NATIVE_LIMIT, POLL_WORD, STATUS_DEAD, STATUS_RUNNABLE, STATUS_RUNNING, STATUS_WAITING, WAIT_COROUTINE, WAIT_FINALIZER_WAIT,
} from './layout.gen';

/** Switches between two looks at the clock for timers. */
const TIMER_LOOK: u32 = 32;
let switches: u32 = 0;

/** The host can start threads. */
let maySpawn: bool = false;

// The following are M0's alone, which is the only M that the host's event loop belongs to.
/** How long goroutines run before the host gets its turn, ns: while an answer is awaited, while it only listens for signals or callbacks. */
const PENDING_SLICE: i64 = 2_000_000;
const LISTEN_SLICE: i64 = 10_000_000;
/** A longer sleep is spent in the host's event loop if the host listens, a shorter one on the futex, which is more exact. */
const LONG_SLEEP: i64 = 20_000_000;
/** When the host gave up control last. */
let hostTime: i64 = 0;
/** The host gets its turn before the next goroutine. */
let hostTurn: bool = false;

export function setMaySpawn(x: bool): void { maySpawn = x; }

/** A G that is not in use: dead one or new. */
function gget(): G {
  const pp = changetype<P>(p);
  if (!pp.gfree && loadAcq(changetype<usize>(sched) + offsetof<Sched>('gfree'))) takeFree(pp);
  const a = pp.gfree;
  if (a) {
    pp.gfree = changetype<G>(a).schedlink;
    pp.ngfree--;
    return changetype<G>(a);
  }
  const gp = changetype<G>(kalloc(offsetof<G>()));
  lock(schedLock());
  if (sched.nallgs == sched.capallgs) {
    const n: u32 = sched.capallgs ? sched.capallgs * 2 : 64;
    sched.allgs = kgrow(sched.allgs, sched.capallgs << 2, n << 2);
    sched.capallgs = n;
  }
  gp.allgsIndex = sched.nallgs;
  store<u32>(sched.allgs + (sched.nallgs++ << 2), changetype<usize>(gp));
  unlock(schedLock());
  return gp;
}

/** Dead Gs that a P keeps before half of them go to the common list. */
const GFREE_MAX: u32 = 64;

function takeFree(pp: P): void {
  lock(schedLock());
  for (; sched.gfree && pp.ngfree < GFREE_MAX / 2; pp.ngfree++) {
    const a = sched.gfree;
    sched.gfree = changetype<G>(a).schedlink;
    sched.ngfree--;
    changetype<G>(a).schedlink = pp.gfree;
    pp.gfree = a;
  }
  unlock(schedLock());
}

function giveFree(pp: P): void {
  lock(schedLock());
  for (; pp.ngfree > GFREE_MAX / 2; pp.ngfree--) {
    const a = pp.gfree;
    pp.gfree = changetype<G>(a).schedlink;
    changetype<G>(a).schedlink = sched.gfree;
    sched.gfree = a;
    sched.ngfree++;
  }
  unlock(schedLock());
}

/** A goroutine in status waiting that will call fn; `running`: it is about to be readied. */
function makeG(fn: usize, pc: u64, flags: u32, running: bool = true): G {
  const gp = gget();
  stackInit(gp);
  gp.goid = xadd64(changetype<usize>(sched) + offsetof<Sched>('goidgen'), 1);
  gp.status = STATUS_WAITING;
  gp.waitreason = 0;
  gp.startfn = fn;
  gp.startcode = load<u32>(fn);
  gp.started = 0;
  gp.flags = flags;
  gp.gopc = pc;
  gp.parent = g ? changetype<G>(g).goid : 0;
  count(gp, 1);
  if (!(flags & GFLAG_SYSTEM) && g && changetype<G>(g).bubble) {
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
  readyLast(gp);
}

/** The end of a goroutine: its first stack chunk and G are kept for the next one. */
function gdestroy(gp: G): void {
  gp.status = STATUS_DEAD;
  if (gp.bubble) readyIf(leaveBubble(gp));
  count(gp, -1);
  gp.frames = 0;
  gp.deferTop = 0; gp.deferFn = 0; gp.panic = 0; gp.ext = 0;
  gp.startfn = 0; gp.hook = HOOK_NONE;
  stackFree(gp);
  const pp = changetype<P>(p);
  gp.schedlink = pp.gfree;
  pp.gfree = changetype<usize>(gp);
  if (++pp.ngfree > GFREE_MAX && threaded) giveFree(pp);
}

/** Counts a goroutine that comes or goes. */
function count(gp: G, n: i32): void {
  xadd(changetype<usize>(sched) + offsetof<Sched>('ngoroutines'), n);
  if (gp.flags & GFLAG_SYSTEM) xadd(changetype<usize>(sched) + offsetof<Sched>('nsystem'), n);
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

const NMSPINNING: usize = offsetof<Sched>('nmspinning');

@inline
function s(field: usize): usize { return changetype<usize>(sched) + field; }

/** Next goroutine to run. Sleeps when there is nothing to do; 0 when M0 shall return to the host for that. */
function findRunnable(): usize {
  while (true) {
    if (threaded) {
      if (atomic.load<u32>(EXITING)) { host_exit(0); unreachable(); }
      startWantedThread();
      if (gcwaiting()) { if (!gcstopm()) return 0; continue; }
      if (m0Waits()) { handToM0(); continue; }
      if (m == sched.m0) { const a = takeM0(); if (a) return newSliceOf(a); }
    }
    const pp = changetype<P>(p);
    if (load<u32>(POLL_WORD)) disarm(pp);
    if (loadAcq(s(offsetof<Sched>('gcwanted'))) && !sched.fatalreason) { collectNow(); continue; }
    if ((++switches & (TIMER_LOOK - 1)) == 0 && (timer0(pp) != 0 || load<u32>(HOST_PENDING) != 0 || load<u32>(HOST_LISTENS) != 0)) lookAtClock(pp);
    if (hostTurn && !nested) { if (threaded) leaveForHost(pp); return 0; }
    if (sched.runqsize && pp.schedtick % 61 == 0) {
      const first = globrunqget(pp, 1);
      if (first) return newSliceOf(first);
    }
    let a = runqget(pp);
    if (a) { stopSpinning(); return a; }
    a = globrunqget(pp, 0);
    if (a) return newSliceOf(a);
    if (timer0(pp) && checkTimers(pp, nanotime())) continue;
    if (wakeFinalizers()) continue;
    if (threaded) {
      a = steal(pp);
      if (a) return newSliceOf(a);
      a = idle(pp);
      if (a == RETURN_TO_HOST) return 0;
      if (a) return newSliceOf(a);
      continue;
    }
    const when = firstTimer();
    if (!nested && (load<u32>(HOST_PENDING) || (when && (!maySleep || (load<u32>(HOST_LISTENS) && when - nanotime() > LONG_SLEEP))))) return 0;
    if (!when) { fatal(sched.maingone ? FATAL_NO_GOROUTINES : FATAL_DEADLOCK, 0); continue; }
    sleepUntil(when);
  }
}

/** What only the time tells: timers that have expired, and on M0 the host's turn. */
function lookAtClock(pp: P): void {
  const now = nanotime();
  if (timer0(pp)) checkTimers(pp, now);
  if (threaded && m != sched.m0) return;
  if (load<u32>(HOST_PENDING) ? now - hostTime > PENDING_SLICE : load<u32>(HOST_LISTENS) && now - hostTime > LISTEN_SLICE) hostTurn = true;
}

function newSliceOf(gp: usize): usize {
  newSlice();
  stopSpinning();
  return gp;
}

/** This M has found work; if it was the last that looked, another may find more. */
function stopSpinning(): void {
  const mp = changetype<M>(m);
  if (!mp.spinning) return;
  mp.spinning = 0;
  if (atomic.sub<u32>(s(NMSPINNING), 1) == 1) wakep();
}

/** Looks for work at the other Ps; counts this M as spinning, unless half of the busy ones spin already. */
function steal(pp: P): usize {
  const mp = changetype<M>(m);
  if (!mp.spinning) {
    if ((atomic.load<u32>(s(NMSPINNING)) << 1) >= <u32>sched.gomaxprocs - atomic.load<u32>(s(offsetof<Sched>('npidle')))) return 0;
    mp.spinning = 1;
    atomic.add<u32>(s(NMSPINNING), 1);
  }
  const n = <u32>sched.gomaxprocs, now = nanotime();
  for (let round: u32 = 0; round < STEAL_ROUNDS; round++) {
    const last = round == STEAL_ROUNDS - 1;
    let k = cheaprand() % n;
    for (let i: u32 = 0; i < n; i++, k = k + 1 == n ? 0 : k + 1) {
      const victim = allp(k);
      if (victim == pp) continue;
      if (gcwaiting()) return 0;
      // Timers last: they are not to move from P to P for nothing.
      if (last && checkTimers(victim, now)) { const a = runqget(pp); if (a) return a; }
      const a = runqsteal(pp, victim, last);
      if (a) return a;
    }
  }
  return 0;
}

const STEAL_ROUNDS: u32 = 4;
const RETURN_TO_HOST: usize = 1;

/**
 * Nothing to do for this M: it gives its P up and sleeps until there is. Gives a goroutine to run, or 0 to look again with a P,
 * or RETURN_TO_HOST for M0 to sleep there. All is decided under sched.lock, after the P is on the idle list and the M no longer spins:
 * who readies a goroutine puts it into a queue first and then looks at both.
 */
function idle(pp: P): usize {
  const mp = changetype<M>(m);
  lock(schedLock());
  if (sched.gcwaiting || sched.m0waits || (m == sched.m0 && sched.m0q)) { unlock(schedLock()); return 0; }
  const a = globrunqgetLocked(pp, 0);
  if (a) { unlock(schedLock()); return a; }
  releasep(pp);
  pidleput(pp);
  const wasSpinning = mp.spinning != 0;
  if (wasSpinning) { mp.spinning = 0; atomic.sub<u32>(s(NMSPINNING), 1); }
  const when = firstTimer();
  if (anyWork() || (when && when <= nanotime())) return lookAgain(wasSpinning);
  if (!when && sched.npidle == <u32>sched.gomaxprocs && !load<u32>(HOST_PENDING) && !sched.starting) {
    lookAgain(false);
    fatal(sched.maingone ? FATAL_NO_GOROUTINES : FATAL_DEADLOCK, 0);
    return 0;
  }
  mput(mp);
  const mine = when && (!sched.timerm || when < sched.timeruntil);
  if (mine) { sched.timerm = m; sched.timeruntil = when; }
  unlock(schedLock());
  return sleepIdle(mine ? when : 0);
}

/** Is there a goroutine in any P's queue? */
function anyWork(): bool {
  for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) if (!runqempty(allp(i))) return true;
  return false;
}

/** Takes an idle P again (this M has just given one back); sched.lock is held, and released. */
function lookAgain(spinning: bool): usize {
  const pp = changetype<P>(pidleget());
  unlock(schedLock());
  acquirep(pp);
  if (spinning) { changetype<M>(m).spinning = 1; atomic.add<u32>(s(NMSPINNING), 1); }
  return 0;
}

/** Sleeps, on the idle list, until woken with a P or, if `when` is not 0, until then. */
function sleepIdle(when: i64): usize {
  while (!woken()) {
    const ns = when ? when - nanotime() : -1;
    if (when && ns <= 0) {
      if (takeIdleP()) return 0;
      // No P is idle, so those who have one will see the timer; or this M is being woken.
      when = 0;
    } else if (!sleep(ns)) return RETURN_TO_HOST;
  }
  takeNextP();
  return 0;
}

/** An M that woke by itself takes itself off the idle list and a P; false if there is no P for it, or it is being woken. */
function takeIdleP(): bool {
  const mp = changetype<M>(m);
  lock(schedLock());
  let a: usize = 0;
  if (mp.idle && !sched.gcwaiting) {
    a = pidleget();
    if (a) mremove(mp);
  }
  if (!a && sched.timerm == m) sched.timerm = 0;
  unlock(schedLock());
  if (!a) return false;
  acquirep(changetype<P>(a));
  return true;
}

/** Collects, if a collection is still wanted and nobody else stops the world. */
function collectNow(): void {
  if (!stopTheWorld()) return;
  if (cas(s(offsetof<Sched>('gcwanted')), 1, 0)) collect(false);
  startTheWorld();
  wakeFinalizers();
}

/** The goroutine that runs finalizers is readied if there is work for it. */
function wakeFinalizers(): bool {
  if (!heap.queueHead || !sched.fing) return false;
  lock(schedLock());
  const f = sched.fing;
  sched.fing = 0;
  unlock(schedLock());
  if (!f) return false;
  ready(changetype<G>(f));
  return true;
}

/** M0 alone sleeps until a timer expires, or the host has something. */
function sleepUntil(when: i64): void {
  const ns = when - nanotime();
  if (ns <= 0) return;
  stopped();
  atomic.wait<i32>(M0_NOTE, 0, ns);
  nowRunning();
}

/** Runs goroutines until the program has to wait for the host: ns to the next timer, -1 if there is none. On M0. */
export function run(): i64 {
  nowRunning();
  hostTime = nanotime();
  // While there are several Ms, M0 comes back from the host as one that slept: woken, or for a look of its own.
  if (!threaded || p || backFromHost()) while (runNext()) {}
  stopped();
  if (hostTurn) { hostTurn = false; return 0; }
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

/** M0 gives its P up for a turn of the host; if there is work, another M takes it. */
function leaveForHost(pp: P): void {
  lock(schedLock());
  if (sched.gcwaiting) { unlock(schedLock()); hostTurn = false; return; }
  releasep(pp);
  if (runqempty(pp) && !sched.runqsize) { pidleput(pp); unlock(schedLock()); } else startmLocked(pp, false);
  lock(schedLock());
  mput(changetype<M>(m));
  unlock(schedLock());
}

/** Runs the next goroutine until it waits or yields; false: there is none, the host has to do something. */
@inline
function runNext(): bool {
  let a = findRunnable();
  if (!a) return false;
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
  const fromLoop = threaded && !p;
  if (fromLoop) waitForP();
  const gp = makeG(sched.eventfn, 0, 0), id = gp.goid, limit = load<u32>(NATIVE_LIMIT);
  addNested(1);
  if (limit > 16384) setNativeLimit(limit >> 1);
  if (fromLoop || !threaded) nowRunning();
  ready(gp);
  while (gp.goid == id && gp.status != STATUS_DEAD) runNext();
  if (fromLoop || !threaded) stopped();
  setNativeLimit(limit);
  addNested(-1);
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

export function jscall(call: usize): i32 { return suspend(OP_JSCALL, call); }

/** The goroutine goes on on M0, pinned until offm0. */
export function onm0(): i32 {
  if (!onM0()) return suspend(OP_ON_M0);
  addLocks(1);
  return 0;
}

export function offm0(): void { addLocks(-1); }

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
  switch (gp.hook) {
    case HOOK_SELECT: finishSelect(gp); return true;
    case HOOK_COLLECT: gp.hook = HOOK_NONE; return collectFor(gp);
    case HOOK_STOP_WORLD: gp.hook = HOOK_NONE; return stopWorldFor(gp);
    case HOOK_JSCALL: gp.hook = HOOK_NONE; callJs(gp); return true;
    case HOOK_ON_M0: gp.hook = HOOK_NONE; addLocks(1); return true;
  }
  gp.status = STATUS_WAITING;
  const held = finishSemacquire(gp);
  if (held) commitPark(gp, held, 0);
  return !held;
}

/** Makes gp's call of JavaScript, on M0. */
function callJs(gp: G): usize {
  gp.status = STATUS_WAITING;
  gp.kres0 = host_jscall(gp.hookarg);
  return changetype<usize>(gp);
}

function passToM0(gp: G, hook: u32): usize {
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
    case OP_ON_M0: return passToM0(gp, HOOK_ON_M0);
    case OP_EXIT: return goexit0(gp);
    case OP_CORO_SWITCH: return switchCoroutine(gp, oparg0);
    case OP_CORO_EXIT: return exitCoroutine(gp, oparg0);
    case OP_GC: return collectFor(gp) ? self : 0;
    case OP_STOP_WORLD: return stopWorldFor(gp) ? self : 0;
    case OP_YIELD_LOCAL:
      gp.status = STATUS_RUNNABLE;
      runqput(changetype<P>(p), gp, false);
      return 0;
    case OP_PREEMPT: beforePreempted();
  }
  gp.status = STATUS_RUNNABLE;
  globrunqput(gp);
  if (threaded) wakep();
  return 0;
}

/** The goroutine's time slice is over: timers are due a look, and if others wait for their turn, so is another thread. */
function beforePreempted(): void {
  const pp = changetype<P>(p);
  lookAtClock(pp);
  if (!threaded && maySpawn && sched.gomaxprocs > 1 && (sched.runqsize || !runqempty(pp))) goThreaded();
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

// What an M runs next: its P's queues, the global one, timers, other Ps' work; and how it sleeps when there is nothing. The protocol
// of sleeping and waking is in m.ts.

import { acquirep, allp, pidleget, pidleput, releasep } from './p';
import { cas, loadAcq, lock, unlock } from './lock';
import { cheaprand, nanotime } from './clock';
import { checkTimers, firstTimer, timer0 } from './timer';
import { collect } from './gc';
import { countSwitch, giveTurn, isHostTurn, lookForTurn } from './hostturn';
import { disarm } from './poll';
import { fatal } from './goroutine';
import { G, IDLE_LOCKED, M, P } from './structs';
import { gcstopm, gcwaiting, startTheWorld, stopTheWorld, takeNextP } from './stw';
import { globrunqget, globrunqgetLocked, newSlice, programWaits, runqempty, runqget, runqsteal, schedLock } from './runq';
import { handToM0, m0Waits, onM0, takeM0 } from './m0';
import { heap, Sched, sched } from './shared';
import { m, maySleep, page, threaded, p } from './state';
import { exporting, mayGoThreaded, mput, mremove, nested, nowRunning, quitSpinning, sleep, startmLocked, startWantedThread, stopped, wakep, woken } from './m';
import { ready } from './ready';
import { EXITING, FATAL_DEADLOCK, FATAL_NO_GOROUTINES, HOST_LISTENS, HOST_PENDING, host_exit, M0_NOTE, POLL_WORD } from './layout.gen';
import { detour, jitter } from './stress';

/** Switches between two looks at the clock for timers. */
const TIMER_LOOK: u32 = 32;
/** A longer sleep is spent in the host's event loop if the host listens, a shorter one on the futex, which is more exact. */
const LONG_SLEEP: i64 = 20_000_000;

const NMSPINNING: usize = offsetof<Sched>('nmspinning');

@inline
function s(field: usize): usize { return changetype<usize>(sched) + field; }

/** Next goroutine to run. Sleeps when there is nothing to do; 0 when M0 shall return to the host for that. */
export function findRunnable(): usize {
  while (true) {
    if (threaded) {
      if (atomic.load<u32>(EXITING)) { host_exit(0); unreachable(); }
      startWantedThread();
      if (gcwaiting()) { if (!gcstopm()) return 0; continue; }
      if (m0Waits()) { handToM0(); continue; }
      if (m == sched.m0) { const a = takeM0(); if (a) return newSliceOf(a); }
    }
    const pp = changetype<P>(p);
    if (load<u32>(POLL_WORD)) asked(pp);
    if (loadAcq(s(offsetof<Sched>('gcwanted'))) && !sched.fatalreason) {
      // It would hold the page's event loop.
      if (page && threaded && m == sched.m0 && !nested && !exporting && leaveForHost(pp)) { giveTurn(); return 0; }
      collectNow();
      continue;
    }
    if ((countSwitch() & (TIMER_LOOK - 1)) == 0 && (timer0(pp) != 0 || (page && m == sched.m0) || load<u32>(HOST_PENDING) != 0 || load<u32>(HOST_LISTENS) != 0)) lookAtClock(pp);
    if (isHostTurn() && !nested && !exporting && (!threaded || leaveForHost(pp))) return 0;
    if (sched.runqsize && (pp.schedtick % 61 == 0 || detour())) {
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
    if (exporting) return 0;
    if (!nested && (load<u32>(HOST_PENDING) || (when && (!maySleep || (load<u32>(HOST_LISTENS) && when - nanotime() > LONG_SLEEP))))) return 0;
    if (!when) { fatal(sched.maingone ? FATAL_NO_GOROUTINES : FATAL_DEADLOCK, 0); continue; }
    sleepUntil(when);
  }
}

/** The M was asked to come here, or another one was. It may be sysmon that saw goroutines wait for this M, which is the only one and takes one of them. */
function asked(pp: P): void {
  disarm(pp);
  if (threaded || !programWaits(pp, 2)) return;
  mayGoThreaded();
  if (threaded) wakep();
}

/** What only the time tells: timers that have expired, and on M0 the host's turn. */
export function lookAtClock(pp: P): void {
  const now = nanotime();
  if (timer0(pp)) checkTimers(pp, now);
  if (threaded && m != sched.m0) return;
  lookForTurn(now);
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
  jitter();
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
      if (victim == pp || (!last && detour())) continue;
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
  // M0 may have come by a P in another way than by being handed one: it waits no longer, and must not take itself for somebody who does.
  if (m == sched.m0) sched.m0waits = 0;
  if (sched.gcwaiting || sched.m0waits || (m == sched.m0 && sched.m0q)) { unlock(schedLock()); return 0; }
  const a = globrunqgetLocked(pp, 0);
  if (a) { unlock(schedLock()); return a; }
  releasep(pp);
  pidleput(pp);
  const wasSpinning = mp.spinning != 0;
  jitter();
  if (wasSpinning) { mp.spinning = 0; atomic.sub<u32>(s(NMSPINNING), 1); }
  jitter();
  const when = firstTimer();
  if (anyWork() || (when && when <= nanotime())) return lookAgain(wasSpinning);
  if (!when && !exporting && sched.npidle == <u32>sched.gomaxprocs && !load<u32>(HOST_PENDING) && !sched.starting && !sched.m0q && !loadAcq(s(offsetof<Sched>('nsyscall')))) {
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
  jitter();
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
export function takeIdleP(): bool {
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
export function wakeFinalizers(): bool {
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

/** M0 gives its P up for a turn of the host; if there is work, another M takes it. False if the world is being stopped: M0 stops first. */
export function leaveForHost(pp: P): bool {
  quitSpinning();
  lock(schedLock());
  if (sched.gcwaiting) { unlock(schedLock()); return false; }
  releasep(pp);
  if (runqempty(pp) && !sched.runqsize) { pidleput(pp); unlock(schedLock()); } else startmLocked(pp, false);
  lock(schedLock());
  const mp = changetype<M>(m);
  if (mp.lockedg) mp.idle = IDLE_LOCKED;
  else mput(mp);
  // What has come for M0 meanwhile goes on at once, or as soon as somebody hands it a P.
  const a: usize = sched.m0q && !sched.gcwaiting ? pidleget() : 0;
  if (a) mremove(mp);
  else if (sched.m0q) sched.m0waits = 1;
  unlock(schedLock());
  if (!a) return true;
  acquirep(changetype<P>(a));
  return false;
}

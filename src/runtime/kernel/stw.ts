// Stopping the world.
//
// Protocol. Who stops the world holds a P and is in the scheduler. Under sched.lock it sets gcwaiting, takes all idle Ps, and counts the
// others in stopwait; then it asks each for a poll. Every M looks at gcwaiting before it takes a goroutine and, under sched.lock, before it
// gives a P back, and if it is set leaves the P in PSTATUS_GCSTOP, counts down and sleeps. At 0 nobody else runs Go code or touches heap,
// queues and stacks: all goroutines are suspended, their frames in memory. A P whose M is in a blocking call is taken as it is (syscall.ts). One at a
// time: a goroutine that wants the world stopped while it is being stopped waits in sched.worldq, and asks again when it is continued.

import { disarm, preempt } from './poll';
import { G, M, P, PSTATUS_GCSTOP, PSTATUS_IDLE, PSTATUS_MASK, PSTATUS_RUNNING, PSTATUS_SYSCALL } from './structs';
import { acquirep, allp, pidleget, pidleput, releasep } from './p';
import { globrunqputLocked, runqempty, schedLock } from './runq';
import { lock, unlock, xadd } from './lock';
import { m, maySleep, p, threaded } from './state';
import { mput, quitSpinning, sleep, startmLocked, wakep, woken } from './m';
import { beginPatience, bePatient } from './patience';
import { Sched, sched } from './shared';
import { traceGoUnblock, tracing } from './trace';
import { stopInSyscall } from './syscall';
import { STATUS_RUNNABLE, STATUS_WAITING } from './layout.gen';
import { jitter } from './stress';

const GCWAITING: usize = offsetof<Sched>('gcwaiting');
const STOPWAIT: usize = offsetof<Sched>('stopwait');

@inline
function s(field: usize): usize { return changetype<usize>(sched) + field; }

/** Somebody stops the world. */
@inline
export function gcwaiting(): bool { return atomic.load<u32>(s(GCWAITING)) != 0; }

/** Stops the world for this M; false if somebody else does: this M must stop. */
export function stopTheWorld(): bool {
  if (!threaded) return true;
  lock(schedLock());
  if (sched.gcwaiting) { unlock(schedLock()); return false; }
  beginStop();
  return true;
}

/** The same for goroutine gp, which waits its turn if somebody else stops the world: then false, and `hook` is run when it goes on. */
export function stopTheWorldFor(gp: G, hook: u32): bool {
  if (!threaded) return true;
  lock(schedLock());
  if (!sched.gcwaiting) { sched.stopper = changetype<usize>(gp); beginStop(); return true; }
  // It may ask again while it has the world stopped: when it ends the program.
  if (sched.stopper == changetype<usize>(gp)) { unlock(schedLock()); return true; }
  gp.status = STATUS_WAITING;
  gp.hook = hook;
  gp.schedlink = sched.worldq;
  sched.worldq = changetype<usize>(gp);
  unlock(schedLock());
  return false;
}

/** sched.lock is held, and released. */
function beginStop(): void {
  atomic.store<u32>(s(GCWAITING), 1);
  jitter();
  changetype<P>(p).status = PSTATUS_GCSTOP;
  let wait = sched.gomaxprocs - 1;
  for (let a = pidleget(); a; a = pidleget()) { changetype<P>(a).status = PSTATUS_GCSTOP; wait--; }
  atomic.store<u32>(s(STOPWAIT), wait);
  unlock(schedLock());
  beginPatience();
  for (let left: u32 = wait; left; left = atomic.load<u32>(s(STOPWAIT))) {
    for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) {
      const pp = allp(i);
      jitter();
      if (changetype<usize>(pp) == p) continue;
      const status = atomic.load<u32>(changetype<usize>(pp) + offsetof<P>('status'));
      if ((status & PSTATUS_MASK) == PSTATUS_SYSCALL) stopInSyscall(pp);
      else if (status != PSTATUS_GCSTOP) preempt(pp);
    }
    if (maySleep) atomic.wait<i32>(s(STOPWAIT), left, 1_000_000);
    else bePatient();
  }
}

/** The world goes on. */
export function startTheWorld(): void {
  if (!threaded) return;
  let busy: usize = 0;
  lock(schedLock());
  changetype<P>(p).status = PSTATUS_RUNNING;
  for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) {
    const pp = allp(i);
    if (changetype<usize>(pp) == p) continue;
    disarm(pp);
    pp.status = PSTATUS_IDLE;
    if (runqempty(pp)) pidleput(pp);
    else { pp.link = busy; busy = changetype<usize>(pp); }
  }
  while (sched.worldq) {
    const gp = changetype<G>(sched.worldq);
    sched.worldq = gp.schedlink;
    gp.status = STATUS_RUNNABLE;
    if (tracing()) traceGoUnblock(gp);
    globrunqputLocked(gp);
  }
  sched.stopper = 0;
  atomic.store<u32>(s(GCWAITING), 0);
  unlock(schedLock());
  jitter();
  while (busy) {
    const pp = changetype<P>(busy);
    busy = pp.link;
    startOrStop(pp);
  }
  wakep();
}

/** Starts an M with pp, which has work and which nobody holds; if the world is being stopped again, pp is one of those that it waits for. */
function startOrStop(pp: P): void {
  lock(schedLock());
  if (!sched.gcwaiting) { startmLocked(pp, false); return; }
  countStopped(pp);
  unlock(schedLock());
}

/** pp, which nobody holds, has stopped: one of those that whoever stops the world waits for. */
export function countStopped(pp: P): void {
  pp.status = PSTATUS_GCSTOP;
  if (xadd(s(STOPWAIT), -1) == 0) atomic.notify(s(STOPWAIT), -1);
}

/** This M stops for whoever stops the world, until it is given a P again. False: M0 must return to the host for that. */
export function gcstopm(): bool {
  const mp = changetype<M>(m), pp = changetype<P>(p);
  quitSpinning();
  releasep(pp);
  lock(schedLock());
  countStopped(pp);
  mput(mp);
  // M0 may have been about to take one of those that wait for it.
  if (m == sched.m0 && sched.m0q) sched.m0waits = 1;
  unlock(schedLock());
  return stopm();
}

/** Sleeps until woken with a P; the M is on the idle list. False: M0 must return to the host for that. */
export function stopm(): bool {
  while (!woken()) if (!sleep(-1)) return false;
  takeNextP();
  return true;
}

/** Takes the P that it was woken with. */
export function takeNextP(): void {
  const mp = changetype<M>(m), pp = changetype<P>(mp.nextp);
  mp.nextp = 0;
  jitter();
  acquirep(pp);
}

// Goroutines that are locked to their thread (runtime.LockOSThread): their M runs nothing else, and no other M runs them.
//
// Protocol. G.lockedm and M.lockedg name each other; both are written by the M that runs the goroutine. When that one waits, the M gives its P
// away, says so with M.idle = IDLE_LOCKED (under sched.lock) and sleeps on its note, in no list. Whoever takes the goroutine out of a queue gives
// it to its M (M.nextg, under sched.lock) and, if that sleeps, the P with it, and goes to the idle list itself. M0 can meanwhile be given a P like an idle M0, for goroutines that
// need it. A goroutine that lets its M go while it is on M0 puts the M into the idle list.
//
// While there is one M it runs all goroutines, and the first that asked is locked to it; others when they run on an M of their own. So
// it stays where the host can start no thread.

import { currentP, g, m, p, threaded } from './state';
import { G, HOOK_IMPORT, HOOK_JSCALL, HOOK_ON_M0, IDLE_LOCKED, M } from './structs';
import { handoffLocked } from './handoff';
import { lock, unlock } from './lock';
import { mput, mremove, noteWakeup, quitSpinning, startWantedThread } from './m';
import { releasep } from './p';
import { sched } from './shared';
import { schedLock } from './runq';
import { stopm } from './stw';
import { takeM0 } from './m0';

/** runtime.LockOSThread, a count. */
export function lockthread(): void {
  const gp = changetype<G>(g);
  if (gp.lockcount++ == 0) bind(g);
}

/** Ties a goroutine, which this M runs, to this M if it wants that and the M is free; else it is tied where it runs next. */
export function bind(a: usize): void {
  const gp = changetype<G>(a), mp = changetype<M>(m);
  if (!gp.lockcount || gp.lockedm || mp.lockedg) return;
  gp.lockedm = m;
  mp.lockedg = a;
}

/** runtime.UnlockOSThread. */
export function unlockthread(): void {
  const gp = changetype<G>(g);
  if (gp.lockcount && --gp.lockcount == 0) releaseThread(gp);
}

/** The goroutine's M is free again. */
export function releaseThread(gp: G): void {
  const mp = changetype<M>(gp.lockedm);
  gp.lockcount = 0;
  gp.lockedm = 0;
  if (!changetype<usize>(mp)) return;
  lock(schedLock());
  mp.lockedg = 0;
  if (mp.idle == IDLE_LOCKED) mput(mp);
  unlock(schedLock());
}

/** Is this M for one goroutine alone? */
@inline
export function isLocked(): bool { return threaded && changetype<M>(m).lockedg != 0 && !sched.nothreads; }

/** Is gp for another M alone? Not while it has something to do on M0. */
@inline
export function isOthers(a: usize): bool {
  const gp = changetype<G>(a);
  return gp.lockedm != 0 && gp.lockedm != m && threaded && !sched.nothreads && gp.hook != HOOK_ON_M0 && gp.hook != HOOK_JSCALL && gp.hook != HOOK_IMPORT;
}

/** Gives gp and this M's P to the M that it is locked to; this M is then idle. False: that M is awake, and has or will have a P. */
export function startlockedm(gp: usize): bool {
  const mp = changetype<M>(changetype<G>(gp).lockedm), pp = currentP();
  quitSpinning();
  lock(schedLock());
  mp.nextg = gp;
  if (!mp.idle) { unlock(schedLock()); return false; }
  releasep(pp);
  mremove(mp);
  mp.nextp = changetype<usize>(pp);
  mput(changetype<M>(m));
  unlock(schedLock());
  noteWakeup(mp);
  return true;
}

/** What this M, which is locked to a goroutine, runs next: sleeps until it is given that one. 0: look again; NOTHING: M0 must return to the host, or there is no P. */
export function nextLocked(): usize {
  const mp = changetype<M>(m), isM0 = m == sched.m0;
  if (p) {
    if (mp.nextg) return takeNextG(mp);
    if (isM0) { const a = takeM0(); if (a) return a; }
    const pp = currentP();
    lock(schedLock());
    // Released, or something has come.
    if (!mp.lockedg || mp.nextg || (isM0 && sched.m0q)) { unlock(schedLock()); return 0; }
    mp.idle = IDLE_LOCKED;
    releasep(pp);
    handoffLocked(pp);
    startWantedThread();
  }
  if (!stopm()) return NOTHING;
  return mp.nextg ? takeNextG(mp) : 0;
}

export const NOTHING: usize = 1;

function takeNextG(mp: M): usize {
  const a = mp.nextg;
  mp.nextg = 0;
  return a;
}

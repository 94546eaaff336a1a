// Ms: making, parking and waking them.
//
// Protocol. An M without work gives up its P, puts itself on the idle list (both under sched.lock) and sleeps on its note. Whoever has
// work and finds an idle P takes P and M off their lists under sched.lock, writes M.nextp and then sets the note; the M wakes with that P. An
// M is therefore woken only by who took it off the list, and each taking is followed by one waking. No idle M: the host starts a thread.
//
// Spinning Ms look for work in others' queues. Who readies a goroutine wakes an M only if nobody spins (wakep): the spinning one will
// find it. So an M that stops spinning looks once more at all queues after it has said so (proc.ts), and the last spinning M that finds
// work wakes another, as there may be more: no work is left while Ps are idle, and no crowd is woken for one goroutine (Go's proc.go).
//
// M0 is a special sleeper: where it may not block, or a host source is pending, it sleeps by returning to the host, which waits for the same note.

import { IDLE_LOCKED, M, P } from './structs';
import { EXITING, host_exit, HOST_LISTENS, HOST_PENDING, host_start_m, M0_NOTE, RESULT_AREA_SLOTS, RUNNING, SYSMON_SLEEPS, THREADED } from './layout.gen';
import { kalloc } from './pageheap';
import { lock, unlock, xadd } from './lock';
import { m, maySleep, page, setThreaded, threaded } from './state';
import { acquirep, pidleget, pidleput } from './p';
import { Sched, sched } from './shared';
import { isBooting } from './poll';
import { schedLock } from './runq';
import { jitter, wakeEarly } from './stress';

const NPIDLE: usize = offsetof<Sched>('npidle');
const NMSPINNING: usize = offsetof<Sched>('nmspinning');

@inline
function s(field: usize): usize { return changetype<usize>(sched) + field; }

/** A new M's record. No lock is held. */
export function newM(id: u32): M {
  const mp = changetype<M>(kalloc(offsetof<M>()));
  mp.id = id;
  mp.area = kalloc(RESULT_AREA_SLOTS * 8);
  lock(schedLock());
  mp.alllink = sched.allm;
  sched.allm = changetype<usize>(mp);
  unlock(schedLock());
  return mp;
}

@inline
export function noteOf(mp: M): usize { return mp.id == 0 ? <usize>M0_NOTE : changetype<usize>(mp) + offsetof<M>('note'); }

/** Wakes an M that was taken off the idle list. */
export function noteWakeup(mp: M): void {
  jitter();
  atomic.store<u32>(noteOf(mp), 1);
  // All: on M0's note its host may wait besides M0.
  atomic.notify(noteOf(mp), -1);
}

/** The host can start threads. */
let maySpawn: bool = false;

export function setMaySpawn(x: bool): void { maySpawn = x; }

/** There is work for another thread: from now on there may be several Ms, if the host can start any, but not for programs that end at once. On M0, in the scheduler. */
export function mayGoThreaded(): void {
  if (!isBooting() && sched.gomaxprocs >= 2) goThreaded();
}

/** From now on there may be several Ms, if the host can start any. On M0, in the scheduler. */
export function goThreaded(): void {
  if (!maySpawn) return;
  setThreaded(true);
  sched.threaded = 1;
  atomic.store<u32>(THREADED, 1);
}

/** Puts mp on the idle list. sched.lock is held. */
export function mput(mp: M): void {
  mp.link = sched.midle;
  mp.idle = 1;
  sched.midle = changetype<usize>(mp);
  sched.nmidle++;
}

/** Takes an idle M, 0 if none. M0 is taken last while host sources are pending: it shall hear them; a page's only if there can be no other. sched.lock is held. */
function mget(): usize {
  let at = s(offsetof<Sched>('midle'));
  if (load<u32>(at) == sched.m0 && (page || load<u32>(HOST_PENDING))) {
    const second = changetype<M>(sched.m0).link;
    if (second) at = sched.m0 + offsetof<M>('link');
    else if (page && !sched.nothreads) return 0;
  }
  const a: usize = load<u32>(at);
  if (a) unlinkM(at, changetype<M>(a));
  return a;
}

function unlinkM(at: usize, mp: M): void {
  store<u32>(at, mp.link);
  mp.idle = 0;
  sched.nmidle--;
  if (sched.timerm == changetype<usize>(mp)) sched.timerm = 0;
}

/** Takes mp itself off the idle list, if nobody else has. sched.lock is held. */
export function mremove(mp: M): bool {
  if (!mp.idle) return false;
  if (mp.idle == IDLE_LOCKED) { mp.idle = 0; return true; }
  let at = s(offsetof<Sched>('midle'));
  while (load<u32>(at) != changetype<usize>(mp)) at = load<u32>(at) + offsetof<M>('link');
  unlinkM(at, mp);
  return true;
}

/**
 * Runs pp on an idle or new M; `spinning`: the caller has counted it. sched.lock is held, and released; nobody stops the world. If no M is
 * idle, a thread is started, one at a time: that takes tens of milliseconds, in which the P is idle as before and whoever runs out of work
 * may have it; the thread takes a P when it is there.
 */
export function startmLocked(pp: P, spinning: bool): void {
  const a = mget();
  if (a) {
    unlock(schedLock());
    const mp = changetype<M>(a);
    mp.spinning = <u32>spinning;
    mp.nextp = changetype<usize>(pp);
    noteWakeup(mp);
    return;
  }
  const begin = !sched.starting && !sched.nothreads;
  if (begin) sched.starting = 1;
  pidleput(pp);
  if (spinning) atomic.sub<u32>(s(NMSPINNING), 1);
  unlock(schedLock());
  if (begin) threadWanted = true;
}

/** This M shall start a thread when it is next in the scheduler: the caller may hold locks. */
let threadWanted: bool = false;

/** Starts the thread that was asked for. No lock is held. */
export function startWantedThread(): void {
  if (!threadWanted) return;
  threadWanted = false;
  const mp = newM(xadd(s(offsetof<Sched>('nm')), 1) - 1);
  if (host_start_m(changetype<usize>(mp))) return;
  // Those there are do the work.
  lock(schedLock());
  sched.nothreads = 1;
  sched.starting = 0;
  unlock(schedLock());
}

/**
 * A new thread is there: it takes a P if there is an idle one, else sleeps. On the new M. It may be another P than the one that was to be run, whose queue is
 * not empty: so this M spins, and wakes another when it has found work.
 */
export function mstarted(): bool {
  lock(schedLock());
  sched.starting = 0;
  const a = sched.gcwaiting ? 0 : pidleget();
  if (!a) mput(changetype<M>(m));
  unlock(schedLock());
  if (!a) return false;
  acquirep(changetype<P>(a));
  changetype<M>(m).spinning = 1;
  atomic.add<u32>(s(NMSPINNING), 1);
  return true;
}

/** Wakes an M to look for work, if a P is idle and no M looks already. */
export function wakep(): void {
  if (atomic.load<u32>(s(NPIDLE)) == 0 || atomic.load<u32>(s(NMSPINNING)) != 0) return;
  jitter();
  if (atomic.cmpxchg<u32>(s(NMSPINNING), 0, 1) != 0) return;
  lock(schedLock());
  const a = sched.gcwaiting ? 0 : pidleget();
  if (!a) {
    // Under the lock: an M that gives its P up from now on looks at the queues after this, so it finds what others did not call anybody for.
    atomic.sub<u32>(s(NMSPINNING), 1);
    unlock(schedLock());
    return;
  }
  startmLocked(changetype<P>(a), true);
}

/** This M looks for work no longer. */
export function quitSpinning(): void {
  if (!changetype<M>(m).spinning) return;
  changetype<M>(m).spinning = 0;
  jitter();
  atomic.sub<u32>(s(NMSPINNING), 1);
}

/** This M sleeps until it is woken; its P is gone and it is on the idle list. False: M0 must return to the host for that. `ns` < 0: no limit. */
export function sleep(ns: i64): bool {
  if (changetype<M>(m).id == 0 && (exporting || !nested) && (exporting || !maySleep || load<u32>(HOST_PENDING) || load<u32>(HOST_LISTENS))) return false;
  sleepHere(ns);
  return true;
}

/** The same, on this thread in any case. */
export function sleepHere(ns: i64): void {
  const at = noteOf(changetype<M>(m));
  stopped();
  jitter();
  if (maySleep && !wakeEarly() && atomic.load<u32>(at) == 0) atomic.wait<i32>(at, 0, ns);
  nowRunning();
}

/** Calls of the host into the program that are under way on M0, one inside the other: its stack holds frames of the host between them. */
export let nested: i32 = 0;
export function addNested(n: i32): void { nested += n; }

/** M0 runs goroutines for a call of an export, which ends when there is nothing to run: it does not sleep. */
export let exporting: bool = false;
export function setExporting(x: bool): void { exporting = x; }

/** Was this M woken? Takes the note back. M0 is woken without a P too, to end the program. */
export function woken(): bool {
  const at = noteOf(changetype<M>(m));
  if (atomic.load<u32>(at) == 0) return false;
  if (atomic.load<u32>(EXITING)) { host_exit(0); unreachable(); }
  atomic.store<u32>(at, 0);
  return true;
}

/** This M runs: sysmon, which may have gone to sleep, has something to watch. */
export function nowRunning(): void {
  // Before the look at SYSMON_SLEEPS, with one M too: sysmon is another thread.
  atomic.add<u32>(RUNNING, 1);
  if (load<u32>(SYSMON_SLEEPS)) {
    atomic.store<u32>(SYSMON_SLEEPS, 0);
    atomic.notify(SYSMON_SLEEPS, 1);
  }
}

export function stopped(): void { atomic.sub<u32>(RUNNING, 1); }

/** A timer was set for `when`: if no sleeping M waits for that or an earlier time, one is woken to look. */
export function wakeForTimer(when: i64): void {
  if (atomic.load<u32>(s(NPIDLE)) == 0) return;
  lock(schedLock());
  const known = sched.timerm != 0 && sched.timeruntil <= when;
  const a = known || sched.gcwaiting ? 0 : pidleget();
  if (!a) { unlock(schedLock()); return; }
  startmLocked(changetype<P>(a), false);
}

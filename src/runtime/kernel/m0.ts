// M0, whose thread the host's event loop runs on: what only it may do (calls on JavaScript values, signals, waiting for streams) other Ms pass on
// to it.
//
// Protocol. Goroutines that must go on on M0 wait in sched.m0q, under sched.lock; only M0 takes them. If M0 is idle it is given an idle
// P and woken; if no P is idle, m0waits asks any M that next comes to its scheduler to hand its P over. M0 wants a P in the same way when
// the host calls into the program.

import { G, M, P } from './structs';
import { Sched, sched } from './shared';
import { acquirep, allp, pidleget, releasep } from './p';
import { lock, unlock } from './lock';
import { beginPatience, bePatient } from './patience';
import { m, maySleep, p, threaded } from './state';
import { mput, mremove, noteWakeup, quitSpinning, sleepHere, woken } from './m';
import { preempt } from './poll';
import { schedLock } from './runq';
import { stopm, takeNextP } from './stw';
import { RUNNING, STATUS_RUNNABLE } from './layout.gen';
import { firstTimer } from './timer';
import { jitter } from './stress';

const M0WAITS: usize = offsetof<Sched>('m0waits');
const M0Q: usize = offsetof<Sched>('m0q');

/** Does this M run on the host's thread? */
@inline
export function onM0(): bool { return !threaded || m == sched.m0; }

/** Queues gp, which is suspended, for M0. */
export function readyM0(gp: G): void {
  const m0 = changetype<M>(sched.m0);
  gp.status = STATUS_RUNNABLE;
  gp.schedlink = 0;
  lock(schedLock());
  let at = changetype<usize>(sched) + M0Q;
  while (load<u32>(at)) at = load<u32>(at) + offsetof<G>('schedlink');
  atomic.store<u32>(at, changetype<usize>(gp));
  const a = m0.idle && !sched.gcwaiting ? pidleget() : 0;
  if (a) {
    mremove(m0);
    m0.nextp = a;
  } else atomic.store<u32>(changetype<usize>(sched) + M0WAITS, m0.idle);
  const held = m0.p;
  unlock(schedLock());
  jitter();
  if (a) noteWakeup(m0);
  else if (held) preempt(changetype<P>(held));
}

/** The next goroutine that waits for M0, 0 if none. On M0. */
export function takeM0(): usize {
  if (!atomic.load<u32>(changetype<usize>(sched) + M0Q)) return 0;
  lock(schedLock());
  const a = sched.m0q;
  if (a) sched.m0q = changetype<G>(a).schedlink;
  unlock(schedLock());
  return a;
}

/** Nothing of the program runs, nor will by itself: all wait for the host, or for one another. On M0, which is with the host. */
export function quiet(): bool {
  if (atomic.load<u32>(RUNNING)) return false;
  lock(schedLock());
  const is = !sched.runqsize && !sched.m0q && !sched.starting && !atomic.load<u32>(changetype<usize>(sched) + offsetof<Sched>('nsyscall')) && sched.npidle == <u32>sched.gomaxprocs && !firstTimer();
  unlock(schedLock());
  return is;
}

/** M0 waits for a P, and this is another M. */
@inline
export function m0Waits(): bool { return atomic.load<u32>(changetype<usize>(sched) + M0WAITS) != 0 && m != sched.m0; }

/** Something that M0 waits for has happened on this M, which then hands its P over. */
export function callM0(): void {
  if (onM0()) return;
  lock(schedLock());
  sched.m0waits = changetype<M>(sched.m0).idle;
  unlock(schedLock());
}

/** Hands this M's P to M0, if that still waits, and sleeps until another one is there. */
export function handToM0(): void {
  const m0 = changetype<M>(sched.m0), pp = changetype<P>(p);
  lock(schedLock());
  const wanted = sched.m0waits && m0.idle && !sched.gcwaiting;
  sched.m0waits = 0;
  if (!wanted) { unlock(schedLock()); return; }
  quitSpinning();
  releasep(pp);
  mremove(m0);
  m0.nextp = changetype<usize>(pp);
  mput(changetype<M>(m));
  unlock(schedLock());
  noteWakeup(m0);
  stopm();
}

/** M0, on the idle list and called by the host, waits for a P. */
export function waitForP(): void {
  lock(schedLock());
  const mp = changetype<M>(m);
  let a: usize = 0;
  if (mp.idle && !sched.gcwaiting) a = pidleget();
  if (a) mremove(mp);
  else if (mp.idle) {
    sched.m0waits = 1;
    for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) if (allp(i).m) { preempt(allp(i)); break; }
  }
  unlock(schedLock());
  jitter();
  if (a) { acquirep(changetype<P>(a)); return; }
  beginPatience();
  while (!woken()) {
    if (maySleep) sleepHere(-1);
    else bePatient();
  }
  takeNextP();
}

// Giving a P away: to M0 if that waits for one, to an M if there is or may be work, else to the idle list.

import { M, P, PSTATUS_GCSTOP } from './structs';
import { mremove, noteWakeup, startmLocked } from './m';
import { pidleput } from './p';
import { runqempty, schedLock } from './runq';
import { Sched, sched } from './shared';
import { timer0 } from './timer';
import { unlock, xadd } from './lock';

/** Gives pp, which nobody holds, to whoever may need it. sched.lock is held, and released. The caller starts the thread that may be wanted. */
export function handoffLocked(pp: P): void {
  if (sched.gcwaiting) {
    // One of those that whoever stops the world waits for.
    pp.status = PSTATUS_GCSTOP;
    const stopwait = changetype<usize>(sched) + offsetof<Sched>('stopwait');
    if (xadd(stopwait, -1) == 0) atomic.notify(stopwait, -1);
    unlock(schedLock());
    return;
  }
  const m0 = changetype<M>(sched.m0);
  if (sched.m0waits && m0.idle) {
    sched.m0waits = 0;
    mremove(m0);
    m0.nextp = changetype<usize>(pp);
    unlock(schedLock());
    noteWakeup(m0);
    return;
  }
  if (runqempty(pp) && !sched.runqsize && !timer0(pp)) { pidleput(pp); unlock(schedLock()); return; }
  startmLocked(pp, false);
}

// Giving a P away: to M0 if that waits for one, to an M if there is or may be work, else to the idle list.

import { countStopped } from './stw';
import { M, P } from './structs';
import { mremove, noteWakeup, startmLocked } from './m';
import { pidleput } from './p';
import { runqempty, schedLock } from './runq';
import { sched } from './shared';
import { timer0 } from './timer';
import { unlock } from './lock';

/** Gives pp, which nobody holds, to whoever may need it. sched.lock is held, and released. The caller starts the thread that may be wanted. */
export function handoffLocked(pp: P): void {
  if (sched.gcwaiting) {
    countStopped(pp);
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

// Blocking calls of the host, and handing the P off while one lasts (Go's entersyscall, exitsyscall, retake, handoffp).
//
// Protocol. A goroutine that makes such a call is suspended first, so that a collection finds its frames in memory; its M then makes the call for
// it. Before, the M stores PSTATUS_SYSCALL with its own number into its P's status (the P may come back here in the hands of another M);
// from that moment the P is whose compare-and-swap takes the status from there: the M's own (back to PSTATUS_RUNNING: the call was short), sysmon's (to PSTATUS_IDLE: it has lasted, and there is work: the P goes to
// another M) or that of who stops the world (to PSTATUS_GCSTOP). While the call lasts the M touches nothing of the P, nor the heap. An M that has
// lost its P takes an idle one, or puts its goroutine into the global queue and sleeps on the idle list. Calls whose P was taken are
// counted in sched.nsyscall: while there are any, nobody may find a deadlock.
//
// While there is one M its locks are plain stores. sysmon may take its P all the same, for the M is outside the kernel then: it makes the
// program threaded before it takes a lock, and the M notes that as soon as it finds its P gone.

import { acquirep, allp, pidleget, pidleremove } from './p';
import { addLocks, g, m, OP_LASTING, OP_SYSCALL, p, page, setG, setP, setMaySleep, setThreaded, suspend, threaded } from './state';
import { lock, unlock, xadd } from './lock';
import { disarm, startSysmon } from './poll';
import { G, IDLE_LOCKED, M, P, PSTATUS_GCSTOP, PSTATUS_IDLE, PSTATUS_M_SHIFT, PSTATUS_MASK, PSTATUS_RUNNING, PSTATUS_SYSCALL } from './structs';
import { countStopped, gcwaiting } from './stw';
import { globrunqputLocked, runqempty, schedLock } from './runq';
import { handoffLocked } from './handoff';
import { mput, startWantedThread } from './m';
import { firstTimer, timer0 } from './timer';
import { Sched, sched } from './shared';
import { noteSteal, traceevent, traceGoStart, traceProcSteal, traceSyscallBegin, tracing } from './trace';
import { STATUS_RUNNABLE, STATUS_RUNNING, STATUS_SYSCALL, THREADED, TRACE_GO_SYSCALL_END, TRACE_GO_SYSCALL_END_BLOCKED } from './layout.gen';

const NSYSCALL: usize = offsetof<Sched>('nsyscall');

@inline
function s(field: usize): usize { return changetype<usize>(sched) + field; }
@inline
function statusWord(pp: P): usize { return changetype<usize>(pp) + offsetof<P>('status'); }

/**
 * Calls fn, a Go func() that makes one call of the host, suspends nowhere and allocates nothing, such that other goroutines run meanwhile;
 * result 1. Or result 0: the caller shall call it itself, as nothing waits or the host does not block. `long`: it may last for ever.
 */
export function blockingcall(fn: usize, long: bool): i32 {
  const gp = changetype<G>(g);
  gp.kres0 = 0;
  if (page || (!threaded && runqempty(changetype<P>(p)) && !sched.runqsize && !firstTimer())) return 0;
  if (long) startSysmon();
  return suspend(OP_SYSCALL, fn);
}

/**
 * The same for a call that waits for somebody who may never come. M0 does not make it if there can be other threads: nobody would hear the host's
 * events meanwhile, and only M0 can end the process.
 */
export function lastingcall(fn: usize): i32 {
  changetype<G>(g).kres0 = 0;
  if (page) return 0;
  startSysmon();
  return suspend(OP_LASTING, fn);
}

/** Makes gp's call; false if gp has lost its P and waits in the global queue, and this M has none. */
export function syscall(gp: G, fn: usize): bool {
  const pp = changetype<P>(p);
  setG(changetype<usize>(gp));
  gp.status = STATUS_SYSCALL;
  gp.hookarg = changetype<M>(m).id;
  if (tracing()) traceSyscallBegin(gp, pp);
  entersyscall(pp);
  addLocks(1);
  call_indirect<i32>(load<u32>(fn), fn, 0);
  addLocks(-1);
  setG(0);
  gp.kres0 = 1;
  return exitsyscall(gp, pp);
}

/** Status of a P while this M is in a call with it. */
@inline
function inSyscall(): u32 { return PSTATUS_SYSCALL | (changetype<M>(m).id << PSTATUS_M_SHIFT); }

function entersyscall(pp: P): void {
  pp.syscalltick++;
  atomic.store<u32>(statusWord(pp), inSyscall());
  // Who stops the world either sees the status or is seen here.
  if (!gcwaiting()) return;
  lock(schedLock());
  if (sched.gcwaiting) stopInSyscall(pp);
  unlock(schedLock());
}

/** Stops a P whose M is in a call, if it still is. */
export function stopInSyscall(pp: P): void {
  if (takeFromSyscall(pp, PSTATUS_GCSTOP)) countStopped(pp);
}

/** Takes pp from the M that is in a call with it. */
function takeFromSyscall(pp: P, status: u32): bool {
  const old = atomic.load<u32>(statusWord(pp));
  if ((old & PSTATUS_MASK) != PSTATUS_SYSCALL) return false;
  // Counted first: the M may come back at once.
  xadd(s(NSYSCALL), 1);
  if (atomic.cmpxchg<u32>(statusWord(pp), old, status) == old) {
    noteSteal(pp);
    pp.m = 0;
    return true;
  }
  xadd(s(NSYSCALL), -1);
  return false;
}

/** The call has returned: the old P, or an idle one, or none. */
function exitsyscall(gp: G, pp: P): bool {
  if (atomic.cmpxchg<u32>(statusWord(pp), inSyscall(), PSTATUS_RUNNING) == inSyscall()) {
    gp.status = STATUS_RUNNING;
    if (tracing()) traceevent(TRACE_GO_SYSCALL_END, 0, 0, 0);
    return true;
  }
  setThreaded(true);
  const mp = changetype<M>(m);
  setP(0);
  mp.p = 0;
  lock(schedLock());
  if (tracing()) {
    if (pp.stolenfrom == mp.id + 1) traceProcSteal(pp);
    traceevent(TRACE_GO_SYSCALL_END_BLOCKED, 0, 0, 0);
  }
  const a: usize = sched.gcwaiting ? 0 : pidleremove(pp) ? changetype<usize>(pp) : pidleget();
  if (a) {
    xadd(s(NSYSCALL), -1);
    unlock(schedLock());
    acquirep(changetype<P>(a));
    gp.status = STATUS_RUNNING;
    if (tracing()) traceGoStart(gp);
    return true;
  }
  gp.status = STATUS_RUNNABLE;
  globrunqputLocked(gp);
  xadd(s(NSYSCALL), -1);
  // One that is locked to its goroutine waits for that alone.
  if (mp.lockedg) mp.idle = IDLE_LOCKED;
  else mput(mp);
  if (m == sched.m0 && sched.m0q) sched.m0waits = 1;
  unlock(schedLock());
  return false;
}

/** The i-th P's M has been in one call for a while: takes the P, if there is something to do, and gives it to another M. In sysmon's own instance. */
export function retake(i: u32): void {
  setThreaded(true);
  setMaySleep(true);
  const pp = allp(i);
  if (runqempty(pp) && !sched.runqsize && !timer0(pp) && !gcwaiting() && !atomic.load<u32>(s(offsetof<Sched>('m0waits')))) return;
  if (!takeFromSyscall(pp, PSTATUS_IDLE)) return;
  if (!sched.threaded) {
    sched.threaded = 1;
    atomic.store<u32>(THREADED, 1);
  }
  disarm(pp);
  lock(schedLock());
  handoffLocked(pp);
  startWantedThread();
}

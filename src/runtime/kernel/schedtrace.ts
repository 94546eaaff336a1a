// GODEBUG=schedtrace and scheddetail: what the scheduler's structures hold at one moment, a call of the host for each of them, which makes gc's
// lines of the numbers (src/runtime/host/schedtrace.ts). Called by sysmon, in an instance of its own.
//
// With several Ms it holds sched.lock meanwhile, as gc does: lists don't change, single words do. With one M that one takes its locks by plain
// stores, so nothing may be locked here; all words may change, and a G is looked at only if it is one.

import { allp } from './p';
import { G, IDLE_LOCKED, M, P, PSTATUS_MASK } from './structs';
import { heap, sched } from './shared';
import { host_schedline, STATUS_RUNNING, STATUS_SYSCALL, SYSMON_SLEEPS } from './layout.gen';
import { lock, unlock } from './lock';
import { setMaySleep, setThreaded } from './state';
import { schedLock } from './runq';

// Kinds of lines.
const LINE_SCHED: i32 = 0;
const LINE_P: i32 = 1;
const LINE_M: i32 = 2;
const LINE_G: i32 = 3;
/** The trace is complete. */
const LINE_END: i32 = 4;

const NIL: f64 = -1;

/** Tells the host of the scheduler and its Ps; `detailed`: of Ms and Gs too. */
export function schedtrace(detailed: bool): void {
  const locked = sched.threaded != 0;
  if (locked) {
    setThreaded(true);
    setMaySleep(true);
    lock(schedLock());
  }
  host_schedline(LINE_SCHED, sched.gomaxprocs, sched.npidle, sched.nm, sched.nmspinning, sched.nmidle, sched.runqsize, sched.gcwaiting, lockedIdle(), sched.stopwait, load<u32>(SYSMON_SLEEPS));
  for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) traceP(allp(i));
  if (detailed) {
    for (let a = sched.allm; a; a = changetype<M>(a).alllink) traceM(changetype<M>(a));
    for (let i: u32 = 0, n = sched.nallgs; i < n; i++) {
      const a = gAt(i);
      if (a) traceG(changetype<G>(a));
    }
  }
  if (locked) unlock(schedLock());
  host_schedline(LINE_END, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/** Ms that sleep until the goroutine that is locked to them is runnable. */
function lockedIdle(): u32 {
  let n: u32 = 0;
  for (let a = sched.allm; a; a = changetype<M>(a).alllink) if (changetype<M>(a).idle == IDLE_LOCKED) n++;
  return n;
}

function traceP(pp: P): void {
  host_schedline(LINE_P, pp.id, pp.status & PSTATUS_MASK, pp.schedtick, pp.syscalltick, idOf(pp.m), pp.runqtail - pp.runqhead, pp.ngfree, pp.ntimers, 0, 0);
}

function traceM(mp: M): void {
  const pp = mp.p, idle = mp.idle != 0 && mp.note == 0;
  host_schedline(LINE_M, mp.id, pp ? <f64>changetype<P>(pp).id : NIL, goidOf(runBy(mp)), mp.spinning, <f64>idle, goidOf(mp.lockedg), 0, 0, 0, 0);
}

function traceG(gp: G): void {
  host_schedline(LINE_G, <f64>gp.goid, gp.status, gp.waitreason, isRunning(gp) ? idOf(gp.m) : NIL, idOf(gp.lockedm), 0, 0, 0, 0, 0);
}

function isRunning(gp: G): bool { return gp.status == STATUS_RUNNING || gp.status == STATUS_SYSCALL; }

/** The i-th G, 0 if what stands there is none. */
function gAt(i: u32): usize {
  const a: usize = load<u32>(sched.allgs + (i << 2));
  return a < heap.arenaTop ? a : 0;
}

/** The goroutine that mp runs, 0 if none. */
function runBy(mp: M): usize {
  for (let i: u32 = 0, n = sched.nallgs; i < n; i++) {
    const gp = changetype<G>(gAt(i));
    if (changetype<usize>(gp) && isRunning(gp) && gp.m == changetype<usize>(mp)) return changetype<usize>(gp);
  }
  return 0;
}

function idOf(mp: usize): f64 { return mp ? <f64>changetype<M>(mp).id : NIL; }
function goidOf(a: usize): f64 { return a ? <f64>changetype<G>(a).goid : NIL; }

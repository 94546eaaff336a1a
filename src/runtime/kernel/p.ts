// Ps: taking and leaving them, the list of idle ones, changing their number.

import { ALLP, MAX_PROCS, NPROCS, TRACE_GO_STOP } from './layout.gen';
import { chunkCacheFlush, STACK_CACHE_SIZE, wireStacks } from './stack';
import { flushMcache, initMcache, MCACHE_SIZE, wireMcache } from './malloc';
import { globrunqputLocked, runqget } from './runq';
import { G, M, P, PSTATUS_DEAD, PSTATUS_IDLE, PSTATUS_RUNNING, RUNQ_SIZE } from './structs';
import { disarm } from './poll';
import { kalloc } from './pageheap';
import { g, m, setP, threaded } from './state';
import { moveTimers } from './timer';
import { traceevent, traceGoStart, traceProcNew, traceProcStart, traceProcStop, tracing } from './trace';
import { Sched, sched } from './shared';

@inline
export function allp(i: u32): P { return changetype<P>(load<u32>(sched.allp + (i << 2))); }

/** The M takes pp, which nobody holds; the world may be stopped. */
export function acquirep(pp: P): void {
  const a = changetype<usize>(pp);
  setP(a);
  wireMcache(pp.mcache);
  wireStacks(pp.stackcache);
  pp.m = m;
  pp.status = PSTATUS_RUNNING;
  changetype<M>(m).p = a;
  if (tracing()) traceProcStart(pp);
}

/** The M leaves its P. */
export function releasep(pp: P): void {
  if (tracing()) traceProcStop();
  disarm(pp);
  pp.m = 0;
  pp.status = PSTATUS_IDLE;
  changetype<M>(m).p = 0;
  setP(0);
}

/** Puts a P that nobody holds on the idle list. sched.lock is held. */
export function pidleput(pp: P): void {
  pp.status = PSTATUS_IDLE;
  pp.link = sched.pidle;
  sched.pidle = changetype<usize>(pp);
  atomic.store<u32>(changetype<usize>(sched) + offsetof<Sched>('npidle'), sched.npidle + 1);
}

/** Takes an idle P, 0 if there is none. sched.lock is held. */
export function pidleget(): usize {
  const a = sched.pidle;
  if (!a) return 0;
  sched.pidle = changetype<P>(a).link;
  atomic.store<u32>(changetype<usize>(sched) + offsetof<Sched>('npidle'), sched.npidle - 1);
  return a;
}

/** Takes pp off the idle list, if it is there. sched.lock is held. */
export function pidleremove(pp: P): bool {
  for (let at = changetype<usize>(sched) + offsetof<Sched>('pidle'); load<u32>(at); at = load<u32>(at) + offsetof<P>('link')) {
    if (load<u32>(at) != changetype<usize>(pp)) continue;
    store<u32>(at, pp.link);
    atomic.store<u32>(changetype<usize>(sched) + offsetof<Sched>('npidle'), sched.npidle - 1);
    return true;
  }
  return false;
}

function newP(id: u32): P {
  const pp = changetype<P>(kalloc(offsetof<P>()));
  pp.id = id;
  pp.status = PSTATUS_DEAD;
  pp.runq = kalloc(RUNQ_SIZE * 4);
  pp.mcache = kalloc(MCACHE_SIZE);
  initMcache(pp.mcache);
  pp.stackcache = kalloc(STACK_CACHE_SIZE);
  return pp;
}

/**
 * Makes it n Ps; the world is stopped, or there is one M. Work of those that go moves to the global queue, their timers to P 0. Ps that
 * come are idle. The M keeps a P. sched.lock is held.
 */
export function procresize(n: u32): void {
  // Once and for all: sysmon reads the array at any time.
  if (!sched.allp) sched.allp = kalloc(MAX_PROCS << 2);
  for (let i = sched.nallp; i < n; i++) {
    store<u32>(sched.allp + (i << 2), changetype<usize>(newP(i)));
    sched.nallp++;
  }
  const old = <u32>sched.gomaxprocs;
  sched.gomaxprocs = n;
  for (let i = n; i < old; i++) retire(allp(i));
  if (tracing()) for (let i = old; i < n; i++) traceProcNew(allp(i));
  const mine = changetype<M>(m).p;
  if (!mine || changetype<P>(mine).id >= n) changeP(allp(0));
  if (!threaded) idleOthers();
  atomic.store<u32>(ALLP, sched.allp);
  atomic.store<u32>(NPROCS, n);
}

/** The M goes on with another P, in the middle of a goroutine's turn. */
function changeP(pp: P): void {
  if (!tracing()) { acquirep(pp); return; }
  const gp = changetype<G>(g);
  traceevent(TRACE_GO_STOP, 0, 0, 0);
  traceProcStop();
  acquirep(pp);
  traceGoStart(gp);
}

/** With one M, all Ps but its own are idle. (With several, who starts the world again sees to that.) */
function idleOthers(): void {
  sched.pidle = 0;
  sched.npidle = 0;
  for (let i = <u32>sched.gomaxprocs; i > 0; i--) if (changetype<usize>(allp(i - 1)) != changetype<M>(m).p) pidleput(allp(i - 1));
}

/** A P that is no longer wanted gives up all it has. */
function retire(pp: P): void {
  for (let a = runqget(pp); a; a = runqget(pp)) globrunqputLocked(changetype<G>(a));
  while (pp.gfree) {
    const gp = changetype<G>(pp.gfree);
    pp.gfree = gp.schedlink;
    gp.schedlink = sched.gfree;
    sched.gfree = changetype<usize>(gp);
    sched.ngfree++;
  }
  pp.ngfree = 0;
  moveTimers(pp, allp(0));
  flushMcache(pp);
  chunkCacheFlush(pp.stackcache, 0);
  pp.status = PSTATUS_DEAD;
  pp.m = 0;
}

// Goroutines as such: making them, ending them, and the lists of dead ones that are used again.
//
// Protocol. A P's list of dead Gs is its holder's; what is too much goes to the common list, under sched.lock. All Gs ever made stay in
// sched.allgs, which grows under sched.lock and is walked only while the world is stopped.

import { fatalKernel } from './die';
import { G, GFLAG_EVENT, GFLAG_MAIN, GFLAG_SYSTEM, HOOK_NONE, HOOK_PIN, P } from './structs';
import { joinBubble, leaveBubble } from './bubble';
import { kalloc, kgrow } from './pageheap';
import { callM0 } from './m0';
import { releaseThread } from './lockedm';
import { loadAcq, lock, unlock, xadd, xadd64 } from './lock';
import { ready, readyLast } from './ready';
import { g, p, threaded } from './state';
import { preempt } from './poll';
import { programWaits, schedLock } from './runq';
import { Sched, sched } from './shared';
import { stackFree, stackInit } from './stack';
import { traceGoCreate, tracing } from './trace';
import { SPARE, SPARE_NONE, SPARE_WAITS, SPARE_WANTED, STATUS_DEAD, STATUS_WAITING, WAIT_COROUTINE } from './layout.gen';

/** A G that is not in use: dead one or new. */
function gget(): G {
  const pp = changetype<P>(p);
  if (!pp.gfree && loadAcq(changetype<usize>(sched) + offsetof<Sched>('gfree'))) takeFree(pp);
  const a = pp.gfree;
  if (a) {
    pp.gfree = changetype<G>(a).schedlink;
    pp.ngfree--;
    return changetype<G>(a);
  }
  const gp = changetype<G>(kalloc(offsetof<G>()));
  lock(schedLock());
  if (sched.nallgs == sched.capallgs) {
    const n: u32 = sched.capallgs ? sched.capallgs * 2 : 64;
    sched.allgs = kgrow(sched.allgs, sched.capallgs << 2, n << 2);
    sched.capallgs = n;
  }
  gp.allgsIndex = sched.nallgs;
  store<u32>(sched.allgs + (sched.nallgs++ << 2), changetype<usize>(gp));
  unlock(schedLock());
  return gp;
}

/** Dead Gs that a P keeps before half of them go to the common list. */
const GFREE_MAX: u32 = 64;

function takeFree(pp: P): void {
  lock(schedLock());
  for (; sched.gfree && pp.ngfree < GFREE_MAX / 2; pp.ngfree++) {
    const a = sched.gfree;
    sched.gfree = changetype<G>(a).schedlink;
    sched.ngfree--;
    changetype<G>(a).schedlink = pp.gfree;
    pp.gfree = a;
  }
  unlock(schedLock());
}

function giveFree(pp: P): void {
  lock(schedLock());
  for (; pp.ngfree > GFREE_MAX / 2; pp.ngfree--) {
    const a = pp.gfree;
    pp.gfree = changetype<G>(a).schedlink;
    changetype<G>(a).schedlink = sched.gfree;
    sched.gfree = a;
    sched.ngfree++;
  }
  unlock(schedLock());
}

/** A goroutine in status waiting that will call fn; `running`: it is about to be readied. */
export function makeG(fn: usize, pc: u64, flags: u32, running: bool = true): G {
  const gp = gget();
  stackInit(gp);
  gp.goid = xadd64(changetype<usize>(sched) + offsetof<Sched>('goidgen'), 1);
  gp.status = STATUS_WAITING;
  gp.waitreason = 0;
  gp.startfn = fn;
  gp.startcode = load<u32>(fn);
  gp.started = 0;
  gp.flags = flags;
  gp.gopc = pc;
  gp.parent = g ? changetype<G>(g).goid : 0;
  if (tracing()) traceGoCreate(gp, running);
  count(gp, 1);
  if (!(flags & GFLAG_SYSTEM) && g && changetype<G>(g).bubble) {
    gp.bubble = changetype<G>(g).bubble;
    joinBubble(gp, running);
  }
  return gp;
}

/** Makes the main goroutine. */
export function makeMain(fn: usize): void {
  const gp = makeG(fn, 0, GFLAG_MAIN);
  sched.maing = changetype<usize>(gp);
  ready(gp);
}

/** A go statement while there is one M: a thread in reserve will be of use, or is at once, if it is there and another goroutine waits already. */
function beforeThreads(): void {
  const spare = load<u32>(SPARE);
  if (spare == SPARE_NONE) { if (sched.gomaxprocs > 1) atomic.cmpxchg<u32>(SPARE, SPARE_NONE, SPARE_WANTED); }
  else if (spare == SPARE_WAITS && programWaits(changetype<P>(p), 1)) preempt(changetype<P>(p));
}

export function newproc(fn: usize, pc: u64): void {
  if (!threaded) beforeThreads();
  ready(makeG(fn, pc, 0));
}

export function newg(fn: usize, pc: u64): usize {
  const gp = makeG(fn, pc, 0, false);
  gp.waitreason = WAIT_COROUTINE;
  return changetype<usize>(gp);
}

/** System goroutines go to the tail: they are not what the program waits for. */
export function newsystemg(fn: usize): void {
  const gp = makeG(fn, 0, GFLAG_SYSTEM);
  readyLast(gp);
}

/** The end of a goroutine: its first stack chunk and G are kept for the next one. */
export function gdestroy(gp: G): void {
  gp.status = STATUS_DEAD;
  if (gp.bubble) readyIf(leaveBubble(gp));
  if (gp.flags & GFLAG_EVENT) callM0();
  if (gp.lockcount) releaseThread(gp);
  count(gp, -1);
  gp.frames = 0;
  gp.deferTop = 0; gp.deferFn = 0; gp.panic = 0; gp.ext = 0;
  gp.startfn = 0; gp.hook = HOOK_NONE;
  stackFree(gp);
  const pp = changetype<P>(p);
  gp.schedlink = pp.gfree;
  pp.gfree = changetype<usize>(gp);
  if (++pp.ngfree > GFREE_MAX && threaded) giveFree(pp);
}

/** Counts a goroutine that comes or goes. */
function count(gp: G, n: i32): void {
  xadd(changetype<usize>(sched) + offsetof<Sched>('ngoroutines'), n);
  if (gp.flags & GFLAG_SYSTEM) xadd(changetype<usize>(sched) + offsetof<Sched>('nsystem'), n);
}

export function readyIf(a: usize): void { if (a) ready(changetype<G>(a)); }

/** A fatal condition: the overlay's handler runs as a goroutine of its own, pinned and next, and ends the program. */
export function fatal(reason: u32, gp: usize): void {
  if (!sched.fatalfn || sched.fatalreason) fatalKernel(reason);
  sched.fatalreason = reason;
  sched.fatalg = gp;
  const handler = makeG(sched.fatalfn, 0, GFLAG_SYSTEM);
  // On whichever M runs it.
  handler.hook = HOOK_PIN;
  ready(handler);
}

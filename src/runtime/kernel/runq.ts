// Run queues: the P's ring of 256 with `runnext` before it, and the global list. The ring's owner adds at the tail; owner
// and thieves take from the head by compare-and-swap. runnext is taken by compare-and-swap, put by the owner.

import { cas, lock, storeRel, unlock } from './lock';
import { G, P, RUNQ_SIZE } from './structs';
import { threaded } from './state';
import { Sched, sched } from './shared';

const HEAD: usize = offsetof<P>('runqhead');
const TAIL: usize = offsetof<P>('runqtail');
const NEXT: usize = offsetof<P>('runnext');

@inline
export function schedLock(): usize { return changetype<usize>(sched) + offsetof<Sched>('lock'); }

/** Puts gp at the tail of the global queue. */
export function globrunqput(gp: G): void {
  lock(schedLock());
  gp.schedlink = 0;
  if (sched.runqtail) changetype<G>(sched.runqtail).schedlink = changetype<usize>(gp);
  else sched.runqhead = changetype<usize>(gp);
  sched.runqtail = changetype<usize>(gp);
  sched.runqsize++;
  unlock(schedLock());
}

function globpop(): usize {
  const a = sched.runqhead;
  sched.runqhead = changetype<G>(a).schedlink;
  if (!sched.runqhead) sched.runqtail = 0;
  sched.runqsize--;
  return a;
}

/** Takes one from the global queue and moves up to max-1 more (max 0: a fair share) to the P's queue. */
export function globrunqget(pp: P, max: u32): usize {
  if (!sched.runqsize) return 0;
  lock(schedLock());
  let n = sched.runqsize;
  if (!n) { unlock(schedLock()); return 0; }
  const share = n / <u32>sched.gomaxprocs + 1;
  if (n > share) n = share;
  if (max && n > max) n = max;
  if (n > RUNQ_SIZE / 2) n = RUNQ_SIZE / 2;
  const first = globpop();
  while (--n) runqputtail(pp, changetype<G>(globpop()));
  unlock(schedLock());
  return first;
}

/** Puts gp into the P's queue; with `next`, before all others (what was there goes to the tail). */
export function runqput(pp: P, gp: G, next: bool): void {
  if (next) {
    const old = pp.runnext;
    if (!threaded) pp.runnext = changetype<usize>(gp);
    else while (!cas(changetype<usize>(pp) + NEXT, old, changetype<usize>(gp))) {}
    if (!old) return;
    gp = changetype<G>(old);
  }
  runqputtail(pp, gp);
}

function runqputtail(pp: P, gp: G): void {
  while (true) {
    const h = atomicLoad(changetype<usize>(pp) + HEAD), t = pp.runqtail;
    if (t - h < RUNQ_SIZE) {
      store<u32>(pp.runq + ((t & (RUNQ_SIZE - 1)) << 2), changetype<usize>(gp));
      storeRel(changetype<usize>(pp) + TAIL, t + 1);
      return;
    }
    if (runqputslow(pp, gp, h, t)) return;
  }
}

@inline
function atomicLoad(a: usize): u32 { return threaded ? atomic.load<u32>(a) : load<u32>(a); }

/** The queue is full: half of it and gp go to the global queue. */
function runqputslow(pp: P, gp: G, h: u32, t: u32): bool {
  const n = (t - h) / 2;
  // Read before the head moves: afterwards the slots are not ours. The batch is linked through schedlink.
  let first: usize = 0, last: usize = 0;
  for (let i: u32 = 0; i < n; i++) {
    const a: usize = load<u32>(pp.runq + (((h + i) & (RUNQ_SIZE - 1)) << 2));
    if (last) changetype<G>(last).schedlink = a;
    else first = a;
    last = a;
  }
  if (!cas(changetype<usize>(pp) + HEAD, h, h + n)) return false;
  changetype<G>(last).schedlink = changetype<usize>(gp);
  gp.schedlink = 0;
  lock(schedLock());
  if (sched.runqtail) changetype<G>(sched.runqtail).schedlink = first;
  else sched.runqhead = first;
  sched.runqtail = changetype<usize>(gp);
  sched.runqsize += n + 1;
  unlock(schedLock());
  return true;
}

/** Set by runqget: the goroutine came from runnext, and so inherits the time slice. */
export let inheritTime: bool = false;

/** What runs next begins a time slice. */
export function newSlice(): void { inheritTime = false; }

/** Takes the next goroutine of the P, 0 if none. */
export function runqget(pp: P): usize {
  const next = pp.runnext;
  if (next && cas(changetype<usize>(pp) + NEXT, next, 0)) { inheritTime = true; return next; }
  inheritTime = false;
  while (true) {
    const h = atomicLoad(changetype<usize>(pp) + HEAD), t = pp.runqtail;
    if (t == h) return 0;
    const a: usize = load<u32>(pp.runq + ((h & (RUNQ_SIZE - 1)) << 2));
    if (cas(changetype<usize>(pp) + HEAD, h, h + 1)) return a;
  }
}

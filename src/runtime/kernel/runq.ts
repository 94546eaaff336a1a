// Run queues: the P's ring of 256 with `runnext` before it, and the global list.
//
// Protocol. Only the holder of the P writes the ring's slots and its tail; it publishes a slot by storing the tail (release). Holder and thieves
// take from the head by compare-and-swap, having read the slots before: if the swap succeeds, no slot between was overwritten, since
// the holder adds only where tail - head < 256. runnext is put by the holder and taken by anyone, both by compare-and-swap. The global list is under sched.lock;
// its length is read without as a hint.

import { cas, loadAcq, lock, storeRel, unlock } from './lock';
import { G, GFLAG_SYSTEM, P, PSTATUS_RUNNING, RUNQ_SIZE } from './structs';
import { maySleep, threaded } from './state';
import { Sched, sched } from './shared';
import { bypassNext, jitter, share } from './stress';

const HEAD: usize = offsetof<P>('runqhead');
const TAIL: usize = offsetof<P>('runqtail');
const NEXT: usize = offsetof<P>('runnext');
/** Looks at runnext before it is stolen: about 3 µs. */
const RUNNEXT_SPINS: i32 = 500;
const RUNNEXT_NS: i64 = 3000;

@inline
export function schedLock(): usize { return changetype<usize>(sched) + offsetof<Sched>('lock'); }

/** Puts gp at the tail of the global queue. */
export function globrunqput(gp: G): void {
  lock(schedLock());
  globrunqputLocked(gp);
  unlock(schedLock());
}

export function globrunqputLocked(gp: G): void {
  gp.schedlink = 0;
  globrunqputBatch(changetype<usize>(gp), gp, 1);
}

/** Appends a list of n, linked by schedlink. */
function globrunqputBatch(first: usize, last: G, n: u32): void {
  if (sched.runqtail) changetype<G>(sched.runqtail).schedlink = first;
  else sched.runqhead = first;
  sched.runqtail = changetype<usize>(last);
  sched.runqsize += n;
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
  if (!loadAcq(changetype<usize>(sched) + offsetof<Sched>('runqsize'))) return 0;
  lock(schedLock());
  const first = globrunqgetLocked(pp, max);
  unlock(schedLock());
  return first;
}

/** The same, sched.lock held. */
export function globrunqgetLocked(pp: P, max: u32): usize {
  let n = sched.runqsize;
  if (!n) return 0;
  const share = n / <u32>sched.gomaxprocs + 1;
  if (n > share) n = share;
  if (max && n > max) n = max;
  if (n > RUNQ_SIZE / 2) n = RUNQ_SIZE / 2;
  // The ring has room for half of its length only if it is at most half full.
  const room = RUNQ_SIZE - (pp.runqtail - loadAcq(changetype<usize>(pp) + HEAD));
  if (n > room) n = room ? room : 1;
  const first = globpop();
  while (--n) runqputtail(pp, changetype<G>(globpop()));
  return first;
}

/** Puts gp into the P's queue; with `next`, before all others (what was there goes to the tail). */
export function runqput(pp: P, gp: G, next: bool): void {
  if (next && !bypassNext()) {
    let old = pp.runnext;
    if (!threaded) pp.runnext = changetype<usize>(gp);
    else {
      // A thief may take it, nobody else puts.
      while (!cas(changetype<usize>(pp) + NEXT, old, changetype<usize>(gp))) old = atomic.load<u32>(changetype<usize>(pp) + NEXT);
    }
    if (!old) return;
    gp = changetype<G>(old);
  }
  runqputtail(pp, gp);
}

function runqputtail(pp: P, gp: G): void {
  while (true) {
    const h = loadAcq(changetype<usize>(pp) + HEAD), t = pp.runqtail;
    if (t - h < RUNQ_SIZE) {
      store<u32>(pp.runq + ((t & (RUNQ_SIZE - 1)) << 2), changetype<usize>(gp));
      storeRel(changetype<usize>(pp) + TAIL, t + 1);
      return;
    }
    if (runqputslow(pp, gp, h, t)) return;
  }
}

/** The queue is full: half of it and gp go to the global queue. */
function runqputslow(pp: P, gp: G, h: u32, t: u32): bool {
  const n = (t - h) / 2;
  jitter();
  // The slots stay as they are after the head has moved, for only the holder writes them; before, a thief may have the goroutines already.
  if (!cas(changetype<usize>(pp) + HEAD, h, h + n)) return false;
  let first: usize = 0, last: usize = 0;
  for (let i: u32 = 0; i < n; i++) {
    const a: usize = load<u32>(pp.runq + (((h + i) & (RUNQ_SIZE - 1)) << 2));
    if (last) changetype<G>(last).schedlink = a;
    else first = a;
    last = a;
  }
  changetype<G>(last).schedlink = changetype<usize>(gp);
  gp.schedlink = 0;
  lock(schedLock());
  globrunqputBatch(first, gp, n + 1);
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
    const h = loadAcq(changetype<usize>(pp) + HEAD), t = pp.runqtail;
    if (t == h) return 0;
    const a: usize = load<u32>(pp.runq + ((h & (RUNQ_SIZE - 1)) << 2));
    if (cas(changetype<usize>(pp) + HEAD, h, h + 1)) return a;
  }
}

/** Are there n goroutines of the program's in the queues, as opposed to the runtime's own, which have little to do? While there is one M. */
export function programWaits(pp: P, n: i32): bool {
  if (pp.runnext) n -= isProgram(pp.runnext);
  for (let i = pp.runqhead; n > 0 && i != pp.runqtail; i++) n -= isProgram(load<u32>(pp.runq + ((i & (RUNQ_SIZE - 1)) << 2)));
  for (let a: usize = sched.runqhead; n > 0 && a; a = changetype<G>(a).schedlink) n -= isProgram(a);
  return n <= 0;
}

@inline
function isProgram(a: usize): i32 { return changetype<G>(a).flags & GFLAG_SYSTEM ? 0 : 1; }

/** Has the P nothing to run? Exact only for its holder; others read tail, head and runnext at one moment (tail twice). */
export function runqempty(pp: P): bool {
  const a = changetype<usize>(pp);
  while (true) {
    const h = loadAcq(a + HEAD), t = loadAcq(a + TAIL), next = loadAcq(a + NEXT);
    jitter();
    if (loadAcq(a + TAIL) == t) return h == t && next == 0;
  }
}

/** Copies half of victim's queue into the free slots of pp from `tail` on; the number. With `stealNext`, runnext if nothing else is there. */
function runqgrab(victim: P, pp: P, tail: u32, stealNext: bool): u32 {
  const a = changetype<usize>(victim);
  while (true) {
    const h = loadAcq(a + HEAD), t = loadAcq(a + TAIL);
    let n = t - h;
    if (n) n = share(n);
    else {
      const next = stealNext ? loadAcq(a + NEXT) : 0;
      if (!next) return 0;
      // The victim is probably about to run it: it gets a moment, or two goroutines that wake each other would bounce between Ms.
      if (victim.status == PSTATUS_RUNNING) pause(a + NEXT, next);
      jitter();
      if (!cas(a + NEXT, next, 0)) continue;
      store<u32>(pp.runq + ((tail & (RUNQ_SIZE - 1)) << 2), next);
      return 1;
    }
    // Head and tail were not of one moment.
    if (n > RUNQ_SIZE / 2) continue;
    for (let i: u32 = 0; i < n; i++) {
      store<u32>(pp.runq + (((tail + i) & (RUNQ_SIZE - 1)) << 2), load<u32>(victim.runq + (((h + i) & (RUNQ_SIZE - 1)) << 2)));
    }
    jitter();
    if (cas(a + HEAD, h, h + n)) return n;
  }
}

/** Waits a moment, or until the word is no longer `value`. */
function pause(at: usize, value: u32): void {
  // Nobody notifies: what is meant is the time, of which the system makes some ten µs.
  if (maySleep) { atomic.wait<u32>(at, value, RUNNEXT_NS); return; }
  for (let i = 0; i < RUNNEXT_SPINS; i++) if (atomic.load<u32>(at) != value) break;
}

/** Steals half of what victim has for pp, whose queue is empty; gives one of them to run, 0 if there was nothing. */
export function runqsteal(pp: P, victim: P, stealNext: bool): usize {
  const t = pp.runqtail;
  let n = runqgrab(victim, pp, t, stealNext);
  if (n == 0) return 0;
  n--;
  const gp: usize = load<u32>(pp.runq + (((t + n) & (RUNQ_SIZE - 1)) << 2));
  if (n) storeRel(changetype<usize>(pp) + TAIL, t + n);
  return gp;
}

// Timers: each P has a 4-ary heap of {when i64, what u32, kind u32}. What = a sleeping goroutine, which is readied, or a timer object
// of the overlay (Go memory; its first word is the position in a heap plus 1, its second the number of the heap's P), which a system goroutine of the
// overlay takes and runs.
//
// Protocol. A heap, and the positions noted in what it holds, are under its P's timersLock, which any M may take: Ms without work run
// others' timers. timer0 is the first expiry for those who look without the lock. A goroutine that sleeps is in the heap before its frames are
// saved: the lock is released when its park is committed. The overlay serialises calls about one timer object.

import { allp } from './p';
import { G, P } from './structs';
import { kgrow } from './pageheap';
import { lock, unlock } from './lock';
import { nanotime } from './clock';
import { OP_PARK, OP_YIELD_LOCAL, p, g, suspend, threaded } from './state';
import { ready, readyLast } from './ready';
import { schedLock } from './runq';
import { wakeForTimer } from './m';
import { WAIT_SLEEP } from './layout.gen';
import { sched } from './shared';
import { jitter } from './stress';

const KIND_G: u32 = 0;
const KIND_TIMER: u32 = 1;

@inline
function slot(pp: P, i: u32): usize { return pp.timers + (i << 4); }

@inline
function indexWord(e: usize): usize {
  return load<u32>(e, 12) == KIND_G ? <usize>load<u32>(e, 8) + offsetof<G>('timerIndex') : <usize>load<u32>(e, 8);
}

@inline
function timersLock(pp: P): usize { return changetype<usize>(pp) + offsetof<P>('timersLock'); }

/** Puts {when, what, kind} into slot i. */
@inline
function place(pp: P, i: u32, when: i64, what: u64): void {
  const e = slot(pp, i);
  store<i64>(e, when);
  store<u64>(e, what, 8);
  store<u32>(indexWord(e), i + 1);
}

/** Tells those who look without the lock about the first timer. */
function noteFirst(pp: P): void {
  const first: i64 = pp.ntimers ? load<i64>(pp.timers) : 0, at = changetype<usize>(pp) + offsetof<P>('timer0');
  if (threaded) atomic.store<i64>(at, first);
  else store<i64>(at, first);
}

/** Time of pp's first timer, 0 if there is none. */
@inline
export function timer0(pp: P): i64 { return threaded ? atomic.load<i64>(changetype<usize>(pp) + offsetof<P>('timer0')) : pp.timer0; }

function siftUp(pp: P, i: u32, when: i64, what: u64): void {
  while (i > 0) {
    const up = (i - 1) >> 2, e = slot(pp, up);
    if (load<i64>(e) <= when) break;
    place(pp, i, load<i64>(e), load<u64>(e, 8));
    i = up;
  }
  place(pp, i, when, what);
}

function siftDown(pp: P, i: u32, when: i64, what: u64): void {
  const n = pp.ntimers;
  while (true) {
    const first = (i << 2) + 1;
    if (first >= n) break;
    let least = first, w = load<i64>(slot(pp, first));
    const end = first + 4 < n ? first + 4 : n;
    for (let k = first + 1; k < end; k++) {
      const x = load<i64>(slot(pp, k));
      if (x < w) { w = x; least = k; }
    }
    if (w >= when) break;
    place(pp, i, w, load<u64>(slot(pp, least), 8));
    i = least;
  }
  place(pp, i, when, what);
}

function insert(pp: P, when: i64, what: usize, kind: u32): void {
  if (pp.ntimers == pp.captimers) {
    const cap = pp.captimers ? pp.captimers * 2 : 16;
    pp.timers = kgrow(pp.timers, pp.captimers << 4, cap << 4);
    pp.captimers = cap;
  }
  if (kind == KIND_TIMER) store<u32>(what, pp.id, 4);
  siftUp(pp, pp.ntimers++, when, <u64>what | (<u64>kind << 32));
  noteFirst(pp);
}

function removeAt(pp: P, i: u32): void {
  store<u32>(indexWord(slot(pp, i)), 0);
  const n = --pp.ntimers;
  if (i != n) {
    const e = slot(pp, n);
    move(pp, i, load<i64>(e), load<u64>(e, 8));
  }
  noteFirst(pp);
}

/** Puts an entry at or near slot i, which is free. */
function move(pp: P, i: u32, when: i64, what: u64): void {
  if (i > 0 && load<i64>(slot(pp, (i - 1) >> 2)) > when) siftUp(pp, i, when, what);
  else siftDown(pp, i, when, what);
}

/** Time of the first timer of all Ps, 0 if there is none. */
export function firstTimer(): i64 {
  let when: i64 = 0;
  for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) {
    const w = timer0(allp(i));
    if (w && (!when || w < when)) when = w;
  }
  return when;
}

/** Readies what of pp's timers has expired at `now`; true if something became runnable. */
export function checkTimers(pp: P, now: i64): bool {
  const first = timer0(pp);
  if (!first || first > now) return false;
  let ran = false;
  lock(timersLock(pp));
  while (pp.ntimers && load<i64>(pp.timers) <= now) {
    if (load<u32>(pp.timers, 12) == KIND_TIMER) { ran = wakeTimerG() || ran; break; }
    const gp = changetype<G>(load<u32>(pp.timers, 8));
    removeAt(pp, 0);
    // Before those that use up their time slices, who may have waited for it for long; several that wake together keep their order.
    if (ran) readyLast(gp);
    else ready(gp);
    ran = true;
  }
  unlock(timersLock(pp));
  return ran;
}

/** The goroutine that runs timers is readied, if it waits. */
function wakeTimerG(): bool {
  lock(schedLock());
  const t = sched.timerg;
  sched.timerg = 0;
  unlock(schedLock());
  if (!t) return false;
  ready(changetype<G>(t));
  return true;
}

export function timeSleep(ns: i64): i32 {
  const pp = changetype<P>(p);
  const now = nanotime();
  let when = now + (ns > 0 ? ns : 0);
  if (when < now) when = i64.MAX_VALUE;
  changetype<G>(g).waitreason = WAIT_SLEEP;
  lock(timersLock(pp));
  insert(pp, when, g, KIND_G);
  jitter();
  if (threaded) wakeForTimer(when);
  return suspend(OP_PARK, timersLock(pp));
}

/** The P whose heap timer object t is in, its timersLock taken; 0 if t is in none. */
function heapOf(t: usize): usize {
  while (true) {
    if (!load<u32>(t)) return 0;
    const pp = allp(load<u32>(t, 4));
    jitter();
    lock(timersLock(pp));
    if (load<u32>(t) && load<u32>(t, 4) == pp.id) return changetype<usize>(pp);
    unlock(timersLock(pp));
  }
}

export function timeradd(t: usize, when: i64): void {
  let pp = changetype<P>(heapOf(t));
  if (!changetype<usize>(pp)) {
    pp = changetype<P>(p);
    lock(timersLock(pp));
    insert(pp, when, t, KIND_TIMER);
  } else {
    const i = load<u32>(t) - 1;
    move(pp, i, when, load<u64>(slot(pp, i), 8));
    noteFirst(pp);
  }
  unlock(timersLock(pp));
  jitter();
  if (threaded) wakeForTimer(when);
}

export function timerdel(t: usize): bool {
  const pp = changetype<P>(heapOf(t));
  if (!changetype<usize>(pp)) return false;
  removeAt(pp, load<u32>(t) - 1);
  unlock(timersLock(pp));
  return true;
}

/** The next timer of any P that had expired at `now`, out of its heap; 0 if none. Sleepers before it are readied. */
export function timertake(now: i64): usize {
  for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) {
    const first = timer0(allp(i));
    if (!first || first > now) continue;
    const t = takeExpired(allp(i), now);
    if (t) return t;
  }
  return 0;
}

function takeExpired(pp: P, now: i64): usize {
  let found: usize = 0;
  lock(timersLock(pp));
  while (!found && pp.ntimers && load<i64>(pp.timers) <= now) {
    const kind = load<u32>(pp.timers, 12), what: usize = load<u32>(pp.timers, 8), when = load<i64>(pp.timers);
    removeAt(pp, 0);
    if (kind == KIND_TIMER) { found = what; sched.lastwhen = when; }
    else readyLast(changetype<G>(what));
  }
  unlock(timersLock(pp));
  return found;
}

export function timerwhen(): i64 { return sched.lastwhen; }

/**
 * Parks the timer goroutine; the lock that publishes it is released when its frames are saved. Where a timer has expired meanwhile it only lets others have
 * their turn: a ticker may be due again at once, always.
 */
export function timerwait(): i32 {
  const now = nanotime();
  changetype<G>(g).waitreason = WAIT_SLEEP;
  lock(schedLock());
  // A timer that expired after timertake was looked at by nobody else: timerg was not there to be readied.
  const when = firstTimer();
  if (when && when <= now) { unlock(schedLock()); return suspend(OP_YIELD_LOCAL); }
  sched.timerg = g;
  return suspend(OP_PARK, schedLock());
}

/** All timers of `from` go to `to`, the world being stopped. */
export function moveTimers(from: P, to: P): void {
  while (from.ntimers) {
    const when = load<i64>(from.timers), what: usize = load<u32>(from.timers, 8), kind = load<u32>(from.timers, 12);
    removeAt(from, 0);
    insert(to, when, what, kind);
  }
}

/** The heaps' order and back references hold (debug). */
export function verifyTimers(): bool {
  for (let k: u32 = 0; k < <u32>sched.gomaxprocs; k++) {
    const pp = allp(k);
    if (pp.timer0 != (pp.ntimers ? load<i64>(pp.timers) : 0)) return false;
    for (let i: u32 = 0; i < pp.ntimers; i++) {
      if (load<u32>(indexWord(slot(pp, i))) != i + 1) return false;
      if (i && load<i64>(slot(pp, (i - 1) >> 2)) > load<i64>(slot(pp, i))) return false;
    }
  }
  return true;
}

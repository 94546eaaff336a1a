// The P's timer heap: a 4-ary heap of {when i64, what u32, kind u32}. What = a sleeping goroutine, which is readied, or a
// timer object of the overlay (Go memory; its first word is the heap position plus 1), which a system goroutine of the overlay takes and runs.

import { G, P } from './structs';
import { kgrow } from './pageheap';
import { nanotime } from './clock';
import { OP_PARK, p, g, suspend } from './state';
import { ready, readyLast } from './ready';
import { WAIT_SLEEP } from './layout.gen';
import { sched } from './shared';

const KIND_G: u32 = 0;
const KIND_TIMER: u32 = 1;

@inline
function slot(pp: P, i: u32): usize { return pp.timers + (i << 4); }

@inline
function indexWord(e: usize): usize {
  return load<u32>(e, 12) == KIND_G ? <usize>load<u32>(e, 8) + offsetof<G>('timerIndex') : <usize>load<u32>(e, 8);
}

/** Puts {when, what, kind} into slot i. */
@inline
function place(pp: P, i: u32, when: i64, what: u64): void {
  const e = slot(pp, i);
  store<i64>(e, when);
  store<u64>(e, what, 8);
  store<u32>(indexWord(e), i + 1);
}

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
  siftUp(pp, pp.ntimers++, when, <u64>what | (<u64>kind << 32));
}

function removeAt(pp: P, i: u32): void {
  store<u32>(indexWord(slot(pp, i)), 0);
  const n = --pp.ntimers;
  if (i == n) return;
  const e = slot(pp, n), when = load<i64>(e), what = load<u64>(e, 8);
  if (i > 0 && load<i64>(slot(pp, (i - 1) >> 2)) > when) siftUp(pp, i, when, what);
  else siftDown(pp, i, when, what);
}

/** Time of the first timer, or -1. */
export function nextTimer(pp: P): i64 { return pp.ntimers ? load<i64>(pp.timers) : -1; }

/** Readies what has expired at `now`; true if something became runnable. */
export function checkTimers(pp: P, now: i64): bool {
  let ran = false;
  while (pp.ntimers && load<i64>(pp.timers) <= now) {
    if (load<u32>(pp.timers, 12) == KIND_TIMER) return wakeTimerG() || ran;
    const gp = changetype<G>(load<u32>(pp.timers, 8));
    removeAt(pp, 0);
    readyLast(gp);
    ran = true;
  }
  return ran;
}

/** The goroutine that runs timers is readied, if it waits. */
function wakeTimerG(): bool {
  const t = sched.timerg;
  if (!t) return false;
  sched.timerg = 0;
  ready(changetype<G>(t));
  return true;
}

export function timeSleep(ns: i64): i32 {
  const pp = changetype<P>(p);
  const now = nanotime();
  let when = now + (ns > 0 ? ns : 0);
  if (when < now) when = i64.MAX_VALUE;
  insert(pp, when, g, KIND_G);
  changetype<G>(g).waitreason = WAIT_SLEEP;
  return suspend(OP_PARK);
}

export function timeradd(t: usize, when: i64): void {
  const pp = changetype<P>(p), i = load<u32>(t);
  if (!i) { insert(pp, when, t, KIND_TIMER); return; }
  const e = slot(pp, i - 1);
  if (when < load<i64>(e)) siftUp(pp, i - 1, when, load<u64>(e, 8));
  else siftDown(pp, i - 1, when, load<u64>(e, 8));
}

export function timerdel(t: usize): bool {
  const i = load<u32>(t);
  if (!i) return false;
  removeAt(changetype<P>(p), i - 1);
  return true;
}

/** The next expired timer, out of the heap; 0 if none. Sleepers before it are readied. */
export function timertake(): usize {
  const pp = changetype<P>(p);
  if (!pp.ntimers) return 0;
  const now = nanotime();
  while (pp.ntimers && load<i64>(pp.timers) <= now) {
    const kind = load<u32>(pp.timers, 12), what: usize = load<u32>(pp.timers, 8);
    sched.lastwhen = load<i64>(pp.timers);
    removeAt(pp, 0);
    if (kind == KIND_TIMER) return what;
    readyLast(changetype<G>(what));
  }
  return 0;
}

export function timerwhen(): i64 { return sched.lastwhen; }

export function timerwait(): i32 {
  const pp = changetype<P>(p);
  if (pp.ntimers && load<u32>(pp.timers, 12) == KIND_TIMER && load<i64>(pp.timers) <= nanotime()) return 0;
  sched.timerg = g;
  changetype<G>(g).waitreason = WAIT_SLEEP;
  return suspend(OP_PARK);
}

/** The heap's order and back references hold (debug). */
export function verifyTimers(): bool {
  const pp = changetype<P>(p);
  for (let i: u32 = 0; i < pp.ntimers; i++) {
    if (load<u32>(indexWord(slot(pp, i))) != i + 1) return false;
    if (i && load<i64>(slot(pp, (i - 1) >> 2)) > load<i64>(slot(pp, i))) return false;
  }
  return true;
}

// Spinning for a sync.Mutex: whether that may help, and a round of it.

import { loadAcq } from './lock';
import { runqempty } from './runq';
import { Sched, sched } from './shared';
import { currentP, threaded } from './state';

/** Rounds of spinning before a goroutine parks, and loads of a round: about the time of 30 PAUSE instructions. */
const ROUNDS: i32 = 4;
const LOADS: i32 = 300;

@inline
function s(field: usize): usize { return changetype<usize>(sched) + field; }

/**
 * May spinning for a lock help, for the i-th time? Only if another goroutine runs that may hold it, and no work waits for this P. As Go's
 * sync_runtime_canSpin.
 */
export function canspin(i: i32): bool {
  if (!threaded || i >= ROUNDS) return false;
  if (<u32>sched.gomaxprocs <= loadAcq(s(offsetof<Sched>('npidle'))) + loadAcq(s(offsetof<Sched>('nmspinning'))) + 1) return false;
  return runqempty(currentP());
}

/** One round. */
export function dospin(): void {
  for (let i = 0; i < LOADS; i++) atomic.load<u32>(s(offsetof<Sched>('npidle')));
}

// Spin locks of one word. The kernel holds a lock for a bounded number of instructions, never across a host call;
// only a park commits (and unlocks) later, when the last frame is saved. Order: locks.txt.

import { threaded } from './state';

/** Takes the lock word. Pairs with unlock. */
export function lock(l: usize): void {
  if (!threaded) { store<u32>(l, 1); return; }
  while (atomic.cmpxchg<u32>(l, 0, 1) != 0) {
    while (load<u32>(l) != 0) {}
  }
}

export function unlock(l: usize): void {
  if (!threaded) store<u32>(l, 0);
  else atomic.store<u32>(l, 0);
}

/** Store that publishes what was written before it. */
export function storeRel(p: usize, v: u32): void {
  if (!threaded) store<u32>(p, v);
  else atomic.store<u32>(p, v);
}

/** Compare-and-swap of a word. */
export function cas(p: usize, old: u32, v: u32): bool {
  if (threaded) return atomic.cmpxchg<u32>(p, old, v) == old;
  if (load<u32>(p) != old) return false;
  store<u32>(p, v);
  return true;
}

export function lock2(l: usize): void { lock(l); }
export function unlock2(l: usize): void { unlock(l); }

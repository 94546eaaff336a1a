// Locks of one word, held for a bounded number of instructions and never across a host call; only a park commits (and unlocks)
// later, when the last frame is saved. Order: locks.txt. While there is one M they are plain stores.
//
// States: 0 free, 1 held, 2 held and somebody may sleep on it. Who finds it held spins a while, then makes it 2 and sleeps until it is
// no longer 2; who unlocks a 2 wakes one sleeper, which takes the lock as 2 since others may sleep still (Drepper, "Futexes are tricky").

import { EXITING, host_exit } from './layout.gen';
import { beginPatience, bePatient } from './patience';
import { jitter } from './stress';
import { maySleep, threaded } from './state';

const SPINS: i32 = 100;

/** Takes the lock word. Pairs with unlock. */
export function lock(l: usize): void {
  if (!threaded) { store<u32>(l, 1); return; }
  if (atomic.cmpxchg<u32>(l, 0, 1) != 0) lockSlow(l);
}

function lockSlow(l: usize): void {
  jitter();
  if (!maySleep) beginPatience();
  while (true) {
    for (let i = 0; i < SPINS; i++) {
      if (load<u32>(l) == 0 && atomic.cmpxchg<u32>(l, 0, 1) == 0) return;
    }
    // Whoever holds it may have ended the program.
    if (atomic.load<u32>(EXITING)) host_exit(0);
    if (!maySleep) { bePatient(); continue; }
    while (atomic.xchg<u32>(l, 2) != 0) atomic.wait<i32>(l, 2, 1_000_000_000);
    return;
  }
}

export function unlock(l: usize): void {
  if (!threaded) { store<u32>(l, 0); return; }
  if (atomic.xchg<u32>(l, 0) == 2) atomic.notify(l, 1);
}

/** Store that publishes what was written before it. */
export function storeRel(p: usize, v: u32): void {
  if (!threaded) store<u32>(p, v);
  else atomic.store<u32>(p, v);
}

/** Load that sees what was published with storeRel or cas. */
@inline
export function loadAcq(a: usize): u32 { return threaded ? atomic.load<u32>(a) : load<u32>(a); }

/** Compare-and-swap of a word. */
export function cas(p: usize, old: u32, v: u32): bool {
  if (threaded) return atomic.cmpxchg<u32>(p, old, v) == old;
  if (load<u32>(p) != old) return false;
  store<u32>(p, v);
  return true;
}

/** Adds to a word; gives the new value. */
export function xadd(p: usize, n: u32): u32 {
  if (threaded) return atomic.add<u32>(p, n) + n;
  const v = load<u32>(p) + n;
  store<u32>(p, v);
  return v;
}

/** Adds to a double word; gives the new value. */
export function xadd64(p: usize, n: u64): u64 {
  if (threaded) return atomic.add<u64>(p, n) + n;
  const v = load<u64>(p) + n;
  store<u64>(p, v);
  return v;
}

export function lock2(l: usize): void { lock(l); }
export function unlock2(l: usize): void { unlock(l); }

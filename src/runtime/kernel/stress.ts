// Disturbs the schedule from a seed, so that interleavings that are rare become common: GODEBUG=schedstress=SEED. A program must do the
// same whatever this does; test/stress runs programs that can tell.
//
// Every M draws from cheaprand, which is then seeded with the seed and the M's number. The seed also says how much of what is done
// (initStress), as some faults need long delays and others many switches. The threads of the system are as they are: a seed makes a failure
// likely to come again, not certain. Off, each point costs the test of one global of the instance.

import { cheaprand, seedRand } from './clock';
import { locks, m, maySleep, OP_YIELD_GLOBAL, OP_YIELD_LOCAL, suspend } from './state';
import { M } from './structs';
import { SCHED_STRESS } from './layout.gen';

/** The seed; 0: off. */
export let stress: u32 = 0;

// Of 256 occasions, how many: a delay; the end of a time slice at a poll; runnext passed over; a yield after an operation; a futex that returns at
// once; the global queue first; nothing found at a victim's.
let delays: u32 = 0;
let slices: u32 = 0;
let bypasses: u32 = 0;
let yields: u32 = 0;
let wakes: u32 = 0;
let detours: u32 = 0;
/** Delays take up to 2^this turns of a loop. */
let longest: u32 = 0;

/** Reads the seed that the host has left. On each M, when it is known which. True if the polls are to be armed for good. */
export function initStress(): bool {
  const seed = load<u32>(SCHED_STRESS);
  if (!seed) return false;
  stress = seed;
  // Drawn alike by all Ms.
  seedRand(seed);
  delays = pick(0, 16, 64, 160);
  slices = pick(0, 1, 16, 96);
  bypasses = pick(0, 16, 128, 256);
  yields = pick(0, 2, 16, 64);
  wakes = pick(0, 0, 32, 128);
  detours = pick(0, 4, 32, 128);
  longest = pick(6, 9, 12, 14);
  seedRand((<u64>seed << 16) | (changetype<M>(m).id + 1));
  return slices != 0;
}

function pick(a: u32, b: u32, c: u32, d: u32): u32 {
  switch (cheaprand() >> 30) {
    case 0: return a;
    case 1: return b;
    case 2: return c;
  }
  return d;
}

@inline
function chance(of256: u32): bool { return (cheaprand() >> 24) < of256; }

/** A point where what other Ms do may come in between: this one may be late. Locks may be held. */
@inline
export function jitter(): void { if (stress) delay(); }

function delay(): void {
  if (!chance(delays)) return;
  const r = cheaprand();
  // Mostly too short for another thread to be scheduled, now and then long enough for much to happen.
  if ((r & 63) == 0 && maySleep) { atomic.wait<i32>(SCHED_STRESS, stress, <i64>(1000 << ((r >> 8) % 10))); return; }
  for (let n: u32 = 1 << ((r >> 8) % (longest + 1)); n; n--) atomic.load<u32>(SCHED_STRESS);
}

/** Is the time slice over, at a poll? */
@inline
export function sliceOver(): bool { return stress != 0 && chance(slices); }

/** Shall a goroutine that would run next go to the tail of the queue? */
@inline
export function bypassNext(): bool { return stress != 0 && chance(bypasses); }

/** Shall the global queue be looked at first, or a victim of stealing be passed over? */
@inline
export function detour(): bool { return stress != 0 && chance(detours); }

/** Shall a sleep on a futex end before it has begun? */
@inline
export function wakeEarly(): bool { return stress != 0 && chance(wakes); }

/** How many to take of n > 0 goroutines, of which it would be half. */
@inline
export function share(n: u32): u32 { return stress && chance(detours) ? cheaprand() % n + 1 : n - n / 2; }

/** The status of a suspending operation that is done: now and then the goroutine yields after it. */
@inline
export function done(): i32 { return stress && !locks && chance(yields) ? suspend(cheaprand() & 1 ? OP_YIELD_LOCAL : OP_YIELD_GLOBAL) : 0; }

// Clocks and pseudo-random numbers.

import { host_monotonic, host_seed, host_wallclock } from './layout.gen';

let rand: u64 = 0;

/** Monotonic time, ns. */
export function nanotime(): i64 { return <i64>(host_monotonic() * 1e6); }

/** Time since 1970 UTC, ns. */
export function walltime(): i64 { return <i64>(host_wallclock() * 1e3) * 1000; }

/** Makes what cheaprand gives on this M depend on x. */
export function seedRand(x: u64): void { rand = (x + 1) * 0x9e3779b97f4a7c15 | 1; }

/** xorshift64*, seeded by the host at first use. */
export function cheaprand(): u32 {
  if (!rand) rand = <u64>(host_seed() * 4503599627370496.0) | 1;
  rand ^= rand >> 12; rand ^= rand << 25; rand ^= rand >> 27;
  return <u32>((rand * 0x2545f4914f6cdd1d) >> 32);
}

// Spinning without a wait, which only M0 of a page does, for locks and for other Ms to stop: both take microseconds, unless an M is dead. Its
// worker's end is known to the event loop, which M0 does not reach while it spins; so it gives up after some time.

import { fatalSilentThread } from './die';
import { nanotime } from './clock';

const PATIENCE_NS: i64 = 10_000_000_000;
/** Calls between two looks at the clock. */
const CALLS: u32 = 1 << 14;

let calls: u32 = 0;
let start: i64 = 0;

/** A wait begins. */
export function beginPatience(): void { calls = 0; start = 0; }

/** It goes on. */
export function bePatient(): void {
  if (++calls & (CALLS - 1)) return;
  const now = nanotime();
  if (!start) start = now;
  else if (now - start > PATIENCE_NS) fatalSilentThread();
}

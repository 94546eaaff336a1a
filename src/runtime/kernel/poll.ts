// What compiled code calls when it is asked to yield: the slow paths of loop polls and function entries.
//
// At start both words are armed and nobody watches the time: the slow paths count calls and look at the clock now and then. After
// BOOT_NS of running the host is asked to start sysmon, a worker that arms the words from then on; programs that end
// before never pay for it.

import { G, GFLAG_OVERFLOW } from './structs';
import { g, locks, OP_CONTINUE, OP_PREEMPT, suspend } from './state';
import { sched } from './shared';
import { host_start_sysmon, LIMIT_WORD, NATIVE_LIMIT, POLL_WORD } from './layout.gen';
import { nanotime } from './clock';

const BOOT_NS: i64 = 5_000_000;
const CALLS_PER_LOOK: i32 = 2000;
let booting: bool = false;
let calls: i32 = 0;
let bootStart: i64 = 0;

/** Debugging: every poll and every function entry suspends. */
let always: bool = false;

export function initPollStress(): void {
  always = true;
  store<u32>(POLL_WORD, 1);
  store<u32>(LIMIT_WORD, 0);
}

/** Arms the words until sysmon is there; `sysmon` false: for ever disarmed (tests, hosts without workers). */
export function initPoll(sysmon: bool): void {
  if (!sysmon) { disarm(); return; }
  booting = true;
  calls = CALLS_PER_LOOK;
  store<u32>(POLL_WORD, 1);
  store<u32>(LIMIT_WORD, 0);
}

/** Nobody is asked to yield any more. */
export function disarm(): void {
  if (booting || always) return;
  store<u32>(POLL_WORD, 0);
  store<u32>(LIMIT_WORD, load<u32>(NATIVE_LIMIT));
}

/** The slow path while booting: true if the goroutine shall yield. */
function bootTick(): bool {
  if (--calls > 0) return false;
  calls = CALLS_PER_LOOK;
  const now = nanotime();
  if (!bootStart) { bootStart = now; return false; }
  if (now - bootStart < BOOT_NS) return false;
  booting = false;
  host_start_sysmon();
  return true;
}

/** A loop's poll word is set: suspend? */
export function poll_slow(): i32 {
  if (locks) return 0;
  if (booting && !always && !sched.gcwanted && !(changetype<G>(g).flags & GFLAG_OVERFLOW) && !bootTick()) return 0;
  return suspend(OP_PREEMPT);
}

/** A function's depth is over the limit word: too deep for the native stack, or asked to yield. */
export function entry_slow(depth: i32): i32 {
  if (<u32>depth >= load<u32>(NATIVE_LIMIT)) return suspend(OP_CONTINUE);
  if (load<u32>(LIMIT_WORD) != 0) return 0;
  return poll_slow();
}

// What compiled code calls when it is asked to yield: the slow paths of loop polls and function entries.
//
// Protocol. P.preempt says that the P's M shall come to the scheduler: anyone may set it (compare-and-swap from 0), only the holder clears
// it; that it was for the host's turn only (PREEMPT_HOST) others may change to PREEMPT_ASKED. POLL_WORD counts the Ps whose flag is set, so that compiled code loads one word at a constant address; LIMIT_WORD is 0 while the
// count is not, else NATIVE_LIMIT. Who sets a flag adds to the count, stores 0 to LIMIT_WORD and then sets the flag, or takes off the count
// again if somebody else has set it: a flag that shows is counted. Who clears one takes off the count and, if that made it 0, stores
// NATIVE_LIMIT and looks at the count once more: a setter in between is not lost. Model: test/models/poll.pml. An M whose own flag is
// clear pays the slow path while another's is set, which lasts until that one reaches its next poll. All of it atomic, with one M too:
// sysmon is another thread. A flag that comes just too late, when the P is idle already, is taken back by sysmon.
//
// At start the words are armed and nobody watches the time: the slow paths count calls and look at the clock now and then. After
// BOOT_NS of running the host is asked to start sysmon, a worker that sets the flags from then on; programs that end
// before never pay for it. Where there can be no worker (a page that has one M), compiled code counts its polls
// and entries in POLL_COUNT and comes here when that is below zero; whoever wants it to come at once sets it to 0.

import { EXITING, HOST_PENDING, host_start_sysmon, LIMIT_WORD, NATIVE_LIMIT, POLL_COUNT, POLL_WORD, SYSMON_ALIVE } from './layout.gen';
import { G, GFLAG_OVERFLOW, P, PREEMPT_ASKED, PREEMPT_HOST } from './structs';
import { g, locks, OP_CONTINUE, OP_PREEMPT, p, page, suspend, threaded } from './state';
import { loadAcq } from './lock';
import { Sched, sched } from './shared';
import { nanotime } from './clock';
import { jitter, sliceOver } from './stress';

const BOOT_NS: i64 = 5_000_000;
/** While booting the host gets a turn so often, if answers are awaited. */
const BOOT_TURN_NS: i64 = 1_000_000;
const CALLS_PER_LOOK: i32 = 2000;
/** Without sysmon: length of a time slice, and how often the clock shall be looked at. */
const COUNTED_SLICE_NS: i64 = 4_000_000;
const LOOK_NS: i64 = 250_000;
/**
 * A look costs about 0.1 µs: no more than half a percent of the tightest loop. More polls would not be worth it, as those to come may be much
 * further apart than those that were counted.
 */
const MAX_CALLS_PER_LOOK: i32 = 1 << 15;
/** M0 alone, before sysmon. */
let booting: bool = false;
let calls: i32 = 0;
let bootStart: i64 = 0;
let bootTurn: i64 = 0;
/** The host was asked for sysmon. */
let asked: bool = false;
/** Nobody else watches the time: polls are counted. */
let counting: bool = false;
let callsPerLook: i32 = 0;
let lastLook: i64 = 0;

/** Debugging: every poll and every function entry suspends. */
let always: bool = false;

/** In every instance. */
export function initPollStress(): void { always = true; }

/** On M0: polls and function entries take the slow path for good. */
export function armForGood(): void {
  store<u32>(POLL_WORD, load<u32>(POLL_WORD) + 1);
  store<u32>(LIMIT_WORD, 0);
}

/** Arms the words until sysmon is there; `sysmon` false: disarmed for ever, but with `count` polls are counted (else tests, WASI). */
export function initPoll(sysmon: bool, count: bool): void {
  counting = count;
  callsPerLook = CALLS_PER_LOOK;
  if (!sysmon) { store<u32>(LIMIT_WORD, load<u32>(NATIVE_LIMIT)); return; }
  booting = true;
  calls = CALLS_PER_LOOK;
  store<u32>(POLL_WORD, 1);
  store<u32>(LIMIT_WORD, 0);
}

@inline
function preemptWord(pp: P): usize { return changetype<usize>(pp) + offsetof<P>('preempt'); }

/** Asks the M that holds pp to come to the scheduler. */
export function preempt(pp: P): void {
  if (isAsked(pp)) return;
  atomic.add<u32>(POLL_WORD, 1);
  atomic.store<u32>(LIMIT_WORD, 0);
  jitter();
  // Whoever was first may have asked for the host's turn only; if the flag is clear again by now, the scheduler was reached.
  if (atomic.cmpxchg<u32>(preemptWord(pp), 0, PREEMPT_ASKED) != 0) { isAsked(pp); takeOff(); }
  else if (counting) store<i32>(POLL_COUNT, 0);
}

/** Is it asked already? If so, then from now on not for the host's turn only. */
function isAsked(pp: P): bool {
  const was = atomic.load<u32>(preemptWord(pp));
  return was == PREEMPT_ASKED || (was == PREEMPT_HOST && atomic.cmpxchg<u32>(preemptWord(pp), PREEMPT_HOST, PREEMPT_ASKED) == PREEMPT_HOST);
}

/** The scheduler is reached: what this P was asked for is done. */
export function disarm(pp: P): void {
  if (load<u32>(preemptWord(pp)) && atomic.xchg<u32>(preemptWord(pp), 0) != 0) takeOff();
}

/** Takes back what pp was asked for, if it was for the host's turn only. By the holder. */
export function takeBack(pp: P): bool {
  if (atomic.cmpxchg<u32>(preemptWord(pp), PREEMPT_HOST, 0) != PREEMPT_HOST) return false;
  takeOff();
  return true;
}

/** Takes one off the count. What the limit is to be then is looked at again until nobody has changed it meanwhile. */
function takeOff(): void {
  if (atomic.sub<u32>(POLL_WORD, 1) != 1) return;
  while (true) {
    jitter();
    atomic.store<u32>(LIMIT_WORD, load<u32>(NATIVE_LIMIT));
    jitter();
    if (atomic.load<u32>(POLL_WORD) == 0) return;
    atomic.store<u32>(LIMIT_WORD, 0);
    if (atomic.load<u32>(POLL_WORD) != 0) return;
  }
}

/** The slow path while booting: true if the goroutine shall yield. */
function bootTick(): bool {
  if (--calls > 0) return false;
  calls = CALLS_PER_LOOK;
  const now = nanotime();
  if (!bootStart) { bootStart = now; return false; }
  if (now - bootStart >= BOOT_NS) {
    startSysmon();
    return true;
  }
  if (!load<u32>(HOST_PENDING) || now - bootTurn < BOOT_TURN_NS) return false;
  bootTurn = now;
  return true;
}

/** Has sysmon watch from now on, if it does not yet and there can be one. On M0. */
export function startSysmon(): void {
  if (!booting) return;
  if (!asked) host_start_sysmon();
  asked = true;
  // Until sysmon is there time slices end in bootTick, if the host's event loop must turn: in a page no worker starts otherwise, and answers may be awaited.
  if ((page || load<u32>(HOST_PENDING)) && !atomic.load<u32>(SYSMON_ALIVE)) { bootStart = nanotime(); return; }
  booting = false;
  takeOff();
}

/** Does nobody watch the time yet? */
export function isBooting(): bool { return booting; }

/** Looks about every LOOK_NS, whatever the program does between two polls. */
function countedTick(): bool {
  const now = nanotime();
  const since = now - lastLook;
  lastLook = now;
  if (since < LOOK_NS / 2 && callsPerLook < MAX_CALLS_PER_LOOK) callsPerLook <<= 1;
  else if (since > LOOK_NS * 2 && callsPerLook > 8) callsPerLook >>= 2;
  store<i32>(POLL_COUNT, callsPerLook);
  return now - sliceStart > COUNTED_SLICE_NS;
}

let sliceStart: i64 = 0;

/** The host has had its turn. Which goroutine is next, and how far apart its polls are, is not known. */
export function beginCountedSlice(now: i64): void {
  if (!counting) return;
  sliceStart = now;
  lastLook = now;
  callsPerLook = CALLS_PER_LOOK;
  store<i32>(POLL_COUNT, CALLS_PER_LOOK);
}

/** The clock as the program reads it: where polls are counted, a look at the time that costs nothing. */
export function programTime(): i64 {
  const now = nanotime();
  if (counting && now - sliceStart > COUNTED_SLICE_NS) store<i32>(POLL_COUNT, 0);
  return now;
}

/** A loop's poll word is set: suspend? */
export function poll_slow(): i32 {
  if (locks) return 0;
  const wanted = loadAcq(preemptWord(changetype<P>(p))) != 0 || always || sliceOver() || atomic.load<u32>(EXITING) != 0;
  if (!wanted && !(changetype<G>(g).flags & GFLAG_OVERFLOW) && !(booting && bootTick()) && !(counting && countedTick())) return 0;
  return suspend(OP_PREEMPT);
}

/** A function's depth is over the limit word: too deep for the native stack, or asked to yield. */
export function entry_slow(depth: i32): i32 {
  if (<u32>depth >= load<u32>(NATIVE_LIMIT)) return suspend(OP_CONTINUE);
  if (load<u32>(LIMIT_WORD) != 0 && !counting) return 0;
  return poll_slow();
}

/** Asks for a collection as soon as this M reaches the scheduler. */
export function wantCollection(): void {
  if (threaded) atomic.store<u32>(changetype<usize>(sched) + offsetof<Sched>('gcwanted'), 1);
  else sched.gcwanted = 1;
  preempt(changetype<P>(p));
}

/** The thread's stack has room for this much, in units of depth. */
export function setNativeLimit(limit: u32): void {
  store<u32>(NATIVE_LIMIT, limit);
  if (load<u32>(LIMIT_WORD) == 0) return;
  store<u32>(LIMIT_WORD, limit);
  // As in takeOff.
  if (atomic.load<u32>(POLL_WORD)) store<u32>(LIMIT_WORD, 0);
}

// The kernel's host calls over WASI preview 1, and the program's start there. The linker puts these in the place of the imports when it makes a
// module for other engines (LinkOptions.wasi); everywhere else they are dropped. One M, unshared memory, nobody who watches the time.

import { complete } from './completion';
import { kgrow } from './pageheap';
import { run } from './proc';

@external("wasi_snapshot_preview1", "clock_time_get") declare function clock_time_get(id: u32, precision: u64, out: usize): u32;
@external("wasi_snapshot_preview1", "fd_write") declare function fd_write(fd: i32, iovecs: usize, n: u32, out: usize): u32;
@external("wasi_snapshot_preview1", "proc_exit") declare function proc_exit(code: i32): void;
@external("wasi_snapshot_preview1", "random_get") declare function random_get(at: usize, n: u32): u32;
@external("wasi_snapshot_preview1", "poll_oneoff") declare function poll_oneoff(subscriptions: usize, events: usize, n: u32, out: usize): u32;

// Arguments and results in the first page, between the kernel's words and its tables.
const IOVEC: usize = 128;
const RESULT: usize = 136;
const SUBSCRIPTION: usize = 144;
const EVENT: usize = 192;
const NEVENTS: usize = 224;

const SUBSCRIPTION_SIZE: u32 = 48;
const EVENT_SIZE: u32 = 32;
const TAG_CLOCK: u32 = 0;
const TAG_READ: u32 = 1;
const TAG_WRITE: u32 = 2;
const EAGAIN: u32 = 6;
/** Between two attempts to write what an engine can't wait for, ns. */
const WRITE_NS: i64 = 1_000_000;

const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;

function clock(id: u32): u64 {
  clock_time_get(id, 1, RESULT);
  return load<u64>(RESULT);
}

export function wasi_monotonic(): f64 { return <f64>clock(MONOTONIC) / 1e6; }
export function wasi_wallclock(): f64 { return <f64>(clock(REALTIME) / 1000) / 1e3; }

export function wasi_write(fd: i32, at: usize, n: i32): i32 {
  let done: i32 = 0;
  while (done < n) {
    store<u32>(IOVEC, at + done);
    store<u32>(IOVEC, n - done, 4);
    const errno = fd_write(fd, IOVEC, 1, RESULT);
    if (errno == EAGAIN) { pause(); continue; }
    if (errno) return done ? done : -<i32>errno;
    done += load<i32>(RESULT);
  }
  return done;
}

export function wasi_exit(code: i32): void { proc_exit(code); unreachable(); }

export function wasi_seed(): f64 {
  random_get(RESULT, 8);
  return <f64>(load<u64>(RESULT) >> 11) / 9007199254740992.0;
}

export function wasi_ncpu(): i32 { return 1; }

/** There are no threads. */
export function wasi_start_m(m: i32): i32 { return 0; }

// The following are asked for by flags of kernel_init only, which `_start` does not give, and by GOOS=js.
export function wasi_start_sysmon(): void { unreachable(); }
export function wasi_gctrace(number: i32, since: f64, pause: f64, before: f64, after: f64, goal: f64, stacks: f64, globals: f64, forced: i32): void { unreachable(); }
export function wasi_schedline(kind: i32, a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64, h: f64, i: f64, j: f64): void { unreachable(); }
export function wasi_jscall(call: usize): i32 { unreachable(); return 0; }

/** Writes a subscription to a descriptor: user data, tag, descriptor. */
function subscribe(at: usize, data: u64, tag: u32, fd: i32): void {
  memory.fill(at, 0, SUBSCRIPTION_SIZE);
  store<u64>(at, data);
  store<u8>(at, tag, 8);
  store<i32>(at, fd, 16);
}

// Goroutines that wait for descriptors: entries {fd, tag, completion id}, in the order they came; and room for what
// poll_oneoff takes and gives. The one M's alone.
const ENTRY: u32 = 12;
let polls: usize = 0;
let npolls: u32 = 0;
let cappolls: u32 = 0;
let buffer: usize = 0;

/** A goroutine waits for fd: its completion `id` will give 1 when it can be read (mode 'r') or written. */
export function polladd(fd: i32, mode: u32, id: u32): void {
  if (npolls == cappolls) {
    const cap: u32 = cappolls ? cappolls * 2 : 16;
    polls = kgrow(polls, cappolls * ENTRY, cap * ENTRY);
    // A subscription and an event for each, and for the clock.
    buffer = kgrow(buffer, cappolls ? (cappolls + 1) * (SUBSCRIPTION_SIZE + EVENT_SIZE) : 0, (cap + 1) * (SUBSCRIPTION_SIZE + EVENT_SIZE));
    cappolls = cap;
  }
  const e = polls + npolls++ * ENTRY;
  store<i32>(e, fd);
  store<u32>(e, mode == 0x72 ? TAG_READ : TAG_WRITE, 4);
  store<u32>(e, id, 8);
}

/** Completes the wait with the answer, if it is still there. */
function endPoll(id: u32, answer: i32): void {
  for (let i: u32 = 0; i < npolls; i++) {
    const e = polls + i * ENTRY;
    if (load<u32>(e, 8) != id) continue;
    npolls--;
    memory.copy(e, e + ENTRY, (npolls - i) * ENTRY);
    complete(id, answer);
    return;
  }
}

/** The goroutine with this completion waits no longer: it gets 0. */
export function pollcancel(id: u32): void { endPoll(id, 0); }

/** Waits until a descriptor is ready, at most `ns` (< 0: for ever). */
function wait(ns: i64): void {
  let n: u32 = 0, writers = false;
  for (let i: u32 = 0; i < npolls; i++) if (load<u32>(polls + i * ENTRY, 4) == TAG_WRITE) writers = true;
  // wazero sleeps to the last deadline when it can't wait for a descriptor, without one for ever.
  if (writers && (ns < 0 || ns > WRITE_NS)) ns = WRITE_NS;
  const subs = npolls ? buffer : SUBSCRIPTION, events = npolls ? buffer + (cappolls + 1) * SUBSCRIPTION_SIZE : EVENT;
  for (; n < npolls; n++) subscribe(subs + n * SUBSCRIPTION_SIZE, load<u32>(polls + n * ENTRY, 8), load<u32>(polls + n * ENTRY, 4), load<i32>(polls + n * ENTRY));
  if (ns >= 0) {
    const at = subs + n++ * SUBSCRIPTION_SIZE;
    subscribe(at, 0, TAG_CLOCK, MONOTONIC);
    store<u64>(at, ns, 24);
  }
  if (poll_oneoff(subs, events, n, NEVENTS)) return;
  for (let i: u32 = 0, k = load<u32>(NEVENTS); i < k; i++) {
    const id = <u32>load<u64>(events + i * EVENT_SIZE);
    if (id) endPoll(id, 1);
  }
}

function pause(): void {
  subscribe(SUBSCRIPTION, 0, TAG_CLOCK, MONOTONIC);
  store<u64>(SUBSCRIPTION, WRITE_NS, 24);
  poll_oneoff(SUBSCRIPTION, EVENT, 1, NEVENTS);
}

/** Runs the program to its end, which is a call of proc_exit. */
export function wasi_main(): void {
  while (true) {
    const ns = run();
    if (ns || npolls) wait(ns);
  }
}

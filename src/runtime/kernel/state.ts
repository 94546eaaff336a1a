// Global state. Wasm globals belong to one instance, hence to one M: the M's registers (g, sp, …) live there.
// What all Ms share is in memory (shared.ts). Nothing here has an initialiser that needs a start function.

import { P } from './structs';

/** The current goroutine, 0 in the scheduler. */
export let g: usize = 0;
/** Top of the current goroutine's stack in memory, and the end of its newest chunk. */
export let sp: usize = 0;
export let splimit: usize = 0;
/** Frame that a function called with negative depth re-enters. */
export let resume_fp: usize = 0;
/** Results of a resumed call. */
export let result_area: usize = 0;
/** The M's and its P's records. */
export let m: usize = 0;
export let p: usize = 0;

/** More than one M: locks and queues need atomics. A copy of sched.threaded, set in M0 before there is another M. */
export let threaded: bool = false;
/** This M may sleep on a futex. Where not (a page's own thread, unshared memory) M0 returns to the host instead, and spins for locks. */
export let maySleep: bool = false;
/** M0's thread is a page's own: it never waits in place, it gives the event loop its turn after each time slice, and goroutines prefer other Ms. */
export let page: bool = false;
/** Preemption disabled (procpin); a count. */
export let locks: i32 = 0;

/** What the goroutine that just returned "suspended" wants (OP_…), and its arguments. */
export let op: u32 = 0;
export let oparg0: usize = 0;
export let oparg1: usize = 0;
export let oparg2: usize = 0;

export const OP_PARK: u32 = 0;
export const OP_YIELD_GLOBAL: u32 = 1;
export const OP_YIELD_LOCAL: u32 = 2;
export const OP_PREEMPT: u32 = 3;
/** Frames had to be saved for their own sake: recursion too deep for the native stack. Goes on at once. */
export const OP_CONTINUE: u32 = 4;
export const OP_CALLERS: u32 = 5;
export const OP_EXIT: u32 = 6;
export const OP_RECOVERY: u32 = 7;
export const OP_CORO_SWITCH: u32 = 8;
export const OP_CORO_EXIT: u32 = 9;
export const OP_GC: u32 = 10;
export const OP_JSCALL: u32 = 11;
/** The world is stopped, and the goroutine goes on alone until startworld. */
export const OP_STOP_WORLD: u32 = 12;
/** Goes on on M0. */
export const OP_ON_M0: u32 = 13;
/** A blocking call of the host is to be made for it. */
export const OP_SYSCALL: u32 = 14;
/** An embedder's import is to be called. */
export const OP_IMPORT: u32 = 15;
/** As OP_SYSCALL, not on M0. */
export const OP_LASTING: u32 = 16;


/** The program's tables (src/abi/tables.ts). */
export let info: usize = 0;
export let sites: usize = 0;
export let nsites: u32 = 0;
export let funcs: usize = 0;
export let bitmaps: usize = 0;

export function setG(x: usize): void { g = x; }
export function setSp(x: usize): void { sp = x; }
export function setSplimit(x: usize): void { splimit = x; }
export function setResumeFp(x: usize): void { resume_fp = x; }
export function setThreaded(x: bool): void { threaded = x; }
export function setMaySleep(x: bool): void { maySleep = x; }
export function setPage(x: bool): void { page = x; }
export function addLocks(n: i32): void { locks += n; }
export function setM(mm: usize, area: usize): void { m = mm; result_area = area; }
export function setP(pp: usize): void { p = pp; }

/** Notes what the scheduler shall do once the frames are saved; gives the status "suspended". */
export function suspend(what: u32, a: usize = 0, b: usize = 0, c: usize = 0): i32 {
  op = what; oparg0 = a; oparg1 = b; oparg2 = c;
  return 1;
}

export function setTables(i: usize, s: usize, ns: u32, f: usize, b: usize): void { info = i; sites = s; nsites = ns; funcs = f; bitmaps = b; }

export function currentP(): P { return changetype<P>(p); }

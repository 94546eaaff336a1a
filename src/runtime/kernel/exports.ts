// Calls of the program's exports (//go:wasmexport) by the host, on M0: from its event loop, or from inside a jscall or an embedder's import.
//
// Each call is a goroutine of its own, whose function value is the call's frame. M0 runs goroutines until that one has ended, which is then the
// ordinary case of a function that returns, or until there is nothing to run for M0 while it waits: then the host gives its caller a promise, and the
// goroutine goes on in the usual course of things. While another M runs it M0 waits; when it has ended it is on M0 in any case (`export_done`).

import { exporting, nowRunning, setExporting, sleepHere, stopped, woken } from './m';
import { beginTurn, isHostTurn } from './hostturn';
import { leaveForHost, takeIdleP } from './findrunnable';
import { G, GFLAG_EVENT, P } from './structs';
import { kalloc, kfree } from './pageheap';
import { makeG } from './goroutine';
import { maySleep, p, threaded } from './state';
import { nanotime } from './clock';
import { ready } from './ready';
import { runNext } from './proc';
import { sched } from './shared';
import { setNativeLimit } from './poll';
import { STATUS_DEAD, STATUS_WAITING, NATIVE_LIMIT } from './layout.gen';
import { takeNextP } from './stw';
import { waitForP } from './m0';

/** How long M0 sleeps between two looks at a goroutine that another M runs, ns. */
const LOOK_NS: i64 = 100_000;
/** How long it waits for one that waits itself, while other Ms run what may wake it, ns. */
const PATIENCE_NS: i64 = 1_000_000;
/** Native stack that a call needs at least, in units of depth. */
const LEAST_STACK: u32 = 16384;

export function export_frame(code: u32, words: u32): usize {
  const frame = kalloc(words << 3);
  memory.fill(frame, 0, words << 3);
  store<u64>(frame, code);
  return frame;
}

export function export_free(frame: usize, words: u32): void { kfree(frame, words << 3); }

export function export_call(frame: usize): void {
  const fromLoop = threaded && !p, wasExporting = exporting, limit = load<u32>(NATIVE_LIMIT);
  if (fromLoop) waitForP();
  const gp = makeG(frame, 0, GFLAG_EVENT), id = gp.goid;
  setExporting(true);
  if (limit > LEAST_STACK) setNativeLimit(limit >> 1);
  // Counted as it was begun: other Ms may come meanwhile.
  const counts = fromLoop || !threaded;
  if (counts) nowRunning();
  beginTurn();
  ready(gp);
  while (!hasEnded(gp, id)) {
    // It waits, and other goroutines have had their time.
    if (isHostTurn() && gp.status == STATUS_WAITING) break;
    if (!runNext() && !waitElsewhere(gp, id)) break;
  }
  if (counts) stopped();
  setNativeLimit(limit);
  setExporting(wasExporting);
  if (fromLoop) { if (p) leaveForHost(changetype<P>(p)); } else if (threaded && !p) waitForP();
}

@inline
function hasEnded(gp: G, id: i64): bool { return gp.goid != id || gp.status == STATUS_DEAD; }

/** M0 has nothing to run. If it has given its P up: while another M runs gp, waits for work. False: gp waits for the event loop. */
function waitElsewhere(gp: G, id: i64): bool {
  if (!threaded) return false;
  const end = nanotime() + PATIENCE_NS;
  while (!p) {
    if (woken()) { takeNextP(); return true; }
    if (hasEnded(gp, id)) return false;
    if (gp.status == STATUS_WAITING && (sched.npidle == <u32>sched.gomaxprocs || nanotime() > end)) return false;
    if (takeIdleP()) return true;
    if (maySleep) sleepHere(LOOK_NS);
  }
  return true;
}

// Making goroutines runnable, and the sudogs that they wait with.

import { G, P, Sudog } from './structs';
import { globrunqput, runqput } from './runq';
import { kalloc } from './pageheap';
import { p, threaded } from './state';
import { unblocked } from './bubble';
import { STATUS_RUNNABLE } from './layout.gen';
import { traceGoUnblock, tracing } from './trace';
import { wakep } from './m';
import { jitter } from './stress';
import { sched } from './shared';

/** Marks a parked goroutine runnable and puts it next in line on this P, or (from a thread without one) into the global queue. */
export function ready(gp: G): void { readyAt(gp, true); }

/** Marks a parked goroutine runnable and puts it last in line: several that wake together keep their order. */
export function readyLast(gp: G): void { readyAt(gp, false); }

/** Length of the global queue from which on it has work that waits, and not just a goroutine or two that use their slices up. */
const MANY: u32 = 4;

/**
 * The same by the host, which has something for goroutines in each of its turns: as the local queue goes first, the global one, if it has got half of a
 * full local queue, would hardly ever be its turn. So they go behind those that wait there.
 */
export function readyFromHost(gp: G): void {
  if (sched.runqsize < MANY) readyAt(gp, false);
  else readyAt(gp, false, true);
}

function readyAt(gp: G, next: bool, toGlobal: bool = false): void {
  if (gp.bubble) unblocked(gp);
  gp.status = STATUS_RUNNABLE;
  if (tracing()) traceGoUnblock(gp);
  if (!threaded && !toGlobal) { runqput(changetype<P>(p), gp, next); return; }
  if (p && !toGlobal) runqput(changetype<P>(p), gp, next);
  else globrunqput(gp);
  if (!threaded) return;
  jitter();
  wakep();
}

/** As ready, of a goroutine that nothing else may ready at the same time. */
export function goready(gp: usize): void { ready(changetype<G>(gp)); }

/** A sudog from the P's cache, for goroutine gp. */
export function acquireSudog(gp: usize): Sudog {
  const pp = changetype<P>(p);
  let a = pp.sudogcache;
  if (a) pp.sudogcache = changetype<Sudog>(a).next;
  else a = kalloc(offsetof<Sudog>());
  const s = changetype<Sudog>(a);
  s.g = gp; s.next = 0; s.prev = 0; s.waitlink = 0;
  return s;
}

export function releaseSudog(s: Sudog): void {
  const pp = changetype<P>(p);
  s.g = 0; s.elem = 0; s.c = 0;
  s.next = pp.sudogcache;
  pp.sudogcache = changetype<usize>(s);
}

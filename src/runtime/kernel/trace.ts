// Execution traces: what the scheduler does, as events of internal/trace/tracev2, which the overlay writes out (overlay/runtime/trace.go).
//
// Protocol. Each M writes records into a chain of blocks of its own (M.trace, M.tracetail). Tracing begins, ends and goes to the next generation while the
// world is stopped (traceswap): the chains of all Ms are taken off, and the states of all Ps and goroutines noted. What orders the events of different
// Ms are sequence numbers: G.traceseq is counted up by who starts or readies the goroutine, which it owns then; P.traceseq by the holder, or who takes the P
// from a blocking call. That one leaves in P.stolenfrom from whom, for the next holder or the M that comes back to tell, whichever is first
// (compare-and-swap). Off, each point costs a load and a test.

import { allp } from './p';
import { G, GFLAG_NEW, M, P } from './structs';
import { kalloc, kfree } from './pageheap';
import { m, p } from './state';
import { nanotime } from './clock';
import { Sched, sched } from './shared';
import { STATUS_DEAD, STATUS_IDLE, STATUS_RUNNING, STATUS_SYSCALL, TRACE_GO_BLOCK, TRACE_GO_CREATE, TRACE_GO_CREATE_BLOCKED, TRACE_GO_DESTROY, TRACE_GO_START, TRACE_GO_STATUS, TRACE_GO_STOP,
  TRACE_GO_SWITCH, TRACE_GO_SWITCH_DESTROY, TRACE_GO_SYSCALL_BEGIN, TRACE_GO_UNBLOCK, TRACE_PROC_START, TRACE_PROC_STATUS, TRACE_PROC_STEAL, TRACE_PROC_STOP, TRACE_STACK } from './layout.gen';
import { walkPcs } from './frames';
import { loadAcq } from './lock';

/** A block: next block, bytes used (its head counted), number of the M, next chain; then records. */
const BLOCK: u32 = 1 << 16;
const HEAD: u32 = 16;
/** A record: time i64, kind u32, u32, three u64. A stack, which belongs to the record after it: time 0, kind, number of pcs, pcs. */
const RECORD: u32 = 40;
const STACK_PCS: i32 = 32;

/** Status of a P in a trace. */
const PROC_RUNNING: u32 = 1, PROC_IDLE: u32 = 2;

@inline
export function tracing(): bool { return sched.tracing != 0; }

/** Room for n bytes in this M's chain. */
function room(n: u32): usize {
  const mp = changetype<M>(m);
  let tail = mp.tracetail;
  if (!tail || load<u32>(tail, 4) + n > BLOCK) {
    const b = kalloc(BLOCK);
    store<u32>(b, 0);
    store<u32>(b, HEAD, 4);
    store<u32>(b, mp.id, 8);
    if (tail) store<u32>(tail, b);
    else mp.trace = b;
    mp.tracetail = b;
    tail = b;
    atomic.add<u32>(changetype<usize>(sched) + offsetof<Sched>('tracebytes'), BLOCK);
  }
  const used = load<u32>(tail, 4);
  store<u32>(tail, used + n, 4);
  return tail + used;
}

/** Records an event of this M. */
export function traceevent(kind: u32, a: u64, b: u64, c: u64): void {
  const at = room(RECORD);
  store<i64>(at, nanotime());
  store<u32>(at, kind, 8);
  store<u64>(at, a, 16);
  store<u64>(at, b, 24);
  store<u64>(at, c, 32);
}

/** The stack of gp, which is suspended: that of the next event. */
function stackOf(gp: G): void {
  const at = room(16 + STACK_PCS * 8);
  store<i64>(at, 0);
  store<u32>(at, TRACE_STACK, 8);
  const n = walkPcs(gp, 0, at + 16, STACK_PCS);
  store<u32>(at, n, 12);
  // What was too much is given back.
  const tail = changetype<M>(m).tracetail;
  store<u32>(tail, load<u32>(tail, 4) - ((STACK_PCS - n) << 3), 4);
}

export function traceGoStart(gp: G): void { traceevent(TRACE_GO_START, gp.goid, ++gp.traceseq, 0); }

/** gp, whose frames are saved, waits. */
export function traceGoBlock(gp: G): void {
  stackOf(gp);
  traceevent(TRACE_GO_BLOCK, gp.waitreason, 0, 0);
}

/** gp waits again before it has run. */
export function traceGoBlockAgain(gp: G): void { traceevent(TRACE_GO_BLOCK, gp.waitreason, 0, 0); }

/** gp, whose frames are saved, gives its turn away; `preempted` or of itself. */
export function traceGoStop(gp: G, preempted: bool): void {
  stackOf(gp);
  traceevent(TRACE_GO_STOP, preempted, 0, 0);
}

export function traceGoDestroy(): void { traceevent(TRACE_GO_DESTROY, 0, 0, 0); }

/** gp was made, to run at once or waiting. */
export function traceGoCreate(gp: G, running: bool): void {
  gp.traceseq = 0;
  if (running) gp.flags |= GFLAG_NEW;
  traceevent(running ? TRACE_GO_CREATE : TRACE_GO_CREATE_BLOCKED, gp.goid, gp.startcode, 0);
}

/** gp is readied: nothing new of one that was just made. */
export function traceGoUnblock(gp: G): void {
  if (gp.flags & GFLAG_NEW) { gp.flags &= ~GFLAG_NEW; return; }
  traceevent(TRACE_GO_UNBLOCK, gp.goid, ++gp.traceseq, 0);
}

/** The current goroutine changes places with `next`, or ends in its favour. */
export function traceGoSwitch(next: G, ends: bool): void { traceevent(ends ? TRACE_GO_SWITCH_DESTROY : TRACE_GO_SWITCH, next.goid, ++next.traceseq, 0); }

export function traceSyscallBegin(gp: G, pp: P): void {
  stackOf(gp);
  traceevent(TRACE_GO_SYSCALL_BEGIN, ++pp.traceseq, 0, 0);
}

/** This M takes pp from a blocking call of its M. */
export function noteSteal(pp: P): void {
  if (!tracing()) return;
  pp.stealseq = ++pp.traceseq;
  atomic.store<u32>(changetype<usize>(pp) + offsetof<P>('stolenfrom'), changetype<M>(pp.m).id + 1);
}

/** Tells that pp was taken from a blocking call, if nobody has. */
export function traceProcSteal(pp: P): void {
  const at = changetype<usize>(pp) + offsetof<P>('stolenfrom');
  const from = atomic.load<u32>(at);
  if (!from || atomic.cmpxchg<u32>(at, from, 0) != from) return;
  traceevent(TRACE_PROC_STEAL, pp.id, pp.stealseq, from - 1);
}

export function traceProcStart(pp: P): void {
  traceProcSteal(pp);
  traceevent(TRACE_PROC_START, pp.id, ++pp.traceseq, 0);
}

export function traceProcStop(): void { traceevent(TRACE_PROC_STOP, 0, 0, 0); }

/** A P that is there from now on, or again: then its numbers go on, for what is told of it before may be read later. */
export function traceProcNew(pp: P): void {
  if (pp.tracegen == sched.tracing) { traceProcSteal(pp); return; }
  noteP(pp, PROC_IDLE);
}

function noteP(pp: P, status: u32): void {
  pp.tracegen = sched.tracing;
  pp.traceseq = 0;
  pp.stolenfrom = 0;
  traceevent(TRACE_PROC_STATUS, pp.id, status, 0);
}

/**
 * With the world stopped: takes the chains of all Ms and goes on with new ones if `on`, which begin with the states of Ps and goroutines. The first
 * chain, 0 if there is none; tracefree frees them.
 */
export function traceswap(on: bool): usize {
  if (tracing()) for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) traceProcSteal(allp(i));
  let chains: usize = 0;
  for (let a = sched.allm; a; a = changetype<M>(a).alllink) {
    const mp = changetype<M>(a);
    if (mp.trace) {
      store<u32>(mp.trace, chains, 12);
      chains = mp.trace;
    }
    mp.trace = 0;
    mp.tracetail = 0;
  }
  atomic.store<u32>(changetype<usize>(sched) + offsetof<Sched>('tracebytes'), 0);
  sched.tracing = on ? ++sched.tracegens : 0;
  if (on) noteStates();
  return chains;
}

function noteStates(): void {
  for (let i: u32 = 0; i < <u32>sched.gomaxprocs; i++) {
    noteP(allp(i), changetype<usize>(allp(i)) == p ? PROC_RUNNING : PROC_IDLE);
  }
  for (let i: u32 = 0; i < sched.nallgs; i++) {
    const gp = changetype<G>(load<u32>(sched.allgs + (i << 2)));
    if (gp.status == STATUS_DEAD || gp.status == STATUS_IDLE) continue;
    gp.traceseq = 0;
    gp.flags &= ~GFLAG_NEW;
    const mid: i64 = gp.status == STATUS_SYSCALL ? <i64>gp.hookarg : gp.status == STATUS_RUNNING ? changetype<M>(m).id : -1;
    traceevent(TRACE_GO_STATUS, gp.goid, mid, gp.status);
  }
}

/** Frees the chains that traceswap gave. */
export function tracefree(chains: usize): void {
  while (chains) {
    const next: usize = load<u32>(chains, 12);
    for (let b = chains; b;) {
      const after: usize = load<u32>(b);
      kfree(b, BLOCK);
      b = after;
    }
    chains = next;
  }
}

/** Bytes of records since the last swap. */
export function tracebytes(): u32 { return loadAcq(changetype<usize>(sched) + offsetof<Sched>('tracebytes')); }

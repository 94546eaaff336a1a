// The network poller's kernel side: goroutines that wait until a descriptor can be read or written, is closed, or a deadline has passed.
//
// A PollDesc has two sides, read and write. `ready` is set by who knows that an attempt is worth it (the host for its sockets, from M0's event
// loop; package syscall for pipes) and taken by the wait that it ends: as with an edge-triggered poller, who waits has tried before and found
// nothing, after a reset. Deadlines are timers of the overlay, which sets `expired`.
//
// Protocol. All fields but `link` are under the PollDesc's lock; a goroutine that waits holds it until its frames are saved. The record is the
// kernel's own memory and is never freed, only used again: what the host says late, of a descriptor that is closed already, at most makes
// somebody try once more in vain. `link` leads to the next of the free list (under sched.lock) or of the PollDescs of one open file (overlay).
//
// While a PollDesc of the host is open it counts in HOST_PENDING: M0 goes to the event loop instead of sleeping, and the program is no deadlock, as
// on the native ports.

import { G } from './structs';
import { g, OP_PARK, suspend } from './state';
import { HOST_PENDING, WAIT_IO_WAIT } from './layout.gen';
import { hostHasNews } from './hostturn';
import { kalloc } from './pageheap';
import { lock, unlock, xadd } from './lock';
import { readyFromHost, readyLast } from './ready';
import { schedLock } from './runq';
import { sched } from './shared';

/** One side's state. */
@unmanaged
class Side {
  ready: u32;
  expired: u32;
  g: usize;
}

@unmanaged
class PollDesc {
  lock: u32;
  link: usize;
  // The host makes it ready.
  host: u32;
  closing: u32;
  // Two sides: read, write.
  r0: u32; r1: u32; r2: u32;
  w0: u32; w1: u32; w2: u32;
}

const READ: u32 = 0x72;
const WRITE: u32 = 0x77;

/** What ends a wait, as internal/poll numbers it. */
const POLL_OK: u64 = 0;
const POLL_CLOSING: u64 = 1;
const POLL_TIMEOUT: u64 = 2;

@inline
function side(a: usize, mode: u32): Side {
  return changetype<Side>(a + (mode == WRITE ? offsetof<PollDesc>('w0') : offsetof<PollDesc>('r0')));
}

/** The reason not to wait. The lock is held. */
function check(pd: PollDesc, s: Side): u64 { return pd.closing ? POLL_CLOSING : s.expired ? POLL_TIMEOUT : POLL_OK; }

export function netpollopen(host: bool): u32 {
  if (host) { xadd(HOST_PENDING, 1); hostHasNews(); }
  lock(schedLock());
  let a = sched.pollfree;
  if (a) sched.pollfree = changetype<PollDesc>(a).link;
  unlock(schedLock());
  if (!a) a = kalloc(offsetof<PollDesc>());
  lock(a);
  const pd = changetype<PollDesc>(a), r = side(a, READ), w = side(a, WRITE);
  pd.link = 0;
  pd.host = <u32>host;
  pd.closing = 0;
  r.expired = 0;
  w.expired = 0;
  // What happened before it was there is not known.
  r.ready = 1;
  w.ready = 1;
  unlock(a);
  return <u32>a;
}

/** No goroutine waits any more. */
export function netpollclose(a: u32): void {
  if (changetype<PollDesc>(<usize>a).host) xadd(HOST_PENDING, -1);
  lock(schedLock());
  changetype<PollDesc>(<usize>a).link = sched.pollfree;
  sched.pollfree = a;
  unlock(schedLock());
}

export function netpollreset(a: u32, mode: u32): i32 {
  const pd = changetype<PollDesc>(<usize>a), s = side(a, mode);
  lock(a);
  const result = check(pd, s);
  if (result == POLL_OK) s.ready = 0;
  unlock(a);
  return <i32>result;
}

/** Waits; `regardless` of closing and deadlines. */
export function netpollwait(a: u32, mode: u32, regardless: bool): i32 {
  const pd = changetype<PollDesc>(<usize>a), s = side(a, mode), gp = changetype<G>(g);
  lock(a);
  const result = regardless ? POLL_OK : check(pd, s);
  if (result != POLL_OK || s.ready) {
    if (result == POLL_OK) s.ready = 0;
    unlock(a);
    gp.kres0 = result;
    return 0;
  }
  s.g = g;
  gp.waitreason = WAIT_IO_WAIT;
  return suspend(OP_PARK, a);
}

/** Takes the goroutine that waits on a side, if one does, and gives it the result. The lock is held; it is released. */
function wake(a: usize, s: Side, result: u64, fromHost: bool = false): void {
  const gp = s.g;
  if (gp) {
    s.g = 0;
    if (result == POLL_OK) s.ready = 0;
    changetype<G>(gp).kres0 = result;
  }
  unlock(a);
  if (!gp) return;
  if (fromHost) readyFromHost(changetype<G>(gp));
  else readyLast(changetype<G>(gp));
}

/** An attempt to read or write is worth it, for all PollDescs of the file. */
export function netpollready(a: u32, mode: u32): void { readyAll(a, mode, false); }

/** The same by the host, on M0, outside run(). */
export function netready(a: u32, mode: u32): void {
  hostHasNews();
  readyAll(a, mode, true);
}

function readyAll(a: u32, mode: u32, fromHost: bool): void {
  for (let at: usize = a; at;) {
    const next = changetype<PollDesc>(at).link;
    lock(at);
    const s = side(at, mode);
    s.ready = 1;
    wake(at, s, POLL_OK, fromHost);
    at = next;
  }
}

/** Sets or takes back that a side's deadline has passed. */
export function netpollexpire(a: u32, mode: u32, expired: bool): void {
  const s = side(a, mode);
  lock(a);
  s.expired = <u32>expired;
  if (expired) wake(a, s, POLL_TIMEOUT);
  else unlock(a);
}

/** The descriptor is being closed: waits end. */
export function netpollunblock(a: u32): void {
  lock(a);
  changetype<PollDesc>(<usize>a).closing = 1;
  wake(a, side(a, READ), POLL_CLOSING);
  lock(a);
  wake(a, side(a, WRITE), POLL_CLOSING);
}

// Channels. A sender that finds a waiting receiver hands the value over directly, into the receiver's memory, and the
// other way round; else the value goes through the buffer, else the goroutine waits with a sudog.
// The waker completes a plain send or receive for the woken goroutine (result words, sudog), so that it just goes on;
// a select is completed by the scheduler when it continues the goroutine (select.ts).
//
// Invariants: at most one of sendq and recvq is non-empty (a select on both ends of one channel aside); with a buffer,
// qcount > 0 implies no waiting receiver, qcount < dataqsiz no waiting sender.

import { currentId, foreign } from './bubble';
import { lock, unlock, cas } from './lock';
import { acquireSudog, ready, releaseSudog } from './ready';
import { G, Hchan, HCHAN_SIZE, Sudog } from './structs';
import { g, OP_PARK, suspend } from './state';
import { kalloc } from './pageheap';
import { mallocgc } from './malloc';
import {
  TYPE_GC_DATA, TYPE_PTR_BYTES, TYPE_SIZE, WAIT_CHAN_RECEIVE, WAIT_CHAN_RECEIVE_NIL_CHAN, WAIT_CHAN_SEND, WAIT_CHAN_SEND_NIL_CHAN,
  WAIT_SYNCTEST_CHAN_RECEIVE, WAIT_SYNCTEST_CHAN_SEND,
} from './layout.gen';
import { sched } from './shared';
import { done } from './stress';

/** Result of an operation on a channel of another synctest bubble. */
export const FOREIGN: i32 = 4;
/** Result of a receive from a timer's channel: the caller has to see to the timer, then it is chanrecvtimer's. */
const TIMER: i32 = 5;

export function initChan(): void {
  sched.hchantype = kalloc(64);
  store<u64>(sched.hchantype, HCHAN_SIZE, TYPE_SIZE);
  store<u64>(sched.hchantype, 32, TYPE_PTR_BYTES);
  store<u64>(sched.hchantype, sched.hchantype + 56, TYPE_GC_DATA);
  store<u64>(sched.hchantype + 56, 0b1010);
}

@inline
function chanLock(c: Hchan): usize { return changetype<usize>(c) + offsetof<Hchan>('lock'); }

/** A channel of `size` elements; 0 if that is negative or too much. */
export function makechan(elem: usize, size: i64): usize {
  const es = load<u32>(elem, TYPE_SIZE);
  if (<u64>size > 0xf0000000 || <u64>size * es > 0xf0000000) return 0;
  const bytes = <u32>size * es;
  let c: Hchan;
  if (bytes && load<u32>(elem, TYPE_PTR_BYTES) == 0 && bytes <= 0xf0000000 - HCHAN_SIZE) {
    c = changetype<Hchan>(mallocgc(HCHAN_SIZE + bytes, 0, 0));
    c.buf = changetype<usize>(c) + HCHAN_SIZE;
  } else {
    c = changetype<Hchan>(mallocgc(HCHAN_SIZE, bytes || load<u32>(elem, TYPE_PTR_BYTES) ? sched.hchantype : 0, 0));
    if (bytes) c.buf = mallocgc(bytes, elem, 0);
  }
  c.elemsize = es;
  c.bubble = currentId();
  c.dataqsiz = <u32>size;
  return changetype<usize>(c);
}

/** Copies one element. */
@inline
export function copyElem(dst: usize, src: usize, size: u32): void {
  if (size == 8) store<u64>(dst, load<u64>(src));
  else if (size) memory.copy(dst, src, size);
}

/** Queue of waiters at address q: {first, last}. */
@inline
export function enqueue(q: usize, s: Sudog): void {
  s.next = 0;
  const last: usize = load<u32>(q, 4);
  s.prev = last;
  if (last) changetype<Sudog>(last).next = changetype<usize>(s);
  else store<u32>(q, changetype<usize>(s));
  store<u32>(q, changetype<usize>(s), 4);
}

/** First waiter, off the queue; of several cases of one select only the first to come gets the goroutine. */
export function dequeue(q: usize): usize {
  while (true) {
    const a: usize = load<u32>(q);
    if (!a) return 0;
    const s = changetype<Sudog>(a), next = s.next;
    store<u32>(q, next);
    if (next) changetype<Sudog>(next).prev = 0;
    else store<u32>(q, 0, 4);
    s.next = 0;
    if (s.isSelect) {
      // Marks the sudog as off the queue: selectDone's loser finds it so.
      s.isSelect = 2;
      if (!cas(s.g + offsetof<G>('selectDone'), 0, 1)) continue;
    }
    return a;
  }
}

/** Takes a sudog out of the middle. */
export function dequeueSudog(q: usize, s: Sudog): void {
  if (s.prev) changetype<Sudog>(s.prev).next = s.next;
  else store<u32>(q, s.next);
  if (s.next) changetype<Sudog>(s.next).prev = s.prev;
  else store<u32>(q, s.prev, 4);
  s.next = 0; s.prev = 0;
}

@inline
export function recvq(c: Hchan): usize { return changetype<usize>(c) + offsetof<Hchan>('recvqFirst'); }
@inline
export function sendq(c: Hchan): usize { return changetype<usize>(c) + offsetof<Hchan>('sendqFirst'); }

/** Completes the wait of s; `result` is what a plain operation gives. Its goroutine, which is still to be made runnable. */
@inline
function settle(s: Sudog, success: u32, result: u64): G {
  const gp = changetype<G>(s.g);
  s.success = success;
  if (s.isSelect) gp.wokenby = changetype<usize>(s);
  else {
    gp.kres0 = result;
    gp.waiting = 0;
    releaseSudog(s);
  }
  return gp;
}

/** Completes the wait of s and readies its goroutine. */
@inline
function complete(s: Sudog, success: u32, result: u64): void { ready(settle(s, success, result)); }

/** Hands a value to waiting receiver s. */
@inline
function handTo(c: Hchan, s: Sudog, src: usize): void {
  if (s.elem) copyElem(s.elem, src, c.elemsize);
  complete(s, 1, 3);
}

/** Takes the value of waiting sender s; in a full buffer it goes to the tail and the head comes out. */
function takeFrom(c: Hchan, s: Sudog, dst: usize): void {
  if (c.dataqsiz == 0) { if (dst) copyElem(dst, s.elem, c.elemsize); }
  else {
    const at = c.buf + c.recvx * c.elemsize;
    if (dst) copyElem(dst, at, c.elemsize);
    copyElem(at, s.elem, c.elemsize);
    if (++c.recvx == c.dataqsiz) c.recvx = 0;
    c.sendx = c.recvx;
  }
  complete(s, 1, 1);
}

/** Puts a value into the buffer, which has room. */
@inline
function put(c: Hchan, elem: usize): i32 {
  copyElem(c.buf + c.sendx * c.elemsize, elem, c.elemsize);
  if (++c.sendx == c.dataqsiz) c.sendx = 0;
  c.qcount++;
  return 1;
}

/** Takes a value out of the buffer, which has one. */
@inline
function take(c: Hchan, elem: usize): i32 {
  const at = c.buf + c.recvx * c.elemsize;
  if (elem) copyElem(elem, at, c.elemsize);
  // The buffer must not keep what was taken.
  if (c.elemsize == 8) store<u64>(at, 0);
  else memory.fill(at, 0, c.elemsize);
  if (++c.recvx == c.dataqsiz) c.recvx = 0;
  c.qcount--;
  return 3;
}

/** Sends without waiting, the lock held: 0 would block, 1 sent, 2 closed. */
export function trySend(c: Hchan, elem: usize): i32 {
  if (c.closed) return 2;
  const s = dequeue(recvq(c));
  if (s) { handTo(c, changetype<Sudog>(s), elem); return 1; }
  return c.qcount < c.dataqsiz ? put(c, elem) : 0;
}

/** Receives without waiting, the lock held: 0 would block, 1 closed and empty, 3 received. */
export function tryRecv(c: Hchan, elem: usize): i32 {
  if (c.closed && c.qcount == 0) {
    if (elem) memory.fill(elem, 0, c.elemsize);
    return 1;
  }
  const s = dequeue(sendq(c));
  if (s) { takeFrom(c, changetype<Sudog>(s), elem); return 3; }
  return c.qcount > 0 ? take(c, elem) : 0;
}

/** Queues the current goroutine on q with `elem` and parks it; the lock is released when its frames are saved. */
function wait(c: Hchan, q: usize, elem: usize, reason: u32): i32 {
  const gp = changetype<G>(g), s = acquireSudog(g);
  s.elem = elem;
  s.c = changetype<usize>(c);
  s.isSelect = 0;
  enqueue(q, s);
  gp.waiting = changetype<usize>(s);
  gp.waitreason = reason;
  return suspend(OP_PARK, chanLock(c));
}

/** A nil channel: blocks for ever. */
function never(reason: u32): i32 {
  changetype<G>(g).waitreason = reason;
  return suspend(OP_PARK);
}

export function chansend(a: usize, elem: usize, block: bool): i32 {
  const gp = changetype<G>(g);
  if (!a) {
    if (block) return never(WAIT_CHAN_SEND_NIL_CHAN);
    gp.kres0 = 0;
    return 0;
  }
  const c = changetype<Hchan>(a);
  if (foreign(c.bubble)) { gp.kres0 = FOREIGN; return 0; }
  lock(chanLock(c));
  // The usual case of a buffer, without a call.
  const r = !c.closed && c.qcount < c.dataqsiz && !load<u32>(recvq(c)) ? put(c, elem) : trySend(c, elem);
  if (r == 0 && block) return wait(c, sendq(c), elem, c.bubble ? WAIT_SYNCTEST_CHAN_SEND : WAIT_CHAN_SEND);
  unlock(chanLock(c));
  gp.kres0 = r;
  return done();
}

export function chanrecv(a: usize, elem: usize, block: bool): i32 {
  const gp = changetype<G>(g);
  if (!a) {
    if (block) return never(WAIT_CHAN_RECEIVE_NIL_CHAN);
    gp.kres0 = 0;
    return 0;
  }
  if (changetype<Hchan>(a).timer) { gp.kres0 = TIMER; return 0; }
  return receive(changetype<Hchan>(a), elem, block);
}

export function chanrecvtimer(a: usize, elem: usize): i32 { return receive(changetype<Hchan>(a), elem, true); }

@inline
function receive(c: Hchan, elem: usize, block: bool): i32 {
  const gp = changetype<G>(g);
  if (foreign(c.bubble)) { gp.kres0 = FOREIGN; return 0; }
  lock(chanLock(c));
  const r = c.qcount > 0 && !load<u32>(sendq(c)) ? take(c, elem) : tryRecv(c, elem);
  if (r == 0 && block) return wait(c, recvq(c), elem, c.bubble ? WAIT_SYNCTEST_CHAN_RECEIVE : WAIT_CHAN_RECEIVE);
  unlock(chanLock(c));
  gp.kres0 = r;
  return done();
}

export function chansendnb(a: usize, elem: usize): i32 {
  if (!a) return 0;
  const c = changetype<Hchan>(a);
  if (foreign(c.bubble)) return FOREIGN;
  lock(chanLock(c));
  const r = trySend(c, elem);
  unlock(chanLock(c));
  return r;
}

export function chanrecvnb(a: usize, elem: usize): i32 {
  if (!a) return 0;
  const c = changetype<Hchan>(a);
  if (foreign(c.bubble)) return FOREIGN;
  lock(chanLock(c));
  const r = tryRecv(c, elem);
  unlock(chanLock(c));
  return r;
}

/** 0 closed now, 1 nil channel, 2 was closed. */
export function closechan(a: usize): i32 {
  if (!a) return 1;
  const c = changetype<Hchan>(a);
  if (foreign(c.bubble)) return FOREIGN;
  lock(chanLock(c));
  if (c.closed) { unlock(chanLock(c)); return 2; }
  c.closed = 1;
  // All waiters, linked through schedlink, the last to come first. They are readied in that order when the lock is free: each
  // takes the place next in line from the one before, so that the first to wait is the first to run.
  let woken: usize = 0;
  while (true) {
    const s = changetype<Sudog>(dequeue(recvq(c)));
    if (!changetype<usize>(s)) break;
    if (s.elem) memory.fill(s.elem, 0, c.elemsize);
    woken = push(woken, settle(s, 0, 1));
  }
  while (true) {
    const s = dequeue(sendq(c));
    if (!s) break;
    woken = push(woken, settle(changetype<Sudog>(s), 0, 2));
  }
  unlock(chanLock(c));
  while (woken) {
    const gp = changetype<G>(woken);
    woken = gp.schedlink;
    gp.schedlink = 0;
    ready(gp);
  }
  return 0;
}

@inline
function push(list: usize, gp: G): usize {
  gp.schedlink = list;
  return changetype<usize>(gp);
}

export function chanlen(c: usize): i32 { return c ? changetype<Hchan>(c).qcount : 0; }
export function chancap(c: usize): i32 { return c ? changetype<Hchan>(c).dataqsiz : 0; }
export function chantimer(c: usize): usize { return c ? changetype<Hchan>(c).timer : 0; }
export function setchantimer(c: usize, t: usize): void { changetype<Hchan>(c).timer = t; }

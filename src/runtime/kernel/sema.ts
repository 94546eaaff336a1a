// Semaphores of sync and internal/poll, and the notify lists of sync.Cond. A semaphore is a word of Go memory; who
// must wait queues in one of 256 roots by the word's address. A root is a digital tree of addresses (a node branches on one bit of the
// hashed address per level, so it stays shallow without balancing); each node heads the FIFO of waiters on its address.
//
// A waiter that is woken without the ticket competes for the semaphore when the scheduler continues it, and may queue again.

import { acquireSudog, ready, releaseSudog } from './ready';
import { cas, lock, unlock } from './lock';
import { foreign } from './bubble';
import { Bubble, G, HOOK_NONE, HOOK_SEMACQUIRE, Sudog } from './structs';
import { g, locks, OP_PARK, OP_YIELD_LOCAL, suspend, threaded } from './state';
import { kalloc } from './pageheap';
import { WAIT_SYNC_COND_WAIT } from './layout.gen';
import { sched } from './shared';
import { done, jitter } from './stress';


export function initSema(): void { sched.semaroots = kalloc(256 * 16); }

/** A bijection: different addresses differ in some bit. */
@inline
function hash(a: usize): u32 { return <u32>(a * 0x9e3779b1); }
@inline
function rootOf(a: usize): usize { return sched.semaroots + ((hash(a) >> 24) << 4); }

const LEFT: usize = offsetof<Sudog>('left');
const RIGHT: usize = offsetof<Sudog>('right');

/** Where the tree's link to address a is, or would be. */
function findLink(root: usize, a: usize): usize {
  let at = root + 8, bits = hash(a);
  while (true) {
    const n: usize = load<u32>(at);
    if (!n || changetype<Sudog>(n).elem == a) return at;
    at = n + (bits & 1 ? RIGHT : LEFT);
    bits >>= 1;
  }
}

/** Takes node n, linked at `at`, out of the tree: a leaf below takes its place. */
function removeNode(at: usize, n: Sudog): void {
  let leafAt: usize = 0, leaf: usize = 0;
  let from = changetype<usize>(n);
  while (true) {
    const s = changetype<Sudog>(from);
    const next = s.left ? from + LEFT : s.right ? from + RIGHT : 0;
    if (!next) break;
    leafAt = next;
    from = load<u32>(next);
    leaf = from;
  }
  if (!leaf) { store<u32>(at, 0); return; }
  store<u32>(leafAt, 0);
  replaceNode(at, n, changetype<Sudog>(leaf));
}

function replaceNode(at: usize, n: Sudog, by: Sudog): void {
  by.left = n.left; by.right = n.right;
  store<u32>(at, changetype<usize>(by));
}

function queue(root: usize, a: usize, s: Sudog, lifo: bool): void {
  s.elem = a;
  s.ticket = 0;
  s.waitlink = 0; s.waittail = 0; s.left = 0; s.right = 0;
  const at = findLink(root, a), head = changetype<Sudog>(load<u32>(at));
  if (!changetype<usize>(head)) { store<u32>(at, changetype<usize>(s)); return; }
  if (lifo) {
    replaceNode(at, head, s);
    s.waitlink = changetype<usize>(head);
    s.waittail = head.waittail ? head.waittail : changetype<usize>(head);
    head.waittail = 0;
    head.left = 0; head.right = 0;
  } else {
    if (head.waittail) changetype<Sudog>(head.waittail).waitlink = changetype<usize>(s);
    else head.waitlink = changetype<usize>(s);
    head.waittail = changetype<usize>(s);
  }
}

/** First waiter on a, off the queue; 0 if none. */
function dequeue(root: usize, a: usize): usize {
  const at = findLink(root, a), head = changetype<Sudog>(load<u32>(at));
  if (!changetype<usize>(head)) return 0;
  const next = head.waitlink;
  if (next) {
    const t = changetype<Sudog>(next);
    replaceNode(at, head, t);
    t.waittail = head.waittail == next ? 0 : head.waittail;
  } else removeNode(at, head);
  head.waitlink = 0;
  return changetype<usize>(head);
}

function canAcquire(a: usize): bool {
  while (true) {
    const v = threaded ? atomic.load<u32>(a) : load<u32>(a);
    if (v == 0) return false;
    if (cas(a, v, v - 1)) return true;
  }
}

/** Queues the sudog of the current or a woken goroutine unless the semaphore is free; true if it has to wait, the root locked. */
function mustWait(s: Sudog, a: usize, lifo: bool): bool {
  const root = rootOf(a);
  lock(root);
  // Counted before the second look, or a release in between would not see the waiter.
  addWaiters(root, 1);
  jitter();
  if (canAcquire(a)) {
    addWaiters(root, -1);
    unlock(root);
    return false;
  }
  queue(root, a, s, lifo);
  return true;
}

function addWaiters(root: usize, n: i32): void {
  if (threaded) atomic.add<u32>(root + 4, n);
  else store<u32>(root + 4, load<u32>(root + 4) + n);
}

export function semacquire1(a: usize, lifo: bool, reason: u32): i32 {
  if (canAcquire(a)) return done();
  const gp = changetype<G>(g), s = acquireSudog(g);
  if (!mustWait(s, a, lifo)) { releaseSudog(s); return done(); }
  gp.hook = HOOK_SEMACQUIRE;
  gp.hookarg = changetype<usize>(s);
  gp.waitreason = reason;
  return suspend(OP_PARK, rootOf(a));
}

/** A woken waiter continues (0) if it has the ticket or gets the semaphore; else it has queued again: the lock to release when it is parked. */
export function finishSemacquire(gp: G): usize {
  const s = changetype<Sudog>(gp.hookarg), a = s.elem;
  if (!s.ticket && !canAcquire(a) && mustWait(s, a, false)) return rootOf(a);
  gp.hook = HOOK_NONE;
  gp.hookarg = 0;
  releaseSudog(s);
  return 0;
}

export function semrelease1(a: usize, handoff: bool): i32 {
  const root = rootOf(a);
  if (threaded) atomic.add<u32>(a, 1);
  else store<u32>(a, load<u32>(a) + 1);
  jitter();
  if ((threaded ? atomic.load<u32>(root + 4) : load<u32>(root + 4)) == 0) return done();
  lock(root);
  if (load<u32>(root + 4) == 0) { unlock(root); return done(); }
  const x = dequeue(root, a);
  if (x) addWaiters(root, -1);
  unlock(root);
  if (!x) return done();
  const s = changetype<Sudog>(x);
  if (handoff && canAcquire(a)) s.ticket = 1;
  const direct = s.ticket == 1;
  ready(changetype<G>(s.g));
  // The waiter is next in line and runs at once with the rest of the time slice.
  return direct && locks == 0 ? suspend(OP_YIELD_LOCAL) : done();
}

/** Goroutines that wait for the semaphore, and for others of the same root. */
export function semnwait(a: usize): u32 { return threaded ? atomic.load<u32>(rootOf(a) + 4) : load<u32>(rootOf(a) + 4); }

// notifyList: { wait u32, notify u32, lock u32 (8 bytes), head (8), tail (8) }, in Go memory; sudogs wait in order of ticket.
const NL_NOTIFY: usize = 4;
const NL_LOCK: usize = 8;
const NL_HEAD: usize = 16;
const NL_TAIL: usize = 24;

export function notifyListAdd(l: usize): u32 {
  if (threaded) return atomic.add<u32>(l, 1);
  const t = load<u32>(l);
  store<u32>(l, t + 1);
  return t;
}

export function notifyListWait(l: usize, ticket: u32): i32 {
  lock(l + NL_LOCK);
  // Notified already.
  if (<i32>(ticket - load<u32>(l, NL_NOTIFY)) < 0) { unlock(l + NL_LOCK); return 0; }
  const s = acquireSudog(g), gp = changetype<G>(g), tail: usize = load<u32>(l, NL_TAIL);
  s.ticket = ticket;
  if (tail) changetype<Sudog>(tail).next = changetype<usize>(s);
  else store<u32>(l, changetype<usize>(s), NL_HEAD);
  store<u32>(l, changetype<usize>(s), NL_TAIL);
  gp.waitreason = WAIT_SYNC_COND_WAIT;
  return suspend(OP_PARK, l + NL_LOCK);
}

/** Readies the waiter of s; its id if it is in a synctest bubble that the current goroutine is not in, else 0. */
function wake(s: Sudog): i64 {
  const gp = changetype<G>(s.g);
  releaseSudog(s);
  const bad = gp.bubble != 0 && foreign(changetype<Bubble>(gp.bubble).id);
  ready(gp);
  return bad ? gp.goid : 0;
}

export function notifyListNotifyAll(l: usize): i64 {
  if (load<u32>(l) == load<u32>(l, NL_NOTIFY)) return 0;
  lock(l + NL_LOCK);
  let a: usize = load<u32>(l, NL_HEAD);
  store<u32>(l, 0, NL_HEAD);
  store<u32>(l, 0, NL_TAIL);
  store<u32>(l, load<u32>(l), NL_NOTIFY);
  unlock(l + NL_LOCK);
  let bad: i64 = 0;
  while (a) {
    const s = changetype<Sudog>(a);
    a = s.next;
    const id = wake(s);
    if (id) bad = id;
  }
  return bad;
}

export function notifyListNotifyOne(l: usize): i64 {
  if (load<u32>(l) == load<u32>(l, NL_NOTIFY)) return 0;
  lock(l + NL_LOCK);
  const t = load<u32>(l, NL_NOTIFY);
  if (t == load<u32>(l)) { unlock(l + NL_LOCK); return 0; }
  store<u32>(l, t + 1, NL_NOTIFY);
  // The waiter with that ticket may not have queued yet: then it will see `notify`.
  let prev: usize = 0;
  for (let a: usize = load<u32>(l, NL_HEAD); a; a = changetype<Sudog>(a).next) {
    const s = changetype<Sudog>(a);
    if (s.ticket == t) {
      if (prev) changetype<Sudog>(prev).next = s.next;
      else store<u32>(l, s.next, NL_HEAD);
      if (!s.next) store<u32>(l, prev, NL_TAIL);
      unlock(l + NL_LOCK);
      return wake(s);
    }
    prev = a;
  }
  unlock(l + NL_LOCK);
  return 0;
}

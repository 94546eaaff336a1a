// select: one pass over the cases in random order looks for one that can go; else the goroutine queues on all of them and
// parks, all channel locks held until its frames are saved. Who wakes it sets selectDone and wokenby; before the scheduler continues
// it, finishSelect takes the other sudogs off their queues. Locks are taken in order of channel address.

import { cheaprand } from './clock';
import { foreign } from './bubble';
import { acquireSudog, releaseSudog } from './ready';
import { dequeueSudog, enqueue, FOREIGN, recvq, sendq, tryRecv, trySend } from './chan';
import { G, Hchan, HOOK_NONE, HOOK_SELECT, Scase, SCASE_SIZE, Sudog } from './structs';
import { g, OP_PARK, suspend, threaded } from './state';
import { lock, unlock } from './lock';
import { WAIT_SELECT, WAIT_SELECT_NO_CASES, WAIT_SYNCTEST_SELECT } from './layout.gen';
import { done, jitter } from './stress';

@inline
function caseAt(cases: usize, i: u32): Scase { return changetype<Scase>(cases + i * SCASE_SIZE); }
@inline
function order(at: usize, i: u32): u32 { return load<u16>(at + (i << 1)); }
@inline
function chanLock(c: usize): usize { return c + offsetof<Hchan>('lock'); }

/** Writes a random order of the cases with a channel to `at`; their number. */
function shuffle(cases: usize, at: usize, n: u32): u32 {
  let k: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    if (!caseAt(cases, i).c) continue;
    const j = k ? <u32>((<u64>cheaprand() * (k + 1)) >> 32) : 0;
    store<u16>(at + (k << 1), load<u16>(at + (j << 1)));
    store<u16>(at + (j << 1), <u16>i);
    k++;
  }
  return k;
}

/** Copies the k cases of `from` to `to` in order of channel address (shell sort). */
function sortByChannel(cases: usize, from: usize, to: usize, k: u32): void {
  memory.copy(to, from, k << 1);
  let gap: u32 = 1;
  while (gap * 3 < k) gap = gap * 3 + 1;
  for (; gap; gap /= 3) {
    for (let i = gap; i < k; i++) {
      const x = <u16>order(to, i), c = caseAt(cases, x).c;
      let j = i;
      for (; j >= gap && caseAt(cases, order(to, j - gap)).c > c; j -= gap) store<u16>(to + (j << 1), <u16>order(to, j - gap));
      store<u16>(to + (j << 1), x);
    }
  }
}

function lockAll(cases: usize, at: usize, k: u32): void {
  let last: usize = 0;
  for (let i: u32 = 0; i < k; i++) {
    const c = caseAt(cases, order(at, i)).c;
    if (c != last) lock(chanLock(c));
    last = c;
  }
}

function unlockAll(cases: usize, at: usize, k: u32): void {
  for (let i = k; i > 0; i--) {
    const c = caseAt(cases, order(at, i - 1)).c;
    // A channel that occurs several times is unlocked at its first place.
    if (i > 1 && caseAt(cases, order(at, i - 2)).c == c) continue;
    unlock(chanLock(c));
  }
}

/** Results: index of the case, -1 for none; 0 sent or closed, 1 received, 2 send on a closed channel. */
export function selectgo(cases: usize, orders: usize, nsends: i32, nrecvs: i32, block: bool): i32 {
  const gp = changetype<G>(g), n = <u32>(nsends + nrecvs), lockorder = orders + (n << 1);
  const k = shuffle(cases, orders, n);
  if (hasForeign(cases, orders, k)) { gp.kres0 = 0; gp.kres1 = FOREIGN; return 0; }
  if (threaded) { sortByChannel(cases, orders, lockorder, k); lockAll(cases, lockorder, k); }
  for (let i: u32 = 0; i < k; i++) {
    const x = order(orders, i), cas = caseAt(cases, x), c = changetype<Hchan>(cas.c);
    const r = <i32>x < nsends ? trySend(c, cas.elem) : tryRecv(c, cas.elem);
    if (r == 0) continue;
    if (threaded) unlockAll(cases, lockorder, k);
    gp.kres0 = <i64>x;
    gp.kres1 = <i32>x < nsends ? (r == 2 ? 2 : 0) : r >> 1;
    return done();
  }
  if (!block) {
    if (threaded) unlockAll(cases, lockorder, k);
    gp.kres0 = -1;
    gp.kres1 = 0;
    return done();
  }
  return waitAll(gp, cases, threaded ? lockorder : orders, k, nsends);
}

/** Does one of the channels belong to another bubble than the current goroutine's? */
function hasForeign(cases: usize, at: usize, k: u32): bool {
  for (let i: u32 = 0; i < k; i++) if (foreign(changetype<Hchan>(caseAt(cases, order(at, i)).c).bubble)) return true;
  return false;
}

/** Do all k channels belong to a bubble? */
function allBubbled(cases: usize, at: usize, k: u32): bool {
  for (let i: u32 = 0; i < k; i++) if (!changetype<Hchan>(caseAt(cases, order(at, i)).c).bubble) return false;
  return true;
}

/** Queues on all channels, in the order in which they are locked, and parks. */
function waitAll(gp: G, cases: usize, at: usize, k: u32, nsends: i32): i32 {
  let link: usize = changetype<usize>(gp) + offsetof<G>('waiting');
  for (let i: u32 = 0; i < k; i++) {
    const x = order(at, i), cas = caseAt(cases, x), s = acquireSudog(g);
    s.elem = cas.elem;
    s.c = cas.c;
    s.isSelect = 1;
    s.caseIndex = x | (<u32>(<i32>x < nsends) << 31);
    enqueue(<i32>x < nsends ? sendq(changetype<Hchan>(cas.c)) : recvq(changetype<Hchan>(cas.c)), s);
    store<u32>(link, changetype<usize>(s));
    link = changetype<usize>(s) + offsetof<Sudog>('waitlink');
  }
  gp.selectDone = 0;
  gp.wokenby = 0;
  gp.hook = HOOK_SELECT;
  gp.waitreason = gp.bubble && allBubbled(cases, at, k) ? WAIT_SYNCTEST_SELECT : k ? WAIT_SELECT : WAIT_SELECT_NO_CASES;
  // Locks, if there are any, are released by releaseSelect when the park is committed.
  return suspend(OP_PARK, 0, k && threaded ? changetype<usize>(gp) : 0);
}

/** The park is committed: unlocks the channels. The list is in order of channels. */
export function releaseSelect(gp: G): void {
  let last: usize = 0;
  let a = gp.waiting;
  while (a) {
    const s = changetype<Sudog>(a), c = s.c, next = s.waitlink;
    // After the last unlock another M may free the sudogs.
    if (c != last && last) { unlock(chanLock(last)); jitter(); }
    last = c;
    a = next;
  }
  if (last) unlock(chanLock(last));
}

/** Before a woken select goes on: dequeues what did not fire and sets the results. */
export function finishSelect(gp: G): void {
  gp.hook = HOOK_NONE;
  const won = gp.wokenby;
  let a = gp.waiting;
  gp.waiting = 0;
  gp.wokenby = 0;
  while (a) {
    const s = changetype<Sudog>(a), next = s.waitlink, send = s.caseIndex >> 31;
    if (a == won) {
      gp.kres0 = s.caseIndex & 0x7fffffff;
      gp.kres1 = send ? (s.success ? 0 : 2) : s.success;
    } else {
      const c = changetype<Hchan>(s.c);
      lock(chanLock(s.c));
      if (s.isSelect == 1) dequeueSudog(send ? sendq(c) : recvq(c), s);
      unlock(chanLock(s.c));
    }
    releaseSudog(s);
    a = next;
  }
}

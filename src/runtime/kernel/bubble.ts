// Synctest bubbles: groups of goroutines with a clock of their own. The kernel counts a bubble's goroutines that are not durably
// blocked; when there are none left, and no other activity, it wakes the one that waits for this: the root if a timer is due, else the
// caller of Wait, else the root, which advances the clock (overlay/runtime/synctest.go).
//
// Protocol: a goroutine counts as running until its park is committed (blocked), and again before whoever wakes it puts it on a
// queue (unblocked), so `running` is never 0 while one can go on. Waking the bubble adds 1 to `active`, which the woken takes off.

import { Bubble, G } from './structs';
import { g } from './state';
import { lock, unlock } from './lock';
import {
  WAIT_CHAN_RECEIVE_NIL_CHAN, WAIT_CHAN_SEND_NIL_CHAN, WAIT_COROUTINE, WAIT_SELECT_NO_CASES, WAIT_SLEEP, WAIT_SYNC_COND_WAIT, WAIT_SYNCTEST_RUN,
} from './layout.gen';

/** Wait reasons that only another goroutine of the bubble, or its clock, can end; the six of synctest follow one another. */
const DURABLE: u64 = (<u64>1 << WAIT_CHAN_RECEIVE_NIL_CHAN) | (<u64>1 << WAIT_CHAN_SEND_NIL_CHAN) | (<u64>1 << WAIT_COROUTINE) |
  (<u64>1 << WAIT_SELECT_NO_CASES) | (<u64>1 << WAIT_SLEEP) | (<u64>1 << WAIT_SYNC_COND_WAIT) | (<u64>63 << WAIT_SYNCTEST_RUN);

@inline
function isDurable(gp: G): bool { return ((DURABLE >> gp.waitreason) & 1) != 0; }

@inline
function lockOf(b: Bubble): usize { return changetype<usize>(b) + offsetof<Bubble>('lock'); }

/** The goroutine to ready because the bubble is idle, 0 if it is not. Locked; unlocks. */
function settle(b: Bubble): usize {
  let wake: usize = 0;
  if (b.running == 0 && b.active == 0) {
    b.active = 1;
    const due = b.next != 0 && b.next <= b.now;
    wake = b.waiter && !due ? b.waiter : b.root;
  }
  unlock(lockOf(b));
  return wake;
}

/** gp, which has a bubble, is new: runnable, or waiting for its first coroutine switch. */
export function joinBubble(gp: G, running: bool): void {
  const b = changetype<Bubble>(gp.bubble);
  lock(lockOf(b));
  b.total++;
  if (running) b.running++;
  unlock(lockOf(b));
}

/** gp, which has a bubble, has parked. Gives the goroutine to ready, or 0. */
export function blocked(gp: G): usize {
  if (!isDurable(gp)) return 0;
  const b = changetype<Bubble>(gp.bubble);
  lock(lockOf(b));
  b.running--;
  return settle(b);
}

/** gp, which has a bubble and waits, is about to become runnable. */
export function unblocked(gp: G): void {
  if (!isDurable(gp)) return;
  const b = changetype<Bubble>(gp.bubble);
  lock(lockOf(b));
  b.running++;
  unlock(lockOf(b));
}

/** gp, which has a bubble, has ended. Gives the goroutine to ready, or 0. */
export function leaveBubble(gp: G): usize {
  const b = changetype<Bubble>(gp.bubble);
  gp.bubble = 0;
  lock(lockOf(b));
  b.total--;
  b.running--;
  if (b.main == changetype<usize>(gp)) b.done = 1;
  return settle(b);
}

/** Changes the activity of b from the overlay. Gives the goroutine to ready, or 0. */
export function addActive(b: Bubble, delta: i32): usize {
  lock(lockOf(b));
  b.active += delta;
  return settle(b);
}

/** May the current goroutine use what belongs to the bubble with this id? */
@inline
export function foreign(id: u32): bool { return id != 0 && id != currentId(); }

/** Id of the current goroutine's bubble, 0 when it has none. */
export function currentId(): u32 {
  const b = changetype<G>(g).bubble;
  return b ? changetype<Bubble>(b).id : 0;
}

export function setbubble(b: usize): void { changetype<G>(g).bubble = b; }
export function getbubble(): usize { return changetype<G>(g).bubble; }

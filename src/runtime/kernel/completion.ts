// Completions: asynchronous host calls. A goroutine gets an id, hands it to a host import that starts something, and waits; the
// host answers through `complete`, from its event loop. While any is pending, M0 returns to the host instead of sleeping.
// The table is under sched.lock, which a goroutine that waits holds until its frames are saved.

import { G } from './structs';
import { g, OP_PARK, suspend } from './state';
import { HOST_PENDING, WAIT_IO_WAIT } from './layout.gen';
import { hostHasNews } from './hostturn';
import { jitter } from './stress';
import { kgrow } from './pageheap';
import { lock, unlock, xadd } from './lock';
import { ready } from './ready';
import { schedLock } from './runq';
import { sched } from './shared';

export function newcompletion(): u32 {
  lock(schedLock());
  const id = newId();
  unlock(schedLock());
  return id;
}

function newId(): u32 {
  if (!sched.ncompletions) sched.ncompletions = 1;
  let id = sched.freecompletion;
  if (id) sched.freecompletion = load<u32>(sched.completions + (id << 4), 4);
  else {
    if (sched.ncompletions >= sched.capcompletions) {
      const n: u32 = sched.capcompletions ? sched.capcompletions * 2 : 64;
      sched.completions = kgrow(sched.completions, sched.capcompletions << 4, n << 4);
      sched.capcompletions = n;
    }
    id = sched.ncompletions++;
  }
  const e = sched.completions + (id << 4);
  store<u32>(e, 1);
  store<u32>(e, 0, 4);
  xadd(HOST_PENDING, 1);
  hostHasNews();
  return id;
}

/** Takes the answer: frees the id. */
function take(id: u32): i32 {
  const e = sched.completions + (id << 4);
  store<u32>(e, 0);
  store<u32>(e, sched.freecompletion, 4);
  sched.freecompletion = id;
  return load<i32>(e, 8);
}

export function completionwait(id: u32): i32 {
  const gp = changetype<G>(g);
  lock(schedLock());
  const e = sched.completions + (id << 4);
  if (load<u32>(e) == 2) {
    gp.kres0 = <i64>take(id);
    unlock(schedLock());
    return 0;
  }
  store<u32>(e, g, 4);
  gp.waitreason = WAIT_IO_WAIT;
  return suspend(OP_PARK, schedLock());
}

/** Called by the host, on M0, outside run(). */
export function complete(id: u32, result: i32): void {
  hostHasNews();
  lock(schedLock());
  const waiter = answer(id, result);
  unlock(schedLock());
  jitter();
  if (!waiter) return;
  ready(changetype<G>(waiter));
  jitter();
  // Only now that the goroutine is in a queue: without either another M would find a deadlock.
  xadd(HOST_PENDING, -1);
}

/** Notes the answer, which is no longer pending if no goroutine waits for it yet; else that goroutine. */
function answer(id: u32, result: i32): usize {
  const e = sched.completions + (id << 4);
  if (id >= sched.ncompletions || load<u32>(e) != 1) return 0;
  store<u32>(e, 2);
  store<i32>(e, result, 8);
  const waiter: usize = load<u32>(e, 4);
  if (waiter) changetype<G>(waiter).kres0 = <i64>take(id);
  else xadd(HOST_PENDING, -1);
  return waiter;
}

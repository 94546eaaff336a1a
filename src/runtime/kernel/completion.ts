// Completions: asynchronous host calls. A goroutine gets an id, hands it to a host import that starts something, and waits; the
// host answers through `complete`, from its event loop. While any is pending, M0 returns to the host instead of sleeping.

import { G } from './structs';
import { g, OP_PARK, suspend } from './state';
import { HOST_PENDING, WAIT_IO_WAIT } from './layout.gen';
import { kgrow } from './pageheap';
import { ready } from './ready';

/** Entries {state u32, waiting g or next free id u32, result i32, 0}; ids start at 1. State: 0 free, 1 pending, 2 answered. */
let table: usize = 0;
let cap: u32 = 0;
let used: u32 = 1;
let free: u32 = 0;

export function newcompletion(): u32 {
  let id = free;
  if (id) free = load<u32>(table + (id << 4), 4);
  else {
    if (used >= cap) {
      const n: u32 = cap ? cap * 2 : 64;
      table = kgrow(table, cap << 4, n << 4);
      cap = n;
    }
    id = used++;
  }
  const e = table + (id << 4);
  store<u32>(e, 1);
  store<u32>(e, 0, 4);
  store<u32>(HOST_PENDING, load<u32>(HOST_PENDING) + 1);
  return id;
}

/** Takes the answer: frees the id. */
function take(id: u32): i32 {
  const e = table + (id << 4);
  store<u32>(e, 0);
  store<u32>(e, free, 4);
  free = id;
  return load<i32>(e, 8);
}

export function completionwait(id: u32): i32 {
  const e = table + (id << 4), gp = changetype<G>(g);
  if (load<u32>(e) == 2) { gp.kres0 = <i64>take(id); return 0; }
  store<u32>(e, g, 4);
  gp.waitreason = WAIT_IO_WAIT;
  return suspend(OP_PARK);
}

/** Called by the host, on M0, outside run(). */
export function complete(id: u32, result: i32): void {
  const e = table + (id << 4);
  if (id >= used || load<u32>(e) != 1) return;
  store<u32>(HOST_PENDING, load<u32>(HOST_PENDING) - 1);
  store<u32>(e, 2);
  store<i32>(e, result, 8);
  const waiter: usize = load<u32>(e, 4);
  if (!waiter) return;
  changetype<G>(waiter).kres0 = <i64>take(id);
  ready(changetype<G>(waiter));
}

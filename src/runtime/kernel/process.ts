// The rest of the kernel's functions for Go code: looking at goroutines, limits, the process.

import { addLocks, info, p } from './state';
import { Bubble, G, GFLAG_SYSTEM, P } from './structs';
import { host_exit, host_ncpu, host_write } from './layout.gen';
import { mallocgc } from './malloc';
import { lock, unlock } from './lock';
import { procresize } from './p';
import { schedLock } from './runq';
import { weakHandle } from './special';
import { walkPcs } from './frames';
import { sched } from './shared';

export function gcallers(gp: usize, skip: i32, buf: usize, n: i32): i32 { return walkPcs(changetype<G>(gp), skip, buf, n); }
export function allglen(): i32 { return sched.nallgs; }
export function allg(i: i32): usize { return load<u32>(sched.allgs + (i << 2)); }

export function ginfo(a: usize, out: usize): void {
  const gp = changetype<G>(a);
  store<i64>(out, gp.goid);
  store<u64>(out, gp.status, 8);
  store<u64>(out, gp.waitreason, 16);
  store<u64>(out, gp.gopc, 24);
  store<i64>(out, gp.parent, 32);
  store<i64>(out, gp.waitsince, 40);
  store<u32>(out, (gp.flags & GFLAG_SYSTEM) | (gp.lockcount ? 2 : 0), 48);
  store<u32>(out, gp.bubble ? changetype<Bubble>(gp.bubble).id : 0, 52);
  store<u64>(out, gp.startcode, 56);
}

export function procpin(): i32 { addLocks(1); return changetype<P>(p).id; }
export function procunpin(): void { addLocks(-1); }
export function gomaxprocs(): i32 { return sched.gomaxprocs; }

/** Makes it n Ps; the world is stopped. */
export function setmaxprocs(n: i32): void {
  lock(schedLock());
  procresize(n);
  unlock(schedLock());
}

export function ncpu(): i32 { return host_ncpu(); }
export function gcount(): i32 { return sched.ngoroutines - sched.nsystem; }

export function setmaxstack(n: i64): i64 {
  const old = sched.maxstack;
  sched.maxstack = n;
  return old;
}

export function setfatal(fn: usize): void { sched.fatalfn = fn; }
export function fatalreason(): i32 { return sched.fatalreason; }
export function fatalg(): usize { return sched.fatalg; }
export function exit(code: i32): void { host_exit(code); unreachable(); }
export function kwrite(fd: i32, a: usize, n: i32): i32 { return host_write(fd, a, n); }
export function proginfo(): usize { return info; }

/** Bytes of a weak handle, of which 8 are used. */
const WEAK_HANDLE_SIZE: u32 = 16;

export function registerweak(a: usize): usize {
  const old = weakHandle(a, 0);
  // Larger than what the tiny allocator takes: the handle outlives what else would lie in its block.
  return old ? old : weakHandle(a, mallocgc(WEAK_HANDLE_SIZE, 0, 0));
}

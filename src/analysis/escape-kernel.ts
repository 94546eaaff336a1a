// What kernel functions and host imports do with pointer arguments: most only read or write through them during
// the call. The table lists those that keep them, with the dereferences of what they keep.

import { NO_LEAK } from './escape-leak.ts';

const keeps: Readonly<Record<string, readonly number[]>> = {
  newproc: [0], newg: [0], newsystemg: [0], setfatal: [0],
  chansend: [0, 1], chansendnb: [0, 1], chanrecv: [0], chanrecvtimer: [0], chanrecvnb: [0], closechan: [0],
  setchantimer: [0, 0], timeradd: [0], selectgo: [2], coroswitch: [1],
  addfinalizer: [0, 0, 0, 0], addcleanup: [0, 0], registerweak: [0], notifyListWait: [NO_LEAK],
};

/** Dereferences with which argument i of the kernel function leaks, NO_LEAK if it does not. */
export function kernelLeak(sym: string, i: number): number {
  return keeps[sym]?.[i] ?? NO_LEAK;
}

// A thread in reserve. A worker of Node takes 20–30 ms to start, as long as many a parallel part of a program; so sysmon starts one ahead, as soon as a
// program that may have several Ms has started a goroutine and run for a while, or has run for longer without (what it costs is no loss then, on a
// processor that has had nothing to do), and it waits to be given an M.
//
// Protocol. The word SPARE, a futex: NONE → WANTED by the kernel on M0, while there is no other M; WANTED or NONE → COMING by sysmon, which starts the worker;
// COMING → WAITS by the worker, when it is there; COMING or WAITS → the address of an M by whoever wants a thread for it, which the worker then runs; WANTED, COMING
// or WAITS → GONE when it is not needed any more. All by compare-and-swap. There is one in a program's life.

import { KernelWords, Spare } from '../../abi/heap.ts';
import { words } from './shared-words.ts';

const SPARE = KernelWords.SPARE / 4;

/** Gives the M to the thread in reserve; false: there is none. */
export function giveToSpare(memory: WebAssembly.Memory, m: number): boolean { return change(memory, m); }

/** There will be no use for it. */
export function dismissSpare(memory: WebAssembly.Memory): void { change(memory, Spare.GONE); }

/** Is it there, or coming, then its state is `to` from now on. */
function change(memory: WebAssembly.Memory, to: number): boolean {
  const w = words(memory);
  Atomics.compareExchange(w, SPARE, Spare.WANTED, Spare.GONE);
  for (const state of [Spare.COMING, Spare.WAITS]) {
    if (Atomics.compareExchange(w, SPARE, state, to) !== state) continue;
    Atomics.notify(w, SPARE);
    return true;
  }
  return false;
}

/** On the thread in reserve: waits for an M; undefined: it is not needed. */
export function awaitM(memory: WebAssembly.Memory): number | undefined {
  const w = words(memory);
  Atomics.compareExchange(w, SPARE, Spare.COMING, Spare.WAITS);
  while (Atomics.load(w, SPARE) === Spare.WAITS) Atomics.wait(w, SPARE, Spare.WAITS);
  const m = Atomics.load(w, SPARE);
  return m === Spare.GONE ? undefined : m;
}

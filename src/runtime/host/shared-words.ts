// The words in a program's memory that its host shares with the kernel on all threads: the end of the program, M0's note, and
// the memory's size. What both of Node's threads and a page's workers do with them.
//
// Ending: the M that ends the program sets EXITING to 1 + the exit code, if it is still 0, and from then on waits for ever. M0, which
// alone can end the process, finds the word when it is next in the scheduler: it is asked for a poll and woken for that.

import { KernelWords } from '../../abi/heap.ts';
import { LowMemory } from '../../abi/layout.ts';

/** Words of the first page. */
export function words(memory: WebAssembly.Memory): Int32Array { return new Int32Array(memory.buffer, 0, KernelWords.SIZE_TO_CLASS8 / 4); }

/** What a thread other than M0 does to end the program, up to its end: it must not run on. False if the program was ending already. */
export function announceExit(memory: WebAssembly.Memory, code: number): boolean {
  const w = words(memory);
  if (Atomics.compareExchange(w, KernelWords.EXITING / 4, 0, code + 1) !== 0) return false;
  // Polls first, or M0 could take the note of a wake-up before it.
  Atomics.add(w, LowMemory.POLL_WORD / 4, 1);
  Atomics.store(w, LowMemory.LIMIT_WORD / 4, 0);
  Atomics.store(w, KernelWords.M0_NOTE / 4, 1);
  Atomics.notify(w, KernelWords.M0_NOTE / 4);
  return true;
}

/** Ends the program from a thread other than M0: it does not return. */
export function exitFromThread(memory: WebAssembly.Memory, code: number): never {
  announceExit(memory, code);
  const w = words(memory);
  for (;;) Atomics.wait(w, KernelWords.EXITING / 4, Atomics.load(w, KernelWords.EXITING / 4));
}

/** Has a thread ended the program? */
export function isEnding(memory: WebAssembly.Memory): boolean { return Atomics.load(words(memory), KernelWords.EXITING / 4) !== 0; }

/** The code that the program ends with: that of the M that ended it first. */
export function exitCode(memory: WebAssembly.Memory, code: number): number {
  const first = Atomics.load(words(memory), KernelWords.EXITING / 4);
  return first === 0 ? code : first - 1;
}

/** While there are several threads the memory shall not grow: an engine may go on for a while with the size that an instance knew. */
export function growToMaximum(memory: WebAssembly.Memory): void {
  for (let more = 65536 - memory.buffer.byteLength / 65536; more > 0; more >>= 1) {
    try { memory.grow(more); return; } catch { /* Half of it, then. */ }
  }
}

/** What is printed when a thread ends for a reason that is not the program's; its exit code is 2. */
export function deathMessage(why: string): string { return `fatal error: a thread of the program has ended: ${why}\n`; }

// Threads: each further M of a program is a worker of Node with an instance of the same module on the same memory. The kernel asks for one
// (start_m); the worker runs thread_start, which does not return. Here is what both sides need: starting, and ending the program.
//
// Ending: the M that ends the program sets EXITING to 1 + the exit code, if it is still 0, and from then on waits for ever. M0, which
// alone can end the process, finds the word when it is next in the scheduler: it is asked for a poll and woken for that. The process's end,
// or stopThreads, ends the workers.

import { KernelWords } from '../../abi/heap.ts';
import { LowMemory } from '../../abi/layout.ts';
import type { Memory } from './memory.ts';

/** What all threads of a program know of their process. */
export interface ThreadContext {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdio: readonly [number, number, number];
  /** What os.Executable gives. */
  readonly executable: string;
  /** Origin of M0's monotonic clock, on the clock that all threads share (see clockOrigin), ms. */
  readonly origin: number;
}

/** What a worker is started with. */
export interface ThreadStart extends ThreadContext {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the M's record, of the program's tables, and the kernel's flags. */
  readonly m: number;
  readonly info: number;
  readonly flags: number;
}

/** Words of the first page. */
export function words(memory: WebAssembly.Memory): Int32Array { return new Int32Array(memory.buffer, 0, KernelWords.SIZE_TO_CLASS8 / 4); }

/** Where this thread's performance.now() began, on the clock that is the same in all threads of a process, ms. */
export function clockOrigin(): number { return Number(process.hrtime.bigint()) / 1e6 - performance.now(); }

/** Starts workers. From within a worker too: a worker needs no turn of its starter's event loop. */
export class Threads {
  private readonly start: Omit<ThreadStart, 'm'>;
  private readonly workers: { terminate(): Promise<number> }[] = [];
  private grown = false;

  constructor(start: Omit<ThreadStart, 'm'>) { this.start = start; }

  /** Starts a thread for the M; false if there can't be any more. */
  spawn(m: number): boolean {
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    this.growMemory();
    try {
      const worker = new Worker(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url), {
        workerData: { ...this.start, env: { ...this.start.env }, m } satisfies ThreadStart, stdout: false, stderr: false, stdin: false,
      });
      worker.unref();
      this.workers.push(worker);
      return true;
    } catch {
      return false;
    }
  }

  /** While there are several threads the memory shall not grow: an engine may go on for a while with the size that an instance knew. */
  private growMemory(): void {
    if (this.grown) return;
    this.grown = true;
    const { memory } = this.start;
    for (let more = 65536 - memory.buffer.byteLength / 65536; more > 0; more >>= 1) {
      try { memory.grow(more); return; } catch { /* Half of it, then. */ }
    }
  }

  /** Ends the workers that this thread has started. */
  stop(): void { for (const worker of this.workers) void worker.terminate(); }
}

/** What a thread other than M0 does to end the program: it does not return. */
export function exitFromThread(mem: Memory, code: number): never {
  const w = words(mem.memory);
  if (Atomics.compareExchange(w, KernelWords.EXITING / 4, 0, code + 1) === 0) {
    // Polls first, or M0 could take the note of a wake-up before it.
    Atomics.add(w, LowMemory.POLL_WORD / 4, 1);
    Atomics.store(w, LowMemory.LIMIT_WORD / 4, 0);
    Atomics.store(w, KernelWords.M0_NOTE / 4, 1);
    Atomics.notify(w, KernelWords.M0_NOTE / 4);
  }
  for (;;) Atomics.wait(w, KernelWords.EXITING / 4, Atomics.load(w, KernelWords.EXITING / 4));
}

/** The code that the program ends with: that of the M that ended it first. */
export function exitCode(mem: Memory, code: number): number {
  const first = Atomics.load(words(mem.memory), KernelWords.EXITING / 4);
  return first === 0 ? code : first - 1;
}

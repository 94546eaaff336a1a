// Threads: each further M of a program is a worker of Node with an instance of the same module on the same memory. The kernel asks for one
// (start_m); the worker runs thread_start, which does not return.

import type { MessagePort } from 'node:worker_threads';
import { giveToSpare } from './spare.ts';
import { remember } from './leave.ts';
import { growToMaximum } from './shared-words.ts';

/** What all threads of a program know of their process. */
export interface ThreadContext {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdio: readonly [number, number, number];
  /** Those to write to in place of stdio (nonBlockingPipes). */
  readonly outs: readonly number[];
  /** What os.Executable gives. */
  readonly executable: string;
  /** Origin of M0's monotonic clock, on the clock that all threads share (see clockOrigin), ms. */
  readonly origin: number;
}

/** What a worker is started with. */
export interface ThreadStart extends ThreadContext {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the M's record (undefined: of one that it is given later, see spare.ts), of the program's tables, and the kernel's flags. */
  readonly m: number | undefined;
  readonly info: number;
  readonly flags: number;
  /** Its line to M0 (lines.ts). */
  readonly line: MessagePort;
}

/** Where this thread's performance.now() began, on the clock that is the same in all threads of a process, ms. */
export function clockOrigin(): number { return Number(process.hrtime.bigint()) / 1e6 - performance.now(); }

/** What a thread runs. */
export const workerFile = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/**
 * Options of a worker that leaves the standard streams alone, and when it ends the files that it has opened: another thread may have closed them, and the
 * numbers be other files'.
 */
export const ownStreams = { stdout: false, stderr: false, stdin: false, trackUnmanagedFds: false } as const;

/** Starts workers. From within a worker too: a worker needs no turn of its starter's event loop. */
export class Threads {
  readonly start: Omit<ThreadStart, 'm' | 'line'>;
  private readonly workers: { terminate(): Promise<number> }[] = [];
  private grown = false;

  private readonly tell: (line: MessagePort) => void;

  /** `tell` is given the other end of each new worker's line. */
  constructor(start: Omit<ThreadStart, 'm' | 'line'>, tell: (line: MessagePort) => void) {
    this.start = start;
    this.tell = tell;
  }

  /** Starts a thread for the M; false if there can't be any more. */
  spawn(m: number): boolean {
    const { MessageChannel, Worker } = process.getBuiltinModule('node:worker_threads');
    if (!this.grown) growToMaximum(this.start.memory);
    this.grown = true;
    if (giveToSpare(this.start.memory, m)) return true;
    try {
      const { port1, port2 } = new MessageChannel();
      const worker = new Worker(workerFile, { workerData: { ...this.start, env: { ...this.start.env }, m, line: port1 } satisfies ThreadStart, transferList: [port1], ...ownStreams });
      this.tell(port2);
      worker.unref();
      remember(worker);
      this.workers.push(worker);
      return true;
    } catch {
      return false;
    }
  }

  /** Ends the workers that this thread has started. */
  stop(): void { for (const worker of this.workers) void worker.terminate(); }
}

// The workers of a program in a page, all of them started by the main thread: a browser starts a worker with the help of its starter's event
// loop, and only M0 ever returns to one. Each runs page-worker.ts.
//
// A worker that dies ends the program with a message. Errors and exceptions it reports; for an end without a word (the browser killed it) it
// holds a lock (Web Locks), which the main thread asks for too: it gets it when the worker is gone.

import { growToMaximum } from './shared-words.ts';
import type { FromWorker, PageContext, ToWorker } from './page-messages.ts';

/** The program. */
export interface PageThreadsOptions {
  readonly context: PageContext;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly info: number;
  readonly flags: number;
}

/** What is told of the threads. */
export interface PageThreadsEvents {
  /** A thread is gone; why. */
  failed(message: string): void;
  /** Other threads have printed something. */
  output(): void;
}

/** sysmon's period: a time slice, after which M0 returns to the event loop. */
const SYSMON_PERIOD_MS = 4;

let programs = 0;

/** A worker, and the lock that it shall hold. */
interface Held { readonly worker: Worker; readonly lock: string }

export class PageThreads {
  private readonly url: string | URL;
  private readonly events: PageThreadsEvents;
  private o!: PageThreadsOptions;
  private readonly workers: Worker[] = [];
  private readonly stopped = new AbortController();
  private readonly name = `goloom ${performance.timeOrigin} ${Math.random()} ${++programs}`;
  private readonly sysmon: Held;
  /** Workers that have been started for Ms to come: a browser takes a tenth of a second for one, longer than many programs run. */
  private readonly spare: Held[] = [];
  private threads = 0;
  private grown = false;
  private hasFailed = false;
  private noter: Held | undefined;
  private noted: (() => void) | undefined;

  /** `url`: of page-worker.js. Workers for sysmon and `spares` Ms start while the program is being compiled. */
  constructor(url: string | URL, spares: number, events: PageThreadsEvents) {
    this.url = url;
    this.events = events;
    this.sysmon = this.worker('sysmon');
    while (this.spare.length < spares) this.spare.push(this.newThread());
  }

  private newThread(): Held { return this.worker(`M${++this.threads}`); }

  /** The program is there. */
  begin(o: PageThreadsOptions): void {
    this.o = o;
    const { worker, lock } = this.sysmon;
    worker.postMessage({ role: 'sysmon', memory: o.memory, periodMs: SYSMON_PERIOD_MS, lock } satisfies ToWorker);
  }

  private worker(name: string): Held {
    const lock = `${this.name} ${name}`, worker = new Worker(this.url, { type: 'module', name: `goloom ${name}` });
    const gone = (why: string): void => {
      // The first tells why; several fail together where the script is not there.
      if (this.hasFailed || this.stopped.signal.aborted) return;
      this.hasFailed = true;
      this.events.failed(why);
    };
    worker.onmessage = ({ data }) => this.message(data as FromWorker, lock, gone);
    worker.onerror = (e) => {
      e.preventDefault();
      gone(e.message ?? `the worker ${String(this.url)} could not be started`);
    };
    worker.onmessageerror = () => gone('a message could not be read');
    this.workers.push(worker);
    return { worker, lock };
  }

  private message(m: FromWorker, lock: string, gone: (why: string) => void): void {
    switch (m.kind) {
      case 'start': this.spawn(m.m); break;
      case 'output': this.events.output(); break;
      case 'noted': this.noted?.(); break;
      case 'alive':
        locks()?.request(lock, { signal: this.stopped.signal }, () => gone('its worker has ended')).catch(() => { /* Stopped. */ });
    }
  }

  /** Starts a thread for the M; false if there can't be any more. */
  spawn(m: number): boolean {
    if (this.stopped.signal.aborted) return false;
    if (!this.grown) growToMaximum(this.o.memory);
    this.grown = true;
    const { context, module, memory, info, flags } = this.o;
    try {
      const { worker, lock } = this.spare.shift() ?? this.newThread();
      worker.postMessage({ role: 'thread', context, module, memory, info, flags, m, lock } satisfies ToWorker);
      return true;
    } catch {
      return false;
    }
  }

  /** M0's note by way of a worker. One at a time. */
  note(): Promise<void> {
    const start: ToWorker = { role: 'note', memory: this.o.memory };
    const told = new Promise<void>((resolve) => { this.noted = resolve; });
    this.noter ??= this.worker('note');
    this.noter.worker.postMessage(start);
    return told;
  }

  stop(): void {
    this.stopped.abort();
    for (const worker of this.workers) worker.terminate();
  }
}

/** Web Locks, where there are any. */
export function locks(): LockManager | undefined { return (navigator as { locks?: LockManager }).locks; }

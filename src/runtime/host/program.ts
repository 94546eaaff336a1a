// A program on the thread that it was started on, its M0: memory and instance, the loop that runs goroutines until they wait for the host,
// and what the host's events have to know of it. For Node and for a page alike; what differs is their Host.
//
// The event loop's callbacks enter the program only while `run` of the kernel is not on the thread's stack, or from inside a jscall, which is prepared
// for it.

import { KernelWords, MAX_PROCS } from '../../abi/heap.ts';
import { LinkerExport } from '../../abi/tables.ts';
import type { JsProgram } from './jsvalues.ts';
import { Memory } from './memory.ts';
import { words } from './shared-words.ts';

/** The program has ended with a code: unwinds the WebAssembly stack. */
export class Exit {
  readonly code: number;
  constructor(code: number) { this.code = code; }
}

/** What a linked program exports for its host. */
export interface ProgramExports {
  init_data(): void;
  kernel_init(info: number, pages: number, stackLimit: number, flags: number, procs: number): void;
  run(): bigint;
  quiet(): number;
  event(): void;
  quit(): void;
  complete(id: number, result: number): void;
  export_frame(code: number, words: number): number;
  export_free(frame: number, words: number): void;
  export_call(frame: number): void;
  netready(pd: number, mode: number): void;
  program_info: WebAssembly.Global;
}

/** Bits of kernel_init's flags, as in kernel/kernel.ts. */
export const Flag = {
  SYSMON: 1, GC_STRESS: 2, PREEMPT_STRESS: 4, MAY_BLOCK: 8, GC_TRACE: 16, THREADS: 32, PAGE: 64, COUNT_POLLS: 128,
} as const;

/** What a program needs of where it runs. */
export interface Host {
  /** The imports of M0's instance. */
  imports(mem: Memory): WebAssembly.Imports;
  /** Calls `done` in the event loop when `ms` have passed (< 0: never); until then the event loop is kept alive if `isAwaited`. Gives what takes that back. */
  wait(ms: number, isAwaited: boolean, done: () => void): () => void;
  /** Tells when the word at M0_NOTE is not 0, or was notified; true: it is not 0 now. */
  note(words: Int32Array): Promise<unknown> | true;
  /** JavaScript has functions of the program from now on. Calls `none` when the event loop has nothing to call them; true: it shall ask again in a moment. */
  listening(none: () => boolean): void;
  /** A promise if the event loop must have its turn before the program goes on, whatever woke it. */
  pause(): Promise<void> | undefined;
  /** The program has ended, or failed. */
  stop(): void;
}

export interface ProgramOptions {
  readonly module: WebAssembly.Module;
  readonly shared: boolean;
  readonly flags: number;
  readonly procs: number;
  /** Estimated bytes of native stack that goroutines may use before their frames move to memory. */
  readonly nativeStack: number;
  /** GODEBUG=schedstress. */
  readonly stress: number;
}

const PAGES_MAX = 65536;
const PAGES_FIRST = 256;

/** A memory and the pages that it may grow to. */
interface Reserved { readonly memory: WebAssembly.Memory; readonly maximum: number }

/**
 * A memory with room to grow to all addresses. It starts small: 4 GiB at once take V8 3–30 ms to set up, 16 MiB 0.02 ms, and each
 * growth (which the kernel asks for) 0.01 ms.
 */
function reserve(initial: number, shared: boolean): Reserved {
  for (let maximum = PAGES_MAX; ; maximum >>= 1) {
    try {
      return { memory: new WebAssembly.Memory({ initial, maximum, shared }), maximum };
    } catch (e) {
      // The address space may be limited.
      if (maximum / 2 < initial || !(e instanceof RangeError)) throw e;
    }
  }
}

/** Memories to try, the first that the program's own data fit in being right. */
function* memories(shared: boolean): Generator<Reserved> {
  for (let initial = PAGES_FIRST; initial <= PAGES_MAX; initial *= 16) yield reserve(initial, shared);
}

/** Was the memory too small for the program's own data? */
function isTooSmall(e: unknown, r: Reserved): boolean {
  return r.memory.buffer.byteLength < r.maximum * 65536 && e instanceof WebAssembly.LinkError && /memory/.test(e.message);
}

/** Number of Ps: GOMAXPROCS of the environment, if that is set. */
export function procsOf(env: Readonly<Record<string, string | undefined>>, otherwise: number): number {
  const n = Number(env['GOMAXPROCS'] ?? '');
  return Math.min(Number.isInteger(n) && n > 0 ? n : otherwise, MAX_PROCS);
}

/** Longest delay that setTimeout and setInterval take. */
export const LONG_MS = 0x7fffffff;

export class Program implements JsProgram {
  memory!: WebAssembly.Memory;
  exports!: ProgramExports;
  private readonly host: Host;
  private code: number | undefined;
  private failure: { readonly error: unknown } | undefined;
  /** The kernel is on the thread's stack. */
  private running = false;
  /** JavaScript has functions of the program: it may call them as long as the event loop has something to do. */
  private hasCallbacks = false;
  private wakeUp: (() => void) | undefined;
  private awaitsNote = false;

  /** `link` or `linkAsync` must follow. */
  constructor(host: Host) { this.host = host; }

  /** Makes the program's memory and instance. */
  link(o: ProgramOptions): void {
    for (const r of memories(o.shared)) {
      try {
        this.init(o, r, new WebAssembly.Instance(o.module, this.host.imports(new Memory(r.memory))));
        return;
      } catch (e) {
        if (!isTooSmall(e, r)) throw e;
      }
    }
  }

  /** The same where a thread must not take the time at once. */
  async linkAsync(o: ProgramOptions): Promise<void> {
    for (const r of memories(o.shared)) {
      try {
        this.init(o, r, await WebAssembly.instantiate(o.module, this.host.imports(new Memory(r.memory))));
        return;
      } catch (e) {
        if (!isTooSmall(e, r)) throw e;
      }
    }
  }

  private init(o: ProgramOptions, r: Reserved, instance: WebAssembly.Instance): void {
    this.memory = r.memory;
    this.exports = instance.exports as unknown as ProgramExports;
    this.exports[LinkerExport.initData]();
    this.words()[KernelWords.SCHED_STRESS / 4] = o.stress;
    this.exports.kernel_init(this.info, r.maximum, o.nativeStack, o.flags, o.procs);
  }

  /** Growing an unshared memory gives it another buffer, hence no field. */
  private words(): Int32Array { return words(this.memory); }

  /** Address of the program's tables. */
  get info(): number { return this.exports[LinkerExport.programInfo].value as number; }

  /** The program ends: unwinds the WebAssembly stack, through frames of JavaScript that may catch it. */
  exit(code: number): never {
    this.code ??= code;
    throw new Exit(this.code);
  }

  ended(): boolean { return this.code !== undefined; }
  unwind(): never { throw new Exit(this.code!); }

  /** The host has something for the program. */
  wake(): void { this.wakeUp?.(); }

  /** The host itself listens for events: M0 returns to it at the end of a time slice. */
  listen(): void { this.words()[KernelWords.HOST_LISTENS / 4] = 1; }

  /** Tells the kernel of an event, once it is not on the thread's stack. Goroutines go on when the host calls `wake`. */
  tell(event: (kernel: ProgramExports) => void): void {
    if (this.code !== undefined) return;
    if (this.running) queueMicrotask(() => this.tell(event));
    else event(this.exports);
  }

  /** Counts work of the event loop that has to go on although no goroutine waits for it. */
  pending(n: 1 | -1): void { Atomics.add(this.words(), KernelWords.HOST_PENDING / 4, n); }

  /** Gives the answer of an asynchronous host call. */
  complete(id: number, result: number): void {
    if (this.code !== undefined) return;
    this.exports.complete(id, result);
    this.wake();
  }

  /** Something outside of the program ends it. */
  end(code: number): void {
    this.code ??= code;
    this.wake();
  }

  /** Prints all goroutines and ends the program. */
  quit(): void {
    if (this.code !== undefined) return;
    this.exports.quit();
    this.wake();
  }

  /** Runs what an event of the host asks for, to its end. Inside a jscall an end of the program unwinds further. */
  event(): void { this.enter(() => this.exports.event()); }

  /** Runs f, which enters the program from JavaScript: from the event loop, or from inside a call of the program's. */
  enter(f: () => void): void {
    const inside = this.running;
    try {
      f();
    } catch (error) {
      if (inside) throw error;
      if (!(error instanceof Exit)) this.failure ??= { error };
    } finally {
      if (!inside) this.wake();
    }
  }

  /** Counts the callbacks as one pending answer; when the event loop has run empty none can come any more. */
  listening(): void {
    if (this.hasCallbacks) return;
    this.hasCallbacks = true;
    Atomics.add(this.words(), KernelWords.HOST_PENDING / 4, 1);
    this.host.listening(() => {
      if (this.code !== undefined) return false;
      // Goroutines on other threads may give the event loop something to do again.
      if (this.isThreaded && this.exports.quiet() === 0) return true;
      this.hasCallbacks = false;
      Atomics.sub(this.words(), KernelWords.HOST_PENDING / 4, 1);
      this.wake();
      return false;
    });
  }

  private get isThreaded(): boolean { return this.words()[KernelWords.THREADED / 4] !== 0; }

  /** Waits until the host has an answer or `ms` have passed (< 0: no time is set). */
  private hostEvent(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const { isThreaded } = this;
      const others = this.words()[KernelWords.HOST_PENDING / 4] - (this.hasCallbacks ? 1 : 0);
      const cancel = this.host.wait(ms, others > 0 || (isThreaded && !this.hasCallbacks), resolve);
      this.wakeUp = () => { cancel(); resolve(); };
      if (isThreaded) this.awaitNote();
    });
  }

  /** Another thread may wake M0 (kernel/m.ts). One wait at a time: it may outlast several of hostEvent. */
  private awaitNote(): void {
    if (this.awaitsNote) return;
    const noted = this.host.note(this.words());
    if (noted === true) { this.wake(); return; }
    this.awaitsNote = true;
    void noted.then(() => { this.awaitsNote = false; this.wake(); });
  }

  /** Runs to the end; the exit code. What WebAssembly itself traps on is thrown. */
  async run(): Promise<number> {
    try {
      while (this.code === undefined && this.failure === undefined) {
        this.running = true;
        const ns = this.exports.run();
        this.running = false;
        await this.hostEvent(ns < 0n ? -1 : Math.min(Number(ns) / 1e6, LONG_MS));
        this.wakeUp = undefined;
        const pause = this.host.pause();
        if (pause !== undefined) await pause;
      }
    } catch (e) {
      if (!(e instanceof Exit)) throw e;
    } finally {
      this.running = false;
      this.host.stop();
    }
    if (this.failure !== undefined) throw this.failure.error;
    return this.code!;
  }
}

/** As Node and most browsers tell M0's note. */
export function noteAsync(w: Int32Array): Promise<unknown> | true {
  const noted = Atomics.waitAsync(w, KernelWords.M0_NOTE / 4, 0);
  return noted.async ? noted.value : true;
}

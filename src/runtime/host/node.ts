// Runs a linked program in Node: makes its memory and imports, starts it on this thread, and comes back with its
// exit code. Loads nothing of the compiler. While goroutines run, this thread is theirs; it returns to the event loop only when the program
// waits for the host.

import { resolve } from 'node:path';
import { environmentOf, instanceImports, type M0Calls } from './imports.ts';
import { Children } from './children.ts';
import { JsValues } from './jsvalues.ts';
import { KernelWords } from '../../abi/heap.ts';
import { LinkerExport } from '../../abi/tables.ts';
import { Memory } from './memory.ts';
import { Signals } from './signals.ts';
import { startSysmon } from './sysmon.ts';
import { Streams } from './streams.ts';
import { isWasiModule, runWasi } from './start-wasi.ts';
import { clockOrigin, exitCode, Threads, words, type ThreadContext } from './threads.ts';

export interface RunOptions {
  readonly wasm: Uint8Array | WebAssembly.Module;
  /** args[0] is the program's name. */
  readonly args: readonly string[];
  /** The program's file, if it has one: what os.Executable gives. */
  readonly file?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** System descriptors for the program's 0, 1 and 2. */
  readonly stdio?: readonly [number, number, number];
  /** The program was linked for unshared memory. */
  readonly single?: boolean;
  /** Watch for goroutines that run too long (a worker after the first milliseconds); default true with shared memory. */
  readonly sysmon?: boolean;
  /** This process is the program's: its signals are delivered to it, SIGQUIT prints its goroutines. */
  readonly signals?: boolean;
  /** Debugging: collect at every chance and check the heap; default GOLOOM_GCSTRESS=1 in this process's environment. */
  readonly gcStress?: boolean;
  /** Debugging: every poll and function entry suspends; default GOLOOM_PREEMPTSTRESS=1. */
  readonly preemptStress?: boolean;
  /** Further imports, by module and name. */
  readonly imports?: WebAssembly.Imports;
}

/** The program has ended with a code: unwinds the WebAssembly stack. */
class Exit {
  readonly code: number;
  constructor(code: number) { this.code = code; }
}

/** What a linked program exports for its host. */
interface ProgramExports {
  init_data(): void;
  kernel_init(info: number, pages: number, stackLimit: number, flags: number, procs: number): void;
  run(): bigint;
  event(): void;
  quit(): void;
  complete(id: number, result: number): void;
  program_info: WebAssembly.Global;
}

const PAGES_MAX = 65536;
const PAGES_FIRST = 256;
/** Estimated bytes of native stack that goroutines may use before their frames move to memory; Node's main thread has 984 KB. */
const NATIVE_STACK = 256 * 1024;
const FLAG_SYSMON = 1, FLAG_GC_STRESS = 2, FLAG_PREEMPT_STRESS = 4, FLAG_MAY_BLOCK = 8, FLAG_GC_TRACE = 16, FLAG_THREADS = 32;

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

/** Instantiates with the smallest memory that the program's own data fit in. */
function link(module: WebAssembly.Module, shared: boolean, imports: (memory: WebAssembly.Memory) => WebAssembly.Imports): Reserved & { instance: WebAssembly.Instance } {
  for (let initial = PAGES_FIRST; ; initial *= 16) {
    const r = reserve(initial, shared);
    try {
      return { ...r, instance: new WebAssembly.Instance(module, imports(r.memory)) };
    } catch (e) {
      if (initial >= PAGES_MAX || !(e instanceof WebAssembly.LinkError) || !/memory/.test(e.message)) throw e;
    }
  }
}

/** Number of Ps: GOMAXPROCS of the environment. Where that is not set, one for now: threads are young. */
function procsOf(env: Readonly<Record<string, string | undefined>>): number {
  const n = Number(env['GOMAXPROCS'] ?? '');
  return Number.isInteger(n) && n > 0 ? Math.min(n, MAX_PROCS) : 1;
}

/** As in overlay/runtime/proc.go. */
const MAX_PROCS = 256;

/** A program that is set up but not started. */
export interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly exports: ProgramExports;
  /** Gives the answer of an asynchronous host call. */
  complete(id: number, result: number): void;
  /** Runs to the end; the exit code. */
  run(): Promise<number>;
}

/** Longest delay that setInterval takes. */
const LONG_MS = 0x7fffffff;

/**
 * A program on this thread, which is its M0: the loop that runs goroutines until they wait for the host, and what the host's events have
 * to know of it. The event loop's callbacks enter the program only while `run` of the kernel is not on the thread's stack, or from
 * inside a jscall, which is prepared for it.
 */
class Program implements Instance {
  readonly memory: WebAssembly.Memory;
  readonly exports: ProgramExports;
  private readonly words: () => Int32Array;
  private readonly signals = new Signals(() => { if (this.code === undefined) { this.exports.quit(); this.wake(); } });
  private readonly streams: Streams;
  private threads: Threads | undefined;
  private children: Children | undefined;
  private stopSysmon: (() => void) | undefined;
  private code: number | undefined;
  private failure: { readonly error: unknown } | undefined;
  /** The kernel is on the thread's stack. */
  private running = false;
  /** JavaScript has functions of the program: it may call them as long as Node's event loop has something to do. */
  private hasCallbacks = false;
  private wakeUp: (() => void) | undefined;
  private awaitsNote = false;

  constructor(o: RunOptions) {
    const module = o.wasm instanceof WebAssembly.Module ? o.wasm : new WebAssembly.Module(o.wasm as BufferSource);
    const shared = !o.single, env = o.env ?? process.env, cwd = o.cwd ?? process.cwd(), stdio = o.stdio ?? [0, 1, 2];
    const context: ThreadContext = { args: o.args, env, cwd, stdio, executable: resolve(cwd, o.file ?? o.args[0]), origin: clockOrigin() };
    this.streams = new Streams(stdio);
    const { memory, maximum, instance } = link(module, shared, (m) => this.imports(new Memory(m), context, o.imports));
    this.memory = memory;
    this.exports = instance.exports as unknown as ProgramExports;
    // Growing an unshared memory gives it another buffer.
    this.words = () => words(memory);
    this.exports[LinkerExport.initData]();
    const asked = (option: boolean | undefined, name: string): boolean => option ?? process.env[name] === '1';
    const flags = (shared ? FLAG_MAY_BLOCK | FLAG_THREADS : 0) | (shared && (o.sysmon ?? true) ? FLAG_SYSMON : 0) | (asked(o.gcStress, 'GOLOOM_GCSTRESS') ? FLAG_GC_STRESS : 0)
      | (/(^|,)gctrace=[1-9]/.test(env['GODEBUG'] ?? '') ? FLAG_GC_TRACE : 0) | (asked(o.preemptStress, 'GOLOOM_PREEMPTSTRESS') ? FLAG_PREEMPT_STRESS : 0);
    const info = this.exports[LinkerExport.programInfo].value as number;
    this.threads = new Threads({ ...context, module, memory, info, flags });
    this.exports.kernel_init(info, maximum, NATIVE_STACK, flags, shared ? procsOf(env) : 1);
    if (o.signals) {
      this.signals.start();
      this.words()[KernelWords.HOST_LISTENS / 4] = 1;
    }
  }

  private imports(mem: Memory, context: ThreadContext, more: WebAssembly.Imports | undefined): WebAssembly.Imports {
    const complete = (id: number, result: number): void => this.complete(id, result);
    const values = new JsValues(mem, {
      event: () => this.event(), listening: () => this.listening(), ended: () => this.code !== undefined, unwind: () => { throw new Exit(this.code!); },
    });
    const ofM0: M0Calls = {
      ...(this.children = new Children(this.streams, complete)).imports(mem), ...values.imports(), ...this.signals.imports(complete),
      fd_wait: (fd: number, mode: number, id: number) => this.streams.wait(fd, mode, () => complete(id, 0)),
      jscall: (at: number) => values.call(at),
    };
    return instanceImports(mem, context, this.streams, {
      exit: (code) => this.exit(exitCode(mem, code)),
      startM: (at) => this.threads!.spawn(at),
      startSysmon: () => { this.stopSysmon = startSysmon(mem.memory); },
    }, ofM0, more);
  }

  /** The program ends: unwinds the WebAssembly stack, through frames of JavaScript that may catch it. */
  private exit(code: number): never {
    this.code ??= code;
    throw new Exit(this.code);
  }

  private wake(): void { this.wakeUp?.(); }

  complete(id: number, result: number): void {
    if (this.code !== undefined) return;
    this.exports.complete(id, result);
    this.wake();
  }

  /** Runs what an event of the host asks for, to its end. Inside a jscall an end of the program unwinds further. */
  private event(): void {
    const inside = this.running;
    try {
      this.exports.event();
    } catch (error) {
      if (inside) throw error;
      if (!(error instanceof Exit)) this.failure = { error };
    } finally {
      if (!inside) this.wake();
    }
  }

  /** Counts the callbacks as one pending answer; when the event loop has run empty none can come any more. */
  private listening(): void {
    if (this.hasCallbacks) return;
    this.hasCallbacks = true;
    Atomics.add(this.words(), KernelWords.HOST_PENDING / 4, 1);
    process.once('beforeExit', () => {
      if (this.code !== undefined) return;
      this.hasCallbacks = false;
      Atomics.sub(this.words(), KernelWords.HOST_PENDING / 4, 1);
      this.wake();
    });
  }

  /** Waits until the host has an answer or `ms` have passed (< 0: no time is set). */
  private hostEvent(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (ms >= 0 && ms < 1) { setImmediate(resolve); return; }
      // Signals and some other sources don't keep Node's event loop alive.
      const others = this.words()[KernelWords.HOST_PENDING / 4] - (this.hasCallbacks ? 1 : 0);
      const isThreaded = this.words()[KernelWords.THREADED / 4] !== 0;
      const timer = ms >= 0 ? setTimeout(resolve, ms) : others > 0 || isThreaded ? setInterval(() => {}, LONG_MS) : undefined;
      this.wakeUp = () => { clearTimeout(timer); resolve(); };
      if (isThreaded) this.awaitNote();
    });
  }

  /** Another thread may wake M0 (kernel/m.ts). One wait at a time: it may outlast several of hostEvent. */
  private awaitNote(): void {
    if (this.awaitsNote) return;
    const noted = Atomics.waitAsync(this.words(), KernelWords.M0_NOTE / 4, 0);
    if (!noted.async) { this.wake(); return; }
    this.awaitsNote = true;
    void noted.value.then(() => { this.awaitsNote = false; this.wake(); });
  }

  async run(): Promise<number> {
    try {
      while (this.code === undefined && this.failure === undefined) {
        this.running = true;
        const ns = this.exports.run();
        this.running = false;
        await this.hostEvent(ns < 0n ? -1 : Math.min(Number(ns) / 1e6, LONG_MS));
        this.wakeUp = undefined;
      }
    } catch (e) {
      if (!(e instanceof Exit)) throw e;
    } finally {
      this.running = false;
      this.stopSysmon?.();
      this.signals.stop();
      this.streams.stop();
      this.children?.stop();
      this.threads?.stop();
    }
    if (this.failure !== undefined) throw this.failure.error;
    return this.code!;
  }
}

export function instantiate(o: RunOptions): Instance { return new Program(o); }

/** Runs the program; its exit code. What WebAssembly itself traps on (a fault of ours, or a native stack overflow) is thrown. */
export async function runProgram(o: RunOptions): Promise<number> {
  const module = o.wasm instanceof WebAssembly.Module ? o.wasm : new WebAssembly.Module(o.wasm as BufferSource);
  if (isWasiModule(module)) {
    const cwd = o.cwd ?? process.cwd();
    return runWasi(module, { ...o, cwd, env: environmentOf(o.env ?? process.env, cwd) });
  }
  return instantiate({ ...o, wasm: module }).run();
}

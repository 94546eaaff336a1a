// Runs a linked program in Node: makes its memory and imports, starts it on this thread, and comes back with its
// exit code. Loads nothing of the compiler. While goroutines run, this thread is theirs; it returns to the event loop only when the program
// waits for the host.

import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { errnoOf } from './errno.ts';
import { Descriptors, writeAll } from './descriptors.ts';
import { environment, wasiImports } from './wasi.ts';
import { gcTraceLine } from './gctrace.ts';
import type { HostCallName } from '../../abi/hostcalls.ts';
import { HOST_MODULE, WASI_MODULE } from '../../abi/hostcalls.ts';
import { LinkerExport, MEMORY_IMPORT } from '../../abi/tables.ts';
import { Memory } from './memory.ts';
import { startSysmon } from './sysmon.ts';

export interface RunOptions {
  readonly wasm: Uint8Array | WebAssembly.Module;
  /** args[0] is the program's name. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** System descriptors for the program's 0, 1 and 2. */
  readonly stdio?: readonly [number, number, number];
  /** The program was linked for unshared memory. */
  readonly single?: boolean;
  /** Watch for goroutines that run too long (a worker after the first milliseconds); default true with shared memory. */
  readonly sysmon?: boolean;
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
  complete(id: number, result: number): void;
  program_info: WebAssembly.Global;
}

const PAGES_MAX = 65536;
const PAGES_FIRST = 256;
/** Estimated bytes of native stack that goroutines may use before their frames move to memory; Node's main thread has 984 KB. */
const NATIVE_STACK = 256 * 1024;
const FLAG_SYSMON = 1, FLAG_GC_STRESS = 2, FLAG_PREEMPT_STRESS = 4, FLAG_MAY_BLOCK = 8, FLAG_GC_TRACE = 16;

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

/** The kernel's own imports (src/abi/hostcalls.ts). */
function kernelImports(mem: Memory, onSysmon: () => void, stdio: readonly number[]): Record<HostCallName, (...args: never[]) => unknown> {
  const origin = performance.timeOrigin;
  return {
    monotonic: () => performance.now(),
    wallclock: () => {
      const t = origin + performance.now(), now = Date.now();
      return Math.abs(t - now) < 2 ? t : now;
    },
    write: (fd: number, at: number, n: number) => {
      try { return writeAll(stdio[fd] ?? fd, mem.bytes(at, n), null); } catch (e) { return -errnoOf(e); }
    },
    exit: (code: number) => { throw new Exit(code); },
    start_m: () => 0,
    start_sysmon: onSysmon,
    seed: Math.random,
    ncpu: availableParallelism,
    gctrace: (...numbers: number[]) => { writeAll(stdio[2], Buffer.from(gcTraceLine(numbers)), null); },
  };
}

function sameDirectory(a: string, b: string): boolean {
  try { return a === b || realpathSync(a) === realpathSync(b); } catch { return false; }
}

/** Waits until the host has an answer or `ms` have passed. */
function hostEvent(waiting: { wake?: () => void }, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = ms >= 0 ? setTimeout(resolve, ms) : undefined;
    waiting.wake = () => { clearTimeout(timer); resolve(); };
  });
}

/** A program that is set up but not started. */
export interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly exports: ProgramExports;
  /** Gives the answer of an asynchronous host call. */
  complete(id: number, result: number): void;
  /** Runs to the end; the exit code. */
  run(): Promise<number>;
}

export function instantiate(o: RunOptions): Instance {
  const module = o.wasm instanceof WebAssembly.Module ? o.wasm : new WebAssembly.Module(o.wasm as BufferSource);
  const shared = !o.single, env = o.env ?? process.env, cwd = o.cwd ?? process.cwd(), stdio = o.stdio ?? [0, 1, 2];
  const exit = (code: number): never => { throw new Exit(code); };
  let stopSysmon: (() => void) | undefined;
  const { memory, maximum, instance } = link(module, shared, (m) => {
    const mem = new Memory(m);
    return {
      ...o.imports,
      [MEMORY_IMPORT.module]: { ...o.imports?.[MEMORY_IMPORT.module], [MEMORY_IMPORT.name]: m },
      [HOST_MODULE]: { ...o.imports?.[HOST_MODULE], ...kernelImports(mem, () => { stopSysmon = startSysmon(m); }, stdio) },
      [WASI_MODULE]: wasiImports(mem, new Descriptors(cwd, stdio), environment(env, cwd, sameDirectory), { args: o.args, exit }),
    };
  });
  const exports = instance.exports as unknown as ProgramExports;
  exports[LinkerExport.initData]();
  const asked = (option: boolean | undefined, name: string): boolean => option ?? process.env[name] === '1';
  const flags = (shared ? FLAG_MAY_BLOCK : 0) | (shared && (o.sysmon ?? true) ? FLAG_SYSMON : 0) | (asked(o.gcStress, 'GOLOOM_GCSTRESS') ? FLAG_GC_STRESS : 0)
    | (/(^|,)gctrace=[1-9]/.test(env['GODEBUG'] ?? '') ? FLAG_GC_TRACE : 0) | (asked(o.preemptStress, 'GOLOOM_PREEMPTSTRESS') ? FLAG_PREEMPT_STRESS : 0);
  exports.kernel_init(exports[LinkerExport.programInfo].value as number, maximum, NATIVE_STACK, flags, 1);
  const waiting: { wake?: () => void } = {};
  const run = async (): Promise<number> => {
    try {
      for (;;) {
        const ns = exports.run();
        await hostEvent(waiting, ns < 0n ? -1 : Number(ns) / 1e6);
      }
    } catch (e) {
      if (e instanceof Exit) return e.code;
      throw e;
    } finally {
      stopSysmon?.();
    }
  };
  return { memory, exports, run, complete(id, result) { exports.complete(id, result); waiting.wake?.(); } };
}

/** Runs the program; its exit code. What WebAssembly itself traps on (a fault of ours, or a native stack overflow) is thrown. */
export function runProgram(o: RunOptions): Promise<number> {
  return instantiate(o).run();
}


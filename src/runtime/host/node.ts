// Runs a linked program in Node: what its host needs of Node, and the exit code. Loads nothing of the compiler. While goroutines run,
// this thread is theirs; it returns to the event loop only when the program waits for the host.

import { writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { environmentOf, instanceImports, type M0Calls } from './imports.ts';
import { Children } from './children.ts';
import { type EmbedderImports, embedderImports, Exports, exportsOf, type GoExports } from './exports.ts';
import type { LinkedExport } from '../../abi/object.ts';
import { godebugNumber } from './godebug.ts';
import { JsValues } from './jsvalues.ts';
import { watchLine } from './lines.ts';
import type { Memory } from './memory.ts';
import { Flag, type Host, LONG_MS, noteAsync, procsOf, Program, type ProgramExports } from './program.ts';
import { deathMessage, exitCode, isEnding } from './shared-words.ts';
import { Signals } from './signals.ts';
import { Sockets } from './sockets.ts';
import { startSysmon } from './sysmon.ts';
import { nonBlockingPipes, Streams } from './streams.ts';
import { isWasiModule, runWasi } from './start-wasi.ts';
import { clockOrigin, Threads, type ThreadContext } from './threads.ts';

/** Time between two looks whether other threads still give the event loop something to do, when it has nothing. */
const LOOK_MS = 10;

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
  /** Further imports, by module and name; they are called on this thread. */
  readonly imports?: EmbedderImports;
}

/** Node's main thread has 984 KB of native stack. */
const NATIVE_STACK = 256 * 1024;

/** A program that is set up but not started. */
export type Instance = Pick<Program, 'memory' | 'exports' | 'complete' | 'run'> & {
  /** The program's `//go:wasmexport` functions. */
  readonly functions: GoExports;
};

/** What a program needs of this process. */
class NodeHost implements Host {
  private readonly context: ThreadContext;
  private readonly more: EmbedderImports | undefined;
  private readonly exported: readonly LinkedExport[];
  exports!: Exports;
  private readonly streams: Streams;
  readonly program = new Program(this);
  private readonly signals = new Signals(() => this.program.quit());
  private threads: Threads | undefined;
  private children: Children | undefined;
  private sockets: Sockets | undefined;
  private turnEnds = false;
  private stopSysmon: (() => void) | undefined;
  private hasStopped = false;
  /** A thread that dies ends the program. Those that end because the program does may be heard of before what ends it. */
  private readonly watch = (line: MessagePort): void => watchLine(line, () => {
    if (this.hasStopped || isEnding(this.program.memory)) return;
    this.hasStopped = true;
    writeSync(this.context.stdio[2], deathMessage('its worker has ended'));
    this.program.end(2);
  });

  constructor(context: ThreadContext, module: WebAssembly.Module, more: EmbedderImports | undefined) {
    this.exported = exportsOf(module);
    this.context = context;
    this.more = more;
    this.streams = new Streams(context.stdio, context.outs);
  }

  /** The program is linked. */
  begin(module: WebAssembly.Module, flags: number, signals: boolean): void {
    const { program } = this;
    this.threads = new Threads({ ...this.context, module, memory: program.memory, info: program.info, flags }, this.watch);
    if (this.exported.length > 0) program.listening();
    // The kernel asks for sysmon when a goroutine has run for a while; a trace begins with the program.
    if ((flags & Flag.SYSMON) !== 0 && godebugNumber(this.context.env, 'schedtrace') > 0) this.startSysmon();
    if (!signals) return;
    this.signals.start();
    program.listen();
  }

  private startSysmon(): void {
    const { env } = this.context, periodMs = godebugNumber(env, 'schedtrace');
    this.stopSysmon ??= startSysmon(this.threads!.start, this.watch, periodMs > 0 ? { periodMs, isDetailed: godebugNumber(env, 'scheddetail') > 0 } : undefined);
  }

  imports(mem: Memory): WebAssembly.Imports {
    const { program } = this;
    const complete = (id: number, result: number): void => program.complete(id, result);
    const values = new JsValues(mem, program);
    this.exports = new Exports(this.exported, mem, program);
    this.sockets = new Sockets({
      ready: (pd, mode) => this.socketEvent(program, (kernel) => kernel.netready(pd, mode.charCodeAt(0))),
      complete: (id, result) => this.socketEvent(program, (kernel) => kernel.complete(id, result)),
      pending: (n) => program.pending(n),
    });
    const ofM0: M0Calls = {
      ...(this.children = new Children(this.streams, complete)).imports(mem), ...values.imports(), ...this.sockets.imports(mem), ...this.signals.imports(complete),
      fd_wait: (fd: number, mode: number, id: number) => this.streams.wait(fd, mode, () => complete(id, 0)),
      jscall: (at: number) => values.call(at), export_done: (frame: number) => this.exports.done(frame),
    };
    return instanceImports(mem, this.context, this.streams, {
      exit: (code) => program.exit(exitCode(mem.memory, code)),
      startM: (at) => this.threads!.spawn(at),
      startSysmon: () => this.startSysmon(),
    }, ofM0, embedderImports(this.more, this.exports.functions, program));
  }

  /** Goroutines go on when this turn of the event loop has heard all sockets. */
  private socketEvent(program: Program, event: (kernel: ProgramExports) => void): void {
    program.tell(event);
    if (this.turnEnds) return;
    this.turnEnds = true;
    setImmediate(() => { this.turnEnds = false; program.wake(); });
  }

  wait(ms: number, isAwaited: boolean, done: () => void): () => void {
    if (ms >= 0 && ms < 1) {
      const soon = setImmediate(done);
      return () => clearImmediate(soon);
    }
    // Signals and some other sources don't keep Node's event loop alive.
    const timer = ms >= 0 ? setTimeout(done, ms) : isAwaited ? setInterval(() => {}, LONG_MS) : undefined;
    return () => clearTimeout(timer);
  }

  note(w: Int32Array): Promise<unknown> | true { return noteAsync(w); }

  pause(): undefined {}

  listening(none: () => boolean): void {
    process.once('beforeExit', () => {
      if (!none()) return;
      this.listening(none);
      setTimeout(() => {}, LOOK_MS);
    });
  }

  stop(): void {
    this.hasStopped = true;
    this.exports.stop();
    this.stopSysmon?.();
    this.signals.stop();
    this.streams.stop();
    this.sockets?.stop();
    this.children?.stop();
    this.threads?.stop();
  }
}

export function instantiate(o: RunOptions): Instance {
  const module = o.wasm instanceof WebAssembly.Module ? o.wasm : new WebAssembly.Module(o.wasm as BufferSource);
  const shared = !o.single, env = o.env ?? process.env, cwd = o.cwd ?? process.cwd(), stdio = o.stdio ?? [0, 1, 2];
  const asked = (option: boolean | undefined, name: string): boolean => option ?? process.env[name] === '1';
  const flags = (shared ? Flag.MAY_BLOCK | Flag.THREADS : 0) | (shared && (o.sysmon ?? true) ? Flag.SYSMON : 0) | (asked(o.gcStress, 'GOLOOM_GCSTRESS') ? Flag.GC_STRESS : 0)
    | (godebugNumber(env, 'gctrace') > 0 ? Flag.GC_TRACE : 0) | (asked(o.preemptStress, 'GOLOOM_PREEMPTSTRESS') ? Flag.PREEMPT_STRESS : 0);
  const host = new NodeHost({ args: o.args, env, cwd, stdio, executable: resolve(cwd, o.file ?? o.args[0]), origin: clockOrigin(), outs: nonBlockingPipes(stdio) }, module, o.imports);
  host.program.link({ module, shared, flags, procs: shared ? procsOf(env, availableParallelism()) : 1, nativeStack: NATIVE_STACK, stress: godebugNumber(env, 'schedstress') });
  host.begin(module, flags, o.signals ?? false);
  return Object.assign(host.program, { functions: host.exports.functions });
}

/** Runs the program; its exit code. What WebAssembly itself traps on (a fault of ours, or a native stack overflow) is thrown. */
export async function runProgram(o: RunOptions): Promise<number> {
  const module = o.wasm instanceof WebAssembly.Module ? o.wasm : new WebAssembly.Module(o.wasm as BufferSource);
  if (isWasiModule(module)) {
    const cwd = o.cwd ?? process.cwd();
    // A WASI program exports nothing.
    return runWasi(module, { ...o, imports: typeof o.imports === 'function' ? o.imports({}) : o.imports, cwd, env: environmentOf(o.env ?? process.env, cwd) });
  }
  return instantiate({ ...o, wasm: module }).run();
}

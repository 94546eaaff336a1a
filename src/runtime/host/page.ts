// Runs a linked program in a browser's page: the main thread is its M0 and returns to the event loop whenever it waits and after each time slice;
// where the page is cross-origin isolated further Ms are workers. Elsewhere the same program runs on the one M, in memory that is not shared.
//
// The same bytes that Node runs; shared with Node: program.ts.

import { HOST_MODULE } from '../../abi/hostcalls.ts';
import { type EmbedderImports, embedderImports, Exports, exportsOf, type GoExports } from './exports.ts';
import { godebugNumber } from './godebug.ts';
import { JsValues } from './jsvalues.ts';
import { linuxErrnoOf } from './errno.ts';
import type { Memory } from './memory.ts';
import { MemoryFiles } from './memory-files.ts';
import { OutputRing } from './output-ring.ts';
import { forOneThreadAside } from './one-thread.ts';
import { PageFiles, pathOf } from './page-files.ts';
import { pageImports, processors } from './page-imports.ts';
import type { PageContext } from './page-messages.ts';
import { type Input, type Output, PageStreams } from './page-streams.ts';
import { PageThreads } from './page-threads.ts';
import { Flag, type Host, noteAsync, procsOf, Program } from './program.ts';
import { deathMessage, exitCode } from './shared-words.ts';
import { stopSysmon } from './sysmon-loop.ts';
import { Turns } from './turns.ts';

export type { Input, Output } from './page-streams.ts';

/** How to run a program; everything has a default. */
export interface PageOptions {
  /** os.Args, the program's name first. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Input;
  /** By default the console, line by line. */
  readonly stdout?: Output;
  readonly stderr?: Output;
  /** Files that the program finds, by absolute path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Functions for `//go:wasmimport`, by module and name. They are called on the page's thread. */
  readonly imports?: EmbedderImports;
  /** Where page-worker.js is; by default beside this file. */
  readonly worker?: string | URL;
  /** May goroutines run in workers? By default where the page is cross-origin isolated. */
  readonly threads?: boolean;
}

/** A program: its bytes, compiled, or as they come from the server. */
export type ProgramSource = ArrayBuffer | Uint8Array<ArrayBuffer> | Response | Promise<Response>;

/** Estimated bytes of native stack that goroutines may use before their frames move to memory; a browser's threads have 1 MB, some less. */
const NATIVE_STACK = 192 * 1024;

/** The worker's file. */
function workerOf(o: PageOptions): string | URL { return o.worker ?? new URL('./page-worker.js', import.meta.url); }

async function bytesOf(source: ProgramSource): Promise<Uint8Array<ArrayBuffer>> {
  const from = await source;
  if (!(from instanceof Response)) return from instanceof Uint8Array ? from : new Uint8Array(from);
  if (!from.ok) throw new Error(`${from.url}: ${from.status} ${from.statusText}`);
  return new Uint8Array(await from.arrayBuffer());
}

/** What a program needs of the page. */
class PageHost implements Host {
  readonly program = new Program(this);
  readonly streams: PageStreams;
  private readonly o: PageOptions;
  private readonly context: PageContext;
  private readonly files: PageFiles;
  private readonly ring: OutputRing | undefined;
  private readonly turns = new Turns();
  private readonly threads: PageThreads | undefined;
  private memory: WebAssembly.Memory | undefined;
  /** Set before the program is linked. */
  module!: WebAssembly.Module;
  exports!: Exports;

  constructor(o: PageOptions, shared: boolean, procs: number) {
    this.o = o;
    const args = o.args ?? ['main'];
    this.ring = shared ? new OutputRing() : undefined;
    this.threads = shared ? new PageThreads(workerOf(o), procs > 1 ? Math.min(procs, processors()) : 0, {
      output: () => this.drain(), failed: (message) => this.threadFailed(message),
    }) : undefined;
    this.context = { args, env: Object.entries(o.env ?? {}).map(([k, v]) => `${k}=${v}`), origin: performance.timeOrigin, output: this.ring?.buffer };
    this.streams = new PageStreams(o.stdin, o.stdout, o.stderr);
    const files = new MemoryFiles();
    for (const [path, content] of Object.entries(o.files ?? {})) addFile(files, path, content);
    this.files = new PageFiles(files, this.streams, `/${args[0]!.replace(/^.*\//, '')}`);
  }

  /** The program is linked. */
  begin(module: WebAssembly.Module, flags: number): void {
    const { program, context } = this;
    this.memory = program.memory;
    this.threads?.begin({ context, module, memory: program.memory, info: program.info, flags: flags | Flag.MAY_BLOCK });
  }

  private threadFailed(message: string): void {
    this.print(deathMessage(message));
    this.program.end(2);
  }

  private print(text: string): void { this.write(2, new TextEncoder().encode(text)); }

  /** Writes what other threads have printed. */
  private drain(): void { this.ring?.drain((fd, bytes) => this.put(fd, bytes)); }

  private put(fd: number, bytes: Uint8Array): void {
    // Nobody can wait here: what a full stream does not take is lost.
    try { this.streams.write(fd, bytes); } catch { /* Full, or closed. */ }
  }

  private write(fd: number, bytes: Uint8Array): number {
    this.drain();
    this.put(fd, bytes.slice());
    return bytes.length;
  }

  imports(mem: Memory): WebAssembly.Imports {
    const { program, module } = this, values = new JsValues(mem, program), no = -linuxErrnoOf('ENOSYS');
    const complete = (id: number, result: number): void => program.complete(id, result);
    this.exports = new Exports(exportsOf(module), mem, program);
    const ofM0 = {
      ...this.files.imports(mem, complete), ...values.imports(),
      jscall: (at: number) => values.call(at), export_done: (frame: number) => this.exports.done(frame),
      // There are no processes here, and no signals but those that the program sends itself.
      proc_start: (_at: number, _n: number, id: number) => complete(id, no), proc_stream: () => no, proc_wait: (_pid: number, id: number) => { complete(id, no); return no; },
      signal_enable: () => {}, signal_disable: () => {}, signal_ignore: () => {}, signal_wait: () => {}, signal_send: () => {},
      signal_raise: () => program.exit(2),
    };
    return pageImports(mem, this.context, {
      exit: (code) => program.exit(exitCode(mem.memory, code)),
      startM: (m) => this.threads!.spawn(m),
      // It is there already, or comes as soon as it can.
      startSysmon: () => {},
      write: (fd, bytes) => this.write(fd, bytes),
    }, ofM0, { ...embedderImports(this.o.imports, this.exports.functions, program), [HOST_MODULE]: absent(module) });
  }

  wait(ms: number, _isAwaited: boolean, done: () => void): () => void { return this.turns.wait(ms, done); }
  pause(): Promise<void> | undefined { return this.turns.due() ? new Promise((resolve) => { this.turns.wait(0, resolve); }) : undefined; }
  note(w: Int32Array): Promise<unknown> | true { return 'waitAsync' in Atomics ? noteAsync(w) : this.threads!.note(); }
  /** A page is never known to call no more. */
  listening(): void {}

  stop(): void {
    // There are none yet if the program could not be linked.
    (this.exports as Exports | undefined)?.stop();
    this.drain();
    this.threads?.stop();
    if (this.ring !== undefined && this.memory !== undefined) stopSysmon(this.memory);
    this.turns.stop();
  }
}

function addFile(files: MemoryFiles, path: string, content: string | Uint8Array): void {
  const at = pathOf(path), parts = at.split('/').slice(0, -1);
  for (let i = 2; i <= parts.length; i++) {
    const dir = parts.slice(0, i).join('/');
    if (files.place(dir).node === undefined) files.mkdir(dir, 0o755);
  }
  files.write(files.create({ path: at, permissions: 0o644 }), typeof content === 'string' ? new TextEncoder().encode(content) : content, 0);
}

/** For all that programs may import of the host, a refusal: a page has not all (sockets, which `ident` denies). */
function absent(module: WebAssembly.Module): Record<string, () => never> {
  const names = WebAssembly.Module.imports(module).filter((i) => i.module === HOST_MODULE).map((i) => i.name);
  return Object.fromEntries(names.map((name) => [name, () => { throw new Error(`${name}: not in a page`); }]));
}

/** A program that has been started. */
export interface PageProgram {
  /** The program's `//go:wasmexport` functions: they return what the Go function does or, if that has to wait, a promise. */
  readonly exports: GoExports;
  /** Settles when it has ended: with its exit code, or with the fault that stopped it. */
  readonly ended: Promise<{ readonly exitCode: number }>;
}

/** Starts a program. */
export async function start(source: ProgramSource, options: PageOptions = {}): Promise<PageProgram> {
  const shared = options.threads ?? (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true;
  const env = options.env ?? {}, procs = shared ? procsOf(env, processors()) : 1;
  const host = new PageHost(options, shared, procs);
  try {
    const bytes = await bytesOf(source);
    const module = await WebAssembly.compile((shared ? bytes : await forOneThreadAside(workerOf(options), bytes)) as BufferSource);
    const flags = Flag.PAGE | (shared ? Flag.THREADS | Flag.SYSMON : Flag.COUNT_POLLS) | (godebugNumber(env, 'gctrace') > 0 ? Flag.GC_TRACE : 0);
    host.module = module;
    await host.program.linkAsync({ module, shared, flags, procs, nativeStack: NATIVE_STACK, stress: godebugNumber(env, 'schedstress') });
    host.begin(module, flags);
    // They may be called at any time.
    if (exportsOf(module).length > 0) host.program.listening();
  } catch (e) {
    host.stop();
    throw e;
  }
  const run = async (): Promise<{ exitCode: number }> => {
    const code = await host.program.run();
    await host.streams.flush();
    return { exitCode: code };
  };
  return { exports: host.exports.functions, ended: run() };
}

/** Runs a program to its end. */
export async function run(source: ProgramSource, options: PageOptions = {}): Promise<{ readonly exitCode: number }> {
  return (await start(source, options)).ended;
}

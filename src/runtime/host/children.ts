// Child processes for GOOS=js: started, waited for, and their pipes as streams. Owner: M0, in whose event loop Node tells of them.

import type { ChildProcess, StdioOptions } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { constants } from 'node:os';
import type { SyscallName } from '../../abi/hostcalls.ts';
import { linuxErrno, linuxErrnoOf } from './errno.ts';
import type { Memory } from './memory.ts';
import { signalNumber } from './signals.ts';
import type { Streams } from './streams.ts';

interface Child {
  readonly process: ChildProcess;
  /** Descriptors of its pipes, by its own. Made at once: what a child leaves when it has ended nobody else keeps. */
  readonly pipes: ReadonlyMap<number, number>;
  /** Wait status in the form of Linux, once it has ended. */
  status: number | undefined;
  waiter: ((status: number) => void) | undefined;
}

interface Specification { readonly path: string; readonly dir: string; readonly argv: string[]; readonly env: string[]; readonly streams: number[] }

/** Values of a stream (overlay/syscall/exec_js.go); from STREAM_FILE on a descriptor. */
const STREAM_NONE = 0, STREAM_PIPE = 1, STREAM_FILE = 2;

/** Reads what StartProcess wrote: lists of texts, then the streams. */
function parse(bytes: Buffer): Specification {
  let at = 0;
  const number = (): number => { at += 4; return bytes.readUInt32LE(at - 4); };
  const texts = (): string[] => Array.from({ length: number() }, () => {
    const n = number();
    at += n;
    return bytes.toString('utf8', at - n, at);
  });
  const [path, dir] = texts();
  return { path, dir, argv: texts(), env: texts(), streams: Array.from({ length: number() }, number) };
}

function environmentOf(settings: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const s of settings) {
    const eq = s.indexOf('=', 1);
    if (eq > 0) env[s.slice(0, eq)] = s.slice(eq + 1);
  }
  return env;
}

export class Children {
  private readonly children = new Map<number, Child>();
  private readonly streams: Streams;
  private readonly complete: (id: number, result: number) => void;

  constructor(streams: Streams, complete: (id: number, result: number) => void) {
    this.streams = streams;
    this.complete = complete;
  }

  /** The proc_… imports. */
  imports(mem: Memory): Record<Extract<SyscallName, `proc_${string}`>, (...args: never[]) => unknown> {
    return {
      proc_start: (at: number, n: number, id: number) => this.start(parse(Buffer.from(mem.bytes(at, n))), id),
      proc_stream: (pid: number, n: number) => this.stream(pid, n),
      proc_wait: (pid: number, id: number) => this.wait(pid, id),
    };
  }

  private start(s: Specification, id: number): void {
    const stdio: StdioOptions = s.streams.map((x) => (x === STREAM_NONE ? 'ignore' : x === STREAM_PIPE ? 'pipe' : this.streams.sys(x - STREAM_FILE)));
    while (stdio.length < 3) stdio.push('ignore');
    const fail = (e: unknown): void => this.complete(id, -linuxErrno(e));
    let process_: ChildProcess;
    try {
      process_ = process.getBuiltinModule('node:child_process').spawn(s.path, s.argv.slice(1), { argv0: s.argv[0] ?? s.path, cwd: s.dir, env: environmentOf(s.env), stdio });
    } catch (e) {
      queueMicrotask(() => fail(e));
      return;
    }
    const pipes = new Map<number, number>();
    const child: Child = { process: process_, pipes, status: undefined, waiter: undefined };
    process_.once('error', fail);
    process_.once('spawn', () => {
      process_.removeListener('error', fail);
      process_.on('error', () => {});
      s.streams.forEach((x, n) => { if (x === STREAM_PIPE) pipes.set(n, this.open(process_, n)); });
      this.children.set(process_.pid!, child);
      this.complete(id, process_.pid!);
    });
    process_.once('exit', (code, signal) => {
      child.status = signal === null ? (code ?? 0) << 8 : signalNumber(signal) ?? constants.signals[signal];
      if (child.waiter !== undefined) { child.waiter(child.status); this.children.delete(process_.pid!); }
    });
  }

  private stream(pid: number, n: number): number { return this.children.get(pid)!.pipes.get(n)!; }

  private open(child: ChildProcess, n: number): number {
    const s = child.stdio[n]!;
    // A pipe of Node goes both ways: which one is meant the program knows by its end of the pipe; the first stream is for reading by the child.
    return n === 0 ? this.streams.addWritable(s as Writable) : this.streams.addReadable(s as Readable);
  }

  private wait(pid: number, id: number): number {
    const child = this.children.get(pid);
    if (child === undefined || child.waiter !== undefined) {
      queueMicrotask(() => this.complete(id, 0));
      return -linuxErrnoOf('ECHILD');
    }
    const done = (status: number): void => this.complete(id, status);
    if (child.status === undefined) { child.waiter = done; return 0; }
    this.children.delete(pid);
    const { status } = child;
    queueMicrotask(() => done(status));
    return 0;
  }

  /** The program has ended; its children go on. */
  stop(): void { for (const { process: p } of this.children.values()) p.unref(); }
}

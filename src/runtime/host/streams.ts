// Reading and writing what may make one wait: pipes, terminals, sockets that the process was started with.
//
// A read that could wait is never done in place, for nothing else would run meanwhile, no signal handler either: the answer is EAGAIN and the
// goroutine waits (fd_wait) while Node reads ahead in the event loop, at most a chunk; what was read ahead is handed out by later reads.
// Node's thread pool is no help here: a thread that hangs in read(2) keeps the process from ending.
//
// Owner: M0, whose event loop the streams belong to; other Ms only look descriptors up.

import * as fs from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { linuxErrno } from './errno.ts';

/** A system error with a code. */
function systemError(code: string): Error { return Object.assign(new Error(code), { code }); }

/** Input that is read ahead in the event loop. */
class Ahead {
  private readonly chunks: Uint8Array[] = [];
  private ended = false;
  private error: Error | undefined;
  private waiter: (() => void) | undefined;
  readonly stream: Readable;
  /** A non-blocking descriptor of the stream. */
  private readonly fd: number | undefined;

  constructor(stream: Readable, fd?: number) {
    this.stream = stream;
    this.fd = fd;
    stream.pause();
    stream.on('data', (chunk: Buffer) => { stream.pause(); this.chunks.push(chunk); this.wake(); });
    stream.on('end', () => { this.ended = true; this.wake(); });
    stream.on('error', (e) => { this.error = e; this.wake(); });
    stream.on('close', () => { this.ended = true; this.wake(); });
    stream.pause();
  }

  private wake(): void {
    const w = this.waiter;
    this.waiter = undefined;
    w?.();
  }

  /** Takes what is there; 0 at the end. Throws EAGAIN where nothing is. */
  take(out: Uint8Array): number {
    const chunk = this.chunks[0];
    if (chunk !== undefined) {
      const n = Math.min(chunk.length, out.length);
      out.set(chunk.subarray(0, n));
      if (n === chunk.length) this.chunks.shift();
      else this.chunks[0] = chunk.subarray(n);
      return n;
    }
    if (this.error) throw this.error;
    if (this.ended) return 0;
    if (this.fd === undefined) throw systemError('EAGAIN');
    // In place: of the end of a pipe whose last writer was gone before its reader came the event loop is not told.
    const n = fs.readSync(this.fd, out, 0, out.length, null);
    if (n === 0 && out.length > 0) this.ended = true;
    return n;
  }

  get atEnd(): boolean { return this.ended && this.chunks.length === 0; }

  wait(done: () => void): void {
    if (this.chunks.length > 0 || this.ended || this.error) { done(); return; }
    this.waiter = done;
    this.stream.resume();
  }
}

/** Output to a stream of Node, which takes everything at once and says when it has had enough. */
class Output {
  readonly stream: Writable;
  private error: Error | undefined;
  private waiter: (() => void) | undefined;

  constructor(stream: Writable) {
    this.stream = stream;
    stream.on('drain', () => this.wake());
    stream.on('error', (e) => { this.error = e; this.wake(); });
    stream.on('close', () => { this.error ??= systemError('EPIPE'); this.wake(); });
  }

  private wake(): void {
    const w = this.waiter;
    this.waiter = undefined;
    w?.();
  }

  put(bytes: Uint8Array): number {
    if (this.error) throw this.error;
    if (this.stream.writableNeedDrain) throw systemError('EAGAIN');
    this.stream.write(Buffer.from(bytes));
    return bytes.length;
  }

  wait(done: () => void): void {
    if (this.error || !this.stream.writableNeedDrain) done();
    else this.waiter = done;
  }
}

/** Descriptors from here on are no descriptors of the system but streams of Node. */
const FIRST_VIRTUAL = 1 << 24;

/** Attempts on a full pipe one after the other before there are pauses, and the longest pause. */
const SOON = 8;
const RETRY_MS = 20;

/** When an attempt on a full pipe was last announced, and how many there were shortly before. */
interface Retry { readonly at: number; readonly times: number }

/**
 * For each of a program's standard streams the descriptor to write to: where it is a pipe, on Linux, another description of it in non-blocking mode, or a slow
 * reader would hold a thread. (The mode of the pipe's own description is not the program's alone to set.)
 */
export function nonBlockingPipes(stdio: readonly number[]): number[] {
  return stdio.map((fd, i) => {
    if (i === 0 || process.platform !== 'linux') return fd;
    try {
      return fs.fstatSync(fd).isFIFO() ? fs.openSync(`/proc/self/fd/${fd}`, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK) : fd;
    } catch {
      return fd;
    }
  });
}

/** The streams of one program. */
export class Streams {
  private readonly kinds = new Map<number, 'file' | 'stream' | 'terminal'>();
  private readonly ahead = new Map<number, Ahead>();
  private readonly outputs = new Map<number, Output>();
  private nextVirtual = FIRST_VIRTUAL;
  private readonly retries = new Map<number, Retry>();
  private readonly stdio: readonly number[];
  private readonly outs: readonly number[];

  /** `stdio`: the system's descriptors that the program has as 0, 1 and 2; `outs`: those to write to in their place (nonBlockingPipes). */
  constructor(stdio: readonly number[], outs: readonly number[]) {
    this.stdio = stdio;
    this.outs = outs;
  }

  /** The system's descriptor that the program's layer calls fd. */
  sys(fd: number): number { return this.stdio[fd] ?? fd; }

  /** The one to write to. */
  out(fd: number): number { return this.outs[fd] ?? fd; }

  /** A descriptor for a stream of Node. */
  addReadable(stream: Readable): number {
    this.ahead.set(this.nextVirtual, new Ahead(stream));
    return this.nextVirtual++;
  }

  addWritable(stream: Writable): number {
    this.outputs.set(this.nextVirtual, new Output(stream));
    return this.nextVirtual++;
  }

  private kind(fd: number): 'file' | 'stream' | 'terminal' {
    if (fd >= FIRST_VIRTUAL) return 'stream';
    let k = this.kinds.get(fd);
    if (k === undefined) {
      const s = fs.fstatSync(this.sys(fd));
      k = s.isFIFO() || s.isSocket() ? 'stream' : s.isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(this.sys(fd)) ? 'terminal' : 'file';
      this.kinds.set(fd, k);
    }
    return k;
  }

  isTerminal(fd: number): boolean { return fd < FIRST_VIRTUAL && process.getBuiltinModule('node:tty').isatty(this.sys(fd)); }

  read(fd: number, out: Uint8Array): number {
    const kind = this.kind(fd);
    if (kind === 'file') return fs.readSync(this.sys(fd), out, 0, out.length, null);
    const a = this.ahead.get(fd);
    if (a !== undefined) {
      const n = a.take(out);
      // A terminal goes on after its end (control-D).
      if (n === 0 && out.length > 0 && kind === 'terminal') this.ahead.delete(fd);
      return n;
    }
    throw systemError('EAGAIN');
  }

  write(fd: number, bytes: Uint8Array): number {
    const out = this.outputs.get(fd);
    if (out === undefined) throw systemError('EBADF');
    return out.put(bytes);
  }

  /** Calls done when a read ('r') or write ('w') is worth another attempt. */
  wait(fd: number, mode: number, done: () => void): void {
    const out = this.outputs.get(fd);
    if (out !== undefined) { out.wait(done); return; }
    if (mode !== 'r'.charCodeAt(0)) {
      const now = performance.now(), last = this.retries.get(fd);
      const times = last !== undefined && now - last.at < 2 * RETRY_MS ? last.times + 1 : 0;
      this.retries.set(fd, { at: now, times });
      if (times < SOON) setImmediate(done);
      else setTimeout(done, Math.min(2 ** (times - SOON), RETRY_MS));
      return;
    }
    let a = this.ahead.get(fd);
    if (a === undefined) {
      a = this.openStream(fd, this.sys(fd));
      this.ahead.set(fd, a);
    }
    a.wait(done);
  }

  private openStream(name: number, fd: number): Ahead {
    if (this.kind(name) === 'terminal') return new Ahead(new (process.getBuiltinModule('node:tty').ReadStream)(fd));
    const { Socket } = process.getBuiltinModule('node:net');
    // A description of our own, so that the non-blocking mode that Node sets is nobody else's affair; where the system has no such way, the
    // descriptor itself.
    if (process.platform === 'linux') {
      try {
        const own = fs.openSync(`/proc/self/fd/${fd}`, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
        return new Ahead(new Socket({ fd: own, readable: true, writable: false }), own);
      } catch (e) {
        linuxErrno(e);
      }
    }
    return new Ahead(new Socket({ fd, readable: true, writable: false }));
  }

  /** The program has ended: nothing of it keeps the event loop alive. */
  stop(): void { for (const fd of [...this.ahead.keys(), ...this.outputs.keys()]) this.close(fd); }

  /** Forgets what there is for a descriptor; whether it was no descriptor of the system. */
  close(fd: number): boolean {
    if (this.out(fd) !== this.sys(fd)) fs.closeSync(this.out(fd));
    this.outputs.get(fd)?.stream.end();
    this.outputs.delete(fd);
    this.ahead.get(fd)?.stream.destroy();
    this.ahead.delete(fd);
    this.kinds.delete(fd);
    this.retries.delete(fd);
    return fd >= FIRST_VIRTUAL;
  }
}

// Standard input, output and error of a program in a page: what its embedder gave, or the console. Reads that have to wait and writes to a
// stream that is full give EAGAIN, and the goroutine waits until the event loop has news.

import { FileError, type Node, S_IFIFO } from './memory-files.ts';

/** Where output goes: a function that takes each piece, or a stream. */
export type Output = ((bytes: Uint8Array) => void) | WritableStream<Uint8Array>;

/** Where input comes from. */
export type Input = string | Uint8Array | ReadableStream<Uint8Array>;

interface Sink {
  /** Takes all bytes; throws EAGAIN if it is full. */
  put(bytes: Uint8Array): void;
  /** Calls done when it is not full. */
  wait(done: () => void): void;
  /** Everything has gone where it shall. */
  flush(): Promise<void>;
}

/** Goes on when the promise is settled, whichever way. */
async function settled(p: Promise<unknown>, next: () => void = () => {}): Promise<void> {
  try { await p; } catch { /* Who goes on will see. */ }
  next();
}

/** The console, which takes lines. */
function consoleSink(print: (line: string) => void): Sink {
  const decoder = new TextDecoder();
  let rest = '';
  return {
    put: (bytes) => {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop()!;
      if (lines.length > 0) print(lines.join('\n'));
    },
    wait: (done) => done(),
    flush: async () => {
      if (rest !== '') print(rest);
      rest = '';
    },
  };
}

function streamSink(stream: WritableStream<Uint8Array>): Sink {
  const writer = stream.getWriter();
  let broken = false;
  writer.closed.catch(() => { broken = true; });
  return {
    put: (bytes) => {
      if (broken) throw new FileError('EPIPE');
      if ((writer.desiredSize ?? 0) <= 0) throw new FileError('EAGAIN');
      writer.write(bytes).catch(() => { broken = true; });
    },
    wait: (done) => { void settled(writer.ready, done); },
    flush: async () => {
      await settled(writer.ready);
      writer.releaseLock();
    },
  };
}

function sinkOf(output: Output | undefined, print: (line: string) => void): Sink {
  if (output === undefined) return consoleSink(print);
  if (typeof output !== 'function') return streamSink(output);
  return { put: output, wait: (done) => done(), flush: async () => {} };
}

const encoder = new TextEncoder();

export class PageStreams {
  private readonly sinks: readonly Sink[];
  private reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  private ahead: Uint8Array | undefined;
  private ended = false;
  private failed = false;
  /** What stat tells of each: a pipe. */
  readonly node: Node = {
    ino: 1, mode: S_IFIFO | 0o600, nlink: 1, uid: 0, gid: 0, atime: 0n, mtime: 0n, ctime: 0n, content: encoder.encode(''), size: 0, entries: new Map(), target: '',
  };

  constructor(stdin: Input | undefined, stdout: Output | undefined, stderr: Output | undefined) {
    // oxlint-disable-next-line no-console
    this.sinks = [sinkOf(stdout, (line) => console.log(line)), sinkOf(stderr, (line) => console.error(line))];
    if (stdin instanceof ReadableStream) this.reader = stdin.getReader();
    else {
      this.ahead = typeof stdin === 'string' ? encoder.encode(stdin) : stdin;
      this.ended = true;
    }
  }

  /** Bytes of standard input that are there; 0 at its end. */
  read(fd: number, out: Uint8Array): number {
    if (fd !== 0) throw new FileError('EBADF');
    if (this.ahead !== undefined && this.ahead.length > 0) {
      const n = Math.min(this.ahead.length, out.length);
      out.set(this.ahead.subarray(0, n));
      this.ahead = this.ahead.subarray(n);
      return n;
    }
    if (this.failed) throw new FileError('EIO');
    if (this.ended) return 0;
    throw new FileError('EAGAIN');
  }

  write(fd: number, bytes: Uint8Array): number {
    const sink = this.sinks[fd - 1];
    if (sink === undefined) throw new FileError('EBADF');
    sink.put(bytes);
    return bytes.length;
  }

  /** Calls done when a read or write is worth another attempt. */
  wait(fd: number, isRead: boolean, done: () => void): void {
    if (!isRead) { this.sinks[fd - 1]?.wait(done); return; }
    if (this.reader === undefined) { done(); return; }
    this.reader.read().then((r) => {
      if (r.done) this.ended = true;
      else this.ahead = r.value;
    }, () => { this.failed = true; }).finally(done);
  }

  async flush(): Promise<void> { for (const sink of this.sinks) await sink.flush(); }
}

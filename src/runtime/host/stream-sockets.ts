// TCP and Unix connections and their listeners, over node:net.
//
// Reading: Node reads into one buffer, from which the bytes go into the socket's ring in shared memory; goroutines take them there without a call of
// the host. What the ring has no room for is kept here, and reading stops until Go asks for more. Writing: any M writes to the system's
// descriptor itself (net_send); only what the system has no room for comes here and is written by Node when it has.
//
// The descriptor stays open until Go closes it, whatever happens on the connection: a number that the system gave to another connection would
// otherwise be written to. So `_destroy` of the stream is put off until then.
//
// Owner: M0.

import type * as net from 'node:net';
import { existsSync, renameSync } from 'node:fs';
import { linuxErrno, linuxErrnoOf } from './errno.ts';
import { RSTATE_EOF, RSTATE_PAUSED, SocketFlag, SocketWord, WSTATE_BLOCKED } from '../../abi/sockets.ts';
import { getAddress, type Address } from './sockaddr.ts';
import type { SocketProgram, SocketRecord } from './socket-record.ts';

/**
 * What libuv's handle of a socket offers beyond the documented interface; each use has a way out where it is missing. Debugging: GOLOOM_SOCKETS=streams
 * takes those.
 */
interface Handle { readonly fd?: number; close(): void; onconnection?: (error: number, client?: Handle) => void }

const documentedOnly = process.env['GOLOOM_SOCKETS'] === 'streams';
const handleOf = (x: net.Socket | net.Server): Handle | null | undefined => (documentedOnly ? undefined : (x as unknown as { _handle?: Handle | null })._handle);

/** Loaded when a program first wants a socket. */
const node = (): typeof net => process.getBuiltinModule('node:net');

const READ_SIZE = 65536;
/** On Windows a read that is under way owns its buffer; elsewhere all connections share one. */
const shared = process.platform === 'win32' ? undefined : new Uint8Array(READ_SIZE);

/** As Go's package net sets it up for all connections; where Go wants it otherwise it says so. */
const KEEP_ALIVE_MS = 15_000;

/** A connection, or one that is being made. */
export class Connection {
  private readonly record: SocketRecord;
  private readonly program: SocketProgram;
  private readonly socket: net.Socket;
  private overflow: Uint8Array | undefined;
  private endDestroy: (() => void) | undefined;
  private closed = false;
  private connected = false;

  /** `accepted`: a listener's connection. */
  constructor(record: SocketRecord, program: SocketProgram, accepted?: Handle | net.Socket) {
    this.record = record;
    this.program = program;
    if (accepted instanceof node().Socket) this.socket = accepted.on('data', (bytes) => { if (!this.data(bytes as Uint8Array)) this.socket.pause(); }).resume();
    else {
      const onread = { buffer: shared ?? new Uint8Array(READ_SIZE), callback: (n: number, buffer: Uint8Array) => this.data(buffer.subarray(0, n)) };
      this.socket = new (node().Socket)({ allowHalfOpen: true, onread, ...(accepted === undefined ? {} : { handle: accepted }) } as net.SocketConstructorOpts);
    }
    this.putOffDestroy();
    this.socket.on('end', () => { record.setBits(SocketWord.RSTATE, RSTATE_EOF); record.ready('r'); });
    if (accepted !== undefined) this.established();
  }

  private putOffDestroy(): void {
    const { socket } = this, destroy = socket._destroy.bind(socket);
    socket._destroy = (error, callback) => {
      this.endDestroy = () => destroy(error, callback);
      if (error !== null) this.failed(error);
      if (this.closed) this.endDestroy();
    };
    socket.on('error', () => undefined);
  }

  private established(): void {
    const { record, socket } = this;
    this.connected = true;
    record.putAddress(SocketWord.LOCAL, socket.localAddress, socket.localPort);
    record.putAddress(SocketWord.REMOTE, socket.remoteAddress, socket.remotePort);
    record.set(SocketWord.FD, handleOf(socket)?.fd ?? -1);
    if (socket.remoteAddress !== undefined) socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
    record.set(SocketWord.CONNECT, 0);
  }

  connect(): void {
    const { record, socket } = this, to = getAddress(record.mem, record.at + SocketWord.REMOTE), from = getAddress(record.mem, record.at + SocketWord.LOCAL);
    if (to === undefined) return;
    this.program.pending(1);
    let waiting = true;
    const done = (): void => {
      if (waiting) this.program.pending(-1);
      waiting = false;
    };
    socket.once('connect', () => { done(); this.established(); record.ready('w'); });
    socket.once('close', done);
    this.endConnect = done;
    try {
      if ('path' in to) socket.connect({ path: to.path });
      else socket.connect({ ...to, ...(from === undefined || 'path' in from ? {} : localOf(from)) });
    } catch (e) {
      queueMicrotask(() => this.failed(e));
    }
  }

  private endConnect: (() => void) | undefined;

  private failed(error: unknown): void {
    const { record } = this, errno = errnoOf(error);
    if (!this.connected) {
      this.endConnect?.();
      record.set(SocketWord.CONNECT, errno);
    } else {
      record.fail(SocketWord.RSTATE, errno);
      record.fail(SocketWord.WSTATE, errno);
    }
    record.ready('r');
    record.ready('w');
  }

  /** Takes what was read; false: no more for now. */
  private data(bytes: Uint8Array): boolean {
    const { record } = this, room = record.room();
    if (room >= bytes.length) {
      record.put(bytes);
      record.advance(bytes.length);
    } else {
      record.put(bytes.subarray(0, room));
      record.advance(room);
      this.overflow = Buffer.from(bytes.subarray(room));
      record.setBits(SocketWord.RSTATE, RSTATE_PAUSED);
    }
    record.ready('r');
    return this.overflow === undefined;
  }

  /** Go has emptied the ring. */
  resume(): void {
    const { record, overflow } = this;
    record.clearBits(SocketWord.RSTATE, RSTATE_PAUSED);
    this.overflow = undefined;
    if (overflow === undefined || this.data(overflow)) this.socket.resume();
  }

  /** Hands bytes to Node, which writes them when there is room. */
  write(bytes: Uint8Array): number {
    const { record, program, socket } = this;
    program.pending(1);
    record.setBits(SocketWord.WSTATE, WSTATE_BLOCKED);
    socket.write(Buffer.from(bytes), () => {
      program.pending(-1);
      if (socket.writableLength > 0) return;
      record.clearBits(SocketWord.WSTATE, WSTATE_BLOCKED);
      record.ready('w');
    });
    return bytes.length;
  }

  shutdown(): void { this.socket.end(); }

  setOption(option: 'noDelay' | 'keepAlive', value: number): void {
    if (option === 'noDelay') this.socket.setNoDelay(value !== 0);
    else this.socket.setKeepAlive(value > 0, value * 1000);
  }

  /** `reset`: what was not sent yet is dropped, and the peer told so. */
  close(reset: boolean): void {
    this.record.release();
    const { socket } = this;
    this.closed = true;
    this.endConnect?.();
    if (this.endDestroy !== undefined) this.endDestroy();
    else if (reset && this.connected) socket.resetAndDestroy();
    else if (socket.writableLength > 0) socket.end(() => socket.destroy());
    else socket.destroy();
  }
}

function localOf(from: Extract<Address, { host: string }>): { localAddress?: string; localPort?: number } {
  return { localAddress: from.host, ...(from.port === 0 ? {} : { localPort: from.port }) };
}

function errnoOf(error: unknown): number {
  try { return linuxErrno(error); } catch { return linuxErrnoOf('EIO'); }
}

/** A listening socket. */
export class Listener {
  private readonly record: SocketRecord;
  private readonly program: SocketProgram;
  private readonly server = node().createServer({ allowHalfOpen: true, pauseOnConnect: true });
  private readonly waiting: (Handle | net.Socket)[] = [];

  constructor(record: SocketRecord, program: SocketProgram) {
    this.record = record;
    this.program = program;
  }

  listen(backlog: number, id: number): void {
    const { record, program, server } = this, at = getAddress(record.mem, record.at + SocketWord.LOCAL);
    const fail = (e: unknown): void => program.complete(id, -errnoOf(e));
    if (at === undefined) { queueMicrotask(() => fail(undefined)); return; }
    server.once('error', fail);
    server.listen({ ...at, backlog, exclusive: true, ipv6Only: (record.get(SocketWord.FLAGS) & SocketFlag.V6ONLY) !== 0 }, () => {
      server.removeListener('error', fail);
      server.on('error', () => undefined);
      const bound = server.address();
      if (bound !== null && typeof bound !== 'string') record.putAddress(SocketWord.LOCAL, bound.address, bound.port);
      record.set(SocketWord.FD, handleOf(server)?.fd ?? -1);
      this.takeHandles();
      program.complete(id, 0);
    });
    server.on('connection', (socket) => this.come(socket));
  }

  /** Where it can be, connections come as handles, for which we make the streams, once they are accepted. */
  private takeHandles(): void {
    const handle = handleOf(this.server);
    if (typeof handle?.onconnection === 'function') handle.onconnection = (_, client) => { if (client !== undefined) this.come(client); };
  }

  private come(x: Handle | net.Socket): void {
    this.waiting.push(x);
    this.record.advance(1);
    this.record.ready('r');
  }

  /** The next connection that has come; undefined if there is none. */
  accept(record: SocketRecord): Connection | undefined {
    const x = this.waiting.shift();
    return x === undefined ? undefined : new Connection(record, this.program, x);
  }

  close(): void {
    this.record.release();
    for (const x of this.waiting) if (x instanceof node().Socket) x.destroy(); else x.close();
    this.closeServer();
  }

  /** Node removes the file of a Unix socket that it made. Whether it shall go is Go's affair, which has removed it by now if so. */
  private closeServer(): void {
    const { server } = this, path = server.address();
    const aside = server.listening && typeof path === 'string' && existsSync(path) ? `${path}.${process.pid}` : undefined;
    if (aside !== undefined) renameSync(path as string, aside);
    server.close();
    if (aside !== undefined) renameSync(aside, path as string);
  }
}

// UDP sockets over node:dgram. A datagram that comes goes into the socket's ring with its sender's address (src/abi/sockets.ts), or is lost if there is no
// room for it. Owner: M0.

import type * as dgram from 'node:dgram';
import { linuxErrno, linuxErrnoOf } from './errno.ts';
import { DATAGRAM_HEAD, SocketAddress, SocketFlag, SocketWord, type SocketOption } from '../../abi/sockets.ts';
import { encodeAddress, getAddress } from './sockaddr.ts';
import type { SocketProgram, SocketRecord } from './socket-record.ts';

type Lookup = NonNullable<dgram.SocketOptions['lookup']>;

function errnoOf(error: unknown): number {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (code === 'ERR_SOCKET_DGRAM_NOT_RUNNING') return linuxErrnoOf('EBADF');
  try { return linuxErrno(error); } catch { return linuxErrnoOf('EIO'); }
}

/** A UDP socket, bound and perhaps connected. */
export class Datagram {
  private readonly record: SocketRecord;
  private readonly program: SocketProgram;
  private socket: dgram.Socket | undefined;
  private bound = false;
  private connected = false;

  constructor(record: SocketRecord, program: SocketProgram) {
    this.record = record;
    this.program = program;
  }

  /** Binds it, unless it is, to its local address, and connects it with its remote one if it has one. */
  open(family: 4 | 6, id: number): void {
    const { record, program } = this, flags = record.get(SocketWord.FLAGS), remote = getAddress(record.mem, record.at + SocketWord.REMOTE);
    // Addresses are numeric: there is nothing to look up.
    const lookup: Lookup = (host, options, callback) => {
      const version = (typeof options === 'object' ? options.family : undefined) === 6 || host.includes(':') ? 6 : 4;
      callback(null, host, version);
    };
    const socket = this.socket ??= process.getBuiltinModule('node:dgram').createSocket({
      type: family === 4 ? 'udp4' : 'udp6', lookup, reuseAddr: (flags & SocketFlag.REUSEADDR) !== 0, ipv6Only: (flags & SocketFlag.V6ONLY) !== 0,
    });
    const fail = (e: unknown): void => {
      socket.removeListener('error', fail);
      program.complete(id, -errnoOf(e));
    };
    const done = (): void => {
      socket.removeListener('error', fail);
      const { address, port } = socket.address();
      record.putAddress(SocketWord.LOCAL, address, port);
      program.complete(id, 0);
    };
    const connect = (): void => {
      if (remote === undefined || 'path' in remote) { done(); return; }
      if (this.connected) socket.disconnect();
      socket.connect(remote.port, remote.host, (error?: Error) => {
        if (error !== undefined) { fail(error); return; }
        this.connected = true;
        done();
      });
    };
    socket.on('error', fail);
    if (this.bound) { connect(); return; }
    const local = getAddress(record.mem, record.at + SocketWord.LOCAL);
    socket.on('message', (bytes, from) => this.come(bytes, from));
    socket.bind(local === undefined || 'path' in local ? { port: 0, exclusive: true } : { port: local.port, address: local.host, exclusive: true }, () => {
      this.bound = true;
      if (flags & SocketFlag.BROADCAST) socket.setBroadcast(true);
      // What comes back of a datagram that nobody wanted, on a connected socket.
      socket.on('error', (e) => { record.fail(SocketWord.RSTATE, errnoOf(e)); record.ready('r'); });
      connect();
    });
  }

  private come(bytes: Uint8Array, from: dgram.RemoteInfo): void {
    const { record } = this, size = (DATAGRAM_HEAD + bytes.length + 7) & ~7;
    if (size > record.room()) return;
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    record.put(length);
    record.put(encodeAddress(from.address, from.port), 4);
    record.put(bytes, DATAGRAM_HEAD);
    record.advance(size);
    record.ready('r');
  }

  send(bytes: Uint8Array, to: number, id: number): void {
    const address = getAddress(this.record.mem, to), { socket, program } = this;
    const done = (error: Error | null): void => program.complete(id, error === null ? bytes.length : -errnoOf(error));
    try {
      if (socket === undefined || address === undefined || 'path' in address) throw Object.assign(new Error('sendto'), { code: 'EDESTADDRREQ' });
      if (this.connected) socket.send(Buffer.from(bytes), done);
      else socket.send(Buffer.from(bytes), address.port, address.host, done);
    } catch (e) {
      queueMicrotask(() => done(e as Error));
    }
  }

  /** Sets an option, or joins or leaves a multicast group; `at`: a group's address, and an interface's behind it. */
  setOption(option: (typeof SocketOption)[number], value: number, at: number): number {
    const { socket } = this, { mem } = this.record;
    const host = (p: number): string | undefined => {
      const a = getAddress(mem, p);
      return a === undefined || 'path' in a ? undefined : a.host;
    };
    const group = host(at) ?? '', device = host(at + SocketAddress.SIZE);
    try {
      switch (option) {
        case 'receiveBuffer': socket?.setRecvBufferSize(value); break;
        case 'sendBuffer': socket?.setSendBufferSize(value); break;
        case 'broadcast': socket?.setBroadcast(value !== 0); break;
        case 'ttl': socket?.setTTL(value); break;
        case 'multicastTTL': socket?.setMulticastTTL(value); break;
        case 'multicastLoopback': socket?.setMulticastLoopback(value !== 0); break;
        case 'multicastInterface': socket?.setMulticastInterface(group); break;
        case 'join': socket?.addMembership(group, device); break;
        case 'leave': socket?.dropMembership(group, device); break;
        default: return -linuxErrnoOf('ENOPROTOOPT');
      }
      return 0;
    } catch (e) {
      return -errnoOf(e);
    }
  }

  close(): void {
    this.record.release();
    this.socket?.close();
  }
}

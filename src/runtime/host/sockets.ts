// The net_… calls: sockets of a program, known by the addresses of their records in its memory. Owner: M0, but for net_send.

import * as fs from 'node:fs';
import { Connection, Listener } from './stream-sockets.ts';
import { Datagram } from './datagram-sockets.ts';
import { linuxErrno, linuxErrnoOf } from './errno.ts';
import { lookup } from './names.ts';
import type { Memory } from './memory.ts';
import { SocketOption } from '../../abi/sockets.ts';
import { SocketRecord, type SocketProgram } from './socket-record.ts';
import type { SyscallName } from '../../abi/hostcalls.ts';

/** net_send: on any thread, as the system's descriptor belongs to the process. */
export function sendCall(mem: Memory): { net_send: (fd: number, at: number, n: number) => number } {
  return {
    net_send: (fd, at, n) => {
      try { return fs.writeSync(fd, mem.bytes(at, n)); } catch (e) { return -linuxErrno(e); }
    },
  };
}

type Calls = Record<Exclude<Extract<SyscallName, `net_${string}`>, 'net_send'>, (...args: never[]) => unknown>;

export class Sockets {
  private readonly program: SocketProgram;
  private readonly connections = new Map<number, Connection>();
  private readonly listeners = new Map<number, Listener>();
  private readonly datagrams = new Map<number, Datagram>();
  private readonly answers = new Map<number, Buffer>();
  private lastAnswer = 0;

  constructor(program: SocketProgram) { this.program = program; }

  imports(mem: Memory): Calls {
    const { program } = this;
    const record = (at: number): SocketRecord => new SocketRecord(mem, program, at);
    return {
      net_listen: (at: number, backlog: number, id: number) => {
        const listener = new Listener(record(at), program);
        this.listeners.set(at, listener);
        listener.listen(backlog, id);
      },
      net_accept: (listener: number, at: number) => {
        const connection = this.listeners.get(listener)?.accept(record(at));
        if (connection === undefined) return -linuxErrnoOf('EAGAIN');
        this.connections.set(at, connection);
        return 0;
      },
      net_connect: (at: number) => {
        const connection = new Connection(record(at), program);
        this.connections.set(at, connection);
        connection.connect();
      },
      net_write: (at: number, p: number, n: number) => this.connections.get(at)?.write(mem.bytes(p, n)) ?? -linuxErrnoOf('ENOTCONN'),
      net_resume: (at: number) => this.connections.get(at)?.resume(),
      net_shutdown: (at: number) => this.connections.get(at)?.shutdown(),
      net_close: (at: number, reset: number) => this.close(at, reset !== 0),
      net_option: (at: number, option: number, value: number, address: number) => this.setOption(at, SocketOption[option], value, address),
      net_datagram: (at: number, family: number, id: number) => {
        let socket = this.datagrams.get(at);
        if (socket === undefined) this.datagrams.set(at, socket = new Datagram(record(at), program));
        socket.open(family === 4 ? 4 : 6, id);
      },
      net_sendto: (at: number, p: number, n: number, to: number, id: number) => {
        const socket = this.datagrams.get(at);
        if (socket === undefined) queueMicrotask(() => program.complete(id, -linuxErrnoOf('ENOTCONN')));
        else socket.send(mem.bytes(p, n), to, id);
      },
      net_lookup: (kind: number, p: number, n: number, id: number) => {
        void lookup(kind, mem.string(p, n)).then((text) => {
          const answer = ++this.lastAnswer;
          this.answers.set(answer, Buffer.from(text));
          program.complete(id, answer);
        });
      },
      net_answer: (answer: number, p: number, n: number) => {
        const bytes = this.answers.get(answer) ?? Buffer.alloc(0);
        if (n === 0) return bytes.length;
        this.answers.delete(answer);
        mem.bytes(p, n).set(bytes.subarray(0, n));
        return bytes.length;
      },
    };
  }

  private setOption(at: number, option: (typeof SocketOption)[number], value: number, address: number): number {
    const datagram = this.datagrams.get(at);
    if (datagram !== undefined) return datagram.setOption(option, value, address);
    if (option === 'noDelay' || option === 'keepAlive') this.connections.get(at)?.setOption(option, value);
    return 0;
  }

  private close(at: number, reset: boolean): void {
    this.connections.get(at)?.close(reset);
    this.listeners.get(at)?.close();
    this.datagrams.get(at)?.close();
    for (const map of [this.connections, this.listeners, this.datagrams]) map.delete(at);
  }

  /** The program has ended. */
  stop(): void { for (const map of [this.connections, this.listeners, this.datagrams]) for (const at of [...map.keys()]) this.close(at, false); }
}

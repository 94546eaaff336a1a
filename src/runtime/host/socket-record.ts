// A socket's record in shared memory (src/abi/sockets.ts has the protocol) as the host uses it, and what the sockets need of their program.

import { RSTATE_PAUSED, SocketWord, STATE_ERROR_SHIFT } from '../../abi/sockets.ts';
import { encodeAddress } from './sockaddr.ts';
import type { Memory } from './memory.ts';

/** The program that the sockets belong to. Its functions may be called at any time; what they set off happens outside of host calls. */
export interface SocketProgram {
  /** Makes a poll descriptor ready; goroutines run at the end of this turn of the event loop, all that became ready in it together. */
  ready(pd: number, mode: 'r' | 'w'): void;
  /** Gives the answer of an asynchronous host call. */
  complete(id: number, result: number): void;
  /** Counts work of the event loop that has to go on although no goroutine waits for it. */
  pending(n: 1 | -1): void;
}

/** The record at an address. */
export class SocketRecord {
  readonly at: number;
  readonly mem: Memory;
  private readonly program: SocketProgram;
  private released = false;

  constructor(mem: Memory, program: SocketProgram, at: number) {
    this.mem = mem;
    this.program = program;
    this.at = at >>> 0;
  }

  private index(word: number): number { return (this.at + word) >>> 2; }
  get(word: number): number { return Atomics.load(this.mem.words(), this.index(word)); }
  set(word: number, value: number): void { if (!this.released) Atomics.store(this.mem.words(), this.index(word), value); }
  setBits(word: number, bits: number): void { if (!this.released) Atomics.or(this.mem.words(), this.index(word), bits); }
  clearBits(word: number, bits: number): void { if (!this.released) Atomics.and(this.mem.words(), this.index(word), ~bits); }

  /** The socket is closed: its memory may be used for something else. Nothing is written to it any more, whatever happens on the host's side. */
  release(): void { this.released = true; }

  /** Writes an address of IP, if the host has one (the connection may have gone already). */
  putAddress(word: typeof SocketWord.LOCAL | typeof SocketWord.REMOTE, host: string | undefined, port: number | undefined): void {
    if (host === undefined || this.released) return;
    const bytes = encodeAddress(host, port ?? 0);
    this.mem.bytes(this.at + word, bytes.length).set(bytes);
  }

  /** Notes an error that the next read or write shall give. */
  fail(word: typeof SocketWord.RSTATE | typeof SocketWord.WSTATE, errno: number): void { this.setBits(word, errno << STATE_ERROR_SHIFT); }

  /** Bytes that the ring has room for. None while it is Go's. */
  room(): number {
    if (this.released || this.get(SocketWord.RSTATE) & RSTATE_PAUSED) return 0;
    return this.get(SocketWord.CAP) - ((this.get(SocketWord.TAIL) - this.get(SocketWord.HEAD)) >>> 0);
  }

  /** Copies bytes into the ring, from `offset` behind its tail on. The caller has looked for room. */
  put(bytes: Uint8Array, offset = 0): void {
    if (this.released) return;
    const ring = this.get(SocketWord.RING), cap = this.get(SocketWord.CAP);
    const from = (this.get(SocketWord.TAIL) + offset) & (cap - 1), first = Math.min(bytes.length, cap - from);
    this.mem.bytes(ring + from, first).set(first === bytes.length ? bytes : bytes.subarray(0, first));
    if (first < bytes.length) this.mem.bytes(ring, bytes.length - first).set(bytes.subarray(first));
  }

  /** Makes what was put readable. */
  advance(n: number): void { if (!this.released) Atomics.add(this.mem.words(), this.index(SocketWord.TAIL), n); }

  ready(mode: 'r' | 'w'): void {
    const pd = this.released ? 0 : this.get(SocketWord.PD);
    if (pd !== 0) this.program.ready(pd, mode);
  }
}

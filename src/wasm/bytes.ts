// Growable byte buffer with the integer encodings of the binary format (LEB128), and the reader that is its inverse.
// All encoders write through this one class, so the hot path allocates nothing but the buffer itself.

const utf8 = new TextEncoder();
const utf8Decoder = new TextDecoder();

/** Number of bytes of `n` as an unsigned LEB128. */
export function sizeU32(n: number): number {
  n >>>= 0;
  return n < 0x80 ? 1 : n < 0x4000 ? 2 : n < 0x200000 ? 3 : n < 0x10000000 ? 4 : 5;
}

export class ByteWriter {
  buf: Uint8Array;
  pos = 0;
  private view: DataView;

  constructor(capacity = 256) {
    this.buf = new Uint8Array(capacity);
    this.view = new DataView(this.buf.buffer);
  }

  /** Makes room for `n` more bytes. */
  reserve(n: number): void {
    const need = this.pos + n;
    if (need <= this.buf.length) return;
    const grown = new Uint8Array(Math.max(need, this.buf.length * 2));
    grown.set(this.buf.subarray(0, this.pos));
    this.buf = grown;
    this.view = new DataView(grown.buffer);
  }

  byte(b: number): void {
    if (this.pos === this.buf.length) this.reserve(1);
    this.buf[this.pos++] = b;
  }

  /** An opcode, with its prefix where it has one. */
  op(op: number): void {
    if (op <= 0xff) return this.byte(op);
    this.byte(op >>> 8);
    this.u32(op & 0xff);
  }

  /** Unsigned LEB128 of a number taken modulo 2^32. */
  u32(n: number): void {
    if (this.buf.length - this.pos < 5) this.reserve(5);
    n >>>= 0;
    while (n >= 0x80) {
      this.buf[this.pos++] = (n & 0x7f) | 0x80;
      n >>>= 7;
    }
    this.buf[this.pos++] = n;
  }

  /** Signed LEB128 of a number taken modulo 2^32. */
  s32(n: number): void {
    if (this.buf.length - this.pos < 5) this.reserve(5);
    n |= 0;
    for (;;) {
      const low = n & 0x7f;
      n >>= 7;
      if ((n === 0 && (low & 0x40) === 0) || (n === -1 && (low & 0x40) !== 0)) {
        this.buf[this.pos++] = low;
        return;
      }
      this.buf[this.pos++] = low | 0x80;
    }
  }

  /** Signed LEB128 of a 64-bit integer. */
  s64(value: bigint): void {
    const small = Number(value);
    if (small >= -0x80000000 && small <= 0x7fffffff) return this.s32(small);
    let n = BigInt.asIntN(64, value);
    this.reserve(10);
    for (;;) {
      const low = Number(n & 0x7fn);
      n >>= 7n;
      if ((n === 0n && (low & 0x40) === 0) || (n === -1n && (low & 0x40) !== 0)) {
        this.buf[this.pos++] = low;
        return;
      }
      this.buf[this.pos++] = low | 0x80;
    }
  }

  fixed32(n: number): void {
    this.reserve(4);
    this.view.setUint32(this.pos, n, true);
    this.pos += 4;
  }

  fixed64(n: bigint): void {
    this.reserve(8);
    this.view.setBigUint64(this.pos, BigInt.asUintN(64, n), true);
    this.pos += 8;
  }

  f32(n: number): void {
    this.reserve(4);
    this.view.setFloat32(this.pos, n, true);
    this.pos += 4;
  }

  f64(n: number): void {
    this.reserve(8);
    this.view.setFloat64(this.pos, n, true);
    this.pos += 8;
  }

  bytes(src: Uint8Array): void {
    this.reserve(src.length);
    this.buf.set(src, this.pos);
    this.pos += src.length;
  }

  /** Bytes `from..to` of `src`; short runs are copied without a call into the engine. */
  slice(src: Uint8Array, from: number, to: number): void {
    const n = to - from;
    this.reserve(n);
    if (n < 48) {
      const buf = this.buf;
      let at = this.pos;
      for (let i = from; i < to; i++) buf[at++] = src[i];
    } else {
      this.buf.set(src.subarray(from, to), this.pos);
    }
    this.pos += n;
  }

  /** A vector of bytes: its length, then its contents. */
  vec(src: Uint8Array): void {
    this.u32(src.length);
    this.bytes(src);
  }

  /** A name: UTF-8 with its length. */
  name(s: string): void {
    this.vec(utf8.encode(s));
  }

  /** Opens a region whose byte length comes first; close it with `end`. One byte is kept for the length. */
  begin(): number {
    this.byte(0);
    return this.pos;
  }

  /** Closes the region opened at `start` and puts its length in front, moving the contents if the length is long. */
  end(start: number): void {
    const len = this.pos - start;
    const size = sizeU32(len);
    if (size > 1) {
      this.reserve(size - 1);
      this.buf.copyWithin(start + size - 1, start, this.pos);
    }
    this.pos = start - 1;
    this.u32(len);
    this.pos += len;
  }

  /** The bytes written so far, as a copy of exactly their length. */
  finish(): Uint8Array {
    return this.buf.slice(0, this.pos);
  }

  /** The bytes written so far, without a copy: valid until the next write. */
  view8(): Uint8Array {
    return this.buf.subarray(0, this.pos);
  }

  reset(): void {
    this.pos = 0;
  }
}

/** A malformed module. */
export class DecodeError extends Error {
  constructor(message: string, at: number) {
    super(`${message} at 0x${at.toString(16)}`);
    this.name = 'DecodeError';
  }
}

export class ByteReader {
  readonly buf: Uint8Array;
  pos: number;
  end: number;

  constructor(buf: Uint8Array, pos = 0, end = buf.length) {
    this.buf = buf;
    this.pos = pos;
    this.end = end;
  }

  fail(message: string): never {
    throw new DecodeError(message, this.pos);
  }

  byte(): number {
    if (this.pos >= this.end) this.fail('unexpected end');
    return this.buf[this.pos++];
  }

  u32(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const b = this.byte();
      if (shift === 28 && b > 0x0f) this.fail('integer too large');
      result |= (b & 0x7f) << shift;
      if (b < 0x80) return result >>> 0;
    }
  }

  s32(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const b = this.byte();
      if (shift === 28 && b !== (b & 0x0f) && b !== (b | 0x70)) this.fail('integer too large');
      result |= (b & 0x7f) << shift;
      if (b < 0x80) return shift + 7 < 32 && (b & 0x40) !== 0 ? result | (-1 << (shift + 7)) : result | 0;
    }
  }

  s64(): bigint {
    const start = this.pos;
    let small = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const b = this.byte();
      small |= (b & 0x7f) << shift;
      if (b < 0x80) return BigInt((b & 0x40) !== 0 ? small | (-1 << (shift + 7)) : small);
    }
    this.pos = start;
    return this.longS64();
  }

  private longS64(): bigint {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const b = this.byte();
      if (shift === 63n && b !== 0 && b !== 0x7f) this.fail('integer too large');
      result |= BigInt(b & 0x7f) << shift;
      if (b < 0x80) return BigInt.asIntN(Number(shift) + 7 < 64 ? Number(shift) + 7 : 64, result);
    }
  }

  /** Block types and such: a signed integer of 33 bits. */
  s33(): number {
    return Number(this.s64());
  }

  fixed32(): number {
    this.need(4);
    const b = this.buf;
    const p = this.pos;
    this.pos += 4;
    return (b[p] | (b[p + 1] << 8) | (b[p + 2] << 16) | (b[p + 3] << 24)) >>> 0;
  }

  need(n: number): void {
    if (this.end - this.pos < n) this.fail('unexpected end');
  }

  /** A view of the next `n` bytes. */
  bytes(n: number): Uint8Array {
    this.need(n);
    this.pos += n;
    return this.buf.subarray(this.pos - n, this.pos);
  }

  name(): string {
    return utf8Decoder.decode(this.bytes(this.u32()));
  }
}

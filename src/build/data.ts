// DataWriter: bytes and relocations of one data symbol while it is put together. Growable; all numbers little-endian.

import { RelocKind, type DataSymbol, type Reloc } from '../ir/program.ts';

export class DataWriter {
  bytes: Uint8Array;
  private view: DataView;
  size: number;
  relocs: Reloc[] = [];

  constructor(size: number) {
    this.size = size;
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for n more bytes and returns their offset. */
  grow(n: number): number {
    const at = this.size;
    this.size += n;
    if (this.size > this.bytes.length) {
      const bigger = new Uint8Array(Math.max(this.size, this.bytes.length * 2));
      bigger.set(this.bytes);
      this.bytes = bigger;
      this.view = new DataView(bigger.buffer);
    }
    return at;
  }

  u8(at: number, v: number): void { this.bytes[at] = v; }
  u16(at: number, v: number): void { this.view.setUint16(at, v, true); }
  u32(at: number, v: number): void { this.view.setUint32(at, v, true); }
  /** A non-negative safe integer. */
  u64(at: number, v: number): void {
    this.view.setUint32(at, v >>> 0, true);
    this.view.setUint32(at + 4, Math.floor(v / 0x100000000), true);
  }
  big(at: number, v: bigint): void { this.view.setBigUint64(at, BigInt.asUintN(64, v), true); }
  f32(at: number, v: number): void { this.view.setFloat32(at, v, true); }
  f64(at: number, v: number): void { this.view.setFloat64(at, v, true); }

  addr(at: number, target: string, addend = 0): void { this.relocs.push({ offset: at, kind: RelocKind.addr32, target, addend }); }
  code(at: number, target: string): void { this.relocs.push({ offset: at, kind: RelocKind.code32, target, addend: 0 }); }

  /** The finished symbol. */
  symbol(name: string, options: { align?: number; ptrmask?: readonly number[]; readonly?: boolean; typelink?: string } = {}): DataSymbol {
    let end = this.size;
    while (end > 0 && this.bytes[end - 1] === 0) end--;
    return {
      name, bytes: end === 0 ? null : this.bytes.slice(0, end), size: this.size, align: options.align ?? 8, relocs: this.relocs,
      ptrmask: options.ptrmask ?? noMask, readonly: options.readonly ?? true, typelink: options.typelink ?? '',
    };
  }
}

const noMask: readonly number[] = [];

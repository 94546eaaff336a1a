// Sizes, alignments and field offsets, as gc lays out memory for wasm: words of 8 bytes. Constants such as unsafe.Sizeof
// depend on them. Layout that programs see; the machine-level layout tables are in src/abi.
import type { Struct, Type, Var } from './model.ts';
import { BasicInfo, BasicKind, TypeKind, under, unalias } from './model.ts';

/** The layout rules of a target. A size or offset is negative if it is too large to be represented. */
export interface Sizes {
  alignof(t: Type): number;
  sizeof(t: Type): number;
  offsetsof(fields: readonly Var[]): number[];
  /** Returns the offset of the field that the path leads to, through embedded structs. */
  offsetof(t: Type, index: readonly number[]): number;
}

const maxInt64 = 2 ** 63;

/** gc's layout with a given word size. */
export class GcSizes implements Sizes {
  readonly wordSize: number;
  readonly maxAlign: number;
  private readonly cache = new WeakMap<Struct, number>();

  constructor(wordSize: number, maxAlign: number) {
    this.wordSize = wordSize;
    this.maxAlign = maxAlign;
  }

  alignof(t: Type): number {
    const u = under(t);
    switch (u.kind) {
      case TypeKind.Array:
        return this.alignof(u.elem);
      case TypeKind.Struct: {
        if (u.fields.length === 0 && isAlign64(t)) return 8;
        let max = 1;
        for (const f of u.fields) max = Math.max(max, this.alignof(f.type));
        return max;
      }
      case TypeKind.Slice:
      case TypeKind.Interface:
        return this.wordSize;
      case TypeKind.Basic: {
        if ((u.info & BasicInfo.IsString) !== 0) return this.wordSize;
        const n = this.sizeof(u);
        const a = (u.info & BasicInfo.IsComplex) !== 0 ? n / 2 : n;
        return Math.max(1, Math.min(a, this.maxAlign));
      }
      default:
        return Math.min(this.wordSize, this.maxAlign);
    }
  }

  offsetsof(fields: readonly Var[]): number[] {
    const offsets: number[] = [];
    let off = 0;
    for (const f of fields) {
      if (off < 0) {
        offsets.push(-1);
        continue;
      }
      off = align(off, this.alignof(f.type));
      offsets.push(off);
      const size = this.sizeof(f.type);
      off = size < 0 || off + size >= maxInt64 ? -1 : off + size;
    }
    return offsets;
  }

  offsetof(t: Type, index: readonly number[]): number {
    let off = 0;
    for (const i of index) {
      const s = under(t) as Struct;
      const o = this.offsetsof(s.fields)[i];
      if (o < 0) return -1;
      off += o;
      t = s.fields[i].type;
    }
    return off >= maxInt64 ? -1 : off;
  }

  sizeof(t: Type): number {
    const u = under(t);
    switch (u.kind) {
      case TypeKind.Basic:
        return u.basic === BasicKind.String ? 2 * this.wordSize : (basicSizes[u.basic] ?? this.wordSize);
      case TypeKind.Array: {
        if (u.len <= 0) return 0;
        const e = this.sizeof(u.elem);
        if (e < 0) return -1;
        return e * u.len >= maxInt64 ? -1 : e * u.len;
      }
      case TypeKind.Slice:
        return 3 * this.wordSize;
      case TypeKind.Struct: {
        let n = this.cache.get(u);
        if (n === undefined) this.cache.set(u, (n = this.structSize(u)));
        return n;
      }
      case TypeKind.Interface:
        return 2 * this.wordSize;
      default:
        return this.wordSize;
    }
  }

  private structSize(t: Struct): number {
    const n = t.fields.length;
    if (n === 0) return 0;
    const off = this.offsetsof(t.fields)[n - 1];
    let size = this.sizeof(t.fields[n - 1].type);
    if (off < 0 || size < 0) return -1;
    // A pointer to a final field of size zero must not point past the struct.
    if (off > 0 && size === 0) size = 1;
    const end = align(off + size, this.alignof(t));
    return end >= maxInt64 ? -1 : end;
  }
}

const basicSizes: Readonly<Record<number, number>> = {
  [BasicKind.Bool]: 1,
  [BasicKind.Int8]: 1,
  [BasicKind.Int16]: 2,
  [BasicKind.Int32]: 4,
  [BasicKind.Int64]: 8,
  [BasicKind.Uint8]: 1,
  [BasicKind.Uint16]: 2,
  [BasicKind.Uint32]: 4,
  [BasicKind.Uint64]: 8,
  [BasicKind.Float32]: 4,
  [BasicKind.Float64]: 8,
  [BasicKind.Complex64]: 8,
  [BasicKind.Complex128]: 16,
};

function align(x: number, a: number): number {
  return Math.ceil(x / a) * a;
}

/** sync/atomic and internal/runtime/atomic have an empty struct type that aligns its container to 8 bytes. */
function isAlign64(t: Type): boolean {
  const n = unalias(t);
  if (n.kind !== TypeKind.Named || n.obj.name !== 'align64' || n.obj.pkg === null) return false;
  return n.obj.pkg.path === 'sync/atomic' || n.obj.pkg.path === 'internal/runtime/atomic';
}

/** The sizes of GOARCH=wasm. */
export const wasmSizes: Sizes = new GcSizes(8, 8);

// byteloads: bytes that are loaded one by one and put together with shifts, as encoding/binary does, are loaded as one word;
// in the other byte order the word's bytes are then swapped.
//
//     or (load8 p {0}) (shl (load8 p {1}) 8) …   ->   load p {0}
//
// All bytes are loaded in the block of the last `or`, with no write to memory from the first load to it: the word is loaded
// there, and covers just those bytes.
// Requires nothing; run after bounds, which takes away checks in between (they would not mind). Keeps the control-flow graph.

import type { Block, Func, Value } from '../ir/func.ts';
import { Flag, Op, ops } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { countUses, insertValue } from './edit.ts';
import { become } from './simplify.ts';

/** Joins loads of bytes; true if there were any. */
export function byteloads(f: Func): boolean {
  let changed = false;
  for (const b of f.blocks) for (let i = b.values.length - 1; i >= 0; i--) {
    const v = b.values[i]!;
    if ((v.op === Op.or_i32 || v.op === Op.or_i64) && v.uses > 0) changed = join(f, b, v, i) || changed;
  }
  if (changed) countUses(f);
  return changed;
}

/** A byte of memory and where its bits go. */
interface Byte { readonly load: Value; readonly base: Value; readonly offset: number; readonly shift: number }

function join(f: Func, b: Block, root: Value, at: number): boolean {
  const bytes: Byte[] = [];
  if (!collect(root, root, 0, bytes) || (bytes.length !== 2 && bytes.length !== 4 && bytes.length !== 8)) return false;
  bytes.sort((x, y) => x.shift - y.shift);
  const first = bytes[0]!;
  const step = bytes[1]!.offset - first.offset;
  if (step !== 1 && step !== -1) return false;
  if (!bytes.every((x, k) => x.base === first.base && x.shift === 8 * k && x.offset === first.offset + step * k)) return false;
  if (isWritten(b, Math.min(...bytes.map((x) => b.values.indexOf(x.load))), at)) return false;
  emit(f, b, root, at, first.base, Math.min(first.offset, bytes[bytes.length - 1]!.offset), bytes.length, step < 0);
  return true;
}

/** Finds the bytes that the tree v puts together; false if there is anything else in it. */
function collect(root: Value, v: Value, shift: number, bytes: Byte[]): boolean {
  if (bytes.length > 8 || (v !== root && (v.uses !== 1 || v.block !== root.block))) return false;
  const [x, n] = v.args as [Value, Value];
  switch (v.op) {
    case Op.or_i32: case Op.or_i64: return collect(root, x, shift, bytes) && collect(root, n, shift, bytes);
    case Op.extend_u: return collect(root, x, shift, bytes);
    case Op.shl_i32: return n.op === Op.const_i32 && collect(root, x, shift + (n.aux as number), bytes) && shift + (n.aux as number) < 32;
    case Op.shl_i64: return n.op === Op.const_i64 && (n.aux as bigint) < 64n && collect(root, x, shift + Number(n.aux as bigint), bytes);
    // A 16-bit value put together is cut to its size.
    case Op.and_i32: return n.op === Op.const_i32 && n.aux === 0xffff && x.op === Op.shl_i32 && x.args[1]!.op === Op.const_i32 && x.args[1]!.aux === 8 && x.args[0]!.op === Op.load8u && collect(root, x, shift, bytes);
    case Op.load8u: {
      let offset = v.aux as number;
      let base = x;
      for (; base.op === Op.ptr_off; base = base.args[0]!) offset += base.aux as number;
      bytes.push({ load: v, base, offset, shift });
      return true;
    }
    default: return false;
  }
}

/** Does something between two places of the block write memory? */
function isWritten(b: Block, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const v = b.values[i]!;
    if (v.op !== Op.newobject && (ops[v.op]!.flags & (Flag.writes | Flag.calls)) !== 0) return true;
  }
  return false;
}

function emit(f: Func, b: Block, root: Value, at: number, base: Value, offset: number, size: number, swap: boolean): void {
  let i = at;
  const add = (op: number, type: Type, args: Value[], aux: Value['aux'] = null): Value => insertValue(f, b, i++, op, type, args, aux, root.pos);
  const i32 = (n: number): Value => add(Op.const_i32, Type.i32, [], n);
  const i64 = (n: bigint): Value => add(Op.const_i64, Type.i64, [], n);
  // Only offsets from 0 may be part of the access.
  const address = offset < 0 ? add(Op.ptr_off, Type.ptr, [base], offset) : base;
  const within = Math.max(offset, 0);
  let v = size === 8 ? add(Op.load_i64, Type.i64, [address], within) : add(size === 4 ? Op.load_i32 : Op.load16u, Type.i32, [address], within);
  if (swap && size === 2) v = add(Op.or_i32, Type.i32, [add(Op.and_i32, Type.i32, [add(Op.shl_i32, Type.i32, [v, i32(8)]), i32(0xff00)]), add(Op.shru_i32, Type.i32, [v, i32(8)])]);
  if (swap && size === 4) {
    const turned = (mask: number, n: number): Value => add(Op.rotl_i32, Type.i32, [add(Op.and_i32, Type.i32, [v, i32(mask)]), i32(n)]);
    v = add(Op.or_i32, Type.i32, [turned(0x00ff00ff, 24), turned(0xff00ff00 | 0, 8)]);
  }
  if (swap && size === 8) {
    const swapped = (x: Value, mask: Value, n: Value): Value => {
      const up = add(Op.shl_i64, Type.i64, [add(Op.and_i64, Type.i64, [x, mask]), n]);
      return add(Op.or_i64, Type.i64, [up, add(Op.and_i64, Type.i64, [add(Op.shru_i64, Type.i64, [x, n]), mask])]);
    };
    v = add(Op.rotl_i64, Type.i64, [swapped(swapped(v, i64(0x00ff00ff00ff00ffn), i64(8n)), i64(0x0000ffff0000ffffn), i64(16n)), i64(32n)]);
  }
  if (root.type === Type.i64 && size < 8) v = add(Op.extend_u, Type.i64, [v]);
  become(root, Op.copy, [v], null);
}

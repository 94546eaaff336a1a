// widen: loads of a part of a word of a stack object become a load of the word and a shift, if the word is stored as a whole: a hash function that
// reads a 64-bit key by halves is no reason to keep the key in memory. A part of promote, which does not know words and their parts.

import type { Func, SlotAux, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { insertValue } from './edit.ts';

/** Unsigned loads of less than a word, by their size in bytes. */
const narrow = new Map<number, number>([[Op.load8u, 1], [Op.load16u, 2], [Op.load_i32, 4]]);
const narrowStores: ReadonlySet<number> = new Set([Op.store8, Op.store16, Op.store_i32, Op.store_f32, Op.load_f32, Op.load8s, Op.load16s]);

/** What is known of a word of a slot. */
interface Word { stored: boolean; mixed: boolean; readonly loads: Value[] }

/** Widens the loads of f that can be; true if there was any. */
export function widenLoads(f: Func): boolean {
  const offsets = slotOffsets(f);
  if (offsets.size === 0) return false;
  const words = new Map<Value, Map<number, Word>>();
  for (const b of f.blocks) for (const v of b.values) {
    const at = v.args.length === 0 ? undefined : offsets.get(v.args[0]!);
    if (at === undefined || typeof v.aux !== 'number' || v.op === Op.ptr_off) continue;
    const offset = at.offset + v.aux;
    const word = wordOf(words, at.slot, offset & ~7);
    if (v.op === Op.store_i64) { if ((offset & 7) === 0) word.stored = true; else word.mixed = true; }
    else if (narrow.has(v.op)) { if ((offset & 7) + narrow.get(v.op)! <= 8) word.loads.push(v); else word.mixed = true; }
    else if (narrowStores.has(v.op)) word.mixed = true;
  }
  let any = false;
  for (const [slot, list] of words) for (const [offset, w] of list) {
    if (!w.stored || w.mixed) continue;
    for (const v of w.loads) { widen(f, v, slot, offset, (offsets.get(v.args[0]!)!.offset + (v.aux as number)) & 7); any = true; }
  }
  return any;
}

function wordOf(words: Map<Value, Map<number, Word>>, slot: Value, offset: number): Word {
  let list = words.get(slot);
  if (list === undefined) words.set(slot, (list = new Map()));
  let w = list.get(offset);
  if (w === undefined) list.set(offset, (w = { stored: false, mixed: false, loads: [] }));
  return w;
}

/** Slots and constant offsets from them: where they point. */
function slotOffsets(f: Func): Map<Value, { slot: Value; offset: number }> {
  const at = new Map<Value, { slot: Value; offset: number }>();
  for (const v of f.entry.values) if (v.op === Op.slot && (v.aux as SlotAux).size <= 64) at.set(v, { slot: v, offset: 0 });
  if (at.size === 0) return at;
  for (let changed = true; changed;) {
    changed = false;
    for (const b of f.blocks) for (const v of b.values) {
      if (v.op !== Op.ptr_off || at.has(v)) continue;
      const base = at.get(v.args[0]!);
      if (base !== undefined) { at.set(v, { slot: base.slot, offset: base.offset + (v.aux as number) }); changed = true; }
    }
  }
  return at;
}

/** Turns v, a load of some bytes, `byte` bytes into the word, into a part of that. Little-endian. */
function widen(f: Func, v: Value, slot: Value, offset: number, byte: number): void {
  const b = v.block, bytes = narrow.get(v.op)!;
  let i = b.values.indexOf(v);
  const put = (op: number, type: Type, args: Value[], aux: number | bigint | null): Value => insertValue(f, b, i++, op, type, args, aux, v.pos);
  let w = put(Op.load_i64, Type.i64, [slot], offset);
  if (byte > 0) w = put(Op.shru_i64, Type.i64, [w, put(Op.const_i64, Type.i64, [], BigInt(8 * byte))], null);
  if (bytes < 4) w = put(Op.and_i64, Type.i64, [w, put(Op.const_i64, Type.i64, [], (1n << BigInt(8 * bytes)) - 1n)], null);
  v.args[0]!.uses--;
  v.op = Op.wrap_i64;
  v.args = [w];
  v.aux = null;
  w.uses++;
}

// simplify: constant folding, algebraic identities, address arithmetic, phis of one value. Runs to a fixed point.
// Requires nothing; keeps the control-flow graph (see cfg.ts for branches).
//
// One identity is left alone on purpose: `uintptr ^ 0` of a pointer, with which Go code hides a pointer from escape
// analysis (noescape); it goes in the late run, when no analysis is to come (see list.ts).

import type { Func, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Replacements, isRemovable } from './edit.ts';
import { foldConstant, isConst } from './constfold.ts';

/** Simplifies f; late: nobody asks any more what escapes. */
export function simplify(f: Func, late: boolean): boolean {
  let changed = false;
  for (let round = 0; round < 6; round++) {
    const rep = new Replacements();
    const rewritten = scan(f, rep, late);
    rep.apply(f);
    if (!rewritten && !rep.any) break;
    changed = true;
  }
  return changed;
}

function scan(f: Func, rep: Replacements, late: boolean): boolean {
  let rewritten = false;
  for (const b of f.blocks) for (let i = 0; i < b.values.length; i++) {
    const v = b.values[i]!;
    if (v.uses === 0 && isRemovable(v)) continue;
    for (let k = 0; k < v.args.length; k++) {
      const w = rep.get(v.args[k]!);
      if (w !== v.args[k]) { v.args[k]!.uses--; w.uses++; v.args[k] = w; }
    }
    const constant = foldConstant(v);
    if (constant !== null) { become(v, constant.op, [], constant.aux); rewritten = true; continue; }
    const r = rule(f, v, late, i);
    if (r === true) { rewritten = true; i = b.values.indexOf(v); }
    else if (r !== null && r !== v) rep.set(v, r);
  }
  return rewritten;
}

/** Turns v into another operation in place. */
export function become(v: Value, op: number, args: Value[], aux: Value['aux']): void {
  for (const a of args) a.uses++;
  for (const a of v.args) a.uses--;
  v.op = op;
  v.args = args;
  v.aux = aux;
}

/** null: nothing; true: v was rewritten in place; a value: stands for v. */
type Result = Value | true | null;

type Rule = (v: Value, f: Func, at: number) => Result;

const rules = new Map<number, Rule>();
const lateRules = new Map<number, Rule>();

function rule(f: Func, v: Value, late: boolean, at: number): Result {
  if (late) { const r = lateRules.get(v.op)?.(v, f, at) ?? null; if (r !== null) return r; }
  return rules.get(v.op)?.(v, f, at) ?? null;
}

function on(list: readonly number[], r: Rule): void {
  for (const op of list) {
    const before = rules.get(op);
    rules.set(op, before === undefined ? r : (v, f, at) => before(v, f, at) ?? r(v, f, at));
  }
}

const num = (v: Value): number => v.aux as number;
const big = (v: Value): bigint => v.aux as bigint;
const isZero = (v: Value): boolean => isConst(v) && (v.op === Op.const_i64 ? v.aux === 0n : v.op === Op.const_i32 && v.aux === 0);
const isOne = (v: Value): boolean => (v.op === Op.const_i64 && v.aux === 1n) || (v.op === Op.const_i32 && v.aux === 1);
const isMinusOne = (v: Value): boolean => (v.op === Op.const_i64 && v.aux === -1n) || (v.op === Op.const_i32 && v.aux === -1);

function newConst(f: Func, v: Value, at: number, op: number, type: Type, aux: number | bigint): Value {
  const c = f.newValueNoAdd(v.block, op, type, v.pos);
  c.aux = aux;
  v.block.values.splice(at, 0, c);
  return c;
}

on([Op.copy], (v) => v.args[0]!);

on([Op.phi], (v) => {
  let same: Value | null = null;
  for (const a of v.args) {
    if (a === v || a === same) continue;
    if (same !== null) return samePhiConstant(v);
    same = a;
  }
  return same;
});

/** A phi whose arguments are the same constant, made in several blocks, becomes that constant. */
function samePhiConstant(v: Value): Result {
  const first = v.args[0]!;
  if (!isConst(first) || v.block.values[0] !== v || v.block.values[1]?.op === Op.phi) return null;
  for (const a of v.args) if (a.op !== first.op || !Object.is(a.aux, first.aux)) return null;
  become(v, first.op, [], first.aux);
  return true;
}

// x + 0, x | 0, x ^ 0, x << 0 …
on([Op.add_i32, Op.add_i64, Op.or_i32, Op.or_i64], (v) => isZero(v.args[1]!) ? v.args[0]! : isZero(v.args[0]!) ? v.args[1]! : null);
on([Op.xor_i32], (v) => isZero(v.args[1]!) ? v.args[0]! : isZero(v.args[0]!) ? v.args[1]! : null);
on([Op.xor_i64], (v) => isZero(v.args[1]!) && v.args[0]!.op !== Op.ptr_i64 ? v.args[0]! : null);
lateRules.set(Op.xor_i64, (v) => isZero(v.args[1]!) ? v.args[0]! : null);
on([Op.sub_i32, Op.sub_i64, Op.shl_i32, Op.shl_i64, Op.shrs_i32, Op.shrs_i64, Op.shru_i32, Op.shru_i64, Op.rotl_i32, Op.rotl_i64], (v) => isZero(v.args[1]!) ? v.args[0]! : null);
on([Op.mul_i32, Op.mul_i64], (v) => isOne(v.args[1]!) ? v.args[0]! : isOne(v.args[0]!) ? v.args[1]! : isZero(v.args[1]!) ? v.args[1]! : isZero(v.args[0]!) ? v.args[0]! : null);
on([Op.divs_i32, Op.divs_i64, Op.divu_i32, Op.divu_i64], (v) => isOne(v.args[1]!) ? v.args[0]! : null);
on([Op.and_i32, Op.and_i64], (v) => isZero(v.args[1]!) ? v.args[1]! : isZero(v.args[0]!) ? v.args[0]! : isMinusOne(v.args[1]!) ? v.args[0]! : isMinusOne(v.args[0]!) ? v.args[1]! : v.args[0] === v.args[1] ? v.args[0]! : null);
on([Op.or_i32, Op.or_i64], (v) => v.args[0] === v.args[1] ? v.args[0]! : null);

// x compared with x, x - x, x ^ x.
on([Op.eq_i32, Op.les_i32, Op.leu_i32, Op.ges_i32, Op.geu_i32, Op.eq_i64, Op.les_i64, Op.leu_i64, Op.ges_i64, Op.geu_i64, Op.eq_ptr], (v) => ofItself(v, Op.const_i32, 1));
on([Op.ne_i32, Op.lts_i32, Op.ltu_i32, Op.gts_i32, Op.gtu_i32, Op.ne_i64, Op.lts_i64, Op.ltu_i64, Op.gts_i64, Op.gtu_i64, Op.ne_ptr, Op.sub_i32, Op.xor_i32], (v) => ofItself(v, Op.const_i32, 0));
on([Op.sub_i64, Op.xor_i64], (v) => ofItself(v, Op.const_i64, 0n));

function ofItself(v: Value, op: number, aux: number | bigint): Result {
  if (v.args[0] !== v.args[1]) return null;
  become(v, op, [], aux);
  return true;
}

// Constants to the right.
on([Op.add_i32, Op.add_i64, Op.mul_i32, Op.mul_i64, Op.and_i32, Op.and_i64, Op.or_i32, Op.or_i64, Op.xor_i32, Op.xor_i64, Op.eq_i32, Op.ne_i32, Op.eq_i64, Op.ne_i64, Op.eq_ptr, Op.ne_ptr], (v) => {
  const [a, b] = v.args as [Value, Value];
  if (!isConst(a) || isConst(b)) return null;
  v.args = [b, a];
  return true;
});

// (x + c) + d, x - c
on([Op.add_i64], (v, f, at) => {
  const [a, b] = v.args as [Value, Value];
  if (b.op !== Op.const_i64 || a.op !== Op.add_i64 || a.args[1]!.op !== Op.const_i64) return null;
  const c = newConst(f, v, at, Op.const_i64, Type.i64, BigInt.asIntN(64, big(b) + big(a.args[1]!)));
  become(v, Op.add_i64, [a.args[0]!, c], null);
  return true;
});
on([Op.add_i32], (v, f, at) => {
  const [a, b] = v.args as [Value, Value];
  if (b.op !== Op.const_i32 || a.op !== Op.add_i32 || a.args[1]!.op !== Op.const_i32) return null;
  const c = newConst(f, v, at, Op.const_i32, Type.i32, (num(b) + num(a.args[1]!)) | 0);
  become(v, Op.add_i32, [a.args[0]!, c], null);
  return true;
});
on([Op.sub_i64], (v, f, at) => {
  const b = v.args[1]!;
  if (b.op !== Op.const_i64) return null;
  const c = newConst(f, v, at, Op.const_i64, Type.i64, BigInt.asIntN(64, -big(b)));
  become(v, Op.add_i64, [v.args[0]!, c], null);
  return true;
});
on([Op.sub_i32], (v, f, at) => {
  const b = v.args[1]!;
  if (b.op !== Op.const_i32) return null;
  const c = newConst(f, v, at, Op.const_i32, Type.i32, -num(b) | 0);
  become(v, Op.add_i32, [v.args[0]!, c], null);
  return true;
});

// Multiplication and unsigned division by a power of two.
on([Op.mul_i32, Op.divu_i32, Op.remu_i32], (v, f, at) => {
  const b = v.args[1]!;
  if (b.op !== Op.const_i32 || num(b) <= 1 || (num(b) & (num(b) - 1)) !== 0) return null;
  const rem = v.op === Op.remu_i32;
  const c = newConst(f, v, at, Op.const_i32, Type.i32, rem ? num(b) - 1 : 31 - Math.clz32(num(b)));
  become(v, rem ? Op.and_i32 : v.op === Op.mul_i32 ? Op.shl_i32 : Op.shru_i32, [v.args[0]!, c], null);
  return true;
});
on([Op.mul_i64, Op.divu_i64, Op.remu_i64], (v, f, at) => {
  const b = v.args[1]!;
  if (b.op !== Op.const_i64 || big(b) <= 1n || (big(b) & (big(b) - 1n)) !== 0n) return null;
  const rem = v.op === Op.remu_i64;
  const c = newConst(f, v, at, Op.const_i64, Type.i64, rem ? big(b) - 1n : BigInt(big(b).toString(2).length - 1));
  become(v, rem ? Op.and_i64 : v.op === Op.mul_i64 ? Op.shl_i64 : Op.shru_i64, [v.args[0]!, c], null);
  return true;
});

// Widening and narrowing.
on([Op.wrap_i64], (v, f, at) => {
  const a = v.args[0]!;
  if (a.op === Op.extend_s || a.op === Op.extend_u) return a.args[0]!;
  if (a.op === Op.ptr_i64) { become(v, Op.ptr_i32, [a.args[0]!], null); return true; }
  if (a.op === Op.and_i64 && a.args[1]!.op === Op.const_i64 && (big(a.args[1]!) & 0xffffffffn) === 0xffffffffn) { become(v, Op.wrap_i64, [a.args[0]!], null); return true; }
  const narrow = narrowOps.get(a.op);
  if (narrow === undefined || a.uses !== 1 || a.args[1]!.op !== Op.const_i64) return null;
  if (a.op === Op.shl_i64 && (big(a.args[1]!) & 63n) >= 32n) return null;
  const x = f.newValueNoAdd(v.block, Op.wrap_i64, Type.i32, v.pos);
  x.args = [a.args[0]!];
  a.args[0]!.uses++;
  v.block.values.splice(at, 0, x);
  const c = newConst(f, v, at, Op.const_i32, Type.i32, Number(BigInt.asIntN(32, big(a.args[1]!))));
  become(v, narrow, [x, c], null);
  return true;
});
const narrowOps = new Map<number, number>([[Op.add_i64, Op.add_i32], [Op.mul_i64, Op.mul_i32], [Op.shl_i64, Op.shl_i32]]);
on([Op.ext8s_i32], (v) => v.args[0]!.op === Op.load8s || v.args[0]!.op === Op.ext8s_i32 ? v.args[0]! : null);
on([Op.ext16s_i32], (v) => v.args[0]!.op === Op.load16s || v.args[0]!.op === Op.load8s || v.args[0]!.op === Op.load8u || v.args[0]!.op === Op.ext16s_i32 ? v.args[0]! : null);
on([Op.and_i32], (v) => {
  const [a, b] = v.args as [Value, Value];
  if (b.op !== Op.const_i32) return null;
  if (num(b) === 255 && (a.op === Op.load8u || a.op === Op.aload8)) return a;
  if (num(b) === 65535 && (a.op === Op.load8u || a.op === Op.load16u)) return a;
  if (num(b) === 1 && isBoolean(a)) return a;
  return a.op === Op.and_i32 && a.args[1]!.op === Op.const_i32 && (num(a.args[1]!) & num(b)) === num(a.args[1]!) ? a : null;
});

/** Does v give 0 or 1 only? */
export function isBoolean(v: Value): boolean {
  return comparisons.has(v.op) || (v.op === Op.const_i32 && (v.aux === 0 || v.aux === 1));
}

/** Comparison and its negation. */
const negations = new Map<number, number>();
for (const [a, b] of [
  [Op.eq_i32, Op.ne_i32], [Op.lts_i32, Op.ges_i32], [Op.les_i32, Op.gts_i32], [Op.ltu_i32, Op.geu_i32], [Op.leu_i32, Op.gtu_i32],
  [Op.eq_i64, Op.ne_i64], [Op.lts_i64, Op.ges_i64], [Op.les_i64, Op.gts_i64], [Op.ltu_i64, Op.geu_i64], [Op.leu_i64, Op.gtu_i64],
  [Op.eq_ptr, Op.ne_ptr], [Op.isnil, Op.notnil], [Op.eq_f64, Op.ne_f64], [Op.eq_f32, Op.ne_f32],
] as const) { negations.set(a, b); negations.set(b, a); }
const comparisons = new Set<number>([...negations.keys(), Op.eqz_i32, Op.eqz_i64, Op.lt_f64, Op.le_f64, Op.gt_f64, Op.ge_f64, Op.lt_f32, Op.le_f32, Op.gt_f32, Op.ge_f32, Op.ltu_ptr, Op.memequal]);

// Negated comparisons; tests of comparisons.
on([Op.eqz_i32], (v) => {
  const a = v.args[0]!;
  const n = negations.get(a.op);
  if (n === undefined) return null;
  become(v, n, [...a.args], null);
  return true;
});
on([Op.ne_i32, Op.eq_i32, Op.xor_i32], (v) => {
  const [a, b] = v.args as [Value, Value];
  if (b.op !== Op.const_i32) return null;
  const zero = b.aux === 0;
  if (v.op === Op.eq_i32 && zero) { become(v, Op.eqz_i32, [a], null); return true; }
  if (!isBoolean(a) || (!zero && b.aux !== 1)) return null;
  if ((v.op === Op.ne_i32) === zero && v.op !== Op.xor_i32) return a;
  if (v.op === Op.xor_i32 && zero) return a;
  if (v.op === Op.ne_i32 || v.op === Op.xor_i32) { become(v, Op.eqz_i32, [a], null); return true; }
  return a;
});
on([Op.eq_i64], (v) => {
  if (!isZero(v.args[1]!)) return null;
  become(v, Op.eqz_i64, [v.args[0]!], null);
  return true;
});
on([Op.eq_ptr, Op.ne_ptr], (v) => {
  const [a, b] = v.args as [Value, Value];
  if (b.op !== Op.const_ptr || b.aux !== 0) return null;
  become(v, v.op === Op.eq_ptr ? Op.isnil : Op.notnil, [a], null);
  return true;
});
on([Op.isnil, Op.notnil], (v) => {
  if (!isNeverNil(v.args[0]!)) return null;
  become(v, Op.const_i32, [], v.op === Op.notnil ? 1 : 0);
  return true;
});

/** Is the pointer v surely not nil (static data, fresh objects, stack objects, captured variables)? */
export function isNeverNil(v: Value): boolean {
  let p = v;
  while (p.op === Op.ptr_off && num(p) >= 0) p = p.args[0]!;
  return p.op === Op.addr || p.op === Op.slot || p.op === Op.newobject || p.op === Op.load_ref || p.op === Op.g || (p.op === Op.const_ptr && p.aux !== 0);
}

// Pointer arithmetic.
on([Op.ptr_add], (v) => {
  const b = v.args[1]!;
  if (b.op !== Op.const_i32) return null;
  become(v, Op.ptr_off, [v.args[0]!], num(b));
  return true;
});
on([Op.ptr_off], (v) => {
  const a = v.args[0]!;
  if (v.aux === 0) return a;
  if (a.op === Op.ptr_off) { become(v, Op.ptr_off, [a.args[0]!], (num(a) + num(v)) | 0); return true; }
  return null;
});
on([Op.ptr_from_i64], (v, f, at) => {
  const a = v.args[0]!;
  if (a.op === Op.ptr_i64) return a.args[0]!;
  if (a.op !== Op.add_i64) return null;
  const [x, y] = a.args as [Value, Value];
  const [p, n] = x.op === Op.ptr_i64 ? [x, y] : y.op === Op.ptr_i64 ? [y, x] : [null, null];
  if (p === null || n === null || n.op === Op.ptr_i64) return null;
  const w = f.newValueNoAdd(v.block, Op.wrap_i64, Type.i32, v.pos);
  w.args = [n];
  n.uses++;
  v.block.values.splice(at, 0, w);
  become(v, Op.ptr_add, [p.args[0]!, w], null);
  return true;
});
on([Op.ptr_from_i32], (v) => v.args[0]!.op === Op.ptr_i32 ? v.args[0]!.args[0]! : null);
on([Op.ptr_i32], (v) => v.args[0]!.op === Op.ptr_from_i32 ? v.args[0]!.args[0]! : null);
on([Op.ptr_i64], (v) => {
  const a = v.args[0]!;
  if (a.op !== Op.ptr_from_i32) return null;
  become(v, Op.extend_u, [a.args[0]!], null);
  return true;
});

// An address's constant offset goes into the access.
const accesses: number[] = [
  Op.load8s, Op.load8u, Op.load16s, Op.load16u, Op.load_i32, Op.load_i64, Op.load_f32, Op.load_f64, Op.load_ptr, Op.load_ref,
  Op.store8, Op.store16, Op.store_i32, Op.store_i64, Op.store_f32, Op.store_f64, Op.store_ptr,
];
on(accesses, (v) => {
  const a = v.args[0]!;
  if (a.op !== Op.ptr_off) return null;
  const off = num(a) + num(v);
  if (num(a) < 0 || off < 0 || off > 0x7fffffff) return null;
  a.uses--;
  a.args[0]!.uses++;
  v.args[0] = a.args[0]!;
  v.aux = off;
  return true;
});

// A narrow store needs no extension of what it stores.
on([Op.store8, Op.store16], (v) => {
  const a = v.args[1]!;
  const mask = v.op === Op.store8 ? 255 : 65535;
  const extension = (a.op === Op.and_i32 && a.args[1]!.op === Op.const_i32 && num(a.args[1]!) === mask) || a.op === Op.ext16s_i32 && v.op === Op.store16 || a.op === Op.ext8s_i32 && v.op === Op.store8;
  if (!extension) return null;
  a.uses--;
  a.args[0]!.uses++;
  v.args[1] = a.args[0]!;
  return true;
});

on([Op.select], (v) => {
  const [c, a, b] = v.args as [Value, Value, Value];
  if (a === b) return a;
  if (c.op === Op.const_i32) return c.aux !== 0 ? a : b;
  if (a.op === Op.const_i32 && b.op === Op.const_i32 && a.aux === 1 && b.aux === 0 && isBoolean(c)) return c;
  return null;
});

on([Op.extract], (v) => {
  const t = v.args[0]!;
  return t.type !== Type.tuple ? t : null;
});

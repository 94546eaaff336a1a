// Arithmetic on numbers: operators keep small integers normalised, division checks its divisor, shifts follow Go's rules
// for large counts. Spec: "Arithmetic operators", "Integer overflow".

import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Token } from '../syntax/token.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { isComplex, isUnsigned } from './constant.ts';
import { GoKind, type GoType } from './gotype.ts';

/** Brings an i32 that holds a small integer back into its type's range. */
export function normalise(f: FuncBuilder, v: Value, t: GoType): Value {
  switch (t.kind) {
    case GoKind.Int8: return f.emit(Op.ext8s_i32, [v]);
    case GoKind.Int16: return f.emit(Op.ext16s_i32, [v]);
    case GoKind.Uint8: return f.emit(Op.and_i32, [v, f.i32(0xff)]);
    case GoKind.Uint16: return f.emit(Op.and_i32, [v, f.i32(0xffff)]);
    default: return v;
  }
}

// Columns: i32, i64, f32, f64.
const arithOps: Readonly<Record<number, readonly number[]>> = {
  [Token.Add]: [Op.add_i32, Op.add_i64, Op.add_f32, Op.add_f64],
  [Token.Sub]: [Op.sub_i32, Op.sub_i64, Op.sub_f32, Op.sub_f64],
  [Token.Mul]: [Op.mul_i32, Op.mul_i64, Op.mul_f32, Op.mul_f64],
  [Token.Quo]: [-1, -1, Op.div_f32, Op.div_f64],
  [Token.And]: [Op.and_i32, Op.and_i64, -1, -1],
  [Token.Or]: [Op.or_i32, Op.or_i64, -1, -1],
  [Token.Xor]: [Op.xor_i32, Op.xor_i64, -1, -1],
};

function column(v: Value): number {
  return v.type === Type.i32 ? 0 : v.type === Type.i64 ? 1 : v.type === Type.f32 ? 2 : 3;
}

/** a op b for numbers of type t; no shifts, no comparisons. */
export function arith(f: FuncBuilder, op: number, t: GoType, a: Vals, b: Vals): Vals {
  if (isComplex(t)) return complexArith(f, op, t, a, b);
  const x = a[0]!, y = b[0]!;
  if (op === Token.Quo && column(x) < 2) return [divide(f, t, x, y)];
  if (op === Token.Rem) return [remainder(f, t, x, y)];
  if (op === Token.AndNot) return [andNot(f, x, y)];
  const v = f.emit(arithOps[op]![column(x)]!, [x, y]);
  const bitwise = op === Token.And || op === Token.Or || op === Token.Xor;
  return [bitwise ? v : normalise(f, v, t)];
}

function andNot(f: FuncBuilder, x: Value, y: Value): Value {
  if (x.type === Type.i64) return f.emit(Op.and_i64, [x, complement64(f, y)]);
  return f.emit(Op.and_i32, [x, f.emit(Op.xor_i32, [y, f.i32(-1)])]);
}

function complement64(f: FuncBuilder, y: Value): Value {
  return y.op === Op.const_i64 ? f.i64(~(y.aux as bigint)) : f.emit(Op.xor_i64, [y, f.i64(-1)]);
}

/** Panics unless the divisor is non-zero. */
function checkDivisor(f: FuncBuilder, y: Value): void {
  if (isConst(y)) { if (constOf(y) !== 0n) return; }
  const cond = y.type === Type.i64 ? f.emit(Op.ne_i64, [y, f.i64(0)]) : f.emit(Op.ne_i32, [y, f.i32(0)]);
  f.check(cond, 'panicdivide');
}

function isConst(v: Value): boolean { return v.op === Op.const_i32 || v.op === Op.const_i64; }
function constOf(v: Value): bigint { return BigInt(v.aux as number | bigint); }

function divide(f: FuncBuilder, t: GoType, x: Value, y: Value): Value {
  checkDivisor(f, y);
  const wide = x.type === Type.i64;
  if (isUnsigned(t)) return f.emit(wide ? Op.divu_i64 : Op.divu_i32, [x, y]);
  const small = t.kind === GoKind.Int8 || t.kind === GoKind.Int16;
  // The quotient of the smallest value and -1 overflows: Go wraps, wasm traps.
  if (small || (isConst(y) && constOf(y) !== -1n)) return normalise(f, f.emit(wide ? Op.divs_i64 : Op.divs_i32, [x, y]), t);
  const minus = wide ? f.emit(Op.eq_i64, [y, f.i64(-1)]) : f.emit(Op.eq_i32, [y, f.i32(-1)]);
  const safe = f.select(minus, wide ? f.i64(1) : f.i32(1), y);
  const q = f.emit(wide ? Op.divs_i64 : Op.divs_i32, [x, safe]);
  const negated = wide ? f.emit(Op.sub_i64, [f.i64(0), x]) : f.emit(Op.sub_i32, [f.i32(0), x]);
  return f.select(minus, negated, q);
}

function remainder(f: FuncBuilder, t: GoType, x: Value, y: Value): Value {
  checkDivisor(f, y);
  if (x.type === Type.i64) return f.emit(isUnsigned(t) ? Op.remu_i64 : Op.rems_i64, [x, y]);
  return f.emit(isUnsigned(t) ? Op.remu_i32 : Op.rems_i32, [x, y]);
}

/** x << y or x >> y. The count is of any integer type; checkSign: it may be negative, which panics. */
export function shift(f: FuncBuilder, op: number, t: GoType, x: Value, y: Value, yt: GoType): Value {
  if (!isUnsigned(yt) && !isConst(y)) {
    const ok = y.type === Type.i64 ? f.emit(Op.ges_i64, [y, f.i64(0)]) : f.emit(Op.ges_i32, [y, f.i32(0)]);
    f.check(ok, 'panicshift');
  }
  const wide = x.type === Type.i64;
  const width = wide ? 64 : 32;
  if (isConst(y)) return shiftConst(f, op, t, x, BigInt.asUintN(64, constOf(y)), width);
  const small = knownBelow(y, width);
  const inRange = small ? null : y.type === Type.i64 ? f.emit(Op.ltu_i64, [y, f.i64(width)]) : f.emit(Op.ltu_i32, [y, f.i32(width)]);
  let count = y;
  if (wide && y.type === Type.i32) count = f.emit(Op.extend_u, [y]);
  else if (!wide && y.type === Type.i64) count = f.emit(Op.wrap_i64, [y]);
  if (op === Token.Shr && !isUnsigned(t)) {
    if (inRange !== null) count = f.select(inRange, count, wide ? f.i64(63) : f.i32(31));
    return f.emit(wide ? Op.shrs_i64 : Op.shrs_i32, [x, count]);
  }
  const v = f.emit(shiftOp(op, wide), [x, count]);
  const r = inRange === null ? v : f.select(inRange, v, wide ? f.i64(0) : f.i32(0));
  return op === Token.Shl ? normalise(f, r, t) : r;
}

function shiftOp(op: number, wide: boolean): number {
  if (op === Token.Shl) return wide ? Op.shl_i64 : Op.shl_i32;
  return wide ? Op.shru_i64 : Op.shru_i32;
}

function shiftConst(f: FuncBuilder, op: number, t: GoType, x: Value, n: bigint, width: number): Value {
  const wide = width === 64;
  if (n === 0n) return x;
  const big = n >= BigInt(width);
  if (op === Token.Shr && !isUnsigned(t)) {
    const c = big ? width - 1 : Number(n);
    return f.emit(wide ? Op.shrs_i64 : Op.shrs_i32, [x, wide ? f.i64(c) : f.i32(c)]);
  }
  if (big) return wide ? f.i64(0) : f.i32(0);
  const v = f.emit(shiftOp(op, wide), [x, wide ? f.i64(n) : f.i32(Number(n))]);
  return op === Token.Shl ? normalise(f, v, t) : v;
}

/** Whether a shift count is masked to less than the width. */
function knownBelow(y: Value, width: number): boolean {
  if (y.op !== Op.and_i64 && y.op !== Op.and_i32) return false;
  for (const a of y.args) if (isConst(a)) { const c = constOf(a); if (c >= 0n && c < BigInt(width)) return true; }
  return false;
}

/** -x, ^x, +x */
export function unaryArith(f: FuncBuilder, op: number, t: GoType, a: Vals): Vals {
  const x = a[0]!;
  if (op === Token.Add) return a;
  if (op === Token.Sub) {
    if (isComplex(t)) return a.map((v) => f.emit(v.type === Type.f32 ? Op.neg_f32 : Op.neg_f64, [v]));
    if (x.type === Type.f32) return [f.emit(Op.neg_f32, [x])];
    if (x.type === Type.f64) return [f.emit(Op.neg_f64, [x])];
    if (x.type === Type.i64) return [f.emit(Op.sub_i64, [f.i64(0), x])];
    return [normalise(f, f.emit(Op.sub_i32, [f.i32(0), x]), t)];
  }
  if (x.type === Type.i64) return [f.emit(Op.xor_i64, [x, f.i64(-1)])];
  // A sign-extended value stays one under complement; a zero-extended one does not.
  const mask = t.kind === GoKind.Uint8 ? 0xff : t.kind === GoKind.Uint16 ? 0xffff : -1;
  return [f.emit(Op.xor_i32, [x, f.i32(mask)])];
}

function complexArith(f: FuncBuilder, op: number, t: GoType, a: Vals, b: Vals): Vals {
  const single = t.kind === GoKind.Complex64;
  const add = single ? Op.add_f32 : Op.add_f64;
  const sub = single ? Op.sub_f32 : Op.sub_f64;
  const [ar, ai] = [a[0]!, a[1]!], [br, bi] = [b[0]!, b[1]!];
  switch (op) {
    case Token.Add: return [f.emit(add, [ar, br]), f.emit(add, [ai, bi])];
    case Token.Sub: return [f.emit(sub, [ar, br]), f.emit(sub, [ai, bi])];
    case Token.Mul: return complexMul(f, single, ar, ai, br, bi);
    default: {
      const wide = (v: Value): Value => (single ? f.emit(Op.f64_f32, [v]) : v);
      const r = f.runtime('complex128div', wide(ar), wide(ai), wide(br), wide(bi));
      return single ? r.map((v) => f.emit(Op.f32_f64, [v])) : r;
    }
  }
}

/** (ar + ai i)(br + bi i); complex64 is computed in float64 and rounded once, as gc does. */
function complexMul(f: FuncBuilder, single: boolean, ar: Value, ai: Value, br: Value, bi: Value): Vals {
  const wide = (v: Value): Value => (single ? f.emit(Op.f64_f32, [v]) : v);
  const narrow = (v: Value): Value => (single ? f.emit(Op.f32_f64, [v]) : v);
  const [p, q, r, s] = [wide(ar), wide(ai), wide(br), wide(bi)];
  const re = f.emit(Op.sub_f64, [f.emit(Op.mul_f64, [p, r]), f.emit(Op.mul_f64, [q, s])]);
  const im = f.emit(Op.add_f64, [f.emit(Op.mul_f64, [p, s]), f.emit(Op.mul_f64, [q, r])]);
  return [narrow(re), narrow(im)];
}

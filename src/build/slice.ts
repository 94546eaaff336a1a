// Slices: x[i:j:k], append, copy, make, clear.

import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import type { CallExpr, Expr, SliceExpr } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { toI64 } from './checks.ts';
import { isUnsigned } from './constant.ts';
import { GoKind, type GoType } from './gotype.ts';
import { elemAddr, newObject, scale, store } from './mem.ts';
import { nilCheck, place, placeAddr } from './place.ts';
import { rec } from './rec.ts';
import { sourceText } from './source.ts';

/** x[low:high:max] */
export function sliceExpr(f: FuncBuilder, e: SliceExpr): Vals {
  const xt = f.typeOf(e.x);
  const list: Expr[] = [];
  const isArray = xt.kind === GoKind.Array;
  if (!isArray) list.push(e.x);
  for (const i of [e.low, e.high, e.max]) if (i !== null) list.push(i);
  // An array is sliced where it is: its address is taken before the indices are evaluated.
  const base = isArray ? placeAddr(f, place(f, e.x)) : null;
  const vals = rec.exprs(f, list, list.map(() => null));
  let k = isArray ? 0 : 1;
  const index = (i: Expr | null): Bound | null => {
    if (i === null) return null;
    const t = f.typeOf(i);
    return { v: toI64(f, vals[k++]![0]!, t), unsigned: isUnsigned(t) };
  };
  const low = index(e.low), high = index(e.high), max = index(e.max);
  const old = f.at(gcPos(e));
  const out = sliceValue(f, xt, isArray ? [base!] : vals[0]!, low, high, max);
  f.at(old);
  return out;
}

interface Bound { readonly v: Value; readonly unsigned: boolean }

function sliceValue(f: FuncBuilder, xt: GoType, x: Vals, low: Bound | null, high: Bound | null, max: Bound | null): Vals {
  if (xt.kind === GoKind.String) return sliceString(f, x, low, high);
  const ptr = x[0]!;
  let len: Value, cap: Value, elem: GoType;
  let fixed = false;
  if (xt.kind === GoKind.Slice) {
    len = x[1]!;
    cap = x[2]!;
    elem = xt.elem!;
  } else {
    const array = xt.kind === GoKind.Pointer ? xt.elem! : xt;
    if (xt.kind === GoKind.Pointer) nilCheck(f, ptr);
    len = cap = f.i64(array.len);
    elem = array.elem!;
    fixed = true;
  }
  const kind = fixed ? 'Alen' : 'Acap';
  const lo: Bound = low ?? { v: f.i64(0), unsigned: false };
  const hi: Bound = high ?? { v: len, unsigned: false };
  if (max !== null) {
    check(f, max, cap, 'Slice3' + kind);
    check(f, hi, max.v, 'Slice3B');
    check(f, lo, hi.v, 'Slice3C');
    cap = max.v;
  } else {
    if (high !== null) check(f, hi, cap, 'Slice' + kind);
    if (low !== null) check(f, lo, hi.v, 'SliceB');
  }
  if (low === null || isZero(lo.v)) return [ptr, hi.v, cap];
  const newLen = f.emit(Op.sub_i64, [hi.v, lo.v]);
  const newCap = cap === hi.v ? newLen : f.emit(Op.sub_i64, [cap, lo.v]);
  return [advance(f, ptr, lo.v, elem.size, newCap), newLen, newCap];
}

function sliceString(f: FuncBuilder, x: Vals, low: Bound | null, high: Bound | null): Vals {
  const lo: Bound = low ?? { v: f.i64(0), unsigned: false };
  const hi: Bound = high ?? { v: x[1]!, unsigned: false };
  if (high !== null) check(f, hi, x[1]!, 'SliceAlen');
  if (low !== null) check(f, lo, hi.v, 'SliceB');
  if (low === null || isZero(lo.v)) return [x[0]!, hi.v];
  const len = f.emit(Op.sub_i64, [hi.v, lo.v]);
  return [advance(f, x[0]!, lo.v, 1, len), len];
}

function isZero(v: Value): boolean { return v.op === Op.const_i64 && v.aux === 0n; }

/** Panics unless 0 <= b <= limit. */
function check(f: FuncBuilder, b: Bound, limit: Value, what: string): void {
  if (b.v === limit) return;
  if (b.v.op === Op.const_i64 && limit.op === Op.const_i64 && (b.v.aux as bigint) >= 0n && (b.v.aux as bigint) <= (limit.aux as bigint)) return;
  f.check(f.emit(Op.leu_i64, [b.v, limit]), `goPanic${what}${b.unsigned ? 'U' : ''}`, b.v, limit);
}

/** ptr + low * size; but ptr itself if nothing is left, so that it does not point to the next object. */
function advance(f: FuncBuilder, ptr: Value, low: Value, size: number, rest: Value): Value {
  if (size === 0) return ptr;
  const delta = scale(f, f.emit(Op.wrap_i64, [low]), size);
  return f.emit(Op.ptr_add, [ptr, f.select(f.emit(Op.eqz_i64, [rest]), f.i32(0), delta)]);
}

/** append(s, values...) with the values evaluated. */
export function appendValues(f: FuncBuilder, t: GoType, s: Vals, values: readonly Vals[]): Vals {
  const n = values.length;
  if (n === 0) return s;
  const elem = t.elem!;
  const count = f.i64(n);
  const newLen = f.emit(Op.add_i64, [s[1]!, count]);
  const [ptr, cap] = growIfNeeded(f, elem, s, newLen, count);
  const at = elemAddr(f, ptr, s[1]!, elem.size);
  values.forEach((v, i) => store(f, elem, at, i * elem.size, v));
  return [ptr, newLen, cap];
}

/** Pointer and capacity of a slice with room for newLen elements. */
function growIfNeeded(f: FuncBuilder, elem: GoType, s: Vals, newLen: Value, count: Value): [Value, Value] {
  const id = f.newVar([Type.ptr, Type.i64]);
  const grow = f.block(), join = f.block();
  f.writeVar(id, s[0]!);
  f.writeVar(id + 1, s[2]!);
  f.branch(f.emit(Op.gtu_i64, [newLen, s[2]!]), grow, join, -1);
  f.start(grow);
  const r = f.runtime('growslice', s[0]!, newLen, s[2]!, count, f.addr(f.ctx.typeSym(elem, false)));
  f.writeVar(id, r[0]!);
  f.writeVar(id + 1, r[2]!);
  f.jump(join);
  f.start(join);
  return [f.readVar(id), f.readVar(id + 1)];
}

/** append(s, other...), where other is a slice or a string. */
export function appendSlice(f: FuncBuilder, t: GoType, s: Vals, other: Vals): Vals {
  const elem = t.elem!;
  const count = other[1]!;
  const newLen = f.emit(Op.add_i64, [s[1]!, count]);
  const [ptr, cap] = growIfNeeded(f, elem, s, newLen, count);
  moveElems(f, elem, elemAddr(f, ptr, s[1]!, elem.size), other[0]!, count);
  return [ptr, newLen, cap];
}

/** Copies n elements. */
export function moveElems(f: FuncBuilder, elem: GoType, dst: Value, src: Value, n: Value): void {
  if (elem.size === 0) return;
  f.emit(Op.move, [dst, src, scale(f, f.emit(Op.wrap_i64, [n]), elem.size)], { size: -1, align: elem.align, ptrs: elem.hasPtr });
}

/** copy(dst, src): the number of elements copied. */
export function copySlice(f: FuncBuilder, elem: GoType, dst: Vals, src: Vals): Value {
  const n = f.select(f.emit(Op.lts_i64, [src[1]!, dst[1]!]), src[1]!, dst[1]!);
  moveElems(f, elem, dst[0]!, src[0]!, n);
  return n;
}

/** clear(s) */
export function clearSlice(f: FuncBuilder, elem: GoType, s: Vals): void {
  zeroElems(f, elem, s[0]!, s[1]!);
}

function zeroElems(f: FuncBuilder, elem: GoType, p: Value, n: Value): void {
  if (elem.size === 0) return;
  f.emit(Op.zero, [p, scale(f, f.emit(Op.wrap_i64, [n]), elem.size)], { size: -1, align: elem.align, ptrs: elem.hasPtr });
}

/** append(s, make([]T, n)...): grows s by n zero elements without making the other slice. */
export function appendZeros(f: FuncBuilder, t: GoType, s: Vals, n: Value): Vals {
  f.check(f.emit(Op.ges_i64, [n, f.i64(0)]), 'panicmakeslicelen');
  const elem = t.elem!;
  const newLen = f.emit(Op.add_i64, [s[1]!, n]);
  const [ptr, cap] = growIfNeeded(f, elem, s, newLen, n);
  zeroElems(f, elem, elemAddr(f, ptr, s[1]!, elem.size), n);
  return [ptr, newLen, cap];
}

/** Largest backing array that may become a stack object, as gc's ir.MaxImplicitStackVarSize. */
const maxImplicitStack = 64 * 1024;

/** make([]T, len, cap) */
export function makeSlice(f: FuncBuilder, t: GoType, e: CallExpr, len: Bound, cap: Bound | null): Vals {
  const elem = t.elem!;
  const c = cap ?? len;
  if (c.v.op === Op.const_i64 && len.v.op === Op.const_i64) {
    const n = c.v.aux as bigint;
    const l = len.v.aux as bigint;
    if (l >= 0n && l <= n && n * BigInt(elem.size) <= BigInt(maxImplicitStack) && n > 0n && elem.size > 0) {
      return [newObject(f, f.ctx.arrayOf(elem, Number(n)), sourceText(f, e)), len.v, c.v];
    }
  }
  const p = f.runtime('makeslice', f.addr(f.ctx.typeSym(elem, false)), len.v, c.v)[0]!;
  return [p, len.v, c.v];
}

export type { Bound };

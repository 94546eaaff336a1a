// Strings: concatenation, comparison, conversions between strings, byte and rune slices.

import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Kind, type BinaryExpr, type Expr } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { GoKind, type GoType } from './gotype.ts';
import { store } from './mem.ts';
import { rec } from './rec.ts';
import { Kind as ConstKind } from '../constant/value.ts';

/** x + y + …: all operands of nested concatenations in one call. */
export function concat(f: FuncBuilder, e: BinaryExpr, t: GoType): Vals {
  const list: Expr[] = [];
  flatten(f, e, list);
  const vals = rec.exprs(f, list, list.map(() => null));
  const old = f.at(e.opPos);
  const r = concatVals(f, vals, t);
  f.at(old);
  return r;
}

function flatten(f: FuncBuilder, e: Expr, out: Expr[]): void {
  // Long chains lean to the left: walk them without recursion.
  const right: Expr[] = [];
  for (;;) {
    while (e.kind === Kind.ParenExpr) e = e.x;
    if (e.kind !== Kind.BinaryExpr || e.op !== Token.Add || f.info.valueOf(e) !== null || f.pre.has(e.id)) break;
    right.push(e.y);
    e = e.x;
  }
  out.push(e);
  for (let i = right.length - 1; i >= 0; i--) {
    let y = right[i]!;
    while (y.kind === Kind.ParenExpr) y = y.x;
    if (y.kind === Kind.BinaryExpr && y.op === Token.Add && f.info.valueOf(y) === null) flatten(f, y, out);
    else out.push(y);
  }
}

/** Bytes of a temporary string or byte slice that needs no memory from the heap, and runes of a slice of them, as in gc (runtime.tmpBuf). */
const stringBuffer = 32;

/** Concatenates strings. */
export function concatVals(f: FuncBuilder, vals: readonly Vals[], t: GoType): Vals {
  const n = vals.length;
  if (n === 1) return vals[0]!;
  if (n <= 5) return f.runtime(`concatstring${n}`, f.tempbuf(stringBuffer), ...vals.flatMap((v) => v));
  const arr = f.ctx.arrayOf(f.ctx.basic(GoKind.String), n);
  const addr = f.temp(arr);
  vals.forEach((v, i) => store(f, t, addr, i * 16, v));
  return f.runtime('concatstrings', f.tempbuf(stringBuffer), addr, f.i64(n), f.i64(n));
}

/** a == b. Lengths are compared first. */
export function equalStrings(f: FuncBuilder, a: Vals, b: Vals): Value {
  for (const [x, y] of [[a, b], [b, a]] as const) {
    if (x[1]!.op === Op.const_i64 && x[1]!.aux === 0n) return f.emit(Op.eqz_i64, [y[1]!]);
  }
  const id = f.newVar([Type.i32]);
  const same = f.block(), join = f.block();
  const lens = f.emit(Op.eq_i64, [a[1]!, b[1]!]);
  f.writeVar(id, lens);
  f.branch(lens, same, join);
  f.start(same);
  f.writeVar(id, f.emit(Op.memequal, [a[0]!, b[0]!, f.emit(Op.wrap_i64, [a[1]!])]));
  f.jump(join);
  f.start(join);
  return f.readVar(id);
}

/** The three-way comparison of two strings, as an i64. */
export function compareStrings(f: FuncBuilder, a: Vals, b: Vals): Value {
  return f.runtime('cmpstring', a[0]!, a[1]!, b[0]!, b[1]!)[0]!;
}

/** x[i] of a string, without the bounds check. */
export function stringByte(f: FuncBuilder, s: Vals, index: Value): Value {
  if (index.op === Op.const_i64) return f.emit(Op.load8u, [s[0]!], Number(index.aux as bigint));
  return f.emit(Op.load8u, [f.emit(Op.ptr_add, [s[0]!, f.emit(Op.wrap_i64, [index])])], 0);
}

/** string(b) where the string is not kept longer than b is unchanged; else as any expression. */
export function tempString(f: FuncBuilder, e: Expr): Vals {
  let x = e;
  while (x.kind === Kind.ParenExpr) x = x.x;
  if (x.kind === Kind.CallExpr && x.args.length === 1 && f.info.valueOf(x) === null && f.info.modeOf(x.fun) === 3 && !f.pre.has(x.id)) {
    const from = f.typeOf(x.args[0]!);
    if (from.kind === GoKind.Slice && from.elem!.kind === GoKind.Uint8 && f.typeOf(x).kind === GoKind.String) {
      const b = rec.expr(f, x.args[0]!);
      return [b[0]!, b[1]!];
    }
  }
  return rec.expr(f, e);
}

/** The operands of m[k], which does not keep the key. */
export function mapAndKey(f: FuncBuilder, m: Expr, k: Expr, t: GoType): readonly Vals[] {
  // m[string(bytes)] looks up without a copy.
  if (t.key!.kind === GoKind.String && k.kind === Kind.CallExpr && f.pre.size === 0) return [rec.expr(f, m), tempString(f, k)];
  return rec.exprs(f, [m, k], [null, t.key!]);
}

/** The bytes of []byte(s) where they are only read while s is unchanged, without a copy; null if e is something else. */
export function tempBytes(f: FuncBuilder, e: Expr): Vals | null {
  let x = e;
  while (x.kind === Kind.ParenExpr) x = x.x;
  if (x.kind !== Kind.CallExpr || x.args.length !== 1 || f.info.modeOf(x.fun) !== 3 || f.pre.has(x.id)) return null;
  const to = f.typeOf(x);
  if (to.kind !== GoKind.Slice || to.elem!.kind !== GoKind.Uint8 || f.typeOf(x.args[0]!).kind !== GoKind.String) return null;
  const s = rec.expr(f, x.args[0]!);
  return [s[0]!, s[1]!, s[1]!];
}

/** Whether e is a constant string; its bytes. */
export function constString(f: FuncBuilder, e: Expr): string | null {
  const c = f.info.valueOf(e);
  return c !== null && c.kind === ConstKind.String ? c.val : null;
}

/** Conversions to and from strings; null if none of them. */
export function convertString(f: FuncBuilder, vals: Vals, from: GoType, to: GoType): Vals | null {
  if (to.kind === GoKind.String) {
    if (from.kind === GoKind.Slice) {
      return from.elem!.kind === GoKind.Uint8 ? f.runtime('slicebytetostring', f.tempbuf(stringBuffer), vals[0]!, vals[1]!) : f.runtime('slicerunetostring', f.tempbuf(stringBuffer), ...vals);
    }
    if (from.kind >= GoKind.Int && from.kind <= GoKind.Uintptr) {
      const unsigned = from.kind >= GoKind.Uint;
      let v = vals[0]!;
      if (v.type === Type.i32) v = f.emit(unsigned ? Op.extend_u : Op.extend_s, [v]);
      return f.runtime('intstring', f.tempbuf(4), v);
    }
  } else if (from.kind === GoKind.String && to.kind === GoKind.Slice) {
    if (to.elem!.kind === GoKind.Uint8) return f.runtime('stringtoslicebyte', f.tempbuf(stringBuffer), ...vals);
    return f.runtime('stringtoslicerune', f.tempbuf(4 * stringBuffer), ...vals);
  }
  return null;
}


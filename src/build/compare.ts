// == < and their kin on values of any type. Spec: "Comparison operators".

import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Kind, type BinaryExpr, type Expr } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { isUnsigned } from './constant.ts';
import { GoKind, type GoType } from './gotype.ts';
import { anyType, convertIface, dynamicType, unbox } from './iface.ts';
import { hasCall } from './order.ts';
import { rec } from './rec.ts';
import { regularMemory } from './regular.ts';
import { compareStrings, equalStrings, tempString } from './string.ts';

/** x op y for a comparison operator, as an i32. */
export function comparison(f: FuncBuilder, e: BinaryExpr): Value {
  const xt = f.typeOf(e.x), yt = f.typeOf(e.y);
  if (e.op === Token.Eql || e.op === Token.Neq) {
    const eq = equality(f, e, xt, yt);
    return e.op === Token.Eql ? eq : not(f, eq);
  }
  const t = xt;
  if (t.kind === GoKind.String) {
    const [a, b] = stringOperands(f, e);
    const old = f.at(e.opPos);
    const r = ordered(f, e.op, compareStrings(f, a, b), f.i64(0), false);
    f.at(old);
    return r;
  }
  const [a, b] = rec.exprs(f, [e.x, e.y], [null, null]);
  return ordered(f, e.op, a![0]!, b![0]!, isUnsigned(t));
}

function stringOperands(f: FuncBuilder, e: BinaryExpr): [Vals, Vals] {
  if ((isStringConversion(f, e.x) || isStringConversion(f, e.y)) && !hasCall(f, e.x) && !hasCall(f, e.y)) {
    // Converted operands are compared where they are.
    return [tempString(f, e.x), tempString(f, e.y)];
  }
  if (isStringConversion(f, e.y) && !hasCall(f, e.y)) {
    // Nothing is called any more that could change the bytes.
    const [x] = rec.exprs(f, [e.x], [null]);
    return [x!, tempString(f, e.y)];
  }
  const [a, b] = rec.exprs(f, [e.x, e.y], [null, null]);
  return [a!, b!];
}

function isStringConversion(f: FuncBuilder, e: Expr): boolean {
  return e.kind === Kind.CallExpr && f.info.modeOf(e.fun) === 3 && f.info.valueOf(e) === null;
}

/** The negation of an i32 truth value. */
export function not(f: FuncBuilder, v: Value): Value {
  switch (v.op) {
    case Op.eqz_i32: if (v.args[0]!.op >= Op.eqz_i32 && v.args[0]!.op <= Op.geu_i32) return v.args[0]!; break;
    case Op.eq_i32: return f.emit(Op.ne_i32, v.args.slice());
    case Op.ne_i32: return f.emit(Op.eq_i32, v.args.slice());
    case Op.eq_i64: return f.emit(Op.ne_i64, v.args.slice());
    case Op.ne_i64: return f.emit(Op.eq_i64, v.args.slice());
    case Op.eq_ptr: return f.emit(Op.ne_ptr, v.args.slice());
    case Op.ne_ptr: return f.emit(Op.eq_ptr, v.args.slice());
    case Op.isnil: return f.emit(Op.notnil, v.args.slice());
    case Op.notnil: return f.emit(Op.isnil, v.args.slice());
    case Op.eq_f64: return f.emit(Op.ne_f64, v.args.slice());
    case Op.eq_f32: return f.emit(Op.ne_f32, v.args.slice());
  }
  return f.emit(Op.eqz_i32, [v]);
}

const orderOps: Readonly<Record<number, readonly number[]>> = {
  // signed i32, unsigned i32, signed i64, unsigned i64, f32, f64
  [Token.Lss]: [Op.lts_i32, Op.ltu_i32, Op.lts_i64, Op.ltu_i64, Op.lt_f32, Op.lt_f64],
  [Token.Leq]: [Op.les_i32, Op.leu_i32, Op.les_i64, Op.leu_i64, Op.le_f32, Op.le_f64],
  [Token.Gtr]: [Op.gts_i32, Op.gtu_i32, Op.gts_i64, Op.gtu_i64, Op.gt_f32, Op.gt_f64],
  [Token.Geq]: [Op.ges_i32, Op.geu_i32, Op.ges_i64, Op.geu_i64, Op.ge_f32, Op.ge_f64],
};

/** a op b of two numbers. */
export function ordered(f: FuncBuilder, op: number, a: Value, b: Value, unsigned: boolean): Value {
  const row = orderOps[op]!;
  const i = a.type === Type.i32 ? (unsigned ? 1 : 0) : a.type === Type.i64 ? (unsigned ? 3 : 2) : a.type === Type.f32 ? 4 : 5;
  return f.emit(row[i]!, [a, b]);
}

function isNil(f: FuncBuilder, e: Expr): boolean {
  while (e.kind === Kind.ParenExpr) e = e.x;
  return f.info.modeOf(e) === 8 || (e.kind === Kind.Ident && e.name === 'nil' && f.info.objectOf(e)?.kind === 7);
}

function equality(f: FuncBuilder, e: BinaryExpr, xt: GoType, yt: GoType): Value {
  if (isNil(f, e.y)) return nilTest(f, rec.expr(f, e.x)[0]!);
  if (isNil(f, e.x)) return nilTest(f, rec.expr(f, e.y)[0]!);
  if (xt.kind === GoKind.String && yt.kind === GoKind.String) {
    const [a, b] = stringOperands(f, e);
    return equalStrings(f, a, b);
  }
  const [a, b] = rec.exprs(f, [e.x, e.y], [null, null]);
  const old = f.at(e.opPos);
  const r = equalMixed(f, a!, xt, b!, yt);
  f.at(old);
  return r;
}

function nilTest(f: FuncBuilder, v: Value): Value { return f.emit(Op.isnil, [v]); }

/** a == b where one may be of interface type and the other not. */
export function equalMixed(f: FuncBuilder, a: Vals, at: GoType, b: Vals, bt: GoType): Value {
  if (at.isInterface && !bt.isInterface) return equalBoxed(f, a, at, b, bt);
  if (bt.isInterface && !at.isInterface) return equalBoxed(f, b, bt, a, at);
  if (at.isInterface && at !== bt && !(at.isEface && bt.isEface)) {
    if (at.isEface) return equal(f, at, a, convertIface(f, b, bt, at));
    if (bt.isEface) return equal(f, bt, convertIface(f, a, at, bt), b);
    const any = anyType(f);
    return equal(f, any, convertIface(f, a, at, any), convertIface(f, b, bt, any));
  }
  return equal(f, at.kind === GoKind.Nil ? bt : at, a, b);
}

/** An interface value against a concrete one. */
function equalBoxed(f: FuncBuilder, i: Vals, it: GoType, c: Vals, ct: GoType): Value {
  const typ = dynamicType(f, i[0]!, it);
  const is = f.emit(Op.eq_ptr, [typ, f.addr(f.ctx.typeSym(ct, false))]);
  return andThen(f, is, () => equal(f, ct, unbox(f, i[1]!, ct), c));
}

/** first && second(), where second is built only when needed. */
function andThen(f: FuncBuilder, first: Value, second: () => Value): Value {
  const id = f.newVar([Type.i32]);
  const more = f.block(), join = f.block();
  f.writeVar(id, first);
  f.branch(first, more, join);
  f.start(more);
  f.writeVar(id, second());
  f.jump(join);
  f.start(join);
  return f.readVar(id);
}

/** a == b for values of one type. */
export function equal(f: FuncBuilder, t: GoType, a: Vals, b: Vals): Value {
  switch (t.kind) {
    case GoKind.String: return equalStrings(f, a, b);
    case GoKind.Interface: return equalInterfaces(f, t, a, b);
    case GoKind.Complex64: case GoKind.Complex128: {
      const op = t.kind === GoKind.Complex64 ? Op.eq_f32 : Op.eq_f64;
      return f.emit(Op.and_i32, [f.emit(op, [a[0]!, b[0]!]), f.emit(op, [a[1]!, b[1]!])]);
    }
    case GoKind.Struct: case GoKind.Array: return equalAggregates(f, t, a, b);
    default: return f.emit(eqOps[a[0]!.type]!, [a[0]!, b[0]!]);
  }
}

const eqOps: number[] = [];
eqOps[Type.i32] = Op.eq_i32; eqOps[Type.i64] = Op.eq_i64; eqOps[Type.f32] = Op.eq_f32; eqOps[Type.f64] = Op.eq_f64; eqOps[Type.ptr] = Op.eq_ptr;

function equalInterfaces(f: FuncBuilder, t: GoType, a: Vals, b: Vals): Value {
  const same = f.emit(Op.eq_ptr, [a[0]!, b[0]!]);
  return andThen(f, same, () => f.runtime(t.isEface ? 'efaceeq' : 'ifaceeq', a[0]!, a[1]!, b[1]!)[0]!);
}

function equalAggregates(f: FuncBuilder, t: GoType, a: Vals, b: Vals): Value {
  if (t.mem) {
    if (regularMemory(t)) return f.emit(Op.memequal, [a[0]!, b[0]!, f.i32(t.size)]);
    return f.call(Op.call, { sym: f.ctx.eqSym(t), params: [Type.ptr, Type.ptr], results: [Type.i32], suspends: true }, [a[0]!, b[0]!])[0]!;
  }
  if (t.kind === GoKind.Array) return t.len === 0 || t.size === 0 ? f.i32(1) : equal(f, t.elem!, a, b);
  let out: Value | null = null;
  let at = 0;
  for (const fld of t.fields) {
    const from = at;
    at += fld.type.values.length;
    if (fld.name === '_') continue;
    const x = a.slice(from, at), y = b.slice(from, at);
    if (out === null) out = equal(f, fld.type, x, y);
    else if (cheap(fld.type)) out = f.emit(Op.and_i32, [out, equal(f, fld.type, x, y)]);
    else out = andThen(f, out, () => equal(f, fld.type, x, y));
  }
  return out ?? f.i32(1);
}

function cheap(t: GoType): boolean {
  return t.kind !== GoKind.String && t.kind !== GoKind.Interface && t.kind !== GoKind.Struct && t.kind !== GoKind.Array;
}

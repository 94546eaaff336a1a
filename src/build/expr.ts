// Expressions: the value of each kind of expression, and boolean expressions as branches. Spec: "Expressions".

import type { Block, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Kind as ConstKind } from '../constant/value.ts';
import { Kind, type BinaryExpr, type Expr, type Ident, type IndexExpr, type SelectorExpr, type TypeAssertExpr, type UnaryExpr } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { Token } from '../syntax/token.ts';
import { ObjKind, SelectionKind, type Func as FuncObj } from '../types/model.ts';
import { Mode } from '../types/operand.ts';
import { arith, shift, unaryArith } from './arith.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { chanType, recv } from './chan.ts';
import { comparison } from './compare.ts';
import { constIndex, indexValue } from './checks.ts';
import { constant } from './constant.ts';
import { assignConv } from './convert.ts';
import { GoKind, type GoType } from './gotype.ts';
import { assertType } from './iface.ts';
import { mapIndex } from './map.ts';
import { copyToTemp, load, newObject, store, zeroValue } from './mem.ts';
import { boundsCheck, loadPlace, nilCheck, place, placeAddr } from './place.ts';
import { rec } from './rec.ts';
import { sliceExpr } from './slice.ts';
import { sourceText } from './source.ts';
import { concat, mapAndKey, stringByte } from './string.ts';

/** The value of a single-valued expression. */
export function expr(f: FuncBuilder, e: Expr): Vals {
  if (f.pre.size !== 0) {
    const v = f.pre.get(e.id);
    if (v !== undefined) return v;
  }
  if (e.kind === Kind.ParenExpr) return expr(f, e.x);
  const c = f.info.valueOf(e);
  if (c !== null && c.kind !== ConstKind.Unknown) {
    const t = f.typeOf(e);
    if (!t.isInterface) {
      const old = f.at(gcPos(e));
      const v = constant(f, c, t);
      f.at(old);
      return v;
    }
  }
  const old = f.at(gcPos(e));
  const v = exprKind(f, e);
  f.at(old);
  return v;
}

function exprKind(f: FuncBuilder, e: Expr): Vals {
  switch (e.kind) {
    case Kind.Ident: return ident(f, e);
    case Kind.FuncLit: return rec.funcLit(f, e);
    case Kind.CompositeLit: return rec.composite(f, e, f.typeOf(e));
    case Kind.SelectorExpr: return selector(f, e);
    case Kind.IndexExpr: return index(f, e);
    case Kind.SliceExpr: return sliceExpr(f, e);
    case Kind.TypeAssertExpr: return typeAssert(f, e);
    case Kind.CallExpr: {
      const r = rec.callMulti(f, e);
      if (r.length !== 1) throw f.bug(`call with ${r.length} results as a value`);
      return r[0]!;
    }
    case Kind.StarExpr: {
      const p = expr(f, e.x)[0]!;
      nilCheck(f, p);
      return load(f, f.typeOf(e), p);
    }
    case Kind.UnaryExpr: return unary(f, e);
    case Kind.BinaryExpr: return binary(f, e);
    default: throw f.bug(`expression of kind ${e.kind}`);
  }
}

/** e's value converted to t, to which it is assignable. */
export function exprAs(f: FuncBuilder, e: Expr, t: GoType): Vals {
  if (f.info.modeOf(e) === Mode.NilValue) return zeroValue(f, t);
  const c = f.info.valueOf(e);
  if (c !== null && !t.isInterface && !f.pre.has(e.id)) {
    const old = f.at(gcPos(e));
    const v = constant(f, c, t);
    f.at(old);
    return v;
  }
  const from = f.typeOf(e);
  if (from === t) return expr(f, e);
  if (t.isInterface && !from.isInterface && from.kind !== GoKind.Nil) return boxExpr(f, e, from, t);
  return assignConv(f, expr(f, e), from, t, '');
}

function boxExpr(f: FuncBuilder, e: Expr, from: GoType, t: GoType): Vals {
  if (!from.direct && from.size !== 0) { // constants and other static values need no allocation
    const c = f.info.valueOf(e);
    if (c !== null && c.kind === ConstKind.String) {
      const sym = f.ctx.staticValue(e, from, f.unit, f.env);
      if (sym !== null) {
        const word = f.addr(t.isEface ? f.ctx.typeSym(from, true) : f.ctx.itabSym(from, t));
        return [word, f.addr(sym)];
      }
    }
  }
  const vals = expr(f, e);
  const old = f.at(gcPos(e));
  const r = assignConv(f, vals, from, t, from.direct ? '' : sourceText(f, e));
  f.at(old);
  return r;
}

/** Evaluates e into fresh memory that nothing refers to yet. */
export function exprTo(f: FuncBuilder, e: Expr, t: GoType, addr: Value, off: number, zeroed: boolean): void {
  let x = e;
  while (x.kind === Kind.ParenExpr) x = x.x;
  if (x.kind === Kind.CompositeLit && t.mem && f.typeOf(x) === t && !f.pre.has(x.id)) {
    rec.compositeTo(f, x, t, addr, off, zeroed);
    return;
  }
  store(f, t, addr, off, exprAs(f, e, t));
}

/** A value of a type in memory that later stores must not change. */
export function stable(f: FuncBuilder, e: Expr, t: GoType, v: Vals): Vals {
  if (!t.mem) return v;
  let x = e;
  while (x.kind === Kind.ParenExpr) x = x.x;
  return x.kind === Kind.CallExpr && f.info.modeOf(x.fun) !== Mode.TypeExpr ? v : x.kind === Kind.CompositeLit ? v : copyToTemp(f, t, v);
}

// ---- names

/** The declared function that an expression names, with its type arguments. */
export function funcRef(f: FuncBuilder, e: Expr): { obj: FuncObj; targs: GoType[] } | null {
  for (;;) {
    if (e.kind === Kind.ParenExpr) e = e.x;
    else if (e.kind === Kind.IndexExpr) e = e.x;
    else break;
  }
  let id: Ident;
  if (e.kind === Kind.Ident) id = e;
  else if (e.kind === Kind.SelectorExpr && f.info.selectionOf(e) === null) id = e.sel;
  else return null;
  const o = f.info.objectOf(id);
  if (o === null || o.kind !== ObjKind.Func) return null;
  const inst = f.info.instanceOf(id);
  return { obj: o.origin, targs: inst === undefined ? [] : inst.targs.map((t) => f.go(t)) };
}

function funcValue(f: FuncBuilder, e: Expr): Vals | null {
  const r = funcRef(f, e);
  return r === null ? null : [f.addr(f.ctx.funcValueSym(f.ctx.funcSym(r.obj, r.targs)))];
}

function ident(f: FuncBuilder, e: Ident): Vals {
  const o = f.info.objectOf(e);
  if (o === null) throw f.bug(`unresolved ${e.name}`);
  switch (o.kind) {
    case ObjKind.Var: return loadPlace(f, place(f, e));
    case ObjKind.Nil: return zeroValue(f, f.typeOf(e));
    case ObjKind.Func: return funcValue(f, e)!;
    case ObjKind.Const: if (o.val !== null) return constant(f, o.val, f.go(o.type));
  }
  throw f.bug(`${e.name} is no value`);
}

function selector(f: FuncBuilder, e: SelectorExpr): Vals {
  const sel = f.info.selectionOf(e);
  if (sel === null) {
    const o = f.info.objectOf(e.sel);
    if (o !== null && o.kind === ObjKind.Const && o.val !== null) return constant(f, o.val, f.typeOf(e));
    return funcValue(f, e) ?? loadPlace(f, place(f, e));
  }
  if (sel.kind === SelectionKind.FieldVal) return loadPlace(f, place(f, e));
  if (sel.kind === SelectionKind.MethodVal) return rec.methodValue(f, e);
  const o = sel.obj;
  return [f.addr(f.ctx.funcValueSym(f.ctx.methodExprSym(f.go(sel.recv), o.name, o.exported || o.pkg === null ? '' : o.pkg.path)))];
}

// ---- index

function index(f: FuncBuilder, e: IndexExpr): Vals {
  const fn = funcValue(f, e);
  if (fn !== null) return fn;
  const xt = f.typeOf(e.x);
  const ie = e.indices[0]!;
  if (xt.kind === GoKind.Map) {
    const [m, k] = mapAndKey(f, e.x, ie, xt);
    return mapIndex(f, xt, m![0]!, k!);
  }
  if (xt.kind === GoKind.String) {
    const [s, i] = rec.exprs(f, [e.x, ie], [null, null]);
    const idx = indexValue(f, ie, i!);
    const len = s![1]!;
    const c = constIndex(f, ie);
    if (c < 0 || len.op !== Op.const_i64) boundsCheck(f, idx, len, f.typeOf(ie));
    return [stringByte(f, s!, idx)];
  }
  return loadPlace(f, place(f, e));
}

function typeAssert(f: FuncBuilder, e: TypeAssertExpr): Vals {
  const x = expr(f, e.x);
  return assertType(f, x, f.typeOf(e.x), f.typeOf(e));
}

// ---- operators

function unary(f: FuncBuilder, e: UnaryExpr): Vals {
  switch (e.op) {
    case Token.And: return [addressOf(f, e)];
    case Token.Arrow: {
      const t = chanType(f, e.x);
      return recv(f, expr(f, e.x)[0]!, t.elem!);
    }
    case Token.Not: return [f.emit(Op.eqz_i32, [expr(f, e.x)[0]!])];
    default: return unaryArith(f, e.op, f.typeOf(e), expr(f, e.x));
  }
}

function addressOf(f: FuncBuilder, e: UnaryExpr): Value {
  let x = e.x;
  while (x.kind === Kind.ParenExpr) x = x.x;
  if (x.kind === Kind.CompositeLit) {
    const t = f.typeOf(x);
    const p = newObject(f, t, sourceText(f, e));
    rec.compositeTo(f, x, t, p, 0, true);
    return p;
  }
  return placeAddr(f, place(f, x));
}

function binary(f: FuncBuilder, e: BinaryExpr): Vals {
  const op = e.op;
  switch (op) {
    case Token.AndAnd: case Token.OrOr: return [logical(f, e)];
    case Token.Eql: case Token.Neq: case Token.Lss: case Token.Leq: case Token.Gtr: case Token.Geq: return [comparison(f, e)];
    case Token.Shl: case Token.Shr: return shiftExpr(f, e);
  }
  const t = f.typeOf(e);
  if (t.kind === GoKind.String) return concat(f, e, t);
  const [a, b] = rec.exprs(f, [e.x, e.y], [t, t]);
  return arith(f, op, t, a!, b!);
}

function shiftExpr(f: FuncBuilder, e: BinaryExpr): Vals {
  const t = f.typeOf(e);
  const count = f.info.valueOf(e.y);
  if (count !== null) { // of any numeric type
    const uint = f.ctx.basic(GoKind.Uint);
    return [shift(f, e.op, t, rec.exprAs(f, e.x, t)[0]!, constant(f, count, uint)[0]!, uint)];
  }
  const [a, b] = rec.exprs(f, [e.x, e.y], [t, null]);
  return [shift(f, e.op, t, a![0]!, b![0]!, f.typeOf(e.y))];
}

function logical(f: FuncBuilder, e: BinaryExpr): Value {
  const id = f.newVar([Type.i32]);
  const more = f.block(), join = f.block();
  const x = expr(f, e.x)[0]!;
  f.writeVar(id, x);
  if (e.op === Token.AndAnd) f.branch(x, more, join);
  else f.branch(x, join, more);
  f.start(more);
  f.writeVar(id, expr(f, e.y)[0]!);
  f.jump(join);
  f.start(join);
  return f.readVar(id);
}

/** Branches to yes or no on a boolean expression. */
export function cond(f: FuncBuilder, e: Expr, yes: Block, no: Block, likely: number): void {
  while (e.kind === Kind.ParenExpr) e = e.x;
  const c = f.info.valueOf(e);
  if (c !== null) {
    f.jump(c.kind === ConstKind.Bool && c.val ? yes : no);
    return;
  }
  if (!f.pre.has(e.id)) {
    if (e.kind === Kind.UnaryExpr && e.op === Token.Not) {
      cond(f, e.x, no, yes, -likely);
      return;
    }
    if (e.kind === Kind.BinaryExpr && (e.op === Token.AndAnd || e.op === Token.OrOr)) {
      const more = f.block();
      if (e.op === Token.AndAnd) cond(f, e.x, more, no, likely);
      else cond(f, e.x, yes, more, likely);
      f.start(more);
      cond(f, e.y, yes, no, likely);
      return;
    }
  }
  const v = expr(f, e)[0]!;
  const old = f.at(gcPos(e));
  f.branch(v, yes, no, likely);
  f.at(old);
}

// Assignments, definitions and declarations of variables. Spec: "Assignment statements", "Short variable declarations".

import { makeInt } from '../constant/value.ts';
import { Kind, type AssignStmt, type CallExpr, type Expr, type Ident, type IncDecStmt, type ValueSpec } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { Token } from '../syntax/token.ts';
import type { Var } from '../types/model.ts';
import { Mode } from '../types/operand.ts';
import { arith, shift } from './arith.ts';
import { LocalKind, type FuncBuilder, type Vals } from './builder.ts';
import { chanType, recv2 } from './chan.ts';
import { constant } from './constant.ts';
import { assignConv } from './convert.ts';
import { stable } from './expr.ts';
import { GoKind, type GoType } from './gotype.ts';
import { assertType2 } from './iface.ts';
import { mapAccess2, mapAssign } from './map.ts';
import { load, store } from './mem.ts';
import { hasCall, hoist } from './order.ts';
import { declareInit, declareVar, declareZero, loadPlace, localAddr, place, PlaceKind, storePlace } from './place.ts';
import { rec, type Place } from './rec.ts';
import { concatVals, mapAndKey } from './string.ts';

export function assignStmt(f: FuncBuilder, s: AssignStmt): void {
  f.at(s.tokPos);
  if (s.tok === Token.AssignOp) opAssign(f, s.lhs[0]!, s.op, s.rhs[0]!, s.tokPos);
  else if (s.lhs.length === 1 && s.rhs.length === 1) assign1(f, s.lhs[0]!, s.rhs[0]!, s.tok === Token.Define);
  else if (s.lhs.length === s.rhs.length) assignMany(f, s.lhs, s.rhs, s.tok === Token.Define);
  else assignMulti(f, s.lhs, s.rhs[0]!, s.tok === Token.Define);
}

export function incDec(f: FuncBuilder, s: IncDecStmt): void {
  f.at(s.tokPos);
  opAssign(f, s.x, s.tok === Token.Inc ? Token.Add : Token.Sub, null, s.tokPos);
}

function isBlank(e: Expr): boolean { return e.kind === Kind.Ident && e.name === '_'; }

/** The variable that an identifier on the left of := declares. */
function newVar(f: FuncBuilder, e: Expr): Var | null {
  if (e.kind !== Kind.Ident || e.name === '_') return null;
  const o = f.info.defOf(e);
  return o !== null && o.kind === 3 ? o : null;
}

function assign1(f: FuncBuilder, lhs: Expr, rhs: Expr, define: boolean): void {
  if (isBlank(lhs)) {
    evalDrop(f, rhs);
    return;
  }
  if (define) {
    const v = newVar(f, lhs);
    if (v !== null) {
      defineVar(f, v, f.go(v.type), rhs);
      return;
    }
  }
  const t = f.typeOf(lhs);
  if (lhs.kind !== Kind.Ident) {
    hoist(f, lhs);
    if (isMapElem(f, lhs)) {
      // The map and the key are evaluated before the value, the element is made after.
      if (hasCall(f, rhs)) hoist(f, rhs);
      const p = place(f, lhs);
      storePlace(f, p, rec.exprAs(f, rhs, t));
      return;
    }
  }
  const v = rec.exprAs(f, rhs, t);
  storePlace(f, place(f, lhs), v);
}

function isMapElem(f: FuncBuilder, e: Expr): boolean {
  while (e.kind === Kind.ParenExpr) e = e.x;
  return e.kind === Kind.IndexExpr && f.typeOf(e.x).kind === GoKind.Map;
}

/** _ = e: evaluated, for checks and calls. */
function evalDrop(f: FuncBuilder, e: Expr): void {
  if (f.info.valueOf(e) !== null || f.info.modeOf(e) === Mode.NilValue) return;
  rec.expr(f, e);
}

/** v := e, var v T = e */
export function defineVar(f: FuncBuilder, v: Var, t: GoType, e: Expr): void {
  if (t.mem) {
    // The storage is this variable's alone: the value is built in place.
    let x = e;
    while (x.kind === Kind.ParenExpr) x = x.x;
    if (x.kind === Kind.CompositeLit) {
      hoist(f, e);
      const l = declareVar(f, v, t);
      rec.exprTo(f, e, t, localAddr(f, l), 0, l.kind === LocalKind.cell);
      return;
    }
  }
  declareInit(f, v, t, rec.exprAs(f, e, t));
}

/** Evaluates the operands of an assignment's left side that must be evaluated before anything is assigned. */
function saveOperands(f: FuncBuilder, e: Expr): void {
  while (e.kind === Kind.ParenExpr) e = e.x;
  switch (e.kind) {
    case Kind.StarExpr: save(f, e.x, null); return;
    case Kind.SelectorExpr: {
      const sel = f.info.selectionOf(e);
      if (sel === null) return;
      if (f.typeOf(e.x).kind === GoKind.Pointer) save(f, e.x, null);
      else saveOperands(f, e.x);
      return;
    }
    case Kind.IndexExpr: {
      const t = f.typeOf(e.x);
      if (t.kind === GoKind.Array) saveOperands(f, e.x);
      else save(f, e.x, null);
      save(f, e.indices[0]!, t.kind === GoKind.Map ? t.key! : null);
    }
  }
}

function save(f: FuncBuilder, e: Expr, as: GoType | null): void {
  if (f.info.valueOf(e) !== null || f.info.modeOf(e) === Mode.NilValue) return;
  const t = f.typeOf(e);
  if (as !== null && as !== t) return; // a key that is boxed: evaluated late, as its operands are rarely assigned to
  f.pre.set(e.id, stable(f, e, t, rec.expr(f, e)));
}

function assignMany(f: FuncBuilder, lhs: readonly Expr[], rhs: readonly Expr[], define: boolean): void {
  for (const l of lhs) if (l.kind !== Kind.Ident) hoist(f, l);
  const types = lhs.map((l, i) => lhsType(f, l, rhs[i]!, define));
  const vals = rec.exprs(f, rhs, types);
  for (let i = 0; i < rhs.length; i++) {
    const t = types[i] ?? f.typeOf(rhs[i]!);
    vals[i] = stable(f, rhs[i]!, t, vals[i]!);
  }
  assignValues(f, lhs, vals, define);
}

/** The type a right-hand side is converted to; null for _. */
function lhsType(f: FuncBuilder, l: Expr, r: Expr, define: boolean): GoType | null {
  if (isBlank(l)) return f.info.modeOf(r) === Mode.NilValue ? f.ctx.basic(GoKind.UnsafePointer) : null;
  const v = define ? newVar(f, l) : null;
  return v !== null ? f.go(v.type) : f.typeOf(l);
}

/** Assigns values that already have the types of the left sides. */
export function assignValues(f: FuncBuilder, lhs: readonly Expr[], vals: readonly Vals[], define: boolean): void {
  if (lhs.length > 1) for (const l of lhs) if (l.kind !== Kind.Ident) saveOperands(f, l);
  lhs.forEach((l, i) => {
    if (isBlank(l)) return;
    const v = define ? newVar(f, l) : null;
    if (v !== null) declareInit(f, v, f.go(v.type), vals[i]!);
    else storePlace(f, place(f, l), vals[i]!);
  });
}

/** a, b = f() and the comma-ok forms. */
function assignMulti(f: FuncBuilder, lhs: readonly Expr[], rhs: Expr, define: boolean): void {
  for (const l of lhs) if (l.kind !== Kind.Ident) hoist(f, l);
  const { vals, types } = multiValues(f, rhs);
  assignConverted(f, lhs, vals, types, define);
}

/** Assigns values of the given types to places of types they are assignable to. */
export function assignConverted(f: FuncBuilder, lhs: readonly Expr[], vals: readonly Vals[], types: readonly GoType[], define: boolean): void {
  const conv = vals.map((v, i) => {
    const l = lhs[i];
    if (l === undefined || isBlank(l)) return v;
    const nv = define ? newVar(f, l) : null;
    return assignConv(f, v, types[i]!, nv !== null ? f.go(nv.type) : f.typeOf(l), '');
  });
  assignValues(f, lhs, conv, define);
}

/** The values of an expression with several, and their types. */
export function multiValues(f: FuncBuilder, e: Expr): { vals: Vals[]; types: readonly GoType[] } {
  while (e.kind === Kind.ParenExpr) e = e.x;
  const bool = f.ctx.basic(GoKind.Bool);
  switch (e.kind) {
    case Kind.IndexExpr: {
      const t = f.typeOf(e.x);
      const [m, k] = mapAndKey(f, e.x, e.indices[0]!, t);
      const old = f.at(gcPos(e));
      const [p, ok] = mapAccess2(f, t, m![0]!, k!);
      f.at(old);
      return { vals: [load(f, t.elem!, p), [ok]], types: [t.elem!, bool] };
    }
    case Kind.UnaryExpr: {
      const t = chanType(f, e.x).elem!;
      const ch = rec.expr(f, e.x)[0]!;
      const [v, ok] = recv2(f, ch, t);
      return { vals: [v, [ok]], types: [t, bool] };
    }
    case Kind.TypeAssertExpr: {
      const t = f.go(f.info.typeOf(e.type!)!);
      const x = rec.expr(f, e.x);
      const [v, ok] = assertType2(f, x, f.typeOf(e.x), t);
      return { vals: [v, [ok]], types: [t, bool] };
    }
    default: {
      const vals = rec.callMulti(f, e as CallExpr);
      return { vals, types: f.typeOf(e).params };
    }
  }
}

/** x op= y; y null: 1. */
function opAssign(f: FuncBuilder, x: Expr, op: number, y: Expr | null, pos: number): void {
  const t = f.typeOf(x);
  if (y !== null && hasCall(f, y)) {
    hoist(f, x);
    hoist(f, y);
  }
  const p = place(f, x);
  if (p.kind === PlaceKind.map) mapOpAssign(f, p, t, op, y, pos);
  else storePlace(f, p, operate(f, op, t, loadPlace(f, p), y, pos));
}

/** m[k] op= y: one assignment call, unless the operation itself may panic. The right side does so before an element is made. */
function mapOpAssign(f: FuncBuilder, p: Place, t: GoType, op: number, y: Expr | null, pos: number): void {
  const late = op === Token.Quo || op === Token.Rem || op === Token.Shl || op === Token.Shr || t.kind === GoKind.String;
  if (late) {
    const [q] = mapAccess2(f, p.map!, p.addr!, p.key!);
    storePlace(f, p, operate(f, op, t, load(f, t, q), y, pos));
    return;
  }
  const b = y === null ? constant(f, makeInt(1), t) : rec.exprAs(f, y, t);
  f.at(pos);
  const addr = mapAssign(f, p.map!, p.addr!, p.key!);
  store(f, t, addr, 0, arith(f, op, t, load(f, t, addr), b));
}

function operate(f: FuncBuilder, op: number, t: GoType, a: Vals, y: Expr | null, pos: number): Vals {
  if (y === null) return arith(f, op, t, a, constant(f, makeInt(1), t));
  if (op === Token.Shl || op === Token.Shr) {
    const count = f.info.valueOf(y);
    const uint = f.ctx.basic(GoKind.Uint);
    if (count !== null) return [shift(f, op, t, a[0]!, constant(f, count, uint)[0]!, uint)];
    const b = rec.expr(f, y);
    f.at(pos);
    return [shift(f, op, t, a[0]!, b[0]!, f.typeOf(y))];
  }
  const b = rec.exprAs(f, y, t);
  f.at(pos);
  if (t.kind === GoKind.String) return concatVals(f, [a, b], t);
  return arith(f, op, t, a, b);
}

/** var a, b T = x, y inside a function. */
export function varSpec(f: FuncBuilder, s: ValueSpec): void {
  f.at(s.pos);
  const vars = s.names.map((n) => declared(f, n));
  if (s.values.length === 0) {
    vars.forEach((v) => { if (v !== null) declareZero(f, v, f.go(v.type)); });
    return;
  }
  const typ = s.type === null ? null : f.go(f.info.typeOf(s.type)!);
  if (s.values.length === s.names.length) {
    if (s.names.length === 1) {
      if (vars[0] !== null) defineVar(f, vars[0]!, f.go(vars[0]!.type), s.values[0]!);
      else if (typ !== null) rec.exprAs(f, s.values[0]!, typ);
      else evalDrop(f, s.values[0]!);
      return;
    }
    const types = vars.map((v, i) => (v !== null ? f.go(v.type) : typ ?? (f.info.modeOf(s.values[i]!) === Mode.NilValue ? f.ctx.basic(GoKind.UnsafePointer) : null)));
    const vals = rec.exprs(f, s.values, types);
    vals.forEach((v, i) => { vals[i] = stable(f, s.values[i]!, types[i] ?? f.typeOf(s.values[i]!), v); });
    vars.forEach((v, i) => { if (v !== null) declareInit(f, v, types[i]!, vals[i]!); });
    return;
  }
  const { vals, types } = multiValues(f, s.values[0]!);
  vars.forEach((v, i) => { if (v !== null) declareInit(f, v, f.go(v.type), assignConv(f, vals[i]!, types[i]!, f.go(v.type), '')); });
}

function declared(f: FuncBuilder, n: Ident): Var | null {
  if (n.name === '_') return null;
  const o = f.info.defOf(n);
  return o !== null && o.kind === 3 ? o : null;
}

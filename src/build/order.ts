// Order of evaluation. Spec, "Order of evaluation": calls, receives and && || happen from left to right; when variables are
// read in between is open. gc runs the calls of a statement first and reads variables after; so do we, where it can be told.

import type { Block } from '../ir/func.ts';
import { Kind, type CallExpr, type Expr, type TypeAssertExpr } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import { BuiltinId } from '../types/model.ts';
import { Mode } from '../types/operand.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { GoKind, type GoType } from './gotype.ts';
import { rec } from './rec.ts';

/** Whether evaluating e calls a function (in the widest sense) or receives. */
export function hasCall(f: FuncBuilder, e: Expr): boolean {
  switch (e.kind) {
    case Kind.Ident: case Kind.BasicLit: case Kind.FuncLit: return false;
    case Kind.ParenExpr: case Kind.StarExpr: return hasCall(f, e.x);
    case Kind.SelectorExpr: return hasCall(f, e.x);
    case Kind.UnaryExpr: return e.op === Token.Arrow || hasCall(f, e.x);
    case Kind.BinaryExpr: return hasCall(f, e.x) || hasCall(f, e.y);
    case Kind.IndexExpr: return hasCall(f, e.x) || e.indices.some((i) => hasCall(f, i));
    case Kind.SliceExpr: return hasCall(f, e.x) || (e.low !== null && hasCall(f, e.low)) || (e.high !== null && hasCall(f, e.high)) || (e.max !== null && hasCall(f, e.max));
    case Kind.TypeAssertExpr: return hasCall(f, e.x);
    case Kind.KeyValueExpr: return hasCall(f, e.key) || hasCall(f, e.value);
    case Kind.CompositeLit: return e.elts.some((x) => hasCall(f, x));
    case Kind.CallExpr: return f.info.valueOf(e) === null && (isCall(f, e) || e.args.some((a) => hasCall(f, a)));
    default: return false;
  }
}

/** Whether a call expression is a call proper, not a conversion or one of the builtins that only compute. */
export function isCall(f: FuncBuilder, e: CallExpr): boolean {
  const mode = f.info.modeOf(e.fun);
  if (mode === Mode.TypeExpr) return false;
  if (mode !== Mode.Builtin) return true;
  switch (builtinId(f, e.fun)) {
    case BuiltinId.Append: case BuiltinId.Copy: case BuiltinId.Recover: case BuiltinId.Panic: case BuiltinId.Delete: case BuiltinId.Close:
    case BuiltinId.Clear: case BuiltinId.Print: case BuiltinId.Println: return true;
    default: return false;
  }
}

/** The builtin that e names, -1 if none. */
export function builtinId(f: FuncBuilder, e: Expr): number {
  while (e.kind === Kind.ParenExpr) e = e.x;
  const id = e.kind === Kind.SelectorExpr ? e.sel : e;
  if (id.kind !== Kind.Ident) return -1;
  const o = f.info.objectOf(id);
  return o !== null && o.kind === 6 ? o.id : -1;
}

function isDirectCall(f: FuncBuilder, e: Expr): boolean {
  while (e.kind === Kind.ParenExpr) e = e.x;
  return (e.kind === Kind.CallExpr && f.info.valueOf(e) === null && isCall(f, e)) || (e.kind === Kind.UnaryExpr && e.op === Token.Arrow);
}

/** Whether e contains anything that happens at its turn: calls, also of builtins, conversions that allocate. */
function hasEvent(f: FuncBuilder, e: Expr): boolean {
  if (hasCall(f, e)) return true;
  switch (e.kind) {
    case Kind.ParenExpr: case Kind.StarExpr: case Kind.SelectorExpr: case Kind.UnaryExpr: return hasEvent(f, e.x);
    case Kind.TypeAssertExpr: return copiesValue(f, e) || hasEvent(f, e.x);
    case Kind.BinaryExpr: return hasEvent(f, e.x) || hasEvent(f, e.y);
    case Kind.IndexExpr: return hasEvent(f, e.x) || e.indices.some((i) => hasEvent(f, i));
    case Kind.SliceExpr: return true;
    case Kind.KeyValueExpr: return hasEvent(f, e.key) || hasEvent(f, e.value);
    case Kind.CompositeLit: return e.elts.some((x) => hasEvent(f, x));
    case Kind.CallExpr: return f.info.valueOf(e) === null && (isEvent(f, e) || e.args.some((a) => hasEvent(f, a)));
    default: return false;
  }
}

function isEvent(f: FuncBuilder, e: CallExpr): boolean {
  const mode = f.info.modeOf(e.fun);
  if (mode === Mode.TypeExpr) return isCopyingConversion(f, e);
  return true;
}

/** An assertion happens at its turn if it copies the value out of the interface: gc makes a variable for it. */
function copiesValue(f: FuncBuilder, e: TypeAssertExpr): boolean {
  const t = f.typeOf(e);
  return t.kind !== GoKind.Tuple && !t.direct;
}

/** Between strings and slices, and from slices to arrays. */
function isCopyingConversion(f: FuncBuilder, e: CallExpr): boolean {
  const to = f.typeOf(e).kind, from = f.typeOf(e.args[0]!).kind;
  return (to === GoKind.Array && from === GoKind.Slice) || (to === GoKind.String && from === GoKind.Slice) || (to === GoKind.Slice && from === GoKind.String);
}

/** Evaluates the calls inside e now and keeps their results for when e is evaluated. */
export function hoist(f: FuncBuilder, e: Expr): void {
  if (f.pre.has(e.id) || !hasEvent(f, e)) return;
  switch (e.kind) {
    case Kind.ParenExpr: case Kind.StarExpr: case Kind.SelectorExpr: hoist(f, e.x); return;
    case Kind.UnaryExpr:
      if (e.op === Token.Arrow) f.pre.set(e.id, rec.expr(f, e));
      else hoist(f, e.x);
      return;
    case Kind.BinaryExpr:
      if ((e.op === Token.AndAnd || e.op === Token.OrOr) && hasCall(f, e)) f.pre.set(e.id, rec.expr(f, e));
      else if (e.op !== Token.AndAnd && e.op !== Token.OrOr) { hoist(f, e.x); hoist(f, e.y); }
      return;
    case Kind.IndexExpr: hoist(f, e.x); for (const i of e.indices) hoist(f, i); return;
    case Kind.SliceExpr: f.pre.set(e.id, rec.expr(f, e)); return;
    case Kind.TypeAssertExpr:
      if (copiesValue(f, e)) f.pre.set(e.id, rec.expr(f, e));
      else hoist(f, e.x);
      return;
    case Kind.KeyValueExpr: hoist(f, e.key); hoist(f, e.value); return;
    case Kind.CompositeLit: for (const x of e.elts) hoist(f, x); return;
    case Kind.CallExpr:
      if (isEvent(f, e)) f.pre.set(e.id, rec.expr(f, e));
      else for (const a of e.args) hoist(f, a);
  }
}

/** Values of a list of operands. types[i] null: the operand's own type. */
export function exprs(f: FuncBuilder, list: readonly Expr[], types: readonly (GoType | null)[]): Vals[] {
  const n = list.length;
  const out = new Array<Vals | null>(n).fill(null) as Vals[];
  let last = n - 1;
  while (last > 0 && !hasCall(f, list[last]!)) last--;
  if (last > 0) {
    for (let i = 0; i <= last; i++) {
      if (isDirectCall(f, list[i]!) && !f.pre.has(list[i]!.id)) out[i] = one(f, list[i]!, types[i]!);
      else hoist(f, list[i]!);
    }
  }
  for (let i = 0; i < n; i++) if (out[i] === null) out[i] = one(f, list[i]!, types[i]!);
  return out;
}

function one(f: FuncBuilder, e: Expr, t: GoType | null): Vals {
  return t === null ? rec.expr(f, e) : rec.exprAs(f, e, t);
}

/** Builds `then` and `otherwise` on the two sides of a condition, and goes on behind both. */
export function ifElse(f: FuncBuilder, cond: (yes: Block, no: Block) => void, then: () => void, otherwise: (() => void) | null): void {
  const yes = f.block(), join = f.block();
  const no = otherwise === null ? join : f.block();
  cond(yes, no);
  f.start(yes);
  then();
  f.jump(join);
  if (otherwise !== null) {
    f.start(no);
    otherwise();
    f.jump(join);
  }
  f.start(join);
}

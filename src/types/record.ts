// Recording of results where more than one entry of Info is concerned.
import type { Expr, Ident, Node, SelectorExpr } from '../syntax/ast.ts';
import { Kind } from '../syntax/ast.ts';
import type { Value } from '../constant/value.ts';
import type { Checker } from './checker.ts';
import { instantiatedIdent } from './info.ts';
import type { Func, Obj, Scope, SelectionKind, Signature, Type } from './model.ts';
import { Tuple, Var, VarKind } from './model.ts';
import { Mode } from './operand.ts';

/** Records mode, type and value of an expression. */
export function recordTypeAndValue(c: Checker, e: Expr, mode: Mode, t: Type, val: Value | null): void {
  c.info.setType(e, mode, t, val);
}

/** Records that e is the type t. */
export function recordType(c: Checker, e: Expr, t: Type): void {
  c.info.setType(e, Mode.TypeExpr, t, null);
}

export function recordDef(c: Checker, id: Ident, obj: Obj | null): void {
  c.info.setDef(id, obj);
}

export function recordUse(c: Checker, id: Ident, obj: Obj): void {
  c.info.setUse(id, obj);
}

export function recordImplicit(c: Checker, n: Node, obj: Obj): void {
  c.info.setImplicit(n, obj);
}

export function recordScope(c: Checker, n: Node, scope: Scope): void {
  c.info.setScope(n, scope);
}

/** Records what x.f selects. */
export function recordSelection(
  c: Checker,
  e: SelectorExpr,
  kind: SelectionKind,
  recv: Type,
  obj: Var | Func,
  index: number[],
  indirect: boolean,
): void {
  c.info.setUse(e.sel, obj);
  c.info.setSelection(e, { kind, recv, obj, index, indirect, type: obj.type });
}

/** Records the type arguments of a generic function or type used as e. */
export function recordInstance(c: Checker, e: Expr, targs: Type[], type: Type): void {
  const id = instantiatedIdent(e);
  if (id !== null) c.info.setInstance(id, { targs, type });
}

/** Records the signature that a call of a predeclared function has. */
export function recordBuiltinType(c: Checker, f: Expr, sig: Signature): void {
  for (;;) {
    c.info.setType(f, Mode.Builtin, sig, null);
    if (f.kind !== Kind.ParenExpr) return;
    f = f.x;
  }
}

/** Records that e is used in its comma-ok form. */
export function recordCommaOkTypes(c: Checker, e: Expr, [t0, t1]: readonly [Type, Type]): void {
  const v = (t: Type): Var => new Var(VarKind.Local, e.pos, c.pkg, '', t);
  const tuple = new Tuple([v(t0), v(t1)]);
  for (;;) {
    c.info.setType(e, c.info.modeOf(e), tuple, null);
    if (e.kind !== Kind.ParenExpr) return;
    e = e.x;
  }
}

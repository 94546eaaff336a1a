// Checking expressions whose result doesn't matter, after an error elsewhere: so that their own errors are found and the
// variables in them count as used.
import { Kind, type Expr } from '../syntax/ast.ts';
import type { Checker } from './checker.ts';
import { ObjKind, type Var } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { unparen } from './unparen.ts';
import { exprOrType } from './values.ts';

/** Checks each expression; reports whether all are without errors. */
export function use(c: Checker, exprs: readonly (Expr | null)[]): boolean {
  return useAll(c, exprs, false);
}

/** As use, for left sides of assignments: a variable there is not used by that. */
export function useLHS(c: Checker, exprs: readonly Expr[]): boolean {
  return useAll(c, exprs, true);
}

function useAll(c: Checker, exprs: readonly (Expr | null)[], lhs: boolean): boolean {
  let ok = true;
  for (const e of exprs) if (e !== null && !useOne(c, e, lhs)) ok = false;
  return ok;
}

function useOne(c: Checker, e: Expr, lhs: boolean): boolean {
  const x = new Operand();
  const n = unparen(e);
  if (n.kind === Kind.Ident) {
    if (n.name === '_') return true;
    const v = lhs ? localVar(c, n.name) : null;
    const used = v !== null && v.used;
    exprOrType(c, x, n, true);
    if (v !== null) v.used = used;
  } else if (n.kind === Kind.KeyValueExpr) {
    return useOne(c, n.value, lhs);
  } else {
    c.rec.rawExpr(c, null, x, e, null, true);
  }
  return x.mode !== Mode.Invalid;
}

/** The variable of this package that the name denotes, or null. */
export function localVar(c: Checker, name: string): Var | null {
  const obj = c.lookup(name);
  return obj !== null && obj.kind === ObjKind.Var && obj.pkg === c.pkg ? obj : null;
}

// Facts about local variables that later stages ask for: is the address taken, is it assigned after its declaration, does
// a function literal refer to it. They are collected on the way, where the rules touch the variable anyway.
import { Kind, type Expr } from '../syntax/ast.ts';
import type { Checker } from './checker.ts';
import { ObjKind, TypeKind, under, Var, VarKind } from './model.ts';

/** Makes a local variable of the function being checked. Its type is still to come. */
export function newLocalVar(c: Checker, pos: number, name: string): Var {
  const v = new Var(VarKind.Local, pos, c.pkg, name, null);
  v.owner = c.env.sig;
  return v;
}

/** Returns the variable that the storage of e is part of, without following a pointer or slice; null if there is none. */
function rootVar(c: Checker, e: Expr): Var | null {
  for (;;) {
    switch (e.kind) {
      case Kind.Ident: {
        const obj = c.info.objectOf(e);
        return obj !== null && obj.kind === ObjKind.Var ? obj : null;
      }
      case Kind.ParenExpr:
        e = e.x;
        break;
      case Kind.SelectorExpr: {
        const s = c.info.selectionOf(e);
        if (s === null) return null;
        if (s.indirect) return null;
        e = e.x;
        break;
      }
      case Kind.IndexExpr: {
        const t = c.info.typeOf(e.x);
        if (t === null || under(t).kind !== TypeKind.Array) return null;
        e = e.x;
        break;
      }
      default:
        return null;
    }
  }
}

/** Notes that the address of e's variable is taken. */
export function addressTaken(c: Checker, e: Expr): void {
  const v = rootVar(c, e);
  if (v !== null) v.addrTaken = true;
}

/** Notes that e, the left side of an assignment, changes its variable. */
export function assigned(c: Checker, e: Expr): void {
  const v = rootVar(c, e);
  if (v !== null) v.reassigned = true;
}

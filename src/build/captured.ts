// Which variables the bodies of range loops over functions capture: the checker marks those of function literals only.

import { Kind, type Node, type RangeStmt } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import { forEachChild } from '../syntax/walk.ts';
import { ObjKind, VarKind, type Obj } from '../types/model.ts';
import type { FuncBuilder } from './builder.ts';

/** Before a function with such a loop is built: variables from outside that the body uses count as captured by a closure. */
export function markCaptured(f: FuncBuilder, s: RangeStmt): void {
  const lo = s.body.pos, hi = s.body.rbrace;
  const assigned = s.tok === Token.Assign;
  const mark = (v: Obj | null, from: number, to: number, reassigned: boolean): void => {
    if (v === null || v.kind !== ObjKind.Var || v.varKind === VarKind.Package || v.varKind === VarKind.Field || (v.pos >= from && v.pos <= to)) return;
    v.captured = true;
    if (reassigned) v.reassigned = true;
  };
  const visit = (n: Node): void => {
    if (n.kind === Kind.Ident) mark(f.info.objectOf(n), lo, hi, false);
    else forEachChild(n, visit);
  };
  const variable = (n: Node): void => {
    if (n.kind === Kind.Ident) mark(f.info.objectOf(n), 0, 0, true);
    else forEachChild(n, variable);
  };
  if (assigned) for (const e of [s.key, s.value]) if (e !== null) variable(e);
  visit(s.body);
}

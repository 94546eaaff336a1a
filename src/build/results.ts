// Returning: values of return statements, results in memory, deferred calls.

import type { Value } from '../ir/func.ts';
import { Kind, type CallExpr, type Expr } from '../syntax/ast.ts';
import { LocalKind, type FuncBuilder, type Vals } from './builder.ts';
import { assignConv } from './convert.ts';
import { stable } from './expr.ts';
import type { GoType } from './gotype.ts';
import { store } from './mem.ts';
import { loadLocal } from './place.ts';
import { rec } from './rec.ts';

/** The values of a return statement as the results' types, safe from each other's assignment. */
export function storeResults(f: FuncBuilder, list: readonly Expr[], types: readonly GoType[]): Vals[] {
  if (list.length === 1 && types.length > 1) {
    let x = list[0]!;
    while (x.kind === Kind.ParenExpr) x = x.x;
    const from = f.typeOf(x).params;
    return rec.callMulti(f, x as CallExpr).map((v, i) => assignConv(f, v, from[i]!, types[i]!, ''));
  }
  const vals = rec.exprs(f, list, types);
  return vals.length === 1 ? vals : vals.map((v, i) => stable(f, list[i]!, types[i]!, v));
}

/** Returns evaluated results. */
export function returnValues(f: FuncBuilder, vals: readonly Vals[]): void {
  const flat: Value[] = [];
  vals.forEach((v, i) => {
    const addr = f.sret[i];
    if (addr != null) store(f, f.resultTypes[i]!, addr, 0, v);
    else flat.push(...v);
  });
  f.ret(flat);
}

/** Returns what the result variables hold; runs deferred calls first. */
export function finishReturn(f: FuncBuilder): void {
  if (f.defers !== null) {
    f.jump(f.defers.block);
    return;
  }
  returnValues(f, f.results.map((l, i) => (f.sret[i] != null && l.kind === LocalKind.fixed && l.addr === f.sret[i] ? [l.addr] : loadLocal(f, l))));
}

// Which functions may be suspended or panic, and so have the suspending signature (contract, section 2).
// Out: Func.suspends and CallAux.suspends. A function does not suspend if it has no check, no poll, no indirect
// call, no suspending kernel call, and calls only functions that don't; recursion always suspends (its depth is checked).

import { Flag, Op, ops } from '../ir/op.ts';
import type { CallAux, Func } from '../ir/func.ts';
import type { Program } from '../ir/program.ts';
import { bottomUp } from './callgraph.ts';

/** Sets `suspends` of every function and call of the program; returns the call graph's components, callees first. */
export function markSuspending(p: Program): Func[][] {
  for (const f of p.funcs.values()) f.suspends = true;
  const components = bottomUp(p);
  for (const component of components) {
    const f = component[0]!;
    f.suspends = component.length > 1 || suspends(p, f);
  }
  for (const f of p.funcs.values()) markCalls(p, f);
  return components;
}

/** Sets `suspends` of the calls in f. */
export function markCalls(p: Program, f: Func): void {
  for (const b of f.blocks) for (const v of b.values) {
    if (v.op === Op.call) (v.aux as CallAux).suspends = p.funcs.get((v.aux as CallAux).sym)?.suspends ?? true;
  }
}

/** Whether f, which is in no recursion with others, may suspend; its callees' `suspends` are set. */
export function suspends(p: Program, f: Func): boolean {
  if (f.closure || f.addressTaken) return true;
  const calls = (sym: string): boolean => {
    const g = p.funcs.get(sym);
    return g === undefined || g === f || g.suspends;
  };
  const form = f.compiled?.form;
  if (form != null) return form.waits || form.final.some(calls);
  return waits(f) || f.blocks.some((b) => b.values.some((v) => v.op === Op.call && calls((v.aux as CallAux).sym)));
}

/** Whether something in f suspends or panics, direct calls left out. */
export function waits(f: Func): boolean {
  if (f.deferReturn !== null) return true;
  for (const b of f.blocks) for (const v of b.values) {
    if ((ops[v.op]!.flags & Flag.panics) !== 0 || v.op === Op.poll || v.op === Op.calli) return true;
    if (v.op === Op.callk && (v.aux as CallAux).suspends) return true;
  }
  return false;
}

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
    f.suspends = component.length > 1 || f.closure || f.addressTaken || f.deferReturn !== null || maySuspend(p, f);
  }
  for (const f of p.funcs.values()) for (const b of f.blocks) for (const v of b.values) {
    if (v.op === Op.call) (v.aux as CallAux).suspends = p.funcs.get((v.aux as CallAux).sym)?.suspends ?? true;
  }
  return components;
}

function maySuspend(p: Program, f: Func): boolean {
  for (const b of f.blocks) for (const v of b.values) {
    const flags = ops[v.op]!.flags;
    if ((flags & Flag.panics) !== 0 || v.op === Op.poll || v.op === Op.calli) return true;
    if (v.op === Op.callk && (v.aux as CallAux).suspends) return true;
    if (v.op === Op.call) {
      const g = p.funcs.get((v.aux as CallAux).sym);
      if (g === undefined || g === f || g.suspends) return true;
    }
  }
  return false;
}

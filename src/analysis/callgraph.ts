// The direct-call graph and its strongly connected components, callees before callers (Tarjan).

import type { CallAux, Func } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import type { Program } from '../ir/program.ts';

/** Components of the call graph in bottom-up order: a function's callees are in its own or an earlier component. */
export function bottomUp(p: Program): Func[][] {
  const index = new Map<Func, number>();
  const low = new Map<Func, number>();
  const onStack = new Set<Func>();
  const stack: Func[] = [];
  const out: Func[][] = [];
  const work: { f: Func; calls: Func[]; i: number }[] = [];
  const open = (f: Func): void => {
    index.set(f, index.size);
    low.set(f, index.size - 1);
    stack.push(f);
    onStack.add(f);
    work.push({ f, calls: callees(p, f), i: 0 });
  };
  for (const root of p.funcs.values()) {
    if (index.has(root)) continue;
    open(root);
    while (work.length > 0) {
      const top = work[work.length - 1]!;
      if (top.i < top.calls.length) {
        const g = top.calls[top.i++]!;
        if (!index.has(g)) open(g);
        else if (onStack.has(g)) low.set(top.f, Math.min(low.get(top.f)!, index.get(g)!));
        continue;
      }
      work.pop();
      const below = work[work.length - 1];
      if (below !== undefined) low.set(below.f, Math.min(low.get(below.f)!, low.get(top.f)!));
      if (low.get(top.f) === index.get(top.f)) out.push(popComponent(stack, onStack, top.f));
    }
  }
  return out;
}

function popComponent(stack: Func[], onStack: Set<Func>, until: Func): Func[] {
  const component: Func[] = [];
  for (;;) {
    const f = stack.pop()!;
    onStack.delete(f);
    component.push(f);
    if (f === until) return component;
  }
}

/** Functions that f calls directly, each once. */
export function callees(p: Program, f: Func): Func[] {
  const set = new Set<Func>();
  if (f.compiled !== null) {
    for (const sym of f.compiled.form?.final ?? f.compiled.built.keys()) {
      const g = p.funcs.get(sym);
      if (g !== undefined) set.add(g);
    }
    return [...set];
  }
  for (const b of f.blocks) for (const v of b.values) {
    if (v.op !== Op.call) continue;
    const g = p.funcs.get((v.aux as CallAux).sym);
    if (g !== undefined) set.add(g);
  }
  return [...set];
}

// The direct-call graph and its strongly connected components, callees before callers (Tarjan).

import type { CallAux, Func } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import type { Program } from '../ir/program.ts';

/** Components of the call graph in bottom-up order: a function's callees are in its own or an earlier component. */
export function bottomUp(p: Program): Func[][] {
  return components(p, new Map());
}

/**
 * The same; and where the order of calls leaves the choice, the functions whose address a function takes come before it, too: a pass
 * may find out that they are called.
 */
export function bottomUpWithMentions(p: Program): Func[][] {
  const calls = new Map<Func, Func[]>();
  return order(p, components(p, calls), calls);
}

/** `calls` is filled with the callees of each function. */
function components(p: Program, calls: Map<Func, Func[]>): Func[][] {
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
    const list = callees(p, f);
    calls.set(f, list);
    work.push({ f, calls: list, i: 0 });
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

/** A component on its way out: what must be out before it, then what should. */
interface Pending { readonly c: Func[]; readonly before: readonly Func[][]; readonly direct: number; i: number }

/**
 * Puts components in an order in which mentions come first. A component that is entered by a mention while one that it calls is still
 * pending would come out before that one; it waits, and comes out when it is reached by the outer walk.
 */
function order(p: Program, list: readonly Func[][], calls: ReadonlyMap<Func, readonly Func[]>): Func[][] {
  const home = new Map<Func, Func[]>();
  for (const c of list) for (const f of c) home.set(f, c);
  const done = new Set<Func[]>();
  const pending = new Set<Func[]>();
  const waiting = new Set<Func[]>();
  const out: Func[][] = [];
  const work: Pending[] = [];
  const enter = (c: Func[]): void => {
    pending.add(c);
    const direct = c.flatMap((f) => calls.get(f)!.map((g) => home.get(g)!)).filter((d) => d !== c);
    work.push({ c, before: [...direct, ...c.flatMap((f) => mentions(p, f).map((g) => home.get(g)!))], direct: direct.length, i: 0 });
  };
  for (const root of list) {
    if (done.has(root)) continue;
    enter(root);
    while (work.length > 0) {
      const top = work[work.length - 1]!;
      if (top.i < top.before.length) {
        const d = top.before[top.i++]!;
        if (!done.has(d) && !pending.has(d) && (top.i <= top.direct || !waiting.has(d))) enter(d);
        continue;
      }
      work.pop();
      pending.delete(top.c);
      if (top.before.slice(0, top.direct).every((d) => done.has(d))) {
        done.add(top.c);
        out.push(top.c);
      } else waiting.add(top.c);
    }
    waiting.clear();
  }
  return out;
}

/** Functions whose address f takes. */
function mentions(p: Program, f: Func): Func[] {
  const list: Func[] = [];
  const add = (sym: string): void => {
    const g = p.funcs.get(sym);
    if (g !== undefined) list.push(g);
  };
  if (f.compiled !== null) for (const sym of f.compiled.built.addresses.keys()) add(sym);
  else for (const b of f.blocks) for (const v of b.values) if (v.op === Op.funcindex) add(v.aux as string);
  return list;
}

/** Functions that f calls directly, each once. */
export function callees(p: Program, f: Func): Func[] {
  const set = new Set<Func>();
  if (f.compiled !== null) {
    for (const sym of f.compiled.form?.final ?? f.compiled.built.calls.keys()) {
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

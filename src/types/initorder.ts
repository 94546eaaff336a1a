// The order in which package-level variables are initialized. Spec: "Package initialization".
// Functions are looked through: a variable depends on the variables and constants that are reachable through functions.
// In: the dependencies noted in each DeclInfo. Out: info.initOrder; cycles are reported.
import type { Checker } from './checker.ts';
import { checkFuncBody } from './decl.ts';
import { ErrorDesc, err } from './errors.ts';
import type { Initializer } from './info.ts';
import type { DeclInfo, Obj } from './model.ts';
import { ObjKind } from './model.ts';

interface Node {
  readonly obj: Obj;
  /** Nodes that depend on this one. */
  readonly pred: Node[];
  /** Outstanding dependencies. */
  ndeps: number;
  done: boolean;
}

/** Computes the initialization order. Bodies not checked yet are, if an initializer may call them. */
export function initOrder(c: Checker): void {
  const queue = new Queue();
  for (const n of dependencyGraph(c)) queue.push(n);
  const emitted = new Set<DeclInfo>();
  const order: Initializer[] = [];
  for (let n = queue.pop(); n !== null; n = queue.pop()) {
    if (n.ndeps > 0) {
      const cycle = findPath(n.obj, n.obj, new Set());
      // If there is none, n only depends on a cycle that is reported for its own members.
      if (cycle !== null) reportCycle(c, cycle);
    }
    for (const p of n.pred) {
      p.ndeps--;
      if (!p.done) queue.push(p);
    }
    const obj = n.obj;
    if (obj.kind !== ObjKind.Var) continue;
    const d = obj.decl!;
    if (d.init === null || emitted.has(d)) continue;
    emitted.add(d);
    order.push({ lhs: d.lhs ?? [obj], rhs: d.init });
  }
  c.info.initOrder = order;
}

/** Makes the graph of variables and constants. */
function dependencyGraph(c: Checker): Node[] {
  const nodes = new Map<Obj, Node>();
  for (const obj of c.objList) {
    if (obj.kind === ObjKind.Var || obj.kind === ObjKind.Const) nodes.set(obj, { obj, pred: [], ndeps: 0, done: false });
  }
  for (const n of nodes.values()) {
    const succ = new Set<Node>();
    const funcs = new Set<Obj>();
    const walk = (deps: Set<Obj> | null): void => {
      if (deps === null) return;
      for (const d of deps) {
        if (d.kind === ObjKind.Func) {
          if (funcs.has(d)) continue;
          funcs.add(d);
          if (c.conf.lazyBodies === true && !d.bodyDone) {
            checkFuncBody(c, d);
            c.processDelayed(0);
          }
          walk(d.decl!.deps);
        } else {
          const m = nodes.get(d);
          if (m !== undefined) succ.add(m);
        }
      }
    };
    walk(n.obj.decl!.deps);
    n.ndeps = succ.size;
    for (const m of succ) m.pred.push(n);
  }
  return [...nodes.values()];
}

/** Returns a path of dependencies from `from` to `to`, last first; null if there is none. */
function findPath(from: Obj, to: Obj, seen: Set<Obj>): Obj[] | null {
  if (seen.has(from)) return null;
  seen.add(from);
  const deps = [...(from.decl?.deps ?? [])].sort((a, b) => a.order - b.order);
  for (const d of deps) {
    if (d === to) return [d];
    const path = findPath(d, to, seen);
    if (path !== null) {
      path.push(d);
      return path;
    }
  }
  return null;
}

function reportCycle(c: Checker, cycle: readonly Obj[]): void {
  let obj = cycle[0];
  if (cycle.length === 1) {
    err(c, obj, 'InvalidInitCycle', `initialization cycle: ${obj.name} refers to itself`);
    return;
  }
  const desc = new ErrorDesc(c, 'InvalidInitCycle').add(obj, `initialization cycle for ${obj.name}`);
  for (let i = cycle.length - 1; i >= 0; i--) {
    const next = cycle[i];
    desc.add(obj, `${obj.name} refers to ${next.name}`);
    obj = next;
  }
  desc.report();
}

/** A heap of nodes: constants first, then by outstanding dependencies, then in source order. A node whose count changes is
 * pushed again; outdated entries are skipped. */
class Queue {
  private readonly heap: { node: Node; key: number }[] = [];

  push(node: Node): void {
    const key = keyOf(node);
    const h = this.heap;
    let i = h.length;
    h.push({ node, key });
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (h[up].key <= h[i].key) break;
      [h[up], h[i]] = [h[i], h[up]];
      i = up;
    }
  }

  /** Removes and returns the first node, null if there is none left. */
  pop(): Node | null {
    while (this.heap.length > 0) {
      const { node, key } = this.removeMin();
      if (node.done || key !== keyOf(node)) continue;
      node.done = true;
      return node;
    }
    return null;
  }

  private removeMin(): { node: Node; key: number } {
    const h = this.heap;
    const min = h[0];
    const last = h.pop()!;
    if (h.length === 0) return min;
    h[0] = last;
    for (let i = 0; ; ) {
      let child = 2 * i + 1;
      if (child >= h.length) break;
      if (child + 1 < h.length && h[child + 1].key < h[child].key) child++;
      if (h[i].key <= h[child].key) break;
      [h[i], h[child]] = [h[child], h[i]];
      i = child;
    }
    return min;
  }
}

/** Order in source below 2^24, dependencies above, constants before all variables. */
function keyOf(n: Node): number {
  const key = n.ndeps * 0x1000000 + n.obj.order;
  return n.obj.kind === ObjKind.Const ? key - 2 ** 51 : key;
}

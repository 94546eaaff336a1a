// Makes a graph reducible: a loop with several entries gets one header that selects the entry by a local. Such loops
// come only from goto into a loop's body, so the cost does not matter; correctness and size stay linear.
import { NodeKind, Term } from './graph.ts';
import type { Graph, Node } from './graph.ts';

/** Rewrites the graph in place; tells whether it changed anything. The graph must be analysed before and after. */
export function makeReducible(g: Graph): boolean {
  if (!g.isIrreducible()) return false;
  split(g, g.rpo.slice());
  return true;
}

/** Gives every strongly connected part of `nodes` one entry, then looks inside it. */
function split(g: Graph, nodes: Node[]): void {
  for (const part of components(nodes)) {
    const inside = new Set(part);
    if (part.length === 1 && !part[0].succs.includes(part[0])) continue;
    const entries = part.filter((n) => n === g.entry || n.preds.some((p) => !inside.has(p)));
    if (entries.length === 1) split(g, part.filter((n) => n !== entries[0]));
    else {
      const added = joinEntries(g, entries);
      split(g, [...part, ...added]);
    }
  }
}

/** Redirects all edges to the entries through one select node. Gives the nodes that lie inside the loop. */
function joinEntries(g: Graph, entries: readonly Node[]): Node[] {
  const select = g.add(NodeKind.select, Term.switch);
  const setters: Node[] = [];
  entries.forEach((e, i) => {
    const preds = e.preds;
    e.preds = [select];
    for (const p of new Set(preds)) {
      p.succs.forEach((s, k) => {
        if (s !== e) return;
        const set = g.add(NodeKind.setSelect, Term.jump);
        set.site = i;
        set.succs = [select];
        set.preds = [p];
        // The copies of an edge belong to its source; a switch's were split off before.
        p.succs[k] = set;
        setters.push(set);
        select.preds.push(set);
      });
    }
    select.succs.push(e);
    select.table.push(i);
  });
  return setters;
}

/** Tarjan's strongly connected components of the subgraph on `nodes`, without recursion. */
function components(nodes: readonly Node[]): Node[][] {
  const member = new Set(nodes);
  const index = new Map<Node, number>();
  const low = new Map<Node, number>();
  const onStack = new Set<Node>();
  const stack: Node[] = [];
  const result: Node[][] = [];
  for (const root of nodes) {
    if (index.has(root)) continue;
    const calls: { n: Node; i: number }[] = [{ n: root, i: 0 }];
    while (calls.length > 0) {
      const top = calls[calls.length - 1];
      const n = top.n;
      if (top.i === 0) {
        index.set(n, index.size);
        low.set(n, index.get(n)!);
        stack.push(n);
        onStack.add(n);
      }
      if (top.i < n.succs.length) {
        const s = n.succs[top.i++];
        if (!member.has(s)) continue;
        if (!index.has(s)) calls.push({ n: s, i: 0 });
        else if (onStack.has(s)) low.set(n, Math.min(low.get(n)!, index.get(s)!));
        continue;
      }
      calls.pop();
      if (calls.length > 0) {
        const p = calls[calls.length - 1].n;
        low.set(p, Math.min(low.get(p)!, low.get(n)!));
      }
      if (low.get(n) !== index.get(n)) continue;
      const part: Node[] = [];
      for (let x = stack.pop()!; ; x = stack.pop()!) {
        onStack.delete(x);
        part.push(x);
        if (x === n) break;
      }
      result.push(part);
    }
  }
  return result;
}

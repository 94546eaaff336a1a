// Orders and dominators of a function's control-flow graph. The deferreturn block is a second root: the kernel may
// enter it at any time, so nothing but itself dominates it.

import type { Block, Func } from '../ir/func.ts';

/** Blocks that can be reached, each after its predecessors but for back edges. */
export function reversePostorder(f: Func): Block[] {
  const seen = new Uint8Array(f.numBlocks);
  const post: Block[] = [];
  if (f.deferReturn !== null) visit(f.deferReturn, seen, post);
  visit(f.entry, seen, post);
  return post.reverse();
}

function visit(root: Block, seen: Uint8Array, post: Block[]): void {
  if (seen[root.id] === 1) return;
  seen[root.id] = 1;
  const blocks: Block[] = [root];
  const next: number[] = [0];
  while (blocks.length > 0) {
    const top = blocks.length - 1;
    const b = blocks[top]!;
    const i = next[top]!;
    if (i < b.succs.length) {
      next[top] = i + 1;
      const s = b.succs[i]!;
      if (seen[s.id] === 0) { seen[s.id] = 1; blocks.push(s); next.push(0); }
    } else { post.push(b); blocks.pop(); next.pop(); }
  }
}

/** The dominator tree. Indices are block ids. */
export interface DominatorTree {
  readonly order: readonly Block[];
  /** Position in `order`, -1 for blocks that can't be reached. */
  readonly number: Int32Array;
  /** Immediate dominator, null for roots and unreachable blocks. */
  readonly idom: readonly (Block | null)[];
  readonly children: readonly (readonly Block[])[];
  /** Preorder entry and exit numbers, for `dominates`. */
  readonly pre: Int32Array;
  readonly post: Int32Array;
}

/** Dominators by the iterative algorithm of Cooper, Harvey and Kennedy. */
export function dominatorTree(f: Func): DominatorTree {
  const order = reversePostorder(f);
  const number = new Int32Array(f.numBlocks).fill(-1);
  order.forEach((b, i) => { number[b.id] = i; });
  const idom = new Array<Block | null>(f.numBlocks).fill(null);
  const done = new Uint8Array(f.numBlocks);
  const root = new Uint8Array(f.numBlocks);
  root[f.entry.id] = 1;
  if (f.deferReturn !== null) root[f.deferReturn.id] = 1;
  for (let changed = true; changed;) {
    changed = false;
    for (const b of order) {
      if (root[b.id] === 1) { done[b.id] = 1; continue; }
      let best: Block | null = null;
      let first = true;
      for (const p of b.preds) {
        if (done[p.id] === 0) continue;
        best = first ? p : intersect(best, p, idom, number);
        first = false;
      }
      if (done[b.id] === 0 || best !== idom[b.id]) { done[b.id] = 1; idom[b.id] = best; changed = true; }
    }
  }
  return numberTree(f, order, number, idom);
}

function intersect(a: Block | null, b: Block | null, idom: readonly (Block | null)[], number: Int32Array): Block | null {
  while (a !== b) {
    if (a === null || b === null) return null;
    if (number[a.id]! > number[b.id]!) a = idom[a.id]!; else b = idom[b.id]!;
  }
  return a;
}

function numberTree(f: Func, order: Block[], number: Int32Array, idom: (Block | null)[]): DominatorTree {
  const children: Block[][] = Array.from({ length: f.numBlocks }, () => []);
  const roots: Block[] = [];
  for (const b of order) {
    const d = idom[b.id];
    if (d === null || d === undefined) roots.push(b); else children[d.id]!.push(b);
  }
  const pre = new Int32Array(f.numBlocks);
  const post = new Int32Array(f.numBlocks);
  let clock = 0;
  const stack: { b: Block; i: number }[] = [];
  for (const r of roots) {
    pre[r.id] = ++clock;
    stack.push({ b: r, i: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const kids = children[top.b.id]!;
      if (top.i < kids.length) { const k = kids[top.i++]!; pre[k.id] = ++clock; stack.push({ b: k, i: 0 }); }
      else { post[top.b.id] = ++clock; stack.pop(); }
    }
  }
  return { order, number, idom, children, pre, post };
}

/** Does a dominate b (or are they the same)? */
export function dominates(t: DominatorTree, a: Block, b: Block): boolean {
  return t.pre[a.id]! <= t.pre[b.id]! && t.post[b.id]! <= t.post[a.id]!;
}

// Natural loops: back edges to a dominating header. An irreducible cycle has no loop here and is left alone.

import type { Block, Func } from '../ir/func.ts';
import { dominates } from './graph.ts';
import type { DominatorTree } from './graph.ts';

export interface Loop {
  readonly header: Block;
  /** Enclosing loop. */
  parent: Loop | null;
  /** 1 for an outermost loop. */
  depth: number;
  /** All blocks, those of inner loops included. */
  readonly blocks: Set<Block>;
  /** Predecessors of the header inside the loop. */
  readonly latches: Block[];
}

export interface LoopForest {
  readonly loops: readonly Loop[];
  /** Innermost loop by block id. */
  readonly innermost: readonly (Loop | null)[];
}

/** The loops of f, inner ones before those around them. */
export function findLoops(f: Func, t: DominatorTree): LoopForest {
  const loops: Loop[] = [];
  const innermost = new Array<Loop | null>(f.numBlocks).fill(null);
  for (let i = t.order.length - 1; i >= 0; i--) {
    const header = t.order[i]!;
    const latches = header.preds.filter((p) => t.number[p.id]! >= 0 && dominates(t, header, p));
    if (latches.length > 0) loops.push(collect(header, latches, t));
  }
  for (const l of loops) for (const b of l.blocks) {
    const inner = innermost[b.id];
    if (inner === null) innermost[b.id] = l;
    else { let top = inner!; while (top.parent !== null && top.parent !== l) top = top.parent; if (top !== l) top.parent = l; }
  }
  for (let i = loops.length - 1; i >= 0; i--) { const l = loops[i]!; l.depth = l.parent === null ? 1 : l.parent.depth + 1; }
  return { loops, innermost };
}

function collect(header: Block, latches: Block[], t: DominatorTree): Loop {
  const blocks = new Set<Block>([header]);
  const work = [...latches];
  for (let b = work.pop(); b !== undefined; b = work.pop()) {
    if (blocks.has(b)) continue;
    blocks.add(b);
    for (const p of b.preds) if (t.number[p.id]! >= 0) work.push(p);
  }
  return { header, parent: null, depth: 0, blocks, latches };
}

/** Is block b inside loop l? */
export function inLoop(forest: LoopForest, b: Block, l: Loop): boolean {
  for (let x = forest.innermost[b.id] ?? null; x !== null; x = x.parent) if (x === l) return true;
  return false;
}

/** Nesting depth of a block, 0 outside loops. */
export function loopDepth(forest: LoopForest, b: Block): number {
  return forest.innermost[b.id]?.depth ?? 0;
}

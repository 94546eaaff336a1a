// deadcode: removes blocks that can't be reached and values that nothing needs. Requires nothing, keeps all.

import { reversePostorder } from '../analysis/graph.ts';
import type { Func, Value } from '../ir/func.ts';
import { countUses, isRemovable, removeEdge } from './edit.ts';

/** Removes unreachable blocks and unused values. */
export function deadcode(f: Func): boolean {
  const removed = removeUnreachable(f);
  return removeUnused(f) || removed;
}

function removeUnreachable(f: Func): boolean {
  const order = reversePostorder(f);
  if (order.length === f.blocks.length) return false;
  const live = new Uint8Array(f.numBlocks);
  for (const b of order) live[b.id] = 1;
  for (const b of f.blocks) if (live[b.id] === 0) for (let i = b.succs.length - 1; i >= 0; i--) removeEdge(b, i);
  f.blocks = f.blocks.filter((b) => live[b.id] === 1);
  countUses(f);
  return true;
}

/** Mark and sweep, so that dead cycles of phis go too. */
function removeUnused(f: Func): boolean {
  const live = new Uint8Array(f.numValues);
  const work: Value[] = [];
  const mark = (v: Value): void => { if (live[v.id] === 0) { live[v.id] = 1; work.push(v); } };
  for (const b of f.blocks) {
    for (const v of b.values) if (!isRemovable(v)) mark(v);
    if (b.control !== null) mark(b.control);
    for (const r of b.results) mark(r);
  }
  for (let v = work.pop(); v !== undefined; v = work.pop()) for (const a of v.args) mark(a);
  let changed = false;
  for (const b of f.blocks) {
    if (b.values.every((v) => live[v.id] === 1)) continue;
    changed = true;
    b.values = b.values.filter((v) => live[v.id] === 1);
  }
  if (changed) countUses(f);
  return changed;
}

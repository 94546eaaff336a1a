// stackalloc: heap objects that do not escape become stack objects. In a loop the object is zeroed where it is made,
// for its space is used again; outside loops too, unless all its words are pointers: the entry zeroes those.
// Requires escape analysis' result; run before slot promotion.

import { dominatorTree } from '../analysis/graph.ts';
import { findLoops } from '../analysis/loops.ts';
import type { AllocAux, Func, MoveAux, SlotAux, Value } from '../ir/func.ts';
import { maxStackObject } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { insertValue } from './edit.ts';

/** Makes stack objects of the given newobject values; true if there was one. */
export function stackalloc(f: Func, onStack: readonly Value[]): boolean {
  const list = onStack.filter((v) => (v.aux as AllocAux).size <= maxStackObject);
  if (list.length === 0) return false;
  const forest = findLoops(f, dominatorTree(f));
  for (const v of list) {
    const a = v.aux as AllocAux;
    const slot: SlotAux = { size: Math.max(a.size, 1), align: Math.max(a.align, 1), ptrmask: a.ptrmask, name: a.name };
    const b = v.block;
    const at = b.values.indexOf(v);
    if (a.size > 0 && (forest.innermost[b.id] !== null || !allPointers(a))) {
      const aux: MoveAux = { size: a.size, align: a.align, ptrs: a.ptrmask.length > 0 };
      insertValue(f, b, at + 1, Op.zero, Type.void, [v], aux, v.pos);
    }
    v.op = Op.slot;
    v.aux = slot;
    b.values.splice(at, 1);
    v.block = f.entry;
    f.entry.values.splice(firstAfterParams(f), 0, v);
  }
  return true;
}

/** Whether every word of the object is a pointer. */
function allPointers(a: AllocAux): boolean {
  const words = Math.ceil(a.size / 8);
  for (let i = 0; i < words; i++) if (((a.ptrmask[i >> 5] ?? 0) >>> (i & 31) & 1) === 0) return false;
  return true;
}

function firstAfterParams(f: Func): number {
  let i = 0;
  while (i < f.entry.values.length && (f.entry.values[i]!.op === Op.param || f.entry.values[i]!.op === Op.slot)) i++;
  return i;
}

// stackalloc: heap objects, boxes and buffers that do not escape become stack objects. In a loop the object is zeroed where it is made,
// for its space is used again; outside loops too, unless all its words are pointers: the entry zeroes those.
// Requires escape analysis' result; run before slot promotion.

import { boxShape } from '../analysis/boxes.ts';
import type { BoxShape } from '../analysis/boxes.ts';
import { dominatorTree } from '../analysis/graph.ts';
import { findLoops } from '../analysis/loops.ts';
import type { AllocAux, Func, MoveAux, SlotAux, Value } from '../ir/func.ts';
import { maxStackObject } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { insertValue } from './edit.ts';

/** Makes stack objects of the given values, which make objects; true if there was one. */
export function stackalloc(f: Func, onStack: readonly Value[]): boolean {
  const list = onStack.filter((v) => v.op === Op.call || (v.aux as AllocAux).size <= maxStackObject);
  if (list.length === 0) return false;
  const forest = findLoops(f, dominatorTree(f));
  for (const v of list) {
    const box = boxShape(v);
    if (box !== null) { boxOnStack(f, v, box); continue; }
    const a = v.aux as AllocAux;
    const b = v.block;
    const at = b.values.indexOf(v);
    // A buffer is written before it is read.
    if (v.op !== Op.tempbuf && a.size > 0 && (forest.innermost[b.id] !== null || !allPointers(a))) {
      const aux: MoveAux = { size: a.size, align: a.align, ptrs: a.ptrmask.length > 0 };
      insertValue(f, b, at + 1, Op.zero, Type.void, [v], aux, v.pos);
    }
    becomeSlot(f, v, at, { size: Math.max(a.size, 1), align: Math.max(a.align, 1), ptrmask: a.ptrmask, name: a.name });
  }
  return true;
}

/** v, at position `at` of its block, becomes a stack object. */
function becomeSlot(f: Func, v: Value, at: number, slot: SlotAux): void {
  v.block.values.splice(at, 1);
  v.op = Op.slot;
  v.aux = slot;
  v.block = f.entry;
  f.entry.values.splice(firstAfterParams(f), 0, v);
}

/** The call v of runtime.convT… becomes a stack object in which its arguments are stored where the call was. */
function boxOnStack(f: Func, v: Value, box: BoxShape): void {
  const b = v.block;
  const at = b.values.indexOf(v);
  const { args } = v;
  v.args = [];
  becomeSlot(f, v, at, { size: box.size, align: Math.min(box.size, 8), ptrmask: box.ptrmask, name: '.box' });
  const first = b === f.entry ? at + 1 : at; // the slot is in front of it now
  box.stores.forEach(([op, offset], i) => {
    args[i]!.uses--;
    insertValue(f, b, first + i, op, Type.void, [v, args[i]!], offset, v.pos);
  });
}

/** Buffers that are still there would escape: nil. True if there was one. */
export function settleBuffers(f: Func): boolean {
  let any = false;
  for (const b of f.blocks) for (const v of b.values) if (v.op === Op.tempbuf) {
    v.op = Op.const_ptr;
    v.aux = 0;
    any = true;
  }
  return any;
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

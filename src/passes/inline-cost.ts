// How much a function's code grows its callers: what the inliner decides by.

import { BlockKind } from '../ir/func.ts';
import type { CallAux, Func, Value } from '../ir/func.ts';
import { Flag, Op, ops } from '../ir/op.ts';

/** A function of at most this cost is inlined at every call. */
export const SMALL = 44;
/** The limit where the function has only this one call. */
export const ONCE = 160;
/** How much a function that calls itself may grow by one level of its recursion. */
export const SELF = 80;

/** Rough code size of f, or Infinity if it must not be inlined. */
export function inlineCost(f: Func): number {
  return isSelfRecursive(f) ? Infinity : bodyCost(f);
}

/** Does f call itself? */
export function isSelfRecursive(f: Func): boolean {
  return f.blocks.some((b) => b.values.some((v) => v.op === Op.call && (v.aux as CallAux).sym === f.name));
}

/** The same as inlineCost, but for the recursion. */
export function bodyCost(f: Func): number {
  if (f.noinline || f.deferReturn !== null) return Infinity;
  let cost = 0;
  for (const b of f.blocks) {
    cost += b.kind === BlockKind.switch ? b.succs.length : b.kind === BlockKind.branch ? 1 : 0;
    for (const v of b.values) cost += valueCost(v);
    if (cost > ONCE) return Infinity;
  }
  return cost;
}

function valueCost(v: Value): number {
  if (v.op === Op.call || v.op === Op.calli || v.op === Op.callk) {
    const aux = v.aux as CallAux;
    return aux.noreturn === true ? 3 : 7 + aux.params.length;
  }
  switch (v.op) {
    case Op.param: case Op.phi: case Op.extract: case Op.copy: case Op.const_i32: case Op.const_i64: case Op.const_ptr: case Op.const_f32: case Op.const_f64: case Op.ptr_off: case Op.tempbuf: return 0;
    case Op.newobject: return 6;
    case Op.boundscheck: case Op.check: return 2;
    case Op.move: case Op.zero: return 3;
    default: return (ops[v.op]!.flags & Flag.atomic) !== 0 ? 2 : 1;
  }
}


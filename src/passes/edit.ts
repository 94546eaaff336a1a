// Editing a function: replacement of values, removal, edges, use counts. Passes change functions through this.

import { BlockKind } from '../ir/func.ts';
import type { AuxDatum, Block, Func, Value } from '../ir/func.ts';
import { Flag, Op, ops } from '../ir/op.ts';
import type { Type } from '../ir/type.ts';

/** Replacements to come, by value id; applied at once by `apply`. */
export class Replacements {
  private readonly to: (Value | undefined)[] = [];
  any = false;
  set(v: Value, w: Value): void { this.to[v.id] = w; this.any = true; }
  has(v: Value): boolean { return this.to[v.id] !== undefined; }
  /** What stands for v now. */
  get(v: Value): Value {
    let w = this.to[v.id];
    if (w === undefined) return v;
    for (let x = this.to[w.id]; x !== undefined; x = this.to[w.id]) w = x;
    this.to[v.id] = w;
    return w;
  }
  /** Rewrites all arguments, controls and results; drops the replaced values. */
  apply(f: Func): void {
    if (!this.any) return;
    for (const b of f.blocks) {
      let dropped = false;
      for (const v of b.values) {
        if (this.to[v.id] !== undefined) { dropped = true; continue; }
        const args = v.args;
        for (let i = 0; i < args.length; i++) if (this.to[args[i]!.id] !== undefined) args[i] = this.get(args[i]!);
      }
      if (dropped) b.values = b.values.filter((v) => this.to[v.id] === undefined);
      if (b.control !== null) b.control = this.get(b.control);
      for (let i = 0; i < b.results.length; i++) b.results[i] = this.get(b.results[i]!);
    }
    countUses(f);
  }
}

/** Recomputes the use counts of all values. */
export function countUses(f: Func): void {
  for (const b of f.blocks) for (const v of b.values) v.uses = 0;
  for (const b of f.blocks) {
    for (const v of b.values) for (const a of v.args) a.uses++;
    if (b.control !== null) b.control.uses++;
    for (const r of b.results) r.uses++;
  }
}

const effects = Flag.writes | Flag.panics | Flag.calls | Flag.atomic;

/** May v be removed when nothing uses it? */
export function isRemovable(v: Value): boolean {
  if (v.op === Op.newobject || v.op === Op.tempbuf) return true;
  return (ops[v.op]!.flags & effects) === 0 && v.op !== Op.nop;
}

/** Removes the edge number i of b; phis of the target lose their argument. */
export function removeEdge(b: Block, i: number): void {
  const s = b.succs[i]!;
  const nth = b.succs.slice(0, i).filter((x) => x === s).length;
  b.succs.splice(i, 1);
  let at = -1;
  for (let k = 0, seen = 0; k < s.preds.length; k++) if (s.preds[k] === b && seen++ === nth) { at = k; break; }
  s.preds.splice(at, 1);
  for (const v of s.values) {
    if (v.op !== Op.phi) break;
    v.args[at]!.uses--;
    v.args.splice(at, 1);
  }
}

/** A new value at position i of b. */
export function insertValue(f: Func, b: Block, i: number, op: number, type: Type, args: Value[], aux: AuxDatum, pos: number): Value {
  const v = f.newValueNoAdd(b, op, type, pos);
  v.args = args;
  v.aux = aux;
  for (const a of args) a.uses++;
  b.values.splice(i, 0, v);
  return v;
}

/** Makes b end in a jump to its successor number keep; the other edges go. */
export function keepEdge(b: Block, keep: number): void {
  for (let i = b.succs.length - 1; i >= 0; i--) if (i !== keep) removeEdge(b, i);
  if (b.control !== null) b.control.uses--;
  b.control = null;
  b.kind = BlockKind.plain;
  b.likely = 0;
}

/** Position of the first value of b that is not a phi. */
export function afterPhis(b: Block): number {
  let i = 0;
  while (i < b.values.length && b.values[i]!.op === Op.phi) i++;
  return i;
}

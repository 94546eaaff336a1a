// constdata: loads from read-only data become what they load: constants, addresses, function indices. An indirect call
// through a known code index becomes a direct call; so do calls of closures that the function itself made.
// Requires nothing; keeps the control-flow graph.

import type { CallAux, Func, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { countUses } from './edit.ts';
import type { Facts } from './facts.ts';
import { become } from './simplify.ts';

/** Knows the program's read-only data. */
export class ConstantData {
  private readonly facts: Facts;
  constructor(facts: Facts) { this.facts = facts; }

  /** Applies the pass to f; true if it changed. */
  apply(f: Func): boolean {
    let changed = false;
    for (const b of f.blocks) for (const v of b.values) {
      if (v.op === Op.load_i32 || v.op === Op.load_i64 || v.op === Op.load_ptr) changed = this.load(v) || changed;
      else if (v.op === Op.calli) changed = this.direct(f, v) || changed;
    }
    if (changed) countUses(f);
    return changed;
  }

  private load(v: Value): boolean {
    let base = v.args[0]!;
    let offset = v.aux as number;
    while (base.op === Op.ptr_off) { offset += base.aux as number; base = base.args[0]!; }
    if (base.op !== Op.addr) return false;
    return this.fold(v, this.facts.word(base.aux as string, offset, v.op === Op.load_i32 ? 4 : 8));
  }

  private fold(v: Value, word: string): boolean {
    const rest = word.slice(1);
    switch (word[0]) {
      case 'a': if (v.op !== Op.load_ptr) return false; become(v, Op.addr, [], rest); return true;
      case 'c': if (v.op !== Op.load_i32) return false; become(v, Op.funcindex, [], rest); return true;
      case 'n': return this.number(v, BigInt(rest));
      default: return false;
    }
  }

  private number(v: Value, n: bigint): boolean {
    if (v.op === Op.load_ptr) { if (BigInt.asUintN(32, n) !== 0n) return false; become(v, Op.const_ptr, [], 0); return true; }
    if (v.op === Op.load_i32) become(v, Op.const_i32, [], Number(BigInt.asIntN(32, n)));
    else become(v, Op.const_i64, [], BigInt.asIntN(64, n));
    return true;
  }

  /** calli of a known function index. */
  private direct(f: Func, v: Value): boolean {
    const index = v.args[0]!;
    const sym = index.op === Op.funcindex ? (index.aux as string) : this.closureCode(f, index);
    if (sym === null) return false;
    const callee = this.facts.signature(sym);
    const aux = v.aux as CallAux;
    if (callee === undefined) return false;
    const params = callee.closure ? [...callee.params, Type.ptr] : callee.params;
    if (!same(params, aux.params) || !same(callee.results, aux.results)) return false;
    const made: CallAux = { ...aux, sym, params, suspends: true };
    become(v, Op.call, v.args.slice(1), made);
    return true;
  }

  /** The code stored in the closure object that `index` is loaded from, if the object is made here and stored to once at 0. */
  private closureCode(f: Func, index: Value): string | null {
    if (index.op !== Op.load_i32 || index.aux !== 0) return null;
    const o = index.args[0]!;
    if (o.op !== Op.newobject && o.op !== Op.slot) return null;
    let code: Value | null = null;
    for (const b of f.blocks) for (const v of b.values) {
      if (v.args[0] !== o || v.aux !== 0) continue;
      if (v.op === Op.store_i64 || v.op === Op.store_i32) { if (code !== null) return null; code = v.args[1]!; }
    }
    if (code !== null && code.op === Op.extend_u) code = code.args[0]!;
    return code !== null && code.op === Op.funcindex ? (code.aux as string) : null;
  }
}

function same(a: readonly Type[], b: readonly Type[]): boolean {
  return a.length === b.length && a.every((t, i) => t === b[i]);
}

// constdata: loads from read-only data become what they load: constants, addresses, function indices; loads from closure
// objects that the function itself made become what it stored in them, for their words never change. An indirect call
// through a code index that is known thereby becomes a direct call.
// Requires nothing; keeps the control-flow graph.

import type { AllocAux, CallAux, Func, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { countUses } from './edit.ts';
import type { Facts } from './facts.ts';
import { become, isBoolean } from './simplify.ts';

/** Knows the program's read-only data. */
export class ConstantData {
  private readonly facts: Facts;
  constructor(facts: Facts) { this.facts = facts; }

  /** Applies the pass to f; true if it changed. */
  apply(f: Func): boolean {
    let changed = false;
    const closures = new ClosureWords(f);
    for (const b of f.blocks) for (const v of b.values) {
      if (loads.has(v.op)) changed = this.load(v) || closures.load(v) || changed;
      else if (v.op === Op.calli) changed = this.direct(v) || changed;
    }
    if (changed) countUses(f);
    return changed;
  }

  private load(v: Value): boolean {
    if (v.op !== Op.load_i32 && v.op !== Op.load_i64 && v.op !== Op.load_ptr && v.op !== Op.load_ref) return false;
    const [base, offset] = place(v);
    if (base.op !== Op.addr) return false;
    return this.fold(v, this.facts.word(base.aux as string, offset, v.op === Op.load_i32 ? 4 : 8));
  }

  private fold(v: Value, word: string): boolean {
    const rest = word.slice(1);
    switch (word[0]) {
      case 'a': if (v.op !== Op.load_ptr && v.op !== Op.load_ref) return false; become(v, Op.addr, [], rest); return true;
      case 'c': if (v.op !== Op.load_i32) return false; become(v, Op.funcindex, [], rest); return true;
      case 'n': return this.number(v, BigInt(rest));
      default: return false;
    }
  }

  private number(v: Value, n: bigint): boolean {
    if (v.op === Op.load_ptr || v.op === Op.load_ref) { if (BigInt.asUintN(32, n) !== 0n) return false; become(v, Op.const_ptr, [], 0); return true; }
    if (v.op === Op.load_i32) become(v, Op.const_i32, [], Number(BigInt.asIntN(32, n)));
    else become(v, Op.const_i64, [], BigInt.asIntN(64, n));
    return true;
  }

  /** calli of a known function index. */
  private direct(v: Value): boolean {
    const index = v.args[0]!;
    if (index.op !== Op.funcindex) return false;
    const sym = index.aux as string;
    const callee = this.facts.signature(sym);
    const aux = v.aux as CallAux;
    if (callee === undefined) return false;
    const params = callee.closure ? [...callee.params, Type.ptr] : callee.params;
    if (!same(params, aux.params) || !same(callee.results, aux.results)) return false;
    const made: CallAux = { ...aux, sym, params, suspends: true };
    become(v, Op.call, v.args.slice(1), made);
    return true;
  }
}

/** Loads, with the store whose value they give back. */
const loads = new Map<number, number>([
  [Op.load_i32, Op.store_i32], [Op.load_i64, Op.store_i64], [Op.load_f32, Op.store_f32], [Op.load_f64, Op.store_f64], [Op.load_ptr, Op.store_ptr], [Op.load_ref, Op.store_ptr],
  [Op.load8u, Op.store8], [Op.load8s, Op.store8], [Op.load16u, Op.store16], [Op.load16s, Op.store16],
]);

function place(access: Value): [base: Value, offset: number] {
  let base = access.args[0]!;
  let offset = access.aux as number;
  for (; base.op === Op.ptr_off || base.op === Op.copy; base = base.args[0]!) if (base.op === Op.ptr_off) offset += base.aux as number;
  return [base, offset];
}

/** What a function stored in the closure objects that it makes. */
class ClosureWords {
  private readonly stores = new Map<Value, Map<number, Value>>();

  constructor(f: Func) {
    for (const b of f.blocks) for (const v of b.values) if (v.op === Op.newobject && (v.aux as AllocAux).closure === true) this.stores.set(v, new Map());
    if (this.stores.size === 0) return;
    for (const b of f.blocks) for (const v of b.values) {
      if (!storeOps.has(v.op)) continue;
      const [base, offset] = place(v);
      this.stores.get(base)?.set(offset, v);
    }
  }

  /** Replaces the load v by the word, where it is one. */
  load(v: Value): boolean {
    if (this.stores.size === 0) return false;
    const [base, offset] = place(v);
    const s = this.stores.get(base)?.get(offset);
    if (s === undefined) return false;
    const x = s.args[1]!;
    if (s.op === loads.get(v.op)) return keep(v, x);
    // The code word is stored as a word of 64 bits.
    if (v.op === Op.load_i32 && s.op === Op.store_i64 && x.op === Op.extend_u) return keep(v, x.args[0]!);
    return false;
  }
}

const storeOps = new Set(loads.values());

/** v, a load of what was stored as x, becomes x; a narrow one only where x is 0 or 1. */
function keep(v: Value, x: Value): boolean {
  const narrow = v.op === Op.load8u || v.op === Op.load8s || v.op === Op.load16u || v.op === Op.load16s;
  if (narrow && !isBoolean(x)) return false;
  if (x.op === Op.funcindex || x.op === Op.addr) become(v, x.op, [], x.aux);
  else become(v, Op.copy, [x], null);
  return true;
}

function same(a: readonly Type[], b: readonly Type[]): boolean {
  return a.length === b.length && a.every((t, i) => t === b[i]);
}

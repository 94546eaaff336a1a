// constdata: loads from read-only data become what they load: constants, addresses, function indices. An indirect call
// through a known code index becomes a direct call; so do calls of closures that the function itself made.
// Requires nothing; keeps the control-flow graph.

import type { CallAux, Func, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import type { DataSymbol, Program } from '../ir/program.ts';
import { RelocKind } from '../ir/program.ts';
import { Type } from '../ir/type.ts';
import { countUses } from './edit.ts';
import { become } from './simplify.ts';

/** Knows the program's read-only data. */
export class ConstantData {
  private readonly p: Program;
  constructor(p: Program) { this.p = p; }

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
    const d = this.p.data.get(base.aux as string);
    if (d === undefined || !d.readonly || offset < 0) return false;
    const size = v.op === Op.load_i32 ? 4 : 8;
    if (offset + size > d.size) return false;
    return this.fold(v, d, offset, size);
  }

  private fold(v: Value, d: DataSymbol, offset: number, size: number): boolean {
    for (const r of d.relocs) {
      if (r.offset + 4 <= offset || r.offset >= offset + size) continue;
      if (r.offset !== offset || r.addend !== 0) return false;
      if (r.kind === RelocKind.addr32 && v.op === Op.load_ptr) { become(v, Op.addr, [], r.target); return true; }
      if (r.kind === RelocKind.code32 && v.op === Op.load_i32) { become(v, Op.funcindex, [], r.target); return true; }
      return false;
    }
    if (v.op === Op.load_ptr) { if (read(d, offset, 4) !== 0n) return false; become(v, Op.const_ptr, [], 0); return true; }
    if (v.op === Op.load_i32) become(v, Op.const_i32, [], Number(BigInt.asIntN(32, read(d, offset, 4))));
    else become(v, Op.const_i64, [], BigInt.asIntN(64, read(d, offset, 8)));
    return true;
  }

  /** calli of a known function index. */
  private direct(f: Func, v: Value): boolean {
    const index = v.args[0]!;
    const sym = index.op === Op.funcindex ? (index.aux as string) : this.closureCode(f, index);
    if (sym === null) return false;
    const callee = this.p.funcs.get(sym);
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

function read(d: DataSymbol, offset: number, size: number): bigint {
  let x = 0n;
  for (let i = size - 1; i >= 0; i--) x = (x << 8n) | BigInt(d.bytes?.[offset + i] ?? 0);
  return x;
}

function same(a: readonly Type[], b: readonly Type[]): boolean {
  return a.length === b.length && a.every((t, i) => t === b[i]);
}

// Closure objects that the builder makes up: {code, captured values…} for method values and the calls of go and defer
// statements. The wrapper function loads the captured values at its entry.

import { Op } from '../ir/op.ts';
import { FuncBuilder, type Vals } from './builder.ts';
import { GoKind, type GoType } from './gotype.ts';
import { load, newClosure, store } from './mem.ts';
import { flatSignature } from './signature.ts';
import type { Value } from '../ir/func.ts';

/** A captured value. */
export interface Field { readonly type: GoType; readonly vals: Vals }

/** Name of a closure made inside f: gc's closureName. */
export function closureName(f: FuncBuilder, suffix: string): string {
  // A loop body made a closure counts as part of the function around it.
  const outer = f.rangeBody !== null ? f.rangeBody.root : f;
  if (suffix === 'func') return `${outer.closurePrefix}${outer.isFuncLit ? '.' : '.func'}${++outer.funcLits}`;
  if (suffix === 'range') return `${outer.closurePrefix}-range${++outer.rangeLits}`;
  return `${outer.closurePrefix}.${suffix}${++outer.wrappers}`;
}

/** A builder for a func() wrapper inside f. */
export function wrapperBuilder(f: FuncBuilder, kind: string): FuncBuilder {
  return wrapper(f, closureName(f, kind), null);
}

/** A builder for a wrapper of the given signature; the closure context is its last parameter. */
export function wrapper(f: FuncBuilder, name: string, sig: GoType | null): FuncBuilder {
  const flat = sig === null ? null : flatSignature(sig, null);
  const w = new FuncBuilder(f.ctx, name, flat === null ? [] : [...flat.params], flat === null ? [] : [...flat.results], { unit: f.unit, env: f.env, parent: null, sig, funcType: null });
  w.fn.closure = true;
  w.fn.addressTaken = true;
  w.fn.wrapper = true;
  w.at(f.at(0));
  return w;
}

/** Offsets of captured values behind the code word, and the object's type. */
export function closureType(f: FuncBuilder, types: readonly GoType[]): GoType {
  const fields = [{ name: 'F', type: f.ctx.basic(GoKind.Uintptr) }];
  types.forEach((t, i) => fields.push({ name: `X${i}`, type: t }));
  return f.ctx.structOf(fields);
}

/** Makes the object in f, and the loads of what it holds in w. */
export function makeClosure(f: FuncBuilder, w: FuncBuilder, fields: readonly Field[], name: string): { fn: Value; loads: Vals[] } {
  if (fields.length === 0) return { fn: f.addr(f.ctx.funcValueSym(w.name)), loads: [] };
  const t = closureType(f, fields.map((x) => x.type));
  const fn = closureMemory(f, t, name, f.closureOnStack);
  storeCode(f, fn, w.name);
  fields.forEach((x, i) => store(f, x.type, fn, t.offsets[i + 1]!, x.vals));
  const ctx = w.context();
  return { fn, loads: fields.map((x, i) => load(w, x.type, ctx, t.offsets[i + 1]!)) };
}

/** Memory for a closure object. */
export function closureMemory(f: FuncBuilder, t: GoType, name: string, onStack: boolean): Value {
  return onStack ? f.slot(t.size, t.align, t.ptrmask, '.closure') : newClosure(f, t, name);
}

/** Stores the code word of a closure object. */
export function storeCode(f: FuncBuilder, fn: Value, sym: string): void {
  f.ctx.markAddressTaken(sym);
  f.emit(Op.store_i64, [fn, f.emit(Op.extend_u, [f.emit(Op.funcindex, [], sym)])], 0);
}

// Go values in memory: loads, stores, zeroing, copies, allocation. A value of a flattened type is its components; one of
// a type in memory is its address. Addresses are a base value and a constant offset, which goes into the operation.

import { maxStackObject } from '../ir/func.ts';
import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import type { GoType } from './gotype.ts';

/** The value of type t at addr + off. For a type in memory that is the address itself. */
export function load(f: FuncBuilder, t: GoType, addr: Value, off = 0): Vals {
  if (t.mem) return [f.offset(addr, off)];
  const comps = t.comps;
  const out = new Array<Value>(comps.length);
  for (let i = 0; i < comps.length; i++) {
    const c = comps[i]!;
    out[i] = f.emit(c.load, [addr], off + c.offset);
  }
  return out;
}

/** Stores a value of type t at addr + off. Source and destination of a type in memory may be the same. */
export function store(f: FuncBuilder, t: GoType, addr: Value, off: number, vals: Vals): void {
  if (t.mem) {
    move(f, t, f.offset(addr, off), vals[0]!);
    return;
  }
  const comps = t.comps;
  for (let i = 0; i < comps.length; i++) {
    const c = comps[i]!;
    f.emit(c.store, [addr, vals[i]!], off + c.offset);
  }
}

/** Copies the bytes of a value. */
export function move(f: FuncBuilder, t: GoType, dst: Value, src: Value): void {
  if (t.size !== 0 && dst !== src) f.emit(Op.move, [dst, src], { size: t.size, align: t.align, ptrs: t.hasPtr });
}

/** Sets the value of type t at addr + off to zero. */
export function zeroAt(f: FuncBuilder, t: GoType, addr: Value, off = 0): void {
  if (t.mem) {
    f.emit(Op.zero, [f.offset(addr, off)], { size: t.size, align: t.align, ptrs: t.hasPtr });
    return;
  }
  for (const c of t.comps) f.emit(c.store, [addr, f.zero(c.type)], off + c.offset);
}

/** The zero value of t. */
export function zeroValue(f: FuncBuilder, t: GoType): Vals {
  if (!t.mem) return t.comps.map((c) => f.zero(c.type));
  const addr = f.temp(t);
  f.emit(Op.zero, [addr], { size: t.size, align: t.align, ptrs: t.hasPtr });
  return [addr];
}

/** A zeroed heap object of type t; `name` is the source text that made it, for reports. */
export function newObject(f: FuncBuilder, t: GoType, name: string): Value {
  if (t.size === 0) return f.runtimeVar('zerobase');
  // The mask is for objects that turn out to live on the stack.
  const ptrmask = t.size <= maxStackObject ? t.ptrmask : [];
  return f.emit(Op.newobject, [], { typ: f.ctx.typeSym(t, false), size: t.size, align: t.align, ptrmask, name });
}

/** A new closure object: its words are stored next, and never again. */
export function newClosure(f: FuncBuilder, t: GoType, name: string): Value {
  return f.emit(Op.newobject, [], { typ: f.ctx.typeSym(t, false), size: t.size, align: t.align, ptrmask: t.ptrmask, name, closure: true });
}

/** The value in a temporary of its own: its bytes don't change when variables do. */
export function copyToTemp(f: FuncBuilder, t: GoType, vals: Vals): Vals {
  if (!t.mem) return vals;
  const addr = f.temp(t);
  move(f, t, addr, vals[0]!);
  return [addr];
}

/** The address of memory that holds the value: itself for a type in memory, else a temporary it is stored in. */
export function spill(f: FuncBuilder, t: GoType, vals: Vals): Value {
  if (t.mem) return vals[0]!;
  if (t.size === 0) return f.runtimeVar('zerobase');
  const addr = f.temp(t);
  store(f, t, addr, 0, vals);
  return addr;
}

/** addr + index * size, for an i64 index known to be in range. */
export function elemAddr(f: FuncBuilder, addr: Value, index: Value, size: number): Value {
  if (size === 0) return addr;
  if (index.op === Op.const_i64) return f.offset(addr, Number(index.aux as bigint) * size);
  return f.emit(Op.ptr_add, [addr, scale(f, f.emit(Op.wrap_i64, [index]), size)]);
}

/** An i32 times a constant. */
export function scale(f: FuncBuilder, n: Value, size: number): Value {
  if (size === 1) return n;
  const log = 31 - Math.clz32(size);
  if (size === 1 << log) return f.emit(Op.shl_i32, [n, f.i32(log)]);
  return f.emit(Op.mul_i32, [n, f.i32(size)]);
}

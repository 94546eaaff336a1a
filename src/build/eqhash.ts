// Equality and hash functions of types, as type descriptors and maps need them: which algorithm a type has (as
// gc's AlgType), and generated functions for those without one in package runtime.

import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import type { Value } from '../ir/func.ts';
import { regularMemory } from './regular.ts';
import type { FuncBuilder } from './builder.ts';
import { GoKind, type GoType } from './gotype.ts';
import type { Registry } from './registry.ts';
import { linkString } from './typestring.ts';

/** How values of a type are compared and hashed. */
export const Alg = { none: 0, mem: 1, string: 2, inter: 3, nilinter: 4, f32: 5, f64: 6, c64: 7, c128: 8, special: 9 } as const;
export type Alg = (typeof Alg)[keyof typeof Alg];

/** The type's algorithm; `none`: its values can't be compared. */
export function algOf(t: GoType): Alg { return (t.alg < 0 ? (t.alg = computeAlg(t)) : t.alg) as Alg; }

function computeAlg(t: GoType): Alg {
  switch (t.kind) {
    case GoKind.Func: case GoKind.Map: case GoKind.Slice: return Alg.none;
    case GoKind.String: return Alg.string;
    case GoKind.Interface: return t.isEface ? Alg.nilinter : Alg.inter;
    case GoKind.Float32: return Alg.f32;
    case GoKind.Float64: return Alg.f64;
    case GoKind.Complex64: return Alg.c64;
    case GoKind.Complex128: return Alg.c128;
    case GoKind.Array: {
      const a = algOf(t.elem!);
      if (a === Alg.none || a === Alg.mem) return a;
      return t.len === 0 ? Alg.mem : t.len === 1 ? a : Alg.special;
    }
    case GoKind.Struct: {
      if (t.fields.some((f) => algOf(f.type) === Alg.none)) return Alg.none;
      if (t.fields.length === 1 && t.fields[0]!.name !== '_') return algOf(t.fields[0]!.type);
      return regularMemory(t) ? Alg.mem : Alg.special;
    }
    default: return Alg.mem;
  }
}

const eqNames: Readonly<Record<number, string>> = {
  [Alg.string]: 'strequal', [Alg.inter]: 'interequal', [Alg.nilinter]: 'nilinterequal', [Alg.f32]: 'f32equal', [Alg.f64]: 'f64equal',
  [Alg.c64]: 'c64equal', [Alg.c128]: 'c128equal',
};
const hashNames: Readonly<Record<number, string>> = {
  [Alg.string]: 'strhash', [Alg.inter]: 'interhash', [Alg.nilinter]: 'nilinterhash', [Alg.f32]: 'f32hash', [Alg.f64]: 'f64hash',
  [Alg.c64]: 'c64hash', [Alg.c128]: 'c128hash',
};
const memSizes: Readonly<Record<number, string>> = { 0: '0', 1: '8', 2: '16', 4: '32', 8: '64', 16: '128' };

const eqParams = [Type.ptr, Type.ptr];
const eqResults = [Type.i32];
const hashParams = [Type.ptr, Type.i64];
const hashResults = [Type.i64];

/** Symbol of `func(p, q unsafe.Pointer) bool` for values of t in memory; t must be comparable. */
export function eqFunc(r: Registry, t: GoType): string {
  const a = algOf(t);
  if (a === Alg.mem) {
    const known = memSizes[t.size];
    if (known !== undefined) return r.runtimeSym(`memequal${known}`);
    const size = t.size;
    const sym = `type:.eqmem${size}`;
    r.generate(sym, eqParams, eqResults, [], (f) => f.ret([memEqual(f, f.param(0), f.param(1), 0, size)]));
    return sym;
  }
  const name = eqNames[a];
  if (name !== undefined) return r.runtimeSym(name);
  const sym = `type:.eq.${linkString(t)}`;
  r.generate(sym, eqParams, eqResults, [t], (f) => eqBody(r, f, t));
  return sym;
}

function memEqual(f: FuncBuilder, p: Value, q: Value, off: number, size: number): Value {
  if (size === 0) return f.i32(1);
  return f.emit(Op.memequal, [f.offset(p, off), f.offset(q, off), f.i32(size)]);
}

/** A part of a struct: a run of plain memory (type null), or a field with an algorithm of its own. */
interface Part { readonly off: number; size: number; readonly type: GoType | null }

/** Splits a struct into runs of plain memory and other fields; blank fields and padding are left out. */
function parts(t: GoType): Part[] {
  const out: Part[] = [];
  t.fields.forEach((f, i) => {
    if (f.name === '_' || f.type.size === 0) return;
    const off = t.offsets[i]!;
    const last = out[out.length - 1];
    if (algOf(f.type) !== Alg.mem) out.push({ off, size: f.type.size, type: f.type });
    else if (last !== undefined && last.type === null && last.off + last.size === off) last.size += f.type.size;
    else out.push({ off, size: f.type.size, type: null });
  });
  return out;
}

function eqBody(r: Registry, f: FuncBuilder, t: GoType): void {
  const p = f.param(0);
  const q = f.param(1);
  const no = f.block();
  const test = (v: Value): void => {
    const next = f.block();
    f.branch(v, next, no);
    f.start(next);
  };
  if (t.kind === GoKind.Struct) {
    // Spec: "The fields are compared in source order, and comparison stops as soon as two field values differ."
    for (const part of parts(t)) {
      if (part.type === null) test(memEqual(f, p, q, part.off, part.size));
      else test(eqCall(r, f, part.type, f.offset(p, part.off), f.offset(q, part.off)));
    }
  } else {
    arrayLoop(f, t, (off) => test(eqCall(r, f, t.elem!, f.emit(Op.ptr_add, [p, off]), f.emit(Op.ptr_add, [q, off]))));
  }
  f.ret([f.i32(1)]);
  f.start(no);
  f.ret([f.i32(0)]);
}

function eqCall(r: Registry, f: FuncBuilder, t: GoType, p: Value, q: Value): Value {
  if (algOf(t) === Alg.mem) return memEqual(f, p, q, 0, t.size);
  return f.call(Op.call, r.callTarget(r.eqSym(t)).aux, [p, q])[0]!;
}

/** Emits a loop over the elements of an array; the body gets the byte offset. */
function arrayLoop(f: FuncBuilder, t: GoType, body: (off: Value) => void): void {
  const i = f.newVar([Type.i32]);
  const head = f.block();
  const inside = f.block();
  const done = f.block();
  f.writeVar(i, f.i32(0));
  f.jump(head);
  f.start(head, true);
  f.branch(f.emit(Op.ltu_i32, [f.readVar(i), f.i32(t.size)]), inside, done);
  f.start(inside);
  body(f.readVar(i));
  f.writeVar(i, f.emit(Op.add_i32, [f.readVar(i), f.i32(t.elem!.size)]));
  f.jump(head);
  f.seal(head);
  f.start(done);
}

/** Symbol of `func(p unsafe.Pointer, h uintptr) uintptr` for values of t in memory; t must be comparable. */
export function hashFunc(r: Registry, t: GoType): string {
  const a = algOf(t);
  if (a === Alg.mem) {
    const known = memSizes[t.size];
    if (known !== undefined) return r.runtimeSym(`memhash${known}`);
    const size = t.size;
    const sym = `type:.hashmem${size}`;
    r.generate(sym, hashParams, hashResults, [], (f) => f.ret([memHash(r, f, f.param(0), f.param(1), size)]));
    return sym;
  }
  const name = hashNames[a];
  if (name !== undefined) return r.runtimeSym(name);
  const sym = `type:.hash.${linkString(t)}`;
  r.generate(sym, hashParams, hashResults, [t], (f) => hashBody(r, f, t));
  return sym;
}

function memHash(r: Registry, f: FuncBuilder, p: Value, h: Value, size: number): Value {
  return f.call(Op.call, r.callTarget(r.runtimeSym('memhash')).aux, [p, h, f.i64(size)])[0]!;
}

function hashCall(r: Registry, f: FuncBuilder, t: GoType, p: Value, h: Value): Value {
  return f.call(Op.call, r.callTarget(r.hashSym(t)).aux, [p, h])[0]!;
}

function hashBody(r: Registry, f: FuncBuilder, t: GoType): void {
  const p = f.param(0);
  if (t.kind === GoKind.Struct) {
    let h = f.param(1);
    for (const part of parts(t)) {
      const at = f.offset(p, part.off);
      h = part.type === null ? memHash(r, f, at, h, part.size) : hashCall(r, f, part.type, at, h);
    }
    f.ret([h]);
    return;
  }
  const h = f.newVar([Type.i64]);
  f.writeVar(h, f.param(1));
  arrayLoop(f, t, (off) => f.writeVar(h, hashCall(r, f, t.elem!, f.emit(Op.ptr_add, [p, off]), f.readVar(h))));
  f.ret([f.readVar(h)]);
}

/** Whether a map must overwrite the key when it assigns to an existing entry (+0 and -0, strings that pin memory). */
export function needKeyUpdate(t: GoType): boolean {
  switch (t.kind) {
    case GoKind.Float32: case GoKind.Float64: case GoKind.Complex64: case GoKind.Complex128: case GoKind.Interface: case GoKind.String: return true;
    case GoKind.Array: return needKeyUpdate(t.elem!);
    case GoKind.Struct: return t.fields.some((f) => needKeyUpdate(f.type));
    default: return false;
  }
}

/** Whether hashing a key may panic (an interface that holds something not comparable). */
export function hashMightPanic(t: GoType): boolean {
  switch (t.kind) {
    case GoKind.Interface: return true;
    case GoKind.Array: return hashMightPanic(t.elem!);
    case GoKind.Struct: return t.fields.some((f) => hashMightPanic(f.type));
    default: return false;
  }
}

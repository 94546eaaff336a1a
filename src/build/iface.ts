// Interface values: boxing, conversions between interface types, type assertions.
// A value is a type word (type descriptor, or itab for interfaces with methods) and a data word.

import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import type { Value } from '../ir/func.ts';
import { universeAny } from '../types/universe.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { DataWriter } from './data.ts';
import { GoKind, type GoType } from './gotype.ts';
import { load, newObject, store, zeroValue } from './mem.ts';

/** Offset of Type in internal/abi.ITab. */
const ITAB_TYPE = 8;

/** The type `any`. */
export function anyType(f: FuncBuilder): GoType { return f.ctx.typeOf(universeAny.type, null); }

/** The numbers 0 to 255 in 8 bytes each: boxes for every one-byte value. */
const smallInts = new Uint8Array(256 * 8);
for (let i = 0; i < 256; i++) smallInts[i * 8] = i;

/** A value of concrete type `from` as one of interface type `to`. `name`: source text for reports. */
export function box(f: FuncBuilder, vals: Vals, from: GoType, to: GoType, name: string): Vals {
  return [typeWord(f, from, to), dataWord(f, vals, from, name)];
}

function typeWord(f: FuncBuilder, from: GoType, to: GoType): Value {
  return f.addr(to.isEface ? f.ctx.typeSym(from, true) : f.ctx.itabSym(from, to));
}

function dataWord(f: FuncBuilder, vals: Vals, t: GoType, name: string): Value {
  if (t.direct) return vals[0]!;
  if (t.size === 0) return f.runtimeVar('zerobase');
  const constant = constantBytes(t, vals);
  if (constant !== null) return f.addr(f.ctx.readonlySym(constant, t.align));
  if (t.size === 1 && !t.mem) { // bool and bytes: no allocation, as gc
    const v = t.kind === GoKind.Int8 ? f.emit(Op.and_i32, [vals[0]!, f.i32(255)]) : vals[0]!;
    if (t.kind <= GoKind.Uint8) return f.emit(Op.ptr_add, [f.addr(f.ctx.readonlySym(smallInts, 8)), f.emit(Op.shl_i32, [v, f.i32(3)])]);
  }
  const text = constantString(f, t, vals);
  if (text !== null) return text;
  const boxed = boxCall(f, vals, t);
  if (boxed !== null) return boxed;
  const p = newObject(f, t, name);
  store(f, t, p, 0, vals);
  return p;
}

/** A box made by one of gc's functions for common kinds, which need no memory for small and empty values; null for other types. */
function boxCall(f: FuncBuilder, vals: Vals, t: GoType): Value | null {
  if (t.mem) return null;
  if (t.kind === GoKind.String) return f.boxed('convTstring', vals);
  if (t.kind === GoKind.Slice) return f.boxed('convTslice', vals);
  if (t.comps.length !== 1 || t.hasPtr) return null;
  const v = vals[0]!;
  switch (t.comps[0]!.store) {
    case Op.store16: return f.boxed('convT16', [f.emit(Op.and_i32, [v, f.i32(0xffff)])]);
    case Op.store_i32: return f.boxed('convT32', [v]);
    case Op.store_f32: return f.boxed('convT32', [f.emit(Op.bits_i32, [v])]);
    case Op.store_i64: return f.boxed('convT64', [v]);
    case Op.store_f64: return f.boxed('convT64', [f.emit(Op.bits_i64, [v])]);
    default: return null;
  }
}

/** A read-only string, if its parts are constants. */
function constantString(f: FuncBuilder, t: GoType, vals: Vals): Value | null {
  const [p, n] = vals;
  if (t.kind !== GoKind.String || p!.op !== Op.addr || n!.op !== Op.const_i64) return null;
  const w = new DataWriter(t.size);
  w.addr(0, p!.aux as string);
  w.big(8, n!.aux as bigint);
  const header = w.symbol(`goloom.ro.header.${n!.aux as bigint}:${p!.aux as string}`);
  f.ctx.addData(header);
  return f.addr(header.name);
}

/** The bytes of a numeric value all of whose components are constants. */
function constantBytes(t: GoType, vals: Vals): Uint8Array | null {
  if (t.mem) return null;
  for (const v of vals) {
    if (v.op !== Op.const_i32 && v.op !== Op.const_i64 && v.op !== Op.const_f32 && v.op !== Op.const_f64) return null;
  }
  const bytes = new Uint8Array(t.size);
  const view = new DataView(bytes.buffer);
  t.comps.forEach((c, i) => {
    const v = vals[i]!;
    switch (c.store) {
      case Op.store8: view.setInt8(c.offset, (v.aux as number) << 24 >> 24); break;
      case Op.store16: view.setInt16(c.offset, (v.aux as number) << 16 >> 16, true); break;
      case Op.store_i32: view.setInt32(c.offset, v.aux as number, true); break;
      case Op.store_i64: view.setBigInt64(c.offset, v.aux as bigint, true); break;
      case Op.store_f32: view.setFloat32(c.offset, v.aux as number, true); break;
      default: view.setFloat64(c.offset, v.aux as number, true);
    }
  });
  return bytes;
}

/** The type word of an interface value as a type descriptor (0 if nil). */
export function dynamicType(f: FuncBuilder, tab: Value, t: GoType): Value {
  if (t.isEface) return tab;
  const id = f.newVar([Type.ptr]);
  const some = f.block(), join = f.block();
  f.writeVar(id, tab);
  f.branch(f.emit(Op.isnil, [tab]), join, some, -1);
  f.start(some);
  f.writeVar(id, f.emit(Op.load_ptr, [tab], ITAB_TYPE));
  f.jump(join);
  f.start(join);
  return f.readVar(id);
}

/** An interface value as one of another interface type, whose methods it is known to have. */
export function convertIface(f: FuncBuilder, vals: Vals, from: GoType, to: GoType): Vals {
  if (from === to || (from.isEface && to.isEface)) return vals;
  if (to.isEface) return [dynamicType(f, vals[0]!, from), vals[1]!];
  const id = f.newVar([Type.ptr]);
  const some = f.block(), join = f.block();
  f.writeVar(id, vals[0]!);
  f.branch(f.emit(Op.isnil, [vals[0]!]), join, some, -1);
  f.start(some);
  const typ = from.isEface ? vals[0]! : f.emit(Op.load_ptr, [vals[0]!], ITAB_TYPE);
  f.writeVar(id, f.runtime('assertItab', f.addr(f.ctx.assertSym(to)), typ)[0]!);
  f.jump(join);
  f.start(join);
  return [f.readVar(id), vals[1]!];
}

/** The value inside an interface whose dynamic type is the concrete type t. */
export function unbox(f: FuncBuilder, data: Value, t: GoType): Vals {
  if (t.direct) return [data];
  return load(f, t, data);
}

/** Whether the interface value's dynamic type is the concrete type t. */
export function hasType(f: FuncBuilder, vals: Vals, from: GoType, t: GoType): Value {
  return f.emit(Op.eq_ptr, [dynamicType(f, vals[0]!, from), f.addr(f.ctx.typeSym(t, false))]);
}

/** x.(T), panicking. */
export function assertType(f: FuncBuilder, vals: Vals, from: GoType, t: GoType): Vals {
  if (t.isInterface) {
    const typ = dynamicType(f, vals[0]!, from);
    const ok = f.block(), bad = f.block();
    if (!t.isEface) {
      const tab = tryItab(f, typ, t);
      f.branch(f.emit(Op.isnil, [tab]), bad, ok, -1);
      f.start(bad);
      f.runtime('assertE2I', f.addr(f.ctx.assertSym(t)), typ);
      f.jump(ok);
      f.start(ok);
      return [tab, vals[1]!];
    }
    f.branch(f.emit(Op.isnil, [typ]), bad, ok, -1);
    f.start(bad);
    f.runtime('panicnildottype', f.addr(f.ctx.typeSym(t, false)));
    f.jump(ok);
    f.start(ok);
    return [typ, vals[1]!];
  }
  const typ = dynamicType(f, vals[0]!, from);
  const want = f.addr(f.ctx.typeSym(t, false));
  const ok = f.block(), bad = f.block();
  f.branch(f.emit(Op.eq_ptr, [typ, want]), ok, bad, 1);
  f.start(bad);
  f.runtime(from.isEface ? 'panicdottypeE' : 'panicdottypeI', vals[0]!, want, f.addr(f.ctx.typeSym(from, false)));
  f.jump(ok);
  f.start(ok);
  return unbox(f, vals[1]!, t);
}

/** v, ok := x.(T) */
export function assertType2(f: FuncBuilder, vals: Vals, from: GoType, t: GoType): [Vals, Value] {
  if (t.isInterface) return assertIface2(f, vals, from, t);
  const is = hasType(f, vals, from, t);
  if (t.size === 0) return [[], is];
  if (t.mem) {
    const buf = f.temp(t);
    const yes = f.block(), no = f.block(), join = f.block();
    f.branch(is, yes, no);
    f.start(yes);
    store(f, t, buf, 0, [vals[1]!]);
    f.jump(join);
    f.start(no);
    f.emit(Op.zero, [buf], { size: t.size, align: t.align, ptrs: t.hasPtr });
    f.jump(join);
    f.start(join);
    return [[buf], is];
  }
  if (t.direct) return [[f.select(is, vals[1]!, f.nil())], is];
  const id = f.newVar(t.values);
  const yes = f.block(), join = f.block();
  zeroValue(f, t).forEach((z, i) => f.writeVar(id + i, z));
  f.branch(is, yes, join);
  f.start(yes);
  unbox(f, vals[1]!, t).forEach((v, i) => f.writeVar(id + i, v));
  f.jump(join);
  f.start(join);
  return [t.values.map((_, i) => f.readVar(id + i)), is];
}

function assertIface2(f: FuncBuilder, vals: Vals, from: GoType, t: GoType): [Vals, Value] {
  const typ = dynamicType(f, vals[0]!, from);
  if (t.isEface) return [[typ, vals[1]!], f.emit(Op.notnil, [typ])];
  const tab = tryItab(f, typ, t);
  const ok = f.emit(Op.notnil, [tab]);
  return [[tab, f.select(ok, vals[1]!, f.nil())], ok];
}

/** The itab of a dynamic type (0: nil interface) for interface t, 0 if it lacks the methods. */
export function tryItab(f: FuncBuilder, typ: Value, t: GoType): Value {
  return f.runtime('assertItab', f.addr(f.ctx.assertSym(t)), typ)[0]!;
}

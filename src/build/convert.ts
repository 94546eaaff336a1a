// Conversions T(x), and the implicit ones of assignments.

import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { normalise } from './arith.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { isComplex, isFloat, isInteger, isUnsigned } from './constant.ts';
import { GoKind, type GoType } from './gotype.ts';
import { box, convertIface } from './iface.ts';
import { load, zeroValue } from './mem.ts';
import { convertString } from './string.ts';

/** A value assignable to type `to` as one of it. `name`: source text, for what gets boxed. */
export function assignConv(f: FuncBuilder, vals: Vals, from: GoType, to: GoType, name: string): Vals {
  if (from === to) return vals;
  if (from.kind === GoKind.Nil) return zeroValue(f, to);
  if (to.isInterface) return from.isInterface ? convertIface(f, vals, from, to) : box(f, vals, from, to, name);
  return vals;
}

/** T(x) for any types the checker admits. */
export function convert(f: FuncBuilder, vals: Vals, from: GoType, to: GoType, name: string): Vals {
  if (from === to) return vals;
  if (from.kind === GoKind.Nil || to.isInterface) return assignConv(f, vals, from, to, name);
  if (isInteger(to) || isFloat(to)) {
    if (isInteger(from) || isFloat(from)) return [convertNumber(f, vals[0]!, from, to)];
    if (from.kind === GoKind.UnsafePointer || from.kind === GoKind.Pointer) {
      f.converted?.push(vals[0]!);
      return [f.emit(Op.ptr_i64, [vals[0]!])];
    }
  }
  if (isComplex(to) && isComplex(from)) {
    if (to.kind === from.kind) return vals;
    return vals.map((v) => f.emit(to.kind === GoKind.Complex64 ? Op.f32_f64 : Op.f64_f32, [v]));
  }
  const s = convertString(f, vals, from, to);
  if (s !== null) return s;
  if (to.kind === GoKind.UnsafePointer && isInteger(from)) return [f.emit(Op.ptr_from_i64, [vals[0]!])];
  if (from.kind === GoKind.Slice && to.kind === GoKind.Pointer) return [sliceToArrayPtr(f, vals, to.elem!)];
  if (from.kind === GoKind.Slice && to.kind === GoKind.Array) return load(f, to, sliceToArrayPtr(f, vals, to));
  return vals;
}

/** (*[N]T)(s): panics unless len(s) >= N. */
function sliceToArrayPtr(f: FuncBuilder, s: Vals, array: GoType): Value {
  const n = f.i64(array.len);
  // boundsError's text has the array's length as x and the slice's as y.
  f.check(f.emit(Op.leu_i64, [n, s[1]!]), 'goPanicSliceConvert', n, s[1]!);
  return s[0]!;
}

/** Between integers and floats. */
export function convertNumber(f: FuncBuilder, v: Value, from: GoType, to: GoType): Value {
  if (from.kind === to.kind) return v;
  if (isInteger(from)) return isInteger(to) ? intToInt(f, v, from, to) : intToFloat(f, v, from, to);
  if (isInteger(to)) return floatToInt(f, v, to);
  return f.emit(to.kind === GoKind.Float32 ? Op.f32_f64 : Op.f64_f32, [v]);
}

function intToInt(f: FuncBuilder, v: Value, from: GoType, to: GoType): Value {
  if (to.values[0] === Type.i64) return v.type === Type.i64 ? v : f.emit(isUnsigned(from) ? Op.extend_u : Op.extend_s, [v]);
  const w = v.type === Type.i64 ? f.emit(Op.wrap_i64, [v]) : v;
  if (v.type === Type.i32 && fits(from, to)) return w;
  return normalise(f, w, to);
}

/** Whether every (normalised) value of one small type is a normalised value of another. */
function fits(from: GoType, to: GoType): boolean {
  if (to.size === 4) return true;
  if (from.size > to.size) return false;
  if (from.size === to.size) return isUnsigned(from) === isUnsigned(to);
  return isUnsigned(from) || !isUnsigned(to);
}

function intToFloat(f: FuncBuilder, v: Value, from: GoType, to: GoType): Value {
  const u = isUnsigned(from);
  if (to.kind === GoKind.Float32) {
    if (v.type === Type.i64) return f.emit(u ? Op.f32_i64u : Op.f32_i64s, [v]);
    return f.emit(u ? Op.f32_i32u : Op.f32_i32s, [v]);
  }
  if (v.type === Type.i64) return f.emit(u ? Op.f64_i64u : Op.f64_i64s, [v]);
  return f.emit(u ? Op.f64_i32u : Op.f64_i32s, [v]);
}

/** As GOARCH=wasm: saturating to 64 bits, then cut down. */
function floatToInt(f: FuncBuilder, v: Value, to: GoType): Value {
  const single = v.type === Type.f32;
  const u = to.kind === GoKind.Uint64 || to.kind === GoKind.Uint || to.kind === GoKind.Uintptr;
  const wide = u ? f.emit(single ? Op.i64_f32u : Op.i64_f64u, [v]) : f.emit(single ? Op.i64_f32s : Op.i64_f64s, [v]);
  if (to.values[0] === Type.i64) return wide;
  return normalise(f, f.emit(Op.wrap_i64, [wide]), to);
}

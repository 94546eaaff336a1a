// Constants as IR values of a concrete type.

import { toComplex, toFloat, toInt } from '../constant/convert.ts';
import { float32Val, float64Val } from '../constant/rounding.ts';
import { Kind, type RealValue, type Value as Constant } from '../constant/value.ts';
import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { GoKind, type GoType } from './gotype.ts';

/** The constant as a value of type t, which can represent it. */
export function constant(f: FuncBuilder, c: Constant, t: GoType): Vals {
  switch (t.kind) {
    case GoKind.Bool: return [f.i32(c.kind === Kind.Bool && c.val ? 1 : 0)];
    case GoKind.String: return stringConst(f, c.kind === Kind.String ? c.val : '');
    case GoKind.Float32: return [f.emit(Op.const_f32, [], float32Val(realOf(c)))];
    case GoKind.Float64: return [f.emit(Op.const_f64, [], float64Val(realOf(c)))];
    case GoKind.Complex64: {
      const z = complexOf(c);
      return [f.emit(Op.const_f32, [], float32Val(z.re)), f.emit(Op.const_f32, [], float32Val(z.im))];
    }
    case GoKind.Complex128: {
      const z = complexOf(c);
      return [f.emit(Op.const_f64, [], float64Val(z.re)), f.emit(Op.const_f64, [], float64Val(z.im))];
    }
    default: return [intConst(f, integer(c), t)];
  }
}

/** The integer n as a value of an integer (or pointer-like) type. */
export function intConst(f: FuncBuilder, n: bigint | number, t: GoType): Value {
  if (t.values[0] === 2) return f.i64(n); // Type.i64
  if (t.values[0] === 5) return f.emit(Op.const_ptr, [], Number(BigInt.asUintN(32, BigInt(n))));
  return f.i32(typeof n === 'bigint' ? Number(BigInt.asIntN(32, n)) : n | 0);
}

/** A string constant; one char per byte. */
export function stringConst(f: FuncBuilder, bytes: string): Vals {
  if (bytes.length === 0) return [f.nil(), f.i64(0)];
  return [f.addr(f.ctx.stringSym(bytes)), f.i64(bytes.length)];
}

/** The value of an integer constant, whatever its form. */
export function integer(c: Constant): bigint | number {
  const i = toInt(c);
  return i.kind === Kind.Int ? i.val : 0;
}

function realOf(c: Constant): RealValue {
  if (c.kind === Kind.Int || c.kind === Kind.Float) return c;
  const x = toFloat(c);
  return x.kind === Kind.Float ? x : { kind: Kind.Int, val: 0 };
}

function complexOf(c: Constant): { re: RealValue; im: RealValue } {
  const z = toComplex(c);
  return z.kind === Kind.Complex ? z : { re: { kind: Kind.Int, val: 0 }, im: { kind: Kind.Int, val: 0 } };
}

/** Whether values of the kind are integers. */
export function isInteger(t: GoType): boolean { return t.kind >= GoKind.Int && t.kind <= GoKind.Uintptr; }
export function isUnsigned(t: GoType): boolean { return t.kind >= GoKind.Uint && t.kind <= GoKind.Uintptr; }
export function isFloat(t: GoType): boolean { return t.kind === GoKind.Float32 || t.kind === GoKind.Float64; }
export function isComplex(t: GoType): boolean { return t.kind === GoKind.Complex64 || t.kind === GoKind.Complex128; }

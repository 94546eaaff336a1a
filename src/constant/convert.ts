// Conversions among the kinds of numeric constants: each gives unknown where the value does not allow it.

import { exponent, fromInt, fromRatio, nearInteger, type BigFloat } from './bigfloat.ts';
import { bitLength } from './bits.ts';
import {
  Kind,
  bigOf,
  makeInt,
  maxRatBits,
  sign,
  unknown,
  type ComplexValue,
  type FloatValue,
  type IntValue,
  type RealValue,
  type UnknownValue,
  type Value,
} from './value.ts';

/** Converts x to an integer constant if it is representable as one, else to unknown. */
export function toInt(x: Value): IntValue | UnknownValue {
  switch (x.kind) {
    case Kind.Int:
      return x;
    case Kind.Float: {
      if (x.repr === 'rat') return x.den === 1n ? makeInt(x.num) : unknown;
      const i = nearInteger(x.big);
      return i === null ? unknown : makeInt(i);
    }
    case Kind.Complex:
      return sign(x.im) === 0 ? toInt(x.re) : unknown;
  }
  return unknown;
}

/** Converts x to a float constant if it is representable as one, else to unknown. */
export function toFloat(x: Value): FloatValue | UnknownValue {
  switch (x.kind) {
    case Kind.Int: {
      const num = bigOf(x);
      if (bitLength(num) < maxRatBits) return { kind: Kind.Float, repr: 'rat', num, den: 1n };
      return { kind: Kind.Float, repr: 'big', big: fromInt(num) };
    }
    case Kind.Float:
      return x;
    case Kind.Complex:
      return sign(x.im) === 0 ? toFloat(x.re) : unknown;
  }
  return unknown;
}

const zeroInt = makeInt(0);

/** Converts a numeric x to a complex constant. */
export function toComplex(x: Value): ComplexValue | UnknownValue {
  if (x.kind === Kind.Int || x.kind === Kind.Float) return { kind: Kind.Complex, re: x, im: zeroInt };
  return x.kind === Kind.Complex ? x : unknown;
}

/** The real part of a numeric x. */
export function real(x: Value): RealValue | UnknownValue {
  if (x.kind === Kind.Complex) return x.re;
  return x.kind === Kind.Int || x.kind === Kind.Float ? x : unknown;
}

/** The imaginary part of a numeric x. */
export function imag(x: Value): RealValue | UnknownValue {
  if (x.kind === Kind.Complex) return x.im;
  return x.kind === Kind.Int || x.kind === Kind.Float ? zeroInt : unknown;
}

/** The number as a binary float. */
export function bigFloatOf(x: RealValue): BigFloat {
  if (x.kind === Kind.Int) return fromInt(bigOf(x));
  return x.repr === 'rat' ? fromRatio(x.num, x.den) : x.big;
}

/** Reports whether x is small enough in exponent for a rational. */
export function isModest(x: BigFloat): boolean {
  return Math.abs(exponent(x)) < maxRatBits;
}

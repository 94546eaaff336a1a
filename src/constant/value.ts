// The shapes of constant values, and their constructors.
//
// Spec: "Numeric constants represent exact values of arbitrary precision and do not overflow." An integer is kept as a
// JavaScript number while that is exact, else as a bigint; a float is a rational while that stays small, else a binary
// float of 512 bits (bigfloat.ts), so that 1e1000000 costs no more than 1.5 does. A string is kept as its UTF-8 bytes,
// one UTF-16 unit (0..255) for each byte, because a Go string constant need not be valid UTF-8.

import { bitLength } from './bits.ts';
import { fromRatio, isInf, isZero, type BigFloat } from './bigfloat.ts';

/** The kinds, ordered as the conversions among numeric constants go. */
export const Kind = { Unknown: 0, Bool: 1, String: 2, Int: 3, Float: 4, Complex: 5 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export interface UnknownValue {
  readonly kind: typeof Kind.Unknown;
}
export interface BoolValue {
  readonly kind: typeof Kind.Bool;
  readonly val: boolean;
}
/** `val` holds bytes: each UTF-16 unit is one byte. */
export interface StringValue {
  readonly kind: typeof Kind.String;
  readonly val: string;
}
/** `val` is a number exactly when it is a safe integer. */
export interface IntValue {
  readonly kind: typeof Kind.Int;
  readonly val: number | bigint;
}
/** A fraction in lowest terms, den > 0. */
export interface RatValue {
  readonly kind: typeof Kind.Float;
  readonly repr: 'rat';
  readonly num: bigint;
  readonly den: bigint;
}
export interface BigValue {
  readonly kind: typeof Kind.Float;
  readonly repr: 'big';
  readonly big: BigFloat;
}
export type FloatValue = RatValue | BigValue;
export type RealValue = IntValue | FloatValue;
export interface ComplexValue {
  readonly kind: typeof Kind.Complex;
  readonly re: RealValue;
  readonly im: RealValue;
}
export type Value = UnknownValue | BoolValue | StringValue | RealValue | ComplexValue;

/** A float stays a rational while numerator and denominator have fewer bits than this. */
export const maxRatBits = 4096;

/** The value of an erroneous constant expression; every operation on it gives it again. */
export const unknown: UnknownValue = { kind: Kind.Unknown };
export const trueValue: BoolValue = { kind: Kind.Bool, val: true };
export const falseValue: BoolValue = { kind: Kind.Bool, val: false };

export function makeBool(b: boolean): BoolValue {
  return b ? trueValue : falseValue;
}

/** Makes a string constant of bytes (see StringValue). */
export function makeString(bytes: string): StringValue {
  return { kind: Kind.String, val: bytes };
}

const smallInts: IntValue[] = [];
for (let i = 0; i < 256; i++) smallInts.push({ kind: Kind.Int, val: i });

/** Makes an integer constant; the argument must be a safe integer or a bigint. */
export function makeInt(v: number | bigint): IntValue {
  if (typeof v === 'bigint') {
    if (v >= -9007199254740991n && v <= 9007199254740991n) return makeInt(Number(v));
    return { kind: Kind.Int, val: v };
  }
  if (v >= 0 && v < 256) return smallInts[v];
  return { kind: Kind.Int, val: v };
}

function gcd(a: bigint, b: bigint): bigint {
  if (a < 0n) a = -a;
  // Hexadecimal floats and shifts: the denominator is a power of two, so the lowest bits decide.
  if (a !== 0n && (b & (b - 1n)) === 0n) {
    const low = a & -a;
    return low < b ? low : b;
  }
  while (b !== 0n) {
    // Small tails are much faster in numbers.
    if (a <= 9007199254740991n && b <= 9007199254740991n) {
      let x = Number(a),
        y = Number(b);
      while (y !== 0) [x, y] = [y, x % y];
      return BigInt(x);
    }
    [a, b] = [b, a % b];
  }
  return a;
}

/** Makes the float constant num/den, den != 0. */
export function makeRat(num: bigint, den: bigint): FloatValue {
  if (den < 0n) {
    num = -num;
    den = -den;
  }
  if (den !== 1n) {
    const g = gcd(num, den);
    if (g !== 1n) {
      num /= g;
      den /= g;
    }
  }
  if (bitLength(num) < maxRatBits && bitLength(den) < maxRatBits) return { kind: Kind.Float, repr: 'rat', num, den };
  return { kind: Kind.Float, repr: 'big', big: fromRatio(num, den) };
}

/** Makes a float constant that stays a binary float; an infinity gives unknown. */
export function makeBig(big: BigFloat): FloatValue | UnknownValue {
  return isInf(big) ? unknown : { kind: Kind.Float, repr: 'big', big };
}

/** Makes a complex constant. */
export function makeComplex(re: RealValue | UnknownValue, im: RealValue | UnknownValue): ComplexValue | UnknownValue {
  if (re.kind === Kind.Unknown || im.kind === Kind.Unknown) return unknown;
  return { kind: Kind.Complex, re, im };
}

/** Reports whether x is a number of any kind. */
export function isNumeric(x: Value): x is RealValue | ComplexValue {
  return x.kind >= Kind.Int;
}

/** Returns -1, 0 or 1; for a complex 0 exactly when it is zero, for other kinds 1. */
export function sign(x: Value): number {
  switch (x.kind) {
    case Kind.Int:
      return x.val > 0 ? 1 : x.val < 0 ? -1 : 0;
    case Kind.Float:
      if (x.repr === 'rat') return x.num > 0n ? 1 : x.num < 0n ? -1 : 0;
      return isZero(x.big) ? 0 : x.big.mant < 0n ? -1 : 1;
    case Kind.Complex:
      return sign(x.re) | sign(x.im);
  }
  return 1;
}

/** The integer as a bigint. */
export function bigOf(x: IntValue): bigint {
  return typeof x.val === 'bigint' ? x.val : BigInt(x.val);
}

/** Number of bits of the integer's absolute value. */
export function bitLen(x: IntValue): number {
  if (typeof x.val === 'bigint') return bitLength(x.val);
  const a = Math.abs(x.val);
  return a < 0x100000000 ? 32 - Math.clz32(a) : 64 - Math.clz32(Math.floor(a / 0x100000000));
}

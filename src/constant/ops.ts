// Operations on constants. Division by an integer zero is the caller's to report; here it gives unknown.

import * as bf from './bigfloat.ts';
import { bigFloatOf, toComplex } from './convert.ts';
import {
  Kind,
  bigOf,
  makeBig,
  makeBool,
  makeComplex,
  makeInt,
  makeRat,
  makeString,
  sign,
  unknown,
  type ComplexValue,
  type FloatValue,
  type IntValue,
  type RealValue,
  type UnknownValue,
  type Value,
} from './value.ts';

/** Operators on constants. IntQuo is the division that truncates; Quo of two integers gives a float. */
export const Op = {
  Add: 0,
  Sub: 1,
  Mul: 2,
  Quo: 3,
  IntQuo: 4,
  Rem: 5,
  And: 6,
  Or: 7,
  Xor: 8,
  AndNot: 9,
  Shl: 10,
  Shr: 11,
  LAnd: 12,
  LOr: 13,
  Not: 14,
  Eql: 15,
  Neq: 16,
  Lss: 17,
  Leq: 18,
  Gtr: 19,
  Geq: 20,
} as const;
export type Op = (typeof Op)[keyof typeof Op];

/** Applies a binary operator that is neither a comparison nor a shift to operands of fitting kinds. */
export function binaryOp(x: Value, op: Op, y: Value): Value {
  if (x.kind === Kind.Unknown || y.kind === Kind.Unknown) return unknown;
  if (x.kind === Kind.Bool && y.kind === Kind.Bool) {
    return op === Op.LAnd ? makeBool(x.val && y.val) : op === Op.LOr ? makeBool(x.val || y.val) : unknown;
  }
  if (x.kind === Kind.String && y.kind === Kind.String) return op === Op.Add ? makeString(x.val + y.val) : unknown;
  if (x.kind === Kind.Int && y.kind === Kind.Int) return intOp(x, op, y);
  if (x.kind === Kind.Complex || y.kind === Kind.Complex) {
    const cx = toComplex(x),
      cy = toComplex(y);
    if (cx.kind === Kind.Unknown || cy.kind === Kind.Unknown) return unknown;
    return complexOp(cx, op, cy);
  }
  if ((x.kind === Kind.Int || x.kind === Kind.Float) && (y.kind === Kind.Int || y.kind === Kind.Float)) return floatOp(x, op, y);
  return unknown;
}

function intOp(x: IntValue, op: Op, y: IntValue): Value {
  const a = x.val,
    b = y.val;
  if (typeof a === 'number' && typeof b === 'number') {
    const r = smallIntOp(a, op, b);
    if (Number.isSafeInteger(r)) return makeInt(r + 0);
  }
  return bigIntOp(BigInt(a), op, BigInt(b));
}

/** The result where numbers can give it exactly, else something that is not a safe integer. */
function smallIntOp(a: number, op: Op, b: number): number {
  switch (op) {
    case Op.Add:
      return a + b;
    case Op.Sub:
      return a - b;
    case Op.Mul:
      return a * b;
    case Op.IntQuo:
      return b === 0 ? NaN : Math.trunc(a / b);
    case Op.Rem:
      return b === 0 ? NaN : a % b;
  }
  if ((a | 0) !== a || (b | 0) !== b) return NaN;
  switch (op) {
    case Op.And:
      return a & b;
    case Op.Or:
      return a | b;
    case Op.Xor:
      return a ^ b;
    case Op.AndNot:
      return a & ~b;
  }
  return NaN;
}

function bigIntOp(a: bigint, op: Op, b: bigint): Value {
  switch (op) {
    case Op.Add:
      return makeInt(a + b);
    case Op.Sub:
      return makeInt(a - b);
    case Op.Mul:
      return makeInt(a * b);
    case Op.Quo:
      return b === 0n ? unknown : makeRat(a, b);
    case Op.IntQuo:
      return b === 0n ? unknown : makeInt(a / b);
    case Op.Rem:
      return b === 0n ? unknown : makeInt(a % b);
    case Op.And:
      return makeInt(a & b);
    case Op.Or:
      return makeInt(a | b);
    case Op.Xor:
      return makeInt(a ^ b);
    case Op.AndNot:
      return makeInt(a & ~b);
  }
  return unknown;
}

function floatOp(x: RealValue, op: Op, y: RealValue): FloatValue | UnknownValue {
  if (op === Op.Quo && sign(y) === 0) return unknown;
  if (!(x.kind === Kind.Float && x.repr === 'big') && !(y.kind === Kind.Float && y.repr === 'big')) {
    const [a, b] = fraction(x),
      [c, d] = fraction(y);
    switch (op) {
      case Op.Add:
        return makeRat(a * d + c * b, b * d);
      case Op.Sub:
        return makeRat(a * d - c * b, b * d);
      case Op.Mul:
        return makeRat(a * c, b * d);
      case Op.Quo:
        return makeRat(a * d, b * c);
    }
    return unknown;
  }
  const p = bigFloatOf(x),
    q = bigFloatOf(y);
  switch (op) {
    case Op.Add:
      return makeBig(bf.add(p, q));
    case Op.Sub:
      return makeBig(bf.sub(p, q));
    case Op.Mul:
      return makeBig(bf.mul(p, q));
    case Op.Quo:
      return makeBig(bf.quo(p, q));
  }
  return unknown;
}

function fraction(x: RealValue): [bigint, bigint] {
  if (x.kind === Kind.Int) return [bigOf(x), 1n];
  return x.repr === 'rat' ? [x.num, x.den] : [0n, 1n];
}

/** Arithmetic of two real components; integers divide exactly. */
function realOp(x: RealValue | UnknownValue, op: Op, y: RealValue | UnknownValue): RealValue | UnknownValue {
  return binaryOp(x, op, y) as RealValue | UnknownValue;
}

function complexOp(x: ComplexValue, op: Op, y: ComplexValue): Value {
  const { re: a, im: b } = x,
    { re: c, im: d } = y;
  switch (op) {
    case Op.Add:
    case Op.Sub:
      return makeComplex(realOp(a, op, c), realOp(b, op, d));
    case Op.Mul:
      return makeComplex(
        realOp(realOp(a, Op.Mul, c), Op.Sub, realOp(b, Op.Mul, d)),
        realOp(realOp(b, Op.Mul, c), Op.Add, realOp(a, Op.Mul, d)),
      );
    case Op.Quo: {
      const norm = realOp(realOp(c, Op.Mul, c), Op.Add, realOp(d, Op.Mul, d));
      const re = realOp(realOp(a, Op.Mul, c), Op.Add, realOp(b, Op.Mul, d));
      const im = realOp(realOp(b, Op.Mul, c), Op.Sub, realOp(a, Op.Mul, d));
      return makeComplex(realOp(re, Op.Quo, norm), realOp(im, Op.Quo, norm));
    }
  }
  return unknown;
}

/** Applies a unary operator. For `^` on an unsigned type of `bits` bits the result is limited to them; 0 means no limit. */
export function unaryOp(op: Op, x: Value, bits: number): Value {
  switch (op) {
    case Op.Add:
      return x;
    case Op.Sub:
      return negate(x);
    case Op.Not:
      return x.kind === Kind.Bool ? makeBool(!x.val) : unknown;
    case Op.Xor:
      if (x.kind !== Kind.Int) return unknown;
      if (bits === 0) return typeof x.val === 'number' ? makeInt(-1 - x.val) : makeInt(~x.val);
      return makeInt(BigInt.asUintN(bits, ~bigOf(x)));
  }
  return unknown;
}

function negate(x: Value): Value {
  switch (x.kind) {
    case Kind.Int:
      return makeInt(typeof x.val === 'number' ? 0 - x.val : -x.val);
    case Kind.Float:
      return x.repr === 'rat' ? { ...x, num: -x.num } : { ...x, big: bf.neg(x.big) };
    case Kind.Complex:
      return makeComplex(negate(x.re) as RealValue, negate(x.im) as RealValue);
  }
  return unknown;
}

/** Shifts an integer left (Op.Shl) or right (Op.Shr) by s >= 0 bits. */
export function shift(x: Value, op: Op, s: number): Value {
  if (x.kind !== Kind.Int) return unknown;
  if (s === 0) return x;
  if (typeof x.val === 'number') {
    if (op === Op.Shr) return makeInt(s > 64 ? (x.val < 0 ? -1 : 0) : Math.floor(x.val / 2 ** s) + 0);
    if (s < 1000) {
      const r = x.val * 2 ** s;
      if (Number.isSafeInteger(r)) return makeInt(r);
    }
  }
  const b = BigInt(x.val);
  return makeInt(op === Op.Shl ? b << BigInt(s) : b >> BigInt(s));
}

function holds(op: Op, c: number): boolean {
  switch (op) {
    case Op.Eql:
      return c === 0;
    case Op.Neq:
      return c !== 0;
    case Op.Lss:
      return c < 0;
    case Op.Leq:
      return c <= 0;
    case Op.Gtr:
      return c > 0;
    case Op.Geq:
      return c >= 0;
  }
  return false;
}

/** The result of the comparison x op y; false where an operand is unknown. */
export function compare(x: Value, op: Op, y: Value): boolean {
  if (x.kind === Kind.Unknown || y.kind === Kind.Unknown) return false;
  if (x.kind === Kind.Bool || y.kind === Kind.Bool) {
    return holds(op, x.kind === Kind.Bool && y.kind === Kind.Bool && x.val === y.val ? 0 : 1);
  }
  if (x.kind === Kind.String || y.kind === Kind.String) {
    if (x.kind !== Kind.String || y.kind !== Kind.String) return false;
    return holds(op, x.val < y.val ? -1 : x.val > y.val ? 1 : 0);
  }
  if (x.kind === Kind.Complex || y.kind === Kind.Complex) {
    const cx = toComplex(x),
      cy = toComplex(y);
    if (cx.kind === Kind.Unknown || cy.kind === Kind.Unknown) return false;
    return holds(op, compareReal(cx.re, cy.re) === 0 && compareReal(cx.im, cy.im) === 0 ? 0 : 1);
  }
  return holds(op, compareReal(x, y));
}

function compareReal(x: RealValue, y: RealValue): number {
  if (x.kind === Kind.Int && y.kind === Kind.Int) return x.val < y.val ? -1 : x.val > y.val ? 1 : 0;
  if ((x.kind === Kind.Float && x.repr === 'big') || (y.kind === Kind.Float && y.repr === 'big')) {
    return bf.compare(bigFloatOf(x), bigFloatOf(y));
  }
  const [a, b] = fraction(x),
    [c, d] = fraction(y);
  const l = a * d,
    r = c * b;
  return l < r ? -1 : l > r ? 1 : 0;
}

// Rounding constants to machine types: float32, float64, and the integer ranges.

import { bitLength, shiftRound } from './bits.ts';
import { Kind, bigOf, makeRat, unknown, type IntValue, type RealValue, type FloatValue, type UnknownValue } from './value.ts';
import { exponent } from './bigfloat.ts';

/** Rounds num/den * 2^exp to a binary float of `prec` bits whose smallest positive value is 2^minExp; may give an infinity. */
function roundRatio(num: bigint, den: bigint, exp: number, prec: number, minExp: number): number {
  if (num === 0n) return 0;
  const negative = num < 0n;
  if (negative) num = -num;
  const shift = prec + 2 - (bitLength(num) - bitLength(den));
  if (shift > 0) num <<= BigInt(shift);
  else {
    den <<= BigInt(-shift);
  }
  const q = num / den;
  const sticky = q * den !== num;
  exp -= shift;
  // q * 2^exp; keep prec bits, or fewer where the result is subnormal.
  const drop = Math.max(bitLength(q) - prec, minExp - exp);
  if (drop > bitLength(q) + 1) return negative ? -0 : 0;
  const m = shiftRound(q, drop, sticky);
  exp += drop;
  let r = Number(m);
  // In two steps: 2**exp alone may under- or overflow where the product does not.
  if (exp < -1000) r = r * 2 ** -1000 * 2 ** (exp + 1000);
  else if (exp > 960) r = r * 2 ** 960 * 2 ** Math.min(exp - 960, 1000);
  else r *= 2 ** exp;
  return negative ? -r : r;
}

function toBinary(x: RealValue, prec: number, minExp: number): number {
  if (x.kind === Kind.Int) return roundRatio(bigOf(x), 1n, 0, prec, minExp);
  if (x.repr === 'rat') return roundRatio(x.num, x.den, 0, prec, minExp);
  const e = exponent(x.big);
  if (e > 1100) return x.big.mant < 0n ? -Infinity : Infinity;
  if (e < -1200) return x.big.mant < 0n ? -0 : 0;
  return roundRatio(x.big.mant, 1n, x.big.exp, prec, minExp);
}

/** The float64 nearest to x, ties to even; an infinity where x is too large. */
export function float64Val(x: RealValue): number {
  if (x.kind === Kind.Int && typeof x.val === 'number') return x.val;
  return toBinary(x, 53, -1074);
}

/** The float32 nearest to x, ties to even (one rounding, not two); an infinity where x is too large. */
export function float32Val(x: RealValue): number {
  const r = toBinary(x, 24, -149);
  return Math.abs(r) > 3.4028234663852886e38 ? (r < 0 ? -Infinity : Infinity) : r;
}

const word = new DataView(new ArrayBuffer(8));

/** The exact constant for a float64; unknown for infinities and NaNs. */
export function makeFloat64(f: number): FloatValue | UnknownValue {
  if (!Number.isFinite(f)) return unknown;
  if (f === 0) return makeRat(0n, 1n);
  if (Number.isInteger(f)) return makeRat(BigInt(f), 1n);
  word.setFloat64(0, f);
  const bits = word.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  let mant = bits & 0xfffffffffffffn;
  if (biased !== 0) mant |= 1n << 52n;
  const exp = (biased === 0 ? 1 : biased) - 1075;
  return makeRat(f < 0 ? -mant : mant, 1n << BigInt(-exp));
}

/** Reports whether the integer fits `bits` bits (8 to 64) of a signed or unsigned type. */
export function fitsInt(x: IntValue, bits: number, signed: boolean): boolean {
  const v = x.val;
  if (typeof v === 'number' && bits <= 32) {
    return signed ? v >= -(2 ** (bits - 1)) && v < 2 ** (bits - 1) : v >= 0 && v < 2 ** bits;
  }
  if (typeof v === 'number') return signed || v >= 0;
  const b = BigInt(bits);
  return signed ? v >= -(1n << (b - 1n)) && v < 1n << (b - 1n) : v >= 0n && v < 1n << b;
}

// Binary floating point with a 512-bit mantissa, rounded to nearest even, for constants too large or small for rationals.
//
// A value is mant * 2^exp; a finite non-zero mantissa is odd or has been stripped of its trailing zeros, so equal values
// have equal fields. The exponent is bounded as a 32-bit one would be: beyond it lies an infinity, below it zero.

import { bitLength, shiftRound, trailingZeros } from './bits.ts';

export interface BigFloat {
  readonly mant: bigint;
  readonly exp: number;
}

/** Mantissa precision in bits. */
export const precision = 512;

const maxExponent = 0x7fffffff;
const zero: BigFloat = { mant: 0n, exp: 0 };
const posInf: BigFloat = { mant: 1n, exp: Infinity };
const negInf: BigFloat = { mant: -1n, exp: Infinity };

export function isInf(x: BigFloat): boolean {
  return x.exp === Infinity;
}

export function isZero(x: BigFloat): boolean {
  return x.mant === 0n;
}

/** Rounds mant * 2^exp to `prec` bits; `sticky` says that the true magnitude is slightly larger than mant's. */
export function round(mant: bigint, exp: number, sticky = false, prec = precision): BigFloat {
  if (mant === 0n) return zero;
  const over = bitLength(mant) - prec;
  if (over > 0) {
    mant = shiftRound(mant, over, sticky);
    exp += over;
  }
  const tz = trailingZeros(mant);
  if (tz > 0) {
    mant >>= BigInt(tz);
    exp += tz;
  }
  const e = exp + bitLength(mant);
  if (e > maxExponent) return mant < 0n ? negInf : posInf;
  if (e < -maxExponent) return zero;
  return { mant, exp };
}

export function fromInt(v: bigint): BigFloat {
  return round(v, 0);
}

/** The binary exponent e with 0.5 <= |x| / 2^e < 1; 0 for zero. */
export function exponent(x: BigFloat): number {
  return x.mant === 0n ? 0 : x.exp + bitLength(x.mant);
}

/** num / den, den > 0. */
export function fromRatio(num: bigint, den: bigint): BigFloat {
  return ratio(num, den, 0, precision);
}

function ratio(num: bigint, den: bigint, exp: number, prec: number): BigFloat {
  if (num === 0n) return zero;
  const neg = num < 0n !== den < 0n;
  if (num < 0n) num = -num;
  if (den < 0n) den = -den;
  // Two bits more than wanted, and a remainder that says whether anything follows.
  const shift = prec + 2 - (bitLength(num) - bitLength(den));
  if (shift > 0) num <<= BigInt(shift);
  else den <<= BigInt(-shift);
  const q = num / den;
  return round(neg ? -q : q, exp - shift, q * den !== num, prec);
}

export function neg(x: BigFloat): BigFloat {
  return { mant: -x.mant, exp: x.exp };
}

export function add(x: BigFloat, y: BigFloat): BigFloat {
  if (isZero(x)) return y;
  if (isZero(y)) return x;
  if (exponent(x) < exponent(y)) [x, y] = [y, x];
  // Far below the last bit y only breaks ties: replace it by a tiny value of its sign.
  const gap = exponent(x) - exponent(y);
  if (gap > 2 * precision + 4) y = { mant: y.mant < 0n ? -1n : 1n, exp: exponent(x) - 2 * precision - 4 };
  const exp = Math.min(x.exp, y.exp);
  return round((x.mant << BigInt(x.exp - exp)) + (y.mant << BigInt(y.exp - exp)), exp);
}

export function sub(x: BigFloat, y: BigFloat): BigFloat {
  return add(x, neg(y));
}

export function mul(x: BigFloat, y: BigFloat, prec = precision): BigFloat {
  if (isInf(x) || isInf(y)) return x.mant < 0n === y.mant < 0n ? posInf : negInf;
  return round(x.mant * y.mant, x.exp + y.exp, false, prec);
}

export function quo(x: BigFloat, y: BigFloat, prec = precision): BigFloat {
  if (isInf(y)) return zero;
  if (isInf(x)) return x.mant < 0n === y.mant < 0n ? posInf : negInf;
  return ratio(x.mant, y.mant, x.exp - y.exp, prec);
}

export function compare(x: BigFloat, y: BigFloat): number {
  const sx = x.mant < 0n ? -1 : x.mant > 0n ? 1 : 0;
  const sy = y.mant < 0n ? -1 : y.mant > 0n ? 1 : 0;
  if (sx !== sy) return sx < sy ? -1 : 1;
  if (sx === 0) return 0;
  const ex = exponent(x),
    ey = exponent(y);
  if (ex !== ey) return ex < ey === sx > 0 ? -1 : 1;
  const d = sub(x, y).mant;
  return d < 0n ? -1 : d > 0n ? 1 : 0;
}

export function isInteger(x: BigFloat): boolean {
  return x.mant === 0n || (x.exp >= 0 && !isInf(x));
}

/** mant * 2^exp2 * 10^exp10, with guard bits so that the last step rounds well. */
export function fromDecimal(mant: bigint, exp2: number, exp10: number): BigFloat {
  if (mant === 0n) return zero;
  const guarded = precision + 64;
  const base = round(mant, exp2 + exp10, false, Math.max(guarded, bitLength(mant)));
  if (exp10 === 0) return round(base.mant, base.exp);
  const p5 = pow5(Math.abs(exp10), guarded);
  return exp10 > 0 ? mul(base, p5) : quo(base, p5);
}

function pow5(n: number, prec: number): BigFloat {
  let result: BigFloat = { mant: 1n, exp: 0 };
  let square: BigFloat = { mant: 5n, exp: 0 };
  while (n > 0) {
    if (n % 2 === 1) result = mul(result, square, prec);
    n = Math.floor(n / 2);
    if (n > 0) square = mul(square, square, prec);
  }
  return result;
}

/** If x is an integer within 4 units of the mantissa's last places, returns that integer (earlier roundings are to blame). */
export function nearInteger(x: BigFloat): bigint | null {
  if (isInf(x) || Math.abs(exponent(x)) >= 4096) return null;
  if (isInteger(x)) return x.mant << BigInt(x.exp);
  const over = bitLength(x.mant) - (precision - 4);
  if (over <= 0) return null;
  const s = BigInt(over);
  const negative = x.mant < 0n;
  const down = (negative ? -x.mant : x.mant) >> s;
  for (const m of [down, down + 1n]) {
    const e = x.exp + over;
    if (e >= 0) return (negative ? -m : m) << BigInt(e);
    const cut = BigInt(-e);
    if ((m >> cut) << cut === m) return (negative ? -m : m) >> cut;
  }
  return null;
}

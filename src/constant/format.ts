// Constants as text: the short form that diagnostics show, and the exact form that tools show.

import { bitLength } from './bits.ts';
import { exponent, isInteger, isZero, type BigFloat } from './bigfloat.ts';
import { bigFloatOf } from './convert.ts';
import { float64Val } from './rounding.ts';
import { quote, quoteRunes } from './text.ts';
import { Kind, type FloatValue, type Value } from './value.ts';

const maxQuoted = 72;

/** The short form: strings cut at 72 characters, floats to six digits. */
export function toString(x: Value): string {
  switch (x.kind) {
    case Kind.Unknown:
      return 'unknown';
    case Kind.Bool:
      return String(x.val);
    case Kind.String:
      return shortQuote(x.val);
    case Kind.Int:
      return x.val.toString();
    case Kind.Float:
      return floatString(x);
    case Kind.Complex:
      return `(${toString(x.re)} + ${toString(x.im)}i)`;
  }
}

function shortQuote(bytes: string): string {
  // Every part is shown as at least one character, so a longer prefix is never needed.
  const runes = [...('"' + quoteRunes(bytes.length > 300 ? bytes.slice(0, 300) : bytes, '"').join('') + '"')];
  if (runes.length <= maxQuoted) return runes.join('');
  return runes.slice(0, maxQuoted - 3).join('') + '...';
}

/** The exact form: all digits, floats as fractions or hexadecimal. */
export function exactString(x: Value): string {
  switch (x.kind) {
    case Kind.String:
      return quote(x.val);
    case Kind.Float:
      if (x.repr === 'big') return hexString(x.big);
      return x.den === 1n ? x.num.toString() : `${x.num}/${x.den}`;
    case Kind.Complex:
      return `(${exactString(x.re)} + ${exactString(x.im)}i)`;
  }
  return toString(x);
}

function hexString(x: BigFloat): string {
  if (isZero(x)) return '0';
  const negative = x.mant < 0n;
  let m = negative ? -x.mant : x.mant;
  const pad = (4 - (bitLength(m) % 4)) % 4;
  m <<= BigInt(pad);
  let digits = m.toString(16);
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 0x30) end--;
  digits = digits.slice(0, end);
  const e = exponent(x);
  return `${negative ? '-' : ''}0x.${digits}p${e < 0 ? '-' : '+'}${Math.abs(e)}`;
}

function floatString(x: FloatValue): string {
  const f = float64Val(x);
  const zero = x.repr === 'rat' ? x.num === 0n : isZero(x.big);
  if (zero === (f === 0) && Number.isFinite(f)) {
    const s = formatG(f, 6);
    // The form with more digits is for what is no integer at the precision of 512 bits.
    return !s.includes('.') && !isInteger(bigFloatOf(x)) ? formatG(f, -1) : s;
  }
  return hugeString(bigFloatOf(x));
}

/** An approximation for what is outside float64's range: mantissa and decimal exponent from the binary ones. */
function hugeString(x: BigFloat): string {
  const bits = bitLength(x.mant);
  let m = float64Val({ kind: Kind.Float, repr: 'big', big: { mant: x.mant, exp: -bits } });
  const d = exponent(x) * 0.301029995663981195213738894724493026768189881462108541310427;
  let e = Math.trunc(d);
  m *= 10 ** (d - e);
  const a = Math.abs(m);
  if (a < 1 - 0.5e-6) {
    m *= 10;
    e--;
  } else if (a >= 10) {
    m /= 10;
    e++;
  }
  return `${formatG(m, 6)}e${e < 0 ? '-' : '+'}${Math.abs(e)}`;
}

/** A float64 as Go's %g prints it: `precision` significant digits without trailing zeros, or the shortest form for -1. */
export function formatG(f: number, precision: number): string {
  if (f === 0) return Object.is(f, -0) ? '-0' : '0';
  const t = precision < 0 ? f.toExponential() : roundHalfEven(f, precision);
  const at = t.indexOf('e');
  const exp = Number(t.slice(at + 1));
  const negative = t.charCodeAt(0) === 0x2d;
  let digits = t.slice(negative ? 1 : 0, at).replace('.', '');
  let end = digits.length;
  while (end > 1 && digits.charCodeAt(end - 1) === 0x30) end--;
  digits = digits.slice(0, end);
  const limit = precision < 0 ? 6 : precision;
  const s = exp < -4 || exp >= limit ? exponentForm(digits, exp) : plainForm(digits, exp);
  return negative ? '-' + s : s;
}

/** toExponential, but with exact ties to even (it rounds them up). */
function roundHalfEven(f: number, precision: number): string {
  const long = f.toExponential(60);
  const at = long.indexOf('e');
  const last = long.indexOf('.') + precision - 1;
  const rest = long.slice(last + 1, at);
  const isTie = rest.charCodeAt(0) === 0x35 && /^50*$/.test(rest);
  if (isTie && (long.charCodeAt(last) & 1) === 0) return long.slice(0, last + 1) + long.slice(at);
  return f.toExponential(precision - 1);
}

function exponentForm(digits: string, exp: number): string {
  const a = Math.abs(exp);
  return `${digits[0]}${digits.length > 1 ? '.' + digits.slice(1) : ''}e${exp < 0 ? '-' : '+'}${a < 10 ? '0' : ''}${a}`;
}

function plainForm(digits: string, exp: number): string {
  if (exp < 0) return '0.' + '0'.repeat(-exp - 1) + digits;
  if (digits.length <= exp + 1) return digits + '0'.repeat(exp + 1 - digits.length);
  return digits.slice(0, exp + 1) + '.' + digits.slice(exp + 1);
}

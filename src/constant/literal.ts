// Constants from the text of literals. The scanner has checked their syntax; text that it would reject gives unknown.

import { fromDecimal, isZero, type BigFloat } from './bigfloat.ts';
import { isModest } from './convert.ts';
import { byteString, putRune, utf8 } from './text.ts';
import {
  Kind,
  makeBig,
  makeComplex,
  makeInt,
  makeRat,
  makeString,
  unknown,
  type FloatValue,
  type IntValue,
  type UnknownValue,
  type Value,
} from './value.ts';

/** An integer literal of any base, underscores allowed. */
export function intLiteral(text: string): IntValue | UnknownValue {
  let t = text.includes('_') ? text.replaceAll('_', '') : text;
  if (t.length > 1 && t.charCodeAt(0) === 0x30) {
    const c = t.charCodeAt(1) | 0x20;
    if (c !== 0x78 && c !== 0x6f && c !== 0x62) t = '0o' + t.slice(1);
  }
  const n = Number(t);
  if (Number.isSafeInteger(n)) return makeInt(n);
  if (Number.isNaN(n)) return unknown;
  return makeInt(BigInt(t));
}

/** A floating-point literal, decimal or hexadecimal; an integer's text is taken too, a leading 0 then not meaning octal. */
export function floatLiteral(text: string): FloatValue | UnknownValue {
  const t = (text.includes('_') ? text.replaceAll('_', '') : text).toLowerCase();
  const prefix = t.slice(0, 2);
  if (prefix === '0x') return hexFloat(t.slice(2));
  if (prefix === '0b' || prefix === '0o') return makeRat(BigInt(t), 1n);
  let exp = 0;
  let mant = t;
  const e = t.indexOf('e');
  if (e >= 0) {
    exp = Number(t.slice(e + 1));
    mant = t.slice(0, e);
  }
  const [digits, fraction] = dropPoint(mant);
  if (digits === null || Number.isNaN(exp)) return unknown;
  return scaled(BigInt(digits === '' ? '0' : digits), 0, exp - fraction);
}

function hexFloat(t: string): FloatValue | UnknownValue {
  let exp = 0;
  const p = t.indexOf('p');
  if (p >= 0) {
    exp = Number(t.slice(p + 1));
    t = t.slice(0, p);
  }
  const [digits, fraction] = dropPoint(t);
  if (digits === null || Number.isNaN(exp)) return unknown;
  return scaled(BigInt('0x' + (digits === '' ? '0' : digits)), exp - 4 * fraction, 0);
}

/** The digits without the point, and how many stood behind it. */
function dropPoint(t: string): [string | null, number] {
  const dot = t.indexOf('.');
  const digits = dot < 0 ? t : t.slice(0, dot) + t.slice(dot + 1);
  for (let i = 0; i < digits.length; i++) {
    const c = digits.charCodeAt(i);
    if (!((c >= 0x30 && c <= 0x39) || (c >= 0x61 && c <= 0x66))) return [null, 0];
  }
  return [digits, dot < 0 ? 0 : t.length - dot - 1];
}

/** mant * 2^exp2 * 10^exp10: exact as a rational where that stays small. */
function scaled(mant: bigint, exp2: number, exp10: number): FloatValue | UnknownValue {
  if (mant === 0n) return makeRat(0n, 1n);
  const approx: BigFloat = fromDecimal(mant, exp2, exp10);
  if (isZero(approx)) return makeRat(0n, 1n);
  if (!isModest(approx)) return makeBig(approx);
  let num = mant,
    den = 1n;
  if (exp10 > 0) num *= 10n ** BigInt(exp10);
  else if (exp10 < 0) den = 10n ** BigInt(-exp10);
  if (exp2 > 0) num <<= BigInt(exp2);
  else if (exp2 < 0) den <<= BigInt(-exp2);
  return makeRat(num, den);
}

/** An imaginary literal, with its final i. */
export function imagLiteral(text: string): Value {
  return makeComplex(makeInt(0), floatLiteral(text.slice(0, -1)));
}

/** A rune literal in its quotes. */
export function runeLiteral(text: string): IntValue | UnknownValue {
  if (text.length < 3) return unknown;
  if (text.charCodeAt(1) !== 0x5c) return makeInt(text.codePointAt(1)!);
  const [r] = escape(text, 1, 0x27);
  return r < 0 ? unknown : makeInt(r);
}

/** A string literal in its quotes, interpreted or raw. */
export function stringLiteral(text: string): Value {
  const last = text.length - 1;
  if (last < 1) return unknown;
  if (text.charCodeAt(0) === 0x60) {
    const raw = text.slice(1, last);
    return makeString(utf8(raw.includes('\r') ? raw.replaceAll('\r', '') : raw));
  }
  if (text.indexOf('\\') < 0) return makeString(utf8(text.slice(1, last)));
  const bytes = new Uint8Array(3 * last);
  let n = 0;
  for (let i = 1; i < last; ) {
    if (text.charCodeAt(i) !== 0x5c) {
      const r = text.codePointAt(i)!;
      n = putRune(bytes, n, r);
      i += r >= 0x10000 ? 2 : 1;
      continue;
    }
    const [r, width, isByte] = escape(text, i, 0x22);
    if (r < 0) return unknown;
    if (isByte) bytes[n++] = r;
    else n = putRune(bytes, n, r);
    i += width;
  }
  return makeString(byteString(bytes.subarray(0, n)));
}

/** Decodes the escape at text[i] = '\\': value (-1 if malformed), width, and whether it names a byte, not a rune. */
function escape(text: string, i: number, quote: number): [number, number, boolean] {
  const c = text.charCodeAt(i + 1);
  switch (c) {
    case 0x61:
      return [7, 2, false];
    case 0x62:
      return [8, 2, false];
    case 0x66:
      return [12, 2, false];
    case 0x6e:
      return [10, 2, false];
    case 0x72:
      return [13, 2, false];
    case 0x74:
      return [9, 2, false];
    case 0x76:
      return [11, 2, false];
    case 0x5c:
      return [0x5c, 2, false];
    case 0x78:
      return [parse(text.slice(i + 2, i + 4), 16), 4, true];
    case 0x75:
      return [parse(text.slice(i + 2, i + 6), 16), 6, false];
    case 0x55:
      return [parse(text.slice(i + 2, i + 10), 16), 10, false];
  }
  if (c === quote) return [c, 2, false];
  if (c >= 0x30 && c <= 0x37) return [parse(text.slice(i + 1, i + 4), 8), 4, true];
  return [-1, 2, false];
}

function parse(digits: string, base: number): number {
  const n = parseInt(digits, base);
  return Number.isNaN(n) ? -1 : n;
}

/** The kinds of literals that fromLiteral takes. */
export type LiteralKind = 'int' | 'float' | 'imag' | 'rune' | 'string';

/** The constant that a literal's text denotes. */
export function fromLiteral(text: string, kind: LiteralKind): Value {
  switch (kind) {
    case 'int':
      return intLiteral(text);
    case 'float':
      return floatLiteral(text);
    case 'imag':
      return imagLiteral(text);
    case 'rune':
      return runeLiteral(text);
    case 'string':
      return stringLiteral(text);
  }
}

/** Reports whether a constant is a string, and so `val` its bytes. */
export function isString(x: Value): boolean {
  return x.kind === Kind.String;
}

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
  const r = escapeValue(text, 1, 0x27);
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
    const r = escapeValue(text, i, 0x22);
    if (r < 0) return unknown;
    if (isByteEscape(text, i)) bytes[n++] = r;
    else n = putRune(bytes, n, r);
    i += escapeWidth(text, i);
  }
  return makeString(byteString(bytes.subarray(0, n)));
}

/** The letters of the escapes that stand for one character, and those characters. */
const simpleEscapes = new Int8Array(128).fill(-1);
for (const [letter, char] of ['a\x07', 'b\b', 'f\f', 'n\n', 'r\r', 't\t', 'v\v', '\\\\'])
  simpleEscapes[letter.charCodeAt(0)] = char.charCodeAt(0);

/** The value of the escape at text[i] = '\\'; -1 if it is malformed. */
function escapeValue(text: string, i: number, quote: number): number {
  const c = text.charCodeAt(i + 1);
  switch (c) {
    case 0x78:
      return digits(text, i + 2, 2, 16);
    case 0x75:
      return digits(text, i + 2, 4, 16);
    case 0x55:
      return digits(text, i + 2, 8, 16);
  }
  if (c === quote) return c;
  if (c >= 0x30 && c <= 0x37) return digits(text, i + 1, 3, 8);
  return c < 128 ? simpleEscapes[c] : -1;
}

/** How many characters the escape at text[i] takes. */
function escapeWidth(text: string, i: number): number {
  const c = text.charCodeAt(i + 1);
  if (c === 0x75) return 6;
  if (c === 0x55) return 10;
  return isByteEscape(text, i) ? 4 : 2;
}

/** Whether the escape at text[i] names a byte, not a code point. */
function isByteEscape(text: string, i: number): boolean {
  const c = text.charCodeAt(i + 1);
  return c === 0x78 || (c >= 0x30 && c <= 0x37);
}

function digits(text: string, from: number, n: number, base: number): number {
  let v = 0;
  for (let i = from; i < from + n; i++) {
    const c = text.charCodeAt(i) | 0x20;
    const d = c >= 0x61 ? c - 0x61 + 10 : c >= 0x30 && c <= 0x39 ? c - 0x30 : 99;
    if (!(d < base)) return -1;
    v = v * base + d;
  }
  return v;
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

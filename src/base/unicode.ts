// Character classes as Go's unicode package has them (same Unicode version as the Go the table was made from, so that
// identifiers are the same ones), and quoting as strconv does it, for messages.

import { digitRuns, letterRuns, printRuns, upperRuns } from './unicode.gen.ts';

/** The code points at which membership flips, in rising order: x is in the set if an odd number of them is <= x. */
function decodeRuns(text: string): Int32Array {
  const words = text.split(' ');
  const flips = new Int32Array(words.length);
  let at = 0;
  words.forEach((w, i) => {
    at += parseInt(w, 36);
    flips[i] = at;
  });
  return flips;
}

function inRuns(flips: Int32Array, x: number): boolean {
  let lo = 0;
  let hi = flips.length;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if (flips[mid] <= x) lo = mid + 1;
    else hi = mid;
  }
  return (lo & 1) === 1;
}

const letters = decodeRuns(letterRuns);
const digits = decodeRuns(digitRuns);
const uppers = decodeRuns(upperRuns);
const prints = decodeRuns(printRuns);

/** unicode.IsLetter. */
export function isLetter(rune: number): boolean {
  return inRuns(letters, rune);
}

/** unicode.IsDigit. */
export function isDigit(rune: number): boolean {
  return inRuns(digits, rune);
}

/** unicode.IsUpper. */
export function isUpper(rune: number): boolean {
  return inRuns(uppers, rune);
}

/** strconv.IsPrint. */
export function isPrint(rune: number): boolean {
  return inRuns(prints, rune);
}

/** Tells whether a Go identifier is exported: it starts with an upper-case letter. */
export function isExported(name: string): boolean {
  const c = name.charCodeAt(0);
  if (c < 0x80) return c >= 65 && c <= 90;
  return isUpper(name.codePointAt(0) ?? 0);
}

const shortEscapes: ReadonlyMap<number, string> = new Map([
  [7, '\\a'], [8, '\\b'], [12, '\\f'], [10, '\\n'], [13, '\\r'], [9, '\\t'], [11, '\\v'],
]);

function hex(x: number, width: number): string {
  return x.toString(16).padStart(width, '0');
}

function quoteOne(rune: number, quote: string): string {
  const c = rune <= 0x10ffff && !(rune >= 0xd800 && rune < 0xe000) ? String.fromCodePoint(rune) : '\ufffd';
  if (c === quote || c === '\\') return '\\' + c;
  if (isPrint(rune)) return c;
  const short = shortEscapes.get(rune);
  if (short !== undefined) return short;
  if (rune < 0x20 || rune === 0x7f) return '\\x' + hex(rune, 2);
  return rune < 0x10000 ? '\\u' + hex(rune, 4) : '\\U' + hex(rune, 8);
}

/** strconv.QuoteRune: %q of a rune. */
export function quoteRune(rune: number): string {
  return "'" + quoteOne(rune, "'") + "'";
}

/** strconv.Quote: %q of a string. */
export function quoteString(s: string): string {
  let out = '"';
  for (const c of s) out += quoteOne(c.codePointAt(0) ?? 0, '"');
  return out + '"';
}

/** %#U of a rune: U+0040 '@', without the character where it is not printable. */
export function unicodeName(rune: number): string {
  const name = 'U+' + rune.toString(16).toUpperCase().padStart(4, '0');
  return isPrint(rune) ? `${name} '${String.fromCodePoint(rune)}'` : name;
}

// Number literals: the general case (prefixes, separators, fractions, exponents, imaginary), kept out of the scanner's
// hot path. Errors are gc's; offsets in them are absolute in the buffer.

import { quoteRune } from '../base/unicode.ts';
import { Token } from './token.ts';

/** What scanNumber found: the token, its end offset, and whether it is well formed. */
export interface NumberResult {
  end: number;
  tok: Token;
  ok: boolean;
}

type Report = (off: number, message: string) => void;

/** The English name of a number base. */
export function baseName(base: number): string {
  return base === 2 ? 'binary' : base === 8 ? 'octal' : base === 10 ? 'decimal' : 'hexadecimal';
}

function isDecimal(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isHex(c: number): boolean {
  return isDecimal(c) || ((c | 0x20) >= 97 && (c | 0x20) <= 102);
}

const sawDigit = 1;
const sawSep = 2;

/** Scans one literal; a new one is made for each, as they are rare. */
class NumberScan {
  i: number;
  seen = 0;
  /** Offset of the first digit that is too big for the base, or -1. */
  invalid = -1;
  readonly buf: Uint8Array;

  constructor(buf: Uint8Array, i: number) {
    this.buf = buf;
    this.i = i;
  }

  digits(base: number, note: boolean): void {
    for (;;) {
      const c = this.buf[this.i];
      if (c === 95) this.seen |= sawSep;
      else if (base > 10 ? isHex(c) : isDecimal(c)) {
        this.seen |= sawDigit;
        if (note && base < 10 && c >= 48 + base && this.invalid < 0) this.invalid = this.i;
      } else return;
      this.i++;
    }
  }
}

const prefixes: ReadonlyMap<number, number> = new Map([[120, 16], [111, 8], [98, 2]]);

/** Scans the number literal at off (for seenPoint: at its decimal point) into result. */
export function scanNumber(buf: Uint8Array, off: number, seenPoint: boolean, result: NumberResult, report: Report): void {
  const s = new NumberScan(buf, off);
  let base = 10;
  let prefix = 0; // 0 for decimal, '0' for 0 alone, else x, o or b
  let ok = true;
  let tok: Token = Token.Int;
  const fail = (at: number, message: string): void => {
    if (ok) report(at, message);
    ok = false;
  };
  if (!seenPoint) {
    if (buf[off] === 48) {
      s.i++;
      const letter = buf[s.i] | 0x20;
      const named = prefixes.get(letter);
      if (named !== undefined) {
        s.i++;
        base = named;
        prefix = letter;
      } else {
        base = 8;
        prefix = 48;
        s.seen = sawDigit;
      }
    }
    s.digits(base, true);
    if (buf[s.i] === 46) {
      if (prefix === 111 || prefix === 98) fail(s.i, `invalid radix point in ${baseName(base)} literal`);
      seenPoint = true;
    }
  }
  if (seenPoint) {
    s.i++;
    tok = Token.Float;
    s.digits(base, true);
  }
  if ((s.seen & sawDigit) === 0) fail(s.i, `${baseName(base)} literal has no digits`);
  const e = buf[s.i] | 0x20;
  if (e === 101 || e === 112) {
    if (e === 101 && prefix !== 0 && prefix !== 48) fail(s.i, `${quoteRune(buf[s.i])} exponent requires decimal mantissa`);
    else if (e === 112 && prefix !== 120) fail(s.i, `${quoteRune(buf[s.i])} exponent requires hexadecimal mantissa`);
    s.i++;
    tok = Token.Float;
    if (buf[s.i] === 43 || buf[s.i] === 45) s.i++;
    s.seen &= sawSep;
    s.digits(10, false);
    if ((s.seen & sawDigit) === 0) fail(s.i, 'exponent has no digits');
  } else if (prefix === 120 && tok === Token.Float) fail(s.i, "hexadecimal mantissa requires a 'p' exponent");
  if (buf[s.i] === 105) {
    tok = Token.Imag;
    s.i++;
  }
  if (tok === Token.Int && s.invalid >= 0) fail(s.invalid, `invalid digit ${quoteRune(buf[s.invalid])} in ${baseName(base)} literal`);
  if ((s.seen & sawSep) !== 0 && ok) {
    const at = misplacedSeparator(buf, off, s.i);
    if (at >= 0) fail(at, "'_' must separate successive digits");
  }
  result.end = s.i;
  result.tok = tok;
  result.ok = ok;
}

/** Offset of the first underscore of buf[from..to) that does not stand between digits (or a prefix and a digit), or -1. */
function misplacedSeparator(buf: Uint8Array, from: number, to: number): number {
  let hex = false;
  let last = 46; // '_', '0' for any digit, '.' for anything else
  let i = from;
  if (to - from >= 2 && buf[from] === 48 && prefixes.has(buf[from + 1] | 0x20)) {
    hex = (buf[from + 1] | 0x20) === 120;
    last = 48;
    i += 2;
  }
  for (; i < to; i++) {
    const c = buf[i];
    if (c === 95) {
      if (last !== 48) return i;
      last = 95;
    } else if (isDecimal(c) || (hex && isHex(c))) last = 48;
    else {
      if (last === 95) return i - 1;
      last = 46;
    }
  }
  return last === 95 ? to - 1 : -1;
}

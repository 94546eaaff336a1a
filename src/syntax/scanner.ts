// Scanner: bytes → tokens. One token of look-ahead in fields (tok, pos, lit, ...), moved on by next(). Semicolons are
// inserted as the spec says (nlsemi: the last token may end a statement). Errors are worded as gc words them.
//
// The text is copied into a buffer with zero bytes behind it, so that look-ahead never leaves the array. Hot loops look
// at bytes below 0x80; a NUL, an invalid sequence or a BOM goes through multibyte(), which reports it and steps over it,
// as gc's source reader does. Subclasses get errors (errorAt) and directive comments (onDirective).

import type { Pos } from '../base/pos.ts';
import { isDigit, isLetter, quoteRune, unicodeName } from '../base/unicode.ts';
import type { SourceFile } from '../source/fileset.ts';
import { hashBytes, Interner } from './intern.ts';
import { baseName, scanNumber } from './number.ts';
import type { NumberResult } from './number.ts';
import { decodeRune, decodeUtf8, runeWidth } from './text.ts';
import { keywords, Token } from './token.ts';

const interner = new Interner();
const encoder = new TextEncoder();
for (const word of keywords.keys()) {
  const b = encoder.encode(word);
  interner.lookup(b, 0, b.length, hashBytes(b, 0, b.length));
}
const lastKeyword = keywords.size;
const strings = interner.strings;

/** Classes of bytes that can start or continue an identifier: 1 letter, 2 digit, 3 not ASCII. */
const identClass = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  if ((c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95) identClass[c] = 1;
  else if (c >= 48 && c <= 57) identClass[c] = 2;
  else if (c >= 0x80) identClass[c] = 3;
}

/** Tokens after which a line end is a semicolon, keywords only. */
function endsStatement(keyword: Token): boolean {
  return keyword === Token.Break || keyword === Token.Continue || keyword === Token.Fallthrough || keyword === Token.Return;
}

// Work space of the scan in progress, kept from file to file: a parse runs to its end before the next one starts.
let textSpace = new Uint8Array(1 << 16);
let lineSpace = new Int32Array(1 << 12);
let commentSpace = new Int32Array(1 << 10);

/** Whose text is in the work space. */
let textOwner: Uint8Array | null = null;

/** The text with zero bytes behind it, in the common work space. */
function withSentinel(bytes: Uint8Array): Uint8Array {
  if (textOwner === bytes) return textSpace;
  textOwner = bytes;
  if (textSpace.length < bytes.length + 8) textSpace = new Uint8Array(bytes.length * 2 + 8);
  textSpace.set(bytes);
  textSpace.fill(0, bytes.length, bytes.length + 8);
  return textSpace;
}

/** 1 for the bytes that matter when braces are matched: line ends, braces, quotes, slashes, NUL. */
const braceClass = new Uint8Array(256);
for (const c of [0, 10, 34, 39, 47, 96, 123, 125]) braceClass[c] = 1;

/** Whether the comment at buf[off] may be a directive. */
function mayBeDirective(buf: Uint8Array, off: number): boolean {
  const c = buf[off + 2];
  return c === 103 || c === 108; // //go, //line
}

/** End of the string or rune literal at buf[off]; -1 if its line ends before. */
function endOfQuoted(buf: Uint8Array, off: number): number {
  const quote = buf[off];
  for (let i = off + 1; ; i++) {
    const c = buf[i];
    if (c === quote) return i + 1;
    if (c === 92) i++;
    else if (c === 10 || c === 0) return -1;
  }
}

const internLimit = 24;
const BOM = 0xfeff;

export abstract class Scanner {
  /** The current token; Operator-like tokens are told apart by `tok` itself. */
  tok: Token = Token.EOF;
  /** Position of its first byte. */
  pos: Pos = 0;
  /** Name, literal text, or for a semicolon "semicolon", "newline" or "EOF". */
  lit = '';
  /** The operator of an AssignOp. */
  op: Token = Token.EOF;
  /** The literal is malformed; an error was reported. */
  litBad = false;
  /** Position just past the token. */
  tokEnd: Pos = 0;

  protected readonly source: SourceFile;
  protected readonly base: number;
  protected readonly size: number;
  protected readonly buf: Uint8Array;
  protected off = 0;
  private nlsemi = false;

  // line table under construction; `line` counts from 0
  private line = 0;
  private lines: Int32Array;
  protected tokLine = -1;
  private prevLine = -1;

  // comments as pairs of offsets, and the last group of comments that stand on lines of their own
  private comments: Int32Array;
  private ncomments = 0;
  private groupStart = 0;
  private groupEndLine = -2;

  private escapeOk = true;
  private readonly number: NumberResult = { end: 0, tok: Token.Int, ok: true };

  constructor(source: SourceFile) {
    const bytes = source.bytes;
    this.source = source;
    this.base = source.base;
    this.size = bytes.length;
    this.buf = withSentinel(bytes);
    this.lines = lineSpace;
    this.lines[0] = 0;
    this.comments = commentSpace;
    if (bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.off = 3;
  }

  protected abstract errorAt(pos: Pos, message: string): void;
  /** Told of each comment that may be a directive: //go:..., //line or /*line. The text is buf[from..to). */
  protected abstract onDirective(from: number, to: number): void;

  /** Hands the finished line table to the source file. */
  protected finishLines(): void {
    this.source.lines = this.lines.slice(0, this.line + 1);
  }

  /** All comments so far, as positions start, end, start, end... */
  protected commentPairs(): Int32Array {
    return this.comments.slice(0, this.ncomments);
  }

  /** Position of the comments that stand directly above the current token, 0 if there are none. */
  protected doc(): Pos {
    return this.groupEndLine + 1 === this.tokLine ? this.groupStart + this.base : 0;
  }

  /** The line (from 0) of an offset at or before the scan position. */
  protected lineAt(off: number): number {
    let lo = 0;
    let hi = this.line + 1;
    while (hi - lo > 1) {
      const mid = (lo + hi) >>> 1;
      if (this.lines[mid] <= off) lo = mid;
      else hi = mid;
    }
    return lo;
  }

  /** Number of the line (from 1) that the scanner has reached. */
  protected currentLine(): number {
    return this.line + 1;
  }

  /** Goes on from an offset of a text that was scanned before. */
  protected startAt(off: number): void {
    this.off = off;
    this.line = this.source.lineOf(off) - 1;
    // Line starts that are found again are where they were.
    this.lines = this.source.lines;
  }

  /**
   * Goes from an opening brace, the current token, to the brace that closes it, which becomes the next token. False, and
   * nothing is skipped, where that takes more than a look: directives between, text that is malformed.
   */
  protected skipBraces(): boolean {
    const line = this.line;
    const end = this.closingBrace(this.off);
    if (end < 0) {
      this.line = line;
      return false;
    }
    this.off = end;
    this.nlsemi = false;
    return true;
  }

  private closingBrace(from: number): number {
    const buf = this.buf;
    let depth = 1;
    for (let i = from; i >= 0;) {
      const c = buf[i];
      if (braceClass[c] === 0) { i++; continue; }
      switch (c) {
        case 10: this.addLine(++i); break;
        case 123: depth++; i++; break;
        case 125:
          if (--depth === 0) return i;
          i++;
          break;
        case 34: case 39: i = endOfQuoted(buf, i); break;
        case 96: i = this.endOfText(i + 1, 96, 96); break;
        case 47:
          if (buf[i + 1] === 47) i = mayBeDirective(buf, i) ? -1 : this.endOfLine(i);
          else if (buf[i + 1] === 42) i = mayBeDirective(buf, i) ? -1 : this.endOfText(i + 2, 42, 47);
          else i++;
          break;
        default: return -1;
      }
    }
    return -1;
  }

  private endOfLine(i: number): number {
    const buf = this.buf;
    while (buf[i] !== 10 && buf[i] !== 0) i++;
    return i;
  }

  /** End of a raw string or comment, which ends with byte a followed by b (or with a alone if they are the same); -1 if it does not. */
  private endOfText(i: number, a: number, b: number): number {
    const buf = this.buf;
    for (;; i++) {
      const c = buf[i];
      if (c === 10) this.addLine(i + 1);
      else if (c === 0) return -1;
      else if (c === a && (a === b || buf[i + 1] === b)) return a === b ? i + 1 : i + 2;
    }
  }

  /** Jumps to the end of the text: every further token is EOF. */
  protected skipToEnd(): void {
    for (let i = this.off; i < this.size; i++) if (this.buf[i] === 10) this.addLine(i + 1);
    this.off = this.size;
    this.nlsemi = false;
    this.pos = this.tokEnd = this.base + this.size;
    this.tok = Token.EOF;
  }

  /** Moves on to the next token. */
  next(): void {
    const buf = this.buf;
    const nlsemi = this.nlsemi;
    let off = this.off;
    this.nlsemi = false;
    this.prevLine = this.tokLine;
    for (;;) {
      let c = buf[off];
      while (c <= 32) {
        if (c === 10) {
          if (nlsemi) break;
          this.addLine(off + 1);
        } else if (c !== 32 && c !== 9 && c !== 13) break;
        c = buf[++off];
      }
      this.pos = this.base + off;
      this.tokLine = this.line;
      const cls = identClass[c];
      if (cls === 1) return this.ident(off);
      if (cls === 2) return this.scanNumber(off, false);
      if (cls === 3) {
        const after = this.firstRune(off);
        if (after < 0) return this.slowIdent(off);
        off = after;
        continue;
      }
      if (c === 47 && (buf[off + 1] === 47 || buf[off + 1] === 42)) {
        const line = this.line;
        off = buf[off + 1] === 47 ? this.lineComment(off) : this.fullComment(off);
        if (nlsemi && this.line > line) return this.semi('newline', off);
        continue;
      }
      if (c === 0) {
        if (off < this.size) {
          off = this.multibyte(off);
          continue;
        }
        if (nlsemi) return this.semi('EOF', off);
        return this.done(Token.EOF, off);
      }
      if (c === 10) {
        this.addLine(off + 1);
        return this.semi('newline', off + 1);
      }
      if (this.punctuation(c, off)) return;
      this.errorAt(this.base + off, `invalid character ${unicodeName(c)}`);
      off++;
    }
  }

  private done(tok: Token, off: number): void {
    this.tok = tok;
    this.off = off;
    this.tokEnd = this.base + off;
  }

  private semi(lit: string, off: number): void {
    this.lit = lit;
    this.done(Token.Semicolon, off);
  }

  private closing(tok: Token, off: number): void {
    this.nlsemi = true;
    this.done(tok, off);
  }

  /** An operator that may be followed by = to make an assignment. */
  private operator(op: Token, off: number): void {
    if (this.buf[off] === 61) {
      this.op = op;
      this.done(Token.AssignOp, off + 1);
    } else this.done(op, off);
  }

  /** Scans an operator or delimiter that starts with c at off; tells whether there is one. */
  private punctuation(c: number, off: number): boolean {
    const c1 = this.buf[off + 1];
    switch (c) {
      case 34: this.stdString(off); break;
      case 96: this.rawString(off); break;
      case 39: this.charLit(off); break;
      case 40: this.done(Token.Lparen, off + 1); break;
      case 91: this.done(Token.Lbrack, off + 1); break;
      case 123: this.done(Token.Lbrace, off + 1); break;
      case 44: this.done(Token.Comma, off + 1); break;
      case 59: this.semi('semicolon', off + 1); break;
      case 41: this.closing(Token.Rparen, off + 1); break;
      case 93: this.closing(Token.Rbrack, off + 1); break;
      case 125: this.closing(Token.Rbrace, off + 1); break;
      case 58:
        if (c1 === 61) this.done(Token.Define, off + 2);
        else this.done(Token.Colon, off + 1);
        break;
      case 46:
        if (identClass[c1] === 2) this.scanNumber(off, true);
        else if (c1 === 46 && this.buf[off + 2] === 46) this.done(Token.Ellipsis, off + 3);
        else this.done(Token.Period, off + 1);
        break;
      case 43:
        if (c1 === 43) this.closing(Token.Inc, off + 2);
        else this.operator(Token.Add, off + 1);
        break;
      case 45:
        if (c1 === 45) this.closing(Token.Dec, off + 2);
        else this.operator(Token.Sub, off + 1);
        break;
      case 42: this.operator(Token.Mul, off + 1); break;
      case 47: this.operator(Token.Quo, off + 1); break;
      case 37: this.operator(Token.Rem, off + 1); break;
      case 94: this.operator(Token.Xor, off + 1); break;
      case 38:
        if (c1 === 38) this.done(Token.AndAnd, off + 2);
        else if (c1 === 94) this.operator(Token.AndNot, off + 2);
        else this.operator(Token.And, off + 1);
        break;
      case 124:
        if (c1 === 124) this.done(Token.OrOr, off + 2);
        else this.operator(Token.Or, off + 1);
        break;
      case 60:
        if (c1 === 61) this.done(Token.Leq, off + 2);
        else if (c1 === 60) this.operator(Token.Shl, off + 2);
        else if (c1 === 45) this.done(Token.Arrow, off + 2);
        else this.done(Token.Lss, off + 1);
        break;
      case 62:
        if (c1 === 61) this.done(Token.Geq, off + 2);
        else if (c1 === 62) this.operator(Token.Shr, off + 2);
        else this.done(Token.Gtr, off + 1);
        break;
      case 61:
        if (c1 === 61) this.done(Token.Eql, off + 2);
        else this.done(Token.Assign, off + 1);
        break;
      case 33:
        if (c1 === 61) this.done(Token.Neq, off + 2);
        else this.done(Token.Not, off + 1);
        break;
      case 126: this.done(Token.Tilde, off + 1); break;
      default: return false;
    }
    return true;
  }

  // ---- lines, comments

  private addLine(off: number): void {
    const n = ++this.line;
    if (n >= this.lines.length) {
      const bigger = new Int32Array(this.lines.length * 4);
      bigger.set(this.lines);
      this.lines = lineSpace = bigger;
    }
    this.lines[n] = off;
  }

  private addComment(from: number, to: number, startLine: number): void {
    if (this.ncomments + 2 > this.comments.length) {
      const bigger = new Int32Array(this.comments.length * 2);
      bigger.set(this.comments);
      this.comments = commentSpace = bigger;
    }
    this.comments[this.ncomments++] = from + this.base;
    this.comments[this.ncomments++] = to + this.base;
    if (startLine === this.prevLine) return; // trails a token on its line
    if (startLine > this.groupEndLine + 1 || this.prevLine > this.groupEndLine) this.groupStart = from;
    this.groupEndLine = this.line;
  }

  /** Skips a // comment; its newline stays. */
  private lineComment(off: number): number {
    const buf = this.buf;
    let i = off + 2;
    for (let c = buf[i]; c !== 10; c = buf[i]) {
      if (c !== 0 && c < 0x80) i++;
      else if (i >= this.size) break;
      else i = this.multibyte(i);
    }
    const to = buf[i - 1] === 13 && i - 1 > off + 1 ? i - 1 : i;
    this.addComment(off, to, this.line);
    const c2 = buf[off + 2];
    if (c2 === 103 && buf[off + 3] === 111 && (buf[off + 4] === 58 || isOwnDirective(buf, off + 4))) this.onDirective(off, to);
    else if (c2 === 108 && (off === 0 || buf[off - 1] === 10) && this.isLineDirective(off)) this.onDirective(off, to);
    return i;
  }

  private fullComment(off: number): number {
    const buf = this.buf;
    const startLine = this.line;
    let i = off + 2;
    for (;;) {
      const c = buf[i];
      if (c === 42 && buf[i + 1] === 47) break;
      if (c === 10) this.addLine(i + 1);
      if (c !== 0 && c < 0x80) i++;
      else if (i < this.size) i = this.multibyte(i);
      else {
        this.errorAt(this.base + off, 'comment not terminated');
        return i;
      }
    }
    i += 2;
    this.addComment(off, i, startLine);
    if (buf[off + 2] === 108 && this.isLineDirective(off)) this.onDirective(off, i);
    return i;
  }

  private isLineDirective(off: number): boolean {
    const b = this.buf;
    return b[off + 3] === 105 && b[off + 4] === 110 && b[off + 5] === 101 && b[off + 6] === 32;
  }

  // ---- names

  private ident(off: number): void {
    const buf = this.buf;
    let i = off;
    let h = 0;
    let c = buf[i];
    do {
      h = (Math.imul(h, 31) + c) | 0;
      c = buf[++i];
    } while (identClass[c] === 1 || identClass[c] === 2);
    if (c >= 0x80 || (c === 0 && i < this.size)) return this.slowIdent(off);
    const index = interner.lookup(buf, off, i, h);
    if (index <= lastKeyword) {
      const tok = (Token.Break + index - 1) as Token;
      this.nlsemi = endsStatement(tok);
      this.done(tok, i);
      return;
    }
    this.lit = strings[index];
    this.closing(Token.Ident, i);
  }

  /** Handles a first byte >= 0x80: the offset after a BOM or invalid bytes, or -1 if a name starts here. */
  private firstRune(off: number): number {
    const rune = decodeRune(this.buf, off, this.size);
    if (rune < 0 || rune === BOM) return this.multibyte(off);
    if (!isLetter(rune)) {
      const name = unicodeName(rune);
      this.errorAt(this.base + off, isDigit(rune) ? `identifier cannot begin with digit ${name}` : `invalid character ${name} in identifier`);
    }
    return -1;
  }

  /** A name with other than ASCII letters and digits in it; the first rune has been judged. */
  private slowIdent(off: number): void {
    const buf = this.buf;
    let i = off;
    let seenWide = false;
    for (;;) {
      const c = buf[i];
      if (c < 0x80) {
        if (c === 0 && i < this.size) i = this.multibyte(i);
        else if (identClass[c] !== 0) i++;
        else break;
        continue;
      }
      const rune = decodeRune(buf, i, this.size);
      if (rune < 0 || rune === BOM) {
        i = this.multibyte(i);
        continue;
      }
      const width = runeWidth;
      if ((seenWide || i > off) && !isLetter(rune) && !isDigit(rune)) {
        this.errorAt(this.base + i, `invalid character ${unicodeName(rune)} in identifier`);
      }
      seenWide = true;
      i += width;
    }
    this.lit = strings[interner.lookup(buf, off, i, hashBytes(buf, off, i))];
    this.closing(Token.Ident, i);
  }

  /** Steps over a rune that is not plain ASCII, reporting what gc's reader rejects. */
  private multibyte(i: number): number {
    if (this.buf[i] === 0) {
      this.errorAt(this.base + i, 'invalid NUL character');
      return i + 1;
    }
    const rune = decodeRune(this.buf, i, this.size);
    const next = i + runeWidth;
    if (rune < 0) this.errorAt(this.base + i, 'invalid UTF-8 encoding');
    else if (rune === BOM) this.errorAt(this.base + i, 'invalid BOM in the middle of the file');
    return next;
  }

  // ---- literals

  private literal(tok: Token, from: number, to: number, ok: boolean): void {
    const buf = this.buf;
    if (to - from <= internLimit) this.lit = strings[interner.lookup(buf, from, to, hashBytes(buf, from, to))];
    else this.lit = decodeUtf8(buf, from, to);
    this.litBad = !ok;
    this.closing(tok, to);
  }

  private scanNumber(off: number, seenPoint: boolean): void {
    const buf = this.buf;
    if (!seenPoint) {
      // the common case: a decimal integer without prefix, point, exponent or suffix
      let i = off + 1;
      let c = buf[i];
      if (buf[off] !== 48) while (identClass[c] === 2) c = buf[++i];
      if (identClass[c] === 0 && c !== 46) return this.literal(Token.Int, off, i, true);
    }
    const n = this.number;
    scanNumber(buf, off, seenPoint, n, (at, message) => this.errorAt(this.base + at, message));
    this.literal(n.tok, off, n.end, n.ok);
  }

  private stdString(off: number): void {
    const buf = this.buf;
    let i = off + 1;
    let ok = true;
    for (;;) {
      const c = buf[i];
      if (c === 34) {
        i++;
        break;
      }
      if (c === 92) {
        i = this.escape(i + 1, 34);
        ok = ok && this.escapeOk;
      } else if (c === 10) {
        this.errorAt(this.base + i, 'newline in string');
        ok = false;
        break;
      } else if (c !== 0 && c < 0x80) i++;
      else if (i < this.size) i = this.multibyte(i);
      else {
        this.errorAt(this.base + off, 'string not terminated');
        ok = false;
        break;
      }
    }
    this.literal(Token.String, off, i, ok);
  }

  private rawString(off: number): void {
    const buf = this.buf;
    let i = off + 1;
    for (let c = buf[i]; c !== 96; c = buf[i]) {
      if (c === 10) this.addLine(i + 1);
      if (c !== 0 && c < 0x80) i++;
      else if (i < this.size) i = this.multibyte(i);
      else {
        this.errorAt(this.base + off, 'string not terminated');
        return this.literal(Token.String, off, i, false);
      }
    }
    this.literal(Token.String, off, i + 1, true);
  }

  private charLit(off: number): void {
    const buf = this.buf;
    let i = off + 1;
    let ok = true;
    for (let n = 0; ; n++) {
      const c = buf[i];
      if (c === 39) {
        if (ok && n !== 1) {
          if (n === 0) this.errorAt(this.base + i, "empty rune literal or unescaped '");
          else this.errorAt(this.base + off, 'more than one character in rune literal');
          ok = false;
        }
        i++;
        break;
      }
      if (c === 92) {
        i = this.escape(i + 1, 39);
        ok = ok && this.escapeOk;
      } else if (c === 10) {
        if (ok) this.errorAt(this.base + i, 'newline in rune literal');
        ok = false;
        break;
      } else if (c === 0 && i >= this.size) {
        if (ok) this.errorAt(this.base + off, 'rune literal not terminated');
        ok = false;
        break;
      } else if (c !== 0 && c < 0x80) i++;
      else {
        const rune = c === 0 ? -1 : decodeRune(buf, i, this.size);
        if (rune < 0 || rune === BOM) n--; // stepped over as if it were not there
        i = this.multibyte(i);
      }
    }
    this.literal(Token.Char, off, i, ok);
  }

  /** Scans an escape sequence whose backslash is behind i; leaves in escapeOk whether it is right. */
  private escape(i: number, quote: number): number {
    const buf = this.buf;
    i = this.skipUnreadable(i);
    const c = buf[i];
    this.escapeOk = true;
    switch (c) {
      case quote: case 97: case 98: case 102: case 110: case 114: case 116: case 118: case 92:
        return i + 1;
      case 48: case 49: case 50: case 51: case 52: case 53: case 54: case 55:
        return this.numericEscape(i, 3, 8, 255);
      case 120: return this.numericEscape(i + 1, 2, 16, 255);
      case 117: return this.numericEscape(i + 1, 4, 16, 0x10ffff);
      case 85: return this.numericEscape(i + 1, 8, 16, 0x10ffff);
    }
    if (i >= this.size) return i; // the caller complains about the end
    this.errorAt(this.base + i, 'unknown escape');
    this.escapeOk = false;
    return i;
  }

  /** Steps over what gc's reader drops from the text: NULs, byte order marks, invalid bytes. */
  private skipUnreadable(i: number): number {
    for (;;) {
      const c = this.buf[i];
      if (c !== 0 && c < 0x80) return i;
      if (i >= this.size) return i;
      const rune = c === 0 ? -1 : decodeRune(this.buf, i, this.size);
      if (rune >= 0 && rune !== BOM) return i;
      i = this.multibyte(i);
    }
  }

  private numericEscape(i: number, digits: number, radix: number, max: number): number {
    let x = 0;
    for (let n = digits; n > 0; n--) {
      i = this.skipUnreadable(i);
      if (i >= this.size) return i;
      const c = this.buf[i];
      const lower = c | 0x20;
      const d = c >= 48 && c <= 57 ? c - 48 : lower >= 97 && lower <= 102 ? lower - 87 : radix;
      if (d >= radix) {
        const rune = decodeRune(this.buf, i, this.size);
        this.errorAt(this.base + i, `invalid character ${quoteRune(rune)} in ${baseName(radix)} escape`);
        this.escapeOk = false;
        return i;
      }
      x = x * radix + d;
      i++;
    }
    if (x > max && radix === 8) this.errorAt(this.base + i, `octal escape value ${x} > 255`);
    else if (x > max || (x >= 0xd800 && x < 0xe000)) this.errorAt(this.base + i, `escape is invalid Unicode code point ${unicodeName(x)}`);
    else return i;
    this.escapeOk = false;
    return i;
  }
}

/** Whether `//go` goes on as one of goloom's own directives, //goloom:kernel. */
function isOwnDirective(buf: Uint8Array, off: number): boolean {
  return buf[off] === 108 && buf[off + 1] === 111 && buf[off + 2] === 111 && buf[off + 3] === 109 && buf[off + 4] === 58;
}

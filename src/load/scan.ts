// Byte-level reading of what stands before a Go file's declarations, shared by the header reader and the search for
// `//go:embed` lines. It knows comments, strings and white space; it makes no tokens.

export const Byte = {
  tab: 9,
  newline: 10,
  carriageReturn: 13,
  space: 32,
  quote: 34,
  apostrophe: 39,
  leftParen: 40,
  rightParen: 41,
  star: 42,
  dot: 46,
  slash: 47,
  semicolon: 59,
  backslash: 92,
  underscore: 95,
  backquote: 96,
} as const;

/** Whether `c` may start an identifier; bytes of non-ASCII letters count. */
export function isLetter(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === Byte.underscore || c >= 0x80;
}

/** Whether `c` is an ASCII digit. */
export function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** The offset after the line comment that starts at `at`: that of its newline or of the end. */
export function lineCommentEnd(text: Uint8Array, at: number): number {
  const end = text.indexOf(Byte.newline, at);
  return end < 0 ? text.length : end;
}

/** The offset after the general comment that starts at `at`, or -1 where it never ends. */
export function blockCommentEnd(text: Uint8Array, at: number): number {
  for (let i = text.indexOf(Byte.star, at + 2); i >= 0; i = text.indexOf(Byte.star, i + 1)) {
    if (text[i + 1] === Byte.slash) return i + 2;
  }
  return -1;
}

/** The offset after the string or rune literal that starts at `at`, or -1 where it never ends. */
export function literalEnd(text: Uint8Array, at: number): number {
  const quote = text[at]!;
  if (quote === Byte.backquote) {
    const end = text.indexOf(Byte.backquote, at + 1);
    return end < 0 ? -1 : end + 1;
  }
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i];
    if (c === Byte.backslash) i++;
    else if (c === quote) return i + 1;
    else if (c === Byte.newline) return -1;
  }
  return -1;
}

/** Line and column of a byte offset, both from 1. A newline that ends the text starts no line. */
export function position(text: Uint8Array, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let i = text.indexOf(Byte.newline); i >= 0 && i < offset && i + 1 < text.length; i = text.indexOf(Byte.newline, i + 1)) {
    line++;
    start = i + 1;
  }
  return { line, column: offset - start + 1 };
}

// Byte strings (see StringValue) from and to text, and Go's quoting of them.

/** The UTF-8 bytes of text, one UTF-16 unit a byte; a lone surrogate becomes U+FFFD. */
export function utf8(text: string): string {
  let ascii = true;
  for (let i = 0; i < text.length; i++)
    if (text.charCodeAt(i) >= 0x80) {
      ascii = false;
      break;
    }
  if (ascii) return text;
  const bytes = new Uint8Array(3 * text.length);
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const r = text.codePointAt(i)!;
    if (r >= 0x10000) i++;
    n = putRune(bytes, n, r);
  }
  return byteString(bytes.subarray(0, n));
}

/** The byte string of an array of bytes. */
export function byteString(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 4096) parts.push(String.fromCharCode(...bytes.subarray(i, i + 4096)));
  return parts.length === 1 ? parts[0] : parts.join('');
}

/** Puts the UTF-8 bytes of a code point at index n; an invalid one gives those of U+FFFD. Returns the index after them. */
export function putRune(bytes: Uint8Array, n: number, r: number): number {
  if (r < 0 || r > 0x10ffff || (r >= 0xd800 && r < 0xe000)) r = 0xfffd;
  if (r < 0x80) {
    bytes[n++] = r;
    return n;
  }
  if (r < 0x800) {
    bytes[n++] = 0xc0 | (r >> 6);
  } else {
    if (r < 0x10000) {
      bytes[n++] = 0xe0 | (r >> 12);
    } else {
      bytes[n++] = 0xf0 | (r >> 18);
      bytes[n++] = 0x80 | ((r >> 12) & 0x3f);
    }
    bytes[n++] = 0x80 | ((r >> 6) & 0x3f);
  }
  bytes[n++] = 0x80 | (r & 0x3f);
  return n;
}

/** The UTF-8 bytes of one code point. */
export function runeBytes(r: number): string {
  const bytes = new Uint8Array(4);
  return byteString(bytes.subarray(0, putRune(bytes, 0, r)));
}

/** Decodes the rune at byte i: [rune, width]; an invalid byte gives [0xfffd, 1] as a Go range loop does. */
export function decodeRune(bytes: string, i: number): [number, number] {
  const b = bytes.charCodeAt(i);
  if (b < 0x80) return [b, 1];
  const n = b >= 0xf0 && b < 0xf5 ? 4 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xc2 && b < 0xe0 ? 2 : 0;
  if (n === 0 || i + n > bytes.length) return [0xfffd, 1];
  let r = b & (0x7f >> n);
  for (let k = 1; k < n; k++) {
    const c = bytes.charCodeAt(i + k);
    if ((c & 0xc0) !== 0x80) return [0xfffd, 1];
    r = (r << 6) | (c & 0x3f);
  }
  if ((n === 3 && r < 0x800) || (n === 4 && (r < 0x10000 || r > 0x10ffff)) || (r >= 0xd800 && r < 0xe000)) return [0xfffd, 1];
  return [r, n];
}

/** The text of a byte string; invalid bytes become U+FFFD. */
export function textOf(bytes: string): string {
  let out = '';
  for (let i = 0; i < bytes.length; ) {
    const [r, n] = decodeRune(bytes, i);
    out += String.fromCodePoint(r);
    i += n;
  }
  return out;
}

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/** Reports whether Go's quoting shows the rune as it is. */
export function isPrint(r: number): boolean {
  if (r < 0x7f) return r >= 0x20;
  return printable.test(String.fromCodePoint(r));
}

const escapes = new Map<number, string>([
  [7, '\\a'],
  [8, '\\b'],
  [12, '\\f'],
  [10, '\\n'],
  [13, '\\r'],
  [9, '\\t'],
  [11, '\\v'],
  [0x5c, '\\\\'],
]);

/** Appends to the parts the quoted forms of each rune of a byte string. */
export function quoteRunes(bytes: string, quote: string): string[] {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; ) {
    const [r, n] = decodeRune(bytes, i);
    if (r === 0xfffd && n === 1) parts.push('\\x' + hex(bytes.charCodeAt(i), 2));
    else parts.push(quoteRune(r, quote));
    i += n;
  }
  return parts;
}

function quoteRune(r: number, quote: string): string {
  if (r === quote.charCodeAt(0)) return '\\' + quote;
  const e = escapes.get(r);
  if (e !== undefined) return e;
  if (isPrint(r)) return String.fromCodePoint(r);
  if (r < 0x20 || r === 0x7f) return '\\x' + hex(r, 2);
  return r < 0x10000 ? '\\u' + hex(r, 4) : '\\U' + hex(r, 8);
}

function hex(v: number, width: number): string {
  return v.toString(16).padStart(width, '0');
}

/** A byte string in double quotes, as Go's %q prints it. */
export function quote(bytes: string): string {
  return '"' + quoteRunes(bytes, '"').join('') + '"';
}

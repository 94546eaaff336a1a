// The values of literals: bytes of a string literal, code point of a rune literal. A string literal's value is bytes, not
// text: "\xff" is one byte. The scanner has checked the form; on malformed text these functions return null.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const simple: ReadonlyMap<string, number> = new Map([
  ['a', 7], ['b', 8], ['f', 12], ['n', 10], ['r', 13], ['t', 9], ['v', 11], ['\\', 92], ["'", 39], ['"', 34],
]);

/** One escape sequence: its value, whether that is a byte (\x, octal) or a code point, and the index behind it. */
interface Escape {
  value: number;
  isByte: boolean;
  next: number;
}

/** The escape sequence whose letter is at s[i]. */
function readEscape(s: string, i: number): Escape | null {
  const c = s[i];
  const known = simple.get(c);
  if (known !== undefined) return { value: known, isByte: false, next: i + 1 };
  const octal = c >= '0' && c <= '7';
  const digits = octal ? 3 : c === 'x' ? 2 : c === 'u' ? 4 : c === 'U' ? 8 : 0;
  const from = octal ? i : i + 1;
  const text = s.slice(from, from + digits);
  if (digits === 0 || text.length !== digits) return null;
  const value = parseInt(text, octal ? 8 : 16);
  if (Number.isNaN(value) || value > (octal ? 255 : 0x10ffff) || (value >= 0xd800 && value < 0xe000)) return null;
  return { value, isByte: octal || c === 'x', next: from + digits };
}

/** The bytes of a string literal given as source text, quotes and all; null if it is malformed. */
export function stringLitBytes(lit: string): Uint8Array | null {
  const quote = lit[0];
  if (lit.length < 2 || lit[lit.length - 1] !== quote) return null;
  const body = lit.slice(1, -1);
  if (quote === '`') return encoder.encode(body.includes('\r') ? body.replaceAll('\r', '') : body);
  if (quote !== '"') return null;
  if (!body.includes('\\')) return encoder.encode(body);
  const out: number[] = [];
  for (let i = 0; i < body.length; ) {
    const slash = body.indexOf('\\', i);
    const plain = encoder.encode(body.slice(i, slash < 0 ? body.length : slash));
    for (const b of plain) out.push(b);
    if (slash < 0) break;
    const e = readEscape(body, slash + 1);
    if (e === null) return null;
    if (e.isByte) out.push(e.value);
    else for (const b of encoder.encode(String.fromCodePoint(e.value))) out.push(b);
    i = e.next;
  }
  return Uint8Array.from(out);
}

/** The text of a string literal; bytes that are not UTF-8 become U+FFFD. Null if it is malformed. */
export function unquoteString(lit: string): string | null {
  const bytes = stringLitBytes(lit);
  return bytes === null ? null : decoder.decode(bytes);
}

/** The value of a rune literal, or null if it is malformed. */
export function runeLitValue(lit: string): number | null {
  if (lit.length < 3 || lit[0] !== "'" || lit[lit.length - 1] !== "'") return null;
  if (lit[1] !== '\\') {
    const rune = lit.codePointAt(1) ?? 0;
    return lit.length === 2 + String.fromCodePoint(rune).length ? rune : null;
  }
  const e = readEscape(lit, 2);
  return e !== null && e.next === lit.length - 1 ? e.value : null;
}

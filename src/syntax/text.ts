// UTF-8 bytes to strings and runes, the way the scanner needs it: short pieces of a big buffer, mostly ASCII.

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const shortText = 48;

/** The string of buf[from..to); malformed bytes become U+FFFD. */
export function decodeUtf8(buf: Uint8Array, from: number, to: number): string {
  if (to - from > shortText) return decoder.decode(buf.subarray(from, to));
  let s = '';
  for (let i = from; i < to; i++) {
    const c = buf[i];
    if (c >= 0x80) return decoder.decode(buf.subarray(from, to));
    s += String.fromCharCode(c);
  }
  return s;
}

/** The width of the last rune that decodeRune decoded; 1 for a malformed byte. */
export let runeWidth = 0;

/** The rune at buf[i], or -1 where the bytes are not valid UTF-8; leaves its width in runeWidth. */
export function decodeRune(buf: Uint8Array, i: number, end: number): number {
  const b0 = buf[i];
  runeWidth = 1;
  if (b0 < 0x80) return b0;
  if (b0 < 0xc2 || b0 > 0xf4) return -1;
  const need = b0 < 0xe0 ? 1 : b0 < 0xf0 ? 2 : 3;
  if (i + need >= end) return -1;
  let rune = b0 & (0x3f >> need);
  for (let k = 1; k <= need; k++) {
    const b = buf[i + k];
    if ((b & 0xc0) !== 0x80) return -1;
    rune = (rune << 6) | (b & 0x3f);
  }
  if ((need === 2 && rune < 0x800) || (need === 3 && rune < 0x10000)) return -1;
  if (rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000)) return -1;
  runeWidth = need + 1;
  return rune;
}

/** The number of bytes that a string takes in UTF-8. */
export function utf8Length(s: string): number {
  let n = s.length;
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (c >= 0x80) n += c < 0x800 ? 1 : c >= 0xd800 && c < 0xe000 ? 1 : 2;
  }
  return n;
}

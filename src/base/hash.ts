// A digest of texts for names and cache keys where no cryptography is needed: 128 bits in four lanes, pure
// computation, so that it works in any host and costs no module to load.

/** 128 bits of a text in hex. */
export function digest(text: string): string {
  let a = 0x3c074a61;
  let b = 0xf7923abb | 0;
  let c = 0xb0f57ba1 | 0;
  let d = 0x1e35a7bd;
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ k, 0x239b961b);
    b = c ^ Math.imul(b ^ k, 0xab0e9789);
    c = d ^ Math.imul(c ^ k, 0x38b34ae5);
    d = a ^ Math.imul(d ^ k, 0xa1e38b93);
  }
  const last = (x: number, y: number, m: number): string => {
    let h = Math.imul(x ^ (y >>> 18), m);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    return ((h ^ (h >>> 13)) >>> 0).toString(16).padStart(8, '0');
  };
  return last(a, b, 0x239b961b) + last(b, c, 0xab0e9789) + last(c, d, 0x38b34ae5) + last(d, a, 0xa1e38b93);
}

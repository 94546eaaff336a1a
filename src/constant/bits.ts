// Bit lengths and correct rounding of bigints: the few primitives that JavaScript's bigint lacks.

/** Number of bits of |v|; 0 for 0. */
export function bitLength(v: bigint): number {
  if (v < 0n) v = -v;
  if (v <= 0xffffffffn) return 32 - Math.clz32(Number(v));
  const hex = v.toString(16);
  return hex.length * 4 - (Math.clz32(parseInt(hex[0], 16)) - 28);
}

/** Number of trailing zero bits of v != 0. */
export function trailingZeros(v: bigint): number {
  if (v < 0n) v = -v;
  let n = 0;
  while ((v & 0xffffffffn) === 0n) {
    v >>= 32n;
    n += 32;
  }
  let low = Number(v & 0xffffffffn);
  while ((low & 1) === 0) {
    low = low >>> 1;
    n++;
  }
  return n;
}

/** Returns v / 2^shift rounded to nearest, ties to even; `sticky` says that v stands for something slightly larger in magnitude. */
export function shiftRound(v: bigint, shift: number, sticky: boolean): bigint {
  if (shift <= 0) return v << BigInt(-shift);
  const neg = v < 0n;
  if (neg) v = -v;
  const s = BigInt(shift);
  let q = v >> s;
  const rest = v - (q << s);
  const half = 1n << (s - 1n);
  if (rest > half || (rest === half && (sticky || (q & 1n) === 1n))) q++;
  return neg ? -q : q;
}

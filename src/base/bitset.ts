// BitSet: a growable set of small non-negative integers (ids of expressions, values, blocks), for data-flow facts and
// visited marks. Words are 32 bits in one Uint32Array; operations never allocate except to grow.

/** A growable set of small non-negative integers. */
export class BitSet {
  private words: Uint32Array;

  constructor(capacity = 64) {
    this.words = new Uint32Array((capacity + 31) >>> 5);
  }

  has(i: number): boolean {
    const w = i >>> 5;
    return w < this.words.length && (this.words[w] & (1 << (i & 31))) !== 0;
  }

  /** Adds i; tells whether it was new. */
  add(i: number): boolean {
    const w = i >>> 5;
    if (w >= this.words.length) this.grow(w + 1);
    const bit = 1 << (i & 31);
    const old = this.words[w];
    this.words[w] = old | bit;
    return (old & bit) === 0;
  }

  delete(i: number): void {
    const w = i >>> 5;
    if (w < this.words.length) this.words[w] &= ~(1 << (i & 31));
  }

  clear(): void {
    this.words.fill(0);
  }

  /** Adds every element of o; tells whether this set grew. */
  union(o: BitSet): boolean {
    if (o.words.length > this.words.length) this.grow(o.words.length);
    let changed = 0;
    for (let w = 0; w < o.words.length; w++) {
      const old = this.words[w];
      const now = old | o.words[w];
      changed |= old ^ now;
      this.words[w] = now;
    }
    return changed !== 0;
  }

  /** Keeps only the elements that are in o too. */
  intersect(o: BitSet): void {
    for (let w = 0; w < this.words.length; w++) this.words[w] &= w < o.words.length ? o.words[w] : 0;
  }

  /** Removes every element of o. */
  subtract(o: BitSet): void {
    const n = Math.min(this.words.length, o.words.length);
    for (let w = 0; w < n; w++) this.words[w] &= ~o.words[w];
  }

  clone(): BitSet {
    const c = new BitSet(0);
    c.words = this.words.slice();
    return c;
  }

  equals(o: BitSet): boolean {
    const n = Math.max(this.words.length, o.words.length);
    for (let w = 0; w < n; w++) if ((this.words[w] ?? 0) !== (o.words[w] ?? 0)) return false;
    return true;
  }

  isEmpty(): boolean {
    for (const w of this.words) if (w !== 0) return false;
    return true;
  }

  count(): number {
    let n = 0;
    for (let w of this.words) for (; w !== 0; w &= w - 1) n++;
    return n;
  }

  /** Calls f for each element, in rising order. */
  forEach(f: (i: number) => void): void {
    for (let w = 0; w < this.words.length; w++) {
      for (let bits = this.words[w]; bits !== 0; bits &= bits - 1) f((w << 5) + (31 - Math.clz32(bits & -bits)));
    }
  }

  private grow(words: number): void {
    const bigger = new Uint32Array(Math.max(words, this.words.length * 2));
    bigger.set(this.words);
    this.words = bigger;
  }
}

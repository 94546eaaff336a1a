// Interner: bytes of an identifier or short literal → one JS string per spelling, without decoding it twice. An open-
// addressed hash table over a byte pool; keywords are entered first, so a name's index also tells whether it is one.
//
// The table is kept for the life of the process: a program's files share most of their identifiers.

import { decodeUtf8 } from './text.ts';

/** The hash that callers compute while they scan: h = h*31 + byte. */
export function hashBytes(buf: Uint8Array, from: number, to: number): number {
  let h = 0;
  for (let i = from; i < to; i++) h = (Math.imul(h, 31) + buf[i]) | 0;
  return h;
}

/** The first place to look for a hash: an even index. */
function slotOf(h: number, mask: number): number {
  return ((h ^ (h >>> 15)) << 1) & mask;
}

/** A set of byte strings with dense indices from 1 and one JS string each. */
export class Interner {
  /** The string of each index. */
  readonly strings: string[] = [''];
  /** Pairs hash, index; index 0 means free. */
  private table = new Int32Array(1 << 14);
  private starts = new Int32Array(1 << 12);
  private pool = new Uint8Array(1 << 16);
  private used = 0;

  /** The index of buf[from..to), whose hash is h (hashBytes); enters it if it is new. */
  lookup(buf: Uint8Array, from: number, to: number, h: number): number {
    const table = this.table;
    const mask = table.length - 1;
    let slot = slotOf(h, mask);
    for (let index = table[slot + 1]; index !== 0; index = table[slot + 1]) {
      if (table[slot] === h && this.same(index, buf, from, to)) return index;
      slot = (slot + 2) & mask;
    }
    return this.insert(buf, from, to, h, slot);
  }

  private same(index: number, buf: Uint8Array, from: number, to: number): boolean {
    const start = this.starts[index];
    const len = this.starts[index + 1] - start;
    if (len !== to - from) return false;
    const pool = this.pool;
    for (let i = 0; i < len; i++) if (pool[start + i] !== buf[from + i]) return false;
    return true;
  }

  private insert(buf: Uint8Array, from: number, to: number, h: number, slot: number): number {
    const index = this.strings.length;
    const len = to - from;
    if (index + 2 > this.starts.length) this.growEntries();
    if (this.used + len > this.pool.length) this.growPool(len);
    this.pool.set(buf.subarray(from, to), this.used);
    this.starts[index] = this.used;
    this.used += len;
    this.starts[index + 1] = this.used;
    this.strings.push(decodeUtf8(buf, from, to));
    this.table[slot] = h;
    this.table[slot + 1] = index;
    if (index * 4 > this.table.length) this.rehash();
    return index;
  }

  private growEntries(): void {
    const starts = new Int32Array(this.starts.length * 2);
    starts.set(this.starts);
    this.starts = starts;
  }

  private growPool(need: number): void {
    const pool = new Uint8Array(Math.max(this.pool.length * 2, this.used + need));
    pool.set(this.pool);
    this.pool = pool;
  }

  private rehash(): void {
    const old = this.table;
    const table = new Int32Array(old.length * 2);
    const mask = table.length - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      let slot = slotOf(old[i], mask);
      while (table[slot + 1] !== 0) slot = (slot + 2) & mask;
      table[slot] = old[i];
      table[slot + 1] = old[i + 1];
    }
    this.table = table;
  }
}

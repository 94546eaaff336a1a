// Sweeping: mark bits become allocation bits, spans without live objects go back to the page heap, specials of
// dead objects are served. Done span by span when the allocator wants one of the class, and for the rest by sweepAll.

import { LIST_FULL, LIST_LARGE, LIST_PARTIAL, listPop, listPush, notSwept, NUM_SPAN_CLASSES, objectIndex, releaseSpan, swept, sweepDone } from './central';
import { MSpan } from './structs';
import { sweepSpecials } from './special';
import { heap } from './shared';

export const SWEPT_FREED: u32 = 0;
export const SWEPT_PARTIAL: u32 = 1;
export const SWEPT_FULL: u32 = 2;

/** Sweeps a span that was taken off its list; it is then gone, or to be put where placeSwept says. */
export function sweepSpan(s: MSpan): u32 {
  if (s.specials) sweepSpecials(s);
  const bits = s.markBits, bytes = s.bitBytes;
  let n: u32 = 0;
  for (let i: u32 = 0; i < bytes; i += 8) n += <u32>popcnt(load<u64>(bits + i));
  if (n == 0) { releaseSpan(s); return SWEPT_FREED; }
  s.markBits = s.allocBits;
  s.allocBits = bits;
  memory.fill(s.markBits, 0, bytes);
  s.sweepgen = heap.sweepgen;
  s.freeindex = 0;
  s.needzero = 1;
  s.allocated = n;
  return n == s.nelems ? SWEPT_FULL : SWEPT_PARTIAL;
}

export function placeSwept(s: MSpan, state: u32): void {
  listPush(swept(s.spanclass, s.spanclass < 2 ? LIST_LARGE : state == SWEPT_FULL ? LIST_FULL : LIST_PARTIAL), s);
}

/** Sweeps all of one kind that is left. */
export function sweepKind(kind: u32): void {
  for (let spc: u32 = 0; spc < NUM_SPAN_CLASSES; spc++) {
    while (true) {
      const a = listPop(notSwept(spc, kind));
      if (!a) break;
      const state = sweepSpan(changetype<MSpan>(a));
      if (state != SWEPT_FREED) placeSwept(changetype<MSpan>(a), state);
    }
  }
}

/** Finishes the sweep. */
export function sweepAll(): void {
  if (!heap.unswept) return;
  sweepKind(LIST_LARGE);
  sweepKind(LIST_PARTIAL);
  sweepKind(LIST_FULL);
  sweepDone();
}

/** Is the object alive, as far as the last mark knows? */
export function marked(s: MSpan, obj: usize): bool {
  const i = objectIndex(s, obj);
  return (load<u8>(s.markBits + (i >> 3)) >> (i & 7) & 1) != 0;
}

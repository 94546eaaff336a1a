// Checks of the heap's and the timers' invariants, for tests and debugging.

import { verifyPages } from './pageheap';
import { MSpan, SPAN_HEAP } from './structs';
import { PAGE_SHIFT, PAGE_SIZE } from './layout.gen';
import { verifyTimers } from './timer';
import { heap } from './shared';

/** 0, or the number of the broken rule: 1–7 pages, 10–15 spans, 20 timers. */
export function heapverify(): i32 {
  const pages = verifyPages();
  if (pages) return pages;
  for (let at = heap.arenaStart; at < heap.arenaTop;) {
    const a: usize = load<u32>(heap.spans + ((at >> PAGE_SHIFT) << 2));
    if (!a) { at += PAGE_SIZE; continue; }
    const s = changetype<MSpan>(a);
    if (s.state == SPAN_HEAP) {
      const bad = verifySpan(s);
      if (bad) return bad;
    }
    at += s.npages << PAGE_SHIFT;
  }
  return verifyTimers() ? 0 : 20;
}

/** Overwrites all free slots of the heap, so that what is used after it was freed shows. */
export function poisonFree(): void {
  for (let at = heap.arenaStart; at < heap.arenaTop;) {
    const a: usize = load<u32>(heap.spans + ((at >> PAGE_SHIFT) << 2));
    if (!a) { at += PAGE_SIZE; continue; }
    const s = changetype<MSpan>(a);
    if (s.state == SPAN_HEAP) {
      for (let i = s.freeindex; i < s.nelems; i++) {
        if (load<u8>(s.allocBits + (i >> 3)) >> (i & 7) & 1) continue;
        memory.fill(s.base + i * s.elemsize, 0xdb, s.elemsize);
        s.needzero = 1;
      }
    }
    at += s.npages << PAGE_SHIFT;
  }
}

function bits(at: usize, bytes: u32): u32 {
  let n: u32 = 0;
  for (let i: u32 = 0; i < bytes; i += 8) n += <u32>popcnt(load<u64>(at + i));
  return n;
}

function verifySpan(s: MSpan): i32 {
  if (s.nelems * s.elemsize > s.npages << PAGE_SHIFT) return 10;
  if (s.allocated > s.nelems || s.freeindex > s.nelems) return 11;
  if (s.sweepgen != heap.sweepgen && s.sweepgen != heap.sweepgen - 1) return 12;
  for (let i: u32 = 0; i < s.npages; i++) if (load<u32>(heap.spans + (((s.base >> PAGE_SHIFT) + i) << 2)) != changetype<usize>(s)) return 13;
  // A swept span carries no marks; a span in no list would be lost.
  if (s.sweepgen == heap.sweepgen && bits(s.markBits, s.bitBytes) != 0) return 14;
  if (!s.incache && !s.list) return 15;
  return 0;
}

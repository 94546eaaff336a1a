// What the allocator, the sweeper and the collector share: lists of spans by class and state, counters, and
// making and dropping a span's metadata. Under the heap lock.
//
// A list holds spans of one class and fullness that are swept in this cycle, its twin those that are not yet: the parity of
// sweepgen says which is which, so that a new cycle turns all lists at once.

import { freeSpanLocked, kalloc, kallocLocked, kfreeLocked } from './pageheap';
import { MSpan } from './structs';
import { NUM_CLASSES } from './layout.gen';
import { heap } from './shared';

export const LIST_PARTIAL: u32 = 0;
export const LIST_FULL: u32 = 1;
export const LIST_LARGE: u32 = 2;
export const NUM_SPAN_CLASSES: u32 = NUM_CLASSES * 2;
const LISTS_SIZE: u32 = NUM_SPAN_CLASSES * 3 * 2 * 4;


export function initCentral(): void { heap.lists = kalloc(LISTS_SIZE); heap.classMallocs = kalloc(NUM_CLASSES << 3); heap.sweepgen = 1; }

/** Head of the list of swept spans of the class and kind. */
@inline
export function swept(spc: u32, kind: u32): usize { return heap.lists + ((spc * 3 + kind) << 3) + ((heap.sweepgen & 1) << 2); }
@inline
export function notSwept(spc: u32, kind: u32): usize { return heap.lists + ((spc * 3 + kind) << 3) + ((~heap.sweepgen & 1) << 2); }

export function listPush(head: usize, s: MSpan): void {
  const first: usize = load<u32>(head);
  s.next = first; s.prev = 0; s.list = head;
  if (first) changetype<MSpan>(first).prev = changetype<usize>(s);
  store<u32>(head, changetype<usize>(s));
}

export function listRemove(s: MSpan): void {
  if (s.next) changetype<MSpan>(s.next).prev = s.prev;
  if (s.prev) changetype<MSpan>(s.prev).next = s.next;
  else store<u32>(s.list, s.next);
  s.list = 0;
}

export function listPop(head: usize): usize {
  const a: usize = load<u32>(head);
  if (a) listRemove(changetype<MSpan>(a));
  return a;
}

export function addHeapLive(n: i64): void { heap.live += n; }
/** n objects of the class, of `size` bytes, are allocated; n < 0: were not after all. */
export function addMallocs(spc: u32, n: i64, size: u32): void {
  const at = heap.classMallocs + ((spc >> 1) << 3);
  store<u64>(at, load<u64>(at) + n);
  heap.mallocCount += n;
  heap.mallocBytes += n * size;
}
export function setTrigger(n: i64): void { heap.trigger = n; }
export function sweepDone(): void { heap.unswept = 0; }

/** After the mark: all spans are unswept; what is live and what died is known. */
export function beginSweep(liveObjects: u64, liveBytes: u64): void {
  heap.sweepgen++;
  heap.unswept = 1;
  heap.freeCount = heap.mallocCount - liveObjects;
  heap.freeBytes = heap.mallocBytes - liveBytes;
  heap.live = liveBytes;
}

/** An object that the mark found dead stays alive for its finalizer. */
export function resurrect(bytes: u32): void { heap.freeCount--; heap.freeBytes -= bytes; heap.live += bytes; }

/** Metadata of a span of n objects: two bitmaps and, with pointers, the type words. */
export function initSpan(s: MSpan, spc: u32, size: u32, n: u32): void {
  const types = spc & 1 ? 0 : ((n << 2) + 7) & ~7;
  s.spanclass = <u8>spc;
  s.elemsize = size;
  s.nelems = n;
  s.divmul = 0xffffffff / size + 1;
  s.freeindex = 0;
  s.allocated = 0;
  s.bitBytes = ((n + 63) >> 6) << 3;
  s.metaSize = types + s.bitBytes * 2;
  const meta = kallocLocked(s.metaSize);
  s.allocBits = meta;
  s.markBits = meta + s.bitBytes;
  s.types = types ? meta + s.bitBytes * 2 : 0;
  s.sweepgen = heap.sweepgen;
  s.specials = 0;
  s.list = 0;
  s.incache = 0;
}

/** A span whose objects are all dead goes back to the page heap. */
export function releaseSpan(s: MSpan): void {
  kfreeLocked(s.allocBits < s.markBits ? s.allocBits : s.markBits, s.metaSize);
  freeSpanLocked(changetype<usize>(s));
}

/** Index of the object that address a lies in. */
@inline
export function objectIndex(s: MSpan, a: usize): u32 { return s.nelems == 1 ? 0 : <u32>((<u64>(a - s.base) * s.divmul) >> 32); }

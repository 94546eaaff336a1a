// Allocation. Small objects come from spans of one size class each; the P's mcache holds per class and kind (with or without
// pointers) the current run of free, zeroed slots of one span, so that the fast path is a bump: an entry is
// { next free slot, end of the run, where the next type word goes, object size }. When a run ends, the next run of
// free slots is looked up in the span's allocBits and zeroed at once; when the span is full, the central lists give another.
//
// What the collector knows of an object is its type word, 4 bytes beside the span: the type descriptor's address, with bit 0
// set if the pattern repeats (an array). Compared: a header in the object costs 8 bytes for alignment, a copy of the
// pointer bitmap costs a loop for each allocation.
//
// Protocol. An mcache and the spans in it belong to the holder of the P. Central lists, counters and pages are under the heap lock. A
// collection begins only with the world stopped, so between two suspensions a new object may be filled in at leisure.

import {
  CLASS_TO_PAGES, CLASS_TO_SIZE, MALLOC_NOZERO, MAX_SMALL_SIZE, PAGE_SHIFT, PAGE_SIZE, SIZE_TO_CLASS128, SIZE_TO_CLASS8, TYPE_PTR_BYTES, TYPE_SIZE,
} from './layout.gen';
import { fatalOutOfMemory } from './die';
import { allocSpanLocked, hasFree, heapLock, kalloc, spanOf } from './pageheap';
import { lock, unlock } from './lock';
import { P, MSpan, SPAN_HEAP } from './structs';
import { p } from './state';
import { placeSwept, SWEPT_FREED, SWEPT_PARTIAL, sweepAll, sweepSpan } from './sweep';
import {
  addHeapLive, addMallocs, initSpan, listPop, listPush, LIST_FULL, LIST_LARGE, LIST_PARTIAL, notSwept, NUM_SPAN_CLASSES, objectIndex, swept,
} from './central';
import { heap } from './shared';
import { wantCollection } from './poll';

const ENTRY_SHIFT: u32 = 4;

/** The mcache of this M's P: entries, then the span of each. */
let mcache: usize = 0;
const SPANS: u32 = NUM_SPAN_CLASSES << ENTRY_SHIFT;

export const MCACHE_SIZE: u32 = NUM_SPAN_CLASSES * 20;

/** A new P's mcache. */
export function initMcache(cache: usize): void {
  for (let c: u32 = 0; c < NUM_SPAN_CLASSES; c++) store<u32>(cache + (c << ENTRY_SHIFT), load<u32>(CLASS_TO_SIZE + (c >> 1 << 2)), 12);
}

/** The M allocates from this mcache from now on: that of the P it took. */
export function wireMcache(cache: usize): void { mcache = cache; }

export function initMalloc(): void { heap.zerobase = kalloc(8); }

/** Size class of a small size. */
@inline
function classOf(size: u32): u32 {
  return size <= 1024 - 8 ? load<u8>(SIZE_TO_CLASS8 + ((size + 7) >> 3)) : load<u8>(SIZE_TO_CLASS128 + ((size - 1024 + 127) >> 7));
}

/** Zeroed memory for `size` bytes: one value of typ, several of them, or no pointers at all (typ 0 or without pointers). */
export function mallocgc(size: u32, typ: usize, flags: u32): usize {
  if (typ != 0 && load<u32>(typ, TYPE_PTR_BYTES) != 0) {
    if (size > MAX_SMALL_SIZE) return largeAlloc(size, typ, flags);
    if (size == 0) return heap.zerobase;
    const e = mcache + (classOf(size) << (ENTRY_SHIFT + 1));
    let v: usize = load<u32>(e);
    if (v == load<u32>(e, 4)) v = refill(e);
    store<u32>(e, v + load<u32>(e, 12));
    const t: usize = load<u32>(e, 8);
    store<u32>(e, t + 4, 8);
    store<u32>(t, typ | <u32>(load<u32>(typ, TYPE_SIZE) != size));
    return v;
  }
  if (size < 16) return tinyAlloc(size);
  if (size > MAX_SMALL_SIZE) return largeAlloc(size, 0, flags);
  const e = mcache + (classOf(size) << (ENTRY_SHIFT + 1)) + (1 << ENTRY_SHIFT);
  let v: usize = load<u32>(e);
  if (v == load<u32>(e, 4)) v = refill(e);
  store<u32>(e, v + load<u32>(e, 12));
  return v;
}

/** Objects below 16 bytes without pointers share blocks of 16. */
function tinyAlloc(size: u32): usize {
  if (size == 0) return heap.zerobase;
  const pp = changetype<P>(p);
  let off = pp.tinyoffset;
  if ((size & 7) == 0) off = (off + 7) & ~7;
  else if ((size & 3) == 0) off = (off + 3) & ~3;
  else if ((size & 1) == 0) off = (off + 1) & ~1;
  if (off + size <= 16 && pp.tiny != 0) {
    pp.tinyoffset = off + size;
    pp.tinyallocs++;
    return pp.tiny + off;
  }
  const e = mcache + (2 << (ENTRY_SHIFT + 1)) + (1 << ENTRY_SHIFT);
  let v: usize = load<u32>(e);
  if (v == load<u32>(e, 4)) v = refill(e);
  store<u32>(e, v + 16);
  if (size < pp.tinyoffset || pp.tiny == 0) { pp.tiny = v; pp.tinyoffset = size; }
  return v;
}

/** The entry's run is used up: finds the next one; gives its first slot. */
function refill(e: usize): usize {
  const spc = <u32>((e - mcache) >> ENTRY_SHIFT), slot = mcache + SPANS + (spc << 2);
  let s: usize = load<u32>(slot);
  if (s != 0 && nextRun(e, changetype<MSpan>(s))) return load<u32>(e);
  lock(heapLock());
  if (s != 0) {
    changetype<MSpan>(s).incache = 0;
    listPush(swept(spc, LIST_FULL), changetype<MSpan>(s));
  }
  if (heap.live >= heap.trigger) wantCollection();
  s = cacheSpan(spc);
  store<u32>(slot, s);
  const span = changetype<MSpan>(s), free = span.nelems - span.allocated;
  span.incache = 1;
  span.allocated = span.nelems;
  addHeapLive(<i64>free * span.elemsize);
  addMallocs(spc, free, span.elemsize);
  unlock(heapLock());
  // The span is this P's now: its slots are found and zeroed without the lock.
  nextRun(e, span);
  return load<u32>(e);
}

/** Next run of free slots at or after freeindex, zeroed; false when there is none. */
function nextRun(e: usize, s: MSpan): bool {
  const n = s.nelems, bits = s.allocBits;
  let i = s.freeindex;
  // First free slot.
  while (true) {
    if (i >= n) { store<u32>(e, 0); store<u32>(e, 0, 4); return false; }
    const free = ~(load<u64>(bits + (i >> 6 << 3)) >> <u64>(i & 63)) & (<u64>-1 >> <u64>(i & 63));
    if (free) { i += <u32>ctz(free); break; }
    i = (i | 63) + 1;
  }
  if (i >= n) { s.freeindex = n; store<u32>(e, 0); store<u32>(e, 0, 4); return false; }
  // First used slot after it.
  let j = i;
  while (true) {
    const used = load<u64>(bits + (j >> 6 << 3)) >> <u64>(j & 63);
    if (used) { j += <u32>ctz(used); break; }
    j = (j | 63) + 1;
    if (j >= n) break;
  }
  if (j > n) j = n;
  s.freeindex = j;
  const size = s.elemsize, from = s.base + i * size, bytes = (j - i) * size;
  if (s.needzero) memory.fill(from, 0, bytes);
  store<u32>(e, from);
  store<u32>(e, from + bytes, 4);
  store<u32>(e, s.types + (i << 2), 8);
  return true;
}

/** A swept span of the class (the heap lock is held) with at least one free slot. */
function cacheSpan(spc: u32): usize {
  const a = listPop(swept(spc, LIST_PARTIAL));
  if (a) return a;
  while (heap.unswept) {
    let u = listPop(notSwept(spc, LIST_PARTIAL));
    if (!u) u = listPop(notSwept(spc, LIST_FULL));
    if (!u) break;
    const state = sweepSpan(changetype<MSpan>(u));
    if (state == SWEPT_PARTIAL) return u;
    if (state != SWEPT_FREED) placeSwept(changetype<MSpan>(u), state);
  }
  return newSpan(spc);
}

/** Pages for the heap; before new memory is taken, what is dead is swept. */
function allocHeapPages(npages: u32): MSpan {
  if (heap.unswept && !hasFree(npages)) sweepAll();
  const a = allocSpanLocked(npages, SPAN_HEAP);
  if (!a) fatalOutOfMemory(npages << PAGE_SHIFT);
  return changetype<MSpan>(a);
}

/** A fresh span of the class. */
function newSpan(spc: u32): usize {
  const c = spc >> 1, size = load<u32>(CLASS_TO_SIZE + (c << 2)), npages: u32 = load<u8>(CLASS_TO_PAGES + c);
  const s = allocHeapPages(npages);
  initSpan(s, spc, size, (npages << PAGE_SHIFT) / size);
  return changetype<usize>(s);
}

/** An object with a span of its own. */
function largeAlloc(size: u32, typ: usize, flags: u32): usize {
  if (size > 0xfff00000) fatalOutOfMemory(size);
  const npages = (size + PAGE_SIZE - 1) >> PAGE_SHIFT;
  lock(heapLock());
  if (heap.live + (<i64>npages << PAGE_SHIFT) >= heap.trigger) wantCollection();
  const s = allocHeapPages(npages), bytes = npages << PAGE_SHIFT;
  initSpan(s, typ ? 0 : 1, bytes, 1);
  s.freeindex = 1;
  s.allocated = 1;
  if (typ) store<u32>(s.types, typ | <u32>(load<u32>(typ, TYPE_SIZE) != size));
  addHeapLive(bytes);
  addMallocs(s.spanclass, 1, bytes);
  listPush(swept(s.spanclass, LIST_LARGE), s);
  unlock(heapLock());
  // Nobody can come across the object yet: no collection begins before this M is in the scheduler.
  if (s.needzero && (typ != 0 || !(flags & MALLOC_NOZERO))) memory.fill(s.base, 0, bytes);
  return s.base;
}

/** Gives the spans of a P's mcache back to the central lists: before a collection. The world is stopped. */
export function flushMcache(pp: P): void {
  const cache = pp.mcache;
  for (let spc: u32 = 0; spc < NUM_SPAN_CLASSES; spc++) {
    const a: usize = load<u32>(cache + SPANS + (spc << 2));
    if (!a) continue;
    const s = changetype<MSpan>(a), e = cache + (spc << ENTRY_SHIFT);
    const unused = entryUnused(e, s);
    if (load<u32>(e, 4) > load<u32>(e)) s.freeindex = (load<u32>(e) - s.base) / s.elemsize;
    s.allocated -= unused;
    s.incache = 0;
    addHeapLive(-(<i64>unused * s.elemsize));
    addMallocs(spc, -(<i64>unused), s.elemsize);
    listPush(swept(spc, unused ? LIST_PARTIAL : LIST_FULL), s);
    store<u32>(cache + SPANS + (spc << 2), 0);
    store<u32>(e, 0);
    store<u32>(e, 0, 4);
  }
  pp.tiny = 0;
  pp.tinyoffset = 0;
}

/** Free slots that an entry's span still has: the rest of the run and the free bits after it. */
function entryUnused(e: usize, s: MSpan): u32 {
  let n = (load<u32>(e, 4) - load<u32>(e)) / s.elemsize;
  for (let i = s.freeindex; i < s.nelems;) {
    const free = ~(load<u64>(s.allocBits + (i >> 6 << 3)) >> <u64>(i & 63)) & (<u64>-1 >> <u64>(i & 63));
    const end = (i | 63) + 1;
    n += <u32>popcnt(end > s.nelems ? free & ((<u64>1 << <u64>(s.nelems - i)) - 1) : free);
    i = end;
  }
  return n;
}

/** Slots counted as allocated that still lie in a P's mcache, or the bytes of them. */
export function mcacheUnused(pp: P, bytes: bool): u64 {
  let n: u64 = 0;
  for (let spc: u32 = 0; spc < NUM_SPAN_CLASSES; spc++) {
    const a: usize = load<u32>(pp.mcache + SPANS + (spc << 2));
    if (a) n += <u64>entryUnused(pp.mcache + (spc << ENTRY_SHIFT), changetype<MSpan>(a)) * (bytes ? changetype<MSpan>(a).elemsize : 1);
  }
  return n;
}

/** What append rounds a size up to. gc's objects with pointers above 512 bytes have a header of 8: capacities show it. */
export function roundupsize(size: u32, noscan: bool): u32 {
  const want = size;
  if (!noscan && size > 512) size += 8;
  if (want <= MAX_SMALL_SIZE - 8) return load<u32>(CLASS_TO_SIZE + (classOf(size) << 2)) - (size - want);
  size = want + PAGE_SIZE - 1;
  return size < want ? want : size & ~(PAGE_SIZE - 1);
}

/** The heap span that p points into, 0 if none. */
@inline
function heapSpanOf(a: usize): usize {
  const s = spanOf(a);
  return s != 0 && changetype<MSpan>(s).state == SPAN_HEAP ? s : 0;
}

export function objectbase(a: usize): usize {
  const s = changetype<MSpan>(heapSpanOf(a));
  if (!changetype<usize>(s)) return 0;
  const i = objectIndex(s, a);
  return i < s.nelems ? s.base + i * s.elemsize : 0;
}

export function objectsize(a: usize): u32 {
  const s = heapSpanOf(a);
  return s ? changetype<MSpan>(s).elemsize : 0;
}

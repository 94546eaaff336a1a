// Pages: the address space from the end of the program's data up, in spans of 8 KiB pages. Free spans are kept in bins by
// length, joined with free neighbours through the table of spans by page. Memory is never given back to the host: reuse comes first.
// Functions named …Locked, and those not exported, run under the heap lock.

import { MSpan, SPAN_DEAD, SPAN_FREE, SPAN_HEAP, SPAN_MANUAL } from './structs';
import { PAGE_SHIFT, PAGE_SIZE } from './layout.gen';
import { fatalOutOfMemory } from './die';
import { Heap, heap } from './shared';
import { lock, unlock } from './lock';

@inline
export function heapLock(): usize { return changetype<usize>(heap) + offsetof<Heap>('lock'); }

const BINS: u32 = 192;
const KALLOC_MAX: u32 = 8192;

const GROW_PAGES: u32 = 128;
const BUMP_BYTES: u32 = 65536;

/** Sets the heap up in base..end; `end` is what the memory may grow to. */
export function initPages(base: usize, end: usize): void {
  base = (base + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
  heap.memoryEnd = end & ~(PAGE_SIZE - 1);
  heap.spans = base;
  const tableBytes = (end >> PAGE_SHIFT) << 2;
  heap.bins = base + tableBytes;
  heap.binBits = heap.bins + BINS * 4;
  heap.kbins = heap.binBits + BINS / 8;
  const start = (heap.kbins + (KALLOC_MAX / 64 + 1) * 4 + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
  heap.arenaStart = start;
  heap.arenaTop = start;
  ensureMemory(start);
}

/** Makes sure that the wasm memory reaches up to `end`. */
function ensureMemory(end: usize): bool {
  const have = <u64>memory.size() << 16;
  if (<u64>end <= have) return true;
  // Grow early and rarely: engines may trap on cached sizes.
  let want = <i32>((<u64>end - have + 0xffff) >> 16);
  if (want < 256) { if (memory.grow(256) >= 0) return true; }
  return memory.grow(want) >= 0;
}

@inline
function spanOfPage(page: usize): usize { return load<u32>(heap.spans + (page << 2)); }

/** The span that an address lies in, 0 if none. */
@inline
export function spanOf(addr: usize): usize { return load<u32>(heap.spans + ((addr >> PAGE_SHIFT) << 2)); }

function binOf(npages: u32): u32 {
  if (npages < 128) return npages;
  const log = 31 - clz(npages);
  return 128 + ((log - 7) << 2) + ((npages >> (log - 2)) & 3);
}

function binInsert(s: MSpan): void {
  const b = binOf(s.npages), head = heap.bins + (b << 2), first = load<u32>(head), a = changetype<usize>(s);
  s.next = first; s.prev = 0; s.list = head;
  if (first) changetype<MSpan>(first).prev = a;
  store<u32>(head, a);
  const w = heap.binBits + ((b >> 5) << 2);
  store<u32>(w, load<u32>(w) | (1 << (b & 31)));
}

function binRemove(s: MSpan): void {
  if (s.next) changetype<MSpan>(s.next).prev = s.prev;
  if (s.prev) changetype<MSpan>(s.prev).next = s.next;
  else {
    store<u32>(s.list, s.next);
    if (!s.next) {
      const b = <u32>((s.list - heap.bins) >> 2), w = heap.binBits + ((b >> 5) << 2);
      store<u32>(w, load<u32>(w) & ~(1 << (b & 31)));
    }
  }
  s.list = 0;
}

/** First non-empty bin from b on, BINS if none. */
function nextBin(b: u32): u32 {
  let w = b >> 5;
  let bits = load<u32>(heap.binBits + (w << 2)) & (<u32>-1 << (b & 31));
  while (!bits) {
    if (++w == BINS / 32) return BINS;
    bits = load<u32>(heap.binBits + (w << 2));
  }
  return (w << 5) + ctz(bits);
}

function findFree(npages: u32): usize {
  let b = binOf(npages);
  if (b >= 128) {
    // Spans of this bin may be too short; those of later bins are not.
    for (let s = load<u32>(heap.bins + (b << 2)); s; s = changetype<MSpan>(s).next) if (changetype<MSpan>(s).npages >= npages) return s;
    b++;
  }
  b = nextBin(b);
  return b == BINS ? 0 : load<u32>(heap.bins + (b << 2));
}

/** A free span of that length is at hand. */
export function hasFree(npages: u32): bool { return findFree(npages) != 0; }

/** A span record, zeroed. */
function newRecord(): MSpan {
  let s = heap.spanFreeList;
  if (s) { heap.spanFreeList = changetype<MSpan>(s).next; memory.fill(s, 0, offsetof<MSpan>()); }
  else s = bump(offsetof<MSpan>());
  return changetype<MSpan>(s);
}

function freeRecord(s: MSpan): void {
  s.state = SPAN_DEAD;
  s.next = heap.spanFreeList;
  heap.spanFreeList = changetype<usize>(s);
}

/** Zeroed memory of the kernel's own that is never freed. */
function bump(size: u32): usize {
  size = (size + 7) & ~7;
  if (heap.bumpEnd - heap.bumpCur < size) {
    const n: u32 = size > BUMP_BYTES ? (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1) : BUMP_BYTES;
    heap.bumpCur = takeArena(n >> PAGE_SHIFT);
    if (!heap.bumpCur) fatalOutOfMemory(n);
    heap.bumpEnd = heap.bumpCur + n;
    heap.manualPages += n >> PAGE_SHIFT;
  }
  const a = heap.bumpCur;
  heap.bumpCur += size;
  return a;
}

/** Fresh zero pages from the top of the arena; 0 when the memory is full. */
function takeArena(npages: u32): usize {
  const bytes = <u64>npages << PAGE_SHIFT;
  if (<u64>heap.arenaTop + bytes > <u64>heap.memoryEnd || npages > 0x7ffff) return 0;
  const a = heap.arenaTop;
  if (!ensureMemory(a + <usize>bytes)) return 0;
  heap.arenaTop = a + <usize>bytes;
  return a;
}

/** Adds fresh pages to the free spans, at least npages in one piece. */
function growHeap(npages: u32): bool {
  let n = npages > GROW_PAGES ? npages : GROW_PAGES;
  let a = takeArena(n);
  if (!a) { n = npages; a = takeArena(n); }
  if (!a) return false;
  const s = newRecord();
  s.base = a; s.npages = n;
  insertFree(s);
  return true;
}

/** Joins s with free neighbours and puts it into its bin. */
function insertFree(s: MSpan): void {
  s.state = SPAN_FREE;
  heap.freePages += s.npages;
  const first = s.base >> PAGE_SHIFT;
  if (s.base > heap.arenaStart) {
    const b = spanOfPage(first - 1);
    if (b && changetype<MSpan>(b).state == SPAN_FREE) {
      const before = changetype<MSpan>(b);
      binRemove(before);
      s.base = before.base; s.npages += before.npages; s.needzero |= before.needzero;
      freeRecord(before);
    }
  }
  const end = s.base + (s.npages << PAGE_SHIFT);
  if (end < heap.arenaTop) {
    const a = spanOfPage(end >> PAGE_SHIFT);
    if (a && changetype<MSpan>(a).state == SPAN_FREE) {
      const after = changetype<MSpan>(a);
      binRemove(after);
      s.npages += after.npages; s.needzero |= after.needzero;
      freeRecord(after);
    }
  }
  const t = heap.spans + ((s.base >> PAGE_SHIFT) << 2);
  store<u32>(t, changetype<usize>(s));
  store<u32>(t + ((s.npages - 1) << 2), changetype<usize>(s));
  binInsert(s);
}

/** A span of npages for the heap or the kernel itself; 0 when there is no memory. */
export function allocSpanLocked(npages: u32, state: u8): usize {
  let a = findFree(npages);
  if (!a) {
    if (!growHeap(npages)) return 0;
    a = findFree(npages);
  }
  const s = changetype<MSpan>(a);
  binRemove(s);
  heap.freePages -= s.npages;
  if (s.npages > npages) {
    const rest = newRecord();
    rest.base = s.base + (npages << PAGE_SHIFT);
    rest.npages = s.npages - npages;
    rest.needzero = s.needzero;
    s.npages = npages;
    s.state = state;
    store<u32>(heap.spans + (((s.base >> PAGE_SHIFT) + npages - 1) << 2), a);
    insertFree(rest);
  }
  s.state = state;
  s.next = 0; s.prev = 0;
  const t = heap.spans + ((s.base >> PAGE_SHIFT) << 2);
  for (let i: u32 = 0; i < npages; i++) store<u32>(t + (i << 2), a);
  if (state == SPAN_HEAP) heap.heapPages += npages;
  else heap.manualPages += npages;
  return a;
}

/** Gives a span back. Its metadata must be gone already. */
export function freeSpanLocked(a: usize): void {
  const s = changetype<MSpan>(a);
  if (s.state == SPAN_HEAP) heap.heapPages -= s.npages;
  else heap.manualPages -= s.npages;
  memory.fill(heap.spans + ((s.base >> PAGE_SHIFT) << 2), 0, s.npages << 2);
  s.needzero = 1;
  insertFree(s);
}

/** A zeroed block of the kernel's own; never in the collected heap. */
export function kallocLocked(size: u32): usize {
  size = (size + 63) & ~63;
  heap.kernelBytes += size;
  if (size > KALLOC_MAX) {
    const s = changetype<MSpan>(allocSpanLocked((size + PAGE_SIZE - 1) >> PAGE_SHIFT, SPAN_MANUAL));
    if (!changetype<usize>(s)) fatalOutOfMemory(size);
    if (s.needzero) memory.fill(s.base, 0, size);
    return s.base;
  }
  const head = heap.kbins + (size >> 6 << 2), b = load<u32>(head);
  if (!b) return bump(size);
  store<u32>(head, load<u32>(b));
  memory.fill(b, 0, size);
  return b;
}

/** Frees a block of kalloc, given the same size. */
export function kfreeLocked(a: usize, size: u32): void {
  size = (size + 63) & ~63;
  heap.kernelBytes -= size;
  if (size > KALLOC_MAX) { freeSpanLocked(spanOf(a)); return; }
  const head = heap.kbins + (size >> 6 << 2);
  store<u32>(a, load<u32>(head));
  store<u32>(head, a);
}

export function allocSpan(npages: u32, state: u8): usize {
  lock(heapLock());
  const a = allocSpanLocked(npages, state);
  unlock(heapLock());
  return a;
}

export function freeSpan(a: usize): void {
  lock(heapLock());
  freeSpanLocked(a);
  unlock(heapLock());
}

export function kalloc(size: u32): usize {
  lock(heapLock());
  const a = kallocLocked(size);
  unlock(heapLock());
  return a;
}

export function kfree(a: usize, size: u32): void {
  lock(heapLock());
  kfreeLocked(a, size);
  unlock(heapLock());
}

/** An array of the kernel's, moved to twice its size. */
export function kgrow(old: usize, oldBytes: u32, newBytes: u32): usize {
  const a = kalloc(newBytes);
  if (old) { memory.copy(a, old, oldBytes); kfree(old, oldBytes); }
  return a;
}

/** Checks the bins and the table of spans: 0, or the number of the broken rule. */
export function verifyPages(): i32 {
  let free: u32 = 0, used: u32 = 0;
  for (let b: u32 = 0; b < BINS; b++) {
    const head = load<u32>(heap.bins + (b << 2));
    const bit = (load<u32>(heap.binBits + ((b >> 5) << 2)) >> (b & 31)) & 1;
    if ((head != 0) != (bit != 0)) return 1;
    for (let a = head; a; a = changetype<MSpan>(a).next) {
      const s = changetype<MSpan>(a);
      if (s.state != SPAN_FREE || binOf(s.npages) != b) return 2;
      if (spanOf(s.base) != a || spanOf(s.base + ((s.npages - 1) << PAGE_SHIFT)) != a) return 3;
      const end = s.base + (s.npages << PAGE_SHIFT);
      if (end < heap.arenaTop && spanOf(end) && changetype<MSpan>(spanOf(end)).state == SPAN_FREE) return 4;
      free += s.npages;
    }
  }
  if (free != heap.freePages) return 5;
  for (let at = heap.arenaStart; at < heap.arenaTop;) {
    const a = spanOf(at);
    if (!a) { at += PAGE_SIZE; continue; }
    const s = changetype<MSpan>(a);
    if (s.base != at) return 6;
    if (s.state == SPAN_HEAP) used += s.npages;
    at += s.npages << PAGE_SHIFT;
  }
  return used == heap.heapPages ? 0 : 7;
}

// Goroutine stacks in memory: chains of chunks that do not move. Stack objects and saved frames are pushed upwards from `sp`;
// `splimit` is the end of the newest chunk. A function that does not fit gets a new chunk, and the chunk goes when the function
// returns; one empty chunk is kept as a spare against a hot split.
//
// Chunk: { prev u32, size u32 (with header), next u32 (free list) , 0 }, then data. Links of free chunks are in the header,
// not in the data: the frame being re-entered may lie in a chunk that was freed just before.
//
// Protocol. A goroutine's chain is touched by the M that runs it, or by the collector while it is suspended. Free chunks lie in the cache of a P (its
// holder's alone) or in pools under the heap lock.

import { G, GFLAG_OVERFLOW, MSpan, P, SPAN_MANUAL } from './structs';
import { FRAME_FLAGS, FRAME_OUTER, FRAME_SIZE, FRAME_SP, PAGE_SHIFT, PAGE_SIZE } from './layout.gen';
import { allocSpan, allocSpanLocked, freeSpan, freeSpanLocked, heapLock, spanOf } from './pageheap';
import { lock, unlock } from './lock';
import { preempt } from './poll';
import { fatalOutOfMemory } from './die';
import { g, p, setSp, setSplimit, sp, splimit } from './state';
import { Heap, heap, sched } from './shared';

export const CHUNK_HEADER: u32 = 16;
export const FIRST_CHUNK: u32 = 512;
const MAX_CHUNK: u32 = 262144;
/** Chunks of 512 << order are cut from spans of 32 KiB; larger ones are spans of their own. */
const ORDERS: u32 = 4;
const POOL_PAGES: u32 = 4;
/** Free chunks that a P keeps per order before half of them go back to their spans; smallest chunks that it takes at once. */
const CACHE_MAX: u32 = 64;
const CACHE_BATCH: u32 = 32;

/** Last frame of a batch in FRAME_FLAGS. */
export const FRAME_LAST: u32 = 1;

/** The cache of free chunks of this M's P: {head u32, count u32} per order. */
let cache: usize = 0;
export const STACK_CACHE_SIZE: u32 = ORDERS * 8;

/** A suspension under way: batch's first (innermost) and latest frame, end of what is in use. */
export let saving: bool = false;
let batchFirst: usize = 0;
let batchLast: usize = 0;
let savetop: usize = 0;

/** The M takes chunks from this cache from now on: that of the P it took. */
export function wireStacks(a: usize): void { cache = a; }

/** Bytes of chunks that goroutines hold; exact while the world is stopped. */
export function stackBytes(): u64 {
  let n: i64 = 0;
  for (let i: u32 = 0; i < sched.nallp; i++) n += changetype<P>(load<u32>(sched.allp + (i << 2))).stackBytes;
  return n;
}

@inline
function chunkPrev(c: usize): usize { return load<u32>(c); }
@inline
export function chunkSize(c: usize): u32 { return load<u32>(c, 4); }
@inline
function holds(c: usize, at: usize): bool { return at - (c + CHUNK_HEADER) <= chunkSize(c) - CHUNK_HEADER; }

function orderOf(size: u32): u32 { return size <= FIRST_CHUNK ? 0 : 32 - clz((size - 1) >> 9); }

/** Head of the list of spans that have free chunks of the order. */
@inline
function pool(order: u32): usize { return changetype<usize>(heap) + offsetof<Heap>('stackpool0') + (order << 2); }

/** Takes a chunk of exactly 512 << order from the pool's spans. The span's freeindex counts chunks never used, `types` heads its free ones. */
function poolTake(order: u32): usize {
  let a: usize = load<u32>(pool(order));
  if (!a) {
    a = allocSpanLocked(POOL_PAGES, SPAN_MANUAL);
    if (!a) fatalOutOfMemory(POOL_PAGES << PAGE_SHIFT);
    const n = changetype<MSpan>(a);
    n.types = 0; n.freeindex = 0; n.allocated = 0; n.nelems = (POOL_PAGES << PAGE_SHIFT) >> (9 + order);
    poolLink(order, n);
  }
  const s = changetype<MSpan>(a);
  let c = s.types;
  if (c) s.types = load<u32>(c, 8);
  else c = s.base + (s.freeindex++ << (9 + order));
  if (++s.allocated == s.nelems) poolUnlink(order, s);
  return c;
}

function poolLink(order: u32, s: MSpan): void {
  const first: usize = load<u32>(pool(order));
  s.prev = 0; s.next = first;
  if (first) changetype<MSpan>(first).prev = changetype<usize>(s);
  store<u32>(pool(order), changetype<usize>(s));
}

function poolUnlink(order: u32, s: MSpan): void {
  if (s.next) changetype<MSpan>(s.next).prev = s.prev;
  if (s.prev) changetype<MSpan>(s.prev).next = s.next;
  else store<u32>(pool(order), s.next);
  s.next = 0; s.prev = 0;
}

function poolGive(order: u32, c: usize): void {
  const s = changetype<MSpan>(spanOf(c));
  store<u32>(c, s.types, 8);
  s.types = c;
  if (s.allocated-- == s.nelems) poolLink(order, s);
  if (s.allocated == 0) {
    poolUnlink(order, s);
    s.types = 0; s.freeindex = 0;
    freeSpanLocked(changetype<usize>(s));
  }
}

/** Fills the P's cache from the pool, several chunks at once for one taking of the lock. */
function cacheRefill(order: u32): void {
  const e = cache + (order << 3), n: u32 = CACHE_BATCH >> order;
  lock(heapLock());
  for (let i: u32 = 0; i < n; i++) {
    const c = poolTake(order);
    store<u32>(c, load<u32>(e), 8);
    store<u32>(e, c);
  }
  unlock(heapLock());
  store<u32>(e, n, 4);
}

/** A chunk of at least `size` bytes, header included. */
export function chunkAlloc(size: u32): usize {
  let c: usize;
  if (size <= FIRST_CHUNK << (ORDERS - 1)) {
    const order = orderOf(size), e = cache + (order << 3);
    size = FIRST_CHUNK << order;
    if (!load<u32>(e)) cacheRefill(order);
    c = load<u32>(e);
    store<u32>(e, load<u32>(c, 8));
    store<u32>(e, load<u32>(e, 4) - 1, 4);
  } else {
    size = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    const s = allocSpan(size >> PAGE_SHIFT, SPAN_MANUAL);
    if (!s) fatalOutOfMemory(size);
    c = changetype<MSpan>(s).base;
  }
  store<u32>(c, 0);
  store<u32>(c, size, 4);
  changetype<P>(p).stackBytes += size;
  return c;
}

export function chunkFree(c: usize): void {
  const size = chunkSize(c);
  changetype<P>(p).stackBytes -= size;
  if (size > FIRST_CHUNK << (ORDERS - 1)) { freeSpan(spanOf(c)); return; }
  const order = orderOf(size), e = cache + (order << 3), n = load<u32>(e, 4);
  store<u32>(c, load<u32>(e), 8);
  store<u32>(e, c);
  store<u32>(e, n + 1, 4);
  if (n >= CACHE_MAX) {
    lock(heapLock());
    drain(e, order, CACHE_MAX / 2);
    unlock(heapLock());
  }
}

/** Gives n cached chunks back to their spans, the oldest use does not matter. The newest stays: its frame may still be read. */
function drain(e: usize, order: u32, n: u32): void {
  const keep: usize = load<u32>(e);
  for (; n; n--) {
    const c: usize = load<u32>(keep, 8);
    store<u32>(keep, load<u32>(c, 8), 8);
    store<u32>(e, load<u32>(e, 4) - 1, 4);
    poolGive(order, c);
  }
}

/** Gives a P's cached chunks back but for `keep` of each size. The world is stopped. */
export function chunkCacheFlush(a: usize, keep: u32): void {
  lock(heapLock());
  for (let order: u32 = 0; order < ORDERS; order++) {
    const e = a + (order << 3), n = load<u32>(e, 4);
    if (n > 1) drain(e, order, n - 1);
    if (n && !keep) { poolGive(order, load<u32>(e)); store<u64>(e, 0); }
  }
  unlock(heapLock());
}

/** Pushes a chunk with room for `need` bytes onto the current goroutine's chain; gives its data's start. */
function pushChunk(need: u32): usize {
  const gp = changetype<G>(g), top = gp.chunk;
  let c = gp.spare;
  need += CHUNK_HEADER;
  if (c && chunkSize(c) >= need) gp.spare = 0;
  else {
    let size = chunkSize(top) << 1;
    if (size > MAX_CHUNK) size = MAX_CHUNK;
    c = chunkAlloc(size > need ? size : need);
    gp.stackBytes += chunkSize(c);
    if (<u64>gp.stackBytes > sched.maxstack) overflow(gp);
  }
  store<u32>(c, top);
  gp.chunk = c;
  setSplimit(c + chunkSize(c));
  return c + CHUNK_HEADER;
}

/** The stack is over its limit: the next poll or function entry suspends the goroutine, and the scheduler ends the program. */
function overflow(gp: G): void {
  gp.flags |= GFLAG_OVERFLOW;
  preempt(changetype<P>(p));
}

/** Drops chunks above `to`, which becomes the stack's top. */
export function popTo(gp: G, to: usize): void {
  while (!holds(gp.chunk, to)) {
    const c = gp.chunk;
    gp.chunk = chunkPrev(c);
    const spare = gp.spare;
    if (!spare) gp.spare = c;
    else if (chunkSize(spare) < chunkSize(c)) { gp.spare = c; gp.stackBytes -= chunkSize(spare); chunkFree(spare); }
    else { gp.stackBytes -= chunkSize(c); chunkFree(c); }
  }
  setSp(to);
  setSplimit(gp.chunk + chunkSize(gp.chunk));
}

/** May an address be in a stack? No other memory of the kernel's own is known to Go. */
export function onstack(at: usize): bool {
  const s = spanOf(at);
  return s != 0 && changetype<MSpan>(s).state == SPAN_MANUAL;
}

/** Room for a function's stack objects in a new chunk: their base. */
export function stack_grow(size: u32): usize {
  const bp = pushChunk(size);
  setSp(bp + size);
  return bp;
}

/** The stack's top goes back to `to`. In the middle of a suspension the chunks above stay: they hold saved frames. */
export function stack_shrink(to: usize): void {
  if (saving) { setSp(to); return; }
  popTo(changetype<G>(g), to);
}

/** Space for a frame of the suspension under way, above all that is in use. */
export function save_frame(size: u32): usize {
  if (!saving) { saving = true; savetop = sp; batchFirst = 0; }
  let fp = savetop;
  if (fp + size > splimit) fp = pushChunk(size);
  savetop = fp + size;
  store<u32>(fp, 0, FRAME_OUTER);
  store<u32>(fp, sp, FRAME_SP);
  store<u32>(fp, size, FRAME_SIZE);
  store<u32>(fp, 0, FRAME_FLAGS);
  if (batchFirst) store<u32>(batchLast, fp, FRAME_OUTER);
  else batchFirst = fp;
  batchLast = fp;
  return fp;
}

/** All frames are saved: they become the goroutine's innermost. */
export function commitBatch(gp: G): void {
  if (saving) {
    store<u32>(batchLast, FRAME_LAST, FRAME_FLAGS);
    store<u32>(batchLast, gp.frames, FRAME_OUTER);
    gp.frames = batchFirst;
    gp.sp = savetop;
    saving = false;
  } else gp.sp = sp;
}

/** First chunk of a new goroutine. */
export function stackInit(gp: G): void {
  let c = gp.chunk;
  if (!c) { c = chunkAlloc(FIRST_CHUNK); gp.chunk = c; gp.stackBytes = chunkSize(c); }
  gp.sp = c + CHUNK_HEADER;
}

/** A dead goroutine keeps its first chunk only. */
export function stackFree(gp: G): void {
  dropSpare(gp);
  let c = gp.chunk;
  for (let prev = chunkPrev(c); prev; prev = chunkPrev(c)) { gp.stackBytes -= chunkSize(c); chunkFree(c); c = prev; }
  gp.chunk = c;
}

export function dropSpare(gp: G): void {
  const c = gp.spare;
  if (c) { gp.spare = 0; gp.stackBytes -= chunkSize(c); chunkFree(c); }
}

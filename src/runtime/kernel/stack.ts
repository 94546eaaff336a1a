// Goroutine stacks in memory: chains of chunks that do not move. Stack objects and saved frames are pushed upwards from `sp`;
// `splimit` is the end of the newest chunk. A function that does not fit gets a new chunk, and the chunk goes when the function
// returns; one empty chunk is kept as a spare against a hot split.
//
// Chunk: { prev u32, size u32 (with header), next u32 (free list) , 0 }, then data. Links of free chunks are in the header,
// not in the data: the frame being re-entered may lie in a chunk that was freed just before.

import { G, GFLAG_OVERFLOW, MSpan, SPAN_MANUAL } from './structs';
import { FRAME_FLAGS, FRAME_OUTER, FRAME_SIZE, FRAME_SP, LIMIT_WORD, PAGE_SHIFT, PAGE_SIZE, POLL_WORD } from './layout.gen';
import { allocSpan, freeSpan, spanOf } from './pageheap';
import { fatalOutOfMemory } from './die';
import { g, setSp, setSplimit, sp, splimit } from './state';
import { sched } from './shared';

export const CHUNK_HEADER: u32 = 16;
export const FIRST_CHUNK: u32 = 512;
const MAX_CHUNK: u32 = 262144;
/** Chunks of 512 << order are cut from spans of 32 KiB; larger ones are spans of their own. */
const ORDERS: u32 = 4;
const POOL_PAGES: u32 = 4;
/** Free chunks kept per order before they go back to their span. */
const CACHE_MAX: u32 = 64;

/** Last frame of a batch in FRAME_FLAGS. */
export const FRAME_LAST: u32 = 1;

/** {head of cache u32, count u32, spans with free chunks u32, 0} per order. Belongs to the P. */
let pools: usize = 0;
/** Bytes of chunks that goroutines hold. */
export let stackBytes: u64 = 0;

/** A suspension under way: batch's first (innermost) and latest frame, end of what is in use. */
export let saving: bool = false;
let batchFirst: usize = 0;
let batchLast: usize = 0;
let savetop: usize = 0;

export function initStacks(memory: usize): void { pools = memory; }
export const POOLS_SIZE: u32 = ORDERS * 16;

@inline
function chunkPrev(c: usize): usize { return load<u32>(c); }
@inline
export function chunkSize(c: usize): u32 { return load<u32>(c, 4); }
@inline
function holds(c: usize, at: usize): bool { return at - (c + CHUNK_HEADER) <= chunkSize(c) - CHUNK_HEADER; }

function orderOf(size: u32): u32 { return size <= FIRST_CHUNK ? 0 : 32 - clz((size - 1) >> 9); }

/** Takes a chunk of exactly 512 << order from the pool's spans. The span's freeindex counts chunks never used, `types` heads its free ones. */
function poolTake(pool: usize, order: u32): usize {
  let a: usize = load<u32>(pool, 8);
  if (!a) {
    a = allocSpan(POOL_PAGES, SPAN_MANUAL);
    if (!a) fatalOutOfMemory(POOL_PAGES << PAGE_SHIFT);
    const n = changetype<MSpan>(a);
    n.types = 0; n.freeindex = 0; n.allocated = 0; n.nelems = (POOL_PAGES << PAGE_SHIFT) >> (9 + order);
    poolLink(pool, n);
  }
  const s = changetype<MSpan>(a);
  let c = s.types;
  if (c) s.types = load<u32>(c, 8);
  else c = s.base + (s.freeindex++ << (9 + order));
  if (++s.allocated == s.nelems) poolUnlink(pool, s);
  return c;
}

function poolLink(pool: usize, s: MSpan): void {
  const first: usize = load<u32>(pool, 8);
  s.prev = 0; s.next = first;
  if (first) changetype<MSpan>(first).prev = changetype<usize>(s);
  store<u32>(pool, changetype<usize>(s), 8);
}

function poolUnlink(pool: usize, s: MSpan): void {
  if (s.next) changetype<MSpan>(s.next).prev = s.prev;
  if (s.prev) changetype<MSpan>(s.prev).next = s.next;
  else store<u32>(pool, s.next, 8);
  s.next = 0; s.prev = 0;
}

function poolGive(pool: usize, c: usize): void {
  const s = changetype<MSpan>(spanOf(c));
  store<u32>(c, s.types, 8);
  s.types = c;
  if (s.allocated-- == s.nelems) poolLink(pool, s);
  if (s.allocated == 0) {
    poolUnlink(pool, s);
    s.types = 0; s.freeindex = 0;
    freeSpan(changetype<usize>(s));
  }
}

/** A chunk of at least `size` bytes, header included. */
export function chunkAlloc(size: u32): usize {
  let c: usize;
  if (size <= FIRST_CHUNK << (ORDERS - 1)) {
    const order = orderOf(size), pool = pools + (order << 4);
    size = FIRST_CHUNK << order;
    c = load<u32>(pool);
    if (c) { store<u32>(pool, load<u32>(c, 8)); store<u32>(pool, load<u32>(pool, 4) - 1, 4); }
    else c = poolTake(pool, order);
  } else {
    size = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    const s = allocSpan(size >> PAGE_SHIFT, SPAN_MANUAL);
    if (!s) fatalOutOfMemory(size);
    c = changetype<MSpan>(s).base;
  }
  store<u32>(c, 0);
  store<u32>(c, size, 4);
  stackBytes += size;
  return c;
}

export function chunkFree(c: usize): void {
  const size = chunkSize(c);
  stackBytes -= size;
  if (size > FIRST_CHUNK << (ORDERS - 1)) { freeSpan(spanOf(c)); return; }
  const pool = pools + (orderOf(size) << 4), n = load<u32>(pool, 4);
  store<u32>(c, load<u32>(pool), 8);
  store<u32>(pool, c);
  store<u32>(pool, n + 1, 4);
  if (n >= CACHE_MAX) drain(pool, CACHE_MAX / 2);
}

/** Gives n cached chunks back to their spans, the oldest use does not matter. The newest stays: its frame may still be read. */
function drain(pool: usize, n: u32): void {
  const keep: usize = load<u32>(pool);
  for (; n; n--) {
    const c: usize = load<u32>(keep, 8);
    store<u32>(keep, load<u32>(c, 8), 8);
    store<u32>(pool, load<u32>(pool, 4) - 1, 4);
    poolGive(pool, c);
  }
}

/** Gives all cached chunks back (after a collection). */
export function drainStacks(): void {
  for (let i: u32 = 0; i < ORDERS; i++) {
    const pool = pools + (i << 4), n = load<u32>(pool, 4);
    if (n > 1) drain(pool, n - 1);
  }
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
  store<u32>(LIMIT_WORD, 0);
  store<u32>(POLL_WORD, load<u32>(POLL_WORD) | 1);
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

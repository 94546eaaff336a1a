// Scanning of a suspended goroutine's stack. Frames are taken from the inside out: a stack object is live if its frame's site
// says so, or if a live pointer leads to it, and pointers into a frame come from that frame and from those inside it only.
// Pointers into frames further out wait in a list; where there are too many, all objects from there on count as live.
//
// The state belongs to the M that marks, whose instance has buffers of its own: one goroutine is scanned at a time, and nothing is kept from
// one to the next.

import {
  BITMAP_INDIRECT, FRAME_BP, FRAME_OUTER, FRAME_SITE, FRAME_SLOTS, FUNC_OBJECTS, FUNC_OBJ_SIZE, MAX_TRACKED_OBJECTS, OBJECT_OFFSET, OBJECT_PTRS,
  OBJECT_RECORD_SIZE, OBJECT_SIZE, OBJECTS_ALWAYS, OBJECTS_LIST, OBJECTS_PTR_SLOTS, OBJECTS_TRACKED, SITE_LIVE,
} from './layout.gen';
import { frameFunc, siteRecord } from './frames';
import { greyIn } from './mark';
import { kalloc, spanOf } from './pageheap';
import { heap } from './shared';
import { bitmaps } from './state';
import { MSpan, SPAN_HEAP, SPAN_MANUAL } from './structs';

/** Pointers into frames further out: u32[npending], each once. */
const MAX_PENDING: u32 = 128;
let pending: usize = 0;
let npending: u32 = 0;
/** There were too many pointers: all objects of the remaining frames are live. */
let allLive: bool = false;

/** Objects of the frame at hand: found to be live, and those of them still to be scanned; a bit each. */
const SET_BYTES: u32 = MAX_TRACKED_OBJECTS / 8;
let live: usize = 0;
let todo: usize = 0;

/** The frame's area of objects, and its table. */
let areaStart: usize = 0;
let areaSize: u32 = 0;
let table: usize = 0;

/** Begins with another goroutine. */
export function startStack(): void {
  if (!pending) {
    pending = kalloc(MAX_PENDING * 4);
    live = kalloc(2 * SET_BYTES);
    todo = live + SET_BYTES;
  }
  npending = 0;
  allLive = false;
  areaSize = 0;
}

/** Greys what a pointer that the goroutine holds leads to: a heap object or, sooner or later, a stack object. */
export function greyFromStack(a: usize): void {
  if (!a) return;
  const sa = spanOf(a);
  if (!sa) return;
  const s = changetype<MSpan>(sa);
  if (s.state == SPAN_HEAP) greyIn(s, a);
  else if (s.state == SPAN_MANUAL) {
    if (a - areaStart < areaSize) findObject(a - areaStart);
    else waitFor(a);
  }
}

/** Notes a pointer for the frames further out. */
function waitFor(a: usize): void {
  if (allLive) return;
  const end = pending + (npending << 2);
  for (let at = pending; at < end; at += 4) if (load<u32>(at) == a) return;
  if (npending == MAX_PENDING) { allLive = true; return; }
  store<u32>(end, a);
  npending++;
}

@inline
function object(k: u32): usize { return table + OBJECTS_LIST + k * OBJECT_RECORD_SIZE; }

/** The tracked object at an offset of the area is live. */
function findObject(offset: u32): void {
  const always = load<u32>(table, OBJECTS_ALWAYS), n = load<u32>(table, OBJECTS_TRACKED);
  for (let k: u32 = 0; k < n; k++) {
    const o = object(always + k);
    if (offset - load<u32>(o, OBJECT_OFFSET) >= load<u32>(o, OBJECT_SIZE)) continue;
    addObject(k);
    return;
  }
}

/** Tracked object k is live. */
function addObject(k: u32): void {
  const byte = k >> 3, bit: u32 = 1 << (k & 7), old: u32 = load<u8>(live + byte);
  if (old & bit) return;
  store<u8>(live + byte, old | bit);
  store<u8>(todo + byte, load<u8>(todo + byte) | bit);
}

function scanObject(o: usize): void { scanWords(areaStart + load<u32>(o, OBJECT_OFFSET), load<u32>(o, OBJECT_PTRS), 3, -1); }

/** Scans a frame's pointers and live objects. */
export function scanFrame(fp: usize): void {
  const w = load<u32>(siteRecord(load<u32>(fp, FRAME_SITE)), SITE_LIVE), bp: usize = load<u32>(fp, FRAME_BP), f = frameFunc(fp);
  const objects = bp ? load<u32>(f, FUNC_OBJECTS) : 0;
  if (!objects) { areaSize = 0; scanWords(fp + FRAME_SLOTS, w, 2, -1); return; }
  table = bitmaps + objects - 1;
  areaStart = bp;
  areaSize = load<u32>(f, FUNC_OBJ_SIZE);
  memory.fill(live, 0, 2 * SET_BYTES);
  scanWords(fp + FRAME_SLOTS, w, 2, load<u32>(table, OBJECTS_PTR_SLOTS));
  takePending();
  const always = load<u32>(table, OBJECTS_ALWAYS), n = load<u32>(table, OBJECTS_TRACKED);
  for (let k: u32 = 0; k < always; k++) scanObject(object(k));
  if (allLive) for (let k: u32 = 0; k < n; k++) addObject(k);
  for (let found = true; found;) {
    found = false;
    for (let byte: u32 = 0; byte < (n + 7) >> 3; byte++) {
      for (let bits: u32 = load<u8>(todo + byte); bits; bits = load<u8>(todo + byte)) {
        found = true;
        store<u8>(todo + byte, bits & (bits - 1));
        scanObject(object(always + (byte << 3) + ctz(bits)));
      }
    }
  }
  if (heap.stress) for (let k: u32 = 0; k < n; k++) if (!(load<u8>(live + (k >> 3)) >> (k & 7) & 1)) clobberObject(object(always + k));
  areaSize = 0;
}

/** Destroys the pointers of a dead object, so that a use of it shows. */
function clobberObject(o: usize): void {
  const b = areaStart + load<u32>(o, OBJECT_OFFSET), w = load<u32>(o, OBJECT_PTRS);
  for (let i: u32 = 0; i < load<u32>(o, OBJECT_SIZE) >> 3; i++) if (hasBit(w, i)) store<u64>(b + (i << 3), 0xdbdbdbdb);
}

function hasBit(w: u32, i: u32): bool {
  if (!(w & BITMAP_INDIRECT)) return i < 31 && (w >> i & 1) != 0;
  const map = bitmaps + (w & ~BITMAP_INDIRECT);
  return i < load<u32>(map) && (load<u8>(map + 4 + (i >> 3)) >> (i & 7) & 1) != 0;
}

/** The pointers that waited for this frame. */
function takePending(): void {
  let to = pending;
  for (let at = pending, end = pending + (npending << 2); at < end; at += 4) {
    const a: usize = load<u32>(at);
    if (a - areaStart < areaSize) findObject(a - areaStart);
    else { store<u32>(to, a); to += 4; }
  }
  npending = (to - pending) >> 2;
}

/** What bit i of a bitmap says: a pointer `i << shift` bytes from b, or, from bit `objects` on, a live object. */
@inline
function bit(b: usize, i: u32, shift: u32, objects: u32): void {
  if (i < objects) greyFromStack(load<u32>(b + (i << shift)));
  else addObject(i - objects);
}

/** Goes through a bitmap word. */
function scanWords(b: usize, w: u32, shift: u32, objects: u32): void {
  if (!(w & BITMAP_INDIRECT)) {
    for (; w; w &= w - 1) bit(b, ctz(w), shift, objects);
    return;
  }
  const map = bitmaps + (w & ~BITMAP_INDIRECT), n = load<u32>(map);
  for (let i: u32 = 0; i < n; i += 32) {
    let bits = load<u32>(map + 4 + (i >> 3));
    if (n - i < 32) bits &= (1 << (n - i)) - 1;
    for (; bits; bits &= bits - 1) bit(b, i + ctz(bits), shift, objects);
  }
}

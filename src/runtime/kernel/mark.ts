// Marking, with the tri-colour states kept: white = mark bit clear, grey = bit set and on the work list, black = bit set
// and scanned. One M marks with the world stopped; the work list is made of buffers so that several can share it later.
// Pointers are found exactly: type words in the heap, ptrmask in data; stackscan.ts knows about stacks.

import {
  ARRAY_TYPE_ELEM, ARRAY_TYPE_LEN, FRAME_OUTER, INFO_ROOTS, INFO_ROOTS_END,
  INFO_ROOTS_MASK, KIND_ARRAY, KIND_MASK, PAGE_SHIFT, STATUS_DEAD, STRUCT_TYPE_FIELDS, STRUCT_TYPE_FIELD_OFFSET, STRUCT_TYPE_FIELD_SIZE,
  STRUCT_TYPE_FIELD_TYPE, STRUCT_TYPE_NFIELDS, TFLAG_GC_MASK_ON_DEMAND, TYPE_GC_DATA, TYPE_KIND, TYPE_PTR_BYTES, TYPE_SIZE, TYPE_TFLAG,
} from './layout.gen';
import { kalloc, kfree, spanOf } from './pageheap';
import { objectIndex } from './central';
import { G, HOOK_SEMACQUIRE, MSpan, SPAN_HEAP, Special, SPECIAL_FINALIZER, Sudog } from './structs';
import { allp } from './p';
import { info } from './state';
import { heap, sched } from './shared';
import { greyFromStack, scanFrame, startStack } from './stackscan';

/** Buffers of grey objects: {previous buffer u32, 0, entries {object u32, type word u32}}. */
const BUF_SIZE: u32 = 4096;
const BUF_HEAD: u32 = 8;
/** The list of the M that marks; the world is stopped. */
let buf: usize = 0;
let wtop: usize = 0;
let wend: usize = 0;
/** Objects and bytes found alive; bytes of stacks and data scanned. */
export let markedObjects: u64 = 0;
export let markedBytes: u64 = 0;
export let scannedRoots: u64 = 0;

function pushBuffer(): void {
  const b = kalloc(BUF_SIZE);
  store<u32>(b, buf);
  buf = b;
  wtop = b + BUF_HEAD;
  wend = b + BUF_SIZE;
}

/** Greys the object that a points into, if it is a heap object and white. */
function grey(a: usize): void {
  const sa = spanOf(a);
  if (!sa) return;
  const s = changetype<MSpan>(sa);
  if (s.state == SPAN_HEAP) greyIn(s, a);
}

/** Greys the object of a heap span that a points into, if it is white. */
export function greyIn(s: MSpan, a: usize): void {
  const i = objectIndex(s, a), byte = s.markBits + (i >> 3), bit: u32 = 1 << (i & 7), old: u32 = load<u8>(byte);
  if (old & bit) return;
  if (i >= s.nelems) return;
  store<u8>(byte, old | bit);
  markedObjects++;
  markedBytes += s.elemsize;
  if (!s.types) return;
  const t = load<u32>(s.types + (i << 2));
  if (!t) return;
  if (wtop == wend) pushBuffer();
  store<u32>(wtop, s.base + i * s.elemsize);
  store<u32>(wtop, t, 4);
  wtop += 8;
}

@inline
function greyWord(at: usize): void {
  const a: usize = load<u32>(at);
  if (a) grey(a);
}

/** Scans words of 8 bytes from b on, one for each bit of the mask up to nwords. */
function scanMask(b: usize, mask: usize, nwords: u32): void {
  for (let i: u32 = 0; i < nwords; i += 8) {
    let bits: u32 = load<u8>(mask + (i >> 3));
    if (nwords - i < 8) bits &= (1 << (nwords - i)) - 1;
    const at = b + (i << 3);
    while (bits) {
      greyWord(at + (ctz(bits) << 3));
      bits &= bits - 1;
    }
  }
}

/** Scans one value of type t at b. */
function scanValue(b: usize, t: usize): void {
  const n = load<u32>(t, TYPE_PTR_BYTES);
  if (!n) return;
  if (!(load<u8>(t, TYPE_TFLAG) & TFLAG_GC_MASK_ON_DEMAND)) { scanMask(b, load<u32>(t, TYPE_GC_DATA), n >> 3); return; }
  if ((load<u8>(t, TYPE_KIND) & KIND_MASK) == KIND_ARRAY) scanArray(b, load<u32>(t, ARRAY_TYPE_ELEM), load<u32>(t, ARRAY_TYPE_LEN));
  else {
    let f: usize = load<u32>(t, STRUCT_TYPE_FIELDS);
    for (let k = load<u32>(t, STRUCT_TYPE_NFIELDS); k; k--, f += STRUCT_TYPE_FIELD_SIZE) {
      scanValue(b + load<u32>(f, STRUCT_TYPE_FIELD_OFFSET), load<u32>(f, STRUCT_TYPE_FIELD_TYPE));
    }
  }
}

function scanArray(b: usize, elem: usize, n: u32): void {
  const size = load<u32>(elem, TYPE_SIZE);
  if (size == 8) {
    if (load<u32>(elem, TYPE_PTR_BYTES)) for (; n; n--, b += 8) greyWord(b);
    return;
  }
  for (; n; n--, b += size) scanValue(b, elem);
}

/** Scans the grey objects until there are none. */
export function drain(): void {
  while (true) {
    if (wtop == buf + BUF_HEAD) {
      const prev: usize = load<u32>(buf);
      if (!prev) return;
      kfree(buf, BUF_SIZE);
      buf = prev;
      wtop = wend = prev + BUF_SIZE;
    }
    wtop -= 8;
    const b: usize = load<u32>(wtop), t = load<u32>(wtop, 4);
    scanObject(b, t);
  }
}

function scanObject(b: usize, t: u32): void {
  if (t & 1) {
    const elem: usize = t & ~1;
    scanArray(b, elem, changetype<MSpan>(spanOf(b)).elemsize / load<u32>(elem, TYPE_SIZE));
  } else scanValue(b, t);
}

/** Scans the frames and stack objects of a suspended goroutine, and what the kernel holds for it. */
function scanG(gp: G): void {
  startStack();
  scannedRoots += gp.stackBytes;
  if (gp.startfn) grey(gp.startfn);
  greyFromStack(gp.panic);
  if (gp.ext) grey(gp.ext);
  if (gp.bubble) grey(gp.bubble);
  for (let a = gp.waiting; a; a = changetype<Sudog>(a).waitlink) {
    const s = changetype<Sudog>(a);
    greyFromStack(s.elem);
    if (s.c) grey(s.c);
  }
  if (gp.hook == HOOK_SEMACQUIRE) greyFromStack(changetype<Sudog>(gp.hookarg).elem);
  for (let fp = gp.frames; fp; fp = load<u32>(fp, FRAME_OUTER)) scanFrame(fp);
}

/** Bytes of variables that may hold pointers. */
export function rootBytes(): u32 { return load<u32>(info, INFO_ROOTS_END) - load<u32>(info, INFO_ROOTS); }

function scanRoots(): void {
  const from: usize = load<u32>(info, INFO_ROOTS), end: usize = load<u32>(info, INFO_ROOTS_END);
  scanMask(from, load<u32>(info, INFO_ROOTS_MASK), (end - from) >> 3);
  scannedRoots += end - from;
  for (let i: u32 = 0; i < sched.nallgs; i++) {
    const gp = changetype<G>(load<u32>(sched.allgs + (i << 2)));
    if (gp.status != STATUS_DEAD) scanG(gp);
  }
  if (sched.fatalfn) grey(sched.fatalfn);
  if (sched.eventfn) grey(sched.eventfn);
  for (let k: u32 = 0; k < <u32>sched.gomaxprocs; k++) {
    const pp = allp(k);
    for (let i: u32 = 0; i < pp.ntimers; i++) grey(load<u32>(pp.timers + (i << 4), 8));
  }
  for (let a = heap.queueHead; a; a = changetype<Special>(a).next) scanQueued(changetype<Special>(a));
}

/** A finalizer or cleanup in the queue holds all it is about. */
function scanQueued(sp: Special): void {
  if (sp.a) grey(sp.a);
  if (sp.kind != SPECIAL_FINALIZER) return;
  grey(sp.obj);
  if (sp.b) grey(sp.b);
  if (sp.c) grey(sp.c);
}

/** Specials keep their func values and handles; a finalizer also keeps what its object points to, but not the object. */
function scanSpecials(): void {
  if (!heap.specialCount) return;
  for (let at = heap.arenaStart; at < heap.arenaTop;) {
    const a: usize = load<u32>(heap.spans + ((at >> PAGE_SHIFT) << 2));
    if (!a) { at += 1 << PAGE_SHIFT; continue; }
    const s = changetype<MSpan>(a);
    if (s.state == SPAN_HEAP) for (let x = s.specials; x; x = changetype<Special>(x).next) scanSpecial(s, changetype<Special>(x));
    at += s.npages << PAGE_SHIFT;
  }
}

function scanSpecial(s: MSpan, sp: Special): void {
  if (sp.a) grey(sp.a);
  if (sp.kind != SPECIAL_FINALIZER) return;
  if (sp.b) grey(sp.b);
  if (sp.c) grey(sp.c);
  if (!s.types) return;
  const i = objectIndex(s, sp.obj), t = load<u32>(s.types + (i << 2));
  if (t) scanObject(sp.obj, t);
}

/** Marks everything reachable. The world is stopped, all spans are swept, the mcaches empty. */
export function markAll(): void {
  markedObjects = 0;
  markedBytes = 0;
  scannedRoots = 0;
  if (!buf) pushBuffer();
  scanRoots();
  drain();
  scanSpecials();
  drain();
}

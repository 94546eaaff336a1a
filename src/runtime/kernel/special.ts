// Specials: finalizers, cleanups and weak handles attached to heap objects, kept in a list per span. The sweeper finds
// those of dead objects: finalizers and cleanups go to a queue that a goroutine of the overlay empties, weak handles are cleared.
//
// Order, as in Go: an object with a finalizer that died stays alive until the finalizer has run; its weak handles are
// cleared when the finalizer is queued; cleanups run when the object is really gone.

import { objectIndex, resurrect } from './central';
import { heapLock, kallocLocked, kfreeLocked, spanOf } from './pageheap';
import { lock, unlock } from './lock';
import { MSpan, Special, SPAN_HEAP, SPECIAL_BUBBLE, SPECIAL_CLEANUP, SPECIAL_FINALIZER, SPECIAL_WEAK } from './structs';
import { heap } from './shared';

const SPECIAL_SIZE: u32 = 64;

function heapSpan(a: usize): MSpan {
  const s = spanOf(a);
  return changetype<MSpan>(s != 0 && changetype<MSpan>(s).state == SPAN_HEAP ? s : 0);
}

function startOf(s: MSpan, a: usize): usize { return s.base + objectIndex(s, a) * s.elemsize; }

function add(s: MSpan, obj: usize, kind: u32): Special {
  const sp = changetype<Special>(kallocLocked(SPECIAL_SIZE));
  heap.specialCount++;
  sp.obj = obj; sp.kind = kind;
  sp.next = s.specials;
  s.specials = changetype<usize>(sp);
  return sp;
}

function drop(a: usize): void {
  heap.specialCount--;
  kfreeLocked(a, SPECIAL_SIZE);
}

function find(s: MSpan, obj: usize, kind: u32, id: u64): usize {
  for (let a = s.specials; a; a = changetype<Special>(a).next) {
    const sp = changetype<Special>(a);
    if (sp.obj == obj && sp.kind == kind && sp.id == id) return a;
  }
  return 0;
}

function unlink(s: MSpan, what: usize): void {
  let at: usize = changetype<usize>(s) + offsetof<MSpan>('specials');
  while (load<u32>(at) != what) at = load<u32>(at) + offsetof<Special>('next');
  store<u32>(at, changetype<Special>(what).next);
}

function remove(obj: usize, kind: u32, id: u64): void {
  const s = heapSpan(obj);
  if (!changetype<usize>(s)) return;
  lock(heapLock());
  const a = find(s, obj, kind, id);
  if (a) { unlink(s, a); drop(a); }
  unlock(heapLock());
}

/** Is the span one of the tiny allocator's blocks? Then specials belong to bytes of a block, not to the whole. */
function isTiny(s: MSpan): bool { return s.elemsize == 16 && s.types == 0; }

export function addfinalizer(obj: usize, fn: usize, ot: usize, fint: usize): i32 {
  const s = heapSpan(obj);
  if (!changetype<usize>(s) || (startOf(s, obj) != obj && !isTiny(s))) return 2;
  lock(heapLock());
  const known = find(s, obj, SPECIAL_FINALIZER, 0) != 0;
  if (!known) {
    const sp = add(s, obj, SPECIAL_FINALIZER);
    sp.a = fn; sp.b = ot; sp.c = fint;
  }
  unlock(heapLock());
  return <i32>known;
}

export function removefinalizer(obj: usize): void { remove(obj, SPECIAL_FINALIZER, 0); }

export function addcleanup(obj: usize, fn: usize): u64 {
  const s = heapSpan(obj);
  if (!changetype<usize>(s)) return 0;
  lock(heapLock());
  const sp = add(s, obj, SPECIAL_CLEANUP), id = ++heap.cleanupId;
  sp.a = fn;
  sp.id = id;
  unlock(heapLock());
  return id;
}

export function removecleanup(obj: usize, id: u64): void {
  remove(obj, SPECIAL_CLEANUP, id);
}

/** Association of an object with the synctest bubble `id`: 0 with none, 1 with this one, 2 with another. */
export function bubbleassoc(p: usize, id: u32, make: bool): i32 {
  const s = heapSpan(p);
  // Static data belongs to none.
  if (!changetype<usize>(s)) return 0;
  lock(heapLock());
  const known = findBubble(s, p);
  if (!known && make) add(s, p, SPECIAL_BUBBLE).id = id;
  const r = known ? (changetype<Special>(known).id == id ? 1 : 2) : <i32>make;
  unlock(heapLock());
  return r;
}

function findBubble(s: MSpan, p: usize): usize {
  for (let a = s.specials; a; a = changetype<Special>(a).next) {
    if (changetype<Special>(a).obj == p && changetype<Special>(a).kind == SPECIAL_BUBBLE) return a;
  }
  return 0;
}

export function bubbledisassoc(p: usize): void {
  const s = heapSpan(p);
  if (!changetype<usize>(s)) return;
  lock(heapLock());
  const a = findBubble(s, p);
  if (a) { unlink(s, a); drop(a); }
  unlock(heapLock());
}

/** The handle of weak pointers to exactly p; `fresh` (memory without pointers) becomes it if there is none yet. */
export function weakHandle(p: usize, fresh: usize): usize {
  const s = heapSpan(p);
  if (!changetype<usize>(s)) return 0;
  lock(heapLock());
  const a = find(s, p, SPECIAL_WEAK, 0);
  let handle = a ? changetype<Special>(a).a : 0;
  if (!handle && fresh) {
    add(s, p, SPECIAL_WEAK).a = fresh;
    store<u64>(fresh, p);
    handle = fresh;
  }
  unlock(heapLock());
  return handle;
}

/** The object of a handle, nil when it is gone or found dead by the last mark. */
export function strongfromweak(handle: usize): usize {
  if (!handle) return 0;
  lock(heapLock());
  let p: usize = load<u32>(handle);
  if (p) {
    const s = heapSpan(p);
    if (!changetype<usize>(s) || (s.sweepgen != heap.sweepgen && !isMarked(s, p))) p = 0;
  }
  unlock(heapLock());
  return p;
}

function isMarked(s: MSpan, obj: usize): bool {
  const i = objectIndex(s, obj);
  return ((load<u8>(s.markBits + (i >> 3)) >> (i & 7)) & 1) != 0;
}

function enqueue(sp: Special): void {
  if (sp.kind == SPECIAL_FINALIZER) heap.finalizersQueued++;
  else heap.cleanupsQueued++;
  sp.next = 0;
  if (heap.queueTail) changetype<Special>(heap.queueTail).next = changetype<usize>(sp);
  else heap.queueHead = changetype<usize>(sp);
  heap.queueTail = changetype<usize>(sp);
}

/** The object lives on for its finalizer. */
function keep(s: MSpan, obj: usize): void {
  if (isMarked(s, obj)) return;
  const i = objectIndex(s, obj), b = s.markBits + (i >> 3);
  store<u8>(b, <u8>(<u32>load<u8>(b) | (1 << (i & 7))));
  resurrect(s.elemsize);
}

/** Serves the specials of the span's dead objects. First those with finalizers (they live on), then the rest. */
export function sweepSpecials(s: MSpan): void {
  // Weak handles first: they are cleared for all dead objects, also those that live on for their finalizer.
  let at: usize = changetype<usize>(s) + offsetof<MSpan>('specials');
  for (let a: usize = load<u32>(at); a; a = load<u32>(at)) {
    const sp = changetype<Special>(a);
    if ((sp.kind == SPECIAL_WEAK || sp.kind == SPECIAL_BUBBLE) && !isMarked(s, sp.obj)) {
      if (sp.kind == SPECIAL_WEAK) store<u64>(sp.a, 0);
      store<u32>(at, sp.next);
      drop(a);
    } else at = a + offsetof<Special>('next');
  }
  const before = heap.queueTail;
  at = changetype<usize>(s) + offsetof<MSpan>('specials');
  for (let a: usize = load<u32>(at); a; a = load<u32>(at)) {
    const sp = changetype<Special>(a);
    if (sp.kind == SPECIAL_FINALIZER && !isMarked(s, sp.obj)) {
      store<u32>(at, sp.next);
      enqueue(sp);
    } else at = a + offsetof<Special>('next');
  }
  // Marked only now: a block of the tiny allocator may have several.
  for (let a = before ? changetype<Special>(before).next : heap.queueHead; a; a = changetype<Special>(a).next) keep(s, changetype<Special>(a).obj);
  at = changetype<usize>(s) + offsetof<MSpan>('specials');
  for (let a: usize = load<u32>(at); a; a = load<u32>(at)) {
    const sp = changetype<Special>(a);
    if (sp.kind == SPECIAL_CLEANUP && !isMarked(s, sp.obj)) {
      store<u32>(at, sp.next);
      enqueue(sp);
    } else at = a + offsetof<Special>('next');
  }
}

/** Takes the next of the queue: its kind (0 none), and {obj, fn, ot, fint} or {fn} in out, pointers of 8 bytes. */
export function fintake(out: usize): i32 {
  lock(heapLock());
  const kind = takeQueued(out);
  unlock(heapLock());
  return kind;
}

function takeQueued(out: usize): i32 {
  const a = heap.queueHead;
  if (!a) return 0;
  const sp = changetype<Special>(a);
  heap.queueHead = sp.next;
  if (!heap.queueHead) heap.queueTail = 0;
  const kind = sp.kind;
  if (kind == SPECIAL_FINALIZER) {
    store<u64>(out, sp.obj); store<u64>(out, sp.a, 8); store<u64>(out, sp.b, 16); store<u64>(out, sp.c, 24);
  } else store<u64>(out, sp.a);
  drop(a);
  return kind;
}

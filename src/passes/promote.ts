// promote: stack objects whose parts are only loaded and stored become SSA values (scalar replacement of aggregates and
// mem2reg in one). A slot qualifies when every use of its address, through constant offsets, is a load, a store into
// it, a zeroing or a move of constant size, and its accesses agree on the parts.
//
// Not promoted: slots used in blocks that the deferreturn block reaches (the kernel enters there with memory only).
//
// Steps: collect accesses per slot; carry parts over moves between slots; fill gaps; expand moves and zeroings into the
// parts' loads and stores; place phis on the iterated dominance frontier of live parts; rename along the dominator tree.

import { dominatorTree } from '../analysis/graph.ts';
import type { DominatorTree } from '../analysis/graph.ts';
import type { Block, Func, MoveAux, SlotAux, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Replacements, countUses } from './edit.ts';
import { widenLoads } from './widen.ts';

const MAX_PARTS = 24;
const MAX_SIZE = 256;

/** A part of a slot: bytes [offset, offset+size) held as one value of a type. */
interface Part { readonly slot: Candidate; readonly offset: number; readonly size: number; type: Type; index: number }

interface Candidate {
  readonly value: Value;
  readonly aux: SlotAux;
  readonly parts: Map<number, Part>;
  /** Moves from and to this slot, with the byte offset in it. */
  readonly moves: { readonly v: Value; readonly offset: number }[];
  alive: boolean;
}

/** Where an address points: slot and byte offset. */
interface Place { readonly slot: Candidate; readonly offset: number }

const access = new Map<number, { size: number; type: Type; store: boolean }>([
  [Op.load8s, { size: 1, type: Type.i32, store: false }], [Op.load8u, { size: 1, type: Type.i32, store: false }],
  [Op.load16s, { size: 2, type: Type.i32, store: false }], [Op.load16u, { size: 2, type: Type.i32, store: false }],
  [Op.load_i32, { size: 4, type: Type.i32, store: false }], [Op.load_i64, { size: 8, type: Type.i64, store: false }],
  [Op.load_f32, { size: 4, type: Type.f32, store: false }], [Op.load_f64, { size: 8, type: Type.f64, store: false }], [Op.load_ptr, { size: 8, type: Type.ptr, store: false }], [Op.load_ref, { size: 8, type: Type.ptr, store: false }],
  [Op.store8, { size: 1, type: Type.i32, store: true }], [Op.store16, { size: 2, type: Type.i32, store: true }],
  [Op.store_i32, { size: 4, type: Type.i32, store: true }], [Op.store_i64, { size: 8, type: Type.i64, store: true }],
  [Op.store_f32, { size: 4, type: Type.f32, store: true }], [Op.store_f64, { size: 8, type: Type.f64, store: true }], [Op.store_ptr, { size: 8, type: Type.ptr, store: true }],
]);

/** Promotes what can be; true if there was any. */
export function promote(f: Func): boolean {
  const widened = widenLoads(f);
  return promoteSlots(f) || widened;
}

function promoteSlots(f: Func): boolean {
  const places = new Map<Value, Place>();
  const candidates = collect(f, places);
  if (candidates.length === 0) return false;
  agreeOnParts(candidates, places);
  const alive = candidates.filter((c) => c.alive);
  if (alive.length === 0) return false;
  expandMoves(f, places);
  const parts: Part[] = [];
  for (const c of alive) for (const p of c.parts.values()) { p.index = parts.length; parts.push(p); }
  new Renamer(f, parts, places).run();
  return true;
}

function collect(f: Func, places: Map<Value, Place>): Candidate[] {
  const list: Candidate[] = [];
  for (const v of f.entry.values) if (v.op === Op.slot && (v.aux as SlotAux).size <= MAX_SIZE) {
    const c: Candidate = { value: v, aux: v.aux as SlotAux, parts: new Map(), moves: [], alive: true };
    list.push(c);
    places.set(v, { slot: c, offset: 0 });
  }
  if (list.length === 0) return list;
  const afterRecover = reachableFrom(f, f.deferReturn);
  // Derived addresses first: ptr.off chains may be used before their block is seen, so walk in dominance order.
  const order = dominatorTree(f).order;
  for (const b of order) for (const v of b.values) if (v.op === Op.ptr_off) {
    const p = places.get(v.args[0]!);
    if (p !== undefined) places.set(v, { slot: p.slot, offset: p.offset + (v.aux as number) });
  }
  for (const b of f.blocks) {
    for (const v of b.values) v.args.forEach((a, i) => { const p = places.get(a); if (p !== undefined) note(p, v, i, afterRecover[b.id] === 1, places); });
    for (const r of b.results) kill(places.get(r));
  }
  return list.filter((c) => c.alive);
}

function kill(p: Place | undefined): void { if (p !== undefined) p.slot.alive = false; }

function reachableFrom(f: Func, root: Block | null): Uint8Array {
  const seen = new Uint8Array(f.numBlocks);
  if (root === null) return seen;
  const work = [root];
  seen[root.id] = 1;
  for (let b = work.pop(); b !== undefined; b = work.pop()) for (const s of b.succs) if (seen[s.id] === 0) { seen[s.id] = 1; work.push(s); }
  return seen;
}

/** One use of an address into a slot. */
function note(p: Place, v: Value, arg: number, afterRecover: boolean, places: Map<Value, Place>): void {
  if (afterRecover) { p.slot.alive = false; return; }
  if (v.op === Op.ptr_off) return;
  if (v.op === Op.nilcheck) return;
  const a = access.get(v.op);
  if (a !== undefined && arg === 0) { addPart(p.slot, p.offset + (v.aux as number), a.size, a.type); return; }
  const m = v.aux as MoveAux;
  if ((v.op === Op.move || v.op === Op.zero) && m.size >= 0 && p.offset + m.size <= p.slot.aux.size && arg < (v.op === Op.move ? 2 : 1)) {
    if (v.op === Op.move && m.size > 64 && !places.has(v.args[1 - arg]!)) { p.slot.alive = false; return; }
    p.slot.moves.push({ v, offset: p.offset });
    return;
  }
  p.slot.alive = false;
}

function addPart(c: Candidate, offset: number, size: number, type: Type): boolean {
  const known = c.parts.get(offset);
  if (known !== undefined) {
    if (known.size !== size) c.alive = false;
    // A pointer part must be seen as one by the collector.
    else if (type === Type.ptr) known.type = Type.ptr;
    return false;
  }
  if (offset < 0 || offset + size > c.aux.size) { c.alive = false; return false; }
  for (const p of c.parts.values()) if (offset < p.offset + p.size && p.offset < offset + size) { c.alive = false; return false; }
  if (c.parts.size >= MAX_PARTS) { c.alive = false; return false; }
  c.parts.set(offset, { slot: c, offset, size, type, index: -1 });
  return true;
}

/** Carries parts over moves between slots, then fills the bytes that moves touch with parts of their own. */
function agreeOnParts(list: readonly Candidate[], places: ReadonlyMap<Value, Place>): void {
  for (let changed = true; changed;) {
    changed = false;
    for (const c of list) if (c.alive) for (const m of c.moves) if (m.v.op === Op.move) changed = shareParts(m.v, places) || changed;
  }
  for (const c of list) if (c.alive) for (const m of c.moves) fillGaps(c, m.offset, (m.v.aux as MoveAux).size);
  for (let changed = true; changed;) {
    changed = false;
    for (const c of list) if (c.alive) for (const m of c.moves) {
      if (m.v.op === Op.move) changed = shareParts(m.v, places) || changed;
      if (c.alive && !covered(c, m.offset, (m.v.aux as MoveAux).size)) { c.alive = false; changed = true; }
    }
  }
}

/** Both sides of a move between two live slots get each other's parts. A dead side makes the other see plain memory. */
function shareParts(v: Value, places: ReadonlyMap<Value, Place>): boolean {
  const d = places.get(v.args[0]!);
  const s = places.get(v.args[1]!);
  if (d === undefined || s === undefined || !d.slot.alive || !s.slot.alive) return false;
  const size = (v.aux as MoveAux).size;
  let changed = false;
  for (const [from, to] of [[d, s], [s, d]] as const) {
    for (const p of [...from.slot.parts.values()]) {
      const at = p.offset - from.offset;
      if (at < 0 || at >= size) continue;
      if (at + p.size > size) { from.slot.alive = false; to.slot.alive = false; return true; }
      const other = to.slot.parts.get(to.offset + at);
      if (other !== undefined && other.size === p.size) {
        if (p.type === Type.ptr && other.type !== Type.ptr) { other.type = Type.ptr; changed = true; }
        continue;
      }
      changed = addPart(to.slot, to.offset + at, p.size, p.type) || changed;
      if (!to.slot.alive) return true;
    }
  }
  return changed;
}

function fillGaps(c: Candidate, from: number, size: number): void {
  for (let at = from; at < from + size && c.alive;) {
    const part = c.parts.get(at);
    if (part !== undefined) { at += part.size; continue; }
    let chunk = 8;
    while (chunk > 1 && (at % chunk !== 0 || at + chunk > from + size || overlaps(c, at, chunk))) chunk >>= 1;
    const pointer = chunk === 8 && isPointerWord(c.aux, at >> 3);
    addPart(c, at, chunk, chunk === 8 ? (pointer ? Type.ptr : Type.i64) : Type.i32);
    at += chunk;
  }
}

function overlaps(c: Candidate, at: number, size: number): boolean {
  for (const p of c.parts.values()) if (at < p.offset + p.size && p.offset < at + size) return true;
  return false;
}

function isPointerWord(aux: SlotAux, word: number): boolean {
  return (((aux.ptrmask[word >> 5] ?? 0) >>> (word & 31)) & 1) === 1;
}

/** Do the parts tile [from, from+size) exactly? */
function covered(c: Candidate, from: number, size: number): boolean {
  let at = from;
  while (at < from + size) {
    const p = c.parts.get(at);
    if (p === undefined) return false;
    at += p.size;
  }
  return at === from + size;
}

const loadOf = (p: Part): number => p.size === 1 ? Op.load8u : p.size === 2 ? Op.load16u : p.size === 4 ? (p.type === Type.f32 ? Op.load_f32 : Op.load_i32) : p.type === Type.ptr ? Op.load_ptr : p.type === Type.f64 ? Op.load_f64 : Op.load_i64;
const storeOf = (p: Part): number => p.size === 1 ? Op.store8 : p.size === 2 ? Op.store16 : p.size === 4 ? (p.type === Type.f32 ? Op.store_f32 : Op.store_i32) : p.type === Type.ptr ? Op.store_ptr : p.type === Type.f64 ? Op.store_f64 : Op.store_i64;

/** Replaces moves and zeroings of live slots by the loads and stores of their parts. */
function expandMoves(f: Func, places: Map<Value, Place>): void {
  for (const b of f.blocks) {
    if (!b.values.some((v) => v.op === Op.move || v.op === Op.zero)) continue;
    const out: Value[] = [];
    for (const v of b.values) {
      const live = (v.op === Op.move || v.op === Op.zero) && v.args.slice(0, 2).some((a) => places.get(a)?.slot.alive === true);
      if (!live) { out.push(v); continue; }
      if (v.op === Op.zero) expandZero(f, v, places.get(v.args[0]!)!, out);
      else expandMove(f, v, places, out);
    }
    b.values = out;
  }
}

function partsIn(p: Place, size: number): Part[] {
  return [...p.slot.parts.values()].filter((x) => x.offset >= p.offset && x.offset < p.offset + size).sort((x, y) => x.offset - y.offset);
}

function add(f: Func, out: Value[], v: Value, op: number, type: Type, args: Value[], aux: Value['aux']): Value {
  const n = f.newValueNoAdd(v.block, op, type, v.pos);
  n.args = args;
  n.aux = aux;
  out.push(n);
  return n;
}

function expandZero(f: Func, v: Value, p: Place, out: Value[]): void {
  for (const part of partsIn(p, (v.aux as MoveAux).size)) {
    const z = zeroValue(f, v.block, part.type, v.pos);
    out.push(z);
    add(f, out, v, storeOf(part), Type.void, [v.args[0]!, z], part.offset - p.offset);
  }
}

function zeroValue(f: Func, b: Block, type: Type, pos: number): Value {
  const op = type === Type.ptr ? Op.const_ptr : type === Type.i64 ? Op.const_i64 : type === Type.f64 ? Op.const_f64 : type === Type.f32 ? Op.const_f32 : Op.const_i32;
  const z = f.newValueNoAdd(b, op, type, pos);
  z.aux = type === Type.i64 ? 0n : 0;
  return z;
}

/** All loads come before all stores: source and destination may overlap. */
function expandMove(f: Func, v: Value, places: ReadonlyMap<Value, Place>, out: Value[]): void {
  const [dst, src] = v.args as [Value, Value];
  const d = places.get(dst);
  const s = places.get(src);
  const guide = d?.slot.alive === true ? d : s!;
  const list = partsIn(guide, (v.aux as MoveAux).size);
  const loaded = list.map((part) => add(f, out, v, loadOf(part), part.type, [src], part.offset - guide.offset));
  list.forEach((part, i) => add(f, out, v, storeOf(part), Type.void, [dst, loaded[i]!], part.offset - guide.offset));
}

/** Turns loads and stores of parts into SSA. */
class Renamer {
  private readonly f: Func;
  private readonly parts: readonly Part[];
  private readonly places: ReadonlyMap<Value, Place>;
  private readonly tree: DominatorTree;
  private readonly phis: Map<Block, { part: Part; v: Value }[]> = new Map();
  private readonly rep = new Replacements();
  private readonly dead = new Set<Value>();

  constructor(f: Func, parts: readonly Part[], places: ReadonlyMap<Value, Place>) {
    this.f = f;
    this.parts = parts;
    this.places = places;
    this.tree = dominatorTree(f);
  }

  run(): void {
    this.placePhis();
    this.rename();
    this.rep.apply(this.f);
    for (const b of this.f.blocks) if (b.values.some((v) => this.dead.has(v))) b.values = b.values.filter((v) => !this.dead.has(v));
    countUses(this.f);
  }

  /** The part that an access touches, or null. */
  private partOf(v: Value): { part: Part; store: boolean } | null {
    const a = access.get(v.op);
    if (a === undefined) return null;
    const p = this.places.get(v.args[0]!);
    if (p === undefined || !p.slot.alive) return null;
    return { part: p.slot.parts.get(p.offset + (v.aux as number))!, store: a.store };
  }

  private placePhis(): void {
    const n = this.parts.length;
    const defs: Block[][] = Array.from({ length: n }, () => []);
    const upward: Set<Block>[] = Array.from({ length: n }, () => new Set());
    for (const b of this.tree.order) {
      const defined = new Uint8Array(n);
      for (const v of b.values) {
        const a = this.partOf(v);
        if (a === null) continue;
        const i = a.part.index;
        if (!a.store) { if (defined[i] === 0) upward[i]!.add(b); continue; }
        if (defined[i] === 0) { defined[i] = 1; defs[i]!.push(b); }
      }
    }
    const frontier = dominanceFrontier(this.f, this.tree);
    for (const part of this.parts) {
      const liveIn = this.liveIn(defs[part.index]!, upward[part.index]!);
      this.placePhi(part, defs[part.index]!, liveIn, frontier);
    }
  }

  private liveIn(defs: readonly Block[], uses: ReadonlySet<Block>): Set<Block> {
    const def = new Set(defs);
    const live = new Set<Block>();
    const work = [...uses];
    for (let b = work.pop(); b !== undefined; b = work.pop()) {
      if (live.has(b)) continue;
      live.add(b);
      for (const p of b.preds) if (!def.has(p) || uses.has(p)) { if (!def.has(p)) work.push(p); }
    }
    return live;
  }

  private placePhi(part: Part, defs: readonly Block[], liveIn: ReadonlySet<Block>, frontier: readonly (readonly Block[])[]): void {
    const has = new Set<Block>();
    const work = [...defs];
    for (let b = work.pop(); b !== undefined; b = work.pop()) for (const y of frontier[b.id]!) {
      if (has.has(y) || !liveIn.has(y)) continue;
      has.add(y);
      const v = this.f.newValueNoAdd(y, Op.phi, part.type, 0);
      v.args = new Array<Value>(y.preds.length);
      y.values.unshift(v);
      const list = this.phis.get(y);
      if (list === undefined) this.phis.set(y, [{ part, v }]); else list.push({ part, v });
      work.push(y);
    }
  }

  private rename(): void {
    const zero = this.parts.map((p) => zeroValue(this.f, this.f.entry, p.type, 0));
    let at = 0;
    while (at < this.f.entry.values.length && this.f.entry.values[at]!.op === Op.param) at++;
    this.f.entry.values.splice(at, 0, ...zero);
    const stack: { b: Block; current: Value[] }[] = [];
    for (const b of this.tree.order) if (this.tree.idom[b.id] === null) stack.push({ b, current: zero });
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const current = top.current.slice();
      this.renameBlock(top.b, current);
      for (const c of this.tree.children[top.b.id]!) stack.push({ b: c, current });
    }
  }

  private renameBlock(b: Block, current: Value[]): void {
    for (const { part, v } of this.phis.get(b) ?? []) current[part.index] = v;
    const out: Value[] = [];
    for (const v of b.values) {
      const a = this.partOf(v);
      if (a === null) { out.push(v); continue; }
      if (a.store) { current[a.part.index] = this.toPart(v.args[1]!, a.part, v, out); this.dead.add(v); }
      else this.rep.set(v, this.fromPart(current[a.part.index]!, v, out));
      if (!a.store) out.push(v);
    }
    b.values = out;
    for (const s of b.succs) for (const { part, v } of this.phis.get(s) ?? []) {
      s.preds.forEach((p, i) => { if (p === b) v.args[i] = current[part.index]!; });
    }
  }

  /** x, as it is kept in the part. */
  private toPart(x: Value, part: Part, at: Value, out: Value[]): Value {
    return x.type === part.type ? x : this.convert(this.rep.get(x), part.type, at, out);
  }

  /** The part's value as the load v gives it. */
  private fromPart(x: Value, v: Value, out: Value[]): Value {
    const y = x.type === v.type ? x : this.convert(x, v.type, v, out);
    switch (v.op) {
      case Op.load8u: return this.mask(y, 255, v, out);
      case Op.load16u: return this.mask(y, 65535, v, out);
      case Op.load8s: return add(this.f, out, v, Op.ext8s_i32, Type.i32, [y], null);
      case Op.load16s: return add(this.f, out, v, Op.ext16s_i32, Type.i32, [y], null);
      default: return y;
    }
  }

  private mask(x: Value, m: number, v: Value, out: Value[]): Value {
    const c = add(this.f, out, v, Op.const_i32, Type.i32, [], m);
    return add(this.f, out, v, Op.and_i32, Type.i32, [x, c], null);
  }

  /** Reinterprets x of the same size as type. */
  private convert(x: Value, type: Type, v: Value, out: Value[]): Value {
    const key = `${x.type}${type}`;
    const direct = conversions.get(key);
    if (direct !== undefined) return add(this.f, out, v, direct, type, [x], null);
    const bits = add(this.f, out, v, conversions.get(`${x.type}${Type.i64}`)!, Type.i64, [x], null);
    return add(this.f, out, v, conversions.get(`${Type.i64}${type}`)!, type, [bits], null);
  }
}

const conversions = new Map<string, number>([
  [`${Type.i64}${Type.f64}`, Op.frombits_f64], [`${Type.f64}${Type.i64}`, Op.bits_i64], [`${Type.i32}${Type.f32}`, Op.frombits_f32], [`${Type.f32}${Type.i32}`, Op.bits_i32],
  [`${Type.ptr}${Type.i64}`, Op.ptr_i64], [`${Type.i64}${Type.ptr}`, Op.ptr_from_i64],
]);

function dominanceFrontier(f: Func, t: DominatorTree): Block[][] {
  const frontier: Block[][] = Array.from({ length: f.numBlocks }, () => []);
  for (const b of t.order) {
    if (b.preds.length < 2) continue;
    for (const p of b.preds) {
      if (t.number[p.id]! < 0) continue;
      for (let x: Block | null = p; x !== null && x !== t.idom[b.id]; x = t.idom[x.id] ?? null) {
        const list = frontier[x.id]!;
        if (list[list.length - 1] !== b) list.push(b);
      }
    }
  }
  return frontier;
}

// Stack objects: where they lie in a function's area, and which of them are live at each site. An object is live where code
// to come uses its address, and where a live pointer leads to it: the first is found here, the second by the collector, which
// follows pointers from inner frames and other objects into the area. So an object whose address was only passed on
// dies with the last pointer to it.
//
// A live object is never stale: it is dead only up to an operation that fills it, for every other use keeps it alive
// back to when it was filled before, or to the entry, where pointers are cleared.
import type { StackObject } from '../abi/object.ts';
import { MAX_TRACKED_OBJECTS } from '../abi/tables.ts';
import type { Block, Func, MoveAux, SlotAux, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { origin } from './code.ts';
import { isResumable, isSite, Mode } from './plan.ts';
import type { Plan } from './plan.ts';

/** Bits of liveness that a function's sites may have: the objects beyond are live throughout, or tables of giants would explode. */
const maxBits = 1 << 18;

/** The area of stack objects: those with pointers first, so that what must be zeroed is a prefix. */
export interface ObjectArea {
  size: number;
  /** Bytes from the start that must be zero on entry. */
  zeroed: number;
  /** 8-byte words that hold pointers. */
  readonly ptrs: number[];
  /** Offset by value id of a slot. */
  readonly offset: Map<number, number>;
  /** Objects with pointers: first those that are live at every site. */
  readonly always: StackObject[];
  readonly tracked: StackObject[];
  /** Place in `tracked` by value id of a slot. */
  readonly index: Map<number, number>;
}

/** Values of a function that are stack objects. */
export function slotValues(f: Func): Value[] {
  return f.entry.values.filter((v) => v.op === Op.slot);
}

/** Lays out the stack objects of a function. */
export function layoutObjects(slots: readonly Value[], sites: number): ObjectArea {
  const area: ObjectArea = { size: 0, zeroed: 0, ptrs: [], offset: new Map(), always: [], tracked: [], index: new Map() };
  const hasPtrs = (v: Value): boolean => (v.aux as SlotAux).ptrmask.some((w) => w !== 0);
  const withPtrs = slots.filter(hasPtrs);
  const limit = Math.min(MAX_TRACKED_OBJECTS, Math.floor(maxBits / Math.max(sites, 1)));
  for (const v of [...withPtrs, ...slots.filter((v) => !hasPtrs(v))]) {
    const aux = v.aux as SlotAux;
    const offset = (area.size + 7) & ~7;
    area.offset.set(v.id, offset);
    area.size = offset + aux.size;
    const ptrs = pointerWords(aux);
    if (ptrs.length === 0) continue;
    for (const w of ptrs) area.ptrs.push((offset >>> 3) + w);
    if (area.tracked.length < limit) area.index.set(v.id, area.tracked.length);
    (area.tracked.length < limit ? area.tracked : area.always).push({ offset, size: aux.size, ptrs });
  }
  area.size = (area.size + 7) & ~7;
  if (area.ptrs.length > 0) area.zeroed = (area.ptrs[area.ptrs.length - 1] + 1) * 8;
  return area;
}

function pointerWords(aux: SlotAux): number[] {
  const words: number[] = [];
  aux.ptrmask.forEach((bits, i) => {
    for (let k = 0; k < 32; k++) if ((bits >>> k & 1) !== 0) words.push(i * 32 + k);
  });
  return words;
}

/** The tracked objects that are live at a function's sites. */
export interface ObjectLiveness {
  /** By value id of a resumable site. */
  readonly at: (readonly number[] | undefined)[];
  /** Where execution can only go on at the deferreturn point. */
  readonly afterPanic: readonly number[];
}

const none: readonly number[] = [];

/** Finds which tracked objects are live where. */
export function liveObjects(plan: Plan, area: ObjectArea): ObjectLiveness {
  return area.tracked.length === 0 ? { at: [], afterPanic: none } : new Liveness(plan, area).run();
}

/** Backward data flow over rows of bits, one a block. */
class Liveness {
  private readonly plan: Plan;
  private readonly area: ObjectArea;
  private readonly width: number;
  private readonly liveIn: Uint32Array[];
  private readonly row: Uint32Array;
  private readonly at: (readonly number[] | undefined)[] = [];
  /** Pointers of an object that the code just ahead overwrites, before any use and any site: bits by place in `ptrs`. */
  private readonly filled = new Map<number, number>();

  constructor(plan: Plan, area: ObjectArea) {
    this.plan = plan;
    this.area = area;
    this.width = (area.tracked.length + 31) >>> 5;
    this.liveIn = plan.rpo.map(() => new Uint32Array(this.width));
    this.row = new Uint32Array(this.width);
  }

  run(): ObjectLiveness {
    const { rpo, order, f } = this.plan;
    for (let changed = true; changed;) {
      changed = false;
      for (let i = rpo.length - 1; i >= 0; i--) {
        this.block(rpo[i], i, null);
        changed = this.assign(this.liveIn[i]) || changed;
      }
    }
    const after = f.deferReturn === null ? null : this.liveIn[order[f.deferReturn.id]];
    rpo.forEach((b, i) => this.block(b, i, after));
    return { at: this.at, afterPanic: after === null ? none : this.list(after, null) };
  }

  /** Copies `row`; tells whether that changed anything. */
  private assign(to: Uint32Array): boolean {
    let diff = 0;
    for (let w = 0; w < this.width; w++) {
      diff |= to[w] ^ this.row[w];
      to[w] = this.row[w];
    }
    return diff !== 0;
  }

  private list(a: Uint32Array, b: Uint32Array | null): number[] {
    const out: number[] = [];
    for (let k = 0; k < this.area.tracked.length; k++) {
      const w = a[k >>> 5] | (b === null ? 0 : b[k >>> 5]);
      if ((w >>> (k & 31) & 1) !== 0) out.push(k);
    }
    return out;
  }

  /** Walks a block backwards from what its successors need; `row` is then what is live at its start. With `after`, sites are recorded. */
  private block(b: Block, i: number, after: Uint32Array | null | undefined): void {
    const { row, plan } = this;
    row.fill(0);
    this.filled.clear();
    for (const s of b.succs) {
      const k = plan.order[s.id];
      for (let w = 0; w < this.width; w++) row[w] |= this.liveIn[k][w];
      this.phiUses(b, s);
    }
    if (b.control !== null) this.use(b.control);
    for (const r of b.results) this.use(r);
    const roots = plan.roots[i];
    for (let k = roots.length - 1; k >= 0; k--) {
      const v = roots[k];
      if (isSite(v)) {
        this.filled.clear();
        if (isResumable(v)) this.at[v.id] = this.list(row, after ?? null);
      }
      for (let a = this.fill(v) ? 1 : 0; a < v.args.length; a++) this.use(v.args[a]);
    }
  }

  private phiUses(b: Block, s: Block): void {
    for (const v of s.values) {
      if (v.op !== Op.phi) break;
      if (this.plan.mode[v.id] === Mode.dead) continue;
      for (let k = 0; k < s.preds.length; k++) if (s.preds[k] === b) this.use(v.args[k]);
    }
  }

  private use(v: Value): void {
    v = origin(v, Op.copy);
    const mode = this.plan.mode[v.id];
    if (mode === Mode.nested || (mode === Mode.remat && v.op === Op.ptr_off)) {
      for (const a of v.args) this.use(a);
    } else if (v.op === Op.slot) {
      const k = this.area.index.get(v.id);
      if (k === undefined) return;
      this.row[k >>> 5] |= 1 << (k & 31);
      this.filled.delete(k);
    }
  }

  /** If v overwrites pointers of a tracked object: notes it, with all of them overwritten the object is dead before. */
  private fill(v: Value): boolean {
    let size = 8;
    let offset = 0;
    if (v.op === Op.zero || v.op === Op.move) size = (v.aux as MoveAux).size;
    else if (v.op === Op.store_ptr) offset = v.aux as number;
    else return false;
    let p = origin(v.args[0], Op.copy);
    for (; p.op === Op.ptr_off; p = origin(p.args[0], Op.copy)) offset += p.aux as number;
    const k = p.op === Op.slot ? this.area.index.get(p.id) : undefined;
    if (k === undefined) return false;
    const { ptrs } = this.area.tracked[k];
    const covers = (w: number): boolean => offset <= w * 8 && w * 8 + 8 <= offset + size;
    if (!ptrs.every(covers)) {
      if (ptrs.length > 31) return false;
      let bits = this.filled.get(k) ?? 0;
      ptrs.forEach((w, i) => { if (covers(w)) bits |= 1 << i; });
      this.filled.set(k, bits);
      if (bits !== 2 ** ptrs.length - 1) return true;
    }
    this.row[k >>> 5] &= ~(1 << (k & 31));
    return true;
  }
}

// Liveness of the values that need locals, and their colouring: SSA values are given locals greedily in dominance
// order, which needs no more locals than values are live at once; phis and their arguments are drawn to one local.
// Also records which locals hold live values at each site: those are saved, and their pointers reported.
import { Type } from '../ir/type.ts';
import type { Block, Func, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { ValType } from '../wasm/opcodes.ts';
import { origin, valType } from './code.ts';
import { isResumable, isSite, Mode } from './plan.ts';
import type { Plan } from './plan.ts';
import { Scratch } from './scratch.ts';

export interface Coloring {
  /** Colour of a value by its id, -1 none. Colours 0..params-1 are the parameters. */
  readonly color: Int32Array;
  /** Wasm type of each colour. */
  readonly types: number[];
  /** By value id of a resumable site: colours that hold a live pointer across it. */
  readonly livePtrs: (number[] | undefined)[];
  /** Colours that live across some resumable site: 1, with a pointer across some: 3. */
  readonly saved: number[];
  /** Number of resumable sites. */
  readonly sites: number;
  /** Colours of the parameters that are used. */
  readonly params: number[];
  readonly paramPtrs: number[];
}

/**
 * Colours a function. `paramTypes` are the wasm parameters, all of them. With `inMemory`, values have homes in memory:
 * pointers share no colour with integers, and parameters are not colours of their values.
 */
export function colorValues(plan: Plan, paramTypes: readonly number[], inMemory: boolean): Coloring {
  return new Colorer(plan, paramTypes, inMemory).run();
}

const scratch = {
  dense: new Scratch(), color: new Scratch(), hint: new Scratch(), liveIn: new Scratch(), liveOut: new Scratch(), gen: new Scratch(), kill: new Scratch(),
  dies: new Scratch(), end: new Scratch(),
};

class Colorer {
  private readonly plan: Plan;
  private readonly f: Func;
  private readonly inMemory: boolean;
  /** Dense number of a value with a local by value id, -1 none; and back. */
  private readonly dense: Int32Array;
  private readonly values: Value[] = [];
  private words = 0;
  private liveIn: Int32Array = new Int32Array(0);
  private liveOut: Int32Array = new Int32Array(0);
  /** Ids of the values that code reads from locals, root after root, block after block. */
  private readonly leaves: number[] = [];
  /** Where each root's leaves begin, then those of the block's end; `firstRoot` is a block's first entry. */
  private readonly starts: number[] = [];
  private readonly firstRoot: number[] = [];
  private readonly color: Int32Array;
  private readonly types: number[];
  private readonly livePtrs: (number[] | undefined)[] = [];
  private readonly saved: number[] = [];
  private sites = 0;
  /** Value that holds a colour now: 0 = free, -1 = not for values. */
  private readonly holder: number[] = [];
  /** Colours that may be held, so that they can be freed at the next block. */
  private held: number[] = [];
  /** Phi that a value flows into, by value id: its colour is preferred. */
  private readonly hint: Int32Array;
  /** Values read in the current block or live at its end: what is not in here is never read after its definition. */
  private liveEnd: Int32Array = new Int32Array(0);

  constructor(plan: Plan, paramTypes: readonly number[], inMemory: boolean) {
    this.plan = plan;
    this.f = plan.f;
    this.inMemory = inMemory;
    this.dense = scratch.dense.take(plan.f.numValues, -1);
    this.color = scratch.color.take(plan.f.numValues, -1);
    this.hint = scratch.hint.take(plan.f.numValues);
    this.types = [...paramTypes];
  }

  run(): Coloring {
    this.number();
    this.collectLeaves();
    this.solve();
    const params: number[] = [];
    const paramPtrs: number[] = [];
    this.types.forEach(() => this.holder.push(0));
    // The depth stays in its local throughout.
    if (this.f.suspends) this.holder[this.types.length - 1] = -1;
    // In memory mode a parameter's own local is never a colour of a value.
    if (this.inMemory) this.holder.fill(-1);
    for (const v of this.f.entry.values) {
      if (v.op !== Op.param || this.dense[v.id] < 0) continue;
      const i = v.aux as number;
      params.push(i);
      if (v.type === Type.ptr) paramPtrs.push(i);
      if (this.inMemory) continue;
      this.color[v.id] = i;
      this.hold(i, v.id);
    }
    this.plan.rpo.forEach((b, i) => this.colorBlock(b, i));
    for (let c = 0; c < this.types.length; c++) this.saved[c] ??= 0;
    return { color: this.color, types: this.types, livePtrs: this.livePtrs, saved: this.saved, sites: this.sites, params, paramPtrs };
  }

  private number(): void {
    const { mode, uses } = this.plan;
    for (const b of this.plan.rpo) {
      for (const v of b.values) {
        if (mode[v.id] !== Mode.local || v.type === Type.void || v.type === Type.tuple || uses[v.id] === 0) continue;
        this.dense[v.id] = this.values.length;
        this.values.push(v);
        if (v.op !== Op.phi) continue;
        for (const a of v.args) this.hint[origin(a, Op.copy).id] = v.id;
      }
    }
    this.words = (this.values.length + 31) >>> 5;
  }

  /** Lists, root by root, the values that a block's code reads from locals. */
  private collectLeaves(): void {
    const { roots, rpo } = this.plan;
    const { leaves, starts } = this;
    for (let i = 0; i < rpo.length; i++) {
      this.firstRoot.push(starts.length);
      for (const v of roots[i]) {
        starts.push(leaves.length);
        for (const a of v.args) this.leaf(a);
      }
      starts.push(leaves.length);
      const b = rpo[i];
      if (b.control !== null) this.leaf(b.control);
      for (const r of b.results) this.leaf(r);
    }
    this.firstRoot.push(starts.length);
    starts.push(leaves.length);
  }

  private leaf(v: Value): void {
    v = origin(v, Op.copy);
    const mode = this.plan.mode[v.id];
    if (mode === Mode.local) {
      if (this.dense[v.id] >= 0) this.leaves.push(v.id);
    } else if (mode === Mode.nested) {
      for (const a of v.args) this.leaf(a);
    } else if (v.op === Op.ptr_off) this.leaf(v.args[0]);
  }

  /** Backward data flow: liveIn and liveOut of every block as rows of bits. */
  private solve(): void {
    const { rpo, order } = this.plan;
    const words = this.words;
    const n = rpo.length;
    this.liveIn = scratch.liveIn.take(n * words);
    this.liveOut = scratch.liveOut.take(n * words);
    const gen = scratch.gen.take(n * words);
    const kill = scratch.kill.take(n * words);
    const { dense, leaves, liveIn, liveOut, starts, firstRoot } = this;
    for (let i = 0; i < n; i++) {
      const at = i * words;
      const end = starts[firstRoot[i + 1]];
      for (let u = starts[firstRoot[i]]; u < end; u++) {
        const d = dense[leaves[u]];
        gen[at + (d >>> 5)] |= 1 << (d & 31);
      }
      for (const v of rpo[i].values) {
        const d = dense[v.id];
        if (d >= 0) kill[at + (d >>> 5)] |= 1 << (d & 31);
      }
      for (const s of rpo[i].succs) this.markPhiArgs(rpo[i], s, at);
    }
    // An upward-exposed use is one of a value that the block does not define.
    for (let w = 0; w < n * words; w++) gen[w] &= ~kill[w];
    for (let changed = true; changed;) {
      changed = false;
      for (let i = n - 1; i >= 0; i--) {
        const at = i * words;
        for (const s of rpo[i].succs) {
          const from = order[s.id] * words;
          for (let w = 0; w < words; w++) liveOut[at + w] |= liveIn[from + w];
        }
        for (let w = 0; w < words; w++) {
          const now = gen[at + w] | (liveOut[at + w] & ~kill[at + w]);
          if (now !== liveIn[at + w]) {
            liveIn[at + w] = now;
            changed = true;
          }
        }
      }
    }
  }

  /** Arguments of the phis of s that come from p are live at p's end. */
  private markPhiArgs(p: Block, s: Block, at: number): void {
    for (const v of s.values) {
      if (v.op !== Op.phi) break;
      if (this.dense[v.id] < 0) continue;
      for (let k = 0; k < s.preds.length; k++) {
        if (s.preds[k] !== p) continue;
        const d = this.denseLeaf(v.args[k]);
        if (d >= 0) this.liveOut[at + (d >>> 5)] |= 1 << (d & 31);
      }
    }
  }

  private denseLeaf(v: Value): number {
    v = origin(v, Op.copy);
    while (this.plan.mode[v.id] === Mode.remat && v.op === Op.ptr_off) v = origin(v.args[0], Op.copy);
    return this.dense[v.id];
  }

  /** Gives locals to the values that block b defines, in order, freeing those that die. */
  private colorBlock(b: Block, i: number): void {
    const { plan, holder } = this;
    const roots = plan.roots[i];
    const { leaves, starts } = this;
    const first = this.firstRoot[i];
    const from = starts[first];
    const dies = this.findDeaths(i, from, starts[this.firstRoot[i + 1]]);
    if (i > 0 || this.inMemory) {
      for (const c of this.held) holder[c] = 0;
      this.held.length = 0;
      this.holdLiveIn(i);
    } else this.freeDeadParams();
    for (const v of b.values) {
      if (v.op === Op.phi && this.dense[v.id] >= 0) this.assign(v);
      else if (v.op === Op.param && this.inMemory && this.dense[v.id] >= 0) this.assign(v);
    }
    for (let k = 0; k < roots.length; k++) {
      const v = roots[k];
      for (let u = starts[first + k]; u < starts[first + k + 1]; u++) if (dies[u - from] === 1) this.release(leaves[u]);
      if (isSite(v)) this.recordSite(v);
      this.define(v);
    }
  }

  private hold(c: number, id: number): void {
    this.holder[c] = id;
    this.held.push(c);
  }

  private holdLiveIn(i: number): void {
    const { words, liveIn, values, color } = this;
    for (let w = 0; w < words; w++) {
      for (let bits = liveIn[i * words + w]; bits !== 0; bits &= bits - 1) {
        const id = values[(w << 5) + (31 - Math.clz32(bits & -bits))].id;
        if (color[id] >= 0) this.hold(color[id], id);
      }
    }
  }

  /** Marks the reads after which a value is dead, by a walk backwards from the block's end. */
  private findDeaths(i: number, from: number, to: number): Int32Array {
    const { words, leaves, dense } = this;
    const live = scratch.end.take(words);
    live.set(this.liveOut.subarray(i * words, (i + 1) * words));
    const dies = scratch.dies.take(to - from);
    for (let u = to - 1; u >= from; u--) {
      const d = dense[leaves[u]];
      const bit = 1 << (d & 31);
      if ((live[d >>> 5] & bit) !== 0) continue;
      live[d >>> 5] |= bit;
      dies[u - from] = 1;
    }
    this.liveEnd = live;
    return dies;
  }

  private isRead(v: Value): boolean {
    const d = this.dense[v.id];
    return (this.liveEnd[d >>> 5] & (1 << (d & 31))) !== 0;
  }

  private freeDeadParams(): void {
    const holder = this.holder;
    for (let c = 0; c < holder.length; c++) {
      if (holder[c] > 0 && !this.isRead(this.values[this.dense[holder[c]]])) holder[c] = 0;
    }
  }

  private define(v: Value): void {
    const extracts = this.plan.extracts[v.id];
    if (extracts !== undefined) {
      for (const e of extracts) if (this.dense[e.id] >= 0) this.assign(e);
      for (const e of extracts) if (this.dense[e.id] >= 0 && !this.isRead(e)) this.release(e.id);
    } else if (this.dense[v.id] >= 0) {
      this.assign(v);
      if (!this.isRead(v)) this.release(v.id);
    }
  }

  private release(id: number): void {
    const c = this.color[id];
    if (c >= 0 && this.holder[c] === id) this.holder[c] = 0;
  }

  private assign(v: Value): void {
    const c = this.choose(v);
    this.color[v.id] = c;
    this.hold(c, v.id);
  }

  private choose(v: Value): number {
    const phi = this.hint[v.id];
    if (phi !== 0 && this.isFree(this.color[phi], v)) return this.color[phi];
    if (v.op === Op.phi) {
      for (const a of v.args) {
        const c = this.color[origin(a, Op.copy).id];
        if (this.isFree(c, v)) return c;
      }
    }
    for (let c = 0; c < this.types.length; c++) if (this.isFree(c, v)) return c;
    this.types.push(this.kind(v));
    this.holder.push(0);
    return this.types.length - 1;
  }

  private isFree(c: number, v: Value): boolean {
    return c >= 0 && this.holder[c] === 0 && this.types[c] === this.kind(v);
  }

  /** In memory mode pointers are a class of their own, marked by funcref's code. */
  private kind(v: Value): number {
    return this.inMemory && v.type === Type.ptr ? ValType.funcref : valType(v.type);
  }

  private recordSite(v: Value): void {
    if (!isResumable(v)) return;
    this.sites++;
    const ptrs: number[] = [];
    const { holder, saved } = this;
    for (let c = 0; c < holder.length; c++) {
      if (holder[c] <= 0) continue;
      const isPtr = this.values[this.dense[holder[c]]].type === Type.ptr;
      if (isPtr) ptrs.push(c);
      saved[c] |= isPtr ? 3 : 1;
    }
    this.livePtrs[v.id] = ptrs;
  }
}

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

const scratch = { dense: new Scratch(), color: new Scratch(), hint: new Scratch(), readIn: new Scratch(), visited: new Scratch(), dies: new Scratch() };

class Colorer {
  private readonly plan: Plan;
  private readonly f: Func;
  private readonly inMemory: boolean;
  /** Place in `values` of a value with a local by value id, -1 none. */
  private readonly dense: Int32Array;
  private readonly values: Value[] = [];
  /** By place in `rpo`: ids of the values that are live when the block is entered, its phis left out. */
  private readonly liveIn: number[][] = [];
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
  /** 1 + place of the last block in which a value was found to be read, or live at its end; by value id. */
  private readonly readIn: Int32Array;

  constructor(plan: Plan, paramTypes: readonly number[], inMemory: boolean) {
    this.plan = plan;
    this.f = plan.f;
    this.inMemory = inMemory;
    this.dense = scratch.dense.take(plan.f.numValues, -1);
    this.color = scratch.color.take(plan.f.numValues, -1);
    this.hint = scratch.hint.take(plan.f.numValues);
    this.readIn = scratch.readIn.take(plan.f.numValues);
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

  /**
   * Finds where values are live, value by value: from each block that reads one, back to the block that defines it. Costs as much
   * as the live ranges are long, whereas rows of bits cost blocks times values, which in the largest functions is too much.
   */
  private solve(): void {
    const { rpo, order } = this.plan;
    const { leaves, starts, firstRoot, liveIn, values } = this;
    // Blocks that need a value at their start, as a list a value: `first` by place in `values`, `next` by entry.
    const first: number[] = new Array<number>(values.length).fill(-1);
    const next: number[] = [];
    const where: number[] = [];
    const need = (id: number, block: number): void => {
      const d = this.dense[id];
      if (this.definedIn(values[d]) === block) return;
      if (first[d] >= 0 && where[first[d]] === block) return;
      next.push(first[d]);
      where.push(block);
      first[d] = next.length - 1;
    };
    for (let i = 0; i < rpo.length; i++) {
      liveIn.push([]);
      const end = starts[firstRoot[i + 1]];
      for (let u = starts[firstRoot[i]]; u < end; u++) need(leaves[u], i);
      for (const s of rpo[i].succs) this.eachPhiArg(rpo[i], s, (id) => need(id, i));
    }
    const visited = scratch.visited.take(rpo.length, -1);
    const work: number[] = [];
    for (let d = 0; d < values.length; d++) {
      const def = this.definedIn(values[d]);
      for (let e = first[d]; e >= 0; e = next[e]) work.push(where[e]);
      while (work.length > 0) {
        const i = work.pop()!;
        if (visited[i] === d) continue;
        visited[i] = d;
        liveIn[i].push(values[d].id);
        for (const p of rpo[i].preds) {
          const k = order[p.id];
          if (k >= 0 && k !== def && visited[k] !== d) work.push(k);
        }
      }
    }
  }

  /** Place of the block that defines v: results of a call are defined by the call. */
  private definedIn(v: Value): number {
    return this.plan.order[(v.op === Op.extract ? origin(v.args[0], Op.copy) : v).block.id];
  }

  /** Visits the values that the phis of s take from p. */
  private eachPhiArg(p: Block, s: Block, visit: (id: number) => void): void {
    for (const v of s.values) {
      if (v.op !== Op.phi) break;
      if (this.dense[v.id] < 0) continue;
      for (let k = 0; k < s.preds.length; k++) {
        if (s.preds[k] !== p) continue;
        const d = this.denseLeaf(v.args[k]);
        if (d >= 0) visit(this.values[d].id);
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
    const dies = this.findDeaths(b, i, from, starts[this.firstRoot[i + 1]]);
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
      this.define(v, i);
    }
  }

  private hold(c: number, id: number): void {
    this.holder[c] = id;
    this.held.push(c);
  }

  private holdLiveIn(i: number): void {
    for (const id of this.liveIn[i]) if (this.color[id] >= 0) this.hold(this.color[id], id);
  }

  /** Marks the reads after which a value is dead, by a walk backwards from the block's end. */
  private findDeaths(b: Block, i: number, from: number, to: number): Int32Array {
    const { leaves, readIn } = this;
    const mark = i + 1;
    for (const s of b.succs) {
      for (const id of this.liveIn[this.plan.order[s.id]]) readIn[id] = mark;
      this.eachPhiArg(b, s, (id) => { readIn[id] = mark; });
    }
    const dies = scratch.dies.take(to - from);
    for (let u = to - 1; u >= from; u--) {
      if (readIn[leaves[u]] === mark) continue;
      readIn[leaves[u]] = mark;
      dies[u - from] = 1;
    }
    return dies;
  }

  /** Is v read in block i, or live at its end? */
  private isRead(id: number, i: number): boolean {
    return this.readIn[id] === i + 1;
  }

  private freeDeadParams(): void {
    const holder = this.holder;
    for (let c = 0; c < holder.length; c++) {
      if (holder[c] > 0 && !this.isRead(holder[c], 0)) holder[c] = 0;
    }
  }

  private define(v: Value, i: number): void {
    const extracts = this.plan.extracts[v.id];
    if (extracts !== undefined) {
      for (const e of extracts) if (this.dense[e.id] >= 0) this.assign(e);
      for (const e of extracts) if (this.dense[e.id] >= 0 && !this.isRead(e.id, i)) this.release(e.id);
    } else if (this.dense[v.id] >= 0) {
      this.assign(v);
      if (!this.isRead(v.id, i)) this.release(v.id);
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

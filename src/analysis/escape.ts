// Escape analysis on IR: which heap objects of a function outlive it (or the loop iteration that made them), and what a
// function does with its pointer parameters (the summary its callers use).
//
// The model is gc's: a graph of locations and flows. A location is a pointer value, or an object (newobject, slot, tempbuf, a
// box) that stands for its contents. An edge dst <- src carries a number of dereferences: -1 takes src's address, 0 copies,
// 1 loads through it. What is stored through a pointer whose object isn't known flows to the heap.
//
//     v = newobject T      v <- T (-1)          v = load.ptr p        v <- p (1), or v <- T (0) if p is into object T
//     store.ptr p x        heap <- x (0), or T <- x (0) if p is into object T
//
// Invariants of the solution:
//   1. An object whose address flows to the heap, to a result, to an object that escapes, or to a location that lives
//      longer than the loop iteration in which it was made, escapes.
//   2. A parameter's leak is the least number of dereferences with which it flows to the heap, and to each result.
//
// Functions are analysed bottom-up; in a recursive component from the assumption that nothing leaks, until nothing changes.

import type { Block, CallAux, Func, MoveAux, Value } from '../ir/func.ts';
import { BlockKind } from '../ir/func.ts';
import { Op, ops } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { kernelLeak } from './escape-kernel.ts';
import { boxShape } from './boxes.ts';
import { NO_LEAK, type EscapeSummary, type ParamLeak } from './escape-leak.ts';
import { runtimeSummary } from './escape-runtime.ts';
import { dominatorTree } from './graph.ts';
import { findLoops, inLoop } from './loops.ts';
import type { Loop, LoopForest } from './loops.ts';

export type { EscapeSummary, ParamLeak } from './escape-leak.ts';

export interface EscapeResult {
  /** The newobject and tempbuf values and the calls that make boxes that do not escape. */
  readonly onStack: readonly Value[];
  readonly summary: EscapeSummary;
}

/** Looks up the summary of a directly called function; null: not known. */
export type SummaryOf = (symbol: string) => EscapeSummary | null;

/** The summary of a function none of whose parameters leaks. */
export function leakless(f: Func): EscapeSummary {
  const none = (): ParamLeak => ({ heap: NO_LEAK, results: [] });
  return [...f.params.map((t) => (t === Type.ptr ? none() : null)), ...(f.closure ? [none()] : [])];
}

/** Whether two summaries say the same. */
export function sameSummary(a: EscapeSummary, b: EscapeSummary): boolean {
  return a.length === b.length && a.every((x, i) => {
    const y = b[i] ?? null;
    if (x === null || y === null) return x === y;
    return x.heap === y.heap && x.results.length === y.results.length && x.results.every((r) => y.results.some((q) => q.result === r.result && q.derefs === r.derefs));
  });
}

/** Analyses f. */
export function analyseEscape(f: Func, summaryOf: SummaryOf): EscapeResult {
  return new EscapeGraph(f, summaryOf).solve();
}

interface Edge { readonly src: number; readonly derefs: number }

const HEAP = 0;

/** Does v make memory of its own? */
function isObject(v: Value): boolean {
  return v.op === Op.newobject || v.op === Op.slot || v.op === Op.tempbuf || boxShape(v) !== null;
}

class EscapeGraph {
  private readonly f: Func;
  private readonly summaryOf: SummaryOf;
  private readonly forest: LoopForest;
  private readonly incoming: Edge[][] = [[]];
  /** Location of a value, by value id; 0 where it has none. */
  private readonly valueLocation: Int32Array;
  /** Location of an object, by the id of the value that makes it. */
  private readonly objectLocation: Int32Array;
  /** The defining value of an object location, or the header phi or parameter of a value location that is a root. */
  private readonly origin: (Value | null)[] = [null];
  private readonly isObject: boolean[] = [false];
  private readonly escapes: boolean[] = [true];
  private readonly resultLocation: number[];
  private readonly params: Value[] = [];

  constructor(f: Func, summaryOf: SummaryOf) {
    this.f = f;
    this.summaryOf = summaryOf;
    this.forest = findLoops(f, dominatorTree(f));
    this.valueLocation = new Int32Array(f.numValues);
    this.objectLocation = new Int32Array(f.numValues);
    this.resultLocation = f.results.map((t) => (t === Type.ptr ? this.newLocation(null, false) : 0));
  }

  solve(): EscapeResult {
    for (const b of this.f.blocks) for (const v of b.values) this.introduce(v);
    for (const b of this.f.blocks) {
      for (const v of b.values) this.flowsOf(v);
      if (b.kind === BlockKind.ret) b.results.forEach((v, i) => { if (v.type === Type.ptr) this.flow(this.resultLocation[i]!, this.location(v), 0); });
    }
    const leaks = this.propagate();
    const onStack: Value[] = [];
    for (let l = 1; l < this.origin.length; l++) if (this.isObject[l] && !this.escapes[l] && this.origin[l]!.op !== Op.slot) onStack.push(this.origin[l]!);
    return { onStack, summary: leaks };
  }

  private newLocation(origin: Value | null, isObject: boolean): number {
    this.incoming.push([]);
    this.origin.push(origin);
    this.isObject.push(isObject);
    this.escapes.push(false);
    return this.incoming.length - 1;
  }

  private introduce(v: Value): void {
    if (isObject(v)) this.objectLocation[v.id] = this.newLocation(v, true);
    if (v.type === Type.ptr && v.op !== Op.const_ptr && v.op !== Op.addr && v.op !== Op.g) this.valueLocation[v.id] = this.newLocation(v, false);
    if (v.op === Op.param && v.type === Type.ptr) this.params.push(v);
  }

  private location(v: Value): number { return this.valueLocation[v.id] ?? 0; }

  /** dst <- src; static data and nil (location 0 as a source) flow nowhere. */
  private flow(dst: number, src: number, derefs: number): void {
    if (src !== 0 && (dst !== src || derefs !== 0)) this.incoming[dst]!.push({ src, derefs });
  }

  /** The object that address p surely points into, or null. */
  private baseObject(p: Value): Value | null {
    let v = p;
    while (v.op === Op.ptr_off || v.op === Op.ptr_add || v.op === Op.copy) v = v.args[0]!;
    return isObject(v) ? v : null;
  }

  private flowsOf(v: Value): void {
    const me = this.valueLocation[v.id]!;
    switch (v.op) {
      case Op.newobject: case Op.slot: case Op.tempbuf: this.flow(me, this.objectLocation[v.id]!, -1); return;
      case Op.phi: if (me !== 0) for (const a of v.args) this.flow(me, this.location(a), 0); return;
      case Op.select: if (me !== 0) { this.flow(me, this.location(v.args[1]!), 0); this.flow(me, this.location(v.args[2]!), 0); } return;
      case Op.copy: case Op.ptr_add: case Op.ptr_off: if (me !== 0) this.flow(me, this.location(v.args[0]!), 0); return;
      case Op.ptr_from_i64: case Op.ptr_from_i32: this.integerSources(me, v.args[0]!, 0); return;
      case Op.load_ptr: case Op.load_ref: case Op.aload_ptr: this.loadFlow(me, v.args[0]!); return;
      case Op.store_ptr: case Op.astore_ptr: this.storeFlow(v.args[0]!, v.args[1]!); return;
      case Op.axchg_ptr: this.loadFlow(me, v.args[0]!); this.storeFlow(v.args[0]!, v.args[1]!); return;
      case Op.acas_ptr: this.storeFlow(v.args[0]!, v.args[2]!); return;
      case Op.move: if ((v.aux as MoveAux).ptrs) this.moveFlow(v.args[0]!, v.args[1]!); return;
      case Op.call: if (boxShape(v) !== null) this.boxFlow(v, me); else this.callFlow(v, runtimeSummary((v.aux as CallAux).sym) ?? this.summaryOf((v.aux as CallAux).sym)); return;
      case Op.calli: this.unknownCall(v); return;
      case Op.store_i64: this.closureFlow(v); return;
      case Op.callk: v.args.forEach((a, i) => { const leak = kernelLeak((v.aux as CallAux).sym, i); if (leak !== NO_LEAK && a.type === Type.ptr) this.flow(HEAP, this.location(a), leak); }); return;
      default:
    }
  }

  private loadFlow(me: number, p: Value): void {
    const o = this.baseObject(p);
    if (o !== null) this.flow(me, this.objectLocation[o.id]!, 0); else this.flow(me, this.location(p), 1);
  }

  private storeFlow(p: Value, x: Value): void {
    if (x.type !== Type.ptr) return;
    const o = this.baseObject(p);
    this.flow(o === null ? HEAP : this.objectLocation[o.id]!, this.location(x), 0);
  }

  private moveFlow(dst: Value, src: Value): void {
    const o = this.baseObject(dst);
    const to = o === null ? HEAP : this.objectLocation[o.id]!;
    const s = this.baseObject(src);
    if (s !== null) this.flow(to, this.objectLocation[s.id]!, 0); else this.flow(to, this.location(src), 1);
  }

  /** Pointers in an integer expression (unsafe pointer arithmetic) flow on; `x ^ 0` hides them (noescape). */
  private integerSources(me: number, v: Value, depth: number): void {
    if (v.op === Op.ptr_i64 || v.op === Op.ptr_i32) { this.flow(me, this.location(v.args[0]!), 0); return; }
    if (depth > 8 || v.op === Op.xor_i64 || ops[v.op]!.args.length === 0) return;
    if (v.type === Type.i64 || v.type === Type.i32) for (const a of v.args) if (a.type === Type.i64 || a.type === Type.i32) this.integerSources(me, a, depth + 1);
  }

  /** The box's address, and what is put in it. */
  private boxFlow(v: Value, me: number): void {
    const box = this.objectLocation[v.id]!;
    this.flow(me, box, -1);
    for (const a of v.args) if (a.type === Type.ptr) this.flow(box, this.location(a), 0);
  }

  private callFlow(v: Value, summary: EscapeSummary | null): void {
    v.args.forEach((a, i) => {
      if (a.type !== Type.ptr) return;
      const leak = summary?.[i];
      if (leak === undefined || leak === null) { this.flow(HEAP, this.location(a), 0); return; }
      if (leak.heap !== NO_LEAK) this.flow(HEAP, this.location(a), leak.heap);
      for (const r of leak.results) this.resultFlow(v, r.result, a, r.derefs);
    });
  }

  /** The argument a flows to result number i of call v: to the call itself, or to the extracts of that number. */
  private resultFlow(v: Value, i: number, a: Value, derefs: number): void {
    if (v.type === Type.ptr) { this.flow(this.location(v), this.location(a), derefs); return; }
    for (const e of this.extractsOf(v)) if (e.aux === i) this.flow(this.location(e), this.location(a), derefs);
  }

  private extracts: Map<Value, Value[]> | null = null;
  private extractsOf(v: Value): Value[] {
    if (this.extracts === null) {
      this.extracts = new Map();
      for (const b of this.f.blocks) for (const e of b.values) if (e.op === Op.extract) {
        const list = this.extracts.get(e.args[0]!);
        if (list === undefined) this.extracts.set(e.args[0]!, [e]); else list.push(e);
      }
    }
    return this.extracts.get(v) ?? [];
  }

  /** All arguments leak, but not the context: what the function does with it was accounted for where the closure was made. */
  private unknownCall(v: Value): void {
    for (let i = 0; i < v.args.length - 1; i++) if (v.args[i]!.type === Type.ptr) this.flow(HEAP, this.location(v.args[i]!), 0);
  }

  /** A code word makes an object a closure: whoever calls it, what it holds may leak as the function's context does. */
  private closureFlow(v: Value): void {
    const code = v.args[1]!;
    const o = this.baseObject(v.args[0]!);
    if (o === null || code.op !== Op.extend_u || code.args[0]!.op !== Op.funcindex) return;
    const summary = this.summaryOf(code.args[0]!.aux as string);
    const context = summary?.[summary.length - 1];
    const derefs = context === undefined || context === null ? 1 : Math.min(context.heap, ...context.results.map((r) => r.derefs));
    if (derefs !== NO_LEAK) this.flow(HEAP, this.location(o), derefs);
  }

  /** Walks back from every root until nothing changes; fills `escapes`, returns the parameters' leaks. */
  private propagate(): (ParamLeak | null)[] {
    const leaks = new Map<number, { heap: number; results: Map<number, number> }>();
    for (const p of this.params) leaks.set(this.valueLocation[p.id]!, { heap: NO_LEAK, results: new Map() });
    const queued = new Uint8Array(this.origin.length);
    const work: number[] = [];
    const enqueue = (l: number): void => { if (queued[l] === 0) { queued[l] = 1; work.push(l); } };
    enqueue(HEAP);
    for (const r of this.resultLocation) if (r !== 0) enqueue(r);
    for (let l = 1; l < this.origin.length; l++) if (this.isObject[l] || this.isHeaderPhi(l)) enqueue(l);
    const derefs = new Int8Array(this.origin.length);
    for (let root = work.pop(); root !== undefined; root = work.pop()) {
      queued[root] = 0;
      this.walk(root, derefs, leaks, enqueue);
    }
    const count = this.f.params.length + (this.f.closure ? 1 : 0);
    const summary: (ParamLeak | null)[] = new Array<ParamLeak | null>(count).fill(null);
    for (let i = 0; i < count; i++) if (i === this.f.params.length || this.f.params[i] === Type.ptr) summary[i] = { heap: NO_LEAK, results: [] };
    for (const p of this.params) {
      const leak = leaks.get(this.valueLocation[p.id]!)!;
      summary[p.aux as number] = { heap: leak.heap, results: [...leak.results].map(([result, d]) => ({ result, derefs: d })) };
    }
    return summary;
  }

  private isHeaderPhi(l: number): boolean {
    const v = this.origin[l];
    return v !== null && v !== undefined && !this.isObject[l] && v.op === Op.phi && this.forest.innermost[v.block.id]?.header === v.block;
  }

  private walk(root: number, best: Int8Array, leaks: Map<number, { heap: number; results: Map<number, number> }>, enqueue: (l: number) => void): void {
    best.fill(NO_LEAK);
    best[root] = 0;
    const work = [root];
    const resultIndex = this.resultLocation.indexOf(root);
    for (let l = work.pop(); l !== undefined; l = work.pop()) {
      const d = best[l]!;
      if (d < 0 && !this.escapes[l] && this.isObject[l] && this.outlives(root, l, resultIndex)) { this.escapes[l] = true; enqueue(l); }
      const leak = leaks.get(l);
      if (leak !== undefined && d >= 0 && l !== root) {
        if (root === HEAP || (this.isObject[root]! && this.escapes[root]!)) leak.heap = Math.min(leak.heap, d);
        else if (resultIndex >= 0 && root !== 0) leak.results.set(resultIndex, Math.min(leak.results.get(resultIndex) ?? NO_LEAK, d));
      }
      const base = Math.max(d, 0);
      for (const e of this.incoming[l]!) {
        const nd = Math.min(base + e.derefs, 100);
        if (nd < best[e.src]!) { best[e.src] = nd; work.push(e.src); }
      }
    }
  }

  /** Does the location `root` live longer than one use of object l's space? */
  private outlives(root: number, l: number, resultIndex: number): boolean {
    if (root === HEAP || resultIndex >= 0 || this.escapes[root]!) return true;
    const loop = this.forest.innermost[this.origin[l]!.block.id] ?? null;
    if (loop === null) return false;
    const at = this.origin[root]!;
    if (at.op === Op.phi) return this.phiOutlives(at.block, loop);
    if (at.op === Op.slot) return true;
    return !inLoop(this.forest, at.block, loop);
  }

  /** A header phi carries its value from one iteration to the next of its own loop. */
  private phiOutlives(header: Block, loop: Loop): boolean {
    for (let x: Loop | null = loop; x !== null; x = x.parent) if (x.header === header) return true;
    return false;
  }
}

// inline: direct calls of small functions are replaced by the callee's body. Functions are visited bottom-up, so a
// callee is in its final form. Positions of inlined values get the call's position as `inlinedAt`; a wrapper's own level is left out, for
// tracebacks don't show wrappers.
//
// Never inlined: functions marked noinline, with deferred calls, and calls marked noinline. Of recursive functions only small ones that
// call themselves are, into themselves, one level: then every second call is one.
// Requires: callee without unreachable blocks.

import { BlockKind, Func, addEdge } from '../ir/func.ts';
import type { Block, CallAux, MoveAux, SlotAux, Value } from '../ir/func.ts';
import { Aux, Op, ops } from '../ir/op.ts';
import type { Position, Program } from '../ir/program.ts';
import { Type } from '../ir/type.ts';
import { Replacements, countUses, insertValue } from './edit.ts';
import type { Facts } from './facts.ts';
import { bodyCost, ONCE, SELF, SMALL } from './inline-cost.ts';

/** A caller is not grown beyond this many values. */
const MAX_CALLER = 4000;

/** Inlines calls in f; `component` are the functions f is recursive with. True if one was inlined. */
export function inline(f: Func, facts: Facts, component: ReadonlySet<string>): boolean {
  const inliner = new Inliner(facts.p, f);
  // Such a function is inlined itself, a Lock with its fast path: what it calls once in a while stays outside.
  const staysSmall = bodyCost(f) <= SMALL;
  let size = f.numValues;
  let any = false;
  for (const b of [...f.blocks]) {
    let at: Block = b;
    for (let i = 0; i < at.values.length; i++) {
      const v = at.values[i]!;
      if (v.op !== Op.call || size > MAX_CALLER) continue;
      const aux = v.aux as CallAux;
      if (aux.noinline === true || aux.noreturn === true || component.has(aux.sym)) continue;
      const cost = facts.cost(aux.sym);
      if (cost > ONCE || (cost > SMALL && (staysSmall || !facts.usedOnce(aux.sym)))) continue;
      const callee = facts.body(aux.sym);
      size += callee.numValues;
      at = inliner.inlineCall(at, i, v, callee);
      i = -1;
      any = true;
    }
  }
  if (any) inliner.finish();
  return any;
}

/** Inlines the calls that f makes of itself, once; the copies' own calls stay. */
export function inlineSelf(f: Func, p: Program): boolean {
  const cost = bodyCost(f);
  const calls = f.blocks.flatMap((b) => b.values.filter((v) => v.op === Op.call && (v.aux as CallAux).sym === f.name && (v.aux as CallAux).noinline !== true));
  if (calls.length === 0 || cost * calls.length > SELF) return false;
  const callee = copyOf(f);
  const inliner = new Inliner(p, f);
  for (const v of calls) inliner.inlineCall(v.block, v.block.values.indexOf(v), v, callee);
  inliner.finish();
  return true;
}

/** The body of f as a function of its own. */
function copyOf(f: Func): Func {
  const g = new Func(f.name, f.params, f.results);
  g.wrapper = f.wrapper;
  g.blocks.length = 0;
  const blocks = new Map(f.blocks.map((b) => [b, g.newBlock(b.kind)]));
  const values = new Map<Value, Value>();
  for (const [b, c] of blocks) for (const v of b.values) {
    const w = g.newValueNoAdd(c, v.op, v.type, v.pos);
    w.aux = v.aux;
    values.set(v, w);
    c.values.push(w);
  }
  for (const [b, c] of blocks) {
    for (const v of b.values) values.get(v)!.args = v.args.map((a) => values.get(a)!);
    c.control = b.control === null ? null : values.get(b.control)!;
    c.results = b.results.map((v) => values.get(v)!);
    c.succs = b.succs.map((s) => blocks.get(s)!);
    c.preds = b.preds.map((s) => blocks.get(s)!);
    c.likely = b.likely;
    c.pos = b.pos;
  }
  g.entry = blocks.get(f.entry)!;
  return g;
}

class Inliner {
  private readonly p: Program;
  private readonly f: Func;
  private readonly rep = new Replacements();
  /** The function being inlined is a wrapper. */
  private isWrapper = false;

  constructor(p: Program, f: Func) { this.p = p; this.f = f; }

  finish(): void {
    this.rep.apply(this.f);
    countUses(this.f);
  }

  /** Replaces the call at values[i] of b; returns the block where the code after the call goes on. */
  inlineCall(b: Block, i: number, call: Value, callee: Func): Block {
    const { f } = this;
    const rest = f.newBlock(b.kind);
    this.splitAfter(b, i, rest);
    const blocks = new Map<Block, Block>();
    for (const c of callee.blocks) blocks.set(c, f.newBlock(c.kind));
    const values = new Map<Value, Value>();
    const returns: { from: Block; results: Value[] }[] = [];
    const positions = new Map<number, number>();
    this.isWrapper = callee.wrapper;
    for (const c of callee.blocks) this.cloneValues(c, blocks.get(c)!, call, values, positions);
    for (const c of callee.blocks) this.connect(c, blocks.get(c)!, blocks, values, returns, rest);
    b.kind = BlockKind.plain;
    addEdge(b, blocks.get(callee.entry)!);
    this.bindResults(call, rest, returns);
    return rest;
  }

  private splitAfter(b: Block, i: number, rest: Block): void {
    for (const v of b.values.splice(i + 1)) { v.block = rest; rest.values.push(v); }
    b.values.pop();
    rest.control = b.control;
    rest.results = b.results;
    rest.succs = b.succs;
    rest.likely = b.likely;
    rest.pos = b.pos;
    for (const s of rest.succs) for (let k = 0; k < s.preds.length; k++) if (s.preds[k] === b) s.preds[k] = rest;
    b.control = null;
    b.results = [];
    b.succs = [];
    b.likely = 0;
  }

  private cloneValues(c: Block, to: Block, call: Value, values: Map<Value, Value>, positions: Map<number, number>): void {
    for (const v of c.values) {
      if (v.op === Op.param) { values.set(v, call.args[v.aux as number]!); continue; }
      const n = this.f.newValueNoAdd(to, v.op, v.type, this.position(v.pos, call.pos, positions));
      n.aux = ops[v.op]!.aux === Aux.call ? { ...(v.aux as CallAux) } : v.aux;
      values.set(v, n);
      if (v.op === Op.slot) this.adoptSlot(n, to);
      else to.values.push(n);
    }
  }

  /** A slot of the callee becomes the caller's; it is zeroed where the callee's body begins, as its entry did. */
  private adoptSlot(n: Value, to: Block): void {
    n.block = this.f.entry;
    this.f.entry.values.splice(slotPosition(this.f), 0, n);
    const s = n.aux as SlotAux;
    const aux: MoveAux = { size: s.size, align: s.align, ptrs: s.ptrmask.length > 0 };
    insertValue(this.f, to, to.values.length, Op.zero, Type.void, [n], aux, n.pos);
  }

  /** The position `pos` of the callee as it is when inlined at `at`. */
  private position(pos: number, at: number, seen: Map<number, number>): number {
    const known = seen.get(pos);
    if (known !== undefined) return known;
    const old = this.p.positions[pos];
    if (old === undefined || pos === 0 || (this.isWrapper && old.inlinedAt === 0)) return at;
    const inlinedAt = old.inlinedAt === 0 ? at : this.position(old.inlinedAt, at, seen);
    const made: Position = { ...old, inlinedAt };
    const index = this.p.positions.push(made) - 1;
    seen.set(pos, index);
    return index;
  }

  private connect(c: Block, to: Block, blocks: ReadonlyMap<Block, Block>, values: ReadonlyMap<Value, Value>, returns: { from: Block; results: Value[] }[], rest: Block): void {
    for (const v of c.values) {
      const n = values.get(v)!;
      if (v.op === Op.param) continue;
      if (n.args.length === 0 && v.args.length > 0) n.args = v.args.map((a) => values.get(a)!);
    }
    to.likely = c.likely;
    to.pos = c.pos;
    if (c.control !== null) to.control = values.get(c.control)!;
    for (const s of c.succs) to.succs.push(blocks.get(s)!);
    for (const q of c.preds) to.preds.push(blocks.get(q)!);
    if (c.kind !== BlockKind.ret) return;
    to.kind = BlockKind.plain;
    returns.push({ from: to, results: c.results.map((r) => values.get(r)!) });
    addEdge(to, rest);
  }

  /** The call's results are the callee's, merged by phis where it returns from several places. */
  private bindResults(call: Value, rest: Block, returns: readonly { from: Block; results: Value[] }[]): void {
    const types = (call.aux as CallAux).results;
    if (returns.length === 0) { this.neverReturns(call, rest, types); return; }
    const merged = types.map((t, i) => {
      if (returns.length === 1) return returns[0]!.results[i]!;
      const phi = this.f.newValueNoAdd(rest, Op.phi, t, call.pos);
      phi.args = returns.map((r) => r.results[i]!);
      return phi;
    });
    rest.values.unshift(...merged.filter((v) => returns.length > 1 && v.op === Op.phi && v.block === rest));
    this.replaceResults(call, merged);
  }

  private replaceResults(call: Value, merged: readonly Value[]): void {
    if (merged.length === 1) { this.rep.set(call, merged[0]!); return; }
    for (const b of this.f.blocks) for (const v of b.values) {
      if (v.op === Op.extract && v.args[0] === call) this.rep.set(v, merged[v.aux as number]!);
    }
  }

  /** The code after the call can't be reached; its values still need something to stand for the results. */
  private neverReturns(call: Value, rest: Block, types: readonly Type[]): void {
    const zeros = types.map((t) => {
      const op = t === Type.ptr ? Op.const_ptr : t === Type.i64 ? Op.const_i64 : t === Type.f64 ? Op.const_f64 : t === Type.f32 ? Op.const_f32 : Op.const_i32;
      const z = this.f.newValueNoAdd(rest, op, t, 0);
      z.aux = t === Type.i64 ? 0n : 0;
      return z;
    });
    rest.values.unshift(...zeros);
    this.replaceResults(call, zeros);
  }
}

function slotPosition(f: Func): number {
  let i = 0;
  while (i < f.entry.values.length && (f.entry.values[i]!.op === Op.param || f.entry.values[i]!.op === Op.slot)) i++;
  return i;
}

// Decides where each value is computed: nowhere (dead), at every use (constants, addresses), at its only use on the
// operand stack (nested), or once into a local. Also lists sites and the panic functions a body needs.
// Invariants: a nested value has one use, in its own block; the order of effects that conflict is kept; no value waits
// on the operand stack while a call that may suspend runs.
import { Bug } from '../base/bug.ts';
import { BlockKind } from '../ir/func.ts';
import { Type } from '../ir/type.ts';
import type { Block, CallAux, Func, MoveAux, Value } from '../ir/func.ts';
import { Flag, Op, ops } from '../ir/op.ts';
import { nilPanic, origin } from './code.ts';
import { isPlainWhenAlone, timesRead } from './atomics.ts';
import { memoryOp } from './ops.ts';
import { Scratch } from './scratch.ts';

export const Mode = { dead: 0, remat: 1, nested: 2, local: 3 } as const;

/** How a value's effects order it against others when it moves down to its use. */
const Eff = { reads: 1, writes: 2, panics: 4 } as const;

/** Expressions nest at most this deep, which bounds recursion. */
const maxNesting = 80;
/** How many effects a value may be compared with before it is given a local. */
const maxScan = 60;
/** Copies and clears of up to this many bytes become loads and stores. */
export const inlineMoveMax = 32;

export interface Plan {
  readonly f: Func;
  /** Reachable blocks in reverse postorder. */
  readonly rpo: readonly Block[];
  /** Place in `rpo` by block id, -1 unreachable. */
  readonly order: Int32Array;
  readonly mode: Int32Array;
  /** Uses by emitted code, by value id. */
  readonly uses: Int32Array;
  /** By place in `rpo`: values emitted on their own, in order. */
  readonly roots: readonly Value[][];
  /** Panic functions of the checks, each once. */
  readonly panics: readonly string[];
  /** By value id of a call: its results, by index the extracts that are used. */
  readonly extracts: (Value[] | undefined)[];
}

/** True if the function can be suspended at v. */
export function isSite(v: Value): boolean {
  switch (v.op) {
    case Op.call: case Op.callk: return (v.aux as CallAux).suspends;
    case Op.calli: case Op.poll: return true;
    default: return false;
  }
}

/** True if execution goes on after a suspension at v. */
export function isResumable(v: Value): boolean {
  return isSite(v) && (v.op === Op.poll || (v.aux as CallAux).noreturn !== true);
}

/** Does the function call anything that may suspend? If not, no recursion goes through it, and it need not compare its depth. */
export function callsOn(plan: Plan): boolean {
  return plan.roots.some((list) => list.some((v) => v.op !== Op.poll && isResumable(v)));
}

export function isCheck(v: Value): boolean {
  return v.op === Op.nilcheck || v.op === Op.boundscheck || v.op === Op.check;
}

/** True if a move or clear of this size is spelled out as loads and stores. */
export function isInlineMove(v: Value): boolean {
  const aux = v.aux as MoveAux;
  return aux.size >= 0 && aux.size <= inlineMoveMax;
}

function isOneAccess(size: number): boolean {
  return size === 1 || size === 2 || size === 4 || size === 8;
}

/** Makes the plan of a function. It is valid until the next plan is made. */
export function makePlan(f: Func): Plan {
  return new Planner(f).run();
}

const scratch = { order: new Scratch(), mode: new Scratch(), uses: new Scratch(), addrUses: new Scratch(), position: new Scratch() };

class Planner {
  private readonly f: Func;
  private readonly order: Int32Array;
  private readonly mode: Int32Array;
  private readonly uses: Int32Array;
  private readonly addrUses: Int32Array;
  private readonly position: Int32Array;
  private readonly extracts: (Value[] | undefined)[] = [];
  private readonly panics: string[] = [];
  private rpo: Block[] = [];
  private work: Value[] = [];
  // Of the block being stackified: positions of values with effects, ascending.
  private effects: Value[] = [];
  private effectPos: number[] = [];
  /** While operands are nested that are evaluated only if a check fails. */
  private cold = false;

  constructor(f: Func) {
    this.f = f;
    this.order = scratch.order.take(f.numBlocks, -1);
    this.mode = scratch.mode.take(f.numValues);
    this.uses = scratch.uses.take(f.numValues);
    this.addrUses = scratch.addrUses.take(f.numValues);
    this.position = scratch.position.take(f.numValues);
  }

  run(): Plan {
    this.rpo = reachable(this.f, this.order);
    this.markNeeded();
    this.chooseRemat();
    this.countUses();
    const roots = this.rpo.map((b) => this.stackify(b));
    return { f: this.f, rpo: this.rpo, order: this.order, mode: this.mode, uses: this.uses, roots, panics: this.panics, extracts: this.extracts };
  }

  /** Marks what effects, controls and results need; the rest stays dead. */
  private markNeeded(): void {
    for (const b of this.rpo) {
      for (const v of b.values) if (hasEffect(v)) this.need(v);
      if (b.control !== null) this.need(b.control);
      for (const r of b.results) this.need(r);
    }
    while (this.work.length > 0) {
      const v = this.work.pop()!;
      const address = memoryOp[v.op] !== 0;
      v.args.forEach((a, i) => {
        const o = origin(a, Op.copy);
        // An argument of a phi counts only if its edge can be taken.
        if (v.op === Op.phi && this.order[v.block.preds[i].id] < 0) return;
        this.uses[o.id]++;
        if (address && i === 0) this.addrUses[o.id]++;
        this.need(o);
      });
    }
    if (this.f.deferReturn === null) return;
    for (const v of this.f.deferReturn.values) {
      if (v.op === Op.phi && this.mode[v.id] !== Mode.dead) throw new Bug('codegen', this.f.name, 'phi in the deferreturn block');
    }
  }

  private need(v: Value): void {
    v = origin(v, Op.copy);
    if (this.mode[v.id] !== Mode.dead) return;
    this.mode[v.id] = Mode.local;
    this.work.push(v);
    if (v.op === Op.extract) {
      const call = origin(v.args[0], Op.copy);
      (this.extracts[call.id] ??= []).push(v);
    }
  }

  private chooseRemat(): void {
    for (const b of this.rpo) for (const v of b.values) if (this.mode[v.id] === Mode.local && this.isRemat(v)) this.mode[v.id] = Mode.remat;
  }

  private isRemat(v: Value): boolean {
    switch (v.op) {
      case Op.const_i32: case Op.const_i64: case Op.const_f32: case Op.const_f64: case Op.const_ptr: case Op.addr:
      case Op.funcindex: case Op.slot: case Op.g: case Op.nop: return true;
      case Op.ptr_off: {
        return this.isRemat(origin(v.args[0], Op.copy)) || this.foldable(v);
      }
      default: return false;
    }
  }

  /** An offset that goes into the memory accesses that use it. */
  private foldable(v: Value): boolean {
    return (v.aux as number) >= 0 && (v.aux as number) < 0x100000 && this.uses[v.id] - this.addrUses[v.id] <= 0;
  }

  /** Counts uses again, now by the code that will be emitted: a rematerialised offset is a use of its base. */
  private countUses(): void {
    const { uses, mode } = this;
    uses.fill(0);
    for (const b of this.rpo) {
      for (const v of b.values) {
        if (mode[v.id] !== Mode.local) continue;
        if (v.op === Op.phi) {
          v.args.forEach((a, i) => { if (this.order[b.preds[i].id] >= 0) this.addUse(a, 2); });
        } else {
          v.args.forEach((a, i) => this.addUse(a, this.timesUsed(v, i)));
          if (isCheck(v)) this.notePanic(v);
        }
      }
      if (b.control !== null) this.addUse(b.control, 1);
      for (const r of b.results) this.addUse(r, 1);
    }
  }

  private addUse(v: Value, n: number): void {
    v = origin(v, Op.copy);
    while (this.mode[v.id] === Mode.remat && v.op === Op.ptr_off) v = origin(v.args[0], Op.copy);
    this.uses[v.id] += n;
  }

  /** How often the code of v reads its argument i. */
  private timesUsed(v: Value, i: number): number {
    switch (v.op) {
      case Op.boundscheck: return 2;
      case Op.move: case Op.zero: return isInlineMove(v) && !isOneAccess((v.aux as MoveAux).size) ? 2 : 1;
      case Op.extract: return 0;
      default: return isPlainWhenAlone(v) ? timesRead(v, i) : 1;
    }
  }

  private notePanic(v: Value): void {
    if (v.op === Op.nilcheck && this.mode[origin(v.args[0], Op.copy).id] === Mode.remat && isAddress(origin(v.args[0], Op.copy))) return;
    const sym = v.op === Op.nilcheck ? nilPanic : (v.aux as string);
    if (!this.panics.includes(sym)) this.panics.push(sym);
  }

  /** Finds the values of a block that are nested in others; gives the rest in order. */
  private stackify(b: Block): Value[] {
    const list: Value[] = [];
    this.effects = [];
    this.effectPos = [];
    for (const v of b.values) {
      if (this.mode[v.id] !== Mode.local || v.op === Op.phi || v.op === Op.extract || v.op === Op.param) continue;
      this.position[v.id] = list.length;
      if (effectOf(v) !== 0) {
        this.effects.push(v);
        this.effectPos.push(list.length);
      }
      list.push(v);
    }
    if (b.kind === BlockKind.ret) for (let i = b.results.length - 1; i >= 0; i--) this.tryNest(b.results[i], b, list.length, 0);
    if (b.control !== null) this.tryNest(b.control, b, list.length, 0);
    for (let i = list.length - 1; i >= 0; i--) {
      const v = list[i];
      if (this.mode[v.id] === Mode.local) this.nestOperands(v, b, i, 0);
    }
    return list.filter((v) => this.mode[v.id] === Mode.local);
  }

  /** Operands from the last evaluated to the first. */
  private nestOperands(v: Value, b: Block, at: number, depth: number): void {
    const args = v.args;
    switch (v.op) {
      case Op.calli:
        this.tryNest(args[0], b, at, depth);
        for (let i = args.length - 1; i >= 1; i--) this.tryNest(args[i], b, at, depth);
        return;
      case Op.select:
        this.tryNest(args[0], b, at, depth);
        this.tryNest(args[2], b, at, depth);
        this.tryNest(args[1], b, at, depth);
        return;
      case Op.check:
        // The panic function's arguments are evaluated in the cold branch, after the condition.
        this.cold = true;
        for (let i = args.length - 1; i >= 1; i--) this.tryNest(args[i], b, at, depth);
        this.cold = false;
        this.tryNest(args[0], b, at, depth);
        return;
      default:
        for (let i = args.length - 1; i >= 0; i--) this.tryNest(args[i], b, at, depth);
    }
  }

  /** Nests v in the expression that is evaluated at position `at`, if its effects may move there. */
  private tryNest(v: Value, b: Block, at: number, depth: number): void {
    v = origin(v, Op.copy);
    while (this.mode[v.id] === Mode.remat && v.op === Op.ptr_off) v = origin(v.args[0], Op.copy);
    if (this.mode[v.id] !== Mode.local || v.block !== b || this.uses[v.id] !== 1 || depth >= maxNesting) return;
    if (v.op === Op.phi || v.op === Op.param || v.op === Op.extract || v.type === Type.tuple || isSite(v)) return;
    if ((this.cold && (effectOf(v) & Eff.writes) !== 0) || !this.mayMove(v, at)) return;
    this.mode[v.id] = Mode.nested;
    this.nestOperands(v, b, at, depth + 1);
  }

  /** May v be evaluated just before position `at`? Values already nested are evaluated later still, so they don't matter. */
  private mayMove(v: Value, at: number): boolean {
    const eff = effectOf(v);
    if (eff === 0) return true;
    let i = lowerBound(this.effectPos, this.position[v.id]) + 1;
    for (let n = 0; i < this.effectPos.length && this.effectPos[i] < at; i++, n++) {
      const other = this.effects[i];
      if (n > maxScan) return false;
      if (this.mode[other.id] === Mode.nested) continue;
      const o = effectOf(other);
      if ((eff & Eff.writes) !== 0 ? o !== 0 : (o & Eff.writes) !== 0) return false;
    }
    return true;
  }
}

function isAddress(v: Value): boolean {
  return v.op === Op.addr || v.op === Op.slot || (v.op === Op.ptr_off && isAddress(origin(v.args[0], Op.copy)));
}

/** True if a nil check of v can't fail. */
export function neverNil(v: Value): boolean {
  return isAddress(origin(v, Op.copy));
}

function hasEffect(v: Value): boolean {
  return v.op !== Op.newobject && v.op !== Op.tempbuf && (ops[v.op].flags & (Flag.writes | Flag.panics | Flag.calls)) !== 0;
}

/** Effects for ordering. Allocation has none that anybody could see. */
function effectOf(v: Value): number {
  if (v.op === Op.newobject || v.op === Op.tempbuf) return 0;
  const flags = ops[v.op].flags;
  if ((flags & Flag.calls) !== 0) return Eff.reads | Eff.writes | Eff.panics;
  return ((flags & Flag.reads) !== 0 ? Eff.reads : 0) | ((flags & Flag.writes) !== 0 ? Eff.writes : 0) | ((flags & Flag.panics) !== 0 ? Eff.panics : 0);
}

function lowerBound(list: readonly number[], x: number): number {
  let lo = 0;
  let hi = list.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (list[mid] < x) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

/** Blocks that can be reached from the entry or the deferreturn block, in reverse postorder. */
function reachable(f: Func, order: Int32Array): Block[] {
  const post: Block[] = [];
  const seen = new Uint8Array(f.numBlocks);
  const stack: Block[] = [];
  const next: number[] = [];
  for (const root of f.deferReturn === null ? [f.entry] : [f.deferReturn, f.entry]) {
    if (seen[root.id] === 1) continue;
    seen[root.id] = 1;
    stack.push(root);
    next.push(0);
    while (stack.length > 0) {
      const b = stack[stack.length - 1];
      const i = next[next.length - 1]++;
      if (i < b.succs.length) {
        const s = b.succs[b.succs.length - 1 - i];
        if (seen[s.id] === 1) continue;
        seen[s.id] = 1;
        stack.push(s);
        next.push(0);
      } else {
        post.push(b);
        stack.pop();
        next.pop();
      }
    }
  }
  post.reverse();
  post.forEach((b, i) => { order[b.id] = i; });
  return post;
}

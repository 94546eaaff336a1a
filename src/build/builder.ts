// FuncBuilder: makes one IR function. Emits values into a current block, and turns local variables into SSA form while
// it goes (Braun et al., "Simple and Efficient Construction of Static Single Assignment Form"): a variable is one or
// more numbered components, a block is sealed when all its predecessors are known.
//
// Code that can't be reached goes to one sink block that is dropped at the end: `dead` tells, jumps from it make no
// edges, so whole unreachable regions disappear. Trivial phis are forwarded, and all arguments resolved in `finish`.

import { Bug } from '../base/bug.ts';
import type { Pos } from '../base/pos.ts';
import { addEdge, BlockKind, Func, type AuxDatum, type Block, type CallAux, type Value } from '../ir/func.ts';
import { Op, ops } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Kind, type Expr, type FuncLit, type FuncType, type Ident } from '../syntax/ast.ts';
import type { Info } from '../types/info.ts';
import type { Type as ModelType, Var } from '../types/model.ts';
import type { Context, Unit } from './context.ts';
import type { GoType, TypeEnv } from './gotype.ts';

/** The components of a Go value, or [address] for a type in memory. */
export type Vals = readonly Value[];

export const LocalKind = {
  /** Components are SSA variables id, id+1, … */ ssa: 0,
  /** SSA variable `id` holds the address of its cell. */ cell: 1,
  /** The address is fixed: a slot or a parameter. */ fixed: 2,
} as const;
export type LocalKind = (typeof LocalKind)[keyof typeof LocalKind];

/** A variable of the function being built (or one that a closure captured). */
export interface Local { readonly type: GoType; readonly kind: LocalKind; readonly id: number; readonly addr: Value | null }

/** A variable of an outer function that this closure uses. */
export interface Capture { readonly v: Var; readonly type: GoType; readonly byRef: boolean; readonly local: Local }

/** Where break and continue lead; one per enclosing statement. */
export interface Target {
  readonly label: string | null;
  readonly brk: Block | null;
  readonly cont: Block | null;
}

/** What differs between a declared function, a closure, and a loop body made a closure. */
export interface FuncOptions {
  readonly unit: Unit;
  readonly env: TypeEnv | null;
  readonly parent: FuncBuilder | null;
  /** The Go signature; null for wrappers. */
  readonly sig: GoType | null;
  readonly funcType: FuncType | null;
}

/** Deferred-call state of a function (defer.ts). */
export interface DeferState {
  readonly frame: Value;
  readonly block: Block;
  /** Records on the stack. */
  readonly records: Value[];
  /** Some records are on the heap. */
  inLoop: boolean;
}

const noNames: ReadonlySet<string> = new Set();

/** A way out of the body closure of a range over a function other than its own end. */
export interface RangeExit { readonly code: number; readonly kind: 'break' | 'continue' | 'goto' | 'return'; readonly label: string | null }

/** State of the body closure of a range over a function. */
export interface RangeBody {
  /** The function around all such loops. */
  readonly root: FuncBuilder;
  readonly state: Var;
  readonly label: string | null;
  readonly exits: RangeExit[];
}

/** See FuncBuilder.hidden. */
export interface HiddenVars {
  /** One per result. */
  results: Var[];
  /** Exit code of the innermost loop being left. */
  next: Var;
  frame: Var | null;
  recoverOk: Var | null;
  codes: number;
}

/** Packages whose loops go without polls: the runtime, and what stands in for its assembler. */
function isRuntime(path: string): boolean { return path === 'runtime' || path.startsWith('internal/runtime/') || path === 'internal/bytealg'; }

export class FuncBuilder {
  readonly ctx: Context;
  readonly fn: Func;
  readonly unit: Unit;
  readonly info: Info;
  readonly env: TypeEnv | null;
  readonly parent: FuncBuilder | null;
  readonly sig: GoType | null;
  cur: Block;
  /** The current block can't be reached. */
  dead = false;

  readonly locals = new Map<Var, Local>();
  readonly captures: Capture[] = [];
  /** Offsets of the captures in the closure object. */
  readonly captureOffsets: number[] = [];
  /** Values of subexpressions evaluated ahead of the rest of their statement, by expression id. */
  readonly pre = new Map<number, Vals>();
  readonly targets: Target[] = [];
  readonly labels = new Map<string, Block>();
  /** Label of the statement about to be built. */
  pendingLabel: string | null = null;
  /** Next case's body, for fallthrough. */
  fallthrough: Block | null = null;
  loopDepth = 0;
  defers: DeferState | null = null;
  /** The next closure object may be a stack object: it is called at most by this activation's deferred calls. */
  closureOnStack = false;
  /** The function literal that a defer statement calls: its object may be on the stack, too. */
  stackLit: FuncLit | null = null;
  /** 1 if this activation was called by the defer mechanism: what recover asks (defer.ts). */
  recoverOk: Value | null = null;
  /** Where results are stored by a return: locals of all results, in functions that have named ones or defer. */
  results: Local[] = [];
  resultTypes: readonly GoType[] = [];
  /** Addresses for results in memory, by result index. */
  sret: (Value | null)[] = [];
  /** Set in the body closure of a range over a function (rangefunc.ts). */
  rangeBody: RangeBody | null = null;
  /** Names of all labels declared in this body, and of those that goto statements lead to. */
  labelNames: ReadonlySet<string> | null = null;
  gotoLabels: ReadonlySet<string> = noNames;
  /** A defer record may be on the stack if the statement runs at most once. */
  hasBackwardGoto = false;
  /** Code that can't be reached was left out up to a label, here or in a function literal: declarations may be missing behind it. */
  hasDeadLabel = false;
  /** Variables made up by the builder for loop bodies: results, the frame of deferred calls, …; in the function around all of them. */
  hidden: HiddenVars | null = null;
  /** Numbering of closures, wrappers and loop bodies, as gc counts them. */
  funcLits = 0;
  rangeLits = 0;
  wrappers = 0;
  /** While arguments are evaluated that must be kept alive during a call: the pointers that were converted to uintptr. */
  converted: Value[] | null = null;
  /** Built from a function literal. */
  isFuncLit = false;
  /** What names of closures inside start with. */
  closurePrefix: string;

  private readonly sink: Block;
  private readonly varTypes: Type[] = [];
  private readonly defs: (Value | undefined)[][] = [];
  private readonly sealed: boolean[] = [];
  private readonly incomplete: (Value[] | undefined)[] = [];
  private readonly phis: (Value[] | undefined)[] = [];
  private readonly allPhis: Value[] = [];
  private readonly phiVar: number[] = [];
  private readonly forward: (Value | undefined)[] = [];
  private readonly prologue: Value[] = [];
  private readonly paramCache: (Value | undefined)[] = [];
  private readonly freeTemps = new Map<number, Value[]>();
  private usedTemps: { t: number; v: Value }[] = [];
  private forced = false;
  private raw: Pos = 0;
  private convertedPos: Pos = 0;
  private posIndex = 0;
  private readonly posCache = new Map<Pos, number>();

  constructor(ctx: Context, name: string, params: Type[], results: Type[], o: FuncOptions) {
    this.ctx = ctx;
    this.fn = new Func(name, params, results);
    this.unit = o.unit;
    this.info = o.unit.info;
    this.env = o.env;
    this.parent = o.parent;
    this.sig = o.sig;
    this.closurePrefix = name;
    this.sink = this.fn.newBlock(BlockKind.unreachable);
    this.cur = this.fn.entry;
    this.sealed[this.cur.id] = true;
    this.sealed[this.sink.id] = true;
  }

  get name(): string { return this.fn.name; }

  // ---- types and facts

  /** The GoType of an expression. */
  typeOf(e: Expr): GoType {
    let t = this.info.typeOf(e);
    // The checker records no type for a variable on the left of an assignment.
    if (t === null && e.kind === Kind.Ident) t = this.varOf(e)?.type ?? null;
    if (t === null) throw this.bug(`no type recorded for an expression of kind ${e.kind} at ${this.ctx.fset.format(e.pos)}`);
    return this.ctx.typeOf(t, this.env);
  }

  go(t: ModelType): GoType { return this.ctx.typeOf(t, this.env); }

  varOf(id: Ident): Var | null {
    const o = this.info.objectOf(id);
    return o !== null && o.kind === 3 ? o : null;
  }

  bug(what: string): Bug {
    return new Bug('build', this.fn.name, `${what} (near ${this.ctx.fset.format(this.raw)})`);
  }

  // ---- positions

  /** Sets the position of the values that follow; returns the old one. */
  at(pos: Pos): Pos {
    const old = this.raw;
    if (pos !== 0) this.raw = pos;
    return old;
  }

  /** Index of the current position in Program.positions. */
  position(): number {
    if (this.raw !== this.convertedPos) {
      this.convertedPos = this.raw;
      let i = this.posCache.get(this.raw);
      if (i === undefined) this.posCache.set(this.raw, (i = this.ctx.position(this.raw, this.fn.name)));
      this.posIndex = i;
    }
    return this.posIndex;
  }

  // ---- values

  /** Appends a value whose type the table of operations gives. */
  emit(op: number, args: Value[], aux: AuxDatum = null): Value {
    return this.fn.newValue(this.cur, op, ops[op]!.result as Type, args, aux, this.position());
  }

  /** Appends a value of the given type (select, calls, copies). */
  emitTyped(op: number, type: Type, args: Value[], aux: AuxDatum = null): Value {
    return this.fn.newValue(this.cur, op, type, args, aux, this.position());
  }

  /** At the back edge of a loop: the place to be preempted. Loops of the runtime are short, and are not preempted in gc either. */
  poll(): void { if (!isRuntime(this.unit.path)) this.emit(Op.poll, []); }

  i32(n: number): Value { return this.emit(Op.const_i32, [], n | 0); }
  i64(n: bigint | number): Value { return this.emit(Op.const_i64, [], BigInt.asIntN(64, BigInt(n))); }
  nil(): Value { return this.emit(Op.const_ptr, [], 0); }
  addr(sym: string): Value { return this.emit(Op.addr, [], sym); }
  select(c: Value, a: Value, b: Value): Value { return a === b ? a : this.emitTyped(Op.select, a.type, [c, a, b]); }

  /** Zero of an IR type. */
  zero(t: Type): Value {
    switch (t) {
      case Type.i32: return this.i32(0);
      case Type.i64: return this.emit(Op.const_i64, [], 0n);
      case Type.f32: return this.emit(Op.const_f32, [], 0);
      case Type.f64: return this.emit(Op.const_f64, [], 0);
      default: return this.nil();
    }
  }

  /** base + n bytes. */
  offset(base: Value, n: number): Value {
    if (n === 0) return base;
    if (base.op === Op.ptr_off) return this.emit(Op.ptr_off, [base.args[0]!], (base.aux as number) + n);
    return this.emit(Op.ptr_off, [base], n);
  }

  /** Parameter i, one value per function. */
  param(i: number): Value {
    let v = this.paramCache[i];
    if (v === undefined) {
      const type = i === this.fn.params.length ? Type.ptr : this.fn.params[i]!;
      v = this.early(Op.param, type, [], i);
      this.paramCache[i] = v;
    }
    return v;
  }

  /** The context of a closure function: its func value. */
  context(): Value {
    this.fn.closure = true;
    return this.param(this.fn.params.length);
  }

  /** A value at the head of the entry block, after the earlier ones made so; its arguments must be such values too. */
  early(op: number, type: Type, args: Value[], aux: AuxDatum): Value {
    const v = this.fn.newValueNoAdd(this.fn.entry, op, type, this.position());
    v.args = args;
    v.aux = aux;
    this.prologue.push(v);
    return v;
  }

  /** A stack object that belongs to this activation alone; never a variable whose address gets away. */
  slot(size: number, align: number, ptrmask: readonly number[], name: string): Value {
    return this.early(Op.slot, Type.ptr, [], { size, align, ptrmask, name });
  }

  /** A temporary stack object for a value of t; free again at the end of the statement. */
  temp(t: GoType): Value {
    const free = this.freeTemps.get(t.id);
    const v = free !== undefined && free.length > 0 ? free.pop()! : this.slot(t.size, t.align, t.ptrmask, '');
    this.usedTemps.push({ t: t.id, v });
    return v;
  }

  /** Number of temporaries in use, for `releaseTemps`. */
  markTemps(): number { return this.usedTemps.length; }

  /** Gives temporaries taken since the mark back. */
  releaseTemps(mark: number): void {
    while (this.usedTemps.length > mark) {
      const u = this.usedTemps.pop()!;
      const list = this.freeTemps.get(u.t);
      if (list === undefined) this.freeTemps.set(u.t, [u.v]);
      else list.push(u.v);
    }
  }

  /** Emits a call; the results as a list. */
  call(op: number, aux: CallAux, args: Value[]): Value[] {
    const n = aux.results.length;
    const v = this.emitTyped(op, n === 0 ? Type.void : n === 1 ? aux.results[0]! : Type.tuple, args, aux);
    if (aux.noreturn === true) {
      this.cur.kind = BlockKind.unreachable;
      this.setDead();
    }
    if (n === 0) return [];
    if (n === 1) return [v];
    const out: Value[] = [];
    for (let i = 0; i < n; i++) out.push(this.emitTyped(Op.extract, aux.results[i]!, [v], i));
    return out;
  }

  /** Symbol of an entry point of package runtime, for checks that call it when they fail. */
  runtimeSym(name: string): string { return this.ctx.runtimeCall(name).sym; }

  /** Address of a variable of package runtime. */
  runtimeVar(name: string): Value { return this.addr(this.ctx.runtimeVar(name)); }

  /** Panics if p is nil. */
  nilcheck(p: Value): void {
    this.ctx.runtimeCall('sigpanic');
    this.emit(Op.nilcheck, [p]);
  }

  /** Panics by calling `name` of package runtime unless cond holds. */
  check(cond: Value, name: string, ...args: Value[]): void {
    this.emit(Op.check, [cond, ...args], this.runtimeSym(name));
  }

  /** Memory for a result of `size` bytes at most, if it turns out not to escape; else nil. */
  tempbuf(size: number, ptrmask: readonly number[] = []): Value {
    return this.emit(Op.tempbuf, [], { typ: '', size, align: 8, ptrmask, name: '.buf' });
  }

  /** The box that gc's function `name` makes; see analysis/boxes.ts. */
  boxed(name: string, args: Vals): Value {
    return this.call(Op.call, { ...this.ctx.runtimeCall(name), noinline: true }, [...args])[0]!;
  }

  /** Calls an entry point of package runtime by gc's name. */
  runtime(name: string, ...args: Value[]): Value[] {
    return this.call(Op.call, this.ctx.runtimeCall(name), args);
  }

  // ---- blocks

  /** A new block, not sealed. */
  block(): Block {
    const b = this.fn.newBlock(BlockKind.unreachable);
    this.sealed[b.id] = false;
    return b;
  }

  private setDead(): void {
    this.dead = true;
    this.cur = this.sink;
  }

  /** Ends the current block with a jump. */
  jump(to: Block): void {
    if (this.dead) return;
    this.cur.kind = BlockKind.plain;
    this.cur.pos = this.position();
    addEdge(this.cur, to);
    this.setDead();
  }

  /** Ends the current block with a branch. */
  branch(cond: Value, yes: Block, no: Block, likely = 0): void {
    if (this.dead) return;
    const b = this.cur;
    b.kind = BlockKind.branch;
    b.control = cond;
    b.likely = likely;
    b.pos = this.position();
    addEdge(b, yes);
    addEdge(b, no);
    this.setDead();
  }

  /** Ends the current block with a jump table; the last target is the default. */
  switchTo(index: Value, to: readonly Block[]): void {
    if (this.dead) return;
    const b = this.cur;
    b.kind = BlockKind.switch;
    b.control = index;
    b.pos = this.position();
    for (const t of to) addEdge(b, t);
    this.setDead();
  }

  /** Ends the current block with a return. */
  ret(results: Value[]): void {
    if (this.dead) return;
    const b = this.cur;
    b.kind = BlockKind.ret;
    b.results = results;
    b.pos = this.position();
    this.setDead();
  }

  /** Goes on in block b; unless it gets more predecessors later (`open`, loop headers), it is sealed. */
  start(b: Block, open = false): void {
    if (!open) this.seal(b);
    if (b.preds.length === 0) {
      this.setDead();
      return;
    }
    this.dead = false;
    this.cur = b;
  }

  /** Goes on in a block that a later goto may reach, even if nothing does yet. */
  startLabel(b: Block): void {
    this.forced = true;
    this.dead = false;
    this.cur = b;
  }

  /** All predecessors of b are known. */
  seal(b: Block): void {
    if (this.sealed[b.id]) return;
    this.sealed[b.id] = true;
    const list = this.incomplete[b.id];
    if (list === undefined) return;
    this.incomplete[b.id] = undefined;
    this.fillPhis(list);
  }

  // ---- SSA variables

  /** Makes a variable of n components; returns the number of the first. */
  newVar(types: readonly Type[]): number {
    const id = this.varTypes.length;
    for (const t of types) this.varTypes.push(t);
    return id;
  }

  private defsOf(b: Block): (Value | undefined)[] {
    return (this.defs[b.id] ??= []);
  }

  writeVar(id: number, v: Value): void {
    if (this.dead) return;
    this.defsOf(this.cur)[id] = v;
  }

  /** Sets a variable's value for the whole function, from the entry on; it must not be set elsewhere. */
  defineAtEntry(id: number, v: Value): void {
    this.defsOf(this.fn.entry)[id] = v;
  }

  readVar(id: number): Value {
    if (this.dead) return this.zero(this.varTypes[id]!);
    const work: Value[] = [];
    const v = this.lookup(id, this.cur, work);
    if (work.length === 0) return v;
    this.fillPhis(work);
    return this.resolve(v);
  }

  /** The value of a variable at the end of b; phis without operands are made and put on the worklist where paths meet. */
  private lookup(id: number, b: Block, work: Value[]): Value {
    let x = b;
    let v: Value | undefined;
    for (;;) {
      v = this.defs[x.id]?.[id];
      if (v !== undefined) break;
      if (!this.sealed[x.id]) {
        v = this.newPhi(x, id);
        (this.incomplete[x.id] ??= []).push(v);
        this.defsOf(x)[id] = v;
        break;
      }
      if (x.preds.length === 1) {
        x = x.preds[0]!;
        continue;
      }
      if (x.preds.length === 0) {
        v = this.undefined(this.varTypes[id]!);
        this.defsOf(x)[id] = v;
        break;
      }
      v = this.newPhi(x, id);
      this.defsOf(x)[id] = v;
      work.push(v);
      break;
    }
    v = this.resolve(v);
    if (x !== b) this.defsOf(b)[id] = v;
    return v;
  }

  /** The value of a variable on a path where it was never set; such a path is never taken. */
  private undefined(t: Type): Value {
    const op = t === Type.i32 ? Op.const_i32 : t === Type.i64 ? Op.const_i64 : t === Type.f32 ? Op.const_f32 : t === Type.f64 ? Op.const_f64 : Op.const_ptr;
    return this.early(op, t, [], t === Type.i64 ? 0n : 0);
  }

  private newPhi(b: Block, id: number): Value {
    const v = this.fn.newValueNoAdd(b, Op.phi, this.varTypes[id]!, 0);
    this.phiVar[v.id] = id;
    (this.phis[b.id] ??= []).push(v);
    this.allPhis.push(v);
    return v;
  }

  private fillPhis(work: Value[]): void {
    for (let i = 0; i < work.length; i++) {
      const phi = work[i]!;
      const id = this.phiVar[phi.id]!;
      for (const p of phi.block.preds) phi.args.push(this.lookup(id, p, work));
    }
    for (let i = work.length - 1; i >= 0; i--) this.simplify(work[i]!);
  }

  /** Forwards a phi all of whose operands are one value (or itself); tells whether it did. */
  private simplify(phi: Value): boolean {
    let same: Value | null = null;
    for (const a of phi.args) {
      const r = this.resolve(a);
      if (r === phi || r === same) continue;
      if (same !== null) return false;
      same = r;
    }
    this.forward[phi.id] = same ?? this.undefined(phi.type);
    return true;
  }

  /** Follows forwarded phis. */
  resolve(v: Value): Value {
    let r = this.forward[v.id];
    if (r === undefined) return v;
    for (let n = this.forward[r.id]; n !== undefined; n = this.forward[r.id]) r = n;
    this.forward[v.id] = r;
    return r;
  }

  // ---- the end

  /** Puts the function in its final form. */
  finish(): Func {
    for (const b of this.fn.blocks) this.seal(b);
    for (let changed = true; changed;) {
      changed = false;
      for (const p of this.allPhis) if (this.forward[p.id] === undefined && this.simplify(p)) changed = true;
    }
    const fn = this.fn;
    fn.blocks = fn.blocks.filter((b) => b !== this.sink);
    for (const b of fn.blocks) {
      const phis = this.phis[b.id];
      if (phis !== undefined) {
        const live = phis.filter((p) => this.forward[p.id] === undefined);
        if (live.length > 0) b.values = [...live, ...b.values];
      }
    }
    if (this.prologue.length > 0) fn.entry.values = [...this.prologue, ...fn.entry.values];
    this.prune();
    this.resolveAll();
    return fn;
  }

  private resolveAll(): void {
    for (const b of this.fn.blocks) for (const v of b.values) v.uses = 0;
    for (const b of this.fn.blocks) {
      for (const v of b.values) {
        const args = v.args;
        for (let i = 0; i < args.length; i++) {
          let a = args[i]!;
          if (this.forward[a.id] !== undefined) args[i] = a = this.resolve(a);
          a.uses++;
        }
      }
      if (b.control !== null) { b.control = this.resolve(b.control); b.control.uses++; }
      for (let i = 0; i < b.results.length; i++) { b.results[i] = this.resolve(b.results[i]!); b.results[i]!.uses++; }
    }
  }

  /** Drops blocks that can't be reached (empty regions, labels that nothing jumps to). */
  private prune(): void {
    const fn = this.fn;
    const seen = new Uint8Array(fn.numBlocks);
    const work = fn.deferReturn === null ? [fn.entry] : [fn.entry, fn.deferReturn];
    for (const b of work) seen[b.id] = 1;
    let n = work.length;
    while (work.length > 0) {
      for (const s of work.pop()!.succs) if (seen[s.id] === 0) { seen[s.id] = 1; n++; work.push(s); }
    }
    if (n === fn.blocks.length) return;
    fn.blocks = fn.blocks.filter((b) => seen[b.id] === 1);
    if (!this.forced) return;
    for (const b of fn.blocks) {
      if (b.preds.every((p) => seen[p.id] === 1)) continue;
      const keep = b.preds.map((p) => seen[p.id] === 1);
      for (const v of b.values) {
        if (v.op !== Op.phi) break;
        v.args = v.args.filter((_, i) => keep[i]);
      }
      b.preds = b.preds.filter((_, i) => keep[i]);
    }
  }
}

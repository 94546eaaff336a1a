// gvn: along the dominator tree, a pure operation that a dominating block has computed is not computed again, a check that
// a dominating check or branch has decided is dropped, a load whose memory did not change in between gives the value known.
// Requires: no unreachable blocks. Keeps the control-flow graph.

import { dominatorTree } from '../analysis/graph.ts';
import type { DominatorTree } from '../analysis/graph.ts';
import { BlockKind } from '../ir/func.ts';
import type { Block, CallAux, Func, MoveAux, Value } from '../ir/func.ts';
import { Aux, Flag, Op, ops } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Replacements, countUses } from './edit.ts';
import { isNeverNil } from './simplify.ts';

/** Value numbering with removal of repeated checks and loads. */
export function gvn(f: Func): boolean {
  return new Numbering(f).run();
}

interface KnownLoad { readonly op: number; readonly base: Value; readonly offset: number; readonly size: number; readonly value: Value }

const loadSize = new Map<number, number>([
  [Op.load8s, 1], [Op.load8u, 1], [Op.load16s, 2], [Op.load16u, 2], [Op.load_i32, 4], [Op.load_i64, 8], [Op.load_f32, 4], [Op.load_f64, 8], [Op.load_ptr, 8], [Op.load_ref, 8],
]);
/** Store, its size, and the load that reads back what it wrote (none for narrow ones, which cut the value). */
const stores = new Map<number, { size: number; load: number }>([
  [Op.store8, { size: 1, load: -1 }], [Op.store16, { size: 2, load: -1 }], [Op.store_i32, { size: 4, load: Op.load_i32 }], [Op.store_i64, { size: 8, load: Op.load_i64 }],
  [Op.store_f32, { size: 4, load: Op.load_f32 }], [Op.store_f64, { size: 8, load: Op.load_f64 }], [Op.store_ptr, { size: 8, load: Op.load_ptr }],
]);

const MAX_KNOWN_LOADS = 40;
/** Known loads are carried over at most so many blocks between a block and one that it dominates. */
const MAX_BETWEEN = 30;

class Numbering {
  private readonly f: Func;
  private readonly tree: DominatorTree;
  private readonly rep = new Replacements();
  private readonly table = new Map<string, Value>();
  /** Keys to take out of the table when a subtree is left; null marks a level. */
  private readonly undo: { key: string; before: Value | undefined }[] = [];
  private readonly removed = new Set<Value>();
  private readonly privateSlots: Set<Value>;

  constructor(f: Func) {
    this.f = f;
    this.tree = dominatorTree(f);
    this.privateSlots = findPrivateSlots(f);
  }

  run(): boolean {
    for (const b of this.tree.order) if (this.tree.idom[b.id] === null) this.visit(b);
    this.rep.apply(this.f);
    if (this.removed.size > 0) {
      for (const b of this.f.blocks) b.values = b.values.filter((v) => !this.removed.has(v));
      countUses(this.f);
    }
    return this.rep.any || this.removed.size > 0;
  }

  private visit(root: Block): void {
    const stack: { b: Block; mark: number; loads: KnownLoad[]; entered: boolean }[] = [{ b: root, mark: 0, loads: [], entered: false }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (top.entered) { this.rollback(top.mark); stack.pop(); continue; }
      top.entered = true;
      top.mark = this.undo.length;
      this.branchFacts(top.b);
      const loads = this.block(top.b, top.loads);
      for (const c of this.tree.children[top.b.id]!) {
        stack.push({ b: c, mark: 0, loads: this.survivors(loads, top.b, c), entered: false });
      }
    }
  }

  /** Which of the loads known at the end of b are known where c begins, which b immediately dominates. */
  private survivors(loads: readonly KnownLoad[], b: Block, c: Block): KnownLoad[] {
    let left = [...loads];
    const seen = new Set<Block>();
    const work = [...c.preds];
    for (let x = work.pop(); x !== undefined && left.length > 0; x = work.pop()) {
      if (x === b || seen.has(x)) continue;
      if (seen.size === MAX_BETWEEN) return [];
      seen.add(x);
      for (const v of x.values) if (loadSize.get(v.op) === undefined && (ops[v.op]!.flags & (Flag.writes | Flag.calls)) !== 0) left = this.afterEffect(v, left);
      work.push(...x.preds);
    }
    return left;
  }

  private set(key: string, v: Value): void {
    this.undo.push({ key, before: this.table.get(key) });
    this.table.set(key, v);
  }

  private rollback(mark: number): void {
    while (this.undo.length > mark) {
      const { key, before } = this.undo.pop()!;
      if (before === undefined) this.table.delete(key); else this.table.set(key, before);
    }
  }

  /** What the branch into b (its only predecessor's) says of values: nil or not, and the condition itself. */
  private branchFacts(b: Block): void {
    if (b.preds.length !== 1) return;
    const p = b.preds[0]!;
    if (p.kind !== BlockKind.branch || p.succs[0] === p.succs[1]) return;
    const c = this.rep.get(p.control!);
    const taken = p.succs[0] === b;
    this.set(`cond ${c.id}`, taken ? trueMark : falseMark);
    if (c.op === Op.notnil && taken) this.nonNil(c.args[0]!);
    if (c.op === Op.isnil && !taken) this.nonNil(c.args[0]!);
    if ((c.op === Op.ltu_i64 && taken) || (c.op === Op.geu_i64 && !taken)) this.set(`bounds ${this.rep.get(c.args[0]!).id} ${this.rep.get(c.args[1]!).id}`, trueMark);
  }

  private nonNil(p: Value): void { this.set(`nonnil ${this.rep.get(p).id}`, trueMark); }

  private block(b: Block, inherited: KnownLoad[]): KnownLoad[] {
    let loads = inherited;
    for (const v of b.values) {
      for (let i = 0; i < v.args.length; i++) { const w = this.rep.get(v.args[i]!); if (w !== v.args[i]) v.args[i] = w; }
      const info = ops[v.op]!;
      if ((info.flags & Flag.pure) !== 0) { this.pure(v); continue; }
      if (v.op === Op.nilcheck) { this.nilcheck(v); continue; }
      if (v.op === Op.boundscheck) { this.once(v, `bounds ${v.args[0]!.id} ${v.args[1]!.id}`); continue; }
      if (v.op === Op.check) { this.check(v); continue; }
      if (v.op === Op.g) { this.replaceBy(v, 'g'); continue; }
      const size = loadSize.get(v.op);
      if (size !== undefined) loads = this.load(v, size, loads);
      else if ((info.flags & (Flag.writes | Flag.calls)) !== 0) loads = this.afterWrite(v, loads);
    }
    if (b.control !== null) {
      const known = this.table.get(`cond ${this.rep.get(b.control).id}`);
      if (known !== undefined && b.kind === BlockKind.branch) this.decide(b, known === trueMark);
    }
    return loads;
  }

  /** The branch's outcome is known from a dominating branch on the same condition. */
  private decide(b: Block, taken: boolean): void {
    const c = this.f.newValueNoAdd(b, Op.const_i32, Type.i32, 0);
    c.aux = taken ? 1 : 0;
    b.values.push(c);
    b.control = c;
    this.rep.any = true;
  }

  private pure(v: Value): void {
    if (v.op === Op.phi || v.op === Op.param || v.op === Op.slot || v.op === Op.nop) return;
    const key = this.keyOf(v);
    const known = this.table.get(key);
    if (known !== undefined) { this.rep.set(v, known); return; }
    this.set(key, v);
  }

  private keyOf(v: Value): string {
    let [a, b] = [v.args[0]?.id ?? 0, v.args[1]?.id ?? 0];
    if ((ops[v.op]!.flags & Flag.commutative) !== 0 && a > b) [a, b] = [b, a];
    const kind = ops[v.op]!.aux;
    const aux = kind === Aux.none ? '' : Object.is(v.aux, -0) ? '-0' : String(v.aux);
    const c = v.args.length > 2 ? v.args[2]!.id : 0;
    return `${v.op} ${v.type} ${a} ${b} ${c} ${aux}`;
  }

  private replaceBy(v: Value, key: string): void {
    const known = this.table.get(key);
    if (known !== undefined) this.rep.set(v, known); else this.set(key, v);
  }

  private once(v: Value, key: string): void {
    if (this.table.has(key)) this.removed.add(v); else this.set(key, v);
  }

  private nilcheck(v: Value): void {
    const p = v.args[0]!;
    if (isNeverNil(p)) { this.removed.add(v); return; }
    this.once(v, `nonnil ${p.id}`);
  }

  private check(v: Value): void {
    const c = v.args[0]!;
    if (c.op === Op.const_i32 && c.aux !== 0) { this.removed.add(v); return; }
    if (this.table.get(`cond ${c.id}`) === trueMark) { this.removed.add(v); return; }
    this.set(`cond ${c.id}`, trueMark);
    if (c.op === Op.notnil) this.nonNil(c.args[0]!);
  }

  private load(v: Value, size: number, loads: KnownLoad[]): KnownLoad[] {
    const base = v.args[0]!;
    const offset = v.aux as number;
    const op = v.op === Op.load_ref ? Op.load_ptr : v.op;
    for (const k of loads) if (k.op === op && k.base === base && k.offset === offset) { this.rep.set(v, k.value); return loads; }
    if (loads.length >= MAX_KNOWN_LOADS) loads.shift();
    loads.push({ op, base, offset, size, value: v });
    return loads;
  }

  /** Known loads that survive the effect v. */
  private afterEffect(v: Value, loads: KnownLoad[]): KnownLoad[] {
    const s = stores.get(v.op);
    if (s === undefined) {
      // Other goroutines may run at a poll, but what they write is not to be seen without synchronisation.
      if (v.op === Op.poll) return loads;
      if (v.op === Op.newobject) return loads;
      if (v.op === Op.zero && (v.aux as MoveAux).size >= 0) return loads.filter((k) => this.disjoint(k, v.args[0]!, 0, (v.aux as MoveAux).size));
      const harmless = v.op === Op.callk && !(v.aux as CallAux).suspends && readOnlyKernel.has((v.aux as CallAux).sym);
      if (harmless) return loads;
      // No pointer but its own address reaches a private slot; a move or a zero may be given that.
      const touched = v.args.map(rootOf);
      return loads.filter((k) => this.isPrivate(k.base) && !touched.includes(rootOf(k.base)));
    }
    return loads.filter((k) => this.disjoint(k, v.args[0]!, v.aux as number, s.size));
  }

  /** The same; a plain store adds one. */
  private afterWrite(v: Value, loads: KnownLoad[]): KnownLoad[] {
    const kept = this.afterEffect(v, loads);
    const s = stores.get(v.op);
    if (s === undefined || s.load < 0) return kept;
    if (kept.length >= MAX_KNOWN_LOADS) kept.shift();
    kept.push({ op: s.load, base: v.args[0]!, offset: v.aux as number, size: s.size, value: v.args[1]! });
    return kept;
  }

  /** Can [base+offset, +size) not overlap what k read? Same base and other bytes, or one of them a private slot. */
  private disjoint(k: KnownLoad, base: Value, offset: number, size: number): boolean {
    const [kb, ko] = split(k.base, k.offset);
    const [b, o] = split(base, offset);
    if (isSame(kb, b)) return ko + k.size <= o || o + size <= ko;
    if (kb.op === Op.ptr_add || b.op === Op.ptr_add) {
      const [x, y] = [rootOf(kb), rootOf(b)];
      return !isSame(x, y) && (this.privateSlots.has(x) !== this.privateSlots.has(y) || (isDistinct(x) && isDistinct(y)));
    }
    return this.privateSlots.has(kb) || this.privateSlots.has(b) || (isDistinct(kb) && isDistinct(b));
  }

  private isPrivate(base: Value): boolean { return this.privateSlots.has(rootOf(base)); }
}

/** Kernel functions that write no memory that Go code reads. */
const readOnlyKernel = new Set(['getg', 'nanotime', 'walltime', 'cheaprand', 'chanlen', 'chancap']);

const mark = (f: number): Value => ({ id: -f }) as unknown as Value;
const trueMark = mark(1);
const falseMark = mark(2);

function split(p: Value, offset: number): [Value, number] {
  let v = p;
  let o = offset;
  while (v.op === Op.ptr_off) { o += v.aux as number; v = v.args[0]!; }
  return [v, o];
}

function rootOf(p: Value): Value {
  let v = p;
  while (v.op === Op.ptr_off || v.op === Op.ptr_add) v = v.args[0]!;
  return v;
}

/** Certainly the same address. In blocks that are not numbered yet a symbol's address may still be several values. */
function isSame(a: Value, b: Value): boolean { return a === b || (a.op === Op.addr && b.op === Op.addr && a.aux === b.aux); }

/** Objects with an identity of their own: two different ones (isSame) never overlap. */
function isDistinct(v: Value): boolean { return v.op === Op.slot || v.op === Op.newobject || v.op === Op.addr; }

/** Slots whose address is only used to load, store and move directly: no other pointer reaches them. */
function findPrivateSlots(f: Func): Set<Value> {
  const slots = new Set<Value>();
  for (const v of f.entry.values) if (v.op === Op.slot) slots.add(v);
  if (slots.size === 0) return slots;
  for (const b of f.blocks) {
    for (const v of b.values) v.args.forEach((a, i) => {
      const r = rootOf(a);
      if (!slots.has(r)) return;
      const direct = v.op === Op.ptr_off || v.op === Op.ptr_add || loadSize.has(v.op) || (stores.has(v.op) && i === 0) || (v.op === Op.move && i < 2) || (v.op === Op.zero && i === 0) || v.op === Op.nilcheck;
      if (!direct) slots.delete(r);
    });
    for (const r of b.results) slots.delete(rootOf(r));
  }
  return slots;
}

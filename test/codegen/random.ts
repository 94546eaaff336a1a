// Random IR programs: arbitrary control flow, irreducible included, over a handful of variables of all types, with
// calls, polls, stack objects and memory. They end because each block burns fuel. No result depends on an address.
import { addEdge, BlockKind, Func } from '../../src/ir/func.ts';
import type { AuxDatum, CallAux, Value , Block} from '../../src/ir/func.ts';
import { Op } from '../../src/ir/op.ts';
import { Type } from '../../src/ir/type.ts';

/** A small deterministic generator of numbers. */
export class Random {
  private s: number;
  constructor(seed: number) {
    this.s = (seed * 2654435761) >>> 0 || 1;
  }
  next(): number {
    this.s ^= this.s << 13;
    this.s ^= this.s >>> 17;
    this.s ^= this.s << 5;
    return this.s >>> 0;
  }
  below(n: number): number {
    return this.next() % n;
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

/** Bytes of each data symbol and slot; offsets are masked to stay inside. */
export const areaSize = 64;
export const dataSymbols = ['main.a', 'main.b'];

/** Signature of all random functions: (fuel, x i64, y i32, z f64, p ptr) -> (i64, i32, f64). */
export const params = [Type.i32, Type.i64, Type.i32, Type.f64, Type.ptr];
export const results = [Type.i64, Type.i32, Type.f64];

const varTypes = [Type.i32, Type.i64, Type.i32, Type.f64, Type.ptr, Type.i64, Type.i32, Type.ptr, Type.f32, Type.i64];
const fuel = 0;

export interface Shape {
  blocks: number;
  ops: number;
  slots: number;
  calls: readonly string[];
  indirect: readonly string[];
}

/** Makes a function of the given name. */
export function randomFunc(name: string, r: Random, shape: Shape, suspends: boolean): Func {
  return new Maker(name, r, shape, suspends).run();
}

type Vars = Value[];

class Maker {
  private readonly f: Func;
  private readonly r: Random;
  private readonly shape: Shape;
  private readonly suspends: boolean;
  private slots: Value[] = [];
  private b!: Block;
  private vars: Vars = [];

  constructor(name: string, r: Random, shape: Shape, suspends: boolean) {
    this.f = new Func(name, params, results);
    this.f.suspends = suspends;
    this.f.closure = suspends && shape.indirect.includes(name);
    this.f.addressTaken = this.f.closure;
    this.r = r;
    this.shape = shape;
    this.suspends = suspends;
  }

  run(): Func {
    const { f, r, shape } = this;
    this.b = f.entry;
    this.vars = params.map((t, i) => this.value(Op.param, t, [], i));
    for (let i = 0; i < shape.slots; i++) {
      this.slots.push(this.value(Op.slot, Type.ptr, [], { size: areaSize, align: 8, ptrmask: [0x80], name: `s${i}` }));
    }
    for (let i = params.length; i < varTypes.length; i++) this.vars.push(this.start(varTypes[i]));
    for (const s of this.slots) this.value(Op.zero, Type.void, [s], { size: areaSize - 8, align: 8, ptrs: false });
    const blocks = Array.from({ length: shape.blocks }, () => f.newBlock(BlockKind.plain));
    const exit = f.newBlock(BlockKind.ret);
    const out = new Map<Block, Vars>();
    this.setControl(f.entry, this.op2(Op.gts_i32, Type.i32, this.vars[fuel], this.const32(0)));
    f.entry.kind = BlockKind.branch;
    addEdge(f.entry, r.pick(blocks));
    addEdge(f.entry, exit);
    out.set(f.entry, this.vars);
    // Targets first, so that each block knows its predecessors when its phis are made.
    const plan = blocks.map((b, i) => {
      const check = f.newBlock(BlockKind.plain);
      const n = r.below(8) === 0 ? 3 + r.below(3) : r.below(3) === 0 ? 1 : 2;
      const targets = Array.from({ length: n }, () =>
        r.below(3) === 0 ? r.pick(blocks) : r.pick([blocks[i + 1] ?? exit, blocks[i + 2] ?? exit, exit]),
      );
      b.kind = BlockKind.branch;
      addEdge(b, check);
      addEdge(b, exit);
      check.kind = n === 1 ? BlockKind.plain : n === 2 ? BlockKind.branch : BlockKind.switch;
      for (const t of targets) addEdge(check, t);
      return check;
    });
    blocks.forEach((b, i) => {
      this.enter(b);
      this.body();
      this.burnFuel(b);
      out.set(b, this.vars);
      // The check block holds the real choice: what it sees is what b left.
      const check = plan[i];
      this.b = check;
      if (check.kind === BlockKind.branch) this.setControl(check, this.condition());
      else if (check.kind === BlockKind.switch)
        this.setControl(check, this.op2(Op.and_i32, Type.i32, this.pick(Type.i32), this.const32(7)));
      out.set(check, this.vars);
    });
    this.enter(exit);
    exit.results = [this.pick(Type.i64), this.mixed(), this.pick(Type.f64)];
    for (const v of exit.results) v.uses++;
    this.fillPhis(out);
    this.prune();
    return f;
  }

  private value(op: number, type: Type, args: Value[], aux: AuxDatum = null): Value {
    return this.f.newValue(this.b, op, type, args, aux, 0);
  }
  private op2(op: number, type: Type, a: Value, b: Value): Value {
    return this.value(op, type, [a, b]);
  }
  private const32(n: number): Value {
    return this.value(Op.const_i32, Type.i32, [], n);
  }
  private start(t: Type): Value {
    const { r } = this;
    switch (t) {
      case Type.i32:
        return this.const32(r.next() | 0);
      case Type.i64:
        return this.value(Op.const_i64, Type.i64, [], BigInt.asIntN(64, BigInt(r.next()) * 0x9e3779b97f4a7c15n));
      case Type.f64:
        return this.value(Op.const_f64, Type.f64, [], r.below(1000) / 8);
      case Type.f32:
        return this.value(Op.const_f32, Type.f32, [], r.below(1000) / 8);
      default:
        return this.base();
    }
  }

  private base(): Value {
    const { r } = this;
    if (this.slots.length > 0 && r.below(2) === 0) return r.pick(this.slots);
    return this.value(Op.addr, Type.ptr, [], r.pick(dataSymbols));
  }

  private enter(b: Block): void {
    this.b = b;
    this.vars = varTypes.map((t) => this.f.newValue(b, Op.phi, t, [], null, 0));
  }

  private fillPhis(out: Map<Block, Vars>): void {
    for (const b of this.f.blocks) {
      b.values
        .filter((v) => v.op === Op.phi)
        .forEach((phi, i) => {
          for (const p of b.preds) {
            const v = out.get(p)![i];
            phi.args.push(v);
            v.uses++;
          }
        });
    }
  }

  private setControl(b: Block, v: Value): void {
    b.control = v;
    v.uses++;
  }

  private burnFuel(b: Block): void {
    this.vars = [...this.vars];
    this.vars[fuel] = this.op2(Op.sub_i32, Type.i32, this.vars[fuel], this.const32(1));
    this.setControl(b, this.op2(Op.gts_i32, Type.i32, this.vars[fuel], this.const32(0)));
  }

  private pick(t: Type): Value {
    const all = this.vars.filter((v, i) => varTypes[i] === t && i !== fuel);
    return this.r.pick(all);
  }

  private mixed(): Value {
    // All the variables flow into the result, so that a wrong one shows.
    let x = this.pick(Type.i32);
    this.vars.forEach((v, i) => {
      const t = varTypes[i];
      if (t === Type.i32) x = this.op2(Op.add_i32, Type.i32, this.op2(Op.mul_i32, Type.i32, x, this.const32(31)), v);
      else if (t === Type.i64) x = this.op2(Op.xor_i32, Type.i32, x, this.value(Op.wrap_i64, Type.i32, [v]));
      else if (t === Type.ptr) x = this.op2(Op.add_i32, Type.i32, x, this.value(Op.load_i32, Type.i32, [v], 8));
    });
    return x;
  }

  private set(t: Type, v: Value): void {
    const at = varTypes.flatMap((x, i) => (x === t && i !== fuel ? [i] : []));
    this.vars = [...this.vars];
    this.vars[this.r.pick(at)] = v;
  }

  private condition(): Value {
    const { r } = this;
    switch (r.below(7)) {
      case 0:
        return this.op2(Op.lts_i32, Type.i32, this.pick(Type.i32), this.pick(Type.i32));
      case 1:
        return this.op2(Op.ltu_i64, Type.i32, this.pick(Type.i64), this.pick(Type.i64));
      case 2:
        return this.value(Op.eqz_i32, Type.i32, [this.op2(Op.and_i32, Type.i32, this.pick(Type.i32), this.const32(1))]);
      case 3:
        return this.op2(Op.lt_f64, Type.i32, this.pick(Type.f64), this.pick(Type.f64));
      case 4:
        return this.op2(Op.and_i32, Type.i32, this.pick(Type.i32), this.const32(3));
      case 5:
        return this.op2(Op.ne_i32, Type.i32, this.pick(Type.i32), this.const32(0));
      default:
        return this.op2(Op.eq_ptr, Type.i32, this.pick(Type.ptr), this.pick(Type.ptr));
    }
  }

  private body(): void {
    for (let n = this.r.below(this.shape.ops) + 1; n > 0; n--) this.step();
  }

  private step(): void {
    const { r } = this;
    switch (r.below(this.suspends ? 16 : 12)) {
      case 0:
      case 1:
        return this.set(
          Type.i32,
          this.op2(
            r.pick([Op.add_i32, Op.sub_i32, Op.mul_i32, Op.xor_i32, Op.shl_i32, Op.shru_i32, Op.shrs_i32]),
            Type.i32,
            this.pick(Type.i32),
            this.pick(Type.i32),
          ),
        );
      case 2:
      case 3:
        return this.set(
          Type.i64,
          this.op2(
            r.pick([Op.add_i64, Op.sub_i64, Op.mul_i64, Op.xor_i64, Op.shl_i64, Op.shru_i64]),
            Type.i64,
            this.pick(Type.i64),
            this.pick(Type.i64),
          ),
        );
      case 4:
        return this.set(
          Type.f64,
          this.op2(
            r.pick([Op.add_f64, Op.sub_f64, Op.mul_f64]),
            Type.f64,
            this.pick(Type.f64),
            this.value(Op.f64_i32s, Type.f64, [this.pick(Type.i32)]),
          ),
        );
      case 5:
        return this.set(Type.ptr, this.base());
      case 6:
        return this.load();
      case 7:
        return this.store();
      case 8:
        return this.set(Type.i32, this.condition());
      case 9:
        return this.set(
          Type.i64,
          this.value(Op.select, Type.i64, [
            this.condition(),
            this.pick(Type.i64),
            this.value(Op.extend_s, Type.i64, [this.pick(Type.i32)]),
          ]),
        );
      case 10:
        return this.moveOrZero();
      case 11:
        return this.set(Type.i32, this.kernelCall('kplain', false));
      case 12:
        return void this.value(Op.poll, Type.void, []);
      case 13:
        return this.set(Type.i32, this.kernelCall('kpark', true));
      default:
        return this.shape.calls.length > 0 ? this.call() : void this.value(Op.poll, Type.void, []);
    }
  }

  private kernelCall(sym: string, suspends: boolean): Value {
    const aux: CallAux = { sym, params: [Type.i32], results: [Type.i32], suspends };
    return this.value(Op.callk, Type.i32, [this.pick(Type.i32)], aux);
  }

  private call(): void {
    const { r, shape } = this;
    const callee = r.pick(shape.calls);
    const closure = shape.indirect.includes(callee);
    const args = [
      this.op2(Op.shrs_i32, Type.i32, this.vars[fuel], this.const32(2)),
      this.pick(Type.i64),
      this.pick(Type.i32),
      this.pick(Type.f64),
      this.pick(Type.ptr),
    ];
    const types = closure ? [...params, Type.ptr] : params;
    if (closure) args.push(this.value(Op.const_ptr, Type.ptr, [], 0));
    const indirect = closure && r.below(2) === 0;
    const aux: CallAux = { sym: indirect ? '' : callee, params: types, results, suspends: true };
    const all = indirect ? [this.value(Op.funcindex, Type.i32, [], callee), ...args] : args;
    const t = this.value(indirect ? Op.calli : Op.call, Type.tuple, all, aux);
    results.forEach((type, i) => {
      if (r.below(4) > 0) this.set(type, this.value(Op.extract, type, [t], i));
    });
  }

  private load(): void {
    const { r } = this;
    const p = this.pick(Type.ptr);
    switch (r.below(5)) {
      case 0:
        return this.set(Type.i32, this.value(Op.load8s, Type.i32, [p], r.below(areaSize)));
      case 1:
        return this.set(
          Type.i32,
          this.value(Op.load_i32, Type.i32, [this.value(Op.ptr_off, Type.ptr, [p], 4 * r.below(4))], 4 * r.below(4)),
        );
      case 2:
        return this.set(Type.i64, this.value(Op.load_i64, Type.i64, [p], 8 * r.below(6)));
      case 3:
        return this.set(
          Type.i32,
          this.value(
            Op.load8u,
            Type.i32,
            [this.value(Op.ptr_add, Type.ptr, [p, this.op2(Op.and_i32, Type.i32, this.pick(Type.i32), this.const32(31))])],
            3,
          ),
        );
      default:
        return this.set(Type.i64, this.value(Op.aadd_i64, Type.i64, [p, this.pick(Type.i64)], 16));
    }
  }

  private store(): void {
    const { r } = this;
    const p = this.pick(Type.ptr);
    switch (r.below(3)) {
      case 0:
        return void this.value(Op.store_i32, Type.void, [p, this.pick(Type.i32)], 4 * r.below(12));
      case 1:
        return void this.value(Op.store_i64, Type.void, [p, this.pick(Type.i64)], 8 * r.below(6));
      default:
        return void this.value(
          Op.store8,
          Type.void,
          [this.value(Op.ptr_off, Type.ptr, [p], r.below(16)), this.pick(Type.i32)],
          r.below(16),
        );
    }
  }

  private moveOrZero(): void {
    const { r } = this;
    const size = r.pick([1, 3, 8, 12, 24, 48]);
    if (r.below(3) === 0) return void this.value(Op.zero, Type.void, [this.pick(Type.ptr)], { size, align: 1, ptrs: false });
    this.value(Op.move, Type.void, [this.pick(Type.ptr), this.pick(Type.ptr)], { size, align: 1, ptrs: false });
  }

  /** Drops blocks that can't be reached, and phis with one predecessor stay as they are. */
  private prune(): void {
    const { f } = this;
    const seen = new Set<Block>([f.entry]);
    for (const b of seen) for (const s of b.succs) seen.add(s);
    for (const b of f.blocks) {
      if (!seen.has(b)) continue;
      for (let i = b.preds.length - 1; i >= 0; i--) {
        if (seen.has(b.preds[i])) continue;
        b.preds.splice(i, 1);
        for (const v of b.values) if (v.op === Op.phi) v.args.splice(i, 1);
      }
    }
    f.blocks = f.blocks.filter((b) => seen.has(b));
    const count = new Map<Value, number>();
    const use = (v: Value): void => void count.set(v, (count.get(v) ?? 0) + 1);
    for (const b of f.blocks) {
      for (const v of b.values) v.args.forEach(use);
      if (b.control !== null) use(b.control);
      b.results.forEach(use);
    }
    for (const b of f.blocks) for (const v of b.values) v.uses = count.get(v) ?? 0;
  }
}

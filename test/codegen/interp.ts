// An interpreter of IR: the truth that compiled code is compared with. It knows no suspension: polls do nothing, and
// a kernel function that suspends just returns.
import { BlockKind } from '../../src/ir/func.ts';
import type { Block, CallAux, Func, MoveAux, SlotAux, Value } from '../../src/ir/func.ts';
import { Op, ops } from '../../src/ir/op.ts';
import { Type } from '../../src/ir/type.ts';

export type Word = number | bigint;

export interface Machine {
  readonly funcs: ReadonlyMap<string, Func>;
  readonly memory: DataView;
  /** Address of a data symbol. */
  readonly address: ReadonlyMap<string, number>;
  /** Functions by table index, as `funcindex` gives it. */
  readonly table: string[];
  /** Next free byte of the interpreter's stack. */
  sp: number;
  kernel(name: string, args: Word[]): Word[];
}

type Result = Word | Word[] | undefined | void;

/** Calls a function; gives its results. */
export function call(m: Machine, name: string, args: readonly Word[]): Word[] {
  const f = m.funcs.get(name);
  if (f === undefined) throw new Error(`no function ${name}`);
  const sp = m.sp;
  const values: Result[] = new Array<Result>(f.numValues);
  let b: Block = f.entry;
  let from: Block | null = null;
  let edge = 0;
  for (;;) {
    enter(b, from, edge, values);
    for (const v of b.values) if (v.op !== Op.phi) values[v.id] = evaluate(m, v, args, values);
    if (b.kind === BlockKind.ret) break;
    if (b.kind === BlockKind.unreachable) throw new Error(`${name}: reached an unreachable block`);
    const c = b.control === null ? 0 : (values[b.control.id] as number);
    edge = b.kind === BlockKind.branch ? (c !== 0 ? 0 : 1) : b.kind === BlockKind.switch ? Math.min(c >>> 0, b.succs.length - 1) : 0;
    from = b;
    b = b.succs[edge];
  }
  m.sp = sp;
  return b.results.map((r) => values[r.id] as Word);
}

/** Evaluates the phis of a block, all at once. */
function enter(b: Block, from: Block | null, edge: number, values: Result[]): void {
  if (from === null) return;
  let nth = 0;
  for (let i = 0; i < edge; i++) if (from.succs[i] === b) nth++;
  let p = 0;
  for (; p < b.preds.length; p++) if (b.preds[p] === from && nth-- === 0) break;
  const phis = b.values.filter((v) => v.op === Op.phi);
  const read = phis.map((v) => values[v.args[p].id]);
  phis.forEach((v, i) => {
    values[v.id] = read[i];
  });
}

const u32 = (n: number): number => n >>> 0;
const i64 = (n: bigint): bigint => BigInt.asIntN(64, n);
const u64 = (n: bigint): bigint => BigInt.asUintN(64, n);

const binary: Record<string, (a: never, b: never) => Word> = {
  add_i32: (a: number, b: number) => (a + b) | 0,
  sub_i32: (a: number, b: number) => (a - b) | 0,
  mul_i32: (a: number, b: number) => Math.imul(a, b),
  and_i32: (a: number, b: number) => a & b,
  or_i32: (a: number, b: number) => a | b,
  xor_i32: (a: number, b: number) => a ^ b,
  shl_i32: (a: number, b: number) => a << b,
  shrs_i32: (a: number, b: number) => a >> b,
  shru_i32: (a: number, b: number) => (a >>> b) | 0,
  eq_i32: (a: number, b: number) => Number(a === b),
  ne_i32: (a: number, b: number) => Number(a !== b),
  lts_i32: (a: number, b: number) => Number(a < b),
  ltu_i32: (a: number, b: number) => Number(u32(a) < u32(b)),
  les_i32: (a: number, b: number) => Number(a <= b),
  gts_i32: (a: number, b: number) => Number(a > b),
  geu_i32: (a: number, b: number) => Number(u32(a) >= u32(b)),
  add_i64: (a: bigint, b: bigint) => i64(a + b),
  sub_i64: (a: bigint, b: bigint) => i64(a - b),
  mul_i64: (a: bigint, b: bigint) => i64(a * b),
  and_i64: (a: bigint, b: bigint) => a & b,
  or_i64: (a: bigint, b: bigint) => a | b,
  xor_i64: (a: bigint, b: bigint) => a ^ b,
  shl_i64: (a: bigint, b: bigint) => i64(a << (b & 63n)),
  shru_i64: (a: bigint, b: bigint) => i64(u64(a) >> (b & 63n)),
  eq_i64: (a: bigint, b: bigint) => Number(a === b),
  lts_i64: (a: bigint, b: bigint) => Number(a < b),
  ltu_i64: (a: bigint, b: bigint) => Number(u64(a) < u64(b)),
  add_f64: (a: number, b: number) => a + b,
  sub_f64: (a: number, b: number) => a - b,
  mul_f64: (a: number, b: number) => a * b,
  lt_f64: (a: number, b: number) => Number(a < b),
  le_f64: (a: number, b: number) => Number(a <= b),
  eq_f64: (a: number, b: number) => Number(a === b),
  add_f32: (a: number, b: number) => Math.fround(a + b),
  mul_f32: (a: number, b: number) => Math.fround(a * b),
  eq_ptr: (a: number, b: number) => Number(a === b),
  ne_ptr: (a: number, b: number) => Number(a !== b),
  sub_ptr: (a: number, b: number) => (a - b) | 0,
  ptr_add: (a: number, b: number) => u32(a + b),
};
const unary: Record<string, (a: never) => Word> = {
  eqz_i32: (a: number) => Number(a === 0),
  eqz_i64: (a: bigint) => Number(a === 0n),
  isnil: (a: number) => Number(a === 0),
  notnil: (a: number) => Number(a !== 0),
  wrap_i64: (a: bigint) => Number(BigInt.asIntN(32, a)),
  extend_s: (a: number) => BigInt(a),
  extend_u: (a: number) => BigInt(u32(a)),
  f64_i64s: (a: bigint) => Number(a),
  f64_i32s: (a: number) => a,
  f32_i32s: (a: number) => Math.fround(a),
  f64_f32: (a: number) => a,
  bits_i64: (a: number) => floatBits(a),
  ext8s_i32: (a: number) => (a << 24) >> 24,
  neg_f64: (a: number) => -a,
};

function floatBits(x: number): bigint {
  const v = new DataView(new ArrayBuffer(8));
  v.setFloat64(0, x);
  return v.getBigInt64(0);
}

const nameOf: string[] = [];
for (const [name, op] of Object.entries(Op)) nameOf[op] = name;

function evaluate(m: Machine, v: Value, params: readonly Word[], values: Result[]): Result {
  const arg = (i: number): never => values[v.args[i].id] as never;
  const name = nameOf[v.op];
  if (binary[name] !== undefined) return binary[name](arg(0), arg(1));
  if (unary[name] !== undefined) return unary[name](arg(0));
  switch (v.op) {
    case Op.const_i32:
    case Op.const_ptr:
    case Op.const_f32:
    case Op.const_f64:
      return v.aux as number;
    case Op.const_i64:
      return v.aux as bigint;
    case Op.param:
      return params[v.aux as number] ?? 0;
    case Op.copy:
      return arg(0);
    case Op.extract:
      return (values[v.args[0].id] as Word[])[v.aux as number];
    case Op.addr:
      return m.address.get(v.aux as string)!;
    case Op.funcindex:
      return m.table.indexOf(v.aux as string);
    case Op.slot:
      return slot(m, v.aux as SlotAux);
    case Op.ptr_off:
      return u32((arg(0) as number) + (v.aux as number));
    case Op.select:
      return (arg(0) as number) !== 0 ? arg(1) : arg(2);
    case Op.poll:
    case Op.keep:
    case Op.nop:
      return undefined;
    case Op.nilcheck:
    case Op.boundscheck:
    case Op.check:
      return undefined;
    case Op.call:
    case Op.calli:
    case Op.callk:
      return callValue(m, v, values);
    case Op.move:
      return void move(m, arg(0), arg(1), (v.aux as MoveAux).size < 0 ? arg(2) : (v.aux as MoveAux).size);
    case Op.zero:
      return void move(m, arg(0), -1, (v.aux as MoveAux).size < 0 ? arg(1) : (v.aux as MoveAux).size);
    default:
      return access(m, v, arg);
  }
}

function slot(m: Machine, aux: SlotAux): number {
  const at = m.sp;
  m.sp += (aux.size + 7) & ~7;
  for (let i = at; i < m.sp; i++) m.memory.setUint8(i, 0);
  return at;
}

function move(m: Machine, dst: number, src: number, size: number): void {
  const bytes = new Uint8Array(m.memory.buffer);
  if (src < 0) bytes.fill(0, dst, dst + size);
  else bytes.copyWithin(dst, src, src + size);
}

function callValue(m: Machine, v: Value, values: Result[]): Result {
  const aux = v.aux as CallAux;
  const args = v.args.map((a) => values[a.id] as Word);
  let results: Word[];
  if (v.op === Op.callk) results = m.kernel(aux.sym, args);
  else if (v.op === Op.call) results = call(m, aux.sym, args);
  else results = call(m, m.table[args[0] as number], args.slice(1));
  return v.type === Type.tuple ? results : results[0];
}

function access(m: Machine, v: Value, arg: (i: number) => never): Result {
  const at = u32((arg(0) as number) + (v.aux as number));
  const d = m.memory;
  switch (v.op) {
    case Op.load8s:
      return d.getInt8(at);
    case Op.load8u:
      return d.getUint8(at);
    case Op.load16u:
      return d.getUint16(at, true);
    case Op.load_i32:
    case Op.aload_i32:
      return d.getInt32(at, true);
    case Op.load_ptr:
      return d.getUint32(at, true);
    case Op.load_i64:
    case Op.aload_i64:
      return d.getBigInt64(at, true);
    case Op.load_f64:
      return d.getFloat64(at, true);
    case Op.store8:
      return d.setUint8(at, arg(1));
    case Op.store_i32:
      return d.setInt32(at, arg(1), true);
    case Op.store_i64:
      return d.setBigInt64(at, arg(1), true);
    case Op.store_f64:
      return d.setFloat64(at, arg(1), true);
    case Op.store_ptr:
      return d.setBigUint64(at, BigInt(u32(arg(1))), true);
    case Op.aadd_i64: {
      const old = d.getBigInt64(at, true);
      d.setBigInt64(at, i64(old + (arg(1) as bigint)), true);
      return old;
    }
    case Op.acas_i32: {
      const old = d.getInt32(at, true);
      if (old === arg(1)) d.setInt32(at, arg(2), true);
      return Number(old === arg(1));
    }
    default:
      throw new Error(`interpreter: ${ops[v.op].name}`);
  }
}

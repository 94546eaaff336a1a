// Constant folding: the value of an operation whose arguments are constants, or null where folding is not done
// (division by zero, NaN whose bits could be seen). Arithmetic is wasm's, as Go on this port has it.

import { Op, ops } from '../ir/op.ts';
import type { AuxDatum, Value } from '../ir/func.ts';

/** Is v a constant of a number type (or a constant pointer)? */
export function isConst(v: Value): boolean {
  const op = v.op;
  return op === Op.const_i32 || op === Op.const_i64 || op === Op.const_f64 || op === Op.const_f32 || op === Op.const_ptr;
}

const s64 = (x: bigint): bigint => BigInt.asIntN(64, x);
const u64 = (x: bigint): bigint => BigInt.asUintN(64, x);
const bool = (b: boolean): number => (b ? 1 : 0);

type Fold1<A> = (a: A) => number | bigint | null;
type Fold2<A> = (a: A, b: A) => number | bigint | null;

const popcount = (x: number): number => { let n = 0; for (let y = x >>> 0; y !== 0; y &= y - 1) n++; return n; };
const ctz32 = (x: number): number => (x === 0 ? 32 : 31 - Math.clz32(x & -x));
const clz64 = (x: bigint): number => { const hi = Number(u64(x) >> 32n); return hi !== 0 ? Math.clz32(hi) : 32 + Math.clz32(Number(u64(x) & 0xffffffffn)); };
const ctz64 = (x: bigint): number => { const lo = Number(u64(x) & 0xffffffffn); return lo !== 0 ? ctz32(lo) : 32 + ctz32(Number(u64(x) >> 32n)); };
const popcount64 = (x: bigint): number => popcount(Number(u64(x) & 0xffffffffn)) + popcount(Number(u64(x) >> 32n));

const nan = (x: number): number | null => (Number.isNaN(x) ? null : x);
const f32 = Math.fround;

function saturate(x: number, low: bigint, high: bigint): bigint {
  if (Number.isNaN(x)) return 0n;
  if (x <= Number(low)) return low;
  if (x >= Number(high)) return high;
  const t = BigInt(Math.trunc(x));
  return t < low ? low : t > high ? high : t;
}

const i32s = (x: number): number => Number(saturate(x, -0x80000000n, 0x7fffffffn));
const i32u = (x: number): number => Number(saturate(x, 0n, 0xffffffffn)) | 0;
const i64s = (x: number): bigint => saturate(x, -(1n << 63n), (1n << 63n) - 1n);
const i64u = (x: number): bigint => s64(saturate(x, 0n, (1n << 64n) - 1n));

const unary32 = new Map<number, Fold1<number>>([
  [Op.clz_i32, Math.clz32], [Op.ctz_i32, ctz32], [Op.popcnt_i32, popcount], [Op.ext8s_i32, (a) => (a << 24) >> 24], [Op.ext16s_i32, (a) => (a << 16) >> 16],
  [Op.eqz_i32, (a) => bool(a === 0)], [Op.extend_s, (a) => BigInt(a)], [Op.extend_u, (a) => BigInt(a >>> 0)],
  [Op.f32_i32s, (a) => f32(a)], [Op.f32_i32u, (a) => f32(a >>> 0)], [Op.f64_i32s, (a) => a], [Op.f64_i32u, (a) => a >>> 0],
  [Op.isnil, (a) => bool(a === 0)], [Op.notnil, (a) => bool(a !== 0)], [Op.ptr_i64, (a) => BigInt(a >>> 0)], [Op.ptr_i32, (a) => a | 0], [Op.ptr_from_i32, (a) => a >>> 0],
  [Op.neg_f64, (a) => nan(-a)], [Op.abs_f64, (a) => nan(Math.abs(a))], [Op.sqrt_f64, (a) => nan(Math.sqrt(a))], [Op.ceil_f64, (a) => nan(Math.ceil(a))], [Op.floor_f64, (a) => nan(Math.floor(a))], [Op.trunc_f64, (a) => nan(Math.trunc(a))],
  [Op.neg_f32, (a) => nan(-a)], [Op.abs_f32, (a) => nan(Math.abs(a))],
  [Op.i32_f64s, i32s], [Op.i32_f64u, i32u], [Op.i64_f64s, i64s], [Op.i64_f64u, i64u], [Op.i32_f32s, i32s], [Op.i32_f32u, i32u], [Op.i64_f32s, i64s], [Op.i64_f32u, i64u],
  [Op.f32_f64, (a) => nan(f32(a))], [Op.f64_f32, (a) => nan(a)],
]);

const unary64 = new Map<number, Fold1<bigint>>([
  [Op.clz_i64, (a) => BigInt(clz64(a))], [Op.ctz_i64, (a) => BigInt(ctz64(a))], [Op.popcnt_i64, (a) => BigInt(popcount64(a))],
  [Op.ext8s_i64, (a) => BigInt.asIntN(8, a)], [Op.ext16s_i64, (a) => BigInt.asIntN(16, a)], [Op.ext32s_i64, (a) => BigInt.asIntN(32, a)],
  [Op.eqz_i64, (a) => bool(a === 0n)], [Op.wrap_i64, (a) => Number(BigInt.asIntN(32, a))], [Op.ptr_from_i64, (a) => Number(BigInt.asUintN(32, a))],
  [Op.f64_i64s, (a) => Number(a)], [Op.f64_i64u, (a) => Number(u64(a))],
]);

const binary32 = new Map<number, Fold2<number>>([
  [Op.add_i32, (a, b) => (a + b) | 0], [Op.sub_i32, (a, b) => (a - b) | 0], [Op.mul_i32, Math.imul],
  [Op.divs_i32, (a, b) => (b === 0 || (b === -1 && a === -0x80000000) ? null : (a / b) | 0)], [Op.divu_i32, (a, b) => (b === 0 ? null : Math.floor((a >>> 0) / (b >>> 0)) | 0)],
  [Op.rems_i32, (a, b) => (b === 0 ? null : (a % b) | 0)], [Op.remu_i32, (a, b) => (b === 0 ? null : ((a >>> 0) % (b >>> 0)) | 0)],
  [Op.and_i32, (a, b) => a & b], [Op.or_i32, (a, b) => a | b], [Op.xor_i32, (a, b) => a ^ b],
  [Op.shl_i32, (a, b) => a << b], [Op.shrs_i32, (a, b) => a >> b], [Op.shru_i32, (a, b) => (a >>> b) | 0], [Op.rotl_i32, (a, b) => (a << b) | (a >>> ((32 - b) & 31))],
  [Op.eq_i32, (a, b) => bool(a === b)], [Op.ne_i32, (a, b) => bool(a !== b)],
  [Op.lts_i32, (a, b) => bool(a < b)], [Op.les_i32, (a, b) => bool(a <= b)], [Op.gts_i32, (a, b) => bool(a > b)], [Op.ges_i32, (a, b) => bool(a >= b)],
  [Op.ltu_i32, (a, b) => bool(a >>> 0 < b >>> 0)], [Op.leu_i32, (a, b) => bool(a >>> 0 <= b >>> 0)], [Op.gtu_i32, (a, b) => bool(a >>> 0 > b >>> 0)], [Op.geu_i32, (a, b) => bool(a >>> 0 >= b >>> 0)],
  [Op.eq_ptr, (a, b) => bool(a >>> 0 === b >>> 0)], [Op.ne_ptr, (a, b) => bool(a >>> 0 !== b >>> 0)],
  [Op.add_f64, (a, b) => nan(a + b)], [Op.sub_f64, (a, b) => nan(a - b)], [Op.mul_f64, (a, b) => nan(a * b)], [Op.div_f64, (a, b) => nan(a / b)],
  [Op.add_f32, (a, b) => nan(f32(a + b))], [Op.sub_f32, (a, b) => nan(f32(a - b))], [Op.mul_f32, (a, b) => nan(f32(a * b))], [Op.div_f32, (a, b) => nan(f32(a / b))],
  ...([Op.eq_f64, Op.eq_f32] as number[]).map((o): [number, Fold2<number>] => [o, (a, b) => bool(a === b)]),
  ...([Op.ne_f64, Op.ne_f32] as number[]).map((o): [number, Fold2<number>] => [o, (a, b) => bool(a !== b)]),
  ...([Op.lt_f64, Op.lt_f32] as number[]).map((o): [number, Fold2<number>] => [o, (a, b) => bool(a < b)]),
  ...([Op.le_f64, Op.le_f32] as number[]).map((o): [number, Fold2<number>] => [o, (a, b) => bool(a <= b)]),
  ...([Op.gt_f64, Op.gt_f32] as number[]).map((o): [number, Fold2<number>] => [o, (a, b) => bool(a > b)]),
  ...([Op.ge_f64, Op.ge_f32] as number[]).map((o): [number, Fold2<number>] => [o, (a, b) => bool(a >= b)]),
]);

const binary64 = new Map<number, Fold2<bigint>>([
  [Op.add_i64, (a, b) => s64(a + b)], [Op.sub_i64, (a, b) => s64(a - b)], [Op.mul_i64, (a, b) => s64(a * b)],
  [Op.divs_i64, (a, b) => (b === 0n || b === -1n ? null : a / b)], [Op.divu_i64, (a, b) => (b === 0n ? null : s64(u64(a) / u64(b)))],
  [Op.rems_i64, (a, b) => (b === 0n ? null : a % b)], [Op.remu_i64, (a, b) => (b === 0n ? null : s64(u64(a) % u64(b)))],
  [Op.and_i64, (a, b) => a & b], [Op.or_i64, (a, b) => a | b], [Op.xor_i64, (a, b) => a ^ b],
  [Op.shl_i64, (a, b) => s64(a << (b & 63n))], [Op.shrs_i64, (a, b) => a >> (b & 63n)], [Op.shru_i64, (a, b) => s64(u64(a) >> (b & 63n))],
  [Op.rotl_i64, (a, b) => s64((u64(a) << (b & 63n)) | (u64(a) >> ((64n - (b & 63n)) & 63n)))],
  [Op.eq_i64, (a, b) => bool(a === b)], [Op.ne_i64, (a, b) => bool(a !== b)],
  [Op.lts_i64, (a, b) => bool(a < b)], [Op.les_i64, (a, b) => bool(a <= b)], [Op.gts_i64, (a, b) => bool(a > b)], [Op.ges_i64, (a, b) => bool(a >= b)],
  [Op.ltu_i64, (a, b) => bool(u64(a) < u64(b))], [Op.leu_i64, (a, b) => bool(u64(a) <= u64(b))], [Op.gtu_i64, (a, b) => bool(u64(a) > u64(b))], [Op.geu_i64, (a, b) => bool(u64(a) >= u64(b))],
]);

/** The operation that makes a constant of each IR type, by type number. */
const constOp: readonly number[] = [-1, Op.const_i32, Op.const_i64, Op.const_f32, Op.const_f64, Op.const_ptr];

/** Folds v: the constant's operation and datum, or null. */
export function foldConstant(v: Value): { op: number; aux: AuxDatum } | null {
  const a = v.args[0];
  const b = v.args[1];
  if (a === undefined || !isConst(a) || (b !== undefined && !isConst(b))) return null;
  let r: number | bigint | null | undefined;
  if (b === undefined) r = a.op === Op.const_i64 ? unary64.get(v.op)?.(a.aux as bigint) : unary32.get(v.op)?.(a.aux as number);
  else if (v.args.length === 2) r = a.op === Op.const_i64 ? binary64.get(v.op)?.(a.aux as bigint, b.aux as bigint) : binary32.get(v.op)?.(a.aux as number, b.aux as number);
  if (r === undefined || r === null) return null;
  const op = constOp[ops[v.op]!.result === -1 ? v.type : (ops[v.op]!.result as number)]!;
  if (op === Op.const_i64) r = s64(BigInt(r));
  return { op, aux: r };
}

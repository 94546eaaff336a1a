// IR operations that are one wasm instruction with the same operands, and the memory accesses. Everything else is
// spelled out in emit.ts.
import { ops, Op as Ir } from '../ir/op.ts';
import { Flag } from '../ir/op.ts';
import { Op } from '../wasm/opcodes.ts';
import type { OpName } from '../wasm/opcodes.ts';

/** Wasm opcode by IR operation; 0 = not a single instruction. */
export const simpleOp = new Uint16Array(ops.length);

/** Wasm opcode of a load, store or atomic access by IR operation; 0 = none. Its first argument is the address. */
export const memoryOp = new Uint16Array(ops.length);

/** Byte-size class of a store of a pointer: the value is widened to 64 bits first. */
export const storesPtr = new Uint8Array(ops.length);

const conversions: readonly (readonly [number, OpName])[] = [
  [Ir.wrap_i64, 'i32_wrap_i64'], [Ir.extend_s, 'i64_extend_i32_s'], [Ir.extend_u, 'i64_extend_i32_u'],
  [Ir.i32_f32s, 'i32_trunc_sat_f32_s'], [Ir.i32_f32u, 'i32_trunc_sat_f32_u'], [Ir.i32_f64s, 'i32_trunc_sat_f64_s'], [Ir.i32_f64u, 'i32_trunc_sat_f64_u'],
  [Ir.i64_f32s, 'i64_trunc_sat_f32_s'], [Ir.i64_f32u, 'i64_trunc_sat_f32_u'], [Ir.i64_f64s, 'i64_trunc_sat_f64_s'], [Ir.i64_f64u, 'i64_trunc_sat_f64_u'],
  [Ir.f32_i32s, 'f32_convert_i32_s'], [Ir.f32_i32u, 'f32_convert_i32_u'], [Ir.f32_i64s, 'f32_convert_i64_s'], [Ir.f32_i64u, 'f32_convert_i64_u'],
  [Ir.f64_i32s, 'f64_convert_i32_s'], [Ir.f64_i32u, 'f64_convert_i32_u'], [Ir.f64_i64s, 'f64_convert_i64_s'], [Ir.f64_i64u, 'f64_convert_i64_u'],
  [Ir.f32_f64, 'f32_demote_f64'], [Ir.f64_f32, 'f64_promote_f32'],
  [Ir.bits_i32, 'i32_reinterpret_f32'], [Ir.bits_i64, 'i64_reinterpret_f64'], [Ir.frombits_f32, 'f32_reinterpret_i32'], [Ir.frombits_f64, 'f64_reinterpret_i64'],
  [Ir.ptr_add, 'i32_add'], [Ir.ptr_i64, 'i64_extend_i32_u'], [Ir.ptr_from_i64, 'i32_wrap_i64'],
  [Ir.eq_ptr, 'i32_eq'], [Ir.ne_ptr, 'i32_ne'], [Ir.isnil, 'i32_eqz'], [Ir.ltu_ptr, 'i32_lt_u'], [Ir.sub_ptr, 'i32_sub'],
  [Ir.select, 'select'],
];

const accesses: readonly (readonly [number, OpName])[] = [
  [Ir.load8s, 'i32_load8_s'], [Ir.load8u, 'i32_load8_u'], [Ir.load16s, 'i32_load16_s'], [Ir.load16u, 'i32_load16_u'],
  [Ir.load_i32, 'i32_load'], [Ir.load_i64, 'i64_load'], [Ir.load_f32, 'f32_load'], [Ir.load_f64, 'f64_load'], [Ir.load_ptr, 'i32_load'], [Ir.load_ref, 'i32_load'],
  [Ir.store8, 'i32_store8'], [Ir.store16, 'i32_store16'], [Ir.store_i32, 'i32_store'], [Ir.store_i64, 'i64_store'],
  [Ir.store_f32, 'f32_store'], [Ir.store_f64, 'f64_store'], [Ir.store_ptr, 'i64_store'],
  [Ir.aload_i32, 'i32_atomic_load'], [Ir.aload_i64, 'i64_atomic_load'], [Ir.aload8, 'i32_atomic_load8_u'], [Ir.aload_ptr, 'i32_atomic_load'],
  [Ir.astore_i32, 'i32_atomic_store'], [Ir.astore_i64, 'i64_atomic_store'], [Ir.astore8, 'i32_atomic_store8'], [Ir.astore_ptr, 'i64_atomic_store'],
  [Ir.aadd_i32, 'i32_atomic_rmw_add'], [Ir.aadd_i64, 'i64_atomic_rmw_add'],
  [Ir.aand_i32, 'i32_atomic_rmw_and'], [Ir.aand_i64, 'i64_atomic_rmw_and'], [Ir.aor_i32, 'i32_atomic_rmw_or'], [Ir.aor_i64, 'i64_atomic_rmw_or'],
  [Ir.aand8, 'i32_atomic_rmw8_and_u'], [Ir.aor8, 'i32_atomic_rmw8_or_u'],
  [Ir.axchg_i32, 'i32_atomic_rmw_xchg'], [Ir.axchg_i64, 'i64_atomic_rmw_xchg'], [Ir.axchg8, 'i32_atomic_rmw8_xchg_u'], [Ir.axchg_ptr, 'i64_atomic_rmw_xchg'],
  [Ir.acas_i32, 'i32_atomic_rmw_cmpxchg'], [Ir.acas_i64, 'i64_atomic_rmw_cmpxchg'], [Ir.acas_ptr, 'i64_atomic_rmw_cmpxchg'],
];

function fillTables(): void {
  ops.forEach((info, op) => {
    const dot = info.name.lastIndexOf('.');
    if ((info.flags & Flag.pure) === 0 || info.aux !== 0 || dot < 0) return;
    const name = `${info.name.slice(dot + 1)}_${info.name.slice(0, dot)}` as OpName;
    if (Op[name] !== undefined) simpleOp[op] = Op[name];
  });
  // As a vector: values.ts.
  simpleOp[Ir.sqrt_f64] = 0;
  for (const [ir, name] of conversions) simpleOp[ir] = Op[name];
  for (const [ir, name] of accesses) memoryOp[ir] = Op[name];
  for (const ir of [Ir.store_ptr, Ir.astore_ptr, Ir.axchg_ptr, Ir.acas_ptr]) storesPtr[ir] = 1;
}
fillTables();

/** The comparison that is true exactly when the given one is false; 0 if there is none (floats: NaN). */
export const inverseOp = new Uint16Array(256);
for (const t of ['i32', 'i64']) {
  for (const [a, b] of [['eq', 'ne'], ['lt_s', 'ge_s'], ['lt_u', 'ge_u'], ['gt_s', 'le_s'], ['gt_u', 'le_u']]) {
    const x = Op[`${t}_${a}` as OpName];
    const y = Op[`${t}_${b}` as OpName];
    inverseOp[x] = y;
    inverseOp[y] = x;
  }
}

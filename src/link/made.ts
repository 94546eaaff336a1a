// Functions that the linker writes itself: resume stubs, and memequal where the kernel has none.
import { resumeDepth } from '../abi/object.ts';
import { ByteWriter } from '../wasm/bytes.ts';
import { Op, ValType } from '../wasm/opcodes.ts';

export interface Body { readonly locals: ArrayLike<number>; readonly code: Uint8Array }

/**
 * Body of a resume stub, (table index) -> status: re-enters a suspended function of the given wasm signature (whose type has
 * index `type`), and keeps its results in the result area, 8 bytes each.
 */
export function stubBody(f: { params: readonly number[]; results: readonly number[] }, type: number, resultArea: number): Body {
  const w = new ByteWriter();
  const put = putter(w);
  for (const p of f.params.slice(0, -1)) zero(w, p);
  w.op(Op.i32_const);
  w.s32(resumeDepth);
  put(Op.local_get, 0);
  put(Op.call_indirect, type, 0);
  const results = f.results.slice(0, -1);
  if (results.length === 0) {
    put(Op.end);
    return { locals: [], code: w.finish() };
  }
  // Locals: 1 the status, then the results.
  put(Op.local_set, 1);
  for (let i = results.length - 1; i >= 0; i--) put(Op.local_set, 2 + i);
  results.forEach((t, i) => {
    put(Op.global_get, resultArea);
    put(Op.local_get, 2 + i);
    const [store, align] = t === ValType.i32 ? [Op.i32_store, 2] : t === ValType.i64 ? [Op.i64_store, 3] : t === ValType.f32 ? [Op.f32_store, 2] : [Op.f64_store, 3];
    put(store, align, 8 * i);
  });
  put(Op.local_get, 1);
  put(Op.end);
  return { locals: [ValType.i32, ...results], code: w.finish() };
}

function zero(w: ByteWriter, t: number): void {
  if (t === ValType.i32 || t === ValType.i64) {
    w.op(t === ValType.i32 ? Op.i32_const : Op.i64_const);
    w.byte(0);
  } else if (t === ValType.f32) {
    w.op(Op.f32_const);
    w.f32(0);
  } else {
    w.op(Op.f64_const);
    w.f64(0);
  }
}

/** Writes an opcode and its unsigned immediates; small non-negative constants have the same form. */
export function putter(w: ByteWriter): (op: number, ...imm: number[]) => void {
  return (op, ...imm) => {
    w.op(op);
    for (const i of imm) w.u32(i);
  };
}

/** (p, q, size) -> 1 if the bytes are equal: eight at a time, then one at a time. */
export function memequalBody(): Body {
  const w = new ByteWriter();
  const put = putter(w);
  const { local_get, local_set, i32_const, i32_add, i32_sub, br_if } = Op;
  const advance = (n: number): void => {
    for (const [local, op] of [[0, i32_add], [1, i32_add], [2, i32_sub]]) {
      put(local_get, local);
      put(i32_const, n);
      put(op);
      put(local_set, local);
    }
  };
  const loop = (n: number, load: number, align: number, ne: number): void => {
    put(Op.block, 0x40);
    put(Op.loop, 0x40);
    put(local_get, 2);
    put(i32_const, n);
    put(Op.i32_lt_u);
    put(br_if, 1);
    put(local_get, 0);
    put(load, align, 0);
    put(local_get, 1);
    put(load, align, 0);
    put(ne);
    put(Op.if, 0x40);
    put(i32_const, 0);
    put(Op.return);
    put(Op.end);
    advance(n);
    put(Op.br, 0);
    put(Op.end);
    put(Op.end);
  };
  put(local_get, 0);
  put(local_get, 1);
  put(Op.i32_eq);
  put(Op.if, 0x40);
  put(i32_const, 1);
  put(Op.return);
  put(Op.end);
  loop(8, Op.i64_load, 3, Op.i64_ne);
  loop(1, Op.i32_load8_u, 0, Op.i32_ne);
  put(i32_const, 1);
  put(Op.end);
  return { locals: [], code: w.finish() };
}

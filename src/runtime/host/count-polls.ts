// Time slices without anybody who watches the time: where there can be no sysmon (a page with one thread), compiled code itself counts its
// polls. In the linked code a poll is a load of POLL_WORD, and a function's entry compares with LIMIT_WORD; here both are given a countdown
// besides, which goes to the kernel's slow paths when it is below zero (kernel/poll.ts sets it anew). A loop of four
// instructions takes as long as before (measured in V8, with branch hints kept); going to the slow path each time makes it ten times slower.

import { KernelWords } from '../../abi/heap.ts';
import { LowMemory } from '../../abi/layout.ts';
import { ByteWriter } from '../../wasm/bytes.ts';
import { InstrReader } from '../../wasm/instr.ts';
import type { Func } from '../../wasm/module.ts';
import { Op, opAlign, opRow, ValType } from '../../wasm/opcodes.ts';

/** Rewrites a function's polls; `params`: how many parameters it has. */
export function countPolls(f: Func, params: number): Func {
  const r = new InstrReader(f.code), w = new ByteWriter(f.code.length + 64);
  const count = params + f.locals.length;
  const hints: number[] = [], old = f.hints ?? [];
  let copied = 0, constAt = -1, hint = 0;
  const copyTo = (end: number, from: number): void => {
    for (; hint < old.length && old[hint] < end; hint += 2) hints.push(w.pos + old[hint] - copied, old[hint + 1]);
    w.slice(f.code, copied, end);
    copied = from;
  };
  while (r.next()) {
    // Compiled code alone reads the words by an offset from 0.
    const word = r.op === Op.i32_load && constAt >= 0 ? r.b : -1;
    if (word === LowMemory.POLL_WORD || word === LowMemory.LIMIT_WORD) {
      copyTo(constAt, r.pos);
      countDown(w, count);
      if (word === LowMemory.POLL_WORD) isNegative(w, count);
      else limitUnlessNegative(w, count);
    }
    constAt = r.op === Op.i32_const && r.a === 0 ? r.start : -1;
  }
  if (copied === 0) return f;
  copyTo(f.code.length, f.code.length);
  return { type: f.type, locals: [...Array.from(f.locals), ValType.i32], code: w.finish(), hints };
}

function put(w: ByteWriter, op: number, ...immediates: number[]): void {
  w.op(op);
  for (const i of immediates) w.u32(i);
}

function constant(w: ByteWriter, n: number): void {
  w.op(Op.i32_const);
  w.s32(n);
}

/** The countdown's word and the local are one less. */
function countDown(w: ByteWriter, local: number): void {
  constant(w, 0);
  constant(w, 0);
  put(w, Op.i32_load, opAlign[opRow(Op.i32_load)], KernelWords.POLL_COUNT);
  constant(w, -1);
  put(w, Op.i32_add);
  put(w, Op.local_tee, local);
  put(w, Op.i32_store, opAlign[opRow(Op.i32_store)], KernelWords.POLL_COUNT);
}

function isNegative(w: ByteWriter, local: number): void {
  put(w, Op.local_get, local);
  constant(w, 0);
  put(w, Op.i32_lt_s);
}

/** LIMIT_WORD, or 0 to make any depth too great. */
function limitUnlessNegative(w: ByteWriter, local: number): void {
  constant(w, 0);
  put(w, Op.i32_load, opAlign[opRow(Op.i32_load)], LowMemory.LIMIT_WORD);
  put(w, Op.local_get, local);
  constant(w, 31);
  put(w, Op.i32_shr_s);
  constant(w, -1);
  put(w, Op.i32_xor);
  put(w, Op.i32_and);
}

// The module for a page without shared memory: polls are counted, entries too, branch hints stay with their branches, memory is not shared.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KernelWords } from '../../abi/heap.ts';
import { LowMemory } from '../../abi/layout.ts';
import { ByteWriter } from '../../wasm/bytes.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { encodeModule } from '../../wasm/encode.ts';
import { InstrReader } from '../../wasm/instr.ts';
import { Extern, newModule } from '../../wasm/module.ts';
import { Op, ValType } from '../../wasm/opcodes.ts';
import { forOneThread } from './one-thread.ts';

/** `poll` and `limit` read their words as compiled code does, `branch` has a hint, `add` is an atomic operation, `own` reads at the word's own address. */
function sample(): Uint8Array {
  const m = newModule();
  const { i32 } = ValType;
  m.types.push({ params: [], results: [i32] }, { params: [i32], results: [i32] });
  m.imports.push({ module: 'env', name: 'memory', kind: Extern.memory, memory: { min: 1, max: 1, shared: true } });
  const add = (name: string, type: number, write: (w: ByteWriter) => void, hints?: number[]): void => {
    const w = new ByteWriter();
    write(w);
    w.op(Op.end);
    m.exports.push({ name, kind: Extern.func, index: m.funcs.length });
    m.funcs.push({ type, locals: [], code: w.finish(), ...(hints ? { hints } : {}) });
  };
  const put = (w: ByteWriter, op: number, ...immediates: number[]): void => { w.op(op); for (const i of immediates) w.u32(i); };
  const load = (w: ByteWriter, offset: number): void => { put(w, Op.i32_const, 0); put(w, Op.i32_load, 2, offset); };
  add('poll', 0, (w) => load(w, LowMemory.POLL_WORD));
  add('limit', 0, (w) => load(w, LowMemory.LIMIT_WORD));
  let at = 0;
  const branch = (w: ByteWriter): void => {
    load(w, LowMemory.POLL_WORD);
    at = w.pos;
    put(w, Op.if, i32);
    put(w, Op.i32_const, 1);
    w.op(Op.else);
    put(w, Op.local_get, 0);
    w.op(Op.end);
  };
  branch(new ByteWriter());
  add('branch', 1, branch, [at, 0]);
  add('add', 1, (w) => {
    put(w, Op.i32_const, 8);
    put(w, Op.local_get, 0);
    put(w, Op.i32_atomic_rmw_add, 2, 0);
  });
  add('own', 0, (w) => {
    w.op(Op.i32_const);
    w.s32(LowMemory.POLL_WORD);
    put(w, Op.i32_load, 2, 0);
  });
  return encodeModule(m);
}

test('forOneThread counts polls and function entries', () => {
  const bytes = forOneThread(sample());
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), { env: { memory } });
  const f = exports as unknown as Record<string, (x?: number) => number>;
  const words = new Int32Array(memory.buffer), set = (at: number, x: number): void => { words[at / 4] = x; };
  set(LowMemory.LIMIT_WORD, 5000);
  set(KernelWords.POLL_COUNT, 2);
  assert.deepEqual([f['poll']!(), f['poll']!(), f['poll']!(), f['poll']!()], [0, 0, 1, 1]);
  set(KernelWords.POLL_COUNT, 1);
  assert.deepEqual([f['limit']!(), f['limit']!(), f['limit']!()], [5000, 0, 0]);
  set(KernelWords.POLL_COUNT, 2);
  assert.deepEqual([f['branch']!(7), f['poll']!(), f['branch']!(7)], [7, 0, 1]);
  assert.deepEqual([f['add']!(5), f['add']!(5), words[2]], [0, 5, 10]);
  set(LowMemory.POLL_WORD, 9);
  assert.equal(f['own']!(), 9, "the kernel's own look at the word");
});

test('forOneThread keeps branch hints at their branches', () => {
  const { code, hints } = decodeModule(forOneThread(sample())).funcs[2]!;
  const r = new InstrReader(code);
  let at = -1;
  while (r.next()) if (r.op === Op.if) at = r.start;
  assert.deepEqual(hints, [at, 0]);
});

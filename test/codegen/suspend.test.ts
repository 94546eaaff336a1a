// The model test of the stack discipline: random IR programs run compiled, suspended at random at every place where
// they can be, and must give what the interpreter gives. Mistakes planted in the kernel must be noticed.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { generateFunc } from '../../src/codegen/codegen.ts';
import type { CodegenContext } from '../../src/codegen/code.ts';
import type { FuncCode, ObjectProgram, DataObject } from '../../src/abi/object.ts';
import { BlockKind, Func } from '../../src/ir/func.ts';
import type { CallAux } from '../../src/ir/func.ts';
import { Op } from '../../src/ir/op.ts';
import { Type } from '../../src/ir/type.ts';
import { printFunc } from '../../src/ir/print.ts';
import { verify } from '../../src/ir/verify.ts';
import { link } from '../../src/link/link.ts';
import { decodeModule } from '../../src/wasm/decode.ts';
import { validateModule } from '../../src/wasm/validate.ts';
import { call } from './interp.ts';
import type { Machine } from './interp.ts';
import { mockBase, MockRun } from './mock.ts';
import type { Mistake } from './mock.ts';
import { areaSize, dataSymbols, params, Random, randomFunc, results } from './random.ts';

let base: Uint8Array;
before(async () => {
  base = await mockBase();
});

interface Program {
  funcs: Map<string, Func>;
  object: ObjectProgram;
}

function makeProgram(seed: number, count: number): Program {
  const r = new Random(seed);
  const names = Array.from({ length: count }, (_, i) => `main.f${i}`);
  const indirect = names.filter((_, i) => i % 3 === 1);
  const funcs = new Map<string, Func>();
  names.forEach((name, i) => {
    const shape = { blocks: 1 + r.below(10), ops: 8, slots: r.below(3), calls: names.slice(Math.max(0, i - 1)), indirect };
    funcs.set(name, randomFunc(name, r, shape, true));
  });
  funcs.set('main.main', mainFunc(names[0], r));
  const data = new Map<string, DataObject>();
  for (const name of [...dataSymbols, 'main.out']) {
    data.set(name, {
      name,
      bytes: Uint8Array.from({ length: areaSize }, (_, i) => (name === 'main.out' ? 0 : (i * 37) & 255)),
      size: areaSize,
      align: 8,
      relocs: [],
      ptrmask: [],
      readonly: false,
      typelink: '',
    });
  }
  return {
    funcs,
    object: {
      data,
      files: [],
      positions: [{ file: 0, line: 0, column: 0, func: '', inlinedAt: 0 }],
      imports: new Map(), exports: [],
      entry: 'main.main',
      roots: dataSymbols,
    },
  };
}

/** main: calls the first function and stores its results in main.out. */
function mainFunc(callee: string, r: Random): Func {
  const f = new Func('main.main', [], []);
  f.closure = f.addressTaken = f.suspends = true;
  const b = f.entry;
  const v = (
    op: number,
    t: Type,
    args: never[] | ReturnType<Func['newValue']>[],
    aux: never | unknown = null,
  ): ReturnType<Func['newValue']> => f.newValue(b, op, t, args, aux as never, 0);
  const args = [
    v(Op.const_i32, Type.i32, [], 50),
    v(Op.const_i64, Type.i64, [], BigInt(r.next())),
    v(Op.const_i32, Type.i32, [], r.next() | 0),
    v(Op.const_f64, Type.f64, [], 1.5),
    v(Op.addr, Type.ptr, [], 'main.a'),
  ];
  const aux: CallAux = { sym: callee, params, results, suspends: true };
  const t = v(Op.call, Type.tuple, args, aux);
  const out = v(Op.addr, Type.ptr, [], 'main.out');
  v(Op.store_i64, Type.void, [out, v(Op.extract, Type.i64, [t], 0)], 0);
  v(Op.store_i32, Type.void, [out, v(Op.extract, Type.i32, [t], 1)], 8);
  v(Op.store_f64, Type.void, [out, v(Op.extract, Type.f64, [t], 2)], 16);
  b.kind = BlockKind.ret;
  return f;
}

function compile(p: Program, inMemory: boolean): Map<string, FuncCode> {
  const ctx: CodegenContext = {
    callee: (name) => p.funcs.get(name),
    needsLimitCheck: (name) => name !== 'main.f2',
    linePos: (pos) => pos,
    hints: true,
    ...(inMemory ? { maxSitesTimesLocals: 0 } : {}),
  };
  const code = new Map<string, FuncCode>();
  for (const f of p.funcs.values()) code.set(f.name, generateFunc(f, ctx));
  return code;
}

interface Outcome {
  data: Uint8Array;
  trace: string;
  suspensions: number;
  grown: number;
}

/** The kernel functions of the tests: a pure function of the argument, and a trace of the calls. */
function tracer(): { kernel(name: string, x: number): number; trace: string[] } {
  const trace: string[] = [];
  return {
    trace,
    kernel: (name, x) => {
      trace.push(`${name}(${x})`);
      return (Math.imul(x, 7) + 3) | 0;
    },
  };
}

function interpret(p: Program): Outcome {
  const memory = new DataView(new ArrayBuffer(1 << 20));
  const address = new Map<string, number>();
  let at = 4096;
  const bytes = new Uint8Array(memory.buffer);
  for (const d of p.object.data.values()) {
    address.set(d.name, at);
    if (d.bytes !== null) bytes.set(d.bytes, at);
    at += d.size;
  }
  const t = tracer();
  const m: Machine = {
    funcs: p.funcs,
    memory,
    address,
    table: [...p.funcs.keys()],
    sp: 65536,
    kernel: (name, args) => [t.kernel(name, args[0] as number)],
  };
  call(m, 'main.main', [0]);
  const from = address.get('main.a')!;
  return { data: bytes.slice(from, from + 3 * areaSize), trace: t.trace.join(), suspensions: 0, grown: 0 };
}

function execute(p: Program, seed: number, percent: number, mistake: Mistake, single: boolean, inMemory = false): Outcome {
  const linked = link(base, compile(p, inMemory), p.object, { names: true, single });
  if (!WebAssembly.validate(linked.wasm)) validateModule(decodeModule(linked.wasm));
  const t = tracer();
  const run = new MockRun({ wasm: linked.wasm, pages: linked.pages, single, random: new Random(seed), percent, mistake, kernel: t.kernel });
  run.run();
  // The three areas have equal size and alignment, so they lie side by side in the order of their making.
  const word = (field: number): number => run.memory.getUint32(run.info + field, true);
  const start = word(68);
  return { data: run.bytes.slice(start, start + 3 * areaSize), trace: t.trace.join(), suspensions: run.suspensions, grown: run.grown };
}

function same(p: Program, want: Outcome, got: Outcome): void {
  assert.equal(got.trace, want.trace);
  assert.deepEqual(Buffer.from(got.data), Buffer.from(want.data));
  void p;
}

const rounds = Number(process.env['GOLOOM_ROUNDS'] ?? 150);

test('random programs give the same results compiled, suspended or not', () => {
  let suspensions = 0;
  let grown = 0;
  let totalCalls = 0;
  for (let seed = 1; seed <= rounds; seed++) {
    const p = makeProgram(seed, 5);
    for (const f of p.funcs.values()) verify(f, 'random');
    const want = interpret(p);
    for (const percent of [0, 10, 60]) {
      try {
        const got = execute(p, seed, percent, 'none', percent === 10, seed % 5 === 0 && percent > 0);
        same(p, want, got);
        suspensions += got.suspensions;
        totalCalls += want.trace.length;
        grown += got.grown;
      } catch (e) {
        if (process.env['GOLOOM_DUMP'] !== undefined) for (const f of p.funcs.values()) console.log(printFunc(f));
        throw new Error(`seed ${seed}, ${percent} % suspended`, { cause: e });
      }
    }
  }
  if (process.env['GOLOOM_DUMP'] !== undefined) console.log({ suspensions, grown, calls: totalCalls });
  assert.ok(suspensions > rounds * 10, `only ${suspensions} suspensions`);
  assert.ok(grown > rounds, `only ${grown} stack chunks`);
});

for (const mistake of ['frame order', 'sp of resumed function', 'live map', 'lost slot'] as const) {
  test(`a planted mistake is noticed: ${mistake}`, () => {
    let noticed = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const p = makeProgram(seed, 5);
      const want = interpret(p);
      try {
        same(p, want, execute(p, seed, 40, mistake, false));
      } catch {
        noticed++;
      }
    }
    assert.ok(noticed > 0);
  });
}

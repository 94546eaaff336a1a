// The heap against a model: random object graphs are made, dropped and collected; what the model says is alive must keep
// its contents, what is dead must become free, and the verifier must hold.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { GLOBALS, makeProgram, type Program, SCRATCH, type TypeSpec } from './harness.ts';

const types: TypeSpec[] = [
  { name: 'ptr', size: 8, ptrs: [0] },
  { name: 'node', size: 24, ptrs: [0, 8] },
  { name: 'mixed', size: 40, ptrs: [8, 32] },
  { name: 'tail', size: 200, ptrs: [0] },
  { name: 'big', size: 5000, ptrs: [0, 2400, 4800] },
];

/** A full collection: main waits for a completion each time round. */
class Collector {
  readonly p: Program;
  private readonly id = { n: 1 };
  constructor() {
    this.p = makeProgram(
      [
        {
          name: 'main',
          params: [['ctx', 'ptr']],
          i32s: ['id'],
          steps: [
            { label: 'loop' },
            `(local.set $id (call $newcompletion)) (i32.store (i32.const ${SCRATCH}) (local.get $id))`,
            { call: 'completionwait', args: '(local.get $id)', kernel: true },
            { call: 'gcrun', args: '', kernel: true },
            '(local.set $pc (i32.const 0)) (br $dispatch)',
          ],
        },
      ],
      { types, globals: 256, pages: 8192 },
    );
    this.p.run();
  }
  collect(): void {
    this.p.exports.complete(this.p.u32(SCRATCH), 0);
    this.p.run();
    assert.equal(this.p.exports.heapverify(), 0, 'heap invariants after collection');
  }
}

function stat(p: Program, i: number): number {
  p.exports.memstats(SCRATCH + 64);
  return Number(new BigUint64Array(p.memory.buffer)[(SCRATCH + 64) / 8 + i]);
}

function random(seed: number): (n: number) => number {
  let s = seed >>> 0 || 1;
  return (n) => {
    s ^= s << 13;
    s >>>= 0;
    s ^= s >>> 17;
    s ^= s << 5;
    s >>>= 0;
    return s % n;
  };
}

interface Obj {
  readonly addr: number;
  readonly size: number;
  readonly ptrs: readonly number[];
  readonly refs: (Obj | undefined)[];
  readonly stamp: number;
}

/** One run of the model. */
function model(seed: number, rounds: number): void {
  const c = new Collector(),
    { p } = c,
    rnd = random(seed);
  const view = (): DataView => new DataView(p.memory.buffer);
  const roots: (Obj | undefined)[] = new Array(256).fill(undefined);
  let all: Obj[] = [];
  const put = (at: number, to: Obj | undefined): void => {
    // Interior pointers keep objects alive as well.
    view().setUint32(at, to ? to.addr + rnd(Math.max(1, to.size)) : 0, true);
    view().setUint32(at + 4, 0, true);
  };
  const make = (): Obj => {
    let size: number,
      ptrs: number[],
      typ = 0;
    if (rnd(3) === 0) {
      size = [1, 3, 8, 12, 16, 100, 600, 3000, 9000, 40000, 200000][rnd(11)];
      ptrs = [];
    } else {
      const t = types[rnd(types.length)],
        n = rnd(4) ? 1 : 1 + rnd(t.size > 1000 ? 12 : 300);
      size = t.size * n;
      typ = p.type(t.name);
      ptrs = Array.from({ length: n }, (_, i) => t.ptrs.map((x) => x + i * t.size)).flat();
    }
    const addr = (p.exports.mallocgc(size, typ, 0) as number) >>> 0;
    const bytes = new Uint8Array(p.memory.buffer, addr, size);
    assert.ok(
      bytes.every((b) => b === 0),
      `object of ${size} bytes at ${addr} is zero`,
    );
    if (size % 8 === 0) assert.equal(addr % 8, 0);
    const stamp = 1 + rnd(255),
      o = { addr, size, ptrs, refs: ptrs.map(() => undefined as Obj | undefined), stamp };
    // Stamp all that is not a pointer.
    const isPtr = new Set(ptrs.flatMap((x) => Array.from({ length: 8 }, (_, i) => x + i)));
    for (let i = 0; i < size; i++) if (!isPtr.has(i)) bytes[i] = stamp;
    return o;
  };
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < 300; i++) {
      const o = make();
      all.push(o);
      for (let k = 0; k < o.ptrs.length && k < 3; k++) {
        const to = all.length > 1 && rnd(2) ? all[rnd(all.length)] : undefined;
        o.refs[k] = to;
        put(o.addr + o.ptrs[k], to);
      }
      if (rnd(3) === 0) {
        const k = rnd(256);
        roots[k] = o;
        put(GLOBALS + 8 * k, o);
      }
    }
    for (let i = 0; i < 60; i++) {
      const k = rnd(256);
      roots[k] = undefined;
      put(GLOBALS + 8 * k, undefined);
    }
    assert.equal(p.exports.heapverify(), 0, 'heap invariants before collection');
    c.collect();
    // What the model reaches is alive, with its contents; nothing else is kept in mind.
    const alive = new Set<Obj>(),
      work = roots.filter((o): o is Obj => o !== undefined);
    while (work.length) {
      const o = work.pop()!;
      if (alive.has(o)) continue;
      alive.add(o);
      for (const r of o.refs) if (r) work.push(r);
    }
    for (const o of alive) {
      const bytes = new Uint8Array(p.memory.buffer, o.addr, o.size),
        isPtr = new Set(o.ptrs.flatMap((x) => Array.from({ length: 8 }, (_, i) => x + i)));
      for (let i = 0; i < o.size; i += o.size > 1000 ? 37 : 1)
        if (!isPtr.has(i) && bytes[i] !== o.stamp) assert.fail(`object ${o.addr}+${i} of ${o.size} changed`);
    }
    // Objects of 16 bytes and more are counted exactly; the tiny allocator's blocks are shared.
    const big = [...alive].filter((o) => o.size >= 16 || o.ptrs.length).length;
    const objects = stat(p, 10);
    assert.ok(objects >= big && objects <= alive.size + 40, `${objects} objects in the heap, ${alive.size} alive`);
    all = [...alive];
  }
}

test('random object graphs survive collections as the model says', () => {
  for (const seed of [1, 2]) model(seed, 8);
});

test('memory is reused: a long run of garbage stays small', () => {
  const c = new Collector(),
    { p } = c;
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < 20000; i++) p.exports.mallocgc(16 + (i % 200), i & 1 ? p.type('ptr') : 0, 0);
    p.exports.mallocgc(3_000_000, 0, 0);
    c.collect();
  }
  assert.ok(stat(p, 2) < 40e6, `${stat(p, 2)} bytes of address space`);
  assert.equal(stat(p, 10), 0);
});

test('collections are asked for when the heap has doubled', () => {
  const p = makeProgram(
    [
      {
        name: 'main',
        params: [['ctx', 'ptr']],
        i64s: ['i'],
        steps: [
          { label: 'loop' },
          '(drop (call $mallocgc (i32.const 64) (i32.const 0) (i32.const 0)))',
          // The poll of a loop.
          { call: 'poll', args: '', kernel: false },
          '(local.set $i (i64.add (local.get $i) (i64.const 1))) (if (i64.lt_s (local.get $i) (i64.const 1000000)) (then (local.set $pc (i32.const 0)) (br $dispatch)))',
          `(call $memstats (i32.const ${SCRATCH + 64}))`,
        ],
      },
      {
        name: 'poll',
        steps: ['(if (i32.eqz (i32.load (i32.const 64))) (then (return (i32.const 0))))', { call: 'poll_slow', args: '', kernel: true }],
      },
    ],
    { types, pages: 4096 },
  );
  p.run();
  assert.equal(p.exitCode, 0);
  const s = new BigUint64Array(p.memory.buffer).subarray((SCRATCH + 64) / 8);
  assert.ok(s[22] >= 12n && s[22] <= 20n, `${s[22]} collections`);
  assert.ok(s[2] < 12_000_000n, `${s[2]} bytes`);
});

test('finalizers, cleanups and weak pointers', () => {
  const c = new Collector(),
    { p } = c,
    out = SCRATCH + 1024;
  const v = new DataView(p.memory.buffer);
  const fn = (): number => p.exports.mallocgc(16, 0, 0) as number;
  const a = p.exports.mallocgc(24, p.type('node'), 0) as number,
    child = p.exports.mallocgc(40, p.type('mixed'), 0) as number;
  v.setUint32(a, child, true);
  v.setUint32(GLOBALS, a, true);
  const f = fn(),
    g = fn();
  assert.equal(p.exports.addfinalizer(a, f, 0, 0), 0);
  assert.equal(p.exports.addfinalizer(a, f, 0, 0), 1);
  assert.equal(p.exports.addfinalizer(a + 8, f, 0, 0), 2);
  assert.equal(p.exports.addfinalizer(SCRATCH, f, 0, 0), 2);
  const id = p.exports.addcleanup(child, g) as bigint;
  assert.ok(id > 0n);
  const h = p.exports.registerweak(a) as number,
    hc = p.exports.registerweak(child + 8) as number;
  assert.equal(p.exports.registerweak(a), h);
  v.setUint32(GLOBALS + 8, h, true);
  v.setUint32(GLOBALS + 16, hc, true);
  c.collect();
  assert.equal(p.exports.strongfromweak(h), a);
  assert.equal(p.exports.fintake(out), 0);
  v.setUint32(GLOBALS, 0, true);
  c.collect();
  // The object lives on for its finalizer, with what it points to; its weak pointer is cleared, its child's is not.
  assert.equal(p.exports.strongfromweak(h), 0);
  assert.equal(p.exports.strongfromweak(hc), child + 8);
  assert.equal(p.exports.fintake(out), 1);
  assert.deepEqual(
    [0, 8].map((o) => v.getUint32(out + o, true)),
    [a, f],
  );
  assert.equal(v.getUint32(a, true), child);
  assert.equal(p.exports.fintake(out), 0);
  c.collect();
  assert.equal(p.exports.strongfromweak(hc), 0);
  assert.equal(p.exports.fintake(out), 2);
  assert.equal(v.getUint32(out, true), g);
  c.collect();
  assert.equal(p.exports.fintake(out), 0);
});

test('objects that share a block of the tiny allocator have finalizers of their own', () => {
  const c = new Collector(), { p } = c, out = SCRATCH + 1024, v = new DataView(p.memory.buffer);
  const f = p.exports.mallocgc(32, 0, 0) as number;
  v.setUint32(GLOBALS, f, true);
  const objs = Array.from({ length: 10 }, () => p.exports.mallocgc(4, 0, 0) as number);
  for (const o of objs) assert.equal(p.exports.addfinalizer(o, f, 0, 0), 0);
  p.exports.removefinalizer(objs[3]);
  c.collect();
  const got: number[] = [];
  while (p.exports.fintake(out) === 1) got.push(v.getUint32(out, true));
  assert.deepEqual(got.sort((a, b) => a - b), objs.filter((o) => o !== objs[3]).sort((a, b) => a - b));
});

test('objectbase, objectsize, roundupsize', () => {
  const { p } = new Collector();
  const a = p.exports.mallocgc(100, 0, 0) as number;
  assert.equal(p.exports.objectbase(a + 99), a);
  assert.equal(p.exports.objectsize(a + 50), 112);
  assert.equal(p.exports.objectbase(SCRATCH), 0);
  const large = p.exports.mallocgc(100000, 0, 0) as number;
  assert.equal(p.exports.objectbase(large + 99999), large);
  // append's capacities: 5 ints, 1000 ints, 70 strings, 33000 bytes.
  assert.equal(p.exports.roundupsize(40, 1), 48);
  assert.equal(p.exports.roundupsize(8000, 1), 8192);
  assert.equal(p.exports.roundupsize(1120, 0), 1144);
  assert.equal(p.exports.roundupsize(33000, 1), 40960);
});

test('out of memory is fatal', () => {
  const p = makeProgram(
    [{ name: 'main', params: [['ctx', 'ptr']], steps: ['(drop (call $mallocgc (i32.const 300000000) (i32.const 0) (i32.const 0)))'] }],
    { types, pages: 1024 },
  );
  p.run();
  assert.equal(p.exitCode, 2);
  assert.equal(p.output.join(''), 'runtime: out of memory: cannot allocate 300007424-byte block\nfatal error: out of memory\n');
});

// Scheduler, stacks and channels, driven by small functions in WebAssembly text (harness.ts).
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { type GoFunc, gocall, goto, kcall, kres, label, makeProgram, SCRATCH } from './harness.ts';

const int = { name: 'int', size: 8, ptrs: [] };
const S = SCRATCH;
/** Adds to the i64 counter at SCRATCH + off. */
const add = (off: number, v: string): string => `(i64.store (i32.const ${S + off}) (i64.add (i64.load (i32.const ${S + off})) ${v}))`;
const counter = (p: ReturnType<typeof makeProgram>, off: number): bigint => new BigInt64Array(p.memory.buffer)[(S + off) / 8];
const ctx: [string, 'ptr'][] = [['ctx', 'ptr']];

/** Address of the func value with the given index. */
function withFns(funcs: GoFunc[], options: Parameters<typeof makeProgram>[1] = {}): ReturnType<typeof makeProgram> {
  // Func values lie in a table whose place is only known after layout: functions read them from SCRATCH + 4096.
  const p = makeProgram(funcs, options);
  const v = new DataView(p.memory.buffer);
  funcs.forEach((f, i) => v.setUint32(S + 4096 + 4 * i, p.fn(f.name), true));
  (options.types ?? []).forEach((t, i) => v.setUint32(S + 4096 + 1024 + 4 * i, p.type(t.name), true));
  return p;
}
const fn = (i: number): string => `(i32.load (i32.const ${S + 4096 + 4 * i}))`;
const typ = (i: number): string => `(i32.load (i32.const ${S + 4096 + 1024 + 4 * i}))`;
const chan = `(i32.load (i32.const ${S + 8}))`;

const pingpong = (n: number): GoFunc[] => [
  {
    name: 'main',
    params: ctx,
    i64s: ['i', 'sum'],
    objects: [16, 0],
    steps: [
      `(i32.store (i32.const ${S + 8}) (call $makechan ${typ(0)} (i64.const 0))) (call $newproc ${fn(1)} (i64.const 0))`,
      label('loop'),
      `(if (i64.ge_s (local.get $i) (i64.const ${n})) (then ${goto('done')}))`,
      kcall('chanrecv', `${chan} (local.get $bp) (i32.const 1)`),
      `(local.set $sum (i64.add (local.get $sum) (i64.load (local.get $bp)))) (local.set $i (i64.add (local.get $i) (i64.const 1))) ${goto('loop')}`,
      label('done'),
      add(0, '(local.get $sum)'),
    ],
  },
  {
    name: 'sender',
    params: ctx,
    i64s: ['i'],
    steps: [
      label('loop'),
      `(if (i64.ge_s (local.get $i) (i64.const ${n})) (then ${goto('done')}))`,
      gocall('sendOne', '(local.get $i)'),
      `(local.set $i (i64.add (local.get $i) (i64.const 1))) ${goto('loop')}`,
      label('done'),
    ],
  },
  {
    name: 'sendOne',
    params: [['v', 'i64']],
    objects: [16, 0],
    steps: [
      '(i64.store offset=8 (local.get $bp) (local.get $v))',
      kcall('chansend', `${chan} (i32.add (local.get $bp) (i32.const 8)) (i32.const 1)`),
      `(if (i64.ne ${kres()} (i64.const 1)) (then unreachable))`,
    ],
  },
];

test('unbuffered channel between two goroutines', () => {
  const p = withFns(pingpong(1000), { types: [int] });
  p.run();
  assert.equal(p.exitCode, 0);
  assert.equal(counter(p, 0), 499500n);
});

test('deep recursion goes through memory and comes back', () => {
  const n = 1_000_000;
  const p = withFns([
    { name: 'main', params: ctx, i64s: ['r'], steps: [gocall('deep', `(i64.const ${n})`, 'r'), add(0, '(local.get $r)')] },
    {
      name: 'deep',
      params: [['n', 'i64']],
      results: ['i64'],
      i64s: ['r'],
      own: 200,
      objects: [16, 0],
      steps: [
        '(i64.store (local.get $bp) (local.get $n))',
        `(if (i64.eqz (local.get $n)) (then $RETURN (return (i64.const 0) (i32.const 0))))`,
        gocall('deep', '(i64.sub (local.get $n) (i64.const 1))', 'r'),
        '(if (i64.ne (i64.load (local.get $bp)) (local.get $n)) (then unreachable))',
        '$RETURN (return (i64.add (local.get $r) (local.get $n)) (i32.const 0))',
      ],
    },
  ]);
  p.run();
  assert.equal(p.exitCode, 0);
  assert.equal(counter(p, 0), (BigInt(n) * BigInt(n + 1)) / 2n);
});

test('stack over its limit is fatal and reported through the handler', () => {
  const p = withFns([
    {
      name: 'main',
      params: ctx,
      i64s: ['r'],
      steps: [`(call $setfatal ${fn(2)}) (drop (call $setmaxstack (i64.const 1000000)))`, gocall('deep', '(i64.const 100000000)', 'r')],
    },
    {
      name: 'deep',
      params: [['n', 'i64']],
      results: ['i64'],
      i64s: ['r'],
      own: 200,
      steps: [gocall('deep', '(i64.sub (local.get $n) (i64.const 1))', 'r'), '(return (local.get $r) (i32.const 0))'],
    },
    { name: 'fatal', params: ctx, steps: ['(call $exit (i32.add (i32.const 40) (call $fatalreason)))'] },
  ]);
  p.run();
  assert.equal(p.exitCode, 42);
});

test('deadlock is found', () => {
  const p = withFns([
    { name: 'main', params: ctx, steps: [`(call $setfatal ${fn(1)})`, kcall('chanrecv', '(i32.const 0) (i32.const 0) (i32.const 1)')] },
    { name: 'fatal', params: ctx, steps: ['(call $exit (i32.add (i32.const 40) (call $fatalreason)))'] },
  ]);
  p.run();
  assert.equal(p.exitCode, 41);
});

test('main calls Goexit: others go on, then it is fatal', () => {
  const p = withFns([
    { name: 'main', params: ctx, steps: [`(call $setfatal ${fn(1)}) (call $newproc ${fn(2)} (i64.const 0))`, kcall('goexit')] },
    { name: 'fatal', params: ctx, steps: ['(call $exit (i32.add (i32.const 40) (call $fatalreason)))'] },
    { name: 'other', params: ctx, steps: [kcall('Gosched'), add(0, '(i64.const 7)')] },
  ]);
  p.run();
  assert.equal(counter(p, 0), 7n);
  assert.equal(p.exitCode, 43);
});

test('a million suspensions in a loop do not grow the stack', () => {
  const p = withFns([
    {
      name: 'main',
      params: ctx,
      i64s: ['i'],
      objects: [64, 0],
      steps: [
        label('loop'),
        `(if (i64.ge_s (local.get $i) (i64.const 200000)) (then ${goto('done')}))`,
        gocall('yield'),
        `(local.set $i (i64.add (local.get $i) (i64.const 1))) ${goto('loop')}`,
        label('done'),
        `(call $memstats (i32.const ${S + 64}))`,
      ],
    },
    { name: 'yield', objects: [400, 0], steps: [kcall('Gosched'), kcall('Gosched')] },
  ]);
  p.run();
  assert.equal(p.exitCode, 0);
  assert.ok(counter(p, 64 + 8 * 11) < 10000n, `stack ${counter(p, 64 + 8 * 11)}`);
});

test('spawn and join of many goroutines; parked ones stay small', () => {
  const n = 50000;
  const p = withFns(
    [
      {
        name: 'main',
        params: ctx,
        i64s: ['i'],
        objects: [16, 0],
        steps: [
          `(i32.store (i32.const ${S + 8}) (call $makechan ${typ(0)} (i64.const 0)))`,
          label('spawn'),
          `(call $newproc ${fn(1)} (i64.const 0)) (local.set $i (i64.add (local.get $i) (i64.const 1)))
        (if (i64.lt_s (local.get $i) (i64.const ${n})) (then ${goto('spawn')}))`,
          kcall('Gosched'),
          `(call $memstats (i32.const ${S + 64})) (i64.store (i32.const ${S + 32}) (i64.extend_i32_s (call $gcount)))`,
          label('send'),
          kcall('chansend', `${chan} (local.get $bp) (i32.const 1)`),
          '(local.set $i (i64.sub (local.get $i) (i64.const 1)))',
          `(if (i64.gt_s (local.get $i) (i64.const 0)) (then ${goto('send')}))`,
          kcall('Gosched'),
          kcall('Gosched'),
          `(i64.store (i32.const ${S + 40}) (i64.extend_i32_s (call $gcount)))`,
        ],
      },
      {
        name: 'worker',
        params: ctx,
        objects: [8, 0],
        steps: [kcall('chanrecv', `${chan} (local.get $bp) (i32.const 1)`), add(0, '(i64.const 1)')],
      },
    ],
    { types: [int] },
  );
  p.run();
  assert.equal(p.exitCode, 0);
  assert.equal(counter(p, 0), BigInt(n));
  assert.equal(counter(p, 32), BigInt(n + 1));
  assert.equal(counter(p, 40), 1n);
  const perG = Number(counter(p, 64 + 8 * 2)) / n;
  assert.ok(perG <= 1024, `${perG} bytes each`);
});

test('panic recovery: inner frames are dropped, the deferring function returns through its deferreturn block', () => {
  const p = withFns([
    {
      name: 'main',
      params: ctx,
      i64s: ['r', 'i'],
      steps: [
        label('loop'),
        gocall('deferring', '(local.get $i)', 'r'),
        add(0, '(local.get $r)'),
        `(local.set $i (i64.add (local.get $i) (i64.const 1))) (if (i64.lt_s (local.get $i) (i64.const 100)) (then ${goto('loop')}))`,
      ],
    },
    {
      name: 'deferring',
      params: [['x', 'i64']],
      results: ['i64'],
      i64s: ['r'],
      objects: [48, 0],
      deferReturn: 'deferreturn',
      steps: [
        '(i64.store offset=40 (local.get $bp) (local.get $x))',
        kcall('Gosched'),
        gocall('middle', '(i32.add (local.get $bp) (i32.const 0))'),
        'unreachable',
        label('deferreturn'),
        '(local.set $r (i64.load offset=40 (local.get $bp))) $RETURN (return (local.get $r) (i32.const 0))',
      ],
    },
    {
      name: 'middle',
      params: [['df', 'ptr']],
      objects: [2000, 0],
      steps: [kcall('Gosched'), gocall('inner', '(local.get $df)'), 'unreachable'],
    },
    {
      name: 'inner',
      params: [['df', 'ptr']],
      objects: [600, 0],
      steps: [kcall('Gosched'), kcall('recovery', '(local.get $df)'), 'unreachable'],
    },
  ]);
  p.run();
  assert.equal(p.exitCode, 0);
  assert.equal(counter(p, 0), 4950n);
});

test('callers gives the pcs of all frames, over several batches', () => {
  const p = withFns([
    { name: 'main', params: ctx, steps: [gocall('a')] },
    { name: 'a', steps: [kcall('Gosched'), gocall('b')] },
    { name: 'b', steps: [gocall('c'), gocall('c')] },
    { name: 'c', steps: [kcall('Gosched'), kcall('callers', `(i32.const 0) (i32.const ${S + 64}) (i32.const 10)`), add(0, kres())] },
  ]);
  p.run();
  assert.equal(p.exitCode, 0);
  assert.equal(counter(p, 0), 8n);
  const pcs = [0, 1, 2, 3].map((i) => Number(counter(p, 64 + 8 * i) - 0x10000000n - 1n) / 2);
  // Sites in order: main 1, a 2 3, b 4 5, c 6 7.
  assert.deepEqual(pcs, [7, 5, 3, 1]);
});

test('coroutines switch directly', () => {
  const slot = `(i32.const ${S + 16})`;
  const p = withFns([
    {
      name: 'main',
      params: ctx,
      i64s: ['i'],
      steps: [
        `(i64.store ${slot} (i64.extend_i32_u (call $newg ${fn(1)} (i64.const 0))))`,
        label('loop'),
        kcall('coroswitch', slot),
        `(local.set $i (i64.add (local.get $i) (i64.const 1)))`,
        `(if (i64.ne (i64.load ${slot}) (i64.const 0)) (then ${goto('loop')}))`,
        add(0, '(local.get $i)'),
      ],
    },
    {
      name: 'gen',
      params: ctx,
      i64s: ['i'],
      steps: [
        label('loop'),
        kcall('coroswitch', slot),
        '(local.set $i (i64.add (local.get $i) (i64.const 1)))',
        `(if (i64.lt_s (local.get $i) (i64.const 1000)) (then ${goto('loop')}))`,
        kcall('coroexit', slot),
        'unreachable',
      ],
    },
  ]);
  p.run();
  assert.equal(p.exitCode, 0);
  assert.equal(counter(p, 0), 1001n);
});

test('sleepers wake in order of time', () => {
  const sleeper = (name: string, ms: number, bit: number): GoFunc => ({
    name,
    params: ctx,
    steps: [
      kcall('timeSleep', `(i64.const ${ms * 1_000_000})`),
      `(i64.store (i32.const ${S}) (i64.or (i64.shl (i64.load (i32.const ${S})) (i64.const 4)) (i64.const ${bit})))`,
    ],
  });
  const p = withFns([
    {
      name: 'main',
      params: ctx,
      steps: [...[1, 2, 3].map((i) => `(call $newproc ${fn(i)} (i64.const 0))`), kcall('timeSleep', '(i64.const 30000000)')],
    },
    sleeper('s1', 15, 1),
    sleeper('s2', 5, 2),
    sleeper('s3', 10, 3),
  ]);
  const t = performance.now();
  p.run();
  assert.equal(p.exitCode, 0);
  assert.equal(counter(p, 0), 0x231n);
  assert.ok(performance.now() - t >= 29);
});

test('completions: the kernel returns to the host and goes on with the answer', () => {
  const p = withFns([
    {
      name: 'main',
      params: ctx,
      i32s: ['id'],
      steps: [
        `(local.set $id (call $newcompletion)) (i32.store (i32.const ${S + 16}) (local.get $id))`,
        kcall('completionwait', '(local.get $id)'),
        add(0, kres()),
      ],
    },
  ]);
  assert.equal(p.run(), -1n);
  p.exports.complete(p.u32(S + 16), -5);
  p.run();
  assert.equal(p.exitCode, 0);
  assert.equal(counter(p, 0), -5n);
});

test('jscall: the host is called from the scheduler, and an event inside it runs a goroutine to its end', () => {
  let calls = 0;
  let event = (): void => {};
  const p = withFns([
    {
      name: 'main',
      params: ctx,
      steps: [
        `(call $setevent ${fn(1)})`,
        kcall('jscall', '(i32.const 77)'),
        add(0, kres()),
      ],
    },
    // The event's goroutine waits for another one on the way.
    { name: 'handler', params: ctx, steps: [kcall('Gosched'), add(8, '(i64.const 5)'), kcall('Gosched'), add(8, '(i64.const 5)')] },
  ], {
    host: {
      jscall: (at: number) => {
        assert.equal(at, 77);
        event();
        return ++calls;
      },
    },
  });
  event = () => { p.exports.event(); assert.equal(counter(p, 8), 10n * BigInt(calls + 1)); };
  p.run();
  assert.equal(p.exitCode, 0);
  assert.equal(counter(p, 0), 1n);
});

test('semaphores: handoff, lifo and competing waiters', () => {
  const sem = `(i32.const ${S + 16})`;
  const worker = (name: string): GoFunc => ({
    name,
    params: ctx,
    i64s: ['i'],
    steps: [
      label('loop'),
      kcall('semacquire1', `${sem} (i32.const 0) (i32.const 19)`),
      add(8, '(i64.const 1)'),
      `(if (i64.ne (i64.load (i32.const ${S + 8})) (i64.const 1)) (then unreachable))`,
      kcall('Gosched'),
      add(8, '(i64.const -1)'),
      kcall('semrelease1', `${sem} (i32.and (i32.wrap_i64 (local.get $i)) (i32.const 1))`),
      add(0, '(i64.const 1)'),
      `(local.set $i (i64.add (local.get $i) (i64.const 1))) (if (i64.lt_s (local.get $i) (i64.const 200)) (then ${goto('loop')}))`,
    ],
  });
  const p = withFns([
    {
      name: 'main',
      params: ctx,
      steps: [
        `(i32.store ${sem} (i32.const 1))`,
        ...[1, 2, 3].map((i) => `(call $newproc ${fn(i)} (i64.const 0))`),
        label('wait'),
        kcall('Gosched'),
        `(if (i64.lt_s (i64.load (i32.const ${S})) (i64.const 600)) (then ${goto('wait')}))`,
      ],
    },
    worker('w1'),
    worker('w2'),
    worker('w3'),
  ]);
  p.run();
  assert.equal(p.exitCode, 0);
  assert.equal(p.u32(S + 16), 1);
});

test('notify list: one and all', () => {
  const l = `(i32.const ${S + 16})`;
  const p = withFns([
    {
      name: 'main',
      params: ctx,
      i64s: ['i'],
      steps: [
        `(call $newproc ${fn(1)} (i64.const 0)) (call $newproc ${fn(1)} (i64.const 0)) (call $newproc ${fn(1)} (i64.const 0))`,
        kcall('timeSleep', '(i64.const 1000000)'),
        `(drop (call $notifyListNotifyOne ${l}))`,
        kcall('timeSleep', '(i64.const 1000000)'),
        `(i64.store (i32.const ${S + 64}) (i64.load (i32.const ${S})))`,
        `(drop (call $notifyListNotifyAll ${l}))`,
        kcall('timeSleep', '(i64.const 1000000)'),
      ],
    },
    {
      name: 'waiter',
      params: ctx,
      i32s: ['t'],
      steps: [`(local.set $t (call $notifyListAdd ${l}))`, kcall('notifyListWait', `${l} (local.get $t)`), add(0, '(i64.const 1)')],
    },
  ]);
  p.run();
  assert.equal(counter(p, 64), 1n);
  assert.equal(counter(p, 0), 3n);
});

test('select: takes what is ready, waits else, and leaves no sudog behind', () => {
  // Two channels, a selecting main, senders on both; then a select with default; then a closed channel.
  const c = (i: number): string => `(i32.load (i32.const ${S + 8 + 8 * i}))`;
  const n = 2000;
  const sender = (name: string, k: number): GoFunc => ({
    name,
    params: ctx,
    i64s: ['i'],
    objects: [8, 0],
    steps: [
      label('loop'),
      '(i64.store (local.get $bp) (local.get $i))',
      kcall('chansend', `${c(k)} (local.get $bp) (i32.const 1)`),
      `(local.set $i (i64.add (local.get $i) (i64.const 1))) (if (i64.lt_s (local.get $i) (i64.const ${n})) (then ${goto('loop')}))`,
    ],
  });
  // Cases at bp: 2 x 16 bytes, order at bp+32 (8 bytes), elements at bp+40, bp+48.
  const setup = `(i64.store (local.get $bp) (i64.extend_i32_u ${c(0)})) (i64.store offset=8 (local.get $bp) (i64.extend_i32_u (i32.add (local.get $bp) (i32.const 40))))
    (i64.store offset=16 (local.get $bp) (i64.extend_i32_u ${c(1)})) (i64.store offset=24 (local.get $bp) (i64.extend_i32_u (i32.add (local.get $bp) (i32.const 48))))`;
  const sel = (block: number): ReturnType<typeof kcall> =>
    kcall('selectgo', `(local.get $bp) (i32.add (local.get $bp) (i32.const 32)) (i32.const 0) (i32.const 2) (i32.const ${block})`);
  const p = withFns(
    [
      {
        name: 'main',
        params: ctx,
        i64s: ['i', 'sum', 'k'],
        objects: [56, 0b1111],
        steps: [
          ...[0, 1].map((i) => `(i32.store (i32.const ${S + 8 + 8 * i}) (call $makechan ${typ(0)} (i64.const ${i * 2})))`),
          `(call $newproc ${fn(1)} (i64.const 0)) (call $newproc ${fn(2)} (i64.const 0))`,
          label('loop'),
          setup,
          sel(1),
          `(local.set $k ${kres(0)}) (if (i64.ne ${kres(1)} (i64.const 1)) (then unreachable))
       (local.set $sum (i64.add (local.get $sum) (i64.load offset=40 (i32.add (local.get $bp) (i32.shl (i32.wrap_i64 (local.get $k)) (i32.const 3))))))
       (local.set $i (i64.add (local.get $i) (i64.const 1))) (if (i64.lt_s (local.get $i) (i64.const ${2 * n})) (then ${goto('loop')}))`,
          setup,
          sel(0),
          `(i64.store (i32.const ${S + 64}) ${kres(0)})`,
          `(drop (call $closechan ${c(1)}))`,
          sel(1),
          `(i64.store (i32.const ${S + 72}) ${kres(0)}) (i64.store (i32.const ${S + 80}) ${kres(1)})`,
          add(0, '(local.get $sum)'),
        ],
      },
      sender('s1', 0),
      sender('s2', 1),
    ],
    { types: [int] },
  );
  p.run();
  assert.equal(p.exitCode, 0);
  assert.equal(counter(p, 0), BigInt(n * (n - 1)));
  assert.equal(counter(p, 64), -1n);
  assert.equal(counter(p, 72), 1n);
  assert.equal(counter(p, 80), 0n);
});

test('close: receivers get zero values, senders are told, results of closechan', () => {
  const p = withFns(
    [
      {
        name: 'main',
        params: ctx,
        objects: [8, 0],
        steps: [
          `(i32.store (i32.const ${S + 8}) (call $makechan ${typ(0)} (i64.const 1)))`,
          '(i64.store (local.get $bp) (i64.const 5))',
          kcall('chansend', `${chan} (local.get $bp) (i32.const 1)`),
          `(call $newproc ${fn(1)} (i64.const 0))`,
          kcall('Gosched'),
          `(i64.store (i32.const ${S + 64}) (i64.extend_i32_s (call $closechan ${chan})))
       (i64.store (i32.const ${S + 72}) (i64.extend_i32_s (call $closechan ${chan}))) (i64.store (i32.const ${S + 80}) (i64.extend_i32_s (call $closechan (i32.const 0))))`,
          kcall('Gosched'),
          kcall('chanrecv', `${chan} (local.get $bp) (i32.const 1)`),
          add(0, kres()),
          add(0, '(i64.load (local.get $bp))'),
          kcall('chanrecv', `${chan} (local.get $bp) (i32.const 1)`),
          add(0, kres()),
          add(0, '(i64.load (local.get $bp))'),
        ],
      },
      {
        name: 'blocked',
        params: ctx,
        objects: [8, 0],
        steps: [kcall('chansend', `${chan} (local.get $bp) (i32.const 1)`), `(i64.store (i32.const ${S + 88}) ${kres()})`],
      },
    ],
    { types: [int] },
  );
  p.run();
  assert.equal(p.exitCode, 0);
  assert.deepEqual(
    [64, 72, 80, 88].map((o) => Number(counter(p, o))),
    [0, 2, 1, 2],
  );
  assert.equal(counter(p, 0), 3n + 5n + 1n + 0n);
});

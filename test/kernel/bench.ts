// Speed of the kernel's hot paths, with hand-made compiled functions: `node test/kernel/bench.ts`. ns per operation, best of five.
import { type GoFunc, gocall, goto, kcall, kres, label, makeProgram, SCRATCH } from './harness.ts';

const S = SCRATCH,
  types = [
    { name: 'int', size: 8, ptrs: [] },
    { name: 'node', size: 24, ptrs: [0, 8] },
  ];
const ctx: [string, 'ptr'][] = [['ctx', 'ptr']];
const fn = (i: number): string => `(i32.load (i32.const ${S + 4096 + 4 * i}))`;
const typ = (i: number): string => `(i32.load (i32.const ${S + 8192 + 4 * i}))`;
const chan = `(i32.load (i32.const ${S + 8}))`;

function time(name: string, n: number, funcs: GoFunc[]): void {
  let best = Infinity;
  for (let k = 0; k < 5; k++) {
    const p = makeProgram(funcs, { types });
    const v = new DataView(p.memory.buffer);
    funcs.forEach((f, i) => v.setUint32(S + 4096 + 4 * i, p.fn(f.name), true));
    types.forEach((t, i) => v.setUint32(S + 8192 + 4 * i, p.type(t.name), true));
    const t = performance.now();
    p.run();
    best = Math.min(best, performance.now() - t);
    if (p.exitCode !== 0) throw new Error(`${name}: exit ${p.exitCode} ${p.output.join('')}`);
  }
  console.log(`${name.padEnd(44)} ${((best / n) * 1e6).toFixed(1)} ns`);
}

const count = (n: number, body: string | GoFunc['steps']): GoFunc['steps'] => [
  label('loop'),
  ...(typeof body === 'string' ? [body] : body),
  `(local.set $i (i64.add (local.get $i) (i64.const 1))) (if (i64.lt_s (local.get $i) (i64.const ${n})) (then ${goto('loop')}))`,
];
const makeChan = (n: number): string => `(i32.store (i32.const ${S + 8}) (call $makechan ${typ(0)} (i64.const ${n})))`;
const sender = (n: number): GoFunc => ({
  name: 'sender',
  params: ctx,
  i64s: ['i'],
  steps: count(n, [gocall('sendOne', '(local.get $i)')]),
});
const sendOne: GoFunc = {
  name: 'sendOne',
  params: [['v', 'i64']],
  objects: [8, 0],
  steps: [
    '(i64.store (local.get $bp) (local.get $v))',
    kcall('chansend', `${chan} (local.get $bp) (i32.const 1)`),
    `(if (i64.ne ${kres()} (i64.const 1)) (then unreachable))`,
  ],
};
const recvOne: GoFunc = {
  name: 'recvOne',
  results: ['i64'],
  i64s: ['v'],
  objects: [8, 0],
  steps: [
    kcall('chanrecv', `${chan} (local.get $bp) (i32.const 1)`),
    '(local.set $v (i64.load (local.get $bp))) $RETURN (return (local.get $v) (i32.const 0))',
  ],
};

for (const [name, cap] of [
  ['unbuffered', 0],
  ['buffer of 1', 1],
  ['buffer of 100', 100],
] as const) {
  const n = 1_000_000;
  time(`channel, ${name}: send + receive`, n, [
    {
      name: 'main',
      params: ctx,
      i64s: ['i', 'v'],
      steps: [`${makeChan(cap)} (call $newproc ${fn(1)} (i64.const 0))`, ...count(n, [gocall('recvOne', '', 'v')])],
    },
    sender(n),
    sendOne,
    recvOne,
  ]);
}
time('Gosched, alone', 2_000_000, [{ name: 'main', params: ctx, i64s: ['i'], steps: count(2_000_000, [kcall('Gosched')]) }]);
time('spawn + join through a channel', 500_000, [
  {
    name: 'main',
    params: ctx,
    i64s: ['i', 'v'],
    steps: [makeChan(0), ...count(500_000, [`(call $newproc ${fn(1)} (i64.const 0))`, gocall('recvOne', '', 'v')])],
  },
  { name: 'worker', params: ctx, steps: [gocall('sendOne', '(i64.const 1)')] },
  sendOne,
  recvOne,
]);
time('spawn 1000, join 1000', 500_000, [
  {
    name: 'main',
    params: ctx,
    i64s: ['i', 'k', 'v'],
    steps: [
      makeChan(0),
      ...count(500, [
        '(local.set $k (i64.const 0))',
        label('spawn'),
        `(call $newproc ${fn(1)} (i64.const 0)) (local.set $k (i64.add (local.get $k) (i64.const 1))) (if (i64.lt_s (local.get $k) (i64.const 1000)) (then ${goto('spawn')}))`,
        label('join'),
        gocall('recvOne', '', 'v'),
        `(local.set $k (i64.sub (local.get $k) (i64.const 1))) (if (i64.gt_s (local.get $k) (i64.const 0)) (then ${goto('join')}))`,
      ]),
    ],
  },
  { name: 'worker', params: ctx, steps: [gocall('sendOne', '(i64.const 1)')] },
  sendOne,
  recvOne,
]);
time('uncontended semaphore: acquire + release', 2_000_000, [
  {
    name: 'main',
    params: ctx,
    i64s: ['i'],
    steps: [
      `(i32.store (i32.const ${S + 16}) (i32.const 1))`,
      ...count(2_000_000, [
        kcall('semacquire1', `(i32.const ${S + 16}) (i32.const 0) (i32.const 0)`),
        kcall('semrelease1', `(i32.const ${S + 16}) (i32.const 0)`),
      ]),
    ],
  },
]);
const poll: GoFunc = {
  name: 'poll',
  steps: ['(if (i32.eqz (i32.load (i32.const 64))) (then (return (i32.const 0))))', kcall('poll_slow')],
};
for (const [size, t] of [
  [8, '(i32.const 0)'],
  [16, '(i32.const 0)'],
  [64, '(i32.const 0)'],
  [24, typ(1)],
  [1024, '(i32.const 0)'],
] as const) {
  time(`mallocgc(${size}${t.startsWith('(i32.const') ? '' : ', with pointers'}), garbage`, 5_000_000, [
    {
      name: 'main',
      params: ctx,
      i64s: ['i'],
      steps: count(5_000_000, [`(drop (call $mallocgc (i32.const ${size}) ${t} (i32.const 0)))`, gocall('poll')]),
    },
    poll,
  ]);
}
time('recursion through memory, per call', 1_000_000, [
  { name: 'main', params: ctx, i64s: ['r'], steps: [gocall('deep', '(i64.const 1000000)', 'r')] },
  {
    name: 'deep',
    params: [['n', 'i64']],
    results: ['i64'],
    i64s: ['r'],
    own: 200,
    steps: [
      '(if (i64.eqz (local.get $n)) (then (return (i64.const 0) (i32.const 0))))',
      gocall('deep', '(i64.sub (local.get $n) (i64.const 1))', 'r'),
      '(return (i64.add (local.get $r) (local.get $n)) (i32.const 0))',
    ],
  },
]);

// Table tests of single passes: text in, one line of text out (parameters and headers left out).
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { analyseEscape } from '../analysis/escape.ts';
import type { Func } from '../ir/func.ts';
import { parseFuncs } from '../ir/parse.ts';
import { printFunc } from '../ir/print.ts';
import type { DataSymbol, Program } from '../ir/program.ts';
import { verify } from '../ir/verify.ts';
import { bounds } from './bounds.ts';
import { byteloads } from './byteloads.ts';
import { cleanCfg } from './cfg.ts';
import { deadcode } from './deadcode.ts';
import { gvn } from './gvn.ts';
import { runPasses } from './list.ts';
import { promote } from './promote.ts';
import { simplify } from './simplify.ts';

function program(text: string): Program {
  const funcs = new Map(parseFuncs(text).map((f) => [f.name, f]));
  for (const f of funcs.values()) verify(f, 'input');
  return { funcs, data: new Map<string, DataSymbol>(), files: [], positions: [{ file: 0, line: 0, column: 0, func: '', inlinedAt: 0 }], imports: new Map(), exports: [], entry: 'main', roots: [] };
}

function body(f: Func): string {
  return printFunc(f).split('\n').map((l) => l.trim().replace(/ ; <-.*/, '')).filter((l) => l !== '' && !/^(func|v\d+ = param|\})/.test(l)).join('; ');
}

function tidy(f: Func): void {
  while (simplify(f, true) || cleanCfg(f) || deadcode(f)) verify(f, 'tidy');
}

test('promote() takes parts of a word that is stored whole', () => {
  const p = program(`func "t"(i64) (i32) {
b1:
  v1 = param:i64 {0}
  v2 = slot {8 8 [] "k"}
  v3 = ptr.off v2 {4}
  v4 = store.i64 v2 v1 {0}
  v5 = load.i32 v2 {0}
  v6 = load.i32 v3 {0}
  v7 = load8_u v3 {2}
  v8 = xor.i32 v5 v6
  v9 = add.i32 v8 v7
  ret v9
}
`);
  const f = p.funcs.get('t')!;
  assert.ok(promote(f));
  verify(f, 'promote');
  tidy(f);
  assert.equal(body(f).replace(/v\d+/g, (v) => (v === 'v1' ? v : 'v')), 'b1:; v = wrap.i64 v1; v = const.i64 {32}; v = shr_u.i64 v1 v; v = wrap.i64 v; v = const.i64 {48}; v = shr_u.i64 v1 v; v = const.i64 {255}; v = and.i64 v v; v = wrap.i64 v; v = xor.i32 v v; v = add.i32 v v; ret v');
});

test('promote() leaves a word that is also stored in parts', () => {
  const p = program(`func "t"(i64 i32) (i32) {
b1:
  v1 = param:i64 {0}
  v2 = param:i32 {1}
  v3 = slot {8 8 [] "k"}
  v4 = store.i64 v3 v1 {0}
  v5 = store.i32 v3 v2 {4}
  v6 = load.i32 v3 {0}
  ret v6
}
`);
  assert.equal(promote(p.funcs.get('t')!), false);
});

test('promote() turns a slot into values and phis', () => {
  const p = program(`func "t"(i64 i32) (i64) {
b1:
  v1 = param:i64 {0}
  v2 = param:i32 {1}
  v3 = slot {16 8 [] "x"}
  v4 = store.i64 v3 v1 {0}
  v5 = ptr.off v3 {8}
  br v2 b2 b3
b2: ; <- b1
  v6 = store.i64 v5 v1 {0}
  jump b4
b3: ; <- b1
  jump b4
b4: ; <- b2 b3
  v7 = load.i64 v3 {8}
  v8 = load.i64 v3 {0}
  v9 = add.i64 v7 v8
  ret v9
}
`);
  const f = p.funcs.get('t')!;
  assert.ok(promote(f));
  verify(f, 'promote');
  tidy(f);
  assert.match(body(f), /^b1:; v(\d+) = const.i64 \{0\}; br v2 b2 b3; b2:; jump b4; b3:; jump b4; b4:; v(\d+) = phi:i64 v1 v\1; v9 = add.i64 v\2 v1; ret v9$/);
});

test('promote() leaves a slot alone whose address is stored', () => {
  const p = program(`func "t"(i64 ptr) (i64) {
b1:
  v1 = param:i64 {0}
  v2 = param:ptr {1}
  v3 = slot {8 8 [] "x"}
  v4 = store.i64 v3 v1 {0}
  v5 = store.ptr v2 v3 {0}
  v6 = load.i64 v3 {0}
  ret v6
}
`);
  assert.equal(promote(p.funcs.get('t')!), false);
});

test('promote() expands moves between slots and keeps pointer parts pointers', () => {
  const p = program(`func "t"(ptr i64) (ptr i64) {
b1:
  v1 = param:ptr {0}
  v2 = param:i64 {1}
  v3 = slot {16 8 [1] "x"}
  v4 = slot {16 8 [1] "y"}
  v5 = store.ptr v3 v1 {0}
  v6 = store.i64 v3 v2 {8}
  v7 = move v4 v3 {16 8 ptrs}
  v8 = load.ptr v4 {0}
  v9 = load.i64 v4 {8}
  ret v8 v9
}
`);
  const f = p.funcs.get('t')!;
  assert.ok(promote(f));
  verify(f, 'promote');
  tidy(f);
  assert.equal(body(f), 'b1:; ret v1 v2');
});

const escapes: { name: string; text: string; onStack: number; leak?: string }[] = [
  { name: 'an object that is only read', onStack: 1, text: 'v3 = newobject {"T" 8 8 [] "x"}\n  v4 = store.i64 v3 v1 {0}\n  v5 = load.i64 v3 {0}\n  ret v5 v2' },
  { name: 'an object that is returned', onStack: 0, text: 'v3 = newobject {"T" 8 8 [] "x"}\n  ret v1 v3' },
  { name: 'an object stored through a parameter', onStack: 0, text: 'v3 = newobject {"T" 8 8 [] "x"}\n  v4 = store.ptr v2 v3 {0}\n  ret v1 v2' },
  { name: 'an object in an object that is returned', onStack: 0, text: 'v3 = newobject {"T" 8 8 [1] "x"}\n  v4 = newobject {"T" 8 8 [] "y"}\n  v5 = store.ptr v3 v4 {0}\n  ret v1 v3' },
  { name: 'an object in an object on the stack', onStack: 2, text: 'v3 = newobject {"T" 8 8 [1] "x"}\n  v4 = newobject {"T" 8 8 [] "y"}\n  v5 = store.ptr v3 v4 {0}\n  v6 = load.ptr v3 {0}\n  v7 = load.i64 v6 {0}\n  ret v7 v2' },
  { name: 'an object passed to an unknown function', onStack: 0, text: 'v3 = newobject {"T" 8 8 [] "x"}\n  v4 = call:void v3 {"f" (ptr) ()}\n  ret v1 v2' },
];
for (const c of escapes) {
  test(`analyseEscape() ${c.name}`, () => {
    const p = program(`func "t"(i64 ptr) (i64 ptr) {\nb1:\n  v1 = param:i64 {0}\n  v2 = param:ptr {1}\n  ${c.text}\n}\n`);
    const { onStack } = analyseEscape(p.funcs.get('t')!, () => null);
    assert.equal(onStack.length, c.onStack);
  });
}

test('analyseEscape() sends an object of one iteration that the next one sees to the heap', () => {
  const p = program(`func "t"(i32) () {
b1:
  v1 = param:i32 {0}
  v2 = const.ptr {0}
  jump b2
b2: ; <- b1 b2
  v3 = phi:ptr v2 v4
  v4 = newobject {"T" 8 8 [] "x"}
  v5 = poll
  br v1 b2 b3
b3: ; <- b2
  ret
}
`);
  assert.equal(analyseEscape(p.funcs.get('t')!, () => null).onStack.length, 0);
});

test('analyseEscape() summarises what a function does with its parameters', () => {
  const p = program(`func "t"(ptr ptr ptr ptr) (i64 ptr) {
b1:
  v1 = param:ptr {0}
  v2 = param:ptr {1}
  v3 = param:ptr {2}
  v4 = param:ptr {3}
  v5 = load.i64 v1 {0}
  v6 = load.ptr v3 {0}
  v7 = store.ptr v4 v6 {0}
  ret v5 v2
}
`);
  const { summary } = analyseEscape(p.funcs.get('t')!, () => null);
  assert.deepEqual(summary.map((s) => [s!.heap, s!.results]), [[127, []], [127, [{ result: 1, derefs: 0 }]], [1, []], [127, []]]);
});

test('gvn() shares operations, loads and checks along the dominator tree', () => {
  const p = program(`func "t"(ptr i64 i64) (i64) suspends {
b1:
  v1 = param:ptr {0}
  v2 = param:i64 {1}
  v3 = param:i64 {2}
  v4 = nilcheck v1
  v5 = load.i64 v1 {8}
  v6 = boundscheck v2 v5 {"runtime.goPanicIndex"}
  v7 = nilcheck v1
  v8 = load.i64 v1 {8}
  v9 = boundscheck v2 v8 {"runtime.goPanicIndex"}
  v10 = add.i64 v2 v3
  v11 = add.i64 v3 v2
  v12 = mul.i64 v10 v11
  v13 = add.i64 v12 v8
  ret v13
}
`);
  const f = p.funcs.get('t')!;
  gvn(f);
  verify(f, 'gvn');
  assert.equal(body(f), 'b1:; v4 = nilcheck v1; v5 = load.i64 v1 {8}; v6 = boundscheck v2 v5 {"runtime.goPanicIndex"}; v10 = add.i64 v2 v3; v12 = mul.i64 v10 v10; v13 = add.i64 v12 v5; ret v13');
});

test('gvn() does not carry a load over a store that may overlap', () => {
  const p = program(`func "t"(ptr ptr i64) (i64) {
b1:
  v1 = param:ptr {0}
  v2 = param:ptr {1}
  v3 = param:i64 {2}
  v4 = load.i64 v1 {0}
  v5 = store.i64 v2 v3 {0}
  v6 = load.i64 v1 {0}
  v7 = add.i64 v4 v6
  ret v7
}
`);
  assert.equal(gvn(p.funcs.get('t')!), false);
});

/** A loop over i from init while i < n with the check i < n in its body. */
function loop(init: string, check: string): string {
  return `func "t"(i64 i64) (i64) suspends {
b1:
  v1 = param:i64 {0}
  v2 = param:i64 {1}
  v3 = const.i64 {${init}}
  v4 = const.i64 {1}
  jump b2
b2: ; <- b1 b3
  v5 = phi:i64 v3 v8
  v6 = lt_s.i64 v5 v1
  br v6 b3 b4
b3: ; <- b2
  ${check}
  v8 = add.i64 v5 v4
  v9 = poll
  jump b2
b4: ; <- b2
  ret v5
}
`;
}
const loops: { name: string; text: string; gone: boolean }[] = [
  { name: 'removes i < n in a loop from 0', text: loop('0', 'v7 = boundscheck v5 v1 {"x"}'), gone: true },
  { name: 'keeps the check of a loop that starts below 0', text: loop('-1', 'v7 = boundscheck v5 v1 {"x"}'), gone: false },
  { name: 'keeps the check against another length', text: loop('0', 'v7 = boundscheck v5 v2 {"x"}'), gone: false },
  { name: 'removes i-1 < n in a loop from 1 only with i >= 1 known', text: loop('1', 'v10 = const.i64 {-1}\n  v11 = add.i64 v5 v10\n  v7 = boundscheck v11 v1 {"x"}'), gone: false },
];
/** Body of a function of i, j and the lengths n, m, which reaches b2 if `condition` (v10) holds; `checks` are made there. */
function checked(condition: string, checks: string): string {
  return `func "t"(i64 i64 i64 i64) () suspends {
b1:
  v1 = param:i64 {0}
  v2 = param:i64 {1}
  v3 = param:i64 {2}
  v4 = param:i64 {3}
  v5 = const.i64 {3}
  v6 = const.i64 {7}
  v7 = const.i64 {64}
  v8 = const.i64 {16}
  v9 = const.i64 {2}
  ${condition}
  br v10 b2 b3
b2: ; <- b1
  ${checks}
  jump b3
b3: ; <- b1 b2
  ret
}
`;
}
const check = (id: number, i: string, n: string): string => `v${id} = boundscheck ${i} ${n} {"x"}`;
const product = `v20 = const.i64 {15}\n  v21 = and.i64 v1 v20\n  v22 = shl.i64 v21 v9\n  v23 = add.i64 v22 v5\n  ${check(24, 'v23', 'v3')}`;
loops.push(
  { name: 'removes checks of constants below one that was checked', text: checked('v10 = lt_s.i64 v1 v2', `${check(20, 'v6', 'v3')}\n  ${check(21, 'v5', 'v3')}`), gone: true },
  { name: 'keeps the check of a constant before a greater one is checked', text: checked('v10 = lt_s.i64 v1 v2', `${check(20, 'v5', 'v3')}\n  ${check(21, 'v6', 'v3')}`), gone: false },
  { name: 'removes 4*(i&15)+3 < n where 64 <= n', text: checked('v10 = ge_s.i64 v3 v7', product), gone: true },
  { name: 'keeps 4*(i&15)+3 < n where 16 <= n', text: checked('v10 = ge_s.i64 v3 v8', product), gone: false },
  { name: 'removes i < m after i < n where n = m', text: checked('v10 = eq.i64 v3 v4', `${check(20, 'v1', 'v3')}\n  ${check(21, 'v1', 'v4')}`), gone: true },
  { name: 'keeps i < m after i < n', text: checked('v10 = lt_s.i64 v1 v2', `${check(20, 'v1', 'v3')}\n  ${check(21, 'v1', 'v4')}`), gone: false },
  { name: 'keeps i-1 < n after i < n', text: checked('v10 = lt_s.i64 v1 v2', `${check(20, 'v1', 'v3')}\n  v21 = const.i64 {-1}\n  v22 = add.i64 v1 v21\n  ${check(23, 'v22', 'v3')}`), gone: false },
  { name: 'keeps 4*i < n where i < 16 may be negative', text: checked('v10 = lt_s.i64 v1 v8', `v20 = shl.i64 v1 v9\n  ${check(21, 'v7', 'v3')}\n  ${check(22, 'v20', 'v3')}`), gone: false },
  { name: 'keeps i < n after i < j', text: checked('v10 = lt_s.i64 v1 v2', check(20, 'v1', 'v3')), gone: false },
);
for (const c of loops) {
  test(`bounds() ${c.name}`, () => {
    const f = program(c.text).funcs.get('t')!;
    assert.equal(bounds(f), c.gone);
    verify(f, 'bounds');
  });
}

test('runPasses() inlines a small function and keeps its object on the stack', () => {
  const p = program(`func "make"(i64) (ptr) suspends {
b1:
  v1 = param:i64 {0}
  v2 = newobject {"T" 8 8 [] "t"}
  v3 = store.i64 v2 v1 {0}
  ret v2
}
func "main"(i64) (i64) suspends {
b1:
  v1 = param:i64 {0}
  v2 = call:ptr v1 {"make" (i64) (ptr) suspends}
  v3 = nilcheck v2
  v4 = load.i64 v2 {0}
  ret v4
}
`);
  runPasses(p, { check: true, off: new Set() });
  assert.equal(body(p.funcs.get('main')!), 'b1:; ret v1');
  assert.equal(p.funcs.get('main')!.suspends, false);
});

test('runPasses() with every pass off leaves the code as it is', () => {
  const text = loop('0', 'v7 = boundscheck v5 v1 {"x"}');
  const p = program(text);
  runPasses(p, { check: true, off: new Set(['simplify', 'cfg', 'deadcode', 'inline', 'constdata', 'promote', 'escape', 'stackalloc', 'gvn', 'bounds', 'byteloads']) });
  assert.equal(printFunc(p.funcs.get('t')!), text.replace(' ; <- b1 b3', ' ; <- b1 b3'));
});

test('runPasses() calls and inlines a closure that the function made', () => {
  const p = program(`func "main.func1"(i64) (i64) closure addresstaken suspends {
b1:
  v1 = param:i64 {0}
  v2 = param:ptr {1}
  v3 = load.i64 v2 {8}
  v4 = add.i64 v1 v3
  ret v4
}
func "apply"(ptr i64) (i64) suspends {
b1:
  v1 = param:ptr {0}
  v2 = param:i64 {1}
  v3 = load.i32 v1 {0}
  v4 = calli:i64 v3 v2 v1 {"" (i64 ptr) (i64) suspends}
  ret v4
}
func "main"(i64) (i64) suspends {
b1:
  v1 = param:i64 {0}
  v2 = newobject {"C" 16 8 [] "func literal" closure}
  v3 = funcindex {"main.func1"}
  v4 = extend_u.i32 v3
  v5 = store.i64 v2 v4 {0}
  v6 = store.i64 v2 v1 {8}
  v7 = call:i64 v2 v1 {"apply" (ptr i64) (i64) suspends}
  ret v7
}
`);
  runPasses(p, { check: true, off: new Set() });
  assert.match(body(p.funcs.get('main')!), /^b1:; v\d+ = add.i64 v1 v1; ret v\d+$/);
});

/** main makes x, hides it as noescape does, and passes it to an unknown function. */
const hidden = (hide: string): string => `func "hide"(ptr) (ptr) suspends {
b1:
  v1 = param:ptr {0}
  v2 = ptr.to_i64 v1
  v3 = const.i64 {0}
  v4 = ${hide} v2 v3
  v5 = ptr.from_i64 v4
  ret v5
}
func "main"(i32) (i64) suspends {
b1:
  v1 = param:i32 {0}
  v2 = newobject {"T" 8 8 [] "x"}
  v3 = call:ptr v2 {"hide" (ptr) (ptr) suspends}
  v4 = calli:i64 v1 v3 v3 {"" (ptr ptr) (i64) suspends}
  ret v4
}
`;

test('runPasses() keeps a pointer hidden when the function that hides it is inlined', () => {
  const [disguised, plain] = [program(hidden('xor.i64')), program(hidden('add.i64'))];
  for (const p of [disguised, plain]) runPasses(p, { check: true, off: new Set() });
  assert.match(body(disguised.funcs.get('main')!), /^b1:; v2 = slot \{8 8 \[\] "x"\}; .*xor.i64/);
  assert.match(body(plain.funcs.get('main')!), /newobject/);
});

/** walk calls itself and the function value it is given; main passes it a closure that refers to x. */
const recursive = (keep: string): string => `func "main.func1"(i64) (i32) closure addresstaken suspends {
b1:
  v1 = param:i64 {0}
  v2 = param:ptr {1}
  v3 = load.ptr v2 {8}
  v4 = store.i64 v3 v1 {0}
  v5 = addr {"global"}
  ${keep}
  v7 = const.i32 {1}
  ret v7
}
func "walk"(i64 ptr) (i32) suspends {
b1:
  v1 = param:i64 {0}
  v2 = param:ptr {1}
  v3 = load.i32 v2 {0}
  v4 = calli:i32 v3 v1 v2 {"" (i64 ptr) (i32) suspends}
  br v4 b2 b3
b2: ; <- b1
  v5 = call:i32 v1 v2 {"walk" (i64 ptr) (i32) suspends}
  ret v5
b3: ; <- b1
  ret v4
}
func "main"(i64) (i64) suspends {
b1:
  v1 = param:i64 {0}
  v2 = newobject {"T" 8 8 [] "x"}
  v3 = newobject {"C" 16 8 [2] "func literal" closure}
  v4 = funcindex {"main.func1"}
  v5 = extend_u.i32 v4
  v6 = store.i64 v3 v5 {0}
  v7 = store.ptr v3 v2 {8}
  v8 = call:i32 v1 v3 {"walk" (i64 ptr) (i32) suspends}
  v9 = load.i64 v2 {0}
  ret v9
}
`;

test('runPasses() leaves on the stack what a closure refers to that only recursion passes on', () => {
  const [local, kept] = [program(recursive('v6 = nop')), program(recursive('v6 = store.ptr v5 v3 {0}'))];
  for (const p of [local, kept]) runPasses(p, { check: true, off: new Set() });
  assert.doesNotMatch(body(local.funcs.get('main')!), /newobject/);
  assert.match(body(kept.funcs.get('main')!), /newobject \{"T"/);
  assert.doesNotMatch(body(kept.funcs.get('main')!), /newobject \{"C"/);
});

/** p, at which bytes are loaded by `loads` and put together as v9. */
const word = (loads: string, type = 'i32'): string => `func "t"(ptr i32) (${type}) {
b1:
  v1 = param:ptr {0}
  v2 = param:i32 {1}
  v3 = const.i32 {8}
  v4 = const.i32 {16}
  v5 = const.i32 {24}
  ${loads}
  ret v9
}
`;
const four = (o: readonly number[], between = ''): string => `v20 = load8_u v1 {${o[0]}}\n  v21 = load8_u v1 {${o[1]}}\n  v22 = shl.i32 v21 v3\n  ${between}v23 = or.i32 v20 v22
  v24 = load8_u v1 {${o[2]}}\n  v25 = shl.i32 v24 v4\n  v26 = or.i32 v23 v25\n  v27 = load8_u v1 {${o[3]}}\n  v28 = shl.i32 v27 v5\n  v9 = or.i32 v26 v28`;
const words: { name: string; text: string; want: RegExp }[] = [
  { name: 'joins four bytes', text: word(four([4, 5, 6, 7])), want: /^b1:; v\d+ = load.i32 v1 \{4\}; ret v\d+$/ },
  { name: 'joins and swaps four bytes', text: word(four([3, 2, 1, 0])), want: /load.i32 v1 \{0\}; .*rotl.i32.*rotl.i32.*or.i32/ },
  { name: 'joins only bytes without a gap', text: word(four([0, 1, 3, 4])), want: /load16_u.*load8_u v1 \{3\}.*load8_u v1 \{4\}/ },
  { name: 'keeps bytes with a store in between', text: word(four([0, 1, 2, 3], 'v30 = store8 v1 v2 {2}\n  ')), want: /load8_u.*load8_u.*load8_u.*load8_u/ },
  { name: 'joins two bytes of 64-bit arithmetic', text: word('v20 = load8_u v1 {0}\n  v21 = extend_u.i32 v20\n  v22 = load8_u v1 {1}\n  v23 = extend_u.i32 v22\n  v24 = const.i64 {8}\n  v25 = shl.i64 v23 v24\n  v9 = or.i64 v25 v21', 'i64'), want: /^b1:; v\d+ = load16_u v1 \{0\}; v\d+ = extend_u.i32 v\d+; ret v\d+$/ },
];
for (const c of words) {
  test(`byteloads() ${c.name}`, () => {
    const f = program(c.text).funcs.get('t')!;
    byteloads(f);
    verify(f, 'byteloads');
    tidy(f);
    assert.match(body(f), c.want);
  });
}

/** A load of p, a loop or branch with `between` in it, the same load again. */
const again = (shape: 'loop' | 'branch', between: string): string => `func "t"(ptr ptr i32) (i64) suspends {
b1:
  v1 = param:ptr {0}
  v2 = param:ptr {1}
  v3 = param:i32 {2}
  v4 = load.i64 v1 {8}
  ${shape === 'loop' ? 'jump b2' : 'br v3 b2 b3'}
b2: ; <- b1${shape === 'loop' ? ' b2' : ''}
  ${between}
  ${shape === 'loop' ? 'v6 = poll\n  br v3 b2 b3' : 'jump b3'}
b3: ; <- ${shape === 'loop' ? 'b2' : 'b1 b2'}
  v7 = load.i64 v1 {8}
  v8 = add.i64 v4 v7
  ret v8
}
`;
for (const shape of ['loop', 'branch'] as const) {
  test(`gvn() carries a load over a ${shape} without a write to it`, () => {
    for (const [between, kept] of [['v5 = load.i64 v2 {0}', false], ['v5 = store.i64 v1 v4 {0}', false], ['v5 = store.i64 v2 v4 {0}', true], ['v5 = call:void {"g" () () suspends}', true]] as const) {
      const f = program(again(shape, between)).funcs.get('t')!;
      gvn(f);
      verify(f, 'gvn');
      assert.equal(/v7 = load/.test(printFunc(f)), kept, between);
    }
  });
}

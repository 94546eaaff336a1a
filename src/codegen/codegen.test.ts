// What code comes out for small functions: nesting, locals, control flow, suspension. Expectations are instructions in
// order; what a body looks like as a whole is compared by running it, in test/codegen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SiteKind } from '../abi/tables.ts';
import { CodeReloc } from '../abi/object.ts';
import type { FuncCode } from '../abi/object.ts';
import { parseFunc } from '../ir/parse.ts';
import { verify } from '../ir/verify.ts';
import { ByteWriter } from '../wasm/bytes.ts';
import { printCode } from '../wasm/print.ts';
import type { CodegenContext } from './code.ts';
import { generateFunc } from './codegen.ts';

const context: CodegenContext = {
  callee: () => ({ closure: false, suspends: true, params: [] }), needsLimitCheck: () => false, linePos: (pos) => pos, hints: false,
};

function compile(text: string, ctx: Partial<CodegenContext> = {}): FuncCode {
  const f = parseFunc(text);
  verify(f, 'test');
  return generateFunc(f, { ...context, ...ctx });
}

/** Instructions of a body, its relocations filled with zeros. */
function instructions(c: FuncCode): string[] {
  const w = new ByteWriter();
  let at = 0;
  for (let i = 0; i < c.relocs.length; i += 4) {
    w.slice(c.code, at, c.relocs[i]);
    w.byte(0);
    at = c.relocs[i];
  }
  w.slice(c.code, at, c.code.length);
  return printCode(w.finish()).map((l) => l.trim());
}

function code(text: string, ctx?: Partial<CodegenContext>): string {
  return instructions(compile(text, ctx)).join('; ');
}

test('single-use values nest on the operand stack', () => {
  assert.equal(code(`func "f"(i64 i64) (i64) {
b1:
  v1 = param:i64 {0}
  v2 = param:i64 {1}
  v3 = add.i64 v1 v2
  v4 = const.i64 {3}
  v5 = mul.i64 v3 v4
  ret v5
}
`), 'local.get 0; local.get 1; i64.add; i64.const 3; i64.mul; return; unreachable');
});

test('a load does not move past a store', () => {
  const text = `func "f"(ptr i32) (i32) {
b1:
  v1 = param:ptr {0}
  v2 = param:i32 {1}
  v3 = load.i32 v1 {0}
  v4 = store.i32 v1 v2 {4}
  ret v3
}
`;
  assert.match(code(text), /i32\.load; local\.set (\d); local\.get 0; local\.get 1; i32\.store offset=4; local\.get \1; return/);
});

test('a load moves past another load', () => {
  assert.match(code(`func "f"(ptr) (i32) {
b1:
  v1 = param:ptr {0}
  v2 = load.i32 v1 {0}
  v3 = load.i32 v1 {4}
  v4 = sub.i32 v3 v2
  ret v4
}
`), /^local\.get 0; i32\.load offset=4; local\.get 0; i32\.load; i32\.sub; return/);
});

test('a value used twice is kept in a local by tee', () => {
  assert.match(code(`func "f"(ptr) (i32) {
b1:
  v1 = param:ptr {0}
  v2 = load.i32 v1 {0}
  v3 = mul.i32 v2 v2
  ret v3
}
`), /i32\.load; local\.tee (\d); local\.get \1; i32\.mul; return/);
});

test('constant offsets go into the access, slots and data too', () => {
  const c = code(`func "f"(ptr) (i64) {
b1:
  v1 = param:ptr {0}
  v2 = slot {16 8 [] "x"}
  v3 = ptr.off v1 {8}
  v4 = load.i64 v3 {16}
  v5 = store.i64 v2 v4 {8}
  ret v4
}
`);
  assert.match(c, /local\.get 0; i64\.load offset=24/);
  assert.match(c, /i64\.store offset=8/);
});

const loop = `func "f"(i64) (i64) {
b1:
  v1 = param:i64 {0}
  v2 = const.i64 {0}
  jump b2
b2: ; <- b1 b3
  v3 = phi:i64 v2 v7
  v4 = phi:i64 v2 v6
  v5 = lt_s.i64 v3 v1
  br v5 b3 b4
b3: ; <- b2
  v6 = add.i64 v4 v3
  v8 = const.i64 {1}
  v7 = add.i64 v3 v8
  jump b2
b4: ; <- b2
  ret v4
}
`;

test('a loop tests at its end, has no copies and one local a variable', () => {
  const c = compile(loop);
  assert.equal(c.locals.length, 2);
  assert.equal(instructions(c).join('; '),
    'i64.const 0; i64.const 0; local.set 2; local.set 1; block; local.get 1; local.get 0; i64.ge_s; br_if 0; loop; ' +
    'local.get 2; local.get 1; i64.add; local.set 2; local.get 1; i64.const 1; i64.add; local.tee 1; local.get 0; i64.lt_s; br_if 0; end; end; local.get 2; return; unreachable');
});

test('phis that swap are copied in parallel', () => {
  const c = code(`func "f"(i32 i32 i32) (i32) {
b1:
  v1 = param:i32 {0}
  v2 = param:i32 {1}
  v9 = param:i32 {2}
  jump b2
b2: ; <- b1 b2
  v3 = phi:i32 v1 v4
  v4 = phi:i32 v2 v3
  br v9 b2 b3
b3: ; <- b2
  ret v3
}
`);
  assert.match(c, /local\.get 1; local\.get 0; local\.set 1; local\.set 0|local\.get 0; local\.get 1; local\.set 0; local\.set 1/);
});

test('an irreducible loop compiles', () => {
  const c = compile(`func "f"(i32 i32) (i32) {
b1:
  v1 = param:i32 {0}
  v2 = param:i32 {1}
  br v1 b2 b3
b2: ; <- b1 b3
  v3 = phi:i32 v1 v6
  v4 = sub.i32 v3 v2
  br v4 b3 b4
b3: ; <- b1 b2
  v5 = phi:i32 v2 v4
  v7 = const.i32 {1}
  v6 = sub.i32 v5 v7
  br v6 b2 b4
b4: ; <- b2 b3
  ret v2
}
`);
  assert.ok(instructions(c).some((i) => i.startsWith('br_table')));
});

const caller = `func "f"(i64 ptr) (i64) suspends @9 {
b1:
  v1 = param:i64 {0}
  v2 = param:ptr {1}
  v3 = call:i64 v1 {"g" (i64) (i64) suspends} @7
  v4 = load.i64 v2 {0}
  v5 = add.i64 v3 v4
  ret v5
}
`;

test('a call that may suspend is a site with its live pointers', () => {
  const c = compile(caller);
  assert.deepEqual(c.params, [0x7e, 0x7f, 0x7f]);
  assert.deepEqual(c.results, [0x7e, 0x7f]);
  assert.equal(c.sites.length, 1);
  assert.deepEqual(c.sites[0], { kind: SiteKind.call, pos: 7, live: [0] });
  assert.ok(c.resumable);
  const text = instructions(c).join('; ');
  assert.match(text, /call 0; br_if \d+; local\.set/);
  // v1 is dead after the call: only the pointer is saved.
  assert.match(text, /i32\.store offset=24; i64\.const 0; i32\.const 1$/);
});

test('the limit check is an entry site that saves the parameters', () => {
  const c = compile(caller, { needsLimitCheck: () => true });
  assert.deepEqual(c.sites.map((s) => s.kind), [SiteKind.entry, SiteKind.call]);
  assert.deepEqual(c.sites[0].live, [0]);
  assert.match(instructions(c).join('; '), /local\.tee 2; i32\.const 0; i32\.load offset=68; i32\.ge_u/);
});

test('checks of one line share a site, and never resume', () => {
  const c = compile(`func "f"(ptr i64 i64) () suspends {
b1:
  v1 = param:ptr {0}
  v2 = param:i64 {1}
  v3 = param:i64 {2}
  v4 = nilcheck v1 @5
  v5 = boundscheck v2 v3 {"runtime.panicIndex"} @6
  v6 = store.i64 v1 v2 {0} @6
  ret
}
`, { linePos: (pos) => (pos === 6 ? 5 : pos) });
  assert.deepEqual(c.sites, [{ kind: SiteKind.check, pos: 5, live: [] }]);
  assert.equal(c.resumable, false);
  assert.deepEqual(c.syms.filter((s) => s.startsWith('runtime.')), ['runtime.panicIndex', 'runtime.sigpanic']);
});

test('a poll at the end of a loop is resumed at the test before it, without a dispatch', () => {
  const c = compile(loop.replace('{\nb1', 'suspends {\nb1').replace('  jump b2\nb4', '  v9 = poll\n  jump b2\nb4'));
  assert.deepEqual(c.sites.map((s) => s.kind), [SiteKind.poll]);
  const text = instructions(c).join('; ');
  assert.match(text, /local\.get (\d); local\.get 0; i64\.ge_s; br_if \d; loop; (?!local\.get \d; if)/);
  assert.match(text, /i32\.load offset=64; i32\.eqz; br_if 0; call 0; br_if \d; end; local\.get (\d); local\.get 0; i64\.lt_s; br_if 0; end/);
});

const loopWithCall = loop.replace('{\nb1', 'suspends {\nb1').replace('  v8 =', '  v9 = call:void {"g" () () suspends}\n  v8 =');

test('a call in a loop with little after it is resumed before the loop, in a copy of that', () => {
  const text = instructions(compile(loopWithCall)).join('; ');
  assert.match(text, /i64\.load offset=40; local\.set (\d); .*local\.get (\d); i64\.const 1; i64\.add; .*loop; (?!local\.get \d; if)/);
  assert.equal(text.match(/call 0; br_if/g)?.length, 1);
});

test('a call in a loop with much after it is resumed through the header', () => {
  const more = Array.from({ length: 5 }, (_, i) => `  v${10 + i} = call:void {"h" () () suspends}\n`).join('');
  assert.match(instructions(compile(loopWithCall.replace('  v8 =', `${more}  v8 =`))).join('; '), /loop; (block; )+local\.get (\d); if; local\.get \2/);
});

test('stack objects with pointers come first and are cleared', () => {
  const c = compile(`func "f"() (i64) suspends {
b1:
  v1 = slot {40 8 [] "bytes"}
  v2 = slot {16 8 [2] "iface"}
  v3 = call:void v1 v2 {"g" (ptr ptr) () suspends}
  v4 = load.i64 v1 {0}
  ret v4
}
`);
  assert.equal(c.objSize, 56);
  assert.deepEqual(c.objects, [{ offset: 0, size: 16, ptrs: [1] }]);
  assert.match(instructions(c).join('; '), /i64\.const 0; i64\.store offset=8/);
});

test('the deferreturn block is a site of its own', () => {
  const c = compile(`func "f"() () suspends deferreturn=b2 {
b1:
  v1 = slot {32 8 [3] ".defers"}
  v2 = call:void {"g" () () suspends}
  jump b2
b2: ; <- b1
  v3 = load.ptr v1 {0}
  ret
}
`);
  assert.equal(c.sites[c.deferReturn].kind, SiteKind.deferReturn);
  assert.deepEqual(c.sites[c.deferReturn].live, []);
});

test('small moves are loads before stores', () => {
  assert.match(code(`func "f"(ptr ptr) () {
b1:
  v1 = param:ptr {0}
  v2 = param:ptr {1}
  v3 = move v1 v2 {12 8}
  ret
}
`), /^local\.get 0; local\.get 1; i64\.load; local\.get 0; local\.get 1; i32\.load offset=8; i32\.store offset=8; i64\.store; return/);
});

test('compiling twice gives the same bytes', () => {
  const a = compile(caller);
  compile(loop);
  const b = compile(caller);
  assert.deepEqual(a, b);
});

test('a function without sites that needs some is a fault of the analysis', () => {
  assert.throws(() => compile(caller.replace(') suspends @9', ') @9')), /does not/);
});

test('relocations stand in the order of the code', () => {
  const c = compile(caller, { needsLimitCheck: () => true });
  for (let i = 4; i < c.relocs.length; i += 4) assert.ok(c.relocs[i] >= c.relocs[i - 4]);
  assert.ok([...c.relocs].some((x, i) => i % 4 === 1 && x === CodeReloc.site));
});

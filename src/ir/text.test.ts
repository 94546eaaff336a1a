import { test } from 'node:test';
import assert from 'node:assert/strict';
import { parseFunc } from './parse.ts';
import { printFunc } from './print.ts';
import { verify } from './verify.ts';

const sum = `func "main.sum"(ptr i64) (i64) suspends deferreturn=b5 {
b1:
  v1 = param:ptr {0}
  v2 = param:i64 {1}
  v3 = const.i64 {0}
  v9 = slot {32 8 [5] "defers"}
  v20 = const.f64 {-0}
  jump b2
b2: ; <- b1 b3
  v4 = phi:i64 v3 v8
  v5 = lt_s.i64 v4 v2 @3
  br v5 b3 b4 likely
b3: ; <- b2
  v6 = call:tuple v1 v4 {"main.f[int]" (ptr i64) (i64 ptr) suspends} @4
  v7 = extract:i64 v6 {0}
  v8 = add.i64 v4 v7
  v10 = poll
  jump b2
b4: ; <- b2
  ret v4
b5:
  v12 = load.i64 v9 {8}
  ret v12
}
`;

test('printFunc() is the inverse of parseFunc()', () => {
  assert.equal(printFunc(parseFunc(sum)), sum);
});

test('verify() accepts a use that is dominated', () => {
  const f = parseFunc(sum.replace('deferreturn=b5 ', '').replace(/b5:\n.*\n.*\n/, ''));
  verify(f, 'test');
});

const broken: { name: string; from: string; to: string; want: RegExp }[] = [
  { name: 'a use before its definition', from: 'add.i64 v4 v7', to: 'add.i64 v4 v8', want: /does not dominate/ },
  { name: 'a wrong argument type', from: 'add.i64 v4 v7', to: 'add.i64 v4 v1', want: /argument 1 is ptr/ },
  { name: 'a wrong number of results', from: 'ret v4', to: 'ret', want: /returns 0 values/ },
  { name: 'a phi short of arguments', from: 'phi:i64 v3 v8', to: 'phi:i64 v3', want: /1 arguments for 2 predecessors/ },
  { name: 'a wrong call signature', from: '{"main.f[int]" (ptr i64)', to: '{"main.f[int]" (ptr)', want: /2 arguments for 1 parameters/ },
];
for (const { name, from, to, want } of broken) {
  test(`verify() rejects ${name}`, () => {
    const text = sum.replace('deferreturn=b5 ', '').replace(/b5:\n.*\n.*\n/, '');
    assert.ok(text.includes(from));
    assert.throws(() => verify(parseFunc(text.replace(from, to)), 'test'), want);
  });
}

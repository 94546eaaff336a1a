// Table tests of what is found in test files, among them what go/doc and cmd/go say about odd examples and signatures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTestFuncs } from './testfuncs.ts';
import type { TestFuncs } from './testfuncs.ts';

function find(...texts: string[]): TestFuncs {
  return findTestFuncs(texts.map((text, i) => ({ path: `/m/${i}_test.go`, text: new TextEncoder().encode(text), external: i % 2 === 1 })));
}

const examples: readonly [body: string, want: string | undefined, unordered?: boolean][] = [
  ['x()\n\t// Output: a\n', 'a\n'],
  ['x()\n\t// Output:\n\t// a\n\t//   b  \n\t//\n\t//\n\t// c\n', 'a\n  b\n\nc\n'],
  ['x()\n\t// unordered OUTPUT:\n\t// a\n', 'a\n', true],
  ['x()\n\t// Output:\n', ''],
  ['x() // Output: a\n\ty()\n', 'a\n'],
  ['// Output: a\n\tx()\n\t// said later\n', undefined],
  ['x()\n\t// said before\n\n\t// Output: a\n', 'a\n'],
  ['x()\n\t// said in the same group\n\t// Output: a\n', undefined],
  ['x() // said behind code\n\t// Output: a\n', 'a\n'],
  ['x() /* one */ // Output: a\n\t// in no group of it\n', undefined],
  ['x()\n\t/*\n\tOutput:\n\ta\n\t*/\n', '\ta\n'],
  ['x()\n\t// Output:\n\t//go:noinline\n\t//nospace\n', 'nospace\n'],
  ['x("// Output: no")\n', undefined],
  ['// \u00e9 // Output: no\n\tx()\n\t// Output: \u00e9\u2028\n', '\u00e9\u2028\n'],
];

for (const [body, want, unordered = false] of examples) {
  test(`findTestFuncs() reads the output of an example with body ${JSON.stringify(body)}`, () => {
    const found = find('package p\n', `package p_test\n\nfunc ExampleX() {\n\t${body}}\n// Output: after it\n`).examples;
    assert.deepEqual(found, want === undefined ? [] : [{ name: 'ExampleX', external: true, output: want, unordered }]);
  });
}

test('findTestFuncs() tells tests by their names', () => {
  const found = find(`package p
func Test(t *testing.T) {}
func TestA(*testing.T) {}
func Test_a(t *T) {}
func Testing(t *testing.T) {}
func (x) TestMethod(t *testing.T) {}
func BenchmarkA(b *testing.B) {}
func FuzzA(f *testing.F) {}
func TestMain(m *testing.M) {}
func Example(x int) {}
func ExampleY() int { return 0 /* Output: a */ }
func TestÉ(t *testing.T) {}
`);
  assert.deepEqual(found.tests.map((f) => f.name), ['Test', 'TestA', 'Test_a', 'TestÉ']);
  assert.deepEqual([found.benchmarks, found.fuzzTargets].map((list) => list.map((f) => f.name)), [['BenchmarkA'], ['FuzzA']]);
  assert.equal(found.testMain?.name, 'TestMain');
  assert.deepEqual(found.examples, []);
});

const wrong: readonly [text: string, message: string][] = [
  ['func TestA() {}', '/m/0_test.go:2:1: wrong signature for TestA, must be: func TestA(t *testing.T)'],
  ['func BenchmarkA(b testing.B) {}', '/m/0_test.go:2:1: wrong signature for BenchmarkA, must be: func BenchmarkA(b *testing.B)'],
  ['func FuzzA(f *testing.F) int {}', '/m/0_test.go:2:1: wrong signature for FuzzA, must be: func FuzzA(f *testing.F)'],
  ['func TestA[P any](t *testing.T) {}', '/m/0_test.go:2:1: wrong signature for TestA, test functions cannot have type parameters'],
  ['func TestMain(m *testing.M) {}\nfunc TestMain(m *testing.M) {}', 'multiple definitions of TestMain'],
];

for (const [text, message] of wrong) {
  test(`findTestFuncs() refuses ${text}`, () => assert.throws(() => find(`package p\n${text}\n`), { message }));
}

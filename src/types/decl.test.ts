// Tests of declarations: cycles, imports, methods, initialization order, lazy bodies, inference; messages as gc words them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiagnosticList } from '../base/diagnostic.ts';
import { checkBody } from './check.ts';
import type { FuncDecl } from '../syntax/ast.ts';
import type { Func } from './model.ts';
import { ObjKind } from './model.ts';
import { exactString } from '../constant/format.ts';
import { checkHostFuncs } from './hostfuncs.ts';
import { checkText } from './testing.ts';
import { typeString } from './typestring.ts';

const cases: readonly { name: string; in: string; want: string[] }[] = [
  { name: 'a recursive struct', in: 'type T struct { a [2]T }', want: ['p.go:2:6: invalid recursive type: T refers to itself'] },
  {
    name: 'a cycle of structs',
    in: 'type A struct { b B }\ntype B struct { a A }',
    want: ['p.go:2:6: invalid recursive type A\n\tp.go:2:6: A refers to B\n\tp.go:3:6: B refers to A'],
  },
  {
    name: 'a direct cycle',
    in: 'type A B\ntype B A',
    want: ['p.go:2:6: invalid recursive type A\n\tp.go:2:6: A refers to B\n\tp.go:3:6: B refers to A'],
  },
  { name: 'pointers', in: 'type T struct { next *T; m map[string]T; f func(T) T }', want: [] },
  {
    name: 'an initialization cycle',
    in: 'var a = f()\nfunc f() int { return a }',
    want: ['p.go:2:5: initialization cycle for a\n\tp.go:2:5: a refers to f\n\tp.go:3:6: f refers to a'],
  },
  { name: 'an unused import', in: 'import "unsafe"', want: ['p.go:2:8: "unsafe" imported and not used'] },
  { name: 'a missing package', in: 'import _ "nope"', want: ['p.go:2:10: could not import nope (no such package)'] },
  {
    name: 'a redeclaration',
    in: 'var x int\nfunc x() {}',
    want: ['p.go:3:6: x redeclared in this block\n\tp.go:2:5: other declaration of x'],
  },
  {
    name: 'a duplicate method',
    in: 'type T int\nfunc (T) m() {}\nfunc (*T) m() {}',
    want: ['p.go:4:11: method T.m already declared at p.go:3:10'],
  },
  {
    name: 'a field and a method',
    in: 'type T struct { f int }\nfunc (T) f() {}',
    want: ['p.go:3:10: field and method with the same name f\n\tp.go:2:17: other declaration of f'],
  },
  { name: 'a foreign receiver', in: 'func (int) m() {}', want: ['p.go:2:7: cannot define new methods on non-local type int'] },
  { name: 'init as a variable', in: 'var init int', want: ['p.go:2:5: cannot declare init - must be func'] },
  {
    name: 'a constraint as a type',
    in: 'var x comparable',
    want: ['p.go:2:7: cannot use type comparable outside a type constraint: interface is (or embeds) comparable'],
  },
  {
    name: 'a generic type without arguments',
    in: 'type T[P any] int\nvar x T',
    want: ['p.go:3:7: cannot use generic type T[P any] without instantiation'],
  },
  {
    name: 'too few type arguments',
    in: 'type T[P, Q any] int\nvar x T[int]',
    want: ['p.go:3:7: not enough type arguments for type T: have 1, want 2'],
  },
  {
    name: 'an unsatisfied constraint',
    in: 'type T[P ~int|~string] int\nvar x T[bool]',
    want: ['p.go:3:9: bool does not satisfy ~int | ~string (bool missing in ~int | ~string)'],
  },
  {
    name: 'a forgotten tilde',
    in: 'type M int\ntype T[P int] int\nvar x T[M]',
    want: ['p.go:4:9: M does not satisfy int (possibly missing ~ for int in int)'],
  },
  {
    name: 'an endless instantiation',
    in: 'func f[P any]() { f[*P]() }',
    want: ['p.go:2:8: instantiation cycle:\n\tp.go:2:21: P instantiated as *P'],
  },
  { name: 'an embedded pointer', in: 'type P *int\ntype T struct { P }', want: ['p.go:3:17: embedded field type cannot be a pointer'] },
  { name: 'overlapping terms', in: 'type T interface { int | ~int }', want: ['p.go:2:26: overlapping terms ~int and int'] },
  { name: 'a map key', in: 'var m map[[]int]int', want: ['p.go:2:11: invalid map key type []int'] },
  {
    name: 'a failed inference',
    in: 'func f[P any]() {}\nfunc _() { f() }',
    want: ['p.go:3:13: in call to f, cannot infer P (declared at p.go:2:8)'],
  },
  {
    name: 'a mismatch in inference',
    in: 'func f[P any](x, y P) {}\nfunc _() { f(1, "") }',
    want: ['p.go:3:17: in call to f, mismatched types untyped int and untyped string (cannot infer P)'],
  },
];
for (const t of cases) {
  test(`checkPackage() reports ${t.name} as gc does`, () => assert.deepEqual(checkText(`package p\n${t.in}\n`).messages, t.want));
}

test('iota counts lines of a group, and values are repeated', () => {
  const r = checkText('package p\nconst (\n\tA, B = iota, 10 * iota\n\t_, _\n\tC, D\n)\n');
  const val = (n: string): string => {
    const o = r.obj(n);
    return o.kind === ObjKind.Const ? exactString(o.val!) : '';
  };
  assert.deepEqual(['A', 'B', 'C', 'D'].map(val), ['0', '0', '2', '20']);
});

test('infer() uses arguments, constraints and defaults', () => {
  const r = checkText(`package p
func Map[S ~[]E, E, R any](s S, f func(E) R) []R { return nil }
type L []int
var A = Map(L{}, func(int) string { return "" })
func Max[T int | float64](a, b T) T { return a }
var B = Max(1, 2.5)
func Ptr[T any, P interface{ *T; set() }](x T) P { return &x }
type X int
func (*X) set() {}
var C = Ptr(X(1))
`);
  assert.deepEqual(r.messages, []);
  assert.deepEqual(
    ['A', 'B', 'C'].map((n) => typeString(r.obj(n).type, null)),
    ['[]string', 'float64', '*p.X'],
  );
});

test('initOrder() follows dependencies through functions, else source order', () => {
  const r = checkText(
    'package p\nvar a = c + b\nvar b = f()\nvar c = 1\nvar d, e = g()\nfunc f() int { c++; return h() }\nfunc h() int { return d }\nfunc g() (int, int) { return 1, 2 }\n',
  );
  assert.deepEqual(
    r.checked.info.initOrder.map((i) => i.lhs.map((v) => v.name).join()),
    ['c', 'd,e', 'b', 'a'],
  );
});

test('checkBody() checks bodies one by one, those of initializers first', () => {
  const r = checkText('package p\nvar v = early()\nfunc early() int { return 1 }\nfunc late() { undefined() }\n', { lazyBodies: true });
  assert.deepEqual(r.messages, []);
  const [early, late] = ['early', 'late'].map((n) => r.obj(n) as Func);
  assert.equal(early.bodyDone, true);
  assert.equal(late.bodyDone, false);
  checkBody(r.checked, late);
  assert.equal(late.bodyDone, true);
  assert.equal(r.checked.failed, true);
});

test('language versions gate features, and say where the version comes from', () => {
  assert.deepEqual(checkText('package p\ntype T[P any] int\n', { goVersion: 'go1.17' }).messages, [
    'p.go:2:8: type parameter requires go1.18 or later (-lang was set to go1.17; check go.mod)',
    'p.go:2:10: predeclared any requires go1.18 or later (-lang was set to go1.17; check go.mod)',
  ]);
});

test('functions without bodies are reported where all must have one, unless they are linked by name', () => {
  const text = 'package p\nfunc f()\ntype T int\nfunc (T) m()\nfunc linked()\n';
  assert.deepEqual(checkText(text).messages, []);
  const linknamed = (f: FuncDecl): boolean => f.name.name === 'linked';
  assert.deepEqual(checkText(text, { complete: true, linknamed }).messages, [
    'p.go:2:6: missing function body',
    'p.go:4:6: missing function body',
  ]);
});

test('long chains of operators are no deep nesting', () => {
  assert.deepEqual(checkText(`package p\nvar x = f()${' + f()'.repeat(20000)}\nfunc f() string { return "" }\n`).messages, []);
});

test('deeply nested types are refused, not a crash', () => {
  const r = checkText(`package p\nvar x ${'[]'.repeat(9000)}int\n`);
  assert.equal(r.messages.length > 0, true);
});

const hostFuncs: readonly { name: string; in: string; want: string[] }[] = [
  { name: 'scalars, strings and pointers to shared memory', in: 'func f(int32, float64, bool, string, uintptr, *[4]uint8, *struct{}) *int16', want: [] },
  {
    name: 'parameters that are of no wasm type',
    in: 'func f(x any, a, b int, f func(int) S, i interface{ M(int) }, c chan<- struct{ a, b int }, s struct{})',
    want: ['any', 'int', 'int', 'func(int) S', 'interface { M(int) }', 'chan<- struct { a int; b int }', 'struct {}'].map(
      (t) => `p.go:3:6: go:wasmimport: unsupported parameter type ${t}`,
    ),
  },
  { name: 'a string as a result', in: 'func f() string', want: ['p.go:3:6: go:wasmimport: unsupported result type string'] },
  { name: 'a pointer to Go memory', in: 'func f() *S', want: ['p.go:3:6: go:wasmimport: unsupported result type *S'] },
  { name: 'two results', in: 'func f() (int32, any)', want: ['p.go:3:6: go:wasmimport: too many return values'] },
];
for (const c of hostFuncs) {
  test(`host functions: ${c.name}`, () => {
    const sink = new DiagnosticList();
    const r = checkText(`package p\n//go:wasmimport m n\n${c.in}\ntype S struct { p *int }`, { sink });
    checkHostFuncs(r.checked);
    assert.deepEqual(
      sink.items.map((d) => `${r.checked.checker.conf.fileSet.format(d.pos)}: ${d.message}`),
      c.want,
    );
  });
}

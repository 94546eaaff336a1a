// Tests of types: their text, identity, type sets, look-up, method sets, substitution and sizes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceOf } from './instantiate.ts';
import { implementsType } from './implements.ts';
import { lookupFieldOrMethod, missingMethod } from './lookup.ts';
import { methodSet } from './methodset.ts';
import type { Func, Named, Signature, Struct, Type } from './model.ts';
import { Pointer, TypeKind, under } from './model.ts';
import { subst } from './subst.ts';
import { wasmSizes } from './sizes.ts';
import { checkText } from './testing.ts';
import { comparable, identical, typeSet, isEmptySet } from './typeset.ts';
import { objectString, typeString } from './typestring.ts';
import { coreType } from './under.ts';
import { Typ } from './universe.ts';
import { parseVersion } from './version.ts';

function typeOf(decl: string, name = 'T'): Type {
  const r = checkText(`package p\n${decl}`);
  assert.deepEqual(r.messages, []);
  return r.obj(name).type;
}

const strings: readonly { in: string; want: string }[] = [
  { in: 'var T []map[string]*int', want: '[]map[string]*int' },
  { in: 'var T chan (<-chan int)', want: 'chan (<-chan int)' },
  { in: 'var T chan<- chan int', want: 'chan<- chan int' },
  { in: 'var T struct { a, b int `x:"1"`; error }', want: 'struct{a int "x:\\"1\\""; b int "x:\\"1\\""; error}' },
  { in: 'var T func(a int, b ...string) (x, y bool)', want: 'func(a int, b ...string) (x bool, y bool)' },
  { in: 'var T func(int) func()', want: 'func(int) func()' },
  { in: 'var T interface { m(); error }', want: 'interface{m(); error}' },
  { in: 'var T any', want: 'any' },
  { in: 'var T interface{}', want: 'interface{}' },
  { in: 'type L[E any] []E; var T L[[2]L[byte]]', want: 'p.L[[2]p.L[byte]]' },
  { in: 'type T[K comparable, V ~int|string, W any] map[K]V', want: 'p.T[K comparable, V ~int | string, W any]' },
  { in: 'import "unsafe"; var T unsafe.Pointer', want: 'unsafe.Pointer' },
];
for (const t of strings) {
  test(`typeString() prints ${t.in} as types2 does`, () => assert.equal(typeString(typeOf(t.in), null), t.want));
}

test('objectString() prints objects as types2 does', () => {
  const r = checkText(
    'package p\nconst C = 1\nvar V int\ntype S struct{ F int }\nfunc (*S) M(x int) {}\ntype A = S\nfunc G[P any](P) {}\n',
  );
  const got = ['C', 'V', 'S', 'A', 'G'].map((n) => objectString(r.obj(n), null));
  assert.deepEqual(got, ['const p.C untyped int', 'var p.V int', 'type p.S struct{F int}', 'type p.A = p.S', 'func p.G[P any](P)']);
  assert.equal(objectString((r.obj('S').type as Named).method(0), null), 'func (*p.S).M(x int)');
});

test('identical() compares structure, not names of parameters', () => {
  const r = checkText(`package p
type T1 = func(a int) (b struct{ X int })
type T2 = func(int) struct{ X int }
type T3 = func(int) struct{ Y int }
type I1 = interface { a(); b() }
type I2 = interface { b(); interface { a() } }
func G1[P any, Q interface{ m(P) }](P, Q) {}
func G2[A any, B interface{ m(A) }](A, B) {}
func G3[A any, B interface{ m(B) }](A, B) {}
`);
  const t = (n: string): Type => r.obj(n).type;
  assert.ok(identical(t('T1'), t('T2')));
  assert.ok(!identical(t('T1'), t('T3')));
  assert.ok(identical(t('I1'), t('I2')));
  assert.ok(identical(t('G1'), t('G2')));
  assert.ok(!identical(t('G1'), t('G3')));
});

test('identical() ends on interfaces that refer to themselves', () => {
  const r = checkText('package p\ntype A interface { m() interface { A } }\ntype B interface { m() interface { B } }\n');
  assert.ok(identical(under(r.obj('A').type), under(r.obj('A').type)));
  assert.ok(identical(under(r.obj('A').type), under(r.obj('B').type)));
});

test('typeSet() intersects embedded elements', () => {
  const u = under(typeOf('type T interface { ~int | ~string | float64; interface { int | float64; comparable } }'));
  assert.ok(u.kind === TypeKind.Interface);
  assert.deepEqual(
    typeSet(u).terms!.map((x) => (x.tilde ? '~' : '') + typeString(x.type, null)),
    ['int', 'float64'],
  );
  const e = under(typeOf('type T interface { int; string }'));
  assert.ok(e.kind === TypeKind.Interface && isEmptySet(typeSet(e)));
});

test('coreType() of channels takes the restricted direction', () => {
  const f = typeOf('func T[C chan int | <-chan int]() {}') as Signature;
  assert.equal(typeString(coreType(f.tparams[0]), null), '<-chan int');
  const g = typeOf('func T[C chan int | []int]() {}') as Signature;
  assert.equal(coreType(g.tparams[0]), null);
});

test('comparable() looks into structs and arrays', () => {
  assert.ok(comparable(typeOf('type T struct { a [2]string; b any }')));
  assert.ok(!comparable(typeOf('type T struct { a [2][]string }')));
});

test('lookupFieldOrMethod() finds promoted members, and tells why not', () => {
  const r = checkText(`package p
type A struct { x int }
func (*A) pm() {}
func (A) vm() {}
type B struct { *A; y int }
type C struct { A }
type D struct { A; E }
type E struct { x int }
`);
  const look = (t: string, name: string, addressable = false): string => {
    const l = lookupFieldOrMethod(r.obj(t).type, addressable, r.checked.pkg, name);
    return `${l.obj === null ? 'none' : l.obj.name} ${l.index === null ? '-' : l.index.join('.')} ${l.indirect}`;
  };
  assert.equal(look('B', 'x'), 'x 0.0 true');
  assert.equal(look('B', 'pm'), 'pm 0.0 true');
  assert.equal(look('C', 'vm'), 'vm 0.1 false');
  assert.equal(look('C', 'pm'), 'none - true');
  assert.equal(look('C', 'pm', true), 'pm 0.0 false');
  assert.equal(look('D', 'x'), 'none 1.0 false');
  assert.equal(look('D', 'nope'), 'none - false');
});

test('methodSet() has pointer methods for pointers only', () => {
  const r = checkText(
    'package p\ntype A struct{}\nfunc (*A) P() {}\nfunc (A) V() {}\nfunc (A) v() {}\ntype B struct { A; C }\ntype C struct{}\nfunc (C) V() {}\n',
  );
  const names = (t: Type): string =>
    methodSet(t)
      .map((s) => s.obj.name)
      .join(' ');
  assert.equal(names(r.obj('A').type), 'V v');
  assert.equal(names(new Pointer(r.obj('A').type)), 'P V v');
  assert.equal(names(r.obj('B').type), 'v'); // V is ambiguous
  assert.equal(names(new Pointer(r.obj('B').type)), 'P v');
});

test('missingMethod() tells a wrong type from an absent method', () => {
  const r = checkText('package p\ntype I interface { m(int) }\ntype A int\nfunc (A) m(string) {}\ntype B int\n');
  assert.deepEqual(missingMethod(r.obj('A').type, r.obj('I').type, true).wrongType, true);
  const b = missingMethod(r.obj('B').type, r.obj('I').type, true);
  assert.equal(b.method?.name, 'm');
  assert.equal(b.wrongType, false);
  assert.ok(!implementsType(r.obj('B').type, r.obj('I').type));
});

test('instanceOf() gives one object for identical arguments, expanded on demand', () => {
  const r = checkText('package p\ntype L[E any] struct { next *L[E]; val E }\nfunc (l *L[E]) Push(e E) *L[E] { return l }\n');
  const l = r.obj('L').type as Named;
  const a = instanceOf(null, 0, l, [Typ.int]) as Named;
  assert.equal(instanceOf(null, 0, l, [Typ.int]), a);
  assert.notEqual(instanceOf(null, 0, l, [Typ.string]), a);
  assert.equal(typeString(under(a), null), 'struct{next *p.L[int]; val int}');
  const m: Func = a.method(0);
  assert.equal(typeString(m.type, null), 'func(e int) *p.L[int]');
  assert.equal(m.origin, l.methods[0]);
  assert.equal(typeString(m.type.recv!.type, null), '*p.L[int]');
  assert.equal(a.method(0), m);
});

test('subst() leaves types alone that the parameters do not occur in', () => {
  const sig = typeOf('func T[P any](a []P, b map[string]int) {}') as Signature;
  const [a, b] = sig.params.vars;
  assert.equal(typeString(subst(a.type, sig.tparams, [Typ.bool]), null), '[]bool');
  assert.equal(subst(b.type, sig.tparams, [Typ.bool]), b.type);
});

test('wasmSizes lays structs out as gc does for wasm', () => {
  const s = under(typeOf('type T struct { a bool; b int64; c [3]uint16; d string; e []int; f any; g struct{} }')) as Struct;
  assert.deepEqual(wasmSizes.offsetsof(s.fields), [0, 8, 16, 24, 40, 64, 80]);
  assert.equal(wasmSizes.sizeof(s), 88); // the empty last field takes space
  const huge = checkText('package p\ntype T [1 << 60]int64\n', { ignoreFuncBodies: true });
  assert.equal(wasmSizes.sizeof(huge.obj('T').type), -1);
  assert.deepEqual(huge.messages, ['p.go:2:8: type [1152921504606846976]int64 larger than address space']);
});

test('parseVersion() reads minor versions', () => {
  assert.deepEqual(['', 'go1.22', '1.21.3', 'go1', 'go1.26rc1', 'x'].map(parseVersion), [0, 22, 21, 1, 26, -1]);
});

// Layout, components, identity, texts and method sets of GoTypes, on types checked from Go text.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { DiagnosticList } from '../base/diagnostic.ts';
import { Type } from '../ir/type.ts';
import { FileSet } from '../source/fileset.ts';
import { parseFile } from '../syntax/parser.ts';
import { checkPackage } from '../types/check.ts';
import { wasmSizes } from '../types/sizes.ts';
import { GoKind, type GoType } from './gotype.ts';
import { lookupMethod, methodSet } from './methods.ts';
import { linkString, reflectString, resetPaths, setImportPath } from './typestring.ts';
import { TypeTable } from './typetable.ts';

const source = `package p

type Small struct { a int8; b string }
type Four struct { a int8; b string; c float32 }
type Five struct { a, b, c, d, e int }
type Arr1 [1]Four
type Arr2 [2]int8
type Tail struct { n int32; _ struct{} }
type Direct struct { _ struct{}; p *int }
type Node struct { next *Node; kids []Node; m map[string]*Node; f func(Node) }
type Pair[K comparable, V any] struct { k K; v V; next *Pair[K, V] }
type PI = Pair[int, string]
type A struct{ x int }
func (a A) V() {}
func (a *A) P() {}
type B struct { A; s string }
type C struct { *A }
type D struct { A; C }
type I interface { V(); w() }
type E struct { I }
type Chans struct { a chan int; b <-chan int; c chan (<-chan int); d chan<- func(...string) (int, error) }
func local[T any](T) { type L struct { t T }; var _ L }
`;

function table(): { types: TypeTable; get: (name: string) => GoType } {
  const fset = new FileSet();
  const sink = new DiagnosticList();
  const file = parseFile(fset, 'p.go', new TextEncoder().encode(source), sink);
  const checked = checkPackage({ path: 'm/p.q', files: [file], fileSet: fset, sizes: wasmSizes, goVersion: 'go1.26', sink, importer: () => 'none' });
  assert.deepEqual(sink.items.map((d) => d.message), []);
  resetPaths();
  const types = new TypeTable(() => [file]);
  return { types, get: (name) => types.of(checked.pkg.scope.lookup(name)!.type, null) };
}

test('layout gives gc sizes, flattened parts and pointer words', () => {
  const { get } = table();
  const facts = (t: GoType): unknown[] => [t.size, t.align, t.ptrBytes, t.mem, t.values.join(',')];
  const { i32, i64, f32, ptr } = Type;
  assert.deepEqual(facts(get('Small')), [24, 8, 16, false, [i32, ptr, i64].join()]);
  assert.deepEqual(facts(get('Four')), [32, 8, 16, false, [i32, ptr, i64, f32].join()]);
  assert.deepEqual(facts(get('Five')), [40, 8, 0, true, `${ptr}`]);
  assert.deepEqual(facts(get('Arr1')), facts(get('Four')));
  assert.deepEqual(facts(get('Arr2')), [2, 1, 0, true, `${ptr}`]);
  assert.deepEqual(facts(get('Tail')), [8, 4, 0, false, `${i32}`]);
  assert.deepEqual([...facts(get('Direct')), get('Direct').direct], [8, 8, 8, false, `${ptr}`, true]);
  assert.deepEqual(get('Node').ptrmask, [0b110011]);
});

test('typeTable makes identical types one object', () => {
  const { types, get } = table();
  assert.equal(get('PI'), get('PI'));
  const pair = get('PI');
  assert.equal(pair.fields[2]!.type, types.pointerTo(pair));
  assert.equal(types.sliceOf(get('Node')), get('Node').fields[1]!.type);
  assert.equal(types.mapOf(types.basic(GoKind.String), types.pointerTo(get('Node'))), get('Node').fields[2]!.type);
  assert.notEqual(get('A'), get('A').underlying);
});

test('linkString, reflectString print as gc does', () => {
  const { types, get } = table();
  assert.equal(linkString(get('PI')), 'm/p%2eq.Pair[int,string]');
  assert.equal(reflectString(types.pointerTo(get('PI'))), '*p.Pair[int,string]');
  assert.equal(linkString(get('Small').underlying), 'struct { m/p%2eq.a int8; m/p%2eq.b string }');
  assert.equal(reflectString(get('Chans').underlying), 'struct { a chan int; b <-chan int; c chan (<-chan int); d chan<- func(...string) (int, error) }');
  setImportPath('m/p.q', 'main');
});

test('methodSet follows embedded fields and hides what is ambiguous', () => {
  const { types, get } = table();
  const names = (t: GoType): string => methodSet(t).map((m) => m.name).join(' ');
  assert.equal(names(get('A')), 'V');
  assert.equal(names(types.pointerTo(get('A'))), 'P V');
  assert.equal(names(get('B')), 'V');
  assert.equal(names(types.pointerTo(get('B'))), 'P V');
  assert.equal(names(get('C')), 'P V');
  assert.equal(names(get('D')), 'V'); // A is nearer than C.A; P needs an address
  assert.equal(names(get('E')), 'V w');
  assert.deepEqual(lookupMethod(get('E'), 'w', 'm/p.q')!.path, [0]);
  assert.equal(lookupMethod(get('E'), 'w', 'other'), null);
});

// Local types of one name are told apart, in packages parsed whole and in those whose bodies are parsed when asked for.

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { DiagnosticList } from '../base/diagnostic.ts';
import { FileSet } from '../source/fileset.ts';
import { Kind, type DeclStmt, type File, type FuncDecl, type TypeSpec } from '../syntax/ast.ts';
import { parseFile, type ParseOptions } from '../syntax/parser.ts';
import { localTypeNumbers } from './localtypes.ts';

const sources = [
  'package p\n\nfunc f() { type T int; type A = T; type S struct{ a T } }\n\nfunc g() { type T string }\n',
  'package p\n\nfunc h() { type S struct{} }\n',
];

/** Parses the files into a set that holds `earlier` bytes of others. */
function parse(earlier: number, options: ParseOptions): File[] {
  const fset = new FileSet();
  fset.addFile('other.go', new Uint8Array(earlier));
  return sources.map((text, i) => parseFile(fset, `p${i}.go`, new TextEncoder().encode(text), new DiagnosticList(), options));
}

/** The numbers of the types declared in a function's body, by name. */
function numbersIn(files: readonly File[], func: string): Record<string, number | undefined> {
  const decl = files.flatMap((f) => f.decls).find((d): d is FuncDecl => d.kind === Kind.FuncDecl && d.name.name === func)!;
  const specs = decl.body!.list.flatMap((s) => (s as DeclStmt).decl.specs as TypeSpec[]).filter((s) => !s.alias);
  const number = localTypeNumbers(files);
  return Object.fromEntries(specs.map((s) => [s.name.name, number(s.name.pos)]));
}

test('files parsed whole: numbers in the order of the source', () => {
  const files = parse(0, {});
  assert.deepEqual(['h', 'f', 'g'].map((f) => numbersIn(files, f)), [{ S: 4 }, { T: 1, S: 2 }, { T: 3 }]);
});

test('bodies parsed late: numbers depend neither on the order of asking nor on other packages', () => {
  const offsets = [sources[0]!.length + sources[1]!.indexOf('S struct') + 1, sources[0]!.indexOf('T int') + 1, sources[0]!.indexOf('T string') + 1];
  for (const order of [['h', 'f', 'g'], ['g', 'f', 'h'], ['f', 'g', 'h']]) {
    const files = parse(1000 * order[0]!.charCodeAt(0), { lateIds: { next: 1000 } });
    const found = Object.fromEntries(order.map((f) => [f, numbersIn(files, f)]));
    assert.deepEqual([found['h']!['S'], found['f']!['T'], found['g']!['T']], offsets);
  }
});

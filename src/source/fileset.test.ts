import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileSet } from './fileset.ts';

const enc = new TextEncoder();

test('FileSet finds file, line and byte column', () => {
  const fset = new FileSet();
  const a = fset.addFile('a.go', enc.encode('ab\nçd\n'));
  const b = fset.addFile('b.go', enc.encode('x'));
  a.lines = Int32Array.of(0, 3, 7);
  assert.equal(fset.file(0), null);
  assert.equal(fset.format(0), '-');
  assert.equal(fset.format(a.base), 'a.go:1:1');
  assert.equal(fset.format(a.base + 5), 'a.go:2:3'); // ç takes two bytes
  assert.equal(fset.format(a.base + a.size), 'a.go:3:1');
  assert.equal(fset.format(b.base), 'b.go:1:1');
  assert.equal(fset.format(b.base + 1), 'b.go:1:2');
  assert.equal(fset.file(b.base + 2), null);
  assert.equal(a.text(a.base + 3, a.base + 6), 'çd');
});

test('SourceFile position() follows line directives', () => {
  const fset = new FileSet();
  const f = fset.addFile('a.go', enc.encode('aaaaaaaaaa\nbbbbbbbbbb\ncccccccccc\n'));
  f.lines = Int32Array.of(0, 11, 22, 33);
  f.addLineInfo(4, 'x.y', 100, 7, 1); // /*line x.y:100:7*/ that ends at offset 4
  f.addLineInfo(22, 'z.y', 5, 0, 3); // //line z.y:5
  assert.deepEqual(f.position(2), { filename: 'a.go', offset: 2, line: 1, column: 3 });
  assert.deepEqual(f.position(6), { filename: 'x.y', offset: 6, line: 100, column: 9 });
  assert.deepEqual(f.position(12), { filename: 'x.y', offset: 12, line: 101, column: 2 });
  assert.deepEqual(f.position(25), { filename: 'z.y', offset: 25, line: 5, column: 0 });
  assert.equal(fset.format(f.base + 25), 'z.y:5');
  assert.equal(fset.physical(f.base + 25)?.column, 4);
});

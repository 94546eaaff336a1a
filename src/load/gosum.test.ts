// The hash of a module's folder, where its download left none: that of golang.org/x/mod/sumdb/dirhash, known from go itself.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { DirEntry, FileTree } from './files.ts';
import { GoSum } from './gosum.ts';

const encoder = new TextEncoder();

/** A tree of the given files. */
function tree(files: Readonly<Record<string, string>>): FileTree {
  const readDir = (path: string): DirEntry[] | undefined => {
    const below = Object.keys(files).filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1));
    const names = [...new Set(below.map((name) => name.split('/')[0]!))].sort();
    return names.length === 0 ? undefined : names.map((name) => ({ name, isDir: !below.includes(name), isIrregular: false }));
  };
  return {
    readFile: (path) => (files[path] === undefined ? undefined : encoder.encode(files[path])),
    readDir,
    kind: (path) => (files[path] !== undefined ? 'file' : readDir(path) === undefined ? undefined : 'dir'),
  };
}

const module = { path: 'example.org/dep', version: 'v1.0.0' };
const folder = {
  '/mc/example.org/dep@v1.0.0/go.mod': 'module example.org/dep\n\ngo 1.20\n',
  '/mc/example.org/dep@v1.0.0/dep.go': 'package dep\n\nvar X = 1\n',
};
const right = 'h1:KEzokOGjwsN/h6ZeA6FAlw1tx84n6lLlElIjLrhRWPM=';

function check(sum: string, files: Readonly<Record<string, string>>): string {
  const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
  return new GoSum({ files: tree({ ...files, '/m/go.sum': sum }), goModCache: '/mc', sumFiles: ['/m/go.sum'], sha256, mayLack: false }).check(module);
}

test('GoSum takes the hash of a folder whose download has none', () => {
  assert.equal(check(`example.org/dep v1.0.0 ${right}\n`, folder), 'ok');
  assert.throws(() => check(`example.org/dep v1.0.0 ${right}\n`, { ...folder, '/mc/example.org/dep@v1.0.0/sub/more.go': 'package sub\n' }), /checksum mismatch/);
  assert.equal(check('', folder), 'no-module');
});

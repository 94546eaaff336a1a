import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cacheDir, clearCache, hashBytes, inputState, lookUp, store } from './cache.ts';
import type { Action, Input } from './cache.ts';

// Run as a child, this file only hammers the cache that it is given.
if (process.argv[2] === 'hammer') {
  const [dir, seed] = process.argv.slice(3) as [string, string];
  for (let i = 0; i < 200; i++) {
    const key = `shared${i % 5}`;
    const found = lookUp(dir, key);
    if (found !== undefined) assert.equal(hashBytes(found.wasm!), found.action.program, `half a program in ${seed}`);
    put(dir, key, [], new TextEncoder().encode(`${seed} ${i} ${'x'.repeat(100_000)}`));
  }
  process.exit(0);
}

const root = mkdtempSync(join(tmpdir(), 'goloom-cache-'));
after(() => rmSync(root, { recursive: true, force: true }));
const wasm = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 2, 3]);

function put(dir: string, key: string, inputs: readonly Input[], bytes: Uint8Array): void {
  const action: Action = { key, inputs, about: { warnings: [], path: 'main' }, program: hashBytes(bytes), programSize: bytes.length };
  store(dir, action, bytes);
}

/** A file that was written some time ago. */
function write(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  utimesSync(path, 1000, 1000);
  return path;
}

let count = 0;
const fresh = (): string => join(root, `cache${++count}`);

test('lookUp() finds what store() stored, and nothing else', () => {
  const dir = fresh();
  assert.equal(lookUp(dir, 'k'), undefined);
  put(dir, 'k', [], wasm);
  assert.deepEqual([...lookUp(dir, 'k')!.wasm!], [...wasm]);
  assert.equal(lookUp(dir, 'other'), undefined);
});

test('lookUp() misses when an input changes', () => {
  const changes: [string, (path: string) => void][] = [
    ['contents and time', (path) => writeFileSync(path, 'two')],
    ['contents, with the old time', (path) => (writeFileSync(path, 'longer'), utimesSync(path, 1000, 1000))],
    ['removal', (path) => rmSync(path)],
    ['a folder in its place', (path) => (rmSync(path), mkdirSync(path))],
  ];
  for (const [name, change] of changes) {
    const dir = fresh();
    const path = write(`in${count}`, 'one');
    put(dir, 'k', [inputState(path, 'file')], wasm);
    assert.ok(lookUp(dir, 'k') !== undefined, name);
    change(path);
    assert.equal(lookUp(dir, 'k'), undefined, name);
  }
});

test('lookUp() hits when a file was touched or rewritten as it was, and remembers its new time', () => {
  const dir = fresh();
  const path = write('touched', 'same');
  put(dir, 'k', [inputState(path, 'file')], wasm);
  writeFileSync(path, 'same');
  utimesSync(path, 2000, 2000);
  assert.ok(lookUp(dir, 'k') !== undefined);
  assert.equal(lookUp(dir, 'k')!.action.inputs[0]!.mtime, 2_000_000);
});

test('lookUp() looks into a file that changed just when it was read', () => {
  const dir = fresh();
  const path = join(root, 'young');
  writeFileSync(path, 'aaa');
  const input = inputState(path, 'file');
  put(dir, 'k', [input], wasm);
  const stats = statSync(path);
  writeFileSync(path, 'bbb');
  utimesSync(path, stats.atime, stats.mtime);
  assert.equal(lookUp(dir, 'k'), undefined);
});

test('lookUp() notices new and removed files in a folder, and a file where there was none', () => {
  const dir = fresh();
  const folder = join(root, 'folder');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.go'), '');
  const absent = join(root, 'go.mod');
  put(dir, 'k', [inputState(folder, 'dir'), inputState(absent, 'kind')], wasm);
  assert.ok(lookUp(dir, 'k') !== undefined);
  writeFileSync(join(folder, 'a.go'), 'changed, which is none of the folder’s business');
  assert.ok(lookUp(dir, 'k') !== undefined);
  writeFileSync(join(folder, 'b.go'), '');
  assert.equal(lookUp(dir, 'k'), undefined);
  rmSync(join(folder, 'b.go'));
  assert.ok(lookUp(dir, 'k') !== undefined);
  writeFileSync(absent, 'module x');
  assert.equal(lookUp(dir, 'k'), undefined);
});

test('lookUp() does not believe damaged entries', () => {
  const dir = fresh();
  put(dir, 'k', [], wasm);
  const files = (below: string): string[] =>
    readdirSync(join(dir, below), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  const [program] = files('program');
  writeFileSync(program!, 'short');
  assert.equal(lookUp(dir, 'k'), undefined);
  put(dir, 'k', [], wasm);
  const [action] = files('action');
  writeFileSync(action!, readFileSync(action!, 'utf8').slice(0, 20));
  assert.equal(lookUp(dir, 'k'), undefined);
  writeFileSync(action!, 'null');
  assert.equal(lookUp(dir, 'k'), undefined);
  put(dir, 'k', [], wasm);
  clearCache(dir);
  assert.equal(lookUp(dir, 'k'), undefined);
});

test('store() to a place that can not be written is no error', () => {
  const file = write('not-a-folder', '');
  put(join(file, 'cache'), 'k', [], wasm);
  put('', 'k', [], wasm);
});

test('several commands may use the cache at once', async () => {
  const dir = fresh();
  const statuses = await Promise.all(
    ['a', 'b', 'c', 'd'].map(
      (seed) => new Promise((resolve) => fork(fileURLToPath(import.meta.url), ['hammer', dir, seed]).on('exit', resolve)),
    ),
  );
  assert.deepEqual(statuses, [0, 0, 0, 0]);
  const left = readdirSync(dir, { recursive: true }).filter((name) => String(name).endsWith('.tmp'));
  assert.deepEqual(left, []);
});

test('cacheDir() obeys GOLOOMCACHE', () => {
  assert.equal(cacheDir({ GOLOOMCACHE: '/x' }), '/x');
  assert.equal(cacheDir({ GOLOOMCACHE: 'off' }), '');
  assert.match(cacheDir({ HOME: '/home/u' }), /goloom$/);
});

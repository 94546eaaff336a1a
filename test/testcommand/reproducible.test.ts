// -trimpath: the same sources give the same bytes wherever they are, and no folder of this machine is in them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';

const root = mkdtempSync(join(tmpdir(), 'goloom-reproducible-'));
const goloom = join(import.meta.dirname, '../../bin/goloom.mjs');
after(() => rmSync(root, { recursive: true, force: true }));

const files = {
  'go.mod': 'module example.com/m\n\ngo 1.26\n',
  'main.go': `package main

import (
	"fmt"
	"runtime"

	"example.com/m/lib"
)

func main() {
	_, file, _, _ := runtime.Caller(0)
	fmt.Println(file, lib.Sorted(map[string]int{"b": 1, "a": 2}))
}
`,
  'lib/lib.go': `package lib

import (
	"maps"
	"slices"
)

type Pair[K, V any] struct {
	Key K
	Val V
}

func Sorted(m map[string]int) (pairs []Pair[string, int]) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		pairs = append(pairs, Pair[string, int]{key, m[key]})
	}
	return pairs
}
`,
};

/** Builds in a folder of that name and gives the program. */
function build(name: string, ...args: string[]): Buffer {
  const dir = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const done = spawnSync(process.execPath, [goloom, 'build', '-o', 'out.wasm', ...args], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...process.env, GOLOOMCACHE: 'off', NODE_TEST_CONTEXT: '' },
  });
  assert.equal(done.stderr, '');
  return readFileSync(join(dir, 'out.wasm'));
}

test('goloom build -trimpath is the same in any folder', () => {
  const one = build('one', '-trimpath');
  const two = build('a/much/longer/path', '-trimpath');
  assert.ok(one.equals(two));
  assert.ok(!one.includes(root), 'the folder is in the program');
});

test('goloom build is the same each time', () => {
  assert.ok(build('one').equals(build('one')));
});

// What of `test` is compiled again after a change: nothing where there is none, and else the test programs that have the
// changed package in them.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { readEnvironment } from '../../src/toolchain/env.ts';
import { findTestPackages } from '../../src/toolchain/test.ts';

const dir = mkdtempSync(join(tmpdir(), 'goloom-testcache-'));
after(() => rmSync(dir, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

/** Builds the tests of all packages; the module's packages that were compiled for it, and the programs by package. */
async function build(targets: readonly string[] = ['./...']): Promise<{ compiled: string[]; programs: Map<string, Buffer> }> {
  const compiled: string[] = [];
  const found = await findTestPackages({
    targets,
    areFiles: false,
    command: 'test',
    check: () => {},
    cwd: dir,
    environment: readEnvironment({ ...process.env, GOOS: 'wasip1', GOARCH: 'wasm' }),
    cache: join(dir, 'cache'),
    tags: [],
    mod: '',
    modFile: '',
    trimpath: false,
    gcflags: [],
    ldflags: [],
    force: false,
    fresh: false,
    dryRun: false,
    trace: ({ text }) => compiled.push(text),
  });
  const programs = new Map<string, Buffer>();
  for (const p of found.packages) {
    assert.deepEqual(p.errors, []);
    const { program, reports } = p.build();
    assert.deepEqual(reports, []);
    if (program !== undefined) programs.set(p.path, 'wasm' in program ? Buffer.from(program.wasm) : readFileSync(program.file));
  }
  found.remember();
  return { compiled: compiled.filter((path) => path.startsWith('example.com/')).sort(), programs };
}

test('findTestPackages() compiles again what has changed', async () => {
  write('go.mod', 'module example.com/m\n\ngo 1.26\n');
  write('a/a.go', 'package a\n\nfunc A() int { return 1 }\n');
  write('a/a_test.go', 'package a\n\nimport "testing"\n\nfunc TestA(t *testing.T) { _ = A() }\n');
  write('b/b.go', 'package b\n\nimport "example.com/m/a"\n\nvar B = a.A()\n');
  write('b/b_test.go', 'package b\n\nimport "testing"\n\nfunc TestB(t *testing.T) { _ = B }\n');
  write('c/c.go', 'package c\n');
  write('c/c_test.go', 'package c\n\nimport "testing"\n\nfunc TestC(t *testing.T) {}\n');
  const first = await build();
  assert.deepEqual([...first.programs.keys()], ['example.com/m/a', 'example.com/m/b', 'example.com/m/c']);
  assert.ok(first.compiled.includes('example.com/m/c.test'));
  const again = await build();
  assert.deepEqual(again.compiled, []);
  assert.deepEqual(again.programs, first.programs);

  write('b/b_test.go', 'package b\n\nimport "testing"\n\nfunc TestBetter(t *testing.T) { _ = B }\n');
  const afterB = await build();
  assert.deepEqual(afterB.compiled, ['example.com/m/a', 'example.com/m/b', 'example.com/m/b.test']);
  assert.notDeepEqual(afterB.programs.get('example.com/m/b'), first.programs.get('example.com/m/b'));
  assert.deepEqual(afterB.programs.get('example.com/m/c'), first.programs.get('example.com/m/c'));

  write('a/a_test.go', 'package a\n\nimport "testing"\n\nfunc TestA2(t *testing.T) { _ = A() }\n');
  assert.deepEqual((await build()).compiled.filter((path) => path.endsWith('.test')), ['example.com/m/a.test']);
  assert.deepEqual((await build(['./c'])).compiled, [], 'another command line has the same programs');
});

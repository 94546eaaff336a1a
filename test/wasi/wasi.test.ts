// What GOOS=wasip1 makes: a module that asks for WASI preview 1 only and runs on an engine that knows nothing of goloom (here Node's
// own; run.ts has wazero), and on goloom's host, as native Go runs the program.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const dir = mkdtempSync(join(tmpdir(), 'goloom-wasi-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const source = join(import.meta.dirname, 'programs/mix.go'), wasm = join(dir, 'mix.wasm'), native = join(dir, 'mix');
execFileSync(process.execPath, [bin, 'build', '-o', wasm, source], { env: { ...process.env, GOOS: 'wasip1' } });
execFileSync('go', ['build', '-o', native, source]);

function run(command: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const r = spawnSync(command, [...args, 'a', 'ä b'], { encoding: 'utf8', input: 'one\ntwo', env: { ...process.env, SETTING: 'x=y', TMPDIR: dir }, timeout: 60_000 });
  return { status: r.status, stdout: r.stdout, stderr: r.stderr.split('\n')[0] };
}

test('imports and exports are those of any WASI program', () => {
  const module = new WebAssembly.Module(readFileSync(wasm));
  assert.deepEqual(new Set(WebAssembly.Module.imports(module).map((i) => i.module)), new Set(['wasi_snapshot_preview1']));
  assert.deepEqual(WebAssembly.Module.exports(module).map((e) => e.name).sort(), ['_start', 'memory']);
});

test("the module runs on Node's WASI and on goloom's host as native Go runs the program", () => {
  const want = run(native);
  assert.equal(want.status, 2);
  assert.deepEqual(run(process.execPath, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'node-wasi.mjs'), wasm), want);
  assert.deepEqual(run(process.execPath, bin, 'run', wasm), want);
});

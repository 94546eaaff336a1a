// What the suspension mechanism promises (docs/contract.md, section 3), by programs: deep recursion, small stacks, the
// end of endless recursion, preemption of recursion, recovery. Each expectation that is not goloom's own is compared with go run.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const dir = mkdtempSync(join(tmpdir(), 'goloom-suspension-'));
after(() => rmSync(dir, { recursive: true, force: true }));

interface Outcome {
  readonly status: number | null;
  readonly stderr: string;
  readonly ms: number;
}

function runNative(name: string): Outcome {
  const exe = join(dir, name);
  execFileSync('go', ['build', '-o', exe, source(name)]);
  return timed(exe, []);
}

function runOurs(name: string): Outcome {
  const wasm = join(dir, `${name}.wasm`);
  execFileSync(process.execPath, [bin, 'build', '-o', wasm, source(name)]);
  return timed(process.execPath, [bin, 'run', wasm]);
}

function source(name: string): string {
  return join(import.meta.dirname, 'programs', `${name}.go`);
}

function timed(command: string, args: readonly string[]): Outcome {
  const start = performance.now();
  const r = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000, maxBuffer: 1 << 28 });
  return { status: r.status, stderr: r.stderr, ms: performance.now() - start };
}

for (const name of ['deep', 'loop', 'preempt', 'recovered']) {
  test(`${name}.go does what native Go does`, () => {
    const want = runNative(name);
    const got = runOurs(name);
    assert.equal(got.stderr, want.stderr);
    assert.match(got.stderr, /true\n$/);
    assert.equal(got.status, 0);
  });
}

test("overflow.go dies with Go's message, in at most three times native's time", (t) => {
  const want = runNative('overflow');
  const got = runOurs('overflow');
  const head = (s: string): string[] =>
    s.split('\n').filter((l) => /^(runtime: goroutine stack exceeds|fatal error:)/.test(l));
  t.diagnostic(`native ${want.ms.toFixed(0)} ms, goloom ${got.ms.toFixed(0)} ms`);
  assert.deepEqual(head(got.stderr), head(want.stderr));
  assert.equal(got.status, want.status);
});

// Traces that runtime/trace writes are read by go's own reader, which checks that what they say of goroutines and processors is possible.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const dir = mkdtempSync(join(tmpdir(), 'goloom-trace-'));
after(() => rmSync(dir, { recursive: true, force: true }));

for (const procs of [1, 2, 4]) {
  test(`a trace at GOMAXPROCS=${procs}`, () => {
    const file = join(dir, `trace${procs}`);
    const env = { ...process.env, GOMAXPROCS: String(procs) };
    execFileSync(process.execPath, [bin, 'run', join(import.meta.dirname, 'programs/tracefile.go'), file], { env });
    const lines = execFileSync('go', ['tool', 'trace', '-d=parsed', file], { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n').filter((line) => line.startsWith('M='));
    const count = (what: RegExp): number => lines.filter((line) => what.test(line)).length;
    assert.equal(count(/Region.*send|Type="send"/), 400);
    assert.equal(count(/Sync /), 3, 'two generations');
    assert.ok(count(/GoID=\d+ Running->Waiting Reason="chan receive"/) > 0);
    assert.ok(count(/GoID=\d+ Waiting->Runnable/) > 0);
    assert.ok(count(/GoID=\d+ Running->Waiting Reason="sleep"/) > 0);
    assert.ok(count(/ProcID=\d+ (Undetermined|NotExist)->/) >= Math.max(procs, 3), 'all Ps are in it');
  });
}

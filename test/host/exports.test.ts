// Functions of Go for JavaScript (//go:wasmexport), under Node: values of each kind, calls from the event loop and from inside a call
// of an import, promises where a function waits, the end of the program.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { instantiate } from '../../src/runtime/host/node.ts';

const dir = mkdtempSync(join(tmpdir(), 'goloom-exports-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const file = join(dir, 'exports.wasm');
execFileSync(process.execPath, [join(import.meta.dirname, '../../bin/goloom.mjs'), 'build', '-o', file, join(import.meta.dirname, '../page/programs/exports.go')], { env: { ...process.env, GOOS: 'js' } });
const wasm = readFileSync(file);

for (const [procs, gcStress] of [[1, false], [1, true], [2, false], [4, false]] as const) {
  test(`exports return values or promises at GOMAXPROCS=${procs}${gcStress ? ', collecting at every chance' : ''}`, async () => {
    const output = join(dir, `output-${procs}-${gcStress}`), out = openSync(output, 'w');
    let later: unknown;
    const program = instantiate({
      wasm, args: ['exports'], env: { GOMAXPROCS: `${procs}` }, stdio: [0, out, out], gcStress,
      imports: (go) => ({ test: {
        back: (a: number, b: bigint) => {
          later = go['slow']!(20);
          return go['add']!(a, b);
        },
        sum: (at: number, n: number, _text: number, length: number) => {
          go['nothing']!();
          return new Int32Array(program.memory.buffer, at, n).reduce((a, b) => a + b) + length;
        },
      } }),
    });
    const done = program.run(), go = program.functions;
    for (let turns = 0; later === undefined && turns < 1000; turns++) await new Promise((resolve) => { setTimeout(resolve, 10); });
    assert.ok(later instanceof Promise, 'it sleeps');
    assert.equal(await later, 40);
    assert.equal(go['add']!(-1, 1n << 40n), (1n << 40n) - 1n);
    assert.equal(go['kinds']!(4e9, true, 1.5, 2.25, 2n ** 40n), 4e9 + 1.5 + 2.25 + 2 ** 40);
    assert.equal(go['kinds']!(0, false, 0, 0, 0n), -1);
    assert.equal(go['nothing']!(), undefined);
    assert.equal(go['compute']!(1 << 20), 1);
    assert.equal(await go['turns']!(1000), 500500);
    const waiting = go['wait']!();
    assert.ok(waiting instanceof Promise, 'nobody sends');
    await go['open']!(77n);
    assert.equal(await waiting, 77n);
    assert.deepEqual(await Promise.all([go['slow']!(30), go['slow']!(10), go['slow']!(20)]), [60, 20, 40]);
    const left = go['wait']!() as Promise<unknown>;
    left.catch(() => {});
    await go['finish']!();
    assert.equal(await done, 0);
    assert.equal(readFileSync(output, 'utf8'), 'back: 42\nsum: 14\nend\n');
    await assert.rejects(left, /the Go program has exited/);
    assert.throws(() => go['add']!(1, 2n), /the Go program has exited/);
  });
}

// Programs on several threads, judged by native Go: the same output and exit status whatever GOMAXPROCS is. THREADS_ROUNDS
// repeats all of it (default 1), to look for what happens rarely.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const dir = mkdtempSync(join(tmpdir(), 'goloom-threads-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const rounds = Number(process.env.THREADS_ROUNDS ?? 1);

interface Outcome { readonly status: number | null; readonly stdout: string; readonly message: string }

/** Runs a command; of standard error only the first line counts, which says why the program ended. */
function outcome(command: string, args: readonly string[], procs: number): Outcome {
  const r = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000, env: { ...process.env, GOMAXPROCS: `${procs}` } });
  return { status: r.status, stdout: r.stdout, message: r.stderr.split('\n')[0]! };
}

const programs: readonly { name: string; args: readonly string[][] }[] = [
  { name: 'churn', args: [[]] },
  { name: 'procs', args: [[]] },
  { name: 'locked', args: [[]] },
  { name: 'ticks', args: [[]] },
  { name: 'fifo', args: [[], ['main']] },
  { name: 'ends', args: [['return'], ['exit'], ['panic'], ['deadlock'], ['goexit']] },
];

for (const { name, args } of programs) {
  test(`${name}.go at GOMAXPROCS 1, 2 and 4`, () => {
    const source = join(import.meta.dirname, 'programs', `${name}.go`), exe = join(dir, name), wasm = join(dir, `${name}.wasm`);
    execFileSync('go', ['build', '-o', exe, source]);
    execFileSync(process.execPath, [bin, 'build', '-o', wasm, source], { env: { ...process.env, GOOS: 'js' } });
    for (const words of args) {
      const want = outcome(exe, words, 2);
      for (let round = 0; round < rounds; round++) {
        for (const procs of [1, 2, 4]) {
          const got = outcome(process.execPath, [bin, 'run', wasm, ...words], procs);
          assert.deepEqual(got, want, `${name} ${words.join(' ')} at GOMAXPROCS=${procs}, round ${round}`);
        }
      }
    }
  });
}

// The tests of lifted.txt: here with the skip for GOARCH=wasm taken out, in full length, and beside them package runtime's own test build with
// native Go. What native Go passes with a GOMAXPROCS must pass here with that one. (Two of them skip with one or two Ps everywhere.)
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Outcome, run, type TestProgram } from './outcomes.ts';

const names = readFileSync(join(import.meta.dirname, 'lifted.txt'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/** Test files that the lifted tests are in. */
export const liftedFiles = ['proc_test.go', 'sema_test.go'];

/** The lifted tests among these. */
export function liftedTests(tests: readonly string[]): string[] {
  const missing = names.filter((name) => !tests.includes(name));
  if (missing.length > 0) throw new Error(`not there, or left out as it does not compile: ${missing.join(' ')}`);
  return names;
}

/** Runs them with each GOMAXPROCS; prints a table, gives the number of those that fail though native Go passes them. */
export function compareLifted(ours: TestProgram, tests: readonly string[], procs: readonly string[]): number {
  const exe = join(ours.dir, 'native.test');
  execFileSync('go', ['test', '-c', '-o', exe, 'runtime'], { env: { ...process.env, GOOS: '', GOARCH: '', GOFLAGS: '' }, stdio: ['ignore', 'inherit', 'inherit'] });
  // Its tests look for files beside them.
  const native: TestProgram = { command: [exe], dir: ours.dir, env: process.env };
  const columns = procs.map((n) => ({ here: withProcs(ours, n, tests), there: withProcs(native, n, tests) }));
  let failed = 0;
  console.log(`${''.padEnd(28)}${procs.map((n) => `GOMAXPROCS=${n}`.padEnd(20)).join('')}here, (native Go)`);
  for (const test of tests) {
    const cells = columns.map(({ here, there }) => [here.get(test)?.verdict ?? 'lost', there.get(test)?.verdict ?? 'lost'] as const);
    console.log(`${test.padEnd(28)}${cells.map(([a, b]) => `${a} (${b})`.padEnd(20)).join('')}`);
    cells.forEach(([here, there], i) => {
      if (here === 'PASS' || (there !== 'PASS' && here === there)) return;
      failed++;
      console.log(columns[i]!.here.get(test)?.output.replace(/^/gm, '    '));
    });
  }
  console.log(`${tests.length * procs.length - failed} passed, ${failed} failed`);
  return failed;
}

function withProcs(p: TestProgram, procs: string, tests: readonly string[]): Map<string, Outcome> {
  return run({ ...p, env: { ...p.env, GOMAXPROCS: procs } }, tests, []);
}

// The tests of GOROOT's package runtime that use its public API only, as a program of their own: run by the official port (GOOS=js)
// and by goloom, test by test. The others need what only package runtime's own test build has (export_test.go): functions
// that do not compile without it are left out, as the compiler's errors name them.
//
//   node test/gotests/run.ts [-v] [--list] [--run regexp] [--procs 1,2,4] [file_test.go ...]     default: all files that the port builds
//   node test/gotests/run.ts --lift [--procs 1,2,4]                      those that it skips for lack of threads (lifted.ts)
//
// With --procs all is run with each of these as GOMAXPROCS here, else with the environment's.
//
// known-failures.txt lists tests that are known to fail, `Test: reason`; a listed test that passes is a failure. The exit status is
// 0 if exactly those fail.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareLifted, liftedFiles, liftedTests } from './lifted.ts';
import { type Outcome, run, type TestProgram } from './outcomes.ts';
import { Sources } from './prune.ts';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const words = process.argv.slice(2);
const verbose = words.includes('-v');
const valueOf = (name: string): string => (words.includes(name) ? (words[words.indexOf(name) + 1] ?? '') : '');
const pattern = new RegExp(valueOf('--run'));
const lift = words.includes('--lift'), procs = valueOf('--procs').split(',');
const named = words.filter((word, i) => !word.startsWith('-') && !['--run', '--procs'].includes(words[i - 1] ?? ''));
const portEnv = { ...process.env, GOOS: 'js', GOARCH: 'wasm', GOFLAGS: '' };
const known = new Map(readFileSync(join(import.meta.dirname, 'known-failures.txt'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));

const dir = mkdtempSync(join(tmpdir(), 'goloom-gotests-'));
try { compare(); } finally { rmSync(dir, { recursive: true, force: true }); }

function compare(): void {
  const files = lift ? liftedFiles : named.length > 0 ? named : execFileSync('go', ['list', '-f', '{{join .XTestGoFiles " "}}', 'runtime'], { encoding: 'utf8', env: portEnv }).trim().split(' ');
  const sources = new Sources(dir, join(goroot, 'src/runtime'), files, portEnv, lift);
  sources.prune();
  if (verbose) console.log(`left out: ${sources.dropped.join(' ')}`);
  const tests = (lift ? liftedTests(sources.tests()) : sources.tests()).filter((name) => pattern.test(name));
  if (words.includes('--list')) { console.log(tests.join('\n')); return; }
  mkdirSync(join(dir, 'cmd'));
  writeFileSync(join(dir, 'cmd/main.go'), mainProgram(tests));
  execFileSync(process.execPath, [bin, 'build', '-o', 'ours.wasm', './cmd'], { cwd: dir, stdio: ['ignore', 'inherit', 'inherit'] });
  const env = { ...process.env, GOROOT: goroot };
  const ours: TestProgram = { command: [process.execPath, bin, 'run', 'ours.wasm'], dir, env };
  if (lift) { process.exitCode = compareLifted(ours, tests, procs) === 0 ? 0 : 1; return; }
  execFileSync('go', ['build', '-o', 'port.wasm', './cmd'], { cwd: dir, env: portEnv });
  const flags = ['-test.short', '-test.failfast=false'];
  const want = run({ command: [join(goroot, 'lib/wasm/go_js_wasm_exec'), 'port.wasm'], dir, env }, tests, flags);
  for (const n of procs) {
    if (n !== '') console.log(`GOMAXPROCS=${n}`);
    judge(tests, want, run({ ...ours, env: n === '' ? env : { ...env, GOMAXPROCS: n } }, tests, flags));
  }
}

function judge(tests: readonly string[], want: ReadonlyMap<string, Outcome>, got: ReadonlyMap<string, Outcome>): void {
  const passing = tests.filter((name) => want.get(name)?.verdict === 'PASS');
  const agreeing = passing.filter((name) => got.get(name)?.verdict === 'PASS');
  let unexpected = 0;
  for (const name of tests) {
    const here = got.get(name) ?? { verdict: 'lost', output: '' };
    const there = want.get(name)?.verdict ?? 'lost';
    const fails = here.verdict !== 'PASS' && (there === 'PASS' || here.verdict !== 'SKIP');
    if (verbose) console.log(`${here.verdict} ${name}${here.verdict === there ? '' : `, by the port ${there}`}`);
    if (fails === known.has(name)) continue;
    unexpected++;
    console.log(fails ? `FAIL  ${name}: ${here.verdict}, by the port ${there}\n${here.output.split('\n').slice(0, 30).join('\n')}` : `FIXED ${name}: take it off the list`);
  }
  console.log(`${tests.length} tests; of the official port's ${passing.length} passing ones ${agreeing.length} pass here (${((100 * agreeing.length) / passing.length).toFixed(1)}%)`);
  if (unexpected > 0) process.exitCode = 1;
}

function mainProgram(tests: readonly string[]): string {
  return `package main

import (
	"regexp"
	"testing"

	"runtime_test"
)

func main() {
	testing.Main(regexp.MatchString, []testing.InternalTest{
${tests.map((t) => `\t\t{Name: "${t}", F: runtime_test.${t}},`).join('\n')}
	}, nil, nil)
}
`;
}

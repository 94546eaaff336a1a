// The tests of GOROOT's package runtime that use its public API only, as a program of their own: run by the official port (GOOS=js)
// and by goloom, test by test. The others need what only package runtime's own test build has (export_test.go): functions
// that do not compile without it are left out, as the compiler's errors name them.
//
//   node test/gotests/run.ts [-v] [--list] [--run regexp] [file_test.go ...]     default: all files that the port builds
//
// known-failures.txt lists tests that are known to fail, `Test: reason`; a listed test that passes is a failure. The exit status is
// 0 if exactly those fail.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sources } from './prune.ts';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const words = process.argv.slice(2);
const verbose = words.includes('-v');
const pattern = new RegExp(words.includes('--run') ? (words[words.indexOf('--run') + 1] ?? '') : '');
const named = words.filter((word, i) => !word.startsWith('-') && words[i - 1] !== '--run');
const portEnv = { ...process.env, GOOS: 'js', GOARCH: 'wasm', GOFLAGS: '' };
/** A test that is not heard of for so long is stopped, in ms. */
const patience = 120_000;
const maxRounds = 20;

type Verdict = 'PASS' | 'FAIL' | 'SKIP' | 'lost';
interface Outcome { readonly verdict: Verdict; readonly output: string }

const known = new Map(readFileSync(join(import.meta.dirname, 'known-failures.txt'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));

const dir = mkdtempSync(join(tmpdir(), 'goloom-gotests-'));
try { compare(); } finally { rmSync(dir, { recursive: true, force: true }); }

function compare(): void {
  const files = named.length > 0 ? named : execFileSync('go', ['list', '-f', '{{join .XTestGoFiles " "}}', 'runtime'], { encoding: 'utf8', env: portEnv }).trim().split(' ');
  const sources = new Sources(dir, join(goroot, 'src/runtime'), files, portEnv);
  sources.prune();
  if (verbose) console.log(`left out: ${sources.dropped.join(' ')}`);
  const tests = sources.tests().filter((name) => pattern.test(name));
  if (words.includes('--list')) { console.log(tests.join('\n')); return; }
  mkdirSync(join(dir, 'cmd'));
  writeFileSync(join(dir, 'cmd/main.go'), mainProgram(tests));
  execFileSync('go', ['build', '-o', 'port.wasm', './cmd'], { cwd: dir, env: portEnv });
  execFileSync(process.execPath, [bin, 'build', '-o', 'ours.wasm', './cmd'], { cwd: dir, stdio: ['ignore', 'inherit', 'inherit'] });
  const want = run([join(goroot, 'lib/wasm/go_js_wasm_exec'), 'port.wasm'], tests);
  judge(tests, want, run([process.execPath, bin, 'run', 'ours.wasm'], tests));
}

/** Runs the tests in one program; where one ends the program, those that have not run yet in another one. */
function run(command: readonly string[], tests: readonly string[]): Map<string, Outcome> {
  const found = new Map<string, Outcome>();
  for (let round = 0; round < maxRounds; round++) {
    const rest = tests.filter((name) => !found.has(name));
    if (rest.length === 0) break;
    const args = [...command.slice(1), '-test.v', '-test.short', '-test.failfast=false', `-test.run=^(${rest.join('|')})$`];
    const r = spawnSync(command[0]!, args, { cwd: dir, encoding: 'utf8', timeout: patience, maxBuffer: 1 << 28, env: { ...process.env, GOROOT: goroot } });
    const heard = outcomes(r.stdout, r.stderr);
    if (heard.size === 0) { console.log(r.stdout.slice(-2000), r.stderr.slice(-2000)); break; }
    for (const [name, outcome] of heard) found.set(name, outcome);
  }
  return found;
}

/** Verdicts in the output of -test.v: a test that was started and did not end is lost. */
function outcomes(stdout: string, stderr: string): Map<string, Outcome> {
  const found = new Map<string, Outcome>();
  const parts = stdout.split(/^(?==== RUN {3}\w+$)/m);
  for (const part of parts) {
    const name = /^=== RUN {3}(\w+)$/m.exec(part)?.[1];
    if (name !== undefined) found.set(name, { verdict: 'lost', output: (part + stderr).slice(-4000) });
  }
  for (const m of stdout.matchAll(/^--- (PASS|FAIL|SKIP): (\w+)/gm)) found.set(m[2]!, { verdict: m[1] as Verdict, output: found.get(m[2]!)?.output ?? '' });
  return found;
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
  process.exitCode = unexpected === 0 ? 0 : 1;
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

// Runs test files of GOROOT's package runtime as programs, natively and with goloom, and compares the outcome of each test:
// a small driver until `goloom test` exists. Functions that need what only package runtime's own test build has
// (export_test.go, internal packages) are left out, as the compiler's errors name them.
//
//   node test/gotests/run.ts [-v] [file_test.go[:TestRegexp] ...]     default: callers, defer and stack tests
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const words = process.argv.slice(2);
const verbose = words.includes('-v');
const targets = words.filter((w) => w !== '-v');
if (targets.length === 0) targets.push('callers_test.go', 'defer_test.go', 'stack_test.go');

let passed = 0;
let failed = 0;
let skipped = 0;
for (const target of targets) {
  const [file, pattern] = target.split(':') as [string, string | undefined];
  compare(file, new RegExp(pattern ?? '.'));
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped as on wasm`);
process.exitCode = failed === 0 ? 0 : 1;

function compare(file: string, pattern: RegExp): void {
  const dir = mkdtempSync(join(tmpdir(), 'goloom-gotests-'));
  try {
    const { tests, dropped } = prepare(dir, file, pattern);
    if (tests.length === 0) return;
    if (verbose && dropped.length > 0) console.log(`${file}: left out ${dropped.join(' ')}`);
    execFileSync('go', ['build', '-o', 'native', './cmd'], { cwd: dir });
    const want = outcomes(spawnSync(join(dir, 'native'), ['-test.v', '-test.short'], { cwd: dir, encoding: 'utf8', timeout: 120_000 }).stdout);
    const build = spawnSync(process.execPath, [bin, 'build', '-o', 'ours.wasm', './cmd'], { cwd: dir, encoding: 'utf8' });
    if (build.status !== 0) { failed += tests.length; console.log(`FAIL ${file}: does not build\n${build.stderr.slice(0, 2000)}`); return; }
    for (const name of tests) judge(dir, file, name, want.get(name) ?? 'none');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Each test is a run of its own, so that one that dies takes no other with it. */
function judge(dir: string, file: string, name: string, want: string): void {
  const r = spawnSync(process.execPath, [bin, 'run', 'ours.wasm', '-test.v', '-test.short', `-test.run=^${name}$`], { cwd: dir, encoding: 'utf8', timeout: 120_000 });
  const got = outcomes(r.stdout).get(name) ?? `status ${r.status ?? 'timeout'}`;
  if (got === want || (want !== 'PASS' && got === 'PASS')) { passed++; if (verbose) console.log(`ok   ${file} ${name} ${got}`); return; }
  // Some tests leave out GOARCH=wasm, whatever the port.
  if (got === 'SKIP') { skipped++; if (verbose) console.log(`skip ${file} ${name}`); return; }
  failed++;
  console.log(`FAIL ${file} ${name}: ${got}, natively ${want}\n${(r.stdout + r.stderr).split('\n').slice(0, 25).join('\n')}`);
}

function outcomes(output: string): Map<string, string> {
  return new Map([...output.matchAll(/^--- (PASS|FAIL|SKIP): (\w+)/gm)].map((m) => [m[2]!, m[1]!]));
}

/** Writes a module with the file as package runtime_test, without what does not compile, and a main program. */
function prepare(dir: string, file: string, pattern: RegExp): { tests: string[]; dropped: string[] } {
  let text = readFileSync(join(goroot, 'src/runtime', file), 'utf8').replace(/^package \w+/m, 'package runtime_test').replace(/^\s*"internal\/[\w/]+"\n/gm, '');
  const dropped: string[] = [];
  writeFileSync(join(dir, 'go.mod'), 'module runtime_test\n\ngo 1.26\n');
  mkdirSync(join(dir, 'cmd'));
  for (let round = 0; round < 20; round++) {
    writeFileSync(join(dir, 'tests.go'), text);
    const r = spawnSync('go', ['build', '-gcflags=-e', '.'], { cwd: dir, encoding: 'utf8' });
    if (r.status === 0) break;
    text = prune(text, r.stderr, dropped);
  }
  const tests = [...text.matchAll(/^func (Test\w+)\(\w+ \*testing\.T\)/gm)].map((m) => m[1]!).filter((name) => pattern.test(name));
  writeFileSync(join(dir, 'cmd/main.go'), mainProgram(tests));
  return { tests, dropped };
}

/** Takes out the top-level declarations and imports that the errors point into. */
function prune(text: string, errors: string, dropped: string[]): string {
  const lines = text.split('\n');
  const bad = new Set([...errors.matchAll(/^\.?\/?tests\.go:(\d+)/gm)].map((m) => Number(m[1]) - 1));
  for (const at of bad) {
    if (lines[at] === undefined || lines[at] === '') continue;
    if (/^\t(_ |\. )?"/.test(lines[at]!)) { lines[at] = ''; continue; }
    let from = at;
    while (from > 0 && !/^(func|var|type|const) /.test(lines[from]!)) from--;
    let to = at;
    if (!/^(func .*\{.*\}|(var|type|const) [^({]*)$/.test(lines[from]!)) while (to < lines.length && !/^[})]/.test(lines[to]!)) to++;
    dropped.push(/^func (?:\([^)]*\) )?(\w+)/.exec(lines[from]!)?.[1] ?? `line ${from + 1}`);
    while (from > 0 && lines[from - 1]!.startsWith('//')) from--;
    for (let i = from; i <= to; i++) lines[i] = '';
  }
  return lines.join('\n');
}

function mainProgram(tests: readonly string[]): string {
  return `package main

import (
	"testing"

	"runtime_test"
)

func main() {
	testing.Main(func(pat, str string) (bool, error) { return pat == "" || pat == "^"+str+"$", nil }, []testing.InternalTest{
${tests.map((t) => `\t\t{Name: "${t}", F: runtime_test.${t}},`).join('\n')}
	}, nil, nil)
}
`;
}

// The tests of the standard library, run by `goloom test`, and beside them those of the official port.
//
//   node test/std/run.ts [options] [package ...]       default: all of packages.txt
//     --oracle         also run the official port (GOOS=js) and say how many of its passes pass here; what it answers is kept
//                      in the temporary folder for the next time
//     --goos os        build for this system (default: goloom's own)
//     --lift           tests do not skip because they run on WebAssembly (lift.ts)
//     --run regexp     only these tests
//     --procs 1,2,4    all of it with each of these as GOMAXPROCS in turn (default: once, with the environment's)
//     --shard 2/5      each fifth package, from the second on
//     --jobs n         tests at once (default 1)
//     --timeout s      limit of a package's tests (default 300)
//     --json file      one JSON object a test
//     -v               the output of tests that fail
//
// known-failures.txt lists tests that are known to fail, `package Test: reason`, or `package [build]: reason`, with `lifted ` before it for --lift. The exit status is 0 if
// exactly those fail: a listed test that passes is a failure, so the list can only shrink.
//
// A test that takes its whole program down is counted as lost, or as failing if it panics; the program is run again without the
// tests that have run.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EventReader } from './events.ts';
import type { PackageOutcome, Verdict } from './events.ts';
import { liftedGoroot } from './lift.ts';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const goVersion = readFileSync(join(goroot, 'VERSION'), 'utf8').split('\n')[0]!;
const words = process.argv.slice(2);
const has = (name: string): boolean => words.includes(name);
const valueOf = (name: string, fallback: string): string => (has(name) ? (words[words.indexOf(name) + 1] ?? fallback) : fallback);
const withValue = ['--goos', '--run', '--procs', '--shard', '--jobs', '--timeout', '--json'];
const named = words.filter((word, i) => !word.startsWith('-') && !withValue.includes(words[i - 1] ?? ''));
const timeout = Number(valueOf('--timeout', '300'));
const maxRounds = 20;
let liftedRoot: string | undefined;
const listed = has('--lift') ? 'lifted ' : '';

function linesOf(file: string): string[] {
  const path = join(import.meta.dirname, file);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

const known = new Map(linesOf('known-failures.txt').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));

function chosenPackages(): string[] {
  const all = named.length > 0 ? named : linesOf('packages.txt');
  const [part, parts] = valueOf('--shard', '1/1').split('/').map(Number) as [number, number];
  return all.filter((_, i) => i % parts === part - 1);
}

/** Runs a test command over packages; `onEnd` is told of each package as it ends. */
function runTests(command: readonly string[], env: NodeJS.ProcessEnv, packages: readonly string[], more: readonly string[], onEnd: (p: PackageOutcome) => void): Promise<EventReader> {
  const pattern = has('--run') ? [`-run=${valueOf('--run', '')}`] : [];
  const args = [...command.slice(1), 'test', '-json', '-short', '-vet=off', `-p=${valueOf('--jobs', '1')}`, `-timeout=${timeout}s`, ...pattern, ...more, ...packages];
  const child = spawn(command[0]!, args, { env: { ...process.env, NODE_TEST_CONTEXT: '', ...env }, stdio: ['ignore', 'pipe', 'inherit'], cwd: tmpdir() });
  const reader = new EventReader();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const ended = reader.add(line);
    if (ended !== undefined) onEnd(ended);
  });
  return new Promise((resolve) => child.on('close', () => resolve(reader)));
}

async function runOurs(packages: readonly string[], procs: string): Promise<Map<string, PackageOutcome>> {
  const command = [process.execPath, '--max-old-space-size=6000', bin];
  const goos = valueOf('--goos', process.env.GOOS ?? '');
  const env = { GOOS: goos, GOARCH: '', ...(procs === '' ? {} : { GOMAXPROCS: procs }), ...(has('--lift') ? { GOROOT: (liftedRoot ??= liftedGoroot(goroot, packages)) } : {}) };
  const results = (await runTests(command, env, packages, [], say)).packages;
  for (const outcome of results.values()) await rerun(outcome, (more) => runTests(command, env, [outcome.path], more, () => {}));
  return results;
}

/** Whether a test took the program down: it panicked, or was not heard of again. */
function endedEarly(outcome: PackageOutcome): boolean {
  return [...outcome.tests].some(([name, verdict]) => verdict === 'lost' || (verdict === 'fail' && /^panic: /m.test(outcome.output.get(name) ?? '')));
}

/** As long as a test takes the program down, runs those that have not run yet. */
async function rerun(outcome: PackageOutcome, run: (more: readonly string[]) => Promise<EventReader>): Promise<void> {
  let latest = outcome;
  for (let round = 0; round < maxRounds && endedEarly(latest); round++) {
    const done = [...outcome.tests.keys()].join('|');
    const again = (await run([`-skip=^(${done})$`])).packages.get(outcome.path);
    if (again === undefined) return;
    latest = again;
    for (const [name, verdict] of again.tests) outcome.tests.set(name, verdict);
    for (const [name, text] of again.output) outcome.output.set(name, text);
  }
}

function say(p: PackageOutcome): void {
  const lost = [...p.tests].filter(([, verdict]) => verdict === 'lost').map(([name]) => name);
  const state = p.buildFailure !== '' ? 'does not build' : p.passed ? 'ok' : lost.length > 0 ? `ended in ${lost.join(' ')}` : 'fails';
  process.stderr.write(`${p.path.padEnd(26)}${state} (${p.seconds.toFixed(1)} s)\n`);
}

/** What the official port makes of the packages, from an earlier run or a new one. */
async function runOracle(packages: readonly string[]): Promise<Map<string, Map<string, Verdict>>> {
  const file = join(tmpdir(), `goloom-std-oracle-${goVersion}.json`);
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, Verdict>>) : {};
  const missing = packages.filter((path) => kept[path] === undefined);
  if (missing.length > 0) {
    const exec = join(goroot, 'lib/wasm/go_js_wasm_exec');
    const env = { GOOS: 'js', GOARCH: 'wasm', GOFLAGS: '' };
    const { packages: found } = await runTests(['go'], env, missing, [`-exec=${exec}`], (p) => {
      process.stderr.write(`official ${p.path} (${p.seconds.toFixed(1)} s)\n`);
      if (has('--run')) return;
      kept[p.path] = Object.fromEntries(p.tests);
      writeFileSync(file, JSON.stringify(kept));
    });
    for (const p of found.values()) kept[p.path] = Object.fromEntries(p.tests);
  }
  return new Map(packages.map((path) => [path, new Map(Object.entries(kept[path] ?? {}))]));
}

const isExample = (name: string): boolean => name.startsWith('Example');

/** Numbers of verdicts among the tests, or the examples. */
function count(tests: ReadonlyMap<string, Verdict>, verdict: Verdict, examples: boolean): number {
  return [...tests].filter(([name, found]) => found === verdict && isExample(name) === examples).length;
}

/** A number of theirs that pass, and of those the number that pass here. */
function agreement(ours: ReadonlyMap<string, Verdict>, theirs: ReadonlyMap<string, Verdict>, examples: boolean): [number, number] {
  const passing = [...theirs].filter(([name, verdict]) => verdict === 'pass' && isExample(name) === examples);
  return [passing.length, passing.filter(([name]) => ours.get(name) === 'pass').length];
}

const packages = chosenPackages();
const columns = ['pass', 'fail', 'lost', 'skip', 'ex pass', 'ex fail', ...(has('--oracle') ? ['port', 'of it', 'port ex', 'of it'] : [])];
let isUnexpected = false;
const results: string[] = [];
const theirs = has('--oracle') ? await runOracle(packages) : undefined;
for (const procs of valueOf('--procs', '').split(',')) await compare(procs);
if (has('--json')) writeFileSync(valueOf('--json', ''), `${results.join('\n')}\n`);
process.exitCode = isUnexpected ? 1 : 0;

/** Runs the tests here, with a GOMAXPROCS unless that is '', and prints how they did. */
async function compare(procs: string): Promise<void> {
  const ours = await runOurs(packages, procs), problems: string[] = [];
  const totals = columns.map(() => 0);
  console.log(`\n${(procs === '' ? 'package' : `GOMAXPROCS=${procs}`).padEnd(26)}${columns.map((title) => title.padStart(8)).join('')}`);
  for (const path of packages) {
    const p = ours.get(path);
    const tests = p?.tests ?? new Map<string, Verdict>();
    const row = [count(tests, 'pass', false), count(tests, 'fail', false), count(tests, 'lost', false), count(tests, 'skip', false)];
    row.push(count(tests, 'pass', true), count(tests, 'fail', true) + count(tests, 'lost', true));
    if (theirs !== undefined) row.push(...agreement(tests, theirs.get(path)!, false), ...agreement(tests, theirs.get(path)!, true));
    row.forEach((n, i) => (totals[i]! += n));
    console.log(`${path.padEnd(26)}${row.map((n) => String(n).padStart(8)).join('')}${p === undefined || p.buildFailure !== '' ? '  does not build' : ''}`);
    problems.push(...judge(path, p, theirs?.get(path)));
    for (const [test, verdict] of tests) results.push(JSON.stringify({ package: path, test, verdict, ...(procs === '' ? {} : { procs }) }));
  }
  console.log(`${'all'.padEnd(26)}${totals.map((n) => String(n).padStart(8)).join('')}\n`);
  if (theirs !== undefined) sayAgreement(ours, theirs, totals);
  console.log(problems.join('\n'));
}

/** How many of the port's passing tests pass here; with lifted tests also what it skips. */
function sayAgreement(ours: ReadonlyMap<string, PackageOutcome>, theirs: ReadonlyMap<string, ReadonlyMap<string, Verdict>>, totals: readonly number[]): void {
  const percent = (n: number, of: number): string => (of === 0 ? '-' : `${((100 * n) / of).toFixed(1)}%`);
  console.log(`of the official port's ${totals[6]} passing tests ${totals[7]} pass here (${percent(totals[7]!, totals[6]!)}), of its ${totals[8]} examples ${totals[9]} (${percent(totals[9]!, totals[8]!)})`);
  if (!has('--lift')) return;
  const more = packages.flatMap((path) => [...theirs.get(path)!].filter(([name, verdict]) => verdict === 'skip' && ours.get(path)?.tests.get(name) === 'pass').map(([name]) => `${path} ${name}`));
  console.log(`${more.length} that it skips pass here: ${more.join(', ')}`);
}

/** Compares a package's outcome with the list of known failures; lines about what is not as it should be. */
function judge(path: string, p: PackageOutcome | undefined, official: ReadonlyMap<string, Verdict> | undefined): string[] {
  const problems: string[] = [];
  const failing = new Map<string, string>();
  if (p === undefined || p.buildFailure !== '') failing.set('[build]', p?.buildFailure ?? 'nothing was heard of it');
  for (const [name, verdict] of p?.tests ?? []) if (verdict === 'fail' || verdict === 'lost') failing.set(name, p!.output.get(name) ?? '');
  // What passes there and is skipped or missing here; what fails there too is no failure of ours.
  for (const [name, verdict] of failing.has('[build]') ? [] : (official ?? [])) {
    const here = p!.tests.get(name);
    if (verdict === 'pass' && here !== 'pass' && !failing.has(name)) failing.set(name, here === 'skip' ? `skipped here: ${p!.output.get(name) ?? ''}` : 'not run here');
    if (verdict === 'fail') failing.delete(name);
  }
  for (const [name, output] of failing) {
    const isKnown = known.has(`${listed}${path} ${name}`);
    if (!isKnown) isUnexpected = true;
    if (isKnown && !has('-v')) continue;
    problems.push(`${isKnown ? 'known' : 'FAIL '} ${path} ${name}`);
    if (has('-v')) problems.push(output.trimEnd().replace(/^/gm, '        '));
  }
  if (has('--run')) return problems;
  for (const key of known.keys()) {
    const name = key.slice(listed.length + path.length + 1);
    if (!key.startsWith(`${listed}${path} `) || failing.has(name)) continue;
    // Without the other port's answers a test that is merely skipped here does not show.
    if (official === undefined && p?.tests.get(name) !== 'pass') continue;
    isUnexpected = true;
    problems.push(`FIXED ${key}: take it off the list`);
  }
  return problems;
}

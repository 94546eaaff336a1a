// GODEBUG=schedtrace and scheddetail: the lines have the form that native Go's have, and all Ps, Ms and goroutines are there.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { waitReasons } from '../../src/abi/kernel.ts';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs'), source = join(import.meta.dirname, 'programs/traced.go');
const dir = mkdtempSync(join(tmpdir(), 'goloom-schedtrace-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const exe = join(dir, 'traced'), wasm = join(dir, 'traced.wasm');
execFileSync('go', ['build', '-o', exe, source]);
execFileSync(process.execPath, [bin, 'build', '-o', wasm, source], { env: { ...process.env, GOOS: 'js' } });

/** The traces of a run: from each SCHED line to the next. */
function traces(command: string, args: readonly string[], settings: string, procs: number): string[][] {
  const r = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000, env: { ...process.env, GODEBUG: settings, GOMAXPROCS: `${procs}` } });
  assert.equal(r.status, 0, r.stderr);
  return r.stderr.split(/^(?=SCHED )/m).filter((t) => t !== '').map((t) => t.trimEnd().split('\n'));
}

const ours = (settings: string, procs: number): string[][] => traces(process.execPath, [bin, 'run', wasm], settings, procs);
const gcs = (settings: string, procs: number): string[][] => traces(exe, [], settings, procs);

/** A line with what may differ taken out: numbers, nil, truth values, reasons for waiting. */
function shape(line: string): string {
  return line.replace(/\([^=]*\)( m=)/, '(reason)$1').replace(/\bnil\b|\d+/g, '#').replace(/\b(true|false)\b/g, 'bool');
}

for (const procs of [1, 2, 4]) {
  test(`schedtrace at GOMAXPROCS=${procs}: lines as gc's, some for each tenth of a second`, () => {
    const want = shape(gcs('schedtrace=100', procs)[0]![0]!), got = ours('schedtrace=100', procs);
    const times = got.map(([line]) => Number(/^SCHED (\d+)ms/.exec(line!)![1]));
    // Six, on a machine that has time for them.
    assert.ok(times.length >= 1, 'no trace in 0.6 s');
    for (let i = 1; i < times.length; i++) assert.ok(times[i]! - times[i - 1]! >= 99, times.join(' '));
    for (const [line, ...more] of got) {
      assert.equal(shape(line!), want);
      assert.deepEqual(more, []);
    }
    assert.equal(times[0], 0);
  });
}

test('scheddetail: lines of Ps, Ms and Gs as gc\'s, with all that there are', () => {
  const kind = (line: string): string => /^ *[A-Z]+/.exec(line)![0];
  const want = new Map(gcs('schedtrace=100,scheddetail=1', 2).flat().map((line) => [kind(line), shape(line)]));
  const got = ours('schedtrace=100,scheddetail=1', 2);
  for (const line of got.flat()) assert.equal(shape(line), want.get(kind(line)));
  const wrong = got.map(incomplete);
  // The program's first moments, and its last, may be otherwise.
  assert.ok(wrong.includes(undefined), wrong.join('\n'));
});

/** What a trace of traced.go lacks. */
function incomplete(trace: readonly string[]): string | undefined {
  const of = (prefix: string, pattern: RegExp): string[] => trace.filter((line) => line.startsWith(`  ${prefix}`) && pattern.test(line));
  const locked = of('G', /lockedm=\d/), locker = locked.length === 1 ? /^ {2}G(\d+)/.exec(locked[0]!)![1] : '?';
  const isComplete = of('P', /^/).length === 2 && of('M', /^/).length === Number(/threads=(\d+)/.exec(trace[0]!)![1])
    // Three that run or may, two that wait for the channel, main that sleeps; one of them on a thread of its own.
    && of('G', /status=[12]\(/).length >= 3 && of('G', /status=4\(chan receive\)/).length === 2 && of('G1:', /status=4\(sleep\)/).length === 1
    && of('M', new RegExp(`lockedg=${locker}$`)).length === 1;
  return isComplete ? undefined : trace.join('\n');
}

test('texts of wait reasons are gc\'s', () => {
  const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  const text = /waitReasonStrings = \[\.\.\.\]string\{(.*?)\n\}/s.exec(readFileSync(join(goroot, 'src/runtime/runtime2.go'), 'utf8'))![1]!;
  assert.deepEqual(waitReasons, [...text.matchAll(/: +"(.*)"/g)].map((m) => m[1]));
});

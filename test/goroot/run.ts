// The conformance runner: the programs and error tests of GOROOT/test, as one command.
//
//   node test/goroot/run.ts [options] [path or glob ...]
//     --category run,errorcheck,escape,compile,dir   only these
//     --shard 2/5      each fifth test, from the second on
//     --sample         a shard that fits into continuous integration (1/12)
//     --check-only     parse and check, but neither make nor run programs
//     --make-only      make programs and validate them, but do not run them
//     --procs 1,2,4    run each program with each of these as GOMAXPROCS (default: once, with the environment's)
//     --jobs n         processes (default: processors)
//     --timeout s      limit of a program (default 60)
//     --json file      one JSON object a test
//     -v               name every test as it ends
//
// test/known-failures.txt lists tests that are known to fail, `path: reason`. The exit status is 0 if exactly those fail: a
// listed test that passes is a failure, so the list can only shrink.
import { execFileSync, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { readIndex } from './index.ts';
import type { GoTest } from './index.ts';

interface Result {
  readonly test: GoTest;
  readonly complaints: readonly string[];
  readonly ms: number;
}

const words = process.argv.slice(2);
const has = (name: string): boolean => words.includes(name);
const valueOf = (name: string, fallback: string): string => (has(name) ? (words[words.indexOf(name) + 1] ?? fallback) : fallback);
const withValue = ['--category', '--shard', '--jobs', '--timeout', '--json', '--procs'];
const globs = words.filter((word, i) => !word.startsWith('-') && !withValue.includes(words[i - 1] ?? ''));

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const timeout = Number(valueOf('--timeout', '60')) * 1000;
const until = has('--check-only') ? 'check' : has('--make-only') ? 'make' : 'run';
const procs = valueOf('--procs', '').split(',');
const limit = timeout * procs.length;
const known = readKnownFailures();

function readKnownFailures(): Map<string, string> {
  const file = fileURLToPath(new URL('../known-failures.txt', import.meta.url));
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
}

function chosen(): GoTest[] {
  const categories = valueOf('--category', 'run,errorcheck,escape,compile,dir').split(',');
  const patterns = globs.map((glob) => new RegExp(`^${glob.replace(/[.+^$()[\]{}|\\]/g, '\\$&').replace(/\*/g, '.*')}(\\.go)?$`));
  const tests = readIndex(goroot)
    .filter((test) => test.excluded === '' && categories.includes(test.category))
    .filter((test) => patterns.length === 0 || patterns.some((pattern) => pattern.test(test.path)));
  const [part, parts] = (has('--sample') ? '1/12' : valueOf('--shard', '1/1')).split('/').map(Number) as [number, number];
  return tests.filter((_, i) => i % parts === part - 1);
}

/** Hands out tests to processes and collects the results. */
class Pool {
  readonly results: Result[] = [];
  private readonly queue: GoTest[];

  constructor(tests: readonly GoTest[]) {
    this.queue = [...tests];
  }

  async work(jobs: number): Promise<void> {
    await Promise.all(Array.from({ length: jobs }, () => this.lane()));
  }

  private async lane(): Promise<void> {
    let child = startWorker();
    for (let test = this.queue.shift(); test !== undefined; test = this.queue.shift()) {
      const answer = await ask(child, test);
      this.results.push({ test, ...answer.result });
      report(this.results.at(-1)!);
      if (answer.isDead) {
        child.kill('SIGKILL');
        child = startWorker();
      }
    }
    child.kill();
  }
}

function startWorker(): ChildProcess {
  return fork(fileURLToPath(new URL('worker.ts', import.meta.url)), { execArgv: ['--max-old-space-size=3000', '--stack-size=4000'] });
}

interface Answer {
  readonly result: { readonly complaints: readonly string[]; readonly ms: number };
  readonly isDead: boolean;
}

/** The worker's answer; a worker that dies or takes three times the limit of a test's programs is given up. */
function ask(child: ChildProcess, test: GoTest): Promise<Answer> {
  return new Promise((resolve) => {
    const started = performance.now();
    const end = (result: Answer['result'], isDead: boolean): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve({ result, isDead });
    };
    const dead = (reason: string): void => end({ complaints: [reason], ms: performance.now() - started }, true);
    const timer = setTimeout(() => dead(`no verdict after ${(limit * 3) / 1000} s`), limit * 3);
    child.once('message', (result: Answer['result']) => end(result, false));
    child.once('exit', (code, signal) => dead(`the compiler's process ended: ${signal ?? code}`));
    child.send({ test, goroot, timeout, until, procs });
  });
}

function report(result: Result): void {
  const failed = result.complaints.length > 0;
  const expected = known.has(result.test.path);
  if (!has('-v') && failed === expected) return;
  const word = failed ? (expected ? 'known' : 'FAIL') : expected ? 'FIXED' : 'ok';
  console.log(`${word.padEnd(6)}${result.test.path} (${result.test.action}, ${(result.ms / 1000).toFixed(1)} s)`);
  if (failed && !expected)
    for (const complaint of result.complaints.slice(0, 6 * procs.length)) console.log(`        ${complaint.replaceAll('\n', '\n        ')}`);
}

const started = performance.now();
const pool = new Pool(chosen());
await pool.work(Number(valueOf('--jobs', `${availableParallelism()}`)));
const { results } = pool;
results.sort((a, b) => (a.test.path < b.test.path ? -1 : 1));
if (has('--json')) {
  writeFileSync(
    valueOf('--json', ''),
    results
      .map(({ test, complaints, ms }) =>
        JSON.stringify({
          path: test.path,
          action: test.action,
          category: test.category,
          ok: complaints.length === 0,
          complaints,
          ms: Math.round(ms),
        }),
      )
      .join('\n') + '\n',
  );
}

console.log(`\n${'category'.padEnd(12)}${'pass'.padStart(6)}${'of'.padStart(6)}`);
for (const category of [...new Set(results.map(({ test }) => test.category))].sort()) {
  const mine = results.filter(({ test }) => test.category === category);
  console.log(
    `${category.padEnd(12)}${`${mine.filter(({ complaints }) => complaints.length === 0).length}`.padStart(6)}${`${mine.length}`.padStart(6)}`,
  );
}
const wrong = results.filter(({ test, complaints }) => complaints.length > 0 !== known.has(test.path));
const expected = results.filter(({ test, complaints }) => complaints.length > 0 && known.has(test.path));
console.log(`\n${expected.length} known failures; ${((performance.now() - started) / 1000).toFixed(0)} s`);
console.log(`${results.length - wrong.length} passed, ${wrong.length} failed`);
process.exitCode = wrong.length === 0 ? 0 : 1;

// Runs the programs of programs/ under schedules that a seed disturbs (GODEBUG=schedstress, src/runtime/kernel/stress.ts), and judges them by
// native Go: the same output, exit status and first line of standard error. A run that takes too long counts as a hang.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const programs = join(import.meta.dirname, 'programs');

export interface Outcome { readonly status: number | null; readonly stdout: string; readonly message: string }

/** One run: which program, with which seed and GOMAXPROCS. */
export interface Job { readonly scenario: string; readonly seed: number; readonly procs: number }

/** A run that did not do what native Go does. */
export interface Failure { readonly job: Job; readonly seconds: number; readonly what: string }

/** The programs, built, with what native Go made of each. */
export interface Suite { readonly command: readonly string[]; readonly expected: ReadonlyMap<string, Outcome> }

function outcome(status: number | null, stdout: string, stderr: string): Outcome { return { status, stdout, message: stderr.split('\n')[0]! }; }

function sources(): string[] { return readdirSync(programs).filter((name) => name.endsWith('.go')).map((name) => join(programs, name)); }

/** Builds the programs into `dir` with native Go, and asks it for the results. */
export function expectations(dir: string): ReadonlyMap<string, Outcome> {
  const exe = join(dir, 'native');
  execFileSync('go', ['build', '-o', exe, ...sources()]);
  const names = execFileSync(exe, { encoding: 'utf8' }).trim().split('\n');
  return new Map(names.map((name) => {
    const r = spawnSync(exe, [name], { encoding: 'utf8', timeout: 120_000 });
    return [name, outcome(r.status, r.stdout, r.stderr)];
  }));
}

/** Builds the programs into `dir` with the goloom that is installed at `root`. */
export function suite(dir: string, expected: ReadonlyMap<string, Outcome>, root: string): Suite {
  const goloom = [process.execPath, join(root, 'bin/goloom.mjs')], wasm = join(dir, 'stress.wasm');
  execFileSync(goloom[0]!, [goloom[1]!, 'build', '-o', wasm, ...sources()], { env: { ...process.env, GOOS: 'js' } });
  return { command: [...goloom, 'run', wasm], expected };
}

/** Runs one program; what went wrong, or undefined. */
export async function attempt(s: Suite, job: Job, timeoutSeconds: number): Promise<Failure | undefined> {
  const want = s.expected.get(job.scenario);
  if (want === undefined) throw new Error(`no program ${job.scenario}; there are: ${[...s.expected.keys()].join(' ')}`);
  const started = performance.now();
  const { got, stderr, late } = await run(s, job, timeoutSeconds * 1000);
  const seconds = (performance.now() - started) / 1000;
  const failed = (what: string): Failure => ({ job, seconds, what: `${what}\n${head(stderr)}` });
  if (late) return failed(`hangs (${timeoutSeconds} s)`);
  if (got.status !== want.status) return failed(`exit status ${got.status}, native Go's is ${want.status}`);
  if (got.stdout !== want.stdout) return failed(`prints ${JSON.stringify(got.stdout)}, native Go ${JSON.stringify(want.stdout)}`);
  return got.message === want.message ? undefined : failed(`says ${JSON.stringify(got.message)}, native Go ${JSON.stringify(want.message)}`);
}

function run(s: Suite, job: Job, ms: number): Promise<{ got: Outcome; stderr: string; late: boolean }> {
  const env = { ...process.env, GOMAXPROCS: `${job.procs}`, GODEBUG: `schedstress=${job.seed}` };
  const child = spawn(s.command[0]!, [...s.command.slice(1), job.scenario], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '', stderr = '', late = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
  // A program that hangs is asked for its goroutines first.
  const quit = setTimeout(() => { late = true; child.kill('SIGQUIT'); }, ms);
  const kill = setTimeout(() => child.kill('SIGKILL'), ms + 3000);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(quit);
      clearTimeout(kill);
      resolve({ got: outcome(status, stdout, stderr), stderr, late });
    });
  });
}

function head(text: string): string { return text.split('\n').slice(0, 30).map((line) => `  | ${line}`).join('\n'); }

/** What to type to run a job again. Threads are the system's: it may take several times. */
export function again(job: Job): string { return `npm run stress -- --only ${job.scenario} --procs ${job.procs} --seed ${job.seed} --times 30`; }

/** The k-th run from a seed on: all programs in turn, with each number of Ps. */
export function jobAt(k: number, seed: number, scenarios: readonly string[], procs: readonly number[]): Job {
  return { scenario: scenarios[k % scenarios.length]!, procs: procs[Math.floor(k / scenarios.length) % procs.length]!, seed: 1 + ((seed - 1 + k) % 0x7fffffff) };
}

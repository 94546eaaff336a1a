// Runs a built test program: in this process where there is one, in a child where its output must be looked at as it comes or
// where several run at once. Input is empty; output and errors are one stream, as under the go command.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runWasm, testImports } from '../toolchain/run.ts';
import type { RunnerJob } from '../toolchain/runner.ts';
import type { TestProgram } from '../toolchain/test.ts';

/** A test program ready to be run. */
export interface TestJob {
  readonly program: TestProgram;
  /** The program's name and arguments. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Milliseconds after which it is killed; 0 for never. */
  readonly killAfter: number;
  /** The words of -exec. */
  readonly exec: readonly string[];
}

/** How a test program ended. */
export interface TestOutcome {
  /** `exit status 1`, `signal: killed`; empty where it succeeded. */
  readonly failure: string;
  readonly wasKilled: boolean;
  readonly seconds: number;
}

/** The bytes of a test program. */
export function wasmOf(program: TestProgram): Uint8Array<ArrayBuffer> {
  return 'wasm' in program ? program.wasm : readFileSync(program.file);
}

/** Runs the program in this process, its output going to a descriptor. */
export async function runHere(job: TestJob, out: number): Promise<TestOutcome> {
  const start = performance.now();
  const input = openSync(devNull, 'r');
  try {
    const status = await runWasm({ wasm: wasmOf(job.program), args: job.args, env: environment(job.cwd), cwd: job.cwd, stdio: [input, out, out], imports: testImports });
    return { failure: status === 0 ? '' : `exit status ${status}`, wasKilled: false, seconds: secondsSince(start) };
  } finally {
    closeSync(input);
  }
}

/** Runs the program in this process and gives what it wrote. */
export async function runCaptured(job: TestJob): Promise<{ outcome: TestOutcome; output: Buffer }> {
  const dir = mkdtempSync(join(tmpdir(), 'goloom-test-'));
  const file = join(dir, 'output');
  const out = openSync(file, 'w+');
  try {
    const outcome = await runHere(job, out);
    return { outcome, output: readFileSync(file) };
  } finally {
    closeSync(out);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Runs the program in a process of its own; `onOutput` gets what it writes. */
export async function runChild(job: TestJob, onOutput: (bytes: Buffer) => void): Promise<TestOutcome> {
  const dir = mkdtempSync(join(tmpdir(), 'goloom-test-'));
  try {
    let file: string;
    if ('file' in job.program) file = job.program.file;
    else writeFileSync((file = join(dir, `${job.args[0]}.wasm`)), job.program.wasm);
    const timeFile = join(dir, 'seconds');
    const outcome = await waitFor(job, commandOf(job, file, timeFile), onOutput);
    return { ...outcome, seconds: Math.min(outcome.seconds, runnerSeconds(timeFile)) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The seconds that the runner measured, if it came to its end. */
function runnerSeconds(timeFile: string): number {
  try {
    return Number(readFileSync(timeFile, 'utf8'));
  } catch {
    return Infinity;
  }
}

function waitFor(job: TestJob, [command, args]: [string, string[]], onOutput: (bytes: Buffer) => void): Promise<TestOutcome> {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(command, args, { cwd: job.cwd, env: environment(job.cwd), stdio: ['ignore', 'pipe', 'pipe'] });
    let wasKilled = false;
    const kill = (): void => {
      wasKilled = true;
      child.kill('SIGKILL');
    };
    const timer = job.killAfter > 0 ? setTimeout(kill, job.killAfter) : undefined;
    const end = (failure: string): void => {
      clearTimeout(timer);
      resolve({ failure, wasKilled, seconds: secondsSince(start) });
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    child.on('error', (error) => end(`fork/exec ${command}: ${error.message}`));
    child.on('close', (status, signal) => {
      if (signal !== null) end(signal === 'SIGKILL' ? 'signal: killed' : `signal: ${signal}`);
      else end(status === 0 ? '' : `exit status ${status}`);
    });
  });
}

function commandOf(job: TestJob, file: string, timeFile: string): [string, string[]] {
  const [exec, ...words] = job.exec;
  if (exec !== undefined) return [exec, [...words, file, ...job.args.slice(1)]];
  // The runner stands beside the bundle, or is a source file.
  const runner = new URL(import.meta.url.endsWith('.ts') ? '../toolchain/runner.ts' : './runner.js', import.meta.url);
  return [process.execPath, [fileURLToPath(runner), JSON.stringify({ file, timeFile, args: job.args, cwd: job.cwd } satisfies RunnerJob)]];
}

function environment(cwd: string): NodeJS.ProcessEnv {
  return { ...process.env, PWD: cwd };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

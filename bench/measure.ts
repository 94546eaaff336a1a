// What the benchmark scripts share: where things are, cold runs of commands with their peak memory, and medians.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
/** The newest Node, from the development dependencies. */
export const newestNode = join(root, 'node_modules/node/bin/node');
export const goloom = join(root, 'bin/goloom.mjs');
export const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
/** The official port's start script for Node. */
export const wasmExec = join(goroot, 'lib/wasm/wasm_exec_node.js');

/** A folder that is removed when the process ends. */
export function workFolder(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `goloom-${name}-`));
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** One run of a command. */
export interface Sample {
  readonly wall: number;
  /** Peak resident set in KiB; 0 where it is not known. */
  readonly rss: number;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a command. */
export interface Command {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeout?: number;
}

const timer = spawnSync('/usr/bin/time', ['-f', '%M', 'true']).status === 0 ? '/usr/bin/time' : undefined;

/** Runs a command in a process of its own and waits for it. */
export function sample(command: Command): Sample {
  const file = join(tmpdir(), `goloom-rss-${process.pid}`);
  const argv = timer === undefined ? [...command.argv] : [timer, '-f', '%M', '-o', file, ...command.argv];
  const start = performance.now();
  const done = spawnSync(argv[0]!, argv.slice(1), {
    cwd: command.cwd,
    env: { ...process.env, NODE_TEST_CONTEXT: '', GOLOOM_SOURCES: 'off', ...command.env },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    timeout: command.timeout,
  });
  const wall = performance.now() - start;
  const rss = timer === undefined ? 0 : Number(readFileSync(file, 'utf8').trim().split('\n').pop());
  return { wall, rss, status: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** The median; the mean of the middle two of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The geometric mean. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** What the figures were taken on. */
export function machine(): Record<string, string | number> {
  const version = (argv: string[]): string => execFileSync(argv[0]!, argv.slice(1), { encoding: 'utf8' }).trim();
  return {
    cpu: cpus()[0]?.model ?? '',
    cores: availableParallelism(),
    go: version(['go', 'version']),
    node: version([newestNode, '--version']),
    commit: version(['git', '-C', root, 'rev-parse', '--short', 'HEAD']),
    date: new Date().toISOString(),
  };
}

/** Reads `--name value` and `--name` words. */
export class Options {
  private readonly words: string[];

  constructor(words: readonly string[]) {
    this.words = [...words];
  }

  value(name: string, fallback: string): string {
    const at = this.words.indexOf(`--${name}`);
    return at < 0 ? fallback : (this.words[at + 1] ?? fallback);
  }

  has(name: string): boolean {
    return this.words.includes(`--${name}`);
  }
}

// Run time, side by side in one run: each program built by go for this machine, by go for js/wasm, and by goloom; run in
// turn, each time in a cold process; medians of what the programs time themselves. Results are checked against
// expected.json. One JSON file a run, tables on standard output.
//
//   node bench/run.ts [--only fib,nbody] [--runs 5] [--small] [--engines native,js,goloom] [--timeout 120] [--out file]
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Options, geometricMean, goloom, machine, median, newestNode, root, sample, wasmExec, workFolder } from './measure.ts';
import type { Command } from './measure.ts';

const groups: Readonly<Record<string, readonly string[]>> = {
  arithmetic: ['nbody', 'fannkuch', 'spectralnorm', 'mandelbrot', 'matmul', 'sieve', 'sha256'],
  calls: ['fib', 'iface', 'closures', 'generics', 'iterators', 'deferpanic', 'deeprec'],
  memory: ['binarytrees', 'mapint', 'mapstring', 'strbuild', 'sort', 'gclatency'],
  std: ['json', 'regexp', 'sprintf', 'sort', 'mapint', 'mapstring', 'strbuild', 'sha256', 'big', 'gzip'],
  goroutines: ['pingpong', 'pipeline', 'chansieve', 'selectfan', 'spawn', 'mutex', 'fairness'],
  parallel: ['parmandel', 'parnbody', 'parmatmul', 'parqsort'],
};

/** Sizes for a quick look. */
const small: Readonly<Record<string, number>> = {
  nbody: 300000,
  fannkuch: 8,
  spectralnorm: 500,
  mandelbrot: 300,
  binarytrees: 12,
  fib: 30,
  matmul: 150,
  sieve: 200000,
  sha256: 2,
  json: 1500,
  regexp: 1500,
  sort: 100000,
  mapint: 100000,
  mapstring: 50000,
  strbuild: 100000,
  sprintf: 50000,
  iface: 2000000,
  closures: 1000000,
  generics: 15000,
  iterators: 2000000,
  pingpong: 50000,
  pipeline: 60000,
  chansieve: 300,
  selectfan: 60000,
  spawn: 50000,
  mutex: 200000,
  parmandel: 300,
  parnbody: 3,
  parmatmul: 200,
  parqsort: 200000,
  gclatency: 32,
  deeprec: 10000,
  deferpanic: 10000,
  fairness: 5000000,
  big: 150,
  gzip: 100000,
  slog: 2000,
};

const options = new Options(process.argv.slice(2));
const programs = join(root, 'bench/programs');
const only = options.value('only', readdirSync(programs).sort().join(',')).split(',');
const runs = Number(options.value('runs', '5'));
const timeout = Number(options.value('timeout', '120')) * 1000;
const isSmall = options.has('small');
const work = workFolder('bench');

/** Builds a program and says how to start it. */
const engines: Readonly<Record<string, (program: string) => Command['argv']>> = {
  native: (program) => [goBuild(program, 'native', {})],
  js: (program) => [newestNode, '--stack-size=8192', wasmExec, goBuild(program, 'js', { GOOS: 'js', GOARCH: 'wasm' })],
  goloom: (program) => {
    const out = join(work, `goloom-${program}.wasm`);
    execFileSync(newestNode, [goloom, 'build', '-o', out, 'main.go'], {
      cwd: join(programs, program),
      env: { ...process.env, GOLOOMCACHE: 'off', GOLOOM_SOURCES: 'off' },
      stdio: 'pipe',
    });
    return [newestNode, goloom, 'run', out];
  },
};

function goBuild(program: string, name: string, env: Record<string, string>): string {
  const out = join(work, `${name}-${program}`);
  execFileSync('go', ['build', '-o', out, 'main.go'], { cwd: join(programs, program), env: { ...process.env, ...env }, stdio: 'pipe' });
  return out;
}

/** The samples of one program under one engine. */
interface Series {
  readonly ms: number[];
  readonly wall: number[];
  readonly rss: number[];
  readonly metrics: Record<string, number[]>;
  error: string;
}

function runOnce(argv: Command['argv'], program: string, series: Series): void {
  const args = isSmall ? [String(small[program])] : [];
  const once = sample({ argv: [...argv, ...args], timeout });
  if (once.status !== 0) {
    series.error = once.status === null ? `no end after ${timeout / 1000} s` : `exit ${once.status}: ${once.stderr.trim().split('\n')[0]}`;
    return;
  }
  const checks = [...once.stdout.matchAll(/^CHECK (.*)$/gm)].map((match) => match[1]);
  const want = expected[program]?.[isSmall ? 'small' : 'default'];
  if (JSON.stringify(checks) !== JSON.stringify(want)) {
    series.error = `wrong result: ${checks.join(' | ')}`;
    return;
  }
  series.ms.push(Number(/^BENCH \S+ ([\d.]+) ms$/m.exec(once.stdout)?.[1]));
  series.wall.push(once.wall);
  series.rss.push(once.rss);
  for (const [, key, value] of once.stdout.matchAll(/^METRIC \S+ (\S+) (\S+) \S+$/gm)) (series.metrics[key!] ??= []).push(Number(value));
}

const expected = JSON.parse(readFileSync(join(root, 'bench/expected.json'), 'utf8')) as Record<string, Record<string, string[]>>;
const names = options.value('engines', Object.keys(engines).join(',')).split(',');
const results: Record<string, Record<string, Series>> = {};
for (const program of only) {
  const row: Record<string, Series> = {};
  results[program] = row;
  const started: Record<string, Command['argv']> = {};
  for (const name of names) {
    row[name] = { ms: [], wall: [], rss: [], metrics: {}, error: '' };
    try {
      started[name] = engines[name]!(program);
    } catch (error) {
      row[name].error = `build: ${String((error as { stderr?: Buffer }).stderr ?? error)
        .trim()
        .split('\n')
        .slice(0, 3)
        .join(' / ')}`;
    }
  }
  for (let i = 0; i < runs; i++) {
    for (const name of names) if (row[name]!.error === '') runOnce(started[name]!, program, row[name]!);
  }
  console.log(line(program, row));
}

function line(program: string, row: Record<string, Series>): string {
  const cells = names.map((name) => {
    const series = row[name]!;
    return series.error === ''
      ? `${name} ${median(series.ms).toFixed(0)} ms (${(median(series.rss) / 1024).toFixed(0)} MB)`
      : `${name} ${series.error}`;
  });
  return `${program.padEnd(13)}${cells.join('   ')}`;
}

/** `a`'s time over `b`'s. */
function ratio(program: string, a: string, b: string): number | undefined {
  const x = results[program]?.[a];
  const y = results[program]?.[b];
  return x === undefined || y === undefined || x.ms.length === 0 || y.ms.length === 0 ? undefined : median(x.ms) / median(y.ms);
}

const pairs: readonly [string, string][] = [
  ['goloom', 'native'],
  ['js', 'native'],
  ['goloom', 'js'],
];
const ratios: Record<string, Record<string, number>> = {};
console.log(`\ngeometric means${' '.repeat(6)}${pairs.map(([a, b]) => `${a}/${b}`.padStart(16)).join('')}`);
for (const [group, members] of [...Object.entries(groups), ['all', only] as const]) {
  const means = pairs.map(([a, b]) => {
    const values = members
      .filter((program) => only.includes(program))
      .map((program) => ratio(program, a, b))
      .filter((value) => value !== undefined);
    return values.length === 0 ? Number.NaN : geometricMean(values);
  });
  if (means.every(Number.isNaN)) continue;
  ratios[group] = Object.fromEntries(pairs.map(([a, b], i) => [`${a}/${b}`, means[i]!]));
  console.log(`${group.padEnd(21)}${means.map((mean) => (Number.isNaN(mean) ? '-' : mean.toFixed(2)).padStart(16)).join('')}`);
}
const failed = only.filter((program) => names.some((name) => results[program]![name]!.error !== ''));
if (failed.length > 0) console.log(`\nnot measured: ${failed.join(', ')}`);

const out = options.value('out', join(root, '.out/bench', `run-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`));
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, JSON.stringify({ machine: machine(), runs, small: isSmall, ratios, results }, undefined, 1) + '\n');
console.log(`\nwritten to ${out}`);

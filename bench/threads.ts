// What threads are worth: each program by go for this machine and by goloom, at GOMAXPROCS 1 and 2 in turn, each time in a cold process;
// medians of what the programs time themselves. Says goloom's time relative to native Go's at each, and for the parallel programs the
// speed-up from 1 to 2 relative to native Go's own.
//
//   node bench/threads.ts [--only pingpong,mutex] [--runs 5]
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { geometricMean, goloom, machine, median, newestNode, Options, root, sample, workFolder } from './measure.ts';

const channels = ['pingpong', 'pipeline', 'selectfan', 'spawn', 'mutex', 'chansieve'];
const parallel = ['parmandel', 'parnbody', 'parmatmul', 'parqsort'];
const procs = [1, 2] as const;

const options = new Options(process.argv.slice(2));
const only = options.value('only', [...channels, ...parallel].join(',')).split(',');
const runs = Number(options.value('runs', '5'));
const work = workFolder('threads');
const expected = JSON.parse(readFileSync(join(root, 'bench/expected.json'), 'utf8')) as Record<string, Record<string, string[]>>;

/** How to start a program, by engine. */
function build(program: string): Readonly<Record<'native' | 'goloom', readonly string[]>> {
  const cwd = join(root, 'bench/programs', program), exe = join(work, program), wasm = `${exe}.wasm`;
  execFileSync('go', ['build', '-o', exe, 'main.go'], { cwd });
  execFileSync(newestNode, [goloom, 'build', '-o', wasm, 'main.go'], { cwd, env: { ...process.env, GOLOOM_SOURCES: 'off' } });
  return { native: [exe], goloom: [newestNode, goloom, 'run', wasm] };
}

/** One run; what the program says it took, ms. */
function time(program: string, argv: readonly string[], gomaxprocs: number): number {
  const { status, stdout, stderr } = sample({ argv, env: { GOMAXPROCS: String(gomaxprocs) }, timeout: 120_000 });
  const checks = [...stdout.matchAll(/^CHECK (.*)$/gm)].map((match) => match[1]!);
  if (status !== 0 || JSON.stringify(checks) !== JSON.stringify(expected[program]?.['default'])) {
    throw new Error(`${program} at GOMAXPROCS=${gomaxprocs}: status ${status}, ${checks.join(' ')} ${stderr.slice(0, 300)}`);
  }
  return Number(/^BENCH \S+ ([\d.]+) ms$/m.exec(stdout)![1]);
}

const cell = (text: string, width: number): string => text.padStart(width);
console.log(JSON.stringify(machine()));
console.log(`${'program'.padEnd(12)}${procs.map((n) => cell(`native/${n}`, 11) + cell(`goloom/${n}`, 11) + cell('ratio', 7)).join('')}${cell('speed-up', 10)}${cell('native', 8)}${cell('of it', 7)}`);
const ratios: Record<number, number[]> = { 1: [], 2: [] };
for (const program of only) {
  const start = build(program), times: Record<string, number[]> = {};
  for (let run = 0; run < runs; run++) {
    for (const n of procs) {
      for (const engine of ['native', 'goloom'] as const) (times[`${engine}${n}`] ??= []).push(time(program, start[engine], n));
    }
  }
  const ms = (key: string): number => median(times[key]!);
  const columns = procs.map((n) => {
    const ratio = ms(`goloom${n}`) / ms(`native${n}`);
    if (channels.includes(program)) ratios[n]!.push(ratio);
    return cell(ms(`native${n}`).toFixed(1), 11) + cell(ms(`goloom${n}`).toFixed(1), 11) + cell(ratio.toFixed(2), 7);
  });
  const ours = ms('goloom1') / ms('goloom2'), theirs = ms('native1') / ms('native2');
  const speedUp = parallel.includes(program) ? cell(ours.toFixed(2), 10) + cell(theirs.toFixed(2), 8) + cell((ours / theirs).toFixed(2), 7) : '';
  console.log(program.padEnd(12) + columns.join('') + speedUp);
}
for (const n of procs) if (ratios[n]!.length > 0) console.log(`channels and locks at GOMAXPROCS=${n}: geometric mean of the ratios ${geometricMean(ratios[n]!).toFixed(2)}`);

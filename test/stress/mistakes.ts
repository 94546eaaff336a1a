// Shows that the stress run finds faults of the scheduler: makes each mistake of mistake-list.ts in a scratch copy of the kernel, builds that, and runs the
// programs on disturbed schedules until one fails or the time is up. A mistake that is not noticed is a failure of this script.
//
//   node test/stress/mistakes.ts [--only NAME,NAME] [--minutes 5] [--procs 2,4] [--timeout 15] [--seed N]
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attempt, expectations, type Failure, jobAt, suite, type Suite } from './engine.ts';
import { type Mistake, mistakes } from './mistake-list.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' }, minutes: { type: 'string', default: '5' }, procs: { type: 'string', default: '2,4' }, timeout: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
  },
});
const root = join(import.meta.dirname, '../..'), scratch = mkdtempSync(join(tmpdir(), 'goloom-mistakes-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
// The copy is run as it is built, and shares no results with others.
process.env['GOLOOM_SOURCES'] = 'off';
process.env['GOLOOMCACHE'] = join(scratch, 'cache');

const pristine = join(scratch, 'kernel'), kernel = join(scratch, 'src/runtime/kernel');
cpSync(join(root, 'src/runtime/kernel'), pristine, { recursive: true });
for (const part of ['bin', 'dist', 'overlay', 'package.json', 'src', 'tools']) cpSync(join(root, part), join(scratch, part), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));

/** Builds the copy's kernel with a mistake in it. */
function build(mistake: Mistake): void {
  cpSync(pristine, kernel, { recursive: true });
  for (const { file, from, to } of mistake.edits) {
    const path = join(kernel, file), text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2) throw new Error(`${mistake.name}: ${file} has not exactly one ${JSON.stringify(from)}`);
    writeFileSync(path, text.replace(from, () => to));
  }
  execFileSync(process.execPath, ['tools/build-kernel.mjs', '--force'], { cwd: scratch, stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(join(scratch, 'dist/build-id'), `mistake ${mistake.name}\n`);
}

/** Runs until something fails; how many runs that took. */
async function hunt(s: Suite, mistake: Mistake): Promise<{ failure: Failure | undefined; runs: number; seconds: number }> {
  const scenarios = mistake.only ?? [...s.expected.keys()], procs = values.procs.split(',').map(Number);
  const started = performance.now(), elapsed = (): number => (performance.now() - started) / 1000;
  let failure: Failure | undefined, runs = 0;
  while (failure === undefined && elapsed() < Number(values.minutes) * 60) {
    failure = await attempt(s, jobAt(runs++, Number(values.seed), scenarios, procs), Number(values.timeout));
  }
  return { failure, runs, seconds: elapsed() };
}

const expected = expectations(scratch), only = values.only?.split(',');
let passed = 0, failed = 0;
for (const mistake of mistakes) {
  if (only !== undefined && !only.includes(mistake.name)) continue;
  build(mistake);
  const { failure, runs, seconds } = await hunt(suite(scratch, expected, scratch), mistake), name = `${mistake.model} ${mistake.name}`;
  if (failure === undefined) {
    failed++;
    console.log(`FAIL ${name}: not noticed in ${runs} runs, ${seconds.toFixed(0)} s`);
  } else {
    passed++;
    const { job, what } = failure;
    console.log(`ok   ${name}: noticed after ${seconds.toFixed(0)} s in run ${runs}: ${job.scenario}, seed ${job.seed}, GOMAXPROCS=${job.procs}: ${what.split('\n')[0]!.slice(0, 150)}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

// Runs the concurrent programs of programs/ on disturbed schedules for a time:
//
//   npm run stress -- [--minutes 30] [--seed N] [--procs 2,4] [--only name,name] [--times N] [--jobs 1] [--timeout 60] [--keep-going]
//
// Each run has the next seed, so that a failing one can be run again: with --times all runs have the same seed, and are that many.
// The last line is `N passed, M failed`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { again, attempt, expectations, jobAt, suite } from './engine.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' }, seed: { type: 'string' }, procs: { type: 'string', default: '2,4' }, only: { type: 'string' },
    times: { type: 'string' }, jobs: { type: 'string', default: '1' }, timeout: { type: 'string', default: '60' }, 'keep-going': { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed ?? 1 + Math.floor(Math.random() * 1e9)), times = values.times === undefined ? undefined : Number(values.times);
const procs = values.procs.split(',').map(Number), timeout = Number(values.timeout);
const dir = mkdtempSync(join(tmpdir(), 'goloom-stress-'));
process.on('exit', () => rmSync(dir, { recursive: true, force: true }));

const built = suite(dir, expectations(dir), join(import.meta.dirname, '../..'));
const scenarios = values.only?.split(',') ?? [...built.expected.keys()];
const started = performance.now(), end = started + Number(values.minutes) * 60_000;
console.log(`seed ${seed}, GOMAXPROCS ${procs.join(' and ')}, programs: ${scenarios.join(' ')}`);

let next = 0, passed = 0, failed = 0;
const isOver = (): boolean => (failed > 0 && !values['keep-going']) || (times === undefined ? performance.now() > end : next >= times);

async function work(): Promise<void> {
  while (!isOver()) {
    const k = next++, job = { ...jobAt(k, seed, scenarios, procs), ...(times === undefined ? {} : { seed }) };
    const failure = await attempt(built, job, timeout);
    if (failure === undefined) passed++;
    else {
      failed++;
      console.log(`FAILED: ${job.scenario} with seed ${job.seed} at GOMAXPROCS=${job.procs} ${failure.what}\nagain: ${again(job)}`);
    }
    if ((passed + failed) % 1000 === 0) console.log(`${passed + failed} runs, ${Math.round((performance.now() - started) / 1000)} s`);
  }
}

await Promise.all(Array.from({ length: Number(values.jobs) }, work));
console.log(`${((performance.now() - started) / 60_000).toFixed(1)} minutes, seeds ${seed} to ${seed + next - 1}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

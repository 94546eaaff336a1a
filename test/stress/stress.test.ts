// The stress run in short: each concurrent program once or twice, from a seed of the day's. STRESS_SEED sets the first one, STRESS_SECONDS the time.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { again, attempt, expectations, jobAt, suite } from './engine.ts';

const seconds = Number(process.env['STRESS_SECONDS'] ?? 25), seed = Number(process.env['STRESS_SEED'] ?? Math.floor(Date.now() / 1000));

test(`concurrent programs on schedules disturbed from seed ${seed} do what native Go does`, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'goloom-stress-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  const built = suite(dir, expectations(dir), join(import.meta.dirname, '../..')), scenarios = [...built.expected.keys()];
  const end = performance.now() + seconds * 1000;
  let k = 0;
  // All programs at least once, however slow the machine.
  for (; k < scenarios.length || performance.now() < end; k++) {
    const job = jobAt(k, seed, scenarios, [4, 2]);
    const failure = await attempt(built, job, 60);
    assert.equal(failure, undefined, `${job.scenario} with seed ${job.seed} at GOMAXPROCS=${job.procs} ${failure?.what}\nagain: ${again(job)}`);
  }
  t.diagnostic(`${k} runs`);
});

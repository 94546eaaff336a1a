// The concurrent programs of test/stress in pages, on schedules that seeds disturb, judged by native Go.
//
//   node test/page/stress.ts [--seeds from-to] [--procs 1,2,4] [program ...]      prints the failures, with what to repeat
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectations, suite } from '../stress/engine.ts';
import { Pages, runIn, type Kind } from './browser.ts';

const LIMIT_MS = 60_000;
/** It runs the system's command mkfifo; a page has no commands. */
const without = 'fifo';
const root = join(import.meta.dirname, '../..');
const words = process.argv.slice(2);

/** The value of a flag, taken out of the words. */
function flag(name: string, otherwise: string): string {
  const at = words.indexOf(name);
  return at < 0 ? otherwise : words.splice(at, 2)[1]!;
}

const [from, to = from] = flag('--seeds', '0-2').split('-').map(Number) as [number, number?];
const procs = flag('--procs', '1,2,4').split(',').map(Number);
const dir = mkdtempSync(join(tmpdir(), 'goloom-page-stress-'));
const pages = await Pages.open(dir);
const expected = expectations(dir);
suite(dir, expected, root);

let passed = 0, failed = 0;

async function attempt(name: string, kind: Kind, n: number, seed: number): Promise<void> {
  const page = await pages.page(kind), want = expected.get(name)!;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => { timer = setTimeout(() => resolve(undefined), LIMIT_MS); });
  const run = runIn(page, 'stress', { args: [name], env: { GOMAXPROCS: `${n}`, ...(seed > 0 ? { GODEBUG: `schedstress=${seed}` } : {}) } }).catch((e: unknown) => String(e));
  const got = await Promise.race([run, late]);
  clearTimeout(timer);
  await page.close();
  const what = got === undefined ? 'hangs' : typeof got === 'string' ? got : got.status !== want.status || got.stdout !== want.stdout || got.stderr.split('\n')[0] !== want.message
    ? `status ${got.status}, output ${JSON.stringify(got.stdout.slice(0, 300))}, ${got.stderr.slice(0, 600)}` : '';
  if (what === '') passed++;
  else {
    failed++;
    console.log(`${name}: ${kind} page, GOMAXPROCS=${n}, schedstress=${seed}: ${what}`);
  }
}

try {
  for (const name of words.length > 0 ? words : [...expected.keys()].filter((each) => each !== without)) {
    for (let seed = from; seed <= to; seed++) {
      for (const n of procs) await attempt(name, 'isolated', n, seed);
      await attempt(name, 'plain', 1, seed);
    }
  }
} finally {
  await pages.close();
  rmSync(dir, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

// Programs in a page of Chromium beside native Go: the speed-up of the parallel benchmarks from GOMAXPROCS=1 to 2, and for how long the page's
// event loop is held while goroutines compute. Runs alternate, so that what else the machine does meets all alike; medians are printed.
//
//   node bench/page.ts [--runs N] [program ...]       parmandel, parnbody, parqsort; `loop`: the event loop alone
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pages, runIn, type Kind } from '../test/page/browser.ts';

const root = join(import.meta.dirname, '..');
const words = process.argv.slice(2);
const runsAt = words.indexOf('--runs');
const runs = runsAt < 0 ? 5 : Number(words[runsAt + 1]);
const named = words.filter((_, i) => runsAt < 0 || (i !== runsAt && i !== runsAt + 1));
const programs = named.length > 0 ? named.filter((name) => name !== 'loop') : ['parmandel', 'parnbody', 'parqsort'];
const dir = mkdtempSync(join(tmpdir(), 'goloom-bench-page-'));
const pages = await Pages.open(dir);

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!;

/** The program's own measure of its parallel part, ms. */
function timeIn(output: string): number {
  const line = /^BENCH \S+ ([\d.]+) ms$/m.exec(output);
  if (line === null) throw new Error(`no time in ${JSON.stringify(output)}`);
  return Number(line[1]);
}

function native(name: string, procs: number): number {
  return timeIn(execFileSync(join(dir, name), { encoding: 'utf8', env: { ...process.env, GOMAXPROCS: `${procs}` } }));
}

async function inPage(name: string, kind: Kind, procs: number): Promise<number> {
  const page = await pages.page(kind);
  const { stdout, stderr } = await runIn(page, name, { env: { GOMAXPROCS: `${procs}` } });
  await page.close();
  if (stderr !== '') throw new Error(stderr);
  return timeIn(stdout);
}

async function compare(name: string): Promise<void> {
  const source = join(root, 'bench/programs', name);
  execFileSync('go', ['build', '-o', join(dir, name), join(source, 'main.go')]);
  execFileSync(process.execPath, [join(root, 'bin/goloom.mjs'), 'build', '-o', join(dir, `${name}.wasm`), join(source, 'main.go')], { env: { ...process.env, GOOS: 'js' } });
  const times: Record<'native1' | 'native2' | 'page1' | 'page2' | 'plain', number[]> = { native1: [], native2: [], page1: [], page2: [], plain: [] };
  for (let i = 0; i < runs; i++) {
    times.native1.push(native(name, 1));
    times.page1.push(await inPage(name, 'isolated', 1));
    times.native2.push(native(name, 2));
    times.page2.push(await inPage(name, 'isolated', 2));
    times.plain.push(await inPage(name, 'plain', 1));
  }
  const ms = (key: keyof typeof times): string => median(times[key]).toFixed(0).padStart(5);
  const ours = median(times.page1) / median(times.page2), theirs = median(times.native1) / median(times.native2);
  console.log(`${name.padEnd(10)} native ${ms('native1')} ${ms('native2')} ms, isolated page ${ms('page1')} ${ms('page2')} ms, plain page ${ms('plain')} ms at GOMAXPROCS 1 2 / 1 2 / 1; ` +
    `speed-up ${ours.toFixed(2)} of native's ${theirs.toFixed(2)}: ${(ours / theirs).toFixed(2)}`);
}

/** For how long the page's event loop is held at most, from the start of a program with four hot loops to its end. */
async function held(kind: Kind, procs: number): Promise<{ readonly wall: number; readonly own: number }> {
  const page = await pages.page(kind);
  const tasks = await pages.tasks(page, () => runIn(page, 'hot', { args: ['4', '1000'], env: { GOMAXPROCS: `${procs}` } }));
  await page.close();
  return { own: tasks[0]!.own, wall: Math.max(...tasks.map((task) => task.wall)) };
}

async function eventLoop(): Promise<void> {
  const hot = join(root, 'test/page/programs/hot.go');
  execFileSync(process.execPath, [join(root, 'bin/goloom.mjs'), 'build', '-o', join(dir, 'hot.wasm'), hot], { env: { ...process.env, GOOS: 'js' } });
  const cases: readonly (readonly [what: string, kind: Kind, procs: number])[] = [['isolated page, GOMAXPROCS=1', 'isolated', 1], ['isolated page, GOMAXPROCS=2', 'isolated', 2], ['plain page', 'plain', 1]];
  const longest = cases.map((): string[] => []);
  for (let i = 0; i < runs; i++) {
    for (const [k, [, kind, procs]] of cases.entries()) {
      const { own, wall } = await held(kind, procs);
      longest[k]!.push(`${own.toFixed(1)} (${wall.toFixed(1)})`);
    }
  }
  console.log("event loop, longest task of each run while four hot loops compute, ms of the thread's time (by the clock):");
  for (const [k, [what]] of cases.entries()) console.log(`  ${what.padEnd(28)}${longest[k]!.map((x) => x.padStart(14)).join('')}`);
}

try {
  for (const name of programs) await compare(name);
  if (named.length === 0 || named.includes('loop')) await eventLoop();
} finally {
  await pages.close();
  rmSync(dir, { recursive: true, force: true });
}

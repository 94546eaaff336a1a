// Programs in a page of Chromium beside native Go: the speed-up of the parallel benchmarks from GOMAXPROCS=1 to 2, and for how long the page's
// event loop is held while goroutines compute. Runs alternate, so that what else the machine does meets all alike; medians are printed.
//
//   node bench/page.ts [--runs N] [program ...]       parmandel, parnbody, parqsort
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
const programs = named.length > 0 ? named : ['parmandel', 'parnbody', 'parqsort'];
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

/** The longest times between two of a page's messages to itself, ms, while `program` runs or, without one, for a second. */
async function gaps(kind: Kind, procs: number | undefined): Promise<string> {
  const page = await pages.page(kind);
  await page.evaluate(() => {
    const state: { gaps: number[]; last: number } = { gaps: [], last: performance.now() }, { port1, port2 } = new MessageChannel();
    Object.assign(globalThis, { state });
    port1.onmessage = () => {
      const now = performance.now();
      state.gaps.push(now - state.last);
      state.last = now;
      setTimeout(() => port2.postMessage(0), 1);
    };
    port2.postMessage(0);
  });
  if (procs === undefined) await page.waitForTimeout(1000);
  else await runIn(page, 'hot', { args: ['4', '1000'], env: { GOMAXPROCS: `${procs}` } });
  const list = await page.evaluate(() => (globalThis as unknown as { state: { gaps: number[] } }).state.gaps);
  await page.close();
  list.sort((a, b) => b - a);
  return `${list.slice(0, 4).map((x) => x.toFixed(1)).join(' ')} (99%: ${list[Math.floor(list.length / 100)]!.toFixed(1)})`;
}

try {
  for (const name of programs) await compare(name);
  const hot = join(root, 'test/page/programs/hot.go');
  execFileSync(process.execPath, [join(root, 'bin/goloom.mjs'), 'build', '-o', join(dir, 'hot.wasm'), hot], { env: { ...process.env, GOOS: 'js' } });
  console.log(`event loop, longest gaps in ms: no program ${await gaps('isolated', undefined)}; four hot loops in an isolated page at GOMAXPROCS=1 ${await gaps('isolated', 1)}, ` +
    `at 2 ${await gaps('isolated', 2)}; in a plain page ${await gaps('plain', 1)}`);
} finally {
  await pages.close();
  rmSync(dir, { recursive: true, force: true });
}

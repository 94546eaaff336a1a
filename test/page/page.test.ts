// Programs in pages of a real browser, with and without shared memory. What native Go can run as well is judged by it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Pages, runIn, type Kind, type Outcome, type Routes, type RunInOptions } from './browser.ts';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const dir = mkdtempSync(join(tmpdir(), 'goloom-page-'));
/** What the server answers besides files. */
const routes: Routes = {
  pieces: (_request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('X-Test', 'yes');
    let n = 0;
    const timer = setInterval(() => {
      response.write(`piece ${n}\n`);
      if (++n === 5) { clearInterval(timer); response.end(); }
    }, 20);
  },
  echo: (request: IncomingMessage, response: ServerResponse) => { request.pipe(response); },
  never: () => {},
};

const pages = await Pages.open(dir, routes);
after(async () => {
  await pages.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Pages and numbers of Ps to run a program in. */
const everywhere: readonly (readonly [Kind, number])[] = [['isolated', 1], ['isolated', 2], ['isolated', 4], ['plain', 1]];

/** Builds a program of a folder for pages, and natively if that makes sense. */
function build(folder: string, name: string, native = true): void {
  const source = join(import.meta.dirname, folder, `${name}.go`);
  if (native) execFileSync('go', ['build', '-o', join(dir, name), source]);
  execFileSync(process.execPath, [bin, 'build', '-o', join(dir, `${name}.wasm`), source], { env: { ...process.env, GOOS: 'js' } });
}

/** Of standard error only the first line counts, which says why a program ended. */
const brief = (o: Outcome): Outcome => ({ ...o, stderr: o.stderr.split('\n')[0]! });

async function inPage(kind: Kind, name: string, options: RunInOptions, procs = 1): Promise<Outcome> {
  const page = await pages.page(kind);
  try {
    const run = runIn(page, name, { ...options, env: { GOMAXPROCS: `${procs}`, ...options.env } });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error(`${name} hangs in a page (${kind}, ${procs})`)), 120_000); });
    return await Promise.race([run, late]).finally(() => clearTimeout(timer));
  } finally {
    await page.close();
  }
}

function natively(name: string, options: RunInOptions): Outcome {
  const r = spawnSync(join(dir, name), options.args ?? [], { encoding: 'utf8', input: options.stdin, timeout: 120_000, env: { ...process.env, GOMAXPROCS: '2', ...options.env } });
  return { status: r.status!, stdout: r.stdout, stderr: r.stderr };
}

/** A program does in each page what it does natively. */
async function likeNative(name: string, options: RunInOptions, compared: (o: Outcome) => Outcome): Promise<void> {
  const want = compared(natively(name, options));
  for (const [kind, procs] of everywhere) assert.deepEqual(compared(await inPage(kind, name, options, procs)), want, `${name} ${options.args?.join(' ')}, ${kind}, GOMAXPROCS=${procs}`);
}

const threads: readonly { name: string; args: readonly string[][] }[] = [
  { name: 'churn', args: [[]] }, { name: 'procs', args: [[]] }, { name: 'ends', args: [['return'], ['exit'], ['panic'], ['deadlock'], ['goexit']] },
];
for (const { name, args } of threads) {
  test(`${name}.go: channels, select, timers, sync and the ways to end are as native`, async () => {
    build('../threads/programs', name);
    for (const words of args) await likeNative(name, { args: words }, brief);
  });
}

test('files, standard streams, arguments, exit code are as native', async () => {
  build('programs', 'files');
  await likeNative('files', { args: ['a', 'b c'], env: { WHAT: 'äö', TMPDIR: '/tmp' }, stdin: 'first\nsecond' }, (o) => o);
});

test('the parallel benchmark runs on several threads, and on one M where the page is not isolated, with the same results', async () => {
  build('../../bench/programs/parqsort', 'main');
  const check = (o: Outcome): Outcome => ({ ...o, stdout: o.stdout.split('\n').filter((line) => line.startsWith('CHECK')).join('\n') });
  await likeNative('main', { args: ['300000'] }, check);
});

/** The longest time for which a page's timers did not run while a program did, and the longest task of its event loop (the thread's own time). */
async function longestGap(kind: Kind, procs: number): Promise<{ gap: number; ticks: number; task: number; out: Outcome }> {
  const page = await pages.page(kind);
  await page.evaluate(() => {
    const state = { gap: 0, ticks: 0, last: performance.now() };
    Object.assign(globalThis, { state });
    const tick = (): void => {
      const now = performance.now();
      state.gap = Math.max(state.gap, now - state.last);
      state.last = now;
      state.ticks++;
      setTimeout(tick, 1);
    };
    tick();
  });
  let out!: Outcome;
  const [task] = await pages.tasks(page, async () => { out = await runIn(page, 'hot', { args: ['4', '1200'], env: { GOMAXPROCS: `${procs}` } }); });
  const state = await page.evaluate(() => (globalThis as unknown as { state: { gap: number; ticks: number } }).state);
  await page.close();
  return { ...state, task: task!.own, out };
}

test('the event loop goes on while goroutines compute', async () => {
  build('programs', 'hot', false);
  for (const [kind, procs] of everywhere) {
    const { gap, ticks, out, ...first } = await longestGap(kind, procs);
    assert.deepEqual(out, { status: 0, stdout: 'done\n', stderr: '' });
    // bench/page.ts has the figures; a machine that does other things too is late itself.
    assert.ok(gap < 600 && ticks > 20, `${kind}, GOMAXPROCS=${procs}: ${ticks} ticks, the longest gap ${gap} ms`);
    // By the clock of compiled code itself, without other threads that may be late. But the time that a virtual machine is not given counts as the thread's.
    const tasks = [first.task];
    while (kind === 'plain' && tasks.at(-1)! >= 20 && tasks.length < 4) tasks.push((await longestGap(kind, procs)).task);
    if (kind === 'plain') assert.ok(tasks.at(-1)! < 20, `the longest tasks took ${tasks.join(', ')} ms`);
  }
});

test('syscall/js: the document from any goroutine, callbacks, promises, events, exceptions', async () => {
  build('programs', 'dom', false);
  const stdout = [
    'elements: 40', 'callback: 3 2 1 end', 'promises: [0 1 4 9 16 25 36 49 64 81]', 'rejected: JavaScript error: no', 'event: click', 'copied: bytes 98',
    'recovered: JavaScript error: thrown', 'text: ä€😀 2', '',
  ].join('\n');
  for (const [kind, procs] of everywhere) assert.deepEqual(await inPage(kind, 'dom', {}, procs), { status: 0, stdout, stderr: '' }, `${kind}, GOMAXPROCS=${procs}`);
});

test('examples/page draws, whatever thread its goroutines run on, and reacts to a click', async () => {
  build('../../examples/page', 'main', false);
  for (const [kind, procs] of everywhere) {
    const page = await pages.page(kind);
    await page.evaluate(() => {
      (globalThis as unknown as { document: { body: { innerHTML: string } } }).document.body.innerHTML = '<canvas id="canvas" width="900" height="600"></canvas><p id="status"></p>';
    });
    const program = runIn(page, 'main', { env: { GOMAXPROCS: `${procs}` } }).catch(() => {});
    await page.getByText(`600 goroutines on ${procs} threads`).waitFor();
    const pixels = (): Promise<number> => page.evaluate(() => {
      interface Canvas { getContext(kind: string): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } } }
      const { document } = globalThis as unknown as { document: { getElementById(id: string): Canvas } };
      return document.getElementById('canvas').getContext('2d').getImageData(0, 0, 900, 600).data.reduce((sum, x) => (Math.imul(sum, 31) + x) | 0, 0);
    });
    const first = await pixels();
    await page.evaluate(() => { (globalThis as unknown as { document: { getElementById(id: string): { textContent: string } } }).document.getElementById('status').textContent = ''; });
    await page.click('#canvas', { position: { x: 300, y: 200 } });
    await page.getByText(`600 goroutines on ${procs} threads`).waitFor();
    sums.add(`${first} ${await pixels()}`);
    await page.close();
    await program;
  }
  assert.equal(sums.size, 1, 'the same pictures everywhere');
  assert.notEqual(...([...sums][0]!.split(' ') as [string, string]));
});
const sums = new Set<string>();

test('exports return values, or promises where they wait', async () => {
  build('programs', 'exports', false);
  for (const [kind, procs] of everywhere) {
    const page = await pages.page(kind);
    const got = await page.evaluate(async (procs) => {
      type Go = Record<string, (...args: unknown[]) => unknown>;
      interface Started { readonly exports: Go; readonly ended: Promise<{ exitCode: number }> }
      const { goloom } = globalThis as unknown as { goloom: { start(source: Promise<Response>, options: object): Promise<Started> } };
      let text = '';
      const imports = (go: Go): object => ({ test: { back: (a: number, b: bigint) => go['add']!(a, b), sum: (_at: number, n: number) => n } });
      const { exports: go, ended } = await goloom.start(fetch('./exports.wasm'), { env: { GOMAXPROCS: procs }, imports, stdout: (bytes: Uint8Array) => { text += new TextDecoder().decode(bytes); } });
      await new Promise((resolve) => { setTimeout(resolve, 50); });
      const waiting = go['wait']!(), added = go['add']!(1, 2n) === 3n, computed = go['compute']!(100_000) === 1;
      await go['open']!(77n);
      const waited = [waiting instanceof Promise, String(await waiting), await go['turns']!(1000), ...(await Promise.all([go['slow']!(30), go['slow']!(10)]))];
      await go['finish']!();
      return { added, computed, waited, ...(await ended), text };
    }, `${procs}`);
    assert.deepEqual(got, { added: true, computed: true, waited: [true, '77', 500500, 60, 20], exitCode: 0, text: 'back: 42\nsum: 4\nend\n' }, `${kind}, GOMAXPROCS=${procs}`);
    await page.close();
  }
});

test('net/http over fetch: streamed bodies, requests with a body, errors, a request given up', async () => {
  build('programs', 'fetch', false);
  const stdout = ['200 yes', 'EOF', 'came piece by piece: true', 'a body', '404 Not Found', 'given up: true', '[0 1000 2000 3000 4000 5000 6000 7000 8000 9000]', ''].join('\n');
  for (const [kind, procs] of everywhere) {
    const args = [`${pages.origin}/${kind}/`];
    assert.deepEqual(await inPage(kind, 'fetch', { args }, procs), { status: 0, stdout, stderr: '' }, `${kind}, GOMAXPROCS=${procs}`);
  }
});

test('M0 is woken without Atomics.waitAsync too', async () => {
  build('../threads/programs', 'churn');
  const page = await pages.page('isolated');
  await page.evaluate(() => { delete (Atomics as { waitAsync?: unknown }).waitAsync; });
  assert.deepEqual(await runIn(page, 'churn', { env: { GOMAXPROCS: '2' } }), natively('churn', {}));
  await page.close();
});

test('a worker that is gone ends the program with a message', async () => {
  build('programs', 'hot', false);
  const page = await pages.page('isolated');
  await page.evaluate(() => {
    // Nobody is told of a worker's end by terminate; as little as of that of a worker which the browser stops.
    const scope = globalThis as unknown as { Worker: new (url: string, options: { name: string }) => { terminate(): void } };
    scope.Worker = class extends scope.Worker {
      constructor(url: string, options: { name: string }) {
        super(url, options);
        if (options.name === 'goloom M1') setTimeout(() => this.terminate(), 500);
      }
    };
  });
  const killed = await runIn(page, 'hot', { args: ['4', '60000'], env: { GOMAXPROCS: '2' } });
  assert.deepEqual(killed, { status: 2, stdout: '', stderr: 'fatal error: a thread of the program has ended: its worker has ended\n' });
  const missing = await runIn(page, 'hot', { args: ['4', '60000'], env: { GOMAXPROCS: '2' }, worker: './missing.js' });
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /^fatal error: a thread of the program has ended: the worker \.\/missing\.js could not be started\n$/);
  await page.close();
});

test('an error in a worker ends the program with its message', async () => {
  build('programs', 'hot', false);
  const page = await pages.page('isolated');
  await page.evaluate(() => {
    const scope = globalThis as unknown as { Worker: new (url: string, options: { name: string }) => { postMessage(m: unknown): void } };
    scope.Worker = class extends scope.Worker {
      // The M's record is at an address that there is not: the engine's fault.
      override postMessage(m: { role: string; m: number }): void { super.postMessage(m.role === 'thread' ? { ...m, m: 0xfffffff0 | 0, info: 0xfffffff0 | 0 } : m); }
    };
  });
  const failed = await runIn(page, 'hot', { args: ['4', '60000'], env: { GOMAXPROCS: '2' } });
  assert.equal(failed.status, 2);
  assert.match(failed.stderr, /^fatal error: a thread of the program has ended: RuntimeError: memory access out of bounds\n/);
  await page.close();
});

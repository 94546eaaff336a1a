// Pages for tests and benchmarks: Debian's headless Chromium, and a server that gives pages with and without the two headers that make
// them cross-origin isolated.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const dist = join(import.meta.dirname, '../../dist');
const CHROMIUM = '/usr/bin/chromium';
/** The machine may have no sandbox and no way to the services that a browser asks at its start. */
const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-dev-shm-usage',
];
const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };

/** A page that is isolated has shared memory. */
export type Kind = 'isolated' | 'plain';

/** Answers of a server's own, by path below the kind's folder. */
export type Routes = Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>>;

/** How long a task of an event loop took, ms: by the clock, and of its thread's time. */
export interface Task { readonly wall: number; readonly own: number }

/** Of the trace event format, what is looked at. */
interface TraceEvent {
  readonly ph: string; readonly name: string; readonly pid: number; readonly tid: number; readonly args?: { readonly name?: string };
  /** Microseconds. */
  readonly dur?: number; readonly tdur?: number;
}

/** A browser with a server, for the time of a test file. */
export class Pages {
  private readonly browser: Browser;
  private readonly server: Server;

  private constructor(browser: Browser, server: Server) {
    this.browser = browser;
    this.server = server;
  }

  /** `folder`: where the programs are. */
  static async open(folder: string, routes: Routes = {}): Promise<Pages> {
    const server = createServer((request, response) => serve(folder, routes, request, response));
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return new Pages(await chromium.launch({ executablePath: CHROMIUM, args: flags }), server);
  }

  get origin(): string { return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; }

  /** A new page that has loaded the host as `goloom`. */
  async page(kind: Kind): Promise<Page> {
    const page = await this.browser.newPage();
    await page.goto(`${this.origin}/${kind}/index.html`);
    await page.waitForFunction(() => 'goloom' in globalThis);
    return page;
  }

  /**
   * What the page's event loop does while `work` goes on, as the browser records it: its tasks, the longest first. A task's own time is that of its
   * thread, without what other processes take.
   */
  async tasks(page: Page, work: () => Promise<unknown>): Promise<Task[]> {
    await this.browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
    await work();
    const { traceEvents } = JSON.parse((await this.browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
    const threadOf = (e: TraceEvent): string => `${e.pid} ${e.tid}`;
    const threads = new Set(traceEvents.filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain').map(threadOf));
    return traceEvents.filter((e) => e.ph === 'X' && e.tdur !== undefined && threads.has(threadOf(e)))
      .map((e) => ({ wall: e.dur! / 1000, own: e.tdur! / 1000 })).toSorted((a, b) => b.own - a.own);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
  }
}

const html = '<!doctype html><title>goloom</title><link rel="icon" href="data:,"><script type="module">import * as goloom from "./page.js"; globalThis.goloom = goloom;</script>';

function serve(folder: string, routes: Routes, request: IncomingMessage, response: ServerResponse): void {
  const [kind, name] = new URL(request.url!, 'http://x').pathname.split('/').slice(1) as [Kind, string];
  if (kind === 'isolated') {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
  }
  const own = routes[name];
  if (own !== undefined) { own(request, response); return; }
  try {
    const body = name === 'index.html' ? html : readFileSync(join(/^page.*\.js$/.test(name) ? dist : folder, basename(name)));
    response.setHeader('Content-Type', types[name.split('.').at(-1)!] ?? 'application/octet-stream');
    response.end(body);
  } catch {
    response.statusCode = 404;
    response.end();
  }
}

/** What came of a program. */
export interface Outcome { readonly status: number; readonly stdout: string; readonly stderr: string }

/** What of the host's module the pages use; see src/runtime/host/page.ts. */
export interface PageModule {
  run(source: Promise<Response>, options: object): Promise<{ exitCode: number }>;
}

export interface RunInOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly worker?: string;
}

/** Runs a program in a page. */
export function runIn(page: Page, name: string, options: RunInOptions = {}): Promise<Outcome> {
  return page.evaluate(async ({ name, options: { args = [], ...options } }) => {
    const { goloom } = globalThis as unknown as { goloom: PageModule };
    const out = ['', ''], decoders = [new TextDecoder(), new TextDecoder()];
    const take = (i: number) => (bytes: Uint8Array): void => { out[i] += decoders[i]!.decode(bytes, { stream: true }); };
    const { exitCode } = await goloom.run(fetch(`./${name}.wasm`), { ...options, args: [name, ...args], stdout: take(0), stderr: take(1) });
    return { status: exitCode, stdout: out[0]!, stderr: out[1]! };
  }, { name, options });
}

// Programs that use package net and net/http on the loopback interface, judged by native Go: the same output whatever GOMAXPROCS is. And a server that
// answers although a goroutine of it computes without end on the only P. NET_ROUNDS repeats all of it (default 1).
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const dir = mkdtempSync(join(tmpdir(), 'goloom-net-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const rounds = Number(process.env.NET_ROUNDS ?? 1);

interface Outcome { readonly status: number | null; readonly stdout: string; readonly message: string }

/** Runs a command; of standard error only the first line counts. */
function outcome(command: string, args: readonly string[], procs: number, env: Readonly<Record<string, string>> = {}): Outcome {
  const r = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000, env: { ...process.env, GOMAXPROCS: `${procs}`, ...env } });
  return { status: r.status, stdout: r.stdout, message: r.stderr.split('\n')[0]! };
}

const wasmOf = (name: string): string => join(dir, `${name}.wasm`);

function build(name: string): string {
  const source = join(import.meta.dirname, 'programs', `${name}.go`), exe = join(dir, name);
  execFileSync('go', ['build', '-o', exe, source]);
  execFileSync(process.execPath, [bin, 'build', '-o', wasmOf(name), source], { env: { ...process.env, GOOS: 'js' } });
  return exe;
}

function ours(name: string, args: readonly string[], procs: number, env: Readonly<Record<string, string>> = {}): Outcome {
  return outcome(process.execPath, [bin, 'run', wasmOf(name), ...args], procs, env);
}

const programs = [
  { name: 'sockets', parts: ['echo', 'bulk', 'deadlines', 'refusals', 'datagrams', 'unix', 'names', 'awaits'] },
  { name: 'web', parts: ['plain', 'secure', 'shutdown', 'limits'] },
] as const;

for (const { name, parts } of programs) {
  test(`${name}.go at GOMAXPROCS 1, 2 and 4`, () => {
    const exe = build(name);
    for (const part of parts) {
      const want = outcome(exe, [part], 2);
      assert.equal(want.status, 0, want.message);
      for (let round = 0; round < rounds; round++) {
        for (const procs of [1, 2, 4]) assert.deepEqual(ours(name, [part], procs), want, `${part} at GOMAXPROCS=${procs}, round ${round}`);
      }
    }
  });
}

/** What works as well where the host has no sockets (a page), and where it has Node's documented interface only. */
const modes = [
  { sockets: 'off', parts: { sockets: ['echo', 'bulk', 'deadlines', 'datagrams', 'unix', 'awaits'], web: [] } },
  { sockets: 'streams', parts: { sockets: ['echo', 'bulk', 'deadlines', 'refusals', 'datagrams', 'unix', 'awaits'], web: ['plain', 'shutdown'] } },
] as const;

for (const { sockets, parts } of modes) {
  test(`the same with GOLOOM_SOCKETS=${sockets}`, () => {
    for (const name of ['sockets', 'web'] as const) {
      for (const part of parts[name]) {
        const want = outcome(join(dir, name), [part], 2);
        for (const procs of [1, 2]) assert.deepEqual(ours(name, [part], procs, { GOLOOM_SOCKETS: sockets }), want, `${part} at GOMAXPROCS=${procs}`);
      }
    }
  });
}

// Native Go doesn't find this one: its poller, once there was a socket, counts as somebody who may wake.
test('a program whose sockets are all closed is deadlocked', () => {
  for (const procs of [1, 2]) assert.deepEqual(ours('sockets', ['asleep'], procs), { status: 2, stdout: 'asleep\n', message: 'fatal error: all goroutines are asleep - deadlock!' });
});

/** Milliseconds that a request over a connection of its own takes. */
function request(url: string): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => response.resume().on('end', () => resolve(performance.now() - started))).on('error', reject);
  });
}

test('a server answers within 20 ms while a goroutine keeps the only P busy', async () => {
  const server = spawn(process.execPath, [bin, 'run', wasmOf('web'), 'busy'], { env: { ...process.env, GOMAXPROCS: '1' }, stdio: ['ignore', 'pipe', 'inherit'] });
  const limit = setTimeout(() => server.kill('SIGKILL'), 60_000);
  try {
    const address = await new Promise<string>((resolve, reject) => {
      createInterface({ input: server.stdout }).once('line', resolve);
      server.once('exit', () => reject(new Error('the server has ended')));
    });
    const times: number[] = [];
    for (let i = 0; i < 40; i++) times.push(await request(`http://${address}/`));
    times.sort((a, b) => a - b);
    // The median: what else runs on the machine delays some of them.
    assert.ok(times[20]! < 20, `ms, sorted: ${times.map((t) => t.toFixed(1)).join(' ')}`);
    await request(`http://${address}/quit`).catch(() => undefined);
  } finally {
    clearTimeout(limit);
    server.kill('SIGKILL');
  }
});

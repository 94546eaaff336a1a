// A net/http server under Node beside the same source (http/main.go) as a native program: requests a second and latencies that wrk sees, with many
// keep-alive clients on the loopback interface. Installs nothing: it says what is missing.
//
//   node bench/http.ts [--clients 200] [--seconds 30] [--warmup 2] [--procs 1,2] [--engines native,goloom] [--out file]
//
// The engines serve in turn, each in a cold process. The exit status is 1 if wrk saw any error.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { goloom, machine, newestNode, Options, root, workFolder } from './measure.ts';

const options = new Options(process.argv.slice(2));
const number = (name: string, fallback: number): number => Number(options.value(name, `${fallback}`));
const clients = number('clients', 200), seconds = number('seconds', 30), warmup = number('warmup', 2);
const dir = workFolder('bench-http');

interface Row {
  readonly engine: string;
  readonly procs: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
  /** CPU time of the server a request, µs; its peak memory, MiB. */
  readonly cpu: number;
  readonly memory: number;
}

function requireWrk(): void {
  if (spawnSync('wrk', ['-v']).error === undefined) return;
  console.error('bench/http.ts: wrk is missing (Debian has it as package wrk)');
  process.exit(2);
}

/** The server's address. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: server.stdout! }).once('line', resolve);
    server.once('exit', (code) => reject(new Error(`the server has ended with ${code}`)));
  });
}

/** wrk's time in ms. */
function milliseconds(text: string): number {
  const [, n, unit] = /^([\d.]+)(us|ms|s|m)$/.exec(text)!;
  return Number(n) * { us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit as 'us' | 'ms' | 's' | 'm'];
}

function wrk(url: string, time: number): { requests: number; p50: number; p99: number; errors: number } {
  const text = execFileSync('wrk', ['-t1', `-c${clients}`, `-d${time}s`, '--latency', url], { encoding: 'utf8' });
  const field = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';
  if (field(/^ +99% +(\S+)$/m) === '') throw new Error(`wrk had no answer:\n${text}`);
  const socket = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1).map(Number) ?? [];
  return {
    requests: Number(field(/(\d+) requests in/)), p50: milliseconds(field(/^ +50% +(\S+)$/m)), p99: milliseconds(field(/^ +99% +(\S+)$/m)),
    errors: socket.reduce((sum, n) => sum + n, 0) + Number(field(/Non-2xx or 3xx responses: (\d+)/)),
  };
}

/** CPU seconds and peak MiB of a process, as Linux tells them. */
function usage(pid: number): { cpu: number; memory: number } {
  try {
    const stat = execFileSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' }).split(') ')[1]!.split(' ');
    const peak = /VmHWM:\s+(\d+)/.exec(execFileSync('cat', [`/proc/${pid}/status`], { encoding: 'utf8' }))?.[1] ?? '0';
    return { cpu: (Number(stat[11]) + Number(stat[12])) / 100, memory: Number(peak) / 1024 };
  } catch {
    return { cpu: NaN, memory: NaN };
  }
}

async function serve(engine: string, argv: readonly string[], procs: number): Promise<Row> {
  const server = spawn(argv[0]!, argv.slice(1), { env: { ...process.env, GOMAXPROCS: `${procs}`, GOLOOM_SOURCES: 'off' }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = `http://${await addressOf(server)}/`;
    wrk(url, warmup);
    const before = usage(server.pid!), seen = wrk(url, seconds), after = usage(server.pid!);
    await fetch(`${url}quit`).catch(() => undefined);
    return {
      engine, procs, requestsPerSecond: seen.requests / seconds, p50: seen.p50, p99: seen.p99, errors: seen.errors,
      cpu: ((after.cpu - before.cpu) / seen.requests) * 1e6, memory: after.memory,
    };
  } finally {
    server.kill('SIGKILL');
  }
}

requireWrk();
const source = join(import.meta.dirname, 'http/main.go'), exe = join(dir, 'native'), wasm = join(dir, 'server.wasm');
const engines: Readonly<Record<string, { build(): void; argv: readonly string[] }>> = {
  native: { build: () => execFileSync('go', ['build', '-o', exe, source]), argv: [exe] },
  goloom: { build: () => execFileSync(newestNode, [goloom, 'build', '-o', wasm, source], { env: { ...process.env, GOOS: 'js' } }), argv: [newestNode, goloom, 'run', wasm] },
};
const chosen = options.value('engines', 'native,goloom').split(',');
for (const name of chosen) engines[name]!.build();

const rows: Row[] = [];
console.log(`wrk, ${clients} keep-alive clients, ${seconds} s each after ${warmup} s\n`);
console.log('procs  engine    requests/s   p50 ms   p99 ms   errors   server µs/request   MiB');
for (const procs of options.value('procs', '1,2').split(',').map(Number)) {
  for (const name of chosen) {
    const row = await serve(name, engines[name]!.argv, procs);
    rows.push(row);
    console.log([
      `${procs}`.padStart(5), ` ${name.padEnd(8)}`, row.requestsPerSecond.toFixed(0).padStart(11), row.p50.toFixed(2).padStart(8), row.p99.toFixed(2).padStart(8),
      `${row.errors}`.padStart(8), row.cpu.toFixed(1).padStart(19), row.memory.toFixed(0).padStart(5),
    ].join(' '));
  }
}
const out = options.value('out', join(root, '.out/bench/http.json'));
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, JSON.stringify({ machine: machine(), clients, seconds, rows }, undefined, 1));
console.log(`\n${out}`);
process.exitCode = rows.some((row) => row.errors > 0) ? 1 : 0;

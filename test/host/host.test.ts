// The host layer, judged by native Go: each program is built by both and run under the same circumstances; output, exit status and
// signal must be the same. GOOS=js, whose package syscall has the whole host behind it.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const dir = mkdtempSync(join(tmpdir(), 'goloom-host-'));
after(() => rmSync(dir, { recursive: true, force: true }));

/** A command line that runs a program. */
type Start = readonly [command: string, ...args: string[]];
interface Outcome { readonly status: number | null; readonly signal: string | null; readonly stdout: string; readonly stderr: string }

const built = new Map<string, readonly [native: Start, ours: Start]>();

/** Builds a program with both compilers, once. */
function build(name: string): readonly [Start, Start] {
  let b = built.get(name);
  if (b === undefined) {
    const source = join(import.meta.dirname, 'programs', `${name}.go`), exe = join(dir, name), wasm = join(dir, `${name}.wasm`);
    execFileSync('go', ['build', '-o', exe, source]);
    execFileSync(process.execPath, [bin, 'build', '-o', wasm, source], { env: { ...process.env, GOOS: 'js' } });
    b = [[exe], [process.execPath, bin, 'run', wasm]];
    built.set(name, b);
  }
  return b;
}

/** Does the same with both and compares. */
async function both(name: string, act: (start: Start) => Promise<Outcome>): Promise<void> {
  const [native, ours] = build(name);
  const want = await act(native), got = await act(ours);
  assert.deepEqual(got, want);
}

/** Starts a program, lets `drive` act on it, and waits for its end. `drive` is called once the first line has come out, if it asks for that. */
function run(start: Start, args: readonly string[], drive: (p: ChildProcess) => void = (p) => p.stdin!.end(), options: { env?: Record<string, string>; whenReady?: boolean } = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const p = spawn(start[0], [...start.slice(1), ...args], { env: { ...process.env, ...options.env }, stdio: 'pipe' });
    const limit = setTimeout(() => p.kill('SIGKILL'), 60_000);
    let stdout = '', stderr = '', ready = !options.whenReady;
    p.stdout.setEncoding('utf8').on('data', (s: string) => {
      stdout += s;
      if (!ready && stdout.includes('\n')) { ready = true; drive(p); }
    });
    p.stderr.setEncoding('utf8').on('data', (s: string) => { stderr += s; });
    p.stdin.on('error', () => {});
    p.on('error', reject);
    p.on('close', (status, signal) => { clearTimeout(limit); resolve({ status, signal, stdout, stderr }); });
    if (ready) drive(p);
  });
}

const later = (ms: number, f: () => void): void => { setTimeout(f, ms); };

test('files: contents, positions, directories, links, times, permissions, and every error', () => both('files', (s) => run(s, [])));
test('pipes of os.Pipe', () => both('pipes', (s) => run(s, [])));

for (const procs of ['1', '2', '4']) {
  const options = { env: { GOMAXPROCS: procs } };
  test(`a call that lasts (opening a named pipe) at GOMAXPROCS=${procs}: other goroutines go on`, { skip: process.platform === 'win32' && 'no named pipes in the file system' }, () => {
    const fifo = join(dir, `fifo${procs}`);
    execFileSync('mkfifo', [fifo]);
    return both('handoff', (s) => run(s, ['fifo', fifo], undefined, options));
  });
  test(`files in many goroutines, and collections, at GOMAXPROCS=${procs}`, () => {
    const files = mkdtempSync(join(dir, 'files'));
    return both('handoff', (s) => run(s, ['files', files], undefined, options));
  });
  test(`standard output to a slow reader at GOMAXPROCS=${procs}: other goroutines go on`, () => both('handoff', async (s) => {
    const outcome = await run(s, ['stdout'], (p) => {
      p.stdout!.pause();
      p.stderr!.on('data', () => { p.stdout!.resume(); });
    }, options);
    return { ...outcome, stdout: outcome.stdout.replace(/x+/, ({ length }) => `${length} bytes`) };
  }));
}

test('standard input from a slow pipe: other goroutines go on', () => both('stdin', (s) => run(s, ['ticks'], (p) => {
  for (let i = 0; i < 3; i++) later(600 + 200 * i, () => p.stdin!.write(`line ${i}\n`));
  later(1200, () => p.stdin!.end('no newline'));
})));
test('standard input while a goroutine never waits', () => both('stdin', (s) => run(s, ['hog'], (p) => { later(300, () => p.stdin!.end('abc\n')); })));
test('much input', () => both('stdin', (s) => run(s, ['count'], (p) => { p.stdin!.end(Buffer.alloc(5_000_000, 'x')); })));
test('standard input from a file, its end, and the null device', async () => {
  const file = join(dir, 'input');
  writeFileSync(file, 'abcdefghij');
  for (const [what, path] of [['count', file], ['byte', file], ['stat', file], ['count', '/dev/null'], ['stat', '/dev/null']]) {
    await both('stdin', (s) => Promise.resolve(sync(s, [what], openSync(path, 'r'))));
  }
});
test('standard input that is closed', () => both('stdin', (s) => run(['/bin/sh', '-c', '"$@" <&-', 'sh', ...s], ['count']).then((o) => ({ ...o, stdout: o.stdout.replace(/read .*: bad file descriptor/, '<nil>') }))));
test('two readers share a file', () => {
  const file = join(dir, 'shared');
  writeFileSync(file, 'first second');
  return both('stdin', (s) => Promise.resolve(sync(['/bin/sh', '-c', `("$@"; "$@") < ${file}`, 'sh', ...s], ['byte'], 'ignore')));
});

function sync(s: Start, args: readonly string[], stdin: number | 'ignore'): Outcome {
  const r = spawnSync(s[0], [...s.slice(1), ...args], { stdio: [stdin, 'pipe', 'pipe'], encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 26 });
  return { status: r.status, signal: r.signal, stdout: r.stdout, stderr: r.stderr };
}

test('much output to a reader that is slow', () => both('stdout', (s) => run(s, ['much'], (p) => {
  p.stdout!.pause();
  later(500, () => p.stdout!.resume());
})));
test('output keeps its order', () => both('stdout', (s) => Promise.resolve(sync(['/bin/sh', '-c', '"$@" 2>&1', 'sh', ...s], ['order'], 'ignore'))));
test('a pipe in non-blocking mode', () => {
  // The reader's end is a socket pair of Node, which is non-blocking on both ends.
  return both('stdout', (s) => run(['/bin/sh', '-c', `exec "$@" | (sleep 0.5; cat)`, 'sh', ...s], ['much']));
});
/** Into a pipe of the shell's, which has no data left to be reset, as the socket pairs of Node may: the writer is told EPIPE. */
const leaving = (s: Start, what: string): Promise<Outcome> => Promise.resolve(sync(['/bin/sh', '-c', '{ "$@"; echo "status $?" >&2; } | head -c 1 >/dev/null', 'sh', ...s], [what], 'ignore'));
test('a reader that goes away ends the program by SIGPIPE', () => both('stdout', (s) => leaving(s, 'endless')));
test('a program that asked for SIGPIPE', () => both('stdout', (s) => leaving(s, 'sigpipe')));

test('signals that the program asked for, and the default action again', () => both('signals', (s) => run(s, ['notify'], (p) => {
  (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const).forEach((sig, i) => later(200 * i, () => p.kill(sig)));
  later(1000, () => p.kill('SIGTERM'));
}, { whenReady: true })));
test('ignored signals', () => both('signals', (s) => run(s, ['ignore'], (p) => { p.kill('SIGUSR2'); p.kill('SIGINT'); }, { whenReady: true })));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends a program that waits and one that runs`, async () => {
    for (const how of ['wait', 'busy']) await both('signals', (s) => run(s, [how], (p) => { p.kill(signal); }, { whenReady: true }));
  });
}
test('a signal wakes a program that never waits', () => both('signals', (s) => run(s, ['busynotify'], (p) => { p.kill('SIGINT'); }, { whenReady: true })));
test('a signal arrives while the input is awaited', () => both('signals', (s) => run(s, ['read'], (p) => { p.kill('SIGINT'); }, { whenReady: true })));
test('signals to oneself', () => both('signals', (s) => run(s, ['self'])));
test('SIGQUIT prints the goroutines and exits with 2', async () => {
  for (const how of ['wait', 'busy']) {
    await both('signals', (s) => run(s, [how], (p) => { later(50, () => p.kill('SIGQUIT')); }, { whenReady: true }).then((o) => ({
      ...o, stderr: [/^SIGQUIT: quit$/m, /^PC=0x[0-9a-f]+ m=\d+ sigcode=0$/m, how === 'wait' ? /^goroutine 1 .*\[?sleep/m : /^goroutine 1 /m, /^main\.main\(/m].map((r) => r.test(o.stderr)).join(),
    })));
  }
});

test('JavaScript: what the official port does, to the deadlock at the end', () => {
  const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim(), official = join(dir, 'official.wasm');
  execFileSync('go', ['build', '-o', official, join(import.meta.dirname, 'programs/js.go')], { env: { ...process.env, GOOS: 'js', GOARCH: 'wasm' } });
  const [, ours] = buildJs();
  const want = sync([process.execPath, join(goroot, 'lib/wasm/wasm_exec_node.js'), official], [], 'ignore'), got = sync(ours, [], 'ignore');
  const head = (o: Outcome): Outcome => ({ ...o, stderr: o.stderr.split('\n')[0] });
  assert.deepEqual(head(got), head(want));
});

/** A program that is no native one. */
function buildJs(): readonly [Start, Start] {
  const wasm = join(dir, 'js.wasm');
  execFileSync(process.execPath, [bin, 'build', '-o', wasm, join(import.meta.dirname, 'programs/js.go')], { env: { ...process.env, GOOS: 'js' } });
  return [[''], [process.execPath, bin, 'run', wasm]];
}

test('child processes', () => both('exec', (s) => run(s, [], (p) => { p.stdin!.end('given\n'); })));

test('arguments, environment, users, time zones, entropy', async () => {
  const odd = '\\377\\376';
  for (const zone of ['', 'Europe/Berlin', 'Asia/Kolkata']) {
    await both('process', (s) => run(['/bin/sh', '-c', `ODD="$(printf 'a${odd}b')" exec "$@" "$(printf 'x${odd}y')"`, 'sh', ...s], ['plain', 'ünï', ''], undefined, { env: { EMPTY: '', ...(zone ? { TZ: zone } : {}) } }));
  }
});

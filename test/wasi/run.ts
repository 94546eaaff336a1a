// GOROOT/test's programs, built for GOOS=wasip1, on WASI engines that know nothing of goloom: wazero (a small Go program here, built by the
// go command from go.mod) and Node's own WASI.
//
//   node test/wasi/run.ts [--engine wazero|node] [--shard 2/5 | --sample] [--timeout s] [-v] [path ...]
//
// A program that needs what WASI or an engine has not is named in `excused` with the reason, and must fail.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../goroot/engine.ts';
import { Engine } from '../goroot/engine.ts';
import type { GoTest } from '../goroot/index.ts';
import { readIndex } from '../goroot/index.ts';
import { runTest } from '../goroot/recipes.ts';

const excused: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  wazero: {},
  // It switches non-blocking mode on when asked to, but does not say so, and then gives EAGAIN: a program that writes more than a pipe holds fails.
  node: { 'rotate2.go': 'more output than a pipe holds', 'clearfat.go': 'more output than a pipe holds', 'index0.go': 'more output than a pipe holds' },
};

const words = process.argv.slice(2);
const valueOf = (name: string, fallback: string): string => (words.includes(name) ? words[words.indexOf(name) + 1]! : fallback);
const paths = words.filter((w, i) => !w.startsWith('-') && !['--engine', '--shard', '--timeout'].includes(words[i - 1] ?? ''));
const [part, parts] = (words.includes('--sample') ? '1/40' : valueOf('--shard', '1/1')).split('/').map(Number) as [number, number];
const timeout = Number(valueOf('--timeout', '60')) * 1000;
const work = mkdtempSync(join(tmpdir(), 'goloom-wasi-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

function launcher(engine: string): Target['launcher'] {
  if (engine === 'node') return [process.execPath, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'node-wasi.mjs')];
  const runner = join(work, 'runner');
  execFileSync('go', ['build', '-o', runner, './runner'], { cwd: import.meta.dirname, env: { ...process.env, GOOS: '', GOARCH: '' }, stdio: ['ignore', 'inherit', 'inherit'] });
  return [runner];
}

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const tests = readIndex(goroot)
  .filter((t) => t.excluded === '' && t.category === 'run' && (paths.length === 0 || paths.includes(t.path)))
  .filter((_, i) => i % parts === part - 1);
const engineName = valueOf('--engine', 'wazero');
const engine = new Engine(goroot, { goos: 'wasip1', launcher: launcher(engineName) });
let passed = 0, failed = 0;
for (const test of tests) await judge(test);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function judge(test: GoTest): Promise<void> {
  const complaints = await runTest(test, { engine, goroot, timeout, until: 'run', procs: [''] }).catch((e: unknown) => [String(e)]);
  const excuse = excused[engineName]?.[test.path];
  if (complaints.length > 0 === (excuse !== undefined)) passed++;
  else failed++;
  if (words.includes('-v') || complaints.length > 0 !== (excuse !== undefined)) {
    console.log(`${complaints.length === 0 ? 'ok' : 'FAIL'} ${test.path}${excuse === undefined ? '' : ` (excused: ${excuse})`}`);
    for (const c of complaints.slice(0, 5)) console.log(`     ${c.replaceAll('\n', '\n     ')}`);
  }
}

#!/usr/bin/env node
// The one test command: type check, lint, build, every *.test.ts, and what the steps below name. Prints each step and,
// last, a line with the totals; the exit status is 1 if anything failed.
//
//   node tools/test.mjs [--install] [--only step,step] [file.test.ts ...]
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

const words = process.argv.slice(2);
const install = words.includes('--install') || !existsSync('node_modules/oxc-parser');
const onlyAt = words.indexOf('--only');
const only = onlyAt < 0 ? undefined : words[onlyAt + 1].split(',');
const named = words.filter((word, i) => !word.startsWith('--') && (onlyAt < 0 || i !== onlyAt + 1));

/** The newest Node, which runs TypeScript as it is. */
const newest = 'node_modules/node/bin/node';
const totals = { passed: 0, failed: 0 };

/** Runs a command; its steps count as one, unless it prints node's test summary or `N passed, N failed`. */
function step(name, command, args, options = {}) {
  if (only !== undefined && !only.includes(name)) return;
  console.log(`\n=== ${name}: ${[command, ...args].join(' ').slice(0, 200)}`);
  const started = performance.now();
  const done = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28, ...options });
  const output = done.stdout ?? '';
  process.stdout.write(output);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const counts = testCounts(output);
  totals.passed += counts === undefined ? Number(done.status === 0) : counts.passed;
  totals.failed += counts === undefined ? Number(done.status !== 0) : Math.max(counts.failed, done.status === 0 ? 0 : 1);
  console.log(`--- ${name}: ${done.status === 0 ? 'ok' : `FAILED (status ${done.status ?? done.signal ?? done.error?.message})`} in ${seconds} s`);
}

function testCounts(output) {
  const pass = /^ℹ pass (\d+)$/m.exec(output);
  const fail = /^ℹ fail (\d+)$/m.exec(output);
  if (pass !== null && fail !== null) return { passed: Number(pass[1]), failed: Number(fail[1]) };
  const line = [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)].pop();
  return line === undefined ? undefined : { passed: Number(line[1]), failed: Number(line[2]) };
}

function testFiles(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'testdata' ? [] : testFiles(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

// Not `npm ci`: it wants every platform's optional packages in the lock file, and registries may lack some.
if (install) step('install', 'npm', ['install', '--no-save']);
// For tests in pages: Debian's, as its package needs no download of a browser from elsewhere.
if (!existsSync('/usr/bin/chromium')) step('chromium', 'sh', ['-c', '(apt-get install -y --no-install-recommends chromium || (apt-get update && apt-get install -y --no-install-recommends chromium)) 2>&1 | tail -3; test -x /usr/bin/chromium']);
if (named.length === 0) {
  step('types', 'npx', ['tsc', '--noEmit', '--incremental', 'false', '-p', '.']);
  step('lint', 'npx', ['oxlint']);
  step('build', process.execPath, ['tools/build.mjs']);
}
const files = named.length > 0 ? named : ['src', 'test', 'bench', 'tools'].filter((dir) => existsSync(dir)).flatMap(testFiles).sort();
step('tests', newest, ['--test', '--test-reporter=spec', `--test-concurrency=${availableParallelism()}`, ...files]);
if (named.length === 0) {
  // What is supported is older than what the tests run on.
  const some = '--test-name-pattern=examples/(goroutines|generics|sync)|os.Exit|deadlock|index out of range|standard input|files';
  step('this node', newest, ['--test', '--test-reporter=spec', some, 'test/examples.test.ts'], { env: { ...process.env, GOLOOM_TEST_NODE: process.execPath } });
}
if (named.length === 0) step('conformance', newest, ['test/goroot/run.ts', '--sample']);
if (named.length === 0) step('models', newest, ['test/models/run.ts']);
if (named.length === 0) step('pages', newest, ['test/page/stress.ts', '--seeds', '0-1', '--procs', '2', 'cond', 'locks', 'osthread', 'pipeline', 'selects', 'timers', 'turns', 'world']);
if (named.length === 0) step('wazero', newest, ['test/wasi/run.ts', '--sample']);

console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;

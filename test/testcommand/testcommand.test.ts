// `goloom test` and its neighbours beside the go command: each cases/*.txtar is a module and command lines (`> test -v ./...`
// in its comment, $DIR being the module's folder), given to both; exit status and output must be the same, but for what masked() names.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'goloom-testcommand-')));
const goloom = join(import.meta.dirname, '../../bin/goloom.mjs');
const cases = join(import.meta.dirname, 'cases');
const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
after(() => rmSync(root, { recursive: true, force: true }));

/** A file archive: a comment, then files, each after a line `-- name --`. */
function readArchive(text: string): { comment: string; files: Map<string, string> } {
  const parts = text.split(/^-- (.+) --\n/m);
  const files = new Map<string, string>();
  for (let i = 1; i < parts.length; i += 2) files.set(parts[i]!, parts[i + 1]!);
  return { comment: parts[0]!, files };
}

/** Splits a command line at blanks; single quotes hold words together. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);
}

/** `A=b C=d test -v` is the command `test -v` with two environment variables more. */
function splitEnv(words: readonly string[]): { env: Record<string, string>; args: readonly string[] } {
  const count = words.findIndex((word) => !/^[A-Z]+=/.test(word));
  return { env: Object.fromEntries(words.slice(0, count).map((word) => word.split(/=(.*)/s).slice(0, 2))) as Record<string, string>, args: words.slice(count) };
}

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Outcome {
  const done = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, GOROOT: goroot, GOPROXY: 'off', GOTOOLCHAIN: 'local', GOMAXPROCS: '1', GOLOOMCACHE: join(root, 'cache'), NODE_TEST_CONTEXT: '', ...env },
  });
  return { status: done.status, stdout: masked(done.stdout), stderr: masked(done.stderr) };
}

/** Takes out what differs from run to run or between a process and a module: times, numbers of benchmarks, stacks, file endings. */
function masked(text: string): string {
  return text
    .replace(/(?<![\d.])\d+\.\d+s\b|\(cached\)/g, 'T')
    .replace(/"Time":"[^"]*",/g, '')
    .replace(/"Elapsed":[\d.e-]+/g, '"Elapsed":T')
    .replace(/^(\s*Benchmark\S*)-\d+(?=\s)/gm, '$1')
    .replace(/(Benchmark\S*) *\\t"\}\n.*"Output":"/g, '$1')
    .replace(/( |\\t|\t)+\d+(\\t|\t) *[\d.]+ ns\/op/g, '\tN ns/op')
    .replace(/\d+ B\/op\t *\d+ allocs\/op/g, 'N B/op N allocs/op')
    .replace(/^(\{.*"Output":")?(goos|goarch|cpu): .*\n/gm, '')
    .replace(/^\{.*"Output":"(\\t(?!Panic)|goroutine |created by |[\w./]+\.[\w.()*]+\(|panic\(|\[signal ).*\n/gm, '')
    .replace(/^goroutine \d+ (\[|gp=)[^]*?(?=^(FAIL|exit status|ok|\{)|$(?![^]))/gm, 'STACK\n')
    .replace(/^\[signal .*\n/gm, '')
    .replace(/\/tmp\/go-build\S*\/b001\//g, '')
    .replaceAll('goloom', 'go');
}

/** Events of tests that run at once, or of several packages, come in any order. */
function sortedEvents(text: string): string {
  return text.startsWith('{') ? text.split('\n').sort().join('\n') : text;
}

for (const name of readdirSync(cases).filter((file) => file.endsWith('.txtar'))) {
  const { comment, files } = readArchive(readFileSync(join(cases, name), 'utf8'));
  const dir = join(root, name.replace('.txtar', ''));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  for (const line of comment.split('\n').filter((text) => text.startsWith('> '))) {
    test(`${name}: goloom ${line.slice(2)}`, () => {
      const { env, args } = splitEnv(splitWords(line.slice(2).replaceAll('$DIR', dir)));
      // goloom vets nothing.
      // What is run, go runs natively.
      const isRun = args[0] === 'test' || args[0] === 'run';
      const goEnv = args[0] === 'test' ? { GOFLAGS: '-vet=off', ...env } : isRun ? env : { GOOS: 'wasip1', GOARCH: 'wasm', ...env };
      const want = run('go', args, dir, goEnv);
      const have = run(process.execPath, [goloom, ...args], dir, isRun ? env : { GOOS: 'wasip1', ...env });
      assert.equal(sortedEvents(have.stdout), sortedEvents(want.stdout));
      assert.equal(have.stderr, want.stderr);
      assert.equal(have.status, want.status);
    });
  }
}

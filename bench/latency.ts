// How long `goloom run hello.go` takes from command to end, side by side with `go run`: cold (empty caches), after an
// edit, and warm (nothing changed). The fmt hello of the edit-run loop. And how long `goloom test` of a package with 50 small tests
// takes beside `go test -count=1`, which runs the tests each time as goloom does: after an edit, and warm.
//
//   node bench/latency.ts [--only run|test] [--runs 7] [--cold-runs 3] [--out file]
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Options, goloom, goroot, machine, median, newestNode, root, sample, workFolder } from './measure.ts';

const options = new Options(process.argv.slice(2));
const runs = Number(options.value('runs', '7'));
const coldRuns = Number(options.value('cold-runs', '3'));
const work = workFolder('latency');
const file = join(work, 'hello.go');
const env = { GOROOT: goroot, GOCACHE: join(work, 'gocache'), GOLOOMCACHE: join(work, 'goloomcache'), GOFLAGS: '' };
const commands: Readonly<Record<string, readonly string[]>> = {
  'go run': [join(goroot, 'bin/go'), 'run', 'hello.go'],
  'goloom run': [newestNode, goloom, 'run', 'hello.go'],
  'goloom run (node 20)': ['node', goloom, 'run', 'hello.go'],
};

function writeHello(name: string): void {
  writeFileSync(file, `package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello, ${name}") }\n`);
}

function time(argv: readonly string[], want: string): number {
  const once = sample({ argv, cwd: work, env });
  if (once.stdout !== `hello, ${want}\n`) throw new Error(`${argv.join(' ')}: ${once.stdout}${once.stderr}`);
  return once.wall;
}

const results: Record<string, Record<string, number[]>> = {};
const note = (situation: string, name: string, ms: number): void => void ((results[situation] ??= {})[name] ??= []).push(ms);

function measureRuns(): void {
  for (let i = 0; i < coldRuns; i++) {
    for (const [name, argv] of Object.entries(commands)) {
      writeHello(`cold${i}`);
      rmSync(env.GOCACHE, { recursive: true, force: true });
      rmSync(env.GOLOOMCACHE, { recursive: true, force: true });
      note('cold', name, time(argv, `cold${i}`));
    }
  }
  for (const [name, argv] of Object.entries(commands)) {
    writeHello(`first ${name}`);
    time(argv, `first ${name}`);
  }
  for (let i = 0; i < runs; i++) {
    for (const [name, argv] of Object.entries(commands)) {
      writeHello(`edit${i} ${name}`);
      note('edited', name, time(argv, `edit${i} ${name}`));
    }
  }
  writeHello('warm');
  for (const argv of Object.values(commands)) {
    time(argv, 'warm');
    time(argv, 'warm');
  }
  for (let i = 0; i < runs * 2; i++) {
    for (const [name, argv] of Object.entries(commands)) note('warm', name, time(argv, 'warm'));
  }
}

const testDir = join(work, 'tests');
const testCommands: Readonly<Record<string, readonly string[]>> = {
  'go test': [join(goroot, 'bin/go'), 'test', '-count=1', '.'],
  'goloom test': [newestNode, goloom, 'test', '.'],
  'goloom test (node 20)': ['node', goloom, 'test', '.'],
};

/** A module with 50 tests. */
function writeTests(name: string): void {
  mkdirSync(testDir, { recursive: true });
  writeFileSync(join(testDir, 'go.mod'), 'module example.com/fifty\n\ngo 1.26\n');
  writeFileSync(join(testDir, 'fifty.go'), 'package fifty\n\nfunc Add(a, b int) int { return a + b }\n');
  const tests = Array.from({ length: 50 }, (_, i) => `func TestAdd${i}(t *testing.T) {\n\tif Add(${i}, 1) != ${i + 1} {\n\t\tt.Fatal("no")\n\t}\n}\n`);
  writeFileSync(join(testDir, 'fifty_test.go'), `package fifty\n\nimport "testing"\n\n// ${name}\n\n${tests.join('\n')}`);
}

function timeTest(argv: readonly string[]): number {
  const once = sample({ argv, cwd: testDir, env });
  if (!once.stdout.startsWith('ok  \texample.com/fifty\t')) throw new Error(`${argv.join(' ')}: ${once.stdout}${once.stderr}`);
  return once.wall;
}

function measureTests(): void {
  writeTests('first');
  for (const argv of Object.values(testCommands)) timeTest(argv);
  for (let i = 0; i < runs; i++) {
    for (const [name, argv] of Object.entries(testCommands)) {
      writeTests(`edit${i} ${name}`);
      note('test edited', name, timeTest(argv));
    }
  }
  writeTests('warm');
  for (const argv of Object.values(testCommands)) {
    timeTest(argv);
    timeTest(argv);
  }
  for (let i = 0; i < runs * 2; i++) for (const [name, argv] of Object.entries(testCommands)) note('test warm', name, timeTest(argv));
}

const only = options.value('only', '');
if (only !== 'test') measureRuns();
if (only !== 'run') measureTests();
for (const [situation, byCommand] of Object.entries(results)) {
  const [theirs] = Object.keys(byCommand);
  const base = median(byCommand[theirs!]!);
  for (const [name, values] of Object.entries(byCommand)) {
    console.log(
      `${situation.padEnd(13)}${name.padEnd(22)}${median(values).toFixed(0).padStart(7)} ms  ${(median(values) / base).toFixed(2)}x ${theirs}`,
    );
  }
}
const out = options.value('out', join(root, '.out/bench', `latency-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`));
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, JSON.stringify({ machine: machine(), results }, undefined, 1) + '\n');
console.log(`written to ${out}`);

// How long `goloom run hello.go` takes from command to end, side by side with `go run`: cold (empty caches), after an
// edit, and warm (nothing changed). The fmt hello of the edit-run loop.
//
//   node bench/latency.ts [--runs 7] [--cold-runs 3] [--out file]
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

for (const [situation, byCommand] of Object.entries(results)) {
  const base = median(byCommand['go run']!);
  for (const [name, values] of Object.entries(byCommand)) {
    console.log(
      `${situation.padEnd(8)}${name.padEnd(22)}${median(values).toFixed(0).padStart(7)} ms  ${(median(values) / base).toFixed(2)}x go run`,
    );
  }
}
const out = options.value('out', join(root, '.out/bench', `latency-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`));
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, JSON.stringify({ machine: machine(), results }, undefined, 1) + '\n');
console.log(`written to ${out}`);

// A differential fuzzer of what programs do: random programs, compiled by gc's toolchain and by goloom, must print the same.
//
//   node test/fuzz/run.ts [options]
//     --seed n       the first seed (default: 1)
//     --programs n   how many programs (default 10)
//     --cases n      cases in each (default 40)
//     --minutes n    go on with further seeds for that long
//     --keep dir     write the cases that differ there, as programs of their own
//     --reduce       make them smaller first
//     --print        print the program of the seed and end
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Comparer } from './compare.ts';
import { generateCase, programText } from './generate.ts';
import { reduceCase } from './reduce.ts';

const words = process.argv.slice(2);
const has = (name: string): boolean => words.includes(name);
const valueOf = (name: string, fallback: number): number => (has(name) ? Number(words[words.indexOf(name) + 1]) : fallback);

const first = valueOf('--seed', 1);
const cases = valueOf('--cases', 40);
const until = performance.now() + valueOf('--minutes', 0) * 60_000;
const keep = has('--keep') ? words[words.indexOf('--keep') + 1]! : '';

const comparer = new Comparer();
let found = 0;
let done = 0;
if (has('--print')) console.log(programText(Array.from({ length: cases }, (_, i) => generateCase(first, i))));
else for (let seed = first; seed < first + valueOf('--programs', 10) || performance.now() < until; seed++) await program(seed);
if (!has('--print')) console.log(`${done} programs of ${cases} cases, ${found} differences`);
process.exitCode = found === 0 ? 0 : 1;

async function program(seed: number): Promise<void> {
  const list = Array.from({ length: cases }, (_, i) => generateCase(seed, i));
  const { invalid, differences } = await comparer.compare(list);
  done++;
  if (invalid !== '') {
    found++;
    console.log(`seed ${seed}: the generator made no valid program\n${invalid.split('\n').slice(0, 10).join('\n')}`);
  }
  for (const d of differences) {
    found++;
    const shown = has('--reduce') ? await reduceCase(comparer, d.case) : d.case;
    console.log(`seed ${seed}, case ${d.case.number}: ${firstDifference(d.want, d.have)}`);
    if (has('--reduce')) console.log([...shown.declarations, ...shown.body].join('\n'));
    if (keep === '') continue;
    mkdirSync(keep, { recursive: true });
    writeFileSync(join(keep, `s${seed}c${d.case.number}.go`), programText([shown]));
  }
}

function firstDifference(want: string, have: string): string {
  const a = want.split('\n');
  const b = have.split('\n');
  const i = a.findIndex((line, k) => line !== b[k]);
  return `line ${i + 1}: have ${JSON.stringify(b[i] ?? '')}, want ${JSON.stringify(a[i] ?? '')}`;
}

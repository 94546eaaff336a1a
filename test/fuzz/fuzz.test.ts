// A short run of the fuzzer with fixed seeds; reduction.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Comparer } from './compare.ts';
import type { Comparison } from './compare.ts';
import { generateCase } from './generate.ts';
import type { Case } from './generate.ts';
import { reduceCase } from './reduce.ts';

const comparer = new Comparer();

test('random programs print what gc makes them print', async () => {
  for (const seed of [1, 2]) {
    const cases = Array.from({ length: 40 }, (_, i) => generateCase(seed, i));
    assert.deepEqual(await comparer.compare(cases), { invalid: '', differences: [] });
  }
});

test('reduceCase() keeps what makes the difference', async () => {
  const start: Case = {
    number: 7,
    declarations: ['type unused struct {', '\ta int', '}', 'var total int', 'func arch() string {', '\ttotal++', '\treturn runtime.GOARCH', '}'],
    body: ['\tfor i := range 3 {', '\t\ttotal += i', '\t}', '\tp("total", total)', '\tif total > 2 {', '\t\tp("arch", arch())', '\t}'],
  };
  // Stands for a comparison: programs with these lines differ.
  const compare = async ([c]: readonly Case[]): Promise<Comparison> => {
    const differs = ['\treturn runtime.GOARCH', '\t\tp("arch", arch())'].every((line) => [...c!.declarations, ...c!.body].includes(line));
    return { invalid: '', differences: differs ? [{ case: c!, want: 'amd64', have: 'wasm' }] : [] };
  };
  const small = await reduceCase({ compare }, start);
  assert.deepEqual(small.body, ['\t\tp("arch", arch())']);
  assert.deepEqual(small.declarations, ['\treturn runtime.GOARCH']);
});

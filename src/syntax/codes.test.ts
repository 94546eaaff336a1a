// Every code's doc comment has an example; parsing it must give that code.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DiagnosticList } from '../base/diagnostic.ts';
import { FileSet } from '../source/fileset.ts';
import { Code } from './codes.ts';
import { parseFile } from './parser.ts';
import { strict } from './strict.ts';

const withoutExample: readonly string[] = [Code.depth, Code.size];

test('each code is reported for its example', () => {
  const text = readFileSync(new URL('./codes.ts', import.meta.url), 'utf8');
  const examples = new Map<string, string>();
  for (const m of text.matchAll(/Example: `(.*)` \*\/\n {2}\w+: '([^']+)'/g)) examples.set(m[2], m[1]);
  for (const code of Object.values(Code)) {
    if (withoutExample.includes(code)) continue;
    const example = examples.get(code);
    assert.ok(example !== undefined, `${code} has no example`);
    const list = new DiagnosticList();
    strict(parseFile(new FileSet(), 'x.go', new TextEncoder().encode(example), list), list);
    assert.deepEqual([...new Set(list.items.map((d) => d.code))], [code], example);
  }
});

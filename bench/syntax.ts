// Speed of the parser over all of GOROOT/src (which includes cmd), beside go/parser on the same files and one processor.
//
//	node bench/syntax.ts [passes]
//
// Prints one JSON object.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticList } from '../src/base/diagnostic.ts';
import { FileSet } from '../src/source/fileset.ts';
import { parseFile } from '../src/syntax/parser.ts';
import { goFiles, goroot } from '../test/syntax/files.ts';

const passes = Number(process.argv[2] ?? 5);
const names = goFiles(join(goroot(), 'src'));
const texts = names.map((f) => readFileSync(f));
let bytes = 0;
let lines = 0;
for (const t of texts) {
  bytes += t.length;
  for (let i = t.indexOf(10); i >= 0; i = t.indexOf(10, i + 1)) lines++;
}

function pass(): number {
  const start = performance.now();
  const fset = new FileSet();
  const sink = new DiagnosticList();
  texts.forEach((text, i) => parseFile(fset, names[i], text, sink));
  return performance.now() - start;
}

const times = Array.from({ length: passes }, pass);
const best = Math.min(...times);
const dir = join(import.meta.dirname, 'syntax');
const go =
  Number(execFileSync('go', ['run', join(dir, 'main.go')], { input: names.join('\n') + '\n', encoding: 'utf8', maxBuffer: 1 << 20 })) / 1e6;
const perSecond = (ms: number): number => Math.round(lines / ms / 10) / 100;
console.log(
  JSON.stringify({
    files: names.length,
    lines,
    bytes,
    coldMs: Math.round(times[0]),
    bestMs: Math.round(best),
    goParserMs: Math.round(go),
    coldMLinesPerSec: perSecond(times[0]),
    bestMLinesPerSec: perSecond(best),
    goParserMLinesPerSec: perSecond(go),
  }),
);

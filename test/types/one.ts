// Parses and checks the files named as one package and prints gc's kind of messages. -decls: list objects too.
import { readFileSync } from 'node:fs';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { checkPackage } from '../../src/types/check.ts';
import { wasmSizes } from '../../src/types/sizes.ts';
import { Program } from './program.ts';

const prog = new Program();
prog.declarationsOnly = true;
const sink = new DiagnosticList();
const paths = process.argv.slice(2).filter((a) => !a.startsWith('-'));
const files = paths.map((p) => parseFile(prog.fileSet, p, new Uint8Array(readFileSync(p)), sink));
const lang = process.argv.find((a) => a.startsWith('-lang='))?.slice(6) ?? 'go1.26';
if (!sink.items.some((d) => d.message.startsWith('syntax error'))) {
  checkPackage({ path: 'p', files, fileSet: prog.fileSet, sizes: wasmSizes, goVersion: lang, sink, importer: (path) => prog.import(path) });
}
for (const d of sink.items) {
  console.log(`${prog.fileSet.format(d.pos)}: ${d.message}`);
  for (const r of d.related) console.log(`\t${r.pos === 0 ? '' : prog.fileSet.format(r.pos) + ': '}${r.message}`);
}

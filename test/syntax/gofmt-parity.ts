// Compares what our parser (gc's syntax plus the strict pass) accepts with what `gofmt -e` accepts, for every .go file below
// GOROOT/src and GOROOT/test, or for the files given.
//
//	node test/syntax/gofmt-parity.ts [file...]
//	node test/syntax/gofmt-parity.ts -fuzz n [seed]   n random mutations of files of GOROOT/test
//
// Prints each file on which the two differ, and exits 1 if there is one.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { FileSet } from '../../src/source/fileset.ts';
import { isErrorForGofmt } from '../../src/syntax/codes.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { strict } from '../../src/syntax/strict.ts';
import { allGoFiles } from './files.ts';
import { mutated } from './mutate.ts';

const batch = 500;

function gofmt(files: readonly string[]): string[] {
  const r = spawnSync('gofmt', ['-l', '-e', ...files], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return r.stderr.split('\n').filter((line) => line !== '');
}

/** The first error gofmt has for each file that it rejects. Files with line directives get a gofmt each: their errors name others. */
function gofmtRejects(files: readonly string[]): Map<string, string> {
  const bad = new Map<string, string>();
  const plain: string[] = [];
  for (const f of files) {
    if (!/\/[/*]line /.test(readFileSync(f, 'latin1'))) plain.push(f);
    else {
      const errors = gofmt([f]);
      if (errors.length > 0) bad.set(f, errors[0]);
    }
  }
  for (let i = 0; i < plain.length; i += batch) {
    for (const line of gofmt(plain.slice(i, i + batch))) {
      const m = /^(.*?\.go):(\d+:\d+: .*)$/.exec(line);
      if (m === null) continue; // a message that quotes a literal of more than one line
      if (!bad.has(m[1])) bad.set(m[1], m[2]);
    }
  }
  return bad;
}

/** Our first error for a file, or null if it is accepted. */
function ourError(path: string): string | null {
  const fset = new FileSet();
  const list = new DiagnosticList();
  const file = parseFile(fset, path, readFileSync(path), list, { skipBranches: true });
  strict(file, list);
  const first = list.items.find((d) => isErrorForGofmt(d.code));
  if (first === undefined) return file.gofmtRejects ? 'held back' : null;
  const p = fset.physical(first.pos);
  return `${p?.line}:${p?.column}: ${first.message}`;
}

const args = process.argv.slice(2);
const files = args[0] === '-fuzz' ? mutated(Number(args[1]), Number(args[2] ?? 1)) : args.length > 0 ? args : allGoFiles();
const theirs = gofmtRejects(files);
let differ = 0;
let rejected = 0;
for (const f of files) {
  const ours = ourError(f);
  const go = theirs.get(f);
  if (ours !== null) rejected++;
  if ((ours === null) === (go === undefined)) continue;
  differ++;
  if (differ <= 40) console.log(ours === null ? `${f}: we accept, gofmt: ${go}` : `${f}: gofmt accepts, we: ${ours}`);
}
console.log(`${files.length} files, ${rejected} rejected by us, ${theirs.size} by gofmt, ${differ} differ`);
process.exit(differ === 0 ? 0 : 1);

// Prints the tree of each .go file below GOROOT/src and GOROOT/test and parses the text again: the trees must be equal.
//
//	node test/syntax/print-parse.ts [file...]

import { readFileSync } from 'node:fs';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { FileSet } from '../../src/source/fileset.ts';
import type { File } from '../../src/syntax/ast.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { printFile } from '../../src/syntax/printer.ts';
import { allGoFiles } from './files.ts';

/** Fields that hold positions, ids and what depends on the layout of the text. */
const ignored = new Set([
  'pos',
  'id',
  'end',
  'dot',
  'lparen',
  'rparen',
  'lbrace',
  'rbrace',
  'lbrack',
  'rbrack',
  'ellipsis',
  'opPos',
  'tokPos',
  'colon',
  'arrow',
  'opening',
  'closing',
  'rangePos',
  'guardPos',
  'assign',
  'doc',
  'package',
  'goBuildPos',
  'eof',
  'idLo',
  'idHi',
  'source',
  'comments',
  'target',
  'bad',
  'implicit',
  'pragmas',
  'goVersion',
]);

/** The path to the first difference of two trees, "" if they are equal. */
function difference(a: unknown, b: unknown, path: string): string {
  if (Object.is(a, b)) return '';
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return path;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return path + '.length';
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key of Object.keys(left)) {
    if (ignored.has(key)) continue;
    const d = difference(left[key], right[key], `${path}.${key}`);
    if (d !== '') return d;
  }
  return '';
}

function parse(name: string, bytes: Uint8Array): { file: File; errors: DiagnosticList } {
  const errors = new DiagnosticList();
  return { file: parseFile(new FileSet(), name, bytes, errors), errors };
}

const files = process.argv.length > 2 ? process.argv.slice(2) : allGoFiles();
let bad = 0;
let checked = 0;
for (const name of files) {
  const { file } = parse(name, readFileSync(name));
  if (file.bad) continue;
  checked++;
  const text = printFile(file);
  const again = parse(name, Buffer.from(text));
  const first = again.errors.items[0];
  const where = first !== undefined ? first.message : difference(file, again.file, 'file');
  if (where === '') continue;
  if (++bad <= 20) console.log(`${name}: ${where}`);
}
console.log(`${checked} files printed and parsed again, ${bad} differ`);
process.exit(bad === 0 ? 0 : 1);

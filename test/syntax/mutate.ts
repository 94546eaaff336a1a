// Mutations of Go source for fuzzing: small edits that keep most of the text, so that the parser gets far and recovers.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goFiles, goroot } from './files.ts';

/** A small deterministic generator (xorshift32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0 || 1;
  }

  /** A number from 0 to n - 1. */
  below(n: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return (x >>> 0) % n;
  }
}

const snippets = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ';',
  '\n',
  ':',
  ':=',
  '=',
  '.',
  '...',
  '<-',
  '*',
  '&',
  '~',
  '|',
  '+',
  '++',
  '!',
  '==',
  'if ',
  'for ',
  'range ',
  'func ',
  'type ',
  'var ',
  'const ',
  'switch ',
  'select ',
  'case ',
  'default: ',
  'go ',
  'defer ',
  'return ',
  'chan ',
  'map[',
  'struct{',
  'interface{',
  'else ',
  'goto ',
  'break\n',
  'x',
  '0x',
  '08',
  "'",
  '"',
  '`',
  '/*',
  '\\',
  '1_',
  '0b2',
  '1e',
  '\u00e9',
  '\u4e16',
  ' \ufeff ',
  '@',
  '#',
  ' \0 ',
  'import "x"\n',
  'package p\n',
  '_',
  '[P any]',
  '[]int{1}',
  '(type)',
];

/** Applies one to four random edits: delete, insert, duplicate or swap a small range. */
export function mutate(text: Uint8Array, random: Random): Uint8Array {
  let s = Buffer.from(text).toString('latin1');
  for (let edits = 1 + random.below(4); edits > 0; edits--) {
    const at = random.below(s.length + 1);
    const len = random.below(8);
    switch (random.below(4)) {
      case 0:
        s = s.slice(0, at) + s.slice(at + len);
        break;
      case 1:
        s = s.slice(0, at) + s.slice(at, at + len) + s.slice(at);
        break;
      default:
        s = s.slice(0, at) + Buffer.from(snippets[random.below(snippets.length)]).toString('latin1') + s.slice(at);
    }
  }
  return Buffer.from(s, 'latin1');
}

const maxText = 20000;

/** Writes n mutations of files of GOROOT/test and of gc's own parser to .out/syntax-fuzz; returns their paths. */
export function mutated(n: number, seed: number): string[] {
  const dir = '.out/syntax-fuzz';
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const corpus = goFiles(join(goroot(), 'test')).concat(goFiles(join(goroot(), 'src/cmd/compile/internal/syntax')));
  const random = new Random(seed);
  const files: string[] = [];
  for (let i = 0; i < n; i++) {
    const text = readFileSync(corpus[random.below(corpus.length)]);
    if (text.length > maxText) continue;
    const path = join(dir, `f${i}.go`);
    writeFileSync(path, mutate(text, random));
    files.push(path);
  }
  return files;
}

// Compares our parser with gc's own, message by message: same lines, same columns, same words. The oracle is built in a
// temporary folder from GOROOT's sources of cmd/compile/internal/syntax (gc-oracle/main.go).
//
//	node test/syntax/gc.ts                 every .go file below GOROOT/src and GOROOT/test
//	node test/syntax/gc.ts file...         these files
//	node test/syntax/gc.ts -fuzz n [seed]  n random mutations of files of GOROOT/test
//	node test/syntax/gc.ts -exprs [n]      positions and text of every expression (of every nth file)
//
// Prints the files on which the two differ, and exits 1 if there is one.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { FileSet } from '../../src/source/fileset.ts';
import { Code } from '../../src/syntax/codes.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { expressionLines } from './exprs.ts';
import { allGoFiles, goroot } from './files.ts';
import { mutated } from './mutate.ts';

const work = mkdtempSync(join(tmpdir(), 'gc-oracle-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

function buildOracle(): string {
  const pkg = join(goroot(), 'src/cmd/compile/internal/syntax');
  mkdirSync(join(work, 'syntax'));
  cpSync(pkg, join(work, 'syntax'), { recursive: true, filter: (f) => !f.endsWith('_test.go') && !f.includes('testdata') });
  cpSync(join(import.meta.dirname, 'gc-oracle/main.go'), join(work, 'main.go'));
  writeFileSync(join(work, 'go.mod'), 'module gcoracle\n\ngo 1.26\n');
  const bin = join(work, 'oracle');
  execFileSync('go', ['build', '-o', bin, '.'], { cwd: work, stdio: 'inherit' });
  if (!existsSync(bin)) throw new Error('the oracle was not built');
  return bin;
}

/** Runs the oracle; the lines of each file. */
function askGc(bin: string, files: readonly string[], args: readonly string[]): Map<string, string[]> {
  const r = spawnSync(bin, args, { input: files.join('\n') + '\n', encoding: 'utf8', maxBuffer: 1 << 30 });
  if (r.status !== 0) throw new Error(`oracle failed: ${r.stderr}`);
  const answers = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of r.stdout.split('\n')) {
    if (line.startsWith('= ')) answers.set(line.slice(2), (lines = []));
    else if (line !== '') lines.push(line);
  }
  return answers;
}

/** gc prints one message beginning with "syntax error" a line; the parser itself doesn't hold back. */
function onePerLine(errors: readonly string[]): string[] {
  let last = '';
  return errors.filter((e) => {
    if (!e.includes(': syntax error')) return true;
    const line = e.slice(0, e.indexOf(':'));
    const keep = line !== last;
    last = line;
    return keep;
  });
}

/** Our messages for a file. Labels without use are reported in no particular order by gc: both lists are sorted there. */
function ourErrors(path: string): string[] {
  const fset = new FileSet();
  const list = new DiagnosticList();
  parseFile(fset, path, readFileSync(path), list);
  return list.items
    .filter((d) => d.code !== Code.directive)
    .map((d) => {
      const p = fset.physical(d.pos);
      const rel = fset.position(d.pos);
      const where = p?.filename === rel?.filename && p?.line === rel?.line ? '' : ` (${rel?.filename}:${rel?.line}:${rel?.column})`;
      return `${p?.line}:${p?.column}: ${d.message.replaceAll('\n', '\\n')}${where}`;
    });
}

function differs(theirs: readonly string[], ours: readonly string[]): boolean {
  const a = [...theirs].sort();
  const b = [...ours].sort();
  return a.length !== b.length || a.some((line, i) => line !== b[i]);
}

/** gc visits a type once for each name that shares it, so repetitions don't count. */
function sameSet(theirs: readonly string[], ours: readonly string[]): boolean {
  const a = new Set(theirs);
  const b = new Set(ours);
  return a.size === b.size && ours.every((line) => a.has(line));
}

function show(name: string, theirs: readonly string[], ours: readonly string[]): void {
  console.log(name);
  const gc = new Set(theirs);
  const we = new Set(ours);
  for (const e of theirs.filter((line) => !we.has(line)).slice(0, 20)) console.log('  gc:   ' + e);
  for (const e of ours.filter((line) => !gc.has(line)).slice(0, 20)) console.log('  ours: ' + e);
}

function compare(bin: string, files: readonly string[]): number {
  const answers = askGc(bin, files, []);
  let bad = 0;
  let messages = 0;
  for (const f of files) {
    const theirs = onePerLine(answers.get(f) ?? []);
    const ours = ourErrors(f);
    messages += theirs.length;
    if (!differs(theirs, ours)) continue;
    bad++;
    if (bad <= 30) show(f, theirs, ours);
  }
  console.log(`${files.length} files, ${messages} messages of gc, ${bad} files differ`);
  return bad;
}

function compareExprs(bin: string, every: number): number {
  const files = allGoFiles().filter((_, i) => i % every === 0);
  let bad = 0;
  let count = 0;
  for (let i = 0; i < files.length; i += 200) {
    const batch = files.slice(i, i + 200);
    const answers = askGc(bin, batch, ['-exprs']);
    for (const f of batch) {
      const theirs = answers.get(f) ?? [];
      if (theirs.length === 0) continue;
      count += theirs.length;
      const ours = expressionLines(f);
      if (sameSet(theirs, ours)) continue;
      bad++;
      if (bad <= 10) show(f, theirs, ours);
    }
  }
  console.log(`${files.length} files, ${count} expressions, ${bad} files differ`);
  return bad;
}

function fuzz(bin: string, n: number, seed: number): number {
  return compare(bin, mutated(n, seed));
}

const args = process.argv.slice(2);
const bin = buildOracle();
let bad: number;
if (args[0] === '-fuzz') bad = fuzz(bin, Number(args[1]), Number(args[2] ?? 1));
else if (args[0] === '-exprs') bad = compareExprs(bin, Number(args[1] ?? 1));
else bad = compare(bin, args.length > 0 ? args : allGoFiles());
process.exit(bad === 0 ? 0 : 1);

// Compares our messages about //go: directives with those of `go build`, on the programs of GOROOT/test that are about
// them and on the files given. Prints differences; exits 1 if there are any.
//
//	node test/syntax/directives.ts [file...]

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { FileSet } from '../../src/source/fileset.ts';
import { Kind } from '../../src/syntax/ast.ts';
import type { File } from '../../src/syntax/ast.ts';
import { Code } from '../../src/syntax/codes.ts';
import { checkDirectives } from '../../src/syntax/directive-check.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { goroot } from './files.ts';

// not /dev/null: the compiler removes its output file after an error
const work = mkdtempSync(join(tmpdir(), 'directives-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const programs = [
  'directive.go',
  'directive2.go',
  'linkname3.go',
  'wasmexport.go',
  'fixedbugs/issue30061.go',
  'fixedbugs/issue19028.go',
  'fixedbugs/bug515.go',
  'fixedbugs/issue23298.go',
];

function isDeclared(file: File, name: string): boolean {
  return file.decls.some((d) => {
    if (d.kind === Kind.FuncDecl) return d.recv === null && d.name.name === name;
    return d.specs.some((s) => s.kind === Kind.ValueSpec && s.iota >= 0 && s.names.some((n) => n.name === name));
  });
}

function ours(path: string): string[] {
  const fset = new FileSet();
  const list = new DiagnosticList();
  const file = parseFile(fset, path, readFileSync(path), list);
  const ctx = {
    std: false,
    runtime: false,
    complete: true,
    goMinor: 26,
    lang: 'go1.26',
    hasFuncOrVar: (name: string) => isDeclared(file, name),
    linknamed: new Set<string>(),
  };
  checkDirectives(file, ctx, list);
  const lines = list.items.filter((d) => d.code === Code.directive).map((d) => `${fset.position(d.pos)?.line}: ${d.message}`);
  return [...new Set(lines)].sort();
}

function gc(path: string): string[] {
  const env = { ...process.env, GOOS: 'js', GOARCH: 'wasm' };
  const r = spawnSync('go', ['build', '-gcflags=-e', '-o', join(work, 'out'), path], { encoding: 'utf8', env });
  const lines: string[] = [];
  for (const line of (r.stdout + r.stderr).split('\n')) {
    const m = /\.go:(\d+):(?:\d+:)? (.*(?:directive|go:\w|missing function body).*)$/.exec(line);
    if (m !== null) lines.push(`${m[1]}: ${m[2]}`);
  }
  return [...new Set(lines)].sort();
}

const given = process.argv.slice(2);
const files = given.length > 0 ? given : programs.map((f) => join(goroot(), 'test', f));
let bad = 0;
let count = 0;
for (const f of files) {
  const theirs = gc(f);
  const we = ours(f);
  count += theirs.length;
  if (theirs.join('\n') === we.join('\n')) continue;
  bad++;
  console.log(f);
  for (const e of theirs) if (!we.includes(e)) console.log('  gc:   ' + e);
  for (const e of we) if (!theirs.includes(e)) console.log('  ours: ' + e);
}
console.log(`${files.length} files, ${count} messages of gc, ${bad} differ`);
process.exit(bad === 0 ? 0 : 1);

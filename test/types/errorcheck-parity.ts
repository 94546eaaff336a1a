// Runs the checker over the errorcheck and errorcheckdir programs of GOROOT/test and compares its messages with the ERROR
// comments, line for line. Programs whose errors come from later stages (-m, directives' back-end checks) are among those
// that don't agree; the list tells.
// With -gc, all messages are compared with gc's own, word for word.
// Usage: errorcheck-parity.ts [-v] [-gc] [substring of the path]
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import type { FileSet } from '../../src/source/fileset.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { checkPackage } from '../../src/types/check.ts';
import type { Package } from '../../src/types/model.ts';
import { wasmSizes } from '../../src/types/sizes.ts';
import { readIndex, type GoTest } from '../goroot/index.ts';
import { compareMessages, wantedErrors, type Message } from '../goroot/match.ts';
import { goEnv } from './golist.ts';
import { Program } from './program.ts';

const verbose = process.argv.includes('-v');
/** Compare with gc's own messages, for all programs, rather than with the comments. */
const exact = process.argv.includes('-gc');
const filter = process.argv.slice(2).find((a) => !a.startsWith('-')) ?? '';
const goroot = goEnv('GOROOT');
const prog = new Program();
prog.declarationsOnly = true;

interface Placed extends Message {
  readonly column: number;
}

interface Unit {
  readonly path: string;
  readonly files: readonly string[];
}

/** Parses and checks a package as gc does: no checking after syntax errors; equal messages on a line are one. */
function compile(unit: Unit, lang: string, local: Map<string, Package>): { messages: Placed[]; pkg: Package | null } {
  const sink = new DiagnosticList();
  const files = unit.files.map((f) => parseFile(prog.fileSet, f, new Uint8Array(readFileSync(f)), sink));
  let pkg: Package | null = null;
  // gc goes on after errors of the parser that are no syntax errors proper.
  if (!sink.items.some((d) => d.message.startsWith('syntax error'))) {
    pkg = checkPackage({
      path: unit.path,
      files,
      fileSet: prog.fileSet,
      sizes: wasmSizes,
      goVersion: lang,
      sink,
      importer: (path) => local.get(path) ?? prog.import(path),
    }).pkg;
  }
  const messages: Placed[] = [];
  for (const d of sink.items) {
    const at = prog.fileSet.position(d.pos);
    const m: Placed = {
      file: at?.filename ?? '',
      line: at?.line ?? 0,
      column: at?.column ?? 0,
      text: text(prog.fileSet, d.message, d.related),
    };
    // As gc does, a message that repeats the one before it on the same line is dropped.
    const last = messages.at(-1);
    if (last !== undefined && last.file === m.file && last.line === m.line && last.text === m.text) continue;
    messages.push(m);
  }
  return { messages, pkg };
}

function text(fileSet: FileSet, message: string, related: readonly { pos: number; message: string }[]): string {
  return message + related.map((r) => `\n\t${r.pos === 0 ? '' : fileSet.format(r.pos) + ': '}${r.message}`).join('');
}

function langOf(t: GoTest): string {
  return t.flags.find((f) => f.startsWith('-lang='))?.slice(6) ?? 'go1.26';
}

function runFile(t: GoTest): string[] {
  const path = join(goroot, 'test', t.path);
  const { messages } = compile({ path: 'p', files: [path] }, langOf(t), new Map());
  return verdict(t, [path], messages);
}

function verdict(t: GoTest, files: readonly string[], messages: readonly Message[]): string[] {
  const wanted = t.wantError === false ? [] : files.flatMap((f) => wantedErrors(f, readFileSync(f, 'utf8')));
  return compareMessages(
    wanted.filter((w) => !w.auto),
    messages.map((m) => ({ ...m, file: basename(m.file) })),
  );
}

/** Writes where gc finds the packages that a file imports. */
function importConfig(path: string): string {
  const clauses = readFileSync(path, 'utf8').match(/^import\s+(\([^)]*\)|.*)/gm) ?? [];
  const imports = [...clauses.join('\n').matchAll(/"([a-z][\w/]*)"/g)].map((m) => m[1]);
  const format = '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}';
  const text =
    imports.length === 0 ? '' : spawnSync('go', ['list', '-e', '-export', '-deps', '-f', format, ...imports], { encoding: 'utf8' }).stdout;
  const file = join(tmpdir(), `goloom-importcfg-${process.pid}`);
  writeFileSync(file, text);
  return file;
}

/** Whether our messages are gc's, where those differ from the comments. */
function sameAsGc(t: GoTest): boolean {
  const path = join(goroot, 'test', t.path);
  const r = spawnSync(
    'go',
    ['tool', 'compile', '-p=p', '-e', '-o', join(tmpdir(), 'errorcheck-parity.o'), '-importcfg', importConfig(path), ...t.flags, path],
    { encoding: 'utf8' },
  );
  const theirs = r.stdout
    .replaceAll('\n\t', ' ')
    .split('\n')
    .filter((l) => l !== '')
    .map((l) => l.replace(/^[^:]*:/, '').replaceAll('$GOROOT', goroot));
  const ours = compile({ path: 'p', files: [path] }, langOf(t), new Map()).messages.map(
    (m) => `${m.line}${m.column > 0 ? `:${m.column}` : ''}: ${m.text.replaceAll('\n\t', ' ')}`,
  );
  if (verbose) {
    for (const l of theirs) if (!ours.includes(l)) console.log(`   gc alone: ${t.path}:${l.slice(0, 200)}`);
    for (const l of ours) if (!theirs.includes(l)) console.log(`   we alone: ${t.path}:${l.slice(0, 200)}`);
  }
  return theirs.every((l) => ours.includes(l)) && ours.every((l) => theirs.includes(l));
}

function runDir(t: GoTest): string[] {
  const dir = join(goroot, 'test', t.path.replace(/\.go$/, '.dir'));
  const byName = new Map<string, string[]>();
  for (const f of readdirSync(dir)
    .filter((n) => n.endsWith('.go'))
    .sort()) {
    const m = /^package\s+(\w+)/m.exec(readFileSync(join(dir, f), 'utf8'));
    const key = t.singleFiles ? f : (m?.[1] ?? f);
    byName.set(key, [...(byName.get(key) ?? []), join(dir, f)]);
  }
  const local = new Map<string, Package>();
  const wrong: string[] = [];
  for (const files of byName.values()) {
    const name = files[0].slice(dir.length + 1, -3);
    const { messages, pkg } = compile({ path: `test/${name}`, files }, langOf(t), local);
    wrong.push(...verdict(t, files, messages));
    if (pkg !== null) {
      local.set(`./${name}`, pkg);
      local.set(`test/${name}`, pkg);
    }
  }
  return wrong;
}

const isMinusM = (f: string): boolean => f === '-m' || f.startsWith('-m=') || f.startsWith('-d=') || f === '-live';
const tests = readIndex(goroot).filter(
  (t) =>
    t.path.includes(filter) && (t.action === 'errorcheck' || t.action === 'errorcheckdir') && !t.flags.some(isMinusM) && t.excluded === '',
);
let good = 0,
  asGc = 0,
  crashed = 0,
  slow = '';
let worst = 0;
for (const t of tests) {
  let wrong: string[];
  const t0 = performance.now();
  try {
    wrong =
      t.action === 'errorcheck'
        ? runFile(t)
        : existsSync(join(goroot, 'test', t.path.replace(/\.go$/, '.dir')))
          ? runDir(t)
          : ['no folder'];
  } catch (e) {
    crashed++;
    wrong = [`CRASH ${e instanceof Error ? e.stack?.split('\n').slice(0, 6).join('\n   ') : String(e)}`];
  }
  const ms = performance.now() - t0;
  if (ms > worst) [worst, slow] = [ms, t.path];
  if (exact && t.action === 'errorcheck') wrong = sameAsGc(t) ? [] : ['differs from gc'];
  else if (wrong.length > 0 && t.action === 'errorcheck' && sameAsGc(t)) {
    wrong = [];
    asGc++;
  }
  if (wrong.length === 0) good++;
  else if (verbose) console.log(`--- ${t.path}\n${wrong.join('\n').replaceAll(join(goroot, 'test') + '/', '')}`);
  else console.log(`--- ${t.path}: ${wrong.length} wrong`);
}
console.log(
  `${good} of ${tests.length} programs agree line for line, (${asGc} of them as gc does, not as their comments say), ${crashed} crash; slowest ${slow} ${worst.toFixed(0)} ms`,
);

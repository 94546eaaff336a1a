// Runs the checker over GOROOT/src/internal/types/testdata and compares its errors with the ERROR and ERRORx comments there,
// by the rules of that corpus: the comment stands right after the token whose position is the error's, on its line, within a
// column tolerance; each error uses up one comment, none may be left.
// Usage: testdata-parity.ts [-v] [substring of the path]
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticList, type Diagnostic } from '../../src/base/diagnostic.ts';
import type { FileSet } from '../../src/source/fileset.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { checkPackage } from '../../src/types/check.ts';
import { defineTestFunctions } from '../../src/types/universe.ts';
import { wasmSizes } from '../../src/types/sizes.ts';
import { goEnv } from './golist.ts';
import { Program } from './program.ts';
import { tokensOf } from './tokens.ts';

const verbose = process.argv.includes('-v');
const filter = process.argv.slice(2).find((a) => !a.startsWith('-')) ?? '';
const tolerance: Record<string, number> = { check: 50, examples: 125, fixedbugs: 100, spec: 20 };

interface Wanted {
  readonly line: number;
  readonly col: number;
  readonly matches: (message: string) => boolean;
  readonly text: string;
}

function unquote(s: string): string {
  return s.startsWith('`') ? s.slice(1, -1) : (JSON.parse(s) as string);
}

function wantedErrors(name: string, bytes: Uint8Array): Wanted[] {
  const { tokens, comments, source } = tokensOf(name, bytes);
  const wanted: Wanted[] = [];
  for (let i = 0; i < comments.length; i += 2) {
    let text = source.text(comments[i] + 1, comments[i + 1] + 1);
    text = text.startsWith('/*') ? text.slice(2, -2) : text.slice(2);
    const m = /^ (ERRORx?) (.*)$/s.exec(text);
    if (m === null) continue;
    let before = 0;
    for (const t of tokens) {
      if (t.start >= comments[i]) break;
      before = t.start;
    }
    const at = source.physical(before);
    const pattern = unquote(m[2].trim());
    const regexp = m[1] === 'ERRORx' ? new RegExp(pattern.replace(/^\(\?s\)/, ''), 's') : null;
    wanted.push({
      line: at.line,
      col: at.column,
      text: m[2].trim(),
      matches: (s) => (regexp === null ? s.includes(pattern) : regexp.test(s)),
    });
  }
  return wanted;
}

function fullMessage(fileSet: FileSet, d: Diagnostic): string {
  return d.message + d.related.map((r) => `\n\t${r.pos === 0 ? '' : fileSet.format(r.pos) + ': '}${r.message}`).join('');
}

/** The corpus runs without the parser's branch checks; the checker there words the same errors differently. */
function sameAsChecker(message: string): string {
  return message
    .replace(/^label (\w+) not defined$/, 'label $1 not declared')
    .replace(/^label (\w+) defined and not used$/, 'label $1 declared and not used')
    .replace(/^label (\w+) already defined at (.*)$/, 'label $1 already declared\n\t$2: other declaration of $1')
    .replace('break is not in a loop, switch, or select', 'break not in for, switch, or select statement')
    .replace('continue is not in a loop', 'continue not in for statement')
    .replace(/^goto (\w+) jumps into block starting at .*$/, 'goto $1 jumps into block')
    .replace(/^(break|continue) label not defined: (\w+)$/, 'invalid $1 label $2');
}

interface Flags {
  lang: string;
  fakeImportC: boolean;
  noAlias: boolean;
}

function parseFlags(text: string): Flags {
  const m = /^\/\/\s*(-.*)/.exec(text);
  const words = m === null ? [] : m[1].trim().split(/\s+/);
  const lang = words.find((w) => w.startsWith('-lang='))?.slice(6) ?? '';
  return { lang, fakeImportC: words.includes('-fakeImportC'), noAlias: words.includes('-gotypesalias=0') };
}

const prog = new Program();
prog.declarationsOnly = true;

/** What doesn't fit in a package; null if it is not applicable. */
function runPackage(paths: readonly string[], tol: number): string[] | null {
  const texts = paths.map((p) => new Uint8Array(readFileSync(p)));
  const flags = parseFlags(new TextDecoder().decode(texts[0].subarray(0, 300)));
  if (flags.noAlias) return null;
  const sink = new DiagnosticList();
  const files = paths.map((p, i) => parseFile(prog.fileSet, p, texts[i], sink));
  checkPackage({
    path: files[0].name.name,
    files,
    fileSet: prog.fileSet,
    sizes: wasmSizes,
    goVersion: flags.lang,
    sink,
    fakeImportC: flags.fakeImportC,
    importer: (path) => prog.import(path),
  });
  const wanted = new Map(paths.map((p, i) => [p, wantedErrors(p, texts[i])]));
  const wrong: string[] = [];
  for (const d of sink.items) {
    const at = prog.fileSet.physical(d.pos);
    const message = sameAsChecker(fullMessage(prog.fileSet, d));
    const list = at === null ? undefined : wanted.get(at.filename);
    const fits = (list ?? []).filter((w) => w.line === at!.line && w.matches(message));
    if (fits.length === 0) {
      wrong.push(`${prog.fileSet.format(d.pos)}: unexpected: ${message}`);
      continue;
    }
    const best = fits.reduce((a, b) => (Math.abs(b.col - at!.column) < Math.abs(a.col - at!.column) ? b : a));
    if (Math.abs(best.col - at!.column) > tol) wrong.push(`${prog.fileSet.format(d.pos)}: column, want ${best.col}: ${message}`);
    list!.splice(list!.indexOf(best), 1);
  }
  for (const [p, list] of wanted) for (const w of list) wrong.push(`${p}:${w.line}:${w.col}: missing: ${w.text}`);
  return wrong;
}

defineTestFunctions();
const root = join(goEnv('GOROOT'), 'src/internal/types/testdata');
const totals = { packages: 0, good: 0, crashed: 0, skipped: 0 };
for (const dir of Object.keys(tolerance)) {
  const counts = { packages: 0, good: 0 };
  for (const entry of readdirSync(join(root, dir)).sort()) {
    const path = join(root, dir, entry);
    if (!path.includes(filter)) continue;
    const paths = statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((f) => f.endsWith('.go'))
          .sort()
          .map((f) => join(path, f))
      : [path];
    let wrong: string[] | null;
    try {
      wrong = runPackage(paths, tolerance[dir]);
    } catch (e) {
      totals.crashed++;
      wrong = [`CRASH ${e instanceof Error ? e.stack?.split('\n').slice(0, 6).join('\n   ') : String(e)}`];
    }
    if (wrong === null) {
      totals.skipped++;
      continue;
    }
    counts.packages++;
    if (wrong.length === 0) counts.good++;
    else if (verbose) console.log(`--- ${dir}/${entry}\n${wrong.join('\n').replaceAll(root + '/', '')}`);
    else console.log(`--- ${dir}/${entry}: ${wrong.length} wrong`);
  }
  console.log(`${dir}: ${counts.good} of ${counts.packages} packages agree`);
  totals.packages += counts.packages;
  totals.good += counts.good;
}
console.log(`all: ${totals.good} of ${totals.packages} agree, ${totals.crashed} crash, ${totals.skipped} not applicable (-gotypesalias=0)`);

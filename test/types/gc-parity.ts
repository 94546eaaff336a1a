// Compares the checker's messages with those of the installed compiler (`go tool compile -e`), letter by letter with lines,
// columns and continuation lines, over the checker's test programs in GOROOT: internal/types/testdata and test.
// Usage: gc-parity.ts [-v] [-limit n] [substring of the path]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { checkPackage } from '../../src/types/check.ts';
import { wasmSizes } from '../../src/types/sizes.ts';
import { goEnv } from './golist.ts';
import { Program } from './program.ts';

const args = process.argv.slice(2);
const verbose = args.includes('-v');
const filter = args.find((a, i) => !a.startsWith('-') && args[i - 1] !== '-limit') ?? '';
const limit = args.includes('-limit') ? Number(args[args.indexOf('-limit') + 1]) : Infinity;
const goroot = goEnv('GOROOT');
const env = { ...process.env, GOOS: 'js', GOARCH: 'wasm', CGO_ENABLED: '0' };
const prog = new Program();
prog.declarationsOnly = true;

/** The compiler's answers, kept between runs: they cost a process each. */
const cacheDir = join(tmpdir(), 'gc-parity');
mkdirSync(cacheDir, { recursive: true });

function goFiles(dir: string): string[] {
  const out: string[] = [];
  for (const name of readdirSync(dir).sort()) {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) out.push(...goFiles(path));
    else if (name.endsWith('.go')) out.push(path);
  }
  return out;
}

/** Single-file programs of the corpora that need no package but std's. */
function corpus(): string[] {
  const files = goFiles(join(goroot, 'src/internal/types/testdata'));
  for (const f of goFiles(join(goroot, 'test'))) {
    if (f.includes('.dir/')) continue;
    const head = readFileSync(f, 'utf8').slice(0, 2000);
    if (/^\/\/ errorcheck\b/m.test(head)) files.push(f);
  }
  return files.filter((f) => f.includes(filter));
}

/** Export data of all std packages, from the go command. */
function importConfig(): string {
  const path = join(cacheDir, 'importcfg');
  if (!existsSync(path)) {
    const out = execFileSync('go', ['list', '-export', '-f', '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}', 'std'], {
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    writeFileSync(path, out);
  }
  return path;
}

/** The language version that a file's first line sets. */
function lang(text: string): string {
  const m = /^\/\/ -lang=(go1\.\d+)/.exec(text) ?? /^\/\/ errorcheck.* -lang=(go1\.\d+)/m.exec(text.slice(0, 2000));
  return m === null ? 'go1.26' : m[1];
}

function gcMessages(file: string, text: string): string {
  const cached = join(cacheDir, file.replace(/\//g, '_'));
  if (existsSync(cached)) return readFileSync(cached, 'utf8');
  const tmp = mkdtempSync(join(tmpdir(), 'gc-'));
  const r = spawnSync(
    'go',
    ['tool', 'compile', '-e', '-o', join(tmp, 'x.o'), '-p', 'p', '-lang', lang(text), '-importcfg', importConfig(), file],
    {
      env,
      encoding: 'utf8',
      cwd: dirname(file),
      timeout: 20000,
    },
  );
  const out = (r.stdout + r.stderr).trimEnd();
  writeFileSync(cached, out);
  return out;
}

function ourMessages(file: string, text: string): string {
  const sink = new DiagnosticList();
  const f = parseFile(prog.fileSet, file, new Uint8Array(readFileSync(file)), sink);
  // The compiler goes on after errors of the parser that are no syntax errors proper.
  if (!sink.items.some((d) => d.message.startsWith('syntax error'))) {
    checkPackage({
      path: 'p',
      files: [f],
      fileSet: prog.fileSet,
      sizes: wasmSizes,
      goVersion: lang(text),
      sink,
      importer: (path) => prog.import(path),
    });
  }
  // A message that repeats the one before it on the same line is dropped.
  const line = (pos: number): string => prog.fileSet.format(pos).replace(/:\d+$/, '');
  const told = sink.items.filter(
    (d, i) => i === 0 || d.message !== sink.items[i - 1].message || line(d.pos) !== line(sink.items[i - 1].pos),
  );
  const sorted = told.sort((a, b) => a.pos - b.pos);
  const lines: string[] = [];
  const seen = new Set<string>();
  for (const d of sorted) {
    let s = `${prog.fileSet.format(d.pos)}: ${d.message}`;
    for (const r of d.related) s += `\n\t${r.pos === 0 ? '' : prog.fileSet.format(r.pos) + ': '}${r.message}`;
    if (!seen.has(s)) lines.push(s);
    seen.add(s);
  }
  return lines.join('\n');
}

/** Messages, each with its continuation lines, file names without folders. */
function split(s: string): string[] {
  return s
    .split(/\n(?!\t)/)
    .filter((l) => l !== '')
    .map((l) => l.replace(/((\$GOROOT)?\/[^\s:]*\/|\b\.\/)(?=[^/\s:]+\.go:\d)/g, ''));
}

let agree = 0;
let total = 0;
let messages = 0;
let wrong = 0;
for (const file of corpus().slice(0, limit)) {
  const text = readFileSync(file, 'utf8');
  const want = split(gcMessages(file, text));
  // The compiler stops after syntax errors, and later stages have messages of their own.
  if (want.some((l) => / syntax error: |internal compiler error|: could not import |: can't find import/.test(l))) continue;
  total++;
  let got: string[];
  try {
    got = split(ourMessages(file, text));
  } catch (e) {
    got = [`CRASH ${(e as Error).stack}`];
  }
  const missing = want.filter((l) => !got.includes(l));
  const extra = got.filter((l) => !want.includes(l));
  messages += want.length;
  wrong += Math.max(missing.length, extra.length);
  if (missing.length + extra.length === 0) {
    agree++;
    continue;
  }
  console.log(`--- ${file.slice(goroot.length + 1)}: ${missing.length} missing, ${extra.length} unexpected`);
  if (verbose) {
    for (const l of missing) console.log(`- ${l}`);
    for (const l of extra) console.log(`+ ${l}`);
  }
}
console.log(`${agree} of ${total} files agree; of ${messages} messages ${wrong} differ`);

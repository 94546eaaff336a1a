// Differential fuzzing of the checker: changes valid programs of GOROOT/test at random, a token or a line at a time, and
// compares our messages with those of the installed compiler, positions included. Programs that differ are kept.
// With -crash nothing is compared: programs with syntax errors are checked too, and only crashes count.
// With -std, a file of a std package is changed and the whole package is checked.
// Usage: fuzz.ts [-n cases] [-seed s] [-out folder] [-crash] [-std]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { Token } from '../../src/syntax/token.ts';
import { checkPackage } from '../../src/types/check.ts';
import { wasmSizes } from '../../src/types/sizes.ts';
import { goEnv, goList } from './golist.ts';
import { Program } from './program.ts';
import { tokensOf, type TokenAt } from './tokens.ts';

function option(name: string, otherwise: string): string {
  const i = process.argv.indexOf(name);
  return i < 0 ? otherwise : process.argv[i + 1];
}

const crashOnly = process.argv.includes('-crash');
const inStd = process.argv.includes('-std');
const cases = Number(option('-n', '200'));
const out = option('-out', join(tmpdir(), 'goloom-fuzz'));
let state = Number(option('-seed', '1')) * 2654435761 + 12345;

/** A small generator, so that a seed repeats a run. */
function random(n: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}

function pick<T>(list: readonly T[]): T {
  return list[random(list.length)];
}

const goroot = goEnv('GOROOT');
const prog = new Program();
prog.declarationsOnly = true;
mkdirSync(out, { recursive: true });

/** Small programs that are meant to compile; where only crashes count, the checker's own test programs too. */
function seeds(): string[] {
  const wrong = ['check', 'examples', 'fixedbugs', 'spec'].map((d) => join(goroot, 'src/internal/types/testdata', d));
  const more = crashOnly
    ? wrong.flatMap((d) =>
        readdirSync(d)
          .filter((f) => f.endsWith('.go'))
          .map((f) => join(d, f)),
      )
    : [];
  return [...more, ...validSeeds()];
}

function validSeeds(): string[] {
  const dirs = ['test', 'test/typeparam', 'test/fixedbugs', 'test/chan', 'test/interface', 'test/ken'];
  return dirs.flatMap((dir) =>
    readdirSync(join(goroot, dir))
      .filter((f) => f.endsWith('.go'))
      .map((f) => join(goroot, dir, f))
      .filter((f) => {
        const text = readFileSync(f, 'utf8');
        return (
          text.length < 6000 &&
          /^\/\/ (run|compile)$/m.test(text.slice(0, 200)) &&
          !text.includes('import "C"') &&
          !text.includes('//go:build')
        );
      }),
  );
}

const operators = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '&^', '==', '!=', '<', '<=', '>', '>=', '&&', '||'];
const typeNames = [
  'int',
  'string',
  'bool',
  'float64',
  'uint8',
  'error',
  'any',
  '[]int',
  'map[string]int',
  'func()',
  '*int',
  'chan int',
  'struct{}',
  'interface{ m() }',
];
const values = [
  '0',
  '1',
  '-1',
  '1.5',
  '"s"',
  "'c'",
  'nil',
  'true',
  '1i',
  '1 << 70',
  '[]int{1}',
  'func() {}',
  'struct{}{}',
  'new(int)',
  '_',
  'len("x")',
];
const statements = [
  'x := 1',
  'return',
  'return 1',
  'var _ int = "s"',
  'for range 3 {}',
  'break',
  'goto L',
  'switch { case 1: }',
  'defer 1',
  'var y int',
  'var _ = x',
  '_ = nil',
  'if 1 {}',
  'go func() {}',
  'var ch chan<- int; <-ch',
  'for i, j, k := range 3 {}',
  'var a [2]int; a[2] = 1',
  'type T struct { T }',
  'x, y := 1',
  'panic()',
  'len(1)',
];

/** One random change: the new text of a byte range. */
function mutate(text: string, tokens: readonly TokenAt[]): string {
  const at = (t: TokenAt): string => text.slice(t.start, t.end);
  const replace = (t: TokenAt, by: string): string => text.slice(0, t.start) + by + text.slice(t.end);
  const idents = tokens.filter((t) => t.tok === Token.Ident);
  const literals = tokens.filter((t) => t.tok >= Token.Int && t.tok <= Token.String);
  const ops = tokens.filter((t) => t.tok >= Token.OrOr && t.tok <= Token.Shr);
  const lines = text.split('\n');
  if (idents.length === 0) return text;
  switch (random(10)) {
    case 0:
    case 1:
      return replace(pick(idents), at(pick(idents)));
    case 2:
      return literals.length > 0 ? replace(pick(literals), pick(values)) : text;
    case 3:
      return ops.length > 0 ? replace(pick(ops), pick(operators)) : text;
    case 4:
      return replace(pick(idents), pick(typeNames));
    case 5:
      return replace(pick(idents), pick(values));
    case 6: {
      const i = random(lines.length);
      return [...lines.slice(0, i), ...lines.slice(i + 1)].join('\n');
    }
    case 7: {
      const inside = lines.flatMap((l, i) => (/^\t+\S/.test(l) ? [i] : []));
      if (inside.length === 0) return text;
      const i = pick(inside);
      return [...lines.slice(0, i), '\t' + pick(statements), ...lines.slice(i)].join('\n');
    }
    case 8: {
      const t = pick(tokens);
      return replace(t, '');
    }
    default: {
      const a = pick(tokens),
        b = pick(tokens);
      return a.start < b.start ? text.slice(0, a.start) + at(b) + text.slice(a.end, b.start) + at(a) + text.slice(b.end) : text;
    }
  }
}

/** A file to change, and the other files of its package. */
interface Seed {
  readonly file: string;
  readonly others: readonly string[];
  readonly path: string;
}

/** Packages of std that exercise the language and have no assembly. */
const stdPackages =
  `sort strings bytes container/list container/heap text/tabwriter encoding/csv encoding/json go/ast go/parser go/scanner go/printer
  go/constant html/template net/url path regexp regexp/syntax text/template text/template/parse bufio errors fmt io strconv slices maps iter
  context database/sql log/slog mime archive/tar compress/flate image/draw image/gif encoding/gob encoding/xml flag math/bits unique
  go/types debug/dwarf internal/trace net/mail net/textproto text/scanner index/suffixarray expvar sync time`.split(/\s+/);

function stdSeeds(): Seed[] {
  const wanted = new Set(stdPackages);
  const listed = goList(stdPackages);
  prog.add(listed);
  return listed
    .filter((p) => wanted.has(p.ImportPath))
    .flatMap((p) => {
      const files = p.GoFiles!.map((f) => join(p.Dir, f));
      return files.map((file) => ({ file, others: files.filter((f) => f !== file), path: p.ImportPath }));
    });
}

/** Our messages; null after a syntax error, which other tests are about. */
function ours(seed: Seed, file: string, bytes: Uint8Array): string[] | null {
  const sink = new DiagnosticList();
  const f = parseFile(prog.fileSet, file, bytes, sink);
  if (sink.items.length > 0 && !crashOnly) return null;
  checkPackage({
    path: seed.path,
    files: [...seed.others.map((o) => parseFile(prog.fileSet, o, new Uint8Array(readFileSync(o)), sink)), f],
    fileSet: prog.fileSet,
    sizes: wasmSizes,
    goVersion: 'go1.26',
    sink,
    importer: (path) => prog.import(path),
  });
  // As gc does, a message that repeats the one before it on the same line is dropped.
  const line = (pos: number): number => prog.fileSet.line(pos);
  const told = sink.items.filter(
    (d, i) => i === 0 || d.message !== sink.items[i - 1].message || line(d.pos) !== line(sink.items[i - 1].pos),
  );
  return told.map((d) => {
    const related = d.related.map((r) => ` ${r.pos === 0 ? '' : prog.fileSet.format(r.pos) + ': '}${r.message.replaceAll('\n\t', ' ')}`);
    return `${prog.fileSet.format(d.pos)}: ${d.message.replaceAll('\n\t', ' ')}${related.join('')}`;
  });
}

const env = { ...process.env, GOOS: 'js', GOARCH: 'wasm', CGO_ENABLED: '0' };

function importConfig(): string {
  const path = join(out, 'importcfg');
  if (!existsSync(path)) {
    const format = '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}';
    writeFileSync(path, execFileSync('go', ['list', '-export', '-f', format, 'std'], { env, encoding: 'utf8', maxBuffer: 1 << 28 }));
  }
  return path;
}

function theirs(seed: Seed, file: string): string[] {
  const r = spawnSync(
    'go',
    [
      'tool',
      'compile',
      '-e',
      '-p',
      seed.path,
      ...(inStd ? ['-std'] : []),
      '-o',
      join(out, 'fuzz.o'),
      '-importcfg',
      importConfig(),
      ...seed.others,
      file,
    ],
    {
      env,
      encoding: 'utf8',
      timeout: 30000,
    },
  );
  return (r.stdout + r.stderr)
    .split(/\n(?!\t)/)
    .filter((l) => l !== '')
    .map((l) => l.replaceAll('\n\t', ' ').replaceAll('$GOROOT', goroot));
}

/** The backend's, and those of the runtime's rules: not the checker's to tell. */
const laterStages =
  /internal compiler error|missing function body|stack frame too large|misplaced compiler directive|go:embed|go:linkname|larger than address space|too large \(>64kB\)/;

const files: Seed[] = inStd ? stdSeeds() : seeds().map((file) => ({ file, others: [], path: 'p' }));
let compared = 0,
  differ = 0,
  skipped = 0,
  ill = 0;
for (let n = 0; n < cases; n++) {
  const seed = pick(files);
  let text = readFileSync(seed.file, 'latin1');
  for (let k = 1 + random(2); k > 0; k--) text = mutate(text, tokensOf(seed.file, Buffer.from(text, 'latin1')).tokens);
  const file = join(out, `case${n}.go`);
  const bytes = new Uint8Array(Buffer.from(text, 'latin1'));
  let got: string[] | null;
  try {
    got = ours(seed, file, bytes);
  } catch (e) {
    got = [`CRASH ${e instanceof Error ? e.stack?.split('\n').slice(0, 5).join(' | ') : String(e)}`];
  }
  if (got === null || (crashOnly && !got[0]?.startsWith('CRASH'))) {
    skipped++;
    continue;
  }
  writeFileSync(file, bytes);
  if (crashOnly) {
    differ++;
    console.log(`--- ${file} (from ${seed.file.slice(goroot.length + 1)})\n  ${got[0]}`);
    continue;
  }
  const want = theirs(seed, file);
  if (want.some((l) => laterStages.test(l) || / syntax error: /.test(l))) {
    skipped++;
    continue;
  }
  compared++;
  if (want.length > 0) ill++;
  const missing = want.filter((l) => !got.includes(l)),
    extra = got.filter((l) => !want.includes(l));
  if (missing.length + extra.length === 0) {
    execFileSync('rm', [file]);
    continue;
  }
  differ++;
  console.log(`--- ${file} (from ${seed.file.slice(goroot.length + 1)})`);
  for (const l of missing) console.log(`  gc   ${l.slice(0, 300).replace(out + '/', '')}`);
  for (const l of extra) console.log(`  ours ${l.slice(0, 300).replace(out + '/', '')}`);
}
console.log(`${compared} programs compared (${ill} ill-typed), ${differ} differ, ${skipped} skipped (syntax errors or later stages)`);
process.exitCode = differ === 0 ? 0 : 1;

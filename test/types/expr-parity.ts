// Compares what the checker records about every expression of std (types, modes, values, objects, selections, instances) and
// the initialization order with what go/types records.
// Usage: expr-parity.ts [pattern...]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { exactString } from '../../src/constant/format.ts';
import type { Expr, Node } from '../../src/syntax/ast.ts';
import { Kind } from '../../src/syntax/ast.ts';
import type { Info } from '../../src/types/info.ts';
import { Mode } from '../../src/types/operand.ts';
import { typeString } from '../../src/types/typestring.ts';
import { Loader, listPackages } from './loader.ts';

const here = dirname(fileURLToPath(import.meta.url));
const patterns = process.argv.slice(2).filter((a) => !a.startsWith('-'));
if (patterns.length === 0) patterns.push('std');

/** go/types' answer, one string per line, by package. */
function wanted(): Map<string, string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'exprs-'));
  const out = join(dir, 'out');
  const fd = openSync(out, 'w');
  const r = spawnSync('go', ['run', 'oracle/exprs.go', ...patterns], {
    cwd: here,
    env: { ...process.env, GOWORK: 'off' },
    stdio: ['ignore', fd, 'inherit'],
  });
  closeSync(fd);
  if (r.status !== 0) throw new Error('the oracle failed');
  const byPackage = new Map<string, string[]>();
  let lines: string[] = [];
  for (const l of readFileSync(out).toString('latin1').split('\n')) {
    if (l.startsWith('package ')) byPackage.set(l.slice(8), (lines = []));
    else if (l !== '') lines.push(l);
  }
  rmSync(dir, { recursive: true });
  return byPackage;
}

const kindNames = new Map<number, string>(Object.entries(Kind).map(([name, k]) => [k, name]));

/** Our answer about one expression. */
function describe(info: Info, e: Expr, base: number, out: string[]): void {
  let pos = e.pos;
  switch (e.kind) {
    case Kind.Ident: {
      const off = pos - base;
      const use = info.useOf(e);
      const def = info.defOf(e);
      if (use !== null) out.push(`${off} use ${use.name}`);
      else if (def !== null) out.push(`${off} def ${def.name} ${typeString(def.type, null)}`);
      const inst = info.instanceOf(e);
      if (inst !== undefined)
        out.push(`${off} inst ${inst.targs.map((t) => typeString(t, null)).join(' ')} ${typeString(inst.type, null)}`);
      break;
    }
    case Kind.CompositeLit:
      pos = e.lbrace;
      break;
    case Kind.SelectorExpr: {
      pos = e.sel.pos;
      const s = info.selectionOf(e);
      if (s !== null) out.push(`${pos - base} sel ${s.kind} [${s.index.join(' ')}] ${s.indirect} ${typeString(s.recv, null)}`);
      break;
    }
    case Kind.IndexExpr:
    case Kind.SliceExpr:
      pos = e.lbrack;
      break;
    case Kind.TypeAssertExpr:
    case Kind.CallExpr:
      pos = e.lparen;
      break;
    case Kind.BinaryExpr:
      pos = e.opPos;
      break;
    case Kind.BasicLit:
    case Kind.FuncLit:
    case Kind.ParenExpr:
    case Kind.StarExpr:
    case Kind.UnaryExpr:
      break;
    default:
      return;
  }
  const t = info.typeOf(e);
  if (t === null) return;
  if (info.modeOf(e) === Mode.NilValue) {
    out.push(`${pos - base} ${kindNames.get(e.kind)} nil`); // go/types and types2 differ about its type
    return;
  }
  const val = info.valueOf(e);
  out.push(
    `${pos - base} ${kindNames.get(e.kind)} ${modeName(info.modeOf(e), val !== null)} ${typeString(t, null)}${val === null ? '' : ' = ' + exactString(val)}`,
  );
}

function modeName(m: Mode, constant: boolean): string {
  switch (m) {
    case Mode.NoValue:
      return 'void';
    case Mode.TypeExpr:
      return 'type';
    case Mode.Builtin:
      return 'builtin';
    case Mode.NilValue:
      return 'nil';
    case Mode.Variable:
      return 'var';
    default:
      return constant ? 'const' : 'value';
  }
}

/** Calls f for all expressions below n. */
function walk(n: Node, f: (e: Expr) => void): void {
  if ('id' in n) f(n as Expr);
  for (const [key, v] of Object.entries(n) as [string, unknown][]) {
    if (key === 'target') continue; // a branch's statement is no child
    if (Array.isArray(v)) {
      for (const x of v) if (isNode(x)) walk(x, f);
    } else if (isNode(v)) walk(v, f);
  }
}

function isNode(x: unknown): x is Node {
  return typeof x === 'object' && x !== null && 'kind' in x && 'pos' in x;
}

const list = listPackages(patterns, 'js', here);
const sink = new DiagnosticList();
const loader = new Loader(list, sink);
const want = wanted();
let compared = 0;
let differ = 0;
const shown = new Map<string, number>();
for (const p of list) {
  if (p.ImportPath === 'unsafe') continue;
  const c = loader.load(p.ImportPath);
  if (typeof c === 'string') continue;
  const got: string[] = c.info.initOrder.map((i) => `init ${i.lhs.map((v) => v.name).join(' ')}`);
  for (const f of c.checker.conf.files) {
    got.push(`file ${f.source.name}`);
    const part: string[] = [];
    for (const d of f.decls) walk(d, (e) => describe(c.info, e, f.source.base, part));
    got.push(...part);
  }
  compare(p.ImportPath, want.get(p.ImportPath) ?? [], got);
}

/** Compares the lines of each file as sets; the initialization order as a list. */
function compare(path: string, want: readonly string[], got0: readonly string[]): void {
  // compare bytes, as strings in values and names may hold any
  const got = got0.map((l) => Buffer.from(l, 'utf8').toString('latin1'));
  const wi = want.filter((l) => l.startsWith('init ')).join('\n');
  const gi = got.filter((l) => l.startsWith('init ')).join('\n');
  if (wi !== gi) {
    differ++;
    console.log(`${path}: initialization orders differ`);
  }
  const wf = byFile(want);
  const gf = byFile(got);
  for (const [file, w] of wf) {
    const g = gf.get(file) ?? new Set<string>();
    compared += w.size;
    for (const l of w) if (!g.has(l)) note('-', file, l);
    for (const l of g) if (!w.has(l)) note('+', file, l);
  }
}

function note(sign: string, file: string, l: string): void {
  differ++;
  const key = sign + l.split(' ')[1] + l.split(' ')[2];
  const n = shown.get(key) ?? 0;
  shown.set(key, n + 1);
  if (n < 8) console.log(`${sign} ${file}:${l}`);
}

function byFile(lines: readonly string[]): Map<string, Set<string>> {
  const m = new Map<string, Set<string>>();
  let set = new Set<string>();
  for (const l of lines) {
    if (l.startsWith('file ')) m.set(l.slice(5), (set = new Set()));
    else set.add(l);
  }
  return m;
}

for (const [k, n] of shown) console.log(`${k}: ${n}`);
console.log(`${compared} facts of go/types compared, ${differ} differ`);
process.exit(differ > 0 ? 1 : 0);

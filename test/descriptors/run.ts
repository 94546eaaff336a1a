// Bulk oracle: compares our type descriptors with gc's. Takes every exported type of the public standard library, has real Go
// (GOOS=js GOARCH=wasm, under Node) print what reflect and the raw descriptors say of it and of all types reached from it, and
// reads the same out of the data symbols that the builder makes. Run: node test/descriptors/run.ts [package pattern]

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { ProgramBuilder } from '../../src/build/program.ts';
import { runFront } from '../../src/compiler/front.ts';
import { loadPatterns } from '../../src/load/load.ts';
import { nodeFiles } from '../../src/toolchain/node-files.ts';
import { isExported, ObjKind, TypeKind, unalias } from '../../src/types/model.ts';
import { Walker } from './walk.ts';

const here = import.meta.dirname;
const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const { program } = loadPatterns([process.argv[2] ?? 'std'], { files: nodeFiles(), cwd: here, goroot, overlay: '', goos: 'js' });
const front = runFront(program);
for (const e of front.errors) for (const d of e.diagnostics) console.log(front.fset.format(d.pos), d.message);

interface Root {
  readonly pkg: string;
  readonly name: string;
  readonly type: import('../../src/types/model.ts').Type;
}
const roots: Root[] = [];
const hidden = /(^|\/)(internal|vendor|cgo)(\/|$)|^(runtime|syscall|plugin|testing|cmd)(\/|$)|^crypto\/internal/;
for (const p of front.packages) {
  if (hidden.test(p.path) || p.loaded.name === 'main') continue;
  for (const name of p.pkg.scope.names()) {
    const o = p.pkg.scope.lookup(name)!;
    if (o.kind !== ObjKind.TypeName || !isExported(name) || o.isAlias) continue;
    const t = unalias(o.type);
    if (t.kind !== TypeKind.Named || t.typeParams.length !== 0 || isConstraint(t)) continue;
    roots.push({ pkg: p.path, name, type: t });
  }
}

/** Interfaces that can only be constraints. */
function isConstraint(t: import('../../src/types/model.ts').Named): boolean {
  const u = t.underlying();
  return u.kind === TypeKind.Interface && (t.obj.name === 'Ordered' || u.embeddeds.some((e) => e.kind === TypeKind.Union));
}

function theirs(): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'descriptors-'));
  try {
    const pkgs = [...new Set(roots.map((r) => r.pkg))];
    const alias = new Map(pkgs.map((p, i) => [p, `p${i}`]));
    const list = roots.map((r) => `\treflect.TypeFor[${alias.get(r.pkg)}.${r.name}](),`).join('\n');
    writeFileSync(join(dir, 'go.mod'), 'module oracle\n\ngo 1.26\n');
    writeFileSync(join(dir, 'main.go'), readFileSync(join(here, 'oracle.go.txt')));
    writeFileSync(
      join(dir, 'roots.go'),
      `package main\n\nimport (\n\t"reflect"\n${pkgs.map((p) => `\t${alias.get(p)} "${p}"`).join('\n')}\n)\n\nvar roots = []reflect.Type{\n${list}\n}\n`,
    );
    const env = { ...process.env, GOOS: 'js', GOARCH: 'wasm', GOFLAGS: '' };
    execFileSync('go', ['build', '-o', join(dir, 'oracle.wasm'), '.'], { cwd: dir, env, stdio: ['ignore', 'inherit', 'inherit'] });
    const out = execFileSync(process.execPath, [join(goroot, 'lib/wasm/wasm_exec_node.js'), join(dir, 'oracle.wasm')], {
      cwd: dir,
      env: { PATH: process.env.PATH ?? '' },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return out.trimEnd().split('\n');
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const want = theirs();
const main = front.packages[front.packages.length - 1]!;
const b = new ProgramBuilder({ packages: front.packages, main, fset: front.fset, fileName: (n) => n, sink: new DiagnosticList() });
const walker = new Walker(b.program);
for (const r of roots) walker.id(b.typeSym(b.types.of(r.type, null), true));
b.finishForTest();
let bad = 0;
const got: string[] = [];
for (let i = 0; i < walker.queue.length; i++) {
  try {
    got.push(walker.dump(i, i < roots.length));
  } catch (e) {
    got.push(`${i} ${walker.queue[i]}: ${(e as Error).message}`);
  }
}
for (let i = 0; i < Math.max(got.length, want.length); i++) {
  if (got[i] === want[i]) continue;
  if (++bad <= 12) console.log(`ours   ${got[i]}\nwant   ${want[i]}\n`);
}
console.log(`${roots.length} roots, ${want.length} types, ${bad} differ`);
process.exitCode = bad === 0 ? 0 : 1;

// Checks every program of GOROOT/test that is meant to compile (run, compile, build and the like): there must be no error.
// Usage: valid.ts [substring of the path]
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { checkPackage } from '../../src/types/check.ts';
import type { Package } from '../../src/types/model.ts';
import { wasmSizes } from '../../src/types/sizes.ts';
import { readIndex, type GoTest } from '../goroot/index.ts';
import { goEnv } from './golist.ts';
import { Program } from './program.ts';

const filter = process.argv[2] ?? '';
const goroot = goEnv('GOROOT');
const prog = new Program();
prog.declarationsOnly = true;

function check(
  path: string,
  files: readonly string[],
  local: ReadonlyMap<string, Package>,
  lang: string,
): { pkg: Package; errors: string[] } {
  const sink = new DiagnosticList();
  const parsed = files.map((f) => parseFile(prog.fileSet, f, new Uint8Array(readFileSync(f)), sink));
  const { pkg } = checkPackage({
    path,
    files: parsed,
    fileSet: prog.fileSet,
    sizes: wasmSizes,
    goVersion: lang,
    sink,
    importer: (p) => local.get(p) ?? prog.import(p),
  });
  return { pkg, errors: sink.items.map((d) => `${prog.fileSet.format(d.pos)}: ${d.message}`) };
}

function run(t: GoTest): string[] {
  const lang = t.flags.find((f) => f.startsWith('-lang='))?.slice(6) ?? 'go1.26';
  const path = join(goroot, 'test', t.path);
  if (!t.action.endsWith('dir')) {
    const others = t.args.filter((a) => a.endsWith('.go')).map((a) => join(dirname(path), a));
    return check('p', t.action === 'run' ? [path, ...others] : [path], new Map(), lang).errors;
  }
  const dir = path.replace(/\.go$/, '.dir');
  const packages = new Map<string, string[]>();
  for (const f of readdirSync(dir)
    .filter((n) => n.endsWith('.go'))
    .sort()) {
    const m = /^package\s+(\w+)/m.exec(readFileSync(join(dir, f), 'utf8'));
    const key = t.singleFiles ? f : (m?.[1] ?? f);
    packages.set(key, [...(packages.get(key) ?? []), join(dir, f)]);
  }
  const local = new Map<string, Package>();
  const errors: string[] = [];
  for (const files of packages.values()) {
    const name = files[0].slice(dir.length + 1, -3);
    const r = check(`test/${name}`, files, local, lang);
    errors.push(...r.errors);
    local.set(`./${name}`, r.pkg);
    local.set(`test/${name}`, r.pkg);
  }
  return errors;
}

const actions = new Set(['run', 'compile', 'build', 'buildrun', 'runoutput', 'compiledir', 'rundir', 'asmcheck']);
const tests = readIndex(goroot).filter((t) => actions.has(t.action) && t.excluded === '' && t.path.includes(filter));
let bad = 0;
for (const t of tests) {
  let errors: string[];
  try {
    errors = run(t);
  } catch (e) {
    errors = [`CRASH ${e instanceof Error ? e.stack?.split('\n').slice(0, 6).join('\n  ') : String(e)}`];
  }
  if (errors.length === 0) continue;
  bad++;
  console.log(`--- ${t.path}\n${errors.slice(0, 5).join('\n')}`);
}
console.log(`${tests.length - bad} of ${tests.length} programs without errors`);
process.exitCode = bad === 0 ? 0 : 1;

// Robustness: checks randomly damaged programs (tokens dropped, doubled, swapped or replaced). The checker may report what it
// likes, but must not throw, and must end. Usage: mutate.ts [-n count] [-seed n] [substring of the path]
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { FileSet } from '../../src/source/fileset.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { checkPackage } from '../../src/types/check.ts';
import { wasmSizes } from '../../src/types/sizes.ts';
import { unsafePackage } from '../../src/types/universe.ts';
import { goEnv } from './golist.ts';
import { tokensOf } from './tokens.ts';

const args = process.argv.slice(2);
const option = (name: string, value: number): number => (args.includes(name) ? Number(args[args.indexOf(name) + 1]) : value);
const count = option('-n', 2000);
let seed = option('-seed', 1);
const filter = args.find((a, i) => !a.startsWith('-') && !args[i - 1]?.startsWith('-')) ?? '';

function random(n: number): number {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor((seed / 2147483648) * n);
}

function goFiles(dir: string): string[] {
  return readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const path = join(dir, name);
      if (statSync(path).isDirectory()) return goFiles(path);
      return name.endsWith('.go') ? [path] : [];
    });
}

const root = join(goEnv('GOROOT'), 'src/internal/types/testdata');
const files = goFiles(root).filter((f) => f.includes(filter));
const tokens = files.map((f) => {
  const text = readFileSync(f, 'latin1');
  // Each token with the blanks before it, so that lines stay.
  const list = tokensOf('x.go', Buffer.from(text, 'latin1')).tokens;
  return list.map((t, i) => text.slice(i === 0 ? 0 : list[i - 1].end, t.end));
});

function mutate(i: number): string {
  const list = tokens[i].slice();
  for (let k = 1 + random(4); k > 0; k--) {
    const at = random(list.length);
    const other = tokens[random(tokens.length)];
    switch (random(5)) {
      case 0:
        list.splice(at, 1);
        break;
      case 1:
        list.splice(at, 0, list[random(list.length)]);
        break;
      case 2:
        list[at] = list[random(list.length)];
        break;
      case 3:
        list[at] = other[random(other.length)];
        break;
      case 4: {
        const to = random(list.length);
        [list[at], list[to]] = [list[to], list[at]];
        break;
      }
    }
  }
  return list.join('');
}

let crashes = 0;
let slow = 0;
const seen = new Set<string>();
for (let n = 0; n < count; n++) {
  const i = random(files.length);
  const text = mutate(i);
  writeFileSync(join(tmpdir(), 'mutate-last.go'), text, 'latin1');
  const t0 = performance.now();
  try {
    const fileSet = new FileSet();
    const sink = new DiagnosticList();
    const file = parseFile(fileSet, 'x.go', Buffer.from(text, 'latin1'), sink);
    checkPackage({
      path: 'p',
      files: [file],
      fileSet,
      sizes: wasmSizes,
      goVersion: 'go1.26',
      sink,
      importer: (p) => (p === 'unsafe' ? unsafePackage : 'not there'),
    });
    for (const d of sink.items) fileSet.format(d.pos);
  } catch (e) {
    const where = (e as Error).stack!.split('\n').slice(0, 6).join('\n');
    const key = where.split('\n').slice(1, 3).join();
    if (!seen.has(key)) {
      seen.add(key);
      const path = join(tmpdir(), `mutate-${crashes}.go`);
      writeFileSync(path, text, 'latin1');
      console.log(`${files[i].slice(root.length + 1)}: ${path}\n${where}`);
    }
    crashes++;
  }
  const ms = performance.now() - t0;
  if (ms > 3000) {
    slow++;
    const path = join(tmpdir(), `mutate-slow-${slow}.go`);
    writeFileSync(path, text, 'latin1');
    console.log(`${files[i].slice(root.length + 1)}: ${ms.toFixed(0)} ms, ${path}`);
  }
}
console.log(`${count} programs, ${crashes} crashes (${seen.size} kinds), ${slow} slow`);
process.exit(crashes > 0 ? 1 : 0);

// Checks every std package and compares what it exports with what go/types says.
// Usage: node std-parity.ts [-goos js|wasip1] [-no-oracle] [pattern...]
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { Loader, listPackages } from './loader.ts';
import { describePackage } from './describe.ts';

const here = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const goos = args.includes('-goos') ? args[args.indexOf('-goos') + 1] : 'js';
const oracle = !args.includes('-no-oracle');
const lazy = args.includes('-lazy');
const patterns = args.filter((a, i) => !a.startsWith('-') && args[i - 1] !== '-goos');
if (patterns.length === 0) patterns.push('std');

const list = listPackages(patterns, goos, here);
const sink = new DiagnosticList();
const loader = new Loader(list, sink, { lazyBodies: lazy });
const t0 = performance.now();
let shown = 0;
for (const p of list) {
  if (p.ImportPath === 'unsafe') continue;
  loader.load(p.ImportPath);
  for (; shown < sink.items.length; shown++) {
    if (shown >= 60) continue;
    const d = sink.items[shown];
    console.log(`${loader.fileSet.format(d.pos)}: ${d.message}`);
    for (const r of d.related) console.log(`\t${loader.fileSet.format(r.pos)}: ${r.message}`);
  }
}
const ms = (performance.now() - t0).toFixed(0);
console.log(
  `${goos}: ${loader.checked.size} packages, ${loader.lines} lines, ${sink.items.length} errors; parse ${loader.times.parse.toFixed(0)} ms, check ${loader.times.check.toFixed(0)} ms, wall ${ms} ms`,
);

let differ = 0;
if (oracle) {
  const env = { ...process.env, GOWORK: 'off' };
  const want = execFileSync('go', ['run', 'oracle/describe.go', '-goos', goos, ...patterns], {
    cwd: here,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  }).split('\n');
  const got: string[] = [];
  for (const p of list) {
    const c = loader.checked.get(p.ImportPath);
    if (c !== undefined) got.push(...describePackage(c.pkg));
  }
  differ = compare(want.filter((l) => l !== '').sort(), got.sort());
}
process.exit(sink.items.length > 0 || differ > 0 ? 1 : 0);

/** Prints the lines that only one side has; returns their number. */
function compare(want: readonly string[], got: readonly string[]): number {
  const w = new Set(want);
  const g = new Set(got);
  const missing = want.filter((l) => !g.has(l));
  const extra = got.filter((l) => !w.has(l));
  for (const l of missing.slice(0, 40)) console.log(`- ${l}`);
  for (const l of extra.slice(0, 40)) console.log(`+ ${l}`);
  console.log(`exported objects: ${want.length} by go/types, ${got.length} by goloom, ${missing.length} missing, ${extra.length} extra`);
  return missing.length + extra.length;
}

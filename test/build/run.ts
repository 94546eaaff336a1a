// Compiles and runs the programs beside this file and compares their output with real Go's (recorded in *.out; UPDATE=1 records).
// Run: node test/build/run.ts [name ...]

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const dir = join(import.meta.dirname, 'programs');
const bin = join(import.meta.dirname, '../../bin/goloom.mjs');
const names =
  process.argv.length > 2
    ? process.argv.slice(2)
    : readdirSync(dir)
        .filter((f) => f.endsWith('.go'))
        .map((f) => f.slice(0, -3));
let bad = 0;
for (const name of names) {
  const source = join(dir, `${name}.go`);
  const recorded = join(dir, `${name}.out`);
  if (process.env['UPDATE'] === '1' || !existsSync(recorded))
    writeFileSync(recorded, execFileSync('go', ['run', source], { encoding: 'utf8', cwd: dir }));
  const r = spawnSync(process.execPath, [bin, 'run', source], { encoding: 'utf8', cwd: dir, timeout: 300_000 });
  if (r.status === 0 && r.stdout === readFileSync(recorded, 'utf8')) {
    console.log(`ok    ${name}`);
    continue;
  }
  bad++;
  console.log(`FAIL  ${name}: status ${r.status}\n${firstDifference(r.stdout, readFileSync(recorded, 'utf8'))}${r.stderr.slice(0, 1500)}`);
}
process.exitCode = bad === 0 ? 0 : 1;

function firstDifference(got: string, want: string): string {
  const g = got.split('\n');
  const w = want.split('\n');
  let out = '';
  for (let i = 0, n = 0; i < Math.max(g.length, w.length) && n < 5; i++)
    if (g[i] !== w[i]) {
      n++;
      out += `line ${i + 1}\n  got  ${g[i]}\n  want ${w[i]}\n`;
    }
  return out;
}

// How long it takes to type-check the whole standard library, declarations and bodies, beside go/types on one core.
// Times are processor time.
// Usage: types.ts [-n runs] [packages...]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goList, packageFiles } from '../test/types/golist.ts';
import { Program } from '../test/types/program.ts';

const args = process.argv.slice(2);
let runs = 3;
if (args[0] === '-n') runs = Number(args.splice(0, 2)[1]);
const listed = goList(args.length > 0 ? args : ['std']).filter((p) => p.ImportPath !== 'unsafe' && (p.GoFiles ?? []).length > 0);
for (const p of listed) packageFiles(p); // warm the file cache for both

function ours(): [number, number, number] {
  const prog = new Program();
  prog.add(listed);
  for (const p of listed) prog.check(p.ImportPath);
  return [prog.parseMs, prog.checkMs, prog.diagnostics.items.length];
}

const dir = mkdtempSync(join(tmpdir(), 'gotypes-'));
const tool = join(dir, 'gotypes');
execFileSync('go', ['build', '-o', tool, fileURLToPath(new URL('gotypes/main.go', import.meta.url))]);
const input = listed.map((p) => `${p.ImportPath}\t${p.Dir}\t${p.GoFiles!.join(' ')}\n`).join('');

function theirs(): [number, number, number] {
  const [parse, check, errors] = execFileSync(tool, { input, encoding: 'utf8' }).trim().split(' ').map(Number);
  return [parse, check, errors];
}

const show = (name: string, [parse, check, errors]: [number, number, number]): void => {
  console.log(`${name}: parse ${parse.toFixed(0)} ms, check ${check.toFixed(0)} ms, ${errors} errors`);
};
console.log(`${listed.length} packages`);
for (let i = 0; i < runs; i++) {
  show('go/types', theirs());
  show(i === 0 ? 'ours (cold)' : 'ours (warm)', ours());
}
rmSync(dir, { recursive: true });

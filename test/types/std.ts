// Checks the whole standard library (or the packages named), bodies and all: there must be no error.
import { goList } from './golist.ts';
import { Program } from './program.ts';

const patterns = process.argv.slice(2);
const packages = goList(patterns.length > 0 ? patterns : ['std']);
const prog = new Program();
prog.add(packages);
let crashes = 0;
for (const p of packages) {
  if (p.ImportPath === 'unsafe' || (p.GoFiles ?? []).length === 0) continue;
  try {
    prog.check(p.ImportPath);
  } catch (e) {
    if (crashes++ < 5) console.log(`${p.ImportPath}: ${e instanceof Error ? e.stack?.split('\n').slice(0, 8).join('\n') : String(e)}`);
  }
}
for (const d of prog.diagnostics.items.slice(0, 40)) console.log(`${prog.fileSet.format(d.pos)}: ${d.message}`);
console.log(
  `${packages.length} packages, ${prog.diagnostics.items.length} errors, ${crashes} crashes; parse ${prog.parseMs.toFixed(0)} ms, check ${prog.checkMs.toFixed(0)} ms`,
);
process.exitCode = prog.diagnostics.items.length + crashes === 0 ? 0 : 1;

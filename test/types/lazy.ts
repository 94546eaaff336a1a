// Checks all of std twice: with bodies at once, and with lazy bodies checked one by one in reverse order afterwards. Both must
// be free of errors, and the same expressions must have the same types.
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import type { Expr } from '../../src/syntax/ast.ts';
import { checkBody } from '../../src/types/check.ts';
import { typeString } from '../../src/types/typestring.ts';
import { Loader, listPackages } from './loader.ts';

const list = listPackages(process.argv.length > 2 ? process.argv.slice(2) : ['std'], 'js', '.');
const errors = new DiagnosticList();
const eager = new Loader(list, errors);
const lazy = new Loader(list, errors, { lazyBodies: true, trusted: true });
for (const p of list) if (p.ImportPath !== 'unsafe') eager.load(p.ImportPath);
for (const p of list) if (p.ImportPath !== 'unsafe') lazy.load(p.ImportPath);
console.log(`eager: check ${eager.times.check.toFixed(0)} ms; lazy, declarations: ${lazy.times.check.toFixed(0)} ms`);
let early = 0;
let bodies = 0;
const t0 = performance.now();
for (const c of [...lazy.checked.values()].reverse()) {
  for (const f of c.funcs) {
    bodies++;
    if (f.bodyDone) early++;
  }
}
for (const c of [...lazy.checked.values()].reverse()) for (const f of [...c.funcs].reverse()) checkBody(c, f);
console.log(`${bodies} functions, ${early} checked for the initialization order; the rest: ${(performance.now() - t0).toFixed(0)} ms`);

let differ = 0;
let compared = 0;
for (const [path, a] of eager.checked) {
  const b = lazy.checked.get(path)!;
  // Both loaders give the files of a package their ids in the same order.
  const last = a.checker.conf.files.at(-1);
  const n = last === undefined ? 0 : last.idHi - a.info.lo;
  for (let i = 0; i < n; i++) {
    const ta = a.info.typeOf({ id: a.info.lo + i } as Expr);
    const tb = b.info.typeOf({ id: b.info.lo + i } as Expr);
    if (ta === null && tb === null) continue;
    compared++;
    if (ta !== null && tb !== null && typeString(ta, null) === typeString(tb, null)) continue;
    if (differ++ < 20)
      console.log(
        `${path} expression ${i}: ${ta === null ? 'none' : typeString(ta, null)} and ${tb === null ? 'none' : typeString(tb, null)}`,
      );
  }
  if (a.info.initOrder.length !== b.info.initOrder.length) {
    differ++;
    console.log(`${path}: initialization orders differ in length`);
  } else {
    a.info.initOrder.forEach((x, i) => {
      const names = (l: readonly { name: string }[]): string => l.map((v) => v.name).join();
      if (names(x.lhs) === names(b.info.initOrder[i].lhs)) return;
      if (differ++ < 20) console.log(`${path}: initialization ${i}: ${names(x.lhs)} and ${names(b.info.initOrder[i].lhs)}`);
    });
  }
}
for (const d of errors.items.slice(0, 20)) console.log(`${lazy.fileSet.format(d.pos)}: ${d.message}`);
console.log(`${compared} expressions compared, ${differ} differ, ${errors.items.length} errors`);
process.exit(differ + errors.items.length > 0 ? 1 : 0);

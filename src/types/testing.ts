// Helpers of this folder's tests: check a source text, and name what is found in it.
import { DiagnosticList } from '../base/diagnostic.ts';
import { FileSet } from '../source/fileset.ts';
import { parseFile } from '../syntax/parser.ts';
import type { CheckedPackage } from './check.ts';
import { checkPackage } from './check.ts';
import type { Config } from './checker.ts';
import type { Obj, Package } from './model.ts';
import { wasmSizes } from './sizes.ts';
import { unsafePackage } from './universe.ts';

/** A checked text and the messages about it, as gc prints them with the file name p.go. */
export interface Result {
  readonly checked: CheckedPackage;
  readonly messages: string[];
  /** Returns the package-level object of that name. */
  readonly obj: (name: string) => Obj;
}

/** Checks one file. imports are packages checked before. */
export function checkText(text: string, options: Partial<Config> = {}, imports: Record<string, Package> = {}): Result {
  const fileSet = new FileSet();
  const sink = new DiagnosticList();
  const file = parseFile(fileSet, 'p.go', new TextEncoder().encode(text), sink);
  const checked = checkPackage({
    path: 'p',
    files: [file],
    fileSet,
    sizes: wasmSizes,
    goVersion: 'go1.26',
    sink,
    importer: (path) => (path === 'unsafe' ? unsafePackage : (imports[path] ?? 'no such package')),
    ...options,
  });
  const messages = sink.items.map((d) =>
    [`${fileSet.format(d.pos)}: ${d.message}`, ...d.related.map((r) => `\t${fileSet.format(r.pos)}: ${r.message}`)].join('\n'),
  );
  return {
    checked,
    messages,
    obj: (name) => {
      const o = checked.pkg.scope.lookup(name);
      if (o === null) throw new Error(`no ${name} in the package`);
      return o;
    },
  };
}

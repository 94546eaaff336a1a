// Checks whole programs package by package, as the compiler's driver does, for tests and measurements.
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { FileSet } from '../../src/source/fileset.ts';
import type { File } from '../../src/syntax/ast.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { checkPackage, type CheckedPackage } from '../../src/types/check.ts';
import type { Package } from '../../src/types/model.ts';
import { wasmSizes } from '../../src/types/sizes.ts';
import { unsafePackage } from '../../src/types/universe.ts';
import { goList, packageFiles, type ListedPackage } from './golist.ts';

/** Processor time used so far, by all threads: wall time says little on a busy machine. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Packages by import path, parsed and checked when they are first imported. */
export class Program {
  readonly fileSet = new FileSet();
  readonly diagnostics = new DiagnosticList();
  private readonly listed = new Map<string, ListedPackage>();
  private readonly checked = new Map<string, CheckedPackage>();
  parseMs = 0;
  checkMs = 0;
  /** Check no bodies of imported packages. */
  declarationsOnly = false;

  add(packages: readonly ListedPackage[]): void {
    for (const p of packages) if (!this.listed.has(p.ImportPath)) this.listed.set(p.ImportPath, p);
  }

  /** Asks `go list` for a package that is not known yet. */
  import(path: string): Package | string {
    if (path === 'unsafe') return unsafePackage;
    if (path.startsWith('/')) return `import ${path}: cannot import absolute path`;
    if (!this.listed.has(path)) this.add(goList([path]));
    const p = this.listed.get(path);
    if (p === undefined || p.GoFiles === undefined || p.GoFiles.length === 0) return `package ${path} is not in std`;
    return this.check(path).pkg;
  }

  check(path: string): CheckedPackage {
    let done = this.checked.get(path);
    if (done !== undefined) return done;
    const p = this.listed.get(path)!;
    for (const i of p.Imports ?? []) if (i !== 'unsafe' && i !== 'C' && this.listed.has(i)) this.check(i);
    const t0 = cpuMs();
    const files = packageFiles(p).map((f) => parseFile(this.fileSet, f.name, f.bytes, this.diagnostics));
    const t1 = cpuMs();
    done = this.checkFiles(path, files, p.Standard === true ? 'go1.26' : '', p.ImportMap);
    this.parseMs += t1 - t0;
    this.checkMs += cpuMs() - t1;
    this.checked.set(path, done);
    return done;
  }

  private checkFiles(path: string, files: File[], goVersion: string, importMap?: Record<string, string>): CheckedPackage {
    return checkPackage({
      path,
      files,
      fileSet: this.fileSet,
      sizes: wasmSizes,
      goVersion,
      sink: this.diagnostics,
      importer: (imp) => this.import(importMap?.[imp] ?? imp),
      ignoreFuncBodies: this.declarationsOnly,
    });
  }
}

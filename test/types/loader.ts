// A package loader for the checker's oracles: asks the installed go command for files and import maps, and parses them.
// Independent of src/load, so that the checker can be tested alone.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { DiagnosticSink } from '../../src/base/diagnostic.ts';
import { FileSet } from '../../src/source/fileset.ts';
import type { File } from '../../src/syntax/ast.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import type { CheckedPackage } from '../../src/types/check.ts';
import { checkPackage } from '../../src/types/check.ts';
import type { Config } from '../../src/types/checker.ts';
import type { Package } from '../../src/types/model.ts';
import { wasmSizes } from '../../src/types/sizes.ts';
import { unsafePackage } from '../../src/types/universe.ts';

/** What `go list -json` tells of a package. */
export interface Listed {
  ImportPath: string;
  Name: string;
  Dir: string;
  GoFiles?: string[];
  SFiles?: string[];
  ImportMap?: Record<string, string>;
  Imports?: string[];
  Module?: { GoVersion?: string };
}

/** Lists packages with all their dependencies, dependencies first. */
export function listPackages(patterns: readonly string[], goos: string, cwd: string): Listed[] {
  const env = { ...process.env, GOOS: goos, GOARCH: 'wasm', CGO_ENABLED: '0', GOWORK: 'off' };
  const args = ['list', '-deps', '-e', '-json=ImportPath,Name,Dir,GoFiles,SFiles,ImportMap,Imports,Module', ...patterns];
  const out = execFileSync('go', args, { env, cwd, maxBuffer: 1 << 28, encoding: 'utf8' });
  return out
    .split(/^\}\n/m)
    .filter((s) => s.trim() !== '')
    .map((s) => JSON.parse(s + '}') as Listed);
}

/** Times of the phases, in ms. */
export interface Times {
  parse: number;
  check: number;
}

/** Parses and checks packages on demand. */
export class Loader {
  readonly fileSet = new FileSet();
  readonly checked = new Map<string, CheckedPackage>();
  readonly times: Times = { parse: 0, check: 0 };
  lines = 0;
  private readonly listed: ReadonlyMap<string, Listed>;
  private readonly sink: DiagnosticSink;
  private readonly options: Partial<Config>;

  constructor(list: readonly Listed[], sink: DiagnosticSink, options: Partial<Config> = {}) {
    this.listed = new Map(list.map((p) => [p.ImportPath, p]));
    this.sink = sink;
    this.options = options;
  }

  /** Returns the package, which it checks if that isn't done; a message if there is none. */
  load(path: string): CheckedPackage | string {
    const done = this.checked.get(path);
    if (done !== undefined) return done;
    const p = this.listed.get(path);
    if (p === undefined) return `package ${path} is not in std`;
    // Dependencies first, so that parsing and checking are timed apart.
    for (const imp of p.Imports ?? []) if (imp !== 'unsafe' && imp !== 'C') this.load(imp);
    const t0 = performance.now();
    const files: File[] = (p.GoFiles ?? []).map((f) => {
      const name = `${p.Dir}/${f}`;
      const file = parseFile(this.fileSet, name, readFileSync(name), this.sink);
      this.lines += file.source.lines.length;
      return file;
    });
    const t1 = performance.now();
    const version = p.Module?.GoVersion;
    const checked = checkPackage({
      path,
      files,
      fileSet: this.fileSet,
      sizes: wasmSizes,
      goVersion: version === undefined ? 'go1.26' : `go${version}`,
      sink: this.sink,
      importer: (imp) => this.importer(p, imp),
      ...this.options,
    });
    const t2 = performance.now();
    this.times.parse += t1 - t0;
    this.times.check += t2 - t1;
    this.checked.set(path, checked);
    return checked;
  }

  private importer(from: Listed, path: string): Package | string {
    if (path === 'unsafe') return unsafePackage;
    const r = this.load(from.ImportMap?.[path] ?? path);
    return typeof r === 'string' ? r : r.pkg;
  }
}

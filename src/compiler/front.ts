// The front half of a compilation: a loaded program's files are parsed and checked, package after package in dependency
// order. Bodies of the standard library are left for later (the builder asks for those it reaches); user code is checked whole.

import type { Diagnostic, DiagnosticSink } from '../base/diagnostic.ts';
import { Severity } from '../base/diagnostic.ts';
import type { InitOrder, SourcePackage } from '../build/package.ts';
import type { LoadedPackage, LoadedProgram } from '../load/program.ts';
import { FileSet } from '../source/fileset.ts';
import type { File, FuncDecl } from '../syntax/ast.ts';
import { checkDirectives } from '../syntax/directive-check.ts';
import { parseFile } from '../syntax/parser.ts';
import { checkBody, checkPackage, type CheckedPackage } from '../types/check.ts';
import { checkHostFuncs } from '../types/hostfuncs.ts';
import { ObjKind, type Func, type Package, type Var } from '../types/model.ts';
import { wasmSizes } from '../types/sizes.ts';
import { unsafePackage } from '../types/universe.ts';

/** What is wrong with one package. */
export interface PackageErrors { readonly loaded: LoadedPackage; readonly diagnostics: readonly Diagnostic[] }

/** All packages, checked. */
export interface Front {
  readonly fset: FileSet;
  /** In dependency order; packages with errors, and those that import them, are missing. */
  readonly packages: FrontPackage[];
  readonly errors: PackageErrors[];
  /** Time spent, in ms. */
  readonly parseTime: number;
  readonly checkTime: number;
}

/** A diagnostics sink per package. */
class PackageSink implements DiagnosticSink {
  readonly items: Diagnostic[] = [];
  errors = 0;
  report(d: Diagnostic): void {
    this.items.push(d);
    if (d.severity === Severity.error) this.errors++;
  }
}

export class FrontPackage implements SourcePackage {
  readonly loaded: LoadedPackage;
  readonly checked: CheckedPackage;
  readonly files: readonly File[];
  readonly imports: readonly FrontPackage[];
  readonly path: string;
  readonly sink: PackageSink;
  readonly plan: InitOrder | null;

  constructor(loaded: LoadedPackage, checked: CheckedPackage, files: readonly File[], imports: readonly FrontPackage[], sink: PackageSink, plan: InitOrder | null) {
    this.loaded = loaded;
    this.checked = checked;
    this.files = files;
    this.imports = imports;
    this.path = loaded.symbolPath;
    this.sink = sink;
    this.plan = plan;
  }

  get vars(): readonly Var[] { return this.checked.vars; }
  get pkg(): Package { return this.checked.pkg; }
  get info(): CheckedPackage['info'] { return this.checked.info; }
  get std(): boolean { return this.loaded.std; }

  checkBody(f: Func): void { checkBody(this.checked, f); }
  broken(): boolean { return this.sink.errors !== 0; }

  embedded(pattern: string): readonly { readonly name: string; readonly data: Uint8Array }[] {
    const found = this.loaded.embedPatterns.find((p) => p.pattern === pattern);
    if (found === undefined) return [];
    return found.files.map((name) => this.loaded.embedFiles.find((f) => f.name === name)!);
  }
}

/**
 * Keeps checked packages from one program to the next, for those who compile many in one process: the standard library by
 * path, other packages as long as they are the same object.
 */
export class FrontSession {
  readonly fset = new FileSet();
  private readonly std = new Map<string, FrontPackage>();
  private readonly others = new WeakMap<LoadedPackage, FrontPackage>();

  find(loaded: LoadedPackage): FrontPackage | undefined {
    return isShared(loaded) ? this.std.get(loaded.path) : this.others.get(loaded);
  }

  keep(p: FrontPackage): void {
    if (isShared(p.loaded)) this.std.set(p.loaded.path, p);
    else this.others.set(p.loaded, p);
  }
}

/** Whether the package is the same in all programs of a session. */
function isShared(loaded: LoadedPackage): boolean {
  return loaded.std && loaded.forTest === '';
}

/** How to check. */
export interface FrontOptions {
  /** Bodies of the standard library too. */
  readonly checkAll?: boolean;
  readonly trace?: (pkg: string) => void;
  readonly session?: FrontSession | undefined;
  /** The order of initialisation that an earlier build found; such packages are checked as far as somebody asks. */
  readonly orderOf?: ((p: LoadedPackage) => InitOrder | null) | undefined;
  /** Whether functions of user code must have bodies, as they must where there is no assembler; default true. */
  readonly complete?: boolean;
  /** What is wrong with an import path that names no loaded package. */
  readonly importError?: (path: string) => string;
}

/** Parses and checks all packages of the program. */
export function runFront(program: LoadedProgram, options: FrontOptions = {}): Front {
  const session = options.session ?? new FrontSession();
  const fset = session.fset;
  const done = new Map<LoadedPackage, FrontPackage | null>();
  const front = { fset, packages: [] as FrontPackage[], errors: [] as PackageErrors[], parseTime: 0, checkTime: 0 };
  for (const loaded of program.packages) {
    const kept = session.find(loaded);
    if (kept !== undefined) { done.set(loaded, kept); front.packages.push(kept); continue; }
    const imports = [...new Set(loaded.imports.values())].map((p) => done.get(p) ?? null);
    if (imports.includes(null)) { done.set(loaded, null); continue; }
    options.trace?.(loaded.path);
    const p = frontPackage(loaded, fset, imports as FrontPackage[], done, options, front);
    done.set(loaded, p);
    if (p !== null) front.packages.push(p);
    if (p !== null) session.keep(p);
  }
  return front;
}

function frontPackage(
  loaded: LoadedPackage, fset: FileSet, imports: FrontPackage[], done: ReadonlyMap<LoadedPackage, FrontPackage | null>, options: FrontOptions,
  front: { errors: PackageErrors[]; parseTime: number; checkTime: number },
): FrontPackage | null {
  const sink = new PackageSink();
  const start = performance.now();
  const late = { next: 0 };
  const lazy = loaded.std && options.checkAll !== true;
  const files = loaded.files.map((f) => parseFile(fset, f.displayName, f.text, sink, lazy ? { lateIds: late } : {}));
  late.next = fset.nextExprId;
  const parsed = performance.now();
  front.parseTime += parsed - start;
  // Like gc: only what is worded as a syntax error keeps a package from being checked.
  if (sink.items.some((d) => d.message.startsWith('syntax error'))) {
    front.errors.push({ loaded, diagnostics: sink.items });
    return null;
  }
  const plan = lazy ? (options.orderOf?.(loaded) ?? null) : null;
  const checked = checkPackage({
    path: loaded.path, name: loaded.name, files, fileSet: fset, sizes: wasmSizes, goVersion: loaded.std ? '' : `go${loaded.goVersion}`, sink,
    importer: (path) => importPackage(path, loaded, done, options), lazyBodies: lazy, lazyDecls: plan !== null, trusted: loaded.std,
    complete: !loaded.std && options.complete !== false, linknamed: (f) => hasImplementation(f, files),
  });
  // gc looks for missing bodies and at directives at the same time, after the rest.
  if (!loaded.std && sink.items.every((d) => d.message === 'missing function body')) directives(loaded, checked, files, sink, options.complete !== false);
  if (!loaded.std && sink.errors === 0) checkHostFuncs(checked);
  front.checkTime += performance.now() - parsed;
  if (sink.errors !== 0) {
    front.errors.push({ loaded, diagnostics: sink.items });
    return null;
  }
  if (plan !== null) takeOrder(checked, plan);
  return new FrontPackage(loaded, checked, files, imports, sink, plan);
}

/** Puts the package's initialisers in a known order. */
function takeOrder(checked: CheckedPackage, plan: InitOrder): void {
  const { vars } = checked;
  checked.info.initOrder = plan.steps.map(([lhs]) => ({ lhs: lhs.map((i) => vars[i]!), rhs: vars[lhs[0]!]!.decl!.init! }));
}

/** Looks at the directives of a package that is otherwise right, as gc does. */
function directives(loaded: LoadedPackage, checked: CheckedPackage, files: readonly File[], sink: PackageSink, complete: boolean): void {
  const linknamed = new Set<string>();
  const hasFuncOrVar = (name: string): boolean => {
    const o = checked.pkg.scope.lookup(name);
    return o !== null && (o.kind === ObjKind.Func || o.kind === ObjKind.Var);
  };
  const goMinor = Number(loaded.goVersion.split('.')[1] ?? 0);
  for (const f of files) checkDirectives(f, { std: false, runtime: false, complete, goMinor, lang: `go${loaded.goVersion}`, hasFuncOrVar, linknamed }, sink);
}

function importPackage(path: string, from: LoadedPackage, done: ReadonlyMap<LoadedPackage, FrontPackage | null>, options: FrontOptions): Package | string {
  if (path === 'unsafe') return unsafePackage;
  const p = from.imports.get(path);
  const f = p === undefined ? undefined : done.get(p);
  return f === undefined || f === null ? (options.importError?.(path) ?? `could not import ${path}`) : f.pkg;
}

/** Whether a function without a body gets one from elsewhere: a linkname, a host import. */
function hasImplementation(f: FuncDecl, files: readonly File[]): boolean {
  if (f.pragmas.some((p) => p.name === 'go:wasmimport' || p.name === 'goloom:kernel')) return true;
  const name = f.name.name;
  return files.some((file) => file.pragmas.some((p) => p.name === 'go:linkname' && p.args.split(/\s+/)[0] === name));
}


// Loading for `test`: for each package that the patterns name, the program that runs its tests. That program is made of the
// package with its own test files, of the external test package, of a generated main package, and of everything between
// them that has to be compiled against the package with its tests instead of the package as it is (testcopy.ts).
import type { Folder, FolderFile } from './folder.ts';
import { readNamedFiles, readTestFiles } from './folder.ts';
import { readHeader } from './header.ts';
import { debugSettings, Loader } from './load.ts';
import type { LoadOptions, Node } from './load.ts';
import { mainModuleOf } from './modules.ts';
import { basename, resolve } from './paths.ts';
import { isLocalPattern, PatternMatcher } from './patterns.ts';
import type { PatternMatch } from './patterns.ts';
import { FatalLoadError, LoadError } from './program.ts';
import type { LoadedPackage, LoadedProgram, Module } from './program.ts';
import { ResolveError } from './resolve.ts';
import { copyForTest } from './testcopy.ts';
import { findTestFuncs } from './testfuncs.ts';
import { testMainImports, testMainSource } from './testmain.ts';

/** One package that `test` was asked to test. */
export interface TestTarget {
  readonly path: string;
  /** Its folder, where the tests run. */
  readonly dir: string;
  /** Name of the package clause. */
  readonly name: string;
  readonly hasTests: boolean;
  /** What to build: the test program, or the package alone if it has no tests. Undefined where there are errors. */
  readonly program: LoadedProgram | undefined;
  /** The package alone, where another target imports it: its errors are said of that, and only once. */
  readonly plain: LoadedProgram | undefined;
  /** What keeps it from being built, in the go command's words. */
  readonly errors: readonly string[];
}

/** The targets in the order of the patterns, each once, and the warnings about the patterns. */
export interface TestLoadResult {
  readonly targets: readonly TestTarget[];
  readonly warnings: readonly string[];
}

/** Loads the tests of the packages that the patterns name. */
export function loadTests(patterns: readonly string[], options: LoadOptions): TestLoadResult {
  return new TestLoader(options).loadTests(patterns);
}

/** Loads the named files, some of which are tests, as the package `command-line-arguments`. */
export function loadTestFiles(paths: readonly string[], options: LoadOptions): TestLoadResult {
  return new TestLoader(options).loadTestFiles(paths);
}

/** A package under test while its program is put together. */
interface Subject {
  readonly path: string;
  readonly std: boolean;
  readonly module: Module | undefined;
  readonly folder: Folder;
  readonly name: string;
  /** The package as others import it. */
  readonly plain: LoadedPackage;
  readonly own: readonly FolderFile[];
  readonly external: readonly FolderFile[];
}

class TestLoader extends Loader {
  loadTests(patterns: readonly string[]): TestLoadResult {
    const matcher = new PatternMatcher(this.files, this.options.cwd, this.goroot.dir, this.modules);
    const targets = new Map<string, TestTarget>();
    const warnings: string[] = [];
    this.loadImplicit();
    for (const pattern of patterns) {
      const before = targets.size;
      const match = this.match(matcher, pattern);
      if (!('paths' in match)) {
        targets.set(pattern, match);
        continue;
      }
      for (const path of match.paths) {
        const target = targets.get(path) ?? this.loadTarget(path, match);
        if (target !== undefined) targets.set(path, target);
      }
      if (match.isWild && targets.size === before) warnings.push(`go: warning: "${pattern}" matched no packages`);
    }
    return { targets: this.markImported([...targets.values()]), warnings };
  }

  loadTestFiles(paths: readonly string[]): TestLoadResult {
    const dir = this.checkNamedFiles(paths);
    const full = paths.map((path) => resolve(this.options.cwd, path));
    this.loadImplicit();
    const folder = readNamedFiles(this.files, dir, full, this.context);
    return { targets: [this.makeTarget('command-line-arguments', false, mainModuleOf(this.modules, dir), folder, true)], warnings: [] };
  }

  private markImported(targets: readonly TestTarget[]): TestTarget[] {
    const imported = new Set(targets.flatMap(({ path }) => [...(this.done.get(path)?.imports.values() ?? [])]));
    return targets.map((target) => {
      const plain = this.done.get(target.path);
      if (plain === undefined || !target.hasTests || !imported.has(plain)) return target;
      return { ...target, plain: this.checkOnly(plain) };
    });
  }

  private match(matcher: PatternMatcher, pattern: string): PatternMatch | TestTarget {
    try {
      return matcher.match(pattern);
    } catch (error) {
      if (!(error instanceof LoadError) || error instanceof FatalLoadError) throw error;
      return failed(pattern, '', error.messages);
    }
  }

  private loadTarget(path: string, { pattern, isWild }: PatternMatch): TestTarget | undefined {
    try {
      const { dir, std, module } = this.resolver.resolve(path);
      const folder = this.read(path, dir, std);
      if (isWild && folder.error?.kind === 'no-go-files' && readTestFiles(this.files, folder, this.context, false).files.length === 0) return undefined;
      return this.makeTarget(path, std, module, folder, false);
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error;
      if (isLocalPattern(pattern)) return failed(pattern, '', [`no Go files in ${resolve(this.options.cwd, pattern)}`]);
      return failed(path, '', [error.message]);
    }
  }

  private makeTarget(path: string, std: boolean, module: Module | undefined, folder: Folder, always: boolean): TestTarget {
    const { dir } = folder;
    try {
      const tests = readTestFiles(this.files, folder, this.context, always);
      const isBroken = tests.error !== undefined && tests.error.kind !== 'no-go-files' && tests.error.kind !== 'multiple-packages';
      if (isBroken) this.build(path, std, module, { ...tests, error: tests.error });
      const name = folder.name !== '' ? folder.name : (tests.files[0]?.header.packageName ?? '').replace(/_test$/, '');
      const onlyTests = folder.error?.kind === 'no-go-files' && tests.files.length > 0;
      if (onlyTests) this.done.set(path, this.emptyPackage(path, name, std, module, folder));
      const plain = isBroken ? undefined : this.done.has(path) && onlyTests ? this.done.get(path) : this.plainPackage(path, std, module, folder);
      const errors = this.takeErrors();
      if (plain === undefined || errors.length > 0) return failed(path, dir, errors);
      if (tests.files.length === 0) return { path, dir, name, hasTests: false, program: this.checkOnly(plain), plain: undefined, errors: [] };
      const isExternal = (file: FolderFile): boolean => file.header.packageName !== name && file.header.packageName.endsWith('_test');
      const own = tests.files.filter((file) => !isExternal(file));
      const subject = { path, std, module, folder, name, plain, own, external: tests.files.filter(isExternal) };
      return { path, dir, name, hasTests: true, program: this.testProgram(subject), plain: undefined, errors: [] };
    } catch (error) {
      if (!(error instanceof LoadError) || error instanceof FatalLoadError) throw error;
      return failed(path, dir, error.messages);
    }
  }

  private plainPackage(path: string, std: boolean, module: Module | undefined, folder: Folder): LoadedPackage | undefined {
    if (path === 'command-line-arguments') return this.build(path, std, module, folder);
    return this.visit(path, folder.dir, std, module, '');
  }

  /** What stands for a package that has test files only, until those are added. */
  private emptyPackage(path: string, name: string, std: boolean, module: Module | undefined, folder: Folder): LoadedPackage {
    return this.makePackage({ path, std, module, folder: { ...folder, name }, imports: new Map(), embedPatterns: [], embedFiles: [] });
  }

  /** The package as something to be checked; without a root there is nothing to link. */
  private checkOnly(loaded: LoadedPackage): LoadedProgram {
    return this.makeProgram(copyForTest([...this.loadImplicit(), loaded], undefined, undefined).packages, [], '');
  }

  /** Puts the program together. Throws LoadError. */
  private testProgram(subject: Subject): LoadedProgram {
    const { path, name, plain, own, external, folder } = subject;
    for (const file of own) {
      const found = file.header.packageName;
      if (found === name) continue;
      const first = basename((folder.files[0] ?? own[0]!).path);
      throw new LoadError([`found packages ${name} (${first}) and ${found} (${basename(file.path)}) in ${folder.dir}`]);
    }
    const ownTests = own.length > 0 || name === 'main' ? this.variant(subject, path, name, [...folder.files, ...own], `${path} (test)`) : undefined;
    const externalTests = external.length > 0 ? this.variant(subject, `${path}_test`, `${name}_test`, external, `${path}_test`) : undefined;
    const tested = ownTests ?? plain;
    const imports = new Map<string, LoadedPackage>();
    for (const needed of testMainImports) imports.set(needed, this.loadStandard(needed)!);
    if (tested.files.length > 0) imports.set(path, plain);
    if (externalTests !== undefined) imports.set(externalTests.path, externalTests);
    const main = this.mainPackage(subject, imports, tested.files.length > 0);
    const { packages, cycle } = copyForTest([...this.loadImplicit(), main], plain, ownTests);
    if (cycle !== undefined) throw new LoadError([cycle]);
    return this.makeProgram(packages, [packages.at(-1)!], this.godebug(main, debugSettings([...folder.files, ...own, ...external])));
  }

  /** The package made of the files, for this test only. */
  private variant(subject: Subject, path: string, name: string, files: readonly FolderFile[], shown: string): LoadedPackage {
    // Rules about who may import what see the package under test, whose folder it is.
    const folder = { ...subject.folder, name, files, error: undefined };
    const node: Node = { path: subject.path, std: subject.std, module: subject.module, folder, imports: new Map(), embedPatterns: [], embedFiles: [] };
    this.resolveAll(node, { path: shown, from: '' });
    // Of what the tests alone import, the go command says the first thing that is wrong.
    const [error] = this.takeErrors();
    if (error !== undefined) throw new LoadError([error]);
    return { ...this.makePackage(node), path, symbolPath: path, forTest: subject.path };
  }

  private mainPackage(subject: Subject, imports: ReadonlyMap<string, LoadedPackage>, hasOwn: boolean): LoadedPackage {
    const { path, module, plain } = subject;
    const toTestFile = (external: boolean) => (file: FolderFile) => ({ path: file.path, text: file.text, external });
    const files = [...subject.own.map(toTestFile(false)), ...subject.external.map(toTestFile(true))];
    const source = testMainSource({ importPath: path, modulePath: module?.path ?? '', funcs: findTestFuncs(files), hasOwn, hasExternal: subject.external.length > 0 });
    const text = new TextEncoder().encode(source);
    const file = { path: '_testmain.go', displayName: '_testmain.go', text, goVersion: '', imports: readHeader(text).imports, embeds: [] };
    return {
      path: `${path}.test`,
      symbolPath: 'main',
      name: 'main',
      forTest: path,
      dir: subject.folder.dir,
      std: false,
      module,
      goVersion: plain.goVersion,
      files: [file],
      imports,
      embedPatterns: [],
      embedFiles: [],
    };
  }

  private takeErrors(): string[] {
    return [...new Set(this.messages.splice(0))];
  }
}

function failed(path: string, dir: string, errors: readonly string[]): TestTarget {
  return { path, dir, name: '', hasTests: false, program: undefined, plain: undefined, errors };
}

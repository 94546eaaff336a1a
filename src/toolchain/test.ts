// `test` up to the point where there is something to run: finds the packages to test and builds their test programs, one after
// the other in this process, so that what is the same in all of them is checked once.
//
// The cache answers at two levels. The command as a whole is an action like any other: where no file changed, neither loader
// nor compiler is loaded. Each program has an action of its own beside it, whose key is all that the program is made of, so
// that of many packages only those are compiled again that changed.
import { hashBytes, inputState, lookUp, programPath, store } from '../compiler/cache.ts';
import type { CachedTest } from '../compiler/cache.ts';
import type { TestTarget } from '../load/tests.ts';
import type { LoadedPackage, LoadedProgram } from '../load/program.ts';
import { hasPathPrefix } from '../load/paths.ts';
import { buildSettings, cacheKey, loadOptions } from './build.ts';
import type { PackageReport, TestCompiler } from './compile.ts';
import { installation } from './identity.ts';
import type { Installation } from './identity.ts';
import { nodeFiles } from './node-files.ts';
import { recordFiles } from './recorded-files.ts';
import type { BuildRequest } from './request.ts';

/** One package to test. */
export interface TestPackage {
  readonly path: string;
  /** Where its tests run. */
  readonly dir: string;
  readonly name: string;
  readonly hasTests: boolean;
  /** Why there is nothing to build. */
  readonly errors: readonly string[];
  /** Builds its test program; a package without tests is only checked. */
  build(): TestBuild;
}

/** What building a test program came to. */
export interface TestBuild {
  /** Undefined where there are errors or no tests. */
  readonly program: TestProgram | undefined;
  /** Compile errors by package, in the order of compilation. */
  readonly reports: readonly PackageReport[];
}

/** A test program: in memory, or in a file of the cache. */
export type TestProgram = { readonly wasm: Uint8Array<ArrayBuffer> } | { readonly file: string };

/** The packages that a request's targets name. */
export interface TestPackages {
  readonly packages: readonly TestPackage[];
  readonly warnings: readonly string[];
  /** To be called when all have been built: the next command with the same words need not load anything. */
  remember(): void;
}

/** Finds the packages. */
export async function findTestPackages(request: BuildRequest): Promise<TestPackages> {
  const install = installation();
  const key = cacheKey(request, install);
  const cached = request.force || request.dryRun ? undefined : lookUp(request.cache, key);
  if (cached?.action.tests !== undefined) {
    const packages = cached.action.tests.map((test) => fromCache(test, request.cache));
    return { packages, warnings: cached.action.about.warnings, remember: () => {} };
  }
  const { loadTestFiles, loadTests } = await import('../load/tests.ts');
  const { TestCompiler } = await import('./compile.ts');
  const { stdFolders } = await import('./std-folders.ts');
  const recorded = recordFiles(nodeFiles(), [`${request.environment.goroot}/src`, ...(install.isPacked ? [install.overlay] : [])]);
  const folders = stdFolders(request, install);
  const options = { ...loadOptions(request, install, recorded.files), ...(folders === undefined ? {} : { stdFolders: folders }) };
  const { targets, warnings } = request.areFiles ? loadTestFiles(request.targets, options) : loadTests(request.targets, options);
  folders?.write();
  const inputs = [...recorded.asked].map(([path, question]) => inputState(path, question));
  const builder = new TestBuilder(request, install, new TestCompiler(request, install));
  const count = targets.length;
  const remember = (): void => {
    if (builder.built.length !== count) return;
    store(request.cache, { key, inputs, program: '', programSize: 0, about: { warnings, path: '' }, tests: builder.built }, undefined);
  };
  return { packages: targets.map((target) => builder.toPackage(target)), warnings, remember };
}

function fromCache(test: CachedTest, cache: string): TestPackage {
  const program = test.program === '' ? undefined : { file: programPath(cache, test.program) };
  return { path: test.path, dir: test.dir, name: test.name, hasTests: program !== undefined, errors: [], build: () => ({ program, reports: [] }) };
}

/** Builds test programs that the command's own action does not have. */
class TestBuilder {
  /** Those without errors. */
  readonly built: CachedTest[] = [];
  private readonly request: BuildRequest;
  private readonly install: Installation;
  private readonly compiler: TestCompiler;
  private readonly packageKeys = new WeakMap<LoadedPackage, string>();

  constructor(request: BuildRequest, install: Installation, compiler: TestCompiler) {
    this.request = request;
    this.install = install;
    this.compiler = compiler;
  }

  toPackage(target: TestTarget): TestPackage {
    const { path, dir, name, hasTests, errors } = target;
    // What only this program is made of, its packages' variants for the test among it, must not outlive its compilation.
    let rest: TestTarget | undefined = target;
    const build = (): TestBuild => {
      const once = rest!;
      rest = undefined;
      return this.build(once);
    };
    return { path, dir, name, hasTests, errors, build };
  }

  private build(target: TestTarget): TestBuild {
    const { request } = this;
    const key = this.programKey(target.program!);
    const cached = request.force ? undefined : lookUp(request.cache, key);
    if (cached !== undefined) return this.note(target, cached.action.program, cached.wasm);
    const plain = target.plain === undefined ? [] : this.compiler.compile(target.plain).reports;
    const { wasm, reports } = plain.length > 0 ? { wasm: undefined, reports: plain } : this.compiler.compile(target.program!);
    if (reports.length > 0) return { program: undefined, reports };
    const program = wasm === undefined ? '' : hashBytes(wasm);
    store(request.cache, { key, inputs: [], about: { warnings: [], path: target.path }, program, programSize: wasm?.length ?? 0 }, wasm);
    return this.note(target, program, wasm);
  }

  private note(target: TestTarget, program: string, wasm: Uint8Array<ArrayBuffer> | undefined): TestBuild {
    this.built.push({ path: target.path, dir: target.dir, name: target.name, program, programSize: wasm?.length ?? 0 });
    return { program: wasm === undefined ? undefined : { wasm }, reports: [] };
  }

  /** All that a program is made of. Packages that are GOROOT's alone are those of its VERSION. */
  private programKey(program: LoadedProgram): string {
    const packages = program.packages.map((loaded) => this.packageKey(loaded)).filter((text) => text !== '');
    return JSON.stringify(['test', buildSettings(this.request, this.install), program.goVersion, program.godebug, program.roots.map((root) => root.path), program.packages.at(-1)!.path, packages]);
  }

  private packageKey(loaded: LoadedPackage): string {
    let key = this.packageKeys.get(loaded);
    if (key === undefined) this.packageKeys.set(loaded, (key = this.makePackageKey(loaded)));
    return key;
  }

  private makePackageKey(loaded: LoadedPackage): string {
    const isOurs = ({ path }: { path: string }): boolean => hasPathPrefix(path, this.install.overlay);
    if (loaded.std && loaded.forTest === '' && (this.install.isPacked || !loaded.files.some(isOurs))) return '';
    const files = loaded.files.map((file) => [file.displayName, file.path, hashBytes(file.text)]);
    const embedded = loaded.embedFiles.map((file) => [file.name, hashBytes(file.data)]);
    return hashBytes(JSON.stringify([loaded.path, loaded.forTest, loaded.goVersion, loaded.dir, files, loaded.embedPatterns, embedded]));
  }
}

// `test` up to the point where there is something to run: finds the packages to test and compiles their test programs, one
// after the other in this process, so that what is the same in all of them is checked once.
import { loadTestFiles, loadTests } from '../load/tests.ts';
import type { TestTarget } from '../load/tests.ts';
import { loadOptions } from './build.ts';
import { TestCompiler } from './compile.ts';
import type { PackageReport } from './compile.ts';
import { installation } from './identity.ts';
import { nodeFiles } from './node-files.ts';
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
  /** Compiles its test program; a package without tests is only checked. */
  build(): TestBuild;
}

/** What compiling a test program came to. */
export interface TestBuild {
  /** Undefined where there are errors or no tests. */
  readonly wasm: Uint8Array<ArrayBuffer> | undefined;
  /** Compile errors by package, in the order of compilation. */
  readonly reports: readonly PackageReport[];
}

/** Finds the packages that the request's targets name. */
export function findTestPackages(request: BuildRequest): { packages: readonly TestPackage[]; warnings: readonly string[] } {
  const install = installation();
  const options = loadOptions(request, install, nodeFiles());
  const found = request.areFiles ? loadTestFiles(request.targets, options) : loadTests(request.targets, options);
  const compiler = new TestCompiler(request, install);
  return { packages: found.targets.map((target) => toPackage(target, compiler)), warnings: found.warnings };
}

function toPackage(target: TestTarget, compiler: TestCompiler): TestPackage {
  const { path, dir, name, hasTests, errors, program } = target;
  return { path, dir, name, hasTests, errors, build: () => compiler.compile(program!) };
}

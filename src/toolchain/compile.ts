// The way from a loaded program to its wasm: calls the compiler's driver and words its diagnostics as gc does. Loaded
// only when the cache has no program.
import { faultText } from '../base/bug.ts';
import { compileProgram, compileSync } from '../compiler/driver.ts';
import { FrontSession } from '../compiler/front.ts';
import type { ObjectCache } from '../compiler/objects.ts';
import type { CompileOptions } from '../compiler/options.ts';
import { CompileError } from './request.ts';
import type { BuildRequest } from './request.ts';
import { overlayStamp } from './identity.ts';
import type { Installation } from './identity.ts';
import type { LoadedProgram } from '../load/program.ts';
import { formatPackageErrors } from './report.ts';

/** Compiles the program. Throws CompileError with the text to print. */
export async function compileLoaded(
  program: LoadedProgram,
  request: BuildRequest,
  install: Installation,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const result = await compileProgram(program, compileOptions(request, install));
  if (result.errors.length > 0) {
    throw new CompileError(
      result.errors
        .map(({ loaded, diagnostics }) => formatPackageErrors(loaded.path, diagnostics, result.fset, request.gcflags.includes('-e')))
        .join('\n'),
    );
  }
  return result.wasm;
}

function compileOptions(request: BuildRequest, install: Installation): CompileOptions {
  const { gcflags, ldflags, trimpath, trace, environment } = request;
  const objects = request.cache === '' ? undefined : objectCache(request, install);
  return { root: install.root, gcflags, ldflags, trimpath, trace, objects, wasi: environment.goos === 'wasip1' };
}

/** What is wrong with one package. */
export interface PackageReport {
  /** `path`, or `path [tested.test]` for what is compiled for a test. */
  readonly description: string;
  /** The header line and the messages. */
  readonly text: string;
}

/** Compiles test programs one after the other. What of the standard library they share is checked once. */
export class TestCompiler {
  private readonly session = new FrontSession();
  private readonly options: CompileOptions;
  private readonly allErrors: boolean;

  constructor(request: BuildRequest, install: Installation) {
    // testing.Testing reports whether this is a test.
    const ldflags = [...request.ldflags, '-X', 'testing.testBinary=1'];
    this.options = { ...compileOptions({ ...request, ldflags }, install), session: this.session };
    this.allErrors = request.gcflags.includes('-e');
  }

  /** A fault of goloom is the program's alone, too: the others can still be tested. */
  compile(program: LoadedProgram): { wasm: Uint8Array<ArrayBuffer> | undefined; reports: PackageReport[] } {
    try {
      return this.compileOne(program);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const description = program.packages.at(-1)!.path;
      return { wasm: undefined, reports: [{ description, text: `# ${description}\n${faultText(error)}` }] };
    }
  }

  private compileOne(program: LoadedProgram): { wasm: Uint8Array<ArrayBuffer> | undefined; reports: PackageReport[] } {
    const { wasm, errors, fset } = compileSync(program, this.options);
    const reports = errors.map(({ loaded, diagnostics }) => {
      const description = loaded.forTest === '' ? loaded.path : `${loaded.path} [${loaded.forTest}.test]`;
      return { description, text: formatPackageErrors(description, diagnostics, fset, this.allErrors) };
    });
    return { wasm, reports };
  }
}

/** Where compiled functions are kept, and what they depend on besides the sources; switches that only print don't matter. */
function objectCache(request: BuildRequest, install: Installation): ObjectCache {
  const { environment: env, tags, trimpath } = request;
  const settings = JSON.stringify([env.goexperiment, tags, trimpath, request.gcflags.filter((flag) => !/^--?d=(time|stats)$/.test(flag))]);
  return { dir: request.cache, settings, key: JSON.stringify([install.id, overlayStamp(install), settings]), fresh: request.fresh };
}

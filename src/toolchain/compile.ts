// The way from a loaded program to its wasm: calls the compiler's driver and words its diagnostics as gc does. Loaded
// only when the cache has no program.
import { compileProgram } from '../compiler/driver.ts';
import { CompileError } from './request.ts';
import type { BuildRequest } from './request.ts';
import type { Installation } from './identity.ts';
import type { LoadedProgram } from '../load/program.ts';
import { formatPackageErrors } from './report.ts';

/** Compiles the program. Throws CompileError with the text to print. */
export async function compileLoaded(
  program: LoadedProgram,
  request: BuildRequest,
  install: Installation,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const result = await compileProgram(program, {
    root: install.root,
    gcflags: request.gcflags,
    ldflags: request.ldflags,
    trimpath: request.trimpath,
    trace: request.trace,
  });
  if (result.errors.length > 0) {
    throw new CompileError(
      result.errors
        .map(({ loaded, diagnostics }) => formatPackageErrors(loaded.path, diagnostics, result.fset, request.gcflags.includes('-e')))
        .join('\n'),
    );
  }
  return result.wasm;
}

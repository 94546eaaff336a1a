// The public API of the package: builds programs from Go files or packages, and runs them.
import { cacheDir } from '../compiler/cache.ts';
import { buildProgram } from './build.ts';
import { readEnvironment } from './env.ts';
import type { BuildResult } from './request.ts';
import { runWasm } from './run.ts';

export { CompileError } from './request.ts';
export type { BuildEvent, BuildResult } from './request.ts';
export { LoadError } from '../load/program.ts';

/** How to build; everything has a default. */
export interface BuildOptions {
  /** Folder that the targets are relative to; the process's own by default. */
  readonly cwd?: string;
  /** GOROOT, GOOS, GOLOOMCACHE and the like; the process's own by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly tags?: readonly string[];
  readonly gcflags?: readonly string[];
  readonly ldflags?: readonly string[];
  readonly trimpath?: boolean;
  /** The `-mod` flag. */
  readonly mod?: '' | 'mod' | 'readonly' | 'vendor';
}

/** How to run a program. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** os.Args; the program's name first. */
  readonly args?: readonly string[];
}

/**
 * Builds Go files (all targets end in `.go`) or packages. Throws LoadError or CompileError with the text that the command would
 * print. The result has a `wasm` if the targets are one main package.
 */
export function build(targets: readonly string[], options: BuildOptions = {}): Promise<BuildResult> {
  const env = options.env ?? process.env;
  return buildProgram({
    targets,
    areFiles: targets.length > 0 && targets.every((target) => target.endsWith('.go')),
    cwd: options.cwd ?? process.cwd(),
    environment: readEnvironment(env),
    cache: cacheDir(env),
    tags: options.tags ?? [],
    mod: options.mod ?? '',
    modFile: '',
    trimpath: options.trimpath ?? false,
    gcflags: options.gcflags ?? [],
    ldflags: options.ldflags ?? [],
    force: false,
    fresh: false,
    dryRun: false,
    command: 'build',
    check: () => {},
  });
}

/** Runs a program that `build` made, with this process's standard streams, and gives its exit status. */
export function run(wasm: Uint8Array<ArrayBuffer>, options: RunOptions = {}): Promise<number> {
  return runWasm({ wasm, args: options.args ?? ['main'], env: options.env ?? process.env, cwd: options.cwd ?? process.cwd() });
}

// What a build is asked for and what it answers: the types between the command line, the cache and the compiler.
import type { LoadedPackage } from '../load/program.ts';
import type { Environment } from './env.ts';

/** What to build and how. */
export interface BuildRequest {
  /** Go files, or package patterns. */
  readonly targets: readonly string[];
  /** Whether the targets are files. */
  readonly areFiles: boolean;
  /** Refuses what the command can't do with the packages that the targets turned out to be, before they are compiled. */
  readonly check: (roots: readonly LoadedPackage[], warnings: readonly string[]) => void;
  /** The command, since what is refused depends on it. */
  readonly command: 'run' | 'build' | 'test';
  readonly cwd: string;
  readonly environment: Environment;
  /** Folder of the build cache; empty for none. */
  readonly cache: string;
  readonly tags: readonly string[];
  readonly mod: string;
  readonly modFile: string;
  readonly trimpath: boolean;
  readonly gcflags: readonly string[];
  readonly ldflags: readonly string[];
  /** Build even if the cache has the program. */
  readonly force: boolean;
  /** Reuse nothing at all. */
  readonly fresh: boolean;
  /** Load and say what would be done. */
  readonly dryRun: boolean;
  /** Said of each package that is compiled, and of each stage. */
  readonly trace?: (event: BuildEvent) => void;
}

/** What `-v` and `-x` print. */
export interface BuildEvent {
  readonly kind: 'package' | 'stage';
  readonly text: string;
}

/** A built program. */
export interface BuildResult {
  /** Undefined where the targets are not one program: they were checked only. */
  readonly wasm: Uint8Array<ArrayBuffer> | undefined;
  readonly warnings: readonly string[];
  readonly fromCache: boolean;
  /** Import path of the package, or of the first of several. */
  readonly path: string;
}

/** Errors of the compiler: the text to print, as the go command prints it. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}

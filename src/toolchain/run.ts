// `run`: starts a program in this process, with the terminal, arguments and environment of the command.
import type { EmbedderImports } from '../runtime/host/exports.ts';
import { leave } from '../runtime/host/leave.ts';
import { runProgram } from '../runtime/host/node.ts';

/** How to start a program. */
export interface RunRequest {
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** os.Args, the program's name first. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The program's file, if it has one. */
  readonly file?: string;
  /** System descriptors for the program's 0, 1 and 2; this process's own by default. */
  readonly stdio?: readonly [number, number, number];
  /** Functions for `//go:wasmimport`, by module and name. */
  readonly imports?: EmbedderImports;
}

/** What every host of GOOS=js offers to the tests of package syscall/js. */
export const testImports: EmbedderImports = (exports) => ({
  _gotest: {
    add: (a: number, b: number) => a + b,
    callExport: (a: number, b: bigint) => {
      exports['testExport0']!();
      return exports['testExport']!(a, b);
    },
  },
});

/** Runs the program to its end and gives its exit status. */
export function runWasm(request: RunRequest): Promise<number> {
  return runProgram({ ...request, signals: true });
}

/** Gives the exit status of a program that has ended when its threads have, too; nothing but the end of the process may follow. */
export function endWith(code: number): Promise<number> {
  return leave(code);
}

// Runs a WASI module (`_start`, a memory of its own), ours or another compiler's, over the same files as any program.

import { Descriptors } from './descriptors.ts';
import { wasiImports } from './wasi.ts';
import { WASI_MODULE } from '../../abi/hostcalls.ts';
import { Memory } from './memory.ts';

/** Unwinds the WebAssembly stack at the program's end. */
class Exit {
  readonly code: number;
  constructor(code: number) { this.code = code; }
}

/** Whether a module is one for WASI. */
export function isWasiModule(module: WebAssembly.Module): boolean {
  return WebAssembly.Module.exports(module).some((e) => e.name === '_start');
}

/** What a WASI program is given. */
export interface WasiRun {
  /** args[0] is the program's name. */
  readonly args: readonly string[];
  /** `name=value`. */
  readonly env: readonly string[];
  readonly cwd: string;
  readonly stdio?: readonly [number, number, number];
  /** Further imports, by module and name. */
  readonly imports?: WebAssembly.Imports;
}

/** Runs the module's `_start`; the exit code. */
export function runWasi(module: WebAssembly.Module, o: WasiRun): number {
  const mem = new Memory();
  const exit = (code: number): never => { throw new Exit(code); };
  const imports = wasiImports(mem, new Descriptors(o.cwd, o.stdio), o.env, { args: o.args, exit });
  const { exports } = new WebAssembly.Instance(module, { ...o.imports, [WASI_MODULE]: imports });
  mem.attach(exports['memory'] as WebAssembly.Memory);
  try {
    (exports['_start'] as () => void)();
    return 0;
  } catch (e) {
    if (e instanceof Exit) return e.code;
    throw e;
  }
}

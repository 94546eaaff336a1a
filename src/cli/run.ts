// `goloom run`.
import { readFileSync } from 'node:fs';
import { LoadError } from '../load/program.ts';
import type { LoadedPackage } from '../load/program.ts';
import { buildProgram } from '../toolchain/build.ts';
import { endWith, runWasm } from '../toolchain/run.ts';
import type { ParsedFlags } from './flags.ts';
import { UsageError, printError } from './output.ts';
import { buildRequest } from './request.ts';

/** Builds the program, or finds it in the cache, and runs it. */
export async function runCommand(flags: ParsedFlags): Promise<number> {
  const { args } = flags;
  const files = leadingGoFiles(args);
  if (files === 0 && args.length === 0) throw new UsageError('go: no go files listed', 1);
  const count = Math.max(files, 1);
  const targets = args.slice(0, count);
  const name = programName(targets[0]!);
  if (files === 0 && targets[0]!.endsWith('.wasm')) return runFile(targets[0]!, name, args.slice(count));
  for (const file of targets.slice(0, files)) {
    if (file.endsWith('_test.go')) throw new UsageError(`go: cannot run *_test.go files (${file})`, 1);
  }
  const request = buildRequest(flags, targets, files > 0, 'run', (roots, warnings) => requireMain(roots, targets, warnings));
  const result = await buildProgram(request);
  for (const warning of result.warnings) printError(warning);
  if (flags.values.get('n') === 'true') return 0;
  const exec = flags.values.get('exec');
  if (exec !== undefined && exec !== '') {
    const { runWith } = await import('./exec.ts');
    return runWith(exec, result.wasm!, name, args.slice(count));
  }
  return endWith(await runWasm({ wasm: result.wasm!, args: [name, ...args.slice(count)], env: process.env, cwd: process.cwd() }));
}

/** Checks that the targets are one main package. */
function requireMain(roots: readonly LoadedPackage[], targets: readonly string[], warnings: readonly string[]): void {
  const pattern = targets.join(' ');
  if (roots.length === 0) throw new LoadError([...warnings, `go: no packages loaded from ${pattern}`]);
  if (roots.length > 1) {
    throw new LoadError([`go: pattern ${pattern} matches multiple packages:\n` + roots.map((root) => `\t${root.path}`).join('\n')]);
  }
  if (roots[0]!.name !== 'main') throw new LoadError([`package ${roots[0]!.path} is not a main package`]);
}

/** Runs a program that `goloom build` wrote. */
async function runFile(path: string, name: string, args: readonly string[]): Promise<number> {
  let wasm: Uint8Array<ArrayBuffer>;
  try {
    wasm = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError(`stat ${path}: no such file or directory`, 1);
    throw new UsageError(`go: reading ${path}: ${(error as Error).message}`, 1);
  }
  if (wasm.length < 8 || new DataView(wasm.buffer, wasm.byteOffset).getUint32(0) !== 0x0061736d) {
    throw new UsageError(`goloom: ${path} is not a WebAssembly module`, 1);
  }
  return endWith(await runWasm({ wasm, file: path, args: [name, ...args], env: process.env, cwd: process.cwd() }));
}

function leadingGoFiles(args: readonly string[]): number {
  let count = 0;
  while (count < args.length && args[count]!.endsWith('.go')) count++;
  return count;
}

/** os.Args[0]: the target's last element without its ending. */
function programName(target: string): string {
  const last = target.replace(/\/+$/, '').replace(/^.*\//, '');
  const stem = last.replace(/\.(go|wasm)$/, '');
  return stem === '' || stem === '.' || stem === '..' ? process.cwd().replace(/^.*[\\/]/, '') : stem;
}

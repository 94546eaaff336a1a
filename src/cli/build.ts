// `goloom build`.
import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { buildProgram } from '../toolchain/build.ts';
import { systemErrorText } from '../load/folder.ts';
import { lastElement } from '../load/paths.ts';
import type { ParsedFlags } from './flags.ts';
import { UsageError, printError } from './output.ts';
import { buildRequest } from './request.ts';

/** Builds the targets and writes the program, if they are one. */
export async function buildCommand(flags: ParsedFlags): Promise<number> {
  const targets = flags.args.length === 0 ? ['.'] : flags.args;
  const areFiles = targets.some((target) => target.endsWith('.go'));
  const stray = areFiles ? targets.find((target) => !target.endsWith('.go')) : undefined;
  if (stray !== undefined) throw new UsageError(`named files must be .go files: ${stray}`, 1);
  const output = flags.values.get('o') ?? '';
  const request = buildRequest(flags, targets, areFiles, 'build', (roots) => {
    if (roots.length > 1 && output !== '' && !isFolder(output)) {
      throw new UsageError(`go: cannot write multiple packages to non-directory ${output}`, 1);
    }
  });
  const result = await buildProgram(request);
  for (const warning of result.warnings) printError(warning);
  if (flags.values.get('n') === 'true') return 0;
  if (flags.values.get('work') === 'true') keepWork(result.wasm);
  if (result.wasm === undefined) return 0;
  write(outputPath(output, targets[0]!, areFiles, result.path), result.wasm);
  return 0;
}

function keepWork(wasm: Uint8Array | undefined): void {
  const dir = mkdtempSync(join(tmpdir(), 'goloom-build-'));
  printError(`WORK=${dir}`);
  if (wasm !== undefined) writeFileSync(join(dir, 'a.wasm'), wasm);
}

function isFolder(path: string): boolean {
  return path.endsWith('/') || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Where the program goes: -o, a file in the folder of -o, or one named after the package or the first file. */
function outputPath(output: string, target: string, areFiles: boolean, mainPath: string): string {
  const name = `${areFiles ? basename(target, '.go') : lastElement(mainPath)}.wasm`;
  if (output === '') return resolve(name);
  if (!isFolder(output)) return resolve(output);
  mkdirSync(output, { recursive: true });
  return join(output, name);
}

function write(path: string, wasm: Uint8Array): void {
  try {
    writeFileSync(path, wasm);
  } catch (error) {
    throw new UsageError(`go: open ${path}: ${systemErrorText(error)}`, 1);
  }
}

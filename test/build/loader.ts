// For tests of src/build: the runtime and what it imports are loaded and checked once; small programs are added to them.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import { ProgramBuilder } from '../../src/build/program.ts';
import type { Program } from '../../src/ir/program.ts';
import { runFront, type Front } from '../../src/compiler/front.ts';
import { loadFiles, loadPatterns, type LoadOptions } from '../../src/load/load.ts';
import type { LoadedProgram } from '../../src/load/program.ts';
import { nodeFiles } from '../../src/toolchain/node-files.ts';

const overlay = fileURLToPath(new URL('../../overlay', import.meta.url));

export function loadOptions(cwd: string): LoadOptions {
  const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  return {
    files: nodeFiles(),
    cwd,
    goroot,
    goos: 'js',
    overlay,
    tags: [],
    experiment: '',
    goModCache: '',
    goWork: 'off',
    mod: '',
    modFile: '',
  } as unknown as LoadOptions;
}

/** Loads packages by patterns and checks all bodies. */
export function frontOf(patterns: readonly string[]): Front {
  return runFront(loadPatterns(patterns, loadOptions(process.cwd())).program, { checkAll: true });
}

/** Builds the program of one file. */
export function buildFile(path: string): Program {
  const program: LoadedProgram = loadFiles([path], loadOptions(process.cwd())).program;
  const front = runFront(program);
  if (front.errors.length > 0) throw new Error(`${path} has errors: ${front.errors[0]!.diagnostics.map((d) => d.message).join('; ')}`);
  const main = front.packages.find((p) => p.loaded === program.roots[0])!;
  const sink = new DiagnosticList();
  const built = new ProgramBuilder({ packages: front.packages, main, fset: front.fset, fileName: (n) => n, sink }).build();
  if (sink.items.length > 0) throw new Error(sink.items.map((d) => d.message).join('; '));
  return built;
}

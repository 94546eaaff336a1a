// What a test asks of goloom: check packages, make a program, run it. Everything but running happens in this process, so that
// the standard library is loaded and checked once for many tests.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Folder } from '../../src/load/folder.ts';
import { loadGiven, loadPatterns } from '../../src/load/load.ts';
import type { LoadOptions } from '../../src/load/load.ts';
import type { LoadedProgram } from '../../src/load/program.ts';
import { LoadError } from '../../src/load/program.ts';
import { defaultGoos } from '../../src/toolchain/env.ts';
import { formatDiagnostics } from '../../src/toolchain/report.ts';
import { nodeFiles } from '../../src/toolchain/node-files.ts';
import { Frontend } from './frontend.ts';
import type { Message } from './match.ts';

/** What a compilation came to. */
export interface Compiled {
  /** Messages of the packages that have any, in dependency order. */
  readonly messages: readonly { readonly path: string; readonly messages: readonly Message[] }[];
  readonly program: LoadedProgram | undefined;
}

/** What a program did. */
export interface Ran {
  readonly status: number | null;
  /** Standard output and error, as they came. */
  readonly output: string;
  readonly timedOut: boolean;
}

/** Packages named by their import paths and files. */
export type GivenPackages = ReadonlyMap<string, readonly string[]>;

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What programs are made for and what runs them. */
export interface Target {
  readonly goos: string;
  /** The command line before the program's file. */
  readonly launcher: readonly [command: string, ...args: string[]];
}

const ours: Target = { goos: process.env.GOOS || defaultGoos, launcher: [process.execPath, join(root, 'bin/goloom.mjs'), 'run'] };

/** Compiles and runs. */
export class Engine {
  private readonly goroot: string;
  private readonly frontend = new Frontend();
  private readonly files = nodeFiles();
  private readonly stdFolders = new Map<string, Folder>();
  private readonly work = mkdtempSync(join(tmpdir(), 'goloom-conformance-'));
  private readonly target: Target;
  private count = 0;

  constructor(goroot: string, target: Target = ours) {
    this.goroot = goroot;
    this.target = target;
    process.on('exit', () => rmSync(this.work, { recursive: true, force: true }));
  }

  /** A fresh folder for a test's generated files. */
  folder(): string {
    return mkdtempSync(join(this.work, 'f'));
  }

  private options(cwd: string): LoadOptions {
    return {
      files: this.files,
      cwd,
      goroot: this.goroot,
      overlay: join(root, 'overlay'),
      goos: this.target.goos,
      goWork: 'off',
      stdFolders: this.stdFolders,
    };
  }

  /** Parses and checks packages given by their files; `wanted` names the ones asked for. */
  check(packages: GivenPackages, wanted: readonly string[], goVersion: string, complete: boolean): Compiled {
    const parsed = this.parse(packages, wanted);
    const isBroken = parsed.some(({ messages }) => messages.some((message) => message.text.startsWith('syntax error')));
    if (isBroken) return { messages: parsed, program: undefined };
    try {
      const { program } = loadGiven(wanted, { ...this.options('/'), given: { root: 'test', packages } }, goVersion);
      return this.checkProgram(program, complete);
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      // The loader stops at a broken header; gc's parser says more.
      if (parsed.length > 0) return { messages: parsed, program: undefined };
      return { messages: [{ path: wanted.at(-1)!, messages: error.messages.flatMap((text) => loadMessage(text)) }], program: undefined };
    }
  }

  /** The parser's messages. */
  private parse(packages: GivenPackages, wanted: readonly string[]): Compiled['messages'] {
    return wanted
      .map((path) => ({ path, messages: packages.get(path)!.flatMap((file) => this.frontend.parse(file, this.files.readFile(file)!)) }))
      .filter(({ messages }) => messages.length > 0);
  }

  private checkProgram(program: LoadedProgram, complete: boolean): Compiled {
    return { messages: this.frontend.check(program, complete), program };
  }

  /** Loads and checks the package of a folder that has a go.mod. */
  checkFolder(cwd: string): Compiled {
    return this.checkProgram(loadPatterns(['.'], this.options(cwd)).program, true);
  }

  /** The program's wasm. Throws where the compiler reports errors. */
  async compile(program: LoadedProgram, flags: readonly string[], complete: boolean): Promise<Uint8Array<ArrayBuffer>> {
    const { compileProgram } = await import('../../src/compiler/driver.ts');
    const result = await compileProgram(program, {
      root, gcflags: flags, complete, ldflags: [], trimpath: false, session: this.frontend.session, wasi: this.target.goos === 'wasip1',
    });
    if (result.wasm === undefined) {
      const lines = result.errors.flatMap(({ diagnostics }) => formatDiagnostics(diagnostics, result.fset, false));
      throw new LoadError([`the compiler reports: ${lines.slice(0, 3).join('\n')}`]);
    }
    return result.wasm;
  }

  /** Runs a program in a process of its own. */
  run(wasm: Uint8Array, args: readonly string[], cwd: string, timeout: number, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const file = join(this.work, `${++this.count}.wasm`);
    writeFileSync(file, wasm);
    return new Promise((resolve) => {
      const [command, ...before] = this.target.launcher;
      // One pipe for both outputs: what is written to them is compared in the order of the writes.
      const child = spawn('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', command, ...before, file, ...args], {
        cwd,
        env: { ...process.env, GOROOT: this.goroot, ...env },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const output: Buffer[] = [];
      let size = 0;
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        child.kill('SIGKILL');
      }, timeout);
      const take = (chunk: Buffer): void => {
        size += chunk.length;
        if (size < 1 << 24) output.push(chunk);
      };
      child.stdout.on('data', take);
      child.on('close', (status) => {
        clearTimeout(timer);
        rmSync(file, { force: true });
        resolve({ status, output: Buffer.concat(output).toString('utf8'), timedOut });
      });
    });
  }
}

/** A loader's message as the compiler's: `file:line:col: text`. */
function loadMessage(text: string): Message[] {
  const match = /^(\S+?):(\d+):\d+: ([^]*)$/m.exec(text);
  if (match === null) return [{ file: '', line: 0, text }];
  return [{ file: basename(match[1]!), line: Number(match[2]), text: match[3]! }];
}

/** Packages whose files the harness compiles together: grouped by package clause, in order of the first file. */
export function groupFiles(dir: string, names: readonly string[], packageOf: (name: string) => string, single: boolean): string[][] {
  const groups: { name: string; files: string[] }[] = [];
  for (const name of names) {
    const clause = packageOf(name);
    const group = single ? undefined : groups.find((candidate) => candidate.name === clause);
    if (group === undefined) groups.push({ name: clause, files: [join(dir, name)] });
    else group.files.push(join(dir, name));
  }
  return groups.map((group) => group.files);
}

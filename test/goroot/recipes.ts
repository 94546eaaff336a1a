// What each verb of a GOROOT/test recipe does. A recipe returns what is wrong; nothing wrong is a pass.
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readHeader } from '../../src/load/header.ts';
import type { Compiled, Engine } from './engine.ts';
import { groupFiles } from './engine.ts';
import type { GoTest } from './index.ts';
import { limitErrors } from './frontend.ts';
import { compareMessages, wantedErrors } from './match.ts';
import type { Message } from './match.ts';

/** The outcome of a test: empty for a pass. */
export type Complaints = readonly string[];

/** What a recipe works with. */
export interface Bench {
  readonly engine: Engine;
  readonly goroot: string;
  /** Time limit of a program, in ms. */
  readonly timeout: number;
  /** How far to go: check only, make programs (and validate them), or run them too. */
  readonly until: 'check' | 'make' | 'run';
  /** With which GOMAXPROCS programs run, once each; '' is the environment's. */
  readonly procs: readonly string[];
}

/** Carries out the test's recipe. */
export async function runTest(test: GoTest, bench: Bench): Promise<Complaints> {
  const file = join(bench.goroot, 'test', test.path);
  const dir = file.replace(/\.go$/, '.dir');
  switch (test.action) {
    case 'run':
    case 'buildrun':
      return compileAndRun(test, bench, [file]);
    case 'runoutput':
      return runOutput(test, bench, file);
    case 'errorcheckoutput':
      return errorcheckOutput(test, bench, file);
    case 'compile':
    case 'build':
      return compileOnly(test, bench, [[file]]);
    case 'compiledir':
      return compileOnly(test, bench, packagesOf(test, dir));
    case 'errorcheck':
    case 'errorcheckwithauto':
      return errorcheck(test, bench, [[file]], test.wantError ?? true);
    case 'errorcheckdir':
      return errorcheck(test, bench, packagesOf(test, dir), test.wantError ?? true);
    case 'errorcheckandrundir': {
      const wrong = await errorcheck(test, bench, packagesOf(test, dir), test.wantError ?? false);
      return wrong.length > 0 || test.wantError === true ? wrong : runDir(test, bench, dir);
    }
    case 'rundir':
    case 'buildrundir':
      return runDir(test, bench, dir);
    case 'builddir':
      return compileOnly(test, bench, packagesOf(test, dir));
    case 'runindir':
      return runInDir(test, bench, dir);
  }
  return [`no recipe for ${test.action}`];
}

function packagesOf(test: GoTest, dir: string): string[][] {
  const names = readdirSync(dir)
    .filter((name) => name.endsWith('.go'))
    .sort();
  return groupFiles(dir, names, (name) => readHeader(readFileSync(join(dir, name))).packageName, test.singleFiles);
}

/** Import paths as the harness gives them: a file on its own is `p`, the packages of a folder `test/<first file>`. */
function givenPackages(groups: readonly (readonly string[])[], single: string): Map<string, readonly string[]> {
  if (groups.length === 1 && single !== '') return new Map([[single, groups[0]!]]);
  return new Map(groups.map((files) => [`test/${basename(files[0]!, '.go')}`, files]));
}

/** The language version that `-lang=go1.N` asks for. */
function langOf(test: GoTest): string {
  const flag = test.flags.find((word) => word.startsWith('-lang=go'));
  return flag === undefined ? '' : flag.slice('-lang=go'.length);
}

/** Whether no function may lack its body: where the go command builds, or where the test says so. */
function isComplete(test: GoTest): boolean {
  return test.flags.includes('-complete') || test.action === 'runindir';
}

function check(test: GoTest, bench: Bench, groups: readonly (readonly string[])[], single: string): Compiled {
  const packages = givenPackages(groups, single);
  return bench.engine.check(packages, [...packages.keys()], langOf(test), isComplete(test));
}

function allMessages(compiled: Compiled): Message[] {
  return compiled.messages.flatMap(({ messages }) => messages);
}

function shown(messages: readonly Message[]): string[] {
  return messages.slice(0, 5).map((message) => `${basename(message.file)}:${message.line}: ${message.text}`);
}

function compileOnly(test: GoTest, bench: Bench, groups: readonly (readonly string[])[]): Complaints {
  return shown(allMessages(check(test, bench, groups, test.action.endsWith('dir') ? '' : 'p')));
}

function errorcheck(test: GoTest, bench: Bench, groups: readonly (readonly string[])[], wantError: boolean): Complaints {
  const all = allMessages(check(test, bench, groups, test.action.endsWith('dir') ? '' : 'p'));
  const messages = test.flags.includes('-e=0') ? limitErrors(all) : all;
  const wanted = groups.flat().flatMap((file) => wantedErrors(file, readFileSync(file, 'utf8')));
  const wrong = compareMessages(
    wanted.filter((want) => !want.auto || test.action === 'errorcheckwithauto'),
    messages,
  );
  if (wantError && messages.length === 0) return ['compiles without an error'];
  return wrong;
}

/** Compiles files to a program; a string is a complaint. */
async function program(test: GoTest, bench: Bench, compiled: Compiled): Promise<Uint8Array | Complaints> {
  const messages = allMessages(compiled);
  if (messages.length > 0 || compiled.program === undefined) return ['does not compile', ...shown(messages)];
  if (bench.until === 'check') return [];
  const wasm = await bench.engine.compile(compiled.program, test.flags, isComplete(test));
  if (bench.until === 'run') return wasm;
  return validate(wasm);
}

/** What the engine says against the bytes as a module. */
function validate(wasm: Uint8Array<ArrayBuffer>): Complaints {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array<ArrayBuffer>) => unknown } };
  try {
    new WebAssembly.Module(wasm);
    return [];
  } catch (error) {
    return [String(error)];
  }
}

async function compileAndRun(test: GoTest, bench: Bench, files: readonly string[], expected?: string): Promise<Complaints> {
  const extra = test.args.filter((word) => word.endsWith('.go')).map((word) => join(bench.goroot, 'test', dirname(test.path), word));
  const compiled = check(test, bench, [[...files, ...extra]], 'main');
  const wasm = await program(test, bench, compiled);
  if (!(wasm instanceof Uint8Array)) return wasm;
  return judge(test, bench, wasm, join(bench.goroot, 'test'), expected);
}

/** Runs the program with each GOMAXPROCS in turn. */
async function judge(test: GoTest, bench: Bench, wasm: Uint8Array, cwd: string, expected?: string): Promise<Complaints> {
  const complaints: string[] = [];
  for (const procs of bench.procs) {
    const wrong = await judgeOne(test, bench, wasm, cwd, procs, expected);
    complaints.push(...wrong.map((text) => (procs === '' ? text : `GOMAXPROCS=${procs}: ${text}`)));
  }
  return complaints;
}

async function judgeOne(test: GoTest, bench: Bench, wasm: Uint8Array, cwd: string, procs: string, expected?: string): Promise<Complaints> {
  const args = test.args.filter((word) => !word.endsWith('.go'));
  const env = { ...(test.godebug === '' ? {} : { GODEBUG: test.godebug }), ...(procs === '' ? {} : { GOMAXPROCS: procs }) };
  const ran = await bench.engine.run(wasm, args, cwd, bench.timeout, env);
  if (ran.timedOut) return [`no end after ${bench.timeout / 1000} s`, ...firstLines(ran.output)];
  if (ran.status !== 0) return [`exit status ${ran.status}`, ...firstLines(ran.output)];
  const want = expected ?? wantedOutput(test, bench);
  return sameOutput(ran.output, want) ? [] : [`output differs${difference(ran.output, want)}`];
}

function wantedOutput(test: GoTest, bench: Bench): string {
  const file = join(bench.goroot, 'test', test.path.replace(/\.go$/, '.out'));
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function sameOutput(have: string, want: string): boolean {
  return have.replaceAll('\r\n', '\n') === want.replaceAll('\r\n', '\n');
}

function firstLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 4)
    .map((line) => line.slice(0, 200));
}

function difference(have: string, want: string): string {
  const a = have.split('\n');
  const b = want.split('\n');
  const at = a.findIndex((line, i) => line !== b[i]);
  const line = at < 0 ? a.length : at;
  return ` at line ${line + 1}: have ${JSON.stringify((a[line] ?? '').slice(0, 120))}, want ${JSON.stringify((b[line] ?? '').slice(0, 120))}`;
}

/** Runs a generator; its output is a program. */
async function generate(test: GoTest, bench: Bench, file: string): Promise<{ generated: string } | Complaints> {
  const extra = test.args.filter((word) => word.endsWith('.go')).map((word) => join(bench.goroot, 'test', word));
  const wasm = await program(test, bench, check(test, bench, [[file, ...extra]], 'main'));
  if (!(wasm instanceof Uint8Array)) return wasm;
  const ran = await bench.engine.run(wasm, [], join(bench.goroot, 'test'), bench.timeout);
  if (ran.status !== 0) return [`the generator: exit status ${ran.status}`, ...firstLines(ran.output)];
  const generated = join(bench.engine.folder(), 'generated.go');
  writeFileSync(generated, ran.output);
  return { generated };
}

async function runOutput(test: GoTest, bench: Bench, file: string): Promise<Complaints> {
  const made = await generate(test, bench, file);
  if (!('generated' in made)) return made;
  return compileAndRun({ ...test, args: [] }, bench, [made.generated], wantedOutput(test, bench));
}

async function errorcheckOutput(test: GoTest, bench: Bench, file: string): Promise<Complaints> {
  const made = await generate(test, bench, file);
  if (!('generated' in made)) return made;
  return errorcheck(test, bench, [[made.generated]], test.wantError ?? true);
}

async function runDir(test: GoTest, bench: Bench, dir: string): Promise<Complaints> {
  const groups = packagesOf(test, dir);
  const packages = givenPackages(groups, '');
  // The last package is the program.
  const main = [...packages.keys()].at(-1)!;
  const compiled = bench.engine.check(packages, [main], langOf(test), isComplete(test));
  const wasm = await program(test, bench, compiled);
  if (!(wasm instanceof Uint8Array)) return wasm;
  return judge(test, bench, wasm, dir, wantedOutput(test, bench));
}

async function runInDir(test: GoTest, bench: Bench, dir: string): Promise<Complaints> {
  const copy = bench.engine.folder();
  cpSync(dir, copy, { recursive: true });
  if (!existsSync(join(copy, 'go.mod'))) {
    writeFileSync(join(copy, 'go.mod'), `module ${basename(dir)}\ngo ${test.goModVersion === '' ? '1.14' : test.goModVersion}\n`);
  }
  const wasm = await program(test, bench, bench.engine.checkFolder(copy));
  if (!(wasm instanceof Uint8Array)) return wasm;
  return judge(test, bench, wasm, copy);
}

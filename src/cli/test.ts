// `goloom test`: builds the test program of each package, runs it in the package's folder and reports as `go test` does. The
// programs are compiled one after the other; children run while the next one is compiled.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { lastElement } from '../load/paths.ts';
import { findTestPackages } from '../toolchain/test.ts';
import type { TestPackage, TestProgram } from '../toolchain/test.ts';
import { formatDuration } from './duration.ts';
import { splitQuoted } from './flags.ts';
import { UsageError, printError, printOut, writeOut } from './output.ts';
import { buildRequest } from './request.ts';
import { eventLine, TestConverter } from './test2json.ts';
import type { TestFlags } from './testflags.ts';
import { runCaptured, runChild, runHere, wasmOf } from './testrun.ts';
import type { TestJob, TestOutcome } from './testrun.ts';

/** Runs the command and gives its exit status. */
export async function testCommand(flags: TestFlags): Promise<number> {
  refuse(flags);
  const targets = flags.packages.length === 0 ? ['.'] : flags.packages;
  const areFiles = targets.some((target) => target.endsWith('.go'));
  const stray = areFiles ? targets.find((target) => !target.endsWith('.go')) : undefined;
  if (stray !== undefined) throw new UsageError(`named files must be .go files: ${stray}`, 1);
  const request = buildRequest({ values: withoutVerbose(flags.values), args: targets }, targets, areFiles, 'test', () => {});
  const { packages, warnings, remember } = await findTestPackages(request);
  for (const warning of warnings) printError(warning);
  if (packages.length === 0) throw new UsageError('no packages to test', 1);
  const profile = ['blockprofile', 'cpuprofile', 'memprofile', 'mutexprofile', 'trace'].find((name) => (flags.values.get(name) ?? '') !== '');
  if (profile !== undefined && packages.length > 1) throw new UsageError(`cannot use -${profile} flag with multiple packages`, 1);
  const status = await new TestSession(flags, packages).run();
  remember();
  return status;
}

/** -v is the test binary's here; the build's own way to name packages is not to be had. */
function withoutVerbose(values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...values].filter(([name]) => name !== 'v'));
}

function refuse({ values }: TestFlags): void {
  for (const name of ['cover', 'covermode', 'coverpkg', 'coverprofile']) {
    if (['', 'false'].includes(values.get(name) ?? '')) continue;
    throw new UsageError(`goloom test: -${name} is not supported: goloom does not measure coverage`);
  }
  if ((values.get('fuzz') ?? '') !== '') printError('goloom test: -fuzz: inputs are not mutated yet; fuzz targets run their seed corpus');
}

/** What one package's test came to, or how to get there. */
type Step = () => Promise<void>;

class TestSession {
  private readonly flags: TestFlags;
  private readonly packages: readonly TestPackage[];
  private readonly json: boolean;
  private readonly compileOnly: boolean;
  /** Output goes straight to the terminal: there is no list of packages, or benchmarks run. */
  private readonly isStreamed: boolean;
  private readonly showsPassing: boolean;
  private readonly exec: readonly string[];
  private readonly parallel: number;
  private readonly saidReports = new Set<string>();
  private status = 0;
  private stopped = false;

  constructor(flags: TestFlags, packages: readonly TestPackage[]) {
    const { values } = flags;
    this.flags = flags;
    this.packages = packages;
    this.json = values.get('json') === 'true';
    this.compileOnly = values.get('c') === 'true';
    this.isStreamed = flags.packages.length === 0 || (values.get('bench') ?? '') !== '';
    this.showsPassing = !['', 'false'].includes(values.get('v') ?? '') || (values.get('list') ?? '') !== '' || flags.binary.some((word) => /^--?h(elp)?$/.test(word));
    this.exec = execWords(values.get('exec') ?? '');
    this.parallel = Math.max(1, Number(values.get('p') ?? availableParallelism()));
  }

  async run(): Promise<number> {
    this.checkOutput();
    for (const failed of this.packages.filter((p) => p.errors.length > 0)) this.reportSetupFailure(failed);
    const rest = this.packages.filter((p) => p.errors.length === 0);
    if ((this.flags.values.get('bench') ?? '') !== '') await this.runSerially(rest);
    else await this.runAll(rest);
    const isQuiet = this.json || (this.flags.values.get('fuzz') ?? '') !== '' || this.flags.packages.length === 0;
    if (this.status !== 0 && !isQuiet) printOut('FAIL\n');
    return this.status;
  }

  /** Benchmarks run one after the other, and when all is built. */
  private async runSerially(packages: readonly TestPackage[]): Promise<void> {
    for (const step of packages.map((p) => this.prepare(p))) if (!this.stopped) await step();
  }

  /** At most `parallel` tests run at once; what they print comes in the order of the packages. */
  private async runAll(packages: readonly TestPackage[]): Promise<void> {
    const running = new Set<Promise<void>>();
    let printed = Promise.resolve();
    for (const p of packages) {
      while (running.size >= this.parallel) await Promise.race(running);
      if (this.stopped) break;
      const step = this.prepare(p, printed);
      const done: Promise<void> = step().finally(() => running.delete(done));
      running.add(done);
      printed = done;
      // The children's output is read before the next compilation holds this thread.
      await new Promise((next) => setImmediate(next));
    }
    await Promise.all(running);
  }

  private reportSetupFailure(p: TestPackage): void {
    for (const error of p.errors) printError(`# ${p.path}\n${error}`);
    this.status = 1;
    const text = `FAIL\t${p.path} [setup failed]\n`;
    if (!this.json) return printOut(text);
    const converter = new TestConverter(p.path, printOut);
    converter.add(Buffer.from(text));
    converter.close(false, p.path);
  }

  /** Builds the package's test and says how to go on; `before` is when the packages before it have been printed. */
  private prepare(p: TestPackage, before: Promise<void> = Promise.resolve()): Step {
    const { program, reports } = p.build();
    for (const report of reports) this.report(report.description, report.text);
    const converter = this.json ? new TestConverter(p.path, printOut) : undefined;
    const say = async (text: string, passed: boolean, failedBuild = ''): Promise<void> => {
      if (!passed) this.status = 1;
      if (converter === undefined) await before;
      if (converter === undefined) return printOut(text);
      converter.add(Buffer.from(text));
      converter.close(passed, failedBuild);
    };
    if (reports.length > 0) return () => say(`FAIL\t${p.path} [build failed]\n`, false, reports[0]!.description);
    if (program === undefined) return () => say(`?   \t${p.path}\t[no test files]\n`, true);
    if (this.compileOnly || (this.flags.values.get('o') ?? '') !== '') this.writeBinary(p, program);
    if (this.compileOnly) return async () => {};
    const job = this.job(p, program);
    return () => (converter !== undefined ? this.runConverted(p, job, converter) : this.runPlain(p, job, before));
  }

  private report(description: string, text: string): void {
    if (this.saidReports.has(text)) return;
    this.saidReports.add(text);
    if (!this.json) return printError(text);
    for (const line of text.split('\n')) printOut(eventLine({ ImportPath: description, Action: 'build-output', Output: `${line}\n` }));
    printOut(eventLine({ ImportPath: description, Action: 'build-fail' }));
  }

  private job(p: TestPackage, program: TestProgram): TestJob {
    const { timeout, values, binary } = this.flags;
    const isUnlimited = timeout <= 0 || (values.get('bench') ?? '') !== '';
    const grace = Math.max(60e9, timeout / 10);
    const args = binary.filter((word) => !word.startsWith('-test.fuzz='));
    return { program, args: [binaryName(p), '-test.paniconexit0', ...args], cwd: p.dir, killAfter: isUnlimited ? 0 : (timeout + grace) / 1e6, exec: this.exec };
  }

  private async runConverted(p: TestPackage, job: TestJob, converter: TestConverter): Promise<void> {
    let tail = '';
    let length = 0;
    const outcome = await runChild(job, (bytes) => {
      converter.add(bytes);
      length += bytes.length;
      tail = (tail + bytes.toString('latin1')).slice(-4096);
    });
    const line = this.summary(p, outcome, tail, length);
    converter.add(Buffer.from(outcome.failure === '' ? line : line.replace(/FAIL\t[^\n]*\n$/, '\x16$&')));
    converter.close(outcome.failure === '');
  }

  private async runPlain(p: TestPackage, job: TestJob, before: Promise<void>): Promise<void> {
    const isAlone = this.packages.length === 1 && this.exec.length === 0;
    if (this.isStreamed) {
      const outcome = isAlone ? await runHere(job, 1) : await runChild(job, writeOut);
      return printOut(this.summary(p, outcome, '', 0));
    }
    const isShown = this.showsPassing && (this.packages.length === 1 || this.parallel === 1);
    if (isAlone && !isShown) {
      const { outcome, output } = await runCaptured(job);
      return this.print(p, outcome, output);
    }
    const chunks: Buffer[] = [];
    const outcome = await runChild(job, (bytes) => {
      chunks.push(bytes);
      if (isShown) writeOut(bytes);
    });
    await before;
    const output = Buffer.concat(chunks);
    if (isShown) return printOut(this.summary(p, outcome, output.toString('latin1'), output.length));
    this.print(p, outcome, output);
  }

  private print(p: TestPackage, outcome: TestOutcome, output: Buffer): void {
    if (outcome.failure !== '' || this.showsPassing) writeOut(output);
    printOut(this.summary(p, outcome, output.toString('latin1'), output.length));
  }

  /** The lines after a test's output; `output` is what of it was looked at. */
  private summary(p: TestPackage, outcome: TestOutcome, output: string, length: number): string {
    const time = `${outcome.seconds.toFixed(3)}s`;
    const newline = length > 0 && !output.endsWith('\n') ? '\n' : '';
    if (outcome.failure === '') {
      const hasNone = /(^|\n)testing: warning: no tests to run\n/.test(output);
      return `${newline}ok  \t${p.path}\t${time}${hasNone ? ' [no tests to run]' : ''}\n`;
    }
    this.status = 1;
    if (this.flags.values.get('failfast') === 'true') this.stopped = true;
    const killed = outcome.wasKilled ? `*** Test killed: ran too long (${formatDuration(this.flags.timeout + Math.max(60e9, this.flags.timeout / 10))}).\n` : '';
    const failure = length === 0 || !outcome.failure.startsWith('exit status') ? `${outcome.failure}\n` : newline;
    return `${killed}${failure}FAIL\t${p.path}\t${time}\n`;
  }

  /** Refuses what can't be written. */
  private checkOutput(): void {
    const output = this.flags.values.get('o') ?? '';
    if (this.packages.length === 1 || (!this.compileOnly && output === '')) return;
    if (output !== '' && !isFolder(output)) throw new UsageError('with multiple packages, -o must refer to a directory or /dev/null', 1);
    const names = new Set(this.packages.map(binaryName));
    const clashes = [...names].map((name) => ({ name, same: this.packages.filter((p) => binaryName(p) === name) })).filter(({ same }) => same.length > 1);
    if (clashes.length === 0) return;
    const text = clashes.map(({ name, same }) => `cannot write test binary ${name} for multiple packages:\n${same.map((p) => p.path).join('\n')}\n`);
    throw new UsageError(text.join('\n'), 1);
  }

  private writeBinary(p: TestPackage, program: TestProgram): void {
    const output = this.flags.values.get('o') ?? '';
    const name = `${binaryName(p)}.wasm`;
    if (output === '/dev/null') return;
    if (isFolder(output)) mkdirSync(output, { recursive: true });
    writeFileSync(output === '' ? resolve(name) : isFolder(output) ? join(output, name) : resolve(output), wasmOf(program));
  }
}

function execWords(text: string): string[] {
  const words = splitQuoted(text);
  if (words === undefined) throw new UsageError(`go: invalid value ${JSON.stringify(text)} for flag -exec`, 2);
  return words;
}

function isFolder(path: string): boolean {
  return path !== '' && (path.endsWith('/') || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
}

/** `strings.test`: the import path's last element that is no major version, or the name for files. */
function binaryName(p: TestPackage): string {
  return `${p.path === 'command-line-arguments' ? p.name : lastElement(p.path)}.test`;
}

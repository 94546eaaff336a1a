// Runs a program with gc's toolchain and with goloom, and finds the cases whose output differs.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../goroot/engine.ts';
import type { Ran } from '../goroot/engine.ts';
import { programText } from './generate.ts';
import type { Case } from './generate.ts';

const limit = 60_000;

/** A case with what it prints, natively and compiled by goloom. */
export interface Difference {
  readonly case: Case;
  readonly want: string;
  readonly have: string;
}

export interface Comparison {
  /** The program is no valid Go: a mistake of the generator, or of a reduction. */
  readonly invalid: string;
  readonly differences: readonly Difference[];
}

/** Compiles and runs; keeps the standard library in memory from program to program. */
export class Comparer {
  private readonly engine: Engine;
  private readonly dir = mkdtempSync(join(tmpdir(), 'goloom-fuzz-'));

  constructor() {
    this.engine = new Engine(execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim());
    process.on('exit', () => rmSync(this.dir, { recursive: true, force: true }));
  }

  async compare(cases: readonly Case[]): Promise<Comparison> {
    const file = join(this.dir, 'main.go');
    writeFileSync(file, programText(cases));
    const binary = join(this.dir, 'main');
    const built = await run('go', ['build', '-o', binary, file]);
    if (built.status !== 0) return { invalid: built.output, differences: [] };
    const want = byCase(await run(binary, []));
    const have = byCase(await this.goloom(file));
    // An initialiser of a package's variable may panic, before any case: then the panics must be the same.
    if ([...want.keys()].every((n) => n < 0) && firstLine(want) === firstLine(have)) return { invalid: '', differences: [] };
    const differences = cases
      .map((c) => ({ case: c, want: want.get(c.number) ?? '', have: have.get(c.number) ?? have.get(-1) ?? '' }))
      .filter((d) => d.want !== d.have);
    return { invalid: '', differences };
  }

  private async goloom(file: string): Promise<Ran> {
    try {
      const { program, messages } = this.engine.check(new Map([['main', [file]]]), ['main'], '', true);
      const text = messages.flatMap((m) => m.messages).map((m) => `${m.file}:${m.line}: ${m.text}`);
      if (program === undefined || text.length > 0) return { status: 1, output: `does not compile: ${text.join('\n')}`, timedOut: false };
      return await this.engine.run(await this.engine.compile(program, [], true), [], this.dir, limit);
    } catch (error) {
      return { status: null, output: `goloom: ${(error as Error).stack}`, timedOut: false };
    }
  }
}

function run(command: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: limit, encoding: 'utf8', maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : 1, output: stdout + stderr, timedOut: error?.killed === true });
    });
  });
}

/** The first line of what belongs to no case. */
function firstLine(output: ReadonlyMap<number, string>): string { return (output.get(-1) ?? '').split('\n')[0]!; }

/** Output by case; what belongs to none, or says how the program ended, is at -1. */
function byCase(ran: Ran): Map<number, string> {
  const out = new Map<number, string>();
  let number = -1;
  for (const line of ran.output.split('\n')) {
    const head = /^== (\d+)$/.exec(line);
    if (head !== null) number = Number(head[1]);
    else if (number >= 0 || line !== '') out.set(number, `${out.get(number) ?? ''}${line}\n`);
  }
  if (ran.timedOut) out.set(-1, `no end; ${out.get(-1) ?? ''}`);
  return out;
}

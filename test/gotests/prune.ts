// Test files of a standard package as a package of another module, without what does not compile there: internal packages and
// what the package's own test build exports.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lift } from '../std/lift.ts';

/** So often the compiler is asked what does not compile. */
const maxRounds = 40;

/** The few names of internal packages that tests use, and what stands for them. */
const substitutes: readonly (readonly [pattern: RegExp, text: string])[] = [
  [/\b(race|asan|msan)\.Enabled\b/g, 'false'], [/\bgoexperiment\.\w+\b/g, 'false'], [/\bgoarch\.PtrSize\b/g, '8'], [/\bgoarch\.BigEndian\b/g, 'false'], [/\babi\.Escape\(/g, 'escape('],
];

/** Stands for the names that are not substituted: functions of internal/testenv as methods of a variable of that name. */
const standIns = (parallel: boolean): string => `package runtime_test

import "testing"

type testEnvironment struct{}

var testenv testEnvironment

func (testEnvironment) SkipIfOptimizationOff(t testing.TB)      {}
func (testEnvironment) SkipFlaky(t testing.TB, issue int)       { t.Skip("flaky") }
func (testEnvironment) OptimizationOff() bool                   { return false }
func (testEnvironment) Builder() string                         { return "" }
func (testEnvironment) HasParallelism() bool                    { return ${parallel} }
func (testEnvironment) MustHaveParallelism(t testing.TB)        { ${parallel ? '' : 't.Skip("no parallelism")'} }

var escaped any

func escape[T any](x T) T {
	escaped = x
	return x
}
`;

/** Those of export_test.go that lifted tests need, as they are called here. */
const liftedHooks = `package runtime_test

import _ "unsafe"

//go:linkname Semacquire sync.runtime_Semacquire
func Semacquire(addr *uint32)

//go:linkname Semrelease1 sync.runtime_Semrelease
func Semrelease1(addr *uint32, handoff bool, skipframes int)

//go:linkname SemNwait runtime.semnwait
func SemNwait(addr *uint32) uint32
`;

/** The files, copied to `dir` as package runtime_test. */
export class Sources {
  /** Names of the declarations that were left out. */
  readonly dropped: string[] = [];
  private readonly dir: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly texts = new Map<string, string>();

  /** `lifted`: the tests do not skip because they run on WebAssembly. */
  constructor(dir: string, from: string, files: readonly string[], env: NodeJS.ProcessEnv, lifted: boolean) {
    this.dir = dir;
    this.env = env;
    writeFileSync(join(dir, 'go.mod'), 'module runtime_test\n\ngo 1.26\n');
    writeFileSync(join(dir, 'stand.go'), standIns(lifted));
    if (lifted) writeFileSync(join(dir, 'hooks.go'), liftedHooks);
    for (const file of files) {
      const text = this.withoutInternal(readFileSync(join(from, file), 'utf8'));
      this.texts.set(file, lifted ? lift(text) : text);
    }
  }

  private withoutInternal(text: string): string {
    let out = text.replace(/^(\t|import )([\w.]+ )?"internal\/[\w/]+"$/gm, '');
    for (const [pattern, text] of substitutes) out = out.replace(pattern, text);
    return out;
  }

  /** Takes out what does not compile, until all does. */
  prune(): void {
    for (let round = 0; round < maxRounds; round++) {
      for (const [file, text] of this.texts) writeFileSync(join(this.dir, builtName(file)), `//line ${file}:1\n${text}`);
      const r = spawnSync('go', ['build', '-gcflags=-e', '.'], { cwd: this.dir, encoding: 'utf8', env: this.env, maxBuffer: 1 << 28 });
      if (r.status === 0) return;
      let any = false;
      for (const [file, text] of this.texts) {
        const pruned = this.pruneFile(file, text, r.stderr);
        if (pruned !== text) any = true;
        this.texts.set(file, pruned);
      }
      if (!any) throw new Error(`nothing to leave out:\n${r.stderr.slice(0, 3000)}`);
    }
    throw new Error('the tests do not come to compile');
  }

  /** Tests that are left. */
  tests(): string[] {
    return [...this.texts.values()].flatMap((text) => [...text.matchAll(/^func (Test\w+)\(\w+ \*testing\.T\)/gm)].map((m) => m[1]!));
  }

  /** Takes out the top-level declarations and imports of a file that the errors point into. */
  private pruneFile(file: string, text: string, errors: string): string {
    const lines = text.split('\n');
    const bad = [...errors.matchAll(/^(?:\.\/)?([\w.-]+):(\d+)/gm)].filter((m) => m[1] === file).map((m) => Number(m[2]) - 1);
    for (const at of new Set(bad)) {
      if (lines[at] === undefined || lines[at] === '') continue;
      if (/^(\t|import )([\w.]+ )?"/.test(lines[at])) { lines[at] = ''; continue; }
      let from = at;
      while (from > 0 && !/^(func|var|type|const) /.test(lines[from]!)) from--;
      let to = at;
      if (!/^(func .*\{.*\}|(var|type|const) [^({]*)$/.test(lines[from]!)) while (to < lines.length && !/^[})]/.test(lines[to]!)) to++;
      this.dropped.push(/^func (?:\([^)]*\) )?(\w+)/.exec(lines[from]!)?.[1] ?? `${file}:${from + 1}`);
      while (from > 0 && lines[from - 1]!.startsWith('//')) from--;
      for (let i = from; i <= to; i++) lines[i] = '';
    }
    return lines.join('\n');
  }
}

/** A file that ends in _test would not be built; a line directive keeps its name. */
function builtName(file: string): string { return file.replace(/_test\.go$/, '_tests.go'); }

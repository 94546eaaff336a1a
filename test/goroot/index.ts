// The index of GOROOT/test: every test file with its recipe, as the go harness (cmd/internal/testdir) reads it, and
// whether it is within goloom's scope. scope.txt names the exceptions.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { evalConstraint, isGoBuild, isPlusBuild, parseGoBuild, tagHolds } from '../../src/source/constraint.ts';
import type { BuildContext } from '../../src/source/constraint.ts';
import { buildContext } from '../../src/load/context.ts';

/** What kind of work a test is; `-category` chooses among these. */
export type Category = 'run' | 'errorcheck' | 'escape' | 'compile' | 'dir';

/** One test of GOROOT/test. */
export interface GoTest {
  /** Relative to GOROOT/test. */
  readonly path: string;
  readonly action: string;
  /** Words for the compiler or the go command. */
  readonly flags: readonly string[];
  /** Words for the program. */
  readonly args: readonly string[];
  /** `-1` and `-0`: whether compiling must fail; undefined where the action decides. */
  readonly wantError: boolean | undefined;
  /** `-s`: each file of the folder is a package of its own. */
  readonly singleFiles: boolean;
  readonly goModVersion: string;
  readonly godebug: string;
  readonly category: Category;
  /** Empty where the test counts; else why it does not. */
  readonly excluded: string;
}

/** The folders that the harness walks, not recursively. */
const folders = [
  '.',
  'ken',
  'chan',
  'interface',
  'internal/runtime/sys',
  'syntax',
  'dwarf',
  'fixedbugs',
  'codegen',
  'abi',
  'typeparam',
  'typeparam/mdempsky',
  'arenas',
  'simd',
];

/** Reads the index. */
export function readIndex(goroot: string): GoTest[] {
  const scope = readScope();
  const context = harnessContext(goroot);
  const tests: GoTest[] = [];
  for (const folder of folders) {
    const names = readdirSync(join(goroot, 'test', folder))
      .filter((name) => name.endsWith('.go'))
      .sort();
    for (const name of names) {
      const path = folder === '.' ? name : `${folder}/${name}`;
      const text = readFileSync(join(goroot, 'test', path), 'utf8');
      const test = parseTest(path, text, context, scope);
      if (test !== undefined) tests.push(test);
    }
  }
  return tests;
}

function harnessContext(goroot: string): BuildContext {
  const minor = Number(/^go1\.(\d+)/.exec(readFileSync(join(goroot, 'VERSION'), 'utf8'))![1]);
  return buildContext({ goos: 'js', goMinor: minor, tags: ['test_run'] });
}

interface Scope {
  readonly out: ReadonlyMap<string, string>;
  readonly in: ReadonlySet<string>;
}

function readScope(): Scope {
  const out = new Map<string, string>();
  const taken = new Set<string>();
  for (const line of readFileSync(new URL('scope.txt', import.meta.url), 'utf8').split('\n')) {
    const match = /^([+-]) ([^:]+): (.*)$/.exec(line);
    if (match?.[1] === '+') taken.add(match[2]!);
    else if (match !== null) out.set(match[2]!, match[3]!);
  }
  return { out, in: taken };
}

function parseTest(path: string, text: string, context: BuildContext, scope: Scope): GoTest | undefined {
  const clause = text.indexOf('\npackage');
  const header = clause < 0 ? text : text.slice(0, clause + 1);
  const recipe = header.split('\n').find((line) => line.trim() !== '' && !isConstraint(line));
  if (recipe === undefined || !recipe.startsWith('//')) return undefined;
  const words = splitWords(recipe.slice(2));
  const action = words.shift() ?? '';
  if (!actions.has(action)) return undefined;
  const test = {
    flags: [] as string[],
    args: [] as string[],
    wantError: undefined as boolean | undefined,
    singleFiles: false,
    goModVersion: '',
    godebug: '',
  };
  while (words[0]?.startsWith('-')) {
    const word = words.shift()!;
    if (word === '-0') test.wantError = false;
    else if (word === '-1') test.wantError = true;
    else if (word === '-s') test.singleFiles = true;
    else if (word === '-t' || word === '-goexperiment') words.shift();
    else if (word === '-godebug') test.godebug = words.shift() ?? '';
    else if (word === '-gomodversion') test.goModVersion = words.shift() ?? '';
    else test.flags.push(word);
  }
  test.args.push(...words);
  const category = categoryOf(path, action, test.flags);
  return { path, action, ...test, category, excluded: exclusion(path, action, header, context, scope) };
}

const actions = new Set([
  'run',
  'buildrun',
  'runoutput',
  'errorcheckoutput',
  'compile',
  'build',
  'errorcheck',
  'errorcheckwithauto',
  'compiledir',
  'errorcheckdir',
  'errorcheckandrundir',
  'rundir',
  'runindir',
  'builddir',
  'buildrundir',
  'asmcheck',
  'skip',
]);

function exclusion(path: string, action: string, header: string, context: BuildContext, scope: Scope): string {
  if (scope.in.has(path)) return '';
  const named = scope.out.get(path);
  if (named !== undefined) return named;
  if (action === 'asmcheck') return "matches the gc compiler's assembly";
  if (action === 'skip') return 'skipped by the go harness';
  const holds = header
    .split('\n')
    .filter(isConstraint)
    .every((line) => constraintHolds(line, context));
  return holds ? '' : 'its build constraint excludes js/wasm';
}

function isConstraint(line: string): boolean {
  return isGoBuild(line.trim()) || isPlusBuild(line.trim());
}

function constraintHolds(line: string, context: BuildContext): boolean {
  const { expr } = parseGoBuild(line.trim());
  return expr === null || evalConstraint(expr, (tag) => tagHolds(context, tag));
}

function categoryOf(path: string, action: string, flags: readonly string[]): Category {
  if (flags.some((flag) => flag === '-m' || flag.startsWith('-m='))) return 'escape';
  if (action.endsWith('dir')) return 'dir';
  if (action.startsWith('errorcheck')) return 'errorcheck';
  if (action === 'compile' || action === 'build') return 'compile';
  if (action === 'asmcheck' || action === 'skip') return 'compile';
  return path === '' ? 'compile' : 'run';
}

/** Words at blanks; quotes and backslashes keep blanks together. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  let open = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\\') {
      word += text[++i] ?? '';
      open = true;
    } else if (quote !== '') {
      if (c === quote) quote = '';
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      open = true;
    } else if (/\s/.test(c)) {
      if (open || word !== '') words.push(word);
      word = '';
      open = false;
    } else {
      word += c;
    }
  }
  if (open || word !== '') words.push(word);
  return words;
}

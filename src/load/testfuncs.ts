// Which functions of a package's test files the generated main program calls: tests, benchmarks, fuzz targets, examples with
// an output comment, TestMain. They are told by name and shape of declaration; types are checked later, with everything else.
import { DiagnosticList } from '../base/diagnostic.ts';
import { FileSet } from '../source/fileset.ts';
import { Kind } from '../syntax/ast.ts';
import type { File, FuncDecl } from '../syntax/ast.ts';
import { parseFile } from '../syntax/parser.ts';
import { commentText, lastCommentGroup } from './comments.ts';
import { LoadError } from './program.ts';

/** A function that the main program names. */
export interface TestFunc {
  readonly name: string;
  /** Whether it is in the package `p_test`. */
  readonly external: boolean;
}

/** An example and what it must print. */
export interface ExampleFunc extends TestFunc {
  readonly output: string;
  readonly unordered: boolean;
}

/** All that the main program calls, in the order of files and declarations. */
export interface TestFuncs {
  readonly tests: TestFunc[];
  readonly benchmarks: TestFunc[];
  readonly fuzzTargets: TestFunc[];
  readonly examples: ExampleFunc[];
  testMain: TestFunc | undefined;
}

/** A test file and which of the two packages it belongs to. */
export interface TestFile {
  readonly path: string;
  readonly text: Uint8Array;
  readonly external: boolean;
}

/** Reads the test files. Throws LoadError for a function whose name is a test's and whose parameters are not. */
export function findTestFuncs(files: readonly TestFile[]): TestFuncs {
  const found: TestFuncs = { tests: [], benchmarks: [], fuzzTargets: [], examples: [], testMain: undefined };
  const fset = new FileSet();
  for (const file of files) {
    const parsed = parseFile(fset, file.path, file.text, new DiagnosticList(), { skipBranches: true });
    for (const decl of parsed.decls) {
      if (decl.kind === Kind.FuncDecl && decl.recv === null) addFunc(found, decl, parsed, file.external);
    }
  }
  return found;
}

function addFunc(found: TestFuncs, decl: FuncDecl, file: File, external: boolean): void {
  const name = decl.name.name;
  const func = { name, external };
  if (name === 'TestMain' && !takesOnly(decl, 'T')) {
    requireShape(decl, 'M', file);
    if (found.testMain !== undefined) throw new LoadError(['multiple definitions of TestMain']);
    found.testMain = func;
  } else if (isTestName(name, 'Test')) {
    requireShape(decl, 'T', file);
    found.tests.push(func);
  } else if (isTestName(name, 'Benchmark')) {
    requireShape(decl, 'B', file);
    found.benchmarks.push(func);
  } else if (isTestName(name, 'Fuzz')) {
    requireShape(decl, 'F', file);
    found.fuzzTargets.push(func);
  } else if (isTestName(name, 'Example')) {
    addExample(found, decl, file, external);
  }
}

function addExample(found: TestFuncs, decl: FuncDecl, file: File, external: boolean): void {
  const hasResults = decl.type.results !== null && decl.type.results.list.length > 0;
  if (decl.type.params.list.length > 0 || hasResults || decl.body === null) return;
  const expected = exampleOutput(file, decl);
  if (expected !== undefined) found.examples.push({ name: decl.name.name, external, ...expected });
}

/** Whether `name` is the prefix, or has it before something that is not a lower-case letter. */
function isTestName(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && !/^\p{Ll}/u.test(name.slice(prefix.length));
}

/** Whether the one parameter is a pointer to something called `type`; testing may be imported under any name. */
function takesOnly(decl: FuncDecl, type: string): boolean {
  const { params, results } = decl.type;
  const [param] = params.list;
  if ((results !== null && results.list.length > 0) || param === undefined || params.list.length !== 1 || param.names.length > 1) return false;
  if (param.type.kind !== Kind.StarExpr) return false;
  const pointee = param.type.x;
  return pointee.kind === Kind.Ident ? pointee.name === type : pointee.kind === Kind.SelectorExpr && pointee.sel.name === type;
}

function requireShape(decl: FuncDecl, type: string, file: File): void {
  const name = decl.name.name;
  let why = '';
  if (!takesOnly(decl, type)) why = `must be: func ${name}(${type.toLowerCase()} *testing.${type})`;
  if (decl.type.typeParams !== null && decl.type.typeParams.list.length > 0) why = 'test functions cannot have type parameters';
  if (why === '') return;
  const at = file.source.physical(decl.pos - file.source.base);
  throw new LoadError([`${at.filename}:${at.line}:${at.column}: wrong signature for ${name}, ${why}`]);
}

/** What the last comment in the example's body says about its output. */
function exampleOutput(file: File, decl: FuncDecl): { output: string; unordered: boolean } | undefined {
  const { bytes, base } = file.source;
  const offsets = file.comments.map((pos) => pos - base);
  const group = lastCommentGroup(bytes, offsets, decl.body!.pos - base, decl.body!.rbrace + 1 - base);
  if (group === undefined) return undefined;
  const text = commentText(group);
  const match = /^[\t\n\f\r ]*(unordered )?output:/i.exec(text);
  if (match === null) return undefined;
  const output = text.slice(match[0].length).replace(/^ */, '').replace(/^\n/, '');
  return { output, unordered: match[1] !== undefined };
}

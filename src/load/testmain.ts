// The main program of a test: it hands the package's tests to the testing package, as the one that `go test` generates does.
import type { TestFunc, TestFuncs } from './testfuncs.ts';

/** What the generated program is about. */
export interface TestMainOptions {
  readonly importPath: string;
  readonly modulePath: string;
  readonly funcs: TestFuncs;
  /** Whether there is a package to test besides `p_test`. */
  readonly hasOwn: boolean;
  readonly hasExternal: boolean;
}

/** The packages that it imports whatever it tests. */
export const testMainImports: readonly string[] = ['os', 'reflect', 'testing', 'testing/internal/testdeps'];

/** The source text of the program. */
export function testMainSource(options: TestMainOptions): string {
  const { funcs, importPath } = options;
  const { testMain } = funcs;
  return `package main

import (
${importLines(options).join('\n')}
)

${table('tests', 'InternalTest', funcs.tests.map(entry))}
${table('benchmarks', 'InternalBenchmark', funcs.benchmarks.map(entry))}
${table('fuzzTargets', 'InternalFuzzTarget', funcs.fuzzTargets.map(entry))}
${table('examples', 'InternalExample', funcs.examples.map((e) => `${entry(e)}, ${goString(e.output)}, ${e.unordered}`))}
func init() {
	testdeps.ModulePath = ${goString(options.modulePath)}
	testdeps.ImportPath = ${goString(importPath === 'command-line-arguments' ? '' : importPath)}
}

func main() {
	m := testing.MainStart(testdeps.TestDeps{}, tests, benchmarks, fuzzTargets, examples)
${testMain === undefined ? '\tos.Exit(m.Run())' : `\t${qualified(testMain)}(m)\n\tos.Exit(int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int()))`}
}
`;
}

function importLines({ funcs, importPath, hasOwn, hasExternal }: TestMainOptions): string[] {
  const lines = ['os', ...(funcs.testMain === undefined ? [] : ['reflect']), 'testing', 'testing/internal/testdeps'].map((path) => `\t${goString(path)}`);
  if (hasOwn) lines.push(`\t${isNamed(funcs, false) ? '_test' : '_'} ${goString(importPath)}`);
  if (hasExternal) lines.push(`\t${isNamed(funcs, true) ? '_xtest' : '_'} ${goString(importPath + '_test')}`);
  return lines;
}

/** Whether the program calls anything of the package; else it imports it for its initialisation only. */
function isNamed(funcs: TestFuncs, external: boolean): boolean {
  const all = [...funcs.tests, ...funcs.benchmarks, ...funcs.fuzzTargets, ...funcs.examples];
  return all.some((func) => func.external === external) || funcs.testMain?.external === external;
}

function table(name: string, type: string, entries: readonly string[]): string {
  return `var ${name} = []testing.${type}{\n${entries.map((text) => `\t{${text}},\n`).join('')}}\n`;
}

function entry(func: TestFunc): string {
  return `${goString(func.name)}, ${qualified(func)}`;
}

function qualified(func: TestFunc): string {
  return `${func.external ? '_xtest' : '_test'}.${func.name}`;
}

/** A Go string literal: JSON's is one, but for what Go source may not hold as it is. */
function goString(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029\ufeff\u007f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

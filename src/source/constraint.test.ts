import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildHeader, constraintString, evalConstraint, goVersionOfBuildLine, matchFileName, matchHeader, parseGoBuild, parsePlusBuild, tagHolds,
} from './constraint.ts';
import type { BuildContext } from './constraint.ts';

const ctx: BuildContext = { goos: 'js', goarch: 'wasm', compiler: 'gc', cgo: false, goMinor: 26, tags: new Set(['mytag']) };
const holds = (tag: string): boolean => tagHolds(ctx, tag);

test('parseGoBuild() and evalConstraint()', () => {
  for (const [line, want] of [
    ['//go:build js', true], ['//go:build js && !wasm', false], ['//go:build linux || (js && wasm)', true], ['//go:build !(js || linux)', false],
    ['//go:build go1.26', true], ['//go:build go1.27', false], ['//go:build unix', false], ['//go:build mytag && gc && !cgo', true],
  ] as const) {
    const { expr } = parseGoBuild(line);
    assert.ok(expr !== null, line);
    assert.equal(evalConstraint(expr, holds), want, line);
  }
});

test('parseGoBuild() rejects with the words of go/build/constraint', () => {
  for (const [line, want] of [
    ['//go:build', 'unexpected end of expression'], ['//go:build a b', 'unexpected token b'], ['//go:build (a', 'missing close paren'],
    ['//go:build !!a', 'double negation not allowed'], ['//go:build a &', 'invalid syntax at &'], ['//go:build a && -', 'invalid syntax at -'],
    ['// +build a', 'not a build constraint'],
  ] as const) {
    assert.equal(parseGoBuild(line).error?.message, want, line);
  }
});

test('parseGoBuild() refuses endless nesting', () => {
  assert.equal(parseGoBuild('//go:build ' + '('.repeat(100000)).error?.message, 'build expression too large');
});

test('parsePlusBuild() reads blanks as or, commas as and', () => {
  const x = parsePlusBuild('// +build a,!b c');
  assert.ok(x !== null);
  assert.equal(constraintString(x), '(a && !b) || c');
});

test('goVersionOfBuildLine() takes the least version that is implied', () => {
  for (const [line, want] of [
    ['//go:build go1.18', 'go1.18'], ['//go:build go1.18 && go1.21', 'go1.21'], ['//go:build go1.18 || go1.21', 'go1.18'],
    ['//go:build linux || go1.21', ''], ['//go:build !go1.21', ''], ['//go:build go1', 'go1'],
  ] as const) {
    assert.equal(goVersionOfBuildLine(line), want, line);
  }
});

test('buildHeader() looks above the package clause only', () => {
  const at = (s: string): boolean => matchHeader(buildHeader(new TextEncoder().encode(s)), holds).ok;
  assert.equal(at('//go:build linux\n\npackage p\n'), false);
  assert.equal(at('package p\n\n//go:build linux\n'), true);
  assert.equal(at('// +build linux\npackage p\n'), true); // no blank line behind it: a comment
  assert.equal(at('// +build linux\n\npackage p\n'), false);
  assert.equal(at('/* x\n//go:build linux\n*/\npackage p\n'), true);
  assert.equal(at('//go:build js\n// +build linux\n\npackage p\n'), true);
});

test('matchFileName() knows name_GOOS_GOARCH_test', () => {
  for (const [name, want] of [
    ['x.go', true], ['x_js.go', true], ['x_linux.go', false], ['x_wasm_test.go', true], ['x_js_wasm.go', true], ['x_linux_wasm.go', false],
    ['linux.go', true], ['x_unix.go', true], ['js_wasm.go', true], ['_linux.go', false],
  ] as const) {
    assert.equal(matchFileName(ctx, name), want, name);
  }
});

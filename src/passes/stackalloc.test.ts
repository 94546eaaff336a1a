// Buffers and boxes: on the stack where what is in them does not escape.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { analyseEscape } from '../analysis/escape.ts';
import type { EscapeSummary } from '../analysis/escape.ts';
import { NO_LEAK } from '../analysis/escape-leak.ts';
import type { Func } from '../ir/func.ts';
import { parseFuncs } from '../ir/parse.ts';
import { printFunc } from '../ir/print.ts';
import type { DataSymbol, Program } from '../ir/program.ts';
import { verify } from '../ir/verify.ts';
import { runPasses } from './list.ts';
import { settleBuffers, stackalloc } from './stackalloc.ts';

function lines(f: Func): string {
  return printFunc(f).split('\n').map((l) => l.trim().replace(/ ; <-.*/, '')).filter((l) => l !== '' && !/^(func|v\d+ = param|\})/.test(l)).join('; ');
}

/** What becomes of the one block of a function of an i64 and a pointer. */
function allocated(text: string, summaries: Readonly<Record<string, EscapeSummary>> = {}): string {
  const f = parseFuncs(`func "t"(i64 ptr) (ptr) {\nb1:\n  v1 = param:i64 {0}\n  v2 = param:ptr {1}\n  ${text}\n}\n`)[0]!;
  stackalloc(f, analyseEscape(f, (sym) => summaries[sym] ?? null).onStack);
  settleBuffers(f);
  verify(f, 'stackalloc');
  return lines(f);
}

const none = { heap: NO_LEAK, results: [] };
const returned = { heap: NO_LEAK, results: [{ result: 0, derefs: 0 }] };
const conversion = { 'runtime.slicebytetostring': [returned, none, null] };
const convert = 'v3 = tempbuf {"" 32 8 [] ".buf"}\n  v4 = call:tuple v3 v2 v1 {"runtime.slicebytetostring" (ptr ptr i64) (ptr i64)}\n  v5 = extract:ptr v4 {0}\n';

test('a buffer whose string is only read is a stack object, not cleared', () => {
  assert.match(allocated(`${convert}  v6 = load8_u v5 {0}\n  v7 = const.ptr {0}\n  ret v7`, conversion), /^b1:; v3 = slot \{32 8 \[\] ".buf"\}; v4 = call:tuple v3/);
});

test('a buffer whose string is returned is nil', () => {
  assert.match(allocated(`${convert}  ret v5`, conversion), /v3 = const.ptr \{0\}; v4 = call:tuple v3/);
});

test('a buffer given to a function of which nothing is known is nil', () => {
  assert.match(allocated(`${convert}  v7 = const.ptr {0}\n  ret v7`), /v3 = const.ptr \{0\}/);
});

test('an operand of a concatenation does not escape with the result', () => {
  const text = `${convert}  v6 = const.ptr {0}\n  v7 = call:tuple v6 v5 v1 v2 v1 {"runtime.concatstring2" (ptr ptr i64 ptr i64) (ptr i64)}\n  v8 = extract:ptr v7 {0}\n  ret v8`;
  assert.match(allocated(text, conversion), /v3 = slot/);
});

test('a box that is only read is stored where the call was', () => {
  const text = 'v3 = call:ptr v2 v1 {"runtime.convTstring" (ptr i64) (ptr) noinline}\n  v4 = load.ptr v3 {0}\n  ret v4';
  assert.equal(allocated(text), 'b1:; v3 = slot {16 8 [1] ".box"}; v5 = store.ptr v3 v2 {0}; v6 = store.i64 v3 v1 {8}; v4 = load.ptr v3 {0}; ret v4');
});

test('a box that is returned is made by the call', () => {
  assert.match(allocated('v3 = call:ptr v1 {"runtime.convT64" (i64) (ptr) noinline}\n  ret v3'), /v3 = call:ptr v1/);
});

test('what is in an escaping box escapes', () => {
  const text = 'v3 = newobject {"T" 8 8 [] "x"}\n  v4 = call:ptr v3 v1 {"runtime.convTstring" (ptr i64) (ptr) noinline}\n  ret v4';
  assert.match(allocated(text), /v3 = newobject/);
});

test('functions that call each other keep what they only hand on', () => {
  const half = (name: string, other: string): string => `func "${name}"(ptr i64) (i64) {
b1:
  v1 = param:ptr {0}
  v2 = param:i64 {1}
  br v3 b2 b3
b2: ; <- b1
  v4 = newobject {"T" 8 8 [] "x"}
  v5 = store.i64 v4 v2 {0}
  v6 = call:i64 v4 v2 {"${other}" (ptr i64) (i64) suspends}
  ret v6
b3: ; <- b1
  v7 = load.i64 v1 {0}
  ret v7
}
`.replace('br v3', 'v3 = eqz.i64 v2\n  br v3');
  const funcs = new Map(parseFuncs(half('even', 'odd') + half('odd', 'even')).map((f) => [f.name, f]));
  const p: Program = { funcs, data: new Map<string, DataSymbol>(), files: [], positions: [{ file: 0, line: 0, column: 0, func: '', inlinedAt: 0 }], imports: new Map(), exports: [], entry: 'even', roots: [] };
  runPasses(p, { check: true, off: new Set() });
  for (const f of funcs.values()) assert.doesNotMatch(lines(f), /newobject/);
});

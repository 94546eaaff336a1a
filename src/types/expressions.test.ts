// Expressions and statements: what is recorded about them, and the messages for wrong ones. The bulk comparisons with the
// installed Go are in test/types; these tables name the rules one by one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiagnosticList } from '../base/diagnostic.ts';
import { exactString } from '../constant/format.ts';
import { FileSet } from '../source/fileset.ts';
import type { Expr, Ident, Node } from '../syntax/ast.ts';
import { Kind } from '../syntax/ast.ts';
import { exprString } from '../syntax/expr-string.ts';
import { parseFile } from '../syntax/parser.ts';
import { walk } from '../syntax/walk.ts';
import { checkPackage, type CheckedPackage } from './check.ts';
import { ObjKind, type Var } from './model.ts';
import { wasmSizes } from './sizes.ts';
import { typeString } from './typestring.ts';
import { unsafePackage } from './universe.ts';

interface Result {
  readonly checked: CheckedPackage;
  readonly messages: string[];
  readonly file: ReturnType<typeof parseFile>;
}

function check(source: string, goVersion = 'go1.26'): Result {
  const fileSet = new FileSet();
  const sink = new DiagnosticList();
  const file = parseFile(fileSet, 'x.go', new TextEncoder().encode(`package p\n${source}`), sink);
  const importer = (path: string) => (path === 'unsafe' ? unsafePackage : `no package ${path}`);
  const checked = checkPackage({ path: 'p', files: [file], fileSet, importer, sizes: wasmSizes, goVersion, sink });
  const messages = sink.items.map((d) => d.message + d.related.map((r) => ` | ${r.message}`).join(''));
  return { checked, messages, file };
}

function find(root: Node, text: string): Expr {
  let found: Expr | null = null;
  walk(root, (n) => {
    if (found === null && n.kind <= Kind.ChanType && exprString(n as Expr) === text) found = n as Expr;
  });
  assert.ok(found !== null, `no expression ${text}`);
  return found;
}

/** Type and value of the first expression that is printed so. */
function fact(r: Result, text: string): string {
  const e = find(r.file, text);
  const t = r.checked.info.typeOf(e),
    v = r.checked.info.valueOf(e);
  return `${t === null ? 'none' : typeString(t, () => '')}${v === null ? '' : ` ${exactString(v)}`}`;
}

const facts: { name: string; in: string; want: Record<string, string> }[] = [
  { name: 'an untyped constant gets the type of what it is assigned to', in: 'var x int64 = 1 + 2', want: { '1 + 2': 'int64 3' } },
  { name: 'the operands of a constant expression keep their untyped types', in: 'var x int64 = 1 + 2', want: { '1': 'untyped int 1' } },
  { name: 'in an interface it has its default type', in: 'var x any = 1.5', want: { '1.5': 'float64 3/2' } },
  {
    name: 'a non-constant shift takes its type from the context',
    in: 'var s uint; var x int8 = 1 << s',
    want: { '1': 'int8 1', '1 << s': 'int8' },
  },
  { name: 'a shift as an index is an int', in: 'var s uint; var a []int; var x = a[1<<s]', want: { '1 << s': 'int' } },
  { name: 'the shift count is a uint', in: 'var s int; var x = s << 3', want: { '3': 'untyped int 3', 's << 3': 'int' } },
  { name: 'a comparison yields an untyped bool', in: 'type B bool; var i int; var x B = i < 2', want: { 'i < 2': 'B', '2': 'int 2' } },
  { name: 'nil gets the type of the other operand', in: 'var p *int; var x = p == nil', want: { nil: '*int' } },
  { name: 'constants are rounded to their type', in: 'var x float32 = 0.1', want: { '0.1': 'float32 13421773/134217728' } },
  { name: 'a conversion of an integer to a string is the rune', in: 'const c = string(65)', want: { 'string(65)': 'string "A"' } },
  {
    name: 'len of an array is constant unless something is called',
    in: 'var a [3]int; func f() *[3]int; var x = len(a); var y = len(f())',
    want: { 'len(a)': 'int 3', 'len(f())': 'int' },
  },
  {
    name: 'the comma-ok form is a tuple',
    in: 'func f(m map[int]string) { v, ok := m[1]; _, _ = v, ok }',
    want: { 'm[1]': '(string, bool)' },
  },
  { name: 'new of an expression', in: 'var x = new(1.5)', want: { 'new(1.5)': '*float64' } },
  { name: 'min of constants is constant', in: 'const c = min(3, 2.5)', want: { 'min(3, 2.5)': 'untyped float 5/2' } },
  {
    name: 'a method expression has the receiver as parameter',
    in: 'type T int; func (t T) m(int) {}; var f = T.m',
    want: { 'T.m': 'func(T, int)' },
  },
  { name: 'an inferred instance', in: 'func g[T any](x T) T { return x }; var x = g("a")', want: { 'g("a")': 'string' } },
];

for (const f of facts) {
  test(`records: ${f.name}`, () => {
    const r = check(f.in);
    assert.deepEqual(r.messages, []);
    for (const [text, want] of Object.entries(f.want)) assert.equal(fact(r, text), want, text);
  });
}

const errors: { in: string; want: string; version?: string }[] = [
  { in: 'var x uint8 = 256', want: 'cannot use 256 (untyped int constant) as uint8 value in variable declaration (overflows)' },
  { in: 'var x int = 1.5', want: 'cannot use 1.5 (untyped float constant) as int value in variable declaration (truncated)' },
  { in: 'const c = 1 << 600', want: 'constant shift overflow' },
  { in: 'var x = 1 << -1', want: 'invalid operation: negative shift count -1 (untyped int constant)' },
  { in: 'var s uint; var x = 1.0 << s + 0.5', want: 'invalid operation: shifted operand 1.0 (type float64) must be integer' },
  { in: 'var x = 1 / 0', want: 'invalid operation: division by zero' },
  { in: 'var a, b []int; var x = a == b', want: 'invalid operation: a == b (slice can only be compared to nil)' },
  { in: 'var x = 1 + "a"', want: 'invalid operation: 1 + "a" (mismatched types untyped int and untyped string)' },
  { in: 'var i int; var s string; var x = i + s', want: 'invalid operation: i + s (mismatched types int and string)' },
  { in: 'var x = &1', want: 'invalid operation: cannot take address of 1 (untyped int constant)' },
  { in: 'func f() { x := 1 }', want: 'declared and not used: x' },
  { in: 'func f() { 1 + 2 }', want: '1 + 2 (untyped int constant 3) is not used' },
  { in: 'func f() { a, b := 1; _, _ = a, b }', want: 'assignment mismatch: 2 variables but 1 value' },
  { in: 'func g() (int, int); func f() { a := g(); _ = a }', want: 'assignment mismatch: 1 variable but g returns 2 values' },
  { in: 'func f() int { }', want: 'missing return' },
  { in: 'func f() int { for {} }', want: '' },
  { in: 'func f() int { L: for { break L } }', want: 'missing return' },
  { in: 'func f() (int, string) { return 1 }', want: 'not enough return values | have (number) | want (int, string)' },
  { in: 'func g(int, ...string); func f() { g() }', want: 'not enough arguments in call to g | have () | want (int, ...string)' },
  { in: 'func f() { switch 1 { case 1, 1: } }', want: 'duplicate case 1 (constant of type int) in expression switch | previous case' },
  { in: 'func f(x any) { switch x.(type) { case int, int: } }', want: 'duplicate case int in type switch | previous case' },
  { in: 'func f(x any) { switch y := x.(type) { case int: } }', want: 'y declared and not used' },
  {
    in: 'func f() { for i, j := range 3 { _, _ = i, j } }',
    want: 'range over 3 (untyped int constant) permits only one iteration variable',
  },
  {
    in: 'func f() { for range 3 {} }',
    version: 'go1.21',
    want: 'cannot range over 3 (untyped int constant): requires go1.22 or later (-lang was set to go1.21; check go.mod)',
  },
  { in: 'var x = new(1)', version: 'go1.25', want: 'new(1) requires go1.26 or later (-lang was set to go1.25; check go.mod)' },
  { in: 'var a [2]int; var x = a[2]', want: 'invalid argument: index 2 out of bounds [0:2]' },
  { in: 'var a []int; var x = a[2:1]', want: 'invalid slice indices: 1 < 2' },
  { in: 'type T struct{ a int }; var x = T{b: 1}', want: 'unknown field b in struct literal of type T' },
  { in: 'type T struct{ a int }; var x = T{1, 2}', want: 'too many values in struct literal of type T' },
  { in: 'var x = map[string]int{"a": 1, "a": 2}', want: 'duplicate key "a" in map literal' },
  { in: 'var x = []int{0: 1, 0: 2}', want: 'duplicate index 0 in array or slice literal' },
  { in: 'var x = append(1)', want: 'invalid append: argument must be a slice; have 1 (untyped int constant)' },
  { in: 'func f() { len("a") }', want: 'len("a") (constant 1 of type int) is not used' },
  {
    in: 'type I interface{ m() }; type T int; func (*T) m() {}; var x I = T(0)',
    want: 'cannot use T(0) (constant 0 of int type T) as I value in variable declaration: T does not implement I (method m has pointer receiver)',
  },
  { in: 'var m map[string]struct{ a int }; func f() { m["a"].a = 1 }', want: 'cannot assign to struct field m["a"].a in map' },
  { in: 'func f() { defer int(1) }', want: 'defer requires function call, not conversion int(1) (constant 1 of type int)' },
  {
    in: 'func f(c chan<- int) { <-c }',
    want: 'invalid operation: cannot receive from send-only channel chan<- int c (variable of type chan<- int)',
  },
  { in: 'type T chan [1 << 17]byte', want: 'channel element type too large (>64kB)' },
];

for (const e of errors) {
  test(`reports: ${e.in}`, () => {
    assert.deepEqual(check(e.in, e.version).messages, e.want === '' ? [] : [e.want]);
  });
}

test('local variables: captured, address taken, reassigned', () => {
  const r = check(`
    type T struct { a [2]int; p *int }
    func (*T) m() {}
    func f() {
      plain, captured, taken, again, sliced, called, viaPtr := 1, 1, 1, 1, [2]int{}, T{}, T{}
      _ = func() int { return captured }
      _ = &taken
      again++
      _ = sliced[:]
      called.m()
      *viaPtr.p = 2
      _ = plain
    }`);
  assert.deepEqual(r.messages, []);
  const state: Record<string, string> = {};
  walk(r.file, (n) => {
    if (n.kind !== Kind.Ident) return;
    const obj = r.checked.info.defOf(n as Ident);
    if (obj === null || obj.kind !== ObjKind.Var || obj.isField) return;
    const v = obj as Var;
    state[v.name] = [v.captured && 'captured', v.addrTaken && 'taken', v.reassigned && 'reassigned'].filter((s) => s !== false).join(' ');
  });
  assert.deepEqual(state, {
    plain: '',
    captured: 'captured',
    taken: 'taken',
    again: 'reassigned',
    sliced: 'taken',
    called: 'taken',
    viaPtr: '',
  });
});

test('all kinds of local variables can be captured', () => {
  const r = check(`
    type T int
    func (recv T) f(param int) (result int) {
      var v = 1
      for key, val := range []int{1} {
        switch sw := any(v).(type) {
        case int:
          _ = func() int { return int(recv) + param + result + v + key + val + sw }
        }
      }
      inner := func(q int) int { return q }
      return inner(1)
    }`);
  assert.deepEqual(r.messages, []);
  const captured: string[] = [];
  const note = (obj: unknown): void => {
    const v = obj as Var | null | undefined;
    if (v?.kind === ObjKind.Var && v.captured) captured.push(v.name);
  };
  walk(r.file, (n) => {
    if (n.kind === Kind.Ident) note(r.checked.info.defOf(n as Ident));
    else note(r.checked.info.implicitOf(n));
  });
  assert.deepEqual(captured.sort(), ['key', 'param', 'recv', 'result', 'sw', 'v', 'val']);
});

test('a long chain of operators is no deep recursion', () => {
  const r = check(`var x = "a"${' + "b"'.repeat(20000)}`);
  assert.deepEqual(r.messages, []);
});

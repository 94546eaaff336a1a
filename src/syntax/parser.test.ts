import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChanDir, Kind } from './ast.ts';
import type { FuncDecl, GenDecl, Stmt, TypeSpec } from './ast.ts';
import { parseExpr, parseText } from './testing.ts';
import { Token } from './token.ts';
import { walk } from './walk.ts';

function body(text: string): Stmt[] {
  const { file, messages } = parseText(`package p; func f() { ${text} }`);
  assert.deepEqual(messages, []);
  return (file.decls[0] as FuncDecl).body?.list ?? [];
}

function typeSpec(text: string): TypeSpec {
  const { file, messages } = parseText(`package p; ${text}`);
  assert.deepEqual(messages, []);
  return (file.decls[0] as GenDecl).specs[0] as TypeSpec;
}

test('parseFile() reports in the words of gc', () => {
  for (const [text, ...want] of [
    ['', '1:1: syntax error: package statement must be first'],
    ['package p; func f() { x := }', '1:28: syntax error: unexpected }, expected expression'],
    ['package p; func f() { if x = 1 {} }', '1:28: syntax error: cannot use assignment x = 1 as value'],
    ['package p; func f() { if x = a + b {} }', '1:28: syntax error: cannot use assignment x = (a + b) as value'],
    ['package p\nx := 1\ny := 2\nvar z = 1', '2:1: syntax error: non-declaration statement outside function body'],
    ['package p; func f()\n{\n}', '2:1: syntax error: unexpected semicolon or newline before {'],
    ['package p; var x = []int{1,\n2\n}', '2:2: syntax error: unexpected newline in composite literal; possibly missing comma or }'],
    ['package p; func f(a int, b) {}', '1:27: syntax error: missing parameter type'],
    ['package p; func f([]int, b string) {}', '1:19: syntax error: missing parameter name'],
    ['package p; type T[P, Q] struct{}', '1:23: syntax error: missing type constraint'],
    ['package p; func (T) m[P any]() {}', '1:22: syntax error: method must have no type parameters'],
    ['package p; func f() { for i := 0; i < 10 {} }', '1:42: syntax error: unexpected {, expected semicolon or newline'],
    ['package p; func f() { defer (f()) }', '1:29: expression in defer must not be parenthesized'],
    ['package p; func f() { a, b }', '1:28: syntax error: unexpected }, expected := or = or comma'],
    ['package p; var a = b[1:2:]', '1:26: final index required in 3-index slice'],
    ['package p; var a = 08', "1:21: invalid digit '8' in octal literal"],
    ['package p; func f() { L: for { break M } }', '1:38: break label not defined: M', '1:23: label L defined and not used'],
  ] as const) {
    assert.deepEqual(parseText(text).messages, want, text);
  }
});

test('parseFile() reports one syntax error a line and goes on', () => {
  const { messages } = parseText('package p\nvar a = ) )\nvar b = 1\nvar c = ]\n');
  assert.deepEqual(messages.map((m) => m.split(':')[0]), ['2', '4']);
});

test('parseFile() gives dense ids to expressions', () => {
  const { file } = parseText('package p; func f(a, b int) (x []T) { if a := g[int](b); a { return []T{1: {2}} }; return }');
  const seen = new Set<number>();
  walk(file, (n) => {
    if (n.kind > Kind.ChanType) return;
    const id = (n as { id: number }).id;
    assert.ok(id >= file.idLo && id < file.idHi);
    assert.equal(seen.has(id), false);
    seen.add(id);
  });
  assert.ok(seen.size > 15);
});

test('parseFile() survives nesting, rubbish and early ends', () => {
  for (const text of ['('.repeat(100000), '[]'.repeat(100000), 'func() {'.repeat(100000), 'f('.repeat(100000)]) {
    assert.deepEqual(parseText('package p; var x = ' + text).messages.map((m) => m.replace(/^.*: /, '')), ['exceeded max nesting depth']);
  }
  assert.deepEqual(parseText('package p; var x = 1' + ' + 1'.repeat(100000)).messages, []);
  const whole = 'package p; import "x"; type T[P any] struct { a, b int `t` }; func (t *T[P]) m(x ...int) (r chan<- int) { select { case r <- x[0]: go f() } }';
  for (let i = 0; i < whole.length; i++) assert.ok(parseText(whole.slice(0, i)).file !== null);
});

test('binary expressions follow precedence and associate to the left', () => {
  const e = parseExpr('a + b * c - d');
  assert.ok(e.kind === Kind.BinaryExpr && e.op === Token.Sub && e.x.kind === Kind.BinaryExpr && e.x.op === Token.Add);
  assert.ok(e.x.y.kind === Kind.BinaryExpr && e.x.y.op === Token.Mul);
});

test('type parameters are told from array lengths', () => {
  for (const [text, params] of [
    ['type T[P any] int', 1], ['type T[P *C,] int', 1], ['type T[P *C, Q D] int', 2], ['type T[P interface{}] int', 1], ['type T[P ~int|string] int', 1],
    ['type T[P *struct{}] int', 1], ['type T[P] int', 0], ['type T[P * C] int', 0], ['type T[P(C)] int', 0], ['type T[P []C] int', 1], ['type T[2]int', 0],
    ['type T[P, Q any] = int', 1],
  ] as const) {
    const s = typeSpec(text);
    assert.equal(s.typeParams?.list.length ?? 0, params, text);
    if (params === 0) assert.equal(s.type.kind, Kind.ArrayType, text);
  }
});

test('composite literals need parentheses in control clauses only', () => {
  const [s] = body('if x == (T{}) { }');
  assert.ok(s.kind === Kind.IfStmt && s.cond.kind === Kind.BinaryExpr);
  assert.ok(body('for range []int{1} {}')[0].kind === Kind.RangeStmt);
  assert.ok(body('if f(T{}) {}')[0].kind === Kind.IfStmt);
});

test('type switches, range clauses and branches', () => {
  const [ts, r, f] = body('switch x := y.(type) { case int: }; for k, v := range m { continue }; L: for { break L }');
  assert.ok(ts.kind === Kind.TypeSwitchStmt && ts.bind?.name === 'x' && ts.x.kind === Kind.Ident);
  assert.ok(r.kind === Kind.RangeStmt && r.tok === Token.Define && r.body.list[0].kind === Kind.BranchStmt && r.body.list[0].target === r);
  assert.ok(f.kind === Kind.LabeledStmt && f.stmt.kind === Kind.ForStmt);
  const b = f.stmt.body.list[0];
  assert.ok(b.kind === Kind.BranchStmt && b.target === f.stmt);
});

test('an arrow before a channel type is taken into it', () => {
  const e = parseExpr('(<-chan chan<- int)(nil)');
  assert.ok(e.kind === Kind.CallExpr && e.fun.kind === Kind.ParenExpr && e.fun.x.kind === Kind.ChanType);
  assert.equal(e.fun.x.dir, ChanDir.Recv);
});

test('constants keep their index, specs and functions their directives and doc', () => {
  const { file, fset } = parseText(
    '// Package p.\npackage p\n\n// C.\nconst (\n\tA = iota\n\tB // not doc\n\t// doc of D\n\tD\n)\n\n//go:noinline\n//go:linkname f g\nfunc f() {}\n',
  );
  const [c, f] = file.decls as [GenDecl, FuncDecl];
  assert.deepEqual(c.specs.map((s) => s.kind === Kind.ValueSpec && s.iota), [0, 1, 2]);
  assert.equal(fset.line(c.doc), 4);
  assert.deepEqual(c.specs.map((s) => fset.line(s.doc)), [0, 0, 8]);
  assert.deepEqual(f.pragmas.map((p) => `${p.name}|${p.args}`), ['go:noinline|', 'go:linkname|f g']);
  assert.equal(fset.line(f.doc), 12);
  assert.equal(file.comments.length, 12);
});

test('the go:build line and its version are kept', () => {
  const { file } = parseText('//go:build go1.21 && js\n\npackage p\n');
  assert.equal(file.goBuild, '//go:build go1.21 && js');
  assert.equal(file.goVersion, 'go1.21');
});

test('importsOnly stops behind the imports', () => {
  const { file, messages } = parseText('package p; import ("a"; . "b"); import _ "c"; func f() { syntax error', { importsOnly: true });
  assert.deepEqual(messages, []);
  assert.deepEqual(file.imports.map((s) => s.path.value), ['"a"', '"b"', '"c"']);
});

test('line directives move positions', () => {
  const { file, fset } = parseText('package p\n//line foo.y:10\nvar x int\nvar y /*line bar.y:7:3*/ int\n');
  const [x, y] = file.decls;
  assert.equal(fset.format(x.pos), 'foo.y:10');
  assert.equal(fset.format(y.pos), 'foo.y:11');
  const spec = (y as GenDecl).specs[0];
  assert.ok(spec.kind === Kind.ValueSpec && spec.type !== null);
  assert.equal(fset.format(spec.type.pos), 'bar.y:7:4');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exprString } from './expr-string.ts';
import { printFile } from './printer.ts';
import { parseExpr, parseText } from './testing.ts';

test('exprString() prints as gc does', () => {
  for (const [text, want] of [
    ['func(x int) { return }', 'func(x int) {…}'], ['func() {}', 'func() {}'], ['T{1, 2}', 'T{…}'], ['[]int{}', '[]int{}'], ['a+b*c', 'a + b * c'],
    ['(a)', '(a)'], ['&(T{1})', '&T{…}'], ['x.(T)', 'x.(T)'], ['f(a, b...)', 'f(a, b...)'], ['m[a:b:c]', 'm[a:b:c]'], ['s[:]', 's[:]'],
    ['struct{a, b int; T}{}', 'struct{a, b int; T}{}'], ['interface{m(x int) (y T); ~int|string}(nil)', 'interface{m(x int) (y T); ~int | string}(nil)'],
    ['(chan (<-chan int))(nil)', '(chan (<-chan int))(nil)'], ['map[string]func(...int)', 'map[string]func(...int)'], ['[...]int{1}', '[...]int{…}'],
    ['-x', '-x'], ['<-c', '<-c'], ['F[int, string]', 'F[int, string]'],
  ] as const) {
    assert.equal(exprString(parseExpr(text)), want, text);
  }
});

test('printFile() gives text that prints the same again', () => {
  const text = `package p

import "fmt"

const (
	A, B = iota, 1
	C, D
)

type T[P *Q,] struct {
	a, b int \`tag\`
	*E
}

type I interface {
	m()
	~int | string
}

//go:noinline
func (t *T[P]) m(x ...int) (r chan (<-chan int)) {
	if p := &(S{1}); p != nil {
		x++
	} else if x == (S{}) {
		goto L
	}
	for i := 0; i < 10; i++ {}
	switch v := x.(type) {
	case int, string:
		go f(- -1)
	default:
	}
	f(1 ...)
	L:
}
`;
  const { file, messages } = parseText(text);
  assert.deepEqual(messages, []);
  const once = printFile(file);
  assert.equal(printFile(parseText(once).file), once);
  assert.equal(once.replaceAll(/\s+/g, ' '), text.replaceAll(/\s+/g, ' '));
});

// Package-level initialisation: order by dependency, static data of every shape, side effects, init functions.
package main

import (
	"errors"
	"fmt"
	"strings"
)

var log []string

func trace(s string, v int) int { log = append(log, s); return v }

var (
	a = trace("a", c+b)
	b = trace("b", f())
	c = trace("c", 1)
	d = 3
)

func f() int { d++; return d }

var _ = trace("blank", 0)
var x, y = two()

func two() (int, int) { return trace("two", 1), z }

var z = trace("z", 9)

type node struct {
	name string
	next *node
	kids []*node
	meta map[string]int
	fn   func(int) int
	any  any
	err  error
	arr  [2]struct{ p *int; f float32 }
}

var (
	errA   = errors.New("A")
	table  = []node{{name: "one", next: &second, fn: double, any: 5, err: errA}, {name: "two", kids: []*node{&second, {name: "anon"}}, any: second.name, meta: map[string]int{"k": 1}}}
	second = node{name: "second", arr: [2]struct{ p *int; f float32 }{{&d, 1.5}, {p: &table2[1]}}, any: &table2}
	table2 = [...]int{5: 50, 1: 10, 7}
	str    = "a" + "b"
	bytes  = []byte("bytes")
	runes  = []rune("rünes")
	iface  fmt.Stringer = stringer(7)
	ptr    fmt.Stringer = &big{1, 2, 3, 4, 5, 6}
	nilI   error        = (*myErr)(nil)
	lits   = map[string][]int{"x": {1, 2}, "y": nil}
	fns    = map[string]func(string) string{"up": strings.ToUpper, "lit": func(s string) string { return s + str }}
	fnarr  = [...]func() int{func() int { return len(table) }, f}
	cplx   = []complex128{1i, 2}
	neg    = [...]int8{-1, 127, -128}
	unsig  = [...]uint64{1<<64 - 1, 0}
	conv   = float32(1) / 3
	newp   = new(int)
	sl     = table2[1:3]
	whole  = table2[:]
	method = stringer.String
	bound  = stringer(8).String
	gen    = id[string]
	emb    = outer{inner{1, "i"}, &inner{2, "j"}}
)

type inner struct{ n int; s string }
type outer struct {
	inner
	p *inner
}

func id[T any](x T) T { return x }

type stringer int

func (s stringer) String() string { return fmt.Sprint("S", int(s)) }

type big struct{ a, b, c, d, e, f int }

func (b *big) String() string { return fmt.Sprint(b.a, b.f) }

type myErr struct{}

func (*myErr) Error() string { return "myErr" }

func double(x int) int { return 2 * x }

func init() { log = append(log, "init1") }
func init() { log = append(log, "init2") }

func main() {
	fmt.Println(log, a, b, c, d, x, y, z)
	fmt.Println(table[0].name, table[0].next.name, table[0].fn(4), table[0].any, table[0].err, len(table[1].kids), table[1].kids[1].name, table[1].any, table[1].meta)
	*second.arr[0].p = 77
	fmt.Println(d, *second.arr[1].p, second.any.(*[6]int)[5], second.arr[0].f)
	fmt.Println(table2, str, string(bytes), string(runes), iface, ptr, nilI == nil, lits, fns["up"]("q"), fns["lit"]("q"), fnarr[0](), fnarr[1]())
	fmt.Println(cplx, neg, unsig, conv, *newp, sl, whole, method(3), bound(), gen("g"), emb.inner, *emb.p, emb.s)
	sl[0] = 42
	bytes[0] = 'B'
	fmt.Println(table2, whole[1], string(bytes), cap(sl))
}

// Method wrappers: promotion through values, pointers and interfaces, method expressions and values, nil receivers.
package main

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

type A struct{ n int }

func (a A) Val() int   { return a.n }
func (a *A) Ptr() int  { a.n++; return a.n }

type B struct{ A }
type C struct{ *A }
type D struct{ B }
type E struct {
	x, y, z, w, v int
	*D
}
type S struct{ fmt.Stringer }
type T string

func (t T) String() string { return "T:" + string(t) }

type Big struct{ a [10]int }

func (b Big) Sum(k int) (s int) {
	for _, x := range b.a {
		s += x * k
	}
	b.a[0] = 99
	return
}

type VP interface {
	Val() int
	Ptr() int
}
type Mu struct {
	sync.Mutex
	io.Writer
}
type rec struct{ r *rec }

func (r rec) depth() int {
	if r.r == nil {
		return 0
	}
	return 1 + r.r.depth()
}

func try(what string, f func()) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(what, "panics:", e)
		}
	}()
	f()
}

//go:noinline
func dyn(v VP) VP { return v }

func main() {
	b := &B{A{1}}
	c := C{&A{10}}
	d := &D{B{A{100}}}
	e := E{D: d}
	for _, x := range []VP{b, &c, c, d, e, &e} {
		fmt.Println(x.Val(), x.Ptr(), x.Val())
	}
	fmt.Println(S{T("x")}, &S{T("y")}, S{T("z")}.String())
	f := A.Val
	g := (*A).Val
	h := (*A).Ptr
	i := VP.Ptr
	j := E.Ptr
	k := (*B).Val
	fmt.Println(f(b.A), g(&b.A), h(&b.A), i(b), j(e), k(b))
	m := b.Val
	n := b.Ptr
	o := VP(b).Val
	b.n = 50
	fmt.Println(m(), n(), o())
	var big interface{ Sum(int) int } = Big{[10]int{1, 2, 3}}
	fmt.Println(big.Sum(2), big.Sum(2), Big.Sum(Big{}, 1))
	var buf bytes.Buffer
	mu := &Mu{Writer: &buf}
	mu.Lock()
	fmt.Fprintf(mu, "locked %v", mu.TryLock())
	mu.Unlock()
	fmt.Println(buf.String())
	r := rec{&rec{&rec{}}}
	fmt.Println(r.depth(), rec.depth(r))
	try("nil *A Val", func() { var a *A; fmt.Println(dyn(a).Val()) })
	try("nil embedded", func() { fmt.Println(VP(C{}).Val()) })
	try("nil Stringer", func() { fmt.Println(S{}.String()) })
	try("nil func expr", func() { var x VP; fmt.Println(VP.Val(x)) })
	anon := struct {
		*A
		T
	}{&A{7}, "anon"}
	var s fmt.Stringer = anon
	fmt.Println(s, anon.Ptr(), s.(VP).Val())
}

package main

import (
	"fmt"
	"os"
	"reflect"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"
)

var pf = func() string { return name(func() {}) }
var pfs = []func(){func() {}, func() {}}

func name(f any) string { return runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name() }

type S struct{}

func (S) V()  {}
func (*S) P() {}

//go:noinline
func G[T any](x T) func() { return func() { _ = x } }

type st struct {
	sync.Mutex
	a [5]int
	m map[string][]int
}

type Shape interface {
	Area() float64
	fmt.Stringer
}
type Sq struct{ s float64 }

func (s Sq) Area() float64   { return s.s * s.s }
func (s Sq) String() string  { return fmt.Sprintf("Sq(%g)", s.s) }

type E struct{ Shape }
type arr [3]int

func (a arr) Sum() (s int) {
	for _, v := range a {
		s += v
	}
	return
}
func (a *arr) Set(i, v int) { a[i] = v }

type W struct{ arr }

func multi() (a int, b string, c big2, d error) { return 1, "x", big2{[6]int{1, 2}}, nil }

type big2 struct{ a [6]int }

func use(a int, b string, c big2, d error) string { return fmt.Sprint(a, b, c, d) }

type ring struct {
	next *ring
	v    int
}

func gotos(n int) string {
	i := 0
	s := ""
	goto mid
top:
	s += "t"
	i++
	if i > n {
		goto end
	}
mid:
	s += "m"
	for {
		s += "f"
		if i%2 == 0 {
			goto top
		}
		i++
	}
end:
	return s
}

func selects() {
	a, b := make(chan int), make(chan string)
	quit := make(chan struct{})
	go func() {
		for i := range 3 {
			a <- i
		}
		b <- "done"
		close(quit)
	}()
	for {
		select {
		case x := <-a:
			fmt.Print(x, " ")
			continue
		case s := <-b:
			fmt.Print(s, " ")
		case <-quit:
			fmt.Println("quit")
			return
		case <-time.After(time.Second * 5):
			fmt.Println("timeout")
		}
	}
}

func deferLoop() {
	for i := range 3 {
		defer func() {
			if r := recover(); r != nil {
				fmt.Println("rec", i, r)
				if i > 0 {
					panic(fmt.Sprint("again", i))
				}
			}
		}()
	}
	panic("start")
}

type Tree[K any, V any] struct {
	l, r *Tree[K, V]
	k    K
	v    V
}

func (t *Tree[K, V]) Insert(k K, v V, less func(a, b K) bool) *Tree[K, V] {
	if t == nil {
		return &Tree[K, V]{k: k, v: v}
	}
	if less(k, t.k) {
		t.l = t.l.Insert(k, v, less)
	} else {
		t.r = t.r.Insert(k, v, less)
	}
	return t
}

func (t *Tree[K, V]) Walk(f func(K, V) bool) bool {
	return t == nil || (t.l.Walk(f) && f(t.k, t.v) && t.r.Walk(f))
}

type Stringish interface{ ~string | ~[]byte }

func count[S Stringish](s S) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] == 'a' {
			n++
		}
	}
	return n + len(string(s))
}

type Setter[T any] interface {
	*T
	Set(string)
}
type cfg struct{ s string }

func (c *cfg) Set(s string) { c.s = s }
func build[T any, P Setter[T]](s string) T {
	var t T
	P(&t).Set(s)
	return t
}

func named2() (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("wrapped: %v", r)
			n *= 2
		}
	}()
	n = 21
	var m map[string]int
	m["x"] = 1
	return
}

func ptrs() {
	x := 1
	p := &x
	pp := &p
	**pp = 5
	y := *p
	s := []int{1, 2, 3, 4}
	q := &s[1]
	s = append(s, 5)
	*q = 100
	fmt.Println(x, y, s, *q)
	a := [3][2]int{{1, 2}, {3, 4}}
	b := a
	b[0][1] = 9
	r := &b[1]
	r[0] = 7
	fmt.Println(a, b)
	st := st{m: map[string][]int{}}
	st.Lock()
	st.a[2] = 4
	st.m["k"] = append(st.m["k"], 1, 2)
	st.m["k"][0]++
	st.Unlock()
	fmt.Println(st.a, st.m)
	an := struct {
		a, b int
		c    string
	}{1, 2, "c"}
	an2 := an
	an2.b++
	fmt.Println(an, an2, an == an2)
	w := W{arr{1, 2, 3}}
	w.Set(1, 10)
	f := w.Sum
	w.Set(0, 100)
	fmt.Println(w.Sum(), f(), W.Sum(w))
	var e Shape = E{Sq{3}}
	fmt.Println(e.Area(), e)
	var rg ring
	rg.next = &rg
	rg.next.next.v = 3
	fmt.Println(rg.v)
	copy(s[1:], s)
	fmt.Println(s, len(s[:2:3]), cap(s[:2:3]))
	bs := make([]byte, 3, 10)
	n := copy(bs, "hello")
	bs = append(bs, " world"...)
	fmt.Println(n, string(bs), strings.ToUpper(string(bs[2:5])))
	var np *int
	np = new(5)
	*np++
	fmt.Println(*np)
}

func shortc() {
	n := 0
	t := func(b bool) bool { n++; return b }
	if t(false) && t(true) || t(true) && !t(false) {
		fmt.Println("yes", n)
	}
	x := t(true) || t(true)
	y := t(false) && t(true)
	fmt.Println(x, y, n)
}

func lines() {
	defer func() {
		recover()
		var pcs [20]uintptr
		n := runtime.Callers(0, pcs[:])
		fr := runtime.CallersFrames(pcs[:n])
		for {
			f, more := fr.Next()
			if strings.HasPrefix(f.Function, "main.") {
				fmt.Println(f.Function, f.Line)
			}
			if !more {
				break
			}
		}
	}()
	var a []int
	_ = 1 +
		a[3]
}

func main() {
	fmt.Println(pf(), name(pfs[0]), name(pfs[1]), name(main), name(S.V), name((*S).P), name(S{}.V), name(G(1)))
	fmt.Println(use(multi()))
	fmt.Println(gotos(5))
	selects()
	func() {
		defer func() { fmt.Println("top", recover()) }()
		deferLoop()
	}()
	var t *Tree[string, int]
	for i, w := range strings.Fields("the quick brown fox jumps") {
		t = t.Insert(w, i, func(a, b string) bool { return a < b })
	}
	t.Walk(func(k string, v int) bool { fmt.Print(k, v, " "); return k != "quick" })
	fmt.Println()
	fmt.Println(count("banana"), count([]byte("aa")), build[cfg]("hey"))
	fmt.Println(named2())
	ptrs()
	shortc()
	lines()
	xs := []int{3, 1, 2}
	sort.Slice(xs, func(i, j int) bool { return xs[i] < xs[j] })
	fmt.Println(xs)
	var wg sync.WaitGroup
	var mu sync.Mutex
	tot := 0
	for i := range 100 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			tot += i
		}()
	}
	wg.Wait()
	fmt.Println(tot)
	fmt.Fprintf(os.Stdout, "%v %+v %#v %T %q %x\n", cfg{"a"}, cfg{"b"}, cfg{"c"}, t, "hi", 255)
	fmt.Fprintln(os.Stdout, "end")
}

package main

import (
	"errors"
	"fmt"
	"strings"
)

type big struct {
	a, b, c, d, e int
	s          string
}

func mkbig(n int) big            { return big{a: n, s: fmt.Sprint("n", n)} }
func (b big) val() int           { b.a++; return b.a }
func (b *big) ptr()              { b.a += 10 }
func two() (big, error)          { return mkbig(2), errors.New("e") }
func named() (x big, err error)  { x.a = 3; defer func() { x.b = 4; if r := recover(); r != nil { err = fmt.Errorf("rec %v", r) } }(); panic("boo") }
func vari(a int, xs ...string) string { return fmt.Sprint(a, len(xs), xs) }

type T struct{ x, y int }

func (t T) M(i int) int   { return t.x + i }
func (t *T) P(i int) int  { t.y += i; return t.y }

type I interface{ M(int) int }
type emb struct {
	*T
	I2 I
}

func order() {
	i := 0
	f := func(n int) int { i += n; return i }
	a := []int{i, f(1), i, f(2), i}
	fmt.Println(a)
	arr := [3]int{1, 2, 3}
	arr[0], arr[1], arr[2] = arr[2], arr[0], arr[1]
	fmt.Println(arr)
	j := 0
	j, a[j] = 1, 99
	fmt.Println(j, a)
	m := map[string]int{}
	m["a"], m["b"] = 1, 2
	m["a"] += 5
	m["c"]++
	fmt.Println(m, len(m))
	x, y := big{a: 1}, big{a: 2}
	x, y = y, x
	fmt.Println(x.a, y.a)
	p := &x
	p.a, x.b = 7, p.a
	fmt.Println(x)
}

func deferOrder() (s string) {
	for i := 0; i < 3; i++ {
		defer func() { s += fmt.Sprint(i) }()
	}
	for i := range 3 {
		defer func(n int) { s += fmt.Sprint("r", n) }(i)
	}
	return "x"
}

func rec2() (r any) {
	defer func() {
		r = recover()
	}()
	var p *T
	return p.x
}

func rec3(i int) (r any) {
	defer func() { r = fmt.Sprint(recover()) }()
	a := []int{1, 2, 3}
	return a[i]
}
func rec4(a, b int) (r any) {
	defer func() { r = fmt.Sprint(recover()) }()
	return a / b
}
func rec5(x any) (r any) {
	defer func() { r = fmt.Sprint(recover()) }()
	return x.(fmt.Stringer)
}
func rec6(x any) (r any) {
	defer func() { r = fmt.Sprint(recover()) }()
	return x.(int)
}
func rec7(s []int, i, j int) (r any) {
	defer func() { r = fmt.Sprint(recover()) }()
	return s[i:j]
}

func nested() {
	defer fmt.Println("outer done")
	defer func() {
		defer func() { fmt.Println("inner", recover()) }()
		fmt.Println("got", recover())
		panic("second")
	}()
	panic("first")
}

func loopvars() {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i *= 2; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	for i, s := range []string{"a", "b"} {
		fs = append(fs, func() int { return i + len(s) })
	}
	fmt.Println(fs[3](), fs[4]())
}

func labels() {
outer:
	for i := 0; i < 3; i++ {
		for j := 0; j < 3; j++ {
			switch {
			case j == 1:
				continue outer
			case i == 2:
				break outer
			}
			fmt.Print(i, j, ";")
		}
	}
	n := 0
loop:
	if n < 3 {
		n++
		goto loop
	}
	fmt.Println(n)
	switch n {
	case 3:
		fmt.Println("three")
		fallthrough
	case 4:
		fmt.Println("four")
	case 5, 6, 7, 8, 9:
		fmt.Println("no")
	default:
		fmt.Println("def")
	}
	switch s := "hello"; s {
	case "a", "b", "c", "dd", "ee", "hello", "world":
		fmt.Println("str", s)
	}
}

func tsw(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int, int8:
		return fmt.Sprintf("int %v", v)
	case string:
		return "str " + v
	case error:
		return "err " + v.Error()
	case []int:
		return fmt.Sprint("slice", len(v))
	case func() int:
		return fmt.Sprint("func", v())
	case big:
		return "big" + v.s
	}
	return "other"
}

func conv() {
	var i8 int8 = -128
	fmt.Println(-i8, i8/-1, i8-1, uint8(i8), int(i8), uint16(int8(i8)))
	var u8 uint8 = 200
	fmt.Println(u8+100, ^u8, u8<<1, u8>>1, int8(u8), -u8)
	var i32 int32 = -2147483648
	fmt.Println(i32/-1, i32%-1, -i32, uint32(i32), int64(i32))
	var i64 int64 = -9223372036854775808
	m1 := int64(-1)
	fmt.Println(i64/m1, i64%m1, uint64(i64))
	f := 1e9
	fmt.Println(int64(f), uint64(f) != 0, int32(f), float32(f), int8(f/1e9*3.9), uint8(f/1e8))
	n := 70
	fmt.Println(1<<n == 0, int64(-1)>>n, uint64(1)<<63>>n, int32(-5)>>n, 1<<(n&63))
	c := complex(1, 2)
	fmt.Println(c*c, c/c, real(c), imag(c), c == complex(1, 2), -c)
	var c64 complex64 = complex64(c)
	fmt.Println(c64*c64, c64+1)
	for i, r := range "aé世\xff界" {
		fmt.Print(i, ":", r, " ")
	}
	fmt.Println(string([]rune("héllo")), []byte("hé"), string(rune(19990)), strings.Repeat("ab", 3))
	fmt.Println(min(3, 1, 2), max(2.5, 1), min("b", "a"))
	arr := [4]int(append([]int{}, 1, 2, 3, 4))
	pa := (*[2]int)(arr[:])
	pa[0] = 9
	fmt.Println(arr, len(pa), cap(arr[1:2]), arr[1:2:3])
}

type Num interface{ ~int | ~float64 }

func Sum[T Num](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

type List[T any] struct {
	v    T
	next *List[T]
}

func (l *List[T]) Push(v T) *List[T] { return &List[T]{v, l} }
func (l *List[T]) All() func(yield func(int, T) bool) {
	return func(yield func(int, T) bool) {
		i := 0
		for ; l != nil; l = l.next {
			if !yield(i, l.v) {
				return
			}
			i++
		}
	}
}
func Map[A, B any](xs []A, f func(A) B) []B {
	var out []B
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func rangefn() (r string) {
	var l *List[string]
	l = l.Push("a").Push("b").Push("c").Push("d")
	for i, s := range l.All() {
		if i == 1 {
			continue
		}
		if i == 3 {
			break
		}
		r += s
	}
	defer func() { r += "!" }()
	for i, s := range l.All() {
		defer func() { r += "d" + s }()
		if i == 1 {
			return r + "ret"
		}
	}
	return "no"
}

func rangefn2() string {
	var l *List[int]
	for i := range 5 {
		l = l.Push(i)
	}
	out := ""
outer:
	for i, a := range l.All() {
		for j, b := range l.All() {
			if j > i {
				continue outer
			}
			if i == 3 {
				break outer
			}
			out += fmt.Sprint(a, b, " ")
		}
	}
	return out
}

func badIter(yield func(int) bool) {
	yield(1)
	yield(2)
}

func misuse() (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	for range badIter {
		break
	}
	return
}

func methods() {
	t := T{1, 2}
	f, g := t.M, t.P
	t.x = 100
	fmt.Println(f(1), g(5), t.y, T.M(t, 1), (*T).P(&t, 1))
	var i I = t
	h := i.M
	fmt.Println(h(3), I.M(i, 4))
	e := emb{&t, i}
	fmt.Println(e.M(1), e.P(1), e.I2.M(2))
	k := e.M
	fmt.Println(k(7))
	defer t.P(1)
	defer e.I2.M(1)
	defer fmt.Println("deferred println", t.x)
	b := mkbig(5)
	b.ptr()
	fmt.Println(b.val(), b.a, b.s)
	c, err := two()
	fmt.Println(c, err)
	fmt.Println(named())
	fmt.Println(vari(1), vari(1, "a", "b"), vari(2, []string{"z"}...))
	fmt.Println(two())
}

func chans() {
	c := make(chan big, 2)
	c <- mkbig(1)
	c <- mkbig(2)
	close(c)
	for b := range c {
		fmt.Print(b.s, " ")
	}
	v, ok := <-c
	fmt.Println(v.s == "", ok)
	d := make(chan int)
	done := make(chan bool)
	go func() {
		for x := range d {
			fmt.Print(x, ",")
		}
		done <- true
	}()
	for i := range 3 {
		d <- i
	}
	close(d)
	<-done
	e := make(chan string, 1)
	for range 2 {
		select {
		case s := <-e:
			fmt.Println("recv", s)
		case e <- "hi":
			fmt.Println("sent")
		}
	}
	select {
	case s, ok := <-e:
		fmt.Println(s, ok)
	default:
		fmt.Println("default")
	}
	go t0.M(1)
	x := make(chan int)
	go func(a, b int) { x <- a + b }(3, 4)
	fmt.Println(<-x)
}

var t0 = T{1, 2}

func eqs() {
	var a, b any = mkbig(1), mkbig(1)
	fmt.Println(a == b, a == any(mkbig(2)), any(1) == any(1.0), any("x") == any("x"))
	var e1, e2 error
	fmt.Println(e1 == e2, e1 == nil)
	fmt.Println([2]string{"a", "b"} == [2]string{"a", "b"}, struct {
		a int
		b string
	}{1, "x"} == struct {
		a int
		b string
	}{1, "y"})
	defer func() { fmt.Println(recover()) }()
	fmt.Println(any([]int{}) == any([]int{}))
}

func mapsT() {
	type k struct {
		a int
		s string
	}
	m := map[k]big{{1, "a"}: mkbig(1)}
	m[k{2, "b"}] = mkbig(2)
	fmt.Println(m[k{1, "a"}].s, m[k{2, "b"}].s, m[k{3, ""}].s == "", len(m))
	delete(m, k{1, "a"})
	_, ok := m[k{1, "a"}]
	fmt.Println(ok, len(m))
	mm := map[string]map[int]string{"x": {1: "one"}}
	mm["x"][2] = "two"
	fmt.Println(mm)
	mf := map[float64]int{1.5: 1}
	mf[1.5]++
	fmt.Println(mf)
	mi := map[any]int{1: 1, "a": 2, mkbig(1): 3}
	fmt.Println(mi[1], mi["a"], mi[mkbig(1)], mi[mkbig(2)])
	for k := range mm {
		delete(mm, k)
	}
	fmt.Println(len(mm))
	ma := map[[2]int]*T{}
	ma[[2]int{1, 2}] = &T{5, 6}
	ma[[2]int{1, 2}].x++
	fmt.Println(*ma[[2]int{1, 2}])
	clear(ma)
	fmt.Println(len(ma))
}

func main() {
	order()
	fmt.Println(deferOrder())
	fmt.Println(rec2(), rec3(5), rec3(-1), rec4(1, 0), rec5(3), rec6("x"), rec6(nil), rec7([]int{1, 2}, 2, 1), rec7([]int{1, 2}, 0, 3))
	nested2()
	loopvars()
	labels()
	fmt.Println(tsw(nil), tsw(1), tsw(int8(2)), tsw("s"), tsw(errors.New("e")), tsw([]int{1}), tsw(func() int { return 4 }), tsw(mkbig(3)), tsw(3.5))
	conv()
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Map([]int{1, 2}, func(i int) string { return fmt.Sprint("<", i, ">") }))
	fmt.Println(rangefn())
	fmt.Println(rangefn2())
	fmt.Println(misuse())
	methods()
	chans()
	eqs()
	mapsT()
}

func nested2() {
	defer func() { fmt.Println("n2", recover()) }()
	nested()
}

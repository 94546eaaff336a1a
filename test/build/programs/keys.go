// Equality and hashing of all kinds of map keys and interface values.
package main

import (
	"fmt"
	"math"
)

type pad struct {
	a int8
	b int64
	c int8
}
type blank struct {
	a int
	_ int
	b string
}
type mixed struct {
	f float64
	s string
	i any
	p *int
	c complex64
	arr [2]string
}
type named string
type nested struct {
	pad
	m mixed
	e [0]int
}

func count[K comparable](ks ...K) {
	m := map[K]int{}
	for i, k := range ks {
		m[k] += i + 1
	}
	n := 0
	for _, k := range ks {
		n += m[k]
	}
	fmt.Printf("%T %d %d\n", m, len(m), n)
	s := map[any]int{}
	for _, k := range ks {
		s[k]++
	}
	fmt.Println(len(s), any(ks[0]) == any(ks[len(ks)-1]))
	for _, k := range ks[1:] {
		delete(m, k)
	}
	fmt.Println(len(m))
}

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	x, y := 1, 2
	nan := math.NaN()
	zero := 0.0
	count(1, 2, 3, 1)
	count("a", "b", "ab", "a")
	count(named("a"), named("b"))
	count(1.5, 2.5, 0.0, -zero, nan, nan)
	count(float32(1), float32(nan))
	count(1+2i, complex(nan, 1), 1+2i)
	count(pad{1, 2, 3}, pad{1, 2, 3}, pad{1, 2, 4})
	count(blank{1, 2, "x"}, blank{1, 3, "x"})
	count(mixed{1, "s", 5, &x, 1i, [2]string{"a", "b"}}, mixed{1, "s", 5, &y, 1i, [2]string{"a", "b"}}, mixed{1, "s", "5", &x, 1i, [2]string{"a", "b"}}, mixed{1, "s", 5, &x, 1i, [2]string{"a", "b"}})
	count(nested{pad{1, 2, 3}, mixed{s: "q"}, [0]int{}}, nested{pad{1, 2, 3}, mixed{s: "q"}, [0]int{}})
	count([3]int{1, 2, 3}, [3]int{3, 2, 1}, [3]int{1, 2, 3})
	count([2]string{"a", "bc"}, [2]string{"ab", "c"})
	count([1]float64{0}, [1]float64{-zero})
	count([0]int{}, [0]int{})
	count(struct{}{}, struct{}{})
	count[any](1, "1", 1.0, nil, pad{}, [2]int{}, int8(1), &x, &x)
	count[error](fmt.Errorf("a"), nil)
	count(&x, &y, &x)
	count([200]byte{1}, [200]byte{2}, [200]byte{1})
	count(true, false, true)
	count(uint8(200), uint8(1))
	big := map[[40]int]([300]byte){}
	for i := range 100 {
		big[[40]int{i}] = [300]byte{byte(i)}
	}
	fmt.Println(len(big), big[[40]int{77}][0], big[[40]int{200}][0])
	try(func() { count[any]([]int{1}) })
	try(func() { count[any](mixed{i: func() {}}) })
	try(func() { fmt.Println(any(mixed{i: map[int]int{}}) == any(mixed{i: map[int]int{}})) })
	try(func() { fmt.Println(any(struct{ a int; f func() }{}) == any(struct{ a int; f func() }{})) })
	m := map[float64]string{}
	for range 5 {
		m[nan] = "n"
	}
	fmt.Println(len(m))
	clear(m)
	fmt.Println(len(m))
}

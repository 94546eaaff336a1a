// Results that do not escape need no memory from the heap: conversions, concatenations, boxes. Those that do outlive their
// statement or iteration have memory of their own.
package main

import (
	"fmt"
	"sort"
	"strconv"
	"testing"
	"unique"
)

type T struct{ a, b int }

var sink any
var bs = []byte("hello")
var m = map[string]int{"hello": 1, "hello!": 3}
var n = 300
var rs = []rune("abc")

//go:noinline
func use(x any) int {
	switch v := x.(type) {
	case int:
		return v
	case string:
		return len(v)
	case []int:
		return len(v)
	case float64:
		return int(v)
	}
	return 0
}

//go:noinline
func isEqual(a, b any) bool { return a == b }

func even(n *int) bool {
	if *n == 0 {
		return true
	}
	m := *n - 1
	return odd(&m)
}

func odd(n *int) bool {
	if *n == 0 {
		return false
	}
	m := *n - 1
	return even(&m)
}

// alias gives back its operand, the only one that is not empty, which lies in a temporary buffer.
//
//go:noinline
func alias(b []byte, end string) string { return string(b) + end }

func main() {
	first := alias([]byte("first"), "")
	second := alias([]byte("second"), "")
	fmt.Println(first, second)
	check := func(name string, f func()) { fmt.Println(name, testing.AllocsPerRun(100, f)) }
	x := 0
	check("bytes->string", func() {
		s := string(bs)
		x += len(s)
		if s == "zz" {
			println(s)
		}
	})
	check("concat", func() { s := string(bs) + "!"; x += m[s] })
	check("concat6", func() {
		s := "a" + string(bs) + "!" + string(bs) + "b" + "c" + string(bs)
		x += len(s)
		if s[0] == 'z' {
			println(s)
		}
	})
	check("stringtobytes", func() { b := []byte(strconv.Itoa(x & 7)); b[0]++; x += int(b[0]) })
	check("runes", func() { r := []rune("abcö"); r[0]++; x += int(r[0]) })
	check("rune string", func() { s := string(rune(x&63 + 64)); x += m[s] })
	check("slicerune", func() { s := string(rs); x += m[s] })
	check("box small", func() { sink = x & 7 })
	check("box big", func() { sink = x&7 + 1000 })
	check("box string empty", func() { sink = "abc"[:x&0] })
	check("box local", func() { x += use(x + 1000) })
	check("box string local", func() { x += use(string(bs)) })
	check("box float local", func() { x += use(float64(x)) })
	check("box slice", func() { x += use([]int{1, 2, x}) })
	captured, text := 2000, "abc"
	check("box captured constants", func() { sink = captured; sink = text })
	check("compare boxes", func() {
		if isEqual(string(bs), any(x)) {
			x++
		}
	})
	check("map of strings", func() { l := map[string]int{}; x += l[string(bs)] + len(l) })
	check("even and odd", func() {
		n := 7
		if even(&n) {
			x++
		}
	})
	check("kept concatenation of a temporary", func() { sink = string(bs) + text })
	check("sort", func() { a := []int{3, 2, 1}; sort.Ints(a); x += a[0] })
	check("Itoa", func() { x += len(strconv.Itoa(12345)) })
	var keep []string
	for i := 0; i < 3; i++ {
		s := string(bs[:i+1]) + "x"
		keep = append(keep, s)
	}
	var prev string
	for i := 0; i < 3; i++ {
		s := string(bs[i:])
		fmt.Println(prev, s)
		prev = s
	}
	var bx []any
	for i := 0; i < 3; i++ {
		bx = append(bx, i+1000)
	}
	for i := range 3 {
		unify(i)
	}
	for _, h := range handles {
		fmt.Println(h.Value())
	}
	fmt.Println(keep, prev, bx, x > 0)
}

var handles [6]unique.Handle[any]

// unify makes handles of boxes: they outlive the call.
//
//go:noinline
func unify(i int) {
	handles[i] = unique.Make[any](i + 1000)
	handles[i+3] = unique.Make[any]([2]string{string(bs[i:]), string(bs[:i])})
}

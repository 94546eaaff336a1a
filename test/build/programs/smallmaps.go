// Small maps that do not escape live on the stack, and move to the heap as they grow; those that escape are made there.
package main

import (
	"fmt"
	"runtime"
	"sort"
	"testing"
)

type P struct{ p *int }

//go:noinline
func count(words []string) int {
	m := map[string]int{}
	for _, w := range words {
		m[w]++
	}
	n := 0
	for k, v := range m {
		n += len(k) * v
	}
	delete(m, words[0])
	return n + len(m)
}

//go:noinline
func grow(n int) (int, string) {
	m := make(map[int]*P)
	for i := range n {
		x := i * 2
		m[i] = &P{&x}
	}
	runtime.GC()
	s := 0
	var keys []int
	for k, p := range m {
		s += *p.p
		keys = append(keys, k)
	}
	sort.Ints(keys)
	return s, fmt.Sprint(keys)
}

type node struct{ kids map[string]*node }

func insert(n *node, path ...string) {
	for _, p := range path {
		if n.kids == nil {
			n.kids = map[string]*node{}
		}
		if n.kids[p] == nil {
			n.kids[p] = &node{}
		}
		n = n.kids[p]
	}
}

var keep map[int]int

func escape() { m := map[int]int{1: 2}; m[3] = 4; keep = m }

func fib(n int, memo map[int]int) int {
	if n < 2 {
		return n
	}
	if v, ok := memo[n]; ok {
		return v
	}
	r := fib(n-1, memo) + fib(n-2, memo)
	memo[n] = r
	return r
}

func main() {
	w := []string{"a", "bb", "a", "ccc", "dddd", "a"}
	fmt.Println(count(w), testing.AllocsPerRun(100, func() { count(w) }))
	fmt.Println(grow(3))
	fmt.Println(grow(9))
	fmt.Println(grow(40))
	var root node
	insert(&root, "x", "y")
	insert(&root, "x", "z")
	fmt.Println(len(root.kids["x"].kids))
	escape()
	runtime.GC()
	fmt.Println(keep)
	fmt.Println(fib(6, map[int]int{}), fib(50, make(map[int]int)))
	for i := range 4 {
		m := map[int]int{}
		fmt.Print(len(m), " ")
		m[i] = i
		m[i+1] = i
		for k := range m {
			if k == i {
				defer fmt.Println("deferred", k)
			}
		}
		fmt.Println(m[i], m[i+1], len(m))
	}
}

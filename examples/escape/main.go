// Escape analysis: a variable whose address outlives its function lives on the heap, all others on the stack. The program
// does not say which; `goloom build -gcflags=-m` prints what the compiler found.
package main

import (
	"fmt"
	"runtime"
)

type point struct{ x, y int }

var global *point

// stays: p's address is taken but goes nowhere. No allocation.
//
//go:noinline
func stays() int {
	p := point{1, 2}
	q := &p
	q.x++
	return q.x + q.y
}

// returned: the pointer leaves, so the point is allocated on the heap.
//
//go:noinline
func returned() *point {
	p := point{3, 4}
	return &p
}

// stored: so it is here, through a global variable.
//
//go:noinline
func stored() {
	p := point{5, 6}
	global = &p
}

// captured: a closure that outlives the call takes n with it.
//
//go:noinline
func captured() func() int {
	n := 0
	return func() int { n++; return n }
}

// lent: callees that do not keep a pointer do not make it escape.
//
//go:noinline
func lent() int {
	p := point{7, 8}
	return sum(&p)
}

//go:noinline
func sum(p *point) int { return p.x + p.y }

// variable: a slice of a size that is not known at compile time is allocated on the heap; of a small constant one is not.
//
//go:noinline
func variable(n int) int {
	a := make([]int, 16)
	b := make([]int, n)
	for i := range b {
		b[i] = i
	}
	return len(a) + b[n-1]
}

// boxed: a value in an interface that leaves.
//
//go:noinline
func boxed(n int) any { return n }

// allocations counts the heap objects that f makes.
func allocations(f func()) uint64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 100 {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / 100
}

func main() {
	fmt.Println(stays(), *returned(), lent(), variable(100), boxed(1000))
	stored()
	fmt.Println(*global)
	next := captured()
	fmt.Println(next(), next(), next())

	fmt.Println("stays   ", allocations(func() { stays() }))
	fmt.Println("returned", allocations(func() { returned() }))
	fmt.Println("stored  ", allocations(func() { stored() }))
	fmt.Println("lent    ", allocations(func() { lent() }))
	fmt.Println("variable", allocations(func() { variable(100) }))
	fmt.Println("boxed   ", allocations(func() { boxed(1000) }))
}

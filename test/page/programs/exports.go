// Functions for JavaScript to call, and calls of JavaScript's that call back.
package main

import (
	"fmt"
	"runtime"
	"time"
)

//go:wasmexport add
func add(a int32, b int64) int64 { return int64(a) + b }

//go:wasmexport kinds
func kinds(a uint32, b bool, c float32, d float64, e uint64) float64 {
	if !b {
		return -1
	}
	return float64(a) + float64(c) + d + float64(e)
}

//go:wasmexport nothing
func nothing() { runtime.GC() }

// Goroutines take turns, deep stacks grow: but nobody waits for the event loop.
//
//go:wasmexport turns
func turns(n int32) int32 {
	c := make(chan int32)
	go func() {
		for i := range n {
			c <- i
		}
		close(c)
	}()
	var sum int32
	for x := range c {
		sum += x
	}
	return sum + depth(n)
}

func depth(n int32) int32 {
	if n == 0 {
		return 0
	}
	return depth(n-1) + 1
}

//go:wasmexport slow
func slow(ms int32) int32 {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	runtime.GC()
	return ms * 2
}

var gate = make(chan int64)

//go:wasmexport wait
func wait() int64 { return <-gate }

//go:wasmexport open
func open(x int64) { gate <- x }

//go:wasmexport compute
func compute(n int32) bool {
	x := int32(1)
	for range n {
		x = x*1103515245 + 12345
	}
	return x != 0
}

// back calls add, and slow.
//
//go:wasmimport test back
func back(a int32, b int64) int64

type point struct {
	x, y int32
}

//go:wasmimport test sum
func sum(p *int32, n uint32, s string) int32

var stop = make(chan bool)

//go:wasmexport finish
func finish() { close(stop) }

func main() {
	fmt.Println("back:", back(30, 12))
	values := []int32{1, 2, 3, 4}
	fmt.Println("sum:", sum(&values[0], uint32(len(values)), "text"))
	for range 2 {
		go func() {
			for n := int32(0); ; n++ {
				compute(1 << 20)
				runtime.Gosched()
			}
		}()
	}
	<-stop
	fmt.Println("end")
}

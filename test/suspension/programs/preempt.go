// A recursion without loops is preempted: a ticker gets its turn at GOMAXPROCS=1 long before the recursion ends.
package main

import (
	"runtime"
	"time"
)

var done bool

func tree(n int) int {
	if n < 2 || done {
		return n
	}
	return tree(n-1) + tree(n-2)
}

func main() {
	runtime.GOMAXPROCS(1)
	go func() {
		time.Sleep(30 * time.Millisecond)
		done = true
	}()
	start := time.Now()
	tree(60)
	println("preempted", time.Since(start) < 2*time.Second)
}

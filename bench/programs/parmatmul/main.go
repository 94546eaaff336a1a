// Command parmatmul multiplies two dense float64 matrices, sharing the rows of
// the product among goroutines. It prints the speed-up over one.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
)

type matrix [][]float64

func newMatrix(n int) matrix {
	m := make(matrix, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	return m
}

func fill(m matrix, seed int) {
	for i, row := range m {
		for j := range row {
			row[j] = float64((i*seed+j*7)%13) - 6
		}
	}
}

// multiply computes rows lo to hi of c.
func multiply(c, a, b matrix, lo, hi int) {
	for i := lo; i < hi; i++ {
		out := c[i]
		for k, scale := range a[i] {
			for j, v := range b[k] {
				out[j] += scale * v
			}
		}
	}
}

// run multiplies in blocks of rows that workers take in turn.
func run(n, workers int) (float64, time.Duration) {
	a, b, c := newMatrix(n), newMatrix(n), newMatrix(n)
	fill(a, 3)
	fill(b, 5)
	const block = 16
	rows := make(chan int, n/block+1)
	for i := 0; i < n; i += block {
		rows <- i
	}
	close(rows)
	start := time.Now()
	var wg sync.WaitGroup
	for w := 0; w < workers; w++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range rows {
				multiply(c, a, b, i, min(i+block, n))
			}
		}()
	}
	wg.Wait()
	elapsed := time.Since(start)
	var trace float64
	for i := range c {
		trace += c[i][i]
	}
	return trace, elapsed
}

func main() {
	n := size(800)
	run(n/4, runtime.GOMAXPROCS(0)) // let tiered engines warm up
	one, single := run(n, 1)
	all, parallel := run(n, runtime.GOMAXPROCS(0))
	fmt.Printf("CHECK parmatmul n=%d trace %.1f equal %t\n", n, all, one == all)
	fmt.Printf("METRIC parmatmul one %.1f ms\n", ms(single))
	fmt.Printf("METRIC parmatmul speedup %.2f x\n", float64(single)/float64(parallel))
	fmt.Printf("BENCH parmatmul %.1f ms\n", ms(parallel))
}

// size returns the problem size: the first argument if there is one, or def.
func size(def int) int {
	if len(os.Args) > 1 {
		if n, err := strconv.Atoi(os.Args[1]); err == nil && n > 0 {
			return n
		}
	}
	return def
}

// ms converts d to milliseconds.
func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// GOMAXPROCS changes while goroutines run and timers are set; each goroutine's work must be done once.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	var sum atomic.Int64
	var wg sync.WaitGroup
	start := func(n int) {
		for i := range n {
			wg.Add(1)
			go func() {
				defer wg.Done()
				x := 0
				for k := range 20000 {
					x += k % (i + 1)
				}
				if i%50 == 0 {
					time.Sleep(time.Millisecond)
				}
				sum.Add(int64(x % 1000))
			}()
		}
	}
	for _, n := range []int{2, 4, 1, 3, 8, 2, 1, 4} {
		runtime.GOMAXPROCS(n)
		start(300)
		if got := runtime.GOMAXPROCS(0); got != n {
			fmt.Println("GOMAXPROCS", got, "after", n)
		}
	}
	wg.Wait()
	fmt.Println(sum.Load())
}

// Recursion a million levels deep, while other goroutines run.
package main

import "sync"

func depth(n int) int {
	if n == 0 {
		return 0
	}
	return depth(n-1) + 1
}

func main() {
	stop := make(chan bool)
	ticks := make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				ticks <- n
				return
			default:
				n++
				yield()
			}
		}
	}()
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if got := depth(1_000_000); got != 1_000_000 {
				panic(got)
			}
		}()
	}
	wg.Wait()
	close(stop)
	println("deep", <-ticks > 0)
}

var lock sync.Mutex

func yield() {
	lock.Lock()
	lock.Unlock()
}

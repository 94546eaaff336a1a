// A goroutine that suspends a million times in a loop keeps its stack small.
package main

import "runtime"

func pass(in <-chan int, out chan<- int) { out <- <-in }

func main() {
	in, out := make(chan int), make(chan int)
	go func() {
		for {
			pass(in, out)
		}
	}()
	in <- 0
	<-out
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	sum := 0
	for i := range 1_000_000 {
		in <- i
		sum += <-out
	}
	runtime.ReadMemStats(&after)
	println("loop", sum, int64(after.StackInuse)-int64(before.StackInuse) < 4096)
}

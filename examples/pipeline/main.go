// A pipeline: stages connected by channels, each a goroutine or several. Cancelling the context stops all of them, so
// that none is left behind.
package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// generate sends the numbers from 2 on until the context is done.
func generate(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := 2; ; i++ {
			select {
			case out <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// filter passes on what prime does not divide.
func filter(ctx context.Context, in <-chan int, prime int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for v := range in {
			if v%prime == 0 {
				continue
			}
			select {
			case out <- v:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// mapAll applies f in several goroutines; the results come in any order.
func mapAll[T, U any](in <-chan T, workers int, f func(T) U) <-chan U {
	out := make(chan U)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for v := range in {
				out <- f(v)
			}
		})
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	primes := generate(ctx)
	for range 20 {
		prime := <-primes
		fmt.Print(prime, " ")
		primes = filter(ctx, primes, prime)
	}
	fmt.Println()
	cancel()

	numbers := make(chan int)
	go func() {
		defer close(numbers)
		for i := range 1000 {
			numbers <- i
		}
	}()
	sum := 0
	for square := range mapAll(numbers, 8, func(n int) int { return n * n }) {
		sum += square
	}
	fmt.Println("sum of squares:", sum)

	// Every stage has ended, or is about to.
	for runtime.NumGoroutine() > 1 {
		time.Sleep(time.Millisecond)
	}
	fmt.Println("goroutines left:", runtime.NumGoroutine())
}

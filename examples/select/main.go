// Select: waits for whichever communication can go on. default makes it not wait at all; a timer's channel makes it
// not wait too long.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// tryReceive takes a value if there is one.
func tryReceive(ch <-chan int) {
	select {
	case v := <-ch:
		fmt.Println("got", v)
	default:
		fmt.Println("nothing there")
	}
}

// slow answers after a while.
func slow(d time.Duration) <-chan string {
	ch := make(chan string, 1)
	go func() {
		time.Sleep(d)
		ch <- "answer"
	}()
	return ch
}

// merge sends on what comes from either channel until both are closed. A closed channel is set to nil, which takes its
// case out of the select.
func merge(a, b <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for a != nil || b != nil {
			select {
			case v, ok := <-a:
				if !ok {
					a = nil
					continue
				}
				out <- v
			case v, ok := <-b:
				if !ok {
					b = nil
					continue
				}
				out <- v
			}
		}
	}()
	return out
}

// count sends first to last and closes.
func count(first, last int) <-chan int {
	ch := make(chan int)
	go func() {
		defer close(ch)
		for i := first; i <= last; i++ {
			ch <- i
		}
	}()
	return ch
}

func main() {
	ch := make(chan int, 1)
	tryReceive(ch)
	ch <- 42
	tryReceive(ch)

	select {
	case v := <-slow(time.Millisecond):
		fmt.Println(v, "came in time")
	case <-time.After(10 * time.Second):
		fmt.Println("timed out")
	}
	select {
	case v := <-slow(time.Hour):
		fmt.Println(v, "came in time")
	case <-time.After(5 * time.Millisecond):
		fmt.Println("timed out")
	}

	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	select {
	case <-slow(time.Hour):
	case <-ctx.Done():
		fmt.Println(ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded))
	}

	sum := 0
	for v := range merge(count(1, 100), count(1000, 1100)) {
		sum += v
	}
	fmt.Println("merged sum:", sum)
}

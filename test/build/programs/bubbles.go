// Synctest bubbles: their clock, Wait, timers, and what is durably blocked.
package main

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func clock(t *testing.T) {
	start := time.Now()
	fmt.Println(start.UTC())
	time.Sleep(3 * time.Hour)
	fmt.Println(time.Since(start))
	tick := time.NewTicker(time.Minute)
	for i := range 3 {
		fmt.Println(i, (<-tick.C).Sub(start))
	}
	tick.Stop()
	select {
	case <-time.After(time.Second):
		fmt.Println("after", time.Since(start))
	case <-make(chan int):
	}
}

func wait(t *testing.T) {
	done := false
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	context.AfterFunc(ctx, func() { done = true })
	time.Sleep(5*time.Second - 1)
	synctest.Wait()
	fmt.Println(done, ctx.Err())
	time.Sleep(1)
	synctest.Wait()
	fmt.Println(done, ctx.Err())
}

func durable(t *testing.T) {
	var wg sync.WaitGroup
	c := make(chan int)
	cond := sync.NewCond(new(sync.Mutex))
	for i := range 3 {
		wg.Go(func() { c <- i; time.Sleep(time.Duration(i) * time.Second) })
	}
	wg.Go(func() { cond.L.Lock(); cond.Wait(); cond.L.Unlock() })
	synctest.Wait()
	sum := 0
	for range 3 {
		sum += <-c
	}
	synctest.Wait()
	cond.Signal()
	start := time.Now()
	wg.Wait()
	fmt.Println(sum, time.Since(start))
}

func deadlock(t *testing.T) {
	defer func() { fmt.Println("recovered:", recover()) }()
	synctest.Test(t, func(*testing.T) { <-make(chan int) })
}

func main() {
	bubble := func(f func(*testing.T)) func(*testing.T) {
		return func(t *testing.T) { synctest.Test(t, f) }
	}
	testing.Main(func(pat, str string) (bool, error) { return true, nil }, []testing.InternalTest{
		{"clock", bubble(clock)}, {"wait", bubble(wait)}, {"durable", bubble(durable)}, {"deadlock", deadlock},
	}, nil, nil)
}

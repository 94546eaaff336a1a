package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// timers stops and resets timers round the moment in which they expire: a stopped one never fires, another does once.
func timers() {
	var wg sync.WaitGroup
	var fired, stopped atomic.Int64
	for i := range 60 {
		wg.Go(func() {
			var mine atomic.Int64
			done := make(chan bool)
			t := time.AfterFunc(time.Duration(i%6)*100*time.Microsecond, func() {
				mine.Add(1)
				fired.Add(1)
				close(done)
			})
			time.Sleep(time.Duration(i%5) * 120 * time.Microsecond)
			if t.Stop() {
				stopped.Add(1)
				time.Sleep(300 * time.Microsecond)
				check(mine.Load() == 0, "a stopped timer has fired")
			} else {
				<-done
				check(mine.Load() == 1, "a timer has fired %d times", mine.Load())
			}
		})
	}
	wg.Wait()
	fmt.Println(fired.Load() + stopped.Load())

	for i := range 20 {
		wg.Go(func() {
			t := time.NewTimer(time.Duration(i%3) * 100 * time.Microsecond)
			for range 10 {
				t.Reset(time.Duration(i%4) * 80 * time.Microsecond)
				if i%2 == 0 {
					<-t.C
				}
			}
			t.Reset(time.Hour)
			select {
			case <-t.C:
				panic("a value of before Reset")
			default:
			}
			check(t.Stop(), "Stop of a timer of one hour")
		})
	}
	wg.Wait()

	tick := time.NewTicker(200 * time.Microsecond)
	for range 10 {
		<-tick.C
	}
	tick.Reset(100 * time.Microsecond)
	<-tick.C
	tick.Stop()
	start := time.Now()
	order := make(chan int, 3)
	for _, ms := range []int{30, 1, 15} {
		go func() { time.Sleep(time.Duration(ms) * time.Millisecond); order <- ms }()
	}
	sum := <-order + <-order + <-order
	check(time.Since(start) >= 30*time.Millisecond, "slept too short")
	fmt.Println(sum)
}

// contexts cancels trees of contexts from above, by time and by their functions; all below see it, none above does.
func contexts() {
	cause := errors.New("because")
	var wg sync.WaitGroup
	var ended atomic.Int64
	var grow func(ctx context.Context, depth int)
	grow = func(ctx context.Context, depth int) {
		if depth == 0 {
			wg.Go(func() {
				<-ctx.Done()
				check(context.Cause(ctx) == cause, "cause %v", context.Cause(ctx))
				ended.Add(1)
			})
			return
		}
		for i := range 3 {
			child, cancel := context.WithCancel(ctx)
			if i == 1 {
				child = context.WithValue(child, depth, i)
			}
			_ = cancel
			grow(child, depth-1)
		}
	}
	for range 3 {
		root, cancel := context.WithCancelCause(context.Background())
		grow(root, 3)
		var after atomic.Int64
		called := make(chan bool)
		context.AfterFunc(root, func() { after.Add(1); close(called) })
		go cancel(cause)
		wg.Wait()
		<-called
		check(after.Load() == 1, "AfterFunc")
	}
	fmt.Println(ended.Load())

	var timeouts atomic.Int64
	for i := range 30 {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(i%5)*150*time.Microsecond)
			defer cancel()
			inner, cancelInner := context.WithCancel(ctx)
			defer cancelInner()
			<-inner.Done()
			check(errors.Is(inner.Err(), context.DeadlineExceeded), "%v", inner.Err())
			timeouts.Add(1)
		})
	}
	wg.Wait()
	fmt.Println(timeouts.Load())
}

// idle is, again and again, asleep as a whole, with nothing but a timer to wake it: that is no deadlock.
func idle() {
	wakes := 0
	for i := range 25 {
		c := make(chan int)
		time.AfterFunc(time.Duration(50+i*40)*time.Microsecond, func() { c <- i })
		wakes += <-c
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 8 {
				time.Sleep(time.Duration(i*90) * time.Microsecond)
			}
		})
	}
	wg.Wait()
	var mu sync.Mutex
	mu.Lock()
	go func() { time.Sleep(3 * time.Millisecond); mu.Unlock() }()
	mu.Lock()
	fmt.Println(wakes)
}

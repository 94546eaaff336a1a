package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
	"weak"
)

type tree struct {
	left, right *tree
	value       int
}

func plant(depth int) *tree {
	if depth == 0 {
		return &tree{value: 1}
	}
	return &tree{plant(depth - 1), plant(depth - 1), depth}
}

func (t *tree) sum() int {
	if t == nil {
		return 0
	}
	return t.value + t.left.sum() + t.right.sum()
}

// world stops the world from several goroutines at once, by collections, statistics and tracebacks, while others allocate, send and sleep.
func world() {
	var wg sync.WaitGroup
	c := make(chan *tree, 2)
	sums := make([]int, 4)
	for id := range 3 {
		wg.Go(func() {
			buf := make([]byte, 1<<12)
			var stats runtime.MemStats
			for i := range 12 {
				switch (i + id) % 4 {
				case 0:
					runtime.GC()
				case 1:
					runtime.ReadMemStats(&stats)
				case 2:
					check(runtime.Stack(buf, true) > 0, "no stack")
				case 3:
					debug.FreeOSMemory()
				}
				runtime.Gosched()
			}
		})
	}
	var senders sync.WaitGroup
	for range 3 {
		senders.Go(func() {
			for range 10 {
				c <- plant(7)
				time.Sleep(20 * time.Microsecond)
			}
		})
	}
	go func() { senders.Wait(); close(c) }()
	for id := range 4 {
		wg.Go(func() {
			kept := plant(8)
			for t := range c {
				sums[id] += t.sum()
			}
			sums[id] += kept.sum()
		})
	}
	wg.Wait()
	fmt.Println(sums[0] + sums[1] + sums[2] + sums[3])
}

// procs changes GOMAXPROCS under goroutines that send, lock, sleep and start others.
func procs() {
	before := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	c := make(chan int, 3)
	var sum atomic.Int64
	for range 3 {
		wg.Go(func() {
			for i := range 200 {
				c <- i
			}
		})
		wg.Go(func() {
			for range 200 {
				sum.Add(int64(<-c))
			}
		})
		wg.Go(func() {
			for i := range 20 {
				time.Sleep(time.Duration(i%3) * 50 * time.Microsecond)
				done := make(chan bool)
				go func() { sum.Add(1); done <- true }()
				<-done
			}
		})
	}
	for _, n := range []int{1, 3, 2, 5, 1, 4, 8, 2, 1, 6} {
		runtime.GOMAXPROCS(n)
		check(runtime.GOMAXPROCS(0) == n, "GOMAXPROCS is %d, not %d", runtime.GOMAXPROCS(0), n)
		time.Sleep(100 * time.Microsecond)
	}
	wg.Wait()
	runtime.GOMAXPROCS(before)
	fmt.Println(sum.Load())
}

// stacks recurses deep in several goroutines, with waits at the bottom, defers on the way and pointers to the stack.
func stacks() {
	var wg sync.WaitGroup
	c := make(chan int)
	sums := make([]int, 4)
	for id := range 4 {
		wg.Go(func() {
			for depth := 100; depth <= 3000; depth += 900 {
				sums[id] += descend(depth, c, nil)
			}
		})
	}
	for range 16 {
		c <- 1
	}
	wg.Wait()
	fmt.Println(sums)
}

func descend(depth int, c chan int, up *int) int {
	local := depth
	if up != nil {
		check(*up == depth+1, "the caller's variable is %d at depth %d", *up, depth)
	}
	if depth == 0 {
		return <-c
	}
	if depth%500 == 0 {
		runtime.Gosched()
		defer func() { check(local == depth, "deferred at %d", depth) }()
	}
	return descend(depth-1, c, &local) + 1
}

// finalizers counts finalizers and cleanups of objects that several goroutines drop, and looks at them by weak pointers.
func finalizers() {
	var finalized, cleaned atomic.Int64
	var wg sync.WaitGroup
	const each = 40
	for range 4 {
		wg.Go(func() {
			for i := range each {
				t := plant(2)
				w := weak.Make(t)
				if i%2 == 0 {
					runtime.SetFinalizer(t, func(t *tree) { finalized.Add(int64(t.sum())) })
				} else {
					runtime.AddCleanup(t, func(n int) { cleaned.Add(int64(n)) }, i)
				}
				if i%10 == 0 {
					runtime.GC()
				}
				check(w.Value() == t, "a weak pointer to what lives is nil")
				runtime.KeepAlive(t)
			}
		})
	}
	wg.Wait()
	want := int64(4 * each / 2 * plant(2).sum())
	for i := 0; i < 2000 && (finalized.Load() != want || cleaned.Load() != 4*400); i++ {
		runtime.GC()
		time.Sleep(200 * time.Microsecond)
	}
	fmt.Println(finalized.Load() == want, cleaned.Load())
}

// osthread locks goroutines to their threads while they send to each other and to those that are not locked.
func osthread() {
	var wg sync.WaitGroup
	c := make(chan int)
	var sum atomic.Int64
	for id := range 3 {
		wg.Go(func() {
			runtime.LockOSThread()
			if id != 1 {
				defer runtime.UnlockOSThread()
			}
			for i := range 60 {
				c <- i
				if i%20 == id {
					runtime.Gosched()
				}
			}
		})
		wg.Go(func() {
			for i := range 60 {
				if i%16 == 0 {
					runtime.LockOSThread()
				}
				sum.Add(int64(<-c))
				if i%16 == 8 {
					time.Sleep(50 * time.Microsecond)
					runtime.UnlockOSThread()
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(sum.Load())
}

// recursion has goroutines that recurse without a loop, which only function entries can stop, while others stop the world and want a turn.
func recursion() {
	var returned atomic.Int64
	for round := range 30 {
		var stop atomic.Bool
		var wg sync.WaitGroup
		for range 1 + round%2 {
			wg.Go(func() {
				spin(60, &stop)
				returned.Add(1)
			})
		}
		runtime.Gosched()
		for range 3 {
			runtime.GC()
		}
		stop.Store(true)
		wg.Wait()
	}
	fmt.Println(returned.Load())
}

// spin takes for ever, but for stop.
func spin(depth int, stop *atomic.Bool) {
	if depth == 0 || stop.Load() {
		return
	}
	spin(depth-1, stop)
	spin(depth-1, stop)
}

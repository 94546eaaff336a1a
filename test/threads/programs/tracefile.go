// Command tracefile writes a trace of goroutines that wait for one another, yield, sleep, read files and switch as coroutines.
package main

import (
	"context"
	"fmt"
	"iter"
	"os"
	"runtime"
	"runtime/trace"
	"sync"
	"time"
)

func main() {
	f, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := trace.Start(f); err != nil {
		panic(err)
	}
	ctx, task := trace.NewTask(context.Background(), "all of it")
	var wg sync.WaitGroup
	work := make(chan int)
	for range 4 {
		wg.Add(1)
		go worker(work, &wg)
	}
	for i := range 200 {
		trace.WithRegion(ctx, "send", func() { work <- i })
	}
	close(work)
	wg.Wait()
	next, stop := iter.Pull(func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	})
	for range 10 {
		next()
	}
	stop()
	old := runtime.GOMAXPROCS(3)
	runtime.GC()
	for range 20 {
		if _, err := os.ReadFile(os.Args[0]); err != nil && !os.IsNotExist(err) {
			panic(err)
		}
		runtime.Gosched()
	}
	runtime.GOMAXPROCS(old)
	// More than one generation.
	time.Sleep(1100 * time.Millisecond)
	trace.Log(ctx, "at", "the end")
	task.End()
	trace.Stop()
	fmt.Println(f.Close())
}

func worker(work <-chan int, wg *sync.WaitGroup) {
	defer wg.Done()
	for v := range work {
		for start := time.Now(); time.Since(start) < 300*time.Microsecond; {
			v++
		}
	}
}

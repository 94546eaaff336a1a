// Command locked has goroutines that are locked to their threads among others that are not.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

func init() { runtime.LockOSThread() }

// pass sends numbers round a ring of goroutines, every second of them locked.
func pass(n, rounds int) int {
	first := make(chan int)
	in := first
	for i := range n {
		out := make(chan int)
		go func(in, out chan int) {
			if i%2 == 0 {
				runtime.LockOSThread()
				runtime.LockOSThread()
				runtime.UnlockOSThread()
			}
			for v := range in {
				out <- v + 1
			}
			// A locked goroutine may end.
			close(out)
		}(in, out)
		in = out
	}
	sum := 0
	go func() {
		for i := range rounds {
			first <- i
		}
		close(first)
	}()
	for v := range in {
		sum += v
	}
	return sum
}

// work keeps locked goroutines busy beside others that take turns.
func work(n int) int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for w := range 6 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if w < 3 {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
			}
			for i := range n {
				mu.Lock()
				total += i & w
				mu.Unlock()
				if i%100 == 0 {
					runtime.Gosched()
				}
				if i%1000 == 0 {
					time.Sleep(time.Microsecond)
				}
			}
		}()
	}
	wg.Wait()
	return total
}

// files makes blocking calls from locked goroutines.
func files() error {
	dir, err := os.MkdirTemp("", "locked")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	errs := make(chan error)
	for w := range 4 {
		go func() {
			runtime.LockOSThread()
			name := fmt.Sprintf("%s/%d", dir, w)
			for range 50 {
				if err := os.WriteFile(name, []byte(name), 0o600); err != nil {
					errs <- err
					return
				}
				if _, err := os.ReadFile(name); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

func main() {
	fmt.Println(pass(8, 300))
	fmt.Println(work(5000))
	fmt.Println(files())
	runtime.UnlockOSThread()
	runtime.GC()
	fmt.Println(pass(5, 100))
	old := runtime.GOMAXPROCS(2)
	runtime.LockOSThread()
	fmt.Println(pass(5, 100))
	runtime.GOMAXPROCS(old)
	// More calls of UnlockOSThread than of LockOSThread do nothing.
	runtime.UnlockOSThread()
	runtime.UnlockOSThread()
	fmt.Println(work(1000))
}

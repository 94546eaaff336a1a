// Goroutines on several threads that allocate, send, select, sleep, lock and collect at once; prints sums that any lost
// wake-up, doubled goroutine or freed object would change.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

type node struct {
	left, right *node
	value       int
}

func tree(depth int) *node {
	if depth == 0 {
		return &node{value: 1}
	}
	return &node{tree(depth - 1), tree(depth - 1), depth}
}

func (n *node) sum() int {
	if n == nil {
		return 0
	}
	return n.value + n.left.sum() + n.right.sum()
}

// trees keeps the collector busy while others run.
func trees(n int) int {
	total := 0
	for range n {
		total += tree(9).sum()
	}
	return total
}

// ring sends a token round a ring of goroutines.
func ring(size, rounds int) int {
	first := make(chan int)
	in := first
	for range size {
		out := make(chan int)
		go func(in, out chan int) {
			for v := range in {
				out <- v + 1
			}
			close(out)
		}(in, out)
		in = out
	}
	v := 0
	for range rounds {
		first <- v
		v = <-in
	}
	close(first)
	<-in
	return v
}

// fan has workers that take jobs from one channel and select between two for the answers.
func fan(jobs int) int {
	work := make(chan int, 7)
	even, odd := make(chan int), make(chan int, 3)
	var wg sync.WaitGroup
	for range 6 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range work {
				select {
				case even <- 2 * j:
				case odd <- 3 * j:
				}
			}
		}()
	}
	go func() {
		for j := range jobs {
			work <- j
		}
		close(work)
		wg.Wait()
		close(even)
		close(odd)
	}()
	total := 0
	for even != nil || odd != nil {
		select {
		case v, ok := <-even:
			if !ok {
				even = nil
			}
			total += v / 2
		case v, ok := <-odd:
			if !ok {
				odd = nil
			}
			total += v / 3
		}
	}
	return total
}

// naps sleeps and waits with timers for short times.
func naps(n int) int {
	var fired atomic.Int64
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			time.Sleep(time.Duration(i%3) * time.Millisecond)
			t := time.NewTimer(time.Duration(i%4) * 300 * time.Microsecond)
			select {
			case <-t.C:
			case <-time.After(time.Hour):
			}
			if !t.Stop() {
				fired.Add(1)
			}
			done := make(chan bool)
			time.AfterFunc(100*time.Microsecond, func() { close(done) })
			<-done
		}()
	}
	wg.Wait()
	return int(fired.Load())
}

// locked counts under a mutex, a read-write mutex and a condition variable.
func locked(n int) int {
	var mu sync.Mutex
	var rw sync.RWMutex
	cond := sync.NewCond(&mu)
	count, turns := 0, 0
	m := map[int]int{}
	var wg sync.WaitGroup
	for id := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range n {
				mu.Lock()
				for turns%4 != id {
					cond.Wait()
				}
				turns++
				count++
				cond.Broadcast()
				mu.Unlock()
				rw.Lock()
				m[i%64]++
				rw.Unlock()
				rw.RLock()
				_ = m[i%64]
				rw.RUnlock()
			}
		}()
	}
	wg.Wait()
	for _, v := range m {
		count += v
	}
	return count
}

func main() {
	var wg sync.WaitGroup
	results := make([]int, 12)
	for i := range results {
		wg.Add(1)
		go func() {
			defer wg.Done()
			switch i % 6 {
			case 0:
				results[i] = trees(60)
			case 1:
				results[i] = ring(50, 60)
			case 2:
				results[i] = fan(3000)
			case 3:
				results[i] = naps(200)
			case 4:
				results[i] = locked(300)
			case 5:
				for range 20 {
					runtime.GC()
					runtime.Gosched()
				}
				results[i] = trees(20)
			}
		}()
	}
	wg.Wait()
	fmt.Println(results)
}

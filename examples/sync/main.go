// Package sync: a WaitGroup waits for a number of goroutines, a Mutex keeps them from each other's data, a Once runs
// something a single time, and atomics count without a lock.
package main

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// tally counts words; it may be used by several goroutines at once.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (t *tally) add(word string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts[word]++
}

// cache is read often and written rarely.
type cache struct {
	mu     sync.RWMutex
	values map[int]int
}

func (c *cache) get(key int, compute func(int) int) int {
	c.mu.RLock()
	v, ok := c.values[key]
	c.mu.RUnlock()
	if ok {
		return v
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.values[key]; ok {
		return v
	}
	v = compute(key)
	c.values[key] = v
	return v
}

func main() {
	words := []string{"a", "b", "a", "c", "a", "b"}
	t := &tally{counts: map[string]int{}}
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			for _, word := range words {
				t.add(word)
			}
		})
	}
	wg.Wait()
	for _, word := range slices.Sorted(maps.Keys(t.counts)) {
		fmt.Println(word, t.counts[word])
	}

	var once sync.Once
	var calls atomic.Int64
	c := &cache{values: map[int]int{}}
	var total atomic.Int64
	for i := range 50 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			once.Do(func() { fmt.Println("printed once") })
			total.Add(int64(c.get(i%5, func(k int) int {
				calls.Add(1)
				return k * k
			})))
		}()
	}
	wg.Wait()
	fmt.Println("total", total.Load(), "computed", calls.Load())

	// A Cond wakes goroutines that wait for a condition on shared data.
	var mu sync.Mutex
	ready := sync.NewCond(&mu)
	isReady := false
	var woken sync.WaitGroup
	for range 3 {
		woken.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			for !isReady {
				ready.Wait()
			}
		})
	}
	mu.Lock()
	isReady = true
	mu.Unlock()
	ready.Broadcast()
	woken.Wait()
	fmt.Println("all woken")
}

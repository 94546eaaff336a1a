package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// locks holds invariants under Mutex, RWMutex and Once, with holders that yield and sleep, so that the mutex starves.
func locks() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	a, b := 0, 0
	for id := range 6 {
		wg.Go(func() {
			for i := range 250 {
				mu.Lock()
				check(a == b, "a = %d, b = %d", a, b)
				a++
				if i%50 == id {
					runtime.Gosched()
				}
				if i == 100 && id < 2 {
					time.Sleep(1500 * time.Microsecond)
				}
				b++
				mu.Unlock()
				if mu.TryLock() {
					a, b = a+0, b+0
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(a, b)
	readersAndWriters()
	onces()
}

func readersAndWriters() {
	var rw sync.RWMutex
	var wg sync.WaitGroup
	var readers, writers atomic.Int32
	var pair [2]int
	for id := range 4 {
		wg.Go(func() {
			for i := range 120 {
				rw.Lock()
				check(writers.Add(1) == 1 && readers.Load() == 0, "a writer is not alone")
				pair[0]++
				if i%20 == id {
					runtime.Gosched()
				}
				pair[1]++
				writers.Add(-1)
				rw.Unlock()
			}
		})
		wg.Go(func() {
			for range 240 {
				rw.RLock()
				readers.Add(1)
				check(writers.Load() == 0 && pair[0] == pair[1], "a reader sees a writer")
				readers.Add(-1)
				rw.RUnlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(pair)
}

func onces() {
	total := 0
	for round := range 60 {
		var once sync.Once
		var wg sync.WaitGroup
		value := 0
		for range 4 {
			wg.Go(func() {
				once.Do(func() {
					runtime.Gosched()
					value += round
				})
				check(value == round, "Do returned before it was done")
			})
		}
		wg.Wait()
		total += value
	}
	fmt.Println(total, sync.OnceValue(func() int { return total })())
}

// cond has a bounded queue with two conditions, and broadcasts that all must see.
func cond() {
	var mu sync.Mutex
	notFull, notEmpty := sync.NewCond(&mu), sync.NewCond(&mu)
	var queue []int
	var wg sync.WaitGroup
	sum := 0
	for p := range 3 {
		wg.Go(func() {
			for i := range 200 {
				mu.Lock()
				for len(queue) == 3 {
					notFull.Wait()
				}
				queue = append(queue, p*1000+i)
				mu.Unlock()
				notEmpty.Signal()
			}
		})
		wg.Go(func() {
			for range 200 {
				mu.Lock()
				for len(queue) == 0 {
					notEmpty.Wait()
				}
				sum += queue[0]
				queue = queue[1:]
				mu.Unlock()
				notFull.Signal()
			}
		})
	}
	wg.Wait()
	fmt.Println(sum, len(queue))

	generation, arrived := 0, 0
	all := sync.NewCond(&mu)
	for range 5 {
		wg.Go(func() {
			for range 80 {
				mu.Lock()
				mine := generation
				if arrived++; arrived == 5 {
					arrived, generation = 0, generation+1
					all.Broadcast()
				} else {
					for generation == mine {
						all.Wait()
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(generation, arrived)
}

// turns is Peterson's and a ticket lock on atomics, which spin with Gosched: store buffering would break them.
func turns() {
	var wants [2]atomic.Int32
	var turn atomic.Int32
	count := 0
	var wg sync.WaitGroup
	for me := range 2 {
		wg.Go(func() {
			other := 1 - me
			for range 1500 {
				wants[me].Store(1)
				turn.Store(int32(other))
				for wants[other].Load() == 1 && turn.Load() == int32(other) {
					runtime.Gosched()
				}
				count++
				wants[me].Store(0)
			}
		})
	}
	wg.Wait()
	fmt.Println(count)

	var next, serving atomic.Uint32
	tickets := 0
	for range 5 {
		wg.Go(func() {
			for range 100 {
				for mine := next.Add(1) - 1; serving.Load() != mine; {
					runtime.Gosched()
				}
				tickets++
				serving.Add(1)
			}
		})
	}
	wg.Wait()
	var swapped atomic.Int64
	for range 4 {
		wg.Go(func() {
			for range 500 {
				for {
					old := swapped.Load()
					if swapped.CompareAndSwap(old, old+3) {
						break
					}
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(tickets, swapped.Load())
}

// maps uses sync.Map and sync.Pool from several goroutines while the collector empties the pool.
func maps() {
	var m sync.Map
	var wg sync.WaitGroup
	var stored atomic.Int64
	for id := range 5 {
		wg.Go(func() {
			for i := range 300 {
				if _, loaded := m.LoadOrStore(i, id); !loaded {
					stored.Add(1)
				}
				if i%3 == 0 {
					if _, ok := m.LoadAndDelete(i); ok {
						stored.Add(-1)
					}
				}
				m.CompareAndSwap(i, id, id+1)
			}
		})
	}
	wg.Wait()
	left := int64(0)
	m.Range(func(key, value any) bool { left++; return true })
	check(left == stored.Load(), "%d in the map, %d stored", left, stored.Load())
	fmt.Println(left >= 200)

	type buffer struct {
		owner int
		bytes [100]int
	}
	pool := sync.Pool{New: func() any { return new(buffer) }}
	for id := range 5 {
		wg.Go(func() {
			for i := range 200 {
				b := pool.Get().(*buffer)
				check(b.owner == 0, "two have one buffer")
				b.owner = id + 1
				b.bytes[i%100] = i
				if i%40 == id {
					runtime.GC()
				}
				runtime.Gosched()
				check(b.owner == id+1, "somebody else wrote to the buffer")
				b.owner = 0
				pool.Put(b)
			}
		})
	}
	wg.Wait()
	fmt.Println("pool")
}

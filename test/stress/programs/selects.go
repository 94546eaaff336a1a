package main

import (
	"fmt"
	"sync"
	"time"
)

// selects moves values between channels by selects with many cases: none is lost or doubled, whichever case goes.
func selects() {
	const workers, jobs = 6, 900
	in := make(chan int)
	outs := []chan int{make(chan int), make(chan int, 1), make(chan int, 5), make(chan int)}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for v := range in {
				select {
				case outs[0] <- v:
				case outs[1] <- v:
				case outs[2] <- v:
				case outs[3] <- v:
				case <-time.After(time.Hour):
					panic("an hour has passed")
				}
			}
		})
	}
	go func() {
		for v := range jobs {
			in <- v
		}
		close(in)
		wg.Wait()
		for _, c := range outs {
			close(c)
		}
	}()
	seen := make([]bool, jobs)
	a, b, c, d := outs[0], outs[1], outs[2], outs[3]
	note := func(from *chan int, v int, ok bool) {
		if !ok {
			*from = nil
			return
		}
		check(!seen[v], "%d came twice", v)
		seen[v] = true
	}
	for a != nil || b != nil || c != nil || d != nil {
		select {
		case v, ok := <-a:
			note(&a, v, ok)
		case v, ok := <-b:
			note(&b, v, ok)
		case v, ok := <-c:
			note(&c, v, ok)
		case v, ok := <-d:
			note(&d, v, ok)
		}
	}
	for v := range seen {
		check(seen[v], "%d was lost", v)
	}
	fmt.Println(jobs)
	exchange()
	impatient()
	crowd()
}

// exchange has goroutines that both send and receive on the same channels in one select, as many one as the other.
func exchange() {
	const n, each = 4, 300
	left, right := make(chan int), make(chan int)
	var wg sync.WaitGroup
	results := make([]int, n)
	for i := range n {
		wg.Go(func() {
			sends, receives := each, each
			for sends > 0 || receives > 0 {
				var out chan int
				if sends > 0 {
					out = left
				}
				var back chan int
				if receives > 0 {
					back = right
				}
				select {
				case out <- 1:
					sends--
				case v := <-back:
					receives--
					results[i] += v
				}
			}
		})
	}
	go func() {
		pending := 0
		for range 2 * n * each {
			var out chan int
			if pending > 0 {
				out = right
			}
			select {
			case v := <-left:
				pending += v
			case out <- 1:
				pending--
			}
		}
	}()
	wg.Wait()
	fmt.Println(results)
}

// impatient has receivers with short timeouts on both sides of their deadline; each value arrives once, timed out or not.
func impatient() {
	c := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for i := range 20 {
		wg.Go(func() {
			time.Sleep(time.Duration(i%4) * 200 * time.Microsecond)
			for {
				select {
				case c <- i:
					return
				case <-time.After(time.Duration(1+i%3) * 100 * time.Microsecond):
				}
			}
		})
		wg.Go(func() {
			for {
				select {
				case v := <-c:
					mu.Lock()
					sum += v
					mu.Unlock()
					return
				case <-time.After(150 * time.Microsecond):
				}
				time.Sleep(time.Duration(i%2) * 50 * time.Microsecond)
			}
		})
	}
	wg.Wait()
	fmt.Println(sum)
}

// crowd has receivers that wait for the same three channels, so that senders on different channels are after the same receiver.
func crowd() {
	const receivers, each = 6, 250
	channels := [3]chan int{make(chan int), make(chan int), make(chan int)}
	stop := make(chan bool)
	var receiving, sending sync.WaitGroup
	var counts, sums [receivers]int
	for r := range receivers {
		receiving.Go(func() {
			for {
				var v int
				select {
				case v = <-channels[0]:
				case v = <-channels[1]:
				case v = <-channels[2]:
				case <-stop:
					return
				}
				counts[r]++
				sums[r] += v
			}
		})
	}
	for i, c := range channels {
		sending.Go(func() {
			x := 0
			for v := range each {
				// The receivers are to be waiting again.
				for range 300 {
					x += v * i
				}
				c <- v + x*0
			}
		})
	}
	sending.Wait()
	close(stop)
	receiving.Wait()
	count, sum := 0, 0
	for r := range receivers {
		count += counts[r]
		sum += sums[r]
	}
	fmt.Println(count, sum)
}

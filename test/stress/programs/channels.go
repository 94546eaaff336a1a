package main

import (
	"fmt"
	"sync"
)

// unbuffered hands values from many senders to many receivers: each value once, and those of one sender in order.
func unbuffered() {
	const senders, each, receivers = 5, 400, 3
	type message struct{ from, n int }
	c := make(chan message)
	var sending, receiving sync.WaitGroup
	for from := range senders {
		sending.Go(func() {
			for n := range each {
				c <- message{from, n}
			}
		})
	}
	var sums, counts [receivers]int
	for r := range receivers {
		receiving.Go(func() {
			last := [senders]int{-1, -1, -1, -1, -1}
			for m := range c {
				check(m.n > last[m.from], "message %d of %d after %d", m.n, m.from, last[m.from])
				last[m.from] = m.n
				sums[r] += m.n
				counts[r]++
			}
		})
	}
	sending.Wait()
	close(c)
	receiving.Wait()
	count, sum := 0, 0
	for r := range receivers {
		count += counts[r]
		sum += sums[r]
	}
	fmt.Println(count, sum)
	pingPong()
}

// pingPong bounces between two goroutines, which pass through runnext.
func pingPong() {
	there, back := make(chan int), make(chan int)
	go func() {
		for v := range there {
			back <- v + 1
		}
		close(back)
	}()
	v := 0
	for range 1000 {
		there <- v
		v = <-back
	}
	close(there)
	_, ok := <-back
	fmt.Println(v, ok)
}

// buffered counts what goes through buffers of several sizes, with senders that come late and receivers that see the end.
func buffered() {
	total := 0
	for _, size := range []int{1, 2, 7, 64} {
		c := make(chan *int, size)
		var senders sync.WaitGroup
		for s := range 4 {
			senders.Go(func() {
				for i := range 150 {
					v := s*1000 + i
					c <- &v
				}
			})
		}
		go func() { senders.Wait(); close(c) }()
		sums := make(chan int, 3)
		for range 3 {
			go func() {
				sum := 0
				for v := range c {
					sum += *v
				}
				sums <- sum
			}()
		}
		total += <-sums + <-sums + <-sums
		check(len(c) == 0 && cap(c) == size, "%d of %d left", len(c), cap(c))
	}
	fmt.Println(total)
}

// pipeline is the chained prime sieve, and a ring that a token goes round.
func pipeline() {
	numbers := make(chan int)
	stop := make(chan bool)
	go func() {
		for i := 2; ; i++ {
			select {
			case numbers <- i:
			case <-stop:
				close(numbers)
				return
			}
		}
	}()
	in, primes, last := numbers, 0, 0
	for range 60 {
		p := <-in
		primes, last = primes+1, p
		out := make(chan int)
		go func(in, out chan int) {
			for v := range in {
				if v%p != 0 {
					select {
					case out <- v:
					case <-stop:
					}
				}
			}
			close(out)
		}(in, out)
		in = out
	}
	close(stop)
	for range in {
	}
	fmt.Println(primes, last)

	first := make(chan int)
	ring := first
	for range 50 {
		next := make(chan int)
		go func(from, to chan int) {
			for v := range from {
				to <- v + 1
			}
			close(to)
		}(ring, next)
		ring = next
	}
	v := 0
	for range 30 {
		first <- v
		v = <-ring
	}
	close(first)
	_, ok := <-ring
	fmt.Println(v, ok)
}

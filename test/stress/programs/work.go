package main

import (
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// workers is a pool with results and errors, and a parallel quicksort with a goroutine for each part.
func workers() {
	type result struct{ job, value int }
	jobs, results := make(chan int, 10), make(chan result, 10)
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			for j := range jobs {
				v := 0
				for i := range 100 + j%50 {
					v += i * j % 7
				}
				results <- result{j, v}
			}
		})
	}
	go func() {
		for j := range 500 {
			jobs <- j
		}
		close(jobs)
		wg.Wait()
		close(results)
	}()
	sum, seen := 0, map[int]bool{}
	for r := range results {
		check(!seen[r.job], "job %d twice", r.job)
		seen[r.job] = true
		sum += r.value
	}
	fmt.Println(len(seen), sum)

	numbers := make([]int, 4000)
	x := uint32(1)
	for i := range numbers {
		x = x*1664525 + 1013904223
		numbers[i] = int(x >> 8)
	}
	wg.Go(func() { quicksort(numbers, &wg) })
	wg.Wait()
	for i := 1; i < len(numbers); i++ {
		check(numbers[i-1] <= numbers[i], "not sorted at %d", i)
	}
	fmt.Println(numbers[0], numbers[len(numbers)-1])
}

func quicksort(a []int, wg *sync.WaitGroup) {
	for len(a) > 16 {
		pivot, i, j := a[len(a)/2], 0, len(a)-1
		for i <= j {
			for a[i] < pivot {
				i++
			}
			for a[j] > pivot {
				j--
			}
			if i <= j {
				a[i], a[j] = a[j], a[i]
				i++
				j--
			}
		}
		left := a[:j+1]
		wg.Go(func() { quicksort(left, wg) })
		a = a[i:]
	}
	for i := 1; i < len(a); i++ {
		for j := i; j > 0 && a[j-1] > a[j]; j-- {
			a[j-1], a[j] = a[j], a[j-1]
		}
	}
}

// spawn starts many goroutines at once, more than a local queue holds, from several goroutines.
func spawn() {
	var count atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 700 {
				wg.Go(func() {
					if i%64 == 0 {
						runtime.Gosched()
					}
					count.Add(int64(i))
				})
			}
		})
	}
	wg.Wait()
	fmt.Println(count.Load())
	fmt.Println(fork(11))
}

// fork counts the leaves of a binary tree of goroutines.
func fork(depth int) int {
	if depth == 0 {
		return 1
	}
	c := make(chan int, 2)
	go func() { c <- fork(depth - 1) }()
	go func() { c <- fork(depth - 1) }()
	return <-c + <-c
}

// hot has loops without calls that wait for each other's stores: each must be preempted, or run beside the other.
func hot() {
	var flag, done atomic.Int32
	for i := range 4 {
		go func() {
			for flag.Load() != int32(i) {
			}
			flag.Add(1)
			done.Add(1)
		}()
	}
	for done.Load() != 4 {
	}
	total := 0
	c := make(chan int)
	for i := range 3 {
		go func() {
			sum := 0
			for j := range 300_000 {
				sum += j % (i + 2)
			}
			c <- sum
		}()
	}
	total = <-c + <-c + <-c
	fmt.Println(flag.Load(), total)
}

// coroutines pulls from iterators, each time from the goroutine that has the turn.
func coroutines() {
	numbers := func(n int) iter.Seq[int] {
		return func(yield func(int) bool) {
			for i := range n {
				if !yield(i) {
					return
				}
			}
		}
	}
	var wg sync.WaitGroup
	sums := make([]int, 4)
	for g := range 4 {
		wg.Go(func() {
			for round := range 20 {
				next, stop := iter.Pull(numbers(30))
				for range 10 + round {
					v, ok := next()
					check(ok == (v < 30), "%d %v", v, ok)
					sums[g] += v
					if v%8 == g {
						runtime.Gosched()
					}
				}
				stop()
			}
		})
	}
	wg.Wait()
	fmt.Println(sums)

	next, stop := iter.Pull(numbers(200))
	turn := make(chan int)
	total := make(chan int)
	for range 3 {
		go func() {
			sum := 0
			for range turn {
				v, _ := next()
				sum += v
				turn <- 0
			}
			total <- sum
		}()
	}
	for range 200 {
		turn <- 0
		<-turn
	}
	close(turn)
	fmt.Println(<-total + <-total + <-total)
	stop()
}

// files makes, reads and removes files from several goroutines: host calls that may block.
func files() {
	dir, err := os.MkdirTemp("", "stress")
	check(err == nil, "%v", err)
	defer os.RemoveAll(dir)
	var wg sync.WaitGroup
	var total atomic.Int64
	for id := range 6 {
		wg.Go(func() {
			for i := range 12 {
				name := filepath.Join(dir, fmt.Sprint(id, "-", i))
				text := fmt.Sprint("file ", id, " ", i)
				check(os.WriteFile(name, []byte(text), 0o600) == nil, "write %s", name)
				got, err := os.ReadFile(name)
				check(err == nil && string(got) == text, "%s has %q, %v", name, got, err)
				total.Add(int64(len(got)))
				check(os.Remove(name) == nil, "remove %s", name)
			}
		})
	}
	wg.Go(func() {
		sum := 0
		for i := range 200_000 {
			sum += i
		}
		total.Add(int64(sum % 1000))
	})
	wg.Wait()
	left, err := os.ReadDir(dir)
	fmt.Println(total.Load(), len(left), err)
}

// fifo opens a named pipe from both ends: each open is a host call that lasts until the other end's, made by another goroutine.
func fifo() {
	dir, err := os.MkdirTemp("", "stress")
	check(err == nil, "%v", err)
	defer os.RemoveAll(dir)
	const pipes, rounds = 2, 4
	var wg sync.WaitGroup
	var total, turns atomic.Int64
	var stop atomic.Bool
	for range 2 {
		wg.Go(func() {
			for !stop.Load() {
				turns.Add(1)
				runtime.Gosched()
			}
		})
	}
	var ends sync.WaitGroup
	for id := range pipes {
		name := filepath.Join(dir, fmt.Sprint("pipe", id))
		out, err := exec.Command("mkfifo", name).CombinedOutput()
		check(err == nil, "mkfifo: %s %v", out, err)
		read := make(chan bool)
		ends.Go(func() {
			for i := range rounds {
				f, err := os.OpenFile(name, os.O_WRONLY, 0)
				check(err == nil, "%v", err)
				fmt.Fprint(f, "round ", i)
				check(f.Close() == nil, "close")
				<-read
			}
		})
		ends.Go(func() {
			for range rounds {
				text, err := os.ReadFile(name)
				check(err == nil, "%v", err)
				total.Add(int64(len(text)))
				runtime.GC()
				read <- true
			}
		})
	}
	ends.Wait()
	stop.Store(true)
	wg.Wait()
	fmt.Println(total.Load(), turns.Load() > 0)
}

// outside waits in a host call for another process, after all other goroutines have ended: that is no deadlock.
func outside() {
	dir, err := os.MkdirTemp("", "stress")
	check(err == nil, "%v", err)
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "pipe")
	check(exec.Command("mkfifo", name).Run() == nil, "mkfifo")
	writer := exec.Command("sh", "-c", "sleep 0.3; echo hello > "+name)
	check(writer.Start() == nil, "sh")
	text := make(chan string)
	go func() {
		b, err := os.ReadFile(name)
		check(err == nil, "%v", err)
		text <- string(b)
	}()
	// As long as there is this to do, the reader's P is wanted.
	var wg sync.WaitGroup
	start := time.Now()
	for range 4 {
		wg.Go(func() {
			for time.Since(start) < 60*time.Millisecond {
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	fmt.Print(<-text)
	fmt.Println(writer.Wait())
}

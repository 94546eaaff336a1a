// A worker pool: a fixed number of goroutines take jobs from one channel and send results to another.
package main

import (
	"errors"
	"fmt"
	"sync"
)

type job struct {
	id, n int
}

type result struct {
	id    int
	value int
	err   error
}

var errNegative = errors.New("negative number")

// collatz counts the steps from n down to 1.
func collatz(n int) (steps int, err error) {
	if n < 1 {
		return 0, fmt.Errorf("collatz(%d): %w", n, errNegative)
	}
	for n != 1 {
		if n%2 == 0 {
			n /= 2
		} else {
			n = 3*n + 1
		}
		steps++
	}
	return steps, nil
}

// work does jobs until there are no more.
func work(jobs <-chan job, results chan<- result) {
	for j := range jobs {
		v, err := collatz(j.n)
		results <- result{id: j.id, value: v, err: err}
	}
}

// run does all jobs with the given number of workers and returns the results in the order of the jobs.
func run(numbers []int, workers int) []result {
	jobs := make(chan job)
	results := make(chan result)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() { work(jobs, results) })
	}
	go func() {
		for id, n := range numbers {
			jobs <- job{id, n}
		}
		close(jobs)
		wg.Wait()
		close(results)
	}()
	all := make([]result, len(numbers))
	for r := range results {
		all[r.id] = r
	}
	return all
}

func main() {
	numbers := []int{1, 7, 27, 97, -3, 871, 6171, 77031, 837799}
	for i, r := range run(numbers, 4) {
		switch {
		case errors.Is(r.err, errNegative):
			fmt.Printf("%6d: failed: %v\n", numbers[i], r.err)
		default:
			fmt.Printf("%6d: %d steps\n", numbers[i], r.value)
		}
	}
}

// Goroutines: go starts a function that runs on its own. main's return ends the program at once, whatever the other
// goroutines are doing.
package main

import (
	"fmt"
	"time"
)

// greet says hello and then closes done.
func greet(name string, done chan<- struct{}) {
	fmt.Println("hello from", name)
	close(done)
}

func main() {
	// Waiting for a goroutine takes something to wait on.
	done := make(chan struct{})
	go greet("a goroutine", done)
	<-done

	// Arguments are evaluated when go is, not when the goroutine runs.
	results := make(chan int, 3)
	for i := range 3 {
		go func(square int) { results <- square }(i * i)
	}
	sum := 0
	for range 3 {
		sum += <-results
	}
	fmt.Println("sum of squares:", sum)

	// Each iteration has its own i, so the closures see three different ones.
	for i := range 3 {
		go func() { results <- i }()
	}
	fmt.Println("sum of i:", <-results+<-results+<-results)

	// This goroutine would print in an hour. It does not get to.
	go func() {
		time.Sleep(time.Hour)
		fmt.Println("never printed")
	}()
	fmt.Println("main returns")
}

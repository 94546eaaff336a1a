// Channels: an unbuffered one hands a value from one goroutine to another, a buffered one keeps some, and a direction in
// the type says who may do what.
package main

import "fmt"

// produce may only send; when it is done it says so by closing.
func produce(out chan<- int, n int) {
	for i := range n {
		out <- i
	}
	close(out)
}

// total may only receive.
func total(in <-chan int) (sum int) {
	for v := range in {
		sum += v
	}
	return sum
}

func main() {
	// Unbuffered: the send returns when the value has been received, so this prints in order.
	ball := make(chan string)
	done := make(chan bool)
	go func() {
		fmt.Println("received", <-ball)
		done <- true
	}()
	ball <- "a ball"
	<-done

	// Buffered: sends return at once until it is full.
	queue := make(chan string, 3)
	queue <- "one"
	queue <- "two"
	fmt.Printf("buffered: len %d cap %d\n", len(queue), cap(queue))
	fmt.Println(<-queue, <-queue)

	// Directions.
	numbers := make(chan int)
	go produce(numbers, 10)
	fmt.Println("total:", total(numbers))

	// A closed channel gives what it still holds, then zero values; the second result tells them apart.
	queue <- "last"
	close(queue)
	for range 2 {
		v, ok := <-queue
		fmt.Printf("%q %v\n", v, ok)
	}

	// A nil channel blocks for ever; a receive from it in select is never chosen.
	var never chan int
	select {
	case <-never:
		fmt.Println("impossible")
	default:
		fmt.Println("a nil channel is never ready")
	}
}

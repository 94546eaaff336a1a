// Hot loops, as many as the first argument says, for as many milliseconds as the second says; and one that never calls a function.
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	ms, _ := strconv.Atoi(os.Args[2])
	end := time.Now().Add(time.Duration(ms) * time.Millisecond)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			x := 0
			for time.Now().Before(end) {
				for i := range 3_000_000 {
					x += i ^ x>>3
				}
			}
			if x == 42 {
				fmt.Println("never")
			}
		})
	}
	wg.Wait()
	fmt.Println("done")
}

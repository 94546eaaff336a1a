// Goroutines that compute for a long time on all threads.
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for end := time.Now().Add(time.Minute); time.Now().Before(end); {
			}
		})
	}
	wg.Wait()
	fmt.Println("ended")
}

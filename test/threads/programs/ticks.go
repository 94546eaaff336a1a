// A ticker that is always due, of which a waiting goroutine hears: neither it nor others that sleep are kept from their turn.
package main

import (
	"fmt"
	"time"
)

func main() {
	ticker := time.NewTicker(time.Hour)
	heard := make(chan bool)
	for range 2 {
		go func() {
			<-ticker.C
			heard <- true
		}()
	}
	time.Sleep(10 * time.Millisecond)
	ticker.Reset(1)
	<-heard
	<-heard
	time.Sleep(10 * time.Millisecond)
	fmt.Println("heard")
}

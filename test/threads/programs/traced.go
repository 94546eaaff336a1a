// Goroutines that run, wait for turns, sleep, wait for a channel and are locked to a thread, for GODEBUG=schedtrace to show.
package main

import (
	"runtime"
	"time"
)

func main() {
	for range 3 {
		go func() {
			for {
			}
		}()
	}
	c := make(chan int)
	go func() { <-c }()
	go func() {
		runtime.LockOSThread()
		<-c
	}()
	time.Sleep(600 * time.Millisecond)
}

// Timers that nobody refers to are collected before they expire; those with a waiting receiver fire.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func objects() uint64 {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.Mallocs - m.Frees
}

func main() {
	before := objects()
	for range 2000 {
		time.After(time.Hour)
		time.NewTicker(time.Hour)
	}
	fmt.Println("collected:", objects() < before+2000)

	t := time.NewTimer(time.Millisecond)
	<-t.C
	fmt.Println("fired", t.Reset(time.Millisecond))
	select {
	case <-t.C:
		fmt.Println("fired in select")
	case <-time.After(time.Minute):
		fmt.Println("late")
	}
	tick := time.NewTicker(time.Millisecond)
	n := 0
	for range tick.C {
		if n++; n == 3 {
			break
		}
	}
	fmt.Println(n, len(tick.C), cap(tick.C))
}

package main

import (
	"fmt"
	"io"
	"os/exec"
	"time"
)

// answers waits for another process's answers, while a goroutine works for about as long as they take: an answer often comes just as the thread of
// that one, which runs nothing else, finds no more work. Nothing else would wake it.
func answers() {
	cmd := exec.Command("cat")
	in, err := cmd.StdinPipe()
	check(err == nil, "%v", err)
	out, err := cmd.StdoutPipe()
	check(err == nil, "%v", err)
	check(cmd.Start() == nil, "cat does not start")
	work := make(chan time.Duration)
	go func() {
		for d := range work {
			for start := time.Now(); time.Since(start) < d; {
			}
		}
	}()
	took, seed, sum := time.Millisecond, uint32(1), 0
	var b [1]byte
	for i := range 250 {
		seed = seed*1664525 + 1013904223
		work <- took * time.Duration(seed>>24) / 128
		start := time.Now()
		b[0] = byte(i)
		_, err := in.Write(b[:])
		check(err == nil, "%v", err)
		_, err = io.ReadFull(out, b[:])
		check(err == nil, "%v", err)
		took += (min(time.Since(start), 5*time.Millisecond) - took) / 8
		sum += int(b[0])
	}
	close(work)
	in.Close()
	fmt.Println(sum, cmd.Wait())
}

// Command handoff makes calls of the system that last: other goroutines go on meanwhile.
package main

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	switch os.Args[1] {
	case "fifo":
		fifo(os.Args[2])
	case "files":
		manyFiles(os.Args[2])
	case "stdout":
		slowReader()
	}
}

// fifo opens a named pipe for writing, which lasts until somebody opens it for reading.
func fifo(name string) {
	written := make(chan error)
	go func() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err == nil {
			_, err = f.WriteString("through the pipe")
			f.Close()
		}
		written <- err
	}()
	time.Sleep(5 * time.Millisecond)
	n := 0
	for start := time.Now(); time.Since(start) < 200*time.Millisecond; n++ {
	}
	ticker := time.NewTicker(10 * time.Millisecond)
	for range 5 {
		<-ticker.C
	}
	fmt.Println("worked", n > 1000)
	b, err := os.ReadFile(name)
	fmt.Printf("%q %v %v\n", b, err, <-written)
}

// manyFiles makes, reads and removes files in several goroutines while others allocate.
func manyFiles(dir string) {
	var wg sync.WaitGroup
	var stop atomic.Bool
	for range 2 {
		go func() {
			for !stop.Load() {
				s := make([]*int, 1000)
				for i := range s {
					s[i] = new(int)
				}
			}
		}()
	}
	for w := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 100 {
				name := fmt.Sprintf("%s/%d-%d", dir, w, i)
				if err := os.WriteFile(name, []byte(name), 0o600); err != nil {
					panic(err)
				}
				if b, err := os.ReadFile(name); err != nil || string(b) != name {
					panic(fmt.Sprint(err, string(b)))
				}
				if err := os.Remove(name); err != nil {
					panic(err)
				}
			}
		}()
	}
	wg.Wait()
	stop.Store(true)
	left, err := os.ReadDir(dir)
	fmt.Println(len(left), err)
}

// slowReader writes more than a pipe holds to a reader that begins when it is told that a ticker has ticked meanwhile.
func slowReader() {
	done := make(chan int)
	go func() {
		block := make([]byte, 1<<16)
		for i := range block {
			block[i] = 'x'
		}
		n := 0
		for range 32 {
			m, err := os.Stdout.Write(block)
			if err != nil {
				panic(err)
			}
			n += m
		}
		done <- n
	}()
	ticks := 0
	ticker := time.NewTicker(10 * time.Millisecond)
	for {
		select {
		case <-ticker.C:
			if ticks++; ticks == 10 {
				fmt.Fprintln(os.Stderr, "ten ticks")
			}
		case n := <-done:
			fmt.Fprintln(os.Stderr, n, ticks >= 10)
			return
		}
	}
}

// Goroutines, timers, files, input, errors: what a WASI engine sees of a program.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

func main() {
	fmt.Printf("%q %q\n", os.Args[1:], os.Getenv("SETTING"))
	var wg sync.WaitGroup
	results := make(chan int, 10)
	for i := range 10 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			time.Sleep(time.Duration(i) * time.Millisecond)
			results <- i
		}()
	}
	wg.Wait()
	close(results)
	sum := 0
	for i := range results {
		sum += i
	}
	fmt.Println(sum)
	dir, err := os.MkdirTemp("", "wasi")
	fmt.Println(err)
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "f")
	fmt.Println(os.WriteFile(file, []byte("contents"), 0600))
	b, err := os.ReadFile(file)
	fmt.Println(string(b), err)
	_, err = os.Stat(filepath.Join(dir, "none"))
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	var keep [][]byte
	for i := 0; i < 200; i++ {
		keep = append(keep[max(0, len(keep)-3):], make([]byte, 1<<20))
	}
	runtime.GC()
	s := bufio.NewScanner(os.Stdin)
	for s.Scan() {
		fmt.Println("line", s.Text())
	}
	var m map[string]int
	defer fmt.Println("deferred")
	m["x"] = 1
}

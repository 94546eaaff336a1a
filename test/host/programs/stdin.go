// Waiting for standard input stops nobody else. Arguments: what to do.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"
)

func main() {
	switch os.Args[1] {
	case "ticks":
		var ticks atomic.Int32
		go func() {
			for {
				time.Sleep(5 * time.Millisecond)
				ticks.Add(1)
			}
		}()
		s := bufio.NewScanner(os.Stdin)
		for s.Scan() {
			fmt.Println(s.Text(), ticks.Load() > 10)
		}
		fmt.Println(s.Err())
	case "count":
		n, err := io.Copy(io.Discard, os.Stdin)
		fmt.Println(n, err)
	case "hog":
		// A goroutine that never waits does not keep input from arriving.
		go func() {
			for i := 0; ; i++ {
				sink = i
			}
		}()
		b, err := io.ReadAll(os.Stdin)
		fmt.Printf("%q %v\n", b, err)
	case "byte":
		// Two processes share the input: each takes what it asked for.
		b := make([]byte, 6)
		n, err := io.ReadFull(os.Stdin, b)
		fmt.Printf("%q %d %v\n", b, n, err)
	case "stat":
		st, err := os.Stdin.Stat()
		fmt.Println(st.Mode()&os.ModeType, err)
		fmt.Println(os.Stdin.SetReadDeadline(time.Now()))
		at, err := os.Stdin.Seek(0, io.SeekCurrent)
		fmt.Println(at, err)
	}
}

var sink int

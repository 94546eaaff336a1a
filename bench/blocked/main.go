// Command blocked computes. With the argument "read" another goroutine is in a read of standard input meanwhile, with "socket" others besides
// serve a socket, whose port is printed first.
package main

import (
	"fmt"
	"net"
	"os"
	"sort"
	"time"
)

// work is done in pieces of some 30 ms: a loop without calls, recursion, allocation.
func work() uint32 {
	x := uint32(1)
	for range 20_000_000 {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
	}
	values := make([]int, 100_000)
	for i := range values {
		x = x*1664525 + 1013904223
		values[i] = int(x)
	}
	sort.Ints(values)
	return x + uint32(len(fmt.Sprintf("%d %v", values[0], values[:100])))
}

func main() {
	mode := ""
	if len(os.Args) > 1 {
		mode = os.Args[1]
	}
	if mode != "" {
		go os.Stdin.Read(make([]byte, 1))
	}
	if mode == "socket" {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		fmt.Println(l.Addr().(*net.TCPAddr).Port)
		go serve(l)
	}
	work()
	start := time.Now()
	for range 25 {
		work()
	}
	fmt.Printf("BENCH blocked %.1f ms\n", float64(time.Since(start).Microseconds())/1000)
}

// serve answers each byte.
func serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go func() {
			defer c.Close()
			var b [1]byte
			for {
				if _, err := c.Read(b[:]); err != nil {
					return
				}
				c.Write(b[:])
			}
		}()
	}
}

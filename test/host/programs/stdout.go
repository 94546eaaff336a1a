// Standard output: much of it, to a slow reader, and to one that goes away.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	line := append(bytes.Repeat([]byte("0123456789"), 10), '\n')
	switch os.Args[1] {
	case "much":
		for i := 0; i < 20000; i++ {
			if n, err := os.Stdout.Write(line); n != len(line) || err != nil {
				fmt.Fprintln(os.Stderr, n, err)
				return
			}
		}
		os.Stdout.Write(bytes.Repeat(line, 20000))
		fmt.Fprintln(os.Stderr, "done")
	case "order":
		for i := 0; i < 100; i++ {
			fmt.Println("out", i)
			fmt.Fprintln(os.Stderr, "err", i)
			println("print", i)
		}
	case "endless":
		for {
			if _, err := os.Stdout.Write(line); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
	case "sigpipe":
		// Somebody who wants the signal gets the error instead.
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGPIPE)
		for {
			if _, err := os.Stdout.Write(line); err != nil {
				fmt.Fprintln(os.Stderr, err)
				break
			}
		}
		select {
		case s := <-c:
			fmt.Fprintln(os.Stderr, s)
		case <-time.After(5 * time.Second):
			fmt.Fprintln(os.Stderr, "no signal")
		}
		os.Exit(3)
	}
}

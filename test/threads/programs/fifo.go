// Goroutines that open named pipes which nobody else opens, in turn with those that do not: a socket is answered meanwhile, and the program ends all the same.
package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "main" {
		// The only goroutine waits in the call; a timer ends the program.
		name := pipe()
		time.AfterFunc(200*time.Millisecond, func() { end(4) })
		os.OpenFile(name, os.O_WRONLY, 0)
		select {}
	}
	for range 2 {
		in, out := pipe(), pipe()
		go os.Open(in)
		go os.OpenFile(out, os.O_WRONLY, 0)
	}
	time.Sleep(50 * time.Millisecond)
	echo()
	end(3)
}

var dirs []string

// end ends the program, its pipes gone.
func end(code int) {
	for _, dir := range dirs {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// pipe makes a named pipe.
func pipe() string {
	dir, err := os.MkdirTemp("", "fifo")
	dirs = append(dirs, dir)
	if err == nil {
		err = exec.Command("mkfifo", filepath.Join(dir, "p")).Run()
	}
	if err != nil {
		panic(err)
	}
	return filepath.Join(dir, "p")
}

// echo has a server answer over a socket.
func echo() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				var b [16]byte
				n, _ := c.Read(b[:])
				c.Write(b[:n])
				c.Close()
			}()
		}
	}()
	for range 20 {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			panic(err)
		}
		c.Write([]byte("ping"))
		var b [16]byte
		n, _ := c.Read(b[:])
		if string(b[:n]) != "ping" {
			panic(string(b[:n]))
		}
		c.Close()
	}
	fmt.Println("answered 20 times")
}

// Ways in which a program ends while goroutines run on several threads; the first argument chooses.
package main

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

func spin() {
	for x := 0; ; x++ {
		if x < 0 {
			fmt.Println("never")
		}
	}
}

func busy() {
	for range 4 {
		go spin()
	}
	time.Sleep(30 * time.Millisecond)
}

func main() {
	switch os.Args[1] {
	case "return":
		busy()
	case "exit":
		busy()
		go func() { os.Exit(7) }()
		select {}
	case "panic":
		busy()
		go func() { panic("in a goroutine") }()
		select {}
	case "deadlock":
		done := make(chan bool)
		for range 4 {
			go func() {
				x := 0
				for i := range 30_000_000 {
					x += i
				}
				done <- x > 0
			}()
		}
		for range 5 {
			<-done
		}
	case "goexit":
		go func() {
			time.Sleep(20 * time.Millisecond)
			fmt.Println("last words")
		}()
		runtime.Goexit()
	}
}

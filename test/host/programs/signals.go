// Signals: asked for, ignored, with their default action, while nothing runs and while something does.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	switch os.Args[1] {
	case "notify":
		c := make(chan os.Signal, 4)
		signal.Notify(c, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR2)
		fmt.Println("ready")
		for i := 0; i < 4; i++ {
			fmt.Println(<-c)
		}
		signal.Reset(syscall.SIGTERM)
		fmt.Println("reset")
		<-c
	case "ignore":
		signal.Ignore(syscall.SIGINT)
		fmt.Println("ready", signal.Ignored(syscall.SIGINT), signal.Ignored(syscall.SIGTERM))
		time.Sleep(300 * time.Millisecond)
		fmt.Println("still here")
	case "wait":
		fmt.Println("ready")
		time.Sleep(time.Minute)
	case "busy":
		fmt.Println("ready")
		for i := 0; ; i++ {
			sink = i
		}
	case "busynotify":
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		fmt.Println("ready")
		for ctx.Err() == nil {
			sink++
		}
		fmt.Println(ctx.Err())
	case "read":
		go func() {
			c := make(chan os.Signal, 1)
			signal.Notify(c, os.Interrupt)
			fmt.Println("ready")
			fmt.Println(<-c)
			os.Exit(7)
		}()
		os.Stdin.Read(make([]byte, 1))
	case "self":
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR1)
		syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
		fmt.Println(<-c)
		p, _ := os.FindProcess(os.Getpid())
		fmt.Println(p.Signal(syscall.Signal(0)))
		p.Signal(syscall.SIGKILL)
		time.Sleep(time.Minute)
	}
}

var sink int

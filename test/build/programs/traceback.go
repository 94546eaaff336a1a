// Frames that Callers and Stack show: the outermost ones, initialisers, wrappers, arguments, and who created a goroutine.
package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

var place = regexp.MustCompile(`^\t(.*:\d+)( \+0x[0-9a-f]+)?$`)

// stack is the traceback without what differs from build to build: folders, offsets, arguments, the frames of the runtime.
func stack() string {
	buf := make([]byte, 1<<14)
	lines := strings.Split(string(buf[:runtime.Stack(buf, false)]), "\n")
	var out []string
	for i := 1; i+1 < len(lines); i += 2 {
		name, at := lines[i], place.FindStringSubmatch(lines[i+1])
		if !strings.HasPrefix(name, "main.") && !strings.HasPrefix(name, "created by main.") {
			continue
		}
		if strings.HasPrefix(name, "created by") {
			name, _, _ = strings.Cut(name, " in goroutine")
		} else if !strings.HasSuffix(name, "()") || at[2] == "" {
			name = name[:strings.LastIndexByte(name, '(')]
		}
		out = append(out, fmt.Sprint("\t", name, " ", filepath.Base(at[1])))
	}
	return strings.Join(out, "\n")
}

// outermost lists the names that Callers gives, without those inside package runtime's start of the program.
func outermost() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var out []string
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.doInit") {
			out = append(out, f.Function)
		}
		if !more {
			return strings.Join(out, " ")
		}
	}
}

type T struct{ n int }

//go:noinline
func (t T) run(c chan string) { c <- stack() }

type F func(chan string)

func (f F) call(c chan string) { f(c) }

func spawn[E any](c chan string, e E) {
	go func() {
		_ = e
		c <- stack()
	}()
}

func seq(yield func(int) bool) { yield(1) }

var c = make(chan string)

var atInit = outermost()

var started = func() int {
	go T{1}.run(c)
	return 1
}()

func init() { fmt.Println("init:", outermost()) }

//go:noinline
func noArgs() string { return stack() }

func show(what string) { fmt.Printf("%s:\n%s\n", what, <-c) }

func main() {
	show("initialiser")
	fmt.Println("variable:", atInit)
	fmt.Println("main:", outermost())
	go func() { c <- outermost() }()
	show("goroutine")
	fmt.Printf("no arguments:\n%s\n", noArgs())
	go func() {
		c <- stack()
	}()
	show("literal")
	go T{2}.run(
		c)
	show("method")
	spawn(c, 1)
	show("generic")
	func() {
		f := T{3}.run
		go f(c)
	}()
	show("method value")
	go F(F(T{4}.run).call).call(c)
	show("wrappers")
	for range seq {
		go func() {
			c <- stack()
		}()
	}
	show("range over a function")
	func() {
		defer func() {
			recover()
			fmt.Printf("after a panic:\n%s\n", stack())
		}()
		var p *T
		p.n = 1
	}()
}

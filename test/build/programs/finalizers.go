// Finalizers of every form: method expressions, results, interfaces as parameters, instances of generic types.
package main

import (
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"time"
)

var wg sync.WaitGroup

type conn struct{ name string }

func (c *conn) Close() error { defer wg.Done(); fmt.Println("close", c.name); return nil }

type closer interface{ Close() error }

type pair[T any] struct{ a, b T }

func (p *pair[T]) done() (T, string) { defer wg.Done(); fmt.Println("pair", p.a, p.b); return p.a, "" }

//go:noinline
func make2[T any](a, b T) {
	wg.Add(1)
	runtime.SetFinalizer(&pair[T]{a, b}, (*pair[T]).done)
}

// run sets one finalizer at a time: the order among several is not defined.
func run(set func()) {
	set()
	done := make(chan bool)
	go func() { wg.Wait(); close(done) }()
	for {
		runtime.GC()
		select {
		case <-done:
			return
		case <-time.After(time.Millisecond):
		}
	}
}

func main() {
	run(func() { wg.Add(1); runtime.SetFinalizer(&conn{"a"}, (*conn).Close) })
	run(func() { wg.Add(1); runtime.SetFinalizer(&conn{"b"}, func(c closer) { c.Close() }) })
	run(func() {
		wg.Add(1)
		runtime.SetFinalizer(&conn{"c"}, func(x any) [3]int { defer wg.Done(); fmt.Printf("%T\n", x); return [3]int{} })
	})
	run(func() { make2(1, 2) })
	run(func() { make2("x", "y") })

	f := reflect.ValueOf((*conn).Close)
	wg.Add(1)
	fmt.Println(f.Call([]reflect.Value{reflect.ValueOf(&conn{"d"})})[0].IsNil())
}

// Method expressions called through reflect, in a program that looks no method up: only the func values' types are visible.
package main

import (
	"fmt"
	"reflect"
	"runtime"
	"time"
)

type T struct{ a [4]int }

func (t *T) Add(n int) int { return t.a[0] + n }
func (t T) Sum(ns ...int) (s int) { // with a wrapper for *T
	for _, n := range ns {
		s += n
	}
	return s + t.a[1]
}

type G[E any] struct {
	e    [4]E
	done chan string
}

func (g *G[E]) finalize() { g.done <- fmt.Sprintf("finalized %T", g.e) }

//go:noinline
func watch[E any](done chan string) {
	runtime.SetFinalizer(&G[E]{done: done}, (*G[E]).finalize)
}

func main() {
	t := &T{[4]int{40, 50}}
	args := func(v ...any) (list []reflect.Value) {
		for _, x := range v {
			list = append(list, reflect.ValueOf(x))
		}
		return list
	}
	fmt.Println(reflect.ValueOf((*T).Add).Call(args(t, 2))[0])
	fmt.Println(reflect.ValueOf((*T).Sum).Call(args(t, 1, 2, 3))[0])
	fmt.Println(reflect.ValueOf(T.Sum).Call(args(*t, 4))[0])

	done := make(chan string, 1)
	watch[uint8](done)
	for {
		runtime.GC()
		select {
		case s := <-done:
			fmt.Println(s)
			return
		case <-time.After(time.Millisecond):
		}
	}
}

// Loads of a package variable between branches one of which writes it.
package main

import (
	"fmt"
	"sync"
)

var handlers struct {
	sync.Mutex
	m   map[int]*int
	ref [4]int64
}

//go:noinline
func notify(c int) {
	handlers.Lock()
	defer handlers.Unlock()
	h := handlers.m[c]
	if h == nil {
		if handlers.m == nil {
			handlers.m = make(map[int]*int)
		}
		h = new(int)
		handlers.m[c] = h
	}
	fmt.Println(len(handlers.m))
}

func main() { notify(1); notify(2); notify(1) }

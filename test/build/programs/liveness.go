// Stack objects keep alive what they point to as long as they can be used, and no longer: which collection finds what.
package main

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"
)

type payload [6]int

type node struct {
	p    *payload
	next *node
	name string
}

var collected = map[string]bool{}
var watched []string

//go:noinline
func watch(name string) *payload {
	p := new(payload)
	watched = append(watched, name)
	runtime.SetFinalizer(p, func(*payload) { collected[name] = true })
	return p
}

// alive collects and tells which of the watched objects are left.
//
//go:noinline
func alive(at string) {
	for range 3 {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	fmt.Print(at, ":")
	for _, w := range watched {
		if !collected[w] {
			fmt.Print(" ", w)
		}
	}
	fmt.Println()
}

//go:noinline
func use(n *node) *payload { return n.p }

//go:noinline
func inner(n *node) {
	alive("inner, before the last use")
	use(n)
	alive("inner, after it")
}

// passed: the object's address is used by the callee only.
func passed() {
	n := node{p: watch("passed")}
	inner(&n)
	alive("outer")
}

// chained: objects that only other stack objects lead to.
func chained() {
	a := node{p: watch("a")}
	b := node{p: watch("b"), next: &a}
	c := node{p: watch("c"), next: &b}
	p := &c
	alive("chain of three")
	use(p)
	p = p.next
	use(p)
	alive("chain of two")
	p = p.next
	alive("chain of one")
	use(p)
	alive("no chain")
}

// filled: what is overwritten does not keep the old contents alive.
//
//go:noinline
func filled() {
	var n node
	for i := range 3 {
		n = node{p: watch(fmt.Sprint("filled", i))}
		use(&n)
		alive(fmt.Sprint("filled ", i))
	}
}

// chosen: an object that may or may not be the one pointed to.
//
//go:noinline
func chosen(first bool) {
	a, b := node{p: watch(fmt.Sprint("first", first))}, node{p: watch(fmt.Sprint("second", first))}
	p := &a
	if !first {
		p = &b
	}
	use(p)
	alive(fmt.Sprint("chosen ", first))
	use(p)
}

// deferred: records on the heap and on the stack, what they lead to, and a recovered panic.
//
//go:noinline
func deferred() (err error) {
	n := node{p: watch("named")}
	defer func() {
		alive("in the first deferred call")
		err = fmt.Errorf("%v, %d", recover(), len(use(&n)))
	}()
	for i := range 2 {
		m := &node{p: watch(fmt.Sprint("loop", i))}
		defer func() { use(m); alive(fmt.Sprint("in deferred call ", i)) }()
	}
	alive("before the panic")
	var q *node
	_ = q.p
	return nil
}

// received: a buffer of the receive does not keep the last element.
//
//go:noinline
func received() {
	c := make(chan *node, 2)
	c <- &node{p: watch("received0")}
	c <- &node{p: watch("received1")}
	close(c)
	for n := range c {
		use(n)
		alive("received")
	}
	select {
	case n, ok := <-c:
		fmt.Println(n == nil, ok)
	}
}

// sent: the sender is parked with the element on its stack.
func sent() {
	c, done := make(chan node), make(chan bool)
	go func() { c <- node{p: watch("sent"), name: "sent"}; close(done) }()
	runtime.Gosched()
	alive("sending")
	n := <-c
	alive("received " + n.name)
	use(&n)
	<-done
}

//go:noinline
//go:uintptrescapes
func takes(a uintptr, rest ...uintptr) { alive("pointers as integers") }

//go:noinline
func integers() {
	takes(uintptr(unsafe.Pointer(watch("int0"))), 1, uintptr(unsafe.Pointer(watch("int1"))))
	defer takes(uintptr(unsafe.Pointer(watch("int2"))))
	alive("deferred with an integer")
}

func main() {
	passed()
	chained()
	filled()
	chosen(true)
	chosen(false)
	fmt.Println(deferred())
	received()
	sent()
	integers()
	alive("end")
}

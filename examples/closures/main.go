// Closures: a function literal shares the variables around it, and they live as long as it does.
package main

import "fmt"

// counter returns a function that counts its calls.
func counter() func() int {
	n := 0
	return func() int {
		n++
		return n
	}
}

// account returns two functions that share one variable.
func account(balance int) (deposit func(int), read func() int) {
	return func(amount int) { balance += amount }, func() int { return balance }
}

// memoize remembers what f gave.
func memoize(f func(int) int) func(int) int {
	known := map[int]int{}
	return func(n int) int {
		if v, ok := known[n]; ok {
			return v
		}
		v := f(n)
		known[n] = v
		return v
	}
}

// deferred shows that a deferred closure sees the named result and may change it.
func deferred() (result int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
			result *= 2
		}
	}()
	result = 21
	panic("trouble")
}

type shape struct{ name string }

func (s shape) describe(adjective string) string { return adjective + " " + s.name }

func main() {
	a, b := counter(), counter()
	fmt.Println(a(), a(), a(), b())

	deposit, read := account(100)
	deposit(50)
	deposit(-30)
	fmt.Println("balance", read())

	calls := 0
	var fib func(int) int
	fib = memoize(func(n int) int {
		calls++
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	})
	fmt.Println("fib(80)", fib(80), "after", calls, "calls")

	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i *= 10; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), " ", f(), " ")
	}
	fmt.Println()

	fmt.Println(deferred())

	// A method value is a closure over its receiver, as it was; a method expression takes the receiver as an argument.
	s := shape{"square"}
	f := s.describe
	s.name = "circle"
	fmt.Println(f("red"), shape.describe(s, "blue"))
}

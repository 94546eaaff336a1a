// Corners: blank fields stay zero, local types are numbered by the source, constant switches build what can match only.
package main

import (
	"fmt"
	"reflect"
)

var blank = struct{ a, _, c int }{1, 2, 3}

type six struct{ a, _, c, d, e, f int }

func effect(n int) int { fmt.Print("effect ", n, "; "); return n }

func blanks() {
	local := struct{ a, _, c int }{effect(1), effect(2), effect(3)}
	big := six{effect(1), effect(2), 3, 4, 5, 6}
	list := []six{{1, 2, 3, 4, 5, 6}}
	ptr := &six{1, effect(9), 3, 4, 5, 6}
	fmt.Println()
	for _, x := range []any{blank, local, big, list[0], *ptr} {
		fmt.Print(reflect.ValueOf(x).Field(0).Int(), reflect.ValueOf(x).Field(1).Int(), reflect.ValueOf(x).Field(2).Int(), " ")
	}
	fmt.Println()
}

type box[A any] struct{ a A }

func names[P any]() {
	type first struct{}
	type alias = int
	type second[Q any] struct{}
	type third int
	fmt.Printf("%T %T %T %T\n", first{}, box[first]{}, second[third]{}, box[second[alias]]{})
	func() {
		type first []P
		fmt.Printf("%T %T\n", first{}, box[first]{})
	}()
}

var inVariable = func() any {
	type first struct{}
	return box[first]{}
}()

func switches() {
	const c, s, f, b = 5, "go", 2.5, true
	switch c {
	case 1, 2:
		fmt.Println("no")
	case effect(4), 5, effect(6):
		fmt.Println("five")
	default:
		fmt.Println("no")
	}
	switch s {
	case "c":
		fmt.Println("no")
	case "go":
		fmt.Println("go")
		fallthrough
	case "java":
		fmt.Println("through")
	case effectString():
		fmt.Println("no")
	}
	switch f {
	case 2.25, 2.5:
		fmt.Println("float")
	}
	switch 1i * 1i {
	case -1:
		fmt.Println("complex")
	}
	switch b {
	case false:
		fmt.Println("no")
	default:
		fmt.Println("default")
	}
	switch any(c) {
	case int8(5):
		fmt.Println("no")
	case 5:
		fmt.Println("interface")
	}
}

func effectString() string { fmt.Print("effect; "); return "go" }

// label is code behind a return that can't be missed, and behind a label that only it jumps to.
func label(n int) (r int) {
	defer func() { r += n }()
	if n > 1 || (true || n > 2) {
		return 1
	}
	v := func() string { return "v" }
	if n > 3 {
		goto L
	}
	v = nil
L:
	fmt.Println(v == nil, func() int { return n }())
	defer fmt.Println("deferred", v())
	func() {
		if true {
			return
		}
		w := n
		if n > 7 {
			goto M
		}
		w++
	M:
		fmt.Println(func() int { return w }())
	}()
	return 2
}

// swallow calls the body of a loop again after a break, and recovers from what that comes to.
func swallow(yield func(int) bool) {
	for i := range 3 {
		func() {
			defer func() {
				if r := recover(); r != nil {
					fmt.Println("swallowed:", r)
				}
			}()
			yield(i)
		}()
	}
}

func misused() {
	defer func() { fmt.Println("missed:", recover()) }()
	for i := range swallow {
		fmt.Println("body", i)
		break
	}
	fmt.Println("not reached")
}

type hashing struct{ Hasher func(p *int, seed uintptr) uintptr }

// mapaccess1_fast64 is named like a function of the runtime whose Hasher the compiler knows.
func mapaccess1_fast64(h *hashing, key int) uintptr { return h.Hasher(&key, 7) }

func main() {
	fmt.Println(mapaccess1_fast64(&hashing{func(p *int, seed uintptr) uintptr { return uintptr(*p) + seed }}, 35))
	misused()
	blanks()
	names[int]()
	names[box[string]]()
	fmt.Printf("%T\n", inVariable)
	switches()
	fmt.Println(label(5))
}

// Local types of one name: every declaration is a type of its own, whatever function, literal, block or instance it is in.
package main

import (
	"fmt"
	"reflect"
)

type T struct{ pkg int }

type M struct{}

var values []any

func note(list ...any) { values = append(values, list...) }

func pointer() {
	type T *uintptr
	type S struct{ a int }
	note(T(nil), new(T), S{}, &S{}, []S{}, map[string]S{})
}

func blocks() {
	type S struct{ b string }
	note(S{}, &S{}, []S{}, map[string]S{}, struct{ S }{})
	{
		type S struct{ c bool }
		note(S{}, &S{}, func(S) S { return S{} })
	}
	for range 2 {
		type S struct{ a int }
		note(S{})
	}
}

func (M) method() {
	type S struct{ a int }
	note(S{}, struct{ S }{})
	func() {
		type S struct{ a int }
		note(S{}, struct{ S }{})
	}()
}

func generic[P any]() {
	type S struct{ p P }
	note(S{}, []S{}, map[string]S{})
	func() {
		type S struct{ p P }
		note(S{})
	}()
}

var first = func() int {
	type S struct{ a int }
	note(S{})
	return 1
}()

var second = func() int {
	type S struct{ a int }
	note(S{})
	return 2
}()

var table = []struct {
	name string
	make func() any
}{
	{"value", func() any {
		type S struct{ A int }
		type T struct{ S }
		return new(T)
	}},
	{"pointer", func() any {
		type S struct{ B int }
		type T struct{ *S }
		return new(T)
	}},
	{"group", func() any {
		type (
			S struct{ C int }
			T struct{ S }
		)
		return T{}
	}},
}

func describe(x any) string {
	type S struct{ a int }
	switch x.(type) {
	case T:
		return "the package's T"
	case *T:
		return "pointer to the package's T"
	case S, *S, []S, map[string]S:
		return "describe's S"
	}
	return "of another"
}

func main() {
	pointer()
	blocks()
	M{}.method()
	generic[int]()
	generic[string]()
	generic[T]()
	note(T{}, &T{}, []T{})
	for _, e := range table {
		note(e.make())
	}
	for i, x := range values {
		t := reflect.TypeOf(x)
		fmt.Println(i, t, describe(x), inside(t))
		for j, y := range values[:i] {
			if t == reflect.TypeOf(y) {
				fmt.Println("  same type as", j, t.Comparable() && x == y)
			}
		}
		if p := reflect.PointerTo(t); p.Elem() != t || reflect.SliceOf(t).Elem() != t {
			fmt.Println("  made types have another element")
		}
	}
	type S struct{ a int }
	fmt.Println(describe(S{}), any(S{}) == any(S{}), first, second)
}

// inside tells the names and types of a struct's fields, and of what a pointer, slice or map holds.
func inside(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return t.Kind().String() + " of " + inside(t.Elem())
	case reflect.Struct:
		s := "{"
		for f := range t.Fields() {
			s += f.Name + " " + inside(f.Type)
		}
		return s + "}"
	}
	return t.String()
}

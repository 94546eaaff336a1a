// What reflect says of types: names of instances, local and unnamed types; identity of made types.
package main

import (
	"fmt"
	"reflect"
	"unsafe"
)

type Pair[K comparable, V any] struct {
	Key K
	Val V
	next *Pair[K, V]
}

func (p *Pair[K, V]) Next() *Pair[K, V] { return p.next }

type List[T any] []T

type Opt struct {
	A int `json:"a,omitempty"`
	b string
	Pair[string, List[int]]
	*Opt2
	C chan<- (<-chan int)
	D func(a int, b ...string) (int, error)
	E interface {
		M(int) string
		m()
	}
	F map[[2]string]struct{ X, y int }
}
type Opt2 struct{ _ [0]func(); Z uintptr }

func local[T any]() any {
	type L struct{ V T }
	type inner[U any] struct {
		a T
		b U
	}
	return struct {
		A L
		B *L
		C inner[string]
	}{}
}

func other() any {
	type L int
	return []L(nil)
}

func show(t reflect.Type) {
	fmt.Println(t, "|", t.Name(), "|", t.PkgPath(), "|", t.Kind(), t.Size(), t.Align(), t.Comparable(), t.NumMethod())
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			f := t.Field(i)
			fmt.Println("  ", f.Name, f.Type, f.Tag, f.Offset, f.Anonymous, f.PkgPath, f.IsExported())
		}
	}
}

func main() {
	show(reflect.TypeOf(Pair[string, int]{}))
	show(reflect.TypeOf(&Pair[Pair[int, string], []any]{}))
	show(reflect.TypeOf(Opt{}))
	show(reflect.TypeFor[Opt2]())
	show(reflect.TypeOf(local[int]()))
	show(reflect.TypeOf(local[map[string]Opt2]()))
	show(reflect.TypeOf(other()))
	show(reflect.TypeFor[error]())
	show(reflect.TypeFor[any]())
	show(reflect.TypeFor[unsafe.Pointer]())
	show(reflect.TypeFor[List[List[rune]]]())
	show(reflect.TypeFor[struct{}]())
	show(reflect.TypeFor[[3]byte]())
	it := reflect.TypeFor[Opt]().Field(6).Type
	for i := range it.NumMethod() {
		m := it.Method(i)
		fmt.Println(m.Name, m.Type, m.PkgPath)
	}
	fmt.Println(reflect.SliceOf(reflect.TypeOf(0)) == reflect.TypeOf([]int{}), reflect.MapOf(reflect.TypeOf(""), reflect.TypeOf(Opt{})) == reflect.TypeOf(map[string]Opt{}))
	fmt.Println(reflect.PointerTo(reflect.TypeOf(Opt{})) == reflect.TypeOf(&Opt{}), reflect.ArrayOf(3, reflect.TypeOf(byte(0))) == reflect.TypeOf([3]byte{}))
	fmt.Println(reflect.ChanOf(reflect.RecvDir, reflect.TypeOf(0)), reflect.FuncOf([]reflect.Type{reflect.TypeOf(0)}, nil, false) == reflect.TypeOf(func(int) {}))
	st := reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeOf(0), Tag: `x:"y"`}, {Name: "B", Type: reflect.TypeOf("")}})
	v := reflect.New(st).Elem()
	v.Field(0).SetInt(3)
	v.Field(1).SetString("b")
	fmt.Printf("%+v %v\n", v.Interface(), st)
	m := reflect.MakeMap(reflect.MapOf(st, reflect.TypeOf(0)))
	m.SetMapIndex(v, reflect.ValueOf(1))
	fmt.Println(m.MapIndex(v), m.Len())
	fmt.Printf("%T %T %T\n", local[int], Pair[int, int]{}, func(List[int]) {})
}

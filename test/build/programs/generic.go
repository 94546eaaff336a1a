// Instances: methods of generic types, constraints with methods, closures, recursion, generic values in interfaces.
package main

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"strings"
)

type Number interface{ ~int | ~float64 }

func Sum[T Number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

type Tree[K cmp.Ordered, V any] struct {
	root *node[K, V]
	n    int
}
type node[K cmp.Ordered, V any] struct {
	k    K
	v    V
	l, r *node[K, V]
}

func (t *Tree[K, V]) Put(k K, v V) {
	p := &t.root
	for *p != nil {
		switch c := cmp.Compare(k, (*p).k); {
		case c < 0:
			p = &(*p).l
		case c > 0:
			p = &(*p).r
		default:
			(*p).v = v
			return
		}
	}
	*p = &node[K, V]{k: k, v: v}
	t.n++
}

func (t *Tree[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		var walk func(*node[K, V]) bool
		walk = func(n *node[K, V]) bool {
			return n == nil || walk(n.l) && yield(n.k, n.v) && walk(n.r)
		}
		walk(t.root)
	}
}

type Stringish interface {
	~string
	Len() int
}
type MyS string

func (s MyS) Len() int { return len(s) }

func Lens[S Stringish](xs []S) (n int) {
	for _, x := range xs {
		n += x.Len() + len(string(x))
	}
	return
}

type Setter[T any] interface {
	*T
	Set(string)
}
type Conf struct{ v string }

func (c *Conf) Set(s string) { c.v = s }

func Make[T any, P Setter[T]](s string) T {
	var t T
	P(&t).Set(s)
	return t
}

func Map[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

type Any[T any] struct{ v T }

func (a Any[T]) String() string { return fmt.Sprintf("Any[%T](%v)", a.v, a.v) }
func (a Any[T]) Wrap() fmt.Stringer {
	if fmt.Sprint(a.v) == "" {
		return a
	}
	return Any[string]{""}
}

func Count[T any](n int) int {
	type pair struct{ a, b T }
	if n == 0 {
		return 0
	}
	return len(fmt.Sprintf("%T", pair{})) + Count[T](n-1)
}

func Chan[T any](xs ...T) <-chan T {
	c := make(chan T, len(xs))
	for _, x := range xs {
		c <- x
	}
	close(c)
	return c
}

type Eq[T comparable] struct{ x, y T }

func (e Eq[T]) Equal() bool { return e.x == e.y }

func TypeSwitch[T any](x any) string {
	switch x.(type) {
	case T:
		return "T"
	case []T:
		return "[]T"
	case map[string]T:
		return "map"
	case interface{ M(T) }:
		return "M"
	}
	return "?"
}

type hasM struct{}

func (hasM) M(int) {}

func main() {
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[int]())
	var t Tree[string, int]
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		t.Put(w, i)
	}
	for k, v := range t.All() {
		fmt.Print(k, "=", v, " ")
		if k == "over" {
			break
		}
	}
	fmt.Println(t.n)
	fmt.Println(Lens([]MyS{"a", "bcd"}), Make[Conf]("hello").v)
	fmt.Println(Map([]int{1, 2, 3}, func(i int) string { return strings.Repeat("*", i) }))
	var s fmt.Stringer = Any[[]int]{[]int{1}}
	fmt.Println(s, Any[error]{}, Any[int]{3}.Wrap())
	fmt.Println(Count[int](3), Count[map[string]int](2))
	for v := range Chan("a", "b") {
		fmt.Print(v)
	}
	fmt.Println(Eq[any]{1, 1}.Equal(), Eq[[2]string]{[2]string{"a"}, [2]string{"b"}}.Equal(), Eq[float64]{}.Equal())
	fmt.Println(TypeSwitch[int](1), TypeSwitch[int]([]int{}), TypeSwitch[string](map[string]string{}), TypeSwitch[int](hasM{}), TypeSwitch[bool](1))
	m := map[string]int{"z": 26, "a": 1, "m": 13}
	keys := slices.Sorted(maps.Keys(m))
	fmt.Println(keys, slices.MaxFunc(keys, func(a, b string) int { return cmp.Compare(m[a], m[b]) }))
	sort.Slice(keys, func(i, j int) bool { return keys[i] > keys[j] })
	fmt.Println(keys, slices.Index(keys, "m"), min(3, 1, 2), max("a", "b"))
	next, stop := iter.Pull2(t.All())
	k, v, ok := next()
	fmt.Println(k, v, ok)
	stop()
	k, v, ok = next()
	fmt.Printf("%q %d %t\n", k, v, ok)
}

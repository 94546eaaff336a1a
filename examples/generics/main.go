// Generics: type parameters with union constraints, generic types with methods, inference, and iterators over them.
package main

import (
	"cmp"
	"fmt"
	"iter"
	"strings"
)

// Number is any type whose underlying type is one of these.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~float32 | ~float64
}

func Sum[T Number](values ...T) (total T) {
	for _, v := range values {
		total += v
	}
	return total
}

func Map[T, U any](in []T, f func(T) U) []U {
	out := make([]U, 0, len(in))
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}

func Filter[S ~[]T, T any](in S, keep func(T) bool) S {
	var out S
	for _, v := range in {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

func Reduce[T, A any](in []T, start A, f func(A, T) A) A {
	for _, v := range in {
		start = f(start, v)
	}
	return start
}

// Tree is a binary search tree.
type Tree[K cmp.Ordered, V any] struct {
	root *node[K, V]
	size int
}

type node[K cmp.Ordered, V any] struct {
	key         K
	value       V
	left, right *node[K, V]
}

func (t *Tree[K, V]) Put(key K, value V) {
	at := &t.root
	for *at != nil {
		switch c := cmp.Compare(key, (*at).key); {
		case c < 0:
			at = &(*at).left
		case c > 0:
			at = &(*at).right
		default:
			(*at).value = value
			return
		}
	}
	*at = &node[K, V]{key: key, value: value}
	t.size++
}

// All goes through the tree in order.
func (t *Tree[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) { t.root.walk(yield) }
}

func (n *node[K, V]) walk(yield func(K, V) bool) bool {
	return n == nil || n.left.walk(yield) && yield(n.key, n.value) && n.right.walk(yield)
}

// Queue is first in, first out; its zero value is empty and ready to use.
type Queue[T any] struct {
	items []T
}

func (q *Queue[T]) Push(v T) { q.items = append(q.items, v) }

func (q *Queue[T]) Pop() (v T, ok bool) {
	if len(q.items) == 0 {
		return v, false
	}
	v, q.items = q.items[0], q.items[1:]
	return v, true
}

// Celsius shows that ~ admits defined types.
type Celsius float64

func (c Celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

// Join needs a method and takes it from the constraint.
func Join[T fmt.Stringer](values []T) string {
	return strings.Join(Map(values, T.String), ", ")
}

type names []string

func main() {
	fmt.Println(Sum(1, 2, 3), Sum(0.5, 0.25), Sum[int8](100, 27))
	fmt.Println(Sum(Celsius(20.5), Celsius(1.5)))
	fmt.Println(Join([]Celsius{-3, 21.55, 36.6}))

	words := names{"go", "loom", "wasm", "thread"}
	short := Filter(words, func(s string) bool { return len(s) <= 4 })
	fmt.Printf("%T %v\n", short, short)
	fmt.Println(Map(words, func(s string) int { return len(s) }))
	fmt.Println(Reduce(words, 0, func(n int, s string) int { return n + len(s) }))

	var tree Tree[string, int]
	for i, word := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		tree.Put(word, i)
	}
	fmt.Println("size", tree.size)
	for word, i := range tree.All() {
		if word > "o" {
			break
		}
		fmt.Print(word, "=", i, " ")
	}
	fmt.Println()

	var q Queue[Tree[int, bool]]
	fmt.Println(q.Pop())
	q.Push(Tree[int, bool]{size: 3})
	if t, ok := q.Pop(); ok {
		fmt.Println(t.size)
	}
	fmt.Println(max(3, 1, 2), min("b", "a"))
}

// What happens first: assertions and slice expressions are evaluated at their turn among calls, other panics after them.
package main

import "fmt"

type S struct {
	a float32
	b []int
	p *int
}

func ev(s string) []int { fmt.Println("eval", s); return nil }
func evi(s string) int  { fmt.Println("eval", s); return 1 }

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

var x any = 1
var m map[string]int
var arr []int
var q *S

func main() {
	try(func() { _ = S{x.(float32), ev("literal"), nil} })
	try(func() { _ = S{1, ev("pointer"), x.(*int)} })
	try(func() { _ = S{p: x.(*int), b: ev("pointer first")} })
	try(func() { fmt.Println(x.(string), evi("args")) })
	try(func() { fmt.Println(x.(fmt.Stringer), evi("args interface")) })
	try(func() { _ = x.(int8) + int8(evi("sum")) })
	try(func() { y := 1; y, x = evi("assign"), x.(string); _ = y })
	try(func() { a, b := x.(string), evi("assign 2"); _, _ = a, b })
	try(func() { fmt.Println(arr[0], evi("index")) })
	try(func() { fmt.Println(q.a, evi("field")) })
	try(func() { fmt.Println(1/len(arr), evi("div")) })
	try(func() { fmt.Println(m["a"], evi("map")) })
	try(func() { fmt.Println(arr[1:], evi("slice")) })
	try(func() { fmt.Println([2]int(arr), evi("array")) })
	try(func() { m["b"] = evi("into map") })
	try(func() { arr[3] = evi("into slice") })
	try(func() { q.a = float32(evi("into field")) })
	try(func() { var f func(int, string); f(evi("nil func"), x.(string)) })
	try(func() { _ = any(x.(int64)) == any(evi("compare")) })
}

// Calls through reflect: frames of many shapes, methods, MakeFunc, method values.
package main

import (
	"fmt"
	"reflect"
	"strings"
)

type P struct{ X, Y int }

func (p P) Add(q P) P                 { return P{p.X + q.X, p.Y + q.Y} }
func (p *P) Scale(k int)              { p.X *= k; p.Y *= k }
func (p P) Many(a int8, b string, c float32, d [3]int, e any) (string, [3]int, error) {
	return fmt.Sprint(p, a, b, c, d, e), d, fmt.Errorf("e%d", a)
}

type W struct {
	*P
	name string
}

type Direct struct{ p *int }

func (d Direct) Get() int { return *d.p }

type F func(int) int

func (f F) Twice(x int) int { return f(f(x)) }

type I interface{ Add(P) P }

func variadic(sep string, xs ...int) string {
	var l []string
	for _, x := range xs {
		l = append(l, fmt.Sprint(x))
	}
	return strings.Join(l, sep)
}

func mixed(a bool, b int8, c uint16, d int32, e int64, f float32, g float64, h complex64, i complex128, j string, k []byte, l map[string]int, m *int, n P, o [2]P, p any, q I, r func() int, s chan int, t struct{}) (t2 struct{}, r2 func() int, q2 I, p2 any, o2 [2]P, n2 P, k2 []byte, j2 string, i2 complex128, h2 complex64, c2 uint16, b2 int8, a2 bool) {
	return t, r, q, p, o, n, k, j, i, h, c, b, a
}

func call(f any, args ...any) {
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = reflect.ValueOf(a)
	}
	out := reflect.ValueOf(f).Call(in)
	for _, o := range out {
		if o.Kind() == reflect.Func {
			fmt.Print("func ", o.Call(nil)[0], "; ")
			continue
		}
		fmt.Print(o.Interface(), "; ")
	}
	fmt.Println()
}

func main() {
	n := 7
	call(variadic, "-", 1, 2, 3)
	call(strings.ToUpper, "abc")
	call(mixed, true, int8(-3), uint16(65535), int32(-5), int64(1)<<40, float32(1.5), 2.5, complex64(1+2i), 3+4i, "str", []byte("xy"), map[string]int{"a": 1}, &n, P{1, 2}, [2]P{{1, 2}, {3, 4}}, any("any"), I(P{5, 6}), func() int { return n }, make(chan int), struct{}{})
	v := reflect.ValueOf(P{1, 2})
	for i := 0; i < v.NumMethod(); i++ {
		fmt.Println(v.Type().Method(i).Name, v.Type().Method(i).Type, v.Method(i).Type())
	}
	fmt.Println(v.MethodByName("Add").Call([]reflect.Value{reflect.ValueOf(P{10, 20})})[0])
	for _, r := range v.MethodByName("Many").Call([]reflect.Value{reflect.ValueOf(int8(4)), reflect.ValueOf("s"), reflect.ValueOf(float32(.5)), reflect.ValueOf([3]int{1, 2, 3}), reflect.ValueOf(9)}) {
		fmt.Println(r)
	}
	p := &P{3, 4}
	reflect.ValueOf(p).MethodByName("Scale").Call([]reflect.Value{reflect.ValueOf(2)})
	fmt.Println(*p)
	w := W{p, "w"}
	wv := reflect.ValueOf(w)
	for i := 0; i < wv.NumMethod(); i++ {
		fmt.Println("W:", wv.Type().Method(i).Name)
	}
	wv.Method(2).Call([]reflect.Value{reflect.ValueOf(10)})
	fmt.Println(*p, wv.Method(0).Call([]reflect.Value{reflect.ValueOf(P{1, 1})})[0])
	fmt.Println(reflect.ValueOf(Direct{&n}).Method(0).Call(nil)[0])
	fmt.Println(reflect.ValueOf(F(func(x int) int { return x * x })).Method(0).Call([]reflect.Value{reflect.ValueOf(3)})[0])
	m := reflect.TypeOf(P{}).Method(0)
	fmt.Println(m.Func.Call([]reflect.Value{reflect.ValueOf(P{1, 1}), reflect.ValueOf(P{2, 2})})[0])

	swap := func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[1], in[0]} }
	var intSwap func(int, int) (int, int)
	reflect.ValueOf(&intSwap).Elem().Set(reflect.MakeFunc(reflect.TypeOf(intSwap), swap))
	fmt.Println(intSwap(1, 2))
	var strSwap func(string, [3]string) ([3]string, string)
	reflect.ValueOf(&strSwap).Elem().Set(reflect.MakeFunc(reflect.TypeOf(strSwap), swap))
	fmt.Println(strSwap("a", [3]string{"x", "y", "z"}))
	add := reflect.ValueOf(P{100, 200}).Method(0).Interface().(func(P) P)
	fmt.Println(add(P{1, 2}))
	ft := reflect.FuncOf([]reflect.Type{reflect.TypeOf(uint8(0)), reflect.TypeOf("")}, []reflect.Type{reflect.TypeOf("")}, false)
	mf := reflect.MakeFunc(ft, func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(fmt.Sprint(in[0], in[1]))}
	})
	fmt.Println(ft, mf.Call([]reflect.Value{reflect.ValueOf(uint8(8)), reflect.ValueOf("eight")})[0])
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		reflect.ValueOf(func() { panic("inside") }).Call(nil)
	}()
}

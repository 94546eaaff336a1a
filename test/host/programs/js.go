// Package syscall/js: values, calls in both directions, one inside the other, callbacks, promises, bytes, exceptions.
package main

import (
	"fmt"
	"runtime"
	"syscall/js"
	"time"
)

func main() {
	g := js.Global()
	fmt.Println(g.Get("Math").Call("max", 1, 2.5).Float())
	arr := js.ValueOf([]any{1, "two", nil, true, map[string]any{"a": 3}})
	fmt.Println(arr.Length(), arr.Index(1).String(), arr.Index(4).Get("a").Int(), arr.Type())
	add := js.FuncOf(func(this js.Value, args []js.Value) any {
		ch := make(chan int)
		go func() { ch <- args[0].Int() + args[1].Int() }()
		return <-ch
	})
	g.Set("add", add)
	fmt.Println(g.Call("eval", "add(add(1,2),39)").Int())
	sum := 0
	each := js.FuncOf(func(this js.Value, args []js.Value) any { sum += args[0].Int(); return nil })
	js.ValueOf([]any{1, 2, 3, 4}).Call("forEach", each)
	fmt.Println(sum)
	done := make(chan string)
	cb := js.FuncOf(func(this js.Value, args []js.Value) any { done <- args[0].String(); return nil })
	g.Call("setTimeout", cb, 20, "timer")
	fmt.Println(<-done)
	then := js.FuncOf(func(this js.Value, args []js.Value) any { go func() { done <- args[0].String() }(); return nil })
	g.Get("Promise").Call("resolve", "promised").Call("then", then)
	fmt.Println(<-done)
	b := g.Get("Uint8Array").New(5)
	fmt.Println(js.CopyBytesToJS(b, []byte("hello")))
	dst := make([]byte, 3)
	fmt.Println(js.CopyBytesToGo(dst, b), string(dst))
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		g.Call("eval", "throw new TypeError('oops')")
	}()
	t := time.Now()
	time.Sleep(30 * time.Millisecond)
	fmt.Println(time.Since(t) >= 30*time.Millisecond)
	fmt.Println(js.ValueOf("x").Equal(js.ValueOf("x")), js.Undefined().IsUndefined(), js.Null().IsNull(), js.ValueOf(-0.0), js.ValueOf(1e300))
	obj := g.Get("Object").New()
	obj.Set("n", 7)
	obj.Delete("n")
	fmt.Println(obj.Get("n").IsUndefined(), obj.InstanceOf(g.Get("Object")), g.Get("Symbol").Type(), g.Get("nothing").Truthy())
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		js.ValueOf(1).Get("x")
	}()
	// Go calls JavaScript calls Go, many times deep; collections in between.
	var down js.Func
	down = js.FuncOf(func(this js.Value, args []js.Value) any {
		n := args[0].Int()
		if n == 0 {
			runtime.GC()
			return 0
		}
		s := make([]byte, 100)
		r := down.Invoke(n-1).Int() + len(s)
		return r
	})
	fmt.Println(down.Invoke(40).Int())
	for i := 0; i < 20000; i++ {
		if s := js.ValueOf(fmt.Sprint("s", i)).String(); s != fmt.Sprint("s", i) {
			fmt.Println(s)
		}
	}
	runtime.GC()
	add.Release()
	<-make(chan int)
}

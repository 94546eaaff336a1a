// Package syscall/js in a page: the document from any goroutine, callbacks, promises, events, exceptions.
package main

import (
	"fmt"
	"sync"
	"syscall/js"
	"time"
)

// await waits for a promise.
func await(p js.Value) (js.Value, error) {
	type result struct {
		v   js.Value
		err error
	}
	c := make(chan result, 1)
	ok := js.FuncOf(func(this js.Value, args []js.Value) any { c <- result{v: args[0]}; return nil })
	bad := js.FuncOf(func(this js.Value, args []js.Value) any { c <- result{err: js.Error{Value: args[0]}}; return nil })
	defer ok.Release()
	defer bad.Release()
	p.Call("then", ok, bad)
	r := <-c
	return r.v, r.err
}

func spin(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
	}
}

func main() {
	doc := js.Global().Get("document")
	body := doc.Get("body")

	// Goroutines that have been on other threads reach the document.
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			spin(5 * time.Millisecond)
			for j := range 5 {
				e := doc.Call("createElement", "p")
				e.Set("textContent", fmt.Sprintf("%d.%d", i, j))
				e.Set("className", "made")
				body.Call("appendChild", e)
				spin(time.Millisecond)
			}
		})
	}
	wg.Wait()
	fmt.Println("elements:", doc.Call("querySelectorAll", ".made").Length())

	// A callback's result, and one that calls back again.
	var twice js.Func
	twice = js.FuncOf(func(this js.Value, args []js.Value) any {
		n := args[0].Int()
		if n == 0 {
			return "end"
		}
		return fmt.Sprintf("%d ", n) + twice.Invoke(n-1).String()
	})
	fmt.Println("callback:", js.Global().Call("eval", "(f) => f(3)").Invoke(twice))

	// Promises, both ways, while other goroutines are busy.
	for range 3 {
		go spin(50 * time.Millisecond)
	}
	js.Global().Set("later", js.Global().Call("eval", "(x, ms) => new Promise((r) => setTimeout(() => r(x), ms))"))
	var results [10]int
	for i := range results {
		wg.Go(func() {
			v, _ := await(js.Global().Call("later", i*i, 10+i))
			results[i] = v.Int()
		})
	}
	wg.Wait()
	fmt.Println("promises:", results)
	_, err := await(js.Global().Call("eval", "Promise.reject(new Error('no'))"))
	fmt.Println("rejected:", err)

	// An event, whose handler wakes a goroutine.
	clicked := make(chan string)
	handler := js.FuncOf(func(this js.Value, args []js.Value) any {
		s := args[0].Get("type").String()
		go func() { clicked <- s }()
		return nil
	})
	button := doc.Call("createElement", "button")
	button.Call("addEventListener", "click", handler)
	js.Global().Call("setTimeout", js.Global().Call("eval", "(b) => () => b.click()").Invoke(button), 5)
	fmt.Println("event:", <-clicked)

	// Bytes, and an exception.
	array := js.Global().Get("Uint8Array").New(5)
	js.CopyBytesToJS(array, []byte("bytes"))
	back := make([]byte, 5)
	js.CopyBytesToGo(back, array)
	fmt.Println("copied:", string(back), array.Index(0).Int())
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		js.Global().Call("eval", "throw new TypeError('thrown')")
	}()
	fmt.Println("text:", js.ValueOf("ä€😀").String(), js.Global().Call("eval", "'\\ud83d\\ude00'.length").Int())
}

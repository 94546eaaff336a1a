// Draws the Mandelbrot set in a page, with a goroutine for each row; a click zooms in. The page stays alive meanwhile: look at its clock.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"syscall/js"
	"time"
)

const width, height, maxIter = 900, 600, 1000

// row computes the colours of a row, four bytes a pixel.
func row(y int, cx, cy, scale float64) []byte {
	out := make([]byte, 4*width)
	ci := cy + (float64(y)-height/2)*scale
	for x := range width {
		cr := cx + (float64(x)-width/2)*scale
		var zr, zi float64
		i := 0
		for i < maxIter && zr*zr+zi*zi <= 4 {
			zr, zi = zr*zr-zi*zi+cr, 2*zr*zi+ci
			i++
		}
		if i < maxIter {
			out[4*x], out[4*x+1], out[4*x+2] = byte(i*9), byte(i*5), byte(80+i*2)
		}
		out[4*x+3] = 255
	}
	return out
}

func main() {
	document := js.Global().Get("document")
	canvas := document.Call("getElementById", "canvas")
	status := document.Call("getElementById", "status")
	context := canvas.Call("getContext", "2d")

	draw := func(cx, cy, scale float64) {
		start := time.Now()
		var wg sync.WaitGroup
		for y := range height {
			wg.Go(func() {
				pixels := row(y, cx, cy, scale)
				// Whatever thread it has run on, a goroutine may use the document.
				array := js.Global().Get("Uint8ClampedArray").New(len(pixels))
				js.CopyBytesToJS(array, pixels)
				context.Call("putImageData", js.Global().Get("ImageData").New(array, width, 1), 0, y)
			})
		}
		wg.Wait()
		status.Set("textContent", fmt.Sprintf("%d goroutines on %d threads: %v", height, runtime.GOMAXPROCS(0), time.Since(start).Round(time.Millisecond)))
	}

	type place struct{ x, y float64 }
	clicks := make(chan place, 1)
	canvas.Call("addEventListener", "click", js.FuncOf(func(_ js.Value, args []js.Value) any {
		select {
		case clicks <- place{args[0].Get("offsetX").Float(), args[0].Get("offsetY").Float()}:
		default: // It is busy.
		}
		return nil
	}))

	cx, cy, scale := -0.6, 0.0, 3.6/width
	for {
		draw(cx, cy, scale)
		p := <-clicks
		cx, cy = cx+(p.x-width/2)*scale, cy+(p.y-height/2)*scale
		scale /= 3
	}
}

// Panics through many frames, recovered, a hundred thousand times: values of the recovering frame are intact and the
// stack does not grow.
package main

import "runtime"

func dive(n int) {
	if n == 0 {
		panic("bottom")
	}
	var pad [4]int
	pad[n%4] = n
	dive(n - 1)
	pad[0]++
}

func attempt(n int) (result int) {
	local := n * 3
	defer func() {
		if r := recover(); r != nil {
			result = local + len(r.(string))
		}
	}()
	dive(n % 50)
	return -1
}

func main() {
	sum := 0
	var before, after runtime.MemStats
	attempt(49)
	runtime.ReadMemStats(&before)
	for i := range 100_000 {
		sum += attempt(i)
	}
	runtime.ReadMemStats(&after)
	println("recovered", sum, int64(after.StackInuse)-int64(before.StackInuse) < 8192)
}

// What the runtime tells of itself: metrics, the blocking profile, an execution trace with annotations.
package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"sync"
	"time"
)

func waitABit(c chan int) { <-c }

func main() {
	runtime.GC()
	samples := []metrics.Sample{
		{Name: "/gc/cycles/forced:gc-cycles"}, {Name: "/sched/goroutines:goroutines"},
		{Name: "/gc/heap/allocs-by-size:bytes"}, {Name: "/no/such:thing"},
	}
	metrics.Read(samples)
	fmt.Println(samples[0].Value.Uint64(), samples[1].Value.Uint64() > 0, samples[3].Value.Kind() == metrics.KindBad)
	h := samples[2].Value.Float64Histogram()
	n := uint64(0)
	for _, c := range h.Counts {
		n += c
	}
	fmt.Println(len(h.Buckets), n > 10)

	runtime.SetBlockProfileRate(1)
	c := make(chan int)
	var mu sync.Mutex
	mu.Lock()
	go func() { time.Sleep(2 * time.Millisecond); c <- 1; mu.Unlock() }()
	waitABit(c)
	mu.Lock()
	runtime.SetBlockProfileRate(0)
	var text bytes.Buffer
	pprof.Lookup("block").WriteTo(&text, 1)
	for _, want := range []string{"runtime.chanrecv1", "main.waitABit"} {
		fmt.Println(want, strings.Contains(text.String(), want))
	}

	var data bytes.Buffer
	fmt.Println(trace.Start(&data))
	ctx, task := trace.NewTask(context.Background(), "a task")
	trace.WithRegion(ctx, "a region", func() { trace.Log(ctx, "category", "a message") })
	done := make(chan bool)
	go func() { trace.Log(ctx, "category", "from elsewhere"); close(done) }()
	<-done
	task.End()
	trace.Stop()
	for _, want := range []string{"go 1.26 trace", "a task", "a region", "a message", "from elsewhere", "main.main"} {
		fmt.Println(want, bytes.Contains(data.Bytes(), []byte(want)))
	}
}

// Command slog writes log records without and with the position of the call: formatting, runtime.Callers and
// runtime.CallersFrames.
package main

import (
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"time"
)

// counter counts lines and bytes.
type counter struct{ lines, bytes int }

func (c *counter) Write(p []byte) (int, error) {
	c.lines++
	c.bytes += len(p)
	return len(p), nil
}

func main() {
	n := size(100000)
	start := time.Now()
	var plain, source counter
	var plainTime, sourceTime time.Duration
	withoutTime := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	p := slog.New(slog.NewTextHandler(&plain, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
	s := slog.New(slog.NewTextHandler(&source, &slog.HandlerOptions{ReplaceAttr: withoutTime, AddSource: true}))
	// In turn, so that both see the same machine.
	const rounds = 10
	for range rounds {
		plainTime += run(p, n/rounds)
		sourceTime += run(s, n/rounds)
	}
	elapsed := time.Since(start)
	// Not the bytes with a position: folders differ.
	fmt.Printf("CHECK slog n=%d plain %d %d source %d\n", n, plain.lines, plain.bytes, source.lines)
	fmt.Printf("METRIC slog plain %.0f ns\n", float64(plainTime)/float64(n))
	fmt.Printf("METRIC slog source %.0f ns\n", float64(sourceTime)/float64(n))
	fmt.Printf("METRIC slog ratio %.2f x\n", float64(sourceTime)/float64(plainTime))
	fmt.Printf("BENCH slog %.1f ms\n", ms(elapsed))
}

func run(l *slog.Logger, n int) time.Duration {
	start := time.Now()
	for i := range n {
		l.Info("request served", "id", i, "path", "/index.html", "took", time.Duration(i))
	}
	return time.Since(start)
}

// size returns the problem size: the first argument if there is one, or def.
func size(def int) int {
	if len(os.Args) > 1 {
		if n, err := strconv.Atoi(os.Args[1]); err == nil && n > 0 {
			return n
		}
	}
	return def
}

// ms converts d to milliseconds.
func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// Command gzip compresses generated text and expands it again. It measures
// compress/flate: hash chains, Huffman codes, windows.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strconv"
	"time"
)

// text returns n bytes of sentences: words of a skewed distribution, with numbers in between.
func text(n int) []byte {
	words := make([]string, 2000)
	x := uint32(1)
	next := func(limit int) int {
		x = x*1664525 + 1013904223
		return int(x>>8) % limit
	}
	for i := range words {
		w := make([]byte, 2+next(9))
		for j := range w {
			w[j] = "etaoinshrdlucmfwypvbgkjqxz"[next(1+next(26))]
		}
		words[i] = string(w)
	}
	var b bytes.Buffer
	for b.Len() < n {
		switch next(12) {
		case 0:
			b.WriteString(strconv.Itoa(next(100000)))
		case 1:
			b.WriteString(".\n")
		default:
			b.WriteString(words[next(1+next(len(words)))])
		}
		b.WriteByte(' ')
	}
	return b.Bytes()[:n]
}

func main() {
	n := size(6_000_000)
	in := text(n)
	start := time.Now()
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.DefaultCompression)
	check(err)
	_, err = w.Write(in)
	check(err)
	check(w.Close())
	compress := time.Since(start)

	start = time.Now()
	length := packed.Len()
	sum := crc32.NewIEEE()
	const rounds = 4
	for range rounds {
		r, err := gzip.NewReader(bytes.NewReader(packed.Bytes()))
		check(err)
		_, err = io.Copy(sum, r)
		check(err)
	}
	expand := time.Since(start)
	fmt.Printf("CHECK gzip n=%d packed %d %08x sum %08x\n", n, length, crc32.ChecksumIEEE(packed.Bytes()), sum.Sum32())
	fmt.Printf("METRIC gzip compress %.1f ms\n", ms(compress))
	fmt.Printf("METRIC gzip expand %.1f ms\n", ms(expand))
	fmt.Printf("BENCH gzip %.1f ms\n", ms(compress+expand))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
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

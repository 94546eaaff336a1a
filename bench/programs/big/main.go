// Command big computes with integers of many words: decimal digits of pi by a
// spigot, a factorial, and powers modulo a prime. It measures math/big.
package main

import (
	"fmt"
	"hash/fnv"
	"math/big"
	"os"
	"strconv"
	"time"
)

// piDigits returns the first n decimal digits of pi, by the unbounded spigot of
// Gibbons: a linear fractional transformation is refined until it fixes a digit.
func piDigits(n int) string {
	digits := make([]byte, 0, n)
	num, acc, den := big.NewInt(1), big.NewInt(0), big.NewInt(1)
	t, u, digit := new(big.Int), new(big.Int), new(big.Int)
	extract := func(nth int64) int64 {
		u.Mul(num, t.SetInt64(nth))
		u.Add(u, acc)
		return digit.Quo(u, den).Int64()
	}
	for k := int64(1); len(digits) < n; k++ {
		odd := t.SetInt64(2*k + 1)
		acc.Add(acc, u.Lsh(num, 1))
		acc.Mul(acc, odd)
		den.Mul(den, odd)
		num.Mul(num, t.SetInt64(k))
		if num.Cmp(acc) > 0 {
			continue
		}
		d := extract(3)
		if d != extract(4) {
			continue
		}
		digits = append(digits, byte('0'+d))
		acc.Sub(acc, u.Mul(den, t.SetInt64(d)))
		ten := t.SetInt64(10)
		acc.Mul(acc, ten)
		num.Mul(num, ten)
	}
	return string(digits)
}

// factorial returns n!, by halves, so that the factors grow alike.
func factorial(low, high int64) *big.Int {
	if high-low < 4 {
		product := big.NewInt(low)
		for i := low + 1; i <= high; i++ {
			product.Mul(product, big.NewInt(i))
		}
		return product
	}
	middle := (low + high) / 2
	left := factorial(low, middle)
	return left.Mul(left, factorial(middle+1, high))
}

// powers sums rounds powers modulo the prime 2^521 - 1.
func powers(rounds int) *big.Int {
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 521), big.NewInt(1))
	e := new(big.Int).Sub(p, big.NewInt(2))
	sum, x := new(big.Int), big.NewInt(3)
	for range rounds {
		x.Exp(x, e, p)
		x.Add(x, big.NewInt(7))
		sum.Add(sum, x)
	}
	return sum
}

func hash(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}

func main() {
	n := size(2400)
	start := time.Now()
	pi := piDigits(n)
	spigot := time.Since(start)

	start = time.Now()
	fact := factorial(1, int64(8*n)).String()
	product := time.Since(start)

	start = time.Now()
	sum := powers(n / 8).String()
	modular := time.Since(start)
	fmt.Printf("CHECK big n=%d pi %s %08x factorial %d digits %08x powers %08x\n", n, pi[:10], hash(pi), len(fact), hash(fact), hash(sum))
	fmt.Printf("METRIC big spigot %.1f ms\n", ms(spigot))
	fmt.Printf("METRIC big factorial %.1f ms\n", ms(product))
	fmt.Printf("METRIC big powers %.1f ms\n", ms(modular))
	fmt.Printf("BENCH big %.1f ms\n", ms(spigot+product+modular))
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

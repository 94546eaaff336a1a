package bytealg

// Searching and comparing bytes a word at a time (SWAR): what the assembler does on other ports.
// Loads past the last whole word are avoided, so no byte outside the slice is read.

import (
	"internal/runtime/sys"
	"unsafe"
)

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

func word(p unsafe.Pointer, i int) uint64 { return *(*uint64)(unsafe.Add(p, i)) }

// IndexByte returns the index of the first instance of c in b, or -1.
func IndexByte(b []byte, c byte) int {
	return indexByte(unsafe.Pointer(unsafe.SliceData(b)), len(b), c)
}

// IndexByteString returns the index of the first instance of c in s, or -1.
func IndexByteString(s string, c byte) int {
	return indexByte(unsafe.Pointer(unsafe.StringData(s)), len(s), c)
}

func indexByte(p unsafe.Pointer, n int, c byte) int {
	i := 0
	if n >= 8 {
		pattern := lows * uint64(c)
		for ; i+8 <= n; i += 8 {
			x := word(p, i) ^ pattern
			// The lowest byte that is zero has its high bit set in t; bytes above it may be wrong.
			if t := (x - lows) &^ x & highs; t != 0 {
				return i + sys.TrailingZeros64(t)>>3
			}
		}
	}
	for ; i < n; i++ {
		if *(*byte)(unsafe.Add(p, i)) == c {
			return i
		}
	}
	return -1
}

// Compare orders byte slices lexicographically: -1, 0, +1.
func Compare(a, b []byte) int {
	return compare(unsafe.Pointer(unsafe.SliceData(a)), unsafe.Pointer(unsafe.SliceData(b)), len(a), len(b))
}

// CompareString orders strings lexicographically: -1, 0, +1.
func CompareString(a, b string) int {
	return compare(unsafe.Pointer(unsafe.StringData(a)), unsafe.Pointer(unsafe.StringData(b)), len(a), len(b))
}

//go:linkname runtime_cmpstring runtime.cmpstring
func runtime_cmpstring(a, b string) int { return CompareString(a, b) }

func compare(p, q unsafe.Pointer, m, n int) int {
	l := min(m, n)
	i := 0
	if p != q {
		for ; i+8 <= l; i += 8 {
			x, y := word(p, i), word(q, i)
			if x != y {
				if sys.Bswap64(x) < sys.Bswap64(y) {
					return -1
				}
				return +1
			}
		}
		for ; i < l; i++ {
			x, y := *(*byte)(unsafe.Add(p, i)), *(*byte)(unsafe.Add(q, i))
			if x != y {
				if x < y {
					return -1
				}
				return +1
			}
		}
	}
	if m < n {
		return -1
	}
	if m > n {
		return +1
	}
	return 0
}

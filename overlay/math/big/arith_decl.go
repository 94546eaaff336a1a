package big

// The vector kernels, in place of assembler. WebAssembly has no multiplication of 64 by 64 bits to 128: words are multiplied by
// halves. A product of halves leaves room for two more halves in its word, so that an addend is taken in where it belongs, and no
// sum has to be compared to find its carry:
//
//	x*y + a:   s = x0*y0 + a0    t = x1*y0 + hi(s) + a1    w = x0*y1 + lo(t)    low word: lo(w) lo(s)    high word: x1*y1 + hi(t) + hi(w)
//
// The word carried on from the product before comes last: that is the chain that takes the time.

import (
	"math/bits"
	_ "unsafe" // for go:linkname
)

const (
	halfBits = _W / 2
	halfMask = 1<<halfBits - 1
)

func addVV(z, x, y []Word) (c Word) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("addVV len")
	}
	for i := range z {
		s, carry := bits.Add(uint(x[i]), uint(y[i]), uint(c))
		z[i], c = Word(s), Word(carry)
	}
	return c
}

func subVV(z, x, y []Word) (c Word) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("subVV len")
	}
	for i := range z {
		d, b := bits.Sub(uint(x[i]), uint(y[i]), uint(c))
		z[i], c = Word(d), Word(b)
	}
	return c
}

func lshVU(z, x []Word, s uint) (c Word) { return lshVU_g(z, x, s) }

func rshVU(z, x []Word, s uint) (c Word) { return rshVU_g(z, x, s) }

// mulAddVWW sets z = x*m + a and returns the word that is carried out.
func mulAddVWW(z, x []Word, m, a Word) (c Word) {
	if len(x) != len(z) {
		panic("mulAddVWW len")
	}
	m0, m1 := m&halfMask, m>>halfBits
	c = a
	if m1 == 0 && c>>halfBits == 0 {
		for i := range z {
			s := x[i]&halfMask*m0 + c
			t := x[i]>>halfBits*m0 + s>>halfBits
			z[i] = t<<halfBits | s&halfMask
			c = t >> halfBits
		}
		return c
	}
	for i := range z {
		x0, x1 := x[i]&halfMask, x[i]>>halfBits
		s := x0 * m0
		t := x1*m0 + s>>halfBits
		w := x0*m1 + t&halfMask
		low, carry := bits.Add(uint(w<<halfBits|s&halfMask), uint(c), 0)
		z[i] = Word(low)
		c = x1*m1 + t>>halfBits + w>>halfBits + Word(carry)
	}
	return c
}

// addMulVVW is known to other modules by its symbol.
//
//go:linkname addMulVVW
func addMulVVW(z, x []Word, y Word) (c Word) { return addMulVVWW(z, z, x, y, 0) }

// addMulVVWW sets z = x + y*m + a and returns the word that is carried out.
func addMulVVWW(z, x, y []Word, m, a Word) (c Word) {
	if len(x) != len(z) || len(y) != len(z) {
		panic("addMulVVWW len")
	}
	m0, m1 := m&halfMask, m>>halfBits
	c = a
	for i := range z {
		y0, y1 := y[i]&halfMask, y[i]>>halfBits
		s := y0*m0 + x[i]&halfMask
		t := y1*m0 + s>>halfBits + x[i]>>halfBits
		w := y0*m1 + t&halfMask
		low, carry := bits.Add(uint(w<<halfBits|s&halfMask), uint(c), 0)
		z[i] = Word(low)
		c = y1*m1 + t>>halfBits + w>>halfBits + Word(carry)
	}
	return c
}

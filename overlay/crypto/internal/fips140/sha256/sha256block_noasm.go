package sha256

import (
	"crypto/internal/fips140deps/byteorder"
	"math/bits"
)

// block adds the blocks of p to the digest. Sixteen rounds at a time are written out: the eight working variables change their
// names instead of their places, and the message schedule stays in sixteen variables.
func block(dig *Digest, p []byte) {
	h0, h1, h2, h3, h4, h5, h6, h7 := dig.h[0], dig.h[1], dig.h[2], dig.h[3], dig.h[4], dig.h[5], dig.h[6], dig.h[7]
	for ; len(p) >= chunk; p = p[chunk:] {
		m := (*[chunk]byte)(p)
		w0 := byteorder.BEUint32(m[0:])
		w1 := byteorder.BEUint32(m[4:])
		w2 := byteorder.BEUint32(m[8:])
		w3 := byteorder.BEUint32(m[12:])
		w4 := byteorder.BEUint32(m[16:])
		w5 := byteorder.BEUint32(m[20:])
		w6 := byteorder.BEUint32(m[24:])
		w7 := byteorder.BEUint32(m[28:])
		w8 := byteorder.BEUint32(m[32:])
		w9 := byteorder.BEUint32(m[36:])
		w10 := byteorder.BEUint32(m[40:])
		w11 := byteorder.BEUint32(m[44:])
		w12 := byteorder.BEUint32(m[48:])
		w13 := byteorder.BEUint32(m[52:])
		w14 := byteorder.BEUint32(m[56:])
		w15 := byteorder.BEUint32(m[60:])
		a, b, c, d, e, f, g, h := h0, h1, h2, h3, h4, h5, h6, h7
		for i := 0; ; i += 16 {
			k := (*[16]uint32)(_K[i:])
			d, h = round(a, b, c, d, e, f, g, h, k[0]+w0)
			c, g = round(h, a, b, c, d, e, f, g, k[1]+w1)
			b, f = round(g, h, a, b, c, d, e, f, k[2]+w2)
			a, e = round(f, g, h, a, b, c, d, e, k[3]+w3)
			h, d = round(e, f, g, h, a, b, c, d, k[4]+w4)
			g, c = round(d, e, f, g, h, a, b, c, k[5]+w5)
			f, b = round(c, d, e, f, g, h, a, b, k[6]+w6)
			e, a = round(b, c, d, e, f, g, h, a, k[7]+w7)
			d, h = round(a, b, c, d, e, f, g, h, k[8]+w8)
			c, g = round(h, a, b, c, d, e, f, g, k[9]+w9)
			b, f = round(g, h, a, b, c, d, e, f, k[10]+w10)
			a, e = round(f, g, h, a, b, c, d, e, k[11]+w11)
			h, d = round(e, f, g, h, a, b, c, d, k[12]+w12)
			g, c = round(d, e, f, g, h, a, b, c, k[13]+w13)
			f, b = round(c, d, e, f, g, h, a, b, k[14]+w14)
			e, a = round(b, c, d, e, f, g, h, a, k[15]+w15)
			if i == 48 {
				break
			}
			w0 += expand(w1, w9, w14)
			w1 += expand(w2, w10, w15)
			w2 += expand(w3, w11, w0)
			w3 += expand(w4, w12, w1)
			w4 += expand(w5, w13, w2)
			w5 += expand(w6, w14, w3)
			w6 += expand(w7, w15, w4)
			w7 += expand(w8, w0, w5)
			w8 += expand(w9, w1, w6)
			w9 += expand(w10, w2, w7)
			w10 += expand(w11, w3, w8)
			w11 += expand(w12, w4, w9)
			w12 += expand(w13, w5, w10)
			w13 += expand(w14, w6, w11)
			w14 += expand(w15, w7, w12)
			w15 += expand(w0, w8, w13)
		}
		h0 += a
		h1 += b
		h2 += c
		h3 += d
		h4 += e
		h5 += f
		h6 += g
		h7 += h
	}
	dig.h[0], dig.h[1], dig.h[2], dig.h[3], dig.h[4], dig.h[5], dig.h[6], dig.h[7] = h0, h1, h2, h3, h4, h5, h6, h7
}

// round gives the two working variables that a round changes: d, and h, which is the next round's a.
func round(a, b, c, d, e, f, g, h, kw uint32) (uint32, uint32) {
	t := h + kw + (bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25)) + (g ^ e&(f^g))
	return d + t, t + (bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)) + (a&b | c&(a|b))
}

// expand is what a word of the schedule grows by from one sixteen to the next: of the words 1, 9 and 14 behind it.
func expand(w1, w9, w14 uint32) uint32 {
	s0 := bits.RotateLeft32(w1, -7) ^ bits.RotateLeft32(w1, -18) ^ w1>>3
	s1 := bits.RotateLeft32(w14, -17) ^ bits.RotateLeft32(w14, -19) ^ w14>>10
	return s0 + w9 + s1
}

package runtime

// print and println: the text goes to standard error. A statement's text is collected and written at once,
// so that statements of several goroutines do not mix.

import (
	"internal/strconv"
	"unsafe"
)

type hex uint64

// printlock opens a statement, printunlock ends it; they nest.
func printlock() { getkg().ext().printDepth++ }

func printunlock() {
	x := getkg().ext()
	x.printDepth--
	if x.printDepth == 0 && len(x.printBuf) > 0 {
		writeErr(x.printBuf)
		x.printBuf = x.printBuf[:0]
	}
}

func gwrite(b []byte) {
	if len(b) == 0 {
		return
	}
	x := getkg().ext()
	if x.printDepth == 0 || len(x.printBuf)+len(b) > 1<<16 {
		if len(x.printBuf) > 0 {
			writeErr(x.printBuf)
			x.printBuf = x.printBuf[:0]
		}
		writeErr(b)
		return
	}
	x.printBuf = append(x.printBuf, b...)
}

func writeErr(b []byte) {
	for len(b) > 0 {
		n := int(kwrite(2, unsafe.Pointer(&b[0]), int32(len(b))))
		if n <= 0 {
			return
		}
		b = b[n:]
	}
}

//go:linkname godebug_write internal/godebug.write
func godebug_write(fd uintptr, p unsafe.Pointer, n int32) int32 { return kwrite(int32(fd), p, n) }

func printsp() { printstring(" ") }
func printnl() { printstring("\n") }

func printbool(v bool) {
	if v {
		printstring("true")
	} else {
		printstring("false")
	}
}

func printstring(s string) {
	if len(s) > 0 {
		gwrite(unsafe.Slice(unsafe.StringData(s), len(s)))
	}
}

func printquoted(s string) {
	var buf []byte
	printstring(`"`)
	for _, r := range s {
		buf = buf[:0]
		switch {
		case r == '\n':
			buf = append(buf, `\n`...)
		case r == '\r':
			buf = append(buf, `\r`...)
		case r == '\t':
			buf = append(buf, `\t`...)
		case r == '\\' || r == '"':
			buf = append(buf, '\\', byte(r))
		case r >= 0x20 && r <= 0x7e:
			buf = append(buf, byte(r))
		case r < 0x10000:
			buf = append(buf, `\u`...)
			buf = appendHex(buf, uint64(r), 4)
		default:
			buf = append(buf, `\U`...)
			buf = appendHex(buf, uint64(r), 8)
		}
		gwrite(buf)
	}
	printstring(`"`)
}

func appendHex(b []byte, v uint64, width int) []byte {
	for i := width - 1; i >= 0; i-- {
		b = append(b, "0123456789abcdef"[v>>(uint(i)*4)&15])
	}
	return b
}

func printuint(v uint64) {
	var buf [20]byte
	i := len(buf)
	for {
		i--
		buf[i] = byte('0' + v%10)
		v /= 10
		if v == 0 {
			break
		}
	}
	gwrite(buf[i:])
}

func printuintptr(p uintptr) { printuint(uint64(p)) }

func printint(v int64) {
	if v < 0 {
		printstring("-")
		v = -v
	}
	printuint(uint64(v))
}

func printhex(v uint64) {
	width := 1
	for x := v >> 4; x != 0; x >>= 4 {
		width++
	}
	var buf [18]byte
	gwrite(appendHex(append(buf[:0], "0x"...), v, width))
}

func printfloat64(v float64) {
	var buf [32]byte
	gwrite(strconv.AppendFloat(buf[:0], v, 'g', -1, 64))
}

func printfloat32(v float32) {
	var buf [32]byte
	gwrite(strconv.AppendFloat(buf[:0], float64(v), 'g', -1, 32))
}

func printcomplex128(c complex128) {
	var buf [80]byte
	gwrite(strconv.AppendComplex(buf[:0], c, 'g', -1, 128))
}

func printcomplex64(c complex64) {
	var buf [80]byte
	gwrite(strconv.AppendComplex(buf[:0], complex128(c), 'g', -1, 64))
}

func printpointer(p unsafe.Pointer) { printhex(uint64(uintptr(p))) }

func printeface(e eface) {
	printlock()
	printstring("(")
	printpointer(unsafe.Pointer(e._type))
	printstring(",")
	printpointer(e.data)
	printstring(")")
	printunlock()
}

func printiface(i iface) { printeface(eface{(*_type)(unsafe.Pointer(i.tab)), i.data}) }

func printslice(s []byte) {
	p := (*slice)(unsafe.Pointer(&s))
	printlock()
	printstring("[")
	printint(int64(p.len))
	printstring("/")
	printint(int64(p.cap))
	printstring("]")
	printpointer(p.array)
	printunlock()
}

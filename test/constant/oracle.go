// Prints random operations on constants and what go/constant makes of them, a tab-separated line each.
// parity.ts evaluates the same lines with src/constant and compares.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"go/constant"
	"go/token"
	"math"
	"math/rand"
	"os"
	"strings"
)

var rnd *rand.Rand
var out *bufio.Writer

var tricky = map[token.Token][]string{
	token.INT: {"0", "1", "00", "0777", "0o17", "0x_FF", "0b1010_1010", "9007199254740991", "9007199254740992", "9007199254740993",
		"18446744073709551615", "18446744073709551616", "9223372036854775807", "9223372036854775808", "1_000_000", "0xffffffffffffffffffffffff", "4294967295", "4294967296", "2147483648", "2147483647"},
	token.FLOAT: {"0.0", "0.1", "1e100", "1e-100", "1e308", "1.7976931348623157e308", "1.7976931348623159e308", "4.9e-324", "2.4e-324", "2.5e-324", "1e1000", "1e-1000",
		"1e5000", "1e-5000", "1e100000", "1e-100000", "0x1p-1074", "0x1p-1075", "0x1.8p-1075", "0x.8p1", "0x1p4000", "0x1p5000", "0X1.FFFFFEP127", "0x1.ffffffp127", "3.4028235e38", "3.4028236e38",
		"1e45", "1e-45", "7e-46", "0.5", "123456789.0", "1234567.5", "0.000012345", "0.00001", "1e20", "1e21", "0.30000000000000004", "16777217.0", "16777219.0", "1e0000000000000001", "08.5", "1_0.2_5", "0e9999999", "0e-99999"},
	token.IMAG:   {"0i", "1i", "0123i", "0x10i", "0b11i", "0o17i", "1.5i", "1e400i", "0x1p-2i"},
	token.CHAR:   {"'a'", `'\n'`, `'\''`, `'\x41'`, `'\377'`, `'\u1234'`, `'\U0010ffff'`, "'世'", `'"'`},
	token.STRING: {`""`, `"abc"`, "`a\\b\n`", `"\xff\u1234"`, `"\a\b\f\n\r\t\v\\\""`, `"世界 é   ­"`, `"\000\x7f"`, `"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg12"`, `"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg"`, `"a😀b"`},
}

func digits(n int) string {
	var b strings.Builder
	b.WriteByte(byte('1' + rnd.Intn(9)))
	for i := 1; i < n; i++ {
		b.WriteByte(byte('0' + rnd.Intn(10)))
	}
	return b.String()
}

func lit() (string, token.Token) {
	kinds := []token.Token{token.INT, token.INT, token.INT, token.FLOAT, token.FLOAT, token.FLOAT, token.IMAG, token.CHAR, token.STRING}
	k := kinds[rnd.Intn(len(kinds))]
	if rnd.Intn(3) == 0 || k == token.CHAR || k == token.STRING {
		l := tricky[k]
		return l[rnd.Intn(len(l))], k
	}
	switch k {
	case token.INT:
		switch rnd.Intn(4) {
		case 0:
			return digits(1 + rnd.Intn(3)), k
		case 1:
			return digits(1 + rnd.Intn(20)), k
		case 2:
			return digits(1 + rnd.Intn(60)), k
		}
		return fmt.Sprintf("%#x", rnd.Uint64()>>uint(rnd.Intn(64))), k
	case token.FLOAT:
		return float(), k
	}
	return float() + "i", k
}

func float() string {
	switch rnd.Intn(4) {
	case 0:
		return digits(1+rnd.Intn(6)) + "." + digits(1+rnd.Intn(6))
	case 1:
		return fmt.Sprintf("%s.%se%d", digits(1), digits(1+rnd.Intn(25)), rnd.Intn(800)-400)
	case 2:
		return fmt.Sprintf("0x%x.%xp%d", rnd.Uint64()>>uint(rnd.Intn(64)), rnd.Uint32(), rnd.Intn(2400)-1200)
	}
	return fmt.Sprintf("%se%d", digits(1+rnd.Intn(5)), rnd.Intn(20)-10)
}

func show(v constant.Value) string {
	return v.Kind().String() + "\t" + v.ExactString() + "\t" + v.String()
}

func floats(v constant.Value) string {
	if v.Kind() != constant.Int && v.Kind() != constant.Float {
		return "-\t-"
	}
	f32, _ := constant.Float32Val(v)
	f64, _ := constant.Float64Val(v)
	return fmt.Sprintf("%x\t%x", math.Float32bits(f32)&^(1<<31), math.Float64bits(f64)&^(1<<63))
}

func describe(v constant.Value) string {
	if k := v.Kind(); k == constant.Bool || k == constant.String || k == constant.Unknown {
		return show(v)
	}
	return show(v) + "\t" + constant.ToInt(v).ExactString() + "\t" + constant.ToFloat(v).ExactString() + "\t" + floats(v)
}

var binops = []token.Token{token.ADD, token.SUB, token.MUL, token.QUO, token.QUO_ASSIGN, token.REM, token.AND, token.OR, token.XOR, token.AND_NOT}
var relops = []token.Token{token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ}

// build prints one expression in postfix form and gives its value.
func build(depth int) (string, constant.Value) {
	if depth == 0 || rnd.Intn(4) == 0 {
		text, k := lit()
		for k == token.STRING || k == token.CHAR && rnd.Intn(2) == 0 {
			text, k = lit()
		}
		return fmt.Sprintf("%s %s", k, text), constant.MakeFromLiteral(text, k, 0)
	}
	a, x := build(depth - 1)
	switch rnd.Intn(8) {
	case 0:
		return a + " neg", constant.UnaryOp(token.SUB, x, 0)
	case 1:
		if x.Kind() == constant.Int {
			if rnd.Intn(2) == 0 {
				return a + " not", constant.UnaryOp(token.XOR, x, 0)
			}
			s := uint(rnd.Intn(80))
			op := []token.Token{token.SHL, token.SHR}[rnd.Intn(2)]
			return fmt.Sprintf("%s %s %d", a, map[token.Token]string{token.SHL: "shl", token.SHR: "shr"}[op], s), constant.Shift(x, op, s)
		}
	case 2:
		if x.Kind() == constant.Int {
			bits := []uint{8, 16, 32, 64}[rnd.Intn(4)]
			if constant.Sign(x) >= 0 && constant.BitLen(x) <= int(bits) {
				return fmt.Sprintf("%s notu %d", a, bits), constant.UnaryOp(token.XOR, x, bits)
			}
		}
	}
	b, y := build(depth - 1)
	op := binops[rnd.Intn(len(binops))]
	ints := x.Kind() == constant.Int && y.Kind() == constant.Int
	if !ints && op > token.QUO {
		op = binops[rnd.Intn(4)]
	}
	if op == token.QUO || op == token.QUO_ASSIGN || op == token.REM {
		if constant.Sign(y) == 0 {
			op = token.ADD
		}
	}
	if c := y.Kind(); op == token.QUO && c == constant.Complex {
		re, im := constant.Real(y), constant.Imag(y)
		if constant.Sign(constant.BinaryOp(constant.BinaryOp(re, token.MUL, re), token.ADD, constant.BinaryOp(im, token.MUL, im))) == 0 {
			op = token.MUL
		}
	}
	return fmt.Sprintf("%s %s %s", a, b, op), constant.BinaryOp(x, op, y)
}

func main() {
	seed := flag.Int64("seed", 1, "seed of the random cases")
	n := flag.Int("n", 20000, "number of random cases")
	flag.Parse()
	rnd = rand.New(rand.NewSource(*seed))
	out = bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, k := range []token.Token{token.INT, token.FLOAT, token.IMAG, token.CHAR, token.STRING} {
		for _, text := range tricky[k] {
			fmt.Fprintf(out, "lit\t%s\t%q\t%s\n", k, text, describe(constant.MakeFromLiteral(text, k, 0)))
		}
	}
	for i := 0; i < *n; i++ {
		e, v := build(rnd.Intn(4))
		fmt.Fprintf(out, "expr\t%s\t%s\n", e, describe(v))
	}
	for i := 0; i < *n/4; i++ {
		a, x := build(1)
		b, y := build(1)
		op := relops[rnd.Intn(len(relops))]
		if (x.Kind() == constant.Complex || y.Kind() == constant.Complex) && op > token.NEQ && op != token.EQL {
			op = token.EQL
		}
		if x.Kind() == constant.Complex || y.Kind() == constant.Complex {
			if op != token.EQL && op != token.NEQ {
				op = token.NEQ
			}
		}
		if rnd.Intn(4) == 0 {
			b, y = a, x
		}
		if x.Kind() == constant.Unknown || y.Kind() == constant.Unknown {
			continue
		}
		fmt.Fprintf(out, "cmp\t%s\t%s\t%s\t%v\n", a, op, b, constant.Compare(x, op, y))
	}
	for i := 0; i < *n/4; i++ {
		f := math.Float64frombits(rnd.Uint64())
		v := constant.MakeFloat64(f)
		fmt.Fprintf(out, "f64\t%x\t%s\n", math.Float64bits(f), describe(v))
	}
}

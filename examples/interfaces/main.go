// Interfaces in the manner of package io: small ones, made larger by embedding, implemented by wrapping.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

type Reader interface {
	Read(p []byte) (n int, err error)
}

type Writer interface {
	Write(p []byte) (n int, err error)
}

type Closer interface {
	Close() error
}

// ReadWriteCloser has the methods of all three.
type ReadWriteCloser interface {
	Reader
	Writer
	Closer
}

var errClosed = errors.New("closed")

// pipe is a ReadWriteCloser over a buffer.
type pipe struct {
	buf    bytes.Buffer
	closed bool
}

func (p *pipe) Read(b []byte) (int, error) { return p.buf.Read(b) }

func (p *pipe) Write(b []byte) (int, error) {
	if p.closed {
		return 0, fmt.Errorf("pipe: write: %w", errClosed)
	}
	return p.buf.Write(b)
}

func (p *pipe) Close() error {
	if p.closed {
		return &closeError{op: "close", err: errClosed}
	}
	p.closed = true
	return nil
}

type closeError struct {
	op  string
	err error
}

func (e *closeError) Error() string { return "pipe: " + e.op + ": " + e.err.Error() }
func (e *closeError) Unwrap() error { return e.err }

// upper is a Reader around another that makes letters upper case.
type upper struct{ Reader }

func (u upper) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	for i, c := range p[:n] {
		p[i] = byte(unicode.ToUpper(rune(c)))
	}
	return n, err
}

// counter embeds a Writer and counts what goes through.
type counter struct {
	Writer
	bytes, calls int
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.bytes += n
	c.calls++
	return n, err
}

// describe finds out at run time what else a Writer can do.
func describe(w Writer) string {
	var can []string
	if _, ok := w.(Reader); ok {
		can = append(can, "read")
	}
	if _, ok := w.(Closer); ok {
		can = append(can, "close")
	}
	switch v := w.(type) {
	case *counter:
		return fmt.Sprintf("counter of %T, can %v", v.Writer, can)
	case ReadWriteCloser:
		return fmt.Sprintf("read-write-closer %T, can %v", v, can)
	default:
		return fmt.Sprintf("%T, can %v", v, can)
	}
}

func main() {
	p := &pipe{}
	c := &counter{Writer: p}
	fmt.Fprintf(c, "hello %s, %d\n", "interfaces", 42)
	n, err := io.Copy(c, upper{strings.NewReader("copied through a wrapper\n")})
	fmt.Println(n, err, c.bytes, c.calls)

	fmt.Println(describe(p))
	fmt.Println(describe(c))
	fmt.Println(describe(&bytes.Buffer{}))

	text, err := io.ReadAll(io.LimitReader(p, 30))
	fmt.Printf("%q %v\n", text, err)

	fmt.Println(p.Close())
	_, err = io.WriteString(p, "more")
	fmt.Println(err, errors.Is(err, errClosed))
	err = p.Close()
	var ce *closeError
	fmt.Println(err, errors.As(err, &ce), errors.Is(err, errClosed))

	var w Writer
	fmt.Println(w == nil)
	var none *pipe
	w = none
	fmt.Println(w == nil, w == Writer(none))
}

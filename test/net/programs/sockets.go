// Sockets of package net on the loopback interface: what is printed is the same on every port, whatever the schedule.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// plain is an error's text without the port numbers, which differ from run to run.
func plain(err error) string {
	if err == nil {
		return "<nil>"
	}
	out := []byte{}
	for _, c := range []byte(err.Error()) {
		if c >= '0' && c <= '9' {
			if n := len(out); n > 0 && out[n-1] == '#' {
				continue
			}
			c = '#'
		}
		out = append(out, c)
	}
	return string(out)
}

func listen() net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	return l
}

// pair is a connection's two ends.
func pair() (a, b net.Conn) {
	l := listen()
	defer l.Close()
	accepted := make(chan net.Conn)
	go func() {
		c, err := l.Accept()
		check(err)
		accepted <- c
	}()
	a, err := net.Dial("tcp", l.Addr().String())
	check(err)
	return a, <-accepted
}

// echo: a hundred clients at once, each with messages of growing size.
func echo() {
	l := listen()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				io.Copy(c, c)
				c.Close()
			}()
		}
	}()
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for i := range 100 {
		wg.Go(func() {
			c, err := net.Dial("tcp", l.Addr().String())
			check(err)
			defer c.Close()
			for k := range 20 {
				out := bytes.Repeat([]byte{byte(i), byte(k)}, 1+k*k*7)
				go c.Write(out)
				in := make([]byte, len(out))
				_, err := io.ReadFull(c, in)
				check(err)
				if !bytes.Equal(in, out) {
					panic("changed on the way")
				}
				mu.Lock()
				total += len(in)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	l.Close()
	_, err := l.Accept()
	fmt.Println(total, plain(err), errors.Is(err, net.ErrClosed))
}

// bulk: much data both ways at once, more than any buffer holds, and the end of one direction before the other.
func bulk() {
	a, b := pair()
	const size = 24 << 20
	send := func(c net.Conn, seed byte) {
		block := make([]byte, 100_003)
		for done := 0; done < size; {
			for i := range block {
				block[i] = byte(i)*seed + byte(done>>10)
			}
			n := min(len(block), size-done)
			_, err := c.Write(block[:n])
			check(err)
			done += n
		}
		check(c.(*net.TCPConn).CloseWrite())
	}
	receive := func(c net.Conn) (int64, [32]byte) {
		h := sha256.New()
		n, err := io.Copy(h, c)
		check(err)
		return n, [32]byte(h.Sum(nil))
	}
	var wg sync.WaitGroup
	wg.Go(func() { send(a, 3) })
	wg.Go(func() { send(b, 5) })
	var lines [2]string
	for i, c := range []net.Conn{a, b} {
		wg.Go(func() {
			n, sum := receive(c)
			lines[i] = fmt.Sprintf("%d %x", n, sum[:8])
		})
	}
	wg.Wait()
	_, err := a.Write([]byte("x"))
	fmt.Println(lines, errors.Is(err, syscall.EPIPE))
	a.Close()
	b.Close()
}

// deadlines: of reads, writes and accepts, in the past and in the future, and taken back.
func deadlines() {
	a, b := pair()
	defer b.Close()
	buf := make([]byte, 1)
	start := time.Now()
	a.SetReadDeadline(start.Add(20 * time.Millisecond))
	_, err := a.Read(buf)
	var ne net.Error
	fmt.Println(plain(err), errors.As(err, &ne) && ne.Timeout(), errors.Is(err, os.ErrDeadlineExceeded), time.Since(start) >= 20*time.Millisecond)
	a.SetReadDeadline(time.Now().Add(-time.Second))
	_, err = a.Read(buf)
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	a.SetReadDeadline(time.Time{})
	go b.Write([]byte("y"))
	_, err = io.ReadFull(a, buf)
	fmt.Println(string(buf), err)
	// A read that waits is woken by a deadline that is set meanwhile.
	go func() {
		time.Sleep(10 * time.Millisecond)
		a.SetReadDeadline(time.Now())
	}()
	_, err = a.Read(buf)
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	// Writing stops when nobody reads and all buffers are full.
	a.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
	block := make([]byte, 1<<20)
	for err = nil; err == nil; {
		_, err = a.Write(block)
	}
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	go func() {
		time.Sleep(10 * time.Millisecond)
		a.Close()
	}()
	a.SetReadDeadline(time.Time{})
	_, err = a.Read(buf)
	fmt.Println(plain(err), errors.Is(err, net.ErrClosed))
	l := listen().(*net.TCPListener)
	l.SetDeadline(time.Now().Add(10 * time.Millisecond))
	_, err = l.Accept()
	fmt.Println(plain(err))
}

// refusals: errors with their texts and kinds.
func refusals() {
	l := listen()
	address := l.Addr().String()
	_, err := net.Listen("tcp", address)
	fmt.Println(plain(err), errors.Is(err, syscall.EADDRINUSE))
	l.Close()
	_, err = net.Dial("tcp", address)
	fmt.Println(plain(err), errors.Is(err, syscall.ECONNREFUSED))
	var op *net.OpError
	fmt.Println(errors.As(err, &op) && op.Op == "dial" && op.Net == "tcp" && op.Addr.String() == address)
	_, err = net.Dial("tcp", "127.0.0.1:http-not")
	fmt.Println(err)
	_, err = net.Listen("tcp", "127.0.0.1:99999")
	fmt.Println(err)
	_, err = net.Listen("tcp4", "[::1]:0")
	fmt.Println(err)
	_, err = net.Dial("nothing", address)
	fmt.Println(err)
	_, err = net.Dial("unix", filepath.Join(os.TempDir(), "goloom-no-such-socket"))
	fmt.Println(errors.Is(err, os.ErrNotExist))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = (&net.Dialer{}).DialContext(ctx, "tcp", address)
	fmt.Println(plain(err))
	// A reset connection.
	a, b := pair()
	check(a.(*net.TCPConn).SetLinger(0))
	a.Close()
	_, err = b.Read(make([]byte, 1))
	fmt.Println(plain(err), errors.Is(err, syscall.ECONNRESET))
}

// datagrams: of several sizes, to and from sockets that are connected and that are not.
func datagrams() {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	check(err)
	go func() {
		buf := make([]byte, 70000)
		for {
			n, from, err := server.ReadFrom(buf)
			if err != nil {
				return
			}
			server.WriteTo(append([]byte(fmt.Sprint(n, " ")), buf[:n]...), from)
		}
	}()
	c, err := net.Dial("udp", server.LocalAddr().String())
	check(err)
	buf := make([]byte, 70000)
	for _, size := range []int{0, 1, 1000, 9000, 60000} {
		_, err := c.Write(make([]byte, size))
		check(err)
		c.SetReadDeadline(time.Now().Add(5 * time.Second))
		n, err := c.Read(buf)
		fmt.Println(size, n, err)
	}
	_, err = c.Write(make([]byte, 70000))
	fmt.Println(errors.Is(err, syscall.EMSGSIZE))
	short := make([]byte, 3)
	c.Write([]byte("abcdefgh"))
	n, err := c.Read(short)
	fmt.Println(n, string(short), err)
	server.Close()
	c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	_, err = c.Read(buf)
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	c.Close()
	_, err = c.Write([]byte("x"))
	fmt.Println(plain(err))
	p, err := net.ListenPacket("udp6", "[::1]:0")
	check(err)
	go p.WriteTo([]byte("to itself"), p.LocalAddr())
	n, from, err := p.ReadFrom(buf)
	fmt.Println(string(buf[:n]), from.String() == p.LocalAddr().String(), err)
}

// unix: stream sockets with paths.
func unix() {
	dir, err := os.MkdirTemp("", "goloom-unix-")
	check(err)
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "socket")
	l, err := net.Listen("unix", path)
	check(err)
	done := make(chan struct{})
	go func() {
		c, err := l.Accept()
		check(err)
		io.Copy(c, c)
		c.Close()
		close(done)
	}()
	c, err := net.Dial("unix", path)
	check(err)
	fmt.Fprint(c, "over a path")
	c.(*net.UnixConn).CloseWrite()
	b, err := io.ReadAll(c)
	fmt.Println(string(b), err, c.RemoteAddr().String() == path, l.Addr().Network())
	<-done
	l.Close()
	_, err = os.Stat(path)
	fmt.Println(errors.Is(err, os.ErrNotExist))
}

// names: what needs no name server.
func names() {
	addrs, err := net.LookupHost("localhost")
	found := false
	for _, a := range addrs {
		found = found || a == "127.0.0.1"
	}
	fmt.Println(found, err)
	port, err := net.LookupPort("tcp", "https")
	fmt.Println(port, err)
	l, err := net.Listen("tcp", "localhost:0")
	check(err)
	fmt.Println(l.Addr().(*net.TCPAddr).IP.IsLoopback())
	interfaces, err := net.Interfaces()
	loopback := false
	for _, x := range interfaces {
		loopback = loopback || x.Flags&net.FlagLoopback != 0 && x.Flags&net.FlagUp != 0
	}
	fmt.Println(loopback, err)
	f, err := l.(*net.TCPListener).File()
	check(err)
	again, err := net.FileListener(f)
	check(err)
	fmt.Println(again.Addr().String() == l.Addr().String())
	l.Close()
	go net.Dial("tcp", again.Addr().String())
	_, err = again.Accept()
	fmt.Println(err)
}

// asleep: when all sockets are closed nobody is left who could wake main.
func asleep() {
	listen().Close()
	a, b := pair()
	a.Close()
	b.Close()
	fmt.Println("asleep")
	<-make(chan int)
}

// awaits: a goroutine that waits for a connection does; the one that comes late ends the program.
func awaits() {
	l := listen()
	go func() {
		time.Sleep(50 * time.Millisecond)
		_, err := net.Dial("tcp", l.Addr().String())
		check(err)
	}()
	_, err := l.Accept()
	fmt.Println("awaited", err)
}

func main() {
	map[string]func(){
		"echo": echo, "bulk": bulk, "deadlines": deadlines, "refusals": refusals, "datagrams": datagrams, "unix": unix, "names": names, "asleep": asleep, "awaits": awaits,
	}[os.Args[1]]()
}

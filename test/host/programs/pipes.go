// os.Pipe: data, end, broken pipes, deadlines, closing while somebody waits.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	r, w, err := os.Pipe()
	fmt.Println(r.Name(), w.Name(), err)
	sum := make(chan int)
	go func() {
		total := 0
		buf := make([]byte, 1000)
		for {
			n, err := r.Read(buf)
			for _, b := range buf[:n] {
				total += int(b)
			}
			if err != nil {
				fmt.Println(err)
				break
			}
		}
		sum <- total
	}()
	data := make([]byte, 300_000)
	for i := range data {
		data[i] = byte(i)
	}
	n, err := w.Write(data)
	fmt.Println(n, err)
	w.Close()
	fmt.Println(<-sum)
	_, err = w.Write(data)
	fmt.Println(err, errors.Is(err, os.ErrClosed))
	r.Close()

	r, w, _ = os.Pipe()
	st, _ := r.Stat()
	fmt.Println(st.Mode())
	fmt.Println(r.SetReadDeadline(time.Now().Add(20 * time.Millisecond)))
	n, err = r.Read(data)
	fmt.Println(n, err, errors.Is(err, os.ErrDeadlineExceeded))
	r.SetReadDeadline(time.Time{})
	w.SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
	n, err = w.Write(make([]byte, 1<<20))
	fmt.Println(n > 0 && n < 1<<20, err)
	w.SetWriteDeadline(time.Time{})
	go func() { time.Sleep(10 * time.Millisecond); w.Close() }()
	_, err = io.Copy(io.Discard, r)
	fmt.Println(err)

	r, w, _ = os.Pipe()
	go func() { time.Sleep(20 * time.Millisecond); r.Close() }()
	_, err = r.Read(data)
	fmt.Println(err)
	_, err = w.Write([]byte("x"))
	fmt.Println(err)
	w.Close()
	_, err = os.Stdout.Seek(0, 0)
	fmt.Println(err)
}

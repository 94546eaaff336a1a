// HTTP servers and clients of net/http on the loopback interface.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func get(c *http.Client, url string) string {
	r, err := c.Get(url)
	if err != nil {
		return err.Error()
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	check(err)
	return fmt.Sprint(r.Status, " ", string(b))
}

// plain: many requests at once on few connections, bodies both ways.
func plain() {
	var conns atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		check(err)
		fmt.Fprintf(w, "%s %s %d", r.Method, r.URL.Path, len(b))
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 8, MaxIdleConnsPerHost: 8}}
	var wg sync.WaitGroup
	var good atomic.Int32
	for i := range 8 {
		wg.Go(func() {
			for k := range 25 {
				n := i * k * 100
				r, err := client.Post(fmt.Sprint(s.URL, "/", i, "/", k), "text/plain", strings.NewReader(strings.Repeat("x", n)))
				check(err)
				b, err := io.ReadAll(r.Body)
				check(err)
				r.Body.Close()
				if string(b) == fmt.Sprintf("POST /%d/%d %d", i, k, n) {
					good.Add(1)
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(good.Load(), conns.Load() <= 8)
}

// secure: TLS, HTTP/1.1 and HTTP/2, a certificate that is not trusted.
func secure() {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Proto, " ", r.TLS.HandshakeComplete)
	}))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	fmt.Println(get(s.Client(), s.URL))
	_, err := http.Get(s.URL)
	fmt.Println(strings.Contains(err.Error(), "certificate signed by unknown authority"))
}

// shutdown: requests that are being served are finished, new ones refused.
func shutdown() {
	begun, finish := make(chan bool), make(chan bool)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun <- true
		<-finish
		fmt.Fprint(w, "finished")
	})}
	served := make(chan error)
	go func() { served <- s.Serve(l) }()
	url := "http://" + l.Addr().String()
	answer := make(chan string)
	go func() { answer <- get(http.DefaultClient, url) }()
	<-begun
	down := make(chan error)
	go func() { down <- s.Shutdown(context.Background()) }()
	fmt.Println(errors.Is(<-served, http.ErrServerClosed))
	_, err = net.Dial("tcp", l.Addr().String())
	fmt.Println(err != nil)
	finish <- true
	fmt.Println(<-answer)
	fmt.Println(<-down)
}

// limits: a client that gives up, a server that does.
func limits() {
	begun, gone := make(chan bool), make(chan bool)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			begun <- true
			<-r.Context().Done()
			gone <- true
			return
		}
		fmt.Fprint(w, "quick")
	}))
	s.Start()
	defer s.Close()
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-begun
		cancel()
	}()
	r, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/slow", nil)
	check(err)
	_, err = http.DefaultClient.Do(r)
	fmt.Println(errors.Is(err, context.Canceled), <-gone)
	_, err = (&http.Client{Timeout: time.Nanosecond}).Get(s.URL)
	fmt.Println(os.IsTimeout(err))
	fmt.Println(get(&http.Client{Timeout: 20 * time.Second}, s.URL))
	// A client that doesn't finish its request.
	s = httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ReadHeaderTimeout = 50 * time.Millisecond
	s.Start()
	defer s.Close()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	check(err)
	fmt.Fprint(c, "GET / HT")
	b, err := io.ReadAll(c)
	fmt.Println(len(b), err)
}

var sink uint64

// busy serves while another goroutine computes without end, until somebody asks for /quit. It prints the server's address.
func busy() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go func() {
		for x := uint64(1); ; {
			x = x*6364136223846793005 + 1442695040888963407
			sink = x
		}
	}()
	fmt.Println(l.Addr())
	http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/quit" {
			os.Exit(0)
		}
		fmt.Fprint(w, "here")
	}))
}

func main() {
	map[string]func(){"plain": plain, "secure": secure, "shutdown": shutdown, "limits": limits, "busy": busy}[os.Args[1]]()
}

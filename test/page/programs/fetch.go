// The http client in a page: over fetch, with a body that comes piece by piece, a request's body, an error, and one that is given up.
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

func main() {
	base := os.Args[1]
	res, err := http.Get(base + "pieces")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(res.StatusCode, res.Header.Get("X-Test"))
	start, last, pieces := time.Now(), time.Duration(0), 0
	buf := make([]byte, 1000)
	for {
		n, err := res.Body.Read(buf)
		if n > 0 {
			pieces++
			last = time.Since(start)
		}
		if err != nil {
			fmt.Println(err)
			break
		}
	}
	fmt.Println("came piece by piece:", pieces >= 4 && last > 40*time.Millisecond)

	res, err = http.Post(base+"echo", "text/plain", strings.NewReader("a body"))
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := io.ReadAll(res.Body)
	fmt.Println(string(body))

	res, err = http.Get(base + "missing")
	if err == nil {
		fmt.Println(res.Status)
	}

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", base+"never", nil)
	_, err = http.DefaultClient.Do(req)
	fmt.Println("given up:", err != nil && ctx.Err() != nil)

	var wg sync.WaitGroup
	lengths := make([]int, 10)
	for i := range lengths {
		wg.Go(func() {
			res, err := http.Post(base+"echo", "text/plain", strings.NewReader(strings.Repeat("z", 1000*i)))
			if err == nil {
				b, _ := io.ReadAll(res.Body)
				lengths[i] = len(b)
			}
		})
	}
	wg.Wait()
	fmt.Println(lengths)
}

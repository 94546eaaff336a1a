package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// ends has goroutines that end by Goexit, by panics that are recovered, some from deep below, and by returning.
func ends() {
	var wg sync.WaitGroup
	var deferred, recovered atomic.Int64
	for i := range 200 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() {
				if v := recover(); v != nil {
					recovered.Add(int64(v.(int)))
				}
			}()
			defer deferred.Add(1)
			deep(i%40, i)
		}()
	}
	wg.Wait()
	fmt.Println(deferred.Load(), recovered.Load())
}

func deep(depth, i int) {
	if depth > 0 {
		deep(depth-1, i)
		return
	}
	switch i % 4 {
	case 0:
		runtime.Goexit()
	case 1:
		panic(i)
	case 2:
		defer func() { panic(recover().(int) + 1) }()
		runtime.Gosched()
		panic(i)
	}
}

// busy has some goroutines come and go, so that Ms are awake and going to sleep when the program comes to its end.
func busy() {
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			time.Sleep(time.Duration(i%5) * 40 * time.Microsecond)
			runtime.Gosched()
		})
	}
	wg.Wait()
	fmt.Println("busy")
}

// deadlock ends with all goroutines asleep for good, on a mutex, channels and a select.
func deadlock() {
	busy()
	var mu sync.Mutex
	mu.Lock()
	c := make(chan int)
	go mu.Lock()
	go func() { c <- 1 }()
	go func() {
		<-c
		time.Sleep(200 * time.Microsecond)
		select {
		case <-c:
		case c <- 2:
		}
	}()
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Wait()
}

// stuck deadlocks in the moment in which several goroutines come to their last wait at once.
func stuck() {
	busy()
	c := make(chan int)
	for i := range 6 {
		go func() {
			for range 50 {
				runtime.Gosched()
			}
			if i%2 == 0 {
				c <- i
			} else {
				<-c
			}
			select {}
		}()
	}
	select {}
}

// goexitMain ends main but not the program; when the others have ended too there is nobody left.
func goexitMain() {
	for i := range 4 {
		go func() {
			time.Sleep(time.Duration(i) * 100 * time.Microsecond)
			busy()
		}()
	}
	runtime.Goexit()
}

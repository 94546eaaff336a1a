package runtime

// Timers: time.Timer and time.Ticker over the kernel's timer heap, with the channel semantics of Go 1.23.
//
// A timer is armed when the kernel's heap holds it. The system goroutine timerproc waits for expired timers and
// fires them. A timer with a channel (isChan) is fired in the same way, and brought up to date by whoever looks at
// its channel: a receive first fires it if it is due (touch), Stop and Reset drop a value that was sent but not
// received, so no stale value is ever received after them.
//
// One P runs Go code that does not suspend between a check and an update here; mu is for the time when several do.

import "unsafe"

type timer struct {
	heap   uint64 // the kernel's: position in its heap
	mu     mutex
	armed  bool
	isChan bool
	period int64
	when   int64
	seq    uintptr
	f      func(arg any, seq uintptr, delta int64)
	arg    any
	ch     *hchan
}

// timeTimer is the runtime's view of time.Timer and time.Ticker.
type timeTimer struct {
	c    unsafe.Pointer // <-chan time.Time
	init bool
	timer
}

//go:linkname time_Sleep time.Sleep
func time_Sleep(ns int64) {
	if ns > 0 {
		ktimeSleep(ns)
	}
}

//go:linkname time_newTimer time.newTimer
func time_newTimer(when, period int64, f func(arg any, seq uintptr, delta int64), arg any, c *hchan) *timeTimer {
	t := new(timeTimer)
	t.f, t.arg, t.ch = f, arg, c
	if c != nil {
		t.isChan = true
		ksetchantimer(unsafe.Pointer(c), unsafe.Pointer(&t.timer))
	}
	t.arm(when, period)
	t.init = true
	return t
}

//go:linkname time_stopTimer time.stopTimer
func time_stopTimer(t *timeTimer) bool { return t.stop() }

//go:linkname time_resetTimer time.resetTimer
func time_resetTimer(t *timeTimer, when, period int64) bool {
	pending := t.stop()
	t.arm(when, period)
	return pending
}

func (t *timer) arm(when, period int64) {
	if when < 0 {
		when = 1<<63 - 1
	}
	t.when, t.period, t.armed = when, period, true
	ktimeradd(unsafe.Pointer(t), when)
}

// stop disarms t and reports whether it was still to fire. A value in the channel that nobody received yet counts as not fired.
func (t *timer) stop() bool {
	pending := t.armed
	if t.armed {
		ktimerdel(unsafe.Pointer(t))
		t.armed = false
	}
	t.seq++
	if t.isChan && t.drain() {
		pending = true
	}
	return pending
}

// drain takes an unreceived value out of the channel.
func (t *timer) drain() bool {
	if kchanlen(unsafe.Pointer(t.ch)) == 0 {
		return false
	}
	var buf [4]uint64 // a time.Time
	kchanrecvnb(unsafe.Pointer(t.ch), unsafe.Pointer(&buf))
	return true
}

// touch fires a channel timer that is due: a receiver looks.
func (t *timer) touch() {
	if t.armed && t.isChan && t.when <= nanotime() {
		t.fire(nanotime())
	}
}

// fire runs the timer's function and arms a periodic one again.
func (t *timer) fire(now int64) {
	if !t.armed {
		return
	}
	delta := now - t.when
	if t.period > 0 {
		next := t.when + t.period*(1+delta/t.period)
		if next < 0 {
			next = 1<<63 - 1
		}
		t.when = next
		ktimeradd(unsafe.Pointer(t), next)
	} else {
		ktimerdel(unsafe.Pointer(t))
		t.armed = false
	}
	t.f(t.arg, t.seq, delta)
}

// timerproc is the system goroutine that fires expired timers.
func timerproc() {
	for {
		ktimerwait()
		for {
			t := (*timer)(ktimertake())
			if t == nil {
				break
			}
			t.fire(nanotime())
		}
	}
}

//go:linkname time_now time.now
func time_now() (sec int64, nsec int32, mono int64) {
	ns := kwalltime()
	return ns / 1e9, int32(ns % 1e9), nanotime()
}

//go:linkname time_runtimeNow time.runtimeNow
func time_runtimeNow() (sec int64, nsec int32, mono int64) { return time_now() }

//go:linkname time_runtimeNano time.runtimeNano
func time_runtimeNano() int64 { return nanotime() }

//go:linkname time_runtimeIsBubbled time.runtimeIsBubbled
func time_runtimeIsBubbled() bool { return false }

//go:linkname syscall_now syscall.now
func syscall_now() (sec int64, nsec int32) {
	ns := kwalltime()
	return ns / 1e9, int32(ns % 1e9)
}

//go:linkname poll_runtimeNano internal/poll.runtimeNano
func poll_runtimeNano() int64 { return nanotime() }

package runtime

// Timers: time.Timer and time.Ticker over the kernel's timer heap, with the channel semantics of Go 1.23.
//
// An armed timer is in the kernel's heap, and the system goroutine timerproc waits for expired ones and fires them. A timer
// with a channel (isChan) is there only while a goroutine is blocked on its channel, so that the collector gets those that nobody
// refers to. It is brought up to date by whoever looks at its channel: a receive first fires it if it is due
// (touch); Stop and Reset drop a value that was sent but not received, so no stale value is ever received after them.
//
// Protocol: all fields of a timer that is shared are under its mu, and so are the kernel's calls about it. A timer with a channel
// also sends while mu is held, so that Stop and Reset see a value either sent or not to come. Other timers call f without mu, for
// it may take locks under which somebody stops the timer. mu may be held across a preemption: who wants it yields meanwhile.

import "unsafe"

type timer struct {
	heap    uint64 // the kernel's: position in its heap
	mu      mutex
	armed   bool
	isChan  bool
	period  int64
	when    int64
	seq     uintptr
	f       func(arg any, seq uintptr, delta int64)
	arg     any
	ch      *hchan
	blocked int             // goroutines that wait for the channel
	bubble  *synctestBubble // its clock's timer; nil: the kernel's
	rand    uint32          // order among the bubble's timers of one instant
}

// asyncTimerChan is GODEBUG=asynctimerchan: the buffers of timers' channels show, and what they hold outlives Stop and Reset.
var asyncTimerChan bool

// timeTimer is the runtime's view of time.Timer and time.Ticker.
type timeTimer struct {
	c    unsafe.Pointer // <-chan time.Time
	init bool
	timer
}

//go:linkname time_Sleep time.Sleep
func time_Sleep(ns int64) {
	if ns <= 0 {
		return
	}
	if b := currentBubble(); b != nil {
		b.sleep(ns)
		return
	}
	ktimeSleep(ns)
}

//go:linkname time_newTimer time.newTimer
func time_newTimer(when, period int64, f func(arg any, seq uintptr, delta int64), arg any, c *hchan) *timeTimer {
	t := new(timeTimer)
	t.f, t.arg, t.ch, t.bubble = f, arg, c, currentBubble()
	if c != nil {
		t.isChan = true
		ksetchantimer(unsafe.Pointer(c), unsafe.Pointer(&t.timer))
	}
	t.arm(when, period)
	t.init = true
	return t
}

//go:linkname time_stopTimer time.stopTimer
func time_stopTimer(t *timeTimer) bool {
	if t.bubble != nil && currentBubble() == nil {
		fatal("stop of synctest timer from outside bubble")
	}
	return t.stop()
}

//go:linkname time_resetTimer time.resetTimer
func time_resetTimer(t *timeTimer, when, period int64) bool {
	if t.bubble != nil && currentBubble() == nil {
		fatal("reset of synctest timer from outside bubble")
	}
	lock(&t.mu)
	pending := t.stopLocked()
	t.armLocked(when, period)
	unlock(&t.mu)
	t.fireInBubble()
	return pending
}

func (t *timer) arm(when, period int64) {
	lock(&t.mu)
	t.armLocked(when, period)
	unlock(&t.mu)
	t.fireInBubble()
}

func (t *timer) armLocked(when, period int64) {
	if when < 0 {
		when = 1<<63 - 1
	}
	t.when, t.period, t.armed = when, period, true
	t.enqueue()
}

// fireInBubble fires a bubble's timer that is due as soon as it is armed: before the bubble is idle the next time.
func (t *timer) fireInBubble() {
	if t.bubble != nil {
		t.fire(t.bubble.now)
	}
}

// enqueue puts t into the heap that its clock has, at t.when, if somebody has to be told.
func (t *timer) enqueue() {
	if t.isChan && t.blocked == 0 && t.bubble == nil {
		return
	}
	if t.bubble != nil {
		t.bubble.add(t)
		return
	}
	ktimeradd(unsafe.Pointer(t), t.when)
}

func (t *timer) dequeue() {
	if t.bubble != nil {
		t.bubble.remove(t)
		return
	}
	ktimerdel(unsafe.Pointer(t))
}

// clock is the present time of t's clock.
func (t *timer) clock() int64 {
	if t.bubble != nil {
		return t.bubble.now
	}
	return nanotime()
}

// stop disarms t and reports whether it was still to fire. A value in the channel that nobody received yet counts as not fired.
func (t *timer) stop() bool {
	lock(&t.mu)
	pending := t.stopLocked()
	unlock(&t.mu)
	return pending
}

func (t *timer) stopLocked() bool {
	pending := t.armed
	if t.armed {
		t.dequeue()
		t.armed = false
	}
	t.seq++
	if t.isChan && !asyncTimerChan && t.drain() {
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
	if t.bubble != nil && t.bubble != currentBubble() {
		fatal("synctest timer accessed from outside bubble")
	}
	if t.isChan {
		t.fire(t.clock())
	}
}

// block says that a goroutine is about to wait for the channel, unblock that it does no longer.
func (t *timer) block() {
	lock(&t.mu)
	t.blocked++
	if t.blocked == 1 && t.armed {
		t.enqueue()
	}
	unlock(&t.mu)
}

func (t *timer) unblock() {
	lock(&t.mu)
	t.blocked--
	if t.blocked == 0 && t.armed && t.bubble == nil {
		t.dequeue()
	}
	unlock(&t.mu)
}

// fire runs the timer's function, if it is armed and due, and arms a periodic one again.
func (t *timer) fire(now int64) {
	lock(&t.mu)
	if !t.armed || t.when > now {
		unlock(&t.mu)
		return
	}
	delta := now - t.when
	if t.period > 0 {
		next := t.when + t.period*(1+delta/t.period)
		if next < 0 {
			next = 1<<63 - 1
		}
		t.when = next
		t.enqueue()
	} else {
		t.dequeue()
		t.armed = false
	}
	f, arg, seq := t.f, t.arg, t.seq
	if t.isChan {
		f(arg, seq, delta)
		unlock(&t.mu)
		return
	}
	unlock(&t.mu)
	f(arg, seq, delta)
}

// haveHighResSleep is for package time's tests: sleeping is as fine as the clock.
var haveHighResSleep = true

// timerproc is the system goroutine that fires expired timers.
func timerproc() {
	for {
		ktimerwait()
		now := nanotime()
		for {
			t := (*timer)(ktimertake(now))
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
func time_runtimeNow() (sec int64, nsec int32, mono int64) {
	if b := currentBubble(); b != nil {
		return b.now / 1e9, int32(b.now % 1e9), 0 // without the monotonic clock: times of different clocks would mix
	}
	return time_now()
}

//go:linkname time_runtimeNano time.runtimeNano
func time_runtimeNano() int64 {
	if b := currentBubble(); b != nil {
		return b.now
	}
	return nanotime()
}

//go:linkname time_runtimeIsBubbled time.runtimeIsBubbled
func time_runtimeIsBubbled() bool { return kgetbubble() != nil }

//go:linkname syscall_now syscall.now
func syscall_now() (sec int64, nsec int32) {
	ns := kwalltime()
	return ns / 1e9, int32(ns % 1e9)
}

//go:linkname poll_runtimeNano internal/poll.runtimeNano
func poll_runtimeNano() int64 { return nanotime() }

package runtime

// The network poller of internal/poll: goroutines that wait until a descriptor can be read or written, is closed, or a deadline has passed.
//
// Under wasip1 the engine is asked what is ready (poll_wasip1.go). pollTable keeps pollDescs alive; it and all fields are under pollLock, which is
// never held across a suspension. A waiter sleeps on a completion until who takes its `waiting` away rouses it.

import "unsafe"

// Results of the functions below, as internal/poll knows them.
const (
	pollNoError = iota
	pollErrClosing
	pollErrTimeout
)

type pollMode struct {
	ready   bool // since the last reset
	waiting bool
	expired bool    // the deadline has passed
	id      uint32  // completion of the waiter
	seq     uintptr // of the deadline in force; older timers do nothing
	timer   *timer
}

type pollDesc struct {
	fd      uintptr
	closing bool
	r, w    pollMode
	next    *pollDesc
}

var (
	pollLock  mutex
	pollTable [64]*pollDesc
)

// pollDescOf is the pollDesc that internal/poll holds as a number; pollTable keeps it alive.
func pollDescOf(ctx uintptr) *pollDesc { return *(**pollDesc)(unsafe.Pointer(&ctx)) }

func (pd *pollDesc) mode(mode int) *pollMode {
	if mode == 'w' {
		return &pd.w
	}
	return &pd.r
}

// check is the reason not to wait.
func (pd *pollDesc) check(m *pollMode) int {
	if pd.closing {
		return pollErrClosing
	}
	if m.expired {
		return pollErrTimeout
	}
	return pollNoError
}

// wake ends the wait in m. pollLock is held; it is given up.
func (m *pollMode) wake() {
	waiting := m.waiting
	m.waiting = false
	unlock(&pollLock)
	if waiting {
		m.rouse()
	}
}

//go:linkname poll_runtime_pollServerInit internal/poll.runtime_pollServerInit
func poll_runtime_pollServerInit() {}

//go:linkname poll_runtime_isPollServerDescriptor internal/poll.runtime_isPollServerDescriptor
func poll_runtime_isPollServerDescriptor(fd uintptr) bool { return false }

//go:linkname poll_runtime_pollOpen internal/poll.runtime_pollOpen
func poll_runtime_pollOpen(fd uintptr) (uintptr, int) {
	if errno := pollRefused(fd); errno != 0 {
		return 0, errno
	}
	pd := &pollDesc{fd: fd}
	head := &pollTable[fd%uintptr(len(pollTable))]
	lock(&pollLock)
	pd.next = *head
	*head = pd
	unlock(&pollLock)
	return uintptr(unsafe.Pointer(pd)), 0
}

//go:linkname poll_runtime_pollClose internal/poll.runtime_pollClose
func poll_runtime_pollClose(ctx uintptr) {
	pd := pollDescOf(ctx)
	lock(&pollLock)
	at := &pollTable[pd.fd%uintptr(len(pollTable))]
	for *at != nil && *at != pd {
		at = &(*at).next
	}
	if *at == pd {
		*at = pd.next
	}
	unlock(&pollLock)
}

//go:linkname poll_runtime_pollReset internal/poll.runtime_pollReset
func poll_runtime_pollReset(ctx uintptr, mode int) int {
	pd := pollDescOf(ctx)
	lock(&pollLock)
	m := pd.mode(mode)
	result := pd.check(m)
	if result == pollNoError {
		m.ready = false
	}
	unlock(&pollLock)
	return result
}

//go:linkname poll_runtime_pollWait internal/poll.runtime_pollWait
func poll_runtime_pollWait(ctx uintptr, mode int) int {
	pd := pollDescOf(ctx)
	m := pd.mode(mode)
	lock(&pollLock)
	for {
		if result := pd.check(m); result != pollNoError {
			unlock(&pollLock)
			return result
		}
		if m.ready {
			m.ready = false
			unlock(&pollLock)
			return pollNoError
		}
		m.waiting = true
		unlock(&pollLock)
		m.sleep(pd.fd, mode)
		lock(&pollLock)
	}
}

//go:linkname poll_runtime_pollWaitCanceled internal/poll.runtime_pollWaitCanceled
func poll_runtime_pollWaitCanceled(ctx uintptr, mode int) {
	pd := pollDescOf(ctx)
	m := pd.mode(mode)
	lock(&pollLock)
	for !m.ready {
		m.waiting = true
		unlock(&pollLock)
		m.sleep(pd.fd, mode)
		lock(&pollLock)
	}
	m.ready = false
	unlock(&pollLock)
}

// poll_runtime_pollSetDeadline: d is in ns from now; 0 takes the deadline away, one below has passed.
//
//go:linkname poll_runtime_pollSetDeadline internal/poll.runtime_pollSetDeadline
func poll_runtime_pollSetDeadline(ctx uintptr, d int64, mode int) {
	pd := pollDescOf(ctx)
	if mode == 'r' || mode == 'r'+'w' {
		pd.setDeadline(&pd.r, d)
	}
	if mode == 'w' || mode == 'r'+'w' {
		pd.setDeadline(&pd.w, d)
	}
}

func (pd *pollDesc) setDeadline(m *pollMode, d int64) {
	lock(&pollLock)
	if pd.closing {
		unlock(&pollLock)
		return
	}
	m.seq++
	m.expired = d < 0
	old, seq := m.timer, m.seq
	m.timer = nil
	var t *timer
	if d > 0 {
		t = new(timer)
		t.f, t.arg = func(any, uintptr, int64) { m.expire(seq) }, nil
		m.timer = t
	}
	if m.expired {
		m.wake()
	} else {
		unlock(&pollLock)
	}
	if old != nil {
		old.stop()
	}
	if t != nil {
		when := nanotime() + d
		if when < 0 {
			when = 1<<63 - 1
		}
		t.arm(when, 0)
	}
}

// expire is called when the deadline number seq passes.
func (m *pollMode) expire(seq uintptr) {
	lock(&pollLock)
	if m.seq != seq {
		unlock(&pollLock)
		return
	}
	m.expired = true
	m.wake()
}

//go:linkname poll_runtime_pollUnblock internal/poll.runtime_pollUnblock
func poll_runtime_pollUnblock(ctx uintptr) {
	pd := pollDescOf(ctx)
	for _, m := range [2]*pollMode{&pd.r, &pd.w} {
		lock(&pollLock)
		pd.closing = true
		m.seq++
		t := m.timer
		m.timer = nil
		m.wake()
		if t != nil {
			t.stop()
		}
	}
}

package runtime

// The network poller of internal/poll under GOOS=js: waiting is the kernel's (src/runtime/kernel/netpoll.ts); here are deadlines, which are
// timers, and what leads from descriptors to poll descriptors. The host makes its sockets ready, package syscall its pipes.

import "unsafe"

const errnoNotPermitted = 1 // EPERM

// pollNoError is the result of a wait that the descriptor's becoming ready has ended.
const pollNoError = 0

// A pollDesc is used again when its descriptor is closed; pollDescs.all keeps those alive that internal/poll knows as numbers.
type pollDesc struct {
	k    uint32 // the kernel's
	fd   uintptr
	mu   mutex // guards deadlines
	r, w pollDeadline
	free *pollDesc
	all  *pollDesc
}

// A pollDeadline makes the waits of one side of a pollDesc end. The timer may be late, or be one of a deadline that was changed
// meanwhile: it looks at `when`.
type pollDeadline struct {
	k     uint32
	mode  uint32
	mu    *mutex
	when  int64 // 0: none
	timer *timer
}

var pollDescs struct {
	mu        mutex
	free, all *pollDesc
}

// pollDescOf is the pollDesc that internal/poll holds as a number.
func pollDescOf(ctx uintptr) *pollDesc { return *(**pollDesc)(unsafe.Pointer(&ctx)) }

func newPollDesc() *pollDesc {
	lock(&pollDescs.mu)
	pd := pollDescs.free
	if pd != nil {
		pollDescs.free = pd.free
		unlock(&pollDescs.mu)
		return pd
	}
	unlock(&pollDescs.mu)
	pd = new(pollDesc)
	pd.r.mode, pd.r.mu = 'r', &pd.mu
	pd.w.mode, pd.w.mu = 'w', &pd.mu
	lock(&pollDescs.mu)
	pd.all = pollDescs.all
	pollDescs.all = pd
	unlock(&pollDescs.mu)
	return pd
}

// Package syscall says whether a descriptor can be waited for (0 no, 1 yes, 2: the host makes it ready), and has a poll descriptor told of what
// happens to it.

//go:linkname syscall_pollable syscall.pollable
func syscall_pollable(fd int) int

//go:linkname syscall_pollOpen syscall.pollOpen
func syscall_pollOpen(fd int, pd uint32)

//go:linkname syscall_pollClose syscall.pollClose
func syscall_pollClose(fd int, pd uint32)

//go:linkname syscall_runtime_pollReady syscall.runtime_pollReady
func syscall_runtime_pollReady(pd uint32, mode int) { knetpollready(pd, uint32(mode)) }

//go:linkname poll_runtime_pollServerInit internal/poll.runtime_pollServerInit
func poll_runtime_pollServerInit() {}

//go:linkname poll_runtime_isPollServerDescriptor internal/poll.runtime_isPollServerDescriptor
func poll_runtime_isPollServerDescriptor(fd uintptr) bool { return false }

//go:linkname poll_runtime_pollOpen internal/poll.runtime_pollOpen
func poll_runtime_pollOpen(fd uintptr) (uintptr, int) {
	kind := syscall_pollable(int(fd))
	if kind == 0 {
		return 0, errnoNotPermitted
	}
	pd := newPollDesc()
	pd.k, pd.fd = knetpollopen(kind == 2), fd
	pd.r.k, pd.w.k = pd.k, pd.k
	syscall_pollOpen(int(fd), pd.k)
	return uintptr(unsafe.Pointer(pd)), 0
}

//go:linkname poll_runtime_pollClose internal/poll.runtime_pollClose
func poll_runtime_pollClose(ctx uintptr) {
	pd := pollDescOf(ctx)
	syscall_pollClose(int(pd.fd), pd.k)
	lock(&pd.mu)
	pd.r.clear()
	pd.w.clear()
	unlock(&pd.mu)
	knetpollclose(pd.k)
	lock(&pollDescs.mu)
	pd.free = pollDescs.free
	pollDescs.free = pd
	unlock(&pollDescs.mu)
}

//go:linkname poll_runtime_pollReset internal/poll.runtime_pollReset
func poll_runtime_pollReset(ctx uintptr, mode int) int {
	return int(knetpollreset(pollDescOf(ctx).k, uint32(mode)))
}

//go:linkname poll_runtime_pollWait internal/poll.runtime_pollWait
func poll_runtime_pollWait(ctx uintptr, mode int) int {
	return int(knetpollwait(pollDescOf(ctx).k, uint32(mode), false))
}

//go:linkname poll_runtime_pollWaitCanceled internal/poll.runtime_pollWaitCanceled
func poll_runtime_pollWaitCanceled(ctx uintptr, mode int) {
	for knetpollwait(pollDescOf(ctx).k, uint32(mode), true) != pollNoError {
	}
}

// poll_runtime_pollSetDeadline: d is in ns from now; 0 takes the deadline away, one below has passed.
//
//go:linkname poll_runtime_pollSetDeadline internal/poll.runtime_pollSetDeadline
func poll_runtime_pollSetDeadline(ctx uintptr, d int64, mode int) {
	pd := pollDescOf(ctx)
	lock(&pd.mu)
	if mode == 'r' || mode == 'r'+'w' {
		pd.r.set(d)
	}
	if mode == 'w' || mode == 'r'+'w' {
		pd.w.set(d)
	}
	unlock(&pd.mu)
}

func (t *pollDeadline) set(d int64) {
	t.clear()
	knetpollexpire(t.k, t.mode, d < 0)
	if d <= 0 {
		return
	}
	t.when = nanotime() + d
	if t.when < 0 {
		t.when = 1<<63 - 1
	}
	if t.timer == nil {
		t.timer = &timer{f: pollExpired, arg: t}
	}
	t.timer.arm(t.when, 0)
}

func (t *pollDeadline) clear() {
	if t.when != 0 {
		t.when = 0
		t.timer.stop()
	}
}

// pollExpired is called when a deadline's timer fires.
func pollExpired(arg any, seq uintptr, delta int64) {
	t := arg.(*pollDeadline)
	lock(t.mu)
	if t.when != 0 && t.when <= nanotime() {
		t.when = 0
		knetpollexpire(t.k, t.mode, true)
	}
	unlock(t.mu)
}

//go:linkname poll_runtime_pollUnblock internal/poll.runtime_pollUnblock
func poll_runtime_pollUnblock(ctx uintptr) { knetpollunblock(pollDescOf(ctx).k) }

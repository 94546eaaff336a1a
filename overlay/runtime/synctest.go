package runtime

// internal/synctest: bubbles of goroutines with a clock of their own. The kernel counts a bubble's goroutines that are not durably
// blocked and wakes Wait's or Run's caller when there are none (src/runtime/kernel/bubble.ts); the clock and its timers are here.

import (
	"internal/abi"
	"unsafe"
)

// synctestBubble begins with the kernel's Bubble. The clock and the timers belong to whichever of its goroutines runs: mu.
type synctestBubble struct {
	id      uint32
	lock    uint32
	total   int32
	running int32
	active  int32
	done    uint32
	root    uint32 // goroutines are the kernel's and stay where they are
	waiter  uint32
	main    uint32
	_       uint32
	now     int64
	next    int64 // when the first timer expires, 0 without one

	mu      mutex
	waiting bool
	timers  []*timer // binary heap
}

const synctestBase = 946684800e9 // the clock starts at midnight UTC 2000-01-01

var bubbles uint32

func currentBubble() *synctestBubble { return (*synctestBubble)(kgetbubble()) }

func gaddr(gp unsafe.Pointer) uint32 { return uint32(uintptr(gp)) }

type synctestDeadlockError struct {
	reason string
	bubble *synctestBubble
}

func (e synctestDeadlockError) Error() string { return e.reason }

//go:linkname synctest_Run internal/synctest.Run
func synctest_Run(f func()) {
	if currentBubble() != nil {
		panic("synctest.Run called from within a synctest bubble")
	}
	bubbles++
	b := &synctestBubble{id: bubbles, total: 1, running: 1, root: gaddr(kgetg()), now: synctestBase}
	ksetbubble(unsafe.Pointer(b))
	defer ksetbubble(nil)
	main := knewg(*(*unsafe.Pointer)(unsafe.Pointer(&f)), uint64(abi.FuncPCABIInternal(f)))
	b.main = gaddr(main)
	kgoready(main)
	// The root is active while it looks at the clock: whoever wakes it has added 1, and it takes that off to wait again.
	b.active++
	for {
		b.runTimers()
		if b.running != 1 || b.active != 1 {
			b.active--
			kgopark(waitReasonSynctestRun)
		}
		// Time stops when the main goroutine has ended.
		if b.next == 0 || b.done != 0 {
			break
		}
		b.now = b.next
	}
	if b.total != 1 {
		reason := "deadlock: all goroutines in bubble are blocked"
		if b.done != 0 {
			reason = "deadlock: main bubble goroutine has exited but blocked goroutines remain"
		}
		panic(synctestDeadlockError{reason, b})
	}
}

//go:linkname synctest_Wait internal/synctest.Wait
func synctest_Wait() {
	b := currentBubble()
	if b == nil {
		panic("goroutine is not in a bubble")
	}
	if b.waiting {
		panic("wait already in progress")
	}
	b.waiting = true
	b.waiter = gaddr(kgetg())
	kgopark(waitReasonSynctestWait)
	b.waiter = 0
	b.waiting = false
	kbubbleadd(unsafe.Pointer(b), -1)
}

//go:linkname synctest_IsInBubble internal/synctest.IsInBubble
func synctest_IsInBubble() bool { return kgetbubble() != nil }

//go:linkname synctest_associate internal/synctest.associate
func synctest_associate(p unsafe.Pointer) int {
	return int(kbubbleassoc(p, currentBubble().id, true))
}

//go:linkname synctest_disassociate internal/synctest.disassociate
func synctest_disassociate(p unsafe.Pointer) { kbubbledisassoc(p) }

//go:linkname synctest_isAssociated internal/synctest.isAssociated
func synctest_isAssociated(p unsafe.Pointer) bool {
	return kbubbleassoc(p, currentBubble().id, false) == 1
}

// synctest_acquire keeps the current bubble from being idle until it is released.
//
//go:linkname synctest_acquire internal/synctest.acquire
func synctest_acquire() any {
	b := currentBubble()
	if b == nil {
		return nil
	}
	kbubbleadd(unsafe.Pointer(b), 1)
	return b
}

//go:linkname synctest_release internal/synctest.release
func synctest_release(b any) { kbubbleadd(unsafe.Pointer(b.(*synctestBubble)), -1) }

//go:linkname synctest_inBubble internal/synctest.inBubble
func synctest_inBubble(b any, f func()) {
	if currentBubble() != nil {
		panic("goroutine is already bubbled")
	}
	ksetbubble(unsafe.Pointer(b.(*synctestBubble)))
	defer ksetbubble(nil)
	f()
}

// runTimers fires the timers that are due. Timers of one instant fire in random order.
func (b *synctestBubble) runTimers() {
	for b.next != 0 && b.next <= b.now {
		b.timers[0].fire(b.now)
	}
}

// sleep is time.Sleep in a bubble: a timer that readies the goroutine.
func (b *synctestBubble) sleep(ns int64) {
	t := &timer{f: wakeSleeper, arg: kgetg(), bubble: b}
	t.arm(b.now+ns, 0)
	kgopark(waitReasonSleep)
}

func wakeSleeper(gp any, _ uintptr, _ int64) { kgoready(gp.(unsafe.Pointer)) }

func earlier(t, u *timer) bool { return t.when < u.when || t.when == u.when && t.rand < u.rand }

// add puts t into the heap, or moves it there after t.when changed.
func (b *synctestBubble) add(t *timer) {
	t.rand = cheaprand()
	if t.heap == 0 {
		b.timers = append(b.timers, t)
		t.heap = uint64(len(b.timers))
	}
	b.fix(int(t.heap) - 1)
	b.next = max(b.timers[0].when, 1)
}

func (b *synctestBubble) remove(t *timer) {
	if t.heap == 0 {
		return
	}
	i, last := int(t.heap)-1, len(b.timers)-1
	b.swap(i, last)
	b.timers[last] = nil
	b.timers = b.timers[:last]
	t.heap = 0
	b.next = 0
	if last > 0 {
		if i < last {
			b.fix(i)
		}
		b.next = max(b.timers[0].when, 1)
	}
}

func (b *synctestBubble) swap(i, j int) {
	h := b.timers
	h[i], h[j] = h[j], h[i]
	h[i].heap, h[j].heap = uint64(i+1), uint64(j+1)
}

// fix restores the heap's order round element i, which has changed.
func (b *synctestBubble) fix(i int) {
	h := b.timers
	for i > 0 && earlier(h[i], h[(i-1)/2]) {
		b.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
	for {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(h); c++ {
			if earlier(h[c], h[least]) {
				least = c
			}
		}
		if least == i {
			return
		}
		b.swap(i, least)
		i = least
	}
}

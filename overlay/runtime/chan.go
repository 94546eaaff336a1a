package runtime

// Channels and select: the kernel does the work, the panics and the timers' channels are here.

import (
	"unsafe"
)

const (
	chanWouldBlock = 0
	chanClosed     = 1 // chanrecv: closed and empty
	chanSent       = 1
	chanSendClosed = 2
	chanReceived   = 3
	chanForeign    = 4 // of a synctest bubble that the goroutine is not in
	chanTimer      = 5 // the channel is a timer's
)

type hchan struct{ _ uint64 }

type scase struct {
	c    *hchan
	elem unsafe.Pointer
}

func makechan(t *chantype, size int) *hchan {
	c := (*hchan)(kmakechan(unsafe.Pointer(t.Elem), int64(size)))
	if c == nil {
		panic(plainError("makechan: size out of range"))
	}
	return c
}

func makechan64(t *chantype, size int64) *hchan { return makechan(t, int(size)) }

//go:linkname reflect_makechan reflect.makechan
func reflect_makechan(t *chantype, size int) *hchan { return makechan(t, size) }

func panicSendClosed() { panic(plainError("send on closed channel")) }

// chansend1 and the receives are small, so that they are inlined; what is rare is elsewhere.
func chansend1(c *hchan, elem unsafe.Pointer) {
	if blockRate != 0 {
		sendProfiled(c, elem)
		return
	}
	if r := kchansend(unsafe.Pointer(c), elem, true); r > chanSent {
		sendFailed(r)
	}
}

// sendProfiled is chansend1 for the blocking profile: only what waits is an event, of the caller's caller.
func sendProfiled(c *hchan, elem unsafe.Pointer) {
	if c != nil && sent(kchansendnb(unsafe.Pointer(c), elem)) {
		return
	}
	start := blockStart()
	r := kchansend(unsafe.Pointer(c), elem, true)
	blockEnd(start, 1)
	sent(r)
}

//go:noinline
func sendFailed(r int32) {
	if r == chanForeign {
		fatal("send on synctest channel from outside bubble")
	}
	panicSendClosed()
}

// sent reports whether a send took place, if it is none that fails.
func sent(r int32) bool {
	if r > chanSent {
		sendFailed(r)
	}
	return r != chanWouldBlock
}

// received reports whether a receive got a value, if it is none that fails.
func received(r int32) bool {
	if r == chanForeign {
		fatal("receive on synctest channel from outside bubble")
	}
	return r == chanReceived
}

func chanrecv1(c *hchan, elem unsafe.Pointer) {
	if blockRate != 0 {
		received(recvProfiled(c, elem))
		return
	}
	if r := kchanrecv(unsafe.Pointer(c), elem, true); r > chanReceived {
		recvSpecial(c, elem, r)
	}
}

func chanrecv2(c *hchan, elem unsafe.Pointer) bool {
	if blockRate != 0 {
		return received(recvProfiled(c, elem))
	}
	r := kchanrecv(unsafe.Pointer(c), elem, true)
	if r > chanReceived {
		r = recvSpecial(c, elem, r)
	}
	return r == chanReceived
}

// recvSpecial makes a receive from a timer's channel, with the timer in the heap while it waits; r is what kchanrecv gave.
//
//go:noinline
func recvSpecial(c *hchan, elem unsafe.Pointer, r int32) int32 {
	if r == chanTimer {
		t := (*timer)(kchantimer(unsafe.Pointer(c)))
		t.touch()
		t.block()
		r = kchanrecvtimer(unsafe.Pointer(c), elem)
		t.unblock()
	}
	received(r)
	return r
}

// recvProfiled receives for the blocking profile: only what waits is an event, of the caller's caller.
func recvProfiled(c *hchan, elem unsafe.Pointer) int32 {
	if c != nil {
		beforeRecv(c)
		if r := kchanrecvnb(unsafe.Pointer(c), elem); r != chanWouldBlock {
			return r
		}
	}
	start := blockStart()
	r := kchanrecv(unsafe.Pointer(c), elem, true)
	if r == chanTimer {
		r = recvSpecial(c, elem, r)
	}
	blockEnd(start, 1)
	return r
}

// beforeRecv brings the channel of a timer up to date: such a timer may be checked only when somebody looks.
func beforeRecv(c *hchan) {
	if t := (*timer)(kchantimer(unsafe.Pointer(c))); t != nil {
		t.touch()
	}
}

func selectnbsend(c *hchan, elem unsafe.Pointer) bool {
	return sent(kchansendnb(unsafe.Pointer(c), elem))
}

func selectnbrecv(elem unsafe.Pointer, c *hchan) (selected, ok bool) {
	beforeRecv(c)
	r := kchanrecvnb(unsafe.Pointer(c), elem)
	return r != chanWouldBlock, received(r)
}

func selectgo(cas0 *scase, order0 *uint16, pc0 *uintptr, nsends, nrecvs int, block bool) (int, bool) {
	recvs := unsafe.Slice((*scase)(add(unsafe.Pointer(cas0), uintptr(nsends)*unsafe.Sizeof(scase{}))), nrecvs)
	timers := 0
	for i := range recvs {
		if t := (*timer)(kchantimer(unsafe.Pointer(recvs[i].c))); t != nil {
			t.touch()
			timers++
		}
	}
	if timers > 0 && block {
		eachTimer(recvs, (*timer).block)
	}
	i, how := int32(-1), int32(0)
	var start int64
	if blockRate != 0 && block {
		if i, how = kselectgo(unsafe.Pointer(cas0), unsafe.Pointer(order0), int32(nsends), int32(nrecvs), false); i < 0 {
			start = blockStart()
		}
	}
	if i < 0 {
		i, how = kselectgo(unsafe.Pointer(cas0), unsafe.Pointer(order0), int32(nsends), int32(nrecvs), block)
	}
	if start != 0 {
		blockEnd(start, 0)
	}
	if timers > 0 && block {
		eachTimer(recvs, (*timer).unblock)
	}
	switch how {
	case chanSendClosed:
		panicSendClosed()
	case chanForeign:
		fatal("select on synctest channel from outside bubble")
	}
	return int(i), how == 1
}

// eachTimer calls f for the timers of the cases' channels.
func eachTimer(cases []scase, f func(*timer)) {
	for i := range cases {
		if t := (*timer)(kchantimer(unsafe.Pointer(cases[i].c))); t != nil {
			f(t)
		}
	}
}

func closechan(c *hchan) {
	switch kclosechan(unsafe.Pointer(c)) {
	case 1:
		panic(plainError("close of nil channel"))
	case 2:
		panic(plainError("close of closed channel"))
	case chanForeign:
		fatal("close of synctest channel from outside bubble")
	}
}

// chanlen and chancap: the channel of a timer looks unbuffered.
func chanlen(c *hchan) int {
	if t := (*timer)(kchantimer(unsafe.Pointer(c))); t != nil {
		if !asyncTimerChan {
			return 0
		}
		t.touch()
	}
	return int(kchanlen(unsafe.Pointer(c)))
}

func chancap(c *hchan) int {
	if kchantimer(unsafe.Pointer(c)) != nil && !asyncTimerChan {
		return 0
	}
	return int(kchancap(unsafe.Pointer(c)))
}

//go:linkname reflect_chanlen reflect.chanlen
func reflect_chanlen(c *hchan) int { return chanlen(c) }

//go:linkname reflectlite_chanlen internal/reflectlite.chanlen
func reflectlite_chanlen(c *hchan) int { return chanlen(c) }

//go:linkname reflect_chancap reflect.chancap
func reflect_chancap(c *hchan) int { return chancap(c) }

//go:linkname reflect_chanclose reflect.chanclose
func reflect_chanclose(c *hchan) { closechan(c) }

//go:linkname reflect_chansend reflect.chansend0
func reflect_chansend(c *hchan, elem unsafe.Pointer, nb bool) bool {
	if nb {
		return selectnbsend(c, elem)
	}
	chansend1(c, elem)
	return true
}

//go:linkname reflect_chanrecv reflect.chanrecv
func reflect_chanrecv(c *hchan, nb bool, elem unsafe.Pointer) (selected, received bool) {
	if nb {
		return selectnbrecv(elem, c)
	}
	return true, chanrecv2(c, elem)
}

type selectDir int

const (
	_ selectDir = iota
	selectSend
	selectRecv
	selectDefault
)

// runtimeSelect is a case of reflect.Select.
type runtimeSelect struct {
	dir selectDir
	typ unsafe.Pointer
	ch  *hchan
	val unsafe.Pointer
}

// reflect_rselect orders the cases sends first, as selectgo wants them.
//
//go:linkname reflect_rselect reflect.rselect
func reflect_rselect(cases []runtimeSelect) (int, bool) {
	if len(cases) == 0 {
		block()
	}
	sel := make([]scase, 0, len(cases))
	orig := make([]int, 0, len(cases))
	dflt := -1
	nsends := 0
	for want := selectSend; want <= selectRecv; want++ {
		for i, rc := range cases {
			switch {
			case rc.dir == selectDefault:
				dflt = i
			case rc.dir == want:
				sel = append(sel, scase{c: rc.ch, elem: rc.val})
				orig = append(orig, i)
			}
		}
		if want == selectSend {
			nsends = len(sel)
		}
	}
	if len(sel) == 0 {
		return dflt, false
	}
	order := make([]uint16, 2*len(sel))
	chosen, recvOK := selectgo(&sel[0], &order[0], nil, nsends, len(sel)-nsends, dflt == -1)
	if chosen < 0 {
		return dflt, false
	}
	return orig[chosen], recvOK
}

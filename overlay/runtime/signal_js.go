package runtime

// Signals under GOOS=js: the host delivers those that os/signal asked for. One goroutine waits for them, in signal_recv.

//go:wasmimport goloom signal_enable
func hostSignalEnable(s uint32)

//go:wasmimport goloom signal_disable
func hostSignalDisable(s uint32)

//go:wasmimport goloom signal_ignore
func hostSignalIgnore(s uint32)

//go:wasmimport goloom signal_wait
func hostSignalWait(id uint32)

//go:wasmimport goloom signal_send
func hostSignalSend(s uint32)

//go:wasmimport goloom signal_raise
func hostSignalRaise(s uint32)

const sigPipe = 13

// Sets of signals, a bit each: delivered, ignored; and whether the goroutine of signal_recv waits.
var (
	sigWanted  uint64
	sigIgnored uint64
	sigIdle    bool
)

//go:linkname signal_enable os/signal.signal_enable
func signal_enable(s uint32) {
	sigWanted |= 1 << s
	sigIgnored &^= 1 << s
	konm0()
	hostSignalEnable(s)
	koffm0()
}

//go:linkname signal_disable os/signal.signal_disable
func signal_disable(s uint32) {
	sigWanted &^= 1 << s
	sigIgnored &^= 1 << s
	konm0()
	hostSignalDisable(s)
	koffm0()
}

//go:linkname signal_ignore os/signal.signal_ignore
func signal_ignore(s uint32) {
	sigWanted &^= 1 << s
	sigIgnored |= 1 << s
	konm0()
	hostSignalIgnore(s)
	koffm0()
}

//go:linkname signal_ignored os/signal.signal_ignored
func signal_ignored(s uint32) bool { return sigIgnored&(1<<s) != 0 }

//go:linkname signal_recv os/signal.signal_recv
func signal_recv() uint32 {
	for {
		id := knewcompletion()
		konm0()
		hostSignalWait(id)
		koffm0()
		sigIdle = true
		s := uint32(kcompletionwait(id))
		sigIdle = false
		if sigWanted&(1<<s) != 0 {
			return s
		}
	}
}

//go:linkname signalWaitUntilIdle os/signal.signalWaitUntilIdle
func signalWaitUntilIdle() {
	for !sigIdle {
		Gosched()
	}
}

// os_sigpipe: a write to a standard stream that nobody reads is what the system sends SIGPIPE for; the host's process has it
// switched off.
//
//go:linkname os_sigpipe os.sigpipe
func os_sigpipe() {
	if signal_ignored(sigPipe) {
		return
	}
	if sigWanted&(1<<sigPipe) != 0 {
		konm0()
		hostSignalSend(sigPipe)
		koffm0()
		return
	}
	konm0()
	hostSignalRaise(sigPipe)
	koffm0()
	kexit(2)
}

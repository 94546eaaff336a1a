package runtime

// Tracebacks as gc prints them, and the ends of a program that print them: unrecovered panics, throw, the fatal
// conditions that the kernel finds. Frames come from memory: a goroutine that prints its own is suspended for it.

import (
	"internal/runtime/pprof/label"
	"unsafe"
)

const maxFrames = 100

// gstatus numbers are gc's.
const (
	gIdle     = 0
	gRunnable = 1
	gRunning  = 2
	gWaiting  = 4
	gDead     = 6
)

var statusTexts = [...]string{"idle", "runnable", "running", "syscall", "waiting", "", "dead", "", "copystack", "preempted"}

// waitTexts: the kernel's wait reasons (abi.waitReasons).
var waitTexts = [...]string{
	"", "GC assist marking", "IO wait", "chan receive (nil chan)", "chan send (nil chan)", "dumping heap", "garbage collection",
	"garbage collection scan", "panicwait", "select", "select (no cases)", "GC assist wait", "GC sweep wait", "GC scavenge wait",
	"chan receive", "chan send", "finalizer wait", "force gc (idle)", "GOMAXPROCS updater (idle)", "semacquire", "sleep", "sync.Cond.Wait",
	"sync.Mutex.Lock", "sync.RWMutex.RLock", "sync.RWMutex.Lock", "sync.WaitGroup.Wait", "trace reader (blocked)", "wait for GC cycle",
	"GC worker (idle)", "GC worker (active)", "preempted", "debug call", "GC mark termination", "stopping the world", "flushing proc caches",
	"trace goroutine status", "trace proc status", "page trace flush", "coroutine", "GC weak to strong wait", "synctest.Run", "synctest.Wait",
	"chan receive (durable)", "chan send (durable)", "select (durable)", "sync.WaitGroup.Wait (durable)", "cleanup wait",
}

// ginfo is what the kernel says of a goroutine.
type ginfo struct {
	goid, status, reason, gopc, parent, since, flags, fn uint64 // the kernel's ginfo
	gp                                                   *kg
}

// bubble is the id of the goroutine's synctest bubble, 0 without one.
func (info ginfo) bubble() uint32 { return uint32(info.flags >> 32) }

const (
	gSystem = 1
	gLocked = 2
)

func infoOf(gp unsafe.Pointer) (info ginfo) {
	kginfo(gp, unsafe.Pointer(&info))
	info.gp = (*kg)(gp)
	return info
}

// level is GOTRACEBACK: 0 none, 1 single, 2 system or crash; all: every goroutine.
var (
	tracebackLevel = 1
	tracebackAll   = false
)

func setTraceback(level string) {
	switch level {
	case "none":
		tracebackLevel, tracebackAll = 0, false
	case "single", "":
		tracebackLevel, tracebackAll = 1, false
	case "all":
		tracebackLevel, tracebackAll = 1, true
	case "system", "crash":
		tracebackLevel, tracebackAll = 2, true
	default:
		tracebackAll = true
		n := 0
		for i := 0; i < len(level); i++ {
			if level[i] < '0' || level[i] > '9' {
				return
			}
			n = n*10 + int(level[i]-'0')
		}
		tracebackLevel = n
	}
}

//go:linkname setTracebackDebug runtime/debug.SetTraceback
func setTracebackDebug(level string) { setTraceback(level) }

// dying is the goroutine that ends the program.
var dying unsafe.Pointer

// dieFromThrow prints the traceback and ends the program with status 2. p is nil for throw.
func dieFromThrow(p *_panic) {
	if dying == kgetg() {
		kexit(5)
	}
	kstopworld() // for good: another goroutine that dies waits for its turn
	dying = kgetg()
	getkg().ext().printDepth = 0
	if tracebackLevel > 0 {
		var pcs [maxFrames + 1]uintptr
		var sites [maxFrames + 1]uint32
		n := callersAt(1, pcs[:], sites[:])
		print("\n")
		printGoroutine(infoOf(kgetg()), "running", pcs[:n], sites[:n], p != nil)
		if tracebackAll || p == nil {
			printOthers(kgetg(), 0)
		} else if e, ok := p.arg.(synctestDeadlockError); ok {
			printOthers(kgetg(), e.bubble.id)
		}
	}
	kexit(2)
}

// fatalCondition runs on a system goroutine when the kernel finds that the program can't go on.
func fatalCondition() {
	all := true
	var about unsafe.Pointer
	switch kfatalreason() {
	case fatalDeadlock:
		print("fatal error: all goroutines are asleep - deadlock!\n")
	case fatalNoGoroutines:
		print("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n")
	case fatalStackOverflow:
		about = kfatalg()
		all = tracebackAll
		print("runtime: goroutine stack exceeds ", maxstack(), "-byte limit\n")
		print("fatal error: stack overflow\n")
	case fatalOutOfMemory:
		print("fatal error: runtime: out of memory\n")
	case fatalQuit:
		print("SIGQUIT: quit\nPC=0x0 m=0 sigcode=0\n")
	}
	kstopworld() // for good
	if tracebackLevel > 0 {
		if about != nil {
			print("\n")
			printWaiting(about, "running")
		}
		if all {
			printOthers(about, 0)
		}
	}
	kexit(2)
}

func maxstack() int64 {
	n := ksetmaxstack(0)
	ksetmaxstack(n)
	return n
}

// printOthers prints every goroutine of the program, or of a synctest bubble, but one. The world is stopped.
func printOthers(but unsafe.Pointer, bubble uint32) {
	for i := int32(0); i < kallglen(); i++ {
		gp := kallg(i)
		info := infoOf(gp)
		if gp == but || info.status == gDead || info.status == gIdle || info.flags&gSystem != 0 && tracebackLevel < 2 || bubble != 0 && info.bubble() != bubble {
			continue
		}
		print("\n")
		printWaiting(gp, "")
	}
}

func printWaiting(gp unsafe.Pointer, status string) {
	info := infoOf(gp)
	if status == "" {
		status = statusText(info)
	}
	var pcs [maxFrames + 1]uintptr
	var sites [maxFrames + 1]uint32
	n := gcallers(gp, 0, pcs[:], sites[:])
	printGoroutine(info, status, pcs[:n], sites[:n], false)
}

func statusText(info ginfo) string {
	status := "???"
	if info.status < uint64(len(statusTexts)) {
		status = statusTexts[info.status]
	}
	if info.status == gWaiting && info.reason != 0 && info.reason < uint64(len(waitTexts)) {
		status = waitTexts[info.reason]
		if info.bubble() != 0 && isDurable(info.reason) && !hasSuffix(status, "(durable)") {
			status += " (durable)"
		}
	}
	if info.since != 0 {
		if minutes := (nanotime() - int64(info.since)) / 60e9; minutes >= 1 {
			status += ", " + itoaString(uint64(minutes)) + " minutes"
		}
	}
	if info.flags&gLocked != 0 {
		status += ", locked to thread"
	}
	if b := info.bubble(); b != 0 {
		status += ", synctest bubble " + itoaString(uint64(b))
	}
	return status
}

// isDurable: the kernel's list of wait reasons that only the bubble itself can end (bubble.ts).
func isDurable(reason uint64) bool {
	switch reason {
	case waitReasonChanReceiveNil, waitReasonChanSendNil, waitReasonSelectNoCases, waitReasonSleep, waitReasonSyncCondWait,
		waitReasonCoroutine, waitReasonSynctestRun, waitReasonSynctestWait:
		return true
	}
	return false
}

func itoaString(v uint64) string {
	var buf [20]byte
	return string(itoa(buf[:], v))
}

// tracebackLabels is GODEBUG=tracebacklabels: the goroutines' pprof labels show in tracebacks.
var tracebackLabels bool

func printLabels(labels []label.Label) {
	for i, l := range labels {
		print([]string{" labels:{", ", "}[min(i, 1)])
		printQuoted(l.Key)
		print(": ")
		printQuoted(l.Value)
	}
	if len(labels) > 0 {
		print("}")
	}
}

// printQuoted prints s as a Go string in ASCII.
func printQuoted(s string) {
	const digits = "0123456789abcdef"
	b := []byte{'"'}
	for _, r := range s {
		n := 0
		switch {
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r == '\\' || r == '"':
			b = append(b, '\\', byte(r))
		case ' ' <= r && r <= '~':
			b = append(b, byte(r))
		case r < 127:
			b, n = append(b, `\x`...), 2
		case r < 0x10000:
			b, n = append(b, `\u`...), 4
		default:
			b, n = append(b, `\U`...), 8
		}
		for n--; n >= 0; n-- {
			b = append(b, digits[r>>(4*n)&15])
		}
	}
	print(string(append(b, '"')))
}

// printGoroutine prints a header and the frames; sites as in expand. skipRuntime leaves out the panic machinery on top.
func printGoroutine(info ginfo, status string, pcs []uintptr, sites []uint32, skipRuntime bool) {
	printlock()
	print("goroutine ", info.goid, " [", status)
	if x := info.gp.gx; tracebackLabels && x != nil && x.labels != nil {
		printLabels((*label.Set)(x.labels).List)
	}
	print("]:\n")
	printed := 0
	top := skipRuntime
	for i, pc := range pcs {
		if pc < inlinePC {
			continue // goexit
		}
		p := posAt(uint32(pc-inlinePC) / 2)
		name := stringAt(p.fn)
		if top && hasPrefix(name, "runtime.") {
			continue
		}
		top = false
		if !showFrame(name) {
			continue
		}
		if printed == maxFrames {
			print("...additional frames elided...\n")
			break
		}
		printFrame(name, p, sites[i])
		printed++
	}
	if info.gopc != 0 {
		printCreator(info)
	}
	printunlock()
}

// showFrame: the runtime's own frames are shown only where they are part of its API, or on request.
func showFrame(name string) bool {
	if tracebackLevel > 1 || !hasPrefix(name, "runtime.") {
		return true
	}
	if name == "runtime.gopanic" {
		return true
	}
	c := name[len("runtime.")]
	return c >= 'A' && c <= 'Z' || hasPrefix(name, "runtime.(*") && name[len("runtime.(*")] <= 'Z'
}

// printFrame prints a frame. Arguments are not known: "(...)" stands for them. Where gc prints how far into the function's code the
// call is, here it is the site's number among the function's; an inlined call has no site of its own.
func printFrame(name string, p *posRecord, site uint32) {
	if name == "runtime.gopanic" {
		name = "panic"
	}
	print(shortenInstance(name))
	if site == 0 {
		print("(...)\n\t", stringAt(p.file), ":", p.line, "\n")
		return
	}
	f := funcAt(siteAt(site).fn & 0xffffff)
	if f.flags&funcNoArgs != 0 {
		print("()")
	} else {
		print("(...)")
	}
	print("\n\t", stringAt(p.file), ":", p.line, " +", hex(site-f.firstSite+1), "\n")
}

func printCreator(info ginfo) {
	by := (*creator)(unsafe.Pointer(uintptr(info.gopc)))
	if !showFrame(by.fn) {
		return
	}
	print("created by ", shortenInstance(by.fn))
	if info.parent != 0 {
		print(" in goroutine ", info.parent)
	}
	print("\n\t", by.file, ":", by.line, "\n")
}

func hasSuffix(s, suffix string) bool {
	return len(s) >= len(suffix) && s[len(s)-len(suffix):] == suffix
}

func hasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && s[:len(prefix)] == prefix
}

// Stack formats a stack trace of the calling goroutine into buf
// and returns the number of bytes written to buf.
// If all is true, Stack formats stack traces of all other goroutines
// into buf after the trace for the current goroutine.
func Stack(buf []byte, all bool) int {
	x := getkg().ext()
	saved := x.printBuf
	depth := x.printDepth
	x.printBuf, x.printDepth = make([]byte, 0, 1<<15), 1
	var pcs [maxFrames + 1]uintptr
	var sites [maxFrames + 1]uint32
	n := callersAt(1, pcs[:], sites[:])
	printGoroutine(infoOf(kgetg()), "running", pcs[:n], sites[:n], false)
	if all {
		stopTheWorld()
		printOthers(kgetg(), 0)
		startTheWorld()
	}
	n = copy(buf, x.printBuf)
	x.printBuf, x.printDepth = saved, depth
	return n
}

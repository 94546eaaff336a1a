package runtime

// The kernel's functions, as src/abi/kernel.ts lists them. A suspending one may give the processor to other
// goroutines before it returns.

import "unsafe"

// kg is the head of the kernel's goroutine descriptor (abi.G): the words that compiled code and this package use.
type kg struct {
	kres     [4]uint64
	deferTop uint32
	deferFn  uint32
	_panic   *_panic
	gx       *gext
	goid     uint64
}

// gext is what this package keeps of a goroutine, made when first needed.
type gext struct {
	printDepth int
	printBuf   []byte
	labels     unsafe.Pointer // pprof labels
	fips       uint8          // FIPS 140 service indicator
	fipsBypass bool
	coroarg    *coro
	faultPanic bool
}

func (g *kg) ext() *gext {
	if g.gx == nil {
		g.gx = new(gext)
	}
	return g.gx
}

func (g *kg) top() *deferFrame { return (*deferFrame)(unsafe.Pointer(uintptr(g.deferTop))) }

func (g *kg) setTop(df *deferFrame) { g.deferTop = uint32(uintptr(unsafe.Pointer(df))) }

func getkg() *kg { return (*kg)(kgetg()) }

// Goroutines.

//goloom:kernel newproc
func knewproc(fn unsafe.Pointer, pc uint64)

//goloom:kernel newg
func knewg(fn unsafe.Pointer, pc uint64) unsafe.Pointer

//goloom:kernel newsystemg
func knewsystemg(fn unsafe.Pointer)

//goloom:kernel getg
func kgetg() unsafe.Pointer

//goloom:kernel gopark suspends
func kgopark(reason uint32)

//goloom:kernel goready
func kgoready(gp unsafe.Pointer)

//goloom:kernel Gosched suspends
func kgosched()

//goloom:kernel goexit suspends
func kgoexit()

//goloom:kernel recovery suspends
func krecovery(df unsafe.Pointer)

//goloom:kernel block suspends
func kblock(reason uint32)

//goloom:kernel procpin
func kprocpin() int32

//goloom:kernel procunpin
func kprocunpin()

//goloom:kernel gomaxprocs
func kgomaxprocs() int32

//goloom:kernel setmaxprocs
func ksetmaxprocs(n int32)

//goloom:kernel stopworld suspends
func kstopworld()

//goloom:kernel startworld
func kstartworld()

//goloom:kernel lastingcall suspends
func klastingcall(call unsafe.Pointer) bool

//goloom:kernel blockingcall suspends
//go:noescape
func kblockingcall(call unsafe.Pointer, long bool) bool

//goloom:kernel lockthread
func klockthread()

//goloom:kernel unlockthread
func kunlockthread()

//goloom:kernel traceevent
func ktraceevent(kind uint32, a, b, c uint64)

//goloom:kernel traceswap
func ktraceswap(on bool) unsafe.Pointer

//goloom:kernel tracefree
func ktracefree(chains unsafe.Pointer)

//goloom:kernel tracebytes
func ktracebytes() uint32

//goloom:kernel canspin
func kcanspin(i int32) bool

//goloom:kernel dospin
func kdospin()

//goloom:kernel ncpu
func kncpu() int32

//goloom:kernel gcount
func kgcount() int32

//goloom:kernel setmaxstack
func ksetmaxstack(n int64) int64

//goloom:kernel coroswitch suspends
func kcoroswitch(slot unsafe.Pointer)

//goloom:kernel coroexit suspends
func kcoroexit(slot unsafe.Pointer)

//goloom:kernel callers suspends
func kcallers(skip int32, buf unsafe.Pointer, n int32) int32

//goloom:kernel gcallers
func kgcallers(gp unsafe.Pointer, skip int32, buf unsafe.Pointer, n int32) int32

//goloom:kernel allglen
func kallglen() int32

//goloom:kernel allg
func kallg(i int32) unsafe.Pointer

//goloom:kernel ginfo
func kginfo(gp, out unsafe.Pointer)

// Channels.

//goloom:kernel makechan
func kmakechan(elem unsafe.Pointer, size int64) unsafe.Pointer

//goloom:kernel chansend suspends
func kchansend(c, elem unsafe.Pointer, block bool) int32

//goloom:kernel chanrecv suspends
func kchanrecv(c, elem unsafe.Pointer, block bool) int32

//goloom:kernel chanrecvtimer suspends
func kchanrecvtimer(c, elem unsafe.Pointer) int32

//goloom:kernel chansendnb
func kchansendnb(c, elem unsafe.Pointer) int32

//goloom:kernel chanrecvnb
func kchanrecvnb(c, elem unsafe.Pointer) int32

//goloom:kernel closechan
func kclosechan(c unsafe.Pointer) int32

//goloom:kernel chanlen
func kchanlen(c unsafe.Pointer) int32

//goloom:kernel chancap
func kchancap(c unsafe.Pointer) int32

//goloom:kernel chantimer
func kchantimer(c unsafe.Pointer) unsafe.Pointer

//goloom:kernel setchantimer
func ksetchantimer(c, t unsafe.Pointer)

//goloom:kernel selectgo suspends
func kselectgo(cas0, order0 unsafe.Pointer, nsends, nrecvs int32, block bool) (int32, int32)

// Semaphores, notify lists, time.

//goloom:kernel semacquire1 suspends
func ksemacquire1(addr unsafe.Pointer, lifo bool, reason uint32)

//goloom:kernel semnwait
func ksemnwait(addr unsafe.Pointer) uint32

//goloom:kernel semrelease1 suspends
func ksemrelease1(addr unsafe.Pointer, handoff bool)

//goloom:kernel notifyListAdd
func knotifyListAdd(l unsafe.Pointer) uint32

//goloom:kernel notifyListWait suspends
func knotifyListWait(l unsafe.Pointer, t uint32)

//goloom:kernel notifyListNotifyAll
func knotifyListNotifyAll(l unsafe.Pointer) int64

//goloom:kernel notifyListNotifyOne
func knotifyListNotifyOne(l unsafe.Pointer) int64

//goloom:kernel timeSleep suspends
func ktimeSleep(ns int64)

//goloom:kernel timeradd
func ktimeradd(t unsafe.Pointer, when int64)

//goloom:kernel timerdel
func ktimerdel(t unsafe.Pointer) bool

//goloom:kernel timerwait suspends
func ktimerwait()

//goloom:kernel timertake
func ktimertake(now int64) unsafe.Pointer

//goloom:kernel nanotime
func nanotime() int64

//goloom:kernel walltime
func kwalltime() int64

//goloom:kernel cheaprand
func cheaprand() uint32

// Heap.

//goloom:kernel mallocgc
func kmallocgc(size uint32, typ unsafe.Pointer, flags uint32) unsafe.Pointer

//goloom:kernel roundupsize
func kroundupsize(size uint32, noscan bool) uint32

//goloom:kernel onstack
func konstack(p unsafe.Pointer) bool

//goloom:kernel objectbase
func kobjectbase(p unsafe.Pointer) unsafe.Pointer

//goloom:kernel objectsize
func kobjectsize(p unsafe.Pointer) uint32

//goloom:kernel gcrun suspends
func kgcrun()

//goloom:kernel setgcpercent
func ksetgcpercent(percent int32) int32

//goloom:kernel setmemorylimit
func ksetmemorylimit(limit int64) int64

//goloom:kernel memstats
func kmemstats(out unsafe.Pointer)

//goloom:kernel sizestats
func ksizestats(out unsafe.Pointer)

//goloom:kernel gcpauses
func kgcpauses(buf unsafe.Pointer, n int32) int32

//goloom:kernel addfinalizer
func kaddfinalizer(obj, fn, ot, fint unsafe.Pointer) int32

//goloom:kernel removefinalizer
func kremovefinalizer(obj unsafe.Pointer)

//goloom:kernel addcleanup
func kaddcleanup(obj, fn unsafe.Pointer) uint64

//goloom:kernel removecleanup
func kremovecleanup(obj unsafe.Pointer, id uint64)

//goloom:kernel finwait suspends
func kfinwait()

//goloom:kernel fintake
func kfintake(out unsafe.Pointer) int32

//goloom:kernel finidle
func kfinidle() bool

//goloom:kernel registerweak
func kregisterweak(p unsafe.Pointer) unsafe.Pointer

//goloom:kernel strongfromweak
func kstrongfromweak(handle unsafe.Pointer) unsafe.Pointer

// Synctest bubbles.

//goloom:kernel setbubble
func ksetbubble(b unsafe.Pointer)

//goloom:kernel getbubble
func kgetbubble() unsafe.Pointer

//goloom:kernel bubbleadd
func kbubbleadd(b unsafe.Pointer, delta int32)

//goloom:kernel bubbleassoc
func kbubbleassoc(p unsafe.Pointer, id uint32, add bool) int32

//goloom:kernel bubbledisassoc
func kbubbledisassoc(p unsafe.Pointer)

// Process.

//goloom:kernel setfatal
func ksetfatal(fn unsafe.Pointer)

//goloom:kernel fatalreason
func kfatalreason() int32

//goloom:kernel fatalg
func kfatalg() unsafe.Pointer

//goloom:kernel exit
func kexit(code int32)

//goloom:kernel kwrite
func kwrite(fd int32, p unsafe.Pointer, n int32) int32

//goloom:kernel proginfo
func kproginfo() unsafe.Pointer

// Answers of the host, JavaScript.

//goloom:kernel newcompletion
func knewcompletion() uint32

//goloom:kernel completionwait suspends
func kcompletionwait(id uint32) int32

//goloom:kernel netpollopen
func knetpollopen(host bool) uint32

//goloom:kernel netpollclose
func knetpollclose(pd uint32)

//goloom:kernel netpollreset
func knetpollreset(pd, mode uint32) int32

//goloom:kernel netpollwait suspends
func knetpollwait(pd, mode uint32, regardless bool) int32

//goloom:kernel netpollready
func knetpollready(pd, mode uint32)

//goloom:kernel netpollexpire
func knetpollexpire(pd, mode uint32, expired bool)

//goloom:kernel netpollunblock
func knetpollunblock(pd uint32)

//goloom:kernel polladd
func kpolladd(fd int32, mode, id uint32)

//goloom:kernel pollcancel
func kpollcancel(id uint32)

//goloom:kernel onm0 suspends
func konm0()

//goloom:kernel importcall suspends
func kimportcall(fn unsafe.Pointer)

//goloom:kernel onfiles suspends
func konfiles()

//goloom:kernel offm0
func koffm0()

//goloom:kernel jscall suspends
func kjscall(call unsafe.Pointer) int32

//goloom:kernel setevent
func ksetevent(fn unsafe.Pointer)

// Reasons for a fatal condition that the kernel finds (abi.Fatal).
const (
	fatalDeadlock      = 1
	fatalStackOverflow = 2
	fatalNoGoroutines  = 3
	fatalOutOfMemory   = 4
	fatalQuit          = 5
)

// Wait reasons this package gives (indices of abi.waitReasons).
const (
	waitReasonZero              = 0
	waitReasonIOWait            = 2
	waitReasonChanReceiveNil    = 3
	waitReasonChanSendNil       = 4
	waitReasonSelectNoCases     = 10
	waitReasonSemacquire        = 19
	waitReasonSleep             = 20
	waitReasonSyncCondWait      = 21
	waitReasonSyncMutexLock     = 22
	waitReasonSyncRWMutexRLock  = 23
	waitReasonSyncRWMutexLock   = 24
	waitReasonSyncWaitGroupWait = 25
	waitReasonTraceReader       = 26
	waitReasonCoroutine         = 38
	waitReasonSynctestRun       = 40
	waitReasonSynctestWait      = 41
	waitReasonSynctestWaitGroup = 45
	waitReasonCleanupWait       = 46
)

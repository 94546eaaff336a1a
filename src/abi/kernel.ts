// The kernel's functions that Go code of the overlay can declare with `//goloom:kernel name [suspends]`: Go-level
// signatures, and whether a call suspends. A test compares this table with the exports of base.wasm.
// Pointers are i32 in wasm, bool/int32/uint32 i32, int64/uint64 i64. A plain function has at most one result (wasm result).
// A suspending function returns the status; its results are in the G's result words (G.KRES + 8*i), never pointers.

export interface KernelFunc {
  readonly name: string;
  readonly params: readonly GoType[];
  readonly results: readonly GoType[];
  readonly suspends: boolean;
  readonly doc: string;
}
export type GoType = 'unsafe.Pointer' | 'bool' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float64';

const ptr = 'unsafe.Pointer', bool = 'bool', i32 = 'int32', u32 = 'uint32', i64 = 'int64', u64 = 'uint64';
const plain = (name: string, params: GoType[], results: GoType[], doc: string): KernelFunc => ({ name, params, results, suspends: false, doc });
const suspends = (name: string, params: GoType[], results: GoType[], doc: string): KernelFunc => ({ name, params, results, suspends: true, doc });

export const kernelFuncs: readonly KernelFunc[] = [
  // Goroutines.
  plain('newproc', [ptr, u64], [], '(fn func(), pc): makes a runnable goroutine that calls fn, next in line on this P. pc: of the go statement, 0 if unknown.'),
  plain('newg', [ptr, u64], [ptr], '(fn func(), pc): like newproc, but the goroutine waits (Gwaiting) until goready or a coroswitch; gives its g.'),
  plain('newsystemg', [ptr], [], '(fn func()): like newproc, but a system goroutine: does not count for deadlock, NumGoroutine or tracebacks.'),
  plain('getg', [], [ptr], 'The current goroutine.'),
  suspends('gopark', [u32], [], '(reason WaitReason): parks until goready. Nothing may ready the goroutine before: no other M looks at what the caller wrote until the park is committed.'),
  suspends('goparkunlock', [ptr, u32], [], '(lock *uint32, reason): parks and releases the kernel lock word (lock2) after the last frame is saved.'),
  plain('goready', [ptr], [], '(gp): makes a parked goroutine runnable, next in line.'),
  suspends('Gosched', [], [], 'Yields; the goroutine goes to the global queue.'),
  suspends('goyield', [], [], 'Yields; the goroutine goes to the tail of the local queue.'),
  suspends('goexit', [], [], 'Ends the goroutine (its defers have run). Never returns. The last goroutine of all: "no goroutines (main called runtime.Goexit) - deadlock!".'),
  suspends('recovery', [ptr], [], '(deferFrame): drops all frames inside the one that owns the defer frame and continues that one at its deferreturn site. Never returns.'),
  suspends('block', [u32], [], '(reason): parks for ever.'),
  plain('lock2', [ptr], [], '(lock *uint32): spins; held for a bounded number of instructions, never across a suspension except with goparkunlock.'),
  plain('unlock2', [ptr], [], '(lock *uint32).'),
  plain('procpin', [], [i32], 'Disables preemption; gives the P id.'),
  plain('procunpin', [], [], 'Undoes procpin.'),
  plain('gomaxprocs', [], [i32], 'Number of Ps.'),
  plain('setmaxprocs', [i32], [], '(n): makes it n Ps. The world is stopped.'),
  suspends('stopworld', [], [], 'Stops all other Ms; the caller goes on pinned, and may not wait for anything, until startworld.'),
  plain('startworld', [], [], 'Ends stopworld.'),
  plain('ncpu', [], [i32], 'Number of logical processors.'),
  suspends('lastingcall', [ptr], [bool], '(fn func()): as blockingcall, for a call that waits for somebody who may never come: not on the host\'s own thread, if there can be others.'),
  suspends('blockingcall', [ptr, bool], [bool], '(fn func(), it may last for ever): makes the blocking host call that fn consists of, while other goroutines may have the P. False: call it yourself.'),
  plain('lockthread', [], [], 'Locks the current goroutine to its M; a count.'),
  plain('unlockthread', [], [], 'Undoes lockthread.'),
  plain('traceevent', [u32, u64, u64, u64], [], '(kind, three arguments): records an event of this M in the trace.'),
  plain('traceswap', [bool], [ptr], '(go on): with the world stopped, takes what was recorded (kernel/trace.ts); the first chain.'),
  plain('tracefree', [ptr], [], '(chain): frees what traceswap gave.'),
  plain('tracebytes', [], [u32], 'Bytes recorded since the last traceswap.'),
  plain('canspin', [i32], [bool], '(i): spinning for a lock may help, the i-th time.'),
  plain('dospin', [], [], 'Spins for about a third of a microsecond.'),
  plain('gcount', [], [i32], 'Number of goroutines that are not dead and not system goroutines.'),
  plain('setmaxstack', [i64], [i64], '(bytes): goroutine stack limit; gives the old one.'),
  // Coroutines.
  suspends('coroswitch', [ptr], [], '(slot *uintptr): runs the goroutine in *slot at once and leaves the current one there, parked.'),
  suspends('coroexit', [ptr], [], '(slot *uintptr): ends the current goroutine and runs the one in *slot at once. Never returns.'),
  // Looking at goroutines. A pc is as in tables.ts.
  suspends('callers', [i32, ptr, i32], [i32], '(skip, buf *uintptr, n): pcs of the current goroutine, innermost (this call) = 0; the number written. Inlined calls are not expanded.'),
  plain('gcallers', [ptr, i32, ptr, i32], [i32], '(gp, skip, buf, n): the same for a goroutine that does not run.'),
  plain('allglen', [], [i32], 'Number of g structures.'),
  plain('allg', [i32], [ptr], '(i): the i-th g.'),
  plain('ginfo', [ptr, ptr], [], '(gp, out *[8]uint64): goid, status (Go\'s _Gidle…), waitreason, gopc, parent goid, waitsince (ns, 0), flags (1 system, 2 locked; id of the synctest bubble in the high half), start function\'s code index.'),
  // Channels. hchan and sudog are the kernel's; a nil channel blocks for ever or fails without blocking.
  plain('makechan', [ptr, i64], [ptr], '(elemtype *abi.Type, size): nil if size is out of range.'),
  suspends('chansend', [ptr, ptr, bool], [i32], '(c, elem, block): 0 would block, 1 sent, 2 the channel is closed (panic), 4 it belongs to a synctest bubble that the goroutine is not in (fatal).'),
  suspends('chanrecv', [ptr, ptr, bool], [i32], '(c, elem or nil, block): 0 would block, 1 closed and empty (*elem zeroed), 3 received, 4 as for chansend, 5 it is a timer\'s: chanrecvtimer receives from it.'),
  suspends('chanrecvtimer', [ptr, ptr], [i32], '(c, elem or nil): waits to receive from a timer\'s channel; results as for chanrecv.'),
  plain('chansendnb', [ptr, ptr], [i32], '(c, elem): chansend without blocking.'),
  plain('chanrecvnb', [ptr, ptr], [i32], '(c, elem): chanrecv without blocking.'),
  plain('closechan', [ptr], [i32], '(c): 0 closed now, 1 nil channel, 2 was closed, 4 as for chansend.'),
  plain('chanlen', [ptr], [i32], '(c).'),
  plain('chancap', [ptr], [i32], '(c).'),
  plain('chantimer', [ptr], [ptr], '(c): the *timer set by setchantimer, nil if none or c nil. The wrappers of receive, len, cap and select test it first.'),
  plain('setchantimer', [ptr, ptr], [], '(c, *timer).'),
  suspends('selectgo', [ptr, ptr, i32, i32, bool], [i32, i32], '(cas0 *scase{c *hchan; elem unsafe.Pointer}, order0 *[2*n]uint16, nsends, nrecvs, block): sends first; index of the case (-1 none) and: 0 sent or closed, 1 received, 2 send on closed channel (panic), 4 as for chansend.'),
  // Semaphores and notify lists (layouts as in sync: notifyList{wait, notify uint32; lock uintptr; head, tail unsafe.Pointer}).
  suspends('semacquire1', [ptr, bool, u32], [], '(addr *uint32, lifo, reason): waits until *addr > 0 and decrements it.'),
  plain('semnwait', [ptr], [u32], '(addr *uint32): how many wait for it, and for others of its root.'),
  suspends('semrelease1', [ptr, bool], [], '(addr *uint32, handoff): increments *addr and wakes a waiter; handoff: runs it at once.'),
  plain('notifyListAdd', [ptr], [u32], '(l).'),
  suspends('notifyListWait', [ptr, u32], [], '(l, ticket).'),
  plain('notifyListNotifyAll', [ptr], [i64], '(l): 0, or the id of a waiter in a synctest bubble that the goroutine is not in (fatal).'),
  plain('notifyListNotifyOne', [ptr], [i64], '(l): as notifyListNotifyAll.'),
  // Time. A timer object is Go memory whose first 8 bytes are the kernel's (heap position); the heap keeps it alive.
  suspends('timeSleep', [i64], [], '(ns).'),
  plain('timeradd', [ptr, i64], [], '(t, when): puts t into the timer heap, or moves it there to a new time.'),
  plain('timerdel', [ptr], [bool], '(t): takes t out of the heap; false if it was not in it.'),
  suspends('timerwait', [], [], 'For the system goroutine that runs timers: waits until a timer has expired.'),
  plain('timertake', [i64], [ptr], '(now): takes the next timer that had expired by then out of the heap; nil if none.'),
  plain('timerwhen', [], [i64], 'Time (ns) of the timer that timertake gave last.'),
  plain('nanotime', [], [i64], 'Monotonic clock, ns.'),
  plain('walltime', [], [i64], 'ns since 1970 UTC.'),
  plain('cheaprand', [], [u32], 'Not for cryptography.'),
  // Host completions: an asynchronous host call is given an id; the host answers once.
  plain('newcompletion', [], [u32], 'Id of a new pending completion.'),
  suspends('completionwait', [u32], [i32], '(id): waits for it; the host\'s result. Frees the id.'),
  // The network poller. mode: 'r' or 'w'. A wait's result: 0 ready, 1 the descriptor is being closed, 2 its deadline has passed.
  plain('netpollopen', [bool], [u32], '(host): a poll descriptor, which netready of the host makes ready, or (not host) netpollready.'),
  plain('netpollclose', [u32], [], '(pd): it may be used again for another one.'),
  plain('netpollreset', [u32, u32], [i32], '(pd, mode): the reason not to wait, or 0: from now on a wait ends by what happens from now on.'),
  suspends('netpollwait', [u32, u32, bool], [i32], '(pd, mode, regardless): waits; regardless of closing and deadlines.'),
  plain('netpollready', [u32, u32], [], '(pd, mode): ends a wait of it and of those linked behind it.'),
  plain('netpollexpire', [u32, u32, bool], [], '(pd, mode, expired): its deadline has passed, or no longer.'),
  plain('netpollunblock', [u32], [], '(pd): it is being closed.'),
  // Descriptors of WASI, in programs that are linked for it.
  plain('polladd', [i32, u32, u32], [], "(fd, mode, completion id): the completion gives 1 when fd can be read ('r') or written ('w')."),
  plain('pollcancel', [u32], [], '(completion id): it gives 0 now.'),
  // JavaScript. The goroutine is suspended while JavaScript runs, so that Go functions called from there find a scheduler.
  suspends('jscall', [ptr], [i32], '(*jsCall): the host call of that name, made from the scheduler.'),
  suspends('importcall', [ptr], [], '(fn func()): calls fn, which calls an import of the embedder, from the scheduler on M0: the import may call the program.'),
  suspends('onm0', [], [], 'Goes on on M0, the host\'s thread, and stays there until offm0; may not wait for anything in between.'),
  suspends('onfiles', [], [], 'onm0 where the host keeps files itself, else only stays on its M; offm0 ends it.'),
  plain('offm0', [], [], 'Ends onm0 or onfiles.'),
  plain('setevent', [ptr], [], '(fn func()): what the goroutine of an event of the host runs.'),
  // Heap. typ nil = no pointers; typ of an array\'s element: its pattern repeats over size.
  plain('mallocgc', [u32, ptr, u32], [ptr], '(size, typ *abi.Type, flags MallocFlag): zeroed memory. Out of memory is fatal.'),
  plain('roundupsize', [u32, bool], [u32], '(size, noscan): bytes that mallocgc would really give.'),
  plain('onstack', [ptr], [bool], '(p): p may point into a goroutine\'s stack: it is in memory of the kernel\'s own.'),
  plain('objectbase', [ptr], [ptr], '(p): start of the heap object that p points into, nil if p is not a heap address.'),
  plain('objectsize', [ptr], [u32], '(p): usable bytes of that object, 0 if none.'),
  suspends('gcrun', [], [], 'A full stop-the-world collection and sweep.'),
  plain('setgcpercent', [i32], [i32], '(percent, < 0 = off): the old value.'),
  plain('setmemorylimit', [i64], [i64], '(bytes, < 0 = only ask): the old value.'),
  plain('memstats', [ptr], [], '(out *[40]uint64): see MemStat below. The world is stopped.'),
  plain('sizestats', [ptr], [], '(out *[2*68+2]uint64): by size class (0: large objects) objects ever allocated, then objects that live; bytes of span records, of bitmaps and type words. Sweeps first. The world is stopped.'),
  plain('gcpauses', [ptr, i32], [i32], '(buf *[2n]uint64, n): the last pauses (ns, end wall time ns), newest first; the number written.'),
  plain('heapverify', [], [i32], 'Checks the heap\'s invariants (debug): 0 or the number of the one broken.'),
  // Specials. Finalizers and cleanups are queued by the collector and run by a system goroutine of the overlay.
  plain('addfinalizer', [ptr, ptr, ptr, ptr], [i32], '(obj, fn, ot, fint): 0 added, 1 has one already, 2 not the start of a heap object.'),
  plain('removefinalizer', [ptr], [], '(obj).'),
  plain('addcleanup', [ptr, ptr], [u64], '(obj, fn func()): id, 0 if obj is not in the heap.'),
  plain('removecleanup', [ptr, u64], [], '(obj, id).'),
  suspends('finwait', [], [], 'For the system goroutine that runs finalizers: waits until one is queued.'),
  plain('fintake', [ptr], [i32], '(out *[4]unsafe.Pointer): 0 none, 1 finalizer {obj, fn, ot, fint}, 2 cleanup {fn}.'),
  plain('finidle', [], [bool], 'Is the queue of finalizers and cleanups empty, and does their goroutine wait?'),
  plain('registerweak', [ptr], [ptr], '(p): the indirection object of weak pointers to exactly p (same for each call), p must be in the heap.'),
  plain('strongfromweak', [ptr], [ptr], '(handle): the pointer it was made for, nil when its object is gone.'),
  // Synctest bubbles. A bubble is Go memory that begins with Bubble (structs.ts); the kernel counts its goroutines that are not durably blocked.
  plain('setbubble', [ptr], [], '(b): the bubble of the current goroutine, and of those that it starts from now on; nil: none.'),
  plain('getbubble', [], [ptr], 'The bubble of the current goroutine.'),
  plain('bubbleadd', [ptr, i32], [], '(b, delta): adds to the reasons for which b is not idle although its goroutines are blocked.'),
  plain('bubbleassoc', [ptr, u32, bool], [i32], '(p, id, add): is the heap object at p associated with a bubble: 0 with none, 1 with that of this id, 2 with another. add: associates it if with none.'),
  plain('bubbledisassoc', [ptr], [], '(p).'),
  // Process.
  plain('setfatal', [ptr], [], '(fn func()): Go function that a system goroutine runs when the kernel finds a fatal condition; it reads fatalreason and must exit.'),
  plain('fatalreason', [], [i32], 'Fatal below.'),
  plain('fatalg', [], [ptr], 'The goroutine it is about, nil if none.'),
  plain('exit', [i32], [], '(code): ends the program at once. Never returns.'),
  plain('kwrite', [i32, ptr, i32], [i32], '(fd, p, n): writes to a host file descriptor, synchronously; n or -errno.'),
  plain('proginfo', [], [ptr], 'Address of ProgramInfo (tables.ts).'),
];

/** Flags of mallocgc. */
export const MallocFlag = { NOZERO: 1 } as const;

/** What `fatalreason` gives. */
export const Fatal = { none: 0, deadlock: 1, stackOverflow: 2, noGoroutines: 3, outOfMemory: 4, quit: 5 } as const;

/** Wait reasons, printed in tracebacks; the numbers are ours, the texts gc's. */
export const waitReasons = [
  '', 'GC assist marking', 'IO wait', 'chan receive (nil chan)', 'chan send (nil chan)', 'dumping heap', 'garbage collection',
  'garbage collection scan', 'panicwait', 'select', 'select (no cases)', 'GC assist wait', 'GC sweep wait', 'GC scavenge wait',
  'chan receive', 'chan send', 'finalizer wait', 'force gc (idle)', 'GOMAXPROCS updater (idle)', 'semacquire', 'sleep', 'sync.Cond.Wait',
  'sync.Mutex.Lock', 'sync.RWMutex.RLock', 'sync.RWMutex.Lock', 'sync.WaitGroup.Wait', 'trace reader (blocked)', 'wait for GC cycle',
  'GC worker (idle)', 'GC worker (active)', 'preempted', 'debug call', 'GC mark termination', 'stopping the world', 'flushing proc caches',
  'trace goroutine status', 'trace proc status', 'page trace flush', 'coroutine', 'GC weak to strong wait', 'synctest.Run', 'synctest.Wait',
  'chan receive (durable)', 'chan send (durable)', 'select (durable)', 'sync.WaitGroup.Wait (durable)', 'cleanup wait',
] as const;

/** Wait reasons that the kernel itself sets (indices of `waitReasons`). */
export const WaitReason = {
  none: 0, ioWait: 2, chanReceiveNilChan: 3, chanSendNilChan: 4, select: 9, selectNoCases: 10, chanReceive: 14, chanSend: 15, finalizerWait: 16,
  semacquire: 19, sleep: 20, syncCondWait: 21, waitForGCCycle: 27, preempted: 30, coroutine: 38,
  synctestRun: 40, synctestWait: 41, synctestChanReceive: 42, synctestChanSend: 43, synctestSelect: 44, synctestWaitGroupWait: 45,
} as const;

/** Statuses of a goroutine, as in Go. */
/** What the kernel records of a trace; the numbers are internal/trace/tracev2's, but for the stack that precedes an event. */
export const TraceEvent = {
  procsChange: 9, procStart: 10, procStop: 11, procSteal: 12, procStatus: 13, goCreate: 14, goStart: 16, goDestroy: 17, goStop: 19, goBlock: 20, goUnblock: 21,
  goSyscallBegin: 22, goSyscallEnd: 23, goSyscallEndBlocked: 24, goStatus: 25, goSwitch: 45, goSwitchDestroy: 46, goCreateBlocked: 47, stack: 255,
} as const;

export const GStatus = { idle: 0, runnable: 1, running: 2, syscall: 3, waiting: 4, dead: 6, preempted: 9 } as const;

/** Words of `memstats`, u64 each, named as in runtime.MemStats. */
export const MemStat = {
  alloc: 0, totalAlloc: 1, sys: 2, mallocs: 3, frees: 4, heapAlloc: 5, heapSys: 6, heapIdle: 7, heapInuse: 8, heapReleased: 9, heapObjects: 10,
  stackInuse: 11, stackSys: 12, mspanInuse: 13, mspanSys: 14, mcacheInuse: 15, mcacheSys: 16, gcSys: 17, otherSys: 18, nextGC: 19, lastGC: 20,
  pauseTotalNs: 21, numGC: 22, numForcedGC: 23, gcPercent: 24, maxHeap: 25, tinyAllocs: 26, heapMarked: 27, globalsScan: 28, stackScan: 29, goroutinesCreated: 30,
  memoryLimit: 31, finalizersQueued: 32, cleanupsQueued: 33, SIZE: 40,
} as const;

/** Functions of base.wasm that compiled code calls itself (contract, section 5). */
export const codegenFuncs = {
  save_frame: { params: ['i32'], results: ['i32'] }, entry_slow: { params: ['i32'], results: ['i32'] }, poll_slow: { params: [], results: ['i32'] },
  stack_grow: { params: ['i32'], results: ['i32'] }, stack_shrink: { params: ['i32'], results: [] },
} as const;

/** Mutable exported globals of base.wasm, all i32. */
export const kernelGlobals = ['g', 'sp', 'splimit', 'resume_fp', 'result_area', 'm', 'p'] as const;

/**
 * Functions of base.wasm for programs that run on any WASI engine: `wasi_NAME` stands in for the host call NAME (hostcalls.ts), and `_start` ends
 * with wasiMain. The linker drops them from other programs.
 */
export const WASI_PREFIX = 'wasi_';
export const wasiMain = 'wasi_main';

/** Functions of base.wasm that the host calls. */
export const hostEntries = {
  /** (program info, end of memory in 64 KiB pages, native stack limit in depth units, flags, number of Ps): once, on M0, after `init_data`. */
  kernel_init: { params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: [] },
  /** (program info, M, flags): on a thread that start_m asked for, in an instance of its own; runs goroutines and does not return. */
  thread_start: { params: ['i32', 'i32', 'i32'], results: [] },
  /** (index): the P's M has been in one blocking call for a while; its P goes to another M if there is work. In an instance of its own, by sysmon. */
  retake: { params: ['i32'], results: [] },
  /** (detailed): calls schedline with all that GODEBUG=schedtrace prints. In an instance of its own, by sysmon. */
  schedtrace: { params: ['i32'], results: [] },
  /** Does nothing of the program run, nor will by itself? On M0, outside of `run`, once there are several Ms. */
  quiet: { params: [], results: ['i32'] },
  /** Runs goroutines until M0 has to wait for the host: gives the ns to the next timer, or -1. Ends otherwise only by the `exit` call. */
  run: { params: [], results: ['i64'] },
  /** The host was asked to end the program with a dump of its goroutines (SIGQUIT): the next run does it. */
  quit: { params: [], results: [] },
  /** Makes a goroutine that handles an event of the host, and runs goroutines until it has ended. From the event loop or inside jscall. */
  event: { params: [], results: [] },
  /** (code, words): a frame for a call of an export, code being its thunk's; the host writes the values behind the first word. */
  export_frame: { params: ['i32', 'i32'], results: ['i32'] },
  /** (frame, words): it is no longer needed. */
  export_free: { params: ['i32', 'i32'], results: [] },
  /** (frame): a goroutine of its own runs it, on until it has ended (`export_done` was called) or waits for what only the event loop can bring. */
  export_call: { params: ['i32'], results: [] },
  /** (completion id, result): the answer of an asynchronous host call. */
  complete: { params: ['i32', 'i32'], results: [] },
  /** (poll descriptor, mode 'r' or 'w'): a socket of the host has become ready. */
  netready: { params: ['i32', 'i32'], results: [] },
} as const;

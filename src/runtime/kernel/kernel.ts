// The kernel's entry: what base.wasm exports (src/abi/kernel.ts has the table), and its initialisation on M0.

import {
  INFO_BITMAPS, INFO_ENTRY, INFO_FUNCS, INFO_HEAP_BASE, INFO_NSITES, INFO_SITES, INFO_VERSION, initSizeClasses, M0, NATIVE_LIMIT, TABLES_VERSION,
} from './layout.gen';
import { fatalKernel } from './die';
import { initCentral } from './central';
import { initChan } from './chan';
import { initGC } from './gc';
import { initMalloc } from './malloc';
import { procresize } from './p';
import { initPages } from './pageheap';
import { armForGood, initPoll, initPollStress } from './poll';
import { initSema } from './sema';
import { initStress } from './stress';
import { makeMain } from './goroutine';
import { mstart } from './proc';
import { newM, setMaySpawn } from './m';
import { M, structsAgree } from './structs';
import { setM, setMaySleep, setPage, setTables, setThreaded } from './state';

/** Bits of kernel_init's flags. */
const FLAG_SYSMON: u32 = 1;
const FLAG_GC_STRESS: u32 = 2;
const FLAG_PREEMPT_STRESS: u32 = 4;
const FLAG_MAY_BLOCK: u32 = 8;
const FLAG_GC_TRACE: u32 = 16;
const FLAG_THREADS: u32 = 32;
const FLAG_PAGE: u32 = 64;
const FLAG_COUNT_POLLS: u32 = 128;

/** Sets up memory, scheduler and heap, and makes the main goroutine. Once, on M0, after the data segments are written. */
export function kernel_init(info: usize, pages: u32, stackLimit: u32, flags: u32, procs: u32): void {
  initSizeClasses();
  const end: usize = pages >= 65535 ? 0xffff0000 : pages << 16;
  initPages(load<u32>(info, INFO_HEAP_BASE), end);
  if (load<u32>(info, INFO_VERSION) != TABLES_VERSION) fatalKernel(102);
  if (!structsAgree()) fatalKernel(103);
  instanceInit(info, flags);
  sched.maxstack = 1000000000;
  initCentral();
  initMalloc();
  const m0 = newM(0);
  sched.m0 = changetype<usize>(m0);
  store<u32>(M0, changetype<usize>(m0));
  sched.nm = 1;
  setM(changetype<usize>(m0), m0.area);
  procresize(procs);
  initSema();
  initChan();
  initGC((flags & FLAG_GC_STRESS) != 0, (flags & FLAG_GC_TRACE) != 0);
  store<u32>(NATIVE_LIMIT, stackLimit);
  initPoll((flags & FLAG_SYSMON) != 0, (flags & FLAG_COUNT_POLLS) != 0);
  if (flags & FLAG_PREEMPT_STRESS) initPollStress();
  if (initStress() || (flags & FLAG_PREEMPT_STRESS)) armForGood();
  makeMain(load<u32>(info, INFO_ENTRY));
}

/** What each instance keeps in globals of its own. */
function instanceInit(info: usize, flags: u32): void {
  setTables(info, load<u32>(info, INFO_SITES), load<u32>(info, INFO_NSITES), load<u32>(info, INFO_FUNCS), load<u32>(info, INFO_BITMAPS));
  setMaySleep((flags & FLAG_MAY_BLOCK) != 0);
  setMaySpawn((flags & FLAG_THREADS) != 0);
  setPage((flags & FLAG_PAGE) != 0);
}

/** A new thread's instance: becomes the M that host_start_m was given, and runs goroutines. Does not return. */
export function thread_start(info: usize, mp: usize, flags: u32): void {
  instanceInit(info, flags);
  setThreaded(true);
  if (flags & FLAG_PREEMPT_STRESS) initPollStress();
  setM(mp, changetype<M>(mp).area);
  initStress();
  mstart();
}

export { addcleanup, addfinalizer, bubbleassoc, bubbledisassoc, fintake, removecleanup, removefinalizer, strongfromweak } from './special';
export {
  allg, allglen, exit, fatalg, fatalreason, gcallers, gcount, ginfo, gomaxprocs, kwrite, ncpu, procpin, procunpin, proginfo, registerweak,
  setfatal, setmaxprocs, setmaxstack,
} from './process';
export {
  block, bubbleadd, callers, coroexit, coroswitch, event, finidle, finwait, gcrun, getg, goexit, gopark, goparkunlock, Gosched, goyield, importcall, jscall,
  offm0, onfiles, onm0, quit, recovery, run, setevent, startworld, stopworld,
} from './proc';
import { sched } from './shared';
export { export_call, export_frame, export_free } from './exports';
export { getbubble, setbubble } from './bubble';
export { newg, newproc, newsystemg } from './goroutine';
export { chancap, chanlen, chanrecv, chanrecvnb, chanrecvtimer, chansend, chansendnb, chantimer, closechan, makechan, setchantimer } from './chan';
export { cheaprand, walltime } from './clock';
export { complete, completionwait, newcompletion } from './completion';
export { entry_slow, poll_slow, programTime as nanotime } from './poll';
export { g, m, p, result_area, resume_fp, sp, splimit } from './state';
export { gcpauses, memstats, sizestats, setgcpercent, setmemorylimit } from './gc';
export { goready } from './ready';
export { heapverify } from './verify';
export { lock2, unlock2 } from './lock';
export { lockthread, unlockthread } from './lockedm';
export { quiet } from './m0';
export { mallocgc, objectbase, objectsize, roundupsize } from './malloc';
export { netpollclose, netpollexpire, netpollopen, netpollready, netpollreset, netpollunblock, netpollwait, netready } from './netpoll';
export { notifyListAdd, notifyListNotifyAll, notifyListNotifyOne, notifyListWait, semacquire1, semnwait, semrelease1 } from './sema';
export { onstack, save_frame, stack_grow, stack_shrink } from './stack';
export { selectgo } from './select';
export { blockingcall, lastingcall, retake } from './syscall';
export { schedtrace } from './schedtrace';
export { canspin, dospin } from './spin';
export { tracebytes, traceevent, tracefree, traceswap } from './trace';
export { timeradd, timerdel, timerwait, timerwhen, timertake, timeSleep } from './timer';
export {
  pollcancel, polladd, wasi_exit, wasi_gctrace, wasi_jscall, wasi_main, wasi_monotonic, wasi_ncpu, wasi_schedline, wasi_seed, wasi_start_m, wasi_start_sysmon, wasi_wallclock, wasi_write,
} from './wasi';

// The kernel's entry: what base.wasm exports (src/abi/kernel.ts has the table), and its initialisation on M0.

import {
  INFO_BITMAPS, INFO_ENTRY, INFO_FUNCS, INFO_HEAP_BASE, INFO_NSITES, INFO_SITES, INFO_VERSION, initSizeClasses, NATIVE_LIMIT, RESULT_AREA_SLOTS, TABLES_VERSION,
} from './layout.gen';
import { fatalKernel } from './die';
import { initCentral } from './central';
import { initChan } from './chan';
import { initGC } from './gc';
import { initMcache, MCACHE_SIZE } from './malloc';
import { initPages, kalloc } from './pageheap';
import { initPoll, initPollStress } from './poll';
import { initSema } from './sema';
import { initStacks, POOLS_SIZE } from './stack';
import { makeMain, setMayBlock } from './proc';
import { M, P, RUNQ_SIZE, structsAgree } from './structs';
import { setMP, setTables } from './state';

/** Bits of kernel_init's flags. */
const FLAG_SYSMON: u32 = 1;
const FLAG_GC_STRESS: u32 = 2;
const FLAG_PREEMPT_STRESS: u32 = 4;
const FLAG_MAY_BLOCK: u32 = 8;
const FLAG_GC_TRACE: u32 = 16;

/** Sets up memory, scheduler and heap, and makes the main goroutine. Once, on M0, after the data segments are written. */
export function kernel_init(info: usize, pages: u32, stackLimit: u32, flags: u32): void {
  initSizeClasses();
  const end: usize = pages >= 65535 ? 0xffff0000 : pages << 16;
  initPages(load<u32>(info, INFO_HEAP_BASE), end);
  if (load<u32>(info, INFO_VERSION) != TABLES_VERSION) fatalKernel(102);
  if (!structsAgree()) fatalKernel(103);
  setTables(info, load<u32>(info, INFO_SITES), load<u32>(info, INFO_NSITES), load<u32>(info, INFO_FUNCS), load<u32>(info, INFO_BITMAPS));
  sched.maxstack = 1000000000;
  sched.gomaxprocs = 1;
  initCentral();
  initMcache(kalloc(MCACHE_SIZE));
  initStacks(kalloc(POOLS_SIZE));
  initSema();
  initChan();
  initM0();
  initGC((flags & FLAG_GC_STRESS) != 0, (flags & FLAG_GC_TRACE) != 0);
  store<u32>(NATIVE_LIMIT, stackLimit);
  initPoll((flags & FLAG_SYSMON) != 0);
  setMayBlock((flags & FLAG_MAY_BLOCK) != 0);
  if (flags & FLAG_PREEMPT_STRESS) initPollStress();
  makeMain(load<u32>(info, INFO_ENTRY));
}

function initM0(): void {
  const mm = changetype<M>(kalloc(offsetof<M>())), pp = changetype<P>(kalloc(offsetof<P>()));
  pp.runq = kalloc(RUNQ_SIZE * 4);
  pp.m = changetype<usize>(mm);
  mm.p = changetype<usize>(pp);
  setMP(changetype<usize>(mm), changetype<usize>(pp), kalloc(RESULT_AREA_SLOTS * 8));
}

export { addcleanup, addfinalizer, bubbleassoc, bubbledisassoc, fintake, removecleanup, removefinalizer, strongfromweak } from './special';
export {
  allg, allglen, exit, fatalg, fatalreason, gcallers, gcount, ginfo, gomaxprocs, kwrite, ncpu, procpin, procunpin, proginfo, registerweak, schedtrace,
  setfatal, setmaxstack,
} from './process';
export {
  block, bubbleadd, callers, coroexit, coroswitch, event, finidle, finwait, gcrun, getg, goexit, gopark, goparkunlock, Gosched, goyield, jscall, newg, newproc, newsystemg,
  quit, recovery, run, setevent,
} from './proc';
import { sched } from './shared';
export { getbubble, setbubble } from './bubble';
export { chancap, chanlen, chanrecv, chanrecvnb, chansend, chansendnb, chantimer, closechan, makechan, setchantimer } from './chan';
export { cheaprand, nanotime, walltime } from './clock';
export { complete, completionwait, newcompletion } from './completion';
export { entry_slow, poll_slow } from './poll';
export { g, m, p, result_area, resume_fp, sp, splimit } from './state';
export { gcpauses, memstats, sizestats, setgcpercent, setmemorylimit } from './gc';
export { goready } from './ready';
export { heapverify } from './verify';
export { lock2, unlock2 } from './lock';
export { mallocgc, objectbase, objectsize, roundupsize } from './malloc';
export { notifyListAdd, notifyListNotifyAll, notifyListNotifyOne, notifyListWait, semacquire1, semrelease1 } from './sema';
export { save_frame, stack_grow, stack_shrink } from './stack';
export { selectgo } from './select';
export { timeradd, timerdel, timerwait, timerwhen, timertake, timeSleep } from './timer';

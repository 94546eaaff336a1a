// What sysmon does, the worker that watches for goroutines that run too long. It only touches words of the shared memory: every period it
// looks at each P that an M runs with, and if no new time slice has begun asks the M to yield at its next poll or function entry (the
// protocol is the kernel's, poll.ts). A moment after it has asked it notes which slices have begun: without that they would count from the
// next look only, and last two periods. A P whose M has been in the same blocking call for a period is retaken (syscall.ts). Also its end.

import { KernelWords, PREEMPT_ASKED, PREEMPT_HOST, PSTATUS_IDLE, PSTATUS_MASK, PSTATUS_RUNNING, PSTATUS_SYSCALL, PWord, Spare } from '../../abi/heap.ts';
import { LowMemory } from '../../abi/layout.ts';
import { dismissSpare } from './spare.ts';

/** All that the loop knows of the kernel: indices of words, and its settings. */
export interface SysmonWords {
  readonly exiting: number; readonly allp: number; readonly procs: number; readonly running: number; readonly sleeps: number; readonly alive: number;
  readonly poll: number; readonly limit: number; readonly native: number; readonly status: number; readonly tick: number; readonly preempt: number;
  readonly syscallTick: number; readonly syscallStatus: number; readonly statusMask: number;
  readonly pending: number; readonly m0: number; readonly m: number;
  readonly threaded: number; readonly queueHead: number; readonly queueTail: number; readonly next: number;
  readonly idleStatus: number; readonly runningStatus: number; readonly sliceOver: number; readonly hostOnly: number;
  readonly periodMs: number;
  /** So long after somebody was asked to yield what runs next has begun. */
  readonly settleMs: number;
  /** The shortest period of M0 while the host has something to wait for (the present one: HOST_PERIOD); 0: no difference. */
  readonly hostPeriodMs: number; readonly hostPeriod: number;
  /** The thread in reserve, and looks at a program that runs before it is started. */
  readonly spare: number; readonly spareWanted: number; readonly spareComing: number; readonly spareNone: number;
  /** Periods of running after which a thread in reserve is started, if there is a go statement, and if there is none yet. */
  readonly spareLooks: number; readonly spareLooksLater: number;
  /** Idle periods after which it sleeps until it is told (SYSMON_SLEEPS). */
  readonly idlePeriods: number;
}

/** Settings for a period. */
export function sysmonWords(periodMs: number, hostPeriodMs = 0): SysmonWords {
  return {
    exiting: KernelWords.EXITING / 4, allp: KernelWords.ALLP / 4, procs: KernelWords.NPROCS / 4, running: KernelWords.RUNNING / 4,
    sleeps: KernelWords.SYSMON_SLEEPS / 4, alive: KernelWords.SYSMON_ALIVE / 4, poll: LowMemory.POLL_WORD / 4, limit: LowMemory.LIMIT_WORD / 4, native: KernelWords.NATIVE_LIMIT / 4,
    status: PWord.STATUS / 4, tick: PWord.SCHEDTICK / 4, preempt: PWord.PREEMPT / 4,
    syscallTick: PWord.SYSCALLTICK / 4, syscallStatus: PSTATUS_SYSCALL, statusMask: PSTATUS_MASK, idleStatus: PSTATUS_IDLE, runningStatus: PSTATUS_RUNNING, sliceOver: PREEMPT_ASKED, hostOnly: PREEMPT_HOST,
    pending: KernelWords.HOST_PENDING / 4, m0: KernelWords.M0 / 4, m: PWord.M / 4, hostPeriod: KernelWords.HOST_PERIOD / 4,
    threaded: KernelWords.THREADED / 4, queueHead: PWord.RUNQHEAD / 4, queueTail: PWord.RUNQTAIL / 4, next: PWord.RUNNEXT / 4,
    periodMs, settleMs: 1, hostPeriodMs, idlePeriods: 20,
    spare: KernelWords.SPARE / 4, spareWanted: Spare.WANTED, spareComing: Spare.COMING, spareNone: Spare.NONE, spareLooks: 1, spareLooksLater: 15,
  };
}

/**
 * The worker's work, until the program ends; `retake` is the kernel's, for hosts whose calls block; `trace` is called each period, and sysmon then never
 * sleeps longer, as in gc; `spare` starts a thread in reserve. Its text must make sense by itself: sysmon.ts sends it to a
 * worker that loads no file.
 */
export function sysmonLoop(memory: { readonly buffer: ArrayBuffer }, w: SysmonWords, retake?: (p: number) => void, trace?: () => void, spare?: () => void): void {
  let words = new Int32Array(memory.buffer);
  const ticks: number[] = [], calls: number[] = [];
  let idle = 0, elapsed = 0, sinceHost = 0, busy = 0, settles = false;
  // As in the kernel's poll.ts.
  const takeOff = (): void => {
    if (Atomics.sub(words, w.poll, 1) !== 1) return;
    do {
      Atomics.store(words, w.limit, words[w.native]);
      if (Atomics.load(words, w.poll) === 0) return;
      Atomics.store(words, w.limit, 0);
    } while (Atomics.load(words, w.poll) === 0);
  };
  const ask = (p: number, how: number): void => {
    const was = Atomics.load(words, p + w.preempt);
    if (was === w.hostOnly) Atomics.compareExchange(words, p + w.preempt, was, how);
    if (was !== 0) return;
    Atomics.add(words, w.poll, 1);
    Atomics.store(words, w.limit, 0);
    if (Atomics.compareExchange(words, p + w.preempt, 0, how) !== 0) takeOff();
  };
  /** M0 shall go to the event loop now and then; it looks itself whether it was there a moment ago. */
  const askM0 = (): void => {
    const allp = Atomics.load(words, w.allp) >>> 2, n = Atomics.load(words, w.procs), m0 = words[w.m0];
    for (let i = 0; i < n; i++) {
      const p = words[allp + i] >>> 2;
      if (words[p + w.m] === m0 && words[p + w.status] === w.runningStatus) ask(p, w.hostOnly);
    }
  };
  /** Does a goroutine wait for the only M there is, though there could be more? The kernel then sees to it that there are (proc.ts). */
  const wantsThreads = (p: number): boolean =>
    words[w.threaded] === 0 && words[w.procs]! > 1 && (words[p + w.queueHead] !== words[p + w.queueTail] || words[p + w.next] !== 0);
  const noteTicks = (): void => {
    const allp = Atomics.load(words, w.allp) >>> 2, n = Atomics.load(words, w.procs);
    for (let i = 0; i < n; i++) ticks[i] = words[(words[allp + i] >>> 2) + w.tick];
  };
  /** `isFirst`: what runs has done so for longer than a period, as the kernel asks for sysmon when a time slice ends and a worker takes that long to start. */
  const watch = (isFirst = false): void => {
    const allp = Atomics.load(words, w.allp) >>> 2, n = Atomics.load(words, w.procs);
    for (let i = 0; i < n; i++) {
      const p = words[allp + i] >>> 2, tick = words[p + w.tick];
      if (words[p + w.status] === w.runningStatus && (isFirst || ticks[i] === tick || wantsThreads(p))) {
        ask(p, w.sliceOver);
        settles = true;
      }
      const asked = words[p + w.preempt];
      // Asked too late: it is idle.
      if (asked !== 0 && words[p + w.status] === w.idleStatus && Atomics.compareExchange(words, p + w.preempt, asked, 0) === asked) takeOff();
      ticks[i] = tick;
      const call = words[p + w.syscallTick];
      if (retake !== undefined && (words[p + w.status] & w.statusMask) === w.syscallStatus && calls[i] === call) retake(i);
      calls[i] = call;
    }
  };
  let looks = 0;
  const reserve = (): void => {
    const wanted = ++looks >= w.spareLooks && Atomics.compareExchange(words, w.spare, w.spareWanted, w.spareComing) === w.spareWanted;
    const later = looks >= w.spareLooksLater && words[w.procs]! > 1 && Atomics.compareExchange(words, w.spare, w.spareNone, w.spareComing) === w.spareNone;
    if (wanted || later) spare?.();
  };
  Atomics.store(words, w.alive, 1);
  trace?.();
  watch(true);
  for (;;) {
    // M0 may just be in the event loop: that it does not run now says little of the next moment.
    if (Atomics.load(words, w.running) !== 0) busy = w.periodMs;
    const isHostAwaited = w.hostPeriodMs > 0 && busy > 0 && Atomics.load(words, w.pending) !== 0;
    const hostMs = Math.max(w.hostPeriodMs, Atomics.load(words, w.hostPeriod)) - sinceHost;
    const ms = Math.max(w.settleMs, Math.min(isHostAwaited ? hostMs : w.periodMs, settles ? w.settleMs : w.periodMs - elapsed));
    if (Atomics.wait(words, w.exiting, 0, ms) !== 'timed-out') return;
    // The buffer is a longer one after the memory has grown.
    if (words.buffer !== memory.buffer) words = new Int32Array(memory.buffer);
    elapsed += ms;
    busy -= ms;
    sinceHost = isHostAwaited ? sinceHost + ms : 0;
    if (isHostAwaited && ms >= hostMs) { sinceHost = 0; askM0(); }
    if (settles) noteTicks();
    settles = false;
    if (elapsed < w.periodMs) continue;
    elapsed = 0;
    trace?.();
    if (Atomics.load(words, w.running) === 0) {
      ticks.length = 0;
      if (trace !== undefined || ++idle < w.idlePeriods) continue;
      idle = 0;
      // Pairs with nowRunning() in the kernel's m.ts.
      Atomics.store(words, w.sleeps, 1);
      if (Atomics.load(words, w.running) === 0 && Atomics.load(words, w.exiting) === 0) Atomics.wait(words, w.sleeps, 1);
      Atomics.store(words, w.sleeps, 0);
      continue;
    }
    idle = 0;
    watch();
    if (spare !== undefined) reserve();
  }
}

/** Ends the loop, wherever it is. */
export function stopSysmon(memory: WebAssembly.Memory): void {
  dismissSpare(memory);
  const w = new Int32Array(memory.buffer, 0, 64);
  Atomics.compareExchange(w, KernelWords.EXITING / 4, 0, 1);
  Atomics.notify(w, KernelWords.EXITING / 4);
  Atomics.store(w, KernelWords.SYSMON_SLEEPS / 4, 0);
  Atomics.notify(w, KernelWords.SYSMON_SLEEPS / 4);
}

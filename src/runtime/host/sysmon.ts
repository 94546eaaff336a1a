// The worker that watches for goroutines that run too long. It only touches words of the shared memory: every 10 ms it
// looks at each P that an M runs with, and if no new time slice has begun asks the M to yield at its next poll or function entry (the
// protocol is the kernel's, poll.ts).

import { KernelWords, PSTATUS_IDLE, PSTATUS_RUNNING, PWord } from '../../abi/heap.ts';
import { LowMemory } from '../../abi/layout.ts';

const PERIOD_MS = 10;
/** Idle periods after which it sleeps until it is told (SYSMON_SLEEPS). */
const IDLE_PERIODS = 20;

// The worker's source is text so that no file has to be found beside a bundle.
const source = `
const data = require('node:worker_threads').workerData;
const W = ${JSON.stringify({
  exiting: KernelWords.EXITING / 4, allp: KernelWords.ALLP / 4, procs: KernelWords.NPROCS / 4, running: KernelWords.RUNNING / 4,
  sleeps: KernelWords.SYSMON_SLEEPS / 4, poll: LowMemory.POLL_WORD / 4, limit: LowMemory.LIMIT_WORD / 4,
  status: PWord.STATUS / 4, tick: PWord.SCHEDTICK / 4, preempt: PWord.PREEMPT / 4, native: KernelWords.NATIVE_LIMIT / 4,
})};
const { memory } = data;
let words = new Int32Array(memory.buffer);
const ticks = [];
let idle = 0;
function watch() {
  // The buffer is a longer one after the memory has grown.
  if (words.buffer !== memory.buffer) words = new Int32Array(memory.buffer);
  const allp = Atomics.load(words, W.allp) >>> 2, n = Atomics.load(words, W.procs);
  for (let i = 0; i < n; i++) {
    const p = words[allp + i] >>> 2, tick = words[p + W.tick];
    if (words[p + W.status] === ${PSTATUS_RUNNING} && ticks[i] === tick && Atomics.compareExchange(words, p + W.preempt, 0, 1) === 0) {
      Atomics.add(words, W.poll, 1);
      Atomics.store(words, W.limit, 0);
    }
    // Asked too late: it is idle.
    if (words[p + W.status] === ${PSTATUS_IDLE} && Atomics.compareExchange(words, p + W.preempt, 1, 0) === 1 && Atomics.sub(words, W.poll, 1) === 1) {
      Atomics.store(words, W.limit, words[W.native]);
      if (Atomics.load(words, W.poll) !== 0) Atomics.store(words, W.limit, 0);
    }
    ticks[i] = tick;
  }
}
while (Atomics.wait(words, W.exiting, 0, ${PERIOD_MS}) === 'timed-out') {
  if (Atomics.load(words, W.running) === 0) {
    ticks.length = 0;
    if (++idle < ${IDLE_PERIODS}) continue;
    idle = 0;
    // Pairs with nowRunning() in the kernel's proc.ts.
    Atomics.store(words, W.sleeps, 1);
    if (Atomics.load(words, W.running) === 0 && Atomics.load(words, W.exiting) === 0) Atomics.wait(words, W.sleeps, 1);
    Atomics.store(words, W.sleeps, 0);
    continue;
  }
  idle = 0;
  watch();
}`;

/** Starts sysmon on a shared memory; the function given stops it. */
export function startSysmon(memory: WebAssembly.Memory): () => void {
  // Loaded only now: most programs end before they need it.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const worker = new Worker(source, { eval: true, workerData: { memory }, stdout: false, stderr: false, env: {}, execArgv: [] });
  worker.unref();
  const words = new Int32Array(memory.buffer, 0, 64);
  return () => {
    Atomics.store(words, KernelWords.EXITING / 4, 1);
    Atomics.notify(words, KernelWords.EXITING / 4);
    Atomics.store(words, KernelWords.SYSMON_SLEEPS / 4, 0);
    Atomics.notify(words, KernelWords.SYSMON_SLEEPS / 4);
  };
}

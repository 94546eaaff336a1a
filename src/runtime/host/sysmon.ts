// The worker that watches for goroutines that run too long. It only touches the words of the first page: every 10 ms it
// looks whether a new time slice has begun, and if not asks the M to yield at its next poll or function entry.

import { KernelWords } from '../../abi/heap.ts';
import { LowMemory } from '../../abi/layout.ts';

const PERIOD_MS = 10;
/** Idle periods after which it sleeps until it is told (SYSMON_SLEEPS). */
const IDLE_PERIODS = 20;

// The worker's source is text so that no file has to be found beside a bundle.
const source = `
const words = new Int32Array(require('node:worker_threads').workerData);
const W = ${JSON.stringify({
  exiting: KernelWords.EXITING / 4, tick: KernelWords.SCHEDTICK / 4, running: KernelWords.RUNNING / 4, sleeps: KernelWords.SYSMON_SLEEPS / 4,
  poll: LowMemory.POLL_WORD / 4, limit: LowMemory.LIMIT_WORD / 4,
})};
let last = -1, idle = 0;
while (Atomics.wait(words, W.exiting, 0, ${PERIOD_MS}) === 'timed-out') {
  if (Atomics.load(words, W.running) === 0) {
    last = -1;
    if (++idle < ${IDLE_PERIODS}) continue;
    idle = 0;
    // Pairs with nowRunning() in the kernel's proc.ts.
    Atomics.store(words, W.sleeps, 1);
    if (Atomics.load(words, W.running) === 0 && Atomics.load(words, W.exiting) === 0) Atomics.wait(words, W.sleeps, 1);
    Atomics.store(words, W.sleeps, 0);
    continue;
  }
  idle = 0;
  const tick = Atomics.load(words, W.tick);
  if (tick === last) { Atomics.or(words, W.poll, 1); Atomics.store(words, W.limit, 0); }
  last = tick;
}`;

/** Starts sysmon on a shared memory; the function given stops it. */
export function startSysmon(memory: WebAssembly.Memory): () => void {
  // Loaded only now: most programs end before they need it.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const worker = new Worker(source, { eval: true, workerData: memory.buffer, stdout: false, stderr: false, env: {}, execArgv: [] });
  worker.unref();
  const words = new Int32Array(memory.buffer, 0, 64);
  return () => {
    Atomics.store(words, KernelWords.EXITING / 4, 1);
    Atomics.notify(words, KernelWords.EXITING / 4);
    Atomics.store(words, KernelWords.SYSMON_SLEEPS / 4, 0);
    Atomics.notify(words, KernelWords.SYSMON_SLEEPS / 4);
  };
}

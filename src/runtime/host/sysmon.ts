// Sysmon under Node: a worker that runs sysmonLoop.

import { stopSysmon, sysmonLoop, sysmonWords } from './sysmon-loop.ts';

const PERIOD_MS = 10;

/** Starts sysmon on a shared memory; the function given stops it. */
export function startSysmon(memory: WebAssembly.Memory): () => void {
  // Loaded only now: most programs end before they need it.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  // The worker's source is text so that no file has to be found beside a bundle.
  const source = `(${String(sysmonLoop)})(require('node:worker_threads').workerData.memory, ${JSON.stringify(sysmonWords(PERIOD_MS))})`;
  const worker = new Worker(source, { eval: true, workerData: { memory }, stdout: false, stderr: false, env: {}, execArgv: [] });
  worker.unref();
  return () => stopSysmon(memory);
}

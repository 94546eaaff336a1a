// Sysmon under Node: a worker that runs sysmonLoop. It has an instance of the program's module only from the first P on that it has to
// retake from a blocking call, or for GODEBUG=schedtrace.

import type { MessagePort } from 'node:worker_threads';
import { waitReasons } from '../../abi/kernel.ts';
import { remember } from './leave.ts';
import { growToMaximum } from './shared-words.ts';
import { schedTrace, type SchedLine } from './schedtrace.ts';
import { stopSysmon, sysmonLoop, sysmonWords } from './sysmon-loop.ts';
import { ownStreams, workerFile, type ThreadStart } from './threads.ts';

const PERIOD_MS = 10;
/** M0 gets to its event loop this often while there is something to wait for. */
const HOST_PERIOD_MS = 1;

/** What GODEBUG=schedtrace=N and scheddetail=1 ask for. */
export interface TraceOptions { readonly periodMs: number; readonly isDetailed: boolean }

/** What the worker is started with. */
interface SysmonStart { readonly start: Omit<ThreadStart, 'm' | 'line'>; readonly line: MessagePort; readonly file: string; readonly trace: TraceOptions | undefined; readonly reasons: readonly string[] }

/** What sysmon calls of the kernel. */
interface SysmonExports { retake(p: number): void; schedtrace(isDetailed: number): void }

/** What sysmon uses of node:worker_threads. */
type WorkerThreads = Pick<typeof import('node:worker_threads'), 'Worker' | 'MessageChannel'>;

/** Gives what starts a thread for an M, undefined: for the reserve (spare.ts); false if there can't be one. The text goes to the worker. */
function makeStarter(data: SysmonStart, threads: WorkerThreads, options: object): (m: number | undefined) => boolean {
  return (m) => {
    try {
      const { port1, port2 } = new threads.MessageChannel();
      new threads.Worker(new URL(data.file), { workerData: { ...data.start, m, line: port1 }, transferList: [port1], ...options }).unref();
      data.line.postMessage(port2, [port2]);
      return true;
    } catch {
      return false;
    }
  };
}

/** The kernel, made at the first call, in an instance that can do nothing but that and start threads. The text goes to the worker. */
function makeKernel(
  data: SysmonStart, startThread: (m: number) => boolean, grow: (memory: WebAssembly.Memory) => void, line: (...numbers: number[]) => void,
): () => SysmonExports {
  const { start } = data;
  let kernel: SysmonExports | undefined;
  const instantiate = (): SysmonExports => {
    grow(start.memory);
    const imports: Record<string, Record<string, unknown>> = {};
    for (const { module, name, kind } of WebAssembly.Module.imports(start.module)) {
      (imports[module] ??= {})[name] = kind === 'memory' ? start.memory : () => { throw new Error(`${module}.${name} was called in sysmon`); };
    }
    imports['goloom']!['monotonic'] = () => performance.now();
    imports['goloom']!['schedline'] = line;
    imports['goloom']!['start_m'] = (m: number) => Number(startThread(m));
    return new WebAssembly.Instance(start.module, imports as WebAssembly.Imports).exports as unknown as SysmonExports;
  };
  return () => (kernel ??= instantiate());
}

/** What sysmon does for GODEBUG=schedtrace in each of its periods: a trace, if it is time for one. The text goes to the worker. */
function makeTrace(
  data: SysmonStart, lines: SchedLine[], kernel: () => SysmonExports, format: typeof schedTrace, write: (fd: number, text: string) => void,
): (() => void) | undefined {
  const { start, trace, reasons } = data;
  if (trace === undefined) return undefined;
  let first: number | undefined, next = 0;
  return () => {
    const now = performance.now();
    if (now < next) return;
    first ??= now;
    next = now + trace.periodMs;
    lines.length = 0;
    kernel().schedtrace(Number(trace.isDetailed));
    // Who reads standard error may have gone.
    try { write(start.stdio[2], format(lines, Math.floor(now - first), trace.isDetailed, reasons)); } catch { /* No trace, then. */ }
  };
}

/** Starts sysmon for a program; the function given stops it. `tell` is given the other end of its line to M0 (lines.ts). */
export function startSysmon(start: Omit<ThreadStart, 'm' | 'line'>, tell: (line: MessagePort) => void, trace?: TraceOptions): () => void {
  // Loaded only now: most programs end before they need it.
  const { MessageChannel, Worker } = process.getBuiltinModule('node:worker_threads'), { port1, port2 } = new MessageChannel();
  // The worker's source is text so that no file has to be found beside a bundle.
  const source = `const threads = require('node:worker_threads'), { workerData } = threads;
    const startThread = (${String(makeStarter)})(workerData, threads, ${JSON.stringify(ownStreams)});
    const lines = [], kernel = (${String(makeKernel)})(workerData, startThread, ${String(growToMaximum)}, (...numbers) => { lines.push(numbers); });
    const trace = (${String(makeTrace)})(workerData, lines, kernel, ${String(schedTrace)}, require('node:fs').writeSync);
    (${String(sysmonLoop)})(workerData.start.memory, ${JSON.stringify(sysmonWords(PERIOD_MS, HOST_PERIOD_MS))}, (p) => kernel().retake(p), trace, () => startThread(undefined))`;
  const workerData = { start: { ...start, env: { ...start.env } }, line: port1, file: workerFile.href, trace, reasons: trace === undefined ? [] : waitReasons } satisfies SysmonStart;
  const worker = new Worker(source, { eval: true, workerData, transferList: [port1], ...ownStreams, env: {}, execArgv: [] });
  tell(port2);
  worker.unref();
  remember(worker);
  return () => stopSysmon(start.memory);
}

// Sysmon under Node: a worker that runs sysmonLoop. It has an instance of the program's module only from the first P on that it has to
// retake from a blocking call.

import { growToMaximum } from './shared-words.ts';
import { stopSysmon, sysmonLoop, sysmonWords } from './sysmon-loop.ts';
import { ownStreams, workerFile, type ThreadStart } from './threads.ts';

const PERIOD_MS = 10;
/** M0 gets to its event loop this often while there is something to wait for. */
const HOST_PERIOD_MS = 1;

/** What the worker is started with. */
interface SysmonStart { readonly start: Omit<ThreadStart, 'm'>; readonly file: string }

/** The kernel's retake, in an instance that can do nothing else than that and start threads. The text goes to the worker. */
function makeRetake(data: SysmonStart, Worker: new (file: URL, options: object) => { unref(): void }, options: object, grow: (memory: WebAssembly.Memory) => void): (p: number) => void {
  const { start } = data;
  let retake: ((p: number) => void) | undefined;
  const instantiate = (): ((p: number) => void) => {
    grow(start.memory);
    const imports: Record<string, Record<string, unknown>> = {};
    for (const { module, name, kind } of WebAssembly.Module.imports(start.module)) {
      (imports[module] ??= {})[name] = kind === 'memory' ? start.memory : () => { throw new Error(`${module}.${name} was called in sysmon`); };
    }
    imports['goloom']!['monotonic'] = () => performance.now();
    imports['goloom']!['start_m'] = (m: number) => {
      try {
        new Worker(new URL(data.file), { workerData: { ...start, m }, ...options }).unref();
        return 1;
      } catch {
        return 0;
      }
    };
    return new WebAssembly.Instance(start.module, imports as WebAssembly.Imports).exports['retake'] as (p: number) => void;
  };
  return (p) => (retake ??= instantiate())(p);
}

/** Starts sysmon for a program; the function given stops it. */
export function startSysmon(start: Omit<ThreadStart, 'm'>): () => void {
  // Loaded only now: most programs end before they need it.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  // The worker's source is text so that no file has to be found beside a bundle.
  const source = `const { workerData, Worker } = require('node:worker_threads');
    const retake = (${String(makeRetake)})(workerData, Worker, ${JSON.stringify(ownStreams)}, ${String(growToMaximum)});
    (${String(sysmonLoop)})(workerData.start.memory, ${JSON.stringify(sysmonWords(PERIOD_MS, HOST_PERIOD_MS))}, retake)`;
  const workerData = { start: { ...start, env: { ...start.env } }, file: workerFile.href } satisfies SysmonStart;
  const worker = new Worker(source, { eval: true, workerData, ...ownStreams, env: {}, execArgv: [] });
  worker.unref();
  return () => stopSysmon(start.memory);
}

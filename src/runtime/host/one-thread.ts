// The program for a page that has no shared memory: the same module, its atomics plain and its polls counted.

import { lowerAtomics } from '../../wasm/lower-atomics.ts';
import { countPolls } from './count-polls.ts';
import type { FromWorker, ToWorker } from './page-messages.ts';

/** Rewrites a module. */
export function forOneThread(bytes: Uint8Array): Uint8Array { return lowerAtomics(bytes, countPolls); }

/** The same in a worker, for that takes some time (50 ms a megabyte); here, if there can be no worker. */
export function forOneThreadAside(url: string | URL, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const here = (): void => resolve(forOneThread(bytes));
    let worker: Worker;
    try { worker = new Worker(url, { type: 'module', name: 'goloom linker' }); } catch { here(); return; }
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve((data as Extract<FromWorker, { kind: 'lowered' }>).bytes);
    };
    worker.onerror = (e) => {
      e.preventDefault();
      worker.terminate();
      here();
    };
    worker.postMessage({ role: 'lower', bytes } satisfies ToWorker);
  });
}

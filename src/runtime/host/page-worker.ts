// What a worker of page-threads.ts runs: an instance of the program's module on the shared memory as one more M, or sysmon, or the wait for
// M0's note where browsers have no Atomics.waitAsync.

import { KernelWords } from '../../abi/heap.ts';
import { refuseOthers } from './common-imports.ts';
import { Memory } from './memory.ts';
import { forOneThread } from './one-thread.ts';
import { OutputRing } from './output-ring.ts';
import { pageImports } from './page-imports.ts';
import type { FromWorker, ToWorker } from './page-messages.ts';
import { locks } from './page-threads.ts';
import { announceExit, deathMessage, exitFromThread, words } from './shared-words.ts';
import { sysmonLoop, sysmonWords } from './sysmon-loop.ts';

type Thread = Extract<ToWorker, { role: 'thread' }>;

const scope = globalThis as unknown as { onmessage: (event: { readonly data: ToWorker }) => void; postMessage(m: FromWorker): void };
const tell = (m: FromWorker): void => scope.postMessage(m);

/** Takes the lock that the main thread knows this worker by, for its life. */
function live(lock: string): Promise<void> {
  const manager = locks();
  if (manager === undefined) return Promise.resolve();
  return new Promise((resolve) => { void manager.request(lock, () => { resolve(); return new Promise(() => {}); }); });
}

async function runThread(t: Thread): Promise<void> {
  await live(t.lock);
  tell({ kind: 'alive' });
  const mem = new Memory(t.memory), ring = new OutputRing(t.context.output);
  const write = (fd: number, bytes: Uint8Array): number => {
    for (let done = 0; done < bytes.length;) {
      done += ring.put(fd, bytes.subarray(done));
      tell({ kind: 'output' });
    }
    return bytes.length;
  };
  const imports = pageImports(mem, t.context, {
    exit: (code) => exitFromThread(t.memory, code), startM: (m) => { tell({ kind: 'start', m }); return true; }, startSysmon: () => undefined, write,
  });
  const instance = await WebAssembly.instantiate(t.module, refuseOthers(t.module, imports));
  (instance.exports['thread_start'] as (info: number, m: number, flags: number) => void)(t.info, t.m, t.flags);
}

scope.onmessage = ({ data }) => {
  switch (data.role) {
    case 'sysmon':
      void live(data.lock).then(() => {
        tell({ kind: 'alive' });
        sysmonLoop(data.memory, sysmonWords(data.periodMs));
      });
      break;
    case 'lower': tell({ kind: 'lowered', bytes: forOneThread(data.bytes) }); break;
    case 'note':
      Atomics.wait(words(data.memory), KernelWords.M0_NOTE / 4, 0);
      tell({ kind: 'noted' });
      break;
    case 'thread':
      runThread(data).catch((error: unknown) => {
        const text = deathMessage(error instanceof Error ? (error.stack ?? error.message) : String(error));
        new OutputRing(data.context.output).put(2, new TextEncoder().encode(text));
        announceExit(data.memory, 2);
        tell({ kind: 'output' });
      });
  }
};

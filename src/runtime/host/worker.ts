// What a worker of threads.ts runs: an instance of the program's module on the shared memory, as one more M of it.

import { workerData } from 'node:worker_threads';
import { writeSync } from 'node:fs';
import { refuseOthers } from './common-imports.ts';
import { instanceImports } from './imports.ts';
import { passLine } from './lines.ts';
import { Memory } from './memory.ts';
import { Streams } from './streams.ts';
import { awaitM } from './spare.ts';
import type { ThreadStart } from './threads.ts';
import { Threads } from './threads.ts';
import { exitFromThread } from './shared-words.ts';

const start = workerData as ThreadStart;
const mem = new Memory(start.memory);
const threads = new Threads(start, (line) => passLine(start.line, line));

try {
  const imports = instanceImports(mem, start, new Streams(start.stdio, start.outs), {
    exit: (code) => exitFromThread(start.memory, code), startM: (m) => threads.spawn(m), startSysmon: () => undefined,
  }, undefined);
  const m = start.m ?? awaitM(start.memory);
  if (m === undefined) process.exit();
  const instance = new WebAssembly.Instance(start.module, refuseOthers(start.module, imports));
  (instance.exports['thread_start'] as (info: number, m: number, flags: number) => void)(start.info, m, start.flags);
} catch (error) {
  writeSync(start.stdio[2], `goloom: internal error: thread of the program: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  exitFromThread(start.memory, 2);
}

// A thread of the program that dies without an exception, as a worker does whose heap is full: a fatal error, no hang.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { runProgram } from '../../src/runtime/host/node.ts';

const dir = mkdtempSync(join(tmpdir(), 'goloom-dead-'));
after(() => rmSync(dir, { recursive: true, force: true }));

/** What sysmon, whose source is text, does to the threads that it starts. */
const killer = `{
  const threads = require('node:worker_threads'), { Worker } = threads;
  threads.Worker = class extends Worker { constructor(...args) { super(...args); void this.terminate(); } };
}`;

/** Runs f, while all threads but sysmon die as soon as they are started. */
async function withDyingThreads<T>(f: () => Promise<T>): Promise<T> {
  const threads = process.getBuiltinModule('node:worker_threads') as { Worker: typeof Worker };
  threads.Worker = class extends Worker {
    constructor(file: string | URL, options: ConstructorParameters<typeof Worker>[1]) {
      super(options?.eval === true ? killer + String(file) : file, options);
      if (options?.eval !== true) void this.terminate();
    }
  };
  try { return await f(); } finally { threads.Worker = Worker; }
}

test('the end of a worker is the end of the program', { timeout: 50_000 }, async () => {
  const wasm = join(dir, 'hot.wasm'), log = join(dir, 'stderr'), fd = openSync(log, 'w');
  execFileSync(process.execPath, [join(import.meta.dirname, '../../bin/goloom.mjs'), 'build', '-o', wasm, join(import.meta.dirname, 'programs/hot.go')]);
  const code = await withDyingThreads(() => runProgram({ wasm: readFileSync(wasm), args: ['hot'], env: { GOMAXPROCS: '3' }, stdio: [0, 1, fd], signals: true }));
  closeSync(fd);
  assert.equal(readFileSync(log, 'utf8').split('\n')[0], 'fatal error: a thread of the program has ended: its worker has ended');
  assert.equal(code, 2);
});

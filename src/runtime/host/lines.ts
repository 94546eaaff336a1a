// How M0 learns that a thread has died, which may happen without an exception: a worker whose heap is full is stopped. What waits for it would wait for ever.
//
// Each worker of a program holds one end of a channel, its line, and M0 the other: when the worker has ended, whatever ended it, the line closes. A worker
// that starts another sends M0 that one's end through its own line, for its own event loop never turns. M0 hears of it when it is next in its event loop.

import type { MessagePort } from 'node:worker_threads';

/** On M0: calls `gone` when the worker at the other end has ended, or one that it has started, and so on. */
export function watchLine(line: MessagePort, gone: () => void): void {
  line.on('message', (other: MessagePort) => watchLine(other, gone));
  line.on('close', gone);
  line.unref();
}

/** On another thread: has M0 watch a worker that this one has started. `own` is this thread's line. */
export function passLine(own: MessagePort, line: MessagePort): void { own.postMessage(line, [line]); }

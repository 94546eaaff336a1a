// The end of a process whose program has ended. Node waits for its workers to end, for ever if one hangs in a call of the system (the opening of a
// named pipe that nobody else opens, a write that nobody reads); a program of gc ends whatever its threads do, and so shall this one.

import type { Worker } from 'node:worker_threads';

/** Time for threads to end in, which they take a few milliseconds for. */
const PATIENCE_MS = 300;

/** Workers that this thread has started and that have not ended. */
const alive = new Set<Worker>();

/** Keeps a worker in mind until it has ended. */
export function remember(worker: Worker): void {
  alive.add(worker);
  worker.once('exit', () => alive.delete(worker));
}

/** Gives the exit code once all workers, which have been told to, have ended. If one does not, ends the process. */
export async function leave(code: number): Promise<number> {
  if (alive.size === 0) return code;
  const all = Promise.all([...alive].map((worker) => new Promise((resolve) => { worker.once('exit', resolve); })));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<true>((resolve) => { timer = setTimeout(() => resolve(true), PATIENCE_MS); });
  const isLate = await Promise.race([all, late]) === true;
  clearTimeout(timer);
  if (isLate) endProcess(code);
  return code;
}

/** Ends the process with its threads. Another program takes its place, and that ends with the code; a Node that can't do that (before 22.15) loses the code. */
function endProcess(code: number): never {
  const { execve } = process as { execve?(file: string, args: readonly string[], env: Readonly<Record<string, string>>): void };
  try { execve?.('/bin/sh', ['sh', '-c', `exit ${code}`], {}); } catch { /* A system without it. */ }
  process.kill(process.pid, 'SIGKILL');
  throw new Error('the process goes on after its end');
}

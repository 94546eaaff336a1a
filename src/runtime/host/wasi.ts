// The `wasi_snapshot_preview1` imports: what GOOS=wasip1's standard library calls, over Node's synchronous APIs.

import { argumentBytes, environmentBytes } from './bytes.ts';
import { stringList } from './common-imports.ts';
import type { Descriptors } from './descriptors.ts';
import { Errno } from './errno.ts';
import type { Memory } from './memory.ts';
import { randomBytes } from './random.ts';
import { fileImports } from './wasi-files.ts';
import { pathImports } from './wasi-paths.ts';

export interface WasiOptions {
  /** args[0] is the program's name. */
  readonly args: readonly string[];
  /** Ends the program; does not return. */
  exit(code: number): never;
}

/** The environment that the program gets: PWD, if it is there, must name the working directory, for package syscall believes it. */
export function environment(env: Readonly<Record<string, string | undefined>>, cwd: string, same: (a: string, b: string) => boolean): string[] {
  const out: string[] = [];
  for (const [k, v] of Object.entries(env)) {
    if (v === undefined) continue;
    out.push(`${k}=${k === 'PWD' && !same(v, cwd) ? cwd : v}`);
  }
  return out;
}

/** Nanoseconds of WASI's clocks: 0 real time, others monotonic. */
function clock(id: number): bigint {
  return id === 0 ? BigInt(Math.floor((performance.timeOrigin + performance.now()) * 1000)) * 1000n : process.hrtime.bigint();
}

const SUBSCRIPTION_SIZE = 48, EVENT_SIZE = 32;
const never = new Int32Array(new SharedArrayBuffer(4));

/** poll_oneoff: descriptors are always ready; with clocks alone it sleeps until the first. */
function pollOneoff(mem: Memory, subs: number, events: number, n: number, out: number): number {
  let sleep: number | undefined;
  const view = mem.view();
  for (let i = 0; i < n; i++) {
    const at = (subs >>> 0) + SUBSCRIPTION_SIZE * i;
    if (view.getUint8(at + 8) !== 0) { sleep = 0; continue; }
    let ns = view.getBigUint64(at + 24, true);
    if (view.getUint16(at + 40, true) & 1) ns -= clock(view.getUint32(at + 16, true));
    sleep = Math.min(sleep ?? Infinity, Math.max(0, Number(ns) / 1e6));
  }
  if (sleep) Atomics.wait(never, 0, 0, sleep);
  let k = 0;
  for (let i = 0; i < n; i++) {
    const at = (subs >>> 0) + SUBSCRIPTION_SIZE * i, e = (events >>> 0) + EVENT_SIZE * k, type = view.getUint8(at + 8);
    if (type === 0 && Number(view.getBigUint64(at + 24, true)) / 1e6 > sleep!) continue;
    mem.bytes(e, EVENT_SIZE).fill(0);
    view.setBigUint64(e, view.getBigUint64(at, true), true);
    view.setUint8(e + 10, type);
    k++;
  }
  mem.setU32(out, k);
  return Errno.SUCCESS;
}

/** All imports of the module. */
export function wasiImports(mem: Memory, files: Descriptors, env: readonly string[], o: WasiOptions): Record<string, (...args: never[]) => number> {
  const [argsSizes, args] = stringList(mem, argumentBytes(o.args)), [environSizes, environ] = stringList(mem, environmentBytes(env));
  return {
    args_sizes_get: argsSizes, args_get: args, environ_sizes_get: environSizes, environ_get: environ,
    clock_time_get: (id: number, _precision: bigint, out: number) => { mem.setU64(out, clock(id)); return Errno.SUCCESS; },
    clock_res_get: (_id: number, out: number) => { mem.setU64(out, 1000n); return Errno.SUCCESS; },
    random_get: (at: number, n: number) => { randomBytes(mem.bytes(at, n)); return Errno.SUCCESS; },
    proc_exit: (code: number) => o.exit(code),
    sched_yield: () => Errno.SUCCESS,
    poll_oneoff: (subs: number, events: number, n: number, out: number) => pollOneoff(mem, subs, events, n, out),
    sock_accept: (fd: number) => (files.get(fd) ? Errno.NOTSOCK : Errno.BADF),
    sock_shutdown: (fd: number) => (files.get(fd) ? Errno.NOTSOCK : Errno.BADF),
    ...fileImports(mem, files),
    ...pathImports(mem, files),
  };
}

// What a program's instance imports in a page on any thread: the kernel's host calls, arguments and environment, random bytes, the process.
// What belongs to M0 is added in page.ts.

import { type HostCallName, IdentOp, type SyscallName } from '../../abi/hostcalls.ts';
import { HOST_MODULE, WASI_MODULE } from '../../abi/hostcalls.ts';
import { MEMORY_IMPORT } from '../../abi/tables.ts';
import { stringList } from './common-imports.ts';
import { linuxErrnoOf } from './errno.ts';
import { gcTraceLine } from './gctrace.ts';
import type { Memory } from './memory.ts';
import type { PageContext } from './page-messages.ts';

/** What differs between M0 and other threads. */
export interface PageThreadCalls {
  exit(code: number): never;
  startM(m: number): boolean;
  startSysmon(): void;
  /** Writes at once. */
  write(fd: number, bytes: Uint8Array): number;
}

type Calls<Name extends string> = Record<Name, (...args: never[]) => unknown>;

/** crypto.getRandomValues gives at most this much, and only to memory that is not shared. */
const RANDOM_PIECE = 65536;

function randomBytes(out: Uint8Array): void {
  const piece = new Uint8Array(Math.min(out.length, RANDOM_PIECE));
  for (let done = 0; done < out.length; done += piece.length) {
    const part = piece.subarray(0, out.length - done);
    crypto.getRandomValues(part);
    out.set(part, done);
  }
}

/** Numbers of the process as Go's own port has them in a page. */
const idents: Readonly<Record<(typeof IdentOp)[number], number>> = { uid: -1, gid: -1, euid: -1, egid: -1, pid: -1, ppid: -1, windows: 0, sockets: 0 };

/** Logical processors. */
export function processors(): number { return navigator.hardwareConcurrency || 1; }

/** The imports; `ofM0`: those that M0 alone has. */
export function pageImports(
  mem: Memory, c: PageContext, thread: PageThreadCalls, ofM0: Readonly<Record<string, (...args: never[]) => unknown>> = {}, more: WebAssembly.Imports = {},
): WebAssembly.Imports {
  const behind = performance.timeOrigin - c.origin, encoder = new TextEncoder();
  const [argsSizes, args] = stringList(mem, c.args), [environSizes, environ] = stringList(mem, c.env);
  const kernel: Calls<Exclude<HostCallName, 'jscall'>> = {
    monotonic: () => performance.now() + behind,
    wallclock: () => {
      const t = performance.timeOrigin + performance.now(), now = Date.now();
      return Math.abs(t - now) < 2 ? t : now;
    },
    write: (fd: number, at: number, n: number) => thread.write(fd, mem.bytes(at, n)),
    exit: thread.exit,
    start_m: (m: number) => Number(thread.startM(m)),
    start_sysmon: thread.startSysmon,
    seed: Math.random,
    ncpu: processors,
    gctrace: (...numbers: number[]) => { thread.write(2, encoder.encode(gcTraceLine(numbers))); },
    // There is no trace of the scheduler in a page.
    schedline: () => undefined,
  };
  const process: Calls<Extract<SyscallName, 'ident' | 'umask' | 'kill'>> = {
    ident: (what: number) => idents[IdentOp[what]],
    umask: () => 0o022,
    kill: () => -linuxErrnoOf('ENOSYS'),
  };
  return {
    ...more,
    [MEMORY_IMPORT.module]: { ...more[MEMORY_IMPORT.module], [MEMORY_IMPORT.name]: mem.memory },
    [HOST_MODULE]: { ...more[HOST_MODULE], ...kernel, ...process, ...ofM0 },
    [WASI_MODULE]: {
      ...more[WASI_MODULE], args_sizes_get: argsSizes, args_get: args, environ_sizes_get: environSizes, environ_get: environ,
      random_get: (at: number, n: number) => { randomBytes(mem.bytes(at, n)); return 0; },
      proc_exit: thread.exit, sched_yield: () => 0,
    },
  };
}

// What a program's instance imports, on every thread: the kernel's host calls, those of GOOS=js and WASI. What only M0 may be
// asked (`where: 'm0'` in src/abi/hostcalls.ts) other threads have a refusal for: compiled code goes to M0 before such a call.

import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { errnoOf } from './errno.ts';
import { Descriptors, writeAll } from './descriptors.ts';
import { environment, wasiImports } from './wasi.ts';
import { fileCalls } from './files.ts';
import { gcTraceLine } from './gctrace.ts';
import type { HostCallName, SyscallName } from '../../abi/hostcalls.ts';
import { HOST_MODULE, WASI_MODULE } from '../../abi/hostcalls.ts';
import type { Memory } from './memory.ts';
import { MEMORY_IMPORT } from '../../abi/tables.ts';
import { processCalls } from './process.ts';
import { sendCall } from './sockets.ts';
import type { Streams } from './streams.ts';
import { clockOrigin } from './threads.ts';
import type { ThreadContext } from './threads.ts';

type Calls<Name extends string> = Record<Name, (...args: never[]) => unknown>;

/** What differs between M0 and other threads. */
export interface ThreadCalls {
  exit(code: number): never;
  startM(m: number): boolean;
  startSysmon(): void;
}

/** The calls that belong to M0's event loop. */
export type M0Calls = Calls<Exclude<Extract<SyscallName, `js_${string}` | `proc_${string}` | `signal_${string}` | `net_${string}`>, 'net_send'> | 'fd_wait' | 'jscall' | 'export_done'>;

/** The kernel's own imports. */
function kernelImports(mem: Memory, c: ThreadContext, thread: ThreadCalls): Calls<Exclude<HostCallName, 'jscall'>> {
  const origin = performance.timeOrigin, behind = clockOrigin() - c.origin;
  return {
    monotonic: () => performance.now() + behind,
    wallclock: () => {
      const t = origin + performance.now(), now = Date.now();
      return Math.abs(t - now) < 2 ? t : now;
    },
    write: (fd: number, at: number, n: number) => {
      try { return writeAll(c.stdio[fd] ?? fd, mem.bytes(at, n), null); } catch (e) { return -errnoOf(e); }
    },
    exit: thread.exit,
    start_m: (m: number) => Number(thread.startM(m)),
    start_sysmon: thread.startSysmon,
    seed: Math.random,
    ncpu: availableParallelism,
    gctrace: (...numbers: number[]) => { writeAll(c.stdio[2], Buffer.from(gcTraceLine(numbers)), null); },
    // Sysmon's, in an instance of its own.
    schedline: () => undefined,
  };
}

function sameDirectory(a: string, b: string): boolean {
  try { return a === b || realpathSync(a) === realpathSync(b); } catch { return false; }
}

/** The environment that the program gets. */
export function environmentOf(env: ThreadContext['env'], cwd: string): string[] { return environment(env, cwd, sameDirectory); }

/** All imports of an instance. `ofM0` may be missing on other threads; so may what an embedder adds. */
export function instanceImports(
  mem: Memory, c: ThreadContext, streams: Streams, thread: ThreadCalls, ofM0: M0Calls | undefined, more: WebAssembly.Imports = {},
): WebAssembly.Imports {
  return {
    ...more,
    [MEMORY_IMPORT.module]: { ...more[MEMORY_IMPORT.module], [MEMORY_IMPORT.name]: mem.memory },
    [HOST_MODULE]: { ...more[HOST_MODULE], ...kernelImports(mem, c, thread), ...fileCalls(mem, streams, c, ofM0 !== undefined), ...processCalls, ...sendCall(mem), ...ofM0 },
    [WASI_MODULE]: wasiImports(mem, new Descriptors(c.cwd, c.stdio), environmentOf(c.env, c.cwd), { args: c.args, exit: thread.exit }),
  };
}

// Host imports of the kernel: one table from which the AssemblyScript declarations are generated and against
// which the host's implementation is typed. Go code reaches the rest of the host through `wasi_snapshot_preview1`.

export interface HostCall {
  readonly name: string;
  readonly params: readonly ('i32' | 'i64' | 'f64')[];
  readonly results: readonly ('i32' | 'i64' | 'f64')[];
  /** Which M may call it. */
  readonly where: 'any' | 'm0';
  readonly mayBlock: boolean;
  readonly doc: string;
}

/** Module name of the calls below. */
export const HOST_MODULE = 'goloom';

export const hostCalls = [
  { name: 'monotonic', params: [], results: ['f64'], where: 'any', mayBlock: false, doc: 'Milliseconds of a monotonic clock.' },
  { name: 'wallclock', params: [], results: ['f64'], where: 'any', mayBlock: false, doc: 'Milliseconds since 1970 UTC.' },
  { name: 'write', params: ['i32', 'i32', 'i32'], results: ['i32'], where: 'any', mayBlock: true, doc: '(fd, address, length): bytes written or -errno.' },
  { name: 'exit', params: ['i32'], results: [], where: 'any', mayBlock: false, doc: '(code): ends the program; does not return. With KernelWords.EXITING set already, by another M, the code there counts.' },
  { name: 'start_m', params: ['i32'], results: ['i32'], where: 'any', mayBlock: false, doc: '(M): starts a thread that calls thread_start with it; 0 if that is impossible.' },
  { name: 'start_sysmon', params: [], results: [], where: 'm0', mayBlock: false, doc: 'Starts the worker that watches for long-running goroutines.' },
  { name: 'seed', params: [], results: ['f64'], where: 'any', mayBlock: false, doc: 'A random number in [0, 1).' },
  { name: 'ncpu', params: [], results: ['i32'], where: 'any', mayBlock: false, doc: 'Number of logical processors.' },
  {
    name: 'gctrace', params: ['i32', 'f64', 'f64', 'f64', 'f64', 'f64', 'f64', 'f64', 'i32'], results: [], where: 'any', mayBlock: true,
    doc: 'GODEBUG=gctrace=1, after a collection: number, ns since start, pause ns, bytes before, bytes after, goal before, stack bytes, bytes of globals, forced.',
  },
] as const satisfies readonly HostCall[];

export type HostCallName = (typeof hostCalls)[number]['name'];

/** WASI preview 1 functions that GOOS=wasip1's standard library imports. */
export const WASI_MODULE = 'wasi_snapshot_preview1';

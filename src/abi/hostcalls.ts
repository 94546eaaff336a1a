// Host imports of the kernel: one table from which the AssemblyScript declarations are generated and against
// which the host's implementation is typed. Go code reaches the rest of the host through `wasi_snapshot_preview1`.

export interface HostCall {
  readonly name: string;
  readonly params: readonly ('i32' | 'i64' | 'f64')[];
  readonly results: readonly ('i32' | 'i64' | 'f64')[];
  /** Which M may call it; `files`: any where the files are the system's, only M0 where they are the host's own (a page). */
  readonly where: 'any' | 'm0' | 'files';
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
  { name: 'jscall', params: ['i32'], results: ['i32'], where: 'm0', mayBlock: true, doc: '(*jsCall of overlay/runtime): an operation on a JavaScript value; may call event.' },
  { name: 'ncpu', params: [], results: ['i32'], where: 'any', mayBlock: false, doc: 'Number of logical processors.' },
  {
    name: 'gctrace', params: ['i32', 'f64', 'f64', 'f64', 'f64', 'f64', 'f64', 'f64', 'i32'], results: [], where: 'any', mayBlock: true,
    doc: 'GODEBUG=gctrace=1, after a collection: number, ns since start, pause ns, bytes before, bytes after, goal before, stack bytes, bytes of globals, forced.',
  },
  {
    name: 'schedline', params: ['i32', 'f64', 'f64', 'f64', 'f64', 'f64', 'f64', 'f64', 'f64', 'f64', 'f64'], results: [], where: 'any', mayBlock: false,
    doc: "GODEBUG=schedtrace: kind of line and its numbers (kernel/schedtrace.ts). Only sysmon's instance calls it.",
  },
] as const satisfies readonly HostCall[];

/**
 * Calls of GOOS=js's package syscall (overlay/syscall/host_js.go declares them), in the same module. Paths are bytes, (address, length).
 * They give a result, or the negative of an error number of Linux. `mayBlock`: made by the scheduler, which hands the P off if it takes long
 * (kernel/syscall.ts; but for fs_text, whose answer is the thread's). Those on streams are M0's, give EAGAIN instead, and the goroutine waits with fd_wait,
 * which M0 serves from its event loop; so does who writes to a full pipe that the process was started with.
 */
export const syscalls = [
  { name: 'fs_open', params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'], where: 'files', mayBlock: true, doc: '(path, flags, permissions): the descriptor. -EINPROGRESS: see tellPipe (overlay/syscall/blocking_js.go).' },
  { name: 'fs_close', params: ['i32'], results: ['i32'], where: 'files', mayBlock: true, doc: '(fd): one that M0 has no stream for.' },
  { name: 'fs_read', params: ['i32', 'i32', 'i32', 'i64'], results: ['i32'], where: 'files', mayBlock: true, doc: "(fd, buffer, offset; -1: the system's position): bytes read." },
  { name: 'fs_write', params: ['i32', 'i32', 'i32', 'i64'], results: ['i32'], where: 'files', mayBlock: true, doc: "(fd, buffer, offset; -1: the system's position): bytes written." },
  { name: 'stream_close', params: ['i32'], results: ['i32'], where: 'm0', mayBlock: false, doc: '(fd): of a pipe, terminal or socket, or a descriptor of the host that stands for a stream.' },
  { name: 'stream_read', params: ['i32', 'i32', 'i32'], results: ['i32'], where: 'm0', mayBlock: false, doc: '(fd, buffer): bytes read ahead; -EAGAIN: wait with fd_wait.' },
  { name: 'stream_write', params: ['i32', 'i32', 'i32'], results: ['i32'], where: 'm0', mayBlock: false, doc: '(fd that stands for a stream, buffer): bytes taken; -EAGAIN: wait with fd_wait.' },
  { name: 'fs_position', params: ['i32'], results: ['i64'], where: 'files', mayBlock: false, doc: "(fd): the system's position, -1 if nobody tells." },
  { name: 'fs_stat', params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'], where: 'files', mayBlock: true, doc: '(path, follow, *syscall.Stat_t).' },
  { name: 'fs_fstat', params: ['i32', 'i32'], results: ['i32'], where: 'files', mayBlock: true, doc: '(fd, *syscall.Stat_t).' },
  { name: 'fs_path', params: ['i32', 'i32', 'i32', 'i64', 'i64'], results: ['i32'], where: 'files', mayBlock: true, doc: '(PathOp, path, two numbers).' },
  { name: 'fs_paths', params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: ['i32'], where: 'files', mayBlock: true, doc: '(PathsOp, two paths).' },
  { name: 'fs_fd', params: ['i32', 'i32', 'i64', 'i64'], results: ['i32'], where: 'files', mayBlock: true, doc: '(FdOp, fd, two numbers).' },
  { name: 'fs_text', params: ['i32', 'i32', 'i32'], results: ['i32'], where: 'files', mayBlock: true, doc: '(TextOp, path): length of the answer, which the same M takes next with `text`.' },
  { name: 'text', params: ['i32', 'i32'], results: ['i32'], where: 'any', mayBlock: false, doc: '(buffer): copies the answer of the last call that has one.' },
  { name: 'fd_wait', params: ['i32', 'i32', 'i32'], results: [], where: 'm0', mayBlock: false, doc: "(fd, mode 'r' or 'w', completion id): completes when a read or write would do something." },
  { name: 'ident', params: ['i32'], results: ['i32'], where: 'any', mayBlock: false, doc: '(IdentOp): a number of the process.' },
  { name: 'umask', params: ['i32'], results: ['i32'], where: 'm0', mayBlock: false, doc: '(mask): the old one.' },
  { name: 'proc_start', params: ['i32', 'i32', 'i32'], results: [], where: 'm0', mayBlock: false, doc: '(specification, completion id): starts a process; its number. overlay/syscall/exec_js.go writes the specification.' },
  { name: 'proc_stream', params: ['i32', 'i32'], results: ['i32'], where: 'm0', mayBlock: false, doc: "(process, n): descriptor for fs_read, fs_write, fs_close and fd_wait of the host's end of the pipe that is the process's stream n." },
  { name: 'proc_wait', params: ['i32', 'i32'], results: ['i32'], where: 'm0', mayBlock: false, doc: '(process, completion id): completes with its wait status; -ECHILD, and completes, if it is no child.' },
  { name: 'signal_enable', params: ['i32'], results: [], where: 'm0', mayBlock: false, doc: "(signal): deliver it; number of Linux's." },
  { name: 'signal_disable', params: ['i32'], results: [], where: 'm0', mayBlock: false, doc: '(signal): its default action again.' },
  { name: 'signal_ignore', params: ['i32'], results: [], where: 'm0', mayBlock: false, doc: '(signal).' },
  { name: 'signal_wait', params: ['i32'], results: [], where: 'm0', mayBlock: false, doc: '(completion id): completes with the next signal that is delivered.' },
  { name: 'signal_send', params: ['i32'], results: [], where: 'm0', mayBlock: false, doc: '(signal): delivers it, as if it had come from the system.' },
  { name: 'signal_raise', params: ['i32'], results: [], where: 'm0', mayBlock: false, doc: '(signal): ends the process by its default action.' },
  { name: 'js_finalize', params: ['i64'], results: [], where: 'm0', mayBlock: false, doc: '(ref): Go has one value less that names it.' },
  { name: 'js_string', params: ['i32', 'i32'], results: ['i64'], where: 'm0', mayBlock: false, doc: '(string): its ref.' },
  { name: 'js_load', params: ['i64', 'i32', 'i32'], results: [], where: 'm0', mayBlock: false, doc: '(ref of an Uint8Array, buffer): copies it.' },
  { name: 'js_to_go', params: ['i32', 'i32', 'i64'], results: ['i32'], where: 'm0', mayBlock: false, doc: '(buffer, ref): bytes copied, -1 if it is no byte array.' },
  { name: 'js_from_go', params: ['i64', 'i32', 'i32'], results: ['i32'], where: 'm0', mayBlock: false, doc: '(ref, buffer): bytes copied, -1 if it is no byte array.' },
  { name: 'net_listen', params: ['i32', 'i32', 'i32'], results: [], where: 'm0', mayBlock: false, doc: '(socket, backlog, completion id): binds a stream socket to its LOCAL address and listens. A socket is the address of its record (sockets.ts).' },
  { name: 'net_accept', params: ['i32', 'i32'], results: ['i32'], where: 'm0', mayBlock: false, doc: '(listening socket, record of a new one): takes the next connection.' },
  { name: 'net_connect', params: ['i32'], results: [], where: 'm0', mayBlock: false, doc: '(socket): connects it with its REMOTE address; the outcome is in CONNECT when it can be written.' },
  { name: 'net_send', params: ['i32', 'i32', 'i32'], results: ['i32'], where: 'any', mayBlock: false, doc: "(system's descriptor, buffer): bytes written to a connected socket." },
  { name: 'net_write', params: ['i32', 'i32', 'i32'], results: ['i32'], where: 'm0', mayBlock: false, doc: '(socket, buffer): bytes taken, to be written when the system has room.' },
  { name: 'net_resume', params: ['i32'], results: [], where: 'm0', mayBlock: false, doc: '(socket): its ring, which was full, is empty.' },
  { name: 'net_shutdown', params: ['i32'], results: [], where: 'm0', mayBlock: false, doc: '(socket): nothing will be written any more.' },
  { name: 'net_close', params: ['i32', 'i32'], results: [], where: 'm0', mayBlock: false, doc: '(socket, whether to reset the connection): the host leaves the record alone from now on.' },
  { name: 'net_option', params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'], where: 'm0', mayBlock: false, doc: '(socket, SocketOption, value, address of a socket address).' },
  { name: 'net_datagram', params: ['i32', 'i32', 'i32'], results: [], where: 'm0', mayBlock: false, doc: '(socket, 4 or 6, completion id): a UDP socket, bound to LOCAL and connected with REMOTE where they are given.' },
  { name: 'net_sendto', params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: [], where: 'm0', mayBlock: false, doc: '(socket, buffer, socket address, completion id): sends a datagram.' },
  { name: 'net_lookup', params: ['i32', 'i32', 'i32', 'i32'], results: [], where: 'm0', mayBlock: false, doc: '(LookupKind, name, completion id): number of an answer (host/names.ts) for net_answer.' },
  { name: 'net_answer', params: ['i32', 'i32', 'i32'], results: ['i32'], where: 'm0', mayBlock: false, doc: '(answer, buffer): its length; copies it, once, to a buffer that is not empty.' },
  { name: 'export_done', params: ['i32'], results: [], where: 'm0', mayBlock: false, doc: '(frame): the function that export_call ran has returned.' },
  { name: 'kill', params: ['i32', 'i32'], results: ['i32'], where: 'any', mayBlock: false, doc: '(process, signal).' },
] as const satisfies readonly HostCall[];

const places = new Map<string, HostCall['where']>([
  ...[...hostCalls, ...syscalls].map((call) => [`${HOST_MODULE}.${call.name}`, call.where] as const),
  ...['args_get', 'args_sizes_get', 'clock_res_get', 'clock_time_get', 'environ_get', 'environ_sizes_get', 'proc_exit', 'random_get', 'sched_yield'].map((name) => [`wasi_snapshot_preview1.${name}`, 'any'] as const),
]);

/** Is the import `module.name` an embedder's? It is called with the goroutine suspended, as it may call the program. */
export function isEmbedders(name: string): boolean { return !name.startsWith(`${HOST_MODULE}.`) && !name.startsWith('wasi_snapshot_preview1.'); }

/**
 * Which M may call the import `module.name`? Only M0 the event loop's, WASI's calls on descriptors (their table is M0's), and what
 * an embedder adds. The compiler puts `onm0` or `onfiles` and `offm0` of the kernel around such calls.
 */
export function placeOfImport(name: string): HostCall['where'] { return places.get(name) ?? 'm0'; }

export type SyscallName = (typeof syscalls)[number]['name'];

/** Operations of the calls above, by number; overlay/syscall/host_js.go has the same lists. */
export const PathOp = ['mkdir', 'unlink', 'rmdir', 'chmod', 'chown', 'lchown', 'utimes', 'truncate', 'chdir', 'access'] as const;
export const PathsOp = ['rename', 'link', 'symlink'] as const;
export const FdOp = ['chmod', 'chown', 'truncate', 'sync'] as const;
export const TextOp = ['readdir', 'readlink', 'realpath', 'cwd', 'hostname', 'executable', 'groups', 'interfaces'] as const;
/** Operations of jscall. */
export const JsOp = ['get', 'set', 'delete', 'index', 'setIndex', 'length', 'call', 'invoke', 'new', 'prepareString', 'instanceOf'] as const;
/** The struct that jscall works on (overlay/syscall/js/calls.go). */
export const JsCall = { OP: 0, V: 8, NAME: 16, NAME_LEN: 24, ARGS: 32, ARGS_LEN: 40, X: 56, RESULT: 64, N: 72, OK: 80 } as const;
export const IdentOp = ['uid', 'gid', 'euid', 'egid', 'pid', 'ppid', 'windows', 'sockets'] as const;

export type HostCallName = (typeof hostCalls)[number]['name'];

/** WASI preview 1 functions that GOOS=wasip1's standard library imports. */
export const WASI_MODULE = 'wasi_snapshot_preview1';

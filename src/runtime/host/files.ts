// Files for GOOS=js: the calls of overlay/syscall over Node's synchronous functions. There is no state here but the answer that
// the same goroutine takes at once: descriptors are the system's, their positions are in the program's memory, so any thread may call.

import * as fs from 'node:fs';
import { FdOp, PathOp, PathsOp, TextOp, type SyscallName } from '../../abi/hostcalls.ts';
import { linuxErrno } from './errno.ts';
import { interfaces } from './names.ts';
import type { Memory } from './memory.ts';
import { systemPosition } from './descriptors.ts';
import { putStat } from './stat.ts';
import type { Streams } from './streams.ts';

/** Open flags of GOOS=js's package syscall, by the name of Node's constant. */
const openFlagBits: Readonly<Record<string, number>> = {
  O_WRONLY: 0x1, O_RDWR: 0x2, O_CREAT: 0x40, O_EXCL: 0x80, O_TRUNC: 0x200, O_APPEND: 0x400, O_NONBLOCK: 0x800, O_SYNC: 0x1000, O_DIRECTORY: 0x2000, O_NOFOLLOW: 0x20000,
};

function openFlags(bits: number): number {
  let flags = 0;
  for (const [name, bit] of Object.entries(openFlagBits)) if (bits & bit) flags |= (fs.constants as Readonly<Record<string, number>>)[name] ?? 0;
  return flags;
}

/** Among the flags: say so if it is a named pipe and the call would wait for its other end (tellPipe of overlay/syscall/blocking_js.go). */
const TELL_PIPE = 1 << 30;
const EINPROGRESS = 115;

/** Would the call wait until somebody opens the pipe's other end? */
function waitsForOther(path: Buffer, flags: number): boolean {
  return (flags & TELL_PIPE) !== 0 && (flags & (openFlagBits['O_RDWR']! | openFlagBits['O_NONBLOCK']!)) === 0 && fs.statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
}

/** In place of a time: not to be changed. */
const OMIT = -(1n << 63n);

function utimes(path: Buffer, a: bigint, m: bigint): void {
  const old = a === OMIT || m === OMIT ? fs.statSync(path, { bigint: true }) : undefined;
  // In two parts: nanoseconds since 1970 are more than a number holds.
  const seconds = (ns: bigint): number => Number(ns / 1_000_000_000n) + Number(ns % 1_000_000_000n) / 1e9;
  fs.utimesSync(path, seconds(a === OMIT ? old!.atimeNs : a), seconds(m === OMIT ? old!.mtimeNs : m));
}

function chdir(path: Buffer): void {
  if (!fs.statSync(path).isDirectory()) throw Object.assign(new Error('chdir'), { code: 'ENOTDIR' });
  fs.accessSync(path, fs.constants.X_OK);
}

const onPath: Readonly<Record<(typeof PathOp)[number], (path: Buffer, a: bigint, b: bigint) => void>> = {
  mkdir: (p, mode) => { fs.mkdirSync(p, Number(mode)); },
  unlink: (p) => fs.unlinkSync(p),
  rmdir: (p) => fs.rmdirSync(p),
  chmod: (p, mode) => fs.chmodSync(p, Number(mode)),
  chown: (p, uid, gid) => fs.chownSync(p, id(uid), id(gid)),
  lchown: (p, uid, gid) => fs.lchownSync(p, id(uid), id(gid)),
  utimes,
  truncate: (p, size) => fs.truncateSync(p as unknown as string, Number(size)),
  chdir,
  access: (p, mode) => fs.accessSync(p, Number(mode)),
};

/** A user or group number; -1, which means no change, in the form that Node takes. */
function id(x: bigint): number { return Number(BigInt.asUintN(32, x)); }

const onPaths: Readonly<Record<(typeof PathsOp)[number], (a: Buffer, b: Buffer) => void>> = {
  rename: (a, b) => fs.renameSync(a, b),
  link: (a, b) => fs.linkSync(a, b),
  symlink: (a, b) => fs.symlinkSync(a, b),
};

const onFd: Readonly<Record<(typeof FdOp)[number], (fd: number, a: bigint, b: bigint) => void>> = {
  chmod: (fd, mode) => fs.fchmodSync(fd, Number(mode)),
  chown: (fd, uid, gid) => fs.fchownSync(fd, id(uid), id(gid)),
  truncate: (fd, size) => fs.ftruncateSync(fd, Number(size)),
  sync: (fd) => fs.fsyncSync(fd),
};

/** Values of d_type of a directory entry. */
function direntType(e: fs.Dirent<Buffer>): number {
  if (e.isFile()) return 8;
  if (e.isDirectory()) return 4;
  if (e.isSymbolicLink()) return 10;
  if (e.isFIFO()) return 1;
  if (e.isSocket()) return 12;
  if (e.isCharacterDevice()) return 2;
  return e.isBlockDevice() ? 6 : 0;
}

/** Entries one after the other: type, length of the name (two bytes), name. */
function readdir(path: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (const e of fs.readdirSync(path, { withFileTypes: true, encoding: 'buffer' })) {
    parts.push(Buffer.from([direntType(e), e.name.length & 255, e.name.length >> 8]), e.name);
  }
  return Buffer.concat(parts);
}

const slashes = (path: string): string => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);

/** The groups as Linux has them; Node adds the effective one. */
function systemGroups(): number[] | undefined {
  try {
    return /^Groups:(.*)$/m.exec(fs.readFileSync('/proc/self/status', 'latin1'))?.[1].trim().split(/\s+/).filter((g) => g !== '').map(Number);
  } catch {
    return undefined;
  }
}

function groups(): Buffer {
  const list = systemGroups() ?? process.getgroups?.() ?? [];
  const b = Buffer.alloc(4 * list.length);
  list.forEach((g, i) => b.writeUInt32LE(g, 4 * i));
  return b;
}

/** What the host tells about itself. */
export interface HostTexts { readonly cwd: string; readonly executable: string }

type Calls = Record<Extract<SyscallName, `fs_${string}` | `stream_${string}` | 'text'>, (...args: never[]) => number | bigint>;

/** The fs_… imports. */
export function fileCalls(mem: Memory, streams: Streams, host: HostTexts, isM0: boolean): Calls {
  const path = (at: number, n: number): Buffer => Buffer.from(mem.bytes(at, n));
  const attempt = (f: () => number | void): number => {
    try { return f() ?? 0; } catch (e) { return -linuxErrno(e); }
  };
  let answer: Uint8Array = new Uint8Array(0);
  const texts: Readonly<Record<(typeof TextOp)[number], (path: Buffer) => Buffer>> = {
    readdir,
    readlink: (p) => fs.readlinkSync(p, { encoding: 'buffer' }),
    realpath: (p) => Buffer.from(slashes(fs.realpathSync.native(p, { encoding: 'latin1' })), 'latin1'),
    cwd: () => Buffer.from(slashes(host.cwd)),
    hostname: () => Buffer.from(process.getBuiltinModule('node:os').hostname()),
    executable: () => Buffer.from(slashes(host.executable)),
    groups,
    interfaces: () => Buffer.from(interfaces()),
  };
  return {
    fs_open: (at: number, n: number, flags: number, perm: number) => attempt(() => {
      const name = path(at, n);
      return isM0 && waitsForOther(name, flags) ? -EINPROGRESS : fs.openSync(name, openFlags(flags), perm & 0o7777);
    }),
    fs_close: (fd: number) => attempt(() => fs.closeSync(streams.sys(fd))),
    fs_read: (fd: number, at: number, n: number, offset: bigint) => attempt(() => fs.readSync(streams.sys(fd), mem.bytes(at, n), 0, n >>> 0, offset < 0n ? null : Number(offset))),
    fs_write: (fd: number, at: number, n: number, offset: bigint) => attempt(() => fs.writeSync(streams.out(fd), mem.bytes(at, n), 0, n >>> 0, offset < 0n ? null : Number(offset))),
    stream_close: (fd: number) => attempt(() => { if (!streams.close(fd)) fs.closeSync(streams.sys(fd)); }),
    stream_read: (fd: number, at: number, n: number) => attempt(() => streams.read(fd, mem.bytes(at, n))),
    stream_write: (fd: number, at: number, n: number) => attempt(() => streams.write(fd, mem.bytes(at, n))),
    fs_position: (fd: number) => BigInt(streams.isTerminal(fd) ? -1 : systemPosition(streams.sys(fd)) ?? -1),
    fs_stat: (at: number, n: number, follow: number, st: number) => attempt(() => putStat(mem, st, (follow ? fs.statSync : fs.lstatSync)(path(at, n), { bigint: true }))),
    fs_fstat: (fd: number, st: number) => attempt(() => putStat(mem, st, fs.fstatSync(streams.sys(fd), { bigint: true }))),
    fs_path: (op: number, at: number, n: number, a: bigint, b: bigint) => attempt(() => onPath[PathOp[op]](path(at, n), a, b)),
    fs_paths: (op: number, a: number, an: number, b: number, bn: number) => attempt(() => onPaths[PathsOp[op]](path(a, an), path(b, bn))),
    fs_fd: (op: number, fd: number, a: bigint, b: bigint) => attempt(() => onFd[FdOp[op]](streams.sys(fd), a, b)),
    fs_text: (op: number, at: number, n: number) => attempt(() => (answer = texts[TextOp[op]](path(at, n))).length),
    text: (at: number, n: number) => { mem.bytes(at, n).set(answer.subarray(0, n >>> 0)); return answer.length; },
  };
}

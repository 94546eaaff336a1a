// Files of GOOS=js in a page: the host calls of overlay/syscall over a file system in memory, and over the program's standard streams.
// Owner: M0; other threads' goroutines go there for these calls (`where: 'files'` in src/abi/hostcalls.ts).

import { FdOp, PathOp, PathsOp, TextOp, type SyscallName } from '../../abi/hostcalls.ts';
import { linuxErrno } from './errno.ts';
import { FileError, MemoryFiles, type Node, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFDIR, S_IFCHR } from './memory-files.ts';
import type { Memory } from './memory.ts';
import type { PageStreams } from './page-streams.ts';
import { putStat } from './stat.ts';

/** Open flags of GOOS=js's package syscall. */
const O = { ACCMODE: 3, CREAT: 0x40, EXCL: 0x80, TRUNC: 0x200, APPEND: 0x400, DIRECTORY: 0x2000, NOFOLLOW: 0x20000 } as const;

interface Open { readonly node: Node; readonly append: boolean; position: number }

const FIRST_FD = 3;
const encoder = new TextEncoder();
const latin1 = (bytes: Uint8Array): string => { let s = ''; for (const b of bytes) s += String.fromCharCode(b); return s; };
const bytesOf = (s: string): Uint8Array => Uint8Array.from(s, (c) => c.charCodeAt(0));

/** Path names are bytes: text as UTF-8. */
export const pathOf = (text: string): string => latin1(encoder.encode(text));

/** In place of a time: not to be changed. */
const OMIT = -(1n << 63n);

/** Values of d_type of a directory entry. */
const direntTypes: Readonly<Record<number, number>> = { [S_IFREG]: 8, [S_IFDIR]: 4, [S_IFLNK]: 10, [S_IFIFO]: 1, [S_IFCHR]: 2 };

type Calls = Record<Extract<SyscallName, `fs_${string}` | `stream_${string}` | 'text' | 'fd_wait'>, (...args: never[]) => number | bigint | void>;

export class PageFiles {
  private readonly files: MemoryFiles;
  private readonly streams: PageStreams;
  private readonly open = new Map<number, Open>();
  private answer: Uint8Array = new Uint8Array(0);
  private readonly executable: string;

  constructor(files: MemoryFiles, streams: PageStreams, executable: string) {
    this.files = files;
    this.streams = streams;
    this.executable = executable;
  }

  private opened(fd: number): Open {
    const f = this.open.get(fd);
    if (f === undefined) throw new FileError('EBADF');
    return f;
  }

  private openFile(path: string, flags: number, permissions: number): number {
    const { files } = this, at = files.place(path, !(flags & O.NOFOLLOW));
    let { node } = at;
    if (node === undefined) {
      if (!(flags & O.CREAT)) throw new FileError('ENOENT');
      if (flags & O.DIRECTORY) throw new FileError('EINVAL');
      node = files.create({ path, permissions });
    } else if (flags & O.CREAT && flags & O.EXCL) throw new FileError('EEXIST');
    else if (MemoryFiles.isLink(node)) throw new FileError('ELOOP');
    const isDir = MemoryFiles.isDir(node);
    if (flags & O.DIRECTORY && !isDir) throw new FileError('ENOTDIR');
    if (isDir && (flags & O.ACCMODE || flags & O.CREAT)) throw new FileError('EISDIR');
    if (flags & O.TRUNC && flags & O.ACCMODE && (node.mode & S_IFMT) === S_IFREG) files.truncate(node, 0);
    let fd = FIRST_FD;
    while (this.open.has(fd)) fd++;
    this.open.set(fd, { node, append: (flags & O.APPEND) !== 0, position: 0 });
    return fd;
  }

  private read(fd: number, out: Uint8Array, offset: bigint): number {
    if (fd < FIRST_FD) return this.streams.read(fd, out);
    const f = this.opened(fd), n = this.files.read(f.node, out, offset < 0n ? f.position : Number(offset));
    if (offset < 0n) f.position += n;
    return n;
  }

  private write(fd: number, bytes: Uint8Array, offset: bigint): number {
    if (fd < FIRST_FD) return this.streams.write(fd, bytes.slice());
    const f = this.opened(fd), at = f.append ? f.node.size : offset < 0n ? f.position : Number(offset);
    const n = this.files.write(f.node, bytes, at);
    if (offset < 0n || f.append) f.position = at + n;
    return n;
  }

  private stat(mem: Memory, st: number, n: Node): void {
    const b = BigInt;
    putStat(mem, st, {
      dev: 1n, ino: b(n.ino), mode: b(n.mode), nlink: b(n.nlink), uid: b(n.uid), gid: b(n.gid), rdev: 0n, size: b(MemoryFiles.isDir(n) ? 4096 : n.size),
      atimeNs: n.atime, mtimeNs: n.mtime, ctimeNs: n.ctime,
    });
  }

  private readonly onPath: Readonly<Record<(typeof PathOp)[number], (path: string, a: bigint, b: bigint) => void>> = {
    mkdir: (p, mode) => this.files.mkdir(p, Number(mode)),
    unlink: (p) => this.files.unlink(p),
    rmdir: (p) => this.files.rmdir(p),
    chmod: (p, mode) => chmod(this.files.find(p), mode),
    chown: (p, uid, gid) => chown(this.files.find(p), uid, gid),
    lchown: (p, uid, gid) => chown(this.files.find(p, false), uid, gid),
    utimes: (p, a, m) => {
      const n = this.files.find(p);
      if (a !== OMIT) n.atime = a;
      if (m !== OMIT) n.mtime = m;
    },
    truncate: (p, size) => this.files.truncate(this.files.find(p), Number(size)),
    chdir: (p) => { if (!MemoryFiles.isDir(this.files.find(p))) throw new FileError('ENOTDIR'); },
    access: (p) => { this.files.find(p); },
  };

  private readonly onPaths: Readonly<Record<(typeof PathsOp)[number], (a: string, b: string) => void>> = {
    rename: (a, b) => this.files.rename(a, b),
    link: (a, b) => this.files.link(a, b),
    symlink: (a, b) => this.files.symlink(a, b),
  };

  private readonly onFd: Readonly<Record<(typeof FdOp)[number], (f: Open, a: bigint, b: bigint) => void>> = {
    chmod: (f, mode) => chmod(f.node, mode),
    chown: (f, uid, gid) => chown(f.node, uid, gid),
    truncate: (f, size) => this.files.truncate(f.node, Number(size)),
    sync: () => {},
  };

  private readonly texts: Readonly<Record<(typeof TextOp)[number], (path: string) => Uint8Array>> = {
    readdir: (p) => this.readdir(p),
    readlink: (p) => {
      const n = this.files.find(p, false);
      if (!MemoryFiles.isLink(n)) throw new FileError('EINVAL');
      return bytesOf(n.target);
    },
    realpath: () => { throw new FileError('ENOSYS'); },
    cwd: () => bytesOf('/'),
    hostname: () => encoder.encode((globalThis as { location?: { hostname: string } }).location?.hostname || 'localhost'),
    executable: () => encoder.encode(this.executable),
    groups: () => new Uint8Array(0),
    interfaces: () => new Uint8Array(0),
  };

  /** Entries one after the other: type, length of the name (two bytes), name. */
  private readdir(path: string): Uint8Array {
    const n = this.files.find(path), out: number[] = [];
    if (!MemoryFiles.isDir(n)) throw new FileError('ENOTDIR');
    for (const [name, e] of n.entries) out.push(direntTypes[e.mode & S_IFMT] ?? 0, name.length & 255, name.length >> 8, ...bytesOf(name));
    return Uint8Array.from(out);
  }

  /** The fs_… imports. */
  imports(mem: Memory, complete: (id: number, result: number) => void): Calls {
    const path = (at: number, n: number): string => latin1(mem.bytes(at, n));
    const attempt = (f: () => number | void): number => {
      try { return f() ?? 0; } catch (e) { return -linuxErrno(e); }
    };
    return {
      fs_open: (at: number, n: number, flags: number, perm: number) => attempt(() => this.openFile(path(at, n), flags, perm)),
      fs_close: (fd: number) => attempt(() => { if (fd >= FIRST_FD && !this.open.delete(fd)) throw new FileError('EBADF'); }),
      fs_read: (fd: number, at: number, n: number, offset: bigint) => attempt(() => this.read(fd, mem.bytes(at, n), offset)),
      fs_write: (fd: number, at: number, n: number, offset: bigint) => attempt(() => this.write(fd, mem.bytes(at, n), offset)),
      stream_close: () => 0,
      stream_read: (fd: number, at: number, n: number) => attempt(() => this.streams.read(fd, mem.bytes(at, n))),
      stream_write: (fd: number, at: number, n: number) => attempt(() => this.streams.write(fd, mem.bytes(at, n).slice())),
      fs_position: (fd: number) => BigInt(this.open.get(fd)?.position ?? -1),
      fs_stat: (at: number, n: number, follow: number, st: number) => attempt(() => this.stat(mem, st, this.files.find(path(at, n), follow !== 0))),
      fs_fstat: (fd: number, st: number) => attempt(() => this.stat(mem, st, fd < FIRST_FD ? this.streams.node : this.opened(fd).node)),
      fs_path: (op: number, at: number, n: number, a: bigint, b: bigint) => attempt(() => this.onPath[PathOp[op]](path(at, n), a, b)),
      fs_paths: (op: number, a: number, an: number, b: number, bn: number) => attempt(() => this.onPaths[PathsOp[op]](path(a, an), path(b, bn))),
      fs_fd: (op: number, fd: number, a: bigint, b: bigint) => attempt(() => this.onFd[FdOp[op]](this.opened(fd), a, b)),
      fs_text: (op: number, at: number, n: number) => attempt(() => (this.answer = this.texts[TextOp[op]](path(at, n))).length),
      text: (at: number, n: number) => { mem.bytes(at, n).set(this.answer.subarray(0, n >>> 0)); return this.answer.length; },
      fd_wait: (fd: number, mode: number, id: number) => this.streams.wait(fd, mode === 'r'.charCodeAt(0), () => complete(id, 0)),
    };
  }
}

function chmod(n: Node, mode: bigint): void { n.mode = (n.mode & S_IFMT) | (Number(mode) & 0o7777); }

/** A number of -1 means no change. */
function chown(n: Node, uid: bigint, gid: bigint): void {
  if (uid >= 0n) n.uid = Number(uid);
  if (gid >= 0n) n.gid = Number(gid);
}

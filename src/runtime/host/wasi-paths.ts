// WASI preview 1's calls on paths. A path is relative to an open directory; the program sees the whole file system
// (a preopened root), as a native program does, so nothing is confined here.

import * as fs from 'node:fs';
import { resolve } from 'node:path';
import type { Descriptors} from './descriptors.ts';
import { FdFlag, FileType, fileTypeOf } from './descriptors.ts';
import { errnoOf, Errno } from './errno.ts';
import { putFilestat, timesOf } from './wasi-files.ts';
import type { Memory } from './memory.ts';

const LOOKUP_FOLLOW = 1;
const OFlag = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;
const RIGHT_READ = 1n << 1n, RIGHT_WRITE = 1n << 6n;

/** Flags for open(2) from WASI's three sets of flags. */
function openFlags(follow: boolean, oflags: number, rights: bigint, fdflags: number): number {
  const c = fs.constants;
  const read = (rights & RIGHT_READ) !== 0n, write = (rights & RIGHT_WRITE) !== 0n;
  let flags: number = write ? (read ? c.O_RDWR : c.O_WRONLY) : c.O_RDONLY;
  if (oflags & OFlag.create) flags |= c.O_CREAT;
  if (oflags & OFlag.directory) flags = (flags & ~(c.O_RDWR | c.O_WRONLY)) | (c.O_DIRECTORY ?? 0);
  if (oflags & OFlag.exclusive) flags |= c.O_EXCL;
  if (oflags & OFlag.truncate) flags |= c.O_TRUNC;
  if (fdflags & FdFlag.append) flags |= c.O_APPEND;
  if (fdflags & FdFlag.sync) flags |= c.O_SYNC ?? 0;
  if (!follow) flags |= c.O_NOFOLLOW ?? 0;
  return flags;
}

/** The path_… imports. */
export function pathImports(mem: Memory, files: Descriptors): Record<string, (...args: never[]) => number> {
  // Runs f on the host path that (directory descriptor, path) means; a trailing slash is kept, it asks for a directory.
  const at = (fd: number, p: number, length: number, f: (path: string) => void): number => {
    const dir = files.get(fd);
    if (!dir) return Errno.BADF;
    if (dir.type !== FileType.directory) return Errno.NOTDIR;
    const name = mem.string(p, length);
    try {
      f(resolve(dir.path, name) + (name.endsWith('/') && name !== '/' ? '/' : ''));
      return Errno.SUCCESS;
    } catch (e) {
      return errnoOf(e);
    }
  };
  // The same for calls with two paths.
  const both = (fd1: number, p1: number, n1: number, fd2: number, p2: number, n2: number, f: (a: string, b: string) => void): number => {
    let result: number = Errno.SUCCESS;
    const first = at(fd1, p1, n1, (a) => { result = at(fd2, p2, n2, (b) => f(a, b)); });
    return first || result;
  };
  return {
    path_open: (fd: number, dirflags: number, p: number, n: number, oflags: number, rights: bigint, _inheriting: bigint, fdflags: number, out: number) => at(fd, p, n, (path) => {
      const host = fs.openSync(path, openFlags((dirflags & LOOKUP_FOLLOW) !== 0, oflags, rights, fdflags), 0o666);
      const type = fileTypeOf(fs.fstatSync(host));
      mem.setU32(out, files.add({ fd: host, type, path, flags: fdflags & ~FdFlag.nonblock, position: type === FileType.regular ? 0 : undefined }));
    }),
    path_create_directory: (fd: number, p: number, n: number) => at(fd, p, n, (path) => fs.mkdirSync(path)),
    path_remove_directory: (fd: number, p: number, n: number) => at(fd, p, n, (path) => fs.rmdirSync(path)),
    path_unlink_file: (fd: number, p: number, n: number) => at(fd, p, n, (path) => fs.unlinkSync(path)),
    path_filestat_get: (fd: number, flags: number, p: number, n: number, out: number) => at(fd, p, n, (path) => {
      putFilestat(mem, out, (flags & LOOKUP_FOLLOW ? fs.statSync : fs.lstatSync)(path, { bigint: true }));
    }),
    path_filestat_set_times: (fd: number, flags: number, p: number, n: number, atim: bigint, mtim: bigint, set: number) => at(fd, p, n, (path) => {
      const follow = (flags & LOOKUP_FOLLOW) !== 0;
      const times = timesOf(atim, mtim, set, () => (follow ? fs.statSync : fs.lstatSync)(path));
      (follow ? fs.utimesSync : fs.lutimesSync)(path, ...times);
    }),
    path_readlink: (fd: number, p: number, n: number, buf: number, size: number, used: number) => at(fd, p, n, (path) => {
      const target = fs.readlinkSync(path, { encoding: 'buffer' }).subarray(0, size >>> 0);
      mem.bytes(buf, target.length).set(target);
      mem.setU32(used, target.length);
    }),
    path_symlink: (target: number, targetLength: number, fd: number, p: number, n: number) => at(fd, p, n, (path) => fs.symlinkSync(mem.string(target, targetLength), path)),
    path_link: (fd1: number, _flags: number, p1: number, n1: number, fd2: number, p2: number, n2: number) => both(fd1, p1, n1, fd2, p2, n2, (a, b) => fs.linkSync(a, b)),
    path_rename: (fd1: number, p1: number, n1: number, fd2: number, p2: number, n2: number) => both(fd1, p1, n1, fd2, p2, n2, (a, b) => fs.renameSync(a, b)),
  };
}

// WASI preview 1's calls on open files: fd_read and its kin, over the table of descriptors.

import * as fs from 'node:fs';
import type { Descriptors} from './descriptors.ts';
import { FileType, fileTypeOf, type OpenFile } from './descriptors.ts';
import { errnoOf, Errno } from './errno.ts';
import type { Memory } from './memory.ts';

const ALL_RIGHTS = 0x1fffffffn;
const FILESTAT_SIZE = 64;
const DIRENT_SIZE = 24;

/** Writes a filestat. The permission bits, which WASI has no place for, go into the padding after the file type. */
export function putFilestat(mem: Memory, at: number, s: fs.BigIntStats): void {
  mem.bytes(at, FILESTAT_SIZE).fill(0);
  mem.setU64(at, s.dev);
  mem.setU64(at + 8, s.ino);
  mem.view().setUint8((at >>> 0) + 16, fileTypeOf(s));
  mem.setU32(at + 20, Number(s.mode));
  mem.setU64(at + 24, s.nlink);
  mem.setU64(at + 32, s.size);
  mem.setU64(at + 40, s.atimeNs);
  mem.setU64(at + 48, s.mtimeNs);
  mem.setU64(at + 56, s.ctimeNs);
}

/** Times to set, in seconds, from WASI's arguments; a time that is not to change comes from `now`. */
export function timesOf(atim: bigint, mtim: bigint, flags: number, current: () => fs.Stats): [number, number] {
  const pick = (ns: bigint, set: number, setNow: number, keep: 'atimeMs' | 'mtimeMs'): number =>
    flags & set ? Number(ns) / 1e9 : flags & setNow ? Date.now() / 1000 : current()[keep] / 1000;
  return [pick(atim, 1, 2, 'atimeMs'), pick(mtim, 4, 8, 'mtimeMs')];
}

/** The fd_… imports. Each gives an errno. */
export function fileImports(mem: Memory, files: Descriptors): Record<string, (...args: never[]) => number> {
  const on = (fd: number, f: (file: OpenFile) => number): number => {
    const file = files.get(fd);
    if (!file) return Errno.BADF;
    try { return f(file); } catch (e) { return errnoOf(e); }
  };
  const io = (fd: number, nread: number, f: (file: OpenFile) => number): number => on(fd, (file) => {
    if (file.type === FileType.directory) return Errno.ISDIR;
    mem.setU32(nread, f(file));
    return Errno.SUCCESS;
  });
  const sync = (fd: number): number => on(fd, (f) => { if (f.fd >= 0) fs.fsyncSync(f.fd); return Errno.SUCCESS; });
  return {
    fd_read: (fd: number, iovs: number, n: number, out: number) => io(fd, out, (f) => files.read(f, mem.iovecs(iovs, n))),
    fd_pread: (fd: number, iovs: number, n: number, offset: bigint, out: number) => io(fd, out, (f) => files.read(f, mem.iovecs(iovs, n), Number(offset))),
    fd_write: (fd: number, iovs: number, n: number, out: number) => io(fd, out, (f) => files.write(f, mem.iovecs(iovs, n))),
    fd_pwrite: (fd: number, iovs: number, n: number, offset: bigint, out: number) => io(fd, out, (f) => files.write(f, mem.iovecs(iovs, n), Number(offset))),
    fd_close: (fd: number) => { try { return files.close(fd); } catch (e) { return errnoOf(e); } },
    fd_sync: sync,
    fd_datasync: sync,
    fd_seek: (fd: number, offset: bigint, whence: number, out: number) => on(fd, (f) => {
      const to = files.seek(f, Number(offset), whence);
      if (to < 0) return -to;
      mem.setU64(out, BigInt(to));
      return Errno.SUCCESS;
    }),
    fd_tell: (fd: number, out: number) => on(fd, (f) => {
      const at = files.seek(f, 0, 1);
      if (at < 0) return -at;
      mem.setU64(out, BigInt(at));
      return Errno.SUCCESS;
    }),
    fd_fdstat_get: (fd: number, out: number) => on(fd, (f) => {
      mem.bytes(out, 24).fill(0);
      mem.view().setUint8(out >>> 0, f.type);
      mem.view().setUint16((out >>> 0) + 2, f.flags, true);
      mem.setU64(out + 8, ALL_RIGHTS);
      mem.setU64(out + 16, ALL_RIGHTS);
      return Errno.SUCCESS;
    }),
    // Blocking is the host's affair: non-blocking mode is not taken on, and programs see that it was not.
    fd_fdstat_set_flags: (fd: number, flags: number) => on(fd, (f) => { f.flags = flags & ~4; return Errno.SUCCESS; }),
    fd_fdstat_set_rights: (fd: number) => on(fd, () => Errno.SUCCESS),
    fd_advise: (fd: number) => on(fd, () => Errno.SUCCESS),
    fd_filestat_get: (fd: number, out: number) => on(fd, (f) => {
      putFilestat(mem, out, f.fd >= 0 ? fs.fstatSync(f.fd, { bigint: true }) : fs.statSync(f.path, { bigint: true }));
      return Errno.SUCCESS;
    }),
    fd_filestat_set_size: (fd: number, size: bigint) => on(fd, (f) => { fs.ftruncateSync(f.fd, Number(size)); return Errno.SUCCESS; }),
    fd_filestat_set_times: (fd: number, atim: bigint, mtim: bigint, flags: number) => on(fd, (f) => {
      fs.futimesSync(f.fd, ...timesOf(atim, mtim, flags, () => fs.fstatSync(f.fd)));
      return Errno.SUCCESS;
    }),
    fd_prestat_get: (fd: number, out: number) => {
      const f = files.get(fd);
      if (!f) return Errno.BADF;
      if (f.preopen === undefined) return Errno.NOTDIR;
      mem.setU32(out, 0);
      mem.setU32(out + 4, Buffer.byteLength(f.preopen));
      return Errno.SUCCESS;
    },
    fd_prestat_dir_name: (fd: number, at: number, length: number) => on(fd, (f) => {
      if (f.preopen === undefined) return Errno.NOTDIR;
      mem.bytes(at, length).set(Buffer.from(f.preopen).subarray(0, length));
      return Errno.SUCCESS;
    }),
    fd_readdir: (fd: number, buf: number, size: number, cookie: bigint, used: number) => on(fd, (f) => {
      if (f.type !== FileType.directory) return Errno.NOTDIR;
      if (cookie === 0n || !f.entries) f.entries = fs.readdirSync(f.path, { withFileTypes: true });
      mem.setU32(used, putEntries(mem, f.entries, Number(cookie), buf, size >>> 0));
      return Errno.SUCCESS;
    }),
  };
}

/** Writes directory entries from the cookie on, the last one cut off where the buffer ends; the number of bytes. */
function putEntries(mem: Memory, entries: readonly fs.Dirent[], cookie: number, buf: number, size: number): number {
  const out = mem.bytes(buf, size);
  let n = 0;
  const record = Buffer.alloc(DIRENT_SIZE);
  for (let i = cookie; i < entries.length && n < size; i++) {
    const name = Buffer.from(entries[i].name);
    record.writeBigUInt64LE(BigInt(i + 1), 0);
    record.writeBigUInt64LE(0n, 8);
    record.writeUInt32LE(name.length, 16);
    record.writeUInt32LE(fileTypeOf(entries[i]), 20);
    for (const part of [record, name]) {
      const k = Math.min(part.length, size - n);
      out.set(part.subarray(0, k), n);
      n += k;
    }
  }
  return n;
}

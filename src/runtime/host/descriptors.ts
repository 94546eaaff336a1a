// The table of open files behind the WASI descriptors of a program, and reading and writing through them.
// Node has no lseek: a seekable file's position is kept here and given with each call; standard streams use the system's own
// position until the program seeks.

import * as fs from 'node:fs';
import { errnoOf, Errno } from './errno.ts';

/** WASI file types. */
export const FileType = { unknown: 0, block: 1, character: 2, directory: 3, regular: 4, socketStream: 6, symlink: 7 } as const;
export type FileType = (typeof FileType)[keyof typeof FileType];

export const FdFlag = { append: 1, dsync: 2, nonblock: 4, rsync: 8, sync: 16 } as const;

export interface OpenFile {
  /** The system's descriptor; -1 for a preopened directory that was never needed. */
  readonly fd: number;
  readonly type: FileType;
  /** Where it was opened; the base of relative paths of a directory. */
  readonly path: string;
  /** Name under which a preopened directory is shown to the program. */
  readonly preopen?: string;
  flags: number;
  /** Position of a seekable file; undefined: the system keeps it. */
  position: number | undefined;
  /** Entries of a directory being read. */
  entries?: readonly fs.Dirent[];
}

export function fileTypeOf(s: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean; isCharacterDevice(): boolean; isBlockDevice(): boolean; isSocket(): boolean }): FileType {
  if (s.isFile()) return FileType.regular;
  if (s.isDirectory()) return FileType.directory;
  if (s.isSymbolicLink()) return FileType.symlink;
  if (s.isCharacterDevice()) return FileType.character;
  if (s.isBlockDevice()) return FileType.block;
  if (s.isSocket()) return FileType.socketStream;
  return FileType.unknown;
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Repeats a call on a descriptor that is in non-blocking mode until it does something. */
function retrying(call: () => number): number {
  for (let ms = 1; ; ms = Math.min(ms * 2, 20)) {
    try {
      return call();
    } catch (e) {
      if ((e as { code?: string }).code !== 'EAGAIN') throw e;
      Atomics.wait(pause, 0, 0, ms);
    }
  }
}

/** Writes all bytes to a system descriptor, waiting where it is full. */
export function writeAll(fd: number, bytes: Uint8Array, position: number | null): number {
  let done = 0;
  while (done < bytes.length) {
    const at = position === null ? null : position + done;
    done += retrying(() => fs.writeSync(fd, bytes, done, bytes.length - done, at));
  }
  return done;
}

/** Reads what is there, waiting for at least one byte or the end. */
export function readSome(fd: number, bytes: Uint8Array, position: number | null): number {
  try {
    return retrying(() => fs.readSync(fd, bytes, 0, bytes.length, position));
  } catch (e) {
    // Windows says so at the end of a console's or pipe's input.
    if ((e as { code?: string }).code === 'EOF') return 0;
    throw e;
  }
}

export class Descriptors {
  private readonly open: (OpenFile | undefined)[] = [];

  /** Standard streams, then the working directory and the root as preopened directories. */
  constructor(cwd: string, stdio: readonly [number, number, number] = [0, 1, 2]) {
    for (const fd of stdio) this.open.push(standardStream(fd));
    this.open.push({ fd: -1, type: FileType.directory, path: cwd, preopen: cwd, flags: 0, position: undefined });
    if (cwd !== '/') this.open.push({ fd: -1, type: FileType.directory, path: '/', preopen: '/', flags: 0, position: undefined });
  }

  get(fd: number): OpenFile | undefined { return this.open[fd]; }

  /** Lowest free number, as in POSIX. */
  add(file: OpenFile): number {
    let fd = this.open.indexOf(undefined);
    if (fd < 0) fd = this.open.length;
    this.open[fd] = file;
    return fd;
  }

  close(fd: number): number {
    const f = this.open[fd];
    if (!f) return Errno.BADF;
    this.open[fd] = undefined;
    if (f.fd >= 0) fs.closeSync(f.fd);
    return Errno.SUCCESS;
  }

  read(f: OpenFile, buffers: readonly Uint8Array[], offset?: number): number {
    let total = 0;
    for (const b of buffers) {
      const at = offset !== undefined ? offset + total : f.position !== undefined ? f.position : null;
      const n = readSome(f.fd, b, at);
      if (offset === undefined && f.position !== undefined) f.position += n;
      total += n;
      if (n < b.length) break;
    }
    return total;
  }

  write(f: OpenFile, buffers: readonly Uint8Array[], offset?: number): number {
    let total = 0;
    const append = (f.flags & FdFlag.append) !== 0;
    for (const b of buffers) {
      const at = append ? null : offset !== undefined ? offset + total : f.position !== undefined ? f.position : null;
      const n = writeAll(f.fd, b, at);
      if (append && f.position !== undefined) f.position = fs.fstatSync(f.fd).size;
      else if (offset === undefined && f.position !== undefined) f.position += n;
      total += n;
    }
    return total;
  }

  /** Moves a file's position; the new one, or a negative errno. */
  seek(f: OpenFile, offset: number, whence: number): number {
    if (f.type !== FileType.regular) return f.type === FileType.directory && whence === 0 && offset === 0 ? 0 : -Errno.SPIPE;
    if (f.position === undefined) f.position = systemPosition(f.fd) ?? 0;
    const from = whence === 0 ? 0 : whence === 1 ? f.position : fs.fstatSync(f.fd).size;
    const to = from + offset;
    if (to < 0 || whence > 2) return -Errno.INVAL;
    f.position = to;
    return to;
  }
}

function standardStream(fd: number): OpenFile | undefined {
  try {
    const type = fileTypeOf(fs.fstatSync(fd));
    return { fd, type: type === FileType.unknown ? FileType.character : type, path: '', flags: 0, position: undefined };
  } catch (e) {
    errnoOf(e);
    return undefined;
  }
}

/** Where the system's position of a descriptor is; undefined where nobody tells. */
export function systemPosition(fd: number): number | undefined {
  try {
    const m = /^pos:\s*(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'));
    return m === null ? undefined : Number(m[1]);
  } catch {
    return undefined;
  }
}

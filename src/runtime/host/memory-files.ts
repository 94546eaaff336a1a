// A file system in the memory of a page: directories, files, symbolic links, with the errors of a real one. Paths are absolute, and strings
// with a character per byte. Like a system that one user has for themselves: permissions are kept, and refuse nothing.

/** An error with the name of an error number. */
export class FileError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export const S_IFDIR = 0o040000, S_IFREG = 0o100000, S_IFLNK = 0o120000, S_IFIFO = 0o010000, S_IFCHR = 0o020000, S_IFMT = 0o170000;

/** A file of any kind. `mode` has its type too. */
export interface Node {
  readonly ino: number;
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  /** Nanoseconds since 1970. */
  atime: bigint;
  mtime: bigint;
  ctime: bigint;
  /** Of a regular file: `size` bytes of it count. */
  content: Uint8Array;
  size: number;
  /** Of a directory. */
  readonly entries: Map<string, Node>;
  /** Of a symbolic link. */
  target: string;
}

/** Where a path leads: the directory, the name in it, and what is there, if anything. */
interface Place { readonly dir: Node; readonly name: string; readonly node: Node | undefined; readonly mustBeDir: boolean }

const MAX_LINKS = 40, MAX_NAME = 255, FIRST_CAPACITY = 256;

const now = (): bigint => BigInt(Math.floor((performance.timeOrigin + performance.now()) * 1000)) * 1000n;

export class MemoryFiles {
  readonly root: Node;
  private lastIno = 1;

  constructor() {
    this.root = this.make(S_IFDIR | 0o755);
    this.root.nlink = 2;
    for (const name of ['tmp', 'dev']) this.mkdir(`/${name}`, 0o777);
    this.enter(this.place('/dev/null'), this.make(S_IFCHR | 0o666));
  }

  private make(mode: number): Node {
    const t = now();
    return { ino: ++this.lastIno, mode, nlink: 0, uid: 0, gid: 0, atime: t, mtime: t, ctime: t, content: new Uint8Array(0), size: 0, entries: new Map(), target: '' };
  }

  static isDir(n: Node): boolean { return (n.mode & S_IFMT) === S_IFDIR; }
  static isLink(n: Node): boolean { return (n.mode & S_IFMT) === S_IFLNK; }

  /** Finds a path; `follow`: through a link at its end. */
  place(path: string, follow = true): Place {
    if (path === '') throw new FileError('ENOENT');
    // Directories from the root to where we are: '..' goes back.
    const trail: Node[] = [this.root];
    const parts = path.split('/').filter((part) => part !== '');
    let mustBeDir = path.endsWith('/'), links = 0;
    for (;;) {
      const dir = trail.at(-1)!, part = parts.shift();
      if (part === undefined) return { dir: trail.at(-2) ?? this.root, name: '.', node: dir, mustBeDir: true };
      if (!MemoryFiles.isDir(dir)) throw new FileError('ENOTDIR');
      if (part.length > MAX_NAME) throw new FileError('ENAMETOOLONG');
      if (part === '.') continue;
      if (part === '..') { if (trail.length > 1) trail.pop(); continue; }
      const node = dir.entries.get(part), last = parts.length === 0;
      if (node !== undefined && MemoryFiles.isLink(node) && (!last || follow || mustBeDir)) {
        if (++links > MAX_LINKS) throw new FileError('ELOOP');
        if (node.target.startsWith('/')) trail.length = 1;
        if (node.target.endsWith('/') && last) mustBeDir = true;
        parts.unshift(...node.target.split('/').filter((p) => p !== ''));
        continue;
      }
      if (last) {
        if (node !== undefined && mustBeDir && !MemoryFiles.isDir(node)) throw new FileError('ENOTDIR');
        return { dir, name: part, node, mustBeDir };
      }
      if (node === undefined) throw new FileError('ENOENT');
      trail.push(node);
    }
  }

  find(path: string, follow = true): Node {
    const { node } = this.place(path, follow);
    if (node === undefined) throw new FileError('ENOENT');
    return node;
  }

  private enter(at: Place, node: Node): Node {
    at.dir.entries.set(at.name, node);
    node.nlink++;
    if (MemoryFiles.isDir(node)) { node.nlink++; at.dir.nlink++; }
    at.dir.mtime = at.dir.ctime = now();
    return node;
  }

  private remove(at: Place): void {
    const node = at.node!;
    at.dir.entries.delete(at.name);
    node.nlink--;
    if (MemoryFiles.isDir(node)) { node.nlink--; at.dir.nlink--; }
    at.dir.mtime = at.dir.ctime = node.ctime = now();
  }

  /** What is at a path where something new shall be. */
  private vacant(path: string): Place {
    const at = this.place(path, false);
    if (at.node !== undefined) throw new FileError('EEXIST');
    return at;
  }

  create(at: { path: string; permissions: number }): Node {
    const place = this.place(at.path);
    if (place.mustBeDir) throw new FileError('EISDIR');
    return this.enter(place, this.make(S_IFREG | (at.permissions & 0o7777)));
  }

  mkdir(path: string, permissions: number): void { this.enter(this.vacant(path), this.make(S_IFDIR | (permissions & 0o7777))); }

  symlink(target: string, path: string): void {
    const at = this.vacant(path);
    if (target === '' || at.mustBeDir) throw new FileError('ENOENT');
    const node = this.make(S_IFLNK | 0o777);
    node.target = target;
    node.size = target.length;
    this.enter(at, node);
  }

  link(from: string, to: string): void {
    const node = this.find(from, false);
    if (MemoryFiles.isDir(node)) throw new FileError('EPERM');
    const at = this.vacant(to);
    if (at.mustBeDir) throw new FileError('ENOENT');
    this.enter(at, node);
    node.ctime = now();
  }

  unlink(path: string): void {
    const at = this.place(path, false);
    if (at.node === undefined) throw new FileError('ENOENT');
    if (MemoryFiles.isDir(at.node)) throw new FileError('EISDIR');
    this.remove(at);
  }

  rmdir(path: string): void {
    const at = this.place(path, false);
    if (at.node === undefined) throw new FileError('ENOENT');
    if (!MemoryFiles.isDir(at.node)) throw new FileError('ENOTDIR');
    if (at.name === '.') throw new FileError(at.node === this.root ? 'EBUSY' : 'EINVAL');
    if (at.node.entries.size > 0) throw new FileError('ENOTEMPTY');
    this.remove(at);
  }

  rename(from: string, to: string): void {
    const a = this.place(from, false), b = this.place(to, false);
    if (a.node === undefined) throw new FileError('ENOENT');
    if (a.name === '.' || b.name === '.') throw new FileError('EBUSY');
    if (a.node === b.node) return;
    const moved = a.node, isDir = MemoryFiles.isDir(moved);
    if (isDir && this.contains(moved, b.dir)) throw new FileError('EINVAL');
    if (b.node === undefined && b.mustBeDir && !isDir) throw new FileError('ENOTDIR');
    if (b.node !== undefined) {
      if (isDir && !MemoryFiles.isDir(b.node)) throw new FileError('ENOTDIR');
      if (!isDir && MemoryFiles.isDir(b.node)) throw new FileError('EISDIR');
      if (b.node.entries.size > 0) throw new FileError('ENOTEMPTY');
      this.remove(b);
    }
    this.remove(a);
    this.enter({ ...b, node: undefined }, moved);
  }

  private contains(dir: Node, node: Node): boolean {
    return dir === node || [...dir.entries.values()].some((n) => MemoryFiles.isDir(n) && this.contains(n, node));
  }

  truncate(node: Node, size: number): void {
    if (MemoryFiles.isDir(node)) throw new FileError('EISDIR');
    if (size < 0) throw new FileError('EINVAL');
    this.reserve(node, size);
    if (size < node.size) node.content.fill(0, size, node.size);
    node.size = size;
    node.mtime = node.ctime = now();
  }

  private reserve(node: Node, size: number): void {
    if (size <= node.content.length) return;
    let grown: Uint8Array;
    try {
      grown = new Uint8Array(Math.max(size, FIRST_CAPACITY, Math.min(node.content.length * 2, size + (64 << 20))));
    } catch {
      throw new FileError('ENOSPC');
    }
    grown.set(node.content.subarray(0, node.size));
    node.content = grown;
  }

  read(node: Node, out: Uint8Array, at: number): number {
    if (MemoryFiles.isDir(node)) throw new FileError('EISDIR');
    const part = node.content.subarray(Math.min(at, node.size), Math.min(at + out.length, node.size));
    out.set(part);
    node.atime = now();
    return part.length;
  }

  write(node: Node, bytes: Uint8Array, at: number): number {
    // Only the null device is one.
    if ((node.mode & S_IFMT) === S_IFCHR) return bytes.length;
    this.reserve(node, at + bytes.length);
    node.content.set(bytes, at);
    node.size = Math.max(node.size, at + bytes.length);
    node.mtime = node.ctime = now();
    return bytes.length;
  }
}

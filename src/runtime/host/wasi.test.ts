// The WASI imports on a real directory: what they do to the file system, and their errno numbers.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Descriptors, FileType } from './descriptors.ts';
import { Memory } from './memory.ts';
import { environment, wasiImports } from './wasi.ts';

const dir = fs.mkdtempSync(join(tmpdir(), 'wasi-'));
after(() => fs.rmSync(dir, { recursive: true }));

const mem = new Memory(new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true }));
const files = new Descriptors(dir);
const imports = wasiImports(mem, files, ['A=1', 'PWD=/x'], { args: ['prog', 'ä'], exit: (code) => { throw new Error(`exit ${code}`); } }) as unknown as Record<string, (...args: (number | bigint)[]) => number>;
const READ = 1n << 1n, WRITE = 1n << 6n;
const PATH = 1024, OUT = 512, IOV = 256, BUF = 8192;

/** Puts a string at `at`; address and length. */
function str(s: string, at = PATH): [number, number] {
  const b = Buffer.from(s);
  mem.bytes(at, b.length).set(b);
  return [at, b.length];
}

function iov(length: number, at = BUF): [number, number] {
  mem.setU32(IOV, at);
  mem.setU32(IOV + 4, length);
  return [IOV, 1];
}

function open(path: string, oflags: number, rights: bigint, fdflags = 0): number {
  const e = imports.path_open(3, 1, ...str(path), oflags, rights, 0n, fdflags, OUT);
  assert.equal(e, 0, path);
  return mem.u32(OUT);
}

function write(fd: number, s: string): void {
  assert.equal(imports.fd_write(fd, ...iov(str(s, BUF)[1]), OUT), 0);
  assert.equal(mem.u32(OUT), Buffer.byteLength(s));
}

function read(fd: number, n: number): string {
  assert.equal(imports.fd_read(fd, ...iov(n), OUT), 0);
  return mem.string(BUF, mem.u32(OUT));
}

test('arguments and environment', () => {
  assert.equal(imports.args_sizes_get(OUT, OUT + 4), 0);
  assert.deepEqual([mem.u32(OUT), mem.u32(OUT + 4)], [2, 8]);
  imports.args_get(OUT, BUF);
  assert.equal(mem.string(mem.u32(OUT + 4), 3), 'ä\0');
  imports.environ_sizes_get(OUT, OUT + 4);
  assert.deepEqual([mem.u32(OUT), mem.u32(OUT + 4)], [2, 11]);
});

test('PWD names the working directory or is not there', () => {
  const same = (a: string, b: string): boolean => a === b || a === `/link${b}`;
  assert.deepEqual(environment({ PWD: '/link/a', X: undefined, Y: '' }, '/a', same), ['PWD=/link/a', 'Y=']);
  assert.deepEqual(environment({ PWD: '/old' }, '/a', same), ['PWD=/a']);
  assert.deepEqual(environment({}, '/a', same), []);
});

test('preopened directories: the working directory first, then the root', () => {
  const name = (fd: number): string => {
    assert.equal(imports.fd_prestat_get(fd, OUT), 0);
    const n = mem.u32(OUT + 4);
    imports.fd_prestat_dir_name(fd, BUF, n);
    return mem.string(BUF, n);
  };
  assert.deepEqual([name(3), name(4)], [dir, '/']);
  assert.equal(imports.fd_prestat_get(5, OUT), 8);
});

test('files: write, read, position, append, truncate', () => {
  const fd = open('f', 1 | 8, READ | WRITE);
  write(fd, 'hello world');
  assert.equal(imports.fd_seek(fd, 6n, 0, OUT), 0);
  assert.equal(read(fd, 100), 'world');
  assert.equal(imports.fd_seek(fd, -100n, 1, OUT), 28);
  assert.equal(imports.fd_pread(fd, ...iov(5), 0n, OUT), 0);
  assert.equal(mem.string(BUF, mem.u32(OUT)), 'hello');
  assert.equal(read(fd, 10), '');
  const app = open('f', 0, WRITE, 1);
  write(app, '!');
  assert.equal(fs.readFileSync(join(dir, 'f'), 'utf8'), 'hello world!');
  assert.equal(imports.fd_tell(app, OUT), 0);
  assert.equal(mem.u32(OUT), 12);
  assert.equal(imports.fd_filestat_set_size(fd, 3n), 0);
  assert.equal(imports.fd_filestat_get(fd, OUT), 0);
  assert.equal(mem.u32(OUT + 32), 3);
  assert.equal(mem.view().getUint8(OUT + 16), FileType.regular);
  assert.equal(imports.fd_close(fd), 0);
  assert.equal(imports.fd_close(fd), 8);
  assert.equal(imports.fd_close(app), 0);
});

test('the lowest free descriptor is reused', () => {
  const a = open('f', 0, READ), b = open('f', 0, READ);
  assert.equal(b, a + 1);
  imports.fd_close(a);
  assert.equal(open('f', 0, READ), a);
  imports.fd_close(a);
  imports.fd_close(b);
});

test('directories: entries in pieces, cookies', () => {
  fs.mkdirSync(join(dir, 'd'));
  for (let i = 0; i < 50; i++) fs.writeFileSync(join(dir, 'd', `entry-${i}`), '');
  const fd = open('d', 2, READ), names: string[] = [];
  for (let cookie = 0n; ;) {
    assert.equal(imports.fd_readdir(fd, BUF, 200, cookie, OUT), 0);
    const n = mem.u32(OUT);
    let at = 0;
    while (at + 24 <= n && at + 24 + mem.u32(BUF + at + 16) <= n) {
      cookie = mem.view().getBigUint64(BUF + at, true);
      names.push(mem.string(BUF + at + 24, mem.u32(BUF + at + 16)));
      at += 24 + mem.u32(BUF + at + 16);
    }
    if (n < 200) break;
  }
  assert.deepEqual(names.sort(), fs.readdirSync(join(dir, 'd')).sort());
  assert.equal(imports.fd_read(fd, ...iov(1), OUT), 31);
  imports.fd_close(fd);
});

test('paths: errors are those of the system', () => {
  assert.equal(imports.path_open(3, 1, ...str('none'), 0, READ, 0n, 0, OUT), 44);
  assert.equal(imports.path_open(3, 1, ...str('f'), 1 | 4, READ | WRITE, 0n, 0, OUT), 20);
  assert.equal(imports.path_open(3, 1, ...str('f/x'), 0, READ, 0n, 0, OUT), 54);
  assert.equal(imports.path_open(99, 1, ...str('f'), 0, READ, 0n, 0, OUT), 8);
  assert.equal(imports.path_create_directory(3, ...str('d')), 20);
  assert.equal(imports.path_remove_directory(3, ...str('d')), 55);
  assert.equal(imports.path_unlink_file(3, ...str('none')), 44);
  assert.equal(imports.path_filestat_get(3, 1, ...str('none'), OUT), 44);
});

test('links, renaming, times', () => {
  assert.equal(imports.path_symlink(...str('f', 2048), 3, ...str('s')), 0);
  assert.equal(imports.path_readlink(3, ...str('s'), BUF, 100, OUT), 0);
  assert.equal(mem.string(BUF, mem.u32(OUT)), 'f');
  imports.path_filestat_get(3, 0, ...str('s'), OUT);
  assert.equal(mem.view().getUint8(OUT + 16), FileType.symlink);
  assert.equal(imports.path_open(3, 0, ...str('s'), 0, READ, 0n, 0, OUT), 32);
  assert.equal(imports.path_link(3, 0, ...str('f', 2048), 3, ...str('h')), 0);
  assert.equal(imports.path_rename(3, ...str('h', 2048), 3, ...str('g')), 0);
  assert.equal(imports.path_filestat_set_times(3, 1, ...str('g'), 0n, 1_500_000_000n * 1_000_000_000n, 4), 0);
  assert.equal(fs.statSync(join(dir, 'g')).mtimeMs, 1.5e12);
  assert.ok(!fs.existsSync(join(dir, 'h')));
  assert.equal(imports.path_unlink_file(3, ...str('s')), 0);
});

test('clocks, random bytes, sleeping', () => {
  imports.clock_time_get(0, 0n, OUT);
  assert.ok(Math.abs(Number(mem.view().getBigUint64(OUT, true)) / 1e6 - Date.now()) < 1000);
  mem.bytes(BUF, 5000).fill(0);
  imports.random_get(BUF, 5000);
  assert.ok(new Set(mem.bytes(BUF, 5000)).size > 200);
  mem.bytes(BUF, 48).fill(0);
  mem.setU32(BUF, 7);
  mem.setU32(BUF + 16, 1);
  mem.setU64(BUF + 24, 20_000_000n);
  const t = performance.now();
  assert.equal(imports.poll_oneoff(BUF, BUF + 100, 1, OUT), 0);
  assert.ok(performance.now() - t >= 19);
  assert.equal(mem.u32(BUF + 100), 7);
});

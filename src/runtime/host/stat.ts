// syscall.Stat_t of GOOS=js (overlay/syscall/fs_js.go) as bytes.

import type { Memory } from './memory.ts';

/** What is told of a file, as Node's fs.BigIntStats has it. */
export interface FileStat {
  readonly dev: bigint; readonly ino: bigint; readonly mode: bigint; readonly nlink: bigint; readonly uid: bigint; readonly gid: bigint;
  readonly rdev: bigint; readonly size: bigint; readonly blksize?: bigint; readonly blocks?: bigint;
  readonly atimeNs: bigint; readonly mtimeNs: bigint; readonly ctimeNs: bigint;
}

/** Writes a Stat_t. */
export function putStat(mem: Memory, at: number, s: FileStat): void {
  const view = mem.view(), p = at >>> 0;
  const u32 = (offset: number, x: bigint): void => view.setUint32(p + offset, Number(BigInt.asUintN(32, x)), true);
  const u64 = (offset: number, x: bigint): void => view.setBigUint64(p + offset, BigInt.asUintN(64, x), true);
  u64(0, s.dev); u64(8, s.ino); u32(16, s.mode); u32(20, s.nlink); u32(24, s.uid); u32(28, s.gid); u64(32, s.rdev); u64(40, s.size);
  u32(48, s.blksize ?? 4096n); u32(52, s.blocks ?? (s.size + 511n) / 512n);
  [s.atimeNs, s.mtimeNs, s.ctimeNs].forEach((ns, i) => {
    const nano = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
    u64(56 + 16 * i, (ns - nano) / 1_000_000_000n);
    u64(64 + 16 * i, nano);
  });
}

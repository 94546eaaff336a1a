// Compact forms of what memory holds at the start, and the wasm code that expands them once: memory images lose their
// runs of zeros, tables of records are stored as differences to the record before. Rejected: a data segment per run
// (16 bytes each); gzip (needs the host, and a streaming compile could not start).
import { ByteWriter } from '../wasm/bytes.ts';
import { Op, ValType } from '../wasm/opcodes.ts';

/** How a column of a table is stored. */
export const Column = {
  /** Difference to the record before, zigzag. */
  delta: 0,
  /** As it is. */
  raw: 1,
  /** As delta, of the word rotated left by 8: for words whose high byte is a small field of its own. */
  rotated: 2,
} as const;
export type Column = (typeof Column)[keyof typeof Column];

/** Packs an image: pairs of (zeros to skip, bytes to copy, the bytes). Ends with (0, 0). */
export function packImage(image: Uint8Array): Uint8Array {
  const w = new ByteWriter(image.length + 16);
  let at = 0;
  const n = image.length;
  while (at < n) {
    let from = at;
    while (from < n && image[from] === 0) from++;
    if (from === n) break;
    // A run of zeros shorter than this costs less inside the copied bytes.
    let to = from;
    for (let zeros = 0, i = from; i < n && zeros < 3; i++) {
      if (image[i] === 0) zeros++;
      else {
        zeros = 0;
        to = i + 1;
      }
    }
    w.u32(from - at);
    w.u32(to - from);
    w.slice(image, from, to);
    at = to;
  }
  w.u32(0);
  w.u32(0);
  return w.finish();
}

/** Packs records of `columns.length` words each. */
export function packTable(words: Uint32Array, columns: readonly Column[]): Uint8Array {
  const w = new ByteWriter(words.length * 2);
  const width = columns.length;
  for (let i = 0; i < words.length; i++) {
    const mode = columns[i % width];
    const x = words[i];
    if (mode === Column.raw) {
      w.u32(x);
      continue;
    }
    const before = i >= width ? words[i - width] : 0;
    const d = mode === Column.rotated ? rotl8(x) - rotl8(before) : x - before;
    w.u32((d << 1) ^ (d >> 31));
  }
  return w.finish();
}

function rotl8(x: number): number {
  return ((x << 8) | (x >>> 24)) | 0;
}

// --- wasm code of the expanders. Locals are named by number in the comments.

/** Emits the body of `varint(): i32` reading at global `cursor`; it is inlined as a function of the module. */
export function varintBody(cursor: number): { locals: number[]; code: Uint8Array } {
  const w = new ByteWriter();
  const { local_get, local_set, local_tee, global_get, global_set, i32_const } = Op;
  const op = (o: number, ...imm: number[]): void => {
    w.op(o);
    for (const i of imm) w.u32(i);
  };
  const k = (n: number): void => {
    w.op(i32_const);
    w.s32(n);
  };
  // 0 result, 1 shift, 2 byte
  w.op(Op.loop); w.byte(0x40);
  op(local_get, 0);
  op(global_get, cursor); op(Op.i32_load8_u, 0, 0); op(local_tee, 2);
  k(127); op(Op.i32_and); op(local_get, 1); op(Op.i32_shl); op(Op.i32_or); op(local_set, 0);
  op(local_get, 1); k(7); op(Op.i32_add); op(local_set, 1);
  op(global_get, cursor); k(1); op(Op.i32_add); op(global_set, cursor);
  op(local_get, 2); k(127); op(Op.i32_gt_u); op(Op.br_if, 0);
  op(Op.end);
  op(local_get, 0);
  op(Op.end);
  return { locals: [ValType.i32, ValType.i32, ValType.i32], code: w.finish() };
}

/** Body of `unpackImage(destination)`: expands the image at the cursor. */
export function unpackImageBody(cursor: number, varint: number): { locals: number[]; code: Uint8Array } {
  const w = new ByteWriter();
  const op = (o: number, ...imm: number[]): void => {
    w.op(o);
    for (const i of imm) w.u32(i);
  };
  // 0 destination, 1 length
  w.op(Op.loop); w.byte(0x40);
  op(Op.local_get, 0); op(Op.call, varint); op(Op.i32_add); op(Op.local_set, 0);
  op(Op.call, varint); op(Op.local_set, 1);
  op(Op.local_get, 0); op(Op.global_get, cursor); op(Op.local_get, 1); op(Op.memory_copy, 0, 0);
  op(Op.global_get, cursor); op(Op.local_get, 1); op(Op.i32_add); op(Op.global_set, cursor);
  op(Op.local_get, 0); op(Op.local_get, 1); op(Op.i32_add); op(Op.local_set, 0);
  op(Op.local_get, 1); op(Op.br_if, 0);
  op(Op.end);
  op(Op.end);
  return { locals: [ValType.i32], code: w.finish() };
}

/**
 * Body of `unpackTable(destination, end, width, modes)`: expands records of `width` bytes up to `end`. `modes` holds two bits a
 * column. The record before the first is taken to be zeros, so 0..width below the destination must be zero or the caller's own.
 */
export function unpackTableBody(varint: number): { locals: number[]; code: Uint8Array } {
  const w = new ByteWriter();
  const op = (o: number, ...imm: number[]): void => {
    w.op(o);
    for (const i of imm) w.u32(i);
  };
  const k = (n: number): void => {
    w.op(Op.i32_const);
    w.s32(n);
  };
  const { local_get, local_set, local_tee } = Op;
  // 0 destination, 1 end, 2 width, 3 modes; 4 word, 5 mode, 6 modes left in this record, 7 start of the next record, 8 start of the table, 9 word before
  op(local_get, 0); op(local_tee, 8); op(local_set, 7);
  w.op(Op.loop); w.byte(0x40);
  // A new record begins: modes anew.
  op(local_get, 0); op(local_get, 7); op(Op.i32_eq);
  w.op(Op.if); w.byte(0x40);
  op(local_get, 3); op(local_set, 6);
  op(local_get, 7); op(local_get, 2); op(Op.i32_add); op(local_set, 7);
  op(Op.end);
  op(local_get, 6); k(3); op(Op.i32_and); op(local_set, 5);
  op(local_get, 6); k(2); op(Op.i32_shr_u); op(local_set, 6);
  op(Op.call, varint); op(local_set, 4);
  op(local_get, 5); k(Column.raw); op(Op.i32_ne);
  w.op(Op.if); w.byte(0x40);
  // zigzag
  op(local_get, 4); k(1); op(Op.i32_shr_u); k(0); op(local_get, 4); k(1); op(Op.i32_and); op(Op.i32_sub); op(Op.i32_xor); op(local_set, 4);
  op(local_get, 0); op(local_get, 2); op(Op.i32_sub); op(local_get, 8); op(Op.i32_ge_u);
  w.op(Op.if); w.byte(0x40);
  op(local_get, 0); op(local_get, 2); op(Op.i32_sub); op(Op.i32_load, 2, 0); op(local_set, 9);
  op(Op.else);
  k(0); op(local_set, 9);
  op(Op.end);
  op(local_get, 9); k(8); k(0); op(local_get, 5); k(Column.rotated); op(Op.i32_eq); op(Op.select); op(Op.i32_rotl);
  op(local_get, 4); op(Op.i32_add);
  k(8); k(0); op(local_get, 5); k(Column.rotated); op(Op.i32_eq); op(Op.select); op(Op.i32_rotr);
  op(local_set, 4);
  op(Op.end);
  op(local_get, 0); op(local_get, 4); op(Op.i32_store, 2, 0);
  op(local_get, 0); k(4); op(Op.i32_add); op(local_tee, 0); op(local_get, 1); op(Op.i32_lt_u); op(Op.br_if, 0);
  op(Op.end);
  op(Op.end);
  return { locals: [ValType.i32, ValType.i32, ValType.i32, ValType.i32, ValType.i32, ValType.i32], code: w.finish() };
}

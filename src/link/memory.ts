// What memory holds at the start: the kernel's data, the program's data, the static tables; and `init_data`, which
// expands all of it from one passive segment, once, on the first M.
import { ProgramInfo, TABLES_VERSION } from '../abi/tables.ts';
import type { ObjectProgram } from '../abi/object.ts';
import { ByteWriter } from '../wasm/bytes.ts';
import { Op } from '../wasm/opcodes.ts';
import { constant } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { rootsMask, writeData } from './layout.ts';
import type { DataLayout, Resolver } from './layout.ts';
import { packImage, packTable } from './pack.ts';
import type { Column } from './pack.ts';
import { buildTables, columns, relocateTables } from './tables.ts';
import type { FuncPlace } from './tables.ts';

interface Blob { readonly at: number; readonly bytes: Uint8Array }
interface PlacedTable { readonly at: number; readonly words: Uint32Array; readonly columns: readonly Column[] }

export interface MemoryPlan {
  /** Contents of the passive segment. */
  readonly packed: Uint8Array;
  /** Bytes of `packed` that are the image; the rest is tables. */
  readonly imageSize: number;
  /** Lowest address of the image. */
  readonly base: number;
  readonly tables: readonly PlacedTable[];
  /** Address of ProgramInfo. */
  readonly info: number;
  /** End of static data, where the packed form is kept while it is expanded. */
  readonly heapBase: number;
  /** Pages that memory must have at the start. */
  readonly pages: number;
}

export interface MemoryInput {
  readonly kernel: Kernel;
  readonly program: ObjectProgram;
  readonly layout: DataLayout;
  readonly resolve: Resolver;
  readonly places: readonly FuncPlace[];
  readonly siteCount: number;
  readonly tableLength: number;
  /** Type descriptors for reflect, sorted by the types' strings. */
  readonly typelinks: Uint32Array;
}

/** Places the static tables behind the program's data and packs everything. */
export function planMemory(input: MemoryInput): MemoryPlan {
  const { kernel, layout, program, resolve } = input;
  const tables = buildTables(program, input.places, input.siteCount, input.tableLength);
  let at = layout.end;
  const blobs: Blob[] = [];
  const blob = (bytes: Uint8Array): Blob => {
    const b = { at, bytes };
    at = (at + bytes.length + 7) & ~7;
    blobs.push(b);
    return b;
  };
  const info = blob(new Uint8Array(ProgramInfo.SIZE));
  const links = blob(new Uint8Array(input.typelinks.buffer));
  const mask = blob(rootsMask(layout));
  const strings = blob(tables.strings);
  const bitmaps = blob(tables.bitmaps);
  const entry = resolve.addressOf(`${program.entry}·f`) || blob(codeWord(resolve.codeOf(program.entry))).at;
  relocateTables(tables, strings.at);
  const imageEnd = at;
  const table = (words: Uint32Array, columns: readonly Column[]): PlacedTable => {
    const t = { at, words, columns };
    at = (at + words.length * 4 + 7) & ~7;
    return t;
  };
  const sites = table(tables.sites, columns.sites);
  const funcs = table(tables.funcs, columns.funcs);
  const positions = table(tables.positions, columns.positions);
  const codes = table(tables.codes, columns.codes);
  const heapBase = (at + 15) & ~15;
  fillInfo(info.bytes, {
    VERSION: TABLES_VERSION, SITES: sites.at, NSITES: input.siteCount, FUNCS: funcs.at, NFUNCS: input.places.length + 1,
    CODES: codes.at, NCODES: input.tableLength, POSITIONS: positions.at, NPOSITIONS: tables.positions.length / columns.positions.length,
    BITMAPS: bitmaps.at, ROOTS: layout.roots, ROOTS_END: layout.rootsEnd, ROOTS_MASK: mask.at, ENTRY: entry, HEAP_BASE: heapBase,
    TYPELINKS: links.at, NTYPELINKS: input.typelinks.length, DATA: layout.start, TABLE_END: input.tableLength,
  });
  const kernelData = kernel.m.datas.map((d) => ({ at: constant(d.offset!), bytes: d.bytes }));
  const base = Math.min(layout.start, ...kernelData.map((d) => d.at));
  const image = new Uint8Array(imageEnd - base);
  writeData(layout, image, base, resolve);
  for (const b of [...kernelData, ...blobs]) image.set(b.bytes, b.at - base);
  const placed = [sites, funcs, positions, codes].filter((t) => t.words.length > 0);
  const parts = [packImage(image), ...placed.map((t) => packTable(t.words, t.columns))];
  const packed = concat(parts);
  return { packed, imageSize: parts[0].length, base, tables: placed, info: info.at, heapBase, pages: Math.ceil((heapBase + packed.length) / 65536) };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    all.set(p, at);
    at += p.length;
  }
  return all;
}

function codeWord(code: number): Uint8Array {
  const word = new Uint8Array(8);
  new DataView(word.buffer).setUint32(0, code, true);
  return word;
}

function fillInfo(bytes: Uint8Array, fields: Partial<Record<keyof typeof ProgramInfo, number>>): void {
  const view = new DataView(bytes.buffer);
  for (const [name, x] of Object.entries(fields)) view.setUint32(ProgramInfo[name as keyof typeof ProgramInfo], x, true);
}

/** Indices that `initBody` needs. */
export interface InitIndices { readonly cursor: number; readonly unpackImage: number; readonly unpackTable: number; readonly start: number | undefined }

/** Body of `init_data`. */
export function initBody(plan: MemoryPlan, to: InitIndices): Uint8Array {
  const w = new ByteWriter();
  const k = (n: number): void => {
    w.op(Op.i32_const);
    w.s32(n);
  };
  const call = (f: number): void => {
    w.op(Op.call);
    w.u32(f);
  };
  const size = plan.packed.length;
  k(plan.heapBase);
  k(0);
  k(size);
  w.op(Op.memory_init);
  w.u32(0);
  w.byte(0);
  w.op(Op.data_drop);
  w.u32(0);
  k(plan.heapBase);
  w.op(Op.global_set);
  w.u32(to.cursor);
  k(plan.base);
  call(to.unpackImage);
  for (const t of plan.tables) {
    k(t.at);
    k(t.at + t.words.length * 4);
    k(t.columns.length * 4);
    k(t.columns.reduce<number>((bits, c, i) => bits | (c << (2 * i)), 0));
    call(to.unpackTable);
  }
  // The heap counts on fresh memory being zero.
  k(plan.heapBase);
  k(0);
  k(size);
  w.op(Op.memory_fill);
  w.byte(0);
  if (to.start !== undefined) call(to.start);
  w.op(Op.end);
  return w.finish();
}

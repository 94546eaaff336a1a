// The tables of abi/tables.ts: sites, functions, positions, names. Built as words in memory's form; pack.ts makes them
// small in the file.
import { ByteWriter } from '../wasm/bytes.ts';
import { FuncFlag, FuncRecord, Position, Site, BITMAP_INDIRECT } from '../abi/tables.ts';
import type { FuncCode, ObjectProgram } from '../abi/object.ts';
import { Column } from './pack.ts';

function align4(w: ByteWriter): void {
  while ((w.pos & 3) !== 0) w.byte(0);
}

/** String records, each string once. Offsets count from the table's start. */
class StringTable {
  readonly w = new ByteWriter(1 << 14);
  private readonly offsets = new Map<string, number>();
  private readonly utf8 = new TextEncoder();

  offset(s: string): number {
    let at = this.offsets.get(s);
    if (at === undefined) {
      at = this.w.pos;
      this.offsets.set(s, at);
      const bytes = this.utf8.encode(s);
      this.w.fixed32(bytes.length);
      this.w.bytes(bytes);
      align4(this.w);
    }
    return at;
  }
}

/** Bitmaps too long for a word, and the tables of stack objects. */
class BitmapTable {
  readonly w = new ByteWriter(1 << 12);
  private readonly offsets = new Map<string, number>();

  /** The bitmap word for a set of bits, ascending. */
  word(bits: readonly number[]): number {
    if (bits.length === 0) return 0;
    const last = bits[bits.length - 1];
    if (last < 31) return bits.reduce((w, b) => w | (1 << b), 0) >>> 0;
    const key = bits.join(' ');
    let at = this.offsets.get(key);
    if (at === undefined) {
      at = this.w.pos;
      this.offsets.set(key, at);
      const bytes = new Uint8Array((last >>> 3) + 1);
      for (const b of bits) bytes[b >>> 3] |= 1 << (b & 7);
      this.w.fixed32(last + 1);
      this.w.bytes(bytes);
      align4(this.w);
    }
    return (BITMAP_INDIRECT | at) >>> 0;
  }

  /** Where a list of words stands. */
  words(list: readonly number[]): number {
    const key = `words ${list.join(' ')}`;
    let at = this.offsets.get(key);
    if (at === undefined) {
      at = this.w.pos;
      this.offsets.set(key, at);
      for (const x of list) this.w.fixed32(x);
    }
    return at;
  }
}

/** The objects of a function: where its table starts in the bitmaps, plus 1; 0 if it has none. */
function objectTable(f: FuncCode, bitmaps: BitmapTable): number {
  if (f.objects.length === 0) return 0;
  const words = [f.ptrSlots, f.objects.length - f.objTracked, f.objTracked];
  for (const o of f.objects) words.push(o.offset, o.size, bitmaps.word(o.ptrs));
  return 1 + bitmaps.words(words);
}

/** The position records in use, by content. */
class PositionTable {
  readonly words: number[];
  private readonly program: ObjectProgram;
  private readonly strings: StringTable;
  private readonly startLine: ReadonlyMap<string, number>;
  /** Record by index in Program.positions, -1 not yet. */
  private readonly record: Int32Array;
  private readonly byContent = new Map<string, number>();

  constructor(program: ObjectProgram, strings: StringTable, startLine: ReadonlyMap<string, number>) {
    this.program = program;
    this.strings = strings;
    this.startLine = startLine;
    this.record = new Int32Array(Math.max(1, program.positions.length)).fill(-1);
    this.record[0] = 0;
    const nothing = strings.offset('');
    this.words = [nothing, 0, nothing, 0, 0, 0];
  }

  index(pos: number): number {
    if (this.record[pos] >= 0) return this.record[pos];
    const p = this.program.positions[pos];
    const outer = p.inlinedAt === 0 ? 0 : this.index(p.inlinedAt);
    const key = `${p.file}:${p.line}:${outer}:${p.func}`;
    let i = this.byContent.get(key);
    if (i === undefined) {
      i = this.words.length / (Position.SIZE / 4);
      this.byContent.set(key, i);
      this.words.push(this.strings.offset(this.program.files[p.file] ?? ''), p.line, this.strings.offset(displayName(p.func)), outer, this.startLine.get(p.func) ?? 0, 0);
    }
    this.record[pos] = i;
    return i;
  }
}

export interface Tables {
  readonly sites: Uint32Array;
  readonly funcs: Uint32Array;
  readonly positions: Uint32Array;
  readonly codes: Uint32Array;
  readonly strings: Uint8Array;
  readonly bitmaps: Uint8Array;
}

const { delta, raw, rotated } = Column;

/** How the columns of each table are packed. */
export const columns = {
  sites: [rotated, delta, raw],
  funcs: [delta, delta, raw, raw, raw, raw, delta, raw, delta, delta, delta, raw],
  positions: [delta, delta, delta, raw, delta, raw],
  codes: [delta],
} as const;

/** Where a function stands in the tables. */
export interface FuncPlace { readonly f: FuncCode; readonly firstSite: number; readonly code: number; readonly stub: number }

/** Builds the tables; what they say of strings is an offset until `relocateTables`. */
export function buildTables(program: ObjectProgram, places: readonly FuncPlace[], siteCount: number, codeCount: number): Tables {
  const strings = new StringTable();
  const bitmaps = new BitmapTable();
  const startLine = new Map<string, number>();
  for (const { f } of places) startLine.set(f.name, program.positions[f.pos]?.line ?? 0);
  const positions = new PositionTable(program, strings, startLine);
  const sites = new Uint32Array(siteCount * (Site.SIZE / 4));
  const funcs = new Uint32Array((places.length + 1) * (FuncRecord.SIZE / 4));
  const codes = new Uint32Array(codeCount);
  places.forEach(({ f, firstSite, code, stub }, i) => {
    const id = i + 1;
    const r = id * (FuncRecord.SIZE / 4);
    const put = (field: number, x: number): void => { funcs[r + field / 4] = x; };
    const p = program.positions[f.pos];
    put(FuncRecord.CODE, code);
    put(FuncRecord.STUB, stub);
    put(FuncRecord.FLAGS, flags(f, program));
    put(FuncRecord.OBJ_SIZE, f.objSize);
    put(FuncRecord.OBJECTS, objectTable(f, bitmaps));
    put(FuncRecord.DEFER_RETURN, f.deferReturn < 0 ? 0 : firstSite + f.deferReturn);
    put(FuncRecord.FIRST_SITE, firstSite);
    put(FuncRecord.NSITES, f.sites.length);
    put(FuncRecord.NAME, strings.offset(displayName(f.name)));
    put(FuncRecord.FILE, strings.offset(p === undefined ? '' : program.files[p.file] ?? ''));
    put(FuncRecord.START_LINE, p?.line ?? 0);
    if (code > 0) codes[code] = id;
    f.sites.forEach((s, k) => {
      const at = (firstSite + k) * (Site.SIZE / 4);
      sites[at] = id | (s.kind << 24);
      sites[at + 1] = positions.index(s.pos);
      sites[at + 2] = bitmaps.word(s.live);
    });
  });
  return { sites, funcs, positions: Uint32Array.from(positions.words), codes, strings: strings.w.finish(), bitmaps: bitmaps.w.finish() };
}

/** A function's name as programs see it: type arguments as "[...]", without the numbers that tell initialisers apart. */
function displayName(name: string): string {
  const dot = name.lastIndexOf('·');
  if (dot > 0 && name.endsWith(`.init${name.slice(dot)}`)) name = name.slice(0, dot);
  const open = name.indexOf('[');
  const close = name.lastIndexOf(']');
  return open > 0 && close > open ? `${name.slice(0, open)}[...]${name.slice(close + 1)}` : name;
}

/** Turns offsets of strings into addresses. */
export function relocateTables(t: Tables, strings: number): void {
  const funcWords = FuncRecord.SIZE / 4;
  for (let i = funcWords; i < t.funcs.length; i += funcWords) {
    t.funcs[i + FuncRecord.NAME / 4] += strings;
    t.funcs[i + FuncRecord.FILE / 4] += strings;
  }
  const posWords = Position.SIZE / 4;
  for (let i = 0; i < t.positions.length; i += posWords) {
    t.positions[i + Position.FILE / 4] += strings;
    t.positions[i + Position.FUNC / 4] += strings;
  }
}

function flags(f: FuncCode, program: ObjectProgram): number {
  return (f.wrapper ? FuncFlag.WRAPPER : 0) | (f.noArgs ? FuncFlag.NO_ARGS : 0) | (isHidden(f.name) ? FuncFlag.HIDDEN : 0) | (f.name === program.entry ? FuncFlag.TOP : 0);
}

/** gc's tracebacks leave out functions of package runtime, except exported ones. */
function isHidden(name: string): boolean {
  if (!name.startsWith('runtime.')) return false;
  const c = name.charCodeAt('runtime.'.length);
  return c < 0x41 || c > 0x5a;
}

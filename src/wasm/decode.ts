// Binary module -> module model. Function bodies stay encoded (they are views of the input); a name section and
// branch hints are decoded, other custom sections are kept as bytes.
import { ByteReader, sizeU32 } from './bytes.ts';
import { InstrReader } from './instr.ts';
import { Extern, importsOf, newModule, SegmentMode } from './module.ts';
import type { ElemSegment, FuncType, GlobalType, Limits, Module, Names, TableType } from './module.ts';
import { Op, ValType } from './opcodes.ts';

const order = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];

/** Decodes a module; throws DecodeError if it is malformed. */
export function decodeModule(bytes: Uint8Array): Module {
  const r = new ByteReader(bytes);
  if (r.fixed32() !== 0x6d736100 || r.fixed32() !== 1) r.fail('not a WebAssembly module');
  const m = newModule();
  const types: number[] = [];
  const hints: Uint8Array[] = [];
  let last = 0;
  while (r.pos < r.end) {
    const id = r.byte();
    const size = r.u32();
    r.need(size);
    const s = new ByteReader(bytes, r.pos, r.pos + size);
    r.pos += size;
    if (id === 0) {
      readCustom(s, m, hints);
      continue;
    }
    const rank = order.indexOf(id);
    if (rank < 0) s.fail(`unknown section ${id}`);
    if (rank <= last) s.fail(`section ${id} out of order`);
    last = rank;
    readSection(id, s, m, types);
    if (s.pos !== s.end) s.fail(`section ${id} has bytes left`);
  }
  if (types.length !== m.funcs.length) r.fail('function and code sections differ in length');
  for (const h of hints) readHints(new ByteReader(h), m);
  return m;
}

function readSection(id: number, s: ByteReader, m: Module, types: number[]): void {
  if (id === 8) {
    m.start = s.u32();
    return;
  }
  const n = s.u32();
  if (id === 12) {
    m.dataCount = true;
    return;
  }
  s.need(n);
  for (let i = 0; i < n; i++) {
    switch (id) {
      case 1: m.types.push(readFuncType(s)); break;
      case 2: readImport(s, m); break;
      case 3: types.push(s.u32()); break;
      case 4: m.tables.push(readTableType(s)); break;
      case 5: m.memories.push(readLimits(s)); break;
      case 6: m.globals.push({ ...readGlobalType(s), init: readConstExpr(s) }); break;
      case 7: m.exports.push({ name: s.name(), kind: readExtern(s), index: s.u32() }); break;
      case 9: m.elems.push(readElem(s)); break;
      case 10: readBody(s, m, types[i]); break;
      case 11: readData(s, m); break;
    }
  }
}

function readFuncType(s: ByteReader): FuncType {
  if (s.byte() !== 0x60) s.fail('not a function type');
  return { params: readTypes(s), results: readTypes(s) };
}

function readTypes(s: ByteReader): number[] {
  const n = s.u32();
  return Array.from(s.bytes(n));
}

function readExtern(s: ByteReader): Extern {
  const k = s.byte();
  if (k > 3) s.fail(`unknown kind of import or export ${k}`);
  return k as Extern;
}

function readLimits(s: ByteReader): Limits {
  const flags = s.byte();
  if (flags > 3) s.fail('bad limits');
  const limits: Limits = { min: s.u32() };
  if ((flags & 1) !== 0) limits.max = s.u32();
  if ((flags & 2) !== 0) limits.shared = true;
  return limits;
}

function readTableType(s: ByteReader): TableType {
  return { elem: s.byte(), limits: readLimits(s) };
}

function readGlobalType(s: ByteReader): GlobalType {
  return { type: s.byte(), mutable: s.byte() === 1 };
}

function readImport(s: ByteReader, m: Module): void {
  const module = s.name();
  const name = s.name();
  const kind = readExtern(s);
  switch (kind) {
    case Extern.func: m.imports.push({ module, name, kind, type: s.u32() }); return;
    case Extern.table: m.imports.push({ module, name, kind, table: readTableType(s) }); return;
    case Extern.memory: m.imports.push({ module, name, kind, memory: readLimits(s) }); return;
    case Extern.global: m.imports.push({ module, name, kind, global: readGlobalType(s) }); return;
  }
}

/** A constant expression with its `end`, as bytes. */
function readConstExpr(s: ByteReader): Uint8Array {
  const r = new InstrReader(s.buf, s.pos, s.end);
  while (r.next()) {
    if (r.op !== Op.end) continue;
    const bytes = s.buf.subarray(s.pos, r.pos);
    s.pos = r.pos;
    return bytes;
  }
  return s.fail('constant expression without end');
}

function readElem(s: ByteReader): ElemSegment {
  const flags = s.u32();
  if (flags > 7) s.fail('bad element segment');
  const mode = (flags & 1) === 0 ? SegmentMode.active : (flags & 2) === 0 ? SegmentMode.passive : SegmentMode.declarative;
  const e: ElemSegment = { mode, table: 0, type: ValType.funcref };
  if (mode === SegmentMode.active) {
    if ((flags & 2) !== 0) e.table = s.u32();
    e.offset = readConstExpr(s);
  }
  const typed = (flags & 3) !== 0;
  if ((flags & 4) === 0) {
    if (typed && s.byte() !== 0) s.fail('bad element kind');
    const n = s.u32();
    s.need(n);
    e.funcs = Uint32Array.from({ length: n }, () => s.u32());
  } else {
    if (typed) e.type = s.byte();
    const n = s.u32();
    s.need(n);
    e.exprs = Array.from({ length: n }, () => readConstExpr(s));
  }
  return e;
}

function readBody(s: ByteReader, m: Module, type: number): void {
  const size = s.u32();
  s.need(size);
  const end = s.pos + size;
  const locals: number[] = [];
  for (let groups = s.u32(); groups > 0; groups--) {
    const n = s.u32();
    const t = s.byte();
    if (locals.length + n > 50000) s.fail('too many locals');
    for (let i = 0; i < n; i++) locals.push(t);
  }
  if (s.pos > end) s.fail('locals beyond the body');
  m.funcs.push({ type, locals, code: s.bytes(end - s.pos) });
}

function readData(s: ByteReader, m: Module): void {
  const flags = s.u32();
  if (flags > 2) s.fail('bad data segment');
  const memory = flags === 2 ? s.u32() : 0;
  const offset = flags === 1 ? undefined : readConstExpr(s);
  const bytes = s.bytes(s.u32());
  if (offset === undefined) m.datas.push({ mode: SegmentMode.passive, memory, bytes });
  else m.datas.push({ mode: SegmentMode.active, memory, offset, bytes });
}

function readCustom(s: ByteReader, m: Module, hints: Uint8Array[]): void {
  const name = s.name();
  const bytes = s.bytes(s.end - s.pos);
  if (name === 'name') m.names = readNames(new ByteReader(bytes));
  else if (name === 'metadata.code.branch_hint') hints.push(bytes);
  else m.customs.push({ name, bytes });
}

function readNames(r: ByteReader): Names {
  const names: Names = { funcs: [], globals: [], locals: [] };
  while (r.pos < r.end) {
    const id = r.byte();
    const size = r.u32();
    const s = new ByteReader(r.buf, r.pos, r.pos + size);
    r.bytes(size);
    if (id === 0) names.module = s.name();
    else if (id === 1) names.funcs = readNameMap(s);
    else if (id === 7) names.globals = readNameMap(s);
    else if (id === 2) {
      for (let n = s.u32(); n > 0; n--) {
        const f = s.u32();
        names.locals[f] = readNameMap(s);
      }
    }
  }
  return names;
}

function readNameMap(s: ByteReader): (string | undefined)[] {
  const map: (string | undefined)[] = [];
  for (let n = s.u32(); n > 0; n--) {
    const i = s.u32();
    map[i] = s.name();
  }
  return map;
}

/** Branch hints count from the start of the body, locals included; ours count from the first instruction. */
function readHints(r: ByteReader, m: Module): void {
  const imported = importsOf(m, Extern.func).length;
  for (let funcs = r.u32(); funcs > 0; funcs--) {
    const f = m.funcs[r.u32() - imported];
    if (f === undefined) r.fail('branch hint for no function');
    const hints: number[] = [];
    const base = localsSize(f.locals);
    for (let n = r.u32(); n > 0; n--) {
      const at = r.u32();
      if (r.u32() !== 1) r.fail('bad branch hint');
      hints.push(at - base, r.byte());
    }
    f.hints = hints;
  }
}

/** Size of the encoded local declarations, as our encoder writes them: one group a run of equal types. */
export function localsSize(locals: ArrayLike<number>): number {
  let size = 0;
  let groups = 0;
  for (let i = 0; i < locals.length;) {
    let j = i + 1;
    while (j < locals.length && locals[j] === locals[i]) j++;
    size += sizeU32(j - i) + 1;
    groups++;
    i = j;
  }
  return size + sizeU32(groups);
}

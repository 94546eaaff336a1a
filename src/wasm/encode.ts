// Module model -> binary. Sections in the order the spec demands; lengths are put in front by ByteWriter.begin/end.
import { ByteWriter } from './bytes.ts';
import { localsSize } from './decode.ts';
import { Extern, importsOf, SegmentMode } from './module.ts';
import type { DataSegment, ElemSegment, FuncType, GlobalType, Import, Limits, Module, TableType } from './module.ts';

/** Encodes a module. */
export function encodeModule(m: Module): Uint8Array {
  let capacity = 4096;
  for (const f of m.funcs) capacity += f.code.length + 16;
  for (const d of m.datas) capacity += d.bytes.length + 16;
  const w = new ByteWriter(capacity);
  w.fixed32(0x6d736100);
  w.fixed32(1);
  section(w, 1, m.types, writeFuncType);
  section(w, 2, m.imports, writeImport);
  section(w, 3, m.funcs, (w, f) => w.u32(f.type));
  section(w, 4, m.tables, writeTableType);
  section(w, 5, m.memories, writeLimits);
  section(w, 6, m.globals, (w, g) => {
    writeGlobalType(w, g);
    w.bytes(g.init);
  });
  section(w, 7, m.exports, (w, e) => {
    w.name(e.name);
    w.byte(e.kind);
    w.u32(e.index);
  });
  if (m.start !== undefined) {
    w.byte(8);
    const at = w.begin();
    w.u32(m.start);
    w.end(at);
  }
  section(w, 9, m.elems, writeElem);
  if (m.dataCount) {
    w.byte(12);
    const at = w.begin();
    w.u32(m.datas.length);
    w.end(at);
  }
  writeHints(w, m);
  section(w, 10, m.funcs, (w, f) => writeBody(w, f.locals, f.code));
  section(w, 11, m.datas, writeData);
  writeNames(w, m);
  for (const c of m.customs) custom(w, c.name, (w) => w.bytes(c.bytes));
  return w.finish();
}

function section<T>(w: ByteWriter, id: number, items: readonly T[], write: (w: ByteWriter, item: T) => void): void {
  if (items.length === 0) return;
  w.byte(id);
  const at = w.begin();
  w.u32(items.length);
  for (const item of items) write(w, item);
  w.end(at);
}

function custom(w: ByteWriter, name: string, write: (w: ByteWriter) => void): void {
  w.byte(0);
  const at = w.begin();
  w.name(name);
  write(w);
  w.end(at);
}

function writeFuncType(w: ByteWriter, t: FuncType): void {
  w.byte(0x60);
  w.vec(Uint8Array.from(t.params));
  w.vec(Uint8Array.from(t.results));
}

function writeLimits(w: ByteWriter, l: Limits): void {
  w.byte((l.max === undefined ? 0 : 1) | (l.shared === true ? 2 : 0));
  w.u32(l.min);
  if (l.max !== undefined) w.u32(l.max);
}

function writeTableType(w: ByteWriter, t: TableType): void {
  w.byte(t.elem);
  writeLimits(w, t.limits);
}

function writeGlobalType(w: ByteWriter, g: GlobalType): void {
  w.byte(g.type);
  w.byte(g.mutable ? 1 : 0);
}

function writeImport(w: ByteWriter, i: Import): void {
  w.name(i.module);
  w.name(i.name);
  w.byte(i.kind);
  switch (i.kind) {
    case Extern.func: w.u32(i.type!); return;
    case Extern.table: writeTableType(w, i.table!); return;
    case Extern.memory: writeLimits(w, i.memory!); return;
    case Extern.global: writeGlobalType(w, i.global!); return;
  }
}

function writeElem(w: ByteWriter, e: ElemSegment): void {
  const active = e.mode === SegmentMode.active;
  const exprs = e.funcs === undefined;
  // The short form of an active segment has neither a table index nor an element type.
  const short = active && e.table === 0 && (!exprs || e.type === 0x70);
  w.u32((exprs ? 4 : 0) | (active ? (short ? 0 : 2) : e.mode === SegmentMode.passive ? 1 : 3));
  if (active) {
    if (!short) w.u32(e.table);
    w.bytes(e.offset!);
  }
  if (!short) w.byte(exprs ? e.type : 0);
  if (e.funcs !== undefined) {
    w.u32(e.funcs.length);
    for (let i = 0; i < e.funcs.length; i++) w.u32(e.funcs[i]);
  } else {
    w.u32(e.exprs!.length);
    for (const x of e.exprs!) w.bytes(x);
  }
}

function writeData(w: ByteWriter, d: DataSegment): void {
  if (d.mode === SegmentMode.passive) {
    w.byte(1);
  } else {
    w.u32(d.memory === 0 ? 0 : 2);
    if (d.memory !== 0) w.u32(d.memory);
    w.bytes(d.offset!);
  }
  w.vec(d.bytes);
}

/** Writes one entry of the code section: size, locals in runs of equal type, instructions. */
export function writeBody(w: ByteWriter, locals: ArrayLike<number>, code: Uint8Array): void {
  w.u32(localsSize(locals) + code.length);
  writeLocals(w, locals);
  w.bytes(code);
}

/** Writes local declarations, one group a run of equal types. */
export function writeLocals(w: ByteWriter, locals: ArrayLike<number>): void {
  let groups = 0;
  for (let i = 0; i < locals.length; i++) if (i === 0 || locals[i] !== locals[i - 1]) groups++;
  w.u32(groups);
  for (let i = 0; i < locals.length;) {
    let j = i + 1;
    while (j < locals.length && locals[j] === locals[i]) j++;
    w.u32(j - i);
    w.byte(locals[i]);
    i = j;
  }
}

/** The branch hinting proposal's custom section; it must come before the code section. */
function writeHints(w: ByteWriter, m: Module): void {
  const imported = importsOf(m, Extern.func).length;
  const hinted = m.funcs.filter((f) => f.hints !== undefined && f.hints.length > 0).length;
  if (hinted === 0) return;
  custom(w, 'metadata.code.branch_hint', (w) => {
    w.u32(hinted);
    m.funcs.forEach((f, i) => {
      const hints = f.hints;
      if (hints === undefined || hints.length === 0) return;
      const base = localsSize(f.locals);
      w.u32(imported + i);
      w.u32(hints.length / 2);
      for (let k = 0; k < hints.length; k += 2) {
        w.u32(base + hints[k]);
        w.byte(1);
        w.byte(hints[k + 1]);
      }
    });
  });
}

function writeNames(w: ByteWriter, m: Module): void {
  const names = m.names;
  if (names === undefined) return;
  custom(w, 'name', (w) => {
    const { module } = names;
    if (module !== undefined) subsection(w, 0, (w) => w.name(module));
    if (names.funcs.length > 0) subsection(w, 1, (w) => writeNameMap(w, names.funcs));
    const locals = names.locals;
    if (locals.length > 0) {
      subsection(w, 2, (w) => {
        w.u32(locals.reduce((n, l) => (l === undefined ? n : n + 1), 0));
        locals.forEach((map, f) => {
          if (map === undefined) return;
          w.u32(f);
          writeNameMap(w, map);
        });
      });
    }
    if (names.globals.length > 0) subsection(w, 7, (w) => writeNameMap(w, names.globals));
  });
}

function subsection(w: ByteWriter, id: number, write: (w: ByteWriter) => void): void {
  w.byte(id);
  const at = w.begin();
  write(w);
  w.end(at);
}

function writeNameMap(w: ByteWriter, map: (string | undefined)[]): void {
  w.u32(map.reduce((n, s) => (s === undefined ? n : n + 1), 0));
  map.forEach((s, i) => {
    if (s === undefined) return;
    w.u32(i);
    w.name(s);
  });
}

// The linker on a small kernel and hand-made functions: the result runs, its tables say what went in, its packed forms
// expand to what was packed.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import initWabt from 'wabt';
import { FuncRecord, LinkerExport, Position, ProgramInfo, Site, SiteKind } from '../abi/tables.ts';
import { CodeReloc, DataReloc } from '../abi/object.ts';
import type { DataObject, FuncCode, ObjectProgram } from '../abi/object.ts';
import { ByteWriter } from '../wasm/bytes.ts';
import { decodeModule } from '../wasm/decode.ts';
import { InstrReader } from '../wasm/instr.ts';
import { Extern } from '../wasm/module.ts';
import { isAtomic, Op, ValType } from '../wasm/opcodes.ts';
import { validateModule } from '../wasm/validate.ts';
import { link } from './link.ts';
import type { LinkOptions } from './link.ts';
import { LinkError } from './mark.ts';
import { packImage, packTable, Column } from './pack.ts';

const { i32 } = ValType;

const wat = `(module
  (import "env" "memory" (memory 1 65536 shared))
  (import "goloom" "used" (func $used (param i32)))
  (import "goloom" "unused" (func $unused))
  (global (export "g") (mut i32) (i32.const 7))
  (global (export "result_area") (mut i32) (i32.const 0))
  (global $private (mut i32) (i32.const 11))
  (global $dropped (mut i32) (i32.const 12))
  (table 3 funcref)
  (elem (i32.const 1) $a $b)
  (data (i32.const 4096) "kernel")
  (func $a (result i32) global.get $private)
  (func $b (param i32 i32) (result i32) (i32.atomic.rmw.cmpxchg (local.get 0) (i32.const 0) (local.get 1)))
  (func $never global.get $dropped drop call $unused)
  (func (export "getg") (result i32) global.get 0)
  (func (export "block") call $never)
  (func (export "run") (param i32) (result i32) local.get 0 call $used local.get 0 call_indirect (type 0))
  (type (func (result i32)))
)`;

let base: Uint8Array;
before(async () => {
  const wabt = await initWabt();
  base = wabt.parseWat('base.wat', wat, { threads: true, mutable_globals: true }).toBinary({ write_debug_names: true }).buffer;
});

function func(name: string, f: Partial<FuncCode> & { write?: (w: ByteWriter, reloc: (kind: number, sym: string, addend?: number) => void) => void }): FuncCode {
  const w = new ByteWriter();
  const relocs: number[] = [];
  const syms: string[] = [];
  f.write?.(w, (kind, sym, addend = 0) => {
    relocs.push(w.pos, kind, syms.length, addend);
    syms.push(sym);
  });
  w.op(Op.end);
  const { write: _, ...rest } = f;
  return {
    name, params: [], results: [], locals: new Uint8Array(0), code: w.finish(), relocs: Int32Array.from(relocs), syms, hints: [], sites: [], deferReturn: -1,
    resumable: false, pos: 0, wrapper: false, noArgs: false, objSize: 0, objects: [], objTracked: 0, ptrSlots: 0, ...rest,
  };
}

function datum(name: string, d: Partial<DataObject>): DataObject {
  return { name, bytes: null, size: d.bytes?.length ?? 8, align: 8, relocs: [], ptrmask: [], readonly: false, typelink: '', ...d };
}

const signature = { params: [i32, i32], results: [i32] };

/** main.main returns the sum of a variable, a call and the kernel's g, as its status. */
function sample(): { funcs: Map<string, FuncCode>; program: ObjectProgram } {
  const funcs = new Map<string, FuncCode>();
  const add = (f: FuncCode): void => void funcs.set(f.name, f);
  add(func('main.main', {
    ...signature, resumable: true, pos: 1, objSize: 320, objects: [{ offset: 8, size: 16, ptrs: [1] }, { offset: 24, size: 296, ptrs: [0, 35] }], objTracked: 1, ptrSlots: 3,
    sites: [{ kind: SiteKind.entry, pos: 1, live: [] }, { kind: SiteKind.call, pos: 2, live: [0, 2] }, { kind: SiteKind.check, pos: 3, live: [] }],
    write: (w, reloc) => {
      w.op(Op.i32_const); reloc(CodeReloc.addr, 'main.x', 4);
      w.op(Op.i32_load); w.u32(2); w.u32(0);
      w.op(Op.call); reloc(CodeReloc.func, 'main.helper');
      w.op(Op.i32_add);
      w.op(Op.call); reloc(CodeReloc.kernelFunc, 'getg');
      w.op(Op.i32_add);
      w.op(Op.i32_const); reloc(CodeReloc.addr, 'main.s2');
      w.op(Op.i32_const); reloc(CodeReloc.addr, 'main.s1');
      w.op(Op.i32_const); w.s32(5);
      w.op(Op.call); reloc(CodeReloc.kernelFunc, 'memequal');
      w.op(Op.i32_add);
    },
  }));
  add(func('main.helper', { results: [i32], write: (w) => { w.op(Op.i32_const); w.s32(100); } }));
  add(func('main.taken', { ...signature, write: (w) => { w.op(Op.i32_const); w.s32(0); } }));
  add(func('main.weakly', { ...signature, write: (w) => { w.op(Op.i32_const); w.s32(0); } }));
  add(func('main.dead', { write: (w, reloc) => { w.op(Op.call); reloc(CodeReloc.func, 'main.missing'); } }));
  const data = new Map<string, DataObject>();
  const put = (d: DataObject): void => void data.set(d.name, d);
  put(datum('main.x', { bytes: Uint8Array.from([1, 0, 0, 0, 20, 0, 0, 0]), ptrmask: [1], relocs: [] }));
  put(datum('main.table', {
    size: 32, readonly: true,
    relocs: [
      { offset: 0, kind: DataReloc.code32, target: 'main.taken', addend: 0 }, { offset: 8, kind: DataReloc.weakCode32, target: 'main.weakly', addend: 0 },
      { offset: 16, kind: DataReloc.addr32, target: 'main.x', addend: 4 }, { offset: 24, kind: DataReloc.weakAddr32, target: 'main.unlinked', addend: 0 },
    ],
  }));
  put(datum('main.s1', { bytes: new TextEncoder().encode('hello'), align: 1, readonly: true }));
  put(datum('main.s2', { bytes: new TextEncoder().encode('hello'), align: 1, readonly: true }));
  put(datum('main.unlinked', {}));
  put(datum('main.zeros', { size: 100_000 }));
  put(datum('type:b', { size: 48, readonly: true, typelink: 'b' }));
  put(datum('type:a', { size: 48, readonly: true, typelink: 'a' }));
  const position = (line: number, f: string, inlinedAt = 0): ObjectProgram['positions'][number] => ({ file: 0, line, column: 1, func: f, inlinedAt });
  const program: ObjectProgram = {
    data, files: ['main.go'], positions: [position(0, ''), position(10, 'main.main'), position(5, 'main.inlined', 1), position(12, 'main.main')],
    imports: new Map(), exports: [], entry: 'main.main', roots: ['main.table', 'main.zeros', 'type:b', 'type:a'],
  };
  return { funcs, program };
}

interface Loaded { exports: Record<string, never>; view: DataView; module: ReturnType<typeof decodeModule>; word(at: number): number; info(field: number): number; string(at: number): string }

function load(options: LinkOptions = {}): Loaded {
  const { funcs, program } = sample();
  const linked = link(base, funcs, program, options);
  const module = decodeModule(linked.wasm);
  validateModule(module);
  const memory = new WebAssembly.Memory({ initial: linked.pages, maximum: 65536, shared: options.single !== true });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(linked.wasm as Uint8Array<ArrayBuffer>), { env: { memory }, goloom: { used: () => {} } });
  const exports = instance.exports as never as Record<string, never>;
  (exports[LinkerExport.initData] as () => void)();
  const view = new DataView(memory.buffer);
  const word = (at: number): number => view.getUint32(at, true);
  const base0 = (exports[LinkerExport.programInfo] as WebAssembly.Global).value as number;
  return {
    exports, view, module, word, info: (field) => word(base0 + field),
    string: (at) => new TextDecoder().decode(new Uint8Array(memory.buffer).slice(at + 4, at + 4 + word(at))),
  };
}

test('link() resolves code, data and kernel', () => {
  const l = load();
  const entry = l.word(l.info(ProgramInfo.ENTRY));
  const index = l.module.elems.flatMap((e) => Array.from(e.funcs!, (f, i) => [f, i + 1]))[entry - 1];
  assert.ok(index !== undefined);
  // The kernel's table entries keep their places: call_indirect with constants of its own must work.
  assert.equal((l.exports['run'] as (i: number) => number)(1), 11);
  assert.equal(new TextDecoder().decode(new Uint8Array(l.view.buffer).slice(4096, 4102)), 'kernel');
});

test('link() runs the entry through its resume stub', () => {
  const { funcs, program } = sample();
  const linked = link(base, funcs, program);
  const m = decodeModule(linked.wasm);
  m.exports.push({ name: 'table', kind: Extern.table, index: 0 });
  const l = load();
  const record = l.info(ProgramInfo.FUNCS) + l.word(l.info(ProgramInfo.CODES) + 4 * l.word(l.info(ProgramInfo.ENTRY))) * FuncRecord.SIZE;
  assert.equal(l.string(l.word(record + FuncRecord.NAME)), 'main.main');
  assert.ok(l.word(record + FuncRecord.STUB) > 0);
});

test('tables say what went in', () => {
  const l = load();
  const record = l.info(ProgramInfo.FUNCS) + l.word(l.info(ProgramInfo.CODES) + 4 * l.word(l.info(ProgramInfo.ENTRY))) * FuncRecord.SIZE;
  assert.equal(l.word(record + FuncRecord.NSITES), 3);
  assert.equal(l.word(record + FuncRecord.OBJ_SIZE), 320);
  const objects = l.info(ProgramInfo.BITMAPS) + l.word(record + FuncRecord.OBJECTS) - 1;
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => l.word(objects + 4 * i)), [3, 1, 1, 8, 16, 0b10, 24, 296]);
  const bitmap = l.info(ProgramInfo.BITMAPS) + (l.word(objects + 32) & 0x7fffffff);
  assert.equal(l.word(bitmap), 36);
  assert.deepEqual([0, 1, 2, 3, 4].map((i) => l.view.getUint8(bitmap + 4 + i)), [1, 0, 0, 0, 8]);
  const site = l.info(ProgramInfo.SITES) + (l.word(record + FuncRecord.FIRST_SITE) + 1) * Site.SIZE;
  assert.equal(l.word(site + Site.FUNC) >>> 24, SiteKind.call);
  assert.equal(l.word(site + Site.LIVE), 0b101);
  const pos = l.info(ProgramInfo.POSITIONS) + l.word(site + Site.POS) * Position.SIZE;
  assert.equal(l.word(pos + Position.LINE), 5);
  assert.equal(l.string(l.word(pos + Position.FUNC)), 'main.inlined');
  assert.equal(l.string(l.word(pos + Position.FILE)), 'main.go');
  const outer = l.info(ProgramInfo.POSITIONS) + l.word(pos + Position.INLINED_AT) * Position.SIZE;
  assert.equal(l.word(outer + Position.LINE), 10);
  assert.equal(l.word(outer + Position.START_LINE), 10);
  assert.equal(l.word(outer + Position.INLINED_AT), 0);
});

test('data has its relocations, weak ones to unlinked symbols are 0', () => {
  const l = load();
  const roots = l.info(ProgramInfo.ROOTS);
  assert.equal(l.word(roots + 4), 20);
  assert.equal(l.view.getUint8(l.info(ProgramInfo.ROOTS_MASK)), 1);
  assert.equal(l.info(ProgramInfo.ROOTS_END) - roots, 8);
  // main.table is the only read-only symbol of 32 bytes: find it by its reference to main.x.
  let at = l.info(ProgramInfo.DATA);
  while (l.word(at + 16) !== roots + 4) at += 8;
  assert.ok(l.word(at) > 0);
  assert.equal(l.word(at + 8), 0);
  assert.equal(l.word(at + 24), 0);
});

test('typelinks are sorted by string', () => {
  const l = load();
  assert.equal(l.info(ProgramInfo.NTYPELINKS), 2);
  const [a, b] = [0, 4].map((i) => l.word(l.info(ProgramInfo.TYPELINKS) + i));
  assert.ok(a > 0 && b > 0 && a !== b);
});

test('what is unreachable is not linked', () => {
  const l = load({ names: true });
  const names = l.module.names!.funcs.filter((n) => n !== undefined);
  assert.ok(names.includes('main.helper'));
  for (const gone of ['main.dead', 'main.weakly', 'never', 'goloom.unused']) assert.ok(!names.some((n) => n.endsWith(gone)), gone);
  assert.ok(!l.module.imports.some((i) => i.name === 'unused'));
  assert.ok(!('getg' in l.exports));
});

test('big zero data costs nothing in the file', () => {
  const { funcs, program } = sample();
  assert.ok(link(base, funcs, program).wasm.length < 3000);
});

test('memory beyond the static data is zero after init_data', () => {
  const l = load();
  const base = l.info(ProgramInfo.HEAP_BASE);
  for (let at = base; at < l.view.byteLength; at += 4) assert.equal(l.word(at), 0);
});

test('single mode has no atomics and unshared memory', () => {
  const l = load({ single: true });
  for (const f of l.module.funcs) {
    const r = new InstrReader(f.code);
    while (r.next()) assert.ok(!isAtomic(r.op));
  }
  assert.equal(l.module.imports.find((i) => i.kind === Extern.memory)!.memory!.shared, undefined);
  assert.equal((l.exports['run'] as (i: number) => number)(1), 11);
});

test('a missing symbol is a link error that names it and its user', () => {
  const { funcs, program } = sample();
  const broken = { ...program, roots: [...program.roots, 'main.dead'] };
  assert.throws(() => link(base, funcs, broken), (e) => e instanceof LinkError && e.message === 'relocation target main.missing not defined (used by main.dead)');
});

test('the same input gives the same bytes', () => {
  const a = sample();
  const b = sample();
  assert.deepEqual(link(base, a.funcs, a.program).wasm, link(base, b.funcs, b.program).wasm);
});

test('packImage() keeps short runs of zeros and skips long ones', () => {
  const image = Uint8Array.from([0, 0, 1, 0, 2, 0, 0, 0, 0, 3]);
  assert.deepEqual([...packImage(image)], [2, 3, 1, 0, 2, 4, 1, 3, 0, 0]);
  assert.deepEqual([...packImage(new Uint8Array(50))], [0, 0]);
});

test('packTable() stores differences', () => {
  assert.deepEqual([...packTable(Uint32Array.from([5, 100, 7, 100]), [Column.delta, Column.raw])], [10, 100, 4, 100]);
  assert.deepEqual([...packTable(Uint32Array.from([0x01000002]), [Column.rotated])], [0x82, 0x08]);
});


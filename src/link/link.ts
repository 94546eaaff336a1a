// Functions + data + kernel -> program.wasm. The order of the work: mark what is reachable, choose indices (most used
// first, so that they are short), lay out memory, build the static tables, write bodies with relocations resolved.
// The result has no start function and no active data: `init_data` writes memory once, on the first M.
import { LowMemory } from '../abi/layout.ts';
import { MEMORY_IMPORT, LinkerExport } from '../abi/tables.ts';
import { codegenFuncs, kernelFuncs, WASI_PREFIX, wasiMain } from '../abi/kernel.ts';
import { HOST_MODULE } from '../abi/hostcalls.ts';
import { CodeReloc, EXPORTS_SECTION } from '../abi/object.ts';
import type { FuncCode, FuncSource, LinkedExport, ObjectProgram } from '../abi/object.ts';
import { ByteWriter } from '../wasm/bytes.ts';
import { encodeModule } from '../wasm/encode.ts';
import { AtomicsLowering, helperLocals } from '../wasm/lower-atomics.ts';
import { Extern, newModule, SegmentMode, typeKey } from '../wasm/module.ts';
import type { Func, FuncType, Import, Module } from '../wasm/module.ts';
import { Op, ValType } from '../wasm/opcodes.ts';
import { reachKernel, readKernel, rewriteBody } from './kernel.ts';
import type { Kernel, KernelUse } from './kernel.ts';
import { layoutData } from './layout.ts';
import type { DataLayout } from './layout.ts';
import { memequalBody, stubBody } from './made.ts';
import type { Body } from './made.ts';
import { LinkError, mark } from './mark.ts';
import type { Marked } from './mark.ts';
import { initBody, planMemory } from './memory.ts';
import type { MemoryPlan } from './memory.ts';
import { unpackImageBody, unpackTableBody, varintBody } from './pack.ts';
import type { FuncPlace } from './tables.ts';

export interface LinkOptions {
  /** Unshared memory, atomics lowered to plain accesses. */
  readonly single?: boolean;
  /** For any engine that has WASI preview 1: single, with a memory of its own, `_start`, and no imports of this project's host. */
  readonly wasi?: boolean;
  /** Write a name section. */
  readonly names?: boolean;
}

export interface LinkResult {
  readonly wasm: Uint8Array;
  /** Least size of the memory that the host must provide, in 64 KiB pages. */
  readonly pages: number;
  /** Bytes of each part, for reports. */
  readonly sizes: { readonly code: number; readonly kernel: number; readonly image: number; readonly tables: number };
  readonly funcs: number;
  readonly sites: number;
}

/** Links a program. `base` is the kernel's module, as bytes or read before. */
export function link(base: Uint8Array | Kernel, funcs: FuncSource, program: ObjectProgram, options: LinkOptions = {}): LinkResult {
  return new Linker(base instanceof Uint8Array ? readKernel(base) : base, funcs, program, options).run();
}

/** A function of the output, wherever it comes from: compiled, of the kernel, or made here. */
interface OutFunc {
  readonly type: FuncType;
  readonly uses: number;
  readonly name: string;
  /** Index in the kernel's function space, else -1. */
  readonly kernel: number;
  readonly code: FuncCode | null;
  readonly made: (() => Body) | null;
}

const { i32 } = ValType;

/** Exports of the kernel that only compiled code uses. */
const internal = new Set<string>([...kernelFuncs.map((f) => f.name), ...Object.keys(codegenFuncs)]);

/** Name of a WASI program's entry. */
const WASI_START = '_start';
/** What it calls of the kernel. */
const startFuncs = ['kernel_init', wasiMain];
/** Most pages that a memory may have. */
const MEMORY_PAGES = 65536;
/** Units of depth that goroutines may use of an engine's stack, whose size nobody tells. */
const WASI_STACK = 128 * 1024;

/** The kernel's functions that do over WASI what its imports do. */
function wasiStandIns(k: Kernel): Map<number, number> {
  const out = new Map<number, number>();
  k.imports.forEach((i, index) => {
    if (i.module !== HOST_MODULE) return;
    const own = k.funcs.get(`${WASI_PREFIX}${i.name}`);
    if (own === undefined) throw new LinkError(`the kernel has no ${WASI_PREFIX}${i.name}`);
    out.set(index, own);
  });
  return out;
}

class Linker {
  private readonly k: Kernel;
  private readonly program: ObjectProgram;
  private readonly options: LinkOptions;
  private readonly marked: Marked;
  private readonly single: boolean;
  /** Functions of the kernel in place of its imports, by index. */
  private readonly standIns: ReadonlyMap<number, number>;
  private readonly use: KernelUse;
  private readonly out: Module = newModule();
  private readonly w = new ByteWriter(1 << 16);
  // The output's index spaces.
  private readonly imports: Import[] = [];
  private readonly importTypes: FuncType[] = [];
  private readonly importIndex = new Map<string, number>();
  private readonly funcs: OutFunc[] = [];
  private readonly funcIndex = new Map<string, number>();
  private readonly kernelIndex: Int32Array;
  private readonly madeIndex = new Map<string, number>();
  private readonly globalIndex: Int32Array;
  private readonly typeIndex = new Map<string, number>();
  /** Names of compiled or made functions, or kernel function indices. */
  private readonly table: (string | number)[] = [];
  private readonly codeIndex = new Map<string, number>();
  private readonly stubIndex = new Map<string, number>();
  private readonly firstSite = new Map<string, number>();
  private siteCount = 1;
  private cursorGlobal = 0;
  private layout!: DataLayout;
  private memory!: MemoryPlan;

  constructor(k: Kernel, funcs: FuncSource, program: ObjectProgram, options: LinkOptions) {
    this.k = k;
    this.program = program;
    this.options = options;
    this.marked = mark(funcs, program);
    this.single = options.single === true || options.wasi === true;
    this.standIns = options.wasi === true ? wasiStandIns(k) : new Map<number, number>();
    this.use = reachKernel(k, this.kernelRoots(), this.standIns);
    this.kernelIndex = new Int32Array(k.imports.length + k.m.funcs.length).fill(-1);
    this.globalIndex = new Int32Array(k.m.globals.length).fill(-1);
  }

  run(): LinkResult {
    this.numberSites();
    this.numberTable();
    this.collectFuncs();
    this.numberTypes();
    this.numberFuncs();
    this.numberGlobals();
    this.layoutMemory();
    const code = this.writeFuncs();
    this.writeImports();
    this.writeElements();
    this.writeExports();
    if (this.options.names === true) this.writeNames();
    const { packed, imageSize, pages } = this.memory;
    return {
      wasm: encodeModule(this.out), pages, funcs: this.funcs.length, sites: this.siteCount - 1,
      sizes: { code: code.program, kernel: code.kernel, image: imageSize, tables: packed.length - imageSize },
    };
  }

  /** Functions of the kernel that are needed: what the host calls, what the program calls, what is in its table. */
  private kernelRoots(): number[] {
    const roots: number[] = [];
    for (const [name, index] of this.k.funcs) if (this.isExported(name) || this.marked.kernelFuncs.has(name)) roots.push(index);
    if (this.options.wasi === true) for (const name of startFuncs) roots.push(this.k.funcs.get(name)!);
    for (const f of this.k.table) if (f !== undefined) roots.push(f);
    if (this.k.m.start !== undefined) roots.push(this.k.m.start);
    return roots;
  }

  /** Whether a function of the kernel is there for the host of the linked module. */
  private isExported(name: string): boolean { return this.options.wasi !== true && !internal.has(name) && !name.startsWith(WASI_PREFIX); }

  private numberSites(): void {
    for (const f of this.marked.funcs) {
      if (f.sites.length === 0) continue;
      this.firstSite.set(f.name, this.siteCount);
      this.siteCount += f.sites.length;
    }
  }

  /** The function table: the kernel's own entries where they were, then functions, then resume stubs. */
  private numberTable(): void {
    const { table, marked } = this;
    this.k.table.forEach((f, i) => { if (f !== undefined) table[i] = f; });
    // Code index 0 means "no function".
    if (table.length === 0) table.length = 1;
    for (const f of marked.funcs) {
      if (!f.resumable && !marked.codes.has(f.name)) continue;
      this.codeIndex.set(f.name, table.length);
      table.push(f.name);
    }
    for (const f of marked.funcs) {
      const key = typeKey(f);
      if (!f.resumable || this.stubIndex.has(key)) continue;
      this.stubIndex.set(key, table.length);
      const name = `resume ${this.stubIndex.size}`;
      table.push(name);
      this.make(name, { params: [i32], results: [i32] }, 0, () => stubBody(f, this.typeOf(f), this.globalIndex[this.kernelGlobal('result_area')]));
    }
  }

  private make(name: string, type: FuncType, uses: number, body: () => Body): void {
    this.funcs.push({ type, uses, name, kernel: -1, code: null, made: body });
  }

  private made(name: string): number {
    return this.madeIndex.get(name)!;
  }

  private collectFuncs(): void {
    const { k, marked, use } = this;
    const calls = marked.calls;
    for (const f of marked.funcs) this.funcs.push({ type: f, uses: calls.get(f.name) ?? 0, name: f.name, kernel: -1, code: f, made: null });
    const callsOf = new Map<number, number>(use.calls);
    for (const name of marked.kernelFuncs) {
      const index = k.funcs.get(name);
      const n = calls.get(name) ?? 0;
      if (index !== undefined) callsOf.set(index, (callsOf.get(index) ?? 0) + n);
      else if (this.program.imports.has(name)) this.addHostImport(name);
      else if (name === 'memequal') this.make(name, { params: [i32, i32, i32], results: [i32] }, n, memequalBody);
      else throw new LinkError(`the kernel has no function ${name}`);
    }
    for (const f of use.funcs) {
      const imported = f < k.imports.length;
      const type = k.m.types[imported ? k.imports[f].type! : k.m.funcs[f - k.imports.length].type];
      if (imported) this.kernelIndex[f] = this.addImport(k.imports[f], type);
      else this.funcs.push({ type, uses: callsOf.get(f) ?? 0, name: k.m.names?.funcs[f] ?? `kernel.${f}`, kernel: f, code: null, made: null });
    }
    this.make('varint', { params: [], results: [i32] }, 0, () => varintBody(this.cursorGlobal));
    this.make('unpackImage', { params: [i32], results: [] }, 0, () => unpackImageBody(this.cursorGlobal, this.made('varint')));
    this.make('unpackTable', { params: [i32, i32, i32, i32], results: [] }, 0, () => unpackTableBody(this.made('varint')));
    this.make('init_data', { params: [], results: [] }, 0, () => ({ locals: [], code: this.initData() }));
    if (this.options.wasi === true) this.make(WASI_START, { params: [], results: [] }, 0, () => ({ locals: [], code: this.startBody() }));
  }

  private addImport(i: { module: string; name: string }, type: FuncType): number {
    const key = `${i.module}\0${i.name}\0${typeKey(type)}`;
    let index = this.importIndex.get(key);
    if (index === undefined) {
      index = this.imports.length;
      this.importIndex.set(key, index);
      this.imports.push({ module: i.module, name: i.name, kind: Extern.func, type: 0 });
      this.importTypes.push(type);
    }
    return index;
  }

  private addHostImport(name: string): void {
    const i = this.program.imports.get(name)!;
    this.madeIndex.set(name, this.addImport(i, i));
  }

  /** Types by falling number of uses. */
  private numberTypes(): void {
    const count = new Map<string, { type: FuncType; n: number }>();
    const add = (key: string, type: FuncType, n: number): void => {
      const c = count.get(key);
      if (c === undefined) count.set(key, { type, n });
      else c.n += n;
    };
    for (const { type } of this.funcs) add(typeKey(type), type, 1);
    for (const t of this.importTypes) add(typeKey(t), t, 1);
    for (const [i, n] of this.use.types) add(typeKey(this.k.m.types[i]), this.k.m.types[i], n);
    for (const { relocs, syms } of this.marked.funcs) {
      for (let i = 0; i < relocs.length; i += 4) {
        if (relocs[i + 1] === CodeReloc.type || relocs[i + 1] === CodeReloc.blockType) add(syms[relocs[i + 2]], typeOfKey(syms[relocs[i + 2]]), 1);
      }
    }
    for (const [key, { type }] of [...count].sort((a, b) => b[1].n - a[1].n)) {
      this.typeIndex.set(key, this.out.types.length);
      this.out.types.push({ params: type.params, results: type.results });
    }
  }

  private typeOf(t: FuncType): number {
    return this.typeIndex.get(typeKey(t))!;
  }

  /** Functions by falling number of calls, after the imports. */
  private numberFuncs(): void {
    this.funcs.sort((a, b) => b.uses - a.uses);
    this.funcs.forEach((f, i) => {
      const index = this.imports.length + i;
      if (f.kernel >= 0) this.kernelIndex[f.kernel] = index;
      else if (f.code !== null) this.funcIndex.set(f.name, index);
      else this.madeIndex.set(f.name, index);
    });
    for (const [imported, own] of this.standIns) this.kernelIndex[imported] = this.kernelIndex[own];
  }

  private numberGlobals(): void {
    const { k, out, use } = this;
    const needed = new Set<number>(use.globals);
    for (const name of this.marked.kernelGlobals) needed.add(this.kernelGlobal(name));
    for (const [name, g] of k.globals) if (!name.startsWith('__')) needed.add(g);
    // Exported ones, which compiled code uses, come first.
    const exported = new Set(k.globals.values());
    for (const g of [...needed].sort((a, b) => Number(exported.has(b)) - Number(exported.has(a)) || a - b)) {
      this.globalIndex[g] = out.globals.length;
      out.globals.push(k.m.globals[g]);
    }
    this.cursorGlobal = out.globals.length;
    out.globals.push({ type: i32, mutable: true, init: constExpr(0) });
  }

  private kernelGlobal(name: string): number {
    const g = this.k.globals.get(name);
    if (g === undefined) throw new LinkError(`the kernel has no global ${name}`);
    return g;
  }

  private layoutMemory(): void {
    const layout = (this.layout = layoutData(this.marked.data, Math.max(LowMemory.FIRST_ADDRESS, (this.k.dataEnd + 15) & ~15)));
    const linked = this.marked.data.filter((d) => d.typelink !== '');
    linked.sort((a, b) => (a.typelink < b.typelink ? -1 : a.typelink > b.typelink ? 1 : 0));
    this.memory = planMemory({
      kernel: this.k,
      program: this.program,
      layout,
      resolve: { addressOf: (s) => layout.address.get(s) ?? 0, codeOf: (s) => this.codeIndex.get(s) ?? 0 },
      places: this.placeFuncs(),
      siteCount: this.siteCount,
      tableLength: this.table.length,
      typelinks: Uint32Array.from(linked, (d) => layout.address.get(d.name)!),
    });
  }

  private placeFuncs(): FuncPlace[] {
    const places: FuncPlace[] = [];
    for (const f of this.marked.funcs) {
      const code = this.codeIndex.get(f.name) ?? 0;
      if (f.sites.length === 0 && code === 0) continue;
      places.push({ f, firstSite: this.firstSite.get(f.name) ?? 0, code, stub: f.resumable ? this.stubIndex.get(typeKey(f))! : 0 });
    }
    return places;
  }

  private initData(): Uint8Array {
    const start = this.k.m.start;
    return initBody(this.memory, {
      cursor: this.cursorGlobal,
      unpackImage: this.made('unpackImage'),
      unpackTable: this.made('unpackTable'),
      start: start === undefined ? undefined : this.kernelIndex[start],
    });
  }

  private writeFuncs(): { program: number; kernel: number } {
    const sizes = { program: 0, kernel: 0 };
    const { k, out, w } = this;
    const renumber = {
      func: (f: number): number => this.kernelIndex[f],
      global: (g: number): number => this.globalIndex[g],
      type: (t: number): number => this.typeOf(k.m.types[t]),
    };
    for (const f of this.funcs) {
      const type = this.typeOf(f.type);
      if (f.code !== null) {
        const func = this.resolveBody(f.code, type);
        sizes.program += func.code.length;
        out.funcs.push(func);
      } else if (f.made !== null) out.funcs.push({ type, ...f.made() });
      else {
        const old = k.m.funcs[f.kernel - k.imports.length];
        const code = rewriteBody(old.code, renumber, w);
        sizes.kernel += code.length;
        out.funcs.push({ type, locals: old.locals, code });
      }
    }
    if (this.single) this.lowerAtomics();
    return sizes;
  }

  /** A body with its relocations written in. */
  private resolveBody(f: FuncCode, type: number): Func {
    const { w } = this;
    const { code, relocs, hints } = f;
    w.reset();
    let copied = 0;
    let hint = 0;
    const moved: number[] = [];
    const copyTo = (end: number): void => {
      for (; hint < hints.length && hints[hint] < end; hint += 2) moved.push(w.pos + hints[hint] - copied, hints[hint + 1]);
      w.slice(code, copied, end);
      copied = end;
    };
    for (let i = 0; i < relocs.length; i += 4) {
      copyTo(relocs[i]);
      this.writeReloc(f, relocs[i + 1], f.syms[relocs[i + 2]], relocs[i + 3]);
    }
    copyTo(code.length);
    return { type, locals: f.locals, code: w.finish(), hints: moved };
  }

  private writeReloc(f: FuncCode, kind: number, sym: string, addend: number): void {
    const { w } = this;
    switch (kind) {
      case CodeReloc.func: return w.u32(this.funcIndex.get(sym)!);
      case CodeReloc.kernelFunc: {
        const own = this.k.funcs.get(sym);
        return w.u32(own === undefined ? this.made(sym) : this.kernelIndex[own]);
      }
      case CodeReloc.global: return w.u32(this.globalIndex[this.kernelGlobal(sym)]);
      case CodeReloc.type: return w.u32(this.typeIndex.get(sym)!);
      case CodeReloc.blockType: return w.s32(this.typeIndex.get(sym)!);
      case CodeReloc.addr: return w.s32(this.layout.address.get(sym)! + addend);
      case CodeReloc.code: return w.s32(this.codeIndex.get(sym)!);
      case CodeReloc.site: return w.s32(this.firstSite.get(f.name)! + addend);
      default: throw new LinkError(`${f.name}: unknown relocation ${kind}`);
    }
  }

  private lowerAtomics(): void {
    const { out } = this;
    const lowering = new AtomicsLowering(this.imports.length + out.funcs.length);
    out.funcs = out.funcs.map((f) => lowering.lower(f));
    for (const { type, code, name } of lowering.helpers) {
      const key = typeKey(type);
      if (!this.typeIndex.has(key)) {
        this.typeIndex.set(key, out.types.length);
        out.types.push(type);
      }
      out.funcs.push({ type: this.typeOf(type), locals: helperLocals(type), code });
      this.make(name, type, 0, () => ({ locals: [], code }));
    }
  }

  private writeImports(): void {
    const shared = !this.single;
    this.imports.forEach((i, n) => { i.type = this.typeOf(this.importTypes[n]); });
    const memory = { min: this.memory.pages, max: MEMORY_PAGES, ...(shared ? { shared } : {}) };
    if (this.options.wasi === true) {
      this.out.imports = [...this.imports];
      this.out.memories.push(memory);
      return;
    }
    this.out.imports = [...this.imports, { ...MEMORY_IMPORT, kind: Extern.memory, memory }];
  }

  private writeElements(): void {
    const { table, out } = this;
    out.tables.push({ elem: ValType.funcref, limits: { min: table.length, max: table.length } });
    for (let at = 0; at < table.length;) {
      const funcs: number[] = [];
      let to = at;
      for (; to < table.length && table[to] !== undefined; to++) funcs.push(this.tableEntry(table[to]));
      if (funcs.length > 0) out.elems.push({ mode: SegmentMode.active, table: 0, offset: constExpr(at), type: ValType.funcref, funcs });
      at = to + 1;
    }
  }

  private tableEntry(e: string | number): number {
    if (typeof e === 'number') return this.kernelIndex[e];
    return this.funcIndex.get(e) ?? this.made(e);
  }

  private writeExports(): void {
    const { k, out } = this;
    out.datas.push({ mode: SegmentMode.passive, memory: 0, bytes: this.memory.packed });
    out.dataCount = true;
    if (this.options.wasi === true) {
      out.exports.push({ name: MEMORY_IMPORT.name, kind: Extern.memory, index: 0 }, { name: WASI_START, kind: Extern.func, index: this.made(WASI_START) });
      return;
    }
    for (const [name, f] of k.funcs) if (this.isExported(name)) out.exports.push({ name, kind: Extern.func, index: this.kernelIndex[f] });
    for (const [name, g] of k.globals) if (!name.startsWith('__')) out.exports.push({ name, kind: Extern.global, index: this.globalIndex[g] });
    for (const e of k.m.exports) if (e.kind === Extern.table) out.exports.push(e);
    const exports: LinkedExport[] = this.program.exports.map(({ name, thunk, params, result }) => ({ name, code: this.codeIndex.get(thunk)!, params, result }));
    if (exports.length > 0) out.customs.push({ name: EXPORTS_SECTION, bytes: new TextEncoder().encode(JSON.stringify(exports)) });
    out.exports.push({ name: LinkerExport.initData, kind: Extern.func, index: this.made('init_data') });
    out.exports.push({ name: LinkerExport.programInfo, kind: Extern.global, index: out.globals.length });
    out.globals.push({ type: i32, mutable: false, init: constExpr(this.memory.info) });
  }

  /** `_start` of a WASI program: what this project's host does in steps. */
  private startBody(): Uint8Array {
    const w = new ByteWriter(32);
    const call = (f: number): void => { w.op(Op.call); w.u32(f); };
    call(this.made('init_data'));
    for (const n of [this.memory.info, MEMORY_PAGES, WASI_STACK, 0, 1]) { w.op(Op.i32_const); w.s32(n); }
    call(this.kernelIndex[this.k.funcs.get('kernel_init')!]);
    call(this.kernelIndex[this.k.funcs.get(wasiMain)!]);
    w.op(Op.end);
    return w.finish();
  }

  private writeNames(): void {
    const funcs: (string | undefined)[] = this.imports.map((i) => `${i.module}.${i.name}`);
    this.funcs.forEach((f, i) => { funcs[this.imports.length + i] = f.name; });
    this.out.names = { funcs, globals: [], locals: [] };
  }
}

function typeOfKey(key: string): FuncType {
  const codes = Array.from(key, (c) => c.charCodeAt(0));
  const split = codes.indexOf(0);
  return { params: codes.slice(0, split), results: codes.slice(split + 1) };
}

function constExpr(n: number): Uint8Array {
  const w = new ByteWriter(8);
  w.op(Op.i32_const);
  w.s32(n);
  w.op(Op.end);
  return w.finish();
}

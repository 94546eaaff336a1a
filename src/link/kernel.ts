// base.wasm, the kernel: what it offers, which of its functions a program needs, and its bodies with all indices
// rewritten to those of the linked module.
import type { ByteWriter } from '../wasm/bytes.ts';
import { decodeModule } from '../wasm/decode.ts';
import { InstrReader } from '../wasm/instr.ts';
import { Extern, importsOf, SegmentMode } from '../wasm/module.ts';
import type { Import, Module } from '../wasm/module.ts';
import { Imm, Op } from '../wasm/opcodes.ts';
import { LinkError } from './mark.ts';

/** The decoded kernel. */
export interface Kernel {
  readonly m: Module;
  readonly imports: readonly Import[];
  /** Function index by export name. */
  readonly funcs: ReadonlyMap<string, number>;
  /** Global index by export name. */
  readonly globals: ReadonlyMap<string, number>;
  /** Functions in its table, by table index. */
  readonly table: readonly (number | undefined)[];
  /** End of its static data, 8-aligned. */
  readonly dataEnd: number;
}

/** Reads base.wasm. */
export function readKernel(bytes: Uint8Array): Kernel {
  const m = decodeModule(bytes);
  const funcs = new Map<string, number>();
  const globals = new Map<string, number>();
  for (const e of m.exports) {
    if (e.kind === Extern.func) funcs.set(e.name, e.index);
    else if (e.kind === Extern.global) globals.set(e.name, e.index);
  }
  if (m.imports.some((i) => i.kind === Extern.global)) throw new LinkError('the kernel imports a global');
  let end = 0;
  for (const d of m.datas) {
    if (d.mode !== SegmentMode.active) throw new LinkError('the kernel has a passive data segment');
    end = Math.max(end, constant(d.offset!) + d.bytes.length);
  }
  const heapBase = globals.get('__heap_base');
  if (heapBase !== undefined) end = Math.max(end, constant(m.globals[heapBase].init));
  return { m, imports: importsOf(m, Extern.func), funcs, globals, table: readTable(m), dataEnd: (end + 7) & ~7 };
}

function readTable(m: Module): (number | undefined)[] {
  const table: (number | undefined)[] = [];
  for (const e of m.elems) {
    if (e.mode !== SegmentMode.active || e.funcs === undefined) throw new LinkError('the kernel has an element segment of an unknown form');
    const at = constant(e.offset!);
    for (let i = 0; i < e.funcs.length; i++) table[at + i] = e.funcs[i];
  }
  return table;
}

/** The value of an `i32.const` initialiser. */
export function constant(expr: Uint8Array): number {
  const r = new InstrReader(expr);
  if (!r.next() || r.op !== Op.i32_const) throw new LinkError('the kernel has an initialiser that is no i32.const');
  return r.a;
}

/** Which of the kernel's functions and globals are used, and what their bodies refer to. */
export interface KernelUse {
  readonly funcs: Set<number>;
  readonly globals: Set<number>;
  /** Calls by function index. */
  readonly calls: Map<number, number>;
  /** Uses of type indices by bodies. */
  readonly types: Map<number, number>;
}

/** Follows calls from the given functions. `standIns`: functions in place of imports. */
export function reachKernel(k: Kernel, roots: Iterable<number>, standIns: ReadonlyMap<number, number> = new Map()): KernelUse {
  const use: KernelUse = { funcs: new Set(), globals: new Set(), calls: new Map(), types: new Map() };
  const imported = k.imports.length;
  const work: number[] = [];
  const add = (named: number): void => {
    const f = standIns.get(named) ?? named;
    if (use.funcs.has(f)) return;
    use.funcs.add(f);
    work.push(f);
  };
  for (const f of roots) add(f);
  while (work.length > 0) {
    const f = work.pop()!;
    if (f < imported) continue;
    const r = new InstrReader(k.m.funcs[f - imported].code);
    while (r.next()) {
      switch (r.imm) {
        case Imm.func: add(r.a); count(use.calls, r.a); break;
        case Imm.global: use.globals.add(r.a); break;
        case Imm.callIndirect: count(use.types, r.a); break;
        case Imm.block: if (r.a >= 0) count(use.types, r.a); break;
      }
    }
  }
  return use;
}

function count(map: Map<number, number>, key: number): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

/** New indices of what the kernel's code names. */
export interface Renumbering {
  func(old: number): number;
  global(old: number): number;
  type(old: number): number;
}

/** A body with its indices rewritten. */
export function rewriteBody(code: Uint8Array, to: Renumbering, w: ByteWriter): Uint8Array {
  w.reset();
  const r = new InstrReader(code);
  let copied = 0;
  while (r.next()) {
    let index: number;
    switch (r.imm) {
      case Imm.func: index = to.func(r.a); break;
      case Imm.global: index = to.global(r.a); break;
      case Imm.callIndirect: index = to.type(r.a); break;
      case Imm.block:
        if (r.a < 0) continue;
        index = to.type(r.a);
        break;
      case Imm.data: case Imm.memoryInit: throw new LinkError('the kernel names a data segment');
      default: continue;
    }
    w.slice(code, copied, r.immStart);
    if (r.imm === Imm.block) w.s32(index);
    else w.u32(index);
    if (r.imm === Imm.callIndirect) w.u32(r.b);
    copied = r.pos;
  }
  w.slice(code, copied, code.length);
  return w.finish();
}

// Functions that cross the border to an embedder: `//go:wasmimport` of modules that are not our host's, and `//go:wasmexport`.
//
// Both are made from frames: a code word, then each value of the Go signature at a multiple of 8, results last. The frame of an import is a stack
// object of the calling goroutine, which is suspended while the embedder runs, for that may call the program; the frame of an export is the
// host's. A frame is at the same time a func value, whose code finds the values through its context.

import type { HostExport } from '../abi/object.ts';
import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import type { FuncBuilder } from './builder.ts';
import { GoKind, markPointers, type GoType } from './gotype.ts';
import { load, store } from './mem.ts';

export interface HostSignature { readonly params: readonly GoType[]; readonly results: readonly GoType[] }

interface Item { readonly type: GoType; readonly off: number }

function frame(s: HostSignature): { params: Item[]; results: Item[]; size: number } {
  let size = 8;
  const place = (type: GoType): Item => {
    const item = { type, off: size };
    size += Math.ceil(Math.max(type.size, 1) / 8) * 8;
    return item;
  };
  return { params: s.params.map(place), results: s.results.map(place), size };
}

/** The values of a Go parameter as wasm has them at the border: 32-bit addresses and lengths. */
export function toWasm(f: FuncBuilder, t: GoType, values: readonly Value[]): Value[] {
  if (t.kind === GoKind.Uintptr) return [f.emit(Op.wrap_i64, [values[0]!])];
  if (t.kind === GoKind.String) return [f.emit(Op.ptr_i32, [values[0]!]), f.emit(Op.wrap_i64, [values[1]!])];
  return [...values];
}

export function fromWasm(f: FuncBuilder, t: GoType, values: readonly Value[]): Value[] {
  return t.kind === GoKind.Uintptr ? [f.emit(Op.extend_u, [values[0]!])] : [...values];
}

/** Body of a function that makes a call of an import, with frames in memory; `thunk` is the function that importThunk is the body of. */
export function importCaller(f: FuncBuilder, s: HostSignature, thunk: string): void {
  const l = frame(s), mask: number[] = [];
  for (const i of [...l.params, ...l.results]) markPointers(i.type, i.off, mask);
  const at = f.slot(l.size, 8, mask, 'frame');
  f.emit(Op.store_i64, [at, f.emit(Op.extend_u, [f.emit(Op.funcindex, [], thunk)])], 0);
  let p = 0;
  for (const i of l.params) store(f, i.type, at, i.off, i.type.values.map(() => f.param(p++)));
  f.call(Op.callk, { sym: 'importcall', params: [Type.ptr], results: [], suspends: true }, [at]);
  f.ret(l.results.flatMap((i) => [...load(f, i.type, at, i.off)]));
}

/** Body of the func() that calls the import. */
export function importThunk(f: FuncBuilder, s: HostSignature, external: string, params: Type[], results: Type[]): void {
  const l = frame(s), at = f.context();
  const args = l.params.flatMap((i) => toWasm(f, i.type, load(f, i.type, at, i.off)));
  const out = f.call(Op.callk, { sym: external, params, results, suspends: false }, args);
  for (const i of l.results) store(f, i.type, at, i.off, fromWasm(f, i.type, out));
  f.ret([]);
}

/** Body of the func() that a call of an export runs; it tells the host when the function has returned. */
export function exportThunk(f: FuncBuilder, s: HostSignature, target: string): void {
  const l = frame(s), at = f.context();
  const args = l.params.flatMap((i) => [...load(f, i.type, at, i.off)]);
  const results = s.results.flatMap((t) => [...t.values]);
  const out = f.call(Op.call, { sym: target, params: args.map((v) => v.type), results, suspends: true, noreturn: false }, args);
  for (const i of l.results) store(f, i.type, at, i.off, out);
  f.runtime('exportDone', at);
  f.ret([]);
}

/** A value's kind, for who reads and writes frames. */
function kindOf(t: GoType): string {
  if (t.kind === GoKind.String) return 's';
  if (t.kind === GoKind.Bool) return 'b';
  if (t.kind === GoKind.Uintptr) return 'p';
  switch (t.values[0]) {
    case Type.i64: return 'l';
    case Type.f32: return 'f';
    case Type.f64: return 'd';
    case Type.ptr: return 'p';
    default: return 'i';
  }
}

/** What the host has to know of an export. */
export function hostExport(name: string, thunk: string, s: HostSignature): HostExport {
  return { name, thunk, params: s.params.map(kindOf).join(''), result: s.results.map(kindOf).join('') };
}

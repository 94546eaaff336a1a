// Calls between reflect's frames in memory and functions with wasm signatures.
//
// reflect lays a call's arguments and results out in a frame as gc's stack-only ABI does: arguments in order, each at its
// alignment, results from the next word on. Two kinds of functions are made, one for each shape of frame:
//   frame thunk    (fn, frame): loads the arguments, calls fn, stores the results; found by fn's code word, since reflect.Call
//                  passes no signature
//   stub           a function of the type's own signature that stores its arguments in a frame and calls reflect.callReflect
//                  or callMethod with it; the code of the func values that MakeFunc and method values make

import { deferInReflect } from '../abi/entry.ts';
import { G } from '../abi/layout.ts';
import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { RelocKind } from '../ir/program.ts';
import { Type } from '../ir/type.ts';
import type { FuncBuilder } from './builder.ts';
import { DataWriter } from './data.ts';
import { forwardRecover } from './defer.ts';
import { markPointers, type GoType } from './gotype.ts';
import { load, move, store } from './mem.ts';
import type { Registry } from './registry.ts';
import { flatSignature } from './signature.ts';
import { typeSymbol } from './typedesc.ts';

/** A Go signature as a function's code has it: methods have their receiver in front. */
export interface GoSignature { readonly recv: GoType | null; readonly sig: GoType }

interface Item { readonly type: GoType; readonly off: number }
interface FrameLayout { readonly args: readonly Item[]; readonly results: readonly Item[]; readonly size: number }

function roundUp(n: number, align: number): number { return Math.ceil(n / align) * align; }

function frameLayout(s: GoSignature): FrameLayout {
  let off = 0;
  const place = (type: GoType): Item => {
    const at = roundUp(off, type.align);
    off = at + type.size;
    return { type, off: at };
  };
  const args = [...(s.recv === null ? [] : [s.recv]), ...s.sig.params].map(place);
  off = roundUp(off, 8);
  const results = s.sig.results.map(place);
  return { args, results, size: roundUp(off, 8) };
}

/** Equal for signatures whose frames and flat signatures are the same. */
function shape(l: FrameLayout): string {
  const item = (i: Item): string => (i.type.mem ? `m${i.type.size}@${i.off}p${i.type.ptrmask.join('_')}` : i.type.comps.map((c) => `${c.load}@${i.off + c.offset}`).join('+'));
  return `${l.args.map(item).join(',')}:${l.results.map(item).join(',')}`;
}

/** Makes thunks and stubs on demand, one for each shape. */
export class Thunks {
  private readonly r: Registry;
  private readonly made = new Set<string>();

  constructor(r: Registry) { this.r = r; }

  private once(kind: string, l: FrameLayout, params: readonly Type[], results: readonly Type[], make: (f: FuncBuilder) => void): string {
    const sym = `goloom.${kind}.${shape(l)}`;
    if (!this.made.has(sym)) {
      this.made.add(sym);
      this.r.generate(sym, params, results, [], make);
      this.r.markAddressTaken(sym);
    }
    return sym;
  }

  /** Symbol of `func(fn, frame unsafe.Pointer)` that calls a function of that signature. */
  frameThunk(s: GoSignature): string {
    const l = frameLayout(s);
    return this.once('frame', l, [Type.ptr, Type.ptr], [], (f) => frameThunkBody(f, s, l));
  }

  /** Symbol of a stub that hands its frame to a function of reflect: `func(ctxt, frame, retValid, regs unsafe.Pointer)`. */
  stub(kind: string, sig: GoType, target: string): string {
    const l = frameLayout({ recv: null, sig });
    const flat = flatSignature(sig, null);
    return this.once(kind, l, flat.params, flat.results, (f) => {
      f.fn.wrapper = true;
      forwardRecover(f, kind === 'methodvalue' ? f.i32(deferInReflect) : madeFuncCode(f));
      stubBody(this.r, f, sig, l, target);
    });
  }
}

function frameThunkBody(f: FuncBuilder, s: GoSignature, l: FrameLayout): void {
  f.fn.wrapper = true;
  const fn = f.param(0);
  const frame = f.param(1);
  const flat = flatSignature(s.sig, s.recv);
  const args: Value[] = [];
  l.results.forEach((r, i) => { if (flat.memResult[i]) args.push(f.offset(frame, r.off)); });
  for (const a of l.args) {
    if (!a.type.mem) { args.push(...load(f, a.type, frame, a.off)); continue; }
    const copy = f.temp(a.type); // the callee owns it
    move(f, a.type, copy, f.offset(frame, a.off));
    args.push(copy);
  }
  const code = f.emit(Op.load_i32, [fn], 0);
  const g = f.emit(Op.g, []);
  const deferFn = f.emit(Op.load_i32, [g], G.DEFER_FN);
  f.emit(Op.store_i32, [g, f.select(f.emit(Op.eq_i32, [deferFn, f.i32(deferInReflect)]), code, deferFn)], G.DEFER_FN);
  const out = f.call(Op.calli, flat.indirect, [code, ...args, fn]);
  let k = 0;
  l.results.forEach((r, i) => {
    if (flat.memResult[i]) return;
    const n = r.type.values.length;
    store(f, r.type, frame, r.off, out.slice(k, k + n));
    k += n;
  });
  f.ret([]);
}

/** Offset of fn in reflect's makeFuncImpl: {fn, stack, argLen, padding after an empty field (a word each), ftyp, fn}. */
const MADE_FN = 40;

/** Code of the function that was given to MakeFunc: callReflect calls it directly. */
function madeFuncCode(f: FuncBuilder): Value {
  return f.emit(Op.load_i32, [f.emit(Op.load_ptr, [f.context()], MADE_FN)], 0);
}

function stubBody(r: Registry, f: FuncBuilder, sig: GoType, l: FrameLayout, target: string): void {
  const flat = flatSignature(sig, null);
  const mask: number[] = [];
  for (const i of [...l.args, ...l.results]) markPointers(i.type, i.off, mask);
  const frame = f.slot(Math.max(8, l.size), 8, mask, 'frame');
  const valid = f.slot(8, 8, [], 'retValid');
  let p = flat.sretCount;
  for (const a of l.args) {
    const n = a.type.values.length;
    const vals: Value[] = [];
    for (let i = 0; i < n; i++) vals.push(f.param(p++));
    store(f, a.type, frame, a.off, vals);
  }
  f.call(Op.call, r.callTarget(target).aux, [f.context(), frame, valid, f.addr('runtime.zerobase')]);
  const out: Value[] = [];
  let sret = 0;
  l.results.forEach((res, i) => {
    if (!flat.memResult[i]) { out.push(...load(f, res.type, frame, res.off)); return; }
    const to = f.param(sret++);
    if (res.type.mem) move(f, res.type, to, f.offset(frame, res.off));
    else store(f, res.type, to, 0, load(f, res.type, frame, res.off));
  });
  f.ret(out);
}

/** Writes the table goloom.framethunks: code of a function, code of its thunk (u32 each). */
export function frameTable(list: readonly { readonly sym: string; readonly thunk: string }[]): DataWriter {
  const w = new DataWriter(8 * list.length);
  list.forEach((e, i) => {
    w.relocs.push({ offset: 8 * i, kind: RelocKind.weakCode32, target: e.sym, addend: 0 });
    w.code(8 * i + 4, e.thunk);
  });
  return w;
}

/** Writes the table goloom.makefuncs: func type, code of its MakeFunc stub, code of its method value stub. */
export function makeFuncTable(list: readonly { readonly type: GoType; readonly call: string; readonly method: string }[]): DataWriter {
  const w = new DataWriter(16 * list.length);
  list.forEach((e, i) => {
    w.addr(16 * i, typeSymbol(e.type));
    w.code(16 * i + 8, e.call);
    w.code(16 * i + 12, e.method);
  });
  return w;
}


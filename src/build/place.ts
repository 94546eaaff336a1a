// Places: what can be assigned to or have its address taken. Variables in SSA form, memory, map elements, and _.
// Locals live here too: how a variable of the program is kept, and how a closure comes by those of its outer functions.

import type { Value } from '../ir/func.ts';
import { Type } from '../ir/type.ts';
import { Op } from '../ir/op.ts';
import { Kind, type Expr, type Ident, type IndexExpr, type SelectorExpr } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { VarKind, type Var } from '../types/model.ts';
import { LocalKind, type FuncBuilder, type Local, type Vals } from './builder.ts';
import { constIndex, indexValue } from './checks.ts';
import { GoKind, type GoType } from './gotype.ts';
import { mapAssign } from './map.ts';
import { elemAddr, load, move, newObject, store, zeroAt } from './mem.ts';
import { rec, type Place } from './rec.ts';

export const PlaceKind = { ssa: 0, mem: 1, map: 2, blank: 3 } as const;
export type PlaceKind = (typeof PlaceKind)[keyof typeof PlaceKind];

export function memPlace(type: GoType, addr: Value, off: number): Place {
  return { kind: PlaceKind.mem, type, id: 0, addr, off, key: null, map: null };
}

function ssaPlace(type: GoType, id: number): Place {
  return { kind: PlaceKind.ssa, type, id, addr: null, off: 0, key: null, map: null };
}

function blankPlace(type: GoType): Place {
  return { kind: PlaceKind.blank, type, id: 0, addr: null, off: 0, key: null, map: null };
}

/** The value at a place (never a map element). */
export function loadPlace(f: FuncBuilder, p: Place): Vals {
  if (p.kind === PlaceKind.mem) return load(f, p.type, p.addr!, p.off);
  return readLocal(f, p.id, p.type);
}

function readLocal(f: FuncBuilder, id: number, t: GoType): Vals {
  const n = t.values.length;
  if (n === 1) return [f.readVar(id)];
  const out = new Array<Value>(n);
  for (let i = 0; i < n; i++) out[i] = f.readVar(id + i);
  return out;
}

/** Assigns a value of the place's type. */
export function storePlace(f: FuncBuilder, p: Place, vals: Vals): void {
  switch (p.kind) {
    case PlaceKind.ssa:
      for (let i = 0; i < vals.length; i++) f.writeVar(p.id + i, vals[i]!);
      return;
    case PlaceKind.mem:
      store(f, p.type, p.addr!, p.off, vals);
      return;
    case PlaceKind.map:
      store(f, p.type, mapAssign(f, p.map!, p.addr!, p.key!), 0, vals);
  }
}

/** The address of a place in memory. */
export function placeAddr(f: FuncBuilder, p: Place): Value {
  if (p.kind !== PlaceKind.mem) throw f.bug('address of a variable that is not in memory');
  return f.offset(p.addr!, p.off);
}

// ---- locals

/** Whether a closure may hold a copy of the variable. As gc: never assigned after its declaration, address not taken, small. */
export function capturedByValue(v: Var, t: GoType): boolean {
  return !v.reassigned && !v.addrTaken && v.varKind !== VarKind.Result && t.size <= 128;
}

/** Whether the variable needs an address of its own on the heap (until escape analysis). */
export function needsCell(v: Var, t: GoType): boolean {
  return v.addrTaken || (v.captured && !capturedByValue(v, t));
}

/** Makes a variable whose value is undefined until stored; fresh memory is zero. Returns its local. */
export function declareVar(f: FuncBuilder, v: Var, t: GoType): Local {
  const old = f.locals.get(v);
  if (needsCell(v, t)) {
    const id = old !== undefined ? old.id : f.newVar([Type.ptr]);
    f.writeVar(id, newObject(f, t, v.name));
    const l: Local = old ?? { type: t, kind: LocalKind.cell, id, addr: null };
    if (old === undefined) f.locals.set(v, l);
    return l;
  }
  if (old !== undefined) return old;
  const l: Local = t.mem
    ? { type: t, kind: LocalKind.fixed, id: 0, addr: f.slot(t.size, t.align, t.ptrmask, v.name) }
    : { type: t, kind: LocalKind.ssa, id: f.newVar(t.values), addr: null };
  f.locals.set(v, l);
  return l;
}

/** Declares a variable with the zero value. */
export function declareZero(f: FuncBuilder, v: Var, t: GoType): void {
  const l = declareVar(f, v, t);
  if (l.kind === LocalKind.ssa) t.values.forEach((c, i) => f.writeVar(l.id + i, f.zero(c)));
  else if (l.kind === LocalKind.fixed) zeroAt(f, t, l.addr!);
}

/** Declares a variable and gives it a value. */
export function declareInit(f: FuncBuilder, v: Var, t: GoType, vals: Vals): void {
  storeLocal(f, declareVar(f, v, t), vals);
}

export function storeLocal(f: FuncBuilder, l: Local, vals: Vals): void {
  if (l.kind === LocalKind.ssa) {
    for (let i = 0; i < vals.length; i++) f.writeVar(l.id + i, vals[i]!);
  } else store(f, l.type, localAddr(f, l), 0, vals);
}

export function loadLocal(f: FuncBuilder, l: Local): Vals {
  return l.kind === LocalKind.ssa ? readLocal(f, l.id, l.type) : load(f, l.type, localAddr(f, l));
}

/** The address of a local that is not in SSA form. */
export function localAddr(f: FuncBuilder, l: Local): Value {
  return l.kind === LocalKind.cell ? f.readVar(l.id) : l.addr!;
}

/** Gives a parameter (its components, or the address of the callee's own copy) to its variable. */
export function declareParam(f: FuncBuilder, v: Var, t: GoType, vals: Vals): void {
  if (needsCell(v, t)) {
    const l = declareVar(f, v, t);
    const addr = localAddr(f, l);
    if (t.mem) move(f, t, addr, vals[0]!);
    else store(f, t, addr, 0, vals);
  } else if (t.mem) f.locals.set(v, { type: t, kind: LocalKind.fixed, id: 0, addr: vals[0]! });
  else declareInit(f, v, t, vals);
}

/** The local for a variable, captured from an outer function if need be. */
export function localOf(f: FuncBuilder, v: Var): Local {
  return f.locals.get(v) ?? capture(f, v);
}

/** Captures v: gives it the next field of the closure object, whose head is the code word. */
function capture(f: FuncBuilder, v: Var): Local {
  if (f.parent === null) {
    if (!f.hasDeadLabel) throw f.bug(`variable ${v.name} is not declared`);
    declareZero(f, v, f.go(v.type));
    return f.locals.get(v)!;
  }
  const outer = localOf(f.parent, v);
  const t = outer.type;
  const known = outer.kind === LocalKind.ssa ? constantOf(f, loadLocal(f.parent, outer)) : null;
  if (known !== null) return rememberConstant(f, v, t, known);
  const byRef = outer.kind === LocalKind.cell || (outer.kind === LocalKind.fixed && !capturedByValue(v, t));
  const last = f.captures.length > 0 ? f.captures[f.captures.length - 1]! : null;
  const end = last === null ? 8 : f.captureOffsets[f.captures.length - 1]! + (last.byRef ? 8 : last.type.size);
  const align = byRef ? 8 : t.align;
  const off = Math.ceil(end / align) * align;
  const ctx = f.context();
  let local: Local;
  if (byRef) {
    const addr = f.early(Op.load_ref, Type.ptr, [ctx], off);
    local = { type: t, kind: LocalKind.fixed, id: 0, addr };
  } else if (t.mem) {
    local = { type: t, kind: LocalKind.fixed, id: 0, addr: off === 0 ? ctx : f.early(Op.ptr_off, Type.ptr, [ctx], off) };
  } else {
    const id = f.newVar(t.values);
    t.comps.forEach((c, i) => f.defineAtEntry(id + i, f.early(c.load, c.type, [ctx], off + c.offset)));
    local = { type: t, kind: LocalKind.ssa, id, addr: null };
  }
  f.captures.push({ v, type: t, byRef, local });
  f.captureOffsets.push(off);
  f.locals.set(v, local);
  return local;
}

/** The values as constants at the start of f, if that is what they are: a captured variable in SSA form has one value only. */
function constantOf(f: FuncBuilder, vals: Vals): Vals | null {
  if (!vals.every((v) => constantOps.has(v.op))) return null;
  return vals.map((v) => f.early(v.op, v.type, [], v.aux));
}

const constantOps = new Set<number>([Op.const_i32, Op.const_i64, Op.const_f32, Op.const_f64, Op.const_ptr, Op.addr]);

/** A captured variable whose value is known needs no place in the closure object. */
function rememberConstant(f: FuncBuilder, v: Var, t: GoType, vals: Vals): Local {
  const id = f.newVar(t.values);
  vals.forEach((x, i) => f.defineAtEntry(id + i, x));
  const local: Local = { type: t, kind: LocalKind.ssa, id, addr: null };
  f.locals.set(v, local);
  return local;
}

// ---- places of expressions

/** The place an addressable expression (or map element, or _) denotes. Operands are evaluated, checks made. */
export function place(f: FuncBuilder, e: Expr): Place {
  switch (e.kind) {
    case Kind.ParenExpr: return place(f, e.x);
    case Kind.Ident: return identPlace(f, e);
    case Kind.SelectorExpr: return selectorPlace(f, e);
    case Kind.IndexExpr: return indexPlace(f, e);
    case Kind.StarExpr: {
      const t = f.typeOf(e);
      const p = rec.expr(f, e.x)[0]!;
      const old = f.at(gcPos(e));
      nilCheck(f, p);
      f.at(old);
      return memPlace(t, p, 0);
    }
    default: return valuePlace(f, e);
  }
}

/** A value that is not addressable, in memory for the sake of a selector or an index on it. */
function valuePlace(f: FuncBuilder, e: Expr): Place {
  const t = f.typeOf(e);
  const vals = rec.expr(f, e);
  if (t.mem) return memPlace(t, vals[0]!, 0);
  const addr = t.size === 0 ? f.runtimeVar('zerobase') : f.temp(t);
  if (t.size !== 0) store(f, t, addr, 0, vals);
  return memPlace(t, addr, 0);
}

export function nilCheck(f: FuncBuilder, p: Value): void {
  if (p.op === Op.addr || p.op === Op.slot || p.op === Op.newobject || (p.op === Op.ptr_off && p.args[0]!.op === Op.addr)) return;
  f.nilcheck(p);
}

function identPlace(f: FuncBuilder, e: Ident): Place {
  if (e.name === '_') {
    const t = f.info.typeOf(e);
    return blankPlace(t === null ? f.ctx.basic(GoKind.Int) : f.go(t));
  }
  const v = f.varOf(e);
  if (v === null) return valuePlace(f, e);
  return varPlace(f, v);
}

export function varPlace(f: FuncBuilder, v: Var): Place {
  if (v.varKind === VarKind.Package) return memPlace(f.go(v.type), f.addr(f.ctx.globalSym(v)), 0);
  const l = localOf(f, v);
  return l.kind === LocalKind.ssa ? ssaPlace(l.type, l.id) : memPlace(l.type, localAddr(f, l), 0);
}

function selectorPlace(f: FuncBuilder, e: SelectorExpr): Place {
  const sel = f.info.selectionOf(e);
  if (sel === null) { // pkg.Var
    const v = f.varOf(e.sel);
    if (v === null) return valuePlace(f, e);
    return varPlace(f, v);
  }
  const old = f.at(gcPos(e));
  const p = fieldPath(f, basePlace(f, e.x), sel.index, sel.index.length);
  f.at(old);
  return p;
}

/** The place of x in x.f: what a pointer points to is found by fieldPath. */
export function basePlace(f: FuncBuilder, x: Expr): Place {
  const t = f.typeOf(x);
  if (t.kind === GoKind.Pointer) {
    const p = rec.expr(f, x)[0]!;
    return derefPlace(f, t, p);
  }
  return exprPlace(f, x);
}

function derefPlace(f: FuncBuilder, t: GoType, p: Value): Place {
  nilCheck(f, p);
  return memPlace(t.elem!, p, 0);
}

/** As place, but a value that is not addressable may stay in SSA form: given as a fresh variable. */
function exprPlace(f: FuncBuilder, x: Expr): Place {
  const vals = f.pre.size > 0 ? f.pre.get(x.id) : undefined;
  if (vals === undefined) {
    switch (x.kind) {
      case Kind.ParenExpr: return exprPlace(f, x.x);
      case Kind.Ident: case Kind.SelectorExpr: case Kind.StarExpr: return place(f, x);
      case Kind.IndexExpr:
        if (f.typeOf(x.x).kind !== GoKind.Map && f.typeOf(x.x).kind !== GoKind.Func) return place(f, x);
    }
  }
  const t = f.typeOf(x);
  const v = vals ?? rec.expr(f, x);
  if (t.mem) return memPlace(t, v[0]!, 0);
  const id = f.newVar(t.values);
  v.forEach((c, i) => f.writeVar(id + i, c));
  return ssaPlace(t, id);
}

/** Walks field indices from a place of struct (or pointer to struct) type; n: how many of them. */
export function fieldPath(f: FuncBuilder, p: Place, index: readonly number[], n: number): Place {
  for (let i = 0; i < n; i++) {
    if (p.type.kind === GoKind.Pointer) p = derefPlace(f, p.type, loadPlace(f, p)[0]!);
    p = fieldPlace(f, p, index[i]!);
  }
  return p;
}

/** The place of a field of a struct. */
export function fieldPlace(f: FuncBuilder, p: Place, i: number): Place {
  const t = p.type.fields[i]!.type;
  if (p.kind === PlaceKind.mem) return memPlace(t, p.addr!, p.off + p.type.offsets[i]!);
  let id = p.id;
  for (let k = 0; k < i; k++) id += p.type.fields[k]!.type.values.length;
  return ssaPlace(t, id);
}

function indexPlace(f: FuncBuilder, e: IndexExpr): Place {
  const xt = f.typeOf(e.x);
  const ie = e.indices[0]!;
  switch (xt.kind) {
    case GoKind.Map: {
      const [m, k] = rec.exprs(f, [e.x, ie], [null, xt.key!]);
      return { kind: PlaceKind.map, type: xt.elem!, id: 0, addr: m![0]!, off: 0, key: k!, map: xt };
    }
    case GoKind.Slice: {
      const [s, i] = rec.exprs(f, [e.x, ie], [null, null]);
      const old = f.at(gcPos(e));
      const idx = indexValue(f, ie, i!);
      boundsCheck(f, idx, s![1]!, f.typeOf(ie));
      const p = memPlace(xt.elem!, elemAddr(f, s![0]!, idx, xt.elem!.size), 0);
      f.at(old);
      return p;
    }
    case GoKind.Pointer: {
      const [p, i] = rec.exprs(f, [e.x, ie], [null, null]);
      const old = f.at(gcPos(e));
      nilCheck(f, p![0]!);
      const out = arrayElem(f, memPlace(xt.elem!, p![0]!, 0), ie, i!);
      f.at(old);
      return out;
    }
    default: {
      const c = constIndex(f, ie);
      const base = exprPlace(f, e.x);
      if (c >= 0) return arrayAt(base, c);
      const i = rec.expr(f, ie);
      const old = f.at(gcPos(e));
      const out = arrayElem(f, base, ie, i);
      f.at(old);
      return out;
    }
  }
}

/** Element of an array at a constant index in range. */
function arrayAt(base: Place, c: number): Place {
  const et = base.type.elem!;
  if (base.kind === PlaceKind.mem) return memPlace(et, base.addr!, base.off + c * et.size);
  return ssaPlace(et, base.id); // of length 1, or without components
}

function arrayElem(f: FuncBuilder, base: Place, ie: Expr, i: Vals): Place {
  const c = constIndex(f, ie);
  if (c >= 0 && c < base.type.len) return arrayAt(base, c);
  const idx = indexValue(f, ie, i);
  boundsCheck(f, idx, f.i64(base.type.len), f.typeOf(ie));
  const et = base.type.elem!;
  if (base.type.len === 0) return memPlace(et, f.nil(), 0); // not reached
  if (base.kind !== PlaceKind.mem) return ssaPlace(et, base.id);
  return memPlace(et, elemAddr(f, f.offset(base.addr!, base.off), idx, et.size), 0);
}

/** Panics unless 0 <= index < length. */
export function boundsCheck(f: FuncBuilder, index: Value, length: Value, indexType: GoType): void {
  f.emit(Op.boundscheck, [index, length], indexType.kind >= GoKind.Uint && indexType.kind <= GoKind.Uintptr ? f.runtimeSym('goPanicIndexU') : f.runtimeSym('goPanicIndex'));
}

// Calls: which function is meant, its arguments, its results. Spec: "Calls", "Passing arguments to ... parameters".

import type { CallAux, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { G } from '../abi/layout.ts';
import { Kind, type CallExpr, type Expr, type SelectorExpr } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { ObjKind, SelectionKind, TypeKind } from '../types/model.ts';
import { Mode } from '../types/operand.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { builtinCall } from './builtin.ts';
import { constant } from './constant.ts';
import { assignConv, convert } from './convert.ts';
import { funcRef } from './expr.ts';
import { GoKind, type GoType, type MethodSel } from './gotype.ts';
import { copyToTemp, load, newObject, store } from './mem.ts';
import { basePlace, fieldPath, loadPlace, nilCheck, placeAddr } from './place.ts';
import { hasCall, hoist } from './order.ts';
import { rec } from './rec.ts';
import { flatSignature, methodCallAux, type FlatSig } from './signature.ts';
import { sourceText } from './source.ts';
import { tempString } from './string.ts';

/** Offset of Fun[0] in an itab. */
export const ITAB_FUN = 24;

export const CalleeKind = { static: 0, value: 1, method: 2 } as const;

/** What a call calls, with whatever of it had to be evaluated. */
export interface Callee {
  readonly kind: number;
  readonly flat: FlatSig;
  /** Go types of the parameters, without the receiver. */
  readonly sig: GoType;
  /** static: the function's symbol. */
  readonly sym: string;
  readonly targs: readonly GoType[];
  /** static: the receiver's components. value: the func value. method: itab, data. */
  readonly vals: Vals;
  /** static method: the receiver's type. */
  readonly recv: GoType | null;
  /** method: index in the interface, text for reports. */
  readonly index: number;
  readonly method: string;
}

/** The results of a call expression (or a conversion), one list of components each. */
export function callMulti(f: FuncBuilder, e: CallExpr): Vals[] {
  if (f.pre.size !== 0) {
    const v = f.pre.get(e.id);
    if (v !== undefined) return [v];
  }
  const mode = f.info.modeOf(e.fun);
  if (mode === Mode.TypeExpr) return [conversion(f, e)];
  if (mode === Mode.Builtin) return builtinCall(f, e);
  const { callee, args, kept } = prepare(f, e);
  const old = f.at(gcPos(e));
  const r = invoke(f, callee, args);
  for (const p of kept) f.emit(Op.keep, [p]);
  f.at(old);
  return r;
}

function conversion(f: FuncBuilder, e: CallExpr): Vals {
  const to = f.typeOf(e);
  const x = e.args[0]!;
  const c = f.info.valueOf(x);
  const from = f.typeOf(x);
  if (c !== null && (to.kind < GoKind.Array || to.kind === GoKind.String) && (from.kind === GoKind.String) === (to.kind === GoKind.String)) return constant(f, c, to);
  if (to.isInterface) return rec.exprAs(f, x, to);
  if (f.info.modeOf(x) === Mode.NilValue) return rec.exprAs(f, x, to);
  return convert(f, rec.expr(f, x), from, to, sourceText(f, e));
}

/**
 * Evaluates the callee and the arguments of a call. Calls among the operands come first, as gc orders them. `kept`: pointers that are
 * passed as uintptr and must stay alive until the call is over.
 */
export function prepare(f: FuncBuilder, e: CallExpr): { callee: Callee; args: Vals[]; kept: readonly Value[] } {
  if (f.converted !== null || !keepsArguments(f, e.fun)) return { ...prepareCall(f, e), kept: [] };
  f.converted = [];
  const r = { ...prepareCall(f, e), kept: f.converted };
  f.converted = null;
  return r;
}

/** Whether the callee's declaration says that pointers passed as uintptr are in use. */
function keepsArguments(f: FuncBuilder, fun: Expr): boolean {
  fun = unparen(fun);
  const sel = fun.kind === Kind.SelectorExpr ? f.info.selectionOf(fun) : null;
  const fn = sel !== null ? sel.obj : funcRef(f, fun)?.obj;
  if (fn === undefined || fn.kind !== ObjKind.Func) return false;
  return fn.origin.decl?.fdecl?.pragmas.some((p) => p.name === 'go:uintptrescapes' || p.name === 'go:uintptrkeepalive') === true;
}

function prepareCall(f: FuncBuilder, e: CallExpr): { callee: Callee; args: Vals[] } {
  let later = false;
  for (const a of e.args) if (hasCall(f, a)) later = true;
  if (later && !isSpread(f, e)) {
    const fun = unparen(e.fun);
    if (fun.kind === Kind.SelectorExpr) hoist(f, fun.x);
    else hoist(f, fun);
    for (const a of e.args) hoist(f, a);
  }
  const callee = calleeOf(f, e);
  // unique.Make copies a string: bytes need not be converted for it.
  if (callee.sym.startsWith('unique.Make[') && callee.sig.params[0]!.kind === GoKind.String && e.args.length === 1) return { callee, args: [tempString(f, e.args[0]!)] };
  return { callee, args: argValues(f, e, callee.sig) };
}

function unparen(e: Expr): Expr {
  while (e.kind === Kind.ParenExpr) e = e.x;
  return e;
}

/** Whether the only argument is a call with several results. */
function isSpread(f: FuncBuilder, e: CallExpr): boolean {
  if (e.args.length !== 1) return false;
  const t = f.info.typeOf(e.args[0]!);
  return t !== null && t.kind === TypeKind.Tuple;
}

// ---- callees

function calleeOf(f: FuncBuilder, e: CallExpr): Callee {
  let fun = e.fun;
  while (fun.kind === Kind.ParenExpr) fun = fun.x;
  const ref = funcRef(f, fun);
  if (ref !== null) {
    const sig = f.typeOf(fun);
    return staticCallee(f.ctx.funcSym(ref.obj, ref.targs), ref.targs, sig, flatSignature(sig, null), [], null);
  }
  if (fun.kind === Kind.SelectorExpr) {
    const sel = f.info.selectionOf(fun);
    if (sel !== null && sel.kind === SelectionKind.MethodVal) return methodCallee(f, fun);
    if (sel !== null && sel.kind === SelectionKind.MethodExpr) {
      const sig = f.typeOf(fun);
      const o = sel.obj;
      const sym = f.ctx.methodExprSym(f.go(sel.recv), o.name, o.exported || o.pkg === null ? '' : o.pkg.path);
      return staticCallee(sym, noTypes, sig, flatSignature(sig, null), [], null);
    }
  }
  const sig = f.typeOf(fun);
  const known = knownHasher(f, fun);
  if (known !== null) return staticCallee(f.runtimeSym(known), noTypes, sig, flatSignature(sig, null), [], null);
  const vals = rec.expr(f, fun);
  return { kind: CalleeKind.value, flat: flatSignature(sig, null), sig, sym: '', targs: noTypes, vals, recv: null, index: 0, method: '' };
}

/** Functions of the runtime for maps whose keys are 32 or 64 bits of memory, or strings: their types all have the same hash function (map.ts, eqhash.ts). */
const fastMapFunction = /^runtime\.map(?:access[12]|assign|delete)_fast(32|64|str)(?:ptr)?$/;
const hashers: Readonly<Record<string, string>> = { 32: 'memhash32', 64: 'memhash64', str: 'strhash' };

/** The function that `typ.Hasher` is in such a function, null elsewhere. */
function knownHasher(f: FuncBuilder, fun: Expr): string | null {
  if (fun.kind !== Kind.SelectorExpr || fun.sel.name !== 'Hasher') return null;
  const m = fastMapFunction.exec(f.fn.name);
  return m === null ? null : hashers[m[1]!]!;
}

const noTypes: readonly GoType[] = [];

function staticCallee(sym: string, targs: readonly GoType[], sig: GoType, flat: FlatSig, vals: Vals, recv: GoType | null): Callee {
  return { kind: CalleeKind.static, flat, sig, sym, targs, vals, recv, index: 0, method: '' };
}

/** The method that x.m selects, given the concrete type of x. */
export function methodSel(f: FuncBuilder, e: SelectorExpr): MethodSel {
  const o = f.info.selectionOf(e)!.obj;
  const t = f.typeOf(e.x);
  const m = f.ctx.methodOf(t, o.name, o.exported || o.pkg === null ? '' : o.pkg.path);
  if (m === null) throw f.bug(`no method ${o.name} on ${f.ctx.typeName(t)}`);
  return m;
}

/** The receiver of x.m() as the declared method wants it, with its type; for an interface method its two words. */
export function receiver(f: FuncBuilder, e: SelectorExpr, m: MethodSel): { vals: Vals; type: GoType } {
  const xt = f.typeOf(e.x);
  const isPtr = xt.kind === GoKind.Pointer && xt.named === null;
  if (m.decl === null) return { vals: loadPlace(f, fieldPath(f, basePlace(f, e.x), m.path, m.path.length)), type: m.base };
  if (m.path.length === 0) {
    if (m.ptrRecv) {
      const t = f.ctx.pointerTo(m.base);
      return { vals: isPtr ? rec.expr(f, e.x) : [placeAddr(f, rec.place(f, e.x))], type: t };
    }
    if (!isPtr) return { vals: rec.expr(f, e.x), type: m.base };
    const p = rec.expr(f, e.x)[0]!;
    nilCheck(f, p);
    return { vals: load(f, m.base, p), type: m.base };
  }
  const p = fieldPath(f, basePlace(f, e.x), m.path, m.path.length);
  const endsInPtr = p.type.kind === GoKind.Pointer && p.type.named === null;
  if (m.ptrRecv) return { vals: endsInPtr ? loadPlace(f, p) : [placeAddr(f, p)], type: f.ctx.pointerTo(m.base) };
  if (!endsInPtr) return { vals: loadPlace(f, p), type: m.base };
  const q = loadPlace(f, p)[0]!;
  nilCheck(f, q);
  return { vals: load(f, m.base, q), type: m.base };
}

function methodCallee(f: FuncBuilder, e: SelectorExpr): Callee {
  const m = methodSel(f, e);
  const old = f.at(gcPos(e));
  const r = receiver(f, e, m);
  f.at(old);
  return methodCalleeOf(f, m, r.vals, r.type, f.typeOf(e));
}

/** The callee for a selected method and an evaluated receiver; sig: the method's type without receiver. */
export function methodCalleeOf(f: FuncBuilder, m: MethodSel, vals: Vals, recv: GoType, sig: GoType): Callee {
  if (m.decl === null) {
    f.ctx.useInterfaceMethod(m.base, m.index);
    const own = m.base.imethods[m.index]!.sig;
    return { kind: CalleeKind.method, flat: flatSignature(own, null), sig: own, sym: '', targs: noTypes, vals, recv: null, index: m.index, method: `${f.ctx.typeName(m.base)}.${m.name}` };
  }
  return staticCallee(f.ctx.methodSym(m), m.base.named!.targs, sig, flatSignature(sig, recv), vals, recv);
}

// ---- arguments

/** The arguments of a call as the parameters' types, variadic ones packed. */
export function argValues(f: FuncBuilder, e: CallExpr, sig: GoType): Vals[] {
  const params = sig.params;
  const args = e.args;
  if (isSpread(f, e)) return spread(f, args[0]!, sig);
  const fixed = sig.variadic && !e.hasDots ? params.length - 1 : params.length;
  const elem = sig.variadic ? params[params.length - 1]!.elem : null;
  const types = args.map((_, i) => (i < fixed ? params[i]! : elem!));
  const vals = rec.exprs(f, args, types);
  if (fixed === params.length) return vals;
  const extra = vals.slice(fixed);
  const out = vals.slice(0, fixed);
  out.push(pack(f, params[fixed]!, extra));
  return out;
}

/** The variadic arguments as a slice. */
function pack(f: FuncBuilder, t: GoType, vals: readonly Vals[]): Vals {
  const n = vals.length;
  if (n === 0) return [f.nil(), f.i64(0), f.i64(0)];
  const elem = t.elem!;
  const p = newObject(f, f.ctx.arrayOf(elem, n), '... argument');
  vals.forEach((v, i) => store(f, elem, p, i * elem.size, v));
  return [p, f.i64(n), f.i64(n)];
}

/** f(g()) with several results. */
function spread(f: FuncBuilder, arg: Expr, sig: GoType): Vals[] {
  let x = arg;
  while (x.kind === Kind.ParenExpr) x = x.x;
  const vals = rec.callMulti(f, x as CallExpr);
  const types = f.typeOf(arg).params;
  const params = sig.params;
  const fixed = sig.variadic ? params.length - 1 : params.length;
  const elem = sig.variadic ? params[fixed]!.elem! : null;
  const conv = vals.map((v, i) => assignConv(f, v, types[i]!, i < fixed ? params[i]! : elem!, ''));
  if (!sig.variadic) return conv;
  return [...conv.slice(0, fixed), pack(f, params[fixed]!, conv.slice(fixed))];
}

/** Appends arguments as an IR call takes them: parameters in memory are fresh copies. */
export function flattenArgs(f: FuncBuilder, out: Value[], args: readonly Vals[], types: readonly GoType[]): void {
  args.forEach((a, i) => {
    const t = types[i]!;
    if (t.mem) out.push(copyToTemp(f, t, a)[0]!);
    else for (const v of a) out.push(v);
  });
}

// ---- the call itself

/** Calls; gives the results' components, or the address of the copy for a result in memory. */
export function invoke(f: FuncBuilder, c: Callee, args: readonly Vals[]): Vals[] {
  const list: Value[] = [];
  const sret = resultSlots(f, c.flat, list);
  if (c.kind === CalleeKind.static) {
    if (c.recv !== null) {
      if (c.recv.mem) list.push(copyToTemp(f, c.recv, c.vals)[0]!);
      else list.push(...c.vals);
    }
    flattenArgs(f, list, args, c.sig.params);
    return collect(f, c.flat, callStatic(f, c.sym, list, c.targs, c.flat.results), sret);
  }
  if (c.kind === CalleeKind.method) {
    nilCheck(f, c.vals[0]!);
    list.push(c.vals[1]!);
    flattenArgs(f, list, args, c.sig.params);
    const code = f.emit(Op.load_i32, [c.vals[0]!], ITAB_FUN + 8 * c.index);
    list.unshift(code);
    list.push(f.nil());
    return collect(f, c.flat, f.call(Op.calli, methodCallAux(c.flat, c.method), list), sret);
  }
  flattenArgs(f, list, args, c.sig.params);
  return collect(f, c.flat, callValue(f, c.vals[0]!, c.flat.indirect, list), sret);
}

/** Calls a func value with flattened arguments. */
export function callValue(f: FuncBuilder, fn: Value, aux: CallAux, args: Value[]): Value[] {
  nilCheck(f, fn);
  const code = f.emit(Op.load_i32, [fn], 0);
  return f.call(Op.calli, aux, [code, ...args, fn]);
}

/** Calls a function by its symbol, or puts its intrinsic in place. */
export function callStatic(f: FuncBuilder, sym: string, args: Value[], targs: readonly GoType[], results: readonly Type[]): readonly Value[] {
  const r = f.ctx.intrinsic(f, sym, args, targs);
  if (r !== null) return r;
  const t = f.ctx.callTarget(sym);
  const out = f.call(t.op, t.aux, args);
  if (!t.kernelResults) return out;
  const g = f.emit(Op.g, []);
  return results.map((type, i) => f.emit(kernelLoads[type]!, [g], G.KRES + 8 * i));
}

/** How a kernel function's result is read from the goroutine's words, by type. */
const kernelLoads: number[] = [];
kernelLoads[Type.i32] = Op.load_i32;
kernelLoads[Type.i64] = Op.load_i64;
kernelLoads[Type.f32] = Op.load_f32;
kernelLoads[Type.f64] = Op.load_f64;
kernelLoads[Type.ptr] = Op.load_ptr;

/** Temporaries for results in memory, zeroed if they hold pointers. */
function resultSlots(f: FuncBuilder, flat: FlatSig, list: Value[]): (Value | null)[] {
  return flat.memResult.map((mem, i) => {
    if (!mem) return null;
    const t = flat.resultTypes[i]!;
    const addr = f.temp(t);
    if (t.hasPtr) f.emit(Op.zero, [addr], { size: t.size, align: t.align, ptrs: true });
    list.push(addr);
    return addr;
  });
}

function collect(f: FuncBuilder, flat: FlatSig, vals: readonly Value[], sret: readonly (Value | null)[]): Vals[] {
  let at = 0;
  return flat.resultTypes.map((t, i) => {
    if (sret[i] !== null) return load(f, t, sret[i]!);
    const n = t.values.length;
    const v = vals.slice(at, at + n);
    at += n;
    // After a call that does not return there are none.
    while (v.length < n) v.push(f.zero(t.values[v.length]!));
    return v;
  });
}

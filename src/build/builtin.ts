// Calls of the predeclared functions and those of package unsafe. Spec: "Built-in functions", "Package unsafe".

import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Kind, type CallExpr, type Expr, type SelectorExpr } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { Token } from '../syntax/token.ts';
import { BuiltinId, TypeKind } from '../types/model.ts';
import { Mode } from '../types/operand.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { toI64 } from './checks.ts';
import { ordered } from './compare.ts';
import { constant, isUnsigned } from './constant.ts';
import { assignConv } from './convert.ts';
import { GoKind, type GoType } from './gotype.ts';
import { anyType } from './iface.ts';
import { makeMap, mapDelete, mapLen } from './map.ts';
import { newObject, store } from './mem.ts';
import { builtinId } from './order.ts';
import { rec } from './rec.ts';
import { appendSlice, appendValues, appendZeros, clearSlice, copySlice, makeSlice, type Bound } from './slice.ts';
import { sourceText } from './source.ts';
import { compareStrings, constString } from './string.ts';
import { unparen } from './walk.ts';

/** The results of a call of a builtin. */
export function builtinCall(f: FuncBuilder, e: CallExpr): Vals[] {
  const c = f.info.valueOf(e);
  if (c !== null) return [constant(f, c, f.typeOf(e))];
  const id = builtinId(f, e.fun);
  const a = e.args;
  const only = a.length === 1 ? f.info.typeOf(a[0]!) : null;
  if (only !== null && only.kind === TypeKind.Tuple) return spread(f, e, id);
  switch (id) {
    case BuiltinId.Append: return [append(f, e)];
    case BuiltinId.Cap: case BuiltinId.Len: return [[length(f, e, id === BuiltinId.Cap)]];
    case BuiltinId.Clear: clear(f, a[0]!); return [];
    case BuiltinId.Close: f.runtime('closechan', rec.expr(f, a[0]!)[0]!); return [];
    case BuiltinId.Complex: return [complex(f, e)];
    case BuiltinId.Copy: return [[copy(f, a[0]!, a[1]!)]];
    case BuiltinId.Delete: {
      const t = f.typeOf(a[0]!);
      const [m, k] = rec.exprs(f, a, [null, t.key!]);
      mapDelete(f, t, m![0]!, k!);
      return [];
    }
    case BuiltinId.Imag: case BuiltinId.Real: return [[rec.exprs(f, a, [null])[0]![id === BuiltinId.Real ? 0 : 1]!]];
    case BuiltinId.Make: return [make(f, e)];
    case BuiltinId.Max: case BuiltinId.Min: return [minMax(f, e, id === BuiltinId.Max)];
    case BuiltinId.New: return [[newCall(f, e)]];
    case BuiltinId.Panic: {
      const v = rec.exprAs(f, a[0]!, anyType(f));
      f.at(gcPos(e));
      f.runtime('gopanic', v[0]!, v[1]!);
      return [];
    }
    case BuiltinId.Print: case BuiltinId.Println: print(f, a, id === BuiltinId.Println); return [];
    case BuiltinId.Recover: return [rec.recover(f)];
    default: return [unsafeCall(f, e, id)];
  }
}

/** builtin(f()) where f has several results. */
function spread(f: FuncBuilder, e: CallExpr, id: number): Vals[] {
  const types = f.typeOf(e.args[0]!).params;
  const v = rec.callMulti(f, unparen(e.args[0]!) as CallExpr);
  f.at(gcPos(e));
  switch (id) {
    case BuiltinId.Append: {
      const t = types[0]!;
      if (e.hasDots) return [appendSlice(f, t, v[0]!, v[1]!)];
      return [appendValues(f, t, v[0]!, v.slice(1).map((x, i) => assignConv(f, x, types[i + 1]!, t.elem!, '')))];
    }
    case BuiltinId.Copy: return [[copySlice(f, types[0]!.elem!, v[0]!, v[1]!)]];
    case BuiltinId.Complex: return [[v[0]![0]!, v[1]![0]!]];
    case BuiltinId.Delete: {
      mapDelete(f, types[0]!, v[0]![0]!, assignConv(f, v[1]!, types[1]!, types[0]!.key!, ''));
      return [];
    }
    case BuiltinId.Max: case BuiltinId.Min: return [v.reduce((x, y) => minMax2(f, types[0]!, x, y, id === BuiltinId.Max))];
    case BuiltinId.Print: case BuiltinId.Println:
      printAll(f, v, id === BuiltinId.Println, (i) => printTyped(f, types[i]!, v[i]!));
      return [];
    default: throw f.bug(`builtin ${id} on a call with several results`);
  }
}

// ---- slices, maps, channels

function append(f: FuncBuilder, e: CallExpr): Vals {
  const t = f.typeOf(e);
  const a = e.args;
  if (a.length === 1) return rec.exprAs(f, a[0]!, t);
  if (!e.hasDots) {
    const vals = rec.exprs(f, a, a.map((_, i) => (i === 0 ? t : t.elem!)));
    f.at(gcPos(e));
    return appendValues(f, t, vals[0]!, vals.slice(1));
  }
  const n = makeLength(f, a[1]!);
  if (n !== null) {
    const [s, len] = rec.exprs(f, [a[0]!, n], [t, null]);
    return appendZeros(f, t, s!, toI64(f, len![0]!, f.typeOf(n)));
  }
  const [s, other] = rec.exprs(f, a, [t, null]);
  f.at(gcPos(e));
  if (f.info.modeOf(a[1]!) === Mode.NilValue) return s!;
  return appendSlice(f, t, s!, other!);
}

/** n of make([]T, n). */
function makeLength(f: FuncBuilder, e: Expr): Expr | null {
  while (e.kind === Kind.ParenExpr) e = e.x;
  if (e.kind !== Kind.CallExpr || e.args.length !== 2 || f.pre.has(e.id)) return null;
  if (f.info.modeOf(e.fun) !== Mode.Builtin || builtinId(f, e.fun) !== BuiltinId.Make) return null;
  return f.typeOf(e).kind === GoKind.Slice ? e.args[1]! : null;
}

function copy(f: FuncBuilder, dst: Expr, src: Expr): Value {
  const [d, s] = rec.exprs(f, [dst, src], [null, null]);
  return copySlice(f, f.typeOf(dst).elem!, d!, s!);
}

function clear(f: FuncBuilder, x: Expr): void {
  const t = f.typeOf(x);
  const v = rec.expr(f, x);
  if (t.kind === GoKind.Map) f.runtime('mapclear', f.addr(f.ctx.typeSym(t, false)), v[0]!);
  else clearSlice(f, t.elem!, v);
}

function length(f: FuncBuilder, e: CallExpr, cap: boolean): Value {
  const x = e.args[0]!;
  const t = f.typeOf(x);
  if (t.kind === GoKind.Array) {
    rec.expr(f, x);
    return f.i64(t.len);
  }
  const v = rec.expr(f, x);
  switch (t.kind) {
    case GoKind.Slice: return v[cap ? 2 : 1]!;
    case GoKind.String: return v[1]!;
    case GoKind.Pointer: return f.i64(t.elem!.len);
    case GoKind.Map: return mapLen(f, v[0]!);
    default: return f.runtime(cap ? 'chancap' : 'chanlen', v[0]!)[0]!;
  }
}

function make(f: FuncBuilder, e: CallExpr): Vals {
  const t = f.typeOf(e);
  const sizes = rec.exprs(f, e.args.slice(1), e.args.slice(1).map(() => null));
  const bounds: Bound[] = sizes.map((v, i) => {
    const st = f.typeOf(e.args[i + 1]!);
    return { v: sizeArg(f, e.args[i + 1]!, v[0]!, st), unsigned: isUnsigned(st) };
  });
  f.at(gcPos(e));
  if (t.kind === GoKind.Slice) return makeSlice(f, t, e, bounds[0]!, bounds[1] ?? null);
  if (t.kind === GoKind.Map) return [makeMap(f, t, bounds[0]?.v ?? null)];
  return [f.runtime('makechan', f.addr(f.ctx.typeSym(t, false)), bounds[0]?.v ?? f.i64(0))[0]!];
}

/** A size as an int; a floating-point constant is one too. */
function sizeArg(f: FuncBuilder, e: Expr, v: Value, t: GoType): Value {
  if (v.type !== Type.f64 && v.type !== Type.f32) return toI64(f, v, t);
  return constant(f, f.info.valueOf(e)!, f.ctx.basic(GoKind.Int))[0]!;
}

function newCall(f: FuncBuilder, e: CallExpr): Value {
  const t = f.typeOf(e).elem!;
  const x = e.args[0]!;
  if (f.info.modeOf(x) === Mode.TypeExpr) return newObject(f, t, sourceText(f, e));
  const v = rec.exprAs(f, x, t);
  const p = newObject(f, t, sourceText(f, e));
  store(f, t, p, 0, v);
  return p;
}

// ---- numbers

function complex(f: FuncBuilder, e: CallExpr): Vals {
  const part = f.ctx.basic(f.typeOf(e).kind === GoKind.Complex64 ? GoKind.Float32 : GoKind.Float64);
  const [re, im] = rec.exprs(f, e.args, [part, part]);
  return [re![0]!, im![0]!];
}

function minMax(f: FuncBuilder, e: CallExpr, max: boolean): Vals {
  const t = f.typeOf(e);
  const vals = rec.exprs(f, e.args, e.args.map(() => t));
  let out = vals[0]!;
  for (let i = 1; i < vals.length; i++) out = minMax2(f, t, out, vals[i]!, max);
  return out;
}

function minMax2(f: FuncBuilder, t: GoType, a: Vals, b: Vals, max: boolean): Vals {
  switch (t.kind) {
    case GoKind.Float32: return [f.emit(max ? Op.max_f32 : Op.min_f32, [a[0]!, b[0]!])];
    case GoKind.Float64: return [f.emit(max ? Op.max_f64 : Op.min_f64, [a[0]!, b[0]!])];
    case GoKind.String: {
      const c = f.emit(max ? Op.lts_i64 : Op.gts_i64, [compareStrings(f, a, b), f.i64(0)]);
      return [f.select(c, b[0]!, a[0]!), f.select(c, b[1]!, a[1]!)];
    }
    default: return [f.select(ordered(f, max ? Token.Lss : Token.Gtr, a[0]!, b[0]!, isUnsigned(t)), b[0]!, a[0]!)];
  }
}

// ---- print

function print(f: FuncBuilder, args: readonly Expr[], line: boolean): void {
  const vals = rec.exprs(f, args, args.map((a) => (f.info.modeOf(a) === Mode.NilValue ? f.ctx.basic(GoKind.UnsafePointer) : null)));
  printAll(f, vals, line, (i) => printValue(f, args[i]!, vals[i]!));
}

function printAll(f: FuncBuilder, vals: readonly Vals[], line: boolean, one: (i: number) => void): void {
  f.runtime('printlock');
  for (let i = 0; i < vals.length; i++) {
    if (line && i > 0) f.runtime('printsp');
    one(i);
  }
  if (line) f.runtime('printnl');
  f.runtime('printunlock');
}

function printValue(f: FuncBuilder, e: Expr, v: Vals): void {
  if (f.info.modeOf(e) === Mode.NilValue) {
    f.runtime('printpointer', v[0]!);
    return;
  }
  const c = constString(f, e);
  if (c === ' ') f.runtime('printsp');
  else if (c === '\n') f.runtime('printnl');
  else printTyped(f, f.typeOf(e), v);
}

/** The runtime's print function by kind; those of integers are told apart by sign. */
const printers: (string | undefined)[] = [];
printers[GoKind.Bool] = 'printbool';
printers[GoKind.Float32] = 'printfloat32';
printers[GoKind.Float64] = 'printfloat64';
printers[GoKind.Complex64] = 'printcomplex64';
printers[GoKind.Complex128] = 'printcomplex128';
printers[GoKind.String] = 'printstring';
printers[GoKind.Slice] = 'printslice';
for (const k of [GoKind.Pointer, GoKind.Map, GoKind.Chan, GoKind.Func, GoKind.UnsafePointer]) printers[k] = 'printpointer';

function printTyped(f: FuncBuilder, t: GoType, v: Vals): void {
  const name = t.isInterface ? (t.isEface ? 'printeface' : 'printiface') : printers[t.kind];
  if (name !== undefined) {
    f.runtime(name, ...v);
    return;
  }
  const hex = t.named !== null && t.named.obj.name === 'hex' && t.named.obj.pkg?.path === 'runtime';
  f.runtime(hex ? 'printhex' : isUnsigned(t) ? 'printuint' : 'printint', toI64(f, v[0]!, t));
}

// ---- unsafe

function unsafeCall(f: FuncBuilder, e: CallExpr, id: number): Vals {
  const a = e.args;
  switch (id) {
    case BuiltinId.Add: {
      const [p, n] = rec.exprs(f, a, [null, null]);
      const t = f.typeOf(a[1]!);
      return [f.emit(Op.ptr_add, [p![0]!, f.emit(Op.wrap_i64, [toI64(f, n![0]!, t)])])];
    }
    case BuiltinId.Slice: {
      const [p, n] = rec.exprs(f, a, [null, null]);
      const len = toI64(f, n![0]!, f.typeOf(a[1]!));
      checkRange(f, p![0]!, len, f.typeOf(e).elem!.size, 'panicunsafeslicelen', 'panicunsafeslicenilptr');
      return [p![0]!, len, len];
    }
    case BuiltinId.String: {
      const [p, n] = rec.exprs(f, a, [null, null]);
      const len = toI64(f, n![0]!, f.typeOf(a[1]!));
      checkRange(f, p![0]!, len, 1, 'panicunsafestringlen', 'panicunsafestringnilptr');
      return [p![0]!, len];
    }
    case BuiltinId.SliceData: case BuiltinId.StringData: return [rec.expr(f, a[0]!)[0]!];
    case BuiltinId.Sizeof: return [f.i64(f.typeOf(a[0]!).size)];
    case BuiltinId.Alignof: return [f.i64(f.typeOf(a[0]!).align)];
    case BuiltinId.Offsetof: return [f.i64(offsetOf(f, a[0]!))];
    default: throw f.bug(`builtin ${id}`);
  }
}

/** Length from 0 on, bytes within the address space from p on, no nil pointer but for length 0. */
function checkRange(f: FuncBuilder, p: Value, len: Value, size: number, badLen: string, badPtr: string): void {
  const space = 0x1_0000_0000;
  const max = size === 0 ? 0x7fffffffffffffffn : BigInt(Math.floor(space / size));
  f.check(f.emit(Op.leu_i64, [len, f.i64(max)]), badLen);
  f.check(f.emit(Op.or_i32, [f.emit(Op.notnil, [p]), f.emit(Op.eqz_i64, [len])]), badPtr);
  if (size === 0 || p.op === Op.slot || p.op === Op.newobject) return;
  const bytes = size === 1 ? len : f.emit(Op.mul_i64, [len, f.i64(size)]);
  f.check(f.emit(Op.leu_i64, [bytes, f.emit(Op.sub_i64, [f.i64(space), f.emit(Op.ptr_i64, [p])])]), badLen);
}

function offsetOf(f: FuncBuilder, e: Expr): number {
  while (e.kind === Kind.ParenExpr) e = e.x;
  const s = e as SelectorExpr;
  const sel = f.info.selectionOf(s)!;
  let t = f.typeOf(s.x);
  if (t.kind === GoKind.Pointer) t = t.elem!;
  let off = 0;
  for (const i of sel.index) {
    off += t.offsets[i]!;
    t = t.fields[i]!.type;
  }
  return off;
}

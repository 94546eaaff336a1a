// Static data: values of expressions that are known before the program runs, written as bytes and relocations, so that
// tables of constants cost no code. In: an expression with its facts. Out: a DataWriter, or null if some part is dynamic.
//
// In package-level initialisers, `&T{}` and slice literals become data symbols of their own (the initialiser runs
// once). In function bodies they must be fresh each time, so there they count as dynamic (`once` false).

import { toComplex, toFloat, toInt } from '../constant/convert.ts';
import { float32Val, float64Val } from '../constant/rounding.ts';
import { Kind as CK, type RealValue, type Value as Constant } from '../constant/value.ts';
import { Kind, type CallExpr, type CompositeLit, type Expr, type FuncLit } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import type { Info } from '../types/info.ts';
import { ObjKind, SelectionKind, type Func, type Obj, type Var } from '../types/model.ts';
import { Mode } from '../types/operand.ts';
import { DataWriter } from './data.ts';
import { GoKind, type GoType, type TypeEnv } from './gotype.ts';
import type { SourcePackage } from './package.ts';
import type { Registry } from './registry.ts';

/** Where an expression stands: its package's facts, type arguments, values of the parameters of a call being folded. */
interface Scope {
  readonly unit: SourcePackage;
  readonly info: Info;
  readonly env: TypeEnv | null;
  readonly bindings: ReadonlyMap<Var, { readonly e: Expr; readonly scope: Scope }> | null;
  readonly depth: number;
}

/** The value of e as one of type t, or null if it isn't known statically. */
export function staticData(r: Registry, e: Expr, t: GoType, unit: SourcePackage, env: TypeEnv | null, once: boolean): DataWriter | null {
  const w = new DataWriter(t.size);
  const s = new StaticWriter(r, once);
  return s.write(w, 0, e, t, { unit, info: unit.info, env, bindings: null, depth: 0 }) ? w : null;
}

function unparen(e: Expr): Expr {
  while (e.kind === Kind.ParenExpr) e = e.x;
  return e;
}

class StaticWriter {
  private readonly r: Registry;
  private readonly once: boolean;

  constructor(r: Registry, once: boolean) { this.r = r; this.once = once; }

  private typeOf(e: Expr, s: Scope): GoType | null {
    const t = s.info.typeOf(e);
    return t === null ? null : this.r.types.of(t, s.env);
  }

  /** Writes e, converted to t, at offset `at`; false if it is dynamic. */
  write(w: DataWriter, at: number, e: Expr, t: GoType, s: Scope): boolean {
    e = unparen(e);
    const c = s.info.valueOf(e);
    const mode = s.info.modeOf(e);
    if (mode === Mode.NilValue) return true; // all zero
    const from = this.typeOf(e, s);
    if (from === null) return false;
    if (from.kind === GoKind.Nil) return true;
    if (t.isInterface && !from.isInterface) return this.box(w, at, e, from, t, s);
    if (c !== null) return this.constant(w, at, c, t);
    if (t.isInterface && from !== t) return false;
    switch (e.kind) {
      case Kind.Ident: return this.object(w, at, s.info.useOf(e), e, t, s);
      case Kind.SelectorExpr: return this.selector(w, at, e, t, s);
      case Kind.IndexExpr: return this.instance(w, at, e.x, s);
      case Kind.FuncLit: return this.funcLit(w, at, e, s);
      case Kind.CompositeLit:
        if (from.kind === GoKind.Pointer) return this.addressOf(w, at, e, from.elem!, s);
        return this.composite(w, at, e, from, s);
      case Kind.UnaryExpr:
        return e.op === Token.And && this.address(w, at, unparen(e.x), from, s);
      case Kind.SliceExpr: return this.wholeSlice(w, at, e.x, e.low === null && e.high === null && e.max === null, s);
      case Kind.CallExpr: return this.call(w, at, e, t, s);
      default: return false;
    }
  }

  // ---- constants

  private constant(w: DataWriter, at: number, c: Constant, t: GoType): boolean {
    switch (t.kind) {
      case GoKind.Bool: w.u8(at, c.kind === CK.Bool && c.val ? 1 : 0); return true;
      case GoKind.String: if (c.kind === CK.String) this.string(w, at, c.val); return true;
      case GoKind.Float32: w.f32(at, float32Val(real(c))); return true;
      case GoKind.Float64: w.f64(at, float64Val(real(c))); return true;
      case GoKind.Complex64: case GoKind.Complex128: {
        const z = toComplex(c);
        if (z.kind !== CK.Complex) return false;
        if (t.kind === GoKind.Complex64) { w.f32(at, float32Val(z.re)); w.f32(at + 4, float32Val(z.im)); }
        else { w.f64(at, float64Val(z.re)); w.f64(at + 8, float64Val(z.im)); }
        return true;
      }
      default: {
        const i = toInt(c);
        if (i.kind !== CK.Int) return false;
        writeInt(w, at, i.val, t.size);
        return true;
      }
    }
  }

  private string(w: DataWriter, at: number, bytes: string): void {
    if (bytes === '') return;
    w.addr(at, this.r.stringSym(bytes));
    w.u64(at + 8, bytes.length);
  }

  // ---- interfaces

  /** The value of concrete type `from` in an interface of type t. */
  private box(w: DataWriter, at: number, e: Expr, from: GoType, t: GoType, s: Scope): boolean {
    if (from.direct) {
      if (!this.write(w, at + 8, e, from, s)) return false;
    } else if (from.size === 0) {
      w.addr(at + 8, 'runtime.zerobase');
    } else {
      const sub = new DataWriter(from.size);
      if (!this.write(sub, 0, e, from, s)) return false;
      const plain = sub.relocs.length === 0;
      w.addr(at + 8, plain ? this.r.readonlySym(sub.bytes.slice(0, from.size), from.align) : this.r.anonymous(sub, from, true));
    }
    w.addr(at, t.isEface ? this.r.typeSym(from, true) : this.r.itabSym(from, t));
    return true;
  }

  // ---- functions and objects

  private object(w: DataWriter, at: number, o: Obj | null, e: Expr, t: GoType, s: Scope): boolean {
    if (o === null) return false;
    if (o.kind === ObjKind.Func) return this.func(w, at, o, e, s);
    if (o.kind === ObjKind.Var && s.bindings !== null) {
      const b = s.bindings.get(o);
      if (b !== undefined) return this.write(w, at, b.e, t, b.scope);
    }
    return false;
  }

  private func(w: DataWriter, at: number, o: Func, e: Expr, s: Scope): boolean {
    const id = e.kind === Kind.SelectorExpr ? e.sel : e;
    if (id.kind !== Kind.Ident) return false;
    const use = s.info.instanceOf(id);
    const targs = use === undefined ? [] : use.targs.map((x) => this.r.types.of(x, s.env));
    w.addr(at, this.r.funcValueSym(this.r.funcSym(o, targs)));
    return true;
  }

  private selector(w: DataWriter, at: number, e: Expr & { kind: typeof Kind.SelectorExpr }, t: GoType, s: Scope): boolean {
    const sel = s.info.selectionOf(e);
    if (sel === null) return this.object(w, at, s.info.useOf(e.sel), e, t, s);
    if (sel.kind !== SelectionKind.MethodExpr) return false;
    const pkg = sel.obj.exported || sel.obj.pkg === null ? '' : sel.obj.pkg.path;
    w.addr(at, this.r.funcValueSym(this.r.methodExprSym(this.r.types.of(sel.recv, s.env), sel.obj.name, pkg)));
    return true;
  }

  /** F[T] as a value. */
  private instance(w: DataWriter, at: number, x: Expr, s: Scope): boolean {
    const f = unparen(x);
    const id = f.kind === Kind.SelectorExpr ? f.sel : f;
    const o = id.kind === Kind.Ident ? s.info.useOf(id) : null;
    return o !== null && o.kind === ObjKind.Func && this.func(w, at, o, f, s);
  }

  private funcLit(w: DataWriter, at: number, e: FuncLit, s: Scope): boolean {
    if (!this.once || s.depth > 0) return false;
    const sym = this.r.packageClosure(s.unit, e);
    if (sym === null) return false;
    w.addr(at, this.r.funcValueSym(sym));
    return true;
  }

  // ---- addresses

  /** &x. */
  private address(w: DataWriter, at: number, x: Expr, ptr: GoType, s: Scope): boolean {
    if (x.kind === Kind.CompositeLit) return this.addressOf(w, at, x, ptr.elem!, s);
    const a = this.place(x, s);
    if (a === null) return false;
    w.addr(at, a.sym, a.off);
    return true;
  }

  /** The address of a fresh variable that holds a composite literal. */
  private addressOf(w: DataWriter, at: number, e: CompositeLit, elem: GoType, s: Scope): boolean {
    if (!this.once) return false;
    const sub = new DataWriter(elem.size);
    if (!this.composite(sub, 0, e, elem, s)) return false;
    w.addr(at, elem.size === 0 ? 'runtime.zerobase' : this.r.anonymous(sub, elem, false));
    return true;
  }

  /** A part of a package-level variable. */
  private place(x: Expr, s: Scope): { sym: string; off: number; type: GoType } | null {
    x = unparen(x);
    if (x.kind === Kind.Ident) return this.variable(s.info.useOf(x));
    if (x.kind === Kind.SelectorExpr) {
      const sel = s.info.selectionOf(x);
      if (sel === null) return this.variable(s.info.useOf(x.sel));
      if (sel.kind !== SelectionKind.FieldVal || sel.indirect) return null;
      const base = this.place(x.x, s);
      if (base === null || base.type.kind !== GoKind.Struct) return null;
      let { off, type } = base;
      for (const i of sel.index) {
        if (type.kind !== GoKind.Struct) return null;
        off += type.offsets[i]!;
        type = type.fields[i]!.type;
      }
      return { sym: base.sym, off, type };
    }
    if (x.kind === Kind.IndexExpr) {
      const c = x.indices.length === 1 ? s.info.valueOf(x.indices[0]!) : null;
      const i = c === null ? null : toInt(c);
      const base = i === null || i.kind !== CK.Int ? null : this.place(x.x, s);
      if (base === null || base.type.kind !== GoKind.Array) return null;
      return { sym: base.sym, off: base.off + Number((i as { val: number }).val) * base.type.elem!.size, type: base.type.elem! };
    }
    return null;
  }

  private variable(o: Obj | null): { sym: string; off: number; type: GoType } | null {
    if (o === null || o.kind !== ObjKind.Var || o.pkg === null || o.parent !== o.pkg.scope) return null;
    return { sym: this.r.globalSym(o), off: 0, type: this.r.types.of(o.type, null) };
  }

  /** x[:] of a package-level array. */
  private wholeSlice(w: DataWriter, at: number, x: Expr, whole: boolean, s: Scope): boolean {
    const a = whole ? this.place(x, s) : null;
    if (a === null || a.type.kind !== GoKind.Array) return false;
    w.addr(at, a.sym, a.off);
    w.u64(at + 8, a.type.len);
    w.u64(at + 16, a.type.len);
    return true;
  }

  // ---- composite literals

  private composite(w: DataWriter, at: number, e: CompositeLit, t: GoType, s: Scope): boolean {
    switch (t.kind) {
      case GoKind.Struct: return this.struct(w, at, e, t, s);
      case GoKind.Array: return this.elements(w, at, e, t.elem!, s);
      case GoKind.Slice: return this.slice(w, at, e, t, s);
      default: return false;
    }
  }

  private struct(w: DataWriter, at: number, e: CompositeLit, t: GoType, s: Scope): boolean {
    for (let i = 0; i < e.elts.length; i++) {
      let x = e.elts[i]!;
      let field = i;
      if (x.kind === Kind.KeyValueExpr) {
        const name = x.key.kind === Kind.Ident ? x.key.name : '';
        field = t.fields.findIndex((f) => f.name === name);
        x = x.value;
      }
      const f = t.fields[field];
      if (f?.name === '_' && s.info.valueOf(x) !== null) continue;
      if (f === undefined || f.name === '_' || !this.write(w, at + t.offsets[field]!, x, f.type, s)) return false;
    }
    return true;
  }

  private elements(w: DataWriter, at: number, e: CompositeLit, elem: GoType, s: Scope): boolean {
    let i = 0;
    for (const x of e.elts) {
      let v = x;
      if (x.kind === Kind.KeyValueExpr) {
        i = indexOf(x.key, s.info);
        if (i < 0) return false;
        v = x.value;
      }
      if (!this.write(w, at + i * elem.size, v, elem, s)) return false;
      i++;
    }
    return true;
  }

  private slice(w: DataWriter, at: number, e: CompositeLit, t: GoType, s: Scope): boolean {
    if (!this.once) return false;
    const n = literalLength(e, s.info);
    if (n < 0) return false;
    const array = this.r.types.arrayOf(t.elem!, n);
    const sub = new DataWriter(array.size);
    if (!this.elements(sub, 0, e, t.elem!, s)) return false;
    w.addr(at, array.size === 0 ? 'runtime.zerobase' : this.r.anonymous(sub, array, false));
    w.u64(at + 8, n);
    w.u64(at + 16, n);
    return true;
  }

  // ---- calls

  private call(w: DataWriter, at: number, e: CallExpr, t: GoType, s: Scope): boolean {
    const mode = s.info.modeOf(e.fun);
    if (mode === Mode.TypeExpr) return e.args.length === 1 && this.conversion(w, at, e.args[0]!, this.typeOf(e, s)!, s);
    // new(T) gives an object of the heap, as in gc: synctest tells them from variables.
    if (mode === Mode.Builtin) return false;
    return this.fold(w, at, e, t, s);
  }

  private conversion(w: DataWriter, at: number, x: Expr, to: GoType, s: Scope): boolean {
    const from = this.typeOf(x, s);
    if (from === null) return false;
    const c = s.info.valueOf(unparen(x));
    if (to.isInterface || from.underlying === to.underlying || from.kind === GoKind.Nil) return this.write(w, at, x, to.isInterface ? to : from.kind === GoKind.Nil ? to : from, s);
    if (to.kind === GoKind.Slice && to.elem!.kind === GoKind.Uint8 && c !== null && c.kind === CK.String) return this.bytes(w, at, c.val, to);
    const pointerLike = (k: GoType): boolean => k.kind === GoKind.Pointer || k.kind === GoKind.UnsafePointer;
    if (pointerLike(from) && pointerLike(to)) return this.write(w, at, x, from, s);
    if (from.kind === to.kind && (from.kind === GoKind.Func || from.kind === GoKind.Slice)) return this.write(w, at, x, from, s);
    return false;
  }

  /** []byte("text"). */
  private bytes(w: DataWriter, at: number, text: string, t: GoType): boolean {
    if (!this.once) return false;
    const sub = new DataWriter(text.length);
    for (let i = 0; i < text.length; i++) sub.u8(i, text.charCodeAt(i));
    w.addr(at, text.length === 0 ? 'runtime.zerobase' : this.r.anonymous(sub, this.r.types.arrayOf(t.elem!, text.length), false));
    w.u64(at + 8, text.length);
    w.u64(at + 16, text.length);
    return true;
  }

  /** A call, with constant arguments, of a function that does nothing but return an expression: errors.New("EOF"). */
  private fold(w: DataWriter, at: number, e: CallExpr, t: GoType, s: Scope): boolean {
    if (!this.once || s.depth > 3 || e.hasDots) return false;
    const f = unparen(e.fun);
    const id = f.kind === Kind.SelectorExpr && s.info.selectionOf(f) === null ? f.sel : f;
    const o = id.kind === Kind.Ident ? s.info.useOf(id) : null;
    if (o === null || o.kind !== ObjKind.Func || o.pkg === null || o.type.tparams.length !== 0 || o.type.variadic || o.type.recv !== null) return false;
    const body = o.decl?.fdecl?.body ?? null;
    const ret = body !== null && body.list.length === 1 ? body.list[0]! : null;
    if (ret === null || ret.kind !== Kind.ReturnStmt || ret.results.length !== 1) return false;
    for (const a of e.args) if (s.info.valueOf(a) === null && s.info.modeOf(a) !== Mode.NilValue) return false;
    const unit = this.r.packageOf(o.pkg);
    unit.checkBody(o);
    const params = o.type.params.vars;
    if (params.length !== e.args.length || this.typeOf(e, s) !== t) return false;
    const bindings = new Map(params.map((p, i) => [p, { e: e.args[i]!, scope: s }]));
    return this.write(w, at, ret.results[0]!, t, { unit, info: unit.info, env: null, bindings, depth: s.depth + 1 });
  }
}

function real(c: Constant): RealValue {
  if (c.kind === CK.Int || c.kind === CK.Float) return c;
  const x = toFloat(c);
  return x.kind === CK.Float ? x : { kind: CK.Int, val: 0 };
}

function writeInt(w: DataWriter, at: number, v: number | bigint, size: number): void {
  switch (size) {
    case 1: w.u8(at, Number(v)); return;
    case 2: w.u16(at, Number(v) & 0xffff); return;
    case 4: w.u32(at, Number(v) >>> 0); return;
    default:
      if (typeof v === 'number' && v >= 0) w.u64(at, v);
      else w.big(at, BigInt(v));
  }
}

function indexOf(key: Expr, info: Info): number {
  const c = info.valueOf(key);
  const i = c === null ? null : toInt(c);
  return i !== null && i.kind === CK.Int && typeof i.val === 'number' ? i.val : -1;
}

/** Length of an array or slice literal: one more than the highest index. */
export function literalLength(e: CompositeLit, info: Info): number {
  let i = 0;
  let max = 0;
  for (const x of e.elts) {
    if (x.kind === Kind.KeyValueExpr) {
      i = indexOf(x.key, info);
      if (i < 0) return -1;
    }
    i++;
    if (i > max) max = i;
  }
  return max;
}

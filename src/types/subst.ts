// Substitution of type parameters by types, and instances of generic types. Instances are unique: each generic type keeps
// a table of its instances, so that identical type arguments give the same object, in all packages of a run.
// An instance is expanded when its underlying type or a method is first asked for.
import { Bug } from '../base/bug.ts';
import type { Checker } from './checker.ts';
import type { Expander, Func, Term, Tuple as TupleT, Type, TypeParam, Var as VarT } from './model.ts';
import {
  Alias,
  ArrayType,
  Chan,
  Func as FuncClass,
  InterfaceType,
  MapType,
  Named,
  Pointer,
  Signature,
  Slice,
  Struct,
  Tuple,
  TypeKind,
  Union,
  Var,
  invalidType,
  unalias,
} from './model.ts';
import { hasPtrRecv } from './lookup.ts';
import { deref } from './predicates.ts';
import { identical } from './typeset.ts';

/** What replaces which type parameter: parallel lists. A null replacement leaves the parameter alone. */
export interface Subst {
  readonly from: readonly TypeParam[];
  readonly to: readonly (Type | null)[];
  /** Where instances are made, for messages. */
  readonly pos?: number;
}

/** Returns t with the type parameters `from` replaced by `to`; t itself if none occurs in it. */
export function subst(t: Type, from: readonly TypeParam[], to: readonly (Type | null)[]): Type {
  return from.length === 0 ? t : substType(t, { from, to });
}

function replacement(p: TypeParam, s: Subst): Type {
  // The position in its own list is the usual one.
  const i = p.index >= 0 && s.from[p.index] === p ? p.index : s.from.indexOf(p);
  return i < 0 ? p : (s.to[i] ?? p);
}

let depth = 0;

/** Applies a substitution to a type. */
export function substType(t: Type, s: Subst): Type {
  switch (t.kind) {
    case TypeKind.Basic:
      return t;
    case TypeKind.TypeParam:
      return replacement(t, s);
    case TypeKind.Named: {
      if (t.inst === null) return t;
      const orig = t.inst.orig;
      if (orig.tparams.length === 0) return t;
      if (t.inst.targs.length !== orig.tparams.length) return invalidType(); // reported elsewhere
      const targs = substTypes(t.inst.targs, s);
      return targs === t.inst.targs ? t : namedInstance(orig, targs, s.pos ?? 0);
    }
    case TypeKind.Alias:
      return substAlias(t, s);
    case TypeKind.Pointer: {
      const e = substType(t.elem, s);
      return e === t.elem ? t : new Pointer(e);
    }
    case TypeKind.Slice: {
      const e = substType(t.elem, s);
      return e === t.elem ? t : new Slice(e);
    }
    case TypeKind.Array: {
      const e = substType(t.elem, s);
      return e === t.elem ? t : new ArrayType(e, t.len);
    }
    case TypeKind.Map: {
      const k = substType(t.key, s);
      const e = substType(t.elem, s);
      return k === t.key && e === t.elem ? t : new MapType(k, e);
    }
    case TypeKind.Chan: {
      const e = substType(t.elem, s);
      return e === t.elem ? t : new Chan(t.dir, e);
    }
    case TypeKind.Struct: {
      const f = substVars(t.fields, s);
      return f === t.fields ? t : new Struct(f, t.tags);
    }
    case TypeKind.Tuple:
      return applyTuple(t, s);
    case TypeKind.Signature:
      return substSignature(t, s);
    case TypeKind.Union: {
      const terms = substTerms(t.terms, s);
      return terms === t.terms ? t : new Union(terms);
    }
    case TypeKind.Interface:
      return substInterface(t, s);
  }
}

/** Applies a substitution to a list; returns the same list if nothing changes. */
export function substTypes(list: Type[], s: Subst): Type[] {
  let out = list;
  for (let i = 0; i < list.length; i++) {
    const t = substType(list[i], s);
    if (t === list[i]) continue;
    if (out === list) out = list.slice();
    out[i] = t;
  }
  return out;
}

function substVars(list: VarT[], s: Subst): VarT[] {
  let out = list;
  for (let i = 0; i < list.length; i++) {
    const v = list[i];
    const t = substType(v.type, s);
    if (t === v.type) continue;
    if (out === list) out = list.slice();
    out[i] = cloneVar(v, t);
  }
  return out;
}

/** Applies a substitution to a tuple. */
export function applyTuple(t: TupleT, s: Subst): TupleT {
  const vars = substVars(t.vars, s);
  return vars === t.vars ? t : new Tuple(vars);
}

/** Returns t with the type parameters `from` replaced by `to`. */
export function substTuple(_c: Checker | null, t: TupleT, from: readonly TypeParam[], to: readonly (Type | null)[]): TupleT {
  return applyTuple(t, { from, to });
}

/** Applies a substitution to parameters and results. */
export function substSignature(t: Signature, s: Subst): Signature {
  const params = applyTuple(t.params, s);
  const results = applyTuple(t.results, s);
  if (params === t.params && results === t.results) return t;
  const sig = new Signature(t.recv, params, results, t.variadic);
  sig.tparams = t.tparams;
  sig.rparams = t.rparams;
  return sig;
}

function substTerms(list: Term[], s: Subst): Term[] {
  let out = list;
  for (let i = 0; i < list.length; i++) {
    const t = substType(list[i].type!, s);
    if (t === list[i].type) continue;
    if (out === list) out = list.slice();
    out[i] = { tilde: list[i].tilde, type: t };
  }
  return out;
}

function substInterface(t: InterfaceType, s: Subst): InterfaceType {
  let methods = t.methods;
  for (let i = 0; i < t.methods.length; i++) {
    const m = t.methods[i];
    const sig = substSignature(m.type, s);
    if (sig === m.type) continue;
    if (methods === t.methods) methods = t.methods.slice();
    methods[i] = cloneFunc(m, sig);
  }
  const embeddeds = substTypes(t.embeddeds, s);
  if (methods === t.methods && embeddeds === t.embeddeds) return t;
  const u = new InterfaceType(methods, embeddeds);
  u.embedPos = t.embedPos;
  u.implicit = t.implicit;
  u.methods = replaceRecv(methods, t, u);
  return u;
}

/** Gives the methods whose receiver is `from` the receiver `to`. */
function replaceRecv(methods: Func[], from: Type, to: Type): Func[] {
  return methods.map((m) => {
    const recv = m.type.recv;
    if (recv === null || recv.type !== from) return m;
    const sig = cloneSignature(m.type);
    sig.recv = cloneVar(recv, to);
    return cloneFunc(m, sig);
  });
}

function substAlias(t: Alias, s: Subst): Type {
  const orig = t.origin;
  if (orig.tparams.length === 0) return t; // not parameterized
  if (t.targs.length !== orig.tparams.length) return invalidType(); // reported elsewhere
  const targs = substTypes(t.targs, s);
  return targs === t.targs ? t : aliasInstance(orig, targs);
}

function cloneVar(v: VarT, t: Type): VarT {
  const w = new Var(v.varKind, v.pos, v.pkg, v.name, t);
  w.embedded = v.embedded;
  w.used = v.used;
  w.orig = v.origin;
  return w;
}

function cloneFunc(f: Func, sig: Signature): Func {
  const g = new FuncClass(f.pos, f.pkg, f.name, sig);
  g.ptrRecv = f.ptrRecv;
  g.orig = f.origin;
  return g;
}

function cloneSignature(s: Signature): Signature {
  const t = new Signature(s.recv, s.params, s.results, s.variadic);
  t.tparams = s.tparams;
  t.rparams = s.rparams;
  t.scope = s.scope;
  return t;
}

// ---- instances

/** Returns the instance of a generic defined type. The number of arguments may be wrong: then it can't be expanded. */
export function namedInstance(orig: Named, targs: Type[], pos: number): Named {
  const table = (orig.instances ??= new Map());
  const key = hashTypes(targs);
  const bucket = table.get(key);
  if (bucket !== undefined) {
    for (const n of bucket) if (sameTypes(n.inst!.targs, targs)) return n;
  }
  const n = new Named(orig.obj, { orig, targs, expander, pos, name: null });
  if (bucket === undefined) table.set(key, [n]);
  else bucket.push(n);
  return n;
}

function sameTypes(a: readonly Type[], b: readonly Type[]): boolean {
  return a.length === b.length && a.every((t, i) => identical(t, b[i]));
}

/** Returns a string that is equal for identical types, and mostly different for others. */
function hashTypes(list: readonly Type[]): string {
  let s = '';
  for (const t of list) s += hashType(t, 0) + ',';
  return s;
}

function hashType(t0: Type, level: number): string {
  const t = unalias(t0);
  switch (t.kind) {
    case TypeKind.Basic:
      return 'b' + t.basic;
    case TypeKind.TypeParam:
      return 'p' + t.id;
    case TypeKind.Named:
      return t.inst === null
        ? 'n' + t.id
        : level > 4
          ? 'i' + t.inst.orig.id
          : 'i' + t.inst.orig.id + '[' + t.inst.targs.map((x) => hashType(x, level + 1)).join() + ']';
    case TypeKind.Pointer:
      return '*' + hashType(t.elem, level);
    case TypeKind.Slice:
      return 's' + hashType(t.elem, level);
    case TypeKind.Map:
      return 'm' + hashType(t.key, level) + ':' + hashType(t.elem, level);
    case TypeKind.Chan:
      return 'c' + t.dir + hashType(t.elem, level);
    case TypeKind.Array:
      return 'a' + hashType(t.elem, level);
    case TypeKind.Struct:
      return 'S' + t.fields.length;
    case TypeKind.Signature:
      return `f${t.params.vars.length}.${t.results.vars.length}`;
    default:
      return 'k' + t.kind;
  }
}

/** Returns the instance of a generic alias; the number of arguments must be right. */
export function aliasInstance(orig: Alias, targs: Type[]): Alias {
  const rhs = subst(orig.fromRhs ?? invalidType(), orig.tparams, targs);
  const a = new Alias(orig.obj, rhs);
  a.orig = orig;
  a.targs = targs;
  a.tparams = orig.tparams;
  return a;
}

/** Returns the signature of a generic function with its type parameters replaced. */
export function signatureInstance(orig: Signature, targs: Type[]): Signature {
  const s = substSignature(orig, { from: orig.tparams, to: targs });
  const sig = s === orig ? cloneSignature(s) : s;
  sig.tparams = [];
  sig.scope = null;
  return sig;
}

/** How deep expansions may nest before the instance counts as infinitely expanding. */
const maxExpansion = 200;

const expander: Expander = {
  rhs(n: Named): Type {
    const { orig, targs } = n.inst!;
    if (n.expanding || orig.tparams.length !== targs.length || depth > maxExpansion) return invalidType();
    const rhs = orig.rhs();
    if (rhs === null) return null as unknown as Type; // being declared: expand later
    n.expanding = true;
    depth++;
    let t = substType(rhs, { from: orig.tparams, to: targs, pos: n.inst!.pos });
    depth--;
    n.expanding = false;
    // Methods of an interface literal have the defined type as receiver.
    if (t.kind === TypeKind.Interface && t.methods.some((m) => m.type.recv !== null && m.type.recv.type === orig)) {
      const u = t === rhs ? copyInterface(t) : t;
      u.methods = replaceRecv(u.methods, orig, n);
      t = u;
    }
    return t;
  },

  method(n: Named, i: number): Func {
    const { orig, targs } = n.inst!;
    const origm = orig.methods[i];
    if (origm === undefined) throw new Bug('types', n.obj.name, `the type has no method ${i}`);
    if (origm.type === null) declareMethod(origm);
    const osig = origm.type;
    const recv = osig.recv;
    if (recv === null) return origm;
    if (deref(recv.type).type === n) return origm; // instantiated with the receiver's own type parameters
    let sig = osig.rparams.length === targs.length ? substSignature(osig, { from: osig.rparams, to: targs }) : osig;
    if (sig === osig) sig = cloneSignature(osig);
    sig.recv = cloneVar(recv, hasPtrRecv(origm) ? new Pointer(n) : n);
    return cloneFunc(origm, sig);
  },
};

function copyInterface(t: InterfaceType): InterfaceType {
  const u = new InterfaceType(t.methods, t.embeddeds);
  u.embedPos = t.embedPos;
  u.implicit = t.implicit;
  return u;
}

/** The checker whose package is being checked: methods of generic types may have to be declared while they are expanded. */
let active: Checker | null = null;

/** Sets the checker that declares methods on demand; returns the previous one. */
export function setActiveChecker(c: Checker | null): Checker | null {
  const old = active;
  active = c;
  return old;
}

function declareMethod(m: Func): void {
  if (m.pkg !== null && m.pkg.declare !== null) return m.pkg.declare(m);
  if (active === null) throw new Bug('types', m.name, 'the method is used before it is declared');
  active.rec.objDecl(active, m);
}

// Selectors: finding the field or method that x.f denotes, method sets, missing methods and the words to explain them.
// Spec: "Selectors", "Method sets". In: types. Out: objects with the path of fields that leads to them.
import type { Checker } from './checker.ts';
import type { At } from './errors.ts';
import { qualifierOf, ts } from './errors.ts';
import type { Func, InterfaceType, Named, Obj, Package, Struct, Type, Var } from './model.ts';
import { ObjKind, TypeKind, asNamed, declared, equalFold, isExported, sameId, samePkg, unalias, under } from './model.ts';
import { deref, isInterfacePtr, isTypeParam, isValid } from './predicates.ts';
import { identical, typeSet } from './typeset.ts';
import { funcString } from './typestring.ts';

/** The result of a look-up. If obj is null, index tells of an ambiguity, else indirect that a pointer receiver is needed. */
export interface Lookup {
  readonly obj: Var | Func | null;
  /** Path of field indices to obj (the last is the field's or the method's own); null if nothing was found. */
  readonly index: number[] | null;
  /** A pointer was followed on the path. */
  readonly indirect: boolean;
}

const notFound: Lookup = { obj: null, index: null, indirect: false };
const needsPointer: Lookup = { obj: null, index: null, indirect: true };

/** Finds the field or method `name` of t; pkg is where the selector is written. */
export function lookupFieldOrMethod(t: Type, addressable: boolean, pkg: Package | null, name: string, foldCase = false): Lookup {
  // Methods can't be associated with a defined pointer type: look at the pointer, and take fields only.
  const a = unalias(t);
  if (a.kind === TypeKind.Named) {
    const u = a.underlying();
    if (u.kind === TypeKind.Pointer) {
      const r = lookupImpl(u, false, pkg, name, foldCase);
      return r.obj !== null && r.obj.kind === ObjKind.Func ? notFound : r;
    }
  }
  return lookupImpl(a, addressable, pkg, name, foldCase);
}

/** A type to search, and how it was reached. */
interface Embedded {
  readonly type: Type;
  readonly index: number[];
  readonly indirect: boolean;
  /** It occurs more than once at this depth. */
  multiples: boolean;
}

const noIndex: number[] = [];

/** Is lookupFieldOrMethod without its rule for defined pointer types. */
export function lookupImpl(t: Type, addressable: boolean, pkg: Package | null, name: string, foldCase: boolean): Lookup {
  if (name === '_') return notFound;
  const d = deref(t);
  if (d.isPtr && under(d.type).kind === TypeKind.Interface) return notFound; // pointer to interface has no methods
  if (!foldCase) {
    const direct = lookupDirect(d.type, d.isPtr, addressable, pkg, name);
    if (direct !== undefined) return direct;
  }
  let current: Embedded[] = [{ type: d.type, index: noIndex, indirect: d.isPtr, multiples: false }];
  let seen: Named[] | null = null;
  while (current.length > 0) {
    const next: Embedded[] = [];
    let obj: Var | Func | null = null;
    let index: number[] | null = null;
    let indirect = false;
    for (const e of current) {
      const named = asNamed(e.type);
      if (named !== null) {
        // A type seen at a shallower depth hides this one.
        if (seen === null) seen = [];
        else if (hasNamed(seen, named)) continue;
        seen.push(named);
        const i = methodIndex(named, pkg, name, foldCase);
        if (i >= 0) {
          index = [...e.index, i];
          if (obj !== null || e.multiples) return { obj: null, index, indirect: false };
          obj = named.method(i);
          indirect = e.indirect;
          continue;
        }
      }
      const u = under(e.type);
      if (u.kind === TypeKind.Struct) {
        const fields = u.fields;
        for (let i = 0; i < fields.length; i++) {
          const f = fields[i];
          if (f.name === name || foldCase ? sameId(f, pkg, name, foldCase) : false) {
            index = [...e.index, i];
            if (obj !== null || e.multiples) return { obj: null, index, indirect: false };
            obj = f;
            indirect = e.indirect;
            continue;
          }
          if (obj === null && f.embedded) {
            const fd = deref(f.type);
            next.push({ type: fd.type, index: [...e.index, i], indirect: e.indirect || fd.isPtr, multiples: e.multiples });
          }
        }
      } else if (u.kind === TypeKind.Interface) {
        const methods = typeSet(u).methods;
        const i = indexOfMethod(methods, pkg, name, foldCase);
        if (i >= 0) {
          index = [...e.index, i];
          if (obj !== null || e.multiples) return { obj: null, index, indirect: false };
          obj = methods[i];
          indirect = e.indirect;
        }
      }
    }
    if (obj !== null) {
      if (obj.kind === ObjKind.Func && hasPtrRecv(obj) && !indirect && !addressable) return needsPointer;
      return { obj, index, indirect };
    }
    current = consolidate(next);
  }
  return notFound;
}

/** Looks at depth 0 only, where most selectors are found; undefined if the name may be promoted from an embedded field. */
function lookupDirect(t: Type, isPtr: boolean, addressable: boolean, pkg: Package | null, name: string): Lookup | undefined {
  const named = asNamed(t);
  if (named !== null) {
    const i = methodIndex(named, pkg, name, false);
    if (i >= 0) {
      const m = named.method(i);
      // A field of the same name is an error, reported elsewhere.
      return hasPtrRecv(m) && !isPtr && !addressable ? needsPointer : { obj: m, index: [i], indirect: isPtr };
    }
  }
  const u = under(t);
  if (u.kind === TypeKind.Interface) {
    const methods = typeSet(u).methods;
    const i = indexOfMethod(methods, pkg, name, false);
    return i < 0 ? notFound : { obj: methods[i], index: [i], indirect: isPtr };
  }
  if (u.kind !== TypeKind.Struct) return notFound;
  const fields = u.fields;
  let embedded = false;
  for (let i = 0; i < fields.length; i++) {
    const f = fields[i];
    if (f.name === name && sameId(f, pkg, name, false)) return { obj: f, index: [i], indirect: isPtr };
    embedded ||= f.embedded;
  }
  return embedded ? undefined : notFound;
}

function hasNamed(list: Named[], t: Named): boolean {
  for (const x of list) if (x === t || (t.inst !== null && identical(x, t))) return true;
  return false;
}

/** Merges equal types of one depth. */
function consolidate(list: Embedded[]): Embedded[] {
  if (list.length <= 1) return list;
  const out: Embedded[] = [];
  for (const e of list) {
    const same = out.find((x) => identical(x.type, e.type));
    if (same !== undefined) same.multiples = true;
    else out.push(e);
  }
  return out;
}

/** Returns the index of t's declared method of that name as seen from pkg, or -1. */
export function methodIndex(t: Named, pkg: Package | null, name: string, foldCase: boolean): number {
  if (!foldCase && !isExported(name) && !samePkg(t.obj.pkg, pkg)) return -1;
  const methods = t.origin.methods;
  for (let i = 0; i < methods.length; i++) {
    if (methods[i].name === name || (foldCase && equalFold(methods[i].name, name))) return i;
  }
  return -1;
}

function indexOfMethod(methods: readonly Func[], pkg: Package | null, name: string, foldCase: boolean): number {
  for (let i = 0; i < methods.length; i++) if (sameId(methods[i], pkg, name, foldCase)) return i;
  return -1;
}

/** Returns the index of the field of that name as seen from pkg, or -1. */
export function fieldIndex(fields: readonly Var[], pkg: Package | null, name: string, foldCase = false): number {
  if (name === '_') return -1;
  for (let i = 0; i < fields.length; i++) if (sameId(fields[i], pkg, name, foldCase)) return i;
  return -1;
}

/** Reports whether the method's receiver is a pointer; works before its signature is known. */
export function hasPtrRecv(f: Func): boolean {
  const sig = f.type;
  if (sig !== null && sig.recv !== null) return deref(sig.recv.type).isPtr;
  return f.ptrRecv;
}

/** Returns the interface of a type whose underlying type is one. */
function interfaceOf(t: Type): InterfaceType {
  return under(t) as InterfaceType;
}

/** Returns a method of the interface t that v lacks, or null. static: v's dynamic type doesn't count, if v is an interface. */
export function missingMethod(v: Type, t: Type, isStatic: boolean): { method: Func | null; wrongType: boolean } {
  const m = findMissing(null, v, t, isStatic, identical);
  return { method: m === null ? null : m.method, wrongType: m !== null && (m.state === 'wrongSig' || m.state === 'ptrRecv') };
}

/** Why a method is missing. */
export interface Missing {
  readonly method: Func;
  readonly state: 'notFound' | 'wrongName' | 'unexported' | 'wrongSig' | 'ambigSel' | 'ptrRecv' | 'field';
  /** The method that v has instead. */
  readonly have: Func | null;
}

/** Finds the first method of the interface t that v does not have; eq compares signatures. */
export function findMissing(c: Checker | null, v: Type, t: Type, isStatic: boolean, eq: (x: Type, y: Type) => boolean): Missing | null {
  const methods = typeSet(interfaceOf(t)).methods;
  if (methods.length === 0) return null;
  const u = under(v);
  if (u.kind === TypeKind.Interface) {
    const have = typeSet(u).methods;
    for (const m of methods) {
      const i = indexOfMethod(have, m.pkg, m.name, false);
      if (i < 0) {
        if (!isStatic) continue;
        return { method: m, state: 'notFound', have: null };
      }
      if (!eq(have[i].type, m.type)) return { method: m, state: 'wrongSig', have: have[i] };
    }
    return null;
  }
  for (const m of methods) {
    const r = lookupImpl(v, false, m.pkg, m.name, false);
    if (r.obj === null) return absent(v, m, r);
    if (r.obj.kind !== ObjKind.Func) return { method: m, state: 'field', have: null };
    if (c !== null && r.obj.type === null) c.rec.objDecl(c, r.obj);
    else declared(r.obj);
    if (!eq(r.obj.type, m.type)) return { method: m, state: 'wrongSig', have: r.obj };
  }
  return null;
}

function absent(v: Type, m: Func, r: Lookup): Missing {
  if (r.index !== null) return { method: m, state: 'ambigSel', have: null };
  if (r.indirect) return { method: m, state: 'ptrRecv', have: null };
  const alt = lookupImpl(v, false, m.pkg, m.name, true).obj;
  if (alt === null || alt.kind !== ObjKind.Func) return { method: m, state: 'notFound', have: null };
  return { method: m, state: alt.name === m.name ? 'unexported' : 'wrongName', have: alt };
}

/** Returns the explanation of a missing method, in parentheses, as messages have it. */
export function missingCause(c: Checker | null, v: Type, t: Type, x: Missing): string {
  const name = x.method.name;
  if (c !== null && x.have !== null && x.have.type === null) c.rec.objDecl(c, x.have);
  else if (x.have !== null) declared(x.have);
  switch (x.state) {
    case 'notFound':
      if (isInterfacePtr(v)) return `(${interfacePtrCause(c, v)})`;
      if (isInterfacePtr(t)) return `(${interfacePtrCause(c, t)})`;
      return `(missing method ${name})`;
    case 'wrongName': {
      const [have, want] = [methodText(c, x.have!, false), methodText(c, x.method, false)];
      return `(missing method ${name})\n\t\thave ${have}\n\t\twant ${want}`;
    }
    case 'unexported':
      return `(unexported method ${name})`;
    case 'wrongSig': {
      let [have, want] = [methodText(c, x.have!, false), methodText(c, x.method, false)];
      if (have === want) [have, want] = [methodText(c, x.have!, true), methodText(c, x.method, true)];
      if (have === want) return `(wrong type for method ${name})`;
      return `(wrong type for method ${name})\n\t\thave ${have}\n\t\twant ${want}`;
    }
    case 'ambigSel':
      return `(ambiguous selector ${ts(c, v)}.${name})`;
    case 'ptrRecv':
      return `(method ${name} has pointer receiver)`;
    case 'field':
      return `(${ts(c, v)}.${name} is a field, not a method)`;
  }
}

function methodText(c: Checker | null, f: Func, pkgInfo: boolean): string {
  return funcString(f, qualifierOf(c), pkgInfo);
}

/** Says that t is a pointer to an interface or type parameter, where those themselves are wanted. */
export function interfacePtrCause(c: Checker | null, t: Type): string {
  const u = under(t);
  if (u.kind === TypeKind.Pointer && isTypeParam(u.elem)) return `type ${ts(c, t)} is pointer to type parameter, not type parameter`;
  return `type ${ts(c, t)} is pointer to interface, not interface`;
}

/** Returns '' if v has all methods of t, else why not. Types with invalid parts are given the benefit of the doubt. */
export function allMethodsCause(c: Checker | null, v: Type, t: Type, isStatic: boolean, eq: (x: Type, y: Type) => boolean): string {
  if (!isValid(v)) return '';
  const m = findMissing(c, v, t, isStatic, eq);
  if (m === null || hasInvalidEmbedded(v, [])) return '';
  return missingCause(c, v, t, m);
}

function hasInvalidEmbedded(t: Type, seen: Struct[]): boolean {
  const u0 = under(t);
  const u = u0.kind === TypeKind.Pointer ? under(u0.elem) : u0;
  if (u.kind !== TypeKind.Struct || seen.includes(u)) return false;
  seen.push(u);
  return u.fields.some((f) => f.embedded && (!isValid(f.type) || hasInvalidEmbedded(f.type, seen)));
}

/** Returns the message for a selector that denotes nothing; obj is what it would denote if case were ignored. */
export function lookupError(c: Checker, t: Type, sel: string, obj: Obj | null, structLit: boolean): string {
  const kind = obj === null ? 'missing' : nearMiss(c, sel, obj);
  const alt = obj === null ? '' : obj.name;
  const type = ts(c, t);
  if (structLit) {
    const msg = `unknown field ${sel} in struct literal of type ${type}`;
    switch (kind) {
      case 'missing':
        return msg;
      case 'misspelled':
        return `${msg}, but does have ${alt}`;
      case 'unexported':
        return `${msg}, but does have unexported ${alt}`;
      default:
        return `cannot refer to unexported field ${alt} in struct literal of type ${type}`;
    }
  }
  const what = obj === null ? 'object' : obj.kind === ObjKind.Var ? 'field' : obj.kind === ObjKind.Func ? 'method' : 'object';
  const msg = `type ${type} has no field or method ${sel}`;
  switch (kind) {
    case 'missing':
      return msg;
    case 'misspelled':
      return `${msg}, but does have ${what} ${alt}`;
    case 'unexported':
      return `${msg}, but does have unexported ${what} ${alt}`;
    default:
      return `cannot refer to unexported ${what} ${alt}`;
  }
}

function nearMiss(c: Checker, sel: string, obj: Obj): 'missing' | 'misspelled' | 'unexported' | 'inaccessible' {
  const alt = obj.name;
  if (obj.pkg === c.pkg) return 'misspelled';
  const sameTail = [...sel].slice(1).join('') === [...alt].slice(1).join('');
  if (isExported(sel)) {
    if (isExported(alt)) return 'misspelled';
    if (sameTail) return 'unexported';
  } else if (isExported(alt)) {
    if (sameTail) return 'misspelled';
  } else if (sel === alt) return 'inaccessible';
  return 'missing';
}

export type { At };

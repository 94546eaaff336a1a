// The method set of a type, with promoted methods: what go/types' NewMethodSet gives.
// In: any type. Out: selections sorted by id (exported names first). Cached by type for the whole run.
import type { Func, Named, Selection, Type } from './model.ts';
import { ObjKind, SelectionKind, TypeKind, asNamed, idOf, under, declared } from './model.ts';
import { lookupImpl } from './lookup.ts';
import { deref, isInterface } from './predicates.ts';
import { compareMethods, typeSet } from './typeset.ts';

const cache = new WeakMap<Type, Selection[]>();

/** Returns the methods in t's method set: of a defined type T, *T, an interface, or a struct with embedded fields. */
export function methodSet(t: Type): Selection[] {
  let set = cache.get(t);
  if (set === undefined) {
    set = computeMethodSet(t);
    cache.set(t, set);
  }
  return set;
}

function computeMethodSet(t: Type): Selection[] {
  const u = under(t);
  // A defined pointer type has no methods.
  if (asNamed(t) !== null && u.kind === TypeKind.Pointer) return [];
  const names = new Map<string, Func>();
  collect(deref(t).type, names, []);
  const out: Selection[] = [];
  for (const m of names.values()) {
    const r = lookupImpl(t, false, m.pkg, m.name, false);
    if (r.obj !== null) declared(r.obj);
    if (r.obj === null || r.obj.kind !== ObjKind.Func) continue;
    // As in go/types, an interface's methods count as reached through a pointer.
    const indirect = r.indirect || (r.obj.type.recv !== null && isInterface(r.obj.type.recv.type));
    out.push({ kind: SelectionKind.MethodVal, recv: t, obj: r.obj, index: r.index!, indirect, type: r.obj.type });
  }
  return out.sort((a, b) => compareMethods(a.obj as Func, b.obj as Func));
}

/** Gathers the names of all methods that may be in the set: whether they are, lookup decides. */
function collect(t: Type, names: Map<string, Func>, seen: Named[]): void {
  const named = asNamed(t);
  if (named !== null) {
    if (seen.includes(named)) return;
    seen.push(named);
    for (const m of named.origin.methods) add(names, m);
  }
  const u = under(t);
  if (u.kind === TypeKind.Interface) for (const m of typeSet(u).methods) add(names, m);
  else if (u.kind === TypeKind.Struct) for (const f of u.fields) if (f.embedded) collect(deref(f.type).type, names, seen);
}

function add(names: Map<string, Func>, m: Func): void {
  const id = idOf(m.pkg, m.name);
  if (!names.has(id)) names.set(id, m);
}

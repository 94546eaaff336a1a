// Method sets of GoTypes: which methods a type has, through which embedded fields, and who declares them.
// In: a GoType. Out: MethodSel by name. Cached per type. Spec: "Method sets", "Selectors".

import type { Func } from '../types/model.ts';
import { isExported, TypeKind, unalias } from '../types/model.ts';
import { GoKind, type GoType, type MethodSel } from './gotype.ts';

/** How declared methods of a named type are found (typetable.ts gives it, since it knows the checker's objects). */
export interface MethodEntry { readonly name: string; readonly pkg: string; readonly decl: Func; readonly ptrRecv: boolean }

/** Key of a method or field name: exported names are the same in all packages. */
export function nameKey(name: string, pkg: string): string { return pkg === '' ? name : `${pkg}.${name}`; }

interface Level { readonly type: GoType; readonly path: readonly number[]; readonly indirect: boolean; readonly multiple: boolean }

/** All methods selectable on an addressable value of t or on *t; null entries are ambiguous or hidden names. t is no pointer, unless a named one. */
function selectable(t: GoType): Map<string, MethodSel | null> {
  if (t.selectable !== null) return t.selectable;
  const out = new Map<string, MethodSel | null>();
  const seen = new Set<GoType>();
  let level: Level[] = [{ type: t, path: [], indirect: false, multiple: false }];
  while (level.length !== 0) {
    const found = new Map<string, MethodSel | null>();
    const next: Level[] = [];
    for (const l of level) {
      if (seen.has(l.type)) continue;
      collect(l, found, next);
    }
    for (const l of level) if (l.type.named !== null) seen.add(l.type);
    for (const [k, m] of found) if (!out.has(k)) out.set(k, m);
    level = consolidate(next);
  }
  return (t.selectable = out);
}

/** Adds what one type of a level declares: methods, and fields, which hide deeper methods of their name. */
function collect(l: Level, found: Map<string, MethodSel | null>, next: Level[]): void {
  const t = l.type;
  const add = (name: string, pkg: string, m: MethodSel | null): void => {
    const key = nameKey(name, pkg);
    found.set(key, l.multiple || found.has(key) ? null : m);
  };
  if (t.named !== null && t.kind !== GoKind.Interface) {
    for (const e of declaredMethods(t)) {
      add(e.name, e.pkg, { name: e.name, pkg: e.pkg, path: l.path, base: t, decl: e.decl, index: -1, ptrRecv: e.ptrRecv, indirect: l.indirect });
    }
  }
  const u = t.underlying;
  if (u.kind === GoKind.Struct) {
    u.fields.forEach((f, i) => {
      add(f.name, f.pkg, null);
      if (!f.embedded) return;
      const isPtr = f.type.kind === GoKind.Pointer && f.type.named === null;
      next.push({ type: isPtr ? f.type.elem! : f.type, path: [...l.path, i], indirect: l.indirect || isPtr, multiple: l.multiple });
    });
  } else if (u.kind === GoKind.Interface) {
    u.imethods.forEach((m, i) => {
      add(m.name, m.pkg, { name: m.name, pkg: m.pkg, path: l.path, base: t, decl: null, index: i, ptrRecv: false, indirect: l.indirect });
    });
  }
}

/** Marks types that occur more than once at one depth: whatever they declare is ambiguous. */
function consolidate(list: Level[]): Level[] {
  if (list.length <= 1) return list;
  const byType = new Map<GoType, Level>();
  for (const l of list) {
    const old = byType.get(l.type);
    byType.set(l.type, old === undefined ? l : { ...old, multiple: true });
  }
  return [...byType.values()];
}

/** The method of t (T, *T, or an interface) called name; null if there is none. Whether a value may be used is the checker's affair. */
export function lookupMethod(t: GoType, name: string, pkg: string): MethodSel | null {
  const base = t.kind === GoKind.Pointer && t.named === null ? t.elem! : t;
  return selectable(base).get(nameKey(name, pkg)) ?? null;
}

/** The method set of t, in the order of type descriptors: exported methods first, by name, then the others by name and package. */
export function methodSet(t: GoType): readonly MethodSel[] {
  if (t.methodSet !== null) return t.methodSet;
  const isPtr = t.kind === GoKind.Pointer && t.named === null;
  const base = isPtr ? t.elem! : t;
  const list: MethodSel[] = [];
  // A pointer to an interface has no methods; nor has a named pointer type.
  if (!(isPtr && base.kind === GoKind.Interface) && !(base.kind === GoKind.Pointer)) {
    for (const m of selectable(base).values()) {
      if (m !== null && (isPtr || !m.ptrRecv || m.indirect)) list.push(m);
    }
    list.sort(compareMethods);
  }
  return (t.methodSet = list);
}

/** gc's order of symbols: exported before not exported, then by name, then by package path. */
export function compareMethods(a: { name: string; pkg: string }, b: { name: string; pkg: string }): number {
  const ea = a.pkg === '' ? 0 : 1;
  const eb = b.pkg === '' ? 0 : 1;
  if (ea !== eb) return ea - eb;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.pkg < b.pkg ? -1 : a.pkg > b.pkg ? 1 : 0;
}

/** The methods declared for a named type, in source order. */
function declaredMethods(t: GoType): MethodEntry[] {
  if (t.named === null) return [];
  return t.named.decl.methods.map((f) => (
    { name: f.name, pkg: isExported(f.name) || f.pkg === null ? '' : f.pkg.path, decl: f, ptrRecv: hasPtrRecv(f) }
  ));
}

function hasPtrRecv(f: Func): boolean {
  const recv = f.type === null ? null : f.type.recv;
  if (recv === null || recv.type === null) return f.ptrRecv;
  return unalias(recv.type).kind === TypeKind.Pointer;
}

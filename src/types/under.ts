// The types of a type set one by one, and the underlying type they have in common (what the spec called core type).
import type { Problem } from './errors.ts';
import type { Type, Under } from './model.ts';
import { ChanDir, TypeKind, unalias, under } from './model.ts';
import { Typ, universeByte } from './universe.ts';
import { hasTerms, identical, typeSet } from './typeset.ts';
import { Slice } from './model.ts';
import { isString } from './predicates.ts';

/** Calls f with each type of t's type set and its underlying type, until it returns false. A type parameter without
 * specific types gives (null, null); a type that is none gives itself. Returns whether all calls returned true. */
export function typesetAll(t: Type, f: (t: Type | null, u: Under | null) => boolean): boolean {
  const p = unalias(t);
  if (p.kind !== TypeKind.TypeParam) return f(t, under(t));
  const s = typeSet(under(p) as never);
  if (!hasTerms(s)) return f(null, null);
  for (const x of s.terms!) {
    // For ~T, T is its own underlying type.
    if (!f(x.type, under(x.type!))) return false;
  }
  return true;
}

/** What commonUnder yields: the type, or why there is none. */
export type Common = { readonly type: Under; readonly problem: null } | { readonly type: null; readonly problem: Problem };

/** Returns the underlying type that all types of t's set share. Channels may differ in direction: the restricted one is
 * taken. If cond returns a problem for one of the types, that is the result. */
export function commonUnder(t: Type, cond: ((t: Type | null, u: Under | null) => Problem | null) | null): Common {
  const p = unalias(t);
  if (p.kind !== TypeKind.TypeParam) {
    const u = under(t);
    const problem = cond === null ? null : cond(t, u);
    return problem === null ? { type: u, problem } : { type: null, problem };
  }
  let ct: Type | null = null;
  let cu: Under | null = null;
  let bad: Problem | null = null;
  typesetAll(t, (t, u) => {
    if (cond !== null) bad = cond(t, u);
    if (bad === null && u === null) bad = { text: 'no specific type', types: [] };
    if (bad !== null) return false;
    if (cu === null) {
      ct = t;
      cu = u;
      return true;
    }
    if (cu.kind === TypeKind.Chan && u!.kind === TypeKind.Chan) {
      if (!identical(cu.elem, u!.elem)) {
        bad = { text: 'channels %s and %s have different element types', types: [ct!, t!] };
        return false;
      }
      if (cu.dir === u!.dir) return true;
      if (cu.dir === ChanDir.SendRecv) {
        ct = t;
        cu = u;
      } else if (u!.dir !== ChanDir.SendRecv) {
        bad = { text: 'channels %s and %s have conflicting directions', types: [ct!, t!] };
        return false;
      }
      return true;
    }
    if (!identical(cu, u!)) {
      bad = { text: '%s and %s have different underlying types', types: [ct!, t!] };
      return false;
    }
    return true;
  });
  return bad !== null ? { type: null, problem: bad } : { type: cu!, problem: null };
}

/** Returns the underlying type that all types of t's set share, or null. */
export function coreType(t: Type): Under | null {
  return commonUnder(t, null).type;
}

/** Is coreType, but string counts as []byte if the set has both (append, copy, slices). */
export function coreString(t: Type): Under | null {
  const p = unalias(t);
  if (p.kind !== TypeKind.TypeParam) return under(t);
  let seen: Under | null = null;
  let strings = false;
  const ok = typesetAll(t, (_, u) => {
    if (u === null) return false;
    let v: Under = u;
    if (isString(u)) {
      strings = true;
      v = bytes;
    }
    if (seen !== null && !identical(seen, v)) return false;
    seen = v;
    return true;
  });
  if (!ok || seen === null) return null;
  return strings ? Typ.string : seen;
}

/** Reports whether f is true for the underlying types of all types of t's set; f(null) is asked if there is no specific type. */
export function underIs(t: Type, f: (u: Under | null) => boolean): boolean {
  return typesetAll(t, (_, u) => f(u));
}

const bytes = new Slice(universeByte);

// Whether a type implements an interface or satisfies a constraint, and why not, in gc's words.
// Spec: "Implementing an interface", "Satisfying a type constraint".
import type { Checker } from './checker.ts';
import { ts } from './errors.ts';
import { allMethodsCause } from './lookup.ts';
import type { InterfaceType, Term, Type } from './model.ts';
import { TypeKind, under } from './model.ts';
import { isInterface, isInterfacePtr, isValid } from './predicates.ts';
import {
  comparableType,
  hasTerms,
  identical,
  isComparableSet,
  isEmptyInterface,
  isEmptySet,
  termIncludes,
  termsString,
  termsSubset,
  typeSet,
} from './typeset.ts';
import { allowVersion } from './version.ts';

/** Returns '' if v implements the interface t (or satisfies it, if it is a constraint), else the reason. */
export function implementsCause(c: Checker | null, v: Type, t: Type, constraint: boolean): string {
  const vu = under(v);
  const tu = under(t);
  if (!isValid(vu) || !isValid(tu)) return '';
  if (vu.kind === TypeKind.Pointer && !isValid(under(vu.elem))) return '';
  const verb = constraint ? 'satisfy' : 'implement';
  if (tu.kind !== TypeKind.Interface) {
    const detail = isInterfacePtr(tu) ? `type ${ts(c, t)} is pointer to interface, not interface` : `${ts(c, t)} is not an interface`;
    return `${ts(c, v)} does not ${verb} ${ts(c, t)} (${detail})`;
  }
  if (isEmptyInterface(tu)) return '';
  const vi = vu.kind === TypeKind.Interface ? vu : null;
  if (vi !== null && isEmptySet(typeSet(vi))) return '';
  if (isEmptySet(typeSet(tu))) return `cannot ${verb} ${ts(c, t)} (empty type set)`;
  const missing = allMethodsCause(c, v, t, true, identical);
  if (missing !== '') return `${ts(c, v)} does not ${verb} ${ts(c, t)} ${missing}`;
  const tset = typeSet(tu);
  if (hasTerms(tset)) {
    if (vi !== null) {
      if (!termsSubset(typeSet(vi).terms, tset.terms)) return `${ts(c, v)} does not ${verb} ${ts(c, t)}`;
    } else if (!tset.terms!.some((x) => termIncludes(x, v))) {
      return `${ts(c, v)} does not ${verb} ${ts(c, t)} (${termDetail(c, v, t, tu, tset.terms!)})`;
    }
  }
  return comparabilityCause(c, v, tu, constraint, verb);
}

function comparabilityCause(c: Checker | null, v: Type, ti: InterfaceType, constraint: boolean, verb: string): string {
  if (!isComparableSet(typeSet(ti))) return '';
  if (comparableType(v, false) === null) return '';
  if (constraint && comparableType(v, true) === null) {
    // Spec: "T is an interface type and C can be written in the form interface{ comparable; E }": since go1.20
    if (c === null || allowVersion(c, 20)) return '';
    return `${ts(c, v)} to ${verb} comparable requires go1.20 or later`;
  }
  return `${ts(c, v)} does not ${verb} comparable`;
}

function termDetail(c: Checker | null, v: Type, t: Type, ti: InterfaceType, terms: readonly Term[]): string {
  for (const x of terms) {
    if (!x.tilde && identical(x.type!, under(x.type!)) && termIncludes({ tilde: true, type: x.type }, v)) {
      return `possibly missing ~ for ${ts(c, x.type!)} in ${ts(c, t)}`;
    }
  }
  if (mentions(ti, v)) return `${ts(c, t)} mentions ${ts(c, v)}, but ${ts(c, v)} is not in the type set of ${ts(c, t)}`;
  return `${ts(c, v)} missing in ${termsString(terms)}`;
}

/** Reports whether v is written in the constraint t, though it is not in its type set. */
function mentions(t: Type, v: Type): boolean {
  switch (t.kind) {
    case TypeKind.Interface:
      return t.embeddeds.some((e) => mentions(e, v));
    case TypeKind.Union:
      return t.terms.some((x) => mentions(x.type!, v));
    default:
      return identical(t, v);
  }
}

/** Reports whether v implements the interface t: go/types' Implements. */
export function implementsType(v: Type, t: Type): boolean {
  return implementsCause(null, v, t, false) === '';
}

/** Returns '' if v, an interface, may hold a t: t is an interface or implements v; else the reason. */
export function assertableCause(c: Checker, v: Type, t: Type): string {
  if (isInterface(t)) return '';
  return implementsCause(c, t, v, false);
}

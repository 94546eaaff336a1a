// Assignability of an operand to a type, with the reason if it is not. Spec: "Assignability".
import type { Checker } from './checker.ts';
import type { Code } from './codes.ts';
import { ts } from './errors.ts';
import { implementsCause } from './implements.ts';
import type { Type, TypeParam } from './model.ts';
import { ChanDir, TypeKind, unalias, under } from './model.ts';
import type { Operand } from './operand.ts';
import { Mode } from './operand.ts';
import { hasName, isInterfacePtr, isUntyped, isValid } from './predicates.ts';
import { hasTerms, identical, typeSet } from './typeset.ts';
import { implicitTypeAndValue } from './untyped.ts';

/** Whether something may be assigned or converted, and why not (the cause may be empty). */
export interface Verdict {
  readonly ok: boolean;
  readonly cause: string;
  readonly code: Code;
}

const yes: Verdict = { ok: true, cause: '', code: 'IncompatibleAssign' };
const no: Verdict = { ok: false, cause: '', code: 'IncompatibleAssign' };

/** Reports whether x can be assigned to a variable of type t. */
export function assignableTo(c: Checker, x: Operand, t: Type): Verdict {
  if (x.type === t) return yes;
  if (x.mode === Mode.Invalid || !isValid(t)) return yes;
  const origT = t;
  const v = unalias(x.type);
  t = unalias(t);
  if (identical(v, t)) return yes;
  const vu = under(v);
  const tu = under(t);
  const vp = v.kind === TypeKind.TypeParam ? v : null;
  const tp = t.kind === TypeKind.TypeParam ? t : null;
  if (isUntyped(vu)) {
    if (tp === null) return implicitTypeAndValue(c, x, t).type !== null ? yes : no;
    return eachTerm(tp, (tt) => implicitTypeAndValue(c, x, tt).type !== null) ? yes : no;
  }
  // The order in which type sets of recursive interfaces are asked for decides about follow-on errors: V's comes first.
  if (vu.kind === TypeKind.Interface) typeSet(vu);
  // Spec: "V and T have identical underlying types but are not type parameters and at least one of V or T is not a named type."
  if (vp === null && tp === null && (!hasName(v) || !hasName(t)) && identical(vu, tu)) return yes;
  // Spec: "T is an interface type, but not a type parameter, and x implements T."
  let cause = '';
  if ((tu.kind === TypeKind.Interface && tp === null) || isInterfacePtr(tu)) {
    cause = implementsCause(c, v, t, false);
    if (cause === '') return yes;
    if (vp === null) return { ok: false, cause, code: 'InvalidIfaceAssign' };
    cause = '';
  }
  if (vu.kind === TypeKind.Interface && vp === null && implementsCause(c, t, v, false) === '') {
    return { ok: false, cause: 'need type assertion', code: 'IncompatibleAssign' };
  }
  // Spec: "V is a bidirectional channel, T is a channel type with the same element type, at least one is not named."
  if (vu.kind === TypeKind.Chan && vu.dir === ChanDir.SendRecv && tu.kind === TypeKind.Chan && identical(vu.elem, tu.elem)) {
    return !hasName(v) || !hasName(t) ? yes : { ok: false, cause: '', code: 'InvalidChanAssign' };
  }
  if (tp !== null && !hasName(v)) return toTypeParam(c, x, tp);
  if (vp !== null && !hasName(t)) return fromTypeParam(c, x, vp, t, origT);
  return no;
}

/** Spec: "x is not of named type, T is a type parameter, and x is assignable to each type in T's type set." */
function toTypeParam(c: Checker, x: Operand, tp: TypeParam): Verdict {
  let result = no;
  eachTerm(tp, (t) => {
    result = assignableTo(c, x, t);
    if (!result.ok) result = because(result, `cannot assign ${ts(c, x.type)} to ${ts(c, t)} (in ${ts(c, tp)})`);
    return result.ok;
  });
  return result;
}

/** Spec: "V is a type parameter, T is not a named type, and values of each type in V's type set are assignable to T." */
function fromTypeParam(c: Checker, x: Operand, vp: TypeParam, t: Type, origT: Type): Verdict {
  let result = no;
  const y = x.clone();
  eachTerm(vp, (v) => {
    y.type = v;
    result = assignableTo(c, y, t);
    if (!result.ok) result = because(result, `cannot assign ${ts(c, v)} (in ${ts(c, vp)}) to ${ts(c, origT)}`);
    return result.ok;
  });
  return result;
}

/** Puts a reason in front of that of a failed verdict. */
export function because(v: Verdict, msg: string): Verdict {
  return { ok: false, cause: v.cause === '' ? msg : `${msg}\n\t${v.cause}`, code: v.code };
}

/** Calls f with the types of p's terms until it returns false; false if there are none. */
export function eachTerm(p: TypeParam, f: (t: Type) => boolean): boolean {
  const u = under(p);
  if (u.kind !== TypeKind.Interface) return false;
  const s = typeSet(u);
  return hasTerms(s) && s.terms!.every((x) => f(x.type!));
}

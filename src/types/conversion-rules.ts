// Which values can be converted to which types (constants aside). Spec: "Conversions".
import type { Verdict } from './assignable.ts';
import { assignableTo, because, eachTerm } from './assignable.ts';
import type { Checker } from './checker.ts';
import { ts } from './errors.ts';
import type { Type, TypeParam, Under } from './model.ts';
import { BasicKind, TypeKind, unalias, under } from './model.ts';
import type { Operand } from './operand.ts';
import { isComplex, isInteger, isIntegerOrFloat, isString, isTypeParam } from './predicates.ts';
import { identical, identicalIgnoreTags } from './typeset.ts';
import { allowVersion } from './version.ts';

const yes: Verdict = { ok: true, cause: '', code: 'InvalidConversion' };
const no: Verdict = { ok: false, cause: '', code: 'InvalidConversion' };

/** Reports whether the non-constant x can be converted to t. */
export function convertibleTo(c: Checker, x: Operand, t: Type): Verdict {
  const a = assignableTo(c, x, t);
  if (a.ok) return yes;
  const origT = t;
  const v = unalias(x.type);
  t = unalias(t);
  const vp = v.kind === TypeKind.TypeParam ? v : null;
  const tp = t.kind === TypeKind.TypeParam ? t : null;
  const vu = under(v);
  const tu = under(t);
  if (vp === null && tp === null && identicalIgnoreTags(vu, tu)) return yes;
  if (v.kind === TypeKind.Pointer && t.kind === TypeKind.Pointer && !isTypeParam(v.elem) && !isTypeParam(t.elem)) {
    if (identicalIgnoreTags(under(v.elem), under(t.elem))) return yes;
  }
  if (basicConversion(vu, tu)) return yes;
  if (vu.kind === TypeKind.Slice) {
    const r = sliceConversion(c, vu.elem, tu);
    if (r !== null) return r;
  }
  if (vp === null && tp === null) return a.cause === '' ? no : { ok: false, cause: a.cause, code: 'InvalidConversion' };
  return typeParamConversion(c, x, vp, tp, t, origT, a.cause);
}

function basicConversion(vu: Under, tu: Under): boolean {
  if (isIntegerOrFloat(vu) && isIntegerOrFloat(tu)) return true;
  if (isComplex(vu) && isComplex(tu)) return true;
  if (isString(tu) && (isInteger(vu) || isBytesOrRunes(vu))) return true;
  if (isString(vu) && isBytesOrRunes(tu)) return true;
  if (isKind(tu, BasicKind.UnsafePointer)) return vu.kind === TypeKind.Pointer || isKind(vu, BasicKind.Uintptr);
  if (isKind(vu, BasicKind.UnsafePointer)) return tu.kind === TypeKind.Pointer || isKind(tu, BasicKind.Uintptr);
  return false;
}

function isKind(u: Under, kind: BasicKind): boolean {
  return u.kind === TypeKind.Basic && u.basic === kind;
}

/** Reports whether t's underlying type is []byte or []rune (or of types that have those as underlying types). */
export function isBytesOrRunes(t: Type): boolean {
  const u = under(t);
  if (u.kind !== TypeKind.Slice) return false;
  const e = under(u.elem);
  return e.kind === TypeKind.Basic && (e.basic === BasicKind.Uint8 || e.basic === BasicKind.Int32);
}

/** Slice to array or array pointer; null if it is neither. */
function sliceConversion(c: Checker, elem: Type, tu: Under): Verdict | null {
  if (tu.kind === TypeKind.Array && identical(elem, tu.elem)) {
    return allowVersion(c, 20)
      ? yes
      : { ok: false, cause: 'conversion of slice to array requires go1.20 or later', code: 'InvalidConversion' };
  }
  if (tu.kind !== TypeKind.Pointer) return null;
  const a = under(tu.elem);
  if (a.kind !== TypeKind.Array || !identical(elem, a.elem)) return null;
  return allowVersion(c, 17)
    ? yes
    : { ok: false, cause: 'conversion of slice to array pointer requires go1.17 or later', code: 'InvalidConversion' };
}

/** Spec: "If the type of x or T are type parameters ... x can be converted if each ..." */
function typeParamConversion(
  c: Checker,
  x: Operand,
  vp: TypeParam | null,
  tp: TypeParam | null,
  t: Type,
  origT: Type,
  cause: string,
): Verdict {
  // A reason found on the way stands until a later one takes its place.
  let result: Verdict = cause === '' ? no : { ok: false, cause, code: 'InvalidConversion' };
  const y = x.clone();
  const convert = (to: Type, msg: () => string): boolean => {
    const r = convertibleTo(c, y, to);
    if (!r.ok) result = because(r.cause === '' ? result : r, msg());
    return r.ok;
  };
  const toEach = (from: string): boolean =>
    eachTerm(tp!, (tt) => convert(tt, () => `cannot convert ${from} to type ${ts(c, tt)} (in ${ts(c, tp!)})`));
  if (vp === null) return toEach(ts(c, x.type)) ? yes : result;
  const ok = eachTerm(vp, (v) => {
    y.type = v;
    const from = `${ts(c, v)} (in ${ts(c, vp)})`;
    if (tp !== null) return toEach(from);
    return convert(t, () => `cannot convert ${from} to type ${ts(c, origT)}`);
  });
  return ok ? yes : result;
}

// Questions about types that need no checker: what kind of basic type it is, whether it has a name, a nil, a default type.
import type { Type, TypeParam, Under } from './model.ts';
import { BasicInfo as I, BasicKind, TypeKind, asNamed, invalidType, unalias, under } from './model.ts';
import { isEmptySet, typeSet } from './typeset.ts';
import { Typ, universeRune } from './universe.ts';

/** Reports whether t is not the invalid type. */
export function isValid(t: Type): boolean {
  return t === null || unalias(t) !== invalidType();
}

// ---- for type parameters these are false

export function isBasic(t: Type, info: number): boolean {
  const u = t.kind === TypeKind.Basic ? t : under(t);
  return u.kind === TypeKind.Basic && (u.info & info) !== 0;
}
export function isBoolean(t: Type): boolean {
  return isBasic(t, I.IsBoolean);
}
export function isInteger(t: Type): boolean {
  return isBasic(t, I.IsInteger);
}
export function isUnsigned(t: Type): boolean {
  return isBasic(t, I.IsUnsigned);
}
export function isFloat(t: Type): boolean {
  return isBasic(t, I.IsFloat);
}
export function isComplex(t: Type): boolean {
  return isBasic(t, I.IsComplex);
}
export function isNumeric(t: Type): boolean {
  return isBasic(t, I.IsNumeric);
}
export function isString(t: Type): boolean {
  return isBasic(t, I.IsString);
}
export function isIntegerOrFloat(t: Type): boolean {
  return isBasic(t, I.IsInteger | I.IsFloat);
}
export function isConstType(t: Type): boolean {
  return isBasic(t, I.IsConstType);
}

// ---- for a type parameter these are true if they are for all types of its type set

export function allBasic(t: Type, info: number): boolean {
  const a = unalias(t);
  if (a.kind !== TypeKind.TypeParam) return isBasic(a, info);
  return allTermsBasic(a, info);
}

/** Apart from allBasic, so that only type parameters pay for the closure. */
function allTermsBasic(p: TypeParam, info: number): boolean {
  const u = under(p);
  if (u.kind !== TypeKind.Interface) return false;
  const terms = typeSet(u).terms;
  return terms !== null && terms.length > 0 && terms.every((x) => isBasic(x.type!, info));
}

export function allBoolean(t: Type): boolean {
  return allBasic(t, I.IsBoolean);
}
export function allInteger(t: Type): boolean {
  return allBasic(t, I.IsInteger);
}
export function allUnsigned(t: Type): boolean {
  return allBasic(t, I.IsUnsigned);
}
export function allNumeric(t: Type): boolean {
  return allBasic(t, I.IsNumeric);
}
export function allString(t: Type): boolean {
  return allBasic(t, I.IsString);
}
export function allOrdered(t: Type): boolean {
  return allBasic(t, I.IsOrdered);
}
export function allNumericOrString(t: Type): boolean {
  return allBasic(t, I.IsNumeric | I.IsString);
}

/** Reports whether t is a predeclared type, a defined type or a type parameter. */
export function hasName(t: Type): boolean {
  const k = unalias(t).kind;
  return k === TypeKind.Basic || k === TypeKind.Named || k === TypeKind.TypeParam;
}

/** Reports whether t is neither a defined type nor a type parameter. */
export function isTypeLit(t: Type): boolean {
  const k = unalias(t).kind;
  return k !== TypeKind.Named && k !== TypeKind.TypeParam;
}

/** Reports whether t is not the type of an untyped constant or nil. */
export function isTyped(t: Type): boolean {
  return t.kind !== TypeKind.Basic || (t.info & I.IsUntyped) === 0;
}
export function isUntyped(t: Type): boolean {
  return t.kind === TypeKind.Basic && (t.info & I.IsUntyped) !== 0;
}
export function isUntypedNumeric(t: Type): boolean {
  return t.kind === TypeKind.Basic && (t.info & I.IsUntyped) !== 0 && (t.info & I.IsNumeric) !== 0;
}

/** Reports whether t's underlying type is an interface: true for type parameters as well. */
export function isInterface(t: Type): boolean {
  return under(t).kind === TypeKind.Interface;
}
export function isNonTypeParamInterface(t: Type): boolean {
  return !isTypeParam(t) && isInterface(t);
}
export function isTypeParam(t: Type): boolean {
  return unalias(t).kind === TypeKind.TypeParam;
}
export function isPointer(t: Type): boolean {
  return under(t).kind === TypeKind.Pointer;
}

/** Reports whether t is a type parameter with an empty type set. */
export function hasEmptyTypeset(t: Type): boolean {
  const p = unalias(t);
  if (p.kind !== TypeKind.TypeParam || p.bound === null) return false;
  const u = under(p.bound);
  return u.kind === TypeKind.Interface && u.tset !== null && isEmptySet(u.tset);
}

/** Reports whether t is a generic type without type arguments. */
export function isGeneric(t: Type): boolean {
  if (t === null) return false;
  if (t.kind === TypeKind.Alias && t.tparams.length > 0 && t.targs.length === 0) return true;
  const n = t.kind === TypeKind.Named ? t : t.kind === TypeKind.Alias ? asNamed(t) : null;
  return n !== null && n.inst === null && n.tparams.length > 0;
}

/** Reports whether t has the value nil; a type parameter if all types of its set do. */
export function hasNil(t: Type): boolean {
  const u: Under = under(t);
  switch (u.kind) {
    case TypeKind.Basic:
      return u.basic === BasicKind.UnsafePointer;
    case TypeKind.Slice:
    case TypeKind.Pointer:
    case TypeKind.Signature:
    case TypeKind.Map:
    case TypeKind.Chan:
      return true;
    case TypeKind.Interface: {
      if (!isTypeParam(t)) return true;
      const terms = typeSet(u).terms;
      return terms !== null && terms.length > 0 && terms.every((x) => hasNil(under(x.type!)));
    }
    default:
      return false;
  }
}

/** Returns the type that an untyped constant of type t takes by default. */
export function defaultType(t: Type): Type {
  if (t.kind !== TypeKind.Basic) return t;
  switch (t.basic) {
    case BasicKind.UntypedBool:
      return Typ.bool;
    case BasicKind.UntypedInt:
      return Typ.int;
    case BasicKind.UntypedRune:
      return universeRune;
    case BasicKind.UntypedFloat:
      return Typ.float64;
    case BasicKind.UntypedComplex:
      return Typ.complex128;
    case BasicKind.UntypedString:
      return Typ.string;
    default:
      return t;
  }
}

/** Returns the larger of two untyped numeric types; x if they are the same; null if they don't go together. */
export function maxType(x: Type, y: Type): Type | null {
  if (x === y) return x;
  if (x.kind === TypeKind.Basic && y.kind === TypeKind.Basic && isUntypedNumeric(x) && isUntypedNumeric(y)) {
    return x.basic > y.basic ? x : y;
  }
  return null;
}

/** Returns the element type of a pointer type literal, or t itself. Does not look below defined types. */
export function deref(t: Type): { type: Type; isPtr: boolean } {
  const a = unalias(t);
  return a.kind === TypeKind.Pointer ? { type: a.elem, isPtr: true } : { type: t, isPtr: false };
}

/** Reports whether t's underlying type is a pointer to an interface (or to a type parameter). */
export function isInterfacePtr(t: Type): boolean {
  const u = under(t);
  return u.kind === TypeKind.Pointer && isInterface(u.elem);
}

/** Reports whether s is a name as the spec has it. */
export function isValidName(s: string): boolean {
  return /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(s);
}

// Conversions T(x), of constants above all; what non-constant values may become is in conversion-rules.ts.
import { toInt } from '../constant/convert.ts';
import { toString } from '../constant/format.ts';
import { runeBytes } from '../constant/text.ts';
import { Kind as VKind, makeString, type Value } from '../constant/value.ts';
import type { Checker } from './checker.ts';
import { representation } from './constants.ts';
import { convertibleTo, isBytesOrRunes } from './conversion-rules.ts';
import { err, ts } from './errors.ts';
import { TypeKind, under, type Type } from './model.ts';
import { Mode, type Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { allString, defaultType, isConstType, isInteger, isNonTypeParamInterface, isString, isTypeParam, isUntyped } from './predicates.ts';
import { underIs } from './under.ts';
import { Typ } from './universe.ts';
import { updateExprType } from './untyped.ts';

/** The constant x as a t; null if that can't be. An integer becomes the string of that one rune. */
function constantAs(x: Operand, t: Type): Value | null {
  const u = under(t);
  if (u.kind !== TypeKind.Basic) return null;
  const v = representation(x.val!, u);
  if (v !== null) return v;
  if (!isInteger(x.type) || !isString(u)) return null;
  const n = x.val!.kind === VKind.Int ? x.val!.val : -1;
  return makeString(runeBytes(typeof n === 'number' ? n : -1));
}

/** Checks the conversion of x to t; the result is in x. */
export function conversion(c: Checker, x: Operand, t: Type): void {
  const constArg = x.mode === Mode.Constant;
  let ok = false;
  let cause = '';
  if (constArg && isConstType(t)) {
    const v = constantAs(x, t);
    if (v === null && isInteger(x.type) && isInteger(t)) {
      err(c, x, 'InvalidConversion', `constant ${toString(x.val!)} overflows ${ts(c, t)}`);
      x.mode = Mode.Invalid;
      return;
    }
    ok = v !== null;
    if (ok) x.val = v;
  } else if (constArg && isTypeParam(t)) {
    cause = typeParamCause(c, x, t);
    ok = cause === '';
    x.mode = Mode.Value;
  } else {
    const r = convertibleTo(c, x, t);
    ok = r.ok;
    cause = r.cause;
    if (ok) x.mode = Mode.Value;
  }
  if (!ok) {
    // gc shows an integer that is out of range as such, even if the constant is of another kind.
    const i = constArg && isInteger(t) ? toInt(x.val!) : null;
    if (i !== null && i.kind === VKind.Int && x.mode === Mode.Constant) x.val = i;
    err(c, x, 'InvalidConversion', `cannot convert ${operandString(c, x)} to type ${ts(c, t)}${cause === '' ? '' : ': ' + cause}`);
    x.mode = Mode.Invalid;
    return;
  }
  if (isUntyped(x.type)) updateExprType(c, x.expr!, finalType(x, t, constArg), true);
  x.type = t;
}

/** Why the constant x can't become each of the specific types of the type parameter t; '' if it can. */
function typeParamCause(c: Checker, x: Operand, t: Type): string {
  let cause = '';
  const ok = underIs(t, (u) => {
    if (u === null) {
      cause = `${ts(c, t)} does not contain specific types`;
      return false;
    }
    if ((isString(x.type) && isBytesOrRunes(u)) || constantAs(x, u) !== null) return true;
    const within = `(in ${ts(c, t)})`;
    if (isInteger(x.type) && isInteger(u)) cause = `constant ${toString(x.val!)} overflows ${ts(c, u)} ${within}`;
    else cause = `cannot convert ${operandString(c, x)} to type ${ts(c, u)} ${within}`;
    return false;
  });
  return ok ? '' : cause;
}

/** The type that an untyped argument has at run time before it is converted. */
function finalType(x: Operand, t: Type, constArg: boolean): Type {
  if (x.type === Typ.untypedNil) return t;
  if (isNonTypeParamInterface(t) || (constArg && !isConstType(t))) return defaultType(x.type);
  if (x.mode === Mode.Constant && isInteger(x.type) && allString(t)) return x.type;
  return t;
}

// Untyped expressions and how they get their types.
//
// Every expression's type is recorded as soon as it is known. An untyped one is recorded with its untyped type, and
// recorded again, down its tree, when the context fixes the type: "the type of 1 in var x int64 = 1 << s is int64". So
// what is recorded as untyped is exactly what may still change, and no table of pending expressions is needed; only the
// left operands of non-constant shifts are remembered in a set, as they must turn out to be integers.
import type { Value } from '../constant/value.ts';
import { Kind, type Expr } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import type { Checker } from './checker.ts';
import type { Code } from './codes.ts';
import { invalidConversion, representation, unrepresentableCode } from './constants.ts';
import { err, ts } from './errors.ts';
import { exprString } from '../syntax/expr-string.ts';
import { BasicKind, EMPTY_TUPLE, TypeKind, under, type Basic, type Type } from './model.ts';
import { Mode, Operand } from './operand.ts';
import {
  allBoolean,
  allInteger,
  allNumeric,
  allString,
  defaultType,
  hasNil,
  isBoolean,
  isNonTypeParamInterface,
  isNumeric,
  isPointer,
  isString,
  isTypeParam,
  isTyped,
  isUntyped,
  isValid,
  maxType,
} from './predicates.ts';
import { isEmptyInterface } from './typeset.ts';
import { underIs } from './under.ts';

/** Records what was found out about x.expr. */
export function record(c: Checker, x: Operand): void {
  switch (x.mode) {
    case Mode.Invalid:
      return;
    case Mode.NoValue:
      c.info.setType(x.expr!, x.mode, EMPTY_TUPLE, null);
      return;
    case Mode.Constant:
      c.info.setType(x.expr!, x.mode, x.type, x.val);
      return;
    default:
      c.info.setType(x.expr!, x.mode, x.type, null);
  }
}

/** Remembers that e, an untyped constant, is shifted by a non-constant count. */
export function markShiftOperand(c: Checker, e: Expr): void {
  const t = c.info.typeOf(e);
  if (t !== null && isUntyped(t)) c.shiftOperands.add(e);
}

/**
 * Updates the type of an untyped expression, and of the operands that share it. With `final`, or if t is typed, it is
 * the last word: a constant must then be representable by t, and the left operand of a shift must be an integer.
 */
export function updateExprType(c: Checker, e: Expr, t: Type, final: boolean): void {
  const info = c.info;
  const old = info.typeOf(e);
  // (Identifiers that the checker makes up have no record at all.)
  if (old == null || isTyped(old)) return;
  const val = info.valueOf(e);
  switch (e.kind) {
    case Kind.ParenExpr:
      updateExprType(c, e.x, t, final);
      break;
    case Kind.UnaryExpr:
      // The operands of constants are never materialized.
      if (val === null) updateExprType(c, e.x, t, final);
      break;
    case Kind.BinaryExpr:
      if (val !== null || isComparison(e.op)) break;
      updateExprType(c, e.x, t, final);
      if (!isShift(e.op)) updateExprType(c, e.y, t, final);
      break;
  }
  const mode = info.modeOf(e);
  if (!final && isUntyped(t)) {
    info.setType(e, mode, under(t), val);
    return;
  }
  if (c.shiftOperands.size > 0 && c.shiftOperands.delete(e) && !allInteger(t)) {
    err(c, e, 'InvalidShiftOperand', `invalid operation: shifted operand ${exprString(e)} (type ${ts(c, t)}) must be integer`);
    return;
  }
  if (val !== null && !isRepresentable(val, t)) {
    const x = new Operand();
    x.mode = mode;
    x.expr = e;
    x.type = old;
    x.val = val;
    // Recorded first: converting updates the record of x.expr again.
    info.setType(e, mode, t, val);
    convertUntyped(c, x, t);
    if (x.mode === Mode.Invalid) return;
    info.setType(e, mode, t, val);
    return;
  }
  info.setType(e, mode, t, val);
}

/** Whether t is a basic type that has the constant. */
function isRepresentable(val: Value, t: Type): boolean {
  const u = under(t);
  return u.kind === TypeKind.Basic && isTyped(u) && representation(val, u) !== null;
}

/** Updates the recorded value of an untyped expression. */
export function updateExprVal(c: Checker, e: Expr, val: Value): void {
  const t = c.info.typeOf(e);
  if (t != null && isUntyped(t)) c.info.setType(e, c.info.modeOf(e), t, val);
}

export function isShift(op: Token): boolean {
  return op === Token.Shl || op === Token.Shr;
}

export function isComparison(op: Token): boolean {
  return op >= Token.Eql && op <= Token.Geq;
}

/** What an untyped operand becomes in a context: its type and, for a constant, its value; or why it can't. */
export interface Implicit {
  /** null if there is no conversion. */
  type: Type | null;
  val: Value | null;
  code: Code | null;
}

const noConversion: Implicit = { type: null, val: null, code: 'InvalidUntypedConversion' };

/** The result of implicitTypeAndValue, used again by each call: nearly every constant asks for one. */
const implicit: Implicit = { type: null, val: null, code: null };

function becomes(type: Type | null, val: Value | null = null, code: Code | null = null): Implicit {
  implicit.type = type;
  implicit.val = val;
  implicit.code = code;
  return implicit;
}

/** Returns what the operand becomes where a `target` is expected. The result is valid until the next call. */
export function implicitTypeAndValue(c: Checker, x: Operand, target: Type): Implicit {
  if (x.mode === Mode.Invalid || isTyped(x.type) || !isValid(target)) return becomes(x.type);
  if (isUntyped(target)) {
    const m = maxType(x.type, target);
    return m === null ? noConversion : becomes(m);
  }
  if (x.mode === Mode.NilValue) return hasNil(target) ? becomes(target) : noConversion;
  const u = under(target);
  if (u.kind === TypeKind.Basic) return implicitBasic(x, target, u);
  if (u.kind !== TypeKind.Interface) return noConversion;
  if (isTypeParam(target)) return implicitTypeParam(c, x, target);
  // "values must have concrete dynamic types": the default type, and only for interfaces that all types implement.
  return isEmptyInterface(u) ? becomes(defaultType(x.type)) : noConversion;
}

function implicitTypeParam(c: Checker, x: Operand, target: Type): Implicit {
  const ok = underIs(target, (tu) => tu !== null && implicitTypeAndValue(c, x, tu).type !== null);
  return ok ? becomes(target) : noConversion;
}

function implicitBasic(x: Operand, target: Type, u: Basic): Implicit {
  if (x.mode === Mode.Constant) {
    const v = representation(x.val!, u);
    return v === null ? becomes(null, null, unrepresentableCode(x, u)) : becomes(target, v);
  }
  // Not constant: a comparison's bool, or a shift whose check is delayed.
  switch ((x.type as Basic).basic) {
    case BasicKind.UntypedBool:
      return isBoolean(target) ? becomes(target) : noConversion;
    case BasicKind.UntypedInt:
    case BasicKind.UntypedRune:
    case BasicKind.UntypedFloat:
    case BasicKind.UntypedComplex:
      return isNumeric(target) ? becomes(target) : noConversion;
    case BasicKind.UntypedString:
      return isString(target) ? becomes(target) : noConversion;
  }
  return noConversion;
}

/** Applies what implicitTypeAndValue gave. */
export function applyImplicit(c: Checker, x: Operand, { type, val }: Implicit): void {
  if (val !== null) {
    x.val = val;
    updateExprVal(c, x.expr!, val);
  }
  if (type !== null && type !== x.type) {
    x.type = type;
    updateExprType(c, x.expr!, type, false);
  }
}

/** Gives an untyped operand the target type; reports an error and invalidates x if that can't be. */
export function convertUntyped(c: Checker, x: Operand, target: Type): void {
  if (x.mode === Mode.Invalid || isTyped(x.type) || !isValid(target)) return;
  const imp = implicitTypeAndValue(c, x, target);
  if (imp.code !== null) {
    invalidConversion(c, imp.code, x, isTypeParam(target) ? target : under(target));
    x.mode = Mode.Invalid;
    return;
  }
  applyImplicit(c, x, imp);
}

/** Whether x or y may get the other's type at all; if not, a mismatch is reported rather than a failed conversion. */
function mayConvert(x: Operand, y: Operand): boolean {
  if (isTyped(x.type) && isTyped(y.type)) return false;
  if (allNumeric(x.type) !== allNumeric(y.type)) return false;
  if (isNonTypeParamInterface(x.type) || isNonTypeParamInterface(y.type)) return true;
  if (allBoolean(x.type) !== allBoolean(y.type)) return false;
  if (allString(x.type) !== allString(y.type)) return false;
  if (x.mode === Mode.NilValue) return hasNil(y.type);
  if (y.mode === Mode.NilValue) return hasNil(x.type);
  return !isPointer(x.type) && !isPointer(y.type);
}

/** Converts untyped operands to each other's types; an error invalidates x. */
export function matchTypes(c: Checker, x: Operand, y: Operand): void {
  if (!mayConvert(x, y)) return;
  convertUntyped(c, x, y.type);
  if (x.mode === Mode.Invalid) return;
  convertUntyped(c, y, x.type);
  if (y.mode === Mode.Invalid) x.mode = Mode.Invalid;
}

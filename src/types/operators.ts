// Operators: unary and binary expressions, shifts and comparisons. (Spec: Operators.)
// In: operand expressions. Out: the result in x, with its value if it is constant; x.mode is Invalid after an error.
import { imag, real, toInt } from '../constant/convert.ts';
import { toString } from '../constant/format.ts';
import { Op, binaryOp, compare, shift as shiftValue, unaryOp } from '../constant/ops.ts';
import { Kind as VKind, makeBool, sign, unknown, type IntValue, type Value } from '../constant/value.ts';
import { Kind, type BinaryExpr, type Expr, type UnaryExpr } from '../syntax/ast.ts';
import { Token, tokenText } from '../syntax/token.ts';
import { assignableTo } from './assignable.ts';
import type { Checker } from './checker.ts';
import type { Code } from './codes.ts';
import { integerBits, overflow, representable } from './constants.ts';
import { err, problemString, ts } from './errors.ts';
import { expr } from './values.ts';
import { exprString } from '../syntax/expr-string.ts';
import { ChanDir, Pointer, TypeKind, under, type Basic, type Chan, type Type } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { compositeKind, operandString } from './operand-string.ts';
import {
  allBoolean,
  allInteger,
  allNumeric,
  allNumericOrString,
  allOrdered,
  allUnsigned,
  defaultType,
  hasNil,
  isComplex,
  isInteger,
  isTypeParam,
  isUnsigned,
  isUntyped,
  isValid,
} from './predicates.ts';
import { comparable, comparableType, identical } from './typeset.ts';
import { commonUnder } from './under.ts';
import { Typ } from './universe.ts';
import { convertUntyped, isComparison, isShift, markShiftOperand, matchTypes, record, updateExprType } from './untyped.ts';
import { unparen } from './unparen.ts';
import { addressTaken } from './vars.ts';
import { allowVersion, verifyVersion } from './version.ts';

/** The constant operator of each binary token; -1 where there is none. */
const constOp: readonly number[] = makeConstOps();

function makeConstOps(): number[] {
  const t: number[] = new Array(70).fill(-1);
  t[Token.OrOr] = Op.LOr;
  t[Token.AndAnd] = Op.LAnd;
  t[Token.Eql] = Op.Eql;
  t[Token.Neq] = Op.Neq;
  t[Token.Lss] = Op.Lss;
  t[Token.Leq] = Op.Leq;
  t[Token.Gtr] = Op.Gtr;
  t[Token.Geq] = Op.Geq;
  t[Token.Add] = Op.Add;
  t[Token.Sub] = Op.Sub;
  t[Token.Or] = Op.Or;
  t[Token.Xor] = Op.Xor;
  t[Token.Mul] = Op.Mul;
  t[Token.Quo] = Op.Quo;
  t[Token.Rem] = Op.Rem;
  t[Token.And] = Op.And;
  t[Token.AndNot] = Op.AndNot;
  t[Token.Shl] = Op.Shl;
  t[Token.Shr] = Op.Shr;
  t[Token.Not] = Op.Not;
  return t;
}

function opFor(t: Token): Op {
  return constOp[t] as Op;
}

/** Which operands an operator is defined on; comparisons and shifts have rules of their own. */
function definedOn(op: Token, t: Type, isUnary: boolean): boolean {
  switch (op) {
    case Token.Add:
      return isUnary ? allNumeric(t) : allNumericOrString(t);
    case Token.Sub:
    case Token.Mul:
    case Token.Quo:
      return allNumeric(t);
    case Token.Rem:
    case Token.And:
    case Token.Or:
    case Token.Xor:
    case Token.AndNot:
      return allInteger(t);
    case Token.AndAnd:
    case Token.OrOr:
    case Token.Not:
      return allBoolean(t);
  }
  return false;
}

function checkDefined(c: Checker, x: Operand, op: Token, isUnary: boolean): boolean {
  if (definedOn(op, x.type, isUnary)) return true;
  err(c, x, 'UndefinedOp', `invalid operation: operator ${tokenText(op)} not defined on ${operandString(c, x)}`);
  x.mode = Mode.Invalid;
  return false;
}

/** The operator's position if e is an operation, else its start. */
function opPos(e: Expr | null): number {
  if (e === null) return 0;
  return e.kind === Kind.BinaryExpr ? e.opPos : e.pos;
}

/** Checks a unary expression other than *x. */
export function unary(c: Checker, x: Operand, e: UnaryExpr): void {
  expr(c, null, x, e.x);
  if (x.mode === Mode.Invalid) return;
  let op = e.op;
  switch (op) {
    case Token.And:
      return addressOf(c, x, e);
    case Token.Arrow:
      return receive(c, x);
    case Token.Tilde: {
      const isInt = allInteger(x.type);
      err(c, e, 'UndefinedOp', 'cannot use ~ outside of interface or type constraint' + (isInt ? ' (use ^ for bitwise complement)' : ''));
      if (!isInt) {
        x.mode = Mode.Invalid;
        return;
      }
      op = Token.Xor;
    }
  }
  if (!checkDefined(c, x, op, true)) return;
  if (x.mode !== Mode.Constant) {
    x.mode = Mode.Value;
    return;
  }
  if (x.val!.kind === VKind.Unknown) return;
  const bits = isUnsigned(x.type) ? integerBits(under(x.type) as Basic) : 0;
  x.val = unaryOp(opFor(op), x.val!, bits);
  x.expr = e;
  overflow(c, x, opPos(e));
}

function addressOf(c: Checker, x: Operand, e: UnaryExpr): void {
  // Spec: "As an exception to the addressability requirement, x may also be a (possibly parenthesized) composite literal."
  if (x.mode !== Mode.Variable && unparen(e.x).kind !== Kind.CompositeLit) {
    err(c, x, 'UnaddressableOperand', `invalid operation: cannot take address of ${operandString(c, x)}`);
    x.mode = Mode.Invalid;
    return;
  }
  addressTaken(c, e.x);
  x.mode = Mode.Value;
  x.type = new Pointer(x.type);
}

function receive(c: Checker, x: Operand): void {
  const elem = chanElem(c, x, x, true);
  if (elem === null) {
    x.mode = Mode.Invalid;
    return;
  }
  x.mode = Mode.CommaOk;
  x.type = elem;
  c.env.hasCallOrRecv = true;
}

/** Returns the element type of the channel x for a receive or a send; reports an error at `at` and returns null if there is none. */
export function chanElem(c: Checker, at: Operand | number, x: Operand, isReceive: boolean): Type | null {
  const forbidden = isReceive ? ChanDir.SendOnly : ChanDir.RecvOnly;
  const { type: u, problem } = commonUnder(x.type, (t, tu) => {
    if (tu === null) return { text: 'no specific channel type', types: [] };
    if (tu.kind !== TypeKind.Chan) return { text: 'non-channel %s', types: [t!] };
    if (tu.dir !== forbidden) return null;
    return { text: (isReceive ? 'send-only' : 'receive-only') + ' channel %s', types: [t!] };
  });
  if (u !== null) return (u as Chan).elem;
  const cause = problemString(c, problem!);
  const what = isReceive ? 'receive from' : 'send to';
  const xs = operandString(c, x);
  const detail = isTypeParam(x.type) ? `${xs}: ${cause}` : `${cause} ${xs}`;
  err(c, at, isReceive ? 'InvalidReceive' : 'InvalidSend', `invalid operation: cannot ${what} ${detail}`);
  return null;
}

/**
 * Checks lhs op rhs. e is the expression; null for an assignment operation, which can't be constant. A chain of operators
 * leans to the left and may be long (generated code joins thousands of strings): it is walked with a loop.
 */
export function binary(c: Checker, x: Operand, e: BinaryExpr | null, lhs: Expr, rhs: Expr, op: Token): void {
  const spine: BinaryExpr[] = [];
  let first = lhs;
  for (; first.kind === Kind.BinaryExpr; first = first.x) spine.push(first);
  expr(c, null, x, first);
  for (let i = spine.length - 1; i >= 0; i--) {
    const n = spine[i];
    combine(c, x, n, n.x, n.y, n.op);
    x.expr = n;
    if (x.mode === Mode.Invalid) x.type = Typ.invalid;
    record(c, x);
  }
  combine(c, x, e, lhs, rhs, op);
}

/** Applies op to x, the value of lhs, and the value of rhs. */
function combine(c: Checker, x: Operand, e: BinaryExpr | null, lhs: Expr, rhs: Expr, op: Token): void {
  const y = new Operand();
  expr(c, null, y, rhs);
  if (x.mode === Mode.Invalid) return;
  if (y.mode === Mode.Invalid) {
    x.mode = Mode.Invalid;
    x.expr = y.expr;
    return;
  }
  if (isShift(op)) return shift(c, x, y, e, op);
  matchTypes(c, x, y);
  if ((x.mode as Mode) === Mode.Invalid) return;
  if (isComparison(op)) return comparison(c, x, y, op, false);
  if (x.type !== y.type && !identical(x.type, y.type)) {
    if (isValid(x.type) && isValid(y.type)) {
      const text = e !== null ? exprString(e) : `${exprString(lhs)} ${tokenText(op)}= ${exprString(rhs)}`;
      err(c, x, 'MismatchedTypes', `invalid operation: ${text} (mismatched types ${ts(c, x.type)} and ${ts(c, y.type)})`);
    }
    x.mode = Mode.Invalid;
    return;
  }
  if (!checkDefined(c, x, op, false)) return;
  if ((op === Token.Quo || op === Token.Rem) && dividesByZero(x, y)) {
    err(c, y, 'DivByZero', 'invalid operation: division by zero');
    x.mode = Mode.Invalid;
    return;
  }
  if (x.mode === Mode.Constant && y.mode === Mode.Constant) foldBinary(c, x, y, e, op);
  else x.mode = Mode.Value;
}

function dividesByZero(x: Operand, y: Operand): boolean {
  if (y.mode !== Mode.Constant) return false;
  const v = y.val!;
  if (x.mode !== Mode.Constant) return allInteger(x.type) && sign(v) === 0 && v.kind !== VKind.Unknown;
  if (sign(v) === 0) return true;
  // The squares may underflow to zero where the parts do not.
  return isComplex(x.type) && isZeroSquare(real(v)) && isZeroSquare(imag(v));
}

function isZeroSquare(v: Value): boolean {
  return sign(binaryOp(v, Op.Mul, v)) === 0;
}

function foldBinary(c: Checker, x: Operand, y: Operand, e: BinaryExpr | null, op: Token): void {
  if (x.val!.kind === VKind.Unknown || y.val!.kind === VKind.Unknown) {
    x.val = unknown;
    return;
  }
  const cop = op === Token.Quo && isInteger(x.type) ? Op.IntQuo : opFor(op);
  x.val = binaryOp(x.val!, cop, y.val!);
  x.expr = e;
  overflow(c, x, opPos(e));
}

/** More than this no constant shift needs: it still expresses the smallest float64. */
const maxShift = 1023 - 1 + 52;

function shift(c: Checker, x: Operand, y: Operand, e: BinaryExpr | null, op: Token): void {
  const xval = x.mode === Mode.Constant ? toInt(x.val!) : null;
  if (!allInteger(x.type) && !(isUntyped(x.type) && xval !== null && xval.kind === VKind.Int)) return badShiftOperand(c, x);
  if (!checkShiftCount(c, y)) {
    x.mode = Mode.Invalid;
    return;
  }
  if (x.mode === Mode.Constant && y.mode === Mode.Constant) return constantShift(c, x, xval!, y, e, op);
  if (x.mode === Mode.Constant && isUntyped(x.type)) {
    // Spec: "If the left operand of a non-constant shift expression is an untyped constant, it is first implicitly converted
    // to the type it would assume if the shift expression were replaced by its left operand alone." Wait for that type.
    markShiftOperand(c, x.expr!);
    x.mode = Mode.Value;
    return;
  }
  if (!allInteger(x.type)) return badShiftOperand(c, x);
  if (y.mode === Mode.Constant && !allInteger(y.type) && !isUntyped(y.type)) return nonIntegerCount(c, x, y, e, op);
  x.mode = Mode.Value;
}

/** gc accepts 1 << float64(2) but not i << float64(2), and says so in other words. */
function nonIntegerCount(c: Checker, x: Operand, y: Operand, e: BinaryExpr | null, op: Token): void {
  const text = `${exprString(x.expr!)} ${tokenText(op)} ${toString(y.val!)}`;
  err(c, e === null ? y : e.opPos, 'InvalidShiftCount', `invalid operation: ${text} (shift count type ${ts(c, y.type)}, must be integer)`);
  x.mode = Mode.Invalid;
}

function badShiftOperand(c: Checker, x: Operand): void {
  err(c, x, 'InvalidShiftOperand', `invalid operation: shifted operand ${operandString(c, x)} must be integer`);
  x.mode = Mode.Invalid;
}

/** Spec: "The right operand in a shift expression must have integer type or be an untyped constant representable by uint." */
function checkShiftCount(c: Checker, y: Operand): boolean {
  if (y.mode === Mode.Constant) {
    const n = toInt(y.val!);
    if (n.kind === VKind.Int && sign(n) < 0) {
      err(c, y, 'InvalidShiftCount', `invalid operation: negative shift count ${operandString(c, y)}`);
      return false;
    }
    if (isUntyped(y.type)) {
      representable(c, y, Typ.uint);
      return (y.mode as Mode) !== Mode.Invalid;
    }
    // A typed constant of a float type is let through here; see nonIntegerCount.
    return true;
  } else if (allInteger(y.type)) {
    return (
      allUnsigned(y.type) || allowVersion(c, 13) || verifyVersion(c, y, 13, `invalid operation: signed shift count ${operandString(c, y)}`)
    );
  } else if (isUntyped(y.type)) {
    convertUntyped(c, y, Typ.uint);
    return (y.mode as Mode) !== Mode.Invalid;
  }
  err(c, y, 'InvalidShiftCount', `invalid operation: shift count ${operandString(c, y)} must be integer`);
  return false;
}

function constantShift(c: Checker, x: Operand, xval: Value, y: Operand, e: BinaryExpr | null, op: Token): void {
  // The operand may be a float such as 2.0: the result is an integer in any case.
  const toInteger = (): void => {
    if (!isInteger(x.type)) x.type = Typ.untypedInt;
  };
  if (x.val!.kind === VKind.Unknown || y.val!.kind === VKind.Unknown) {
    x.val = unknown;
    toInteger();
    return;
  }
  const n = (toInt(y.val!) as IntValue).val;
  if (typeof n === 'bigint' || n > maxShift) {
    err(c, y, 'InvalidShiftCount', `invalid operation: invalid shift count ${operandString(c, y)}`);
    x.mode = Mode.Invalid;
    return;
  }
  toInteger();
  x.val = shiftValue(xval, opFor(op), n);
  x.expr = e;
  overflow(c, x, opPos(e));
}

/** An operand at fault, why, and the code. */
interface Fault {
  readonly at: Operand;
  readonly code: Code;
  readonly cause: string;
}

/** Checks the comparison x op y; for a switch case, x is the case and op is ==. The result is an untyped bool in x. */
export function comparison(c: Checker, x: Operand, y: Operand, op: Token, isCase: boolean): void {
  if (!isValid(x.type) || !isValid(y.type)) {
    x.mode = Mode.Invalid;
    return;
  }
  if (isCase) op = Token.Eql;
  const fault = comparisonFault(c, x, y, op);
  if (fault !== null) {
    reportComparison(c, x, y, op, fault, isCase);
    x.mode = Mode.Invalid;
    return;
  }
  if (x.mode === Mode.Constant && y.mode === Mode.Constant) {
    x.val = makeBool(compare(x.val!, opFor(op), y.val!));
  } else {
    x.mode = Mode.Value;
    // The operands are materialized: their types are final.
    if (isUntyped(x.type)) updateExprType(c, x.expr!, defaultType(x.type), true);
    if (isUntyped(y.type)) updateExprType(c, y.expr!, defaultType(y.type), true);
  }
  x.type = Typ.untypedBool;
}

function comparisonFault(c: Checker, x: Operand, y: Operand, op: Token): Fault | null {
  // Spec: "In any comparison, the first operand must be assignable to the type of the second operand, or vice versa."
  if (x.type !== y.type && !assignableTo(c, x, y.type).ok && !assignableTo(c, y, x.type).ok) {
    return { at: y, code: 'MismatchedTypes', cause: `mismatched types ${ts(c, x.type)} and ${ts(c, y.type)}` };
  }
  if (op !== Token.Eql && op !== Token.Neq) {
    if (!allOrdered(x.type)) return { at: x, code: 'UndefinedOp', cause: '' };
    return allOrdered(y.type) ? null : { at: y, code: 'UndefinedOp', cause: '' };
  }
  if (x.mode === Mode.NilValue || y.mode === Mode.NilValue) {
    const t = x.mode === Mode.NilValue ? y.type : x.type;
    return hasNil(t) ? null : { at: y, code: 'UndefinedOp', cause: '' };
  }
  if (!comparable(x.type)) return { at: x, code: 'UndefinedOp', cause: incomparableCause(c, x.type) };
  return comparable(y.type) ? null : { at: y, code: 'UndefinedOp', cause: incomparableCause(c, y.type) };
}

/** Returns why t can't be compared; '' if there is nothing to add. */
export function incomparableCause(c: Checker, t: Type): string {
  switch (under(t).kind) {
    case TypeKind.Slice:
    case TypeKind.Signature:
    case TypeKind.Map:
      return compositeKind(t) + ' can only be compared to nil';
  }
  const p = comparableType(t, true);
  return p === null ? '' : problemString(c, p);
}

function reportComparison(c: Checker, x: Operand, y: Operand, op: Token, f: Fault, isCase: boolean): void {
  let { at, cause } = f;
  if (cause === '') {
    if (isTypeParam(x.type) || isTypeParam(y.type)) {
      if (!isTypeParam(x.type)) at = y;
      cause = `type parameter ${ts(c, at.type)} cannot use operator ${tokenText(op)}`;
    } else {
      cause = `operator ${tokenText(op)} not defined on ${compositeKind(at.type) || ts(c, at.type)}`;
    }
  }
  const xs = exprString(x.expr!),
    ys = exprString(y.expr!);
  if (isCase) err(c, x, f.code, `invalid case ${xs} in switch on ${ys} (${cause})`);
  else err(c, at, f.code, `invalid operation: ${xs} ${tokenText(op)} ${ys} (${cause})`);
}

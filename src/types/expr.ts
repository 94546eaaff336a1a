// Expressions: the dispatch over their kinds, and the forms in which other rules ask for them.
//
// All check an expression e into an operand x that the caller owns. After an error x.mode is Invalid and the error has been
// reported. What is found out is recorded in c.info as soon as it is known (untyped.ts tells how untyped types change).
import { Kind, type CallExpr, type Expr, type StarExpr, type TypeAssertExpr } from '../syntax/ast.ts';
import { callExpr, genericInst } from './call.ts';
import type { Checker, Target } from './checker.ts';
import type { Code } from './codes.ts';
import { finiteSize } from './cycles.ts';
import { err, ts } from './errors.ts';
import { exprString } from './exprstring.ts';
import { indexExpr } from './index.ts';
import { basicLit, compositeLit, funcLit } from './literals.ts';
import { assertableCause } from './lookup.ts';
import { Pointer, TypeKind, under, type Type, type Var } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { binary, unary } from './operators.ts';
import { operandString } from './operand-string.ts';
import { identical, isGeneric, isTypeParam, isValid } from './predicates.ts';
import { selector } from './selector.ts';
import { sliceExpr } from './slice.ts';
import { ident, typ, validVarType, varType } from './typexpr.ts';
import { underIs } from './under.ts';
import { Typ } from './universe.ts';
import { record } from './untyped.ts';
import { Token } from '../syntax/token.ts';

/** What an expression is in statement context: conversions and plain expressions are not statements. */
export const ExprKind = { Conversion: 0, Expression: 1, Statement: 2 } as const;
export type ExprKind = (typeof ExprKind)[keyof typeof ExprKind];

/** The target for a variable of type t described by desc; null unless t is a function type. */
export function newTarget(t: Type | null, desc: string): Target | null {
  if (t === null) return null;
  const u = under(t);
  return u.kind === TypeKind.Signature ? { sig: u, desc } : null;
}

/** Deeper nesting than this is refused, before the host's stack ends. */
const maxDepth = 2500;

/**
 * Checks e, which may be anything. A target helps to infer the type arguments of a generic function; hint is the type of a
 * composite literal's element whose own type is omitted; allowGeneric lets uninstantiated functions and types pass.
 */
export function rawExpr(c: Checker, target: Target | null, x: Operand, e: Expr, hint: Type | null, allowGeneric: boolean): ExprKind {
  x.mode = Mode.Invalid;
  x.type = Typ.invalid;
  x.expr = e;
  if (c.depth > maxDepth) {
    err(c, e, 'InvalidSyntaxTree', 'expression nests too deeply');
    return ExprKind.Statement;
  }
  c.depth++;
  let kind = exprInternal(c, target, x, e, hint);
  c.depth--;
  if (x.mode > Mode.NoValue) {
    if (!allowGeneric) nonGeneric(c, target, x);
    if (x.mode > Mode.NoValue && !finiteSize(c, x.type)) invalidate(x);
  }
  if ((x.mode as Mode) === Mode.Invalid) kind = ExprKind.Statement;
  record(c, x);
  return kind;
}

function invalidate(x: Operand): void {
  x.mode = Mode.Invalid;
  x.type = Typ.invalid;
}

/** Reports a generic type or function that is not instantiated, unless the target tells its type arguments. */
export function nonGeneric(c: Checker, target: Target | null, x: Operand): void {
  if (x.mode === Mode.Invalid || x.mode === Mode.NoValue) return;
  let what = '';
  switch (x.type.kind) {
    case TypeKind.Alias:
    case TypeKind.Named:
      if (isGeneric(x.type)) what = 'type';
      break;
    case TypeKind.Signature:
      if (x.type.tparams.length === 0) break;
      if (target !== null) {
        genericInst(c, target, x);
        return;
      }
      what = 'function';
  }
  if (what === '') return;
  err(c, x.expr!, 'WrongTypeArgCount', `cannot use generic ${what} ${exprString(x.expr!)} without instantiation`);
  invalidate(x);
}

function exprInternal(c: Checker, target: Target | null, x: Operand, e: Expr, hint: Type | null): ExprKind {
  switch (e.kind) {
    case Kind.Ident:
      ident(c, x, e, false);
      break;
    case Kind.BasicLit:
      basicLit(c, x, e);
      break;
    case Kind.FuncLit:
      funcLit(c, x, e);
      break;
    case Kind.CompositeLit:
      compositeLit(c, x, e, hint);
      break;
    case Kind.ParenExpr: {
      // Inference does not look through parentheses: no target.
      const kind = rawExpr(c, null, x, e.x, null, false);
      x.expr = e;
      return kind;
    }
    case Kind.SelectorExpr:
      selector(c, x, e, null, false);
      break;
    case Kind.IndexExpr:
      if (indexExpr(c, x, e)) genericInst(c, target, x, e);
      break;
    case Kind.SliceExpr:
      sliceExpr(c, x, e);
      break;
    case Kind.TypeAssertExpr:
      typeAssertExpr(c, x, e);
      break;
    case Kind.CallExpr:
      return callExpr(c, x, e as CallExpr);
    case Kind.StarExpr:
      starExpr(c, x, e);
      break;
    case Kind.UnaryExpr:
      unary(c, x, e);
      x.expr = e;
      return e.op === Token.Arrow ? ExprKind.Statement : ExprKind.Expression;
    case Kind.BinaryExpr:
      binary(c, x, e, e.x, e.y, e.op);
      break;
    case Kind.ArrayType:
    case Kind.StructType:
    case Kind.FuncType:
    case Kind.InterfaceType:
    case Kind.MapType:
    case Kind.ChanType:
      x.mode = Mode.TypeExpr;
      x.type = typ(c, e);
      break;
    case Kind.KeyValueExpr:
      err(c, e, 'InvalidSyntaxTree', 'no key:value expected');
      break;
    case Kind.Ellipsis:
      err(c, e, 'InvalidSyntaxTree', 'invalid use of ...');
      break;
    case Kind.BadExpr:
      break; // reported by the parser
  }
  x.expr = e;
  return ExprKind.Expression;
}

/** *x: an indirection, or a pointer type. */
function starExpr(c: Checker, x: Operand, e: StarExpr): void {
  exprOrType(c, x, e.x, false);
  if (x.mode === Mode.Invalid) return;
  if (x.mode === Mode.TypeExpr) {
    validVarType(c, e.x, x.type);
    x.type = new Pointer(x.type);
    return;
  }
  let base: Type | null = null;
  const ok = underIs(x.type, (u) => {
    if (u === null || u.kind !== TypeKind.Pointer) {
      err(c, x, 'InvalidIndirection', `invalid operation: cannot indirect ${operandString(c, x)}`);
      return false;
    }
    if (base !== null && !identical(u.elem, base)) {
      err(c, x, 'InvalidIndirection', `invalid operation: pointers of ${operandString(c, x)} must have identical base types`);
      return false;
    }
    base = u.elem;
    return true;
  });
  if (!ok) {
    x.mode = Mode.Invalid;
    return;
  }
  x.mode = Mode.Variable;
  x.type = base!;
}

/** x.(T) */
function typeAssertExpr(c: Checker, x: Operand, e: TypeAssertExpr): void {
  expr(c, null, x, e.x);
  if (x.mode === Mode.Invalid) return;
  const fail = (code: Code, message: string): void => {
    err(c, x, code, message);
    x.mode = Mode.Invalid;
  };
  if (e.type === null) return fail('InvalidSyntaxTree', 'invalid use of AssertExpr');
  if (isTypeParam(x.type)) {
    return fail('InvalidAssert', `invalid operation: cannot use type assertion on type parameter value ${operandString(c, x)}`);
  }
  if (under(x.type).kind !== TypeKind.Interface) return fail('InvalidAssert', `invalid operation: ${operandString(c, x)} is not an interface`);
  const t = varType(c, e.type);
  if (!isValid(t)) {
    x.mode = Mode.Invalid;
    return;
  }
  typeAssertion(c, e, x, t, false);
  x.mode = Mode.CommaOk;
  x.type = t;
}

/** Reports if the interface value x can't hold a t. */
export function typeAssertion(c: Checker, e: Expr, x: Operand, t: Type, isCase: boolean): void {
  const cause = assertableCause(c, x.type, t);
  if (cause === null) return;
  const es = exprString(e);
  const message = isCase
    ? `impossible type switch case: ${es}\n\t${operandString(c, x)} cannot have dynamic type ${ts(c, t)} ${cause}`
    : `impossible type assertion: ${es}\n\t${ts(c, t)} does not implement ${ts(c, x.type)} ${cause}`;
  err(c, e, 'ImpossibleAssert', message);
}

/** Checks e for a single value. */
export function expr(c: Checker, target: Target | null, x: Operand, e: Expr): void {
  rawExpr(c, target, x, e, null, false);
  needValue(c, x);
  singleValue(c, x);
}

/** Checks e for a single value, which may be an uninstantiated generic function. */
export function genericExpr(c: Checker, x: Operand, e: Expr): void {
  rawExpr(c, null, x, e, null, true);
  needValue(c, x);
  singleValue(c, x);
}

/** Checks e for a single value; hint is the type of a composite literal without one. */
export function exprWithHint(c: Checker, x: Operand, e: Expr, hint: Type): void {
  rawExpr(c, null, x, e, hint, false);
  needValue(c, x);
  singleValue(c, x);
}

/** Checks e for a single value, a type or a predeclared function. */
export function exprOrType(c: Checker, x: Operand, e: Expr, allowGeneric: boolean): void {
  rawExpr(c, null, x, e, null, allowGeneric);
  if (x.mode === Mode.NoValue) exclude(c, x, 'TooManyValues', 'used as value or type');
  singleValue(c, x);
}

/** The operands that a tuple-valued expression e stands for. */
export function unpackTuple(e: Expr, vars: readonly Var[]): Operand[] {
  return vars.map((v) => {
    const x = new Operand();
    x.mode = Mode.Value;
    x.expr = e;
    x.type = v.type;
    return x;
  });
}

/** The values of an expression; `commaOk` tells that the second is the added bool of a map index, receive or assertion. */
export interface Values {
  readonly list: Operand[];
  readonly commaOk: boolean;
}

/** Checks e for one or more values. With allowCommaOk a comma-ok form gives two. */
export function multiExpr(c: Checker, e: Expr, allowCommaOk: boolean): Values {
  const x = new Operand();
  rawExpr(c, null, x, e, null, false);
  needValue(c, x);
  if (x.mode !== Mode.Invalid && x.type.kind === TypeKind.Tuple) return { list: unpackTuple(e, x.type.vars), commaOk: false };
  if (!allowCommaOk || (x.mode !== Mode.MapIndex && x.mode !== Mode.CommaOk)) return { list: [x], commaOk: false };
  const ok = new Operand();
  ok.mode = Mode.Value;
  ok.expr = e;
  ok.type = Typ.untypedBool;
  return { list: [x, ok], commaOk: true };
}

/** Reports an operand that is no value. */
export function needValue(c: Checker, x: Operand): void {
  switch (x.mode) {
    case Mode.NoValue: return exclude(c, x, 'TooManyValues', 'used as value');
    case Mode.Builtin: return exclude(c, x, 'UncalledBuiltin', 'must be called');
    case Mode.TypeExpr: return exclude(c, x, 'NotAnExpr', 'is not an expression');
  }
}

/** Reports what is wrong with an operand and invalidates it. */
export function exclude(c: Checker, x: Operand, code: Code, what: string): void {
  err(c, x, code, `${operandString(c, x)} ${what}`);
  x.mode = Mode.Invalid;
}

/** Reports a multi-valued operand. */
export function singleValue(c: Checker, x: Operand): void {
  if (x.mode !== Mode.Value || x.type.kind !== TypeKind.Tuple) return;
  err(c, x, 'TooManyValues', `multiple-value ${operandString(c, x)} in single-value context`);
  x.mode = Mode.Invalid;
}

// The forms in which rules ask for an expression: one value, several values, a value or a type. They are below the rules for
// the expressions themselves (expr.ts), which they reach through c.rec.
import type { Expr } from '../syntax/ast.ts';
import type { Checker, Target } from './checker.ts';
import type { Code } from './codes.ts';
import { err } from './errors.ts';
import { TypeKind, under, type Type, type Var } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { Typ } from './universe.ts';

/** What an expression is in statement context: conversions and plain expressions are not statements. */
export const ExprKind = { Conversion: 0, Expression: 1, Statement: 2 } as const;
export type ExprKind = (typeof ExprKind)[keyof typeof ExprKind];

/** The target for a variable of type t described by desc; null unless t is a function type. */
export function newTarget(t: Type | null, desc: string): Target | null {
  if (t === null) return null;
  const u = under(t);
  return u.kind === TypeKind.Signature ? { sig: u, desc } : null;
}

/** Checks e for a single value. */
export function expr(c: Checker, target: Target | null, x: Operand, e: Expr): void {
  c.rec.rawExpr(c, target, x, e, null, false);
  needValue(c, x);
  singleValue(c, x);
}

/** Checks e for a single value, which may be an uninstantiated generic function. */
export function genericExpr(c: Checker, x: Operand, e: Expr): void {
  c.rec.rawExpr(c, null, x, e, null, true);
  needValue(c, x);
  singleValue(c, x);
}

/** Checks e for a single value; hint is the type of a composite literal without one. */
export function exprWithHint(c: Checker, x: Operand, e: Expr, hint: Type): void {
  c.rec.rawExpr(c, null, x, e, hint, false);
  needValue(c, x);
  singleValue(c, x);
}

/** Checks e for a single value, a type or a predeclared function. */
export function exprOrType(c: Checker, x: Operand, e: Expr, allowGeneric: boolean): void {
  c.rec.rawExpr(c, null, x, e, null, allowGeneric);
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
  c.rec.rawExpr(c, null, x, e, null, false);
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
    case Mode.NoValue:
      return exclude(c, x, 'TooManyValues', 'used as value');
    case Mode.Builtin:
      return exclude(c, x, 'UncalledBuiltin', 'must be called');
    case Mode.TypeExpr:
      return exclude(c, x, 'NotAnExpr', 'is not an expression');
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

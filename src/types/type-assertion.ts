// Type assertions, and what a type switch asserts of its cases. (Spec: Type assertions.)
import type { Expr } from '../syntax/ast.ts';
import { exprString } from '../syntax/expr-string.ts';
import type { Checker } from './checker.ts';
import { err, ts } from './errors.ts';
import { allMethodsCause } from './lookup.ts';
import type { Type } from './model.ts';
import type { Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { isInterface } from './predicates.ts';
import { identical } from './typeset.ts';

/** Reports if the interface value x can't hold a t. */
export function typeAssertion(c: Checker, e: Expr, x: Operand, t: Type, isCase: boolean): void {
  // Any interface may be satisfied by the dynamic type.
  if (isInterface(t)) return;
  const cause = allMethodsCause(c, t, x.type, false, identical);
  if (cause === '') return;
  const es = exprString(e);
  const message = isCase
    ? `impossible type switch case: ${es}\n\t${operandString(c, x)} cannot have dynamic type ${ts(c, t)} ${cause}`
    : `impossible type assertion: ${es}\n\t${ts(c, t)} does not implement ${ts(c, x.type)} ${cause}`;
  err(c, e, 'ImpossibleAssert', message);
}

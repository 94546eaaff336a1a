// Parentheses around expressions don't count in most rules; this strips them.
import { Kind, type Expr } from '../syntax/ast.ts';

/** Returns e without enclosing parentheses. */
export function unparen(e: Expr): Expr {
  while (e.kind === Kind.ParenExpr) e = e.x;
  return e;
}

// The rule that a function with results must end in a terminating statement. (Spec: Terminating statements.)
import { Kind, type Stmt } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import type { Checker } from './checker.ts';
import { unparen } from './unparen.ts';

/** Reports whether s is terminating; label is that of s, '' if it has none. */
export function isTerminating(c: Checker, s: Stmt, label: string): boolean {
  switch (s.kind) {
    case Kind.LabeledStmt:
      return isTerminating(c, s.stmt, s.label.name);
    case Kind.ExprStmt: {
      const e = unparen(s.x);
      return e.kind === Kind.CallExpr && c.env.isPanic !== null && c.env.isPanic.has(e);
    }
    case Kind.ReturnStmt:
      return true;
    case Kind.BranchStmt:
      return s.tok === Token.Goto || s.tok === Token.Fallthrough;
    case Kind.BlockStmt:
      return endsTerminating(c, s.list);
    case Kind.IfStmt:
      return s.else !== null && isTerminating(c, s.body, '') && isTerminating(c, s.else, '');
    case Kind.SwitchStmt:
    case Kind.TypeSwitchStmt:
      return (
        s.clauses.some((cl) => cl.isDefault) && s.clauses.every((cl) => endsTerminating(c, cl.body) && !hasBreak(cl.body, label, true))
      );
    case Kind.SelectStmt:
      return s.clauses.every((cl) => endsTerminating(c, cl.body) && !hasBreak(cl.body, label, true));
    case Kind.ForStmt:
      return s.cond === null && !hasBreak(s.body.list, label, true);
  }
  return false;
}

function endsTerminating(c: Checker, list: readonly Stmt[]): boolean {
  let n = list.length;
  while (n > 0 && list[n - 1].kind === Kind.EmptyStmt) n--;
  return n > 0 && isTerminating(c, list[n - 1], '');
}

/** Reports whether a break in the list leaves the statement with that label; `implicit`, also one without a label. */
function hasBreak(list: readonly Stmt[], label: string, implicit: boolean): boolean {
  return list.some((s) => stmtHasBreak(s, label, implicit));
}

function stmtHasBreak(s: Stmt, label: string, implicit: boolean): boolean {
  switch (s.kind) {
    case Kind.LabeledStmt:
      return stmtHasBreak(s.stmt, label, implicit);
    case Kind.BranchStmt:
      if (s.tok !== Token.Break) return false;
      return s.label === null ? implicit : label !== '' && s.label.name === label;
    case Kind.BlockStmt:
      return hasBreak(s.list, label, implicit);
    case Kind.IfStmt:
      return hasBreak(s.body.list, label, implicit) || (s.else !== null && stmtHasBreak(s.else, label, implicit));
    // Inside these, a break without a label is theirs.
    case Kind.SwitchStmt:
    case Kind.TypeSwitchStmt:
      return label !== '' && s.clauses.some((cl) => hasBreak(cl.body, label, false));
    case Kind.SelectStmt:
      return label !== '' && s.clauses.some((cl) => hasBreak(cl.body, label, false));
    case Kind.ForStmt:
    case Kind.RangeStmt:
      return label !== '' && hasBreak(s.body.list, label, false);
  }
  return false;
}

// strict: what go/parser (hence gofmt) rejects as syntax while gc leaves it to the type checker. parseFile plus strict
// accept exactly the files that `gofmt -e` accepts, if errors of the codes that only gc has are not counted (codes.ts).
// A compile does not need this pass: the checker reports the same things in gc's words.

import { errorAt } from '../base/diagnostic.ts';
import type { DiagnosticSink } from '../base/diagnostic.ts';
import type { Pos } from '../base/pos.ts';
import { Kind } from './ast.ts';
import type { CommClause, Expr, File, Node } from './ast.ts';
import { Code } from './codes.ts';
import { unparen } from './parse-expr.ts';
import { Token } from './token.ts';
import { walk } from './walk.ts';

/** Reports what go/parser would reject in a file that parsed well. */
export function strict(file: File, sink: DiagnosticSink): void {
  const report = (pos: Pos, message: string): void => sink.report(errorAt(Code.strict, pos, message));
  walk(file, (n) => checkNode(n, report));
}

function checkNode(n: Node, report: (pos: Pos, message: string) => void): void {
  switch (n.kind) {
    case Kind.GoStmt: case Kind.DeferStmt:
      if (!isCallLike(n.call)) report(n.call.pos, `expression in ${n.kind === Kind.GoStmt ? 'go' : 'defer'} must be function call`);
      break;
    case Kind.RangeStmt:
      if (n.extra.length > 0) report(n.extra[n.extra.length - 1].pos, 'expected at most 2 expressions');
      break;
    case Kind.Field:
      if (n.tag !== null && n.tag.tok !== Token.String) report(n.tag.pos, `expected ';', found ${n.tag.value}`);
      break;
    case Kind.CommClause: {
      const message = commError(n);
      if (message !== '') report(n.pos, message);
      break;
    }
  }
}

function isCallLike(e: Expr): boolean {
  const x = unparen(e);
  return x.kind === Kind.CallExpr || x.kind === Kind.BadExpr;
}

/** What is wrong with the communication of a select case, "" if nothing: a send, an expression, or one value assigned to one or two. */
function commError(c: CommClause): string {
  const s = c.comm;
  if (s === null || s.kind === Kind.SendStmt || s.kind === Kind.ExprStmt) return '';
  if (s.kind !== Kind.AssignStmt || s.tok === Token.AssignOp) return "expected ':'";
  if (s.lhs.length > 2) return 'expected 1 or 2 expressions';
  return s.rhs.length === 1 ? '' : "expected ':'";
}

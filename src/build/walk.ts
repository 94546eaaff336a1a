// Looks through a function's statements before it is built: what defers, labels, and loops over functions it has.

import { Kind, type Expr, type RangeStmt, type Stmt } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';

/** The expression inside parentheses. */
export function unparen(e: Expr): Expr {
  while (e.kind === Kind.ParenExpr) e = e.x;
  return e;
}

/** What a body contains, function literals left out. */
export interface BodyFacts {
  defers: boolean;
  /** A defer statement or recover inside the body of a range statement matters only if that ranges over a function. */
  ranges: RangeStmt[];
  gotos: Set<string> | null;
  labels: Set<string> | null;
  returns: boolean;
}

export function bodyFacts(list: readonly Stmt[]): BodyFacts {
  const out: BodyFacts = { defers: false, ranges: [], gotos: null, labels: null, returns: false };
  walkList(list, out);
  return out;
}

function walkList(list: readonly Stmt[], out: BodyFacts): void {
  for (const s of list) walk(s, out);
}

function walk(s: Stmt, out: BodyFacts): void {
  switch (s.kind) {
    case Kind.DeferStmt: out.defers = true; return;
    case Kind.ReturnStmt: out.returns = true; return;
    case Kind.BlockStmt: walkList(s.list, out); return;
    case Kind.IfStmt:
      walkList(s.body.list, out);
      if (s.else !== null) walk(s.else, out);
      return;
    case Kind.ForStmt: walkList(s.body.list, out); return;
    case Kind.RangeStmt:
      out.ranges.push(s);
      walkList(s.body.list, out);
      return;
    case Kind.SwitchStmt: case Kind.TypeSwitchStmt: for (const c of s.clauses) walkList(c.body, out); return;
    case Kind.SelectStmt: for (const c of s.clauses) walkList(c.body, out); return;
    case Kind.LabeledStmt:
      (out.labels ??= new Set()).add(s.label.name);
      walk(s.stmt, out);
      return;
    case Kind.BranchStmt:
      if (s.tok === Token.Goto) (out.gotos ??= new Set()).add(s.label!.name);
  }
}

/** Labels declared in a list of statements, bodies of the given range statements left out. */
export function labelsOutside(list: readonly Stmt[], without: ReadonlySet<RangeStmt>): Set<string> {
  const out = new Set<string>();
  const visit = (l: readonly Stmt[]): void => { for (const s of l) one(s); };
  const one = (s: Stmt): void => {
    switch (s.kind) {
      case Kind.BlockStmt: visit(s.list); return;
      case Kind.IfStmt: visit(s.body.list); if (s.else !== null) one(s.else); return;
      case Kind.ForStmt: visit(s.body.list); return;
      case Kind.RangeStmt: if (!without.has(s)) visit(s.body.list); return;
      case Kind.SwitchStmt: case Kind.TypeSwitchStmt: for (const c of s.clauses) visit(c.body); return;
      case Kind.SelectStmt: for (const c of s.clauses) visit(c.body); return;
      case Kind.LabeledStmt: out.add(s.label.name); one(s.stmt);
    }
  };
  visit(list);
  return out;
}

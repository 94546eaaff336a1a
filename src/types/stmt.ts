// Function bodies and statements. (Spec: Statements.) Switches are in switch.ts, range clauses in range.ts, the rule of
// terminating statements in terminating.ts. Labels and branches are the parser's (syntax/branches.ts).
import type { Value } from '../constant/value.ts';
import {
  Kind,
  type AssignStmt,
  type BlockStmt,
  type CommClause,
  type Expr,
  type ExprStmt,
  type ForStmt,
  type IfStmt,
  type IncDecStmt,
  type ReturnStmt,
  type SelectStmt,
  type SendStmt,
  type Stmt,
} from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { Token, tokenText } from '../syntax/token.ts';
import { assignment } from './assignment.ts';
import { assignOperand, assignVars, initVars, shortVarDecl } from './assignments.ts';
import { closeScope, openScope, reportDefaults } from './block.ts';
import { newEnv, type Checker } from './checker.ts';
import { ErrorDesc, err, os, softErr, ts } from './errors.ts';
import { rawExpr } from './expr.ts';
import { exprString } from '../syntax/expr-string.ts';
import { ObjKind, VarKind, type DeclInfo, type Scope, type Signature, type Var } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { binary, chanElem } from './operators.ts';
import { operandString } from './operand-string.ts';
import { allBoolean, allNumeric } from './predicates.ts';
import { rangeStmt } from './range.ts';
import { switchStmt, typeSwitchStmt } from './switch.ts';
import { isTerminating } from './terminating.ts';
import { unparen } from './unparen.ts';
import { use } from './use.ts';
import { ExprKind, expr } from './values.ts';

/** Deeper nesting than this is refused, before the host's stack ends. */
const maxDepth = 2500;

/** Checks the body of a function or function literal in an environment of its own. */
export function funcBody(c: Checker, decl: DeclInfo | null, _name: string, sig: Signature, body: BlockStmt, iota: Value | null): void {
  const saved = c.env;
  const scope = sig.scope!;
  const env = newEnv(scope);
  env.decl = decl;
  env.version = saved.version;
  env.iota = iota;
  env.sig = sig;
  c.env = env;
  stmtList(c, body.list);
  if (sig.results.vars.length > 0 && !isTerminating(c, body, '')) err(c, body.rbrace, 'MissingReturn', 'missing return');
  unusedVars(c, scope);
  c.env = saved;
}

/** Spec: "A compiler may make it illegal to declare a variable inside a function body if the variable is never used." */
function unusedVars(c: Checker, scope: Scope): void {
  if (scope.elems !== null) {
    let unused: Var[] | null = null;
    for (const obj of scope.elems.values()) {
      if (obj.kind === ObjKind.Var && !obj.used && obj.varKind === VarKind.Local) (unused ??= []).push(obj);
    }
    if (unused !== null) {
      unused.sort((a, b) => a.pos - b.pos);
      for (const v of unused) softErr(c, v.pos, 'UnusedVar', `declared and not used: ${v.name}`);
    }
  }
  // Function literals see to their own scopes.
  for (const child of scope.children) if (!child.isFunc) unusedVars(c, child);
}

/** Checks a list of statements. */
export function stmtList(c: Checker, list: readonly Stmt[]): void {
  for (const s of list) stmt(c, s);
}

/** Checks a statement, and the bodies of function literals in it. */
export function stmt(c: Checker, s: Stmt): void {
  if (c.depth > maxDepth) {
    err(c, s, 'InvalidSyntaxTree', 'statement nests too deeply');
    return;
  }
  c.depth++;
  const top = c.delayedTop;
  stmtInternal(c, s);
  if (c.delayedTop > top) c.processDelayed(top);
  c.depth--;
}

function stmtInternal(c: Checker, s: Stmt): void {
  switch (s.kind) {
    case Kind.BadStmt:
    case Kind.EmptyStmt:
    case Kind.BranchStmt:
      return; // the parser has resolved branches and their labels
    case Kind.DeclStmt:
      return c.rec.declStmt(c, s.decl);
    case Kind.LabeledStmt:
      return stmt(c, s.stmt);
    case Kind.ExprStmt:
      return exprStmt(c, s);
    case Kind.SendStmt:
      return sendStmt(c, s);
    case Kind.IncDecStmt:
      return incDecStmt(c, s);
    case Kind.AssignStmt:
      return assignStmt(c, s);
    case Kind.GoStmt:
      return suspendedCall(c, 'go', s.call);
    case Kind.DeferStmt:
      return suspendedCall(c, 'defer', s.call);
    case Kind.ReturnStmt:
      return returnStmt(c, s);
    case Kind.BlockStmt:
      openScope(c, s, 'block');
      stmtList(c, s.list);
      return closeScope(c);
    case Kind.IfStmt:
      return ifStmt(c, s);
    case Kind.SwitchStmt:
      openScope(c, s, 'switch');
      if (s.init !== null) stmt(c, s.init);
      switchStmt(c, s, stmtList);
      return closeScope(c);
    case Kind.TypeSwitchStmt:
      openScope(c, s, 'switch');
      if (s.init !== null) stmt(c, s.init);
      typeSwitchStmt(c, s, stmtList);
      return closeScope(c);
    case Kind.SelectStmt:
      return selectStmt(c, s);
    case Kind.ForStmt:
      return forStmt(c, s);
    case Kind.RangeStmt:
      rangeStmt(c, s, stmt);
      return closeScope(c);
  }
}

/** Spec: "With the exception of specific built-in functions, function and method calls and receive operations can appear in
 * statement context." */
function exprStmt(c: Checker, s: ExprStmt): void {
  const x = new Operand();
  const kind = rawExpr(c, null, x, s.x, null, false);
  if (x.mode === Mode.Builtin) err(c, x, 'UncalledBuiltin', `${operandString(c, x)} must be called`);
  else if (x.mode === Mode.TypeExpr) err(c, x, 'NotAnExpr', `${operandString(c, x)} is not an expression`);
  else if (kind !== ExprKind.Statement) err(c, x, 'UnusedExpr', `${operandString(c, x)} is not used`);
}

function sendStmt(c: Checker, s: SendStmt): void {
  const ch = new Operand(),
    val = new Operand();
  expr(c, null, ch, s.chan);
  expr(c, null, val, s.value);
  if (ch.mode === Mode.Invalid || val.mode === Mode.Invalid) return;
  const elem = chanElem(c, s.pos, ch, false);
  if (elem !== null) assignment(c, val, elem, 'send');
}

function incDecStmt(c: Checker, s: IncDecStmt): void {
  const x = new Operand();
  expr(c, null, x, s.x);
  if (x.mode === Mode.Invalid) return;
  if (!allNumeric(x.type)) {
    const text = exprString(s.x) + (s.tok === Token.Inc ? '++' : '--');
    err(c, s.x, 'NonNumericIncDec', `invalid operation: ${text} (non-numeric type ${ts(c, x.type)})`);
    return;
  }
  assignOperand(c, s.x, x, 'assignment');
}

function assignStmt(c: Checker, s: AssignStmt): void {
  if (s.tok === Token.Define) return shortVarDecl(c, s.tokPos, s.lhs, s.rhs);
  if (s.tok === Token.Assign) return assignVars(c, s.lhs, s.rhs);
  if (s.lhs.length !== 1 || s.rhs.length !== 1) {
    err(c, s, 'MultiValAssignOp', `assignment operation ${tokenText(s.op)} requires single-valued expressions`);
    return;
  }
  const x = new Operand();
  binary(c, x, null, s.lhs[0], s.rhs[0], s.op);
  assignOperand(c, s.lhs[0], x, 'assignment');
}

/** The call of a go or defer statement. */
function suspendedCall(c: Checker, keyword: 'go' | 'defer', call: Expr): void {
  const code = keyword === 'go' ? 'InvalidGo' : 'InvalidDefer';
  if (call.kind !== Kind.CallExpr) {
    err(c, call, code, `expression in ${keyword} must be function call`);
    use(c, [call]);
    return;
  }
  const x = new Operand();
  const kind = rawExpr(c, null, x, call, null, false);
  if (kind === ExprKind.Statement) return;
  const isConversion = kind === ExprKind.Conversion;
  const problem = isConversion ? 'requires function call, not conversion' : 'discards result of';
  err(c, x, isConversion ? code : 'UnusedResults', `${keyword} ${problem} ${operandString(c, x)}`);
}

function returnStmt(c: Checker, s: ReturnStmt): void {
  const results = c.env.sig!.results.vars;
  if (s.results.length > 0 || results.length === 0 || results[0].name === '') return initVars(c, results, s.results, s);
  // Spec: "A compiler may disallow an empty expression list in a "return" statement if a different entity with the same name
  // as a result parameter is in scope at the place of the return."
  for (const v of results) {
    const alt = c.lookup(v.name);
    if (alt === null || alt === v) continue;
    new ErrorDesc(c, 'OutOfScopeResult')
      .add(s, `result parameter ${v.name} not in scope at return`)
      .add(alt, `inner declaration of ${os(c, v)}`)
      .report();
  }
}

function condition(c: Checker, e: Expr, what: 'if' | 'for'): void {
  const x = new Operand();
  expr(c, null, x, e);
  if (x.mode !== Mode.Invalid && !allBoolean(x.type)) err(c, e, 'InvalidCond', `non-boolean condition in ${what} statement`);
}

function ifStmt(c: Checker, s: IfStmt): void {
  openScope(c, s, 'if');
  if (s.init !== null) stmt(c, s.init);
  condition(c, s.cond, 'if');
  stmt(c, s.body);
  if (s.else !== null) stmt(c, s.else);
  closeScope(c);
}

function forStmt(c: Checker, s: ForStmt): void {
  openScope(c, s, 'for');
  if (s.init !== null) stmt(c, s.init);
  if (s.cond !== null) condition(c, s.cond, 'for');
  if (s.post !== null) {
    stmt(c, s.post);
    if (s.post.kind === Kind.AssignStmt && s.post.tok === Token.Define) use(c, s.post.lhs); // the parser has reported it
  }
  stmt(c, s.body);
  closeScope(c);
}

function selectStmt(c: Checker, s: SelectStmt): void {
  reportDefaults(
    c,
    s.clauses.filter((clause) => clause.comm === null),
  );
  for (const clause of s.clauses) {
    if (!isCommunication(clause)) {
      const message = 'select case must be send or receive (possibly with assignment)';
      const comm = clause.comm!;
      err(c, comm.kind === Kind.ExprStmt ? gcPos(comm) : comm, 'InvalidSelectCase', message);
      continue;
    }
    openScope(c, clause, 'case');
    if (clause.comm !== null) stmt(c, clause.comm);
    stmtList(c, clause.body);
    closeScope(c);
  }
}

function isCommunication(clause: CommClause): boolean {
  const s = clause.comm;
  if (s === null || s.kind === Kind.SendStmt) return true;
  let e: Expr;
  if (s.kind === Kind.ExprStmt) e = s.x;
  else if (s.kind === Kind.AssignStmt && s.rhs.length === 1) e = s.rhs[0];
  else return false;
  e = unparen(e);
  return e.kind === Kind.UnaryExpr && e.op === Token.Arrow;
}

// Initialization and assignment: x to a variable of type T, lists of them, short variable declarations. (Spec: Assignments.)
import { Kind, type Expr, type Stmt } from '../syntax/ast.ts';
import { exprString } from '../syntax/expr-string.ts';
import { endPos } from '../syntax/positions.ts';
import { exprList } from './arguments.ts';
import { assignment, typesSummary } from './assignment.ts';
import type { Checker } from './checker.ts';
import { declare } from './declare.ts';
import { ErrorDesc, err, softErr, type At } from './errors.ts';
import { ObjKind, TypeKind, under, type Const, type Type, type Var } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { defaultType, isConstType, isUntyped, isValid } from './predicates.ts';
import { recordCommaOkTypes, recordDef, recordUse } from './record.ts';
import { Typ } from './universe.ts';
import { unparen } from './unparen.ts';
import { localVar, use, useLHS } from './use.ts';
import { expr, multiExpr, newTarget } from './values.ts';
import { assigned, newLocalVar } from './vars.ts';

// ---- single variables and constants

/** Initializes a constant. */
export function initConst(c: Checker, lhs: Const, x: Operand): void {
  if (x.mode === Mode.Invalid || !isValid(x.type) || (lhs.type !== null && !isValid(lhs.type))) {
    if (lhs.type === null) lhs.type = Typ.invalid;
    return;
  }
  if (x.mode !== Mode.Constant) {
    err(c, x, 'InvalidConstInit', `${operandString(c, x)} is not constant`);
    if (lhs.type === null) lhs.type = Typ.invalid;
    return;
  }
  if (lhs.type === null) lhs.type = isConstType(x.type) ? x.type : Typ.invalid;
  assignment(c, x, lhs.type, 'constant declaration');
  if ((x.mode as Mode) !== Mode.Invalid) lhs.val = x.val;
}

/** Initializes a variable, which gets x's type if it has none; an error invalidates x. */
export function initVar(c: Checker, lhs: Var, x: Operand, context: string): void {
  if (x.mode === Mode.Invalid || !isValid(x.type) || (lhs.type !== null && !isValid(lhs.type))) {
    if (lhs.type === null) lhs.type = Typ.invalid;
    x.mode = Mode.Invalid;
    return;
  }
  if (lhs.type === null) {
    let t = x.type;
    if (isUntyped(t)) {
      if (t === Typ.untypedNil) {
        err(c, x, 'UntypedNilUse', `use of untyped nil in ${context}`);
        lhs.type = Typ.invalid;
        x.mode = Mode.Invalid;
        return;
      }
      t = defaultType(t);
    }
    lhs.type = t;
  }
  assignment(c, x, lhs.type, context);
}

/** Checks the left side of an assignment: its type, null for the blank identifier, invalid after an error. */
export function lhsVar(c: Checker, lhs: Expr): Type | null {
  const id = unparen(lhs);
  if (id.kind === Kind.Ident && id.name === '_') {
    recordDef(c, id, null);
    return null;
  }
  // To assign to a variable is not to use it.
  const v = id.kind === Kind.Ident ? localVar(c, id.name) : null;
  const used = v !== null && v.used;
  const x = new Operand();
  expr(c, null, x, lhs);
  if (v !== null) v.used = used;
  if (x.mode === Mode.Invalid || !isValid(x.type)) return Typ.invalid;
  if (x.mode !== Mode.Variable && x.mode !== Mode.MapIndex) {
    notAssignable(c, x);
    return Typ.invalid;
  }
  assigned(c, lhs);
  return x.type;
}

function notAssignable(c: Checker, x: Operand): void {
  const e = x.expr!;
  if (e.kind === Kind.SelectorExpr) {
    const base = new Operand();
    expr(c, null, base, e.x);
    if (base.mode === Mode.MapIndex) {
      err(c, x, 'UnaddressableFieldAssign', `cannot assign to struct field ${exprString(e)} in map`);
      return;
    }
  }
  err(c, x, 'UnassignableOperand', `cannot assign to ${exprString(e)} (neither addressable nor a map index expression)`);
}

/** Assigns the expression rhs to lhs. */
function assignExpr(c: Checker, lhs: Expr, rhs: Expr): void {
  const t = lhsVar(c, lhs);
  if (t !== null && !isValid(t)) {
    use(c, [rhs]);
    return;
  }
  const isFunc = t !== null && t.kind !== TypeKind.Basic && under(t).kind === TypeKind.Signature;
  const x = new Operand();
  expr(c, isFunc ? newTarget(t, exprString(lhs)) : null, x, rhs);
  assignment(c, x, t, t === null ? 'assignment to _ identifier' : 'assignment');
}

/** Assigns the operand x to lhs; an error invalidates x. */
export function assignOperand(c: Checker, lhs: Expr, x: Operand, context: string): void {
  const t = lhsVar(c, lhs);
  if (t !== null && !isValid(t)) {
    x.mode = Mode.Invalid;
    return;
  }
  assignment(c, x, t, t === null && context === 'assignment' ? 'assignment to _ identifier' : context);
}

// ---- lists

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** Reports that l variables don't get r values. */
function assignError(c: Checker, rhs: readonly Expr[], l: number, r: number): void {
  const e = unparen(rhs[0]);
  const values = count(r, 'value');
  const what = rhs.length === 1 && e.kind === Kind.CallExpr ? `${exprString(e.fun)} returns ${values}` : values;
  err(c, rhs[0], 'WrongAssignCount', `assignment mismatch: ${count(l, 'variable')} but ${what}`);
}

function returnError(c: Checker, stmt: Stmt, lhs: readonly Var[], rhs: readonly Operand[]): void {
  const l = lhs.length,
    r = rhs.length;
  let at: At = stmt;
  if (r > l) at = rhs[l];
  else if (r > 0) at = rhs[r - 1];
  new ErrorDesc(c, 'WrongResultCount')
    .add(at, `${r > l ? 'too many' : 'not enough'} return values`)
    .add(
      0,
      `have ${typesSummary(
        c,
        rhs.map((x) => x.type),
        false,
        false,
      )}`,
    )
    .add(
      0,
      `want ${typesSummary(
        c,
        lhs.map((v) => v.type),
        false,
        false,
      )}`,
    )
    .report();
}

/** Whether each right-hand side goes to the variable at its place; a lone call is treated apart for better messages. */
function isOneToOne(l: number, rhs: readonly Expr[]): boolean {
  return l === rhs.length && !(l === 1 && unparen(rhs[0]).kind === Kind.CallExpr);
}

/** Initializes variables with expressions; with a return statement, the result parameters. */
export function initVars(c: Checker, lhs: readonly Var[], rhs: readonly Expr[], stmt: Stmt | null): void {
  const context = stmt === null ? 'assignment' : 'return statement';
  if (isOneToOne(lhs.length, rhs)) {
    const x = new Operand();
    for (let i = 0; i < lhs.length; i++) {
      const v = lhs[i];
      expr(c, newTarget(v.type, stmt !== null && v.name === '' ? 'result variable' : v.name), x, rhs[i]);
      initVar(c, v, x, context);
    }
    return;
  }
  if (rhs.length === 1) {
    const { list, commaOk } = multiExpr(c, rhs[0], lhs.length === 2 && stmt === null);
    if (list.length === lhs.length) {
      for (let i = 0; i < lhs.length; i++) initVar(c, lhs[i], list[i], context);
      if (commaOk) commaOkRecorded(c, rhs[0], list);
      return;
    }
    if (list[0].mode !== Mode.Invalid) mismatch(c, lhs, rhs, list, stmt);
  } else if (use(c, rhs)) {
    mismatch(c, lhs, rhs, null, stmt);
  }
  for (const v of lhs) if (v.type === null) v.type = Typ.invalid;
}

function mismatch(c: Checker, lhs: readonly Var[], rhs: readonly Expr[], list: Operand[] | null, stmt: Stmt | null): void {
  if (stmt !== null) returnError(c, stmt, lhs, list ?? exprList(c, rhs));
  else assignError(c, rhs, lhs.length, list === null ? rhs.length : list.length);
}

function commaOkRecorded(c: Checker, e: Expr, list: Operand[]): void {
  if (list[0].mode !== Mode.Invalid && list[1].mode !== Mode.Invalid) recordCommaOkTypes(c, e, [list[0].type, list[1].type]);
}

/** Assigns expressions to left sides. */
export function assignVars(c: Checker, lhs: readonly Expr[], rhs: readonly Expr[]): void {
  if (isOneToOne(lhs.length, rhs)) {
    for (let i = 0; i < lhs.length; i++) assignExpr(c, lhs[i], rhs[i]);
    return;
  }
  if (rhs.length !== 1) {
    const okLeft = useLHS(c, lhs);
    if (use(c, rhs) && okLeft) assignError(c, rhs, lhs.length, rhs.length);
    return;
  }
  const { list, commaOk } = multiExpr(c, rhs[0], lhs.length === 2);
  if (list.length === lhs.length) {
    for (let i = 0; i < lhs.length; i++) assignOperand(c, lhs[i], list[i], 'assignment');
    if (commaOk) commaOkRecorded(c, rhs[0], list);
    return;
  }
  if (list[0].mode !== Mode.Invalid) assignError(c, rhs, lhs.length, list.length);
  useLHS(c, lhs);
}

/** Checks lhs := rhs; pos is that of the operator. */
export function shortVarDecl(c: Checker, pos: number, lhs: readonly Expr[], rhs: readonly Expr[]): void {
  const top = c.delayedTop;
  const scope = c.env.scope;
  const vars: Var[] = [];
  const fresh: Var[] = [];
  let failed = false;
  for (let i = 0; i < lhs.length; i++) {
    const v = declaredVar(c, lhs, i, fresh);
    if (v === null) failed = true;
    vars.push(v ?? newLocalVar(c, lhs[i].pos, '_'));
  }
  initVars(c, vars, rhs, null);
  // Function literals on the right don't see the new variables.
  c.processDelayed(top);
  if (fresh.length === 0 && !failed) {
    softErr(c, pos, 'NoNewVar', 'no new variables on left side of :=');
    return;
  }
  const scopePos = endPos(rhs[rhs.length - 1]);
  for (const v of fresh) declare(c, scope, null, v, scopePos);
}

/** The variable that lhs[i] declares (it is added to fresh) or redeclares; null after an error. */
function declaredVar(c: Checker, lhs: readonly Expr[], i: number, fresh: Var[]): Var | null {
  const e = lhs[i];
  if (e.kind !== Kind.Ident) {
    useLHS(c, [e]);
    err(c, e, 'BadDecl', `non-name ${exprString(e)} on left side of :=`);
    return null;
  }
  if (e.name !== '_' && hasName(lhs, i, e.name)) {
    err(c, e, 'RepeatedDecl', `${e.name} repeated on left side of :=`);
    return null;
  }
  const alt = c.env.scope.lookup(e.name);
  if (alt === null) {
    const v = newLocalVar(c, e.pos, e.name);
    if (e.name !== '_') fresh.push(v);
    recordDef(c, e, v);
    return v;
  }
  recordUse(c, e, alt);
  if (alt.kind === ObjKind.Var) {
    alt.reassigned = true;
    return alt;
  }
  err(c, e, 'UnassignableOperand', `cannot assign to ${e.name}`);
  return null;
}

/** Whether one of the first n expressions is that name. */
function hasName(list: readonly Expr[], n: number, name: string): boolean {
  for (let i = 0; i < n; i++) {
    const e = list[i];
    if (e.kind === Kind.Ident && e.name === name) return true;
  }
  return false;
}

// Expression switches and type switches, with the detection of duplicate cases. (Spec: Switch statements.)
import { toFloat } from '../constant/convert.ts';
import { float64Val } from '../constant/rounding.ts';
import { Kind as VKind, trueValue, type FloatValue, type Value } from '../constant/value.ts';
import { Kind, type CaseClause, type Expr, type Stmt, type SwitchStmt, type TypeSwitchStmt } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { Token } from '../syntax/token.ts';
import { assignment } from './assignment.ts';
import { closeScope, openScope, reportDefaults } from './block.ts';
import type { Checker } from './checker.ts';
import { declare } from './declare.ts';
import { ErrorDesc, err, softErr, ts } from './errors.ts';
import { ObjKind, type Type, type Var } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { comparison } from './operators.ts';
import { operandString } from './operand-string.ts';
import { hasNil, isInterface, isTypeParam, isValid } from './predicates.ts';
import { comparable, identical } from './typeset.ts';
import { recordDef, recordImplicit } from './record.ts';
import { typeAssertion } from './type-assertion.ts';
import { varType } from './typexpr.ts';
import { Typ } from './universe.ts';
import { unparen } from './unparen.ts';
import { convertUntyped } from './untyped.ts';
import { expr } from './values.ts';
import { newLocalVar } from './vars.ts';

/** Checks the statements of a clause (stmtList, which is above this file). */
type CheckBody = (c: Checker, list: readonly Stmt[]) => void;

/** The cases seen with one constant value: where, and of which type. */
type Seen = Map<unknown, { readonly pos: number; readonly type: Type }[]>;

/** Checks an expression switch; its scope is open and its init statement checked. */
export function switchStmt(c: Checker, s: SwitchStmt, checkBody: CheckBody): void {
  const x = switchOperand(c, s);
  reportDefaults(
    c,
    s.clauses.filter((clause) => clause.isDefault),
  );
  const seen: Seen = new Map();
  for (const clause of s.clauses) {
    caseValues(c, x, clause, seen);
    openScope(c, clause, 'case');
    checkBody(c, clause.body);
    closeScope(c);
  }
}

function switchOperand(c: Checker, s: SwitchStmt): Operand {
  const x = new Operand();
  if (s.tag === null) {
    // Spec: "A missing switch expression is equivalent to the boolean value true."
    x.mode = Mode.Constant;
    x.type = Typ.bool;
    x.val = trueValue;
    x.expr = { kind: Kind.Ident, pos: s.clauses.length > 0 ? s.clauses[0].pos : s.rbrace, id: 0, name: 'true' };
    return x;
  }
  expr(c, null, x, s.tag);
  // As if it were assigned to a variable.
  assignment(c, x, null, 'switch expression');
  if (x.mode !== Mode.Invalid && !comparable(x.type) && !hasNil(x.type)) {
    err(c, x, 'InvalidExprSwitch', `cannot switch on ${operandString(c, x)} (${ts(c, x.type)} is not comparable)`);
    x.mode = Mode.Invalid;
  }
  return x;
}

function caseValues(c: Checker, x: Operand, clause: CaseClause, seen: Seen): void {
  for (const e of clause.list) {
    const v = new Operand();
    expr(c, null, v, e);
    if (x.mode === Mode.Invalid || v.mode === Mode.Invalid) continue;
    convertUntyped(c, v, x.type);
    if ((v.mode as Mode) === Mode.Invalid) continue;
    // The case comes first, so that errors are reported there.
    const result = v.clone();
    comparison(c, result, x, Token.Eql, true);
    if (result.mode !== Mode.Invalid && v.mode === Mode.Constant) reportDuplicate(c, v, seen);
  }
}

/** The value as gc compares cases: only integers, floats and strings; undefined for others. */
function caseKey(v: Value): unknown {
  switch (v.kind) {
    case VKind.Int:
      return v.val;
    case VKind.String:
      return 's' + v.val;
    case VKind.Float: {
      const f = toFloat(v) as FloatValue;
      return 'f' + float64Val(f);
    }
  }
  return undefined;
}

function reportDuplicate(c: Checker, v: Operand, seen: Seen): void {
  const key = caseKey(v.val!);
  if (key === undefined) return;
  let list = seen.get(key);
  if (list === undefined) seen.set(key, (list = []));
  // Equal values of different types are different in a switch on an interface.
  const previous = list.find((p) => identical(v.type, p.type));
  if (previous === undefined) {
    list.push({ pos: gcPos(v.expr!), type: v.type });
    return;
  }
  new ErrorDesc(c, 'DuplicateCase')
    .add(v, `duplicate case ${operandString(c, v)} in expression switch`)
    .add(previous.pos, 'previous case')
    .report();
}

/** A case of a type switch; null is the case nil. */
interface TypeCase {
  readonly type: Type | null;
  readonly e: Expr;
}

/** Checks a type switch; its scope is open and its init statement checked. */
export function typeSwitchStmt(c: Checker, s: TypeSwitchStmt, checkBody: CheckBody): void {
  let bind = s.bind;
  if (bind !== null && bind.name === '_') {
    softErr(c, bind, 'NoNewVar', 'no new variable on left side of :=');
    bind = null;
  } else if (bind !== null) {
    recordDef(c, bind, null); // each clause declares its own
  }
  const x = guardOperand(c, s);
  reportDefaults(
    c,
    s.clauses.filter((clause) => clause.isDefault),
  );
  const seen: TypeCase[] = [];
  const vars: Var[] = [];
  for (const clause of s.clauses) {
    const t = caseTypes(c, x, clause.list, seen);
    openScope(c, clause, 'case');
    if (bind !== null) {
      const v = newLocalVar(c, bind.pos, bind.name);
      v.type = t;
      declare(c, c.env.scope, null, v, clause.colon);
      recordImplicit(c, clause, v);
      vars.push(v);
    }
    checkBody(c, clause.body);
    closeScope(c);
  }
  if (bind === null) return;
  // The clauses' variables count as one: using any of them is enough.
  if (!vars.some((v) => v.used)) softErr(c, bind, 'UnusedVar', `${bind.name} declared and not used`);
  for (const v of vars) v.used = true;
}

/** The value whose type is asked for; null after an error. */
function guardOperand(c: Checker, s: TypeSwitchStmt): Operand | null {
  const x = new Operand();
  expr(c, null, x, s.x);
  if (x.mode === Mode.Invalid) return null;
  if (isTypeParam(x.type)) err(c, x, 'InvalidTypeSwitch', `cannot use type switch on type parameter value ${operandString(c, x)}`);
  else if (isInterface(x.type)) return x;
  else err(c, x, 'InvalidTypeSwitch', `${operandString(c, x)} is not an interface`);
  return null;
}

function isNil(c: Checker, e: Expr): boolean {
  const id = unparen(e);
  return id.kind === Kind.Ident && c.lookup(id.name)?.kind === ObjKind.Nil;
}

/** Checks the types of a clause; returns the type that the clause's variable has. */
function caseTypes(c: Checker, x: Operand | null, list: readonly Expr[], seen: TypeCase[]): Type {
  let t: Type | null = null;
  for (const e of list) {
    if (isNil(c, e)) {
      t = null;
      expr(c, null, new Operand(), e); // for the record
    } else {
      t = varType(c, e);
      if (!isValid(t)) continue;
    }
    const type = t;
    const previous = seen.find((p) => (type === null || p.type === null ? type === p.type : identical(type, p.type)));
    if (previous !== undefined) {
      new ErrorDesc(c, 'DuplicateCase')
        .add(e, `duplicate case ${type === null ? 'nil' : ts(c, type)} in type switch`)
        .add(previous.e, 'previous case')
        .report();
      continue;
    }
    seen.push({ type, e });
    if (x !== null && type !== null) typeAssertion(c, e, x, type, true);
  }
  // Spec: "In clauses with a case listing exactly one type, the variable has that type; otherwise, the variable has the type
  // of the expression in the TypeSwitchGuard."
  if (list.length === 1 && t !== null) return t;
  return x === null ? Typ.invalid : x.type;
}

// For statements with a range clause, over integers, strings, arrays, slices, maps, channels and functions.
// (Spec: For statements with range clause.)
import { Kind, type BlockStmt, type Expr, type RangeStmt } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import { assignment } from './assignment.ts';
import { assignOperand, initVar } from './assignments.ts';
import { openScope } from './block.ts';
import { arrayPtrDeref } from './builtins.ts';
import type { Checker } from './checker.ts';
import { declare } from './declare.ts';
import { err, problemString, softErr, ts } from './errors.ts';
import { exprString } from '../syntax/expr-string.ts';
import { ChanDir, TypeKind, type Signature, type Type, type Var } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { isBoolean, isInteger, isString } from './predicates.ts';
import { identical } from './typeset.ts';
import { recordDef } from './record.ts';
import { commonUnder } from './under.ts';
import { Typ, universeRune } from './universe.ts';
import { expr } from './values.ts';
import { newLocalVar } from './vars.ts';
import { allowVersion } from './version.ts';

/** The iteration values of a range expression; a null type where there is none. If !ok, cause may tell why. */
interface RangeValues {
  readonly ok: boolean;
  readonly key: Type | null;
  readonly val: Type | null;
  readonly cause: string;
}

/** Checks a range statement; leaves its scope open. The body is checked by the caller's stmt, which is above this file. */
export function rangeStmt(c: Checker, s: RangeStmt, checkBody: (c: Checker, body: BlockStmt) => void): void {
  const x = new Operand();
  expr(c, null, x, s.x);
  let types: (Type | null)[] = [null, null];
  if (x.mode !== Mode.Invalid) {
    const r = rangeValues(c, x.type);
    reportRange(c, s, x, r);
    types = r.ok ? [r.key, r.val] : [Typ.invalid, Typ.invalid];
  }
  const overInt = isInteger(x.type);
  // The scope begins after the range expression.
  openScope(c, s, 'range');
  if (s.tok === Token.Define) declareVars(c, s, x, types, overInt);
  else if (s.key !== null) assignIterated(c, s, x, types, overInt);
  else if (overInt) assignment(c, x, null, 'range clause');
  checkBody(c, s.body);
}

function reportRange(c: Checker, s: RangeStmt, x: Operand, r: RangeValues): void {
  if (!r.ok) {
    softErr(c, x, 'InvalidRangeExpr', `cannot range over ${operandString(c, x)}${r.cause === '' ? '' : ': ' + r.cause}`);
  } else if (r.key === null && s.key !== null) {
    softErr(c, s.key, 'InvalidIterVar', `range over ${operandString(c, x)} permits no iteration variables`);
  } else if (r.val === null && s.value !== null) {
    softErr(c, s.value, 'InvalidIterVar', `range over ${operandString(c, x)} permits only one iteration variable`);
  } else if (s.extra.length > 0) {
    softErr(c, s.extra[0], 'InvalidIterVar', 'range clause permits at most two iteration variables');
  }
}

/** An operand for an iteration value that is assigned to e; errors are reported there. */
function iterated(e: Expr, t: Type): Operand {
  const y = new Operand();
  y.mode = Mode.Value;
  y.expr = e;
  y.type = t;
  return y;
}

function declareVars(c: Checker, s: RangeStmt, x: Operand, types: readonly (Type | null)[], overInt: boolean): void {
  const fresh: Var[] = [];
  [s.key, s.value].forEach((e, i) => {
    if (e === null) return;
    let v: Var;
    if (e.kind === Kind.Ident) {
      v = newLocalVar(c, e.pos, e.name);
      recordDef(c, e, v);
      if (e.name !== '_') fresh.push(v);
    } else {
      err(c, e, 'InvalidSyntaxTree', `cannot declare ${exprString(e)}`);
      v = newLocalVar(c, e.pos, '_');
    }
    const t = types[i];
    if (t === null || t === Typ.invalid) {
      v.type = Typ.invalid;
      v.used = true;
    } else if (overInt) {
      initVar(c, v, x, 'range clause');
    } else {
      initVar(c, v, iterated(e, t), 'assignment');
    }
  });
  if (fresh.length === 0) err(c, s, 'NoNewVar', 'no new variables on left side of :=');
  for (const v of fresh) declare(c, c.env.scope, null, v, s.body.pos);
}

function assignIterated(c: Checker, s: RangeStmt, x: Operand, types: readonly (Type | null)[], overInt: boolean): void {
  [s.key, s.value].forEach((e, i) => {
    const t = types[i];
    if (e === null || t === null || t === Typ.invalid) return;
    if (!overInt) {
      assignOperand(c, e, iterated(e, t), 'assignment');
      return;
    }
    assignOperand(c, e, x, 'range clause');
    // An untyped x has got the variable's type, which must be an integer too.
    if (x.mode !== Mode.Invalid && !isInteger(x.type)) {
      softErr(c, e, 'InvalidRangeExpr', `cannot use iteration variable of type ${ts(c, x.type)}`);
    }
  });
}

function bad(cause: string): RangeValues {
  return { ok: false, key: null, val: null, cause };
}

function values(key: Type | null, val: Type | null): RangeValues {
  return { ok: true, key, val, cause: '' };
}

/** Returns what ranging over a value of type t yields. */
export function rangeValues(c: Checker, t: Type): RangeValues {
  const { type: common, problem } = commonUnder(t, (tt, u) => {
    const sendOnly = u !== null && u.kind === TypeKind.Chan && u.dir === ChanDir.SendOnly;
    return sendOnly ? { text: 'receive from send-only channel %s', types: [tt!] } : null;
  });
  if (problem !== null) return bad(problemString(c, problem));
  const u = arrayPtrDeref(common);
  switch (u.kind) {
    case TypeKind.Basic:
      if (isString(u)) return values(Typ.int, universeRune);
      if (!isInteger(u)) return bad('');
      return allowVersion(c, 22) ? values(t, null) : bad('requires go1.22 or later');
    case TypeKind.Array:
    case TypeKind.Slice:
      return values(Typ.int, u.elem);
    case TypeKind.Map:
      return values(u.key, u.elem);
    case TypeKind.Chan:
      return values(u.elem, null);
    case TypeKind.Signature:
      return allowVersion(c, 23) ? yielded(c, u) : bad('requires go1.23 or later');
  }
  return bad('');
}

const wanted = 'func must be func(yield func(...) bool): ';

/** What an iterator function yields. */
function yielded(c: Checker, f: Signature): RangeValues {
  if (f.params.vars.length !== 1) return bad(wanted + 'wrong argument count');
  if (f.results.vars.length !== 0) return bad(wanted + 'unexpected results');
  const { type: cb, problem } = commonUnder(f.params.vars[0].type, null);
  if (problem !== null) return bad(`${wanted}in yield type, ${problemString(c, problem)}`);
  if (cb.kind !== TypeKind.Signature) return bad(wanted + 'argument is not func');
  const params = cb.params.vars,
    results = cb.results.vars;
  if (params.length > 2) return bad(wanted + 'yield func has too many parameters');
  if (results.length !== 1 || !identical(results[0].type, Typ.bool)) {
    const own = results.length === 1 && isBoolean(results[0].type);
    return bad(wanted + (own ? 'yield func returns user-defined boolean, not bool' : 'yield func does not return bool'));
  }
  return values(params.length > 0 ? params[0].type : null, params.length > 1 ? params[1].type : null);
}

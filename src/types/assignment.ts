// The assignment of one operand to a variable of some type, which also gives an untyped operand its type. (Spec: Assignability.)
import type { CallExpr } from '../syntax/ast.ts';
import { exprString } from '../syntax/expr-string.ts';
import { assignableTo } from './assignable.ts';
import type { Checker } from './checker.ts';
import { err, ts } from './errors.ts';
import { TypeKind, under, type Basic, type Type } from './model.ts';
import { Mode, type Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { defaultType, isNonTypeParamInterface, isNumeric, isUntyped, isValid } from './predicates.ts';
import { applyImplicit, implicitTypeAndValue } from './untyped.ts';
import { singleValue } from './values.ts';

/** What an assignment is part of, for messages; a call stands for "argument to f", whose text is made only if needed. */
export type Context = string | CallExpr;

function contextText(context: Context): string {
  return typeof context === 'string' ? context : `argument to ${exprString(context.fun)}`;
}

/** Checks that x can be assigned to a variable of type t, and gives an untyped x its type; null is for the blank identifier. */
export function assignment(c: Checker, x: Operand, t: Type | null, context: Context): void {
  if (x.mode === Mode.Invalid) return;
  singleValue(c, x);
  if ((x.mode as Mode) === Mode.Invalid) return;
  if (x.mode < Mode.Constant || x.mode === Mode.CgoFunc) {
    err(
      c,
      x,
      'IncompatibleAssign',
      `cannot assign ${operandString(c, x)} to ${t === null ? '<nil>' : ts(c, t)} in ${contextText(context)}`,
    );
    x.mode = Mode.Invalid;
    return;
  }
  if (isUntyped(x.type) && !settleUntyped(c, x, t, context)) {
    x.mode = Mode.Invalid;
    return;
  }
  if (x.type.kind !== TypeKind.Basic) {
    const sig = under(x.type);
    if (sig.kind === TypeKind.Signature && sig.tparams.length > 0) {
      err(c, x, 'WrongTypeArgCount', `cannot use generic function ${operandString(c, x)} without instantiation in ${contextText(context)}`);
      x.mode = Mode.Invalid;
      return;
    }
  }
  if (t === null || x.type === t) return;
  const verdict = assignableTo(c, x, t);
  if (verdict.ok) return;
  const cause = verdict.cause === '' ? '' : ': ' + verdict.cause;
  err(c, x, verdict.code, `cannot use ${operandString(c, x)} as ${ts(c, t)} value in ${contextText(context)}${cause}`);
  x.mode = Mode.Invalid;
}

/** Gives the untyped x the type it has as a t; false after an error. */
function settleUntyped(c: Checker, x: Operand, t: Type | null, context: Context): boolean {
  let target = t;
  if (x.mode === Mode.NilValue) {
    if (t === null) {
      err(c, x, 'UntypedNilUse', `use of untyped nil in ${contextText(context)}`);
      return false;
    }
  } else if (t === null || isNonTypeParamInterface(t)) {
    // Spec: "the constant is first implicitly converted to its default type"
    target = defaultType(x.type);
  }
  const imp = implicitTypeAndValue(c, x, target!);
  if (imp.code === null) {
    applyImplicit(c, x, imp);
    return true;
  }
  let message = `cannot use ${operandString(c, x)} as ${ts(c, target!)} value in ${contextText(context)}`;
  if (imp.code === 'TruncatedFloat') message += ' (truncated)';
  else if (imp.code === 'NumericOverflow') message += ' (overflows)';
  err(c, x, imp.code === 'TruncatedFloat' || imp.code === 'NumericOverflow' ? imp.code : 'IncompatibleAssign', message);
  return false;
}

/** "(number, string, ...T)": types as they are told where counts don't match. */
export function typesSummary(c: Checker, list: readonly (Type | null)[], variadic: boolean, hasDots: boolean): string {
  const parts = list.map((t, i) => {
    const last = i === list.length - 1;
    if (last && variadic && t !== null && t.kind === TypeKind.Slice) return '...' + typeSummary(c, t.elem);
    return (last && variadic ? '...' : '') + typeSummary(c, t) + (last && hasDots ? '...' : '');
  });
  return `(${parts.join(', ')})`;
}

function typeSummary(c: Checker, t: Type | null): string {
  if (t === null || !isValid(t)) return 'unknown type';
  if (!isUntyped(t)) return ts(c, t);
  return isNumeric(t) ? 'number' : (t as Basic).name.replace('untyped ', '');
}

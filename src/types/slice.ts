// Slice expressions a[low : high : max] of strings, arrays, pointers to arrays, and slices. (Spec: Slice expressions.)
import type { SliceExpr } from '../syntax/ast.ts';
import { Kind as VKind } from '../constant/value.ts';
import type { Checker } from './checker.ts';
import { err, ts } from './errors.ts';
import { expr } from './values.ts';
import { index } from './index.ts';
import { Slice, TypeKind, under, type Type, type Under } from './model.ts';
import { Mode, type Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { isString, isTypeParam, isUntyped } from './predicates.ts';
import { identical } from './typeset.ts';
import { typesetAll } from './under.ts';
import { Typ, universeByte } from './universe.ts';
import { use } from './use.ts';
import { addressTaken } from './vars.ts';

const byteSlice = new Slice(universeByte);

/** Checks a slice expression. */
export function sliceExpr(c: Checker, x: Operand, e: SliceExpr): void {
  expr(c, null, x, e.x);
  if (x.mode === Mode.Invalid) {
    use(c, [e.low, e.high, e.max]);
    return;
  }
  const u = slicedType(c, x);
  const length = u === null ? null : operandLength(c, x, e, u);
  if (length === null) {
    x.mode = Mode.Invalid;
    return;
  }
  x.mode = Mode.Value;
  if (e.slice3 && (e.high === null || e.max === null)) {
    err(c, e, 'InvalidSyntaxTree', '2nd and 3rd index required in 3-index slice');
    x.mode = Mode.Invalid;
    return;
  }
  checkIndices(c, e, length);
}

/** The underlying type that all types of x's type set share, strings and byte slices being alike; null after an error. */
function slicedType(c: Checker, x: Operand): Under | null {
  if (!isTypeParam(x.type)) return under(x.type);
  let first: Type | null = null;
  let common: Under | null = null;
  let hasString = false;
  const ok = typesetAll(x.type, (t, u) => {
    const complain = (why: string): boolean => {
      err(c, x, 'NonSliceableOperand', `cannot slice ${operandString(c, x)}: ${why}`);
      return false;
    };
    if (u === null || t === null) return complain(`no specific type in ${ts(c, x.type)}`);
    let su: Under = u;
    if (isString(u)) {
      su = byteSlice;
      hasString = true;
    }
    if (common === null) {
      first = t;
      common = su;
      return true;
    }
    return identical(common, su) || complain(`${ts(c, first!)} and ${ts(c, t)} have different underlying types`);
  });
  if (!ok) return null;
  return hasString ? Typ.string : common;
}

/** Sets the type of the result and returns the operand's length, -1 if unknown; null after an error. */
function operandLength(c: Checker, x: Operand, e: SliceExpr, u: Under): number | null {
  switch (u.kind) {
    case TypeKind.Basic: {
      if (!isString(u)) break;
      if (e.slice3) {
        err(c, e.max ?? e, 'InvalidSliceExpr', 'invalid operation: 3-index slice of string');
        return null;
      }
      const length = x.mode === Mode.Constant && x.val!.kind === VKind.String ? x.val!.val.length : -1;
      // Spec: "For untyped string operands the result is a non-constant value of type string."
      if (isUntyped(x.type)) x.type = Typ.string;
      return length;
    }
    case TypeKind.Array:
      if (x.mode !== Mode.Variable) {
        err(c, x, 'NonSliceableOperand', `cannot slice unaddressable value ${operandString(c, x)}`);
        return null;
      }
      addressTaken(c, e.x);
      x.type = new Slice(u.elem);
      return u.len;
    case TypeKind.Pointer: {
      const a = under(u.elem);
      if (a.kind !== TypeKind.Array) break;
      x.type = new Slice(a.elem);
      return a.len;
    }
    case TypeKind.Slice:
      return -1;
  }
  err(c, x, 'NonSliceableOperand', `cannot slice ${operandString(c, x)}`);
  return null;
}

/** Checks the indices: each in range, constant ones in order. Values that are not known are -1. */
function checkIndices(c: Checker, e: SliceExpr, length: number): void {
  const exprs = [e.low, e.high, e.max];
  const vals = exprs.map((ie, i) => {
    if (ie !== null) return index(c, ie, length >= 0 ? length + 1 : -1).val;
    return i === 0 ? 0 : length;
  });
  for (let i = 0; i < 2; i++) {
    for (let j = i + 1; j < 3; j++) {
      if (vals[i] > 0 && vals[j] >= 0 && vals[j] < vals[i]) {
        err(c, exprs[j]!, 'SwappedSliceIndices', `invalid slice indices: ${vals[j]} < ${vals[i]}`);
        return;
      }
    }
  }
}

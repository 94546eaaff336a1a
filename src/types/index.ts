// Index expressions: elements of strings, arrays, slices and maps; and the indices themselves. (Spec: Index expressions.)
import { Kind as VKind, sign, type IntValue } from '../constant/value.ts';
import { toString } from '../constant/format.ts';
import type { Expr, IndexExpr } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { assignment } from './assignment.ts';
import type { Checker } from './checker.ts';
import type { Code } from './codes.ts';
import { representation } from './constants.ts';
import { err } from './errors.ts';
import { nonGeneric } from './generic.ts';
import { TypeKind, under, type Type, type Under } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { allInteger, isString, isTypeParam, isValid } from './predicates.ts';
import { identical } from './typeset.ts';
import { varType } from './typexpr.ts';
import { underIs } from './under.ts';
import { Typ, universeByte } from './universe.ts';
import { convertUntyped } from './untyped.ts';
import { use } from './use.ts';
import { expr, exprOrType } from './values.ts';

/** What indexing a type gives. */
interface Indexed {
  /** The key type of a map; else null. */
  readonly key: Type | null;
  readonly elem: Type;
  /** The length if it is known, else -1. */
  readonly length: number;
  /** The mode of the element: Variable where it is addressable in any case; 0 where that depends on the operand. */
  readonly mode: Mode;
}

/** Returns what indexing a value of underlying type u gives; null if it can't be indexed. */
function indexed(u: Under): Indexed | null {
  switch (u.kind) {
    case TypeKind.Basic:
      return isString(u) ? { key: null, elem: universeByte, length: -1, mode: Mode.Value } : null;
    case TypeKind.Array:
      return { key: null, elem: u.elem, length: u.len, mode: Mode.Invalid };
    case TypeKind.Pointer: {
      const a = under(u.elem);
      return a.kind === TypeKind.Array ? { key: null, elem: a.elem, length: a.len, mode: Mode.Variable } : null;
    }
    case TypeKind.Slice:
      return { key: null, elem: u.elem, length: -1, mode: Mode.Variable };
    case TypeKind.Map:
      return { key: u.key, elem: u.elem, length: -1, mode: Mode.MapIndex };
  }
  return null;
}

/** The same for a type parameter: all types of its type set must agree in key and element type. */
function indexedTypeParam(t: Type, operandMode: Mode): Indexed | null {
  let first: Indexed | null = null;
  let mode: Mode = Mode.Variable;
  let length = -1;
  const ok = underIs(t, (u) => {
    const x = u === null ? null : indexed(u);
    if (x === null) return false;
    if (x.mode === Mode.Value || (x.mode === Mode.Invalid && operandMode !== Mode.Variable)) mode = Mode.Value;
    if (first === null) {
      first = x;
      length = x.length;
      return true;
    }
    const sameKey = first.key === null || x.key === null ? first.key === x.key : identical(first.key, x.key);
    if (!sameKey || !identical(first.elem, x.elem)) return false;
    if (x.length >= 0 && x.length < length) length = x.length;
    return true;
  });
  if (!ok || first === null) return null;
  const { key, elem } = first as Indexed;
  return { key, elem, length, mode: key !== null ? Mode.MapIndex : mode };
}

/** Checks x[i]. Returns true for a generic function, whose instantiation is then up to the caller. */
export function indexExpr(c: Checker, x: Operand, e: IndexExpr): boolean {
  exprOrType(c, x, e.x, true);
  if (x.mode === Mode.Invalid) {
    use(c, e.indices);
    return false;
  }
  if (x.mode === Mode.TypeExpr) {
    x.mode = Mode.Invalid;
    x.type = varType(c, e);
    if (isValid(x.type)) x.mode = Mode.TypeExpr;
    return false;
  }
  if (x.mode === Mode.Value) {
    const sig = under(x.type);
    if (sig.kind === TypeKind.Signature && sig.tparams.length > 0) return true;
  }
  nonGeneric(c, null, x);
  if ((x.mode as Mode) === Mode.Invalid) return false;
  const r = isTypeParam(x.type) ? indexedTypeParam(x.type, x.mode) : indexed(under(x.type));
  if (r === null) {
    err(c, gcPos(e), 'NonSliceableOperand', `cannot index ${operandString(c, x)}`);
    use(c, e.indices);
    x.mode = Mode.Invalid;
    return false;
  }
  const constLength = x.mode === Mode.Constant && x.val!.kind === VKind.String ? x.val!.val.length : -1;
  const at = singleIndex(c, e);
  x.type = r.elem ?? Typ.invalid;
  if (r.key !== null) {
    const key = new Operand();
    expr(c, null, key, at);
    assignment(c, key, r.key, 'map index');
    // The element type is known even if the index is wrong.
    x.mode = Mode.MapIndex;
    x.expr = e;
    return false;
  }
  if (r.mode !== Mode.Invalid) x.mode = r.mode;
  else if (x.mode !== Mode.Variable) x.mode = Mode.Value;
  index(c, at, constLength >= 0 ? constLength : r.length);
  return false;
}

function singleIndex(c: Checker, e: IndexExpr): Expr {
  if (e.indices.length > 1) err(c, e.indices[1], 'InvalidIndex', 'invalid operation: more than one index');
  return e.indices[0];
}

/** A checked index: its integer type (invalid after an error) and its value if it is constant and in range, else -1. */
export interface Index {
  readonly type: Type;
  readonly val: number;
}

const badIndex: Index = { type: Typ.invalid, val: -1 };

/** Checks an index. If max >= 0 a constant must be less. */
export function index(c: Checker, e: Expr, max: number): Index {
  const x = new Operand();
  expr(c, null, x, e);
  if (!isValidIndex(c, x, 'InvalidIndex', 'index', false)) return badIndex;
  if (x.mode !== Mode.Constant) return { type: x.type, val: -1 };
  const v = x.val!;
  if (v.kind !== VKind.Int) return badIndex;
  const n = Number((v as IntValue).val);
  if (max >= 0 && n >= max) {
    err(c, x, 'InvalidIndex', `invalid argument: index ${toString(v)} out of bounds [0:${max}]`);
    return badIndex;
  }
  return { type: x.type, val: n };
}

/** Whether x can be an index, a length or the like: an integer, a constant one non-negative and within int. */
export function isValidIndex(c: Checker, x: Operand, code: Code, what: string, allowNegative: boolean): boolean {
  if (x.mode === Mode.Invalid) return false;
  // Spec: "a constant index that is untyped is given type int"
  convertUntyped(c, x, Typ.int);
  if ((x.mode as Mode) === Mode.Invalid) return false;
  const complain = (problem: string): boolean => {
    err(c, x, code, `invalid argument: ${what} ${operandString(c, x)} ${problem}`);
    return false;
  };
  if (!allInteger(x.type)) return complain('must be integer');
  if (x.mode !== Mode.Constant) return true;
  if (!allowNegative && x.val!.kind !== VKind.Unknown && sign(x.val!) < 0) return complain('must not be negative');
  const v = representation(x.val!, Typ.int);
  if (v === null) return complain('overflows int');
  x.val = v;
  return true;
}

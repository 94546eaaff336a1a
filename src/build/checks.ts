// Indices as IR values.

import { Kind as ConstKind } from '../constant/value.ts';
import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import type { Expr } from '../syntax/ast.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { integer, isUnsigned } from './constant.ts';
import type { GoType } from './gotype.ts';

/** The value of a constant index, -1 if it is none (or has an extreme value). */
export function constIndex(f: FuncBuilder, e: Expr): number {
  const c = f.info.valueOf(e);
  if (c === null || c.kind < ConstKind.Int) return -1;
  const n = Number(integer(c));
  return n >= 0 && n <= 0x7fffffff ? n : -1;
}

/** An integer of any type as an i64. */
export function toI64(f: FuncBuilder, v: Value, t: GoType): Value {
  if (v.type !== Type.i32) return v;
  if (v.op === Op.const_i32) return f.i64(isUnsigned(t) ? (v.aux as number) >>> 0 : (v.aux as number));
  return f.emit(isUnsigned(t) ? Op.extend_u : Op.extend_s, [v]);
}

/** An index expression's value as an i64. */
export function indexValue(f: FuncBuilder, e: Expr, vals: Vals): Value {
  return toI64(f, vals[0]!, f.typeOf(e));
}

// Upward calls among the body files: expressions contain statements (function literals) and statements expressions, and
// imports go one way only. wire.ts fills the table in.

import type { Block, Value } from '../ir/func.ts';
import type { CallExpr, CompositeLit, Expr, FuncLit, RangeStmt, SelectorExpr, Stmt } from '../syntax/ast.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import type { GoType } from './gotype.ts';

/** What can be assigned to or have its address taken (place.ts). */
export interface Place {
  /** PlaceKind. */
  readonly kind: number;
  readonly type: GoType;
  /** ssa: first component. */
  readonly id: number;
  /** mem: base address and offset. map: the map. */
  readonly addr: Value | null;
  readonly off: number;
  /** map: the key (of the map's key type), and the map's type. */
  readonly key: Vals | null;
  readonly map: GoType | null;
}

export interface Rec {
  /** The value of a single-valued expression, of its own type. */
  expr(f: FuncBuilder, e: Expr): Vals;
  /** The value of e converted to type t, to which it is assignable. */
  exprAs(f: FuncBuilder, e: Expr, t: GoType): Vals;
  /** Evaluates e, assignable to t, into fresh memory at addr + off that nothing else refers to. `zeroed`: the memory is zero. */
  exprTo(f: FuncBuilder, e: Expr, t: GoType, addr: Value, off: number, zeroed: boolean): void;
  /** Values of a list, in gc's order: calls first, from left to right, then the rest. types[i] null: its own type. */
  exprs(f: FuncBuilder, list: readonly Expr[], types: readonly (GoType | null)[]): Vals[];
  /** Branches on a boolean expression. */
  cond(f: FuncBuilder, e: Expr, yes: Block, no: Block, likely: number): void;
  place(f: FuncBuilder, e: Expr): Place;
  /** All results of a call. */
  callMulti(f: FuncBuilder, e: CallExpr): Vals[];
  compositeTo(f: FuncBuilder, e: CompositeLit, t: GoType, addr: Value, off: number, zeroed: boolean): void;
  composite(f: FuncBuilder, e: CompositeLit, t: GoType): Vals;
  funcLit(f: FuncBuilder, e: FuncLit): Vals;
  methodValue(f: FuncBuilder, e: SelectorExpr): Vals;
  recover(f: FuncBuilder): Vals;
  stmt(f: FuncBuilder, s: Stmt): void;
  stmts(f: FuncBuilder, list: readonly Stmt[]): void;
  rangeFunc(f: FuncBuilder, s: RangeStmt, label: string | null): void;
}

/** The table; complete once wire.ts is loaded. */
export const rec = {} as Rec;

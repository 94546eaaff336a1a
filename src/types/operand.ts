// The operand: what checking an expression yields. A mutable record that the expression checker fills in place, so that
// no object is made per sub-expression. Only data here; the rules are in expr.ts, its text in operand-string.ts.
import type { Value } from '../constant/value.ts';
import type { Expr } from '../syntax/ast.ts';
import type { Type } from './model.ts';
import { invalidType } from './model.ts';

/** What an expression denotes (as operandMode of types2). */
export const Mode = {
  /** An error was reported. */ Invalid: 0,
  /** A call without results. */ NoValue: 1,
  Builtin: 2,
  TypeExpr: 3,
  Constant: 4,
  /** Addressable. */ Variable: 5,
  /** m[k]: not addressable, but assignable and with a comma-ok form. */ MapIndex: 6,
  Value: 7,
  /** The predeclared nil. */ NilValue: 8,
  /** A value with a comma-ok form. */ CommaOk: 9,
  /** Reserved: cgo's value with an error. */ CommaErr: 10,
  CgoFunc: 11,
} as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

export class Operand {
  mode: Mode = 0;
  /** The expression, for errors and recording; null for operands that stand for none. */
  expr: Expr | null = null;
  type: Type = invalidType();
  /** The value in mode Constant. */
  val: Value | null = null;
  /** The BuiltinId in mode Builtin. */
  id = 0;

  /** Copies all of y's fields. */
  set(y: Operand): void {
    this.mode = y.mode;
    this.expr = y.expr;
    this.type = y.type;
    this.val = y.val;
    this.id = y.id;
  }

  /** Returns a copy. */
  clone(): Operand {
    const x = new Operand();
    x.set(this);
    return x;
  }
}

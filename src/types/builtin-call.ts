// What the handlers of predeclared functions share.
import type { CallExpr } from '../syntax/ast.ts';
import type { Checker } from './checker.ts';
import { EMPTY_TUPLE, Signature, Tuple, Var, VarKind, type Type } from './model.ts';
import type { Operand } from './operand.ts';
import { defaultType } from './predicates.ts';
import { recordBuiltinType } from './record.ts';

/** One call: x is the first argument, if arguments are evaluated, and takes the result. */
export interface BuiltinCall {
  readonly c: Checker;
  readonly x: Operand;
  readonly call: CallExpr;
  readonly args: Operand[];
  /** The BuiltinId. */
  readonly id: number;
}

/** Checks one predeclared function; false after an error. */
export type Handler = (b: BuiltinCall) => boolean;

export const invalidArg = 'invalid argument: ';
export const invalidOp = 'invalid operation: ';

/** Makes the signature that a call uses, of the given result (null for none) and argument types. */
export function makeSig(result: Type | null, ...args: Type[]): Signature {
  const params = args.map((t) => new Var(VarKind.Param, 0, null, '', defaultType(t)));
  const results = result === null ? EMPTY_TUPLE : new Tuple([new Var(VarKind.Result, 0, null, '', result)]);
  return new Signature(null, new Tuple(params), results, false);
}

/** Records the signature as the type of the called function. */
export function recordSig(c: Checker, call: CallExpr, sig: Signature): void {
  recordBuiltinType(c, call.fun, sig);
}

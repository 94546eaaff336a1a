// Instantiation of generic functions: type arguments given in brackets, or inferred from the variable that the function is
// assigned to; those inferred from a call's arguments are in arguments.ts. (Spec: Instantiations.)
import { Kind, type Expr, type IndexExpr } from '../syntax/ast.ts';
import { exprString } from '../syntax/expr-string.ts';
import { gcPos } from '../syntax/positions.ts';
import type { Checker, Target } from './checker.ts';
import { ErrorDesc, err, softErr, versionErr } from './errors.ts';
import { infer, renameTParams } from './infer.ts';
import { instanceOf, verifyInstance } from './instantiate.ts';
import { Signature, Tuple, TypeKind, Var, VarKind, type Type } from './model.ts';
import { reportInstance } from './mono.ts';
import { Mode, Operand } from './operand.ts';
import { isGeneric } from './predicates.ts';
import { recordInstance } from './record.ts';
import { typeList } from './typexpr.ts';
import { Typ } from './universe.ts';
import { allowVersion, verifyVersion } from './version.ts';

const noExprs: Expr[] = [];

/**
 * Instantiates the generic function x, with the type arguments of `inst` if there is one; missing ones are inferred
 * from the target, if there is one, as for a call with the target's function as argument.
 */
export function genericInst(c: Checker, target: Target | null, x: Operand, inst: IndexExpr | null = null): void {
  const given = startInst(c, x, inst);
  if (given === null) return;
  completeInst(c, target, x, inst, given);
}

/** The type arguments given by inst; null after an error. */
export function startInst(c: Checker, x: Operand, inst: IndexExpr | null): Type[] | null {
  if (inst !== null) x.expr = inst;
  verifyVersion(c, gcPos(x.expr!), 18, 'function instantiation');
  if (inst === null) return [];
  const targs = typeList(c, inst.indices);
  if (targs === null) {
    x.mode = Mode.Invalid;
    return null;
  }
  const want = (x.type as Signature).tparams.length;
  if (targs.length > want) {
    err(c, inst.indices[targs.length - 1], 'WrongTypeArgCount', `got ${targs.length} type arguments but want ${want}`);
    x.mode = Mode.Invalid;
    return null;
  }
  return targs;
}

export function completeInst(c: Checker, target: Target | null, x: Operand, inst: IndexExpr | null, targs: Type[]): void {
  const sig = x.type as Signature;
  const pos = gcPos(x.expr!);
  if (targs.length < sig.tparams.length) {
    const inferred = inferFromTarget(c, target, x, inst, sig, targs);
    if (inferred === null) {
      x.mode = Mode.Invalid;
      return;
    }
    targs = inferred;
  }
  x.type = instantiateSignature(c, pos, x.expr!, sig, targs, inst === null ? noExprs : inst.indices);
  x.mode = Mode.Value;
}

function inferFromTarget(
  c: Checker,
  target: Target | null,
  x: Operand,
  inst: IndexExpr | null,
  sig: Signature,
  targs: Type[],
): Type[] | null {
  const pos = gcPos(x.expr!);
  const params: Var[] = [];
  const args: Operand[] = [];
  if (target !== null) {
    if (allowVersion(c, 18) && !allowVersion(c, 21)) {
      versionErr(c, pos, 21, (inst !== null ? 'partially' : 'implicitly') + ' instantiated function in assignment');
    }
    params.push(new Var(VarKind.Param, pos, c.pkg, '', new Signature(null, sig.params, sig.results, sig.variadic)));
    const arg = new Operand();
    arg.mode = Mode.Value;
    arg.expr = { kind: Kind.Ident, pos, id: 0, name: target.desc };
    arg.type = target.sig;
    args.push(arg);
  }
  const renamed = renameTParams(c, sig.tparams, new Tuple(params));
  const e = new ErrorDesc(c, 'CannotInferTypeArgs');
  const result = infer(c, pos, renamed.tparams, targs, renamed.type as Tuple, args, target !== null, e);
  if (result === null && !e.empty) e.report();
  return result;
}

/** Instantiates a function's signature and records that for e; the constraints are verified later. */
export function instantiateSignature(c: Checker, pos: number, e: Expr, sig: Signature, targs: Type[], xlist: readonly Expr[]): Signature {
  const inst = instanceOf(c, pos, sig, targs) as Signature;
  recordInstance(c, e, targs, inst);
  c.later(() => {
    const { index, cause } = verifyInstance(c, pos, sig.tparams, targs);
    if (cause === '') reportInstance(c, pos, sig.tparams, targs, xlist);
    else softErr(c, index < xlist.length ? xlist[index] : pos, 'InvalidTypeArg', cause);
  });
  return inst;
}

/** Reports a generic type or function that is not instantiated, unless the target tells its type arguments. */
export function nonGeneric(c: Checker, target: Target | null, x: Operand): void {
  if (x.mode === Mode.Invalid || x.mode === Mode.NoValue) return;
  let what = '';
  switch (x.type.kind) {
    case TypeKind.Alias:
    case TypeKind.Named:
      if (isGeneric(x.type)) what = 'type';
      break;
    case TypeKind.Signature:
      if (x.type.tparams.length === 0) break;
      if (target !== null) {
        genericInst(c, target, x);
        return;
      }
      what = 'function';
  }
  if (what === '') return;
  err(c, x.expr!, 'WrongTypeArgCount', `cannot use generic ${what} ${exprString(x.expr!)} without instantiation`);
  x.mode = Mode.Invalid;
  x.type = Typ.invalid;
}

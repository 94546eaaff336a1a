// Arguments of calls: how many, what generic functions among them become, the inference of the callee's type arguments, and
// their assignment to the parameters. (Spec: Calls, Passing arguments to ... parameters, Type inference.)
import { Kind, type CallExpr, type Expr, type IndexExpr } from '../syntax/ast.ts';
import { exprString } from '../syntax/expr-string.ts';
import { gcPos } from '../syntax/positions.ts';
import { assignment, typesSummary } from './assignment.ts';
import type { Checker } from './checker.ts';
import { ErrorDesc, err, versionErr, type At } from './errors.ts';
import { completeInst, instantiateSignature, nonGeneric, startInst } from './generic.ts';
import { indexExpr } from './index.ts';
import { infer, renameTParams } from './infer.ts';
import { Signature, Tuple, TypeKind, Var, VarKind, type Slice, type Type, type TypeParam } from './model.ts';
import { Mode, Operand } from './operand.ts';
import { substTuple } from './subst.ts';
import { record } from './untyped.ts';
import { expr, genericExpr, multiExpr, needValue, unpackTuple } from './values.ts';
import { allowVersion, verifyVersion } from './version.ts';

const noExprs: Expr[] = [];

/** Arguments of a call; where an argument is a partially instantiated generic function, `targs` has what it was given. */
export interface Args {
  readonly list: Operand[];
  readonly targs: (Type[] | null)[] | null;
}

/** Checks a list of expressions; a single one may have several values. */
export function exprList(c: Checker, list: readonly Expr[]): Operand[] {
  if (list.length === 1) return multiExpr(c, list[0], false).list;
  return list.map((e) => {
    const x = new Operand();
    expr(c, null, x, e);
    return x;
  });
}

/** As exprList; from go1.21 on, arguments may be generic functions to be instantiated by what they are passed to. */
export function genericArgs(c: Checker, list: readonly Expr[]): Args {
  const n = list.length;
  if (n === 0) return { list: [], targs: null };
  if (n === 1 && list[0].kind !== Kind.IndexExpr) {
    const x = new Operand();
    c.rec.rawExpr(c, null, x, list[0], null, true);
    needValue(c, x);
    if (x.mode !== Mode.Invalid && x.type.kind === TypeKind.Tuple) return { list: unpackTuple(list[0], x.type.vars), targs: null };
    return { list: [x], targs: null };
  }
  let partial: (Type[] | null)[] | null = null;
  const operands = list.map((e, i) => {
    const x = new Operand();
    if (e.kind !== Kind.IndexExpr) {
      genericExpr(c, x, e);
      return x;
    }
    const targs = indexedArg(c, x, e, n);
    if (targs !== null) (partial ??= new Array<Type[] | null>(n).fill(null))[i] = targs;
    return x;
  });
  if (n === 1 && operands[0].mode === Mode.Value && operands[0].type.kind === TypeKind.Tuple) {
    return { list: unpackTuple(list[0], operands[0].type.vars), targs: null };
  }
  return { list: operands, targs: partial };
}

/** Checks the argument f[i]; returns the type arguments if it is a generic function that needs more of them. */
function indexedArg(c: Checker, x: Operand, e: IndexExpr, n: number): Type[] | null {
  if (!isGenericIndex(c, x, e)) {
    if (n > 1) needValue(c, x);
    return null;
  }
  const targs = startInst(c, x, e);
  if (targs === null) return null;
  x.expr = e;
  if (targs.length < (x.type as Signature).tparams.length && allowVersion(c, 21)) return targs;
  completeInst(c, null, x, e, targs);
  record(c, x);
  return null;
}

/** Checks x[i]; true for a generic function that is yet to be instantiated, else x is the finished value. */
function isGenericIndex(c: Checker, x: Operand, e: IndexExpr): boolean {
  if (indexExpr(c, x, e)) return true;
  x.expr = e;
  nonGeneric(c, null, x);
  record(c, x);
  needValue(c, x);
  return false;
}

/**
 * Checks the arguments against the signature, infers missing type arguments of it and of generic functions among the
 * arguments, and returns the signature instantiated; sig itself after an error.
 */
export function checkArguments(c: Checker, call: CallExpr, sig: Signature, targs: Type[], xlist: readonly Expr[], args: Args): Signature {
  const list = args.list;
  const adjusted = adjustParams(c, call, sig, list);
  if (adjusted === null) return sig;
  let params = adjusted;
  let result = sig;
  const generic = sig.tparams.length > 0 || list.some(isGenericFunction);
  if (generic) {
    const r = inferCall(c, call, sig, params, targs, xlist, args);
    if (r === null) return sig;
    result = r.sig;
    params = r.params;
  }
  for (let i = 0; i < list.length; i++) assignment(c, list[i], params.vars[i].type, call);
  return result;
}

/** A generic function's type is its declared signature, never a named type. */
function isGenericFunction(x: Operand): boolean {
  return x.type !== null && x.type.kind === TypeKind.Signature && x.type.tparams.length > 0;
}

/** One parameter for each argument, a variadic parameter repeated as often as needed; null after an error. */
function adjustParams(c: Checker, call: CallExpr, sig: Signature, args: Operand[]): Tuple | null {
  const nargs = args.length;
  let npars = sig.params.vars.length;
  let params = sig.params;
  if (call.hasDots) {
    if (!sig.variadic) {
      err(c, call, 'NonVariadicDotDotDot', `cannot use ... in call to non-variadic ${exprString(call.fun)}`);
      return null;
    }
    if (call.args.length === 1 && nargs > 1) {
      err(c, call, 'InvalidDotDotDot', `cannot use ... with ${nargs}-valued ${exprString(call.args[0])}`);
      return null;
    }
  } else if (sig.variadic) {
    if (nargs >= npars - 1) {
      params = repeatLast(sig, nargs);
      npars = nargs;
    } else {
      npars--;
    }
  }
  if (nargs === npars) return params;
  let at: At = call;
  if (nargs > npars) at = args[npars].expr!;
  else if (nargs > 0) at = args[nargs - 1].expr!;
  new ErrorDesc(c, 'WrongArgCount')
    .add(at, `${nargs > npars ? 'too many' : 'not enough'} arguments in call to ${exprString(call.fun)}`)
    .add(
      0,
      `have ${typesSummary(
        c,
        args.map((a) => a.type),
        false,
        call.hasDots,
      )}`,
    )
    .add(
      0,
      `want ${typesSummary(
        c,
        sig.params.vars.map((v) => v.type),
        sig.variadic,
        false,
      )}`,
    )
    .report();
  return null;
}

function repeatLast(sig: Signature, nargs: number): Tuple {
  const vars = sig.params.vars.slice(0, -1);
  const last = sig.params.vars[vars.length];
  if (vars.length === nargs) return new Tuple(vars);
  const elem = new Var(VarKind.Param, last.pos, last.pkg, last.name, variadicElem(last.type));
  while (vars.length < nargs) vars.push(elem);
  return new Tuple(vars);
}

/** The element type of a variadic parameter; it is no slice only for append's special case, where none is asked for. */
function variadicElem(t: Type): Type {
  return (t as Slice).elem;
}

/** Infers the type arguments of a call and of its generic arguments; null after an error. */
function inferCall(
  c: Checker,
  call: CallExpr,
  sig: Signature,
  params: Tuple,
  given: Type[],
  xlist: readonly Expr[],
  args: Args,
): { sig: Signature; params: Tuple } | null {
  const pos = gcPos(call);
  const n = sig.tparams.length;
  let tparams: TypeParam[] = [];
  const targs: (Type | null)[] = given.slice();
  const original = params;
  if (n > 0) {
    if (!allowVersion(c, 18)) {
      const indexed = call.fun.kind === Kind.IndexExpr;
      versionErr(c, indexed ? call.fun : call, 18, indexed ? 'function instantiation' : 'implicit function instantiation');
    }
    // Renamed, so that a recursive call's type parameters differ from those in scope.
    const renamed = renameTParams(c, sig.tparams, params);
    tparams = renamed.tparams;
    params = renamed.type as Tuple;
  }
  while (targs.length < tparams.length) targs.push(null);
  const genericAt = addGenericArgs(c, args, tparams, targs);
  if (genericAt.length > 0) verifyVersion(c, args.list[genericAt[0]], 21, 'implicitly instantiated function as argument');
  const e = new ErrorDesc(c, 'CannotInferTypeArgs');
  const inferred = infer(c, pos, tparams, targs, params, args.list, false, e);
  if (inferred === null) {
    if (!e.empty) e.prefixed(`in call to ${exprString(call.fun)}, `);
    return null;
  }
  let result = sig;
  if (n > 0) {
    const own = inferred.slice(0, n);
    result = instantiateSignature(c, pos, call.fun, sig, own, xlist);
    params = original === sig.params ? result.params : substTuple(c, params, tparams.slice(0, n), own);
  }
  let j = n;
  for (const i of genericAt) {
    const arg = args.list[i];
    const asig = arg.type as Signature;
    const k = j + asig.tparams.length;
    arg.type = instantiateSignature(c, pos, arg.expr!, asig, inferred.slice(j, k), noExprs);
    record(c, arg);
    j = k;
  }
  return { sig: result, params };
}

/** Adds the (renamed) type parameters of generic functions among the arguments; returns where those are. */
function addGenericArgs(c: Checker, args: Args, tparams: TypeParam[], targs: (Type | null)[]): number[] {
  const at: number[] = [];
  args.list.forEach((arg, i) => {
    if (!isGenericFunction(arg)) return;
    const asig = arg.type as Signature;
    const renamed = renameTParams(c, asig.tparams, asig);
    let own = renamed.type as Signature;
    if (own === asig) own = new Signature(asig.recv, asig.params, asig.results, asig.variadic);
    own.tparams = renamed.tparams;
    arg.type = own;
    tparams.push(...renamed.tparams);
    const partial = args.targs === null ? null : args.targs[i];
    if (partial !== null) targs.push(...partial);
    while (targs.length < tparams.length) targs.push(null);
    at.push(i);
  });
  return at;
}

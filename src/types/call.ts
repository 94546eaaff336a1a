// Calls and the instantiation of generic functions: type arguments given in brackets, inferred from a call's arguments, or
// from the variable that a generic function is assigned to. (Spec: Calls, Instantiations, Type inference.)
import { Kind, type CallExpr, type Expr, type IndexExpr } from '../syntax/ast.ts';
import { assignment, typesSummary } from './assignments.ts';
import { builtin } from './builtins.ts';
import type { Checker, Target } from './checker.ts';
import { conversion } from './conversion.ts';
import { ErrorDesc, err, problemString, softErr, ts, versionErr, type At } from './errors.ts';
import { ExprKind, expr, exprOrType, genericExpr, multiExpr, needValue, nonGeneric, rawExpr, unpackTuple } from './expr.ts';
import { exprString } from './exprstring.ts';
import { indexExpr } from './index.ts';
import { infer, isParameterized, renameTParams } from './infer.ts';
import { instanceOf, verifyInstance } from './instantiate.ts';
import { Signature, Tuple, TypeKind, Var, VarKind, under, type Slice, type Type, type TypeParam } from './model.ts';
import { reportInstance } from './mono.ts';
import { Mode, Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { isTypeParam } from './predicates.ts';
import { recordInstance, recordTypeAndValue } from './record.ts';
import { substTuple } from './subst.ts';
import { typeList } from './typexpr.ts';
import { isMethodSet, typeSet } from './typeset.ts';
import { commonUnder } from './under.ts';
import { builtins } from './universe.ts';
import { record } from './untyped.ts';
import { use } from './use.ts';
import { allowVersion, verifyVersion } from './version.ts';

const noExprs: Expr[] = [];

// ---- instantiation

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
function startInst(c: Checker, x: Operand, inst: IndexExpr | null): Type[] | null {
  if (inst === null) return [];
  x.expr = inst;
  verifyVersion(c, inst.pos, 18, 'function instantiation');
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

function completeInst(c: Checker, target: Target | null, x: Operand, inst: IndexExpr | null, targs: Type[]): void {
  const sig = x.type as Signature;
  const pos = x.expr!.pos;
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

function inferFromTarget(c: Checker, target: Target | null, x: Operand, inst: IndexExpr | null, sig: Signature, targs: Type[]): Type[] | null {
  const pos = x.expr!.pos;
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
function instantiateSignature(c: Checker, pos: number, e: Expr, sig: Signature, targs: Type[], xlist: readonly Expr[]): Signature {
  const inst = instanceOf(c, pos, sig, targs) as Signature;
  recordInstance(c, e, targs, inst);
  c.later(() => {
    const { index, cause } = verifyInstance(c, pos, sig.tparams, targs);
    if (cause === '') reportInstance(c, pos, sig.tparams, targs, xlist);
    else softErr(c, index < xlist.length ? xlist[index] : pos, 'InvalidTypeArg', cause);
  });
  return inst;
}

// ---- calls

/** Checks a call, a conversion or the use of a predeclared function. */
export function callExpr(c: Checker, x: Operand, call: CallExpr): ExprKind {
  const fun = call.fun;
  let inst: IndexExpr | null = null;
  if (fun.kind === Kind.IndexExpr) {
    // The instantiation is put off until the arguments are known.
    if (indexExpr(c, x, fun)) inst = fun;
    x.expr = fun;
    record(c, x);
  } else {
    exprOrType(c, x, fun, true);
  }
  switch (x.mode) {
    case Mode.Invalid:
      use(c, call.args);
      x.expr = call;
      return ExprKind.Statement;
    case Mode.TypeExpr:
      conversionCall(c, x, call);
      return ExprKind.Conversion;
    case Mode.Builtin: {
      const id = x.id;
      if (!builtin(c, x, call, id)) x.mode = Mode.Invalid;
      x.expr = call;
      if ((x.mode as Mode) !== Mode.Invalid && (x.mode as Mode) !== Mode.Constant) c.env.hasCallOrRecv = true;
      return builtins[id].kind === 'statement' ? ExprKind.Statement : ExprKind.Expression;
    }
  }
  if (!functionCall(c, x, call, inst)) x.mode = Mode.Invalid;
  x.expr = call;
  return ExprKind.Statement;
}

function conversionCall(c: Checker, x: Operand, call: CallExpr): void {
  nonGeneric(c, null, x);
  if (x.mode === Mode.Invalid) return;
  const t = x.type;
  const args = call.args;
  x.mode = Mode.Invalid;
  if (args.length === 0) {
    err(c, call, 'WrongArgCount', `missing argument in conversion to ${ts(c, t)}`);
  } else if (args.length > 1) {
    use(c, args);
    err(c, args[args.length - 1], 'WrongArgCount', `too many arguments in conversion to ${ts(c, t)}`);
  } else {
    expr(c, null, x, args[0]);
    if ((x.mode as Mode) !== Mode.Invalid) convertArgument(c, x, t, call);
  }
  x.expr = call;
}

function convertArgument(c: Checker, x: Operand, t: Type, call: CallExpr): void {
  const u = under(t);
  if (u.kind === TypeKind.Interface && !isTypeParam(t) && !isMethodSet(typeSet(u))) {
    const why = '(contains specific type constraints or is comparable)';
    err(c, call, 'MisplacedConstraintIface', `cannot use interface ${ts(c, t)} in conversion ${why}`);
    x.mode = Mode.Invalid;
  } else if (call.hasDots) {
    err(c, call.args[0], 'BadDotDotDotSyntax', `invalid use of ... in conversion to ${ts(c, t)}`);
    x.mode = Mode.Invalid;
  } else {
    conversion(c, x, t);
  }
}

/** Checks the call of a function or method value x; false after an error that leaves no result type. */
function functionCall(c: Checker, x: Operand, call: CallExpr, inst: IndexExpr | null): boolean {
  const { type: u, problem } = commonUnder(x.type, (t, tu) => {
    return tu !== null && tu.kind !== TypeKind.Signature ? { text: '%s is not a function', types: [t!] } : null;
  });
  if (problem !== null) {
    err(c, x, 'InvalidCall', `invalid operation: cannot call ${operandString(c, x)}: ${problemString(c, problem)}`);
    use(c, call.args);
    return false;
  }
  let sig = u as Signature;
  const wasGeneric = sig.tparams.length > 0;
  let targs: Type[] = [];
  let xlist = noExprs;
  if (inst !== null) {
    const list = callTypeArgs(c, sig, inst);
    if (list === null) {
      use(c, call.args);
      return false;
    }
    if (list.length === sig.tparams.length && wasGeneric) {
      // All type arguments are given: later errors can show the instantiated signature.
      verifyVersion(c, inst, 18, 'function instantiation');
      sig = instantiateSignature(c, inst.pos, inst, sig, list, inst.indices);
    } else {
      targs = list;
      xlist = inst.indices;
    }
  }
  const args = genericArgs(c, call.args);
  sig = checkArguments(c, call, sig, targs, xlist, args);
  if (wasGeneric && sig.tparams.length === 0) recordTypeAndValue(c, call.fun, Mode.Value, sig, null);
  const results = sig.results.vars;
  x.mode = results.length === 0 ? Mode.NoValue : Mode.Value;
  if (results.length === 1) x.type = results[0].type;
  else if (results.length > 1) x.type = sig.results;
  c.env.hasCallOrRecv = true;
  // If inference failed, a result that depends on type parameters has no type.
  return !(x.mode === Mode.Value && sig.tparams.length > 0 && isParameterized(sig.tparams, x.type));
}

function callTypeArgs(c: Checker, sig: Signature, inst: IndexExpr): Type[] | null {
  const targs = typeList(c, inst.indices);
  if (targs === null) return null;
  const want = sig.tparams.length;
  if (targs.length <= want) return targs;
  err(c, inst.indices[want], 'WrongTypeArgCount', `got ${targs.length} type arguments but want ${want}`);
  return null;
}

// ---- arguments

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
function genericArgs(c: Checker, list: readonly Expr[]): Args {
  const n = list.length;
  if (n === 0) return { list: [], targs: null };
  if (n === 1 && list[0].kind !== Kind.IndexExpr) {
    const x = new Operand();
    rawExpr(c, null, x, list[0], null, true);
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
    .add(0, `have ${typesSummary(c, args.map((a) => a.type), false, call.hasDots)}`)
    .add(0, `want ${typesSummary(c, sig.params.vars.map((v) => v.type), sig.variadic, false)}`)
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
  c: Checker, call: CallExpr, sig: Signature, params: Tuple, given: Type[], xlist: readonly Expr[], args: Args,
): { sig: Signature; params: Tuple } | null {
  const pos = call.pos;
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

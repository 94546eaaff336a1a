// Calls of functions and methods, conversions, and the hand-over to predeclared functions. (Spec: Calls.)
import { Kind, type CallExpr, type Expr, type IndexExpr } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { checkArguments, genericArgs } from './arguments.ts';
import { builtin } from './builtins.ts';
import type { Checker } from './checker.ts';
import { conversion } from './conversion.ts';
import { err, problemString, ts } from './errors.ts';
import { instantiateSignature, nonGeneric } from './generic.ts';
import { indexExpr } from './index.ts';
import { isParameterized } from './infer.ts';
import { TypeKind, under, type Signature, type Type } from './model.ts';
import { Mode, type Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { isTypeParam } from './predicates.ts';
import { recordTypeAndValue } from './record.ts';
import { typeList } from './typexpr.ts';
import { isMethodSet, typeSet } from './typeset.ts';
import { commonUnder } from './under.ts';
import { builtins } from './universe.ts';
import { record } from './untyped.ts';
import { use } from './use.ts';
import { ExprKind, expr, exprOrType } from './values.ts';
import { verifyVersion } from './version.ts';

const noExprs: Expr[] = [];

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
  const callee = x.type.kind === TypeKind.Signature ? x.type : calleeSignature(c, x);
  if (callee === null) return false;
  let sig = callee;
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
      sig = instantiateSignature(c, gcPos(inst), inst, sig, list, inst.indices);
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

/** The signature that all types of x's type set share; null after an error. */
function calleeSignature(c: Checker, x: Operand): Signature | null {
  const { type: u, problem } = commonUnder(x.type, (t, tu) => {
    return tu !== null && tu.kind !== TypeKind.Signature ? { text: '%s is not a function', types: [t!] } : null;
  });
  if (problem === null) return u as Signature;
  err(c, x, 'InvalidCall', `invalid operation: cannot call ${operandString(c, x)}: ${problemString(c, problem)}`);
  return null;
}

function callTypeArgs(c: Checker, sig: Signature, inst: IndexExpr): Type[] | null {
  const targs = typeList(c, inst.indices);
  if (targs === null) return null;
  const want = sig.tparams.length;
  if (targs.length <= want) return targs;
  err(c, inst.indices[want], 'WrongTypeArgCount', `got ${targs.length} type arguments but want ${want}`);
  return null;
}

// The predeclared functions on numbers: complex, real, imag, min and max.
import { imag, real, toFloat } from '../constant/convert.ts';
import { Op, compare } from '../constant/ops.ts';
import { Kind as VKind, makeComplex, sign } from '../constant/value.ts';
import { assignment } from './assignment.ts';
import { invalidArg, invalidOp, makeSig, recordSig, type BuiltinCall } from './builtin-call.ts';
import type { Checker } from './checker.ts';
import { err, softErr, ts } from './errors.ts';
import { exprString } from '../syntax/expr-string.ts';
import {
  BasicKind,
  BuiltinId,
  InterfaceType,
  TypeKind,
  TypeName,
  TypeParam,
  Union,
  asTypeParam,
  under,
  type Term,
  type Type,
} from './model.ts';
import { Mode, type Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { allOrdered, isNumeric, isUntyped } from './predicates.ts';
import { identical, typeSet } from './typeset.ts';
import { Typ, builtins } from './universe.ts';
import { convertUntyped, matchTypes, updateExprType } from './untyped.ts';
import { verifyVersion } from './version.ts';

const emptyInterface = new InterfaceType([], []);

function complexOf(t: Type): Type | null {
  const u = under(t);
  if (u.kind !== TypeKind.Basic) return null;
  switch (u.basic) {
    case BasicKind.Float32:
      return Typ.complex64;
    case BasicKind.Float64:
      return Typ.complex128;
    case BasicKind.UntypedFloat:
      return Typ.untypedComplex;
  }
  return null;
}

function partOf(t: Type): Type | null {
  const u = under(t);
  if (u.kind !== TypeKind.Basic) return null;
  switch (u.basic) {
    case BasicKind.Complex64:
      return Typ.float32;
    case BasicKind.Complex128:
      return Typ.float64;
    case BasicKind.UntypedComplex:
      return Typ.untypedFloat;
  }
  return null;
}

/** complex(x, y) */
export function complexFn({ c, x, call, args, id }: BuiltinCall): boolean {
  const y = args[1];
  const ux = isUntyped(x.type),
    uy = isUntyped(y.type);
  if (ux && !uy) convertUntyped(c, x, y.type);
  else if (!ux && uy) convertUntyped(c, y, x.type);
  else if (ux && uy) bothUntyped(c, x, y);
  if (x.mode === Mode.Invalid || y.mode === Mode.Invalid) return false;
  if (!identical(x.type, y.type)) {
    err(c, x, 'InvalidComplex', `${invalidOp}${exprString(call)} (mismatched types ${ts(c, x.type)} and ${ts(c, y.type)})`);
    return false;
  }
  const t = applyToType(c, x, complexOf, id);
  if (t === null) {
    err(c, x, 'InvalidComplex', `${invalidArg}arguments have type ${ts(c, x.type)}, expected floating-point`);
    return false;
  }
  if (x.mode === Mode.Constant && y.mode === Mode.Constant) {
    x.val = makeComplex(toFloat(x.val!), toFloat(y.val!));
  } else {
    x.mode = Mode.Value;
    recordSig(c, call, makeSig(t, x.type, x.type));
  }
  x.type = t;
  return true;
}

/** Untyped constants become floats if they can; an untyped operand that is not constant is a shift, which no float may be. */
function bothUntyped(c: Checker, x: Operand, y: Operand): void {
  for (const v of [x, y]) {
    if (x.mode !== Mode.Constant || y.mode !== Mode.Constant) convertUntyped(c, v, Typ.float64);
    else if (isNumeric(v.type) && isReal(v)) v.type = Typ.untypedFloat;
  }
}

function isReal(x: Operand): boolean {
  const im = imag(x.val!);
  return im.kind !== VKind.Unknown && sign(im) === 0;
}

/** real(x) and imag(x) */
export function realImag({ c, x, call, id }: BuiltinCall): boolean {
  if (isUntyped(x.type)) {
    if (x.mode === Mode.Constant) {
      if (isNumeric(x.type)) x.type = Typ.untypedComplex;
    } else {
      convertUntyped(c, x, Typ.complex128);
      if ((x.mode as Mode) === Mode.Invalid) return false;
    }
  }
  const t = applyToType(c, x, partOf, id);
  if (t === null) {
    err(
      c,
      x,
      id === BuiltinId.Real ? 'InvalidReal' : 'InvalidImag',
      `${invalidArg}argument has type ${ts(c, x.type)}, expected complex type`,
    );
    return false;
  }
  if (x.mode === Mode.Constant) {
    x.val = id === BuiltinId.Real ? real(x.val!) : imag(x.val!);
  } else {
    x.mode = Mode.Value;
    recordSig(c, call, makeSig(t, x.type));
  }
  x.type = t;
  return true;
}

/** Applies f to x's type; of a type parameter to all types of its set, which is reported as not supported. */
function applyToType(c: Checker, x: Operand, f: (t: Type) => Type | null, id: number): Type | null {
  const tp = asTypeParam(x.type);
  if (tp === null) return f(x.type);
  const set = typeSet(under(tp) as InterfaceType);
  if (set.terms === null || set.terms.length === 0) return null;
  const terms: Term[] = [];
  for (const term of set.terms) {
    const r = f(term.type!);
    if (r === null) return null;
    terms.push({ tilde: term.tilde, type: r });
  }
  const code = id === BuiltinId.Real ? 'InvalidReal' : id === BuiltinId.Imag ? 'InvalidImag' : 'InvalidComplex';
  const why = `not supported as argument to built-in ${builtins[id].name} for go1.18 (see go.dev/issue/50937)`;
  softErr(c, x, code, `${operandString(c, x)} ${why}`);
  const obj = new TypeName(0, c.pkg, tp.obj.name, null);
  const bound = new InterfaceType([], [new Union(terms)]);
  const result = new TypeParam(obj, bound);
  obj.type = result;
  result.index = tp.index;
  return result;
}

/** min(x, ...) and max(x, ...) */
export function minMax({ c, x, call, args, id }: BuiltinCall): boolean {
  const name = builtins[id].name;
  verifyVersion(c, call.fun, 21, `built-in ${name}`);
  const op = id === BuiltinId.Max ? Op.Gtr : Op.Lss;
  for (let i = 0; i < args.length; i++) {
    const a = args[i];
    if (!allOrdered(a.type)) {
      err(c, a, 'InvalidMinMaxOperand', `${invalidArg}${operandString(c, a)} cannot be ordered`);
      return false;
    }
    if (i > 0 && !combine(c, x, a, op)) return false;
  }
  if (x.mode !== Mode.Constant) {
    x.mode = Mode.Value;
    // A value must not be untyped.
    assignment(c, x, emptyInterface, `argument to built-in ${name}`);
    if ((x.mode as Mode) === Mode.Invalid) return false;
  }
  for (const a of args) updateExprType(c, a.expr!, x.type, true);
  if (x.mode !== Mode.Constant) recordSig(c, call, makeSig(x.type, ...args.map(() => x.type)));
  return true;
}

/** Takes another argument into x. */
function combine(c: Checker, x: Operand, a: Operand, op: Op): boolean {
  matchTypes(c, x, a);
  if (x.mode === Mode.Invalid) return false;
  if (!identical(x.type, a.type)) {
    const types = `${ts(c, x.type)} (previous argument) and ${ts(c, a.type)} (type of ${exprString(a.expr!)})`;
    err(c, a, 'MismatchedTypes', `${invalidArg}mismatched types ${types}`);
    return false;
  }
  if (x.mode !== Mode.Constant || a.mode !== Mode.Constant) x.mode = Mode.Value;
  else if (compare(a.val!, op, x.val!)) x.set(a);
  return true;
}

// Identifiers and type expressions. Spec: "Types", "Type parameter declarations", "Instantiations".
// In: syntax that denotes a type, or a name of any kind. Out: the type, recorded; invalid after an error was reported.
import type { Expr, Ident, InterfaceType as InterfaceSyntax, StructType as StructSyntax } from '../syntax/ast.ts';
import { ChanDir as SyntaxDir, Kind } from '../syntax/ast.ts';
import type { Value } from '../constant/value.ts';
import { Kind as ValueKind } from '../constant/value.ts';
import { toInt } from '../constant/convert.ts';
import type { Checker } from './checker.ts';
import { err, nodePos, softErr, startPos, ts } from './errors.ts';
import { exprString } from '../syntax/expr-string.ts';
import { instanceOf, validateTArgLen, verifyInstance } from './instantiate.ts';
import { interfaceType } from './interface.ts';
import { reportInstance } from './mono.ts';
import type { Scope, Type, TypeName } from './model.ts';
import {
  ArrayType,
  Chan,
  ChanDir,
  EMPTY_TUPLE,
  InterfaceType,
  MapType,
  ObjKind,
  Pointer,
  Signature,
  Slice,
  Struct,
  TypeKind,
  invalidType,
  under,
} from './model.ts';
import { Mode, Operand } from './operand.ts';
import { isGeneric, isInteger, isTypeParam, isUntyped, isValid, isValidName } from './predicates.ts';
import { recordInstance, recordType } from './record.ts';
import { structType } from './struct.ts';
import { comparable, computeTypeSet, isMethodSet } from './typeset.ts';
import { objectKind } from './typestring.ts';
import { universeAny, universeComparable, universeIota } from './universe.ts';
import { verifyVersion } from './version.ts';

/** Nesting of types deeper than this is refused, before the host's stack ends. */
const maxDepth = 500;

/** Checks an identifier and sets x to what it denotes. If wantType is set, it is to denote a type. */
export function ident(c: Checker, x: Operand, e: Ident, wantType: boolean): void {
  x.mode = Mode.Invalid;
  x.expr = e;
  const name = e.name;
  let scope = c.env.scope;
  let obj = scope.lookup(name);
  while (obj === null && scope.parent !== null) {
    scope = scope.parent;
    obj = scope.lookup(name);
  }
  if (obj === null) {
    if (name === '_') err(c, e, 'InvalidBlank', 'cannot use _ as value or type');
    else if (isValidName(name)) err(c, e, 'UndeclaredName', `undefined: ${name}`);
    return;
  }
  if ((obj === universeComparable || obj === universeAny) && !verifyVersion(c, e, 18, `predeclared ${name}`)) return;
  c.info.setUse(e, obj);
  const gotType = obj.kind === ObjKind.TypeName;
  if (!gotType && wantType) {
    err(c, e, 'NotAType', `${name} (${objectKind(obj)}) is not a type`);
    if (obj.kind === ObjKind.Var && obj.pkg === c.pkg) obj.used = true; // no "declared and not used" as well
    return;
  }
  // A type name of this package is looked at even if it has a type: there may be a cycle to report.
  if (obj.type === null || (gotType && wantType && obj.pathIndex >= 0)) c.rec.objDecl(c, obj);
  if (c.dotImports.size > 0 && obj.pkg !== c.pkg) markDotImport(c, scope, name);
  const type = obj.type;
  switch (obj.kind) {
    case ObjKind.PkgName:
      err(c, e, 'InvalidPkgUse', `use of package ${name} not in selector`);
      return;
    case ObjKind.Const:
      c.addDeclDep(obj);
      if (!isValid(type)) return;
      if (obj === universeIota) {
        if (c.env.iota === null) {
          err(c, e, 'InvalidIota', 'cannot use iota outside constant declaration');
          return;
        }
        x.val = c.env.iota;
      } else x.val = obj.val;
      x.mode = Mode.Constant;
      break;
    case ObjKind.TypeName:
      x.mode = Mode.TypeExpr;
      break;
    case ObjKind.Var:
      if (obj.pkg === c.pkg) {
        obj.used = true;
        if (obj.owner !== null && obj.owner !== c.env.sig) obj.captured = true;
      }
      c.addDeclDep(obj);
      if (!isValid(type)) return;
      x.mode = Mode.Variable;
      break;
    case ObjKind.Func:
      c.addDeclDep(obj);
      x.mode = Mode.Value;
      break;
    case ObjKind.Builtin:
      x.id = obj.id;
      x.mode = Mode.Builtin;
      break;
    case ObjKind.Nil:
      x.mode = Mode.NilValue;
      break;
  }
  x.type = type;
}

/** The name came through a dot-import, if it stands in a file scope: that import is used. */
function markDotImport(c: Checker, scope: Scope, name: string): void {
  const pkgName = c.dotImports.get(scope)?.get(name);
  if (pkgName !== undefined) pkgName.used = true;
}

/** Checks a type; it must not be generic. */
export function typ(c: Checker, e: Expr): Type {
  return declaredType(c, e, null);
}

/** Checks the type of a variable: neither generic nor a constraint. */
export function varType(c: Checker, e: Expr): Type {
  const t = declaredType(c, e, null);
  validVarType(c, e, t);
  return t;
}

/** Reports an error if t is a constraint interface, once types are complete. */
export function validVarType(c: Checker, e: Expr, t: Type): void {
  // Most types can be seen not to be interfaces.
  if (t.kind !== TypeKind.Named && t.kind !== TypeKind.Interface && t.kind !== TypeKind.Alias) return;
  // Neither are they if they are complete already and known to be something else.
  const done = t.kind === TypeKind.Named ? t.under : null;
  if (done !== null && (done.kind !== TypeKind.Interface || (done.tset !== null && isMethodSet(done.tset)))) return;
  if (isTypeParam(t)) return;
  c.later(() => {
    const u = under(t);
    if (u.kind !== TypeKind.Interface) return;
    const pos = startPos(e);
    const s = computeTypeSet(c, pos, u);
    if (isMethodSet(s)) return;
    const why = s.comparable ? 'interface is (or embeds) comparable' : 'interface contains type constraints';
    softErr(c, pos, 'MisplacedConstraintIface', `cannot use type ${ts(c, t)} outside a type constraint: ${why}`);
  });
}

/** Is typ for the right-hand side of the declaration of def. */
export function declaredType(c: Checker, e: Expr, def: TypeName | null): Type {
  let t = typInternal(c, e, def);
  if (isGeneric(t)) {
    err(c, e, 'WrongTypeArgCount', `cannot use generic type ${ts(c, t)} without instantiation`);
    t = invalidType();
  }
  recordType(c, e, t);
  return t;
}

/** Checks a type that must be generic. The cause is set if it is valid but not generic. */
export function genericType(c: Checker, e: Expr): { type: Type; cause: string } {
  let t = typInternal(c, e, null);
  let cause = '';
  if (isValid(t) && !isGeneric(t)) {
    cause = `${ts(c, t)} is not a generic type`;
    t = invalidType();
  }
  recordType(c, e, t);
  return { type: t, cause };
}

function typInternal(c: Checker, e: Expr, def: TypeName | null): Type {
  if (c.depth > maxDepth) {
    err(c, e, 'InvalidSyntaxTree', 'type is nested too deeply');
    return invalidType();
  }
  c.depth++;
  const t = typUnguarded(c, e, def);
  c.depth--;
  return t;
}

function typUnguarded(c: Checker, e: Expr, def: TypeName | null): Type {
  switch (e.kind) {
    case Kind.BadExpr:
      break; // reported by the parser
    case Kind.Ident: {
      const x = new Operand();
      ident(c, x, e, true);
      return typeOfOperand(c, x);
    }
    case Kind.SelectorExpr: {
      const x = new Operand();
      c.rec.selector(c, x, e, true);
      return typeOfOperand(c, x);
    }
    case Kind.IndexExpr:
      verifyVersion(c, e, 18, 'type instantiation');
      return instantiatedType(c, e.x, e.indices);
    case Kind.ParenExpr:
      // Generic types must be instantiated before they can be used in any form, so they can't be parenthesized.
      return declaredType(c, e.x, def);
    case Kind.ArrayType:
      return arrayType(c, e);
    case Kind.Ellipsis:
      err(c, e, 'InvalidSyntaxTree', 'invalid use of ...');
      break;
    case Kind.StructType: {
      const t = new Struct([], null);
      structType(c, t, e as StructSyntax, varType);
      return t;
    }
    case Kind.StarExpr: {
      const t = new Pointer(invalidType());
      t.elem = varType(c, e.x);
      // A pointer to an invalid type would only lead to follow-on errors.
      return isValid(t.elem) ? t : invalidType();
    }
    case Kind.FuncType: {
      const sig = new Signature(null, EMPTY_TUPLE, EMPTY_TUPLE, false);
      c.rec.funcType(c, sig, null, e);
      return sig;
    }
    case Kind.InterfaceType: {
      const t = new InterfaceType([], []);
      if (e.methods.list.length > 0) c.restricted.push({ e, type: t });
      interfaceType(c, t, e as InterfaceSyntax, def, typ);
      return t;
    }
    case Kind.MapType:
      return mapType(c, e);
    case Kind.ChanType: {
      const dir = e.dir === SyntaxDir.Both ? ChanDir.SendRecv : e.dir === SyntaxDir.Send ? ChanDir.SendOnly : ChanDir.RecvOnly;
      const t = new Chan(dir, invalidType());
      t.elem = varType(c, e.value);
      c.restricted.push({ e, type: t });
      return t;
    }
    default:
      err(c, e, 'NotAType', `${exprString(e)} is not a type`);
      c.rec.use(c, e);
  }
  return invalidType();
}

function typeOfOperand(c: Checker, x: Operand): Type {
  switch (x.mode) {
    case Mode.TypeExpr:
      return x.type;
    case Mode.Invalid:
      break;
    case Mode.NoValue:
      err(c, x, 'NotAType', `${c.rec.operandString(c, x)} used as type`);
      break;
    default:
      err(c, x, 'NotAType', `${c.rec.operandString(c, x)} is not a type`);
  }
  return invalidType();
}

function arrayType(c: Checker, e: Expr & { kind: typeof Kind.ArrayType }): Type {
  if (e.len === null) {
    const t = new Slice(invalidType());
    t.elem = varType(c, e.elt);
    return t;
  }
  let len = -1;
  if (e.len.kind === Kind.Ellipsis) {
    err(c, e, 'BadDotDotDotSyntax', 'invalid use of [...] array (outside a composite literal)');
  } else len = arrayLength(c, e.len);
  const t = new ArrayType(invalidType(), len);
  t.elem = varType(c, e.elt);
  if (len > 0xffffffff) c.restricted.push({ e, type: t });
  return len >= 0 ? t : invalidType();
}

function mapType(c: Checker, e: Expr & { kind: typeof Kind.MapType }): Type {
  const t = new MapType(invalidType(), invalidType());
  t.key = varType(c, e.key);
  t.elem = varType(c, e.value);
  if (t.key.kind === TypeKind.Basic) return t;
  // Spec: "The comparison operators == and != must be fully defined for operands of the key type"
  c.later(() => {
    if (comparable(t.key)) return;
    const why = isTypeParam(t.key) ? ' (missing comparable constraint)' : '';
    err(c, e.key, 'IncomparableMapKey', `invalid map key type ${ts(c, t.key)}${why}`);
  });
  return t;
}

/** Checks the instantiation of a generic type: x[xlist]. */
export function instantiatedType(c: Checker, x: Expr, xlist: readonly Expr[]): Type {
  const g = genericType(c, x);
  if (g.cause !== '') {
    err(c, x, 'NotAGenericType', `invalid operation: ${exprString(x)}[${xlist.map(exprString).join(', ')}] (${g.cause})`);
  }
  const gt = g.type;
  if (!isValid(gt) || (gt.kind !== TypeKind.Named && gt.kind !== TypeKind.Alias)) return invalidType();
  const targs = typeList(c, xlist);
  if (targs === null) return invalidType();
  const inst = instanceOf(c, nodePos(x), gt, targs);
  if (inst.kind !== TypeKind.Named && inst.kind !== TypeKind.Alias) return invalidType();
  // The type parameters of the generic type may not be set up yet.
  c.later(() => {
    recordInstance(c, x, targs, inst);
    const tparams = gt.tparams;
    const pos = nodePos(x);
    if (!validateTArgLen(c, pos, inst.obj.name, tparams.length, targs.length)) return;
    const bad = verifyInstance(c, pos, tparams, targs);
    if (bad.cause !== '') softErr(c, bad.index < xlist.length ? startPos(xlist[bad.index]) : pos, 'InvalidTypeArg', bad.cause);
    else reportInstance(c, pos, tparams, targs, xlist);
  });
  return inst;
}

/** Checks an array length; a negative result says that an error was reported. */
export function arrayLength(c: Checker, e: Expr): number {
  // The declaration may be meant as that of a generic type: type T[P any] looks like an array of length P.
  if (e.kind === Kind.Ident) {
    const obj = c.lookup(e.name);
    if (obj === null) {
      err(c, e, 'InvalidArrayLen', `undefined array length ${e.name} or missing type constraint`);
      return -1;
    }
    if (obj.kind !== ObjKind.Const) {
      err(c, e, 'InvalidArrayLen', `invalid array length ${e.name}`);
      return -1;
    }
  }
  const x = new Operand();
  c.rec.expr(c, null, x, e);
  if (x.mode !== Mode.Constant) {
    if (x.mode !== Mode.Invalid) err(c, x, 'InvalidArrayLen', `array length ${c.rec.operandString(c, x)} must be constant`);
    return -1;
  }
  if (isUntyped(x.type) || isInteger(x.type)) {
    const n = intValue(x.val!);
    if (n >= 0) return n;
  }
  const what = c.rec.operandString(c, x);
  err(c, x, 'InvalidArrayLen', isInteger(x.type) ? `invalid array length ${what}` : `array length ${what} must be integer`);
  return -1;
}

/** Returns the value as an int of the target, or -1 if it is none (or negative). */
function intValue(v: Value): number {
  const n = toInt(v);
  if (n.kind !== ValueKind.Int) return -1;
  const i = n.val;
  return i < 0 || i >= 2n ** 63n ? -1 : Number(i);
}

/** Checks a list of type arguments; null if one is invalid. */
export function typeList(c: Checker, list: readonly Expr[]): Type[] | null {
  const out: Type[] = [];
  let ok = true;
  for (const e of list) {
    const t = varType(c, e);
    if (!isValid(t)) ok = false;
    out.push(t);
  }
  return ok ? out : null;
}

// Selectors x.f: qualified identifiers, fields, method values and method expressions. (Spec: Selectors, Method values.)
import { Kind, type Ident, type SelectorExpr } from '../syntax/ast.ts';
import type { Checker } from './checker.ts';
import { err, ts } from './errors.ts';
import { exprOrType } from './values.ts';
import { isInExportData } from './export-data.ts';
import { gcPos } from '../syntax/positions.ts';
import { exprString } from '../syntax/expr-string.ts';
import { hasPtrRecv, interfacePtrCause, lookupError, lookupFieldOrMethod } from './lookup.ts';
import {
  ObjKind,
  SelectionKind,
  Signature,
  Tuple,
  TypeKind,
  Var,
  VarKind,
  equalFold,
  under,
  type Func,
  type Obj,
  type PkgName,
  declared,
} from './model.ts';
import { Mode, type Operand } from './operand.ts';
import { operandString } from './operand-string.ts';
import { isInterfacePtr, isValid, isValidName } from './predicates.ts';
import { recordSelection, recordUse } from './record.ts';
import { Typ } from './universe.ts';
import { addressTaken } from './vars.ts';

/** Checks x.f. With wantType only a qualified type is expected. */
export function selector(c: Checker, x: Operand, e: SelectorExpr, wantType: boolean): void {
  x.mode = Mode.Invalid;
  x.type = Typ.invalid;
  x.expr = e;
  if (e.x.kind === Kind.Ident) {
    const obj = c.lookup(e.x.name);
    if (obj !== null && obj.kind === ObjKind.PkgName) {
      qualifiedIdent(c, x, e, e.x, obj);
      return;
    }
  }
  exprOrType(c, x, e.x, false);
  if (x.mode !== Mode.Invalid && !selectMember(c, x, e, wantType)) {
    x.mode = Mode.Invalid;
    x.type = Typ.invalid;
  }
  x.expr = e;
}

function qualifiedIdent(c: Checker, x: Operand, e: SelectorExpr, id: Ident, pkgName: PkgName): void {
  recordUse(c, id, pkgName);
  pkgName.used = true;
  const pkg = pkgName.imported;
  const sel = e.sel.name;
  const obj = pkg.scope.lookup(sel);
  if (obj === null || (!obj.exported && !isInExportData(pkg, obj))) {
    if (pkg.fake || !isValidName(sel)) return;
    const similar = pkg.scope.names().find((n) => equalFold(n, sel) && pkg.scope.lookup(n)!.exported);
    err(c, e.sel, 'UndeclaredImportedName', `undefined: ${exprString(e)}${similar === undefined ? '' : ` (but have ${similar})`}`);
    return;
  }
  if (!obj.exported) err(c, e.sel, 'UnexportedName', `name ${sel} not exported by package ${pkg.name}`);
  recordUse(c, e.sel, obj);
  denote(x, declared(obj));
}

/** Makes x what an imported object denotes. */
function denote(x: Operand, obj: Obj): void {
  x.type = obj.type;
  switch (obj.kind) {
    case ObjKind.Const:
      x.mode = Mode.Constant;
      x.val = obj.val;
      break;
    case ObjKind.TypeName:
      x.mode = Mode.TypeExpr;
      break;
    case ObjKind.Var:
      x.mode = Mode.Variable;
      break;
    case ObjKind.Func:
      x.mode = Mode.Value;
      break;
    case ObjKind.Builtin:
      x.mode = Mode.Builtin;
      x.id = obj.id;
      break;
  }
}

/** Selects a field or method of the value or type x; false after an error. */
function selectMember(c: Checker, x: Operand, e: SelectorExpr, wantType: boolean): boolean {
  if (x.mode === Mode.Builtin) {
    err(c, gcPos(e), 'UncalledBuiltin', `invalid use of ${operandString(c, x)} in selector expression`);
    return false;
  }
  if (wantType) {
    err(c, e.sel, 'NotAType', `${exprString(e)} is not a type`);
    return false;
  }
  const sel = e.sel.name;
  const found = lookupFieldOrMethod(x.type, x.mode === Mode.Variable, c.pkg, sel, false);
  const obj = found.obj;
  if (obj === null) {
    notFound(c, x, e, found.index !== null, found.indirect);
    return false;
  }
  if (obj.kind === ObjKind.Func) {
    c.rec.objDecl(c, obj);
    return x.mode === Mode.TypeExpr
      ? methodExpr(c, x, e, obj, found.index!, found.indirect)
      : methodValue(c, x, e, obj, found.index!, found.indirect);
  }
  if (x.mode === Mode.TypeExpr) {
    err(c, e.sel, 'MissingFieldOrMethod', `${exprString(e.x)}.${sel} undefined (type ${ts(c, x.type)} has no method ${sel})`);
    return false;
  }
  recordSelection(c, e, SelectionKind.FieldVal, x.type, obj, found.index!, found.indirect);
  x.mode = x.mode === Mode.Variable || found.indirect ? Mode.Variable : Mode.Value;
  x.type = obj.type;
  return true;
}

function notFound(c: Checker, x: Operand, e: SelectorExpr, ambiguous: boolean, indirect: boolean): void {
  if (!isValid(under(x.type))) return;
  const sel = e.sel.name;
  if (ambiguous) {
    err(c, e.sel, 'AmbiguousSelector', `ambiguous selector ${exprString(e.x)}.${sel}`);
    return;
  }
  const t = ts(c, x.type);
  if (indirect) {
    const what =
      x.mode === Mode.TypeExpr
        ? `invalid method expression ${t}.${sel} (needs pointer receiver (*${t}).${sel})`
        : `cannot call pointer method ${sel} on ${t}`;
    err(c, e.sel, 'InvalidMethodExpr', what);
    return;
  }
  let why: string;
  if (isInterfacePtr(x.type)) why = interfacePtrCause(c, x.type);
  else why = lookupError(c, x.type, sel, lookupFieldOrMethod(x.type, x.mode === Mode.Variable, c.pkg, sel, true).obj, false);
  err(c, e.sel, 'MissingFieldOrMethod', `${exprString(e.x)}.${sel} undefined (${why})`);
}

/** T.m: a function with the receiver as its first parameter. */
function methodExpr(c: Checker, x: Operand, e: SelectorExpr, m: Func, index: number[], indirect: boolean): boolean {
  recordSelection(c, e, SelectionKind.MethodExpr, x.type, m, index, indirect);
  const sig = m.type;
  if (sig.recv === null) {
    err(c, e, 'InvalidDeclCycle', 'illegal cycle in method declaration');
    return false;
  }
  // Parameters are all named or all unnamed.
  const named = sig.params.vars.length > 0 && sig.params.vars[0].name !== '';
  const recv = new Var(VarKind.Param, sig.recv.pos, sig.recv.pkg, named ? sig.recv.name || '_' : '', x.type);
  const f = new Signature(null, new Tuple([recv, ...sig.params.vars]), sig.results, sig.variadic);
  f.tparams = sig.tparams;
  x.mode = Mode.Value;
  x.type = f;
  c.addDeclDep(m);
  return true;
}

/** v.m: a function without the receiver. */
function methodValue(c: Checker, x: Operand, e: SelectorExpr, m: Func, index: number[], indirect: boolean): boolean {
  recordSelection(c, e, SelectionKind.MethodVal, x.type, m, index, indirect);
  if (x.mode === Mode.Variable && !indirect && under(x.type).kind !== TypeKind.Pointer && hasPtrRecv(m)) addressTaken(c, e.x);
  const sig = m.type;
  const f = new Signature(null, sig.params, sig.results, sig.variadic);
  f.tparams = sig.tparams;
  x.mode = Mode.Value;
  x.type = f;
  c.addDeclDep(m);
  return true;
}

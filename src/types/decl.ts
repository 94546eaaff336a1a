// Declarations of constants, types, variables and functions, at package level (on demand) and inside functions.
// Spec: "Declarations and scope". In: an object with its DeclInfo, or a declaration statement. Out: the object's type.
import { makeInt, unknown } from '../constant/value.ts';
import type { Expr, GenDecl, Ident, TypeSpec, ValueSpec } from '../syntax/ast.ts';
import { Kind } from '../syntax/ast.ts';
import { hasBody } from '../syntax/nodes.ts';
import { Token } from '../syntax/token.ts';
import { endPos } from '../syntax/positions.ts';
import { Bug } from '../base/bug.ts';
import type { Checker } from './checker.ts';
import { newEnv } from './checker.ts';
import { validCycle, validType } from './cycles.ts';
import { collectTypeParams, declare } from './declare.ts';
import { ErrorDesc, err, nodePos, posString, softErr, ts } from './errors.ts';
import { exprString } from '../syntax/expr-string.ts';
import type { DeclInfo, Obj, Type } from './model.ts';
import {
  Alias,
  Const,
  EMPTY_TUPLE,
  Named,
  ObjKind,
  Scope,
  Signature,
  TypeKind,
  TypeName,
  Var,
  VarKind,
  asNamed,
  idOf,
  invalidType,
  unalias,
  under,
} from './model.ts';
import { Operand } from './operand.ts';
import { isConstType, isTypeParam, isValid } from './predicates.ts';
import { recordScope } from './record.ts';
import { declaredType, typ, varType } from './typexpr.ts';
import { isImportedConstraint } from './typeset.ts';
import { verifyVersion } from './version.ts';

/** Checks the declaration of a package-level object or method, unless that is done or under way. */
export function objDecl(c: Checker, obj: Obj): void {
  if (obj.pathIndex >= 0) {
    revisit(c, obj);
    return;
  }
  if (obj.type !== null) return;
  if (obj.pkg !== c.pkg && obj.pkg !== null && obj.pkg.declare !== null) return obj.pkg.declare(obj);
  const d = obj.decl;
  if (d === null) throw new Bug('types', obj.name, 'the object has no declaration');
  const saved = c.env;
  c.env = newEnv(d.file);
  c.env.version = d.version;
  c.where = obj.pos;
  c.push(obj);
  switch (obj.kind) {
    case ObjKind.Const:
      c.env.decl = d;
      constDecl(c, obj, d.vtyp, d.init, d.inherited, d.iota);
      break;
    case ObjKind.Var:
      c.env.decl = d;
      varDecl(c, obj, d.lhs, d.vtyp, d.init);
      break;
    case ObjKind.TypeName:
      typeDecl(c, obj, d.tdecl!);
      collectMethods(c, obj);
      break;
    case ObjKind.Func:
      funcDecl(c, obj, d);
      break;
    default:
      throw new Bug('types', obj.name, 'this kind of object has no declaration');
  }
  c.pop();
  c.env = saved;
}

/** The object is being declared already: there is a cycle, valid or not. */
function revisit(c: Checker, obj: Obj): void {
  switch (obj.kind) {
    case ObjKind.Const:
    case ObjKind.Var:
      if (!validCycle(c, obj) || obj.type === null) obj.type = invalidType();
      break;
    case ObjKind.TypeName:
      if (!validCycle(c, obj)) obj.type = invalidType();
      break;
    case ObjKind.Func:
      // Its type stays the empty signature, with which nothing can be initialized.
      validCycle(c, obj);
      break;
  }
}

function constDecl(c: Checker, obj: Const, type: Expr | null, init: Expr | null, inherited: boolean, iota: number): void {
  const env = c.env;
  const savedIota = env.iota;
  const savedErrpos = env.errpos;
  env.iota = makeInt(iota);
  env.errpos = 0;
  obj.val = unknown; // something, in case of an error
  let ok = true;
  if (type !== null) {
    const t = typ(c, type);
    if (isConstType(t)) obj.type = t;
    else {
      if (isValid(under(t))) err(c, type, 'InvalidConstType', `invalid constant type ${ts(c, t)}`);
      obj.type = invalidType();
      ok = false;
    }
  }
  if (ok) {
    const x = new Operand();
    if (init !== null) {
      // Errors in an inherited initializer are reported at the constant that inherits it.
      if (inherited) env.errpos = obj.pos;
      c.rec.expr(c, null, x, init);
    }
    c.rec.initConst(c, obj, x);
  }
  env.iota = savedIota;
  env.errpos = savedErrpos;
}

function varDecl(c: Checker, obj: Var, lhs: Var[] | null, type: Expr | null, init: Expr | null): void {
  if (type !== null) obj.type = varType(c, type);
  if (init === null) {
    if (type === null) obj.type = invalidType();
    return;
  }
  if (lhs === null || lhs.length === 1) {
    const x = new Operand();
    c.rec.expr(c, c.rec.newTarget(obj.type, obj.name), x, init);
    c.rec.initVar(c, obj, x, 'variable declaration');
    return;
  }
  // One call initializes all variables; they are all set up with the first of them.
  if (type !== null) for (const v of lhs) v.type = obj.type;
  c.rec.initVars(c, lhs, [init], null);
}

function typeDecl(c: Checker, obj: TypeName, d: TypeSpec): void {
  let rhs: Type | null = null;
  let versionBad = false;
  c.later(() => {
    const t = obj.type === null ? null : asNamed(obj.type);
    if (t !== null) validType(c, t);
    if (!versionBad && rhs !== null && isImportedConstraint(c, rhs)) verifyVersion(c, d.type, 18, `using type constraint ${ts(c, rhs)}`);
  });
  const tparams = d.typeParams;
  const first = tparams !== null && tparams.list.length > 0 ? tparams.list[0] : null;
  if (d.alias) {
    if (first !== null && !verifyVersion(c, first, 23, 'generic type alias')) versionBad = true;
    if (!versionBad && !verifyVersion(c, d, 9, 'type alias')) versionBad = true;
    const alias = new Alias(obj, null);
    obj.type = alias;
    const outer = c.env.scope;
    if (first !== null) {
      openTypeScope(c, d);
      collectTypeParams(c, tparams!, (list) => (alias.tparams = list));
    }
    rhs = declaredType(c, d.type, obj);
    alias.fromRhs = rhs;
    if (rhs.kind === TypeKind.TypeParam && alias.tparams.includes(rhs)) {
      err(c, d.type, 'MisplacedTypeParam', 'cannot use type parameter declared in alias declaration as RHS');
      alias.fromRhs = invalidType();
    }
    alias.actual = null;
    unalias(alias);
    c.env.scope = outer;
    return;
  }
  if (first !== null && !verifyVersion(c, first, 18, 'type parameter')) versionBad = true;
  const named = new Named(obj, null);
  obj.type = named;
  const outer = c.env.scope;
  if (first !== null) {
    openTypeScope(c, d);
    collectTypeParams(c, tparams!, (list) => (named.tparams = list));
  }
  rhs = declaredType(c, d.type, obj);
  named.fromRhs = rhs;
  // Spec: "In a type definition the given type cannot be a type parameter."
  if (isTypeParam(rhs)) {
    err(c, d.type, 'MisplacedTypeParam', 'cannot use a type parameter as RHS in type declaration');
    named.fromRhs = invalidType();
  }
  c.env.scope = outer;
}

function openTypeScope(c: Checker, d: TypeSpec): void {
  const s = new Scope(c.env.scope, d.pos, endPos(d.type), 'type parameters');
  c.env.scope = s;
  recordScope(c, d, s);
}

/** Adds the methods declared for obj's type, and reports those that clash. */
function collectMethods(c: Checker, obj: TypeName): void {
  const methods = c.methods.get(obj);
  if (methods === undefined) return;
  c.methods.delete(obj);
  const base = obj.type === null ? null : asNamed(obj.type);
  if (base !== null) c.later(() => checkFieldUniqueness(c, base));
  const names = new Map<string, Obj>();
  for (const m of methods) {
    const id = idOf(m.pkg, m.name);
    const alt = names.get(id);
    if (alt !== undefined) {
      err(c, m.pos, 'DuplicateMethod', `method ${obj.name}.${m.name} already declared at ${posString(c, alt.pos)}`);
      continue;
    }
    names.set(id, m);
    if (base !== null) base.methods.push(m);
  }
}

/** Spec: "If the base type is a struct type, the non-blank method and field names must be distinct." */
function checkFieldUniqueness(c: Checker, base: Named): void {
  const u = under(base);
  if (u.kind !== TypeKind.Struct) return;
  const names = new Map<string, Obj>();
  for (const m of base.methods) names.set(m.name, m);
  for (const f of u.fields) {
    const m = f.name === '_' ? undefined : names.get(f.name);
    if (m === undefined) continue;
    new ErrorDesc(c, 'DuplicateFieldAndMethod').add(m, `field and method with the same name ${f.name}`).addAlt(f).report();
  }
}

function funcDecl(c: Checker, obj: Obj & { kind: typeof ObjKind.Func }, d: DeclInfo): void {
  const sig = new Signature(null, EMPTY_TUPLE, EMPTY_TUPLE, false);
  obj.type = sig; // guards against cycles
  const f = d.fdecl!;
  c.rec.funcType(c, sig, f.recv, f.type);
  if (!hasBody(f)) {
    if (sig.tparams.length > 0) softErr(c, nodePos(f), 'BadDecl', 'generic function is missing function body');
    return;
  }
  const conf = c.conf;
  if (conf.ignoreFuncBodies || conf.lazyBodies) return;
  c.later(() => checkFuncBody(c, obj));
}

/** Checks the body of a declared function, unless that is done. */
export function checkFuncBody(c: Checker, obj: Obj & { kind: typeof ObjKind.Func }): void {
  const d = obj.decl;
  if (obj.bodyDone || d === null || d.fdecl === null || d.fdecl.body === null) return;
  obj.bodyDone = true;
  c.where = obj.pos;
  const saved = c.env;
  c.env = newEnv(d.file);
  c.env.version = d.version;
  c.rec.funcBody(c, d, obj.name, obj.type, d.fdecl.body, null);
  c.env = saved;
}

/** Reports whether the numbers of names and initializers go together; reports an error if not. */
export function arity(
  c: Checker,
  pos: number,
  names: readonly Ident[],
  inits: readonly Expr[],
  isConst: boolean,
  inherited: boolean,
): void {
  const l = names.length;
  const r = inits.length;
  if (l < r) {
    const n = inits[l];
    if (inherited) err(c, pos, 'WrongAssignCount', `extra init expr at ${posString(c, nodePos(n))}`);
    else err(c, n, 'WrongAssignCount', `extra init expr ${exprString(n)}`);
  } else if (l > r && (isConst || r !== 1)) {
    // A single initializer of several variables may be a call with as many results.
    err(c, names[r], 'WrongAssignCount', `missing init expr for ${names[r].name}`);
  }
}

/** The specification that a constant's type and values come from: its own, or the last one with any. */
export interface ConstSource {
  type: Expr | null;
  values: Expr[];
}

/** Returns where s gets its values from; last is what the previous line of the group used. */
export function constSource(s: ValueSpec, last: ConstSource | null): { source: ConstSource; inherited: boolean } {
  if (s.type !== null || s.values.length > 0) return { source: s, inherited: false };
  if (last === null) return { source: { type: null, values: [] }, inherited: false };
  return { source: last, inherited: true };
}

/** Checks a declaration inside a function. */
export function declStmt(c: Checker, d: GenDecl): void {
  let last: ConstSource | null = null;
  for (const s of d.specs) {
    if (s.kind === Kind.ValueSpec) {
      if (d.tok === Token.Const) last = localConsts(c, s, last);
      else localVars(c, s);
    } else if (s.kind === Kind.TypeSpec) localType(c, s);
    else err(c, s, 'InvalidSyntaxTree', 'unexpected import declaration');
  }
}

function localConsts(c: Checker, s: ValueSpec, last: ConstSource | null): ConstSource {
  const top = c.delayedTop;
  const { source, inherited } = constSource(s, last);
  const lhs = s.names.map((name, i) => {
    const obj = new Const(name.pos, c.pkg, name.name, null, null);
    constDecl(c, obj, source.type, source.values[i] ?? null, inherited, s.iota);
    return obj;
  });
  arity(c, s.pos, s.names, source.values, true, inherited);
  c.processDelayed(top);
  // Spec: "The scope of a constant or variable identifier declared inside a function begins at the end of the ConstSpec"
  const scopePos = specEnd(s);
  s.names.forEach((name, i) => declare(c, c.env.scope, name, lhs[i], scopePos));
  return source;
}

function localVars(c: Checker, s: ValueSpec): void {
  const top = c.delayedTop;
  const all = s.names.map((name) => {
    const v = new Var(VarKind.Local, name.pos, c.pkg, name.name, null);
    v.owner = c.env.sig;
    return v;
  });
  const n = s.values.length;
  for (let i = 0; i < all.length; i++) {
    const shared = n === 1 && all.length !== 1;
    varDecl(c, all[i], shared ? all : null, s.type, shared ? s.values[0] : (s.values[i] ?? null));
    if (n === 1) break; // the first one sets up all others
  }
  if (s.type === null || n > 0) arity(c, s.pos, s.names, s.values, false, false);
  c.processDelayed(top);
  const scopePos = specEnd(s);
  s.names.forEach((name, i) => {
    all[i].type ??= invalidType();
    declare(c, c.env.scope, name, all[i], scopePos);
  });
}

function localType(c: Checker, s: TypeSpec): void {
  const obj = new TypeName(s.name.pos, c.pkg, s.name.name, null);
  // Spec: "The scope of a type identifier declared inside a function begins at the identifier in the TypeSpec"
  declare(c, c.env.scope, s.name, obj, s.name.pos);
  c.push(obj);
  typeDecl(c, obj, s);
  c.pop();
}

function specEnd(s: ValueSpec): number {
  if (s.values.length > 0) return endPos(s.values[s.values.length - 1]);
  return s.type !== null ? endPos(s.type) : endPos(s.names[s.names.length - 1]);
}

// Function types, receivers and parameters. Spec: "Function types", "Method declarations".
import type { Expr, Field, FieldList, FuncType, Ident } from '../syntax/ast.ts';
import { Kind } from '../syntax/ast.ts';
import { endPos } from '../syntax/positions.ts';
import type { Checker } from './checker.ts';
import { err, nodePos, ts } from './errors.ts';
import { exprString } from '../syntax/expr-string.ts';
import { instanceOf } from './instantiate.ts';
import type { Signature, Type, TypeParam } from './model.ts';
import { BasicKind, EMPTY_TUPLE, Pointer, Scope, Slice, Tuple, TypeKind, Var, VarKind, invalidType, unalias, under } from './model.ts';
import { recordCanon } from './mono.ts';
import { deref, isValid } from './predicates.ts';
import { recordInstance, recordScope, recordType } from './record.ts';
import { subst } from './subst.ts';
import { bindTypeParam, collectTypeParams, declare } from './declare.ts';
import { genericType, varType } from './typexpr.ts';
import { verifyVersion } from './version.ts';

/** Fills in sig from its syntax; recv is the receiver of a method declaration. */
export function funcType(c: Checker, sig: Signature, recv: FieldList | null, e: FuncType): void {
  const env = c.env;
  const outer = env.scope;
  const scope = new Scope(outer, e.pos, endPos(e), 'function');
  scope.isFunc = true;
  env.scope = scope;
  recordScope(c, e, scope);
  sig.scope = scope;
  let recvVar: Var | null = null;
  let recvId: Ident | null = null;
  if (recv !== null && recv.list.length > 0) {
    const field = recv.list[0];
    recvId = field.names.length > 0 ? field.names[0] : null;
    recvVar = collectRecv(c, sig, field, recvId, e.pos);
  }
  if (e.typeParams !== null) collectTypeParams(c, e.typeParams, (list) => (sig.tparams = list));
  const params: Var[] = [];
  const results: Var[] = [];
  const paramIds: (Ident | null)[] = [];
  const resultIds: (Ident | null)[] = [];
  const variadic = collectParams(c, VarKind.Param, e.params, paramIds, params);
  if (e.results !== null) collectParams(c, VarKind.Result, e.results, resultIds, results);
  // Spec: "The scope of an identifier denoting a method receiver, function parameter, or result variable is the function body."
  const scopePos = endPos(e);
  if (recvVar !== null && recvId !== null) declareParam(c, sig, scope, recvId, recvVar, scopePos);
  for (let i = 0; i < params.length; i++) declareParam(c, sig, scope, paramIds[i], params[i], scopePos);
  for (let i = 0; i < results.length; i++) declareParam(c, sig, scope, resultIds[i], results[i], scopePos);
  sig.recv = recvVar;
  sig.params = params.length === 0 ? EMPTY_TUPLE : new Tuple(params);
  sig.results = results.length === 0 ? EMPTY_TUPLE : new Tuple(results);
  sig.variadic = variadic;
  env.scope = outer;
}

function declareParam(c: Checker, sig: Signature, scope: Scope, id: Ident | null, v: Var, scopePos: number): void {
  if (id !== null) declare(c, scope, id, v, scopePos);
  v.owner = sig;
}

/** Checks parameters or results, one Var and (maybe absent) identifier each; returns whether the last one is variadic. */
function collectParams(c: Checker, kind: VarKind, list: FieldList, ids: (Ident | null)[], vars: Var[]): boolean {
  let variadic = false;
  const fields = list.list;
  for (let i = 0; i < fields.length; i++) {
    const f = fields[i];
    let texpr: Expr = f.type;
    const dots = texpr.kind === Kind.Ellipsis;
    if (texpr.kind === Kind.Ellipsis) {
      const last = i === fields.length - 1 && f.names.length <= 1;
      if (kind === VarKind.Param && last) variadic = true;
      else err(c, texpr, 'InvalidSyntaxTree', 'invalid use of ...');
      if (texpr.elt !== null) texpr = texpr.elt;
    }
    let type = texpr.kind === Kind.Ellipsis ? invalidType() : varType(c, texpr);
    if (dots && variadic) {
      type = new Slice(type);
      recordType(c, f.type, type);
    }
    if (f.names.length === 0) {
      vars.push(new Var(kind, f.pos, c.pkg, '', type));
      ids.push(null);
    }
    for (const id of f.names) {
      vars.push(new Var(kind, id.pos, c.pkg, id.name, type));
      ids.push(id);
    }
  }
  return variadic;
}

/** A receiver's type taken apart. */
export interface Receiver {
  readonly ptr: boolean;
  /** The name (or other expression) of the base type, without pointer, parentheses and type parameters. */
  readonly base: Expr;
  /** The identifiers in brackets; null if there are no brackets. Null entries are no identifiers. */
  readonly tparams: (Ident | null)[] | null;
  readonly index: Expr | null;
}

/** Takes a receiver's type apart. */
export function unpackRecv(e: Expr): Receiver {
  let base = e;
  while (base.kind === Kind.ParenExpr) base = base.x;
  let ptr = false;
  if (base.kind === Kind.StarExpr) {
    ptr = true;
    base = base.x;
    while (base.kind === Kind.ParenExpr) base = base.x;
  }
  if (base.kind !== Kind.IndexExpr) return { ptr, base, tparams: null, index: null };
  const tparams = base.indices.map((i) => (i.kind === Kind.Ident ? i : null));
  return { ptr, base: base.x, tparams, index: base };
}

function collectRecv(c: Checker, sig: Signature, field: Field, id: Ident | null, scopePos: number): Var {
  const r = unpackRecv(field.type);
  let type: Type;
  if (r.tparams === null) type = plainRecv(c, field.type, r.base);
  else type = genericRecv(c, sig, field.type, r, scopePos);
  const v = new Var(VarKind.Recv, id === null ? field.pos : id.pos, c.pkg, id === null ? '' : id.name, type);
  c.later(() => validRecv(c, r.base, v));
  return v;
}

function unpointer(t: Type): Type {
  while (t.kind === TypeKind.Pointer) t = t.elem;
  return t;
}

/** A receiver without type parameters. Its type may be an alias, but not one of an instantiated type. */
function plainRecv(c: Checker, e: Expr, base: Expr): Type {
  const type = varType(c, e);
  let a: Type = unpointer(type);
  while (a.kind === TypeKind.Alias && a.fromRhs !== null) {
    const rhs: Type = unpointer(a.fromRhs);
    if ((rhs.kind === TypeKind.Named || rhs.kind === TypeKind.Alias) && rhs.typeParams.length > 0) {
      err(c, base, 'InvalidRecv', `cannot define new methods on instantiated type ${ts(c, rhs)}`);
      return invalidType();
    }
    a = rhs;
  }
  return type;
}

/** A receiver T[P1, P2]: it declares type parameters with the constraints of T's. */
function genericRecv(c: Checker, sig: Signature, e: Expr, r: Receiver, scopePos: number): Type {
  const list = (r.index as Expr & { kind: typeof Kind.IndexExpr }).indices;
  for (const x of list) {
    if (x.kind !== Kind.Ident && x.kind !== Kind.BadExpr) {
      err(c, x, 'BadDecl', `receiver type parameter ${exprString(x)} must be an identifier`);
    }
  }
  const g = genericType(c, r.base);
  const base = g.type.kind === TypeKind.Named ? g.type : null;
  if (base === null) {
    if (g.type.kind === TypeKind.Alias) {
      if (isValid(g.type)) err(c, r.base, 'InvalidRecv', `cannot define new methods on generic alias type ${ts(c, g.type)}`);
    } else if (g.cause !== '') err(c, r.base, 'InvalidRecv', g.cause);
  }
  const tparams: TypeParam[] = r.tparams!.map((id, i) => {
    const p = bindTypeParam(c, id, list[i].pos, scopePos);
    p.index = i;
    if (id !== null) {
      recordType(c, id, p);
    }
    return p;
  });
  sig.rparams = tparams;
  if (base === null) return invalidType();
  const declared = base.tparams;
  if (tparams.length === declared.length) {
    for (let i = 0; i < tparams.length; i++) {
      recordCanon(c, tparams[i], declared[i]);
      tparams[i].bound = subst(declared[i].bound, declared, tparams);
    }
  } else {
    const n = tparams.length;
    err(
      c,
      r.base,
      'BadRecv',
      `receiver declares ${n} type parameter${n === 1 ? '' : 's'}, but receiver base type declares ${declared.length}`,
    );
  }
  verifyVersion(c, r.base, 18, 'type instantiation');
  let type = instanceOf(c, nodePos(e), base, tparams.slice());
  recordInstance(c, r.base, tparams.slice(), type);
  if (r.ptr && isValid(type)) type = new Pointer(type);
  recordRecvTypes(c, e, type);
  return type;
}

function recordRecvTypes(c: Checker, e: Expr, t: Type): void {
  for (;;) {
    recordType(c, e, t);
    if (e.kind === Kind.ParenExpr) e = e.x;
    else if (e.kind === Kind.StarExpr && t.kind === TypeKind.Pointer) {
      e = e.x;
      t = t.elem;
    } else return;
  }
}

/** Spec: "Its type must be a defined type T or a pointer to a defined type T, possibly followed by a list of type parameter
 * names. T is called the receiver base type. A receiver base type cannot be a pointer or interface type and it must be
 * defined in the same package as the method." */
function validRecv(c: Checker, at: Expr, recv: Var): void {
  const rtyp = deref(recv.type).type;
  const t = unalias(rtyp);
  if (!isValid(t)) return;
  if (t.kind === TypeKind.Basic) {
    err(c, at, 'InvalidRecv', `cannot define new methods on non-local type ${ts(c, rtyp)}`);
    return;
  }
  if (t.kind !== TypeKind.Named) {
    err(c, at, 'InvalidRecv', `invalid receiver type ${ts(c, recv.type)}`);
    return;
  }
  if (t.obj.pkg !== c.pkg) {
    err(c, at, 'InvalidRecv', `cannot define new methods on non-local type ${ts(c, rtyp)}`);
    return;
  }
  const u = under(t);
  let cause = '';
  if (u.kind === TypeKind.Basic && u.basic === BasicKind.UnsafePointer) cause = 'unsafe.Pointer';
  else if (u.kind === TypeKind.Pointer || u.kind === TypeKind.Interface) cause = 'pointer or interface type';
  if (cause !== '') err(c, at, 'InvalidRecv', `invalid receiver type ${ts(c, rtyp)} (${cause})`);
}

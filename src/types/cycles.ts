// Cycles among declarations: which are allowed, direct cycles of type names, types of infinite size, and their messages.
// Spec: "Type declarations", "an array/struct type T may not contain a component of type T".
import type { Checker } from './checker.ts';
import { ErrorDesc, err, qualifierOf } from './errors.ts';
import type { Named, Obj, Type } from './model.ts';
import { ObjKind, TypeKind, TypeName, invalidType, unalias } from './model.ts';
import { isGeneric } from './predicates.ts';
import { packagePrefix } from './typestring.ts';
import type { Expr } from '../syntax/ast.ts';
import { Kind } from '../syntax/ast.ts';
import { identical } from './typeset.ts';

/** Reports whether the cycle that ends at obj, which is being declared, is one the spec allows; reports an error if not. */
export function validCycle(c: Checker, obj: Obj): boolean {
  const cycle = c.objPath.slice(obj.pathIndex);
  let values = 0;
  let types = 0;
  for (const o of cycle) {
    if (o.kind === ObjKind.Const || o.kind === ObjKind.Var) values++;
    else if (o.kind === ObjKind.TypeName) {
      // A cycle through a type parameter list is reported where the constraint is checked.
      if (c.env.inTParamList && isGeneric(o.type)) return true;
      if (!o.isAlias) types++;
    }
  }
  // Cycles of constants and variables alone are initialization cycles, found later. Others need a type definition in them.
  if (values === cycle.length) return true;
  if (values === 0 && types > 0) return true;
  cycleError(c, cycle, firstInSource(cycle));
  return false;
}

/** Reports a cycle, beginning with the object at `start`. */
export function cycleError(c: Checker, cycle: readonly Obj[], start: number): void {
  const qf = qualifierOf(c);
  const name = (o: Obj): string => packagePrefix(o.pkg, qf) + o.name;
  let obj = cycle[start];
  const isType = obj.kind === ObjKind.TypeName;
  if (isType && obj.type !== null && obj.type.kind === TypeKind.Alias) obj.type.fromRhs = invalidType();
  if (cycle.length === 1) {
    const what = isType ? 'invalid recursive type' : 'invalid cycle in declaration';
    err(c, obj, 'InvalidDeclCycle', `${what}: ${name(obj)} refers to itself`);
    return;
  }
  const desc = new ErrorDesc(c, 'InvalidDeclCycle');
  desc.add(obj, isType ? `invalid recursive type ${name(obj)}` : `invalid cycle in declaration of ${name(obj)}`);
  for (let i = 0; i < cycle.length; i++) {
    const next = cycle[(start + i + 1) % cycle.length];
    desc.add(obj, `${name(obj)} refers to ${name(next)}`);
    obj = next;
  }
  desc.report();
}

/** Returns the index of the object that is declared first. */
export function firstInSource(path: readonly Obj[]): number {
  let first = 0;
  for (let i = 1; i < path.length; i++) if (path[i].pos < path[first].pos) first = i;
  return first;
}

/** Finds package-level type names that are declared as each other, without a type literal in between. */
export function directCycles(c: Checker): void {
  const done = new Set<TypeName>();
  for (const obj of c.objList) if (obj.kind === ObjKind.TypeName) directCycle(c, obj, done);
}

function directCycle(c: Checker, tname: TypeName, done: Set<TypeName>): void {
  const path: TypeName[] = [];
  for (let t: TypeName | null = tname; t !== null && !done.has(t); ) {
    const start = path.indexOf(t);
    if (start >= 0) {
      t.type = invalidType();
      const cycle = path.slice(start);
      cycleError(c, cycle, firstInSource(cycle));
      break;
    }
    path.push(t);
    const rhs: Expr = t.decl!.tdecl!.type;
    const next: Obj | null = rhs.kind === Kind.Ident ? c.pkg.scope.lookup(rhs.name) : null;
    t = next !== null && next.kind === ObjKind.TypeName ? next : null;
  }
  for (const t of path) done.add(t);
}

/** Returns the type's name; an instance has one of its own, with the position where it was made. */
function nameOf(t: Named): TypeName {
  const inst = t.inst;
  if (inst === null) return t.obj;
  if (inst.name === null) {
    inst.name = new TypeName(inst.pos, t.obj.pkg, t.obj.name, t);
  }
  return inst.name;
}

/** Reports whether t has a finite size; reports a cycle error if it is found that it contains itself. */
export function finiteSize(c: Checker, t0: Type): boolean {
  const t = unalias(t0);
  switch (t.kind) {
    case TypeKind.Named: {
      if (t.finite !== 0) return t.finite === 1;
      const name = nameOf(t);
      if (name.pathIndex >= 0) {
        const cycle = c.objPath.slice(name.pathIndex);
        cycleError(c, cycle, firstInSource(cycle));
        return false;
      }
      const rhs: Type | null = t.rhs();
      if (rhs === null) return true;
      c.push(name);
      const ok = finiteSize(c, rhs);
      c.pop();
      t.finite = ok ? 1 : 2;
      return ok;
    }
    case TypeKind.Array:
      return finiteSize(c, t.elem);
    case TypeKind.Struct:
      return t.fields.every((f) => finiteSize(c, f.type));
    default:
      return true;
  }
}

/** Reports a cycle if the declared type t contains itself, directly or through instances of generic types. */
export function validType(c: Checker, t: Named): void {
  validTypeIn(c, t, [], []);
}

/** nest holds the types that the current one is nested in; path those that were followed to get here, which includes type
 * arguments of types nested in. A type parameter is looked at as the argument that the innermost nest gives it. */
function validTypeIn(c: Checker, t0: Type, nest: Named[], path: Named[]): boolean {
  const t = unalias(t0);
  switch (t.kind) {
    case TypeKind.Array:
      return validTypeIn(c, t.elem, nest, path);
    case TypeKind.Struct:
      return t.fields.every((f) => validTypeIn(c, f.type, nest, path));
    case TypeKind.Union:
      return t.terms.every((x) => validTypeIn(c, x.type!, nest, path));
    case TypeKind.Interface:
      return t.embeddeds.every((e) => validTypeIn(c, e, nest, path));
    case TypeKind.Named:
      return validNamed(c, t, nest, path);
    case TypeKind.TypeParam: {
      if (nest.length === 0) return true;
      const inst = nest[nest.length - 1];
      const i = inst.typeParams.indexOf(t);
      if (i < 0 || i >= inst.typeArgs.length) return true;
      // The argument was written outside of the instance.
      return validTypeIn(c, inst.typeArgs[i], nest.slice(0, -1), path);
    }
    default:
      return true;
  }
}

function validNamed(c: Checker, t: Named, nest: Named[], path: Named[]): boolean {
  // Types found valid, and those of other packages, have been looked at; but type arguments count each time.
  if (t.inst === null && (t.valid === 1 || t.obj.pkg !== c.pkg)) return true;
  if (nest.some((x) => identical(x, t))) {
    t.origin.fromRhs = invalidType();
    const start = path.findIndex((x) => identical(x, t));
    cycleError(c, path.slice(start).map(nameOf), 0);
    return false;
  }
  const rhs = t.origin.rhs();
  if (rhs === null) return true;
  if (!validTypeIn(c, rhs, [...nest, t], [...path, t])) return false;
  if (t.inst === null && t.tparams.length === 0) t.valid = 1;
  return true;
}

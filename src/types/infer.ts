// Inference of type arguments from function arguments, constraints and untyped constants. Spec: "Type inference".
import type { Checker } from './checker.ts';
import type { At, ErrorDesc } from './errors.ts';
import { posString, ts } from './errors.ts';
import { exprString } from '../syntax/expr-string.ts';
import { allMethodsCause } from './lookup.ts';
import type { Term, Tuple, Type, Var } from './model.ts';
import { BasicKind, TypeKind, TypeName, TypeParam, unalias, under } from './model.ts';
import type { Operand } from './operand.ts';
import { Mode } from './operand.ts';
import { defaultType, isTyped, maxType } from './predicates.ts';
import { applyTuple, subst } from './subst.ts';
import { hasTerms, typeSet } from './typeset.ts';
import { commonUnder } from './under.ts';
import { UnifyMode, Unifier } from './unify.ts';
import { allowVersion } from './version.ts';

/** Infers the missing ones of targs (null or beyond its end) from the arguments passed for params. Returns the complete
 * list, or null after adding the reason to err. reverse: the "arguments" are what generic functions are assigned to. */
export function infer(
  c: Checker,
  pos: At,
  tparams: readonly TypeParam[],
  targs: readonly (Type | null)[],
  params: Tuple,
  args: readonly Operand[],
  reverse: boolean,
  err: ErrorDesc,
): Type[] | null {
  const n = tparams.length;
  const given: (Type | null)[] = tparams.map((_, i) => targs[i] ?? null);
  if (targs.length === n && !given.includes(null)) return given as Type[];
  // An invalid argument was reported; anything more would be a follow-on error.
  if (args.some((a) => a.mode === Mode.Invalid)) return null;
  if (params.vars.length > 0) params = applyTuple(params, { from: tparams, to: given });
  const u = new Unifier(tparams, given, allowVersion(c, 21));
  const untyped = unifyArguments(c, u, tparams, params, args, reverse, err);
  if (untyped === null) return null;
  if (!unifyConstraints(c, u, pos, tparams, err)) return null;
  if (!useDefaults(c, u, params, args, untyped, err)) return null;
  const inferred = simplify(tparams, given, u.inferred());
  for (let i = 0; i < n; i++) {
    const t = inferred[i];
    if (t === null || isParameterized(tparams, t)) {
      const obj = tparams[i].obj;
      err.add(pos, `cannot infer ${obj.name} (declared at ${posString(c, obj.pos)})`);
      return null;
    }
  }
  return inferred as Type[];
}

/** Unifies parameter types with the types of typed arguments; returns the indices of untyped arguments for bare type parameters. */
function unifyArguments(
  c: Checker,
  u: Unifier,
  tparams: readonly TypeParam[],
  params: Tuple,
  args: readonly Operand[],
  reverse: boolean,
  err: ErrorDesc,
): number[] | null {
  const untyped: number[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const par = params.vars[i].type;
    if (!isParameterized(tparams, par) && !isParameterized(tparams, arg.type)) continue;
    if (isTyped(arg.type)) {
      if (!u.unify(par, arg.type, UnifyMode.Assign)) {
        err.add(arg, mismatch(c, u, tparams, par, arg, reverse));
        return null;
      }
    } else if (par.kind === TypeKind.TypeParam && !isNilOperand(arg)) untyped.push(i);
  }
  return untyped;
}

function isNilOperand(x: Operand): boolean {
  return x.mode === Mode.NilValue || (x.type.kind === TypeKind.Basic && x.type.basic === BasicKind.UntypedNil);
}

function mismatch(c: Checker, u: Unifier, tparams: readonly TypeParam[], tpar: Type, arg: Operand, reverse: boolean): string {
  const targs = u.inferred();
  const [have, want, expr] = [ts(c, arg.type), ts(c, tpar), arg.expr === null ? '' : exprString(arg.expr)];
  if (targs.every((t) => t === null)) {
    return `type ${have} of ${expr} does not match ${want} (cannot infer ${typeParamsString(tparams)})`;
  }
  const inferred = subst(tpar, tparams, targs);
  if (inferred === tpar) return `type ${have} of ${expr} does not match ${want}`;
  if (reverse) return `inferred type ${ts(c, inferred)} for ${want} does not match type ${have} of ${expr}`;
  return `type ${have} of ${expr} does not match inferred type ${ts(c, inferred)} for ${want}`;
}

/** Unifies type parameters with the core types and methods of their constraints, as long as that gives anything new. */
function unifyConstraints(c: Checker, u: Unifier, pos: At, tparams: readonly TypeParam[], err: ErrorDesc): boolean {
  for (;;) {
    const before = u.unknowns();
    for (const p of tparams) {
      const tx = u.at(p);
      const core = coreTerm(p);
      if (core !== null) {
        if (tx !== null) {
          if (!u.unify(tx, core.term.type!, 0)) {
            err.add(pos, `${ts(c, p)} (type ${ts(c, tx)}) does not satisfy ${ts(c, p.bound)}`);
            return false;
          }
        } else if (core.single && !core.term.tilde) u.set(p, core.term.type!);
      }
      if (tx !== null && !isParameterized(tparams, tx)) {
        const cause = allMethodsCause(c, tx, under(p), true, (x, y) => u.unify(x, y, UnifyMode.Exact));
        if (cause !== '') {
          err.add(pos, `${ts(c, p)} (type ${ts(c, tx)}) does not satisfy ${ts(c, p.bound)} ${cause}`);
          return false;
        }
      }
    }
    if (u.unknowns() === before) return true;
  }
}

/** Returns the single term of p's constraint, or one made of the type that all terms have in common. */
function coreTerm(p: TypeParam): { term: Term; single: boolean } | null {
  const i = under(p);
  if (i.kind !== TypeKind.Interface) return null;
  const s = typeSet(i);
  if (!hasTerms(s)) return null;
  if (s.terms!.length === 1) return { term: s.terms![0], single: true };
  const common = commonUnder(p, null).type;
  if (common === null) return null;
  return { term: { tilde: s.terms!.some((t) => t.tilde), type: common }, single: false };
}

/** Gives type parameters that have nothing but untyped constants the default type of the largest kind among them. */
function useDefaults(c: Checker, u: Unifier, params: Tuple, args: readonly Operand[], untyped: readonly number[], err: ErrorDesc): boolean {
  const max = new Map<TypeParam, Type>();
  for (const i of untyped) {
    const p = params.vars[i].type as TypeParam;
    if (u.at(p) !== null) continue;
    const old = max.get(p);
    const t = old === undefined ? args[i].type : maxType(old, args[i].type);
    if (t === null) {
      err.add(args[i], `mismatched types ${ts(c, old!)} and ${ts(c, args[i].type)} (cannot infer ${ts(c, p)})`);
      return false;
    }
    max.set(p, t);
  }
  for (const [p, t] of max) u.set(p, defaultType(t));
  return true;
}

/** Replaces type parameters in the inferred types by what was inferred for them. */
function simplify(tparams: readonly TypeParam[], given: readonly (Type | null)[], inferred: (Type | null)[]): (Type | null)[] {
  killCycles(tparams, inferred);
  let dirty: number[] = [];
  inferred.forEach((t, i) => {
    if (t !== null && given[i] === null) dirty.push(i);
  });
  while (dirty.length > 0) {
    const next: number[] = [];
    for (const i of dirty) {
      const t0 = inferred[i]!;
      const t1 = subst(t0, tparams, inferred);
      if (t1 === t0) continue;
      // A generic function argument whose own parameters are all known is no longer generic.
      if (t1.kind === TypeKind.Signature && t1.tparams.length > 0 && !isParameterized(tparams, t1)) t1.tparams = [];
      inferred[i] = t1;
      next.push(i);
    }
    dirty = next;
  }
  return inferred;
}

/** Forgets inferred types that lead back to themselves: P -> *P. */
function killCycles(tparams: readonly TypeParam[], inferred: (Type | null)[]): void {
  const open = new Set<Type>();
  const vars = (list: readonly Var[]): void => list.forEach((v) => walk(v.type));
  const walk = (t0: Type): void => {
    const t = unalias(t0);
    if (open.has(t)) {
      const i = t.kind === TypeKind.TypeParam ? tparams.indexOf(t) : -1;
      if (i >= 0) inferred[i] = null;
      return;
    }
    open.add(t);
    switch (t.kind) {
      case TypeKind.Array:
      case TypeKind.Slice:
      case TypeKind.Pointer:
      case TypeKind.Chan:
        walk(t.elem);
        break;
      case TypeKind.Map:
        walk(t.key);
        walk(t.elem);
        break;
      case TypeKind.Struct:
        vars(t.fields);
        break;
      case TypeKind.Signature:
        vars(t.params.vars);
        vars(t.results.vars);
        break;
      case TypeKind.Union:
        t.terms.forEach((x) => walk(x.type!));
        break;
      case TypeKind.Interface:
        t.methods.forEach((m) => walk(m.type));
        t.embeddeds.forEach(walk);
        break;
      case TypeKind.Named:
        t.typeArgs.forEach(walk);
        break;
      case TypeKind.TypeParam: {
        const i = tparams.indexOf(t);
        if (i >= 0 && inferred[i] !== null) walk(inferred[i]);
        break;
      }
    }
    open.delete(t);
  };
  tparams.forEach(walk);
}

/** Reports whether one of the type parameters occurs in t. */
export function isParameterized(tparams: readonly TypeParam[], t: Type): boolean {
  return occurs(tparams, t, null);
}

function occursInVars(tparams: readonly TypeParam[], list: readonly Var[], seen: Set<Type> | null): boolean {
  for (const v of list) if (occurs(tparams, v.type, seen)) return true;
  return false;
}

function occurs(tparams: readonly TypeParam[], t: Type, seen: Set<Type> | null): boolean {
  switch (t.kind) {
    case TypeKind.Basic:
      return false;
    case TypeKind.TypeParam:
      return tparams.includes(t);
    case TypeKind.Alias:
      return occurs(tparams, unalias(t), seen);
    case TypeKind.Named:
      for (const a of t.typeArgs) if (occurs(tparams, a, seen)) return true;
      return false;
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Pointer:
    case TypeKind.Chan:
      return occurs(tparams, t.elem, seen);
    case TypeKind.Map:
      return occurs(tparams, t.key, seen) || occurs(tparams, t.elem, seen);
    case TypeKind.Struct:
      return occursInVars(tparams, t.fields, seen);
    case TypeKind.Tuple:
      return occursInVars(tparams, t.vars, seen);
    case TypeKind.Signature:
      return occursInVars(tparams, t.params.vars, seen) || occursInVars(tparams, t.results.vars, seen);
    case TypeKind.Union:
      return t.terms.some((x) => occurs(tparams, x.type!, seen));
    case TypeKind.Interface: {
      seen ??= new Set();
      if (seen.has(t)) return false;
      seen.add(t);
      const s = typeSet(t);
      for (const m of s.methods) if (occurs(tparams, m.type, seen)) return true;
      // As types2 has it: all terms must be parameterized.
      return hasTerms(s) && s.terms!.every((x) => occurs(tparams, x.type!, seen));
    }
  }
}

/** Returns copies of the type parameters with typ rewritten to use them: a recursive call must not confuse its own with the callee's. */
export function renameTParams(_c: Checker, tparams: readonly TypeParam[], typ: Type): { tparams: TypeParam[]; type: Type } {
  const fresh = tparams.map((p) => {
    const obj = new TypeName(p.obj.pos, p.obj.pkg, p.obj.name, null);
    const q = new TypeParam(obj, p.bound);
    obj.type = q;
    q.index = p.index;
    return q;
  });
  for (const q of fresh) q.bound = subst(q.bound, tparams, fresh);
  return { tparams: fresh, type: subst(typ, tparams, fresh) };
}

/** Returns "P", "P and Q", "P, Q, and R". */
export function typeParamsString(list: readonly TypeParam[]): string {
  const names = list.map((p) => p.obj.name);
  if (names.length <= 2) return names.join(' and ');
  return `${names.slice(0, -1).join(', ')}, and ${names[names.length - 1]}`;
}

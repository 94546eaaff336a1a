// Interface types and the unions in them. Spec: "Interface types", "General interfaces".
import type { Expr, InterfaceType as InterfaceSyntax } from '../syntax/ast.ts';
import { Kind } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import type { Checker } from './checker.ts';
import { err, softErr, startPos, ts } from './errors.ts';
import { exprString } from '../syntax/expr-string.ts';
import type { InterfaceType, Term, Type, TypeName } from './model.ts';
import { Func, TypeKind, Union, Var, VarKind, asNamed, invalidType, under } from './model.ts';
import { isInterface, isTypeParam, isValid } from './predicates.ts';
import { recordType } from './record.ts';
import { compareMethods, computeTypeSet, disjointTerms, identical, maxTermCount, typeSet } from './typeset.ts';
import { typeString } from './typestring.ts';
import { universeComparable } from './universe.ts';

type TypeChecker = (c: Checker, e: Expr) => Type;

/** Fills in the interface t from its syntax. def is the type name being declared, if the interface is its right-hand side:
 * methods have its type as receiver. typ checks a type expression. */
export function interfaceType(c: Checker, t: InterfaceType, e: InterfaceSyntax, def: TypeName | null, typ: TypeChecker): void {
  t.complete = false;
  t.checker = c;
  for (const f of e.methods.list) {
    if (f.names.length === 0) {
      t.embeddeds.push(parseUnion(c, f.type, typ));
      (t.embedPos ??= []).push(startPos(f.type));
      continue;
    }
    const id = f.names[0];
    if (id.name === '_') {
      err(c, id, 'BlankIfaceMethod', 'methods must have a unique non-blank name');
      continue;
    }
    const sig = typ(c, f.type);
    if (sig.kind !== TypeKind.Signature) {
      if (isValid(sig)) err(c, f.type, 'InvalidSyntaxTree', `${ts(c, sig)} is not a method signature`);
      continue;
    }
    const named = def === null || def.type === null ? null : asNamed(def.type);
    sig.recv = new Var(VarKind.Recv, id.pos, c.pkg, '', named ?? t);
    const m = new Func(id.pos, c.pkg, id.name, sig);
    c.info.setDef(id, m);
    t.methods.push(m);
  }
  t.complete = true;
  if (t.methods.length === 0 && t.embeddeds.length === 0) {
    typeSet(t);
    return;
  }
  t.methods.sort(compareMethods);
  c.later(() => {
    computeTypeSet(c, startPos(e), t);
    t.checker = null;
  });
}

/** Checks an embedded element: a type, or a union of terms. */
export function parseUnion(c: Checker, e: Expr, typ: TypeChecker): Type {
  const operators: Expr[] = [];
  const list: Expr[] = [];
  flatten(e, operators, list);
  const terms: Term[] = [];
  let u: Type = invalidType();
  let valid = true;
  for (let i = 0; i < list.length; i++) {
    const term = parseTilde(c, list[i], typ);
    // A single type is no union.
    if (list.length === 1 && !term.tilde) return term.type!;
    if (terms.length >= maxTermCount) {
      if (valid) err(c, list[i], 'InvalidUnion', `cannot handle more than ${maxTermCount} union terms (implementation limitation)`);
      valid = false;
      u = invalidType();
    } else {
      terms.push(term);
      u = new Union(terms.slice());
    }
    if (i > 0) recordType(c, operators[i - 1], u);
  }
  if (valid) c.later(() => checkTerms(c, terms, list));
  return u;
}

function flatten(e: Expr, operators: Expr[], list: Expr[]): void {
  if (e.kind === Kind.BinaryExpr && e.op === Token.Or) {
    flatten(e.x, operators, list);
    operators.push(e);
    list.push(e.y);
  } else list.push(e);
}

function parseTilde(c: Checker, e: Expr, typ: TypeChecker): Term {
  const tilde = e.kind === Kind.UnaryExpr && e.op === Token.Tilde;
  const x = tilde ? e.x : e;
  let type = typ(c, x);
  // Spec: "The type T in a term of the form T or ~T cannot be a type parameter"
  if (isTypeParam(type)) {
    const msg = tilde ? `type in term ${exprString(e)} cannot be a type parameter` : 'term cannot be a type parameter';
    err(c, x, 'MisplacedTypeParam', msg);
    type = invalidType();
  }
  const term: Term = { tilde, type };
  if (tilde) recordType(c, e, new Union([term]));
  return term;
}

/** Reports terms that may not be in a union, and terms that overlap. */
function checkTerms(c: Checker, terms: readonly Term[], list: readonly Expr[]): void {
  for (let i = 0; i < terms.length; i++) {
    const term = terms[i];
    const t = term.type!;
    if (!isValid(t)) continue;
    const u = under(t);
    const at = list[i];
    if (term.tilde) {
      if (u.kind === TypeKind.Interface) {
        err(c, at, 'InvalidUnion', `invalid use of ~ (${ts(c, t)} is an interface)`);
        continue;
      }
      if (!identical(u, t)) {
        err(c, at, 'InvalidUnion', `invalid use of ~ (underlying type of ${ts(c, t)} is ${ts(c, u)})`);
        continue;
      }
    }
    if (u.kind === TypeKind.Interface) {
      const s = typeSet(u);
      const text = termText(term);
      if (s.methods.length > 0) err(c, at, 'InvalidUnion', `cannot use ${text} in union (${text} contains methods)`);
      else if (t === universeComparable.type) err(c, at, 'InvalidUnion', 'cannot use comparable in union');
      else if (s.comparable) err(c, at, 'InvalidUnion', `cannot use ${text} in union (${text} embeds comparable)`);
      continue;
    }
    const j = terms.findIndex((x, j) => j < i && isValid(x.type!) && !isInterface(x.type!) && !disjointTerms(x, term));
    if (j >= 0) softErr(c, at, 'InvalidUnion', `overlapping terms ${termText(term)} and ${termText(terms[j])}`);
  }
}

/** As types2 has it, terms are printed with full package paths. */
function termText(x: Term): string {
  return (x.tilde ? '~' : '') + typeString(x.type!, null);
}

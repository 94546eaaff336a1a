// Entering objects into scopes, and lists of type parameters. Spec: "Declarations and scope", "Type parameter declarations".
import type { Expr, FieldList, Ident } from '../syntax/ast.ts';
import { Kind } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import type { Checker } from './checker.ts';
import { ErrorDesc, err, startPos } from './errors.ts';
import { parseUnion } from './interface.ts';
import type { Obj, Scope, Type } from './model.ts';
import { InterfaceType, TypeName, TypeParam, invalidType } from './model.ts';
import { isTypeParam } from './predicates.ts';
import { recordType } from './record.ts';
import { computeTypeSet } from './typeset.ts';
import { typ } from './typexpr.ts';

/** Declares obj in the scope from scopePos on, and records that id defines it. Reports a redeclaration. */
export function declare(c: Checker, scope: Scope, id: Ident | null, obj: Obj, scopePos: number): void {
  // Spec: "The blank identifier ... does not introduce a binding"
  if (obj.name !== '_') {
    const alt = scope.insert(obj);
    if (alt !== null) {
      new ErrorDesc(c, 'DuplicateDecl').add(obj, `${obj.name} redeclared in this block`).addAlt(alt).report();
      return;
    }
    obj.scopePos = scopePos;
  }
  if (id !== null) c.info.setDef(id, obj);
}

/** Makes and declares a type parameter without a constraint yet. */
export function bindTypeParam(c: Checker, id: Ident | null, pos: number, scopePos: number): TypeParam {
  const obj = new TypeName(id === null ? pos : id.pos, c.pkg, id === null ? '_' : id.name, null);
  const p = new TypeParam(obj, invalidType());
  obj.type = p;
  declare(c, c.env.scope, id, obj, scopePos);
  return p;
}

/** Declares a list of type parameters in the current scope. set is called with the list before constraints are looked at,
 * since those may refer to the type being declared. */
export function collectTypeParams(c: Checker, fields: FieldList, set: (list: TypeParam[]) => void): void {
  const tparams: TypeParam[] = [];
  const list = fields.list;
  const scopePos = list.length > 0 ? list[0].pos : 0;
  for (const f of list) {
    for (const id of f.names) {
      const p = bindTypeParam(c, id, id.pos, scopePos);
      p.index = tparams.length;
      tparams.push(p);
    }
  }
  set(tparams);
  c.env.inTParamList = true;
  let i = 0;
  for (const f of list) {
    let b = bound(c, f.type);
    if (isTypeParam(b)) {
      err(c, f.type, 'MisplacedTypeParam', 'cannot use a type parameter as constraint');
      b = invalidType();
    }
    for (let j = 0; j < f.names.length; j++) tparams[i++].bound = b;
  }
  c.env.inTParamList = false;
}

/** Checks a constraint; a union or ~T stands for an interface with that element. */
function bound(c: Checker, e: Expr): Type {
  const isTilde = e.kind === Kind.UnaryExpr && e.op === Token.Tilde;
  const isUnion = e.kind === Kind.BinaryExpr && e.op === Token.Or;
  if (!isTilde && !isUnion) return typ(c, e);
  const t = new InterfaceType([], [parseUnion(c, e, typ)]);
  t.embedPos = [startPos(e)];
  t.implicit = true;
  t.checker = c;
  c.later(() => {
    computeTypeSet(c, startPos(e), t);
    t.checker = null;
  });
  recordType(c, e, t);
  return t;
}

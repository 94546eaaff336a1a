// Struct types. Spec: "Struct types".
import type { BasicLit, Expr, Ident, StructType as StructSyntax } from '../syntax/ast.ts';
import { Kind } from '../syntax/ast.ts';
import { unquoteString } from '../syntax/literal.ts';
import { Token } from '../syntax/token.ts';
import type { Checker } from './checker.ts';
import { ErrorDesc, err, startPos } from './errors.ts';
import { exprString } from '../syntax/expr-string.ts';
import type { Struct, Type } from './model.ts';
import { BasicKind, TypeKind, Var, VarKind, idOf, invalidType, under } from './model.ts';
import { deref, isTypeParam, isValid } from './predicates.ts';
import { quote } from './quote.ts';

/** Fills in the struct t from its syntax; varType checks a field's type. */
export function structType(c: Checker, t: Struct, e: StructSyntax, varType: (c: Checker, e: Expr) => Type): void {
  const b = new FieldCollector(c, t);
  for (const f of e.fields.list) {
    let type = varType(c, f.type);
    const tag = tagOf(c, f.tag);
    for (const name of f.names) b.add(name, name.name, name.pos, type, tag, false);
    if (f.names.length > 0) continue;
    const pos = startPos(f.type);
    const name = embeddedFieldIdent(f.type);
    if (name === null) {
      err(c, pos, 'InvalidSyntaxTree', `invalid embedded field type ${exprString(f.type)}`);
      type = invalidType();
      b.add(null, '_', pos, type, '', true);
      continue;
    }
    b.add(name, name.name, name.pos, type, tag, true);
    c.later(() => checkEmbedded(c, pos, type));
  }
}

/** The text of a field's tag, '' if there is none. */
function tagOf(c: Checker, tag: BasicLit | null): string {
  if (tag === null || tag.bad) return '';
  const text = tag.tok === Token.String ? unquoteString(tag.value) : null;
  if (text == null) err(c, tag, 'InvalidSyntaxTree', `incorrect tag syntax: ${quote(tag.value)}`);
  return text ?? '';
}

/** Gathers fields and tags and reports duplicates. */
class FieldCollector {
  private readonly names = new Map<string, Var>();
  private readonly c: Checker;
  private readonly t: Struct;

  constructor(c: Checker, t: Struct) {
    this.c = c;
    this.t = t;
  }

  add(id: Ident | null, name: string, pos: number, type: Type, tag: string, embedded: boolean): void {
    const t = this.t;
    if (tag !== '' && t.tags === null) t.tags = t.fields.map(() => '');
    const f = new Var(VarKind.Field, pos, this.c.pkg, name, type);
    f.embedded = embedded;
    if (name !== '_') {
      const key = idOf(this.c.pkg, name);
      const alt = this.names.get(key);
      if (alt !== undefined) {
        new ErrorDesc(this.c, 'DuplicateDecl').add(pos, `${name} redeclared`).addAlt(alt).report();
        return;
      }
      this.names.set(key, f);
    }
    t.fields.push(f);
    if (t.tags !== null) t.tags.push(tag);
    if (id !== null) this.c.info.setDef(id, f);
  }
}

/** Returns the identifier that names an embedded field: T of T, *T, p.T, T[A]; null if the type is none of these. */
function embeddedFieldIdent(e: Expr): Ident | null {
  switch (e.kind) {
    case Kind.Ident:
      return e;
    case Kind.StarExpr:
      return e.x.kind === Kind.StarExpr ? null : embeddedFieldIdent(e.x);
    case Kind.SelectorExpr:
      return e.sel;
    case Kind.IndexExpr:
      return embeddedFieldIdent(e.x);
    default:
      return null;
  }
}

/** Spec: "An embedded field must be specified as a type name T or as a pointer to a non-interface type name *T,
 * and T itself may not be a pointer type or type parameter." */
function checkEmbedded(c: Checker, pos: number, type: Type): void {
  const { type: t, isPtr } = deref(type);
  const u = under(t);
  switch (u.kind) {
    case TypeKind.Basic:
      if (!isValid(t)) return;
      if (u.basic === BasicKind.UnsafePointer) err(c, pos, 'InvalidPtrEmbed', 'embedded field type cannot be unsafe.Pointer');
      break;
    case TypeKind.Pointer:
      err(c, pos, 'InvalidPtrEmbed', 'embedded field type cannot be a pointer');
      break;
    case TypeKind.Interface:
      if (isTypeParam(t)) err(c, pos, 'MisplacedTypeParam', 'embedded field type cannot be a (pointer to a) type parameter');
      else if (isPtr) err(c, pos, 'InvalidPtrEmbed', 'embedded field type cannot be a pointer to an interface');
      break;
  }
}

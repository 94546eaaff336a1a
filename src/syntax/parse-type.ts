// TypeParser: types, signatures, parameter lists, struct and interface bodies.
// Parentheses round a type leave no node, as in gc, whose messages therefore don't show them.

import type { Pos } from '../base/pos.ts';
import { ChanDir, Kind } from './ast.ts';
import type { BasicLit, BlockStmt, Expr, Field, FieldList, FuncType, Ident, IndexExpr, StructType, InterfaceType } from './ast.ts';
import { Code } from './codes.ts';
import * as make from './nodes.ts';
import { ParserBase, tokenName, tokenSet } from './parser-base.ts';
import { startPos } from './positions.ts';
import { Token } from './token.ts';

const afterType = tokenSet(Token.Comma, Token.Colon, Token.Semicolon, Token.Rparen, Token.Rbrack, Token.Rbrace);
const afterTerm = tokenSet(
  Token.OrOr, Token.AndAnd, Token.Eql, Token.Neq, Token.Lss, Token.Leq, Token.Gtr, Token.Geq, Token.Add, Token.Sub, Token.Or,
  Token.Xor, Token.Quo, Token.Rem, Token.And, Token.AndNot, Token.Shl, Token.Shr, Token.Not, Token.Tilde,
  Token.Semicolon, Token.Rparen, Token.Rbrack, Token.Rbrace,
);
const afterField = tokenSet(Token.Semicolon, Token.Rbrace);
const afterQualifier = tokenSet(Token.Period, Token.Semicolon, Token.Rbrace);
const afterParam = tokenSet(Token.Comma, Token.Rparen);
const afterTypeParam = tokenSet(Token.Comma, Token.Rbrack);

/** One entry of a parameter list before it is known whether a lone name is a name or a type. */
export interface Param {
  name: Ident | null;
  type: Expr | null;
}

export abstract class TypeParser extends ParserBase {
  abstract expr(): Expr;
  abstract funcBody(): BlockStmt;

  // ---- types

  protected type(): Expr {
    const t = this.typeOrNil();
    if (t !== null) return t;
    const bad = this.badExprHere();
    this.syntaxError('expected type');
    this.advance(afterType);
    return bad;
  }

  protected typeOrNil(): Expr | null {
    this.enter();
    const t = this.typeInner();
    this.leave();
    return t;
  }

  private typeInner(): Expr | null {
    const pos = this.pos;
    switch (this.tok) {
      case Token.Ident: return this.qualifiedName(null);
      case Token.Mul: {
        this.next();
        const id = this.nextId++;
        return make.starExpr(pos, id, this.type());
      }
      case Token.Arrow: {
        this.next();
        this.want(Token.Chan);
        const id = this.nextId++;
        return make.chanType(pos, id, ChanDir.Recv, pos, this.chanElem());
      }
      case Token.Func: {
        this.next();
        return this.funcType(pos, 'function type');
      }
      case Token.Lbrack:
        this.next();
        if (this.got(Token.Rbrack)) return this.sliceType(pos);
        return this.arrayType(pos, null);
      case Token.Chan: return this.chanType(pos);
      case Token.Map: return this.mapType(pos);
      case Token.Struct: return this.structType();
      case Token.Interface: return this.interfaceType();
      case Token.Lparen: {
        this.next();
        const t = this.type();
        this.want(Token.Rparen);
        return t;
      }
    }
    return null;
  }

  private chanType(pos: Pos): Expr {
    this.next();
    const arrow = this.tok === Token.Arrow ? this.pos : 0;
    if (arrow !== 0) this.next();
    const id = this.nextId++;
    return make.chanType(pos, id, arrow !== 0 ? ChanDir.Send : ChanDir.Both, arrow, this.chanElem());
  }

  private chanElem(): Expr {
    const t = this.typeOrNil();
    if (t !== null) return t;
    const bad = this.badExprHere();
    this.syntaxError('missing channel element type');
    return bad;
  }

  private mapType(pos: Pos): Expr {
    this.next();
    const id = this.nextId++;
    this.want(Token.Lbrack);
    const key = this.type();
    this.want(Token.Rbrack);
    return make.mapType(pos, id, key, this.type());
  }

  protected sliceType(pos: Pos): Expr {
    const id = this.nextId++;
    return make.arrayType(pos, id, null, this.type());
  }

  /** The rest of an array type; `len` is given where it has been parsed already. */
  protected arrayType(pos: Pos, len: Expr | null): Expr {
    if (len === null) {
      if (this.tok === Token.Ellipsis) {
        len = make.ellipsis(this.pos, this.nextId++, null);
        this.next();
      } else {
        this.xnest++;
        len = this.expr();
        this.xnest--;
      }
    }
    if (this.tok === Token.Comma) {
      // trailing commas are accepted in type parameter lists but not in array type declarations
      this.syntaxError('unexpected comma; expected ]');
      this.next();
    }
    this.want(Token.Rbrack);
    const id = this.nextId++;
    return make.arrayType(pos, id, len, this.type());
  }

  /** A type name: name, package.name, either with type arguments. */
  protected qualifiedName(name: Ident | null): Expr {
    let x: Expr;
    if (name !== null) x = name;
    else if (this.tok === Token.Ident) x = this.name();
    else {
      x = make.ident(this.pos, this.nextId++, '_');
      this.syntaxError('expected name');
      this.advance(afterQualifier);
    }
    if (this.tok === Token.Period) {
      const dot = this.pos;
      this.next();
      const id = this.nextId++;
      x = make.selectorExpr(x.pos, id, x, dot, this.name());
    }
    if (this.tok === Token.Lbrack) x = this.typeInstance(x);
    return x;
  }

  private typeInstance(x: Expr): Expr {
    const lbrack = this.pos;
    this.next();
    const id = this.nextId++;
    let args: Expr[];
    if (this.tok === Token.Rbrack) {
      this.syntaxError('expected type argument list');
      args = [this.badExprHere()];
    } else {
      this.xnest++;
      args = this.moreTypes(this.type());
      this.xnest--;
    }
    const rbrack = this.pos;
    this.want(Token.Rbrack);
    return make.indexExpr(x.pos, id, x, lbrack, args, rbrack);
  }

  /** Set by moreTypes and typeList: a comma was seen, so that the brackets hold types. */
  protected sawComma = false;

  /** The types after a first list element. */
  private moreTypes(first: Expr): Expr[] {
    const list = [first];
    let comma = false;
    while (this.got(Token.Comma)) {
      comma = true;
      const t = this.typeOrNil();
      if (t === null) break;
      list.push(t);
    }
    this.sawComma = comma;
    return list;
  }

  /** An expression or type, and after a comma more types: what may stand between the brackets of x[...]. */
  protected typeList(): Expr[] {
    this.xnest++;
    const list = this.moreTypes(this.expr());
    this.xnest--;
    return list;
  }

  // ---- signatures

  /** A signature; `context` is "" where type parameters are allowed, else what must have none. */
  protected funcType(pos: Pos, context: string): FuncType {
    const id = this.nextId++;
    const start = this.pos;
    let typeParams: FieldList | null = null;
    if (this.got(Token.Lbrack)) {
      if (context !== '') this.syntaxErrorAt(start, context + ' must have no type parameters');
      if (this.tok === Token.Rbrack) {
        this.syntaxError('empty type parameter list');
        this.next();
      } else typeParams = this.paramList(start, null, null, Token.Rbrack, true, false);
    }
    const opening = this.pos;
    this.want(Token.Lparen);
    const params = this.paramList(opening, null, null, Token.Rparen, false, true);
    return make.funcType(pos, id, context === '' ? typeParams : null, params, this.funcResult());
  }

  private funcResult(): FieldList | null {
    const pos = this.pos;
    if (this.got(Token.Lparen)) return this.paramList(pos, null, null, Token.Rparen, false, false);
    const t = this.typeOrNil();
    return t === null ? null : make.fieldList(pos, 0, [make.field(pos, [], t, null)], 0);
  }

  /**
   * A parameter list up to and with `close`; its opening token is behind. A first name, or name and type, may have been
   * parsed already. Type parameters must have names (`requireNames`); only ordinary parameters may be variadic (`dddok`).
   */
  protected paramList(opening: Pos, name: Ident | null, type: Expr | null, close: Token, requireNames: boolean, dddok: boolean): FieldList {
    const list: Param[] = [];
    let closing: Pos;
    if (name !== null && type !== null && this.tok === close) {
      closing = this.pos;
      this.next();
      return make.fieldList(opening, opening, [make.field(name.pos, [name], type, null)], closing);
    }
    while (this.tok !== Token.EOF && this.tok !== close) {
      const par: Param | null = type !== null ? { name, type } : this.paramDeclOrNil(name, close);
      name = null;
      type = null;
      if (par !== null) list.push(par);
      if (!this.more('parameter list', Token.Comma, close)) break;
    }
    closing = this.closeList(close);
    this.distribute(list, closing, requireNames);
    this.checkDots(list, dddok);
    return make.fieldList(opening, opening, groupParams(list), closing);
  }

  /** Decides whether lone names are parameters or types, and gives each parameter of a group its type. */
  private distribute(list: Param[], closing: Pos, requireNames: boolean): void {
    let named = 0;
    let typed = 0;
    for (const p of list) {
      if (p.type === null) continue;
      typed++;
      if (p.name !== null) named++;
    }
    if (named === 0 && !requireNames) {
      for (const p of list) {
        if (p.name === null) continue;
        p.type = p.name;
        p.name = null;
      }
    } else if (named !== list.length) this.spreadTypes(list, closing, requireNames, named === typed);
  }

  private spreadTypes(list: Param[], closing: Pos, requireNames: boolean, onlyTypesMissing: boolean): void {
    let errPos: Pos = 0; // left-most
    let type: Expr | null = null;
    for (let i = list.length - 1; i >= 0; i--) {
      const p = list[i];
      if (p.type !== null) {
        type = p.type;
        if (p.name === null) {
          errPos = startPos(type);
          p.name = make.ident(errPos, this.nextId++, '_');
        }
      } else if (type !== null) p.type = type;
      else if (p.name !== null) {
        errPos = p.name.pos;
        p.type = make.badExpr(errPos, this.nextId++, errPos);
      }
    }
    if (errPos === 0) return;
    if (onlyTypesMissing) {
      this.syntaxErrorAt(closing, requireNames ? 'missing type constraint' : 'missing parameter type');
    } else if (requireNames) {
      this.syntaxErrorAt(errPos, 'missing type parameter name' + (list.length === 1 ? ' or invalid array length' : ''));
    } else this.syntaxErrorAt(errPos, 'missing parameter name');
  }

  private checkDots(list: Param[], dddok: boolean): void {
    let first = true;
    for (let i = 0; i < list.length; i++) {
      const t = list[i].type;
      if (t === null || t.kind !== Kind.Ellipsis || (dddok && i + 1 === list.length)) continue;
      if (first) this.report(Code.form, t.pos, dddok ? 'can only use ... with final parameter' : 'invalid use of ...');
      first = false;
      list[i].type = t.elt;
    }
  }

  private paramDeclOrNil(name: Ident | null, follow: Token): Param | null {
    const sets = follow === Token.Rbrack; // type sets (unions, ~T) are allowed
    if (name === null && sets && this.tok === Token.Tilde) return { name: null, type: this.embeddedElem(null) };
    if (this.tok === Token.Ident || name !== null) {
      if (name === null) name = this.name();
      if (this.tok === Token.Lbrack) {
        const type = this.arrayOrTypeArgs(name);
        const par: Param = type.kind === Kind.IndexExpr ? { name: null, type } : { name, type };
        if (sets && this.is(Token.Or)) par.type = this.embeddedElem(type);
        return par;
      }
      if (this.tok === Token.Period) {
        const type = this.qualifiedName(name);
        return { name: null, type: sets && this.is(Token.Or) ? this.embeddedElem(type) : type };
      }
      if (sets && this.tok === Token.Or) return { name: null, type: this.embeddedElem(name) };
    }
    if (this.tok === Token.Ellipsis) return { name, type: this.dotsType() };
    if (sets && this.tok === Token.Tilde) return { name, type: this.embeddedElem(null) };
    let type = this.typeOrNil();
    if (sets && this.tok === Token.Or && type !== null) type = this.embeddedElem(type);
    if (name !== null || type !== null) return { name, type };
    this.syntaxError('expected ' + tokenName(follow));
    this.advance(follow === Token.Rbrack ? afterTypeParam : afterParam);
    return null;
  }

  private dotsType(): Expr {
    const pos = this.pos;
    const id = this.nextId++;
    this.next();
    const elt = this.typeOrNil();
    if (elt !== null) return make.ellipsis(pos, id, elt);
    const bad = this.badExprHere();
    this.syntaxError('... is missing type');
    return bad;
  }

  // ---- structs

  /** After a name in a field or parameter list: an array or slice type, or type arguments of the name (an IndexExpr). */
  private arrayOrTypeArgs(name: Ident): Expr {
    const lbrack = this.pos;
    this.next();
    if (this.got(Token.Rbrack)) return this.sliceType(lbrack);
    const list = this.typeList();
    const comma = this.sawComma;
    const rbrack = this.pos;
    this.want(Token.Rbrack);
    if (!comma) {
      const elt = this.typeOrNil();
      if (elt !== null) return make.arrayType(lbrack, this.nextId++, list[0], elt);
    }
    return make.indexExpr(name.pos, this.nextId++, name, lbrack, list, rbrack);
  }

  private structType(): StructType {
    const pos = this.pos;
    const id = this.nextId++;
    this.next();
    const opening = this.pos;
    this.want(Token.Lbrace);
    const list: Field[] = [];
    while (this.tok !== Token.EOF && this.tok !== Token.Rbrace) {
      this.fieldDecl(list);
      if (!this.more('struct type', Token.Semicolon, Token.Rbrace)) break;
    }
    const closing = this.closeList(Token.Rbrace);
    return make.structType(pos, id, make.fieldList(opening, opening, list, closing));
  }

  private fieldDecl(list: Field[]): void {
    const pos = this.pos;
    switch (this.tok) {
      case Token.Ident: return this.namedField(list, pos);
      case Token.Mul: {
        this.next();
        const id = this.nextId++;
        list.push(this.embeddedField(pos, make.starExpr(pos, id, this.embeddedName())));
        return;
      }
      case Token.Lparen: {
        this.syntaxError('cannot parenthesize embedded type');
        this.next();
        const starPos = this.pos;
        const star = this.got(Token.Mul);
        let type = this.qualifiedName(null);
        if (star) type = make.starExpr(starPos, this.nextId++, type);
        this.got(Token.Rparen); // no need to complain if missing
        list.push(this.embeddedField(pos, type));
        return;
      }
    }
    this.syntaxError('expected field name or embedded type');
    this.advance(afterField);
  }

  /** The name behind the * of an embedded pointer; parentheses are an error. */
  private embeddedName(): Expr {
    if (this.tok !== Token.Lparen) return this.qualifiedName(null);
    this.syntaxError('cannot parenthesize embedded type');
    this.next();
    const type = this.qualifiedName(null);
    this.got(Token.Rparen);
    return type;
  }

  private embeddedField(pos: Pos, type: Expr): Field {
    return make.field(pos, [], type, this.oliteral());
  }

  private namedField(list: Field[], pos: Pos): void {
    const name = this.name();
    const tok = this.tok;
    if (tok === Token.Period || tok === Token.Semicolon || tok === Token.Rbrace || (tok >= Token.Int && tok <= Token.String)) {
      list.push(this.embeddedField(pos, this.qualifiedName(name)));
      return;
    }
    const names = this.nameList(name);
    let type: Expr;
    if (names.length === 1 && this.tok === Token.Lbrack) {
      type = this.arrayOrTypeArgs(name);
      if (type.kind === Kind.IndexExpr) {
        list.push(this.embeddedField(pos, type));
        return;
      }
    } else type = this.type();
    list.push(make.field(pos, names, type, this.oliteral()));
  }

  protected nameList(first: Ident): Ident[] {
    const list = [first];
    while (this.got(Token.Comma)) list.push(this.name());
    return list;
  }

  /** A literal if there is one. */
  protected oliteral(): BasicLit | null {
    const tok = this.tok;
    if (tok < Token.Int || tok > Token.String) return null;
    const lit = make.basicLit(this.pos, this.nextId++, tok, this.lit, this.tokEnd, this.litBad);
    this.next();
    return lit;
  }

  // ---- interfaces

  private interfaceType(): InterfaceType {
    const pos = this.pos;
    const id = this.nextId++;
    this.next();
    const opening = this.pos;
    this.want(Token.Lbrace);
    const list: Field[] = [];
    while (this.tok !== Token.EOF && this.tok !== Token.Rbrace) {
      const start = this.pos;
      let f = this.tok === Token.Ident ? this.methodDecl() : null;
      if (f === null || f.names.length === 0) f = make.field(start, [], this.embeddedElem(f === null ? null : f.type), null);
      list.push(f);
      if (!this.more('interface type', Token.Semicolon, Token.Rbrace)) break;
    }
    const closing = this.closeList(Token.Rbrace);
    return make.interfaceType(pos, id, make.fieldList(opening, opening, list, closing));
  }

  private methodDecl(): Field {
    const pos = this.pos;
    const name = this.name();
    if (this.tok === Token.Lparen) return make.field(pos, [name], this.methodType(), null);
    if (this.tok === Token.Lbrack) return this.genericMethod(name);
    return make.field(pos, [], this.qualifiedName(name), null);
  }

  private methodType(): FuncType {
    return this.funcType(this.pos, 'interface method');
  }

  /** name[...: an instantiated type, or a method with type parameters, which is an error. */
  private genericMethod(name: Ident): Field {
    const lbrack = this.pos;
    this.next();
    if (this.tok === Token.Rbrack) {
      const pos = this.pos;
      this.next();
      const method = this.is(Token.Lparen);
      this.report(Code.form, pos, method ? 'empty type parameter list' : 'empty type argument list');
      return method ? make.field(name.pos, [name], this.methodType(), null) : make.field(name.pos, [], name, null);
    }
    const list = this.paramList(lbrack, null, null, Token.Rbrack, false, false);
    const params = list.list;
    if (params.length === 0) {
      // an error was reported
      return this.tok === Token.Lparen ? make.field(name.pos, [name], this.methodType(), null) : make.field(name.pos, [], name, null);
    }
    if (params[0].names.length > 0) {
      const type = this.methodType();
      this.report(Code.form, lbrack, 'interface method must have no type parameters');
      return make.field(name.pos, [name], type, null);
    }
    const args = params.map((p) => p.type);
    const index: IndexExpr = make.indexExpr(name.pos, this.nextId++, name, lbrack, args, list.closing);
    return make.field(name.pos, [], index, null);
  }

  /** A union of terms; its first type may have been parsed already. */
  private embeddedElem(first: Expr | null): Expr {
    let x = first ?? this.embeddedTerm();
    while (this.tok === Token.Or) {
      const opPos = this.pos;
      this.next();
      const id = this.nextId++;
      x = make.binaryExpr(x.pos, id, x, opPos, Token.Or, this.embeddedTerm());
    }
    return x;
  }

  private embeddedTerm(): Expr {
    const pos = this.pos;
    if (this.got(Token.Tilde)) {
      const id = this.nextId++;
      return make.unaryExpr(pos, id, Token.Tilde, this.type());
    }
    const t = this.typeOrNil();
    if (t !== null) return t;
    const bad = this.badExprHere();
    this.syntaxError('expected ~ term or type');
    this.advance(afterTerm);
    return bad;
  }
}

/** Joins parameters that share a type node into one field; unnamed ones are a field each. */
function groupParams(list: readonly Param[]): Field[] {
  const fields: Field[] = [];
  let last: Field | null = null;
  for (const p of list) {
    const type = p.type;
    if (type === null) continue;
    if (p.name !== null && last !== null && last.type === type) last.names.push(p.name);
    else {
      last = make.field(p.name !== null ? p.name.pos : type.pos, p.name !== null ? [p.name] : [], type, null);
      fields.push(last);
    }
  }
  return fields;
}

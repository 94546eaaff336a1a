// DeclParser: the package clause, imports and declarations of a file. Directives are handed to the declaration behind
// them; before a parenthesised group they belong to nothing and are reported.

import type { Pos } from '../base/pos.ts';
import { Kind } from './ast.ts';
import type { BlockStmt, Decl, Expr, FieldList, FuncDecl, GenDecl, Ident, ImportSpec, Spec, TypeSpec, ValueSpec } from './ast.ts';
import { checkBranches } from './branches.ts';
import { Code } from './codes.ts';
import * as make from './nodes.ts';
import { tokenSet } from './parser-base.ts';
import { StmtParser } from './parse-stmt.ts';
import { noPragmas } from './pragma.ts';
import type { Pragma } from './pragma.ts';
import { endPos } from './positions.ts';
import { Token } from './token.ts';

const topLevel = tokenSet(Token.Import, Token.Const, Token.Type, Token.Var, Token.Func);
const afterSpec = tokenSet(Token.Semicolon, Token.Rparen);
const bodyStart = tokenSet(Token.Lbrace, Token.Semicolon);

/** What parseDecls found. */
export interface FileParts {
  package: Pos;
  headPragmas: readonly Pragma[];
  name: Ident;
  imports: ImportSpec[];
  decls: Decl[];
}

export class DeclParser extends StmtParser {
  /** Check labels and branches of function bodies. */
  branches = true;
  /** Stop at the first declaration that is no import. */
  importsOnly = false;
  private readonly parts: FileParts = { package: 0, headPragmas: noPragmas, name: make.ident(0, 0, '_'), imports: [], decls: [] };

  get bad(): boolean {
    return this.reported;
  }

  get gofmtRejects(): boolean {
    return this.rejected;
  }

  /** What has been parsed so far: all of it, or up to where the parser gave up. */
  get found(): FileParts {
    return this.parts;
  }

  get idEnd(): number {
    return this.nextId;
  }

  protected override checkBody(body: BlockStmt): void {
    if (this.branches) checkBranches(body, (pos, message) => this.report(Code.branch, pos, message), (pos) => this.where(pos));
  }

  /** "file:line:column" of a position, for messages that name another place. */
  private where(pos: Pos): string {
    this.finishLines();
    const p = this.source.position(pos - this.base);
    return `${p.filename}:${p.line}:${p.column}`;
  }

  parseFile(): void {
    this.next();
    const parts = this.parts;
    parts.package = this.pos;
    this.directives.top = false;
    if (!this.got(Token.Package)) {
      this.syntaxError('package statement must be first');
      return;
    }
    parts.headPragmas = this.takePragmas();
    parts.name = this.name();
    this.want(Token.Semicolon);
    if (this.errors > 0) return; // don't bother continuing
    this.declarations(parts.decls);
    this.clearPragmas();
  }

  private declarations(decls: Decl[]): void {
    let prev: Token = Token.Import;
    while (this.tok !== Token.EOF) {
      if (this.importsOnly && this.tok !== Token.Import) return;
      if (this.tok === Token.Import && prev !== Token.Import) {
        this.syntaxError('imports must appear before other declarations');
      }
      prev = this.tok;
      if (topLevel[this.tok] === 0) {
        this.notADeclaration(decls);
        continue;
      }
      if (this.tok === Token.Func) {
        const d = this.funcDecl();
        if (d !== null) decls.push(d);
      } else decls.push(this.genDecl());
      this.clearPragmas();
      if (!this.is(Token.EOF) && !this.got(Token.Semicolon)) {
        this.syntaxError('after top level declaration');
        this.advance(topLevel);
      }
    }
  }

  private notADeclaration(decls: readonly Decl[]): void {
    const last = decls.length > 0 ? decls[decls.length - 1] : null;
    if (this.tok === Token.Lbrace && last !== null && last.kind === Kind.FuncDecl && last.body === null) {
      // opening { of a function declaration on the next line
      this.syntaxError('unexpected semicolon or newline before {');
    } else this.syntaxError('non-declaration statement outside function body');
    this.advance(topLevel);
  }

  protected override genDecl(): GenDecl {
    const pos = this.pos;
    const tok = this.tok;
    const doc = this.doc();
    this.next();
    const specs: Spec[] = [];
    if (this.tok !== Token.Lparen) {
      specs.push(this.spec(tok, 0, doc));
      return make.genDecl(pos, tok, 0, specs, 0, doc, noPragmas);
    }
    const lparen = this.pos;
    const misplaced: readonly Pragma[] = this.directives.pending.slice();
    this.clearPragmas();
    this.next();
    while (!this.is(Token.EOF) && !this.is(Token.Rparen)) {
      specs.push(this.spec(tok, specs.length, this.doc()));
      if (!this.more('grouped declaration', Token.Semicolon, Token.Rparen)) break;
    }
    const rparen = this.closeList(Token.Rparen);
    return make.genDecl(pos, tok, lparen, specs, rparen, doc, misplaced);
  }

  private spec(tok: Token, index: number, doc: Pos): Spec {
    switch (tok) {
      case Token.Import: return this.importSpec(doc);
      case Token.Const: return this.constSpec(index, doc);
      case Token.Type: return this.typeSpec(doc);
      default: return this.varSpec(index, doc);
    }
  }

  private importSpec(doc: Pos): ImportSpec {
    const pos = this.pos;
    const pragmas = this.takePragmas();
    let name: Ident | null = null;
    if (this.tok === Token.Ident) name = this.name();
    else if (this.tok === Token.Period) {
      name = make.ident(pos, this.nextId++, '.');
      this.next();
    }
    const path = this.oliteral();
    if (path === null) {
      const missing = make.basicLit(this.pos, this.nextId++, Token.String, '""', this.pos, true);
      this.syntaxError('missing import path');
      this.advance(afterSpec);
      return make.importSpec(pos, name, missing, doc, pragmas);
    }
    if (!path.bad && path.tok !== Token.String) {
      this.syntaxErrorAt(path.pos, 'import path must be a string');
      path.bad = true;
    }
    const spec = make.importSpec(pos, name, path, doc, pragmas);
    this.parts.imports.push(spec);
    return spec;
  }

  private constSpec(iota: number, doc: Pos): ValueSpec {
    const pos = this.pos;
    const pragmas = this.takePragmas();
    const names = this.nameList(this.name());
    let type: Expr | null = null;
    let values: Expr[] = [];
    if (this.tok !== Token.EOF && this.tok !== Token.Semicolon && this.tok !== Token.Rparen) {
      type = this.typeOrNil();
      if (this.gotAssign()) values = this.exprList();
    }
    return make.valueSpec(pos, names, type, values, iota, doc, pragmas);
  }

  private varSpec(iota: number, doc: Pos): ValueSpec {
    const pos = this.pos;
    const pragmas = this.takePragmas();
    const names = this.nameList(this.name());
    let type: Expr | null = null;
    let values: Expr[] = [];
    if (this.gotAssign()) values = this.exprList();
    else {
      type = this.type();
      if (this.gotAssign()) values = this.exprList();
    }
    return make.valueSpec(pos, names, type, values, iota, doc, pragmas);
  }

  private typeSpec(doc: Pos): TypeSpec {
    const pos = this.pos;
    const pragmas = this.takePragmas();
    const name = this.name();
    const spec = make.typeSpec(pos, name, null, false, 0, name, doc, pragmas);
    let type: Expr | null;
    if (this.tok === Token.Lbrack) type = this.typeParamsOrArray(spec);
    else type = this.aliasedType(spec);
    if (this.fnest > 0 && !spec.alias) this.localTypes.push(name.pos);
    if (type === null) {
      type = this.badExprHere();
      this.syntaxError('in type declaration');
      this.advance(afterSpec);
    }
    spec.type = type;
    return spec;
  }

  private aliasedType(spec: TypeSpec): Expr | null {
    const assign = this.pos;
    spec.alias = this.gotAssign();
    spec.assign = spec.alias ? assign : 0;
    return this.typeOrNil();
  }

  /**
   * After `type T [`: type parameters, or the length of an array type. `[P *C]` and `[P (C)]` read as expressions too; an
   * expression that can be taken apart into a name and a type followed by anything but "]" is a type parameter, and so is
   * one whose type can't be an expression.
   */
  private typeParamsOrArray(spec: TypeSpec): Expr | null {
    const lbrack = this.pos;
    this.next();
    if (this.tok === Token.Rbrack) {
      this.next();
      return this.sliceType(lbrack);
    }
    if (this.tok !== Token.Ident) return this.arrayType(lbrack, null);
    let x: Expr = this.name();
    if (!this.is(Token.Lbrack)) {
      // x[...] would be an array or slice type behind the parameter's name
      this.xnest++;
      x = this.binaryExpr(this.primaryExpr(x), 0);
      this.xnest--;
    }
    const par = this.splitParam(x, this.is(Token.Comma));
    if (par !== null && (par.type !== null || !this.is(Token.Rbrack))) {
      spec.typeParams = this.typeParams(lbrack, par.name, par.type);
      return this.aliasedType(spec);
    }
    return this.arrayType(lbrack, x);
  }

  private typeParams(lbrack: Pos, name: Ident, type: Expr | null): FieldList {
    return this.paramList(lbrack, name, type, Token.Rbrack, true, false);
  }

  /** Takes an expression apart into a parameter name and a constraint, if it can be: `P`, `P *C`, `P (C)`, `P *C|D`. */
  private splitParam(x: Expr, force: boolean): { name: Ident; type: Expr | null } | null {
    if (x.kind === Kind.Ident) return { name: x, type: null };
    if (x.kind === Kind.BinaryExpr) {
      if (x.op === Token.Mul) {
        if (x.x.kind === Kind.Ident && (force || isTypeElem(x.y))) {
          return { name: x.x, type: make.starExpr(x.opPos, x.id, x.y) };
        }
      } else if (x.op === Token.Or) {
        const left = this.splitParam(x.x, force || isTypeElem(x.y));
        if (left !== null && left.type !== null) {
          return { name: left.name, type: make.binaryExpr(left.type.pos, x.id, left.type, x.opPos, x.op, x.y) };
        }
      }
    } else if (x.kind === Kind.CallExpr && x.fun.kind === Kind.Ident && x.args.length === 1 && !x.hasDots) {
      let arg = x.args[0];
      if (force || isTypeElem(arg)) {
        while (arg.kind === Kind.ParenExpr) arg = arg.x;
        return { name: x.fun, type: arg };
      }
    }
    return null;
  }

  private funcDecl(): FuncDecl | null {
    const pos = this.pos;
    const doc = this.doc();
    this.next();
    const pragmas = this.takePragmas();
    let recv: FieldList | null = null;
    let context = '';
    const recvPos = this.pos;
    if (this.got(Token.Lparen)) {
      context = 'method';
      recv = this.paramList(recvPos, null, null, Token.Rparen, false, false);
      const count = recv.list.reduce((n, f) => n + Math.max(f.names.length, 1), 0);
      if (count === 0) this.report(Code.receiver, this.pos, 'method has no receiver');
      else if (count > 1) this.report(Code.receiver, this.pos, 'method has multiple receivers');
    }
    const named = this.tok === Token.Ident;
    const name = named ? this.name() : make.ident(this.pos, this.nextId++, '_');
    const type = named ? this.funcType(this.pos, context) : this.missingSignature(context);
    const d = make.funcDecl(pos, recv, name, type, null, 0, doc, pragmas);
    if (this.tok === Token.Lbrace) return this.withBody(d);
    d.end = endPos(d.type);
    return d;
  }

  private withBody(d: FuncDecl): FuncDecl {
    const { late, pos: lbrace } = this;
    if (late !== null && this.skipBraces()) {
      this.next();
      d.end = this.pos + 1;
      this.want(Token.Rbrace);
      return make.lazyFuncDecl(d, () => late.body(lbrace));
    }
    const body = (d.body = this.funcBody());
    d.end = body.rbrace + 1;
    return d;
  }

  private missingSignature(context: string): FuncDecl['type'] {
    const params = make.fieldList(this.pos, this.pos, [], this.pos);
    const type = make.funcType(this.pos, this.nextId++, null, params, null);
    this.syntaxError(context === '' ? 'expected name or (' : 'expected name');
    this.advance(bodyStart);
    return type;
  }
}

/** Tells whether x can only be a type (or has a part that can), so that it isn't an array length. */
function isTypeElem(x: Expr): boolean {
  switch (x.kind) {
    case Kind.ArrayType: case Kind.StructType: case Kind.FuncType: case Kind.InterfaceType: case Kind.MapType: case Kind.ChanType:
      return true;
    case Kind.BinaryExpr: return isTypeElem(x.x) || isTypeElem(x.y);
    case Kind.UnaryExpr: return x.op === Token.Tilde || isTypeElem(x.x);
    case Kind.StarExpr: case Kind.ParenExpr: return isTypeElem(x.x);
  }
  return false;
}

// StmtParser: statements and blocks. Control clauses ("if init; cond {") share header().

import type { Pos } from '../base/pos.ts';
import { Kind } from './ast.ts';
import type {
  AssignStmt, BlockStmt, CaseClause, CommClause, Expr, GenDecl, Ident, IfStmt, RangeStmt, SelectStmt, Stmt, TypeAssertExpr,
} from './ast.ts';
import { Code } from './codes.ts';
import { exprListString, exprString, simpleStmtString } from './expr-string.ts';
import * as make from './nodes.ts';
import { tokenSet } from './parser-base.ts';
import { ExprParser, unparen } from './parse-expr.ts';
import { gcPos } from './positions.ts';
import { Token, tokenText } from './token.ts';

const afterStmt = tokenSet(Token.Semicolon, Token.Rbrace, Token.Case, Token.Default);
const afterClause = tokenSet(Token.Colon, Token.Case, Token.Default, Token.Rbrace);
const afterBody = tokenSet(Token.Case, Token.Default, Token.Rbrace);
const blockStart = tokenSet(Token.Ident, Token.Rbrace);
const braces = tokenSet(Token.Lbrace, Token.Rbrace);
const afterSimple = tokenSet(Token.Semicolon, Token.Rbrace);

/** What stands between the keyword of an if, for or switch and its block. */
interface Header {
  init: Stmt | null;
  cond: Expr | null;
  post: Stmt | null;
  /** for ... range, or null. */
  range: RangeStmt | null;
  /** The variable of a type switch guard `v := x.(type)`, or null. */
  bind: Ident | null;
}

/** A semicolon in a header: its position (0 for none) and its text. */
interface Semi {
  pos: Pos;
  lit: string;
}

export abstract class StmtParser extends ExprParser {
  /** A const, type or var declaration; the current token is its keyword. */
  protected abstract genDecl(): GenDecl;
  /** Told of each function body parsed without errors. */
  protected abstract checkBody(body: BlockStmt): void;

  override funcBody(): BlockStmt {
    this.fnest++;
    const errors = this.errors;
    const body = this.blockStmt('');
    this.fnest--;
    if (errors === this.errors) this.checkBody(body);
    return body;
  }

  private blockStmt(context: string): BlockStmt {
    const pos = this.pos;
    if (!this.got(Token.Lbrace)) {
      this.syntaxError('expected { after ' + context);
      this.advance(blockStart);
      const rbrace = this.pos;
      if (this.got(Token.Rbrace)) return make.blockStmt(pos, [], rbrace);
    }
    const list = this.stmtList();
    const rbrace = this.pos;
    this.want(Token.Rbrace);
    return make.blockStmt(pos, list, rbrace);
  }

  private stmtList(): Stmt[] {
    const list: Stmt[] = [];
    for (;;) {
      const tok = this.tok;
      if (tok === Token.EOF || tok === Token.Rbrace || tok === Token.Case || tok === Token.Default) break;
      const s = this.stmtOrNil();
      this.clearPragmas();
      if (s === null) break;
      list.push(s);
      // ";" is optional before "}"
      if (!this.got(Token.Semicolon) && !this.is(Token.Rbrace)) {
        this.syntaxError('at end of statement');
        this.advance(afterStmt);
        this.got(Token.Semicolon); // avoid a spurious empty statement
      }
    }
    return list;
  }

  private stmtOrNil(): Stmt | null {
    this.enter();
    const s = this.stmtInner();
    this.leave();
    return s;
  }

  private stmtInner(): Stmt | null {
    const pos = this.pos;
    switch (this.tok) {
      case Token.Ident: {
        this.clearPragmas();
        const x = this.expr();
        if (x.kind === Kind.Ident && this.is(Token.Colon)) return this.labeledStmtOrNil(x);
        return this.simpleStmtFrom(x, Token.EOF);
      }
      case Token.Var: case Token.Const: case Token.Type: return make.declStmt(pos, this.genDecl());
    }
    this.clearPragmas();
    switch (this.tok) {
      case Token.Lbrace: return this.blockStmt('');
      case Token.Add: case Token.Sub: case Token.Mul: case Token.And: case Token.Xor: case Token.Not:
      case Token.Int: case Token.Float: case Token.Imag: case Token.Char: case Token.String:
      case Token.Func: case Token.Lparen: case Token.Lbrack: case Token.Struct: case Token.Map: case Token.Chan:
      case Token.Interface: case Token.Arrow:
        return this.simpleStmt(Token.EOF);
      case Token.For: return this.forStmt();
      case Token.Switch: return this.switchStmt();
      case Token.Select: return this.selectStmt();
      case Token.If: return this.ifStmt();
      case Token.Fallthrough:
        this.next();
        return make.branchStmt(pos, Token.Fallthrough, null, null);
      case Token.Break: case Token.Continue: {
        const tok = this.tok;
        this.next();
        return make.branchStmt(pos, tok, this.is(Token.Ident) ? this.name() : null, null);
      }
      case Token.Goto:
        this.next();
        return make.branchStmt(pos, Token.Goto, this.name(), null);
      case Token.Go: case Token.Defer: return this.callStmt();
      case Token.Return: {
        this.next();
        const more = !this.is(Token.Semicolon) && !this.is(Token.Rbrace);
        return make.returnStmt(pos, more ? this.exprList() : []);
      }
      case Token.Semicolon: return make.emptyStmt(pos, this.lit !== 'semicolon');
    }
    return null;
  }

  // ---- simple statements

  private simpleStmt(keyword: Token): Stmt {
    if (keyword === Token.For && this.tok === Token.Range) return this.rangeClause(this.pos, [], 0, Token.EOF);
    return this.simpleStmtFrom(this.expr(), keyword);
  }

  /** A simple statement whose first expression has been parsed; keyword is that of the control clause it stands in. */
  private simpleStmtFrom(x: Expr, keyword: Token): Stmt {
    const pos = this.pos;
    switch (this.tok) {
      case Token.Assign: case Token.Define: case Token.Comma: break;
      case Token.AssignOp: {
        const op = this.op;
        this.next();
        return make.assignStmt(x.pos, [x], pos, Token.AssignOp, op, [this.expr()]);
      }
      case Token.Inc: case Token.Dec: {
        const tok = this.tok;
        this.next();
        return make.incDecStmt(x.pos, x, tok, pos);
      }
      case Token.Arrow:
        this.next();
        return make.sendStmt(x.pos, x, pos, this.expr());
      default: return make.exprStmt(x.pos, x);
    }
    const lhs = [x];
    while (this.got(Token.Comma)) lhs.push(this.expr());
    const tok = this.tok as Token;
    const tokPos = this.pos;
    if (tok !== Token.Assign && tok !== Token.Define) {
      this.syntaxError('expected := or = or comma');
      this.advance(afterSimple);
      return make.exprStmt(x.pos, x);
    }
    this.next();
    if (keyword === Token.For && this.is(Token.Range)) return this.rangeClause(x.pos, lhs, tokPos, tok);
    return make.assignStmt(x.pos, lhs, tokPos, tok, Token.EOF, this.exprList());
  }

  /** The clause of a for-range statement, without its body. */
  private rangeClause(pos: Pos, lhs: Expr[], tokPos: Pos, tok: Token): RangeStmt {
    const rangePos = this.pos;
    this.next();
    const x = this.expr();
    const key = lhs.length > 0 ? lhs[0] : null;
    const value = lhs.length > 1 ? lhs[1] : null;
    return make.rangeStmt(pos, key, value, lhs.slice(2), tokPos, tok, rangePos, x, noBody);
  }

  private labeledStmtOrNil(label: Ident): Stmt | null {
    const colon = this.pos;
    this.next();
    if (this.tok === Token.Rbrace) {
      // a label may stand at the end of a block: an implicit empty statement follows it
      return make.labeledStmt(label.pos, label, colon, make.emptyStmt(this.pos, true));
    }
    const s = this.stmtOrNil();
    if (s !== null) return make.labeledStmt(label.pos, label, colon, s);
    this.syntaxErrorAt(colon, 'missing statement after label');
    return null; // avoids follow-up errors
  }

  private callStmt(): Stmt {
    const pos = this.pos;
    const tok = this.tok;
    this.next();
    const x = this.primaryExpr(this.operand());
    const call = unparen(x);
    if (call !== x) this.report(Code.form, x.pos, `expression in ${tokenText(tok)} must not be parenthesized`);
    return tok === Token.Go ? make.goStmt(pos, call) : make.deferStmt(pos, call);
  }

  // ---- control clauses

  private header(keyword: Token): Header {
    const h: Header = { init: null, cond: null, post: null, range: null, bind: null };
    this.next();
    if (this.tok === Token.Lbrace) {
      if (keyword === Token.If) {
        this.syntaxError('missing condition in if statement');
        h.cond = this.badExprHere();
      }
      return h;
    }
    const outer = this.xnest;
    this.xnest = -1;
    this.headerClauses(h, keyword);
    this.xnest = outer;
    return h;
  }

  private headerClauses(h: Header, keyword: Token): void {
    if (this.tok !== Token.Semicolon) {
      // accept a potential var declaration but complain
      if (this.got(Token.Var)) this.syntaxError(`var declaration not allowed in ${tokenText(keyword)} initializer`);
      h.init = this.simpleStmt(keyword);
      if (h.init.kind === Kind.RangeStmt) {
        h.range = h.init;
        h.init = null;
        return;
      }
    }
    if (this.tok === Token.Lbrace) {
      const only = h.init;
      h.init = null;
      this.condition(h, only, keyword, { pos: 0, lit: '' });
      return;
    }
    const semi: Semi = { pos: 0, lit: '' };
    if (this.tok === Token.Semicolon) {
      semi.pos = this.pos;
      semi.lit = this.lit;
      this.next();
    } else {
      // asking for "{" rather than ";" gives a better message
      this.want(Token.Lbrace);
      if (!this.is(Token.Lbrace)) this.advance(braces);
    }
    this.condition(h, keyword === Token.For ? this.forClauses(h) : this.condStmt(keyword), keyword, semi);
  }

  private condStmt(keyword: Token): Stmt | null {
    return this.tok === Token.Lbrace ? null : this.simpleStmt(keyword);
  }

  /** The condition and post statement of a three-part for clause; returns the condition. */
  private forClauses(h: Header): Stmt | null {
    let cond: Stmt | null = null;
    if (this.tok !== Token.Semicolon) {
      if (this.tok === Token.Lbrace) {
        this.syntaxError('expected for loop condition');
        return null;
      }
      cond = this.simpleStmt(Token.EOF);
    }
    this.want(Token.Semicolon);
    if (!this.is(Token.Lbrace)) {
      h.post = this.simpleStmt(Token.EOF);
      if (h.post.kind === Kind.AssignStmt && h.post.tok === Token.Define) {
        this.syntaxErrorAt(h.post.tokPos, 'cannot declare in post statement of for loop', Code.postDecl);
      }
    }
    return cond;
  }

  /** Makes the header's condition out of the statement in its place. */
  private condition(h: Header, s: Stmt | null, keyword: Token, semi: Semi): void {
    if (s === null) {
      if (keyword !== Token.If || semi.pos === 0) return;
      if (semi.lit !== 'semicolon') this.syntaxErrorAt(semi.pos, `unexpected ${semi.lit}, expected { after if clause`);
      else this.syntaxErrorAt(semi.pos, 'missing condition in if statement');
      h.cond = make.badExpr(semi.pos, this.nextId++, semi.pos);
      return;
    }
    if (s.kind === Kind.ExprStmt) {
      h.cond = s.x;
      return;
    }
    let code: Code = Code.form;
    if (keyword === Token.Switch && isGuardDecl(s)) {
      const name = s.lhs[0];
      if (name.kind === Kind.Ident) {
        h.bind = name;
        h.cond = s.rhs[0];
        return;
      }
      code = Code.guard;
    }
    // a common mistake: = for ==
    let text = simpleStmtString(s);
    if (s.kind === Kind.AssignStmt && s.tok === Token.Assign) text = `assignment ${emphasize(s.lhs)} = ${emphasize(s.rhs)}`;
    this.syntaxErrorAt(gcPos(s), `cannot use ${text} as value`, code);
  }

  private forStmt(): Stmt {
    const pos = this.pos;
    const h = this.header(Token.For);
    const body = this.blockStmt('for clause');
    if (h.range === null) return make.forStmt(pos, h.init, h.cond, h.post, body);
    h.range.pos = pos;
    h.range.body = body;
    return h.range;
  }

  private ifStmt(): IfStmt {
    const pos = this.pos;
    this.enter();
    const h = this.header(Token.If);
    const cond = h.cond ?? this.badExprHere();
    const body = this.blockStmt('if clause');
    let alt: IfStmt | BlockStmt | null = null;
    if (this.got(Token.Else)) {
      if (this.tok === Token.If) alt = this.ifStmt();
      else if (this.tok === Token.Lbrace) alt = this.blockStmt('');
      else {
        this.syntaxError('else must be followed by if or statement block');
        this.advance(blockStart);
      }
    }
    this.leave();
    return make.ifStmt(pos, h.init, cond, body, alt);
  }

  private switchStmt(): Stmt {
    const pos = this.pos;
    const h = this.header(Token.Switch);
    const lbrace = this.clausesStart('switch');
    const clauses: CaseClause[] = [];
    while (this.tok !== Token.EOF && this.tok !== Token.Rbrace) clauses.push(this.caseClause());
    const rbrace = this.pos;
    this.want(Token.Rbrace);
    const tag = h.cond;
    if (tag === null || !isTypeGuard(tag)) return make.switchStmt(pos, h.init, tag, lbrace, clauses, rbrace);
    const guardPos = h.bind !== null ? h.bind.pos : tag.pos;
    return make.typeSwitchStmt(pos, h.init, h.bind, tag.x, guardPos, lbrace, clauses, rbrace);
  }

  private selectStmt(): SelectStmt {
    const pos = this.pos;
    this.next();
    const lbrace = this.clausesStart('select');
    const clauses: CommClause[] = [];
    while (this.tok !== Token.EOF && this.tok !== Token.Rbrace) clauses.push(this.commClause());
    const rbrace = this.pos;
    this.want(Token.Rbrace);
    return make.selectStmt(pos, lbrace, clauses, rbrace);
  }

  private clausesStart(keyword: string): Pos {
    const lbrace = this.pos;
    if (!this.got(Token.Lbrace)) {
      this.syntaxError(`missing { after ${keyword} clause`);
      this.advance(afterBody);
    }
    return lbrace;
  }

  private noClause(): void {
    this.syntaxError('expected case or default or }');
    this.advance(afterClause);
  }

  private caseClause(): CaseClause {
    const pos = this.pos;
    let list: Expr[] = [];
    const isDefault = this.tok !== Token.Case;
    if (this.got(Token.Case)) list = this.exprList();
    else if (!this.got(Token.Default)) this.noClause();
    const colon = this.pos;
    this.want(Token.Colon);
    return make.caseClause(pos, isDefault, list, colon, this.stmtList());
  }

  private commClause(): CommClause {
    const pos = this.pos;
    let comm: Stmt | null = null;
    if (this.got(Token.Case)) comm = this.simpleStmt(Token.EOF);
    else if (!this.got(Token.Default)) this.noClause();
    const colon = this.pos;
    this.want(Token.Colon);
    return make.commClause(pos, comm, colon, this.stmtList());
  }
}

/** The body of a range statement while its header is parsed. */
const noBody: BlockStmt = make.blockStmt(0, [], 0);

function isTypeGuard(x: Expr): x is TypeAssertExpr {
  return x.kind === Kind.TypeAssertExpr && x.type === null;
}

/** Tells whether s has the form `v := x.(type)`, whatever v is. */
function isGuardDecl(s: Stmt): s is AssignStmt {
  return s.kind === Kind.AssignStmt && s.tok === Token.Define && s.lhs.length === 1 && s.rhs.length === 1 && isTypeGuard(s.rhs[0]);
}

/** Shows the side of an assignment, in parentheses where it has a binary operator. */
function emphasize(list: readonly Expr[]): string {
  if (list.length === 1 && list[0].kind === Kind.BinaryExpr) return `(${exprString(list[0])})`;
  return exprListString(list);
}

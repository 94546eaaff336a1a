// ExprParser: expressions. The levels are binaryExpr (precedence climbing) > unaryExpr > primaryExpr (operand and its
// selectors, indices, calls, literals' braces) > operand.

import type { Pos } from '../base/pos.ts';
import { ChanDir, Kind } from './ast.ts';
import type { ChanType, CompositeLit, Expr } from './ast.ts';
import { Code } from './codes.ts';
import * as make from './nodes.ts';
import { tokenSet } from './parser-base.ts';
import { TypeParser } from './parse-type.ts';
import { exprString } from './expr-string.ts';
import { precedence, Token } from './token.ts';

const afterOperand = tokenSet(Token.Rparen, Token.Rbrack, Token.Rbrace);
const afterSelector = tokenSet(Token.Semicolon, Token.Rparen);
const afterIndex = tokenSet(Token.Comma, Token.Colon, Token.Rbrack);

/** Strips parentheses. */
export function unparen(x: Expr): Expr {
  while (x.kind === Kind.ParenExpr) x = x.x;
  return x;
}

export abstract class ExprParser extends TypeParser {
  override expr(): Expr {
    return this.binaryExpr(this.unaryExpr(), 0);
  }

  protected exprList(): Expr[] {
    const list = [this.expr()];
    while (this.got(Token.Comma)) list.push(this.expr());
    return list;
  }

  /** Continues x with operators that bind tighter than prec. */
  protected binaryExpr(x: Expr, prec: number): Expr {
    for (let p = precedence(this.tok); p > prec; p = precedence(this.tok)) {
      const op = this.tok;
      const opPos = this.pos;
      this.next();
      const id = this.nextId++;
      x = make.binaryExpr(x.pos, id, x, opPos, op, this.binaryExpr(this.unaryExpr(), p));
    }
    return x;
  }

  protected unaryExpr(): Expr {
    const pos = this.pos;
    const op = this.tok;
    switch (op) {
      case Token.Mul: {
        this.next();
        const id = this.nextId++;
        return make.starExpr(pos, id, this.nestedUnary());
      }
      case Token.Add: case Token.Sub: case Token.Not: case Token.Xor: case Token.Tilde: {
        this.next();
        const id = this.nextId++;
        return make.unaryExpr(pos, id, op, this.nestedUnary());
      }
      case Token.And: {
        this.next();
        const id = this.nextId++;
        // &(T{}) and &T{} are one thing: drop the parentheses
        return make.unaryExpr(pos, id, op, unparen(this.nestedUnary()));
      }
      case Token.Arrow: return this.receive(pos);
    }
    return this.primaryExpr(this.operand());
  }

  private nestedUnary(): Expr {
    this.enter();
    const x = this.unaryExpr();
    this.leave();
    return x;
  }

  /** <-x: a receive, or where x turns out to be a channel type, a receive-only channel type. */
  private receive(pos: Pos): Expr {
    this.next();
    const x = this.nestedUnary();
    if (x.kind === Kind.ChanType) {
      this.takeArrow(pos, x);
      return x;
    }
    return make.unaryExpr(pos, this.nextId++, Token.Arrow, x);
  }

  /** Re-associates <-(chan T) to (<-chan) T, and <-(chan<- (chan T)) to (<-chan) ((<-chan) T), all the way down. */
  private takeArrow(pos: Pos, x: ChanType): void {
    let t: Expr = x;
    let dir: ChanDir = ChanDir.Send;
    while (dir === ChanDir.Send && t.kind === Kind.ChanType) {
      dir = t.dir;
      if (dir === ChanDir.Recv) this.syntaxError('unexpected <-, expected chan');
      const inner: Pos = t.arrow;
      t.dir = ChanDir.Recv;
      t.arrow = pos;
      pos = inner;
      t = t.value;
    }
    if (dir === ChanDir.Send) this.syntaxError(`unexpected ${exprString(t)}, expected chan`);
  }

  protected operand(): Expr {
    const pos = this.pos;
    switch (this.tok) {
      case Token.Ident: {
        const n = make.ident(pos, this.nextId++, this.lit);
        this.next();
        return n;
      }
      case Token.Int: case Token.Float: case Token.Imag: case Token.Char: case Token.String: {
        const lit = make.basicLit(pos, this.nextId++, this.tok, this.lit, this.tokEnd, this.litBad);
        this.next();
        return lit;
      }
      case Token.Lparen: return this.parenExpr(pos);
      case Token.Func: return this.funcTypeOrLit(pos);
      case Token.Lbrack: case Token.Chan: case Token.Map: case Token.Struct: case Token.Interface:
        return this.type();
    }
    const bad = this.badExprHere();
    this.syntaxError('expected expression');
    this.advance(afterOperand);
    return bad;
  }

  private parenExpr(pos: Pos): Expr {
    this.enter();
    this.next();
    const id = this.nextId++;
    this.xnest++;
    const x = this.expr();
    this.xnest--;
    const rparen = this.pos;
    this.want(Token.Rparen);
    this.leave();
    return make.parenExpr(pos, id, x, rparen);
  }

  private funcTypeOrLit(pos: Pos): Expr {
    this.enter();
    this.next();
    const type = this.funcType(pos, 'function type');
    let x: Expr = type;
    if (this.tok === Token.Lbrace) {
      this.xnest++;
      const id = this.nextId++;
      x = make.funcLit(pos, id, type, this.funcBody());
      this.xnest--;
    }
    this.leave();
    return x;
  }

  /** x with whatever selectors, indices, calls and literal values follow. */
  protected primaryExpr(x: Expr): Expr {
    for (;;) {
      switch (this.tok) {
        case Token.Period: x = this.selectorOrAssertion(x); break;
        case Token.Lbrack: x = this.indexOrSlice(x); break;
        case Token.Lparen: x = this.call(x); break;
        case Token.Lbrace:
          if (!this.mayHaveLitValue(x)) return x;
          if (x.kind === Kind.ParenExpr) this.syntaxError('cannot parenthesize type in composite literal');
          x = this.litValue(x);
          break;
        default: return x;
      }
    }
  }

  private selectorOrAssertion(x: Expr): Expr {
    const dot = this.pos;
    this.next();
    if (this.tok === Token.Ident) {
      const id = this.nextId++;
      const sel = make.ident(this.pos, this.nextId++, this.lit);
      this.next();
      return make.selectorExpr(x.pos, id, x, dot, sel);
    }
    if (this.tok === Token.Lparen) {
      const lparen = this.pos;
      this.next();
      const id = this.nextId++;
      const type = this.got(Token.Type) ? null : this.type();
      const rparen = this.pos;
      this.want(Token.Rparen);
      return make.typeAssertExpr(x.pos, id, x, dot, lparen, type, rparen);
    }
    this.syntaxError('expected name or (');
    this.advance(afterSelector);
    return x;
  }

  private call(x: Expr): Expr {
    const lparen = this.pos;
    this.enter();
    this.next();
    const id = this.nextId++;
    const args: Expr[] = [];
    let ellipsis: Pos = 0;
    this.xnest++;
    while (this.tok !== Token.EOF && this.tok !== Token.Rparen) {
      args.push(this.expr());
      if (this.tok === Token.Ellipsis) {
        ellipsis = this.pos;
        this.next();
      }
      if (!this.more('argument list', Token.Comma, Token.Rparen) || ellipsis !== 0) break;
    }
    const rparen = this.closeList(Token.Rparen);
    this.xnest--;
    this.leave();
    return make.callExpr(x.pos, id, x, lparen, args, ellipsis !== 0, ellipsis, rparen);
  }

  private indexOrSlice(x: Expr): Expr {
    const lbrack = this.pos;
    this.enter();
    this.next();
    const id = this.nextId++;
    let low: Expr | null = null;
    let indices: Expr[] | null = null;
    if (this.tok !== Token.Colon) {
      if (this.tok === Token.Rbrack) {
        this.syntaxError('expected operand');
        indices = [this.badExprHere()];
      } else {
        indices = this.typeList();
        if (!this.sawComma && !this.is(Token.Rbrack)) {
          low = indices[0];
          indices = null;
        }
      }
    }
    if (indices !== null) {
      const rbrack = this.pos;
      this.want(Token.Rbrack);
      this.leave();
      return make.indexExpr(x.pos, id, x, lbrack, indices, rbrack);
    }
    const s = this.slice(x, id, lbrack, low);
    this.leave();
    return s;
  }

  /** The rest of x[low : high : max], from the first colon. */
  private slice(x: Expr, id: number, lbrack: Pos, low: Expr | null): Expr {
    if (!this.got(Token.Colon)) {
      this.syntaxError('expected comma, : or ]');
      this.advance(afterIndex);
    }
    this.xnest++;
    let high: Expr | null = null;
    let max: Expr | null = null;
    if (this.tok !== Token.Colon && this.tok !== Token.Rbrack) high = this.expr();
    const slice3 = this.tok === Token.Colon;
    if (slice3) {
      if (high === null) {
        this.report(Code.form, this.pos, 'middle index required in 3-index slice');
        high = this.badExprHere();
      }
      this.next();
      if (this.tok !== Token.Rbrack) max = this.expr();
      else {
        this.report(Code.form, this.pos, 'final index required in 3-index slice');
        max = this.badExprHere();
      }
    }
    this.xnest--;
    const rbrack = this.pos;
    this.want(Token.Rbrack);
    return make.sliceExpr(x.pos, id, x, lbrack, low, high, max, slice3, rbrack);
  }

  /** Tells whether a { after x starts its literal value rather than a block. */
  private mayHaveLitValue(x: Expr): boolean {
    const t = unparen(x);
    switch (t.kind) {
      case Kind.Ident: case Kind.SelectorExpr: return this.xnest >= 0;
      case Kind.IndexExpr: return this.xnest >= 0 && !isValue(t);
      case Kind.ArrayType: case Kind.StructType: case Kind.MapType: return true;
    }
    return false;
  }

  protected litValue(type: Expr | null): CompositeLit {
    const lbrace = this.pos;
    const { late } = this;
    if (late !== null && this.fnest === 0 && this.skipBraces()) {
      this.next();
      const rbrace = this.closeList(Token.Rbrace);
      return make.lazyCompositeLit(make.compositeLit(type !== null ? type.pos : lbrace, this.nextId++, type, lbrace, [], rbrace), () => late.elements(lbrace));
    }
    this.enter();
    const id = this.nextId++;
    const elts: Expr[] = [];
    this.xnest++;
    this.want(Token.Lbrace);
    while (this.tok !== Token.EOF && this.tok !== Token.Rbrace) {
      elts.push(this.element());
      if (!this.more('composite literal', Token.Comma, Token.Rbrace)) break;
    }
    const rbrace = this.closeList(Token.Rbrace);
    this.xnest--;
    this.leave();
    return make.compositeLit(type !== null ? type.pos : lbrace, id, type, lbrace, elts, rbrace);
  }

  private element(): Expr {
    const x = this.elementPart();
    if (this.tok !== Token.Colon) return x;
    const colon = this.pos;
    this.next();
    const id = this.nextId++;
    return make.keyValueExpr(x.pos, id, x, colon, this.elementPart());
  }

  private elementPart(): Expr {
    return this.tok === Token.Lbrace ? this.litValue(null) : this.expr();
  }
}

/** Tells whether x is surely a value, not a type: then x[i] { is no composite literal. */
function isValue(x: Expr): boolean {
  switch (x.kind) {
    case Kind.BasicLit: case Kind.CompositeLit: case Kind.FuncLit: case Kind.SliceExpr: case Kind.TypeAssertExpr:
    case Kind.CallExpr: case Kind.UnaryExpr: case Kind.BinaryExpr: return true;
    case Kind.ParenExpr: return isValue(x.x);
    case Kind.IndexExpr: return isValue(x.x) || (x.indices.length === 1 && isValue(x.indices[0]));
  }
  return false;
}

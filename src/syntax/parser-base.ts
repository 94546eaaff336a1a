// ParserBase: what every part of the parser needs: error reports in gc's words, skipping after an error, lists with
// separators, directives, expression ids, the nesting limit. The parts build on each other as classes: ParserBase <
// TypeParser < ExprParser < StmtParser < DeclParser; forward references are abstract methods.

import { errorAt } from '../base/diagnostic.ts';
import type { DiagnosticSink } from '../base/diagnostic.ts';
import type { Pos } from '../base/pos.ts';
import type { FileSet, SourceFile } from '../source/fileset.ts';
import type { BlockStmt, Expr, Ident } from './ast.ts';
import { Code, isErrorForGofmt } from './codes.ts';
import { DirectiveReader } from './directive.ts';
import { badExpr, ident } from './nodes.ts';
import { noPragmas } from './pragma.ts';
import type { Pragma } from './pragma.ts';
import { Scanner } from './scanner.ts';
import { isKeyword, Token, tokenText } from './token.ts';

/** A set of tokens, for advance(). */
export type TokenSet = Uint8Array;

/** Makes a token set; EOF is always in it. */
export function tokenSet(...tokens: Token[]): TokenSet {
  const set = new Uint8Array(Token.Var + 1);
  set[Token.EOF] = 1;
  for (const t of tokens) set[t] = 1;
  return set;
}

/** Keywords that start a statement: skipping inside a function stops at them. */
const stopset = tokenSet(
  Token.Break, Token.Const, Token.Continue, Token.Defer, Token.Fallthrough, Token.For, Token.Go, Token.Goto, Token.If,
  Token.Return, Token.Select, Token.Switch, Token.Type, Token.Var,
);
const closers = tokenSet(Token.Rparen, Token.Rbrack, Token.Rbrace);

/** How a token is named in "expected ..." messages. */
export function tokenName(t: Token): string {
  if (t === Token.Comma) return 'comma';
  if (t === Token.Semicolon) return 'semicolon or newline';
  return isKeyword(t) ? 'keyword ' + tokenText(t) : tokenText(t);
}

/** Levels of nested expressions, types and statements that are taken. GOROOT's deepest file has 403; later stages recurse as deep. */
export const maxNesting = 1000;

/** Errors after which a file is given up: nobody reads more, and rubbish has one a byte. */
const maxErrors = 10000;

/** Parses what was left out, by the position of its opening brace. */
export interface LateParts {
  body(lbrace: Pos): BlockStmt;
  elements(lbrace: Pos): Expr[];
}

export abstract class ParserBase extends Scanner {
  protected readonly sink: DiagnosticSink;
  /** Errors so far, but for those about directives: they don't make the parser more careful. */
  protected errors = 0;
  /** Any message was reported; one that gofmt has too was found (perhaps held back as the second of its line). */
  protected reported = false;
  protected rejected = false;
  /** Set where bodies of declared functions, and elements of literals at package level, are left out for now. */
  protected late: LateParts | null = null;
  /** Function nesting: > 0 inside a body. */
  protected fnest = 0;
  protected readonly localTypes: Pos[] = [];
  /** Expression nesting; < 0 in a control clause, where a composite literal needs parentheses. */
  protected xnest = 0;
  protected nextId: number;
  protected readonly directives: DirectiveReader;
  private lastSyntaxErrorLine = -1;
  private listBroken = false;
  private depth = 0;

  constructor(fileSet: FileSet, source: SourceFile, sink: DiagnosticSink) {
    super(source);
    this.sink = sink;
    this.nextId = fileSet.nextExprId;
    this.directives = new DirectiveReader(source, this.buf, (code, pos, message) => this.report(code, pos, message));
  }

  // ---- errors

  protected override errorAt(pos: Pos, message: string): void {
    this.report(Code.malformed, pos, message);
  }

  /** Reports a message that does not begin with "syntax error"; gc prints all of these. */
  protected report(code: Code, pos: Pos, message: string): void {
    this.note(code);
    if (code !== Code.directive && ++this.errors > maxErrors) return this.skipToEnd();
    this.sink.report(errorAt(code, pos, message));
  }

  protected override onDirective(from: number, to: number): void {
    this.directives.read(from, to, this.currentLine());
  }

  private note(code: Code): void {
    this.reported = true;
    if (isErrorForGofmt(code)) this.rejected = true;
  }

  /** Reports a message of the form "syntax error: ..."; gc prints one of them a line. */
  private reportSyntax(code: Code, pos: Pos, message: string): void {
    this.errors++;
    this.note(code);
    const line = this.lineAt(pos - this.base);
    if (line === this.lastSyntaxErrorLine) return;
    this.lastSyntaxErrorLine = line;
    this.sink.report(errorAt(code, pos, 'syntax error: ' + message));
  }

  /** A syntax error at the current token. "in ...", "at ...", "after ..." and "expected ..." are completed with the token found. */
  protected syntaxError(message: string): void {
    this.syntaxErrorAt(this.pos, message);
  }

  protected syntaxErrorAt(pos: Pos, message: string, code: Code = Code.form): void {
    if (this.tok === Token.EOF && this.errors > 0) return; // only a follow-up
    if (message.startsWith('in ') || message.startsWith('at ') || message.startsWith('after ')) message = ' ' + message;
    else if (message.startsWith('expected ')) message = ', ' + message;
    else return this.reportSyntax(code, pos, message);
    this.reportSyntax(Code.unexpected, pos, 'unexpected ' + this.describeToken() + message);
  }

  private describeToken(): string {
    const tok = this.tok;
    if (tok === Token.Ident) return 'name ' + this.lit;
    if (tok === Token.Semicolon) return this.lit;
    if (tok >= Token.Int && tok <= Token.String) return 'literal ' + this.lit;
    if (tok === Token.AssignOp) return tokenText(this.op) + '=';
    return tokenName(tok);
  }

  // ---- tokens

  /** The same as tok === t, for places where TypeScript has narrowed `tok` and doesn't see that next() changed it. */
  protected is(t: Token): boolean {
    return this.tok === t;
  }

  protected got(tok: Token): boolean {
    if (this.tok !== tok) return false;
    this.next();
    return true;
  }

  protected want(tok: Token): void {
    if (this.tok === tok) this.next();
    else {
      this.syntaxError('expected ' + tokenName(tok));
      if (this.tok !== Token.EOF) this.next();
    }
  }

  /** Like got(Assign), but takes := for = with a complaint. */
  protected gotAssign(): boolean {
    if (this.tok === Token.Define) this.syntaxError('expected =');
    else if (this.tok !== Token.Assign) return false;
    this.next();
    return true;
  }

  /** Skips to a token of the set, or, inside a function, to the start of a statement. */
  protected advance(follow: TokenSet): void {
    while (follow[this.tok] === 0 && (this.fnest === 0 || stopset[this.tok] === 0)) this.next();
  }

  /**
   * After an element of a list: takes the separator, or complains. Tells whether there is another element. Lists read
   * `while (tok is neither EOF nor close) { element; if (!this.more(...)) break; }` and then closeList(close).
   */
  protected more(context: string, sep: Token, close: Token): boolean {
    if (this.tok === sep) {
      this.next();
      return true;
    }
    if (this.tok === close) return false;
    this.syntaxError(`in ${context}; possibly missing ${tokenName(sep)} or ${tokenName(close)}`);
    this.advance(closers);
    this.listBroken = this.tok !== close;
    return false;
  }

  /** Takes the closing token of a list; returns its position. */
  protected closeList(close: Token): Pos {
    const pos = this.pos;
    if (this.listBroken) this.listBroken = false;
    else this.want(close);
    return pos;
  }

  // ---- nesting

  /** Enters a level of recursion; every caller leaves it again with `leave()`. */
  protected enter(): void {
    if (++this.depth > maxNesting && this.tok !== Token.EOF) this.tooDeep();
  }

  protected leave(): void {
    this.depth--;
  }

  /** Gives the file up: nothing below here can be parsed, nor walked by later stages. */
  protected tooDeep(): void {
    this.reportSyntax(Code.depth, this.pos, 'exceeded max nesting depth');
    this.skipToEnd();
  }

  // ---- names, ids

  protected name(): Ident {
    if (this.tok === Token.Ident) {
      const n = ident(this.pos, this.nextId++, this.lit);
      this.next();
      return n;
    }
    const n = ident(this.pos, this.nextId++, '_');
    this.syntaxError('expected name');
    if (this.tok !== Token.EOF) this.next();
    return n;
  }

  protected badExprHere(): Expr {
    return badExpr(this.pos, this.nextId++, this.pos);
  }

  // ---- directives

  /** The directives since the last declaration, for the one that starts here. */
  protected takePragmas(): readonly Pragma[] {
    return this.directives.pending.length === 0 ? noPragmas : this.directives.take();
  }

  /** Drops pending directives: no declaration that could have them follows. */
  protected clearPragmas(): void {
    if (this.directives.pending.length !== 0) this.directives.misplaced();
  }
}

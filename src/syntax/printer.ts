// Printer: a File back to Go text. In: a tree the parser made (or one shaped like it). Out: text that parses to an equal
// tree. Layout is gofmt's in spirit: tabs, one statement a line. Comments are not kept; directives are.
//
// Parentheses are nodes, so operators need no thought. What the parser drops, the printer must put back where it matters:
// round &T{} in a control clause, and a comma behind a type parameter that would read as an array length.

import { ChanDir, Kind } from './ast.ts';
import type {
  CaseClause, CommClause, CompositeLit, Decl, Expr, Field, FieldList, File, FuncDecl, FuncType, GenDecl, IfStmt, Node, RangeStmt,
  Spec, Stmt, UnaryExpr,
} from './ast.ts';
import type { Pragma } from './pragma.ts';
import { Token, tokenText } from './token.ts';

/** The text of a file. */
export function printFile(f: File): string {
  const p = new Printer();
  p.file(f);
  return p.text();
}

/** The text of any node, on as many lines as it needs. */
export function printNode(n: Node): string {
  const p = new Printer();
  p.node(n);
  return p.text();
}

class Printer {
  private readonly out: string[] = [];
  private indent = 0;
  /** In a control clause, outside brackets: a composite literal needs parentheses. */
  private clause = false;

  text(): string {
    return this.out.join('');
  }

  private put(s: string): void {
    this.out.push(s);
  }

  private line(): void {
    this.out.push('\n' + '\t'.repeat(this.indent));
  }

  node(n: Node): void {
    if (n.kind <= Kind.ChanType) this.expr(n as Expr);
    else if (n.kind < Kind.CaseClause) this.stmt(n as Stmt);
    else if (n.kind === Kind.CaseClause) this.caseClause(n);
    else if (n.kind === Kind.CommClause) this.commClause(n);
    else if (n.kind === Kind.GenDecl || n.kind === Kind.FuncDecl) this.decl(n);
    else if (n.kind === Kind.Field) this.field(n);
    else if (n.kind === Kind.FieldList) this.params(n, '(', ')');
    else if (n.kind === Kind.File) this.file(n);
    else this.spec(n as Spec);
  }

  // ---- files, declarations

  file(f: File): void {
    if (f.goBuild !== '') this.put(f.goBuild + '\n\n');
    this.put(`package ${f.name.name}\n`);
    for (const d of f.decls) {
      this.put('\n');
      this.decl(d);
      this.put('\n');
    }
  }

  private pragmas(list: readonly Pragma[]): void {
    for (const p of list) {
      this.put(`//${p.name}${p.args === '' ? '' : ' ' + p.args}`);
      this.line();
    }
  }

  private decl(d: Decl): void {
    if (d.kind === Kind.FuncDecl) this.funcDecl(d);
    else this.genDecl(d);
  }

  private genDecl(d: GenDecl): void {
    const word = tokenText(d.tok);
    if (d.lparen === 0) {
      for (const s of d.specs) {
        this.pragmas(s.pragmas);
        this.put(word + ' ');
        this.spec(s);
      }
      return;
    }
    this.put(word + ' (');
    this.indent++;
    for (const s of d.specs) {
      this.line();
      this.pragmas(s.pragmas);
      this.spec(s);
    }
    this.indent--;
    if (d.specs.length > 0) this.line();
    this.put(')');
  }

  private spec(s: Spec): void {
    if (s.kind === Kind.ImportSpec) {
      if (s.name !== null) this.put(s.name.name + ' ');
      this.put(s.path.value);
    } else if (s.kind === Kind.ValueSpec) {
      this.exprs(s.names);
      if (s.type !== null) {
        this.put(' ');
        this.expr(s.type);
      }
      if (s.values.length > 0) {
        this.put(' = ');
        this.exprs(s.values);
      }
    } else {
      this.put(s.name.name);
      if (s.typeParams !== null) this.typeParams(s.typeParams);
      this.put(s.alias ? ' = ' : ' ');
      this.expr(s.type);
    }
  }

  private funcDecl(d: FuncDecl): void {
    this.pragmas(d.pragmas);
    this.put('func ');
    if (d.recv !== null) {
      this.params(d.recv, '(', ')');
      this.put(' ');
    }
    this.put(d.name.name);
    this.signature(d.type);
    if (d.body !== null) {
      this.put(' ');
      this.stmt(d.body);
    }
  }

  private signature(t: FuncType): void {
    if (t.typeParams !== null) this.typeParams(t.typeParams);
    this.params(t.params, '(', ')');
    const r = t.results;
    if (r === null) return;
    this.put(' ');
    if (r.list.length === 1 && r.list[0].names.length === 0) this.expr(r.list[0].type);
    else this.params(r, '(', ')');
  }

  private typeParams(list: FieldList): void {
    const only = list.list.length === 1 && list.list[0].names.length === 1;
    this.params(list, '[', only && startsWithStar(list.list[0].type) ? ',]' : ']');
  }

  private params(list: FieldList, open: string, close: string): void {
    const clause = this.clause;
    this.clause = false;
    this.put(open);
    list.list.forEach((f, i) => {
      if (i > 0) this.put(', ');
      this.field(f);
    });
    this.put(close);
    this.clause = clause;
  }

  private field(f: Field): void {
    this.exprs(f.names);
    if (f.names.length > 0) this.put(' ');
    this.expr(f.type);
    if (f.tag !== null) this.put(' ' + f.tag.value);
  }

  // ---- expressions

  private exprs(list: readonly Expr[]): void {
    list.forEach((e, i) => {
      if (i > 0) this.put(', ');
      this.expr(e);
    });
  }

  /** Expressions between brackets, where composite literals are free again. */
  private bracketed(open: string, list: readonly Expr[], close: string): void {
    const clause = this.clause;
    this.clause = false;
    this.put(open);
    this.exprs(list);
    this.put(close);
    this.clause = clause;
  }

  private expr(e: Expr): void {
    switch (e.kind) {
      case Kind.BadExpr: this.put('_'); break;
      case Kind.Ident: this.put(e.name); break;
      case Kind.BasicLit: this.put(e.value); break;
      case Kind.CompositeLit: this.compositeLit(e); break;
      case Kind.FuncLit: this.funcLit(e.type, e.body); break;
      case Kind.ParenExpr: this.bracketed('(', [e.x], ')'); break;
      case Kind.SelectorExpr:
        this.expr(e.x);
        // 1.x would be read as a float and a name
        this.put((e.x.kind === Kind.BasicLit ? ' .' : '.') + e.sel.name);
        break;
      case Kind.IndexExpr:
        this.expr(e.x);
        this.bracketed('[', e.indices, ']');
        break;
      case Kind.SliceExpr:
        this.expr(e.x);
        this.bracketed('[', e.low === null ? [] : [e.low], ':');
        this.bracketed('', e.high === null ? [] : [e.high], e.slice3 ? ':' : ']');
        if (e.slice3) this.bracketed('', e.max === null ? [] : [e.max], ']');
        break;
      case Kind.TypeAssertExpr:
        this.expr(e.x);
        if (e.type === null) this.put('.(type)');
        else this.bracketed('.(', [e.type], ')');
        break;
      case Kind.CallExpr:
        this.expr(e.fun);
        this.bracketed('(', e.args, e.hasDots ? dots(e.args) : ')');
        break;
      case Kind.StarExpr:
        this.put('*');
        this.expr(e.x);
        break;
      case Kind.UnaryExpr: this.unary(e); break;
      case Kind.BinaryExpr: this.binary(e); break;
      case Kind.KeyValueExpr:
        this.expr(e.key);
        this.put(': ');
        this.expr(e.value);
        break;
      default: this.type(e);
    }
  }

  private type(e: Expr): void {
    switch (e.kind) {
      case Kind.Ellipsis:
        this.put('...');
        if (e.elt !== null) this.expr(e.elt);
        break;
      case Kind.ArrayType:
        this.bracketed('[', e.len === null ? [] : [e.len], ']');
        this.expr(e.elt);
        break;
      case Kind.StructType: this.members('struct', e.fields); break;
      case Kind.InterfaceType: this.members('interface', e.methods); break;
      case Kind.FuncType:
        this.put('func');
        this.signature(e);
        break;
      case Kind.MapType:
        this.bracketed('map[', [e.key], ']');
        this.expr(e.value);
        break;
      case Kind.ChanType: {
        this.put(e.dir === ChanDir.Recv ? '<-chan ' : e.dir === ChanDir.Send ? 'chan<- ' : 'chan ');
        const inner = e.dir === ChanDir.Both && e.value.kind === Kind.ChanType && e.value.dir === ChanDir.Recv;
        if (inner) this.bracketed('(', [e.value], ')');
        else this.expr(e.value);
      }
    }
  }

  /** The body of a struct or interface type. */
  private members(word: string, list: FieldList): void {
    this.put(word + ' {'.slice(list.list.length > 0 ? 0 : 1));
    const clause = this.clause;
    this.clause = false;
    this.indent++;
    for (const f of list.list) {
      this.line();
      if (word === 'interface' && f.names.length > 0 && f.type.kind === Kind.FuncType) {
        this.put(f.names[0].name);
        this.signature(f.type);
      } else this.field(f);
    }
    this.indent--;
    if (list.list.length > 0) this.line();
    this.put('}');
    this.clause = clause;
  }

  private unary(e: UnaryExpr): void {
    this.put(tokenText(e.op));
    if (e.op === Token.And && e.x.kind === Kind.CompositeLit && this.clause && needsParens(e.x)) {
      this.bracketed('(', [e.x], ')');
      return;
    }
    if (runsTogether(e)) this.put(' ');
    this.expr(e.x);
  }

  /** Left-deep chains can be long: no recursion to the left. */
  private binary(e: Expr): void {
    const chain: Expr[] = [];
    while (e.kind === Kind.BinaryExpr) {
      chain.push(e);
      e = e.x;
    }
    this.expr(e);
    for (let b = chain.pop(); b !== undefined; b = chain.pop()) {
      if (b.kind !== Kind.BinaryExpr) continue;
      this.put(` ${tokenText(b.op)} `);
      this.expr(b.y);
    }
  }

  private compositeLit(e: CompositeLit): void {
    if (e.type !== null) this.expr(e.type);
    const rows = e.elts.some((x) => x.kind === Kind.KeyValueExpr || x.kind === Kind.CompositeLit);
    if (!rows) return this.bracketed('{', e.elts, '}');
    const clause = this.clause;
    this.clause = false;
    this.put('{');
    this.indent++;
    for (const x of e.elts) {
      this.line();
      this.expr(x);
      this.put(',');
    }
    this.indent--;
    this.line();
    this.put('}');
    this.clause = clause;
  }

  private funcLit(type: FuncType, body: Stmt): void {
    const clause = this.clause;
    this.clause = false;
    this.put('func');
    this.signature(type);
    this.put(' ');
    this.stmt(body);
    this.clause = clause;
  }

  // ---- statements

  private block(list: readonly Stmt[]): void {
    this.put('{');
    this.indent++;
    this.stmts(list);
    this.indent--;
    if (list.length > 0) this.line();
    this.put('}');
  }

  private stmts(list: readonly Stmt[]): void {
    for (const s of list) {
      this.line();
      this.stmt(s);
    }
  }

  private stmt(s: Stmt): void {
    switch (s.kind) {
      case Kind.BadStmt: break;
      case Kind.EmptyStmt: this.put(';'); break;
      case Kind.DeclStmt: this.genDecl(s.decl); break;
      case Kind.LabeledStmt:
        this.put(s.label.name + ':');
        if (s.stmt.kind === Kind.EmptyStmt && s.stmt.implicit) break;
        this.line();
        this.stmt(s.stmt);
        break;
      case Kind.GoStmt: case Kind.DeferStmt:
        this.put(s.kind === Kind.GoStmt ? 'go ' : 'defer ');
        this.expr(s.call);
        break;
      case Kind.ReturnStmt:
        this.put(s.results.length > 0 ? 'return ' : 'return');
        this.exprs(s.results);
        break;
      case Kind.BranchStmt: this.put(tokenText(s.tok) + (s.label !== null ? ' ' + s.label.name : '')); break;
      case Kind.BlockStmt: this.block(s.list); break;
      case Kind.IfStmt: this.ifStmt(s); break;
      case Kind.SwitchStmt:
        this.header('switch ', s.init, s.tag);
        this.clauses(s.clauses);
        break;
      case Kind.TypeSwitchStmt:
        this.header('switch ', s.init, null);
        if (s.bind !== null) this.put(s.bind.name + ' := ');
        this.inClause(() => this.expr(s.x));
        this.put('.(type) ');
        this.clauses(s.clauses);
        break;
      case Kind.SelectStmt:
        this.put('select ');
        this.clauses(s.clauses);
        break;
      case Kind.ForStmt: this.forStmt(s.init, s.cond, s.post, s.body); break;
      case Kind.RangeStmt: this.rangeStmt(s); break;
      default: this.simple(s);
    }
  }

  private simple(s: Stmt): void {
    switch (s.kind) {
      case Kind.ExprStmt: this.expr(s.x); break;
      case Kind.SendStmt:
        this.expr(s.chan);
        this.put(' <- ');
        this.expr(s.value);
        break;
      case Kind.IncDecStmt:
        this.expr(s.x);
        this.put(tokenText(s.tok));
        break;
      case Kind.AssignStmt:
        this.exprs(s.lhs);
        this.put(s.tok === Token.AssignOp ? ` ${tokenText(s.op)}= ` : ` ${tokenText(s.tok)} `);
        this.exprs(s.rhs);
        break;
    }
  }

  private inClause(f: () => void): void {
    const clause = this.clause;
    this.clause = true;
    f();
    this.clause = clause;
  }

  /** "word init; x ", each part if it is there. */
  private header(word: string, init: Stmt | null, x: Expr | null): void {
    this.put(word);
    this.inClause(() => {
      if (init !== null) {
        this.simple(init);
        this.put('; ');
      }
      if (x !== null) {
        this.expr(x);
        this.put(' ');
      }
    });
  }

  private ifStmt(s: IfStmt): void {
    this.header('if ', s.init, s.cond);
    this.block(s.body.list);
    if (s.else === null) return;
    this.put(' else ');
    this.stmt(s.else);
  }

  private forStmt(init: Stmt | null, cond: Expr | null, post: Stmt | null, body: Stmt): void {
    if (init === null && post === null) this.header('for ', null, cond);
    else {
      this.put('for ');
      this.inClause(() => {
        if (init !== null) this.simple(init);
        this.put('; ');
        if (cond !== null) this.expr(cond);
        this.put('; ');
        if (post !== null) this.simple(post);
      });
      this.put(' ');
    }
    this.stmt(body);
  }

  private rangeStmt(s: RangeStmt): void {
    this.put('for ');
    this.inClause(() => {
      const vars = [s.key, s.value, ...s.extra].filter((e) => e !== null);
      this.exprs(vars);
      if (vars.length > 0) this.put(` ${tokenText(s.tok)} `);
      this.put('range ');
      this.expr(s.x);
    });
    this.put(' ');
    this.stmt(s.body);
  }

  private clauses(list: readonly (CaseClause | CommClause)[]): void {
    this.put('{');
    for (const c of list) {
      this.line();
      if (c.kind === Kind.CaseClause) this.caseClause(c);
      else this.commClause(c);
    }
    if (list.length > 0) this.line();
    this.put('}');
  }

  private caseClause(c: CaseClause): void {
    if (c.isDefault) this.put('default:');
    else {
      this.put('case ');
      this.exprs(c.list);
      this.put(':');
    }
    this.clauseBody(c.body);
  }

  private commClause(c: CommClause): void {
    this.put(c.comm === null ? 'default:' : 'case ');
    if (c.comm !== null) {
      this.simple(c.comm);
      this.put(':');
    }
    this.clauseBody(c.body);
  }

  private clauseBody(body: readonly Stmt[]): void {
    this.indent++;
    this.stmts(body);
    this.indent--;
  }
}

/** Tells whether a constraint starts with a *, which the parser takes for a multiplication at first. */
function startsWithStar(t: Expr): boolean {
  while (t.kind === Kind.BinaryExpr) t = t.x;
  return t.kind === Kind.StarExpr;
}

/** Tells whether the { of a literal would be taken for a block in a control clause. */
function needsParens(x: CompositeLit): boolean {
  const t = x.type;
  return t !== null && (t.kind === Kind.Ident || t.kind === Kind.SelectorExpr || t.kind === Kind.IndexExpr);
}

/** Tells whether operator and operand would be read as one longer operator: - -x, & &x, & ^x. */
function runsTogether(e: UnaryExpr): boolean {
  const x = e.x;
  if (x.kind !== Kind.UnaryExpr) return false;
  return (e.op === x.op && (e.op === Token.Add || e.op === Token.Sub || e.op === Token.And)) || (e.op === Token.And && x.op === Token.Xor);
}

/** The end of a variadic call; 1... would be read as "1." and "..". */
function dots(args: readonly Expr[]): string {
  return args.length > 0 && args[args.length - 1].kind === Kind.BasicLit ? ' ...)' : '...)';
}

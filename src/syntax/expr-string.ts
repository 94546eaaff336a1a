// exprString: an expression on one line as gc shows it in messages: function and literal bodies are shortened to "…".
// The parser needs it for its own messages, the checker for nearly all of its.

import { ChanDir, Kind } from './ast.ts';
import type { Expr, Field, FieldList, FuncType, Stmt } from './ast.ts';
import { Token, tokenText } from './token.ts';

/** An expression or type in gc's short form, such as `func(x int) {…}` or `T{…}`. */
export function exprString(e: Expr): string {
  switch (e.kind) {
    case Kind.BadExpr: return '<bad expr>';
    case Kind.Ident: return e.name;
    case Kind.BasicLit: return e.value;
    case Kind.CompositeLit: return (e.type === null ? '' : exprString(e.type)) + (e.elts.length > 0 ? '{…}' : '{}');
    case Kind.FuncLit: return exprString(e.type) + (e.body.list.length > 0 ? ' {…}' : ' {}');
    case Kind.ParenExpr: return `(${exprString(e.x)})`;
    case Kind.SelectorExpr: return `${exprString(e.x)}.${e.sel.name}`;
    case Kind.IndexExpr: return `${exprString(e.x)}[${exprListString(e.indices)}]`;
    case Kind.SliceExpr: return `${exprString(e.x)}[${optional(e.low)}:${optional(e.high)}${e.max !== null ? ':' + exprString(e.max) : ''}]`;
    case Kind.TypeAssertExpr: return `${exprString(e.x)}.(${e.type === null ? 'type' : exprString(e.type)})`;
    case Kind.CallExpr: return `${exprString(e.fun)}(${exprListString(e.args)}${e.hasDots ? '...' : ''})`;
    case Kind.StarExpr: return '*' + exprString(e.x);
    case Kind.UnaryExpr: return tokenText(e.op) + exprString(e.x);
    case Kind.BinaryExpr: return binaryString(e.x, e.op, e.y);
    case Kind.KeyValueExpr: return `${exprString(e.key)}: ${exprString(e.value)}`;
    case Kind.Ellipsis: return '...' + optional(e.elt);
    case Kind.ArrayType: return `[${optional(e.len)}]${exprString(e.elt)}`;
    case Kind.StructType: return `struct{${e.fields.list.map(fieldString).join('; ')}}`;
    case Kind.FuncType: return 'func' + signatureString(e);
    case Kind.InterfaceType: return `interface{${e.methods.list.map(methodString).join('; ')}}`;
    case Kind.MapType: return `map[${exprString(e.key)}]${exprString(e.value)}`;
    case Kind.ChanType: return chanString(e.dir, e.value);
  }
}

/** Expressions separated by ", ". */
export function exprListString(list: readonly Expr[]): string {
  return list.map(exprString).join(', ');
}

function optional(e: Expr | null): string {
  return e === null ? '' : exprString(e);
}

/** Left-deep chains (a + b + c ...) can be long: walk them in a loop. */
function binaryString(x: Expr, op: Token, y: Expr): string {
  const tail = [` ${tokenText(op)} ${exprString(y)}`];
  while (x.kind === Kind.BinaryExpr) {
    tail.push(` ${tokenText(x.op)} ${exprString(x.y)}`);
    x = x.x;
  }
  return exprString(x) + tail.reverse().join('');
}

function chanString(dir: ChanDir, value: Expr): string {
  const elem = exprString(value);
  if (dir === ChanDir.Recv) return '<-chan ' + elem;
  if (dir === ChanDir.Send) return 'chan<- ' + elem;
  return value.kind === Kind.ChanType && value.dir === ChanDir.Recv ? `chan (${elem})` : 'chan ' + elem;
}

function fieldString(f: Field): string {
  const names = f.names.map((n) => n.name).join(', ');
  return (names === '' ? '' : names + ' ') + exprString(f.type) + (f.tag !== null ? ' ' + f.tag.value : '');
}

function methodString(f: Field): string {
  if (f.names.length > 0 && f.type.kind === Kind.FuncType) return f.names[0].name + signatureString(f.type);
  return exprString(f.type);
}

/** The parameters and results of a function type. */
export function signatureString(t: FuncType): string {
  const params = fieldListString(t.params);
  const results = t.results;
  if (results === null || results.list.length === 0) return params;
  const only = results.list.length === 1 && results.list[0].names.length === 0;
  return `${params} ${only ? exprString(results.list[0].type) : fieldListString(results)}`;
}

function fieldListString(list: FieldList): string {
  return `(${list.list.map(fieldString).join(', ')})`;
}

/** A simple statement in gc's short form; other statements are shown by their keyword only. */
export function simpleStmtString(s: Stmt): string {
  switch (s.kind) {
    case Kind.ExprStmt: return exprString(s.x);
    case Kind.SendStmt: return `${exprString(s.chan)} <- ${exprString(s.value)}`;
    case Kind.IncDecStmt: return exprString(s.x) + tokenText(s.tok);
    case Kind.AssignStmt: {
      const op = s.tok === Token.AssignOp ? tokenText(s.op) + '=' : tokenText(s.tok);
      return `${exprListString(s.lhs)} ${op} ${exprListString(s.rhs)}`;
    }
    default: return '';
  }
}

// Positions derived from nodes: where gc says a node is (its own convention: a binary expression is at its operator, a
// call at its parenthesis), and where a node ends.

import type { Pos } from '../base/pos.ts';
import { Kind } from './ast.ts';
import type { Expr, Field, FieldList, Stmt } from './ast.ts';
import { utf8Length } from './text.ts';

/** Where gc says an expression starts: its first byte, but for a function type the byte after "func", for a slice its bracket. */
export function startPos(e: Expr): Pos {
  for (;;) {
    switch (e.kind) {
      case Kind.FuncType: return gcPos(e);
      case Kind.SliceExpr: return e.lbrack;
      case Kind.SelectorExpr: case Kind.IndexExpr: case Kind.TypeAssertExpr: case Kind.BinaryExpr:
        e = e.x;
        break;
      case Kind.CallExpr: e = e.fun; break;
      case Kind.KeyValueExpr: e = e.key; break;
      case Kind.CompositeLit:
        if (e.type === null) return e.pos;
        e = e.type;
        break;
      default: return e.pos;
    }
  }
}

/** The position that gc gives a node in messages that don't ask for its start, and for line numbers of run-time panics. */
export function gcPos(n: Expr | Stmt): Pos {
  switch (n.kind) {
    case Kind.SelectorExpr:
    case Kind.TypeAssertExpr: return n.dot;
    case Kind.IndexExpr:
    case Kind.SliceExpr: return n.lbrack;
    case Kind.CallExpr: return n.lparen;
    case Kind.CompositeLit: return n.lbrace;
    case Kind.FuncType: return (n.typeParams ?? n.params).opening;
    case Kind.BinaryExpr: return n.opPos;
    case Kind.KeyValueExpr: return n.colon;
    case Kind.AssignStmt:
    case Kind.IncDecStmt: return n.tokPos;
    case Kind.SendStmt: return n.arrow;
    case Kind.LabeledStmt: return n.colon;
    case Kind.ExprStmt: return gcPos(n.x);
    default: return n.pos;
  }
}

function listEnd(list: FieldList): Pos {
  if (list.closing !== 0) return list.closing + 1;
  const n = list.list.length;
  return n > 0 ? fieldEnd(list.list[n - 1]) : list.pos;
}

function fieldEnd(f: Field): Pos {
  return f.tag !== null ? f.tag.end : endPos(f.type);
}

/** The position just past an expression's last byte. */
export function endPos(e: Expr): Pos {
  switch (e.kind) {
    case Kind.BadExpr:
    case Kind.BasicLit: return e.end;
    case Kind.Ident: return e.pos + utf8Length(e.name);
    case Kind.CompositeLit: return e.rbrace + 1;
    case Kind.FuncLit: return e.body.rbrace + 1;
    case Kind.ParenExpr:
    case Kind.TypeAssertExpr:
    case Kind.CallExpr: return e.rparen + 1;
    case Kind.SelectorExpr: return endPos(e.sel);
    case Kind.IndexExpr:
    case Kind.SliceExpr: return e.rbrack + 1;
    case Kind.StarExpr:
    case Kind.UnaryExpr: return endPos(e.x);
    case Kind.BinaryExpr: return endPos(e.y);
    case Kind.KeyValueExpr: return endPos(e.value);
    case Kind.Ellipsis: return e.elt !== null ? endPos(e.elt) : e.pos + 3;
    case Kind.ArrayType: return endPos(e.elt);
    case Kind.StructType: return listEnd(e.fields);
    case Kind.InterfaceType: return listEnd(e.methods);
    case Kind.FuncType: return listEnd(e.results ?? e.params);
    case Kind.MapType:
    case Kind.ChanType: return endPos(e.value);
  }
}

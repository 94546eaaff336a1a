// Source text of expressions, as names of what is allocated (`-m` reports).

import { Kind, type Expr } from '../syntax/ast.ts';
import type { FuncBuilder } from './builder.ts';

/** The text of an expression, without line breaks; short forms for literals. */
export function sourceText(f: FuncBuilder, e: Expr): string {
  switch (e.kind) {
    case Kind.Ident: return e.name;
    case Kind.BasicLit: return e.value;
    case Kind.FuncLit: return 'func literal';
    case Kind.CompositeLit: return `${e.type === null ? '' : slice(f, e.type.pos, e.lbrace)}{...}`;
    case Kind.CallExpr: return slice(f, e.pos, e.rparen + 1);
    case Kind.SelectorExpr: return slice(f, e.pos, e.sel.pos + e.sel.name.length);
    case Kind.UnaryExpr: return `&${sourceText(f, e.x)}`;
    case Kind.IndexExpr: return slice(f, e.pos, e.rbrack + 1);
    case Kind.ParenExpr: return sourceText(f, e.x);
    case Kind.StarExpr: return `*${sourceText(f, e.x)}`;
    case Kind.BinaryExpr: return `${sourceText(f, e.x)} … ${sourceText(f, e.y)}`;
    default: return '';
  }
}

function slice(f: FuncBuilder, from: number, to: number): string {
  const file = f.ctx.fset.file(from);
  if (file === null || to - from > 200) return '';
  const text = file.text(from, to).trim();
  return text.includes('\n') ? text.split(/\s*\n\s*/).join(' ') : text;
}

// Every expression of a file in the oracle's form: "start pos kind text", with gc's names for kinds.

import { readFileSync } from 'node:fs';
import { DiagnosticList } from '../../src/base/diagnostic.ts';
import type { Pos } from '../../src/base/pos.ts';
import { FileSet } from '../../src/source/fileset.ts';
import { Kind } from '../../src/syntax/ast.ts';
import type { Expr, Node } from '../../src/syntax/ast.ts';
import { Code } from '../../src/syntax/codes.ts';
import { exprString } from '../../src/syntax/expr-string.ts';
import { parseFile } from '../../src/syntax/parser.ts';
import { gcPos, startPos } from '../../src/syntax/positions.ts';
import { walk } from '../../src/syntax/walk.ts';

const names: Partial<Record<Kind, string>> = {
  [Kind.BadExpr]: 'BadExpr',
  [Kind.Ident]: 'Name',
  [Kind.BasicLit]: 'BasicLit',
  [Kind.CompositeLit]: 'CompositeLit',
  [Kind.FuncLit]: 'FuncLit',
  [Kind.ParenExpr]: 'ParenExpr',
  [Kind.SelectorExpr]: 'SelectorExpr',
  [Kind.IndexExpr]: 'IndexExpr',
  [Kind.SliceExpr]: 'SliceExpr',
  [Kind.TypeAssertExpr]: 'AssertExpr',
  [Kind.CallExpr]: 'CallExpr',
  [Kind.StarExpr]: 'Operation',
  [Kind.UnaryExpr]: 'Operation',
  [Kind.BinaryExpr]: 'Operation',
  [Kind.ArrayType]: 'ArrayType',
  [Kind.StructType]: 'StructType',
  [Kind.FuncType]: 'FuncType',
  [Kind.InterfaceType]: 'InterfaceType',
  [Kind.MapType]: 'MapType',
  [Kind.ChanType]: 'ChanType',
};

function kindName(e: Expr): string | undefined {
  if (e.kind === Kind.ArrayType && e.len === null) return 'SliceType';
  if (e.kind === Kind.TypeAssertExpr && e.type === null) return undefined;
  return names[e.kind];
}

/** The lines of a file that parses; none for one that doesn't. */
export function expressionLines(path: string): string[] {
  const fset = new FileSet();
  const list = new DiagnosticList();
  const file = parseFile(fset, path, readFileSync(path), list);
  if (list.items.some((d) => d.code !== Code.directive)) return [];
  const out: string[] = [];
  const at = (pos: Pos): string => {
    const p = fset.physical(pos);
    return `${p?.line}:${p?.column}`;
  };
  walk(file, (n: Node) => {
    if (n.kind > Kind.ChanType) return;
    const e = n as Expr;
    const kind = kindName(e);
    if (kind === undefined) return;
    out.push(`${at(startPos(e))} ${at(gcPos(e))} ${kind} ${exprString(e).replaceAll('\n', '\\n')}`);
  });
  return out;
}

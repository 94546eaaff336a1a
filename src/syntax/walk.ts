// forEachChild: the one place that knows the children of each node, for passes that want to look at a whole tree.

import { Kind } from './ast.ts';
import type { Node } from './ast.ts';

type Visit = (n: Node) => void;

function each(list: readonly Node[], f: Visit): void {
  for (const n of list) f(n);
}

function opt(n: Node | null, f: Visit): void {
  if (n !== null) f(n);
}

/** Calls f for each direct child of n, in source order. */
export function forEachChild(n: Node, f: Visit): void {
  switch (n.kind) {
    case Kind.BadExpr: case Kind.Ident: case Kind.BasicLit: case Kind.BadStmt: case Kind.EmptyStmt: break;
    case Kind.CompositeLit: opt(n.type, f); each(n.elts, f); break;
    case Kind.FuncLit: f(n.type); f(n.body); break;
    case Kind.ParenExpr: case Kind.StarExpr: case Kind.UnaryExpr: case Kind.ExprStmt: case Kind.IncDecStmt: f(n.x); break;
    case Kind.SelectorExpr: f(n.x); f(n.sel); break;
    case Kind.IndexExpr: f(n.x); each(n.indices, f); break;
    case Kind.SliceExpr: f(n.x); opt(n.low, f); opt(n.high, f); opt(n.max, f); break;
    case Kind.TypeAssertExpr: f(n.x); opt(n.type, f); break;
    case Kind.CallExpr: f(n.fun); each(n.args, f); break;
    case Kind.BinaryExpr: f(n.x); f(n.y); break;
    case Kind.KeyValueExpr: f(n.key); f(n.value); break;
    case Kind.Ellipsis: opt(n.elt, f); break;
    case Kind.ArrayType: opt(n.len, f); f(n.elt); break;
    case Kind.StructType: f(n.fields); break;
    case Kind.FuncType: opt(n.typeParams, f); f(n.params); opt(n.results, f); break;
    case Kind.InterfaceType: f(n.methods); break;
    case Kind.MapType: f(n.key); f(n.value); break;
    case Kind.ChanType: f(n.value); break;
    case Kind.DeclStmt: f(n.decl); break;
    case Kind.LabeledStmt: f(n.label); f(n.stmt); break;
    case Kind.SendStmt: f(n.chan); f(n.value); break;
    case Kind.AssignStmt: each(n.lhs, f); each(n.rhs, f); break;
    case Kind.GoStmt: case Kind.DeferStmt: f(n.call); break;
    case Kind.ReturnStmt: each(n.results, f); break;
    case Kind.BranchStmt: opt(n.label, f); break;
    case Kind.BlockStmt: each(n.list, f); break;
    case Kind.IfStmt: opt(n.init, f); f(n.cond); f(n.body); opt(n.else, f); break;
    case Kind.SwitchStmt: opt(n.init, f); opt(n.tag, f); each(n.clauses, f); break;
    case Kind.TypeSwitchStmt: opt(n.init, f); opt(n.bind, f); f(n.x); each(n.clauses, f); break;
    case Kind.SelectStmt: each(n.clauses, f); break;
    case Kind.ForStmt: opt(n.init, f); opt(n.cond, f); opt(n.post, f); f(n.body); break;
    case Kind.RangeStmt: opt(n.key, f); opt(n.value, f); each(n.extra, f); f(n.x); f(n.body); break;
    case Kind.CaseClause: each(n.list, f); each(n.body, f); break;
    case Kind.CommClause: opt(n.comm, f); each(n.body, f); break;
    case Kind.GenDecl: each(n.specs, f); break;
    case Kind.FuncDecl: opt(n.recv, f); f(n.name); f(n.type); opt(n.body, f); break;
    case Kind.ImportSpec: opt(n.name, f); f(n.path); break;
    case Kind.ValueSpec: each(n.names, f); opt(n.type, f); each(n.values, f); break;
    case Kind.TypeSpec: f(n.name); opt(n.typeParams, f); f(n.type); break;
    case Kind.Field: each(n.names, f); f(n.type); opt(n.tag, f); break;
    case Kind.FieldList: each(n.list, f); break;
    case Kind.File: f(n.name); each(n.decls, f); break;
  }
}

/** Calls f for n and all nodes below it, parents first; f returns false to leave a node's children out. Uses no recursion. */
export function walk(n: Node, f: (n: Node) => boolean | void): void {
  const stack: Node[] = [n];
  const children: Node[] = [];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (f(top) === false) continue;
    forEachChild(top, (c) => children.push(c));
    while (children.length > 0) stack.push(children.pop() as Node);
  }
}

// Constructors of AST nodes, one per kind: each sets all fields in one literal, so a kind has a single hidden class.
// The parser is the main caller; the argument order is the field order in ast.ts.

import type { Pos } from '../base/pos.ts';
import { Kind } from './ast.ts';
import type {
  ArrayType, AssignStmt, BadExpr, BadStmt, BasicLit, BinaryExpr, BlockStmt, BranchStmt, CallExpr, CaseClause, ChanType,
  CommClause, CompositeLit, DeclStmt, DeferStmt, Ellipsis, EmptyStmt, ExprStmt, Field, FieldList, ForStmt, FuncDecl,
  FuncLit, FuncType, GenDecl, GoStmt, Ident, IfStmt, ImportSpec, IncDecStmt, IndexExpr, InterfaceType, KeyValueExpr,
  LabeledStmt, MapType, ParenExpr, RangeStmt, ReturnStmt, SelectStmt, SelectorExpr, SendStmt, SliceExpr, StarExpr,
  StructType, SwitchStmt, TypeAssertExpr, TypeSpec, TypeSwitchStmt, UnaryExpr, ValueSpec, ChanDir, Expr, Stmt, Spec,
} from './ast.ts';
import type { Pragma } from './pragma.ts';
import type { Token } from './token.ts';

export function badExpr(pos: Pos, id: number, end: Pos): BadExpr {
  return { kind: Kind.BadExpr, pos, id, end };
}

export function ident(pos: Pos, id: number, name: string): Ident {
  return { kind: Kind.Ident, pos, id, name };
}

export function basicLit(pos: Pos, id: number, tok: Token, value: string, end: Pos, bad: boolean): BasicLit {
  return { kind: Kind.BasicLit, pos, id, tok, value, end, bad };
}

export function compositeLit(pos: Pos, id: number, type: Expr | null, lbrace: Pos, elts: Expr[], rbrace: Pos): CompositeLit {
  return { kind: Kind.CompositeLit, pos, id, type, lbrace, elts, rbrace };
}

export function funcLit(pos: Pos, id: number, type: FuncType, body: BlockStmt): FuncLit {
  return { kind: Kind.FuncLit, pos, id, type, body };
}

export function parenExpr(pos: Pos, id: number, x: Expr, rparen: Pos): ParenExpr {
  return { kind: Kind.ParenExpr, pos, id, x, rparen };
}

export function selectorExpr(pos: Pos, id: number, x: Expr, dot: Pos, sel: Ident): SelectorExpr {
  return { kind: Kind.SelectorExpr, pos, id, x, dot, sel };
}

export function indexExpr(pos: Pos, id: number, x: Expr, lbrack: Pos, indices: Expr[], rbrack: Pos): IndexExpr {
  return { kind: Kind.IndexExpr, pos, id, x, lbrack, indices, rbrack };
}

export function sliceExpr(pos: Pos, id: number, x: Expr, lbrack: Pos, low: Expr | null, high: Expr | null, max: Expr | null, slice3: boolean, rbrack: Pos): SliceExpr {
  return { kind: Kind.SliceExpr, pos, id, x, lbrack, low, high, max, slice3, rbrack };
}

export function typeAssertExpr(pos: Pos, id: number, x: Expr, dot: Pos, lparen: Pos, type: Expr | null, rparen: Pos): TypeAssertExpr {
  return { kind: Kind.TypeAssertExpr, pos, id, x, dot, lparen, type, rparen };
}

export function callExpr(pos: Pos, id: number, fun: Expr, lparen: Pos, args: Expr[], hasDots: boolean, ellipsis: Pos, rparen: Pos): CallExpr {
  return { kind: Kind.CallExpr, pos, id, fun, lparen, args, hasDots, ellipsis, rparen };
}

export function starExpr(pos: Pos, id: number, x: Expr): StarExpr {
  return { kind: Kind.StarExpr, pos, id, x };
}

export function unaryExpr(pos: Pos, id: number, op: Token, x: Expr): UnaryExpr {
  return { kind: Kind.UnaryExpr, pos, id, op, x };
}

export function binaryExpr(pos: Pos, id: number, x: Expr, opPos: Pos, op: Token, y: Expr): BinaryExpr {
  return { kind: Kind.BinaryExpr, pos, id, x, opPos, op, y };
}

export function keyValueExpr(pos: Pos, id: number, key: Expr, colon: Pos, value: Expr): KeyValueExpr {
  return { kind: Kind.KeyValueExpr, pos, id, key, colon, value };
}

export function ellipsis(pos: Pos, id: number, elt: Expr | null): Ellipsis {
  return { kind: Kind.Ellipsis, pos, id, elt };
}

export function arrayType(pos: Pos, id: number, len: Expr | null, elt: Expr): ArrayType {
  return { kind: Kind.ArrayType, pos, id, len, elt };
}

export function structType(pos: Pos, id: number, fields: FieldList): StructType {
  return { kind: Kind.StructType, pos, id, fields };
}

export function funcType(pos: Pos, id: number, typeParams: FieldList | null, params: FieldList, results: FieldList | null): FuncType {
  return { kind: Kind.FuncType, pos, id, typeParams, params, results };
}

export function interfaceType(pos: Pos, id: number, methods: FieldList): InterfaceType {
  return { kind: Kind.InterfaceType, pos, id, methods };
}

export function mapType(pos: Pos, id: number, key: Expr, value: Expr): MapType {
  return { kind: Kind.MapType, pos, id, key, value };
}

export function chanType(pos: Pos, id: number, dir: ChanDir, arrow: Pos, value: Expr): ChanType {
  return { kind: Kind.ChanType, pos, id, dir, arrow, value };
}

export function field(pos: Pos, names: Ident[], type: Expr, tag: BasicLit | null): Field {
  return { kind: Kind.Field, pos, names, type, tag };
}

export function fieldList(pos: Pos, opening: Pos, list: Field[], closing: Pos): FieldList {
  return { kind: Kind.FieldList, pos, opening, list, closing };
}

export function badStmt(pos: Pos, end: Pos): BadStmt {
  return { kind: Kind.BadStmt, pos, end };
}

export function emptyStmt(pos: Pos, implicit: boolean): EmptyStmt {
  return { kind: Kind.EmptyStmt, pos, implicit };
}

export function declStmt(pos: Pos, decl: GenDecl): DeclStmt {
  return { kind: Kind.DeclStmt, pos, decl };
}

export function labeledStmt(pos: Pos, label: Ident, colon: Pos, stmt: Stmt): LabeledStmt {
  return { kind: Kind.LabeledStmt, pos, label, colon, stmt };
}

export function exprStmt(pos: Pos, x: Expr): ExprStmt {
  return { kind: Kind.ExprStmt, pos, x };
}

export function sendStmt(pos: Pos, chan: Expr, arrow: Pos, value: Expr): SendStmt {
  return { kind: Kind.SendStmt, pos, chan, arrow, value };
}

export function incDecStmt(pos: Pos, x: Expr, tok: Token, tokPos: Pos): IncDecStmt {
  return { kind: Kind.IncDecStmt, pos, x, tok, tokPos };
}

export function assignStmt(pos: Pos, lhs: Expr[], tokPos: Pos, tok: Token, op: Token, rhs: Expr[]): AssignStmt {
  return { kind: Kind.AssignStmt, pos, lhs, tokPos, tok, op, rhs };
}

export function goStmt(pos: Pos, call: Expr): GoStmt {
  return { kind: Kind.GoStmt, pos, call };
}

export function deferStmt(pos: Pos, call: Expr): DeferStmt {
  return { kind: Kind.DeferStmt, pos, call };
}

export function returnStmt(pos: Pos, results: Expr[]): ReturnStmt {
  return { kind: Kind.ReturnStmt, pos, results };
}

export function branchStmt(pos: Pos, tok: Token, label: Ident | null, target: Stmt | null): BranchStmt {
  return { kind: Kind.BranchStmt, pos, tok, label, target };
}

export function blockStmt(pos: Pos, list: Stmt[], rbrace: Pos): BlockStmt {
  return { kind: Kind.BlockStmt, pos, list, rbrace };
}

export function ifStmt(pos: Pos, init: Stmt | null, cond: Expr, body: BlockStmt, alt: IfStmt | BlockStmt | null): IfStmt {
  return { kind: Kind.IfStmt, pos, init, cond, body, else: alt };
}

export function switchStmt(pos: Pos, init: Stmt | null, tag: Expr | null, lbrace: Pos, clauses: CaseClause[], rbrace: Pos): SwitchStmt {
  return { kind: Kind.SwitchStmt, pos, init, tag, lbrace, clauses, rbrace };
}

export function typeSwitchStmt(pos: Pos, init: Stmt | null, bind: Ident | null, x: Expr, guardPos: Pos, lbrace: Pos, clauses: CaseClause[], rbrace: Pos): TypeSwitchStmt {
  return { kind: Kind.TypeSwitchStmt, pos, init, bind, x, guardPos, lbrace, clauses, rbrace };
}

export function selectStmt(pos: Pos, lbrace: Pos, clauses: CommClause[], rbrace: Pos): SelectStmt {
  return { kind: Kind.SelectStmt, pos, lbrace, clauses, rbrace };
}

export function forStmt(pos: Pos, init: Stmt | null, cond: Expr | null, post: Stmt | null, body: BlockStmt): ForStmt {
  return { kind: Kind.ForStmt, pos, init, cond, post, body };
}

export function rangeStmt(pos: Pos, key: Expr | null, value: Expr | null, extra: Expr[], tokPos: Pos, tok: Token, rangePos: Pos, x: Expr, body: BlockStmt): RangeStmt {
  return { kind: Kind.RangeStmt, pos, key, value, extra, tokPos, tok, rangePos, x, body };
}

export function caseClause(pos: Pos, isDefault: boolean, list: Expr[], colon: Pos, body: Stmt[]): CaseClause {
  return { kind: Kind.CaseClause, pos, isDefault, list, colon, body };
}

export function commClause(pos: Pos, comm: Stmt | null, colon: Pos, body: Stmt[]): CommClause {
  return { kind: Kind.CommClause, pos, comm, colon, body };
}

export function genDecl(pos: Pos, tok: Token, lparen: Pos, specs: Spec[], rparen: Pos, doc: Pos, pragmas: readonly Pragma[]): GenDecl {
  return { kind: Kind.GenDecl, pos, tok, lparen, specs, rparen, doc, pragmas };
}

export function funcDecl(pos: Pos, recv: FieldList | null, name: Ident, type: FuncType, body: BlockStmt | null, end: Pos, doc: Pos, pragmas: readonly Pragma[]): FuncDecl {
  return { kind: Kind.FuncDecl, pos, recv, name, type, body, end, doc, pragmas };
}

/** Declarations whose bodies are still to be parsed. */
const unparsed = new WeakSet<FuncDecl>();

/** Makes a property of a node one that is parsed when it is first read. */
function parseLate<N extends object, K extends keyof N>(node: N, key: K, parse: () => N[K]): N {
  return Object.defineProperty(node, key, {
    enumerable: true, configurable: true,
    get: () => {
      const value = parse();
      Object.defineProperty(node, key, { value, writable: true, enumerable: true, configurable: true });
      return value;
    },
  });
}

/** The declaration with a body that is parsed when first asked for. */
export function lazyFuncDecl(d: FuncDecl, parse: () => BlockStmt): FuncDecl {
  unparsed.add(d);
  return parseLate(d, 'body', () => {
    const body = parse();
    unparsed.delete(d);
    return body;
  });
}

/** The literal with elements that are parsed when first asked for. */
export function lazyCompositeLit(e: CompositeLit, parse: () => Expr[]): CompositeLit { return parseLate(e, 'elts', parse); }

/** Whether a function has a body, without parsing it. */
export function hasBody(d: FuncDecl): boolean { return unparsed.has(d) || d.body !== null; }

export function importSpec(pos: Pos, name: Ident | null, path: BasicLit, doc: Pos, pragmas: readonly Pragma[]): ImportSpec {
  return { kind: Kind.ImportSpec, pos, name, path, doc, pragmas };
}

export function valueSpec(pos: Pos, names: Ident[], type: Expr | null, values: Expr[], iota: number, doc: Pos, pragmas: readonly Pragma[]): ValueSpec {
  return { kind: Kind.ValueSpec, pos, names, type, values, iota, doc, pragmas };
}

export function typeSpec(pos: Pos, name: Ident, typeParams: FieldList | null, alias: boolean, assign: Pos, type: Expr, doc: Pos, pragmas: readonly Pragma[]): TypeSpec {
  return { kind: Kind.TypeSpec, pos, name, typeParams, alias, assign, type, doc, pragmas };
}

// The AST of Go 1.26, with go/ast's node names. Discriminated unions by a numeric `kind`; every node is made by one
// constructor function that sets all its fields, so each kind has one hidden class.
//
// Invariants: `pos` is the position of a node's first byte (as go/ast's Pos()); other positions a message may need are
// stored beside it (opPos, lparen, ...), 0 where absent. Every Expr has an `id`, dense over all files of one FileSet
// (File.idLo <= id < File.idHi), so that facts about expressions live in arrays. The parser shares no node between parents.

import type { Pos } from '../base/pos.ts';
import type { SourceFile } from '../source/fileset.ts';
import type { Pragma } from './pragma.ts';
import type { Token } from './token.ts';

export const Kind = {
  // expressions and types
  BadExpr: 1, Ident: 2, BasicLit: 3, CompositeLit: 4, FuncLit: 5, ParenExpr: 6, SelectorExpr: 7, IndexExpr: 8, SliceExpr: 9,
  TypeAssertExpr: 10, CallExpr: 11, StarExpr: 12, UnaryExpr: 13, BinaryExpr: 14, KeyValueExpr: 15, Ellipsis: 16,
  ArrayType: 17, StructType: 18, FuncType: 19, InterfaceType: 20, MapType: 21, ChanType: 22,
  // statements
  BadStmt: 23, EmptyStmt: 24, DeclStmt: 25, LabeledStmt: 26, ExprStmt: 27, SendStmt: 28, IncDecStmt: 29, AssignStmt: 30,
  GoStmt: 31, DeferStmt: 32, ReturnStmt: 33, BranchStmt: 34, BlockStmt: 35, IfStmt: 36, SwitchStmt: 37, TypeSwitchStmt: 38,
  SelectStmt: 39, ForStmt: 40, RangeStmt: 41,
  // clauses, declarations, the rest
  CaseClause: 42, CommClause: 43, GenDecl: 44, FuncDecl: 45, ImportSpec: 46, ValueSpec: 47, TypeSpec: 48,
  Field: 49, FieldList: 50, File: 51,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

type K = typeof Kind;

// ---- expressions

/** A part of the text that could not be parsed as an expression; an error was reported. */
export interface BadExpr { readonly kind: K['BadExpr']; pos: Pos; id: number; end: Pos }
export interface Ident { readonly kind: K['Ident']; pos: Pos; id: number; name: string }
/** A literal; `value` is its source text, quotes and all (see literal.ts). `tok` is Int, Float, Imag, Char or String. */
export interface BasicLit { readonly kind: K['BasicLit']; pos: Pos; id: number; tok: Token; value: string; end: Pos; /** its text was malformed; an error was reported */ bad: boolean }
export interface CompositeLit { readonly kind: K['CompositeLit']; pos: Pos; id: number; type: Expr | null; lbrace: Pos; elts: Expr[]; rbrace: Pos }
export interface FuncLit { readonly kind: K['FuncLit']; pos: Pos; id: number; type: FuncType; body: BlockStmt }
export interface ParenExpr { readonly kind: K['ParenExpr']; pos: Pos; id: number; x: Expr; rparen: Pos }
export interface SelectorExpr { readonly kind: K['SelectorExpr']; pos: Pos; id: number; x: Expr; dot: Pos; sel: Ident }
/** x[i], or an instantiation x[T1, T2]; `indices` has at least one element (a BadExpr if it was missing). */
export interface IndexExpr { readonly kind: K['IndexExpr']; pos: Pos; id: number; x: Expr; lbrack: Pos; indices: Expr[]; rbrack: Pos }
export interface SliceExpr { readonly kind: K['SliceExpr']; pos: Pos; id: number; x: Expr; lbrack: Pos; low: Expr | null; high: Expr | null; max: Expr | null; slice3: boolean; rbrack: Pos }
/** x.(T); type is null for x.(type), which the parser allows in type switch guards only (there it makes a TypeSwitchStmt). */
export interface TypeAssertExpr { readonly kind: K['TypeAssertExpr']; pos: Pos; id: number; x: Expr; dot: Pos; lparen: Pos; type: Expr | null; rparen: Pos }
/** `ellipsis` is the position of "...", 0 if hasDots is false. */
export interface CallExpr { readonly kind: K['CallExpr']; pos: Pos; id: number; fun: Expr; lparen: Pos; args: Expr[]; hasDots: boolean; ellipsis: Pos; rparen: Pos }
/** *x: an indirection or a pointer type. */
export interface StarExpr { readonly kind: K['StarExpr']; pos: Pos; id: number; x: Expr }
/** op x, with op one of + - ! ^ & <- ~ (Token.Arrow is a receive). */
export interface UnaryExpr { readonly kind: K['UnaryExpr']; pos: Pos; id: number; op: Token; x: Expr }
export interface BinaryExpr { readonly kind: K['BinaryExpr']; pos: Pos; id: number; x: Expr; opPos: Pos; op: Token; y: Expr }
export interface KeyValueExpr { readonly kind: K['KeyValueExpr']; pos: Pos; id: number; key: Expr; colon: Pos; value: Expr }
/** ...T as a parameter type, or the [...] of an array type (elt null). */
export interface Ellipsis { readonly kind: K['Ellipsis']; pos: Pos; id: number; elt: Expr | null }
/** [len]T, []T (len null), [...]T (len an Ellipsis). */
export interface ArrayType { readonly kind: K['ArrayType']; pos: Pos; id: number; len: Expr | null; elt: Expr }
export interface StructType { readonly kind: K['StructType']; pos: Pos; id: number; fields: FieldList }
/** A signature. `pos` is that of "func", or of the parameters for a method spec or a function declaration. */
export interface FuncType { readonly kind: K['FuncType']; pos: Pos; id: number; typeParams: FieldList | null; params: FieldList; results: FieldList | null }
/** Methods are Fields with one name and a FuncType; embedded elements have no name (unions are BinaryExpr |, terms UnaryExpr ~). */
export interface InterfaceType { readonly kind: K['InterfaceType']; pos: Pos; id: number; methods: FieldList }
export interface MapType { readonly kind: K['MapType']; pos: Pos; id: number; key: Expr; value: Expr }
/** A channel type. Where <-chan T was read as an expression, `pos` is that of "chan", as in gc; `arrow` is always the arrow's. */
export interface ChanType { readonly kind: K['ChanType']; pos: Pos; id: number; dir: ChanDir; arrow: Pos; value: Expr }

export const ChanDir = { Send: 1, Recv: 2, Both: 3 } as const;
export type ChanDir = (typeof ChanDir)[keyof typeof ChanDir];

export type Expr =
  | BadExpr | Ident | BasicLit | CompositeLit | FuncLit | ParenExpr | SelectorExpr | IndexExpr | SliceExpr | TypeAssertExpr
  | CallExpr | StarExpr | UnaryExpr | BinaryExpr | KeyValueExpr | Ellipsis
  | ArrayType | StructType | FuncType | InterfaceType | MapType | ChanType;

/** A field, parameter, type parameter, method or embedded element: `names` may be empty; all names share `type`. */
export interface Field { readonly kind: K['Field']; pos: Pos; names: Ident[]; type: Expr; tag: BasicLit | null }
/** `opening` and `closing` are 0 where there are no parentheses (a single unnamed result). */
export interface FieldList { readonly kind: K['FieldList']; pos: Pos; opening: Pos; list: Field[]; closing: Pos }

// ---- statements

export interface BadStmt { readonly kind: K['BadStmt']; pos: Pos; end: Pos }
/** `implicit`: no semicolon in the text. */
export interface EmptyStmt { readonly kind: K['EmptyStmt']; pos: Pos; implicit: boolean }
export interface DeclStmt { readonly kind: K['DeclStmt']; pos: Pos; decl: GenDecl }
export interface LabeledStmt { readonly kind: K['LabeledStmt']; pos: Pos; label: Ident; colon: Pos; stmt: Stmt }
export interface ExprStmt { readonly kind: K['ExprStmt']; pos: Pos; x: Expr }
export interface SendStmt { readonly kind: K['SendStmt']; pos: Pos; chan: Expr; arrow: Pos; value: Expr }
export interface IncDecStmt { readonly kind: K['IncDecStmt']; pos: Pos; x: Expr; tok: Token; tokPos: Pos }
/** `tok` is Assign, Define or AssignOp; `op` is the binary operator of an AssignOp, else 0. */
export interface AssignStmt { readonly kind: K['AssignStmt']; pos: Pos; lhs: Expr[]; tokPos: Pos; tok: Token; op: Token; rhs: Expr[] }
/** `call` is a CallExpr unless an error was reported. */
export interface GoStmt { readonly kind: K['GoStmt']; pos: Pos; call: Expr }
export interface DeferStmt { readonly kind: K['DeferStmt']; pos: Pos; call: Expr }
export interface ReturnStmt { readonly kind: K['ReturnStmt']; pos: Pos; results: Expr[] }
/**
 * `tok` is Break, Continue, Goto or Fallthrough. `target` is filled by the branch check (branches.ts): the loop, switch or
 * select that is left or continued, the LabeledStmt of a goto, null for fallthrough and where an error was reported.
 */
export interface BranchStmt { readonly kind: K['BranchStmt']; pos: Pos; tok: Token; label: Ident | null; target: Stmt | null }
export interface BlockStmt { readonly kind: K['BlockStmt']; pos: Pos; list: Stmt[]; rbrace: Pos }
export interface IfStmt { readonly kind: K['IfStmt']; pos: Pos; init: Stmt | null; cond: Expr; body: BlockStmt; else: IfStmt | BlockStmt | null }
export interface SwitchStmt { readonly kind: K['SwitchStmt']; pos: Pos; init: Stmt | null; tag: Expr | null; lbrace: Pos; clauses: CaseClause[]; rbrace: Pos }
/** switch init; bind := x.(type) { clauses }; `bind` is null where nothing is declared; guardPos is the first byte of the guard. */
export interface TypeSwitchStmt { readonly kind: K['TypeSwitchStmt']; pos: Pos; init: Stmt | null; bind: Ident | null; x: Expr; guardPos: Pos; lbrace: Pos; clauses: CaseClause[]; rbrace: Pos }
export interface SelectStmt { readonly kind: K['SelectStmt']; pos: Pos; lbrace: Pos; clauses: CommClause[]; rbrace: Pos }
export interface ForStmt { readonly kind: K['ForStmt']; pos: Pos; init: Stmt | null; cond: Expr | null; post: Stmt | null; body: BlockStmt }
/** for key, value := range x; `tok` is Define, Assign, or 0 with neither key nor value. `extra` holds a third and further variables (an error of the checker). */
export interface RangeStmt { readonly kind: K['RangeStmt']; pos: Pos; key: Expr | null; value: Expr | null; extra: Expr[]; tokPos: Pos; tok: Token; rangePos: Pos; x: Expr; body: BlockStmt }

/** case list: body; isDefault for default, whose list is empty. */
export interface CaseClause { readonly kind: K['CaseClause']; pos: Pos; isDefault: boolean; list: Expr[]; colon: Pos; body: Stmt[] }
/** case comm: body; comm is null for default, else a SendStmt, an ExprStmt or an AssignStmt. */
export interface CommClause { readonly kind: K['CommClause']; pos: Pos; comm: Stmt | null; colon: Pos; body: Stmt[] }

export type Stmt =
  | BadStmt | EmptyStmt | DeclStmt | LabeledStmt | ExprStmt | SendStmt | IncDecStmt | AssignStmt | GoStmt | DeferStmt
  | ReturnStmt | BranchStmt | BlockStmt | IfStmt | SwitchStmt | TypeSwitchStmt | SelectStmt | ForStmt | RangeStmt;

// ---- declarations

/** import, const, type or var (`tok`), with or without parentheses (lparen 0). `pragmas` are those before a parenthesised group: misplaced. */
export interface GenDecl { readonly kind: K['GenDecl']; pos: Pos; tok: Token; lparen: Pos; specs: Spec[]; rparen: Pos; doc: Pos; pragmas: readonly Pragma[] }
/** recv has one field unless an error was reported. body is null for a function implemented elsewhere. `end` is past its last byte. */
export interface FuncDecl { readonly kind: K['FuncDecl']; pos: Pos; recv: FieldList | null; name: Ident; type: FuncType; body: BlockStmt | null; end: Pos; doc: Pos; pragmas: readonly Pragma[] }

export interface ImportSpec { readonly kind: K['ImportSpec']; pos: Pos; name: Ident | null; path: BasicLit; doc: Pos; pragmas: readonly Pragma[] }
/** A line of a const or var declaration. `iota` is the line's index in its group; for a const without values the checker repeats the last ones. */
export interface ValueSpec { readonly kind: K['ValueSpec']; pos: Pos; names: Ident[]; type: Expr | null; values: Expr[]; iota: number; doc: Pos; pragmas: readonly Pragma[] }
/** type name[typeParams] type, or with alias set: type name[typeParams] = type. */
export interface TypeSpec { readonly kind: K['TypeSpec']; pos: Pos; name: Ident; typeParams: FieldList | null; alias: boolean; assign: Pos; type: Expr; doc: Pos; pragmas: readonly Pragma[] }

export type Spec = ImportSpec | ValueSpec | TypeSpec;
export type Decl = GenDecl | FuncDecl;
export type Node = Expr | Stmt | CaseClause | CommClause | Decl | Spec | Field | FieldList | File;

/** A parsed file. */
export interface File {
  readonly kind: K['File'];
  pos: Pos;
  /** Position of the package keyword. */
  package: Pos;
  name: Ident;
  imports: ImportSpec[];
  decls: Decl[];
  /** All comments as pairs start, end (end exclusive), in order. Line comments end before their newline. */
  comments: Int32Array;
  /** Every `//go:` directive comment, in order, attached to a declaration or not. */
  pragmas: Pragma[];
  /** Those of them that stand before the package clause. */
  headPragmas: readonly Pragma[];
  /** Names of the types (no aliases) declared inside functions, by position, in order: symbols number them. Null where bodies are parsed late. */
  localTypes: readonly Pos[] | null;
  /** The `//go:build` line before the package clause, "" if none, and its position. */
  goBuild: string;
  goBuildPos: Pos;
  /** The minimum Go version the build line asks for ("go1.22"), "" if none. */
  goVersion: string;
  /** Position just past the last byte. */
  eof: Pos;
  /** The ids of this file's expressions: idLo <= id < idHi. */
  idLo: number;
  idHi: number;
  source: SourceFile;
  /** An error was reported while parsing. */
  bad: boolean;
  /** One of the errors is one that gofmt has, too (strict.ts finds some more). */
  gofmtRejects: boolean;
}

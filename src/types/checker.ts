// The checker's state: one Checker per package, kept as long as function bodies may still be checked on demand.
// All rules are free functions `rule(c, ...)` in other files. Where those files would need each other in a circle, the
// lower file calls through `c.rec`, a table of entry points that check.ts fills in (see README.md, "The border").
import type { DiagnosticSink } from '../base/diagnostic.ts';
import type { Value } from '../constant/value.ts';
import type { FileSet } from '../source/fileset.ts';
import type { BlockStmt, CallExpr, Expr, FieldList, File, FuncDecl, FuncType, GenDecl, SelectorExpr, Stmt } from '../syntax/ast.ts';
import { Info } from './info.ts';
import type { DeclInfo, Func, Obj, Package, PkgName, Scope, Signature, Type, TypeName, Var } from './model.ts';
import type { Const } from './model.ts';
import type { Operand } from './operand.ts';
import type { Sizes } from './sizes.ts';

/** What the driver tells the checker. */
export interface Config {
  readonly path: string;
  /** The package name; '' takes that of the first file. */
  readonly name?: string;
  readonly files: File[];
  readonly fileSet: FileSet;
  /** Returns the package for an import path as written, or a message that says why it can't be imported. */
  readonly importer: (path: string) => Package | string;
  readonly sizes: Sizes;
  /** The go version from go.mod ("go1.24" or "1.24"); '' for none. */
  readonly goVersion: string;
  readonly sink: DiagnosticSink;
  /** Bodies of functions are checked later, one by one, with checkBody. Nothing is said about unused imports then. */
  readonly lazyBodies?: boolean;
  /** Declarations are checked when somebody asks (Package.declare), with bodies. There is no order of initialisation then. */
  readonly lazyDecls?: boolean;
  /** Bodies are never checked. */
  readonly ignoreFuncBodies?: boolean;
  /** Don't complain about a body that is missing, or unused imports: for packages that are known to be right. */
  readonly trusted?: boolean;
  /** All functions must have bodies (there is no assembly), but for those of which linknamed is true. */
  readonly complete?: boolean;
  readonly linknamed?: (f: FuncDecl) => boolean;
  /** import "C" yields a fake package that has any member. */
  readonly fakeImportC?: boolean;
}

/** What a name look-up and an expression depend on; replaced as a whole when a declaration or body is entered. */
export interface Env {
  /** The package-level declaration whose initializer or body is checked. */
  decl: DeclInfo | null;
  scope: Scope;
  /** The language version: minor number of go1.N; 0 means any. */
  version: number;
  /** The value of iota; null outside constant declarations. */
  iota: Value | null;
  /** If not 0, the position of a constant with an inherited initializer: errors are reported there. */
  errpos: number;
  inTParamList: boolean;
  /** The signature of the function being checked. */
  sig: Signature | null;
  /** Calls of the predeclared panic, for the terminating-statement rule. */
  isPanic: Set<CallExpr> | null;
  hasLabel: boolean;
  hasCallOrRecv: boolean;
}

/** What an expression is expected to yield, for the inference of a generic function value's type arguments. */
export interface Target {
  readonly sig: Signature;
  readonly desc: string;
}

/** Entry points that lower files call upwards through `c.rec`. */
export interface Rec {
  /** (decl.ts) Checks the declaration of a package-level object, if that isn't done. */
  objDecl(c: Checker, obj: Obj): void;
  /** (signature.ts) Fills in sig from a function type (or literal). */
  funcType(c: Checker, sig: Signature, recv: FieldList | null, ftyp: FuncType): void;
  /** (decl.ts) Checks a const, type or var declaration inside a function. */
  declStmt(c: Checker, d: GenDecl): void;
  /** (expr.ts) Checks a single-valued expression. */
  expr(c: Checker, target: Target | null, x: Operand, e: Expr): void;
  /** (expr.ts) Checks an expression or a type; the result is an ExprKind (values.ts). */
  rawExpr(c: Checker, target: Target | null, x: Operand, e: Expr, hint: Type | null, allowGeneric: boolean): number;
  /** (expr.ts) Checks e as an expression or type, generic allowed; the result may be any mode but novalue. */
  genericExpr(c: Checker, x: Operand, e: Expr): void;
  /** (expr.ts) Checks e as an expression or a type: typexpr of unions and terms (A|B, ~T as value) need it. */
  exprOrType(c: Checker, x: Operand, e: Expr, allowGeneric: boolean): void;
  /** (selector.ts) Checks x.f. */
  selector(c: Checker, x: Operand, e: SelectorExpr, wantType: boolean): void;
  /** (assignments.ts) Initializes a constant with x. */
  initConst(c: Checker, lhs: Const, x: Operand): void;
  /** (assignments.ts) Initializes a variable with x; context is such as "variable declaration". */
  initVar(c: Checker, lhs: Var, x: Operand, context: string): void;
  /** (assignments.ts) Initializes variables with the right-hand sides. */
  initVars(c: Checker, lhs: Var[], rhs: Expr[], returnStmt: Stmt | null): void;
  /** (expr.ts) Returns the target for a variable of type t, null unless that is a function type. */
  newTarget(t: Type | null, desc: string): Target | null;
  /** (stmt.ts) Checks a body. c.env is set up by funcBody itself from the arguments. */
  funcBody(c: Checker, decl: DeclInfo | null, name: string, sig: Signature, body: BlockStmt, iota: Value | null): void;
  /** (expr.ts) Reports uses of variables in expressions that are not checked further; marks them used. */
  use(c: Checker, ...args: Expr[]): void;
  /** (operand-string.ts) The text of an operand in an error message. */
  operandString(c: Checker, x: Operand): string;
}

/** A check put off until the types it needs are complete. */
interface Delayed {
  readonly version: number;
  readonly run: () => void;
}

export class Checker {
  readonly conf: Config;
  readonly pkg: Package;
  readonly info: Info;
  readonly rec: Rec;
  readonly sink: DiagnosticSink;
  env: Env;
  /** An error has been reported. */
  failed = false;
  /** Package-level objects and methods, in source order. */
  objList: Obj[] = [];
  /** Methods (not blank) by the package-level type name of their receiver. */
  methods = new Map<TypeName, Func[]>();
  /** All import declarations' names. */
  imports: PkgName[] = [];
  /** File scope -> name -> the dot-import it came from. */
  dotImports = new Map<Scope, Map<string, PkgName>>();
  /** File scopes in the order of the files. */
  fileScopes: Scope[] = [];
  /** Language version of each file. */
  fileVersions: number[] = [];
  /** Objects being declared, for cycle errors. */
  objPath: Obj[] = [];
  /** Functions with a body, in source order. */
  funcs: Func[] = [];
  /** Untyped left operands of non-constant shifts: once typed, they must be integers. */
  shiftOperands = new Set<Expr>();
  /** Types that gc has restrictions on (restrictions.ts), with their expressions. */
  restricted: { readonly e: Expr; readonly type: Type }[] = [];
  private delayed: Delayed[] = [];
  /** Packages by name, for qualifying names that are ambiguous in messages. */
  pkgPaths: Map<string, Set<string>> | null = null;
  /** Edges of the graph for infinite instantiation (mono.ts). */
  mono: object | null = null;
  /** Where the declaration or body is that is being checked, for errors without a better position. */
  where = 0;
  /** How often the checker has been entered and not left. */
  busy = 0;
  /** Nesting of expressions and types, bounded so that the host's stack is never exhausted. */
  depth = 0;

  constructor(conf: Config, pkg: Package, rec: Rec) {
    this.conf = conf;
    this.pkg = pkg;
    this.rec = rec;
    this.sink = conf.sink;
    let lo = Infinity;
    let hi = 0;
    for (const f of conf.files) {
      lo = Math.min(lo, f.idLo);
      hi = Math.max(hi, f.idHi);
    }
    this.info = new Info(lo > hi ? 0 : lo, lo > hi ? 0 : hi);
    this.env = newEnv(pkg.scope);
  }

  /** Puts off a check until the types it needs are complete. */
  later(run: () => void): void {
    this.delayed.push({ version: this.env.version, run });
  }

  /** The number of delayed checks: what processDelayed(top) is to leave. */
  get delayedTop(): number {
    return this.delayed.length;
  }

  /** Runs the delayed checks from `top` on, first in first out, with those they add; then forgets them. */
  processDelayed(top: number): void {
    const env = this.env;
    const saved = env.version;
    for (let i = top; i < this.delayed.length; i++) {
      const a = this.delayed[i];
      env.version = a.version;
      a.run();
    }
    this.delayed.length = top;
    env.version = saved;
  }

  /** Makes `to` a dependency of the declaration being checked, if it is a package-level object of this package. */
  addDeclDep(to: Obj): void {
    const from = this.env.decl;
    if (from === null || to.decl === null || to.pkg !== this.pkg) return;
    (from.deps ??= new Set()).add(to);
  }

  /** Pushes an object on the path of objects being declared. */
  push(obj: Obj): void {
    obj.pathIndex = this.objPath.length;
    this.objPath.push(obj);
  }

  /** Pops it. */
  pop(): void {
    this.objPath.pop()!.pathIndex = -1;
  }

  /** Finds what a name denotes in the current scope and its parents. */
  lookup(name: string): Obj | null {
    return this.env.scope.lookupParent(name);
  }
}

/** Returns a fresh environment with nothing but a scope. */
export function newEnv(scope: Scope): Env {
  return {
    decl: null,
    scope,
    version: 0,
    iota: null,
    errpos: 0,
    inTParamList: false,
    sig: null,
    isPanic: null,
    hasLabel: false,
    hasCallOrRecv: false,
  };
}

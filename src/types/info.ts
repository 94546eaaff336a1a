// What checking a package finds out about its syntax: dense arrays indexed by expression id (go/types' Info, by accessor).
// In: the record functions, called by the checker. Out: what the IR builder asks.
import type { Value } from '../constant/value.ts';
import type { Expr, Ident, IndexExpr, Node, SelectorExpr } from '../syntax/ast.ts';
import type { Obj, Scope, Selection, Type, Var } from './model.ts';
import type { Mode } from './operand.ts';

/** A use of a generic function or type with its type arguments, explicit or inferred. */
export interface InstanceUse {
  readonly targs: Type[];
  /** The instantiated *Signature or *Named (or *Alias) type. */
  readonly type: Type;
}

/** One step of package initialization: lhs = rhs. An empty lhs never occurs; blank variables are in it. */
export interface Initializer {
  readonly lhs: Var[];
  readonly rhs: Expr;
}

export class Info {
  /** The lowest expression id of the package's files; arrays start there. */
  readonly lo: number;
  private readonly types: (Type | null)[];
  private modes: Uint8Array;
  private readonly values: (Value | null)[];
  private readonly objs: (Obj | null)[];
  /** 1 where objs[i] is a definition, 2 where a use. */
  private roles: Uint8Array;
  private readonly selections: (Selection | null)[];
  private readonly instances = new Map<number, InstanceUse>();
  private readonly implicits = new Map<Node, Obj>();
  private readonly scopes = new Map<Node, Scope>();
  /** Package-level variable initialization, in execution order. */
  initOrder: Initializer[] = [];
  /** The language version of each file ("go1.22"), in the order of the files; '' where there is none. */
  fileVersions: string[] = [];

  constructor(lo: number, hi: number) {
    const n = hi - lo;
    this.lo = lo;
    this.types = new Array<Type | null>(n).fill(null);
    this.modes = new Uint8Array(n);
    this.values = new Array<Value | null>(n).fill(null);
    this.objs = new Array<Obj | null>(n).fill(null);
    this.roles = new Uint8Array(n);
    this.selections = new Array<Selection | null>(n).fill(null);
  }

  /** Returns the type of an expression, null if it was not recorded (its function body was not checked). */
  typeOf(e: Expr): Type | null {
    return this.types[e.id - this.lo] ?? null;
  }

  /** Returns the mode of an expression; 0 if it was not recorded. */
  modeOf(e: Expr): Mode {
    return (this.modes[e.id - this.lo] ?? 0) as Mode;
  }

  /** Returns the value of a constant expression, else null. */
  valueOf(e: Expr): Value | null {
    return this.values[e.id - this.lo] ?? null;
  }

  /** Returns the object that the identifier declares, else null. */
  defOf(id: Ident): Obj | null {
    const i = id.id - this.lo;
    return this.roles[i] === 1 ? this.objs[i] : null;
  }

  /** Returns the object that the identifier refers to, else null. */
  useOf(id: Ident): Obj | null {
    const i = id.id - this.lo;
    return this.roles[i] === 2 ? this.objs[i] : null;
  }

  /** Returns the object that the identifier declares or refers to, else null. */
  objectOf(id: Ident): Obj | null {
    return this.objs[id.id - this.lo] ?? null;
  }

  /** Returns what x.f selects; null for qualified identifiers. */
  selectionOf(e: SelectorExpr): Selection | null {
    return this.selections[e.id - this.lo] ?? null;
  }

  /** Returns the type arguments of a use of a generic function or type (keyed by its identifier), else undefined. */
  instanceOf(id: Ident): InstanceUse | undefined {
    return this.instances.get(id.id);
  }

  /** Returns the object declared without an identifier: PkgName of an ImportSpec, Var of a type switch's CaseClause. */
  implicitOf(n: Node): Obj | undefined {
    return this.implicits.get(n);
  }

  /** Returns the scope of a node; recorded for files and function types only. */
  scopeOf(n: Node): Scope | undefined {
    return this.scopes.get(n);
  }

  // ---- recording, for the checker alone

  /** Index of an id; bodies that were parsed late have ids beyond the package's first ones. */
  private place(id: number): number {
    const i = id - this.lo;
    if (i >= this.modes.length) this.grow(Math.max(i + 1, this.modes.length * 2));
    return i;
  }

  private grow(n: number): void {
    const bytes = (old: Uint8Array): Uint8Array => {
      const all = new Uint8Array(n);
      all.set(old);
      return all;
    };
    this.modes = bytes(this.modes);
    this.roles = bytes(this.roles);
    for (let i = this.types.length; i < n; i++) {
      this.types.push(null);
      this.values.push(null);
      this.objs.push(null);
      this.selections.push(null);
    }
  }

  setType(e: Expr, mode: Mode, type: Type, val: Value | null): void {
    const i = this.place(e.id);
    this.types[i] = type;
    this.modes[i] = mode;
    this.values[i] = val;
  }

  setDef(id: Ident, obj: Obj | null): void {
    const i = this.place(id.id);
    this.objs[i] = obj;
    this.roles[i] = 1;
  }

  setUse(id: Ident, obj: Obj): void {
    const i = this.place(id.id);
    this.objs[i] = obj;
    this.roles[i] = 2;
  }

  setSelection(e: SelectorExpr, s: Selection): void {
    this.selections[this.place(e.id)] = s;
  }

  setInstance(id: Ident, use: InstanceUse): void {
    this.instances.set(id.id, use);
  }

  setImplicit(n: Node, obj: Obj): void {
    this.implicits.set(n, obj);
  }

  setScope(n: Node, scope: Scope): void {
    this.scopes.set(n, scope);
  }
}

/** Returns the identifier that an instantiated expression is keyed by: f of f, pkg.f, f[T] and (f). */
export function instantiatedIdent(e: Expr): Ident | null {
  for (;;) {
    switch (e.kind) {
      case 2: // Ident
        return e;
      case 7: // SelectorExpr
        return e.sel;
      case 8: // IndexExpr
        e = (e as IndexExpr).x;
        break;
      case 6: // ParenExpr
        e = e.x;
        break;
      default:
        return null;
    }
  }
}

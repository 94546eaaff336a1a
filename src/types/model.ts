// The data of the type checker: types, objects, scopes and packages, named as in go/types.
// They refer to each other in a circle, so they live in one file; whatever computes with them is elsewhere.
// Everything here is data with trivial accessors. Lazy parts (instances) are filled in by an `Expander`.
import type { Value } from '../constant/value.ts';
import type { Expr, FuncDecl, TypeSpec } from '../syntax/ast.ts';

// ---------------------------------------------------------------------------------------------------------
// Types

/** Discriminates the variants of `Type`. */
export const TypeKind = {
  Basic: 0,
  Named: 1,
  Alias: 2,
  Pointer: 3,
  Slice: 4,
  Array: 5,
  Map: 6,
  Chan: 7,
  Struct: 8,
  Tuple: 9,
  Signature: 10,
  Interface: 11,
  Union: 12,
  TypeParam: 13,
} as const;
export type TypeKind = (typeof TypeKind)[keyof typeof TypeKind];

/** Any Go type. Narrow it by `kind`; see `under` and `unalias` first. */
export type Type =
  | Basic
  | Named
  | Alias
  | Pointer
  | Slice
  | ArrayType
  | MapType
  | Chan
  | Struct
  | Tuple
  | Signature
  | InterfaceType
  | Union
  | TypeParam;

let nextTypeId = 1;

/** The predeclared types in the order of go/types; untyped kinds come last. */
export const BasicKind = {
  Invalid: 0,
  Bool: 1,
  Int: 2,
  Int8: 3,
  Int16: 4,
  Int32: 5,
  Int64: 6,
  Uint: 7,
  Uint8: 8,
  Uint16: 9,
  Uint32: 10,
  Uint64: 11,
  Uintptr: 12,
  Float32: 13,
  Float64: 14,
  Complex64: 15,
  Complex128: 16,
  String: 17,
  UnsafePointer: 18,
  UntypedBool: 19,
  UntypedInt: 20,
  UntypedRune: 21,
  UntypedFloat: 22,
  UntypedComplex: 23,
  UntypedString: 24,
  UntypedNil: 25,
} as const;
export type BasicKind = (typeof BasicKind)[keyof typeof BasicKind];

/** Flags of a basic type. */
export const BasicInfo = {
  IsBoolean: 1,
  IsInteger: 2,
  IsUnsigned: 4,
  IsFloat: 8,
  IsComplex: 16,
  IsString: 32,
  IsUntyped: 64,
  IsOrdered: 2 | 8 | 32,
  IsNumeric: 2 | 8 | 16,
  IsConstType: 1 | 2 | 8 | 16 | 32,
} as const;

/** A predeclared type. There is one object per basic type, but for byte and rune. */
export class Basic {
  readonly kind = TypeKind.Basic;
  readonly id = nextTypeId++;
  readonly basic: BasicKind;
  readonly info: number;
  readonly name: string;
  constructor(basic: BasicKind, info: number, name: string) {
    this.basic = basic;
    this.info = info;
    this.name = name;
  }
}

/** Computes the lazy parts of an instantiated named type. */
export interface Expander {
  /** Returns the right-hand side of the origin's declaration with the type arguments substituted. */
  rhs(n: Named): Type;
  /** Returns the i'th method of the origin, substituted. */
  method(n: Named, i: number): Func;
}

/** What an instantiated named type remembers. */
export interface Instance {
  readonly orig: Named;
  readonly targs: Type[];
  readonly expander: Expander;
  /** Where it was first made; 0 if not in a source. */
  readonly pos: number;
  /** A name for it alone, for messages and cycles (see cycles.ts); made on demand. */
  name: TypeName | null;
}

/** A defined type, or an instance of a generic defined type. */
export class Named {
  readonly kind = TypeKind.Named;
  readonly id = nextTypeId++;
  /** The declared name; of an instance, the name of its origin. */
  readonly obj: TypeName;
  /** Set for instances only. */
  readonly inst: Instance | null;
  /** The type this one was declared from; null until known (of an instance: until expanded). */
  fromRhs: Type | null = null;
  /** The resolved underlying type; null until known. Read it through `underlying()`. */
  under: Type | null = null;
  /** Type parameters of a generic type; of an instance, those of its origin once unpacked. */
  tparams: TypeParam[] = NO_TPARAMS;
  /** Declared methods; of an instance, filled in one by one. Read through `method(i)`. */
  methods: Func[] = [];
  /** Whether the type has finite size: 0 unknown, 1 yes, 2 no. */
  finite = 0;
  /** Results of the validity check: 0 not done, 1 valid. */
  valid = 0;
  /** True while the instance's right-hand side is being substituted. */
  expanding = false;
  /** All instances of this (generic) type, by hash of their type arguments. */
  instances: Map<string, Named[]> | null = null;

  constructor(obj: TypeName, inst: Instance | null) {
    this.obj = obj;
    this.inst = inst;
  }

  /** Returns the generic type that this is an instance of, or the type itself. */
  get origin(): Named {
    return this.inst === null ? this : this.inst.orig;
  }

  /** Returns the type arguments; empty if the type is no instance. */
  get typeArgs(): Type[] {
    return this.inst === null ? NO_TYPES : this.inst.targs;
  }

  /** Returns the type parameters; for an instance those of its origin. */
  get typeParams(): TypeParam[] {
    return this.inst === null ? this.tparams : this.inst.orig.tparams;
  }

  /** Returns the right-hand side, which it expands if necessary; null while it is being declared. */
  rhs(): Type | null {
    if (this.fromRhs === null && this.inst !== null) this.fromRhs = this.inst.expander.rhs(this);
    return this.fromRhs;
  }

  /** Returns the underlying type: never Named, Alias or (for a complete type) null. */
  underlying(): Type {
    return this.under ?? resolveUnderlying(this);
  }

  /** Returns the number of methods declared for the type. */
  numMethods(): number {
    return this.origin.methods.length;
  }

  /** Returns the i'th declared method; of an instance, with its type arguments substituted. */
  method(i: number): Func {
    const inst = this.inst;
    if (inst === null) return this.methods[i];
    return (this.methods[i] ??= inst.expander.method(this, i));
  }
}

/** Follows the chain of right-hand sides to a type literal, and memoizes it for each named type on the way. */
function resolveUnderlying(n: Named): Type {
  const path: Named[] = [];
  let t: Type | null = n;
  for (;;) {
    if (t === null) {
      return invalidType(); // incomplete: do not memoize
    }
    if (t.kind === TypeKind.Alias) {
      t = unalias(t);
    } else if (t.kind === TypeKind.Named) {
      if (t.under !== null) {
        t = t.under;
        break;
      }
      if (path.includes(t)) {
        t = invalidType(); // a direct cycle; reported elsewhere
        break;
      }
      path.push(t);
      t = t.rhs();
    } else {
      break;
    }
  }
  for (const p of path) p.under ??= t;
  return t;
}

/** A type declared by `type A = T`, or an instance of a generic one. */
export class Alias {
  readonly kind = TypeKind.Alias;
  readonly id = nextTypeId++;
  readonly obj: TypeName;
  /** The origin of an instance; otherwise null. */
  orig: Alias | null = null;
  tparams: TypeParam[] = NO_TPARAMS;
  targs: Type[] = NO_TYPES;
  /** The right-hand side; null while it is being declared. */
  fromRhs: Type | null;
  /** The type denoted, no alias itself; null until computed. Use `unalias`. */
  actual: Type | null = null;
  constructor(obj: TypeName, rhs: Type | null) {
    this.obj = obj;
    this.fromRhs = rhs;
  }
  get origin(): Alias {
    return this.orig ?? this;
  }
  get typeArgs(): Type[] {
    return this.targs;
  }
  get typeParams(): TypeParam[] {
    return this.tparams;
  }
}

export class Pointer {
  readonly kind = TypeKind.Pointer;
  readonly id = nextTypeId++;
  elem: Type;
  constructor(elem: Type) {
    this.elem = elem;
  }
}

export class Slice {
  readonly kind = TypeKind.Slice;
  readonly id = nextTypeId++;
  elem: Type;
  constructor(elem: Type) {
    this.elem = elem;
  }
}

export class ArrayType {
  readonly kind = TypeKind.Array;
  readonly id = nextTypeId++;
  elem: Type;
  /** The length; negative if it is unknown because of an error. */
  len: number;
  constructor(elem: Type, len: number) {
    this.elem = elem;
    this.len = len;
  }
}

export class MapType {
  readonly kind = TypeKind.Map;
  readonly id = nextTypeId++;
  key: Type;
  elem: Type;
  constructor(key: Type, elem: Type) {
    this.key = key;
    this.elem = elem;
  }
}

export const ChanDir = { SendRecv: 0, SendOnly: 1, RecvOnly: 2 } as const;
export type ChanDir = (typeof ChanDir)[keyof typeof ChanDir];

export class Chan {
  readonly kind = TypeKind.Chan;
  readonly id = nextTypeId++;
  readonly dir: ChanDir;
  elem: Type;
  constructor(dir: ChanDir, elem: Type) {
    this.dir = dir;
    this.elem = elem;
  }
}

export class Struct {
  readonly kind = TypeKind.Struct;
  readonly id = nextTypeId++;
  fields: Var[];
  /** Field tags by field index, null if there is none at all. Missing tags are ''. */
  tags: string[] | null;
  constructor(fields: Var[], tags: string[] | null) {
    this.fields = fields;
    this.tags = tags;
  }
  tag(i: number): string {
    return this.tags === null ? '' : (this.tags[i] ?? '');
  }
}

/** An ordered list of variables: parameters, results, or the type of a multi-valued expression. */
export class Tuple {
  readonly kind = TypeKind.Tuple;
  readonly id = nextTypeId++;
  readonly vars: Var[];
  constructor(vars: Var[]) {
    this.vars = vars;
  }
  get length(): number {
    return this.vars.length;
  }
}

/** A function or method type. The receiver is not part of its identity. */
export class Signature {
  readonly kind = TypeKind.Signature;
  readonly id = nextTypeId++;
  /** Type parameters of a generic function. */
  tparams: TypeParam[] = NO_TPARAMS;
  /** Type parameters declared by a method's receiver. */
  rparams: TypeParam[] = NO_TPARAMS;
  recv: Var | null = null;
  /** Never null; the shared EMPTY_TUPLE if there is none. */
  params: Tuple;
  results: Tuple;
  /** Whether the last parameter is `...T`; its type is then []T (or string for append's special case). */
  variadic: boolean;
  /** The scope of the parameters and the body; null for signatures without a source. */
  scope: Scope | null = null;
  constructor(recv: Var | null, params: Tuple, results: Tuple, variadic: boolean) {
    this.recv = recv;
    this.params = params;
    this.results = results;
    this.variadic = variadic;
  }
}

/** One term `T` or `~T` of a type set. A null type stands for all types. */
export interface Term {
  readonly tilde: boolean;
  readonly type: Type | null;
}

/** The type set of an interface. */
export interface TypeSet {
  /** All methods, embedded ones too, sorted by their unique id. */
  readonly methods: Func[];
  /** Normalised specific types; null means all types. An empty list is the empty set. */
  readonly terms: Term[] | null;
  /** Set if the set is restricted to comparable types (only with terms null). */
  readonly comparable: boolean;
}

export class InterfaceType {
  readonly kind = TypeKind.Interface;
  readonly id = nextTypeId++;
  /** Explicitly declared methods, in source order. */
  methods: Func[];
  embeddeds: Type[];
  /** Positions of the embedded elements, for errors. */
  embedPos: number[] | null = null;
  /** Set for the interface that wraps a constraint literal such as ~int. */
  implicit = false;
  /** False while its declaration is being collected. */
  complete = true;
  /** Computed on demand by `typeSet` (typeset.ts). */
  tset: TypeSet | null = null;
  /** The checker that declares this type, while it can still report errors. */
  checker: object | null = null;
  constructor(methods: Func[], embeddeds: Type[]) {
    this.methods = methods;
    this.embeddeds = embeddeds;
  }
}

/** A union of terms in a constraint. */
export class Union {
  readonly kind = TypeKind.Union;
  readonly id = nextTypeId++;
  readonly terms: Term[];
  /** The normalised terms, computed on demand; null inside the box means all types. */
  tset: { terms: Term[] | null } | null = null;
  constructor(terms: Term[]) {
    this.terms = terms;
  }
}

let nextTypeParamId = 1;

export class TypeParam {
  readonly kind = TypeKind.TypeParam;
  readonly id = nextTypeId++;
  /** Unique number, for stable ordering. */
  readonly serial = nextTypeParamId++;
  readonly obj: TypeName;
  /** Position in its type parameter list; -1 until bound. */
  index = -1;
  /** The constraint, any type; `under` gives its interface. */
  bound: Type;
  constructor(obj: TypeName, bound: Type) {
    this.obj = obj;
    this.bound = bound;
  }
}

/** Shared empty lists: never push onto them. */
export const NO_TYPES: Type[] = [];
export const NO_TPARAMS: TypeParam[] = [];
export const EMPTY_TUPLE = new Tuple([]);

const INVALID = new Basic(BasicKind.Invalid, 0, 'invalid type');

/** Returns the one invalid type. */
export function invalidType(): Basic {
  return INVALID;
}

/** Returns the type that t denotes once all aliases at its top are followed. */
export function unalias(t: Type): Exclude<Type, Alias> {
  return t.kind === TypeKind.Alias ? unaliasSlow(t) : t;
}

function unaliasSlow(a: Alias): Exclude<Type, Alias> {
  if (a.actual !== null) return a.actual as Exclude<Type, Alias>;
  let t: Type | null = a.fromRhs;
  let n = 0;
  while (t !== null && t.kind === TypeKind.Alias) {
    if (t.actual !== null) t = t.actual;
    else t = t.fromRhs;
    if (++n > 10000) t = INVALID; // a cycle; reported elsewhere
  }
  if (t === null) return INVALID; // incomplete: do not memoize
  a.actual = t;
  return t;
}

/** What `under` returns. */
export type Under = Exclude<Type, Alias | Named | TypeParam>;

/** Returns the underlying type of t; of a type parameter, the interface of its constraint. */
export function under(t: Type): Under {
  if (t.kind === TypeKind.Alias) t = unaliasSlow(t);
  if (t.kind === TypeKind.Named) return (t.under ?? resolveUnderlying(t)) as Under;
  if (t.kind === TypeKind.TypeParam) return typeParamInterface(t);
  return t;
}

/** The interface without methods and elements that stands in for broken constraints. */
export const EMPTY_INTERFACE = new InterfaceType([], []);

/** Returns the constraint of a type parameter as an interface; a constraint that is none is wrapped in an implicit one. */
export function typeParamInterface(p: TypeParam): InterfaceType {
  const bound = unalias(p.bound);
  if (bound.kind === TypeKind.TypeParam) return EMPTY_INTERFACE; // reported at the declaration
  const u = under(bound);
  if (u.kind === TypeKind.Interface) return u;
  if (u === INVALID) return EMPTY_INTERFACE;
  const wrapped = new InterfaceType([], [p.bound]);
  wrapped.implicit = true;
  p.bound = wrapped;
  return wrapped;
}

/** Returns the declared (possibly instantiated) named type that t denotes, or null. */
export function asNamed(t: Type): Named | null {
  const u = unalias(t);
  return u.kind === TypeKind.Named ? u : null;
}

/** Returns the type parameter that t denotes, or null. */
export function asTypeParam(t: Type): TypeParam | null {
  const u = unalias(t);
  return u.kind === TypeKind.TypeParam ? u : null;
}

// ---------------------------------------------------------------------------------------------------------
// Objects

/** Discriminates the variants of `Obj`. */
export const ObjKind = { PkgName: 0, Const: 1, TypeName: 2, Var: 3, Func: 4, Label: 5, Builtin: 6, Nil: 7 } as const;
export type ObjKind = (typeof ObjKind)[keyof typeof ObjKind];

/** Anything a name can denote. */
export type Obj = PkgName | Const | TypeName | Var | Func | Label | Builtin | Nil;

/** What all objects have. */
abstract class ObjBase {
  /** The scope that declares it; null for methods, fields. */
  parent: Scope | null = null;
  readonly pos: number;
  /** null for universe objects and labels. */
  readonly pkg: Package | null;
  readonly name: string;
  /** The type; null (against its static type) until the declaration has been checked. */
  type: Type;
  /** Source order of a package-level object, from 1; otherwise 0. */
  order = 0;
  /** Index in the checker's path of objects being declared; -1 if not on it. */
  pathIndex = -1;
  /** Where its scope starts; 0 means everywhere. */
  scopePos = 0;
  /** How a package-level object (or method) is declared; null for all others. */
  decl: DeclInfo | null = null;
  constructor(pos: number, pkg: Package | null, name: string, type: Type | null) {
    this.pos = pos;
    this.pkg = pkg;
    this.name = name;
    this.type = type as Type;
  }
  get exported(): boolean {
    return isExported(this.name);
  }
}

/** A name bound by an import declaration. */
export class PkgName extends ObjBase {
  readonly kind = ObjKind.PkgName;
  readonly imported: Package;
  used = false;
  constructor(pos: number, pkg: Package | null, name: string, imported: Package) {
    super(pos, pkg, name, INVALID);
    this.imported = imported;
  }
}

export class Const extends ObjBase {
  readonly kind = ObjKind.Const;
  /** The value; null until checked, or unknown after an error. */
  val: Value | null;
  constructor(pos: number, pkg: Package | null, name: string, type: Type | null, val: Value | null) {
    super(pos, pkg, name, type);
    this.val = val;
  }
}

export class TypeName extends ObjBase {
  readonly kind = ObjKind.TypeName;
  /** Whether the name denotes a type that has another name. */
  get isAlias(): boolean {
    const t = this.type;
    if (t === null) return false;
    switch (t.kind) {
      case TypeKind.Basic:
        if (t.basic === BasicKind.UnsafePointer && this.pkg !== null && this.pkg.path === 'unsafe') return false;
        return this.pkg !== null || t.name !== this.name || t.name === 'byte' || t.name === 'rune';
      case TypeKind.Named:
        return t.obj !== this;
      case TypeKind.TypeParam:
        return t.obj !== this;
      default:
        return true;
    }
  }
}

export const VarKind = { Package: 1, Local: 2, Recv: 3, Param: 4, Result: 5, Field: 6 } as const;
export type VarKind = (typeof VarKind)[keyof typeof VarKind];

/** A variable: package-level, local, receiver, parameter, result or struct field. */
export class Var extends ObjBase {
  readonly kind = ObjKind.Var;
  readonly varKind: VarKind;
  /** The field is embedded. */
  embedded = false;
  /** It has been read (the rule of unused variables). */
  used = false;
  /** A function literal inside the declaring function refers to it. */
  captured = false;
  /** Its address is taken: &v, v.ptrMethod(), v[:] of an array. */
  addrTaken = false;
  /** It is assigned after its declaration. */
  reassigned = false;
  /** The function (its signature) whose body declares this local; null for all others. */
  owner: Signature | null = null;
  /** The variable that this one is instantiated from; null otherwise. */
  orig: Var | null = null;
  constructor(varKind: VarKind, pos: number, pkg: Package | null, name: string, type: Type | null) {
    super(pos, pkg, name, type);
    this.varKind = varKind;
  }
  get isField(): boolean {
    return this.varKind === VarKind.Field;
  }
  get origin(): Var {
    return this.orig ?? this;
  }
}

/** A declared function, a method, or an interface method. */
export class Func extends ObjBase {
  readonly kind = ObjKind.Func;
  declare type: Signature;
  /** For a method whose signature is not known yet. Use `hasPtrRecv` (lookup.ts). */
  ptrRecv = false;
  /** The type that a method is declared for, known before the method's own type is; null for functions. */
  recvBase: TypeName | null = null;
  /** The method that this one is instantiated from; null otherwise. */
  orig: Func | null = null;
  /** Whether the body has been checked (see checkBody). */
  bodyDone = false;
  constructor(pos: number, pkg: Package | null, name: string, type: Signature | null) {
    super(pos, pkg, name, type);
  }
  get origin(): Func {
    return this.orig ?? this;
  }
}

export class Label extends ObjBase {
  readonly kind = ObjKind.Label;
  used = false;
  constructor(pos: number, pkg: Package | null, name: string) {
    super(pos, pkg, name, INVALID);
  }
}

/** The predeclared functions and those of package unsafe. */
export const BuiltinId = {
  Append: 0,
  Cap: 1,
  Clear: 2,
  Close: 3,
  Complex: 4,
  Copy: 5,
  Delete: 6,
  Imag: 7,
  Len: 8,
  Make: 9,
  Max: 10,
  Min: 11,
  New: 12,
  Panic: 13,
  Print: 14,
  Println: 15,
  Real: 16,
  Recover: 17,
  Add: 18,
  Alignof: 19,
  Offsetof: 20,
  Sizeof: 21,
  Slice: 22,
  SliceData: 23,
  String: 24,
  StringData: 25,
  Assert: 26,
  Trace: 27,
} as const;
export type BuiltinId = (typeof BuiltinId)[keyof typeof BuiltinId];

export class Builtin extends ObjBase {
  readonly kind = ObjKind.Builtin;
  readonly id: BuiltinId;
  constructor(pkg: Package | null, name: string, id: BuiltinId) {
    super(0, pkg, name, INVALID);
    this.id = id;
  }
}

/** The predeclared nil. */
export class Nil extends ObjBase {
  readonly kind = ObjKind.Nil;
}

/** How a package-level object or method is declared. */
export interface DeclInfo {
  /** The scope of the file that declares it. */
  readonly file: Scope;
  /** The language version of the file, as accepted by version.ts. */
  readonly version: number;
  /** The left-hand side of an n:1 variable declaration; null otherwise. */
  readonly lhs: Var[] | null;
  readonly vtyp: Expr | null;
  readonly init: Expr | null;
  /** The constant's initializer is inherited from an earlier specification. */
  readonly inherited: boolean;
  /** The value of iota, for constants. */
  readonly iota: number;
  readonly tdecl: TypeSpec | null;
  readonly fdecl: FuncDecl | null;
  /** Package-level objects that the initializer or body refers to; null while there is none. */
  deps: Set<Obj> | null;
}

/** Reports whether the name begins with an upper-case letter. */
export function isExported(name: string): boolean {
  const c = name.charCodeAt(0);
  if (c < 0x80) return c >= 0x41 && c <= 0x5a;
  return /^\p{Lu}/u.test(name);
}

/** Returns the name if it is exported, else the name qualified by the package path: equal ids mean the same name. */
export function idOf(pkg: Package | null, name: string): string {
  if (isExported(name)) return name;
  return (pkg === null ? '_' : pkg.path) + '.' + name;
}

/** Reports whether two packages are the same. */
export function samePkg(a: Package | null, b: Package | null): boolean {
  return a === b || (a !== null && b !== null && a.path === b.path);
}

/** Reports whether obj's name equals the given one from package pkg (Spec: uniqueness of identifiers). */
export function sameId(obj: Obj, pkg: Package | null, name: string, foldCase: boolean): boolean {
  if (foldCase && equalFold(obj.name, name)) return true;
  if (obj.name !== name) return false;
  return obj.exported || samePkg(obj.pkg, pkg);
}

/** Compares without regard to case. */
export function equalFold(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}

// ---------------------------------------------------------------------------------------------------------
// Scopes and packages

/** A block: the names declared in it, and its parent. */
export class Scope {
  readonly parent: Scope | null;
  readonly children: Scope[] = [];
  elems: Map<string, Obj> | null = null;
  /** Source extent; 0 if there is none. */
  pos: number;
  end: number;
  /** What the scope is, for debugging. */
  readonly comment: string;
  /** The scope of a function's parameters and body. */
  isFunc = false;
  constructor(parent: Scope | null, pos: number, end: number, comment: string) {
    this.parent = parent;
    this.pos = pos;
    this.end = end;
    this.comment = comment;
    // The universe has no list of its children: packages would never be freed.
    if (parent !== null && parent.parent !== null) parent.children.push(this);
  }

  get size(): number {
    return this.elems === null ? 0 : this.elems.size;
  }

  /** Returns the object with that name declared in this very scope, or null. */
  lookup(name: string): Obj | null {
    return this.elems === null ? null : (this.elems.get(name) ?? null);
  }

  /** Returns the object that the name denotes here or in a parent, or null. No regard to positions. */
  lookupParent(name: string): Obj | null {
    for (let s: Scope | null = this; s !== null; s = s.parent) {
      const obj = s.lookup(name);
      if (obj !== null) return obj;
    }
    return null;
  }

  /** Declares obj unless there is one of that name; then it returns that one. Blank names are not inserted. */
  insert(obj: Obj): Obj | null {
    const name = obj.name;
    if (this.elems === null) this.elems = new Map();
    else {
      const alt = this.elems.get(name);
      if (alt !== undefined) return alt;
    }
    this.elems.set(name, obj);
    obj.parent ??= this;
    return null;
  }

  /** Returns the names declared here, sorted. */
  names(): string[] {
    return this.elems === null ? [] : [...this.elems.keys()].sort(compareStrings);
  }
}

/** Orders strings by UTF-16 code unit, as `<` does (equal to byte order but for surrogates). */
export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The object with its type, in packages whose declarations are checked when somebody asks, too. */
export function declared<T extends Obj>(obj: T): T {
  if (obj.type === null) obj.pkg?.declare?.(obj);
  return obj;
}

/** A type-checked (or being checked) package. */
export class Package {
  readonly path: string;
  name: string;
  readonly scope: Scope;
  imports: Package[] = [];
  complete = false;
  /** Made up for a failed import: errors about it are not reported. */
  fake = false;
  /** The go version from go.mod, such as "go1.24"; '' if there is none. */
  goVersion = '';
  /** Checks the declaration of an object, in a package whose declarations are checked when somebody asks; else null. */
  declare: ((obj: Obj) => void) | null = null;
  constructor(path: string, name: string, universe: Scope) {
    this.path = path;
    this.name = name;
    this.scope = new Scope(universe, 0, 0, `package "${path}"`);
  }
}

// ---------------------------------------------------------------------------------------------------------
// Selections

export const SelectionKind = { FieldVal: 0, MethodVal: 1, MethodExpr: 2 } as const;
export type SelectionKind = (typeof SelectionKind)[keyof typeof SelectionKind];

/** A selector expression x.f that denotes a field or a method. */
export interface Selection {
  readonly kind: SelectionKind;
  /** The type of x. */
  readonly recv: Type;
  /** The Var or Func selected. */
  readonly obj: Var | Func;
  /** Path of field indices; the last is the index of the field, or of the method in its type's method list. */
  readonly index: number[];
  /** Whether a pointer is followed on the way (see lookupFieldOrMethod). */
  readonly indirect: boolean;
  /** The type of obj: a field's type or a method's signature (of x.f itself: Info.typeOf). */
  readonly type: Type;
}

// The module model: what a WebAssembly module says, with function bodies and initialisers kept as encoded bytes.
// Decoder, linker and test code build it; encoder, validator and printer read it.

/** A function type. Types are told apart by `typeKey`. */
export interface FuncType {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

/** What an import or export names, by its binary code. */
export const Extern = { func: 0, table: 1, memory: 2, global: 3 } as const;
export type Extern = (typeof Extern)[keyof typeof Extern];

export interface Limits {
  min: number;
  /** Undefined where there is no maximum. */
  max?: number;
  shared?: boolean;
}

export interface TableType { elem: number; limits: Limits }
export interface GlobalType { type: number; mutable: boolean }

export interface Import {
  module: string;
  name: string;
  kind: Extern;
  /** Type index of a function. */
  type?: number;
  table?: TableType;
  memory?: Limits;
  global?: GlobalType;
}

export interface Global extends GlobalType {
  /** Constant expression, with its `end`. */
  init: Uint8Array;
}

export interface Export { name: string; kind: Extern; index: number }

/** Active, passive or declarative, as in the spec. */
export const SegmentMode = { active: 0, passive: 1, declarative: 2 } as const;
export type SegmentMode = (typeof SegmentMode)[keyof typeof SegmentMode];

export interface ElemSegment {
  mode: SegmentMode;
  table: number;
  /** Constant expression of an active segment. */
  offset?: Uint8Array;
  type: number;
  /** Function indices, where all elements are functions; else `exprs`. */
  funcs?: ArrayLike<number>;
  exprs?: Uint8Array[];
}

export interface DataSegment {
  mode: SegmentMode;
  memory: number;
  offset?: Uint8Array;
  bytes: Uint8Array;
}

/** A function with a body. */
export interface Func {
  type: number;
  /** Types of the declared locals, without the parameters. */
  locals: ArrayLike<number>;
  /** Instructions with the final `end`. */
  code: Uint8Array;
  /** Branch hints: pairs of (byte offset in `code`, 0 unlikely or 1 likely), ascending. */
  hints?: readonly number[];
}

export interface CustomSection { name: string; bytes: Uint8Array }

/** Contents of the name section; sparse arrays by index. */
export interface Names {
  module?: string;
  funcs: (string | undefined)[];
  globals: (string | undefined)[];
  /** By function index, by local index. */
  locals: ((string | undefined)[] | undefined)[];
}

export interface Module {
  types: FuncType[];
  imports: Import[];
  funcs: Func[];
  tables: TableType[];
  memories: Limits[];
  globals: Global[];
  exports: Export[];
  start?: number;
  elems: ElemSegment[];
  datas: DataSegment[];
  /** True if the module has a data count section. */
  dataCount: boolean;
  names?: Names;
  /** Custom sections other than names and branch hints; written after all others. */
  customs: CustomSection[];
}

export function newModule(): Module {
  return {
    types: [], imports: [], funcs: [], tables: [], memories: [], globals: [], exports: [], elems: [], datas: [],
    dataCount: false, customs: [],
  };
}

/** A string that equals another exactly if the function types do. */
export function typeKey(t: FuncType): string {
  return String.fromCharCode(...t.params, 0, ...t.results);
}

/** Imports of one kind; they come before the definitions in that kind's index space. */
export function importsOf(m: Module, kind: Extern): Import[] {
  return m.imports.filter((i) => i.kind === kind);
}

/** Type index of each function of the index space, imports first. */
export function funcTypes(m: Module): number[] {
  const types = importsOf(m, Extern.func).map((i) => i.type!);
  for (const f of m.funcs) types.push(f.type);
  return types;
}

/** Types of all globals of the index space, imports first. */
export function globalTypes(m: Module): GlobalType[] {
  return [...importsOf(m, Extern.global).map((i) => i.global!), ...m.globals];
}

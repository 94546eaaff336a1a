// GoType: Go's types as the builder sees them: closed (no type parameters), canonical (identical types are one object,
// so `===` is type identity), with gc's layout for 8-byte words and the IR values a value of the type consists of
// (docs/contract.md, section 1). typetable.ts makes them from the checker's types.
//
// Named types may be recursive: a GoType exists before its underlying type is known, and everything that depends on it
// (layout, components) is computed on first use.

import { Op } from '../ir/op.ts';
import { Type, type Type as IRType } from '../ir/type.ts';
import type { Func, Named, TypeName, TypeParam } from '../types/model.ts';

/** Kinds, numbered as internal/abi.Kind; nil and tuple are ours. */
export const GoKind = {
  Invalid: 0, Bool: 1, Int: 2, Int8: 3, Int16: 4, Int32: 5, Int64: 6, Uint: 7, Uint8: 8, Uint16: 9, Uint32: 10,
  Uint64: 11, Uintptr: 12, Float32: 13, Float64: 14, Complex64: 15, Complex128: 16, Array: 17, Chan: 18, Func: 19,
  Interface: 20, Map: 21, Pointer: 22, Slice: 23, String: 24, Struct: 25, UnsafePointer: 26,
  /** The type of the predeclared nil. */ Nil: 27,
  /** Of a call with several results: `params` lists them. */ Tuple: 28,
} as const;
export type GoKind = (typeof GoKind)[keyof typeof GoKind];

/** Channel directions as internal/abi.ChanDir. */
export const GoChanDir = { Recv: 1, Send: 2, Both: 3 } as const;

export interface GoField {
  readonly name: string;
  /** Path of the package that an unexported name belongs to; '' for exported names. */
  readonly pkg: string;
  readonly type: GoType;
  readonly embedded: boolean;
  readonly tag: string;
}

/** A method of an interface type. */
export interface GoIMethod {
  readonly name: string;
  readonly pkg: string;
  readonly sig: GoType;
}

/** What makes a type a defined one. */
export interface NamedInfo {
  /** The checker's type, of a generic type its origin. */
  readonly decl: Named;
  readonly obj: TypeName;
  /** Type arguments; those of the function around a local type come first (`implicits` of them). */
  readonly targs: readonly GoType[];
  readonly implicits: number;
  /** Where the right-hand side is translated. */
  readonly env: TypeEnv | null;
  /** Tells a local type from others of its name in its package (localtypes.ts); 0 for package-level types. */
  readonly vargen: number;
}

/** One IR value of a value of the type, and where it is in memory. */
export interface Comp {
  readonly type: IRType;
  readonly offset: number;
  /** Operations that load and store it. */
  readonly load: number;
  readonly store: number;
}

/** What selecting a method of a type leads to (methods.ts). */
export interface MethodSel {
  readonly name: string;
  /** Path of the package of an unexported name, else ''. */
  readonly pkg: string;
  /** Indices of embedded fields to walk from the receiver (pointers are followed implicitly); empty: declared for it directly. */
  readonly path: readonly number[];
  /** The type at the end of the path, pointers removed: the named type that declares the method, or the interface type. */
  readonly base: GoType;
  /** Origin of the declared method; null for an interface method. */
  readonly decl: Func | null;
  /** Index in base.imethods for an interface method, else -1. */
  readonly index: number;
  /** Declared with a pointer receiver. */
  readonly ptrRecv: boolean;
  /** The path goes through an embedded pointer: the method is callable on values that can't be addressed. */
  readonly indirect: boolean;
}

let nextId = 0;

const noFields: readonly GoField[] = [];
const noMethods: readonly GoIMethod[] = [];
const noTypes: readonly GoType[] = [];
const noComps: readonly Comp[] = [];

/** Layout and components; one object per GoType, made on first use. */
export interface Layout {
  readonly size: number;
  readonly align: number;
  /** Bytes up to the end of the last pointer word; 0: no pointers. */
  readonly ptrBytes: number;
  /** Struct: offsets of its fields. */
  readonly offsets: readonly number[];
  /** The value is the address of its bytes (contract, section 1). */
  readonly mem: boolean;
  /** IR values; of a type in memory: none. */
  readonly comps: readonly Comp[];
  /** IR types of a value: those of `comps`, or one ptr for a type in memory. */
  readonly values: readonly IRType[];
}

export class GoType {
  /** Unique in the process. */
  readonly id: number;
  /** Kind of the underlying type. */
  kind: GoKind;
  readonly named: NamedInfo | null;
  /** Element of array, chan, map, pointer, slice. */
  elem: GoType | null = null;
  key: GoType | null = null;
  /** Array length. */
  len = 0;
  /** Channel direction (GoChanDir). */
  dir = 0;
  fields: readonly GoField[] = noFields;
  /** Func: parameter types (no receiver). Tuple: its types. */
  params: readonly GoType[] = noTypes;
  results: readonly GoType[] = noTypes;
  variadic = false;
  /** Interface: its methods, sorted as descriptors sort them (exported ones first). */
  imethods: readonly GoIMethod[] = noMethods;
  /** Pointer to this type, if somebody asked for it. */
  ptr: GoType | null = null;
  /** Slice of this type, if somebody asked for it. */
  slice: GoType | null = null;

  /** The underlying type; `this` unless named. Only typetable.ts sets it. */
  underlying: GoType;
  private lay: Layout | null = null;
  private mask: readonly number[] | null = null;
  /** Caches of typestring.ts, methods.ts, alg.ts and typedesc.ts. */
  linkText: string | null = null;
  reflectText: string | null = null;
  selectable: Map<string, MethodSel | null> | null = null;
  methodSet: readonly MethodSel[] | null = null;
  alg = -1;
  hash = -1;

  constructor(kind: GoKind, named: NamedInfo | null) {
    this.id = nextId++;
    this.kind = kind;
    this.named = named;
    this.underlying = this;
  }

  get layout(): Layout { return this.lay ?? (this.lay = computeLayout(this)); }
  get size(): number { return this.layout.size; }
  get align(): number { return this.layout.align; }
  get ptrBytes(): number { return this.layout.ptrBytes; }
  get hasPtr(): boolean { return this.layout.ptrBytes !== 0; }
  get offsets(): readonly number[] { return this.layout.offsets; }
  get mem(): boolean { return this.layout.mem; }
  get comps(): readonly Comp[] { return this.layout.comps; }
  get values(): readonly IRType[] { return this.layout.values; }

  /** One bit per 8-byte word that holds a pointer, in 32-bit words; shared: never change it. */
  get ptrmask(): readonly number[] {
    return this.mask ?? (this.mask = computePtrMask(this));
  }

  /** Whether an interface holds the value itself in its data word (one pointer), not its address. */
  get direct(): boolean { return this.layout.size === 8 && this.layout.ptrBytes === 8; }

  get isInterface(): boolean { return this.kind === GoKind.Interface; }
  /** An interface without methods: its first word is a type, not an itab. */
  get isEface(): boolean { return this.kind === GoKind.Interface && this.imethods.length === 0; }
}

/** What the type parameters stand for inside one instance of a generic function, method or type. */
export class TypeEnv {
  /** The environment of the function around a local declaration. */
  readonly parent: TypeEnv | null;
  readonly tparams: readonly TypeParam[];
  readonly targs: readonly GoType[];
  /** Equal for equal arguments. */
  readonly key: string;
  /** Translations of types that mention a parameter, by the checker's type id (typetable.ts). */
  readonly cache = new Map<number, GoType>();

  constructor(parent: TypeEnv | null, tparams: readonly TypeParam[], targs: readonly GoType[]) {
    this.parent = parent;
    this.tparams = tparams;
    this.targs = targs;
    this.key = (parent === null ? '' : parent.key + ';') + targs.map((t) => t.id).join(',');
  }

  lookup(p: TypeParam): GoType | null {
    for (let e: TypeEnv | null = this; e !== null; e = e.parent) {
      const i = e.tparams.indexOf(p);
      if (i >= 0) return e.targs[i]!;
    }
    return null;
  }

  /** All arguments, outermost first. */
  all(): readonly GoType[] {
    return this.parent === null ? this.targs : [...this.parent.all(), ...this.targs];
  }
}

// ---- layout

function roundUp(n: number, align: number): number { return Math.ceil(n / align) * align; }

interface Scalar { readonly size: number; readonly align: number; readonly comps: readonly Comp[]; readonly ptrBytes: number }

function comp(type: IRType, offset: number, load: number, store: number): Comp { return { type, offset, load, store }; }
function scalar(size: number, align: number, ptrBytes: number, ...comps: Comp[]): Scalar { return { size, align, comps, ptrBytes }; }
const ptrAt = (o: number): Comp => comp(Type.ptr, o, Op.load_ptr, Op.store_ptr);
const i64At = (o: number): Comp => comp(Type.i64, o, Op.load_i64, Op.store_i64);
const i32 = comp(Type.i32, 0, Op.load_i32, Op.store_i32);
const f32At = (o: number): Comp => comp(Type.f32, o, Op.load_f32, Op.store_f32);
const f64At = (o: number): Comp => comp(Type.f64, o, Op.load_f64, Op.store_f64);
const byte = scalar(1, 1, 0, comp(Type.i32, 0, Op.load8u, Op.store8));
const word = scalar(8, 8, 0, i64At(0));
const pointer = scalar(8, 8, 8, ptrAt(0));

/** Layouts of all kinds but array and struct, by kind. */
const scalars: (Scalar | undefined)[] = [];
scalars[GoKind.Bool] = scalars[GoKind.Uint8] = byte;
scalars[GoKind.Int8] = scalar(1, 1, 0, comp(Type.i32, 0, Op.load8s, Op.store8));
scalars[GoKind.Int16] = scalar(2, 2, 0, comp(Type.i32, 0, Op.load16s, Op.store16));
scalars[GoKind.Uint16] = scalar(2, 2, 0, comp(Type.i32, 0, Op.load16u, Op.store16));
scalars[GoKind.Int32] = scalars[GoKind.Uint32] = scalar(4, 4, 0, i32);
scalars[GoKind.Int] = scalars[GoKind.Uint] = scalars[GoKind.Int64] = scalars[GoKind.Uint64] = scalars[GoKind.Uintptr] = word;
scalars[GoKind.Float32] = scalar(4, 4, 0, f32At(0));
scalars[GoKind.Float64] = scalar(8, 8, 0, f64At(0));
scalars[GoKind.Complex64] = scalar(8, 4, 0, f32At(0), f32At(4));
scalars[GoKind.Complex128] = scalar(16, 8, 0, f64At(0), f64At(8));
scalars[GoKind.Pointer] = scalars[GoKind.Map] = scalars[GoKind.Chan] = scalars[GoKind.Func] = scalars[GoKind.UnsafePointer] = scalars[GoKind.Nil] = pointer;
scalars[GoKind.String] = scalar(16, 8, 8, ptrAt(0), i64At(8));
scalars[GoKind.Slice] = scalar(24, 8, 8, ptrAt(0), i64At(8), i64At(16));
scalars[GoKind.Interface] = scalar(16, 8, 16, ptrAt(0), ptrAt(8));

/** Flattened values have at most this many parts. */
const maxParts = 4;

function computeLayout(t: GoType): Layout {
  const s = scalars[t.kind];
  if (s !== undefined) {
    return { size: s.size, align: s.align, ptrBytes: s.ptrBytes, offsets: noOffsets, mem: false, comps: s.comps, values: s.comps.map((c) => c.type) };
  }
  if (t.kind === GoKind.Array) return arrayLayout(t);
  if (t.kind === GoKind.Struct) return structLayout(t);
  if (t.kind === GoKind.Tuple) return { size: 0, align: 1, ptrBytes: 0, offsets: noOffsets, mem: false, comps: noComps, values: t.params.flatMap((p) => p.values) };
  return { size: 0, align: 1, ptrBytes: 0, offsets: noOffsets, mem: false, comps: noComps, values: noValues };
}

const noOffsets: readonly number[] = [];
const noValues: readonly IRType[] = [];
const memValues: readonly IRType[] = [Type.ptr];

function arrayLayout(t: GoType): Layout {
  const e = t.elem!;
  const size = e.size * t.len;
  const ptrBytes = t.len === 0 || e.ptrBytes === 0 ? 0 : e.size * (t.len - 1) + e.ptrBytes;
  const mem = size !== 0 && (t.len > 1 || e.mem);
  const comps = mem || size === 0 ? noComps : e.comps;
  return { size, align: e.align, ptrBytes, offsets: noOffsets, mem, comps, values: mem ? memValues : comps.map((c) => c.type) };
}

function structLayout(t: GoType): Layout {
  const offsets: number[] = [];
  const comps: Comp[] = [];
  let size = 0;
  let align = isAlign64(t) ? 8 : 1;
  let ptrBytes = 0;
  let mem = false;
  let lastEmpty = false;
  for (const f of t.fields) {
    const l = f.type.layout;
    size = roundUp(size, l.align);
    if (l.align > align) align = l.align;
    offsets.push(size);
    if (l.ptrBytes !== 0) ptrBytes = size + l.ptrBytes;
    if (l.mem || comps.length + l.comps.length > maxParts) mem = true;
    else for (const c of l.comps) comps.push(size === 0 ? c : comp(c.type, size + c.offset, c.load, c.store));
    size += l.size;
    lastEmpty = l.size === 0;
  }
  // A pointer to a final field of size zero must not point past the object.
  if (lastEmpty && size > 0) size++;
  size = roundUp(size, align);
  return { size, align, ptrBytes, offsets, mem, comps: mem ? noComps : comps, values: mem ? memValues : comps.map((c) => c.type) };
}

/** The marker type with which the atomic types ask for 8-byte alignment. */
function isAlign64(t: GoType): boolean {
  if (t.named === null || t.named.obj.name !== 'align64') return false;
  const path = t.named.obj.pkg?.path;
  return path === 'sync/atomic' || path === 'internal/runtime/atomic';
}

// ---- pointer masks

function computePtrMask(t: GoType): readonly number[] {
  if (t.ptrBytes === 0) return noOffsets;
  const words = t.ptrBytes / 8;
  const mask = new Array<number>(Math.ceil(words / 32)).fill(0);
  markPointers(t, 0, mask);
  return mask;
}

/** Sets the bits of t's pointers, t being at the byte offset (a multiple of 8 if it has pointers). */
export function markPointers(t: GoType, offset: number, mask: number[]): void {
  if (t.ptrBytes === 0) return;
  switch (t.kind) {
    case GoKind.Array:
      for (let i = 0; i < t.len; i++) markPointers(t.elem!, offset + i * t.elem!.size, mask);
      return;
    case GoKind.Struct:
      for (let i = 0; i < t.fields.length; i++) markPointers(t.fields[i]!.type, offset + t.offsets[i]!, mask);
      return;
    case GoKind.Interface:
      setBit(mask, offset / 8 + 1); // the type word points to static data, or to what reflect keeps
      return;
    default:
      setBit(mask, offset / 8);
  }
}

function setBit(mask: number[], i: number): void {
  const w = i >>> 5;
  while (mask.length <= w) mask.push(0);
  mask[w] = mask[w]! | (1 << (i & 31));
}

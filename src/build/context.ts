// The border inside src/build: what the function builder (bodies) asks of the rest (names, reachability, data).
// One side implements `Context`; the other only calls it. Types handed over are GoTypes (gotype.ts): identical types
// are one object, so `===` compares types and arrays indexed by `type.id` cache facts about them.

import type { FileSet } from '../source/fileset.ts';
import type { Pos } from '../base/pos.ts';
import type { CallAux, Value } from '../ir/func.ts';
import type { DataSymbol, Program } from '../ir/program.ts';
import type { Expr, File } from '../syntax/ast.ts';
import type { Info } from '../types/info.ts';
import type { Func as FuncObj, Package, Type, Var } from '../types/model.ts';
import type { GoType, MethodSel, TypeEnv } from './gotype.ts';

/** A checked package. */
export interface Unit {
  readonly pkg: Package;
  /** Package path as it stands in symbols ("main" for a main package). */
  readonly path: string;
  readonly info: Info;
  readonly files: readonly File[];
}

/** A declared function, or an instance of a generic one, with a body to build. */
export interface FuncInst {
  /** The origin, never an instantiated copy. */
  readonly obj: FuncObj;
  /** Of a method: those of its receiver's type. */
  readonly targs: readonly GoType[];
  readonly env: TypeEnv | null;
  readonly sym: string;
  readonly unit: Unit;
}

/** A function builder (builder.ts), as far as this page needs to know. */
export interface BodyBuilder { readonly name: string }

/** What the function builder asks for. Asking for a symbol makes it reachable. */
export interface Context {
  readonly program: Program;
  readonly fset: FileSet;

  /** The package's facts; bodies of its functions may still be unchecked (call checkBody through B before buildFunc: done). */
  unitOf(pkg: Package): Unit;
  /** The GoType of t with env's arguments substituted. Fast: cached by t.id. */
  typeOf(t: Type, env: TypeEnv | null): GoType;
  /** A basic type by GoKind (unnamed): int, string, uintptr, unsafe.Pointer… */
  basic(kind: number): GoType;
  pointerTo(t: GoType): GoType;
  sliceOf(t: GoType): GoType;
  arrayOf(t: GoType, len: number): GoType;
  structOf(fields: readonly { name: string; type: GoType }[]): GoType;
  /** Text as in symbols and panics, package paths in full ("main.T", "map[string]encoding/json.Decoder"). */
  typeName(t: GoType): string;

  /**
   * Method or embedded-promoted method of t (Named, *Named, struct with embedded fields, interface) by name; pkg is the path of
   * the package for unexported names, '' else. Null if none (or ambiguous). See methods.ts: path to it, receiver kind, declaration.
   */
  methodOf(t: GoType, name: string, pkg: string): MethodSel | null;

  /** Symbol of a declared function or method (link names resolved); targs as in FuncInst. */
  funcSym(obj: FuncObj, targs: readonly GoType[]): string;
  /** Symbol of the declared method that m (no interface method) selects: the receiver must be of m.recv (T or *T as declared), after walking m.path. */
  methodSym(m: MethodSel): string;
  /** Read-only data symbol `sym·f` that is the func value of a function; the function becomes a closure function. */
  funcValueSym(sym: string): string;
  /** A function whose address the body takes with `funcindex`: made a closure function. */
  markAddressTaken(sym: string): void;
  /** Symbol of the function a method expression T.m denotes: receiver first. T may be an interface. */
  methodExprSym(recv: GoType, name: string, pkg: string): string;
  /** A function built from this one's body (closure, wrapper) is complete: enters it in the program. */
  addFunc(f: BodyBuilder): void;
  /** Whether a function that several bodies may make is there already. */
  hasFunc(name: string): boolean;

  /** Type descriptor. `boxed`: values of it go into interfaces here (keeps its methods). */
  typeSym(t: GoType, boxed: boolean): string;
  /** Type descriptor of an interface that values are asserted to: its methods count as called. */
  assertSym(iface: GoType): string;
  /** Itab of a concrete type for a non-empty interface. Fun[i] is at ITAB_FUN + 8*i, i the index in iface.imethods. */
  itabSym(t: GoType, iface: GoType): string;
  /** Tells that method i of an interface type is called, for keeping methods of types in interfaces. */
  useInterfaceMethod(iface: GoType, index: number): void;
  /** Package-level variable. */
  globalSym(v: Var): string;
  /** Read-only bytes of a string constant (one char per byte, as in constant/value.ts). */
  stringSym(bytes: string): string;
  /** Read-only data of exactly these bytes, shared when equal. */
  readonlySym(bytes: Uint8Array, align: number): string;
  addData(d: DataSymbol): void;
  /** Zeroed writable variable made up by the builder: name, size, pointer words. */
  defineVar(name: string, size: number, align: number, ptrmask: readonly number[]): string;
  /** Read-only data holding the value of e (of type t) if it is wholly static (constants, nested literals, func values, addresses of globals), else null. */
  staticValue(e: Expr, t: GoType, unit: Unit, env: TypeEnv | null): string | null;
  /** `bool f(p, q unsafe.Pointer)`: equality of values of t in memory. */
  eqSym(t: GoType): string;

  /** Call datum of an entry point of package runtime by gc's name ("growslice"), params flattened from its declaration. */
  runtimeCall(name: string): CallAux;
  /** Symbol of a package variable of package runtime ("zerobase"). */
  runtimeVar(name: string): string;
  /** How to call symbol sym (of funcSym/methodSym): `op` is Op.call, or Op.callk for kernel functions and host imports; aux is shared. */
  callTarget(sym: string): CallTarget;
  /** IR in place of a call of sym, or null if it is no intrinsic. */
  intrinsic(f: BodyBuilder, sym: string, args: readonly Value[], targs: readonly GoType[]): readonly Value[] | null;
  /** Index in Program.positions of a position in function `func`. */
  position(pos: Pos, func: string): number;
}

export interface CallTarget {
  readonly op: number;
  readonly aux: CallAux;
  /** Kernel function that suspends: the results are in g's KRES words. Directive `//goloom:kernel name suspends`. */
  readonly kernelResults: boolean;
}

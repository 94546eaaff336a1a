// Registry: Context and what the files outside function bodies need besides: entering symbols, generated functions.

import type { Func } from '../ir/func.ts';
import type { DataSymbol } from '../ir/program.ts';
import type { Type } from '../ir/type.ts';
import type { FuncLit } from '../syntax/ast.ts';
import type { Package, Var } from '../types/model.ts';
import type { FuncBuilder } from './builder.ts';
import type { Context } from './context.ts';
import type { DataWriter } from './data.ts';
import type { GoType, MethodSel } from './gotype.ts';
import type { InitOrder, SourcePackage } from './package.ts';
import type { TypeTable } from './typetable.ts';

export interface Registry extends Context {
  readonly types: TypeTable;
  packageOf(pkg: Package): SourcePackage;
  /** Enters a data symbol; one of that name must not be there. */
  addData(d: DataSymbol): void;
  hasData(name: string): boolean;
  /** Enters what static data points to, under a name of its own. */
  anonymous(w: DataWriter, t: GoType, readonly: boolean): string;
  /** Runs `work`; anonymous data that it makes is named after `owner`. */
  owned<T>(owner: string, work: () => T): T;
  /** Puts a generated function on the work list, unless one of that symbol was asked for before. `about`: the types that it depends on, null if on more. */
  generate(sym: string, params: readonly Type[], results: readonly Type[], about: readonly GoType[] | null, make: (f: FuncBuilder) => void): void;
  /** Keeps the order of initialisation of a package for later builds. */
  keepOrder(p: SourcePackage, plan: InitOrder): void;
  /** Whether a variable is initialised by static data; `make` enters the data if it can. */
  initStatically(v: Var, sym: string, make: () => boolean): boolean;
  /** Puts a function made from source of a package on the work list. */
  later(sym: string, unit: SourcePackage, make: () => Func): void;
  /** `uintptr f(p unsafe.Pointer, h uintptr)`: hash of values of t in memory. */
  hashSym(t: GoType): string;
  /** Symbol of a function of package runtime (overlay), by name. */
  runtimeSym(name: string): string;
  /** Symbol of the function that implements method m for receivers of exactly type recv. */
  implSym(recv: GoType, m: MethodSel): string;
  /** Notes the Go signature of a generated function, for calls by reflection. */
  noteSignature(sym: string, s: { readonly recv: GoType | null; readonly sig: GoType }): void;
  /** Symbol of a function literal of a package-level initialiser; it captures nothing. Null if it can't be built alone. */
  packageClosure(unit: SourcePackage, e: FuncLit): string | null;
}

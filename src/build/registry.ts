// Registry: Context and what the files outside function bodies need besides: entering symbols, generated functions.

import type { DataSymbol } from '../ir/program.ts';
import type { Type } from '../ir/type.ts';
import type { FuncBuilder } from './builder.ts';
import type { Context } from './context.ts';
import type { GoType, MethodSel } from './gotype.ts';
import type { TypeTable } from './typetable.ts';

export interface Registry extends Context {
  readonly types: TypeTable;
  /** Enters a data symbol; one of that name must not be there. */
  addData(d: DataSymbol): void;
  hasData(name: string): boolean;
  /** Puts a generated function on the work list, unless one of that symbol was asked for before. */
  generate(sym: string, params: readonly Type[], results: readonly Type[], make: (f: FuncBuilder) => void): void;
  /** Symbol of a function of package runtime (overlay), by name. */
  runtimeSym(name: string): string;
  /** Symbol of the function that implements method m for receivers of exactly type recv. */
  implSym(recv: GoType, m: MethodSel): string;
}

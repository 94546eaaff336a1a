// Variables that the builder makes up; closures capture them like any other.

import { Var, VarKind } from '../types/model.ts';
import { Typ } from '../types/universe.ts';
import type { FuncBuilder } from './builder.ts';
import { GoKind } from './gotype.ts';

/** A local variable of type bool, int or unsafe.Pointer. */
export function hiddenVar(f: FuncBuilder, name: string, kind: GoKind): Var {
  const t = kind === GoKind.Bool ? Typ.bool : kind === GoKind.Int ? Typ.int : Typ.unsafePointer;
  return new Var(VarKind.Local, 0, f.unit.pkg, name, t);
}

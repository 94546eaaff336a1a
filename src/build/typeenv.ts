// TypeEnv: what the type parameters stand for inside one instance of a generic function, method or type.

import type { TypeParam } from '../types/model.ts';
import type { GoType } from './gotype.ts';

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

// SourcePackage: a checked package as the builder gets it from the driver.

import type { Func, Var } from '../types/model.ts';
import type { Unit } from './context.ts';

/** The initialisers of a package in the order in which they run: variables by their index among all of the package, and whether it has effects. */
export interface InitOrder {
  /** Number of the package's variables. */
  readonly vars: number;
  readonly steps: readonly (readonly [lhs: readonly number[], hasEffects: number])[];
}

export interface SourcePackage extends Unit {
  readonly std: boolean;
  /** All package-level variables, in source order. */
  readonly vars: readonly Var[];
  /** Directly imported packages; without unsafe. */
  readonly imports: readonly SourcePackage[];
  /** Checks the body of a function, if that isn't done. */
  checkBody(f: Func): void;
  /** The order of initialisation as an earlier build found it, where declarations are checked when somebody asks; else null. */
  readonly plan: InitOrder | null;
  /** An error was found in the package's declarations or bodies: nothing is built from it. */
  broken(): boolean;
  /** Files that a //go:embed pattern stands for. */
  embedded(pattern: string): readonly { readonly name: string; readonly data: Uint8Array }[];
}

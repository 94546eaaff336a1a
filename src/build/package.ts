// SourcePackage: a checked package as the builder gets it from the driver.

import type { Func } from '../types/model.ts';
import type { Unit } from './context.ts';

export interface SourcePackage extends Unit {
  readonly std: boolean;
  /** Directly imported packages; without unsafe. */
  readonly imports: readonly SourcePackage[];
  /** Checks the body of a function, if that isn't done. */
  checkBody(f: Func): void;
  /** An error was found in the package's declarations or bodies: nothing is built from it. */
  broken(): boolean;
  /** Files that a //go:embed pattern stands for. */
  embedded(pattern: string): readonly { readonly name: string; readonly data: Uint8Array }[];
}

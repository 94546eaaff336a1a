// A whole program in IR: functions, data symbols with relocations, positions. What the builder makes and the linker takes.

import type { HostExport } from '../abi/object.ts';
import type { Func } from './func.ts';

/** Kinds of relocations (contract, section 8). */
export const RelocKind = {
  /** u32 address of the target symbol plus addend. */
  addr32: 0,
  /** u32 index of the target function in the function table. */
  code32: 1,
  /** As the above, but 0 if the target is not otherwise reachable. */
  weakAddr32: 2,
  weakCode32: 3,
} as const;
export type RelocKind = (typeof RelocKind)[keyof typeof RelocKind];

export interface Reloc { readonly offset: number; readonly kind: RelocKind; readonly target: string; readonly addend: number }

export interface DataSymbol {
  readonly name: string;
  /** Bytes; shorter than size: the rest is zero; null: all zero. */
  readonly bytes: Uint8Array | null;
  readonly size: number;
  readonly align: number;
  readonly relocs: readonly Reloc[];
  /** Variables: one bit per 8-byte word that holds a pointer the collector must trace (may point into the heap). Empty: none. */
  readonly ptrmask: readonly number[];
  /** Never written: may be shared with equal data. */
  readonly readonly: boolean;
  /** For reflect's typelinks: the type's string (descriptor symbols that reflect must find), else ''. */
  readonly typelink: string;
}

/** A position: line and column in a file, the function it was written in, and the call it was inlined at (0 = none). */
export interface Position { readonly file: number; readonly line: number; readonly column: number; readonly func: string; readonly inlinedAt: number }

/** Wasm import used by a `//go:wasmimport` function. */
export interface HostImport { readonly module: string; readonly name: string; readonly params: readonly number[]; readonly results: readonly number[] }

export interface Program {
  readonly funcs: Map<string, Func>;
  readonly data: Map<string, DataSymbol>;
  readonly files: string[];
  /** Index 0 is "no position". */
  readonly positions: Position[];
  readonly imports: Map<string, HostImport>;
  /** `//go:wasmexport` functions: as src/abi/object.ts has them. */
  readonly exports: HostExport[];
  /** Go function `func()` that initialises all packages and calls main.main: a closure function. */
  readonly entry: string;
  /** Other root symbols that the kernel calls or reads by name (contract). */
  readonly roots: string[];
}

// What the code generator asks about the program round a function, and small helpers on IR values. The result's types
// are in abi/object.ts.
import type { Value } from '../ir/func.ts';
import { Type } from '../ir/type.ts';
import { ValType } from '../wasm/opcodes.ts';

/** What the code generator asks about other functions. */
export interface Callee { readonly closure: boolean; readonly suspends: boolean; readonly params: readonly Type[] }

export interface CodegenContext {
  /** The compiled function of that name; undefined if the program has none. */
  callee(name: string): Callee | undefined;
  /** Must the function compare its depth with the limit (it is in a call-graph cycle or callable indirectly)? */
  needsLimitCheck(name: string): boolean;
  /** Maps a position to the first one of the same line and inlining, so that checks of one line share a site. */
  linePos(pos: number): number;
  /** Write branch hints. */
  readonly hints: boolean;
  /** Sites times locals above which a function keeps its values in memory; for tests. */
  readonly maxSitesTimesLocals?: number;
}

/** Panic function of a failed nil check. */
export const nilPanic = 'runtime.sigpanic';

/** The wasm type of an IR type. */
export function valType(t: Type): number {
  switch (t) {
    case Type.i32: case Type.ptr: return ValType.i32;
    case Type.i64: return ValType.i64;
    case Type.f32: return ValType.f32;
    case Type.f64: return ValType.f64;
    default: return 0;
  }
}

/** Follows copies to the value itself. */
export function origin(v: Value, copyOp: number): Value {
  while (v.op === copyOp) v = v.args[0];
  return v;
}

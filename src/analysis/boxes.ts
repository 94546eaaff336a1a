// Boxes: what an interface's data word points to, where the value isn't a pointer itself. The builder makes those of common
// kinds by calls of gc's runtime.convT…, which need no memory for small and empty values; a box that does not escape becomes
// a stack object here instead. Their calls are never inlined, for nobody could recognise them any more.

import type { CallAux, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';

/** A box as memory: its size and pointer words, and the operations that store the call's arguments, with their offsets. */
export interface BoxShape {
  readonly size: number;
  readonly ptrmask: readonly number[];
  readonly stores: readonly (readonly [op: number, offset: number])[];
}

const shapes: Readonly<Record<string, BoxShape>> = {
  'runtime.convT16': { size: 2, ptrmask: [], stores: [[Op.store16, 0]] },
  'runtime.convT32': { size: 4, ptrmask: [], stores: [[Op.store_i32, 0]] },
  'runtime.convT64': { size: 8, ptrmask: [], stores: [[Op.store_i64, 0]] },
  'runtime.convTstring': { size: 16, ptrmask: [0b1], stores: [[Op.store_ptr, 0], [Op.store_i64, 8]] },
  'runtime.convTslice': { size: 24, ptrmask: [0b1], stores: [[Op.store_ptr, 0], [Op.store_i64, 8], [Op.store_i64, 16]] },
};

/** The shape of the box that the call v makes, or null. */
export function boxShape(v: Value): BoxShape | null {
  return v.op === Op.call ? (shapes[(v.aux as CallAux).sym] ?? null) : null;
}

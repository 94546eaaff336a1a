// Whether equality of a type is equality of all its bytes.
import { GoKind, type GoType } from './gotype.ts';

const cache = new WeakMap<GoType, boolean>();

/** Whether == on t is equality of its bytes: no padding, blank fields, floats, strings, interfaces. */
export function regularMemory(t: GoType): boolean {
  let r = cache.get(t);
  if (r === undefined) cache.set(t, (r = compute(t)));
  return r;
}

function compute(t: GoType): boolean {
  switch (t.kind) {
    case GoKind.Array: return t.len === 0 || regularMemory(t.elem!);
    case GoKind.Struct: {
      let end = 0;
      for (let i = 0; i < t.fields.length; i++) {
        const fld = t.fields[i]!;
        if (fld.name === '_' || t.offsets[i] !== end || !regularMemory(fld.type)) return false;
        end += fld.type.size;
      }
      return end === t.size;
    }
    case GoKind.Float32: case GoKind.Float64: case GoKind.Complex64: case GoKind.Complex128:
    case GoKind.String: case GoKind.Interface: case GoKind.Slice: case GoKind.Map: case GoKind.Func: return false;
    default: return true;
  }
}

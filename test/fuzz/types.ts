// The Go types that generated programs use, as their texts with what the generator must know of them.
import type { Random } from './random.ts';

export type Kind = 'int' | 'float' | 'string' | 'bool' | 'slice' | 'array' | 'map' | 'struct' | 'pointer' | 'iface' | 'func';

export interface GoType {
  readonly kind: Kind;
  readonly text: string;
  /** Element of slice, array, map, pointer; result of func (which takes none). */
  readonly elem?: GoType;
  readonly key?: GoType;
  readonly len?: number;
  readonly fields?: readonly { readonly name: string; readonly type: GoType }[];
  readonly bits?: number;
  readonly signed?: boolean;
  /** May be compared with ==. */
  readonly comparable: boolean;
}

const integer = (text: string, bits: number, signed: boolean): GoType => ({ kind: 'int', text, bits, signed, comparable: true });

export const int = integer('int', 64, true);
export const integers: readonly GoType[] = [
  int, int, int, integer('int8', 8, true), integer('int16', 16, true), integer('int32', 32, true), integer('int64', 64, true), integer('uint', 64, false),
  integer('uint8', 8, false), integer('uint16', 16, false), integer('uint32', 32, false), integer('uint64', 64, false), integer('uintptr', 64, false),
];
export const float64: GoType = { kind: 'float', text: 'float64', bits: 64, comparable: true };
export const float32: GoType = { kind: 'float', text: 'float32', bits: 32, comparable: true };
export const string: GoType = { kind: 'string', text: 'string', comparable: true };
export const bool: GoType = { kind: 'bool', text: 'bool', comparable: true };
export const any: GoType = { kind: 'iface', text: 'any', comparable: true };
export const shape: GoType = { kind: 'iface', text: 'shape', comparable: true };

export const slice = (elem: GoType): GoType => ({ kind: 'slice', text: `[]${elem.text}`, elem, comparable: false });
export const array = (len: number, elem: GoType): GoType => ({ kind: 'array', text: `[${len}]${elem.text}`, elem, len, comparable: elem.comparable });
export const map = (key: GoType, elem: GoType): GoType => ({ kind: 'map', text: `map[${key.text}]${elem.text}`, key, elem, comparable: false });
export const pointer = (elem: GoType): GoType => ({ kind: 'pointer', text: `*${elem.text}`, elem, comparable: true });
export const func = (elem: GoType): GoType => ({ kind: 'func', text: `func() ${elem.text}`, elem, comparable: false });

/** A named struct type with the fields given. */
export function struct(name: string, types: readonly GoType[]): GoType {
  const fields = types.map((type, i) => ({ name: `f${i}`, type }));
  return { kind: 'struct', text: name, fields, comparable: types.every((t) => t.comparable) };
}

export function scalar(r: Random): GoType {
  return r.pick([...integers, float64, float32, string, string, string, bool]);
}

/** A random type; `structs` are those that may occur in it. */
export function randomType(r: Random, structs: readonly GoType[], depth = 2): GoType {
  if (depth === 0 || r.oneIn(2)) return scalar(r);
  const sub = (): GoType => randomType(r, structs, depth - 1);
  switch (r.below(9)) {
    case 0: case 1: return slice(sub());
    case 2: return array(1 + r.below(5), sub());
    case 3: return map(r.pick([int, string, integers[4]!, bool, integers[8]!]), sub());
    case 4: case 5: return structs.length > 0 ? r.pick(structs) : scalar(r);
    case 6: return structs.length > 0 ? pointer(r.pick(structs)) : scalar(r);
    case 7: return r.pick([any, shape]);
    default: return func(scalar(r));
  }
}

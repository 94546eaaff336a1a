// The IR's own small type language: what a value is in a wasm local, and whether the collector must see it.
// It knows nothing of Go's types, so that the text form of a function can be parsed alone.

export const Type = { void: 0, i32: 1, i64: 2, f32: 3, f64: 4, ptr: 5, tuple: 6 } as const;
export type Type = (typeof Type)[keyof typeof Type];

export const typeNames: readonly string[] = ['void', 'i32', 'i64', 'f32', 'f64', 'ptr', 'tuple'];

/** Bytes that a value of type t takes in memory as a Go value (a ptr slot is 8 bytes). */
export function memorySize(t: Type): number {
  return t === Type.i32 || t === Type.f32 ? 4 : t === Type.void || t === Type.tuple ? 0 : 8;
}

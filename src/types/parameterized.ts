// Whether a type depends on type parameters, so that it has no size of its own.
import { TypeKind, type Type } from './model.ts';

/** Reports whether a type parameter occurs in t where it counts for t's size. */
export function isParameterizedType(t: Type): boolean {
  switch (t.kind) {
    case TypeKind.TypeParam:
      return true;
    case TypeKind.Named:
    case TypeKind.Alias:
      return t.typeArgs.some(isParameterizedType);
    case TypeKind.Array:
      return isParameterizedType(t.elem);
    case TypeKind.Struct:
      return t.fields.some((f) => isParameterizedType(f.type));
  }
  return false;
}

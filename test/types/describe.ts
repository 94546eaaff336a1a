// The canonical text of what a package exports, the same as oracle/describe.go prints with go/types.
import { exactString } from '../../src/constant/format.ts';
import { methodSet } from '../../src/types/methodset.ts';
import type { Obj, Package, Type } from '../../src/types/model.ts';
import { ObjKind, Pointer, TypeKind, isExported, under } from '../../src/types/model.ts';
import { isGeneric, isInterface } from '../../src/types/predicates.ts';
import { wasmSizes } from '../../src/types/sizes.ts';
import { objectString, typeString } from '../../src/types/typestring.ts';

/** Returns one line per exported object, method and size. */
export function describePackage(pkg: Package): string[] {
  const out: string[] = [];
  for (const name of pkg.scope.names()) {
    const obj = pkg.scope.lookup(name)!;
    out.push(...describeObject(pkg, obj));
  }
  return out;
}

function describeObject(pkg: Package, obj: Obj): string[] {
  const line = `${pkg.path}: ${objectString(obj, null)}`;
  const out = [obj.kind === ObjKind.Const && obj.val !== null ? `${line} = ${exactString(obj.val)}` : line];
  if (obj.kind !== ObjKind.TypeName || obj.isAlias) return out;
  const t: Type = obj.type;
  if (t.kind !== TypeKind.Named || isGeneric(t)) return out;
  const u = under(t);
  if (!isInterface(t)) out.push(`${pkg.path}: size ${obj.name} ${wasmSizes.sizeof(t)} ${wasmSizes.alignof(t)}`);
  if (u.kind === TypeKind.Struct) out.push(`${pkg.path}: offsets ${obj.name} ${wasmSizes.offsetsof(u.fields).join(' ')}`.trimEnd());
  for (const recv of [t, new Pointer(t)]) {
    for (const s of methodSet(recv)) {
      if (!isExported(s.obj.name)) continue;
      out.push(
        `${pkg.path}: method (${typeString(recv, null)}) ${s.obj.name} ${s.index.join('.')} ${s.indirect} ${typeString(s.obj.type, null)}`,
      );
    }
  }
  return out;
}

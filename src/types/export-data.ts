// Which unexported objects of an imported package gc knows of. Its export data has those that exported ones need, so it says
// "name f not exported by package p" of these and "undefined: p.f" of the others. Only asked when there is an error.
import { Kind, type Node } from '../syntax/ast.ts';
import { walk } from '../syntax/walk.ts';
import { declared, ObjKind, TypeKind, type Obj, type Package, type Type } from './model.ts';

/** Reports whether gc's export data of pkg has the unexported package-level object. */
export function isInExportData(pkg: Package, obj: Obj): boolean {
  if (obj.kind === ObjKind.TypeName) return reachableTypes(pkg).has(obj);
  return pkg.scope.names().some((name) => {
    const other = pkg.scope.lookup(name)!;
    if (!other.exported || other.kind !== ObjKind.Func || other.decl === null) return false;
    const body = other.decl.fdecl?.body;
    // Only functions this small are certain to be inlined, and so to be in the export data with what they use.
    return body != null && body.list.length === 1 && mentions(body.list[0], obj.name);
  });
}

function mentions(n: Node, name: string): boolean {
  let found = false;
  walk(n, (m) => {
    if (m.kind === Kind.Ident && m.name === name) found = true;
    return !found;
  });
  return found;
}

/** The type names that exported objects' types mention, on and on. */
function reachableTypes(pkg: Package): Set<Obj> {
  const seen = new Set<Type>();
  const names = new Set<Obj>();
  const visit = (t: Type | null): void => {
    if (t === null || seen.has(t)) return;
    seen.add(t);
    switch (t.kind) {
      case TypeKind.Named:
        names.add(t.obj);
        if (t.obj.pkg !== pkg) return;
        visit(t.rhs());
        for (let i = 0; i < t.numMethods(); i++) visit(declared(t.method(i)).type);
        return;
      case TypeKind.Alias:
        names.add(t.obj);
        return visit(t.fromRhs);
      case TypeKind.Pointer:
      case TypeKind.Slice:
      case TypeKind.Array:
      case TypeKind.Chan:
        return visit(t.elem);
      case TypeKind.Map:
        visit(t.key);
        return visit(t.elem);
      case TypeKind.Struct:
        return t.fields.forEach((f) => visit(f.type));
      case TypeKind.Tuple:
        return t.vars.forEach((v) => visit(v.type));
      case TypeKind.Signature:
        visit(t.params);
        return visit(t.results);
      case TypeKind.Interface:
        for (const m of t.methods) visit(m.type);
        return t.embeddeds.forEach(visit);
    }
  };
  for (const name of pkg.scope.names()) {
    const obj = pkg.scope.lookup(name)!;
    if (obj.exported) visit(declared(obj).type);
  }
  return names;
}

// TypeTable: translates the checker's types to GoTypes under an environment of type arguments, and makes equal ones one
// object. Translations that mention no type parameter are cached for good by the checker's type id; the others per TypeEnv.
//
// A defined type is identified by its declaration and its type arguments; one declared inside a generic function also by
// that function's arguments, since each instance of the function has its own type.

import { Bug } from '../base/bug.ts';
import type { File } from '../syntax/ast.ts';
import * as model from '../types/model.ts';
import { TypeKind, unalias, type Func, type Type } from '../types/model.ts';
import { typeSet } from '../types/typeset.ts';
import { GoChanDir, GoKind, GoType, type GoField, type GoIMethod, type NamedInfo, TypeEnv } from './gotype.ts';
import { localTypeNumbers, type LocalTypeNumbers } from './localtypes.ts';
import { compareMethods } from './methods.ts';

/** GoKind by BasicKind; untyped constants have their default type's. */
const basicKinds: readonly number[] = [
  0, GoKind.Bool, GoKind.Int, GoKind.Int8, GoKind.Int16, GoKind.Int32, GoKind.Int64, GoKind.Uint, GoKind.Uint8, GoKind.Uint16,
  GoKind.Uint32, GoKind.Uint64, GoKind.Uintptr, GoKind.Float32, GoKind.Float64, GoKind.Complex64, GoKind.Complex128, GoKind.String,
  GoKind.UnsafePointer, GoKind.Bool, GoKind.Int, GoKind.Int32, GoKind.Float64, GoKind.Complex128, GoKind.String, GoKind.Nil,
];

export class TypeTable {
  private readonly closed: (GoType | undefined)[] = [];
  private readonly basics: GoType[] = [];
  private readonly interned = new Map<string, GoType>();
  private readonly namedTypes = new Map<string, GoType>();
  private readonly envs = new Map<string, TypeEnv>();
  /** Counts look-ups of type parameters (and local types), to see whether a translation depends on its environment. */
  private envUses = 0;
  private readonly vargens = new Map<model.Package, LocalTypeNumbers>();
  private readonly filesOf: (p: model.Package) => readonly File[];

  /** `filesOf`: the files of a package, in order. */
  constructor(filesOf: (p: model.Package) => readonly File[]) {
    this.filesOf = filesOf;
    for (let k = 0; k <= GoKind.Nil; k++) {
      if (k === GoKind.Invalid || k <= GoKind.Complex128 || k === GoKind.String || k === GoKind.UnsafePointer || k === GoKind.Nil) this.basics[k] = this.make(k as GoKind, null);
    }
  }

  private make(kind: GoKind, named: NamedInfo | null): GoType { return new GoType(kind, named); }

  // ---- constructors

  basic(kind: number): GoType { return this.basics[kind]!; }

  pointerTo(t: GoType): GoType {
    if (t.ptr === null) { t.ptr = this.make(GoKind.Pointer, null); t.ptr.elem = t; }
    return t.ptr;
  }

  sliceOf(t: GoType): GoType {
    if (t.slice === null) { t.slice = this.make(GoKind.Slice, null); t.slice.elem = t; }
    return t.slice;
  }

  private intern(key: string, kind: GoKind, fill: (t: GoType) => void): GoType {
    let t = this.interned.get(key);
    if (t === undefined) {
      t = this.make(kind, null);
      fill(t);
      this.interned.set(key, t);
    }
    return t;
  }

  arrayOf(elem: GoType, len: number): GoType {
    return this.intern(`a${len},${elem.id}`, GoKind.Array, (t) => { t.elem = elem; t.len = len; });
  }

  mapOf(key: GoType, elem: GoType): GoType {
    return this.intern(`m${key.id},${elem.id}`, GoKind.Map, (t) => { t.key = key; t.elem = elem; });
  }

  chanOf(elem: GoType, dir: number): GoType {
    return this.intern(`c${dir},${elem.id}`, GoKind.Chan, (t) => { t.elem = elem; t.dir = dir; });
  }

  funcOf(params: readonly GoType[], results: readonly GoType[], variadic: boolean): GoType {
    let key = variadic ? 'v' : 'f';
    for (const p of params) key += `${p.id},`;
    key += ':';
    for (const r of results) key += `${r.id},`;
    return this.intern(key, GoKind.Func, (t) => { t.params = params; t.results = results; t.variadic = variadic; });
  }

  tupleOf(list: readonly GoType[]): GoType {
    return this.intern(`t${list.map((p) => p.id).join(',')}`, GoKind.Tuple, (t) => { t.params = list; });
  }

  structOf(fields: readonly GoField[]): GoType {
    let key = 's';
    for (const f of fields) {
      key += `${f.embedded ? '!' : ''}${f.pkg === '' ? f.name : `${f.pkg}.${f.name}`}:${f.type.id}`;
      key += f.tag === '' ? ';' : `"${f.tag.length}${f.tag};`;
    }
    return this.intern(key, GoKind.Struct, (t) => { t.fields = fields; });
  }

  /** A struct made by the compiler; its fields are named as exported ones. */
  plainStruct(fields: readonly { name: string; type: GoType }[]): GoType {
    return this.structOf(fields.map((f) => ({ name: f.name, pkg: '', type: f.type, embedded: false, tag: '' })));
  }

  interfaceOf(methods: readonly GoIMethod[]): GoType {
    const list = [...methods].sort(compareMethods);
    let key = 'i';
    for (const m of list) key += `${m.pkg === '' ? m.name : `${m.pkg}.${m.name}`}:${m.sig.id};`;
    return this.intern(key, GoKind.Interface, (t) => { t.imethods = list; });
  }

  /** The environment in which tparams stand for targs, one object per list; null for empty lists without a parent. */
  envOf(parent: TypeEnv | null, tparams: readonly model.TypeParam[], targs: readonly GoType[]): TypeEnv | null {
    if (tparams.length === 0) return parent;
    let key = `${tparams[0]!.id}:${parent === null ? '' : parent.key};`;
    for (const t of targs) key += `${t.id},`;
    let e = this.envs.get(key);
    if (e === undefined) this.envs.set(key, (e = new TypeEnv(parent, tparams, targs)));
    return e;
  }

  // ---- translation

  /** The GoType that t denotes in env. */
  of(t: Type, env: TypeEnv | null): GoType {
    const known = this.closed[t.id];
    if (known !== undefined) return known;
    if (env !== null) {
      const here = env.cache.get(t.id);
      if (here !== undefined) {
        this.envUses++;
        return here;
      }
    }
    const before = this.envUses;
    const out = this.translate(t, env);
    if (this.envUses === before || env === null) this.closed[t.id] = out;
    else env.cache.set(t.id, out);
    return out;
  }

  private list(tuple: model.Tuple, env: TypeEnv | null): GoType[] {
    return tuple.vars.map((v) => this.of(v.type, env));
  }

  private translate(t: Type, env: TypeEnv | null): GoType {
    switch (t.kind) {
      case TypeKind.Basic: return this.basics[basicKinds[t.basic]!]!;
      case TypeKind.Alias: return this.of(unalias(t), env);
      case TypeKind.Named: return this.translateNamed(t, env);
      case TypeKind.Pointer: return this.pointerTo(this.of(t.elem, env));
      case TypeKind.Slice: return this.sliceOf(this.of(t.elem, env));
      case TypeKind.Array: return this.arrayOf(this.of(t.elem, env), t.len);
      case TypeKind.Map: return this.mapOf(this.of(t.key, env), this.of(t.elem, env));
      case TypeKind.Chan: {
        const dir = t.dir === model.ChanDir.SendRecv ? GoChanDir.Both : t.dir === model.ChanDir.SendOnly ? GoChanDir.Send : GoChanDir.Recv;
        return this.chanOf(this.of(t.elem, env), dir);
      }
      case TypeKind.Signature: return this.funcOf(this.list(t.params, env), this.list(t.results, env), t.variadic);
      case TypeKind.Tuple: return this.tupleOf(this.list(t, env));
      case TypeKind.Struct:
        return this.structOf(t.fields.map((f, i) => ({ name: f.name, pkg: pkgOfName(f), type: this.of(f.type, env), embedded: f.embedded, tag: t.tag(i) })));
      case TypeKind.Interface:
        return this.interfaceOf(typeSet(t).methods.map((m) => ({ name: m.name, pkg: pkgOfName(m), sig: this.of(m.type, env) })));
      case TypeKind.TypeParam: {
        this.envUses++;
        const arg = env === null ? null : env.lookup(t);
        if (arg === null) throw new Bug('build', '', `type parameter ${t.obj.name} is not bound`);
        return arg;
      }
      default: throw new Bug('build', '', `type of kind ${t.kind} is no type of a value`);
    }
  }

  private translateNamed(t: model.Named, env: TypeEnv | null): GoType {
    const origin = t.origin;
    let outer: TypeEnv | null = null;
    if (isLocal(origin.obj) && env !== null) {
      // A local type belongs to the instance of the function around it. A package-level type's environment has none.
      this.envUses++;
      outer = functionEnv(env, origin);
    }
    return this.instanceOf(origin, outer, t.typeArgs.length === 0 ? noTypes : t.typeArgs.map((a) => this.of(a, env)));
  }

  /** The instance of a package-level type with these arguments; the type itself where it has no parameters. */
  namedOf(origin: model.Named, targs: readonly GoType[]): GoType { return this.instanceOf(origin, null, targs); }

  private instanceOf(origin: model.Named, outer: TypeEnv | null, explicit: readonly GoType[]): GoType {
    let key = `${origin.id}`;
    if (outer !== null) key += `@${outer.key}`;
    for (const a of explicit) key += `,${a.id}`;
    let g = this.namedTypes.get(key);
    if (g !== undefined) return g;
    const implicit = outer === null ? noTypes : outer.all();
    const info: NamedInfo = {
      decl: origin, obj: origin.obj, targs: [...implicit, ...explicit], implicits: implicit.length,
      env: this.envOf(outer, origin.tparams, explicit), vargen: isLocal(origin.obj) ? this.vargen(origin.obj) : 0,
    };
    g = this.make(this.kindOf(origin, info.env), info);
    this.namedTypes.set(key, g);
    this.completeNamed(g, origin, info.env);
    return g;
  }

  /** Kind of the underlying type, found without translating it. */
  private kindOf(origin: model.Named, env: TypeEnv | null): GoKind {
    const u = origin.underlying();
    switch (u.kind) {
      case TypeKind.Basic: return basicKinds[u.basic]! as GoKind;
      case TypeKind.Pointer: return GoKind.Pointer;
      case TypeKind.Slice: return GoKind.Slice;
      case TypeKind.Array: return GoKind.Array;
      case TypeKind.Map: return GoKind.Map;
      case TypeKind.Chan: return GoKind.Chan;
      case TypeKind.Signature: return GoKind.Func;
      case TypeKind.Struct: return GoKind.Struct;
      case TypeKind.Interface: return GoKind.Interface;
      default: return this.of(u, env).kind;
    }
  }

  /** Fills in a named type. Nested named types come back here; the depth is that of the declarations. */
  private completeNamed(g: GoType, origin: model.Named, env: TypeEnv | null): void {
    const before = this.envUses;
    const u = this.of(origin.underlying(), env);
    this.envUses = before;
    g.underlying = u;
    g.elem = u.elem; g.key = u.key; g.len = u.len; g.dir = u.dir;
    g.fields = u.fields; g.params = u.params; g.results = u.results; g.variadic = u.variadic; g.imethods = u.imethods;
  }

  /** The number that tells a local type from others of its name in its package. */
  private vargen(obj: model.TypeName): number {
    let numbers = this.vargens.get(obj.pkg!);
    if (numbers === undefined) this.vargens.set(obj.pkg!, (numbers = localTypeNumbers(this.filesOf(obj.pkg!))));
    const n = numbers(obj.pos);
    if (n === undefined) throw new Bug('build', '', `local type ${obj.name} has no number`);
    return n;
  }
}

const noTypes: readonly GoType[] = [];

function pkgOfName(o: model.Var | Func): string {
  return model.isExported(o.name) || o.pkg === null ? '' : o.pkg.path;
}

/** Whether a type is declared inside a function. */
function isLocal(obj: model.TypeName): boolean {
  return obj.pkg !== null && obj.parent !== obj.pkg.scope && obj.parent !== null;
}

/** The part of env that belongs to the function around a local type, without the type's own parameters. */
function functionEnv(env: TypeEnv, origin: model.Named): TypeEnv | null {
  let e: TypeEnv | null = env;
  while (e !== null && origin.tparams.length !== 0 && e.tparams[0] === origin.tparams[0]) e = e.parent;
  return e;
}

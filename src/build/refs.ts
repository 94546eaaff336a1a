// References to types, functions and variables as texts that mean the same in another build: what the records of jobs
// (jobs.ts) hold in place of the checker's objects. Types declared inside functions have none.

import type { Func as FuncObj, Named, Obj, Package, Var } from '../types/model.ts';
import { declared, ObjKind, TypeKind, unalias } from '../types/model.ts';
import { universe } from '../types/universe.ts';
import { GoKind, type GoField, type GoIMethod, type GoType } from './gotype.ts';
import type { TypeTable } from './typetable.ts';

/** Something that has no reference, or a reference to something that is not there. */
export class NoReference extends Error {}

/** Text of a type. */
export function writeType(t: GoType): string {
  const list = (types: readonly GoType[]): string => `${types.length};${types.map(writeType).join('')}`;
  if (t.named !== null) {
    const { obj, targs, vargen, implicits } = t.named;
    if (vargen !== 0 || implicits !== 0) throw new NoReference(obj.name);
    return `N${obj.pkg === null ? '' : obj.pkg.path}|${obj.name}|${list(targs)}`;
  }
  switch (t.kind) {
    case GoKind.Pointer: return `P${writeType(t.elem!)}`;
    case GoKind.Slice: return `S${writeType(t.elem!)}`;
    case GoKind.Array: return `A${t.len};${writeType(t.elem!)}`;
    case GoKind.Chan: return `C${t.dir};${writeType(t.elem!)}`;
    case GoKind.Map: return `M${writeType(t.key!)}${writeType(t.elem!)}`;
    case GoKind.Func: return `F${t.variadic ? 1 : 0};${list(t.params)}${list(t.results)}`;
    case GoKind.Tuple: return `U${list(t.params)}`;
    case GoKind.Struct: return `T${t.fields.length};${t.fields.map((f) => `${f.name}|${f.pkg}|${f.embedded ? 1 : 0};${f.tag.length};${f.tag}${writeType(f.type)}`).join('')}`;
    case GoKind.Interface: return `I${t.imethods.length};${t.imethods.map((m) => `${m.name}|${m.pkg}|${writeType(m.sig)}`).join('')}`;
    default: return `b${t.kind};`;
  }
}

/** Text of a declared function or method. */
export function writeFunc(f: FuncObj): string {
  if (f.pkg === null) throw new NoReference(f.name);
  if (f.recvBase !== null) return `${f.pkg.path}|${f.recvBase.name}|${f.name}`;
  const recv = declared(f).type.recv;
  if (recv === null) {
    if (f.pkg.scope.lookup(f.name) !== f) throw new NoReference(f.name);
    return `${f.pkg.path}||${f.name}`;
  }
  const t = unalias(recv.type);
  const named = unalias(t.kind === TypeKind.Pointer ? t.elem : t);
  if (named.kind !== TypeKind.Named) throw new NoReference(f.name);
  return `${f.pkg.path}|${named.origin.obj.name}|${f.name}`;
}

/** Text of a package-level variable. */
export function writeVar(v: Var): string {
  if (v.pkg === null || v.pkg.scope.lookup(v.name) !== v) throw new NoReference(v.name);
  return `${v.pkg.path}|${v.name}`;
}

/** Reads references back. */
export class RefReader {
  private readonly packages: ReadonlyMap<string, Package>;
  private readonly types: TypeTable;
  private readonly known = new Map<string, GoType>();
  private text = '';
  private at = 0;

  constructor(packages: ReadonlyMap<string, Package>, types: TypeTable) {
    this.packages = packages;
    this.types = types;
  }

  func(text: string): FuncObj {
    const [path, recv, name] = text.split('|') as [string, string, string];
    if (recv === '') {
      const o = this.packages.get(path)?.scope.lookup(name) ?? null;
      if (o !== null && o.kind === ObjKind.Func) return o;
    } else {
      const m = this.named(path, recv).methods.find((x) => x.name === name);
      if (m !== undefined) return m;
    }
    throw new NoReference(text);
  }

  variable(text: string): Var {
    const [path, name] = text.split('|') as [string, string];
    const o = this.packages.get(path)?.scope.lookup(name) ?? null;
    if (o === null || o.kind !== ObjKind.Var) throw new NoReference(text);
    return o;
  }

  type(text: string): GoType {
    let t = this.known.get(text);
    if (t === undefined) {
      this.text = text;
      this.at = 0;
      t = this.read();
      this.known.set(text, t);
    }
    return t;
  }

  private object(path: string, name: string): Obj {
    const o = path === '' ? universe.lookup(name) : (this.packages.get(path)?.scope.lookup(name) ?? null);
    if (o === null) throw new NoReference(`${path}.${name}`);
    return declared(o);
  }

  private named(path: string, name: string): Named {
    const o = this.object(path, name);
    const t = o.kind === ObjKind.TypeName ? unalias(o.type) : null;
    if (t === null || t.kind !== TypeKind.Named) throw new NoReference(`${path}.${name}`);
    return t;
  }

  private until(end: string): string {
    const to = this.text.indexOf(end, this.at);
    if (to < 0) throw new NoReference(this.text);
    const s = this.text.slice(this.at, to);
    this.at = to + 1;
    return s;
  }

  private number(): number { return Number(this.until(';')); }

  private list(): GoType[] { return this.times((): GoType => this.read()); }

  private times<T>(one: () => T): T[] {
    const out: T[] = [];
    for (let n = this.number(); n > 0; n--) out.push(one());
    return out;
  }

  private read(): GoType {
    const { types } = this;
    switch (this.text[this.at++]) {
      case 'N': {
        const path = this.until('|');
        const origin = this.named(path, this.until('|'));
        return types.namedOf(origin, this.list());
      }
      case 'P': return types.pointerTo(this.read());
      case 'S': return types.sliceOf(this.read());
      case 'A': { const len = this.number(); return types.arrayOf(this.read(), len); }
      case 'C': { const dir = this.number(); return types.chanOf(this.read(), dir); }
      case 'M': { const key = this.read(); return types.mapOf(key, this.read()); }
      case 'F': { const variadic = this.number() === 1; const params = this.list(); return types.funcOf(params, this.list(), variadic); }
      case 'U': return types.tupleOf(this.list());
      case 'T': return types.structOf(this.times(() => this.field()));
      case 'I': return types.interfaceOf(this.times(() => this.method()));
      case 'b': return types.basic(this.number());
      default: throw new NoReference(this.text);
    }
  }

  private field(): GoField {
    const name = this.until('|');
    const pkg = this.until('|');
    const embedded = this.number() === 1;
    const length = this.number();
    const tag = this.text.slice(this.at, this.at + length);
    this.at += length;
    return { name, pkg, embedded, tag, type: this.read() };
  }

  private method(): GoIMethod {
    const name = this.until('|');
    const pkg = this.until('|');
    return { name, pkg, sig: this.read() };
  }
}

/** The packages that decide what the types are, besides `pkg`; null if one is declared in a function: equal names may mean different ones of those. */
export function homeOf(pkg: Package, types: readonly GoType[]): Set<Package> | null {
  const out = new Set([pkg]);
  return types.every((t) => addPackages(t, out)) ? out : null;
}

function addPackages(t: GoType, out: Set<Package>): boolean {
  const all = (types: readonly GoType[]): boolean => types.every((x) => addPackages(x, out));
  if (t.named !== null) {
    if (t.named.obj.pkg !== null) out.add(t.named.obj.pkg);
    return t.named.vargen === 0 && all(t.named.targs);
  }
  return (t.elem === null || addPackages(t.elem, out)) && (t.key === null || addPackages(t.key, out))
    && all(t.fields.map((f) => f.type)) && all(t.params) && all(t.results) && all(t.imethods.map((m) => m.sig));
}

// The text of types and objects, letter by letter as types2 prints them.
// In: a type and a qualifier for package names (null: full import paths). Out: a string.
import type { Func, Obj, Package, Signature, Tuple, Type, TypeName, TypeParam } from './model.ts';
import { ChanDir, ObjKind, TypeKind, isExported, under } from './model.ts';
import { universe, universeAny, universeComparable, unsafePackage } from './universe.ts';
import { quote } from './quote.ts';

/** Returns what to put before the dot in front of a name from pkg; '' for nothing. Null means the import path. */
export type Qualifier = ((pkg: Package) => string) | null;

/** Formats a position, for the rare messages with one inside a type. */
export type PosFormat = ((pos: number) => string) | null;

/** Returns the text of a type. */
export function typeString(t: Type | null, qf: Qualifier, posFormat: PosFormat = null): string {
  const w = new TypeWriter(qf);
  w.posFormat = posFormat;
  w.type(t);
  return w.buf;
}

/** Returns "[T1, T2]". */
export function typeListString(list: readonly (Type | null)[], qf: Qualifier): string {
  const w = new TypeWriter(qf);
  w.buf += '[';
  list.forEach((t, i) => {
    if (i > 0) w.buf += ', ';
    w.type(t);
  });
  return w.buf + ']';
}

/** Returns the text of a signature without "func": "(x int) string". */
export function signatureString(sig: Signature, qf: Qualifier, paramNames = true): string {
  const w = new TypeWriter(qf);
  w.paramNames = paramNames;
  w.signature(sig);
  return w.buf;
}

/** Returns name and signature of a method as explanations show it. With pkgInfo, unexported fields tell their package. */
export function funcString(f: Func, qf: Qualifier, pkgInfo: boolean): string {
  const w = new TypeWriter(pkgInfo ? null : qf);
  w.pkgInfo = pkgInfo;
  w.paramNames = false;
  w.buf = f.name;
  w.signature(f.type);
  return w.buf;
}

/** Lengths beyond 2^53 are only known approximately. */
function lengthText(n: number): string {
  if (n <= Number.MAX_SAFE_INTEGER) return String(n);
  return n >= 2 ** 63 ? '9223372036854775807' : String(BigInt(n));
}

/** Returns the package prefix of a name. */
export function packagePrefix(pkg: Package | null, qf: Qualifier): string {
  if (pkg === null) return '';
  const s = qf === null ? pkg.path : qf(pkg);
  return s === '' ? '' : s + '.';
}

class TypeWriter {
  buf = '';
  paramNames = true;
  pkgInfo = false;
  posFormat: PosFormat = null;
  private readonly qf: Qualifier;
  private readonly open: Type[] = [];

  constructor(qf: Qualifier) {
    this.qf = qf;
  }

  type(t: Type | null): void {
    if (t === null || t === undefined) {
      this.buf += '<nil>';
      return;
    }
    if (this.open.includes(t)) {
      this.buf += `<cycle to *${kindName(t)}>`;
      return;
    }
    this.open.push(t);
    this.write(t);
    this.open.pop();
  }

  private write(t: Type): void {
    switch (t.kind) {
      case TypeKind.Basic:
        this.buf += t.name === 'Pointer' ? packagePrefix(unsafePackage, this.qf) + t.name : t.name;
        break;
      case TypeKind.Array:
        this.buf += `[${lengthText(t.len)}]`;
        this.type(t.elem);
        break;
      case TypeKind.Slice:
        this.buf += '[]';
        this.type(t.elem);
        break;
      case TypeKind.Struct:
        this.struct(t);
        break;
      case TypeKind.Pointer:
        this.buf += '*';
        this.type(t.elem);
        break;
      case TypeKind.Tuple:
        this.tuple(t, false);
        break;
      case TypeKind.Signature:
        this.buf += 'func';
        this.signature(t);
        break;
      case TypeKind.Union:
        t.terms.forEach((term, i) => {
          if (i > 0) this.buf += ' | ';
          if (term.tilde) this.buf += '~';
          this.type(term.type);
        });
        break;
      case TypeKind.Interface:
        this.interface(t);
        break;
      case TypeKind.Map:
        this.buf += 'map[';
        this.type(t.key);
        this.buf += ']';
        this.type(t.elem);
        break;
      case TypeKind.Chan:
        this.chan(t);
        break;
      case TypeKind.Named:
        this.typeName(t.obj);
        if (t.inst !== null) this.typeList(t.inst.targs);
        else if (t.tparams.length > 0) this.typeParams(t.tparams);
        break;
      case TypeKind.Alias:
        this.typeName(t.obj);
        if (t.targs.length > 0) this.typeList(t.targs);
        else if (t.tparams.length > 0) this.typeParams(t.tparams);
        break;
      case TypeKind.TypeParam:
        this.buf += t.obj.name;
        // A type parameter that hides a predeclared name would confuse.
        if (universe.lookup(t.obj.name) !== null) {
          const at = this.posFormat === null ? '' : ` with ${t.obj.name} declared at ${this.posFormat(t.obj.pos)}`;
          this.buf += at === '' ? '/* type parameter */' : ` /*${at} */`;
        }
        break;
    }
  }

  private struct(t: Type & { kind: typeof TypeKind.Struct }): void {
    this.buf += 'struct{';
    t.fields.forEach((f, i) => {
      if (i > 0) this.buf += '; ';
      let note = '';
      if (this.qf === null && this.pkgInfo && !isExported(f.name)) {
        note = ` /* package ${f.pkg === null ? '' : f.pkg.path} */ `;
        this.pkgInfo = false;
      }
      if (!f.embedded) this.buf += f.name + ' ';
      this.type(f.type);
      this.buf += note;
      const tag = t.tag(i);
      if (tag !== '') this.buf += ' ' + quote(tag);
    });
    this.buf += '}';
  }

  private interface(t: Type & { kind: typeof TypeKind.Interface }): void {
    if (t === under(universeAny.type)) {
      this.buf += 'any';
      return;
    }
    if (t === under(universeComparable.type)) {
      this.buf += 'interface{comparable}';
      return;
    }
    if (t.implicit) {
      if (t.methods.length === 0 && t.embeddeds.length === 1) {
        this.type(t.embeddeds[0]);
        return;
      }
      this.buf += '/* implicit */ ';
    }
    this.buf += 'interface{';
    let first = true;
    for (const m of t.methods) {
      if (!first) this.buf += '; ';
      first = false;
      this.buf += m.name;
      this.signature(m.type);
    }
    for (const e of t.embeddeds) {
      if (!first) this.buf += '; ';
      first = false;
      this.type(e);
    }
    this.buf += '}';
  }

  private chan(t: Type & { kind: typeof TypeKind.Chan }): void {
    this.buf += t.dir === ChanDir.SendRecv ? 'chan ' : t.dir === ChanDir.SendOnly ? 'chan<- ' : '<-chan ';
    const e = t.elem;
    const parens = t.dir === ChanDir.SendRecv && e !== null && e.kind === TypeKind.Chan && e.dir === ChanDir.RecvOnly;
    if (parens) this.buf += '(';
    this.type(e);
    if (parens) this.buf += ')';
  }

  private typeList(list: readonly Type[]): void {
    this.buf += '[';
    list.forEach((t, i) => {
      if (i > 0) this.buf += ', ';
      this.type(t);
    });
    this.buf += ']';
  }

  typeParams(list: readonly TypeParam[]): void {
    this.buf += '[';
    let prev: Type | null = null;
    list.forEach((p, i) => {
      if (i > 0) {
        if (p.bound !== prev) {
          this.buf += ' ';
          this.type(prev);
        }
        this.buf += ', ';
      }
      prev = p.bound;
      this.type(p);
    });
    if (prev !== null) {
      this.buf += ' ';
      this.type(prev);
    }
    this.buf += ']';
  }

  private typeName(obj: TypeName): void {
    this.buf += packagePrefix(obj.pkg, this.qf) + obj.name;
  }

  private tuple(t: Tuple, variadic: boolean): void {
    this.buf += '(';
    t.vars.forEach((v, i) => {
      if (i > 0) this.buf += ', ';
      if (v.name !== '' && this.paramNames) this.buf += v.name + ' ';
      const vt = v.type;
      if (variadic && i === t.vars.length - 1) {
        if (vt.kind === TypeKind.Slice) {
          this.buf += '...';
          this.type(vt.elem);
        } else {
          // append([]byte, string...)
          this.type(vt);
          this.buf += '...';
        }
      } else this.type(vt);
    });
    this.buf += ')';
  }

  signature(sig: Signature): void {
    if (sig.tparams.length > 0) this.typeParams(sig.tparams);
    this.tuple(sig.params, sig.variadic);
    const results = sig.results.vars;
    if (results.length === 0) return;
    this.buf += ' ';
    if (results.length === 1 && results[0].name === '') this.type(results[0].type);
    else this.tuple(sig.results, false);
  }
}

const kindNames = [
  'Basic',
  'Named',
  'Alias',
  'Pointer',
  'Slice',
  'Array',
  'Map',
  'Chan',
  'Struct',
  'Tuple',
  'Signature',
  'Interface',
  'Union',
  'TypeParam',
];

function kindName(t: Type): string {
  return kindNames[t.kind];
}

/** Returns the text of an object: what it is, its name and its type. */
export function objectString(obj: Obj, qf: Qualifier): string {
  switch (obj.kind) {
    case ObjKind.PkgName: {
      const path = obj.imported.path;
      return `package ${obj.name}` + (path !== '' && path !== obj.name ? ` (${JSON.stringify(path)})` : '');
    }
    case ObjKind.Const:
      return 'const ' + named(obj, qf) + suffix(obj.type, qf);
    case ObjKind.TypeName:
      return typeNameString(obj, qf);
    case ObjKind.Var:
      return (obj.isField ? 'field ' : 'var ') + named(obj, qf) + suffix(obj.type, qf);
    case ObjKind.Func:
      return 'func ' + funcName(obj, qf) + (obj.type === null ? '' : signatureString(obj.type, qf));
    case ObjKind.Label:
      return 'label ' + obj.name;
    case ObjKind.Builtin:
      return 'builtin ' + obj.name;
    case ObjKind.Nil:
      return 'nil';
  }
}

function named(obj: Obj, qf: Qualifier): string {
  const pkg = obj.pkg;
  return (pkg !== null && pkg.scope.lookup(obj.name) === obj ? packagePrefix(pkg, qf) : '') + obj.name;
}

function suffix(t: Type | null, qf: Qualifier): string {
  return t === null ? '' : ' ' + typeString(t, qf);
}

function typeNameString(obj: TypeName, qf: Qualifier): string {
  let t: Type | null = obj.type;
  let s = (t !== null && t.kind === TypeKind.TypeParam ? 'type parameter ' : 'type ') + named(obj, qf);
  if (t === null) return s;
  if (t.kind === TypeKind.Basic) return s;
  if ((t.kind === TypeKind.Named || t.kind === TypeKind.Alias) && t.typeParams.length > 0) {
    const w = new TypeWriter(qf);
    w.typeParams(t.typeParams);
    s += w.buf;
  }
  if (obj === universeAny) return s + ' = interface{}';
  if (obj.isAlias) {
    s += ' =';
    if (t.kind === TypeKind.Alias) t = t.fromRhs;
  } else if (t.kind === TypeKind.TypeParam) t = t.bound;
  else t = under(t);
  return s + suffix(t, qf);
}

/** Returns the full name of a function or method: p.F, (p.T).M, (*p.T).M. */
export function funcName(f: Func, qf: Qualifier): string {
  const recv = f.type === null ? null : f.type.recv;
  if (recv === null) return packagePrefix(f.pkg, qf) + f.name;
  const t = recv.type;
  return `(${t.kind === TypeKind.Interface ? 'interface' : typeString(t, qf)}).${f.name}`;
}

const varKindNames = ['', 'package-level variable', 'local variable', 'receiver', 'parameter', 'result variable', 'struct field'];

/** Says what kind of object obj is, for messages. */
export function objectKind(obj: Obj): string {
  switch (obj.kind) {
    case ObjKind.PkgName:
      return 'package name';
    case ObjKind.Const:
      return 'constant';
    case ObjKind.TypeName:
      if (obj.isAlias) return 'type alias';
      return obj.type !== null && obj.type.kind === TypeKind.TypeParam ? 'type parameter' : 'defined type';
    case ObjKind.Var:
      return varKindNames[obj.varKind];
    case ObjKind.Func:
      return obj.type !== null && obj.type.recv !== null ? 'method' : 'function';
    case ObjKind.Label:
      return 'label';
    case ObjKind.Builtin:
      return 'built-in function';
    case ObjKind.Nil:
      return 'untyped nil';
  }
}

// Texts of GoTypes: gc's link string (package paths in full; in symbols and instance names) and reflect's String
// (package names). Both are cached per type.

import { GoChanDir, GoKind, type GoField, type GoType } from './gotype.ts';

const basicNames: readonly string[] = [
  'invalid', 'bool', 'int', 'int8', 'int16', 'int32', 'int64', 'uint', 'uint8', 'uint16', 'uint32', 'uint64', 'uintptr',
  'float32', 'float64', 'complex64', 'complex128', '', '', '', '', '', '', '', 'string', '', 'unsafe.Pointer', 'nil', '',
];

/** The type's text in symbols: `map[string]encoding/json.Decoder`. */
export function linkString(t: GoType): string { return (t.linkText ??= write(t, true)); }

/** What reflect's String gives: `map[string]json.Decoder`. */
export function reflectString(t: GoType): string { return (t.reflectText ??= write(t, false)); }

/** A package path as it stands in a symbol: dots after the last slash, quotes, percent signs and control bytes are escaped. */
export function escapePath(path: string): string {
  const slash = path.lastIndexOf('/');
  let out = '';
  for (let i = 0; i < path.length; i++) {
    const c = path.charCodeAt(i);
    const plain = c > 0x20 && c < 0x7f && c !== 0x25 && c !== 0x22 && !(c === 0x2e && i > slash);
    if (plain) out += path[i];
    else for (const b of new TextEncoder().encode(path[i])) out += `%${b.toString(16).padStart(2, '0')}`;
  }
  return out;
}

/** Paths that differ from the import path: a main package is "main" in the program. Set before anything is named. */
const binaryPaths = new Map<string, string>();
const symbolPaths = new Map<string, string>();

/** Forgets all paths: a new program begins. */
export function resetPaths(): void { binaryPaths.clear(); symbolPaths.clear(); }

/** Says which path a package has in the program. */
export function setImportPath(path: string, inProgram: string): void { binaryPaths.set(path, inProgram); }

/** The path of a package as the program knows it. */
export function importPath(path: string): string { return binaryPaths.get(path) ?? path; }

/** The path of a package in symbols. */
export function symbolPath(path: string): string {
  let s = symbolPaths.get(path);
  if (s === undefined) symbolPaths.set(path, (s = escapePath(importPath(path))));
  return s;
}

/** Name of a defined type without its package: `Pair[int,string]`, of a local type with its number: `T·1`. */
export function typeNameWithArgs(t: GoType, withNumber: boolean): string {
  const n = t.named!;
  let s = n.obj.name;
  if (n.targs.length !== 0) {
    s += '[';
    n.targs.forEach((a, i) => { s += (i === 0 ? '' : i === n.implicits ? ';' : ',') + linkString(a); });
    s += ']';
  }
  return withNumber && n.vargen !== 0 ? `${s}·${n.vargen}` : s;
}

function write(t: GoType, link: boolean): string {
  const sub = (x: GoType): string => (link ? linkString(x) : reflectString(x));
  if (t.named !== null) {
    const pkg = t.named.obj.pkg;
    const name = typeNameWithArgs(t, link);
    return pkg === null ? name : `${link ? symbolPath(pkg.path) : pkg.name}.${name}`;
  }
  switch (t.kind) {
    case GoKind.Pointer: return `*${sub(t.elem!)}`;
    case GoKind.Slice: return `[]${sub(t.elem!)}`;
    case GoKind.Array: return `[${t.len}]${sub(t.elem!)}`;
    case GoKind.Map: return `map[${sub(t.key!)}]${sub(t.elem!)}`;
    case GoKind.Chan: return chanString(t, sub);
    case GoKind.Func: return `func${signature(t, sub)}`;
    case GoKind.Struct: return structString(t, link, sub);
    case GoKind.Interface: {
      if (t.imethods.length === 0) return 'interface {}';
      return `interface { ${t.imethods.map((m) => qualified(m.name, m.pkg, link) + signature(m.sig, sub)).join('; ')} }`;
    }
    case GoKind.Tuple: return `(${t.params.map(sub).join(', ')})`;
    default: return basicNames[t.kind]!;
  }
}

/** Unexported names carry their package in link strings; in reflect's text of an interface its name. */
function qualified(name: string, pkg: string, link: boolean): string {
  if (pkg === '') return name;
  if (link) return `${symbolPath(pkg)}.${name}`;
  const path = symbolPath(pkg);
  return `${path.slice(path.lastIndexOf('/') + 1)}.${name}`;
}

function chanString(t: GoType, sub: (x: GoType) => string): string {
  if (t.dir === GoChanDir.Recv) return `<-chan ${sub(t.elem!)}`;
  if (t.dir === GoChanDir.Send) return `chan<- ${sub(t.elem!)}`;
  const e = t.elem!;
  const paren = e.kind === GoKind.Chan && e.named === null && e.dir === GoChanDir.Recv;
  return paren ? `chan (${sub(e)})` : `chan ${sub(e)}`;
}

function signature(t: GoType, sub: (x: GoType) => string): string {
  const last = t.params.length - 1;
  const params = t.params.map((p, i) => (t.variadic && i === last ? `...${sub(p.elem!)}` : sub(p)));
  const results = t.results.map(sub);
  return `(${params.join(', ')})${results.length === 0 ? '' : results.length === 1 ? ` ${results[0]}` : ` (${results.join(', ')})`}`;
}

function structString(t: GoType, link: boolean, sub: (x: GoType) => string): string {
  if (t.fields.length === 0) return 'struct {}';
  const field = (f: GoField): string => {
    const name = f.pkg !== '' && link ? `${symbolPath(f.pkg)}.${f.name}` : f.name;
    // A field embedded by an alias, or from the universe, has another name than its type: gc writes "Name = Type", in symbols only.
    const renamed = f.embedded && link && !isNamedAs(f, f.type, sub);
    const text = renamed ? `${name} = ${sub(f.type)}` : f.embedded ? sub(f.type) : `${name} ${sub(f.type)}`;
    return text + (f.tag === '' ? '' : ` ${quote(f.tag)}`);
  };
  return `struct { ${t.fields.map(field).join('; ')} }`;
}

/** Whether an embedded field has the name and the package of its type. */
function isNamedAs(f: GoField, t: GoType, sub: (t: GoType) => string): boolean {
  const base = t.kind === GoKind.Pointer && t.named === null ? t.elem! : t;
  if (base.named === null) return f.pkg === '' && f.name === sub(base);
  return f.name === base.named.obj.name && (f.pkg === '' || f.pkg === base.named.obj.pkg?.path);
}

/** strconv.Quote of a tag (kept as bytes, one per UTF-16 unit, or as text). */
function quote(s: string): string {
  let out = '"';
  for (const ch of s) {
    const c = ch.codePointAt(0)!;
    if (ch === '"' || ch === '\\') out += `\\${ch}`;
    else if (c >= 0x20 && c !== 0x7f) out += ch;
    else if (ch === '\n') out += '\\n';
    else if (ch === '\t') out += '\\t';
    else if (ch === '\r') out += '\\r';
    else out += `\\x${c.toString(16).padStart(2, '0')}`;
  }
  return `${out}"`;
}

// Collection of the objects that a package's files declare: imports into file scopes, everything else into the package scope.
// Spec: "Import declarations", "Method declarations". Out: c.objList in source order, each object with its DeclInfo.
import type { FuncDecl, GenDecl, Ident, ImportSpec, TypeSpec, ValueSpec } from '../syntax/ast.ts';
import { Kind } from '../syntax/ast.ts';
import { hasBody } from '../syntax/nodes.ts';
import { unquoteString } from '../syntax/literal.ts';
import { Token } from '../syntax/token.ts';
import type { Checker } from './checker.ts';
import type { ConstSource } from './decl.ts';
import { arity, constSource } from './decl.ts';
import { declare } from './declare.ts';
import { ErrorDesc, err, nodePos, softErr } from './errors.ts';
import type { DeclInfo, Obj } from './model.ts';
import { Const, Func, ObjKind, Package, PkgName, Scope, TypeName, Var, VarKind, isExported } from './model.ts';
import { unpackRecv } from './signature.ts';
import { universe } from './universe.ts';
import { verifyVersion } from './version.ts';

/** A method whose receiver's base type is still to be found. */
interface PendingMethod {
  readonly obj: Func;
  readonly ptr: boolean;
  readonly base: Ident;
}

/** Collects all objects of the package. */
export function collectObjects(c: Checker): void {
  const methods: PendingMethod[] = [];
  c.conf.files.forEach((file, i) => {
    c.env.version = c.fileVersions[i];
    const scope = new Scope(c.pkg.scope, file.pos, file.eof, file.source.name);
    c.fileScopes.push(scope);
    c.info.setScope(file, scope);
    const f = new FileCollector(c, scope, methods);
    for (const d of file.decls) {
      if (d.kind === Kind.FuncDecl) f.funcDecl(d);
      else f.genDecl(d);
    }
  });
  checkFileScopes(c);
  for (const m of methods) {
    const r = resolveBaseTypeName(c, m.ptr, m.base);
    if (r === null) continue;
    m.obj.ptrRecv = r.ptr;
    m.obj.recvBase = r.base;
    const list = c.methods.get(r.base);
    if (list === undefined) c.methods.set(r.base, [m.obj]);
    else list.push(m.obj);
  }
}

/** Collects the objects of one file. */
class FileCollector {
  private readonly c: Checker;
  private readonly scope: Scope;
  private readonly methods: PendingMethod[];

  constructor(c: Checker, scope: Scope, methods: PendingMethod[]) {
    this.c = c;
    this.scope = scope;
    this.methods = methods;
  }

  genDecl(d: GenDecl): void {
    let last: ConstSource | null = null;
    for (const s of d.specs) {
      if (s.kind === Kind.ImportSpec) this.importSpec(s);
      else if (s.kind === Kind.TypeSpec) this.typeSpec(s);
      else if (d.tok === Token.Const) last = this.constSpec(s, last);
      else this.varSpec(s);
    }
  }

  private info(fields: Partial<DeclInfo>): DeclInfo {
    return {
      file: this.scope,
      version: this.c.env.version,
      lhs: null,
      vtyp: null,
      init: null,
      inherited: false,
      iota: 0,
      tdecl: null,
      fdecl: null,
      deps: null,
      ...fields,
    };
  }

  /** Declares a package-level constant, variable or type. */
  private declareObj(id: Ident, obj: Obj, d: DeclInfo): void {
    const c = this.c;
    // Spec: "init cannot be referred to", "the main package must declare a function main"
    if (id.name === 'init') {
      err(c, id, 'InvalidInitDecl', 'cannot declare init - must be func');
      return;
    }
    if (id.name === 'main' && c.pkg.name === 'main') {
      err(c, id, 'InvalidMainDecl', 'cannot declare main - must be func');
      return;
    }
    declare(c, c.pkg.scope, id, obj, 0);
    this.add(obj, d);
  }

  private add(obj: Obj, d: DeclInfo): void {
    obj.decl = d;
    this.c.objList.push(obj);
    obj.order = this.c.objList.length;
  }

  private constSpec(s: ValueSpec, last: ConstSource | null): ConstSource {
    const { source, inherited } = constSource(s, last);
    s.names.forEach((id, i) => {
      const obj = new Const(id.pos, this.c.pkg, id.name, null, null);
      this.declareObj(id, obj, this.info({ vtyp: source.type, init: source.values[i] ?? null, inherited, iota: s.iota }));
    });
    arity(this.c, s.pos, s.names, source.values, true, inherited);
    return source;
  }

  private varSpec(s: ValueSpec): void {
    const lhs = s.names.map((id) => new Var(VarKind.Package, id.pos, this.c.pkg, id.name, null));
    // With a single initializer, all variables share one DeclInfo: it is evaluated once.
    const shared = s.values.length === 1 ? this.info({ lhs, vtyp: s.type, init: s.values[0] }) : null;
    s.names.forEach((id, i) => {
      this.declareObj(id, lhs[i], shared ?? this.info({ vtyp: s.type, init: s.values[i] ?? null }));
    });
    if (s.type === null || s.values.length > 0) arity(this.c, s.pos, s.names, s.values, false, false);
  }

  private typeSpec(s: TypeSpec): void {
    this.declareObj(s.name, new TypeName(s.name.pos, this.c.pkg, s.name.name, null), this.info({ tdecl: s }));
  }

  funcDecl(s: FuncDecl): void {
    const c = this.c;
    const name = s.name.name;
    const obj = new Func(s.name.pos, c.pkg, name, null);
    const tparams = s.type.typeParams;
    let reported = false;
    if (s.recv === null) {
      const special = name === 'init' || (name === 'main' && c.pkg.name === 'main');
      if (special) {
        const code = name === 'main' ? 'InvalidMainDecl' : 'InvalidInitDecl';
        if (tparams !== null && tparams.list.length > 0) {
          softErr(c, tparams.list[0], code, `func ${name} must have no type parameters`);
          reported = true;
        }
        if (s.type.params.list.length > 0 || (s.type.results !== null && s.type.results.list.length > 0)) {
          softErr(c, s.name, code, `func ${name} must have no arguments and no return values`);
        }
      }
      if (name === 'init') {
        // Spec: "the identifier init itself is not declared"
        obj.parent = c.pkg.scope;
        c.info.setDef(s.name, obj);
        if (!hasBody(s)) softErr(c, obj.pos, 'MissingInitBody', 'func init must have a body');
      } else declare(c, c.pkg.scope, s.name, obj, 0);
    } else {
      // Methods are associated with their type later; blank ones only get checked.
      if (s.recv.list.length > 0 && name !== '_') {
        const r = unpackRecv(s.recv.list[0].type);
        if (r.base.kind === Kind.Ident) this.methods.push({ obj, ptr: r.ptr, base: r.base });
      }
      c.info.setDef(s.name, obj);
    }
    if (tparams !== null && tparams.list.length > 0 && !reported) verifyVersion(c, tparams.list[0], 18, 'type parameter');
    this.add(obj, this.info({ fdecl: s }));
    c.funcs.push(obj);
  }

  private importSpec(s: ImportSpec): void {
    const c = this.c;
    if (s.path.bad) return;
    const path = unquoteString(s.path.value);
    const bad = path === null ? 'invalid syntax' : badImportPath(path);
    if (path === null || bad !== '') {
      err(c, s.path, 'BadImportPath', `invalid import path (${bad})`);
      return;
    }
    const imp = importPackage(c, s.path.pos, path);
    let name = imp.name;
    if (s.name !== null) {
      name = s.name.name;
      if (path === 'C') {
        err(c, s.name, 'ImportCRenamed', 'cannot rename import "C"');
        return;
      }
    }
    if (name === 'init') {
      err(c, s, 'InvalidInitDecl', 'cannot import package as init - init must be a func');
      return;
    }
    if (!c.pkg.imports.includes(imp)) c.pkg.imports.push(imp);
    const obj = new PkgName(s.pos, c.pkg, name, imp);
    if (s.name !== null) c.info.setDef(s.name, obj);
    else c.info.setImplicit(s, obj);
    if (imp.fake) obj.used = true; // there is an error already
    c.imports.push(obj);
    if (name === '.') this.dotImport(s, obj, imp);
    else declare(c, this.scope, null, obj, 0);
  }

  /** Spec: "all the package's exported identifiers ... will be declared in the importing source file's file block" */
  private dotImport(s: ImportSpec, obj: PkgName, imp: Package): void {
    const c = this.c;
    let names = c.dotImports.get(this.scope);
    if (names === undefined) c.dotImports.set(this.scope, (names = new Map()));
    for (const [name, o] of imp.scope.elems ?? []) {
      if (!isExported(name)) continue;
      const alt = this.scope.lookup(name);
      if (alt !== null) {
        new ErrorDesc(c, 'DuplicateDecl').add(s.name!, `${alt.name} redeclared in this block`).addAlt(alt).report();
        continue;
      }
      this.scope.insert(o);
      names.set(name, obj);
    }
  }
}

/** Returns what is wrong with an import path, or ''. */
function badImportPath(path: string): string {
  if (path === '') return 'empty string';
  for (const ch of path) {
    if (/[^\p{L}\p{M}\p{N}\p{P}\p{S}]|[!"#$%&'()*,:;<=>?[\\\]^{|}`\ufffd]/u.test(ch)) {
      const cp = ch.codePointAt(0)!;
      const shown = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(ch) ? ` '${ch}'` : '';
      return `invalid character U+${cp.toString(16).toUpperCase().padStart(4, '0')}${shown}`;
    }
  }
  return '';
}

/** Returns the package of an import path; a made-up one after an error. */
function importPackage(c: Checker, pos: number, path: string): Package {
  if (path === 'C' && c.conf.fakeImportC === true) {
    const fake = new Package('C', 'C', universe);
    fake.fake = true;
    return fake;
  }
  const r = c.conf.importer(path);
  if (typeof r !== 'string') return r;
  err(c, pos, 'BrokenImport', `could not import ${path} (${r})`);
  const fake = new Package(path, path.replace(/\/$/, '').replace(/^.*\//, ''), universe);
  fake.fake = true;
  return fake;
}

/** Spec: "no identifier may be declared in both the file and package block" */
function checkFileScopes(c: Checker): void {
  for (const scope of c.fileScopes) {
    for (const [name, obj] of scope.elems ?? []) {
      const alt = c.pkg.scope.lookup(name);
      if (alt === null) continue;
      const desc = new ErrorDesc(c, 'DuplicateDecl');
      if (obj.kind === ObjKind.PkgName) {
        desc.add(alt, `${alt.name} already declared through import of ${packageString(obj.imported)}`);
      } else desc.add(alt, `${alt.name} already declared through dot-import of ${packageString(obj.pkg!)}`);
      desc.addAlt(obj).report();
    }
  }
}

function packageString(p: Package): string {
  return `package ${p.name} (${JSON.stringify(p.path)})`;
}

/** Finds the type name that a receiver's base type is declared by, through aliases declared in this package. */
function resolveBaseTypeName(c: Checker, ptr: boolean, name: Ident): { ptr: boolean; base: TypeName } | null {
  const seen = new Set<TypeName>();
  for (;;) {
    const obj = c.pkg.scope.lookup(name.name);
    if (obj === null || obj.kind !== ObjKind.TypeName || seen.has(obj)) return null;
    const d = obj.decl!.tdecl!;
    if (!d.alias) return { ptr, base: obj };
    if (d.typeParams !== null) return null; // a generic alias can't be a receiver's type
    seen.add(obj);
    const r = unpackRecv(d.type);
    if (r.ptr) {
      if (ptr) return null; // pointer to pointer
      ptr = true;
    }
    if (r.base.kind !== Kind.Ident || r.tparams !== null) return null;
    name = r.base;
  }
}

/** Checks the declarations of all package-level objects: types first, then aliases, then the rest. */
export function packageObjects(c: Checker): void {
  const aliases: Obj[] = [];
  const others: Obj[] = [];
  for (const obj of c.objList) {
    if (obj.kind !== ObjKind.TypeName) others.push(obj);
    else if (obj.decl!.tdecl!.alias) aliases.push(obj);
    else c.rec.objDecl(c, obj);
  }
  for (const obj of aliases) c.rec.objDecl(c, obj);
  for (const obj of others) c.rec.objDecl(c, obj);
}

/** Reports functions without a body, where all must have one. gc does so only if there are no other errors. */
export function missingBodies(c: Checker): void {
  for (const f of c.funcs) {
    const d = f.decl!.fdecl!;
    if (!hasBody(d) && !c.conf.linknamed?.(d)) err(c, nodePos(d), 'MissingInitBody', 'missing function body');
  }
}

/** Reports imports that nothing refers to. */
export function unusedImports(c: Checker): void {
  for (const obj of c.imports) {
    if (obj.name === '_' || obj.used) continue;
    const path = obj.imported.path;
    const last = path.slice(path.lastIndexOf('/') + 1);
    const as = obj.name === '' || obj.name === '.' || obj.name === last ? '' : ` as ${obj.name}`;
    softErr(c, obj, 'UnusedImport', `${JSON.stringify(path)} imported${as} and not used`);
  }
}

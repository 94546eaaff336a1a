// Reporting of errors: positions as types2 has them, continuation lines, and the text of types relative to the package.
// In: a node, operand, object or position with a message. Out: one Diagnostic to the checker's sink.
import type { RelatedInfo } from '../base/diagnostic.ts';
import { Severity } from '../base/diagnostic.ts';
import type { Node } from '../syntax/ast.ts';
import { Kind } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import type { Checker } from './checker.ts';
import type { Code } from './codes.ts';
import type { Obj, Package, Type } from './model.ts';
import { Operand } from './operand.ts';
import { objectString, typeListString, typeString } from './typestring.ts';

/** Where an error is: a position, a node (its start), an operand (its expression's start) or an object. */
export type At = number | Node | Operand | Obj;

/** Returns the position that an error at `at` is reported at. */
export function atPos(at: At): number {
  if (typeof at === 'number') return at;
  if (at instanceof Operand) return at.expr === null ? 0 : startPos(at.expr);
  return 'pkg' in at ? at.pos : startPos(at as Node);
}

/** Returns where a node starts, as types2 sees it: a slice expression at its bracket, a function type at its parameters. */
export function startPos(n: Node): number {
  for (;;) {
    switch (n.kind) {
      case Kind.File:
        return n.package;
      case Kind.SliceExpr:
        return n.lbrack;
      case Kind.FuncType:
        return n.params.opening !== 0 ? n.params.opening : n.pos;
      case Kind.CompositeLit:
        if (n.type === null) return n.pos;
        n = n.type;
        break;
      case Kind.KeyValueExpr:
        n = n.key;
        break;
      case Kind.SelectorExpr:
      case Kind.IndexExpr:
      case Kind.TypeAssertExpr:
      case Kind.BinaryExpr:
        n = n.x;
        break;
      case Kind.CallExpr:
        n = n.fun;
        break;
      default:
        return n.pos;
    }
  }
}

/** Returns the position that types2's own nodes carry: operators, opening braces of literals, colons. */
export function nodePos(n: Node): number {
  switch (n.kind) {
    case Kind.FuncDecl:
      return n.recv !== null ? n.recv.pos : n.name.pos;
    case Kind.File:
    case Kind.GenDecl:
    case Kind.ImportSpec:
    case Kind.ValueSpec:
    case Kind.TypeSpec:
    case Kind.Field:
    case Kind.FieldList:
    case Kind.CaseClause:
    case Kind.CommClause:
      return startPos(n);
    default:
      return gcPos(n);
  }
}

/** A "%s" message about types, formatted only when it is reported. */
export interface Problem {
  readonly text: string;
  readonly types: readonly Type[];
}

/** Returns the text of a problem. */
export function problemString(c: Checker | null, p: Problem): string {
  let i = 0;
  return p.text.replace(/%s/g, () => ts(c, p.types[i++]));
}

/** An error under construction: a message, and further ones with their own positions. */
export class ErrorDesc {
  private readonly c: Checker;
  private readonly code: Code;
  private readonly parts: RelatedInfo[] = [];
  soft = false;

  constructor(c: Checker, code: Code) {
    this.c = c;
    this.code = code;
  }

  /** Adds a message; the first one is the error itself. */
  add(at: At, message: string): this {
    this.parts.push({ pos: atPos(at), message });
    return this;
  }

  /** Adds where obj is declared. */
  addAlt(obj: Obj): this {
    if (obj.pos !== 0) this.add(obj, `other declaration of ${obj.name}`);
    return this;
  }

  get empty(): boolean {
    return this.parts.length === 0;
  }

  /** Returns the first message. */
  get message(): string {
    return this.parts.length === 0 ? '' : this.parts[0].message;
  }

  /** Sends the error with something put in front of its message. */
  prefixed(prefix: string): void {
    const [first, ...related] = this.parts;
    emit(this.c, this.code, first.pos, prefix + first.message, related);
  }

  /** Sends the error, unless it only follows from an earlier one. */
  report(): void {
    const [first, ...related] = this.parts;
    emit(this.c, this.code, first.pos, first.message, related);
  }
}

const none: RelatedInfo[] = [];

function emit(c: Checker, code: Code, pos: number, message: string, related: RelatedInfo[]): void {
  // Messages about invalid operands and types follow from errors reported before.
  if (c.failed && (message.indexOf('invalid operand') > 0 || message.indexOf('invalid type') > 0)) return;
  c.failed = true;
  if (c.env.errpos !== 0) pos = c.env.errpos;
  message = withVersionHint(c, pos, message);
  if (code === 'InvalidSyntaxTree') message = 'invalid syntax tree: ' + message;
  c.sink.report({ code, severity: Severity.error, pos, end: 0, message, related });
}

/** A message about a language version tells where that comes from: the file's build constraint or the module. */
function withVersionHint(c: Checker, pos: number, message: string): string {
  if (c.conf.goVersion === '' || !/requires go1\.\d+ or later/.test(message)) return message;
  const i = c.conf.files.findIndex((f) => pos >= f.source.base && pos <= f.eof);
  if (i >= 0 && c.conf.files[i].goVersion !== '' && c.conf.files[i].goVersion === c.info.fileVersions[i]) {
    return `${message} (file declares //go:build ${c.info.fileVersions[i]})`;
  }
  return `${message} (-lang was set to ${c.conf.goVersion.startsWith('go') ? '' : 'go'}${c.conf.goVersion}; check go.mod)`;
}

/** Reports an error. */
export function err(c: Checker, at: At, code: Code, message: string): void {
  emit(c, code, atPos(at), message, none);
}

/** Reports an error that does not make the types wrong. */
export function softErr(c: Checker, at: At, code: Code, message: string): void {
  emit(c, code, atPos(at), message, none);
}

/** Reports that `what` needs go1.minor. */
export function versionErr(c: Checker, at: At, minor: number, what: string): void {
  err(c, at, 'UnsupportedFeature', `${what} requires go1.${minor} or later`);
}

/** Returns the name to qualify pkg's objects with: '' for the package being checked, the quoted path if the name is ambiguous. */
export function qualify(c: Checker, pkg: Package): string {
  if (pkg === c.pkg) return '';
  if (c.pkgPaths === null) {
    c.pkgPaths = new Map();
    markImports(c.pkgPaths, c.pkg, new Set());
  }
  const paths = c.pkgPaths.get(pkg.name);
  return paths !== undefined && paths.size > 1 ? JSON.stringify(pkg.path) : pkg.name;
}

function markImports(paths: Map<string, Set<string>>, pkg: Package, seen: Set<Package>): void {
  if (seen.has(pkg)) return;
  seen.add(pkg);
  let set = paths.get(pkg.name);
  if (set === undefined) paths.set(pkg.name, (set = new Set()));
  set.add(pkg.path);
  for (const imp of pkg.imports) markImports(paths, imp, seen);
}

/** Returns the qualifier for messages of c. */
export function qualifierOf(c: Checker | null): ((pkg: Package) => string) | null {
  return c === null ? null : (pkg) => qualify(c, pkg);
}

/** Returns how a position is written in a message. */
export function posString(c: Checker, pos: number): string {
  return pos === 0 ? '<unknown position>' : c.conf.fileSet.format(pos);
}

/** Returns a type's text relative to the package being checked. */
export function ts(c: Checker | null, t: Type): string {
  return typeString(t, qualifierOf(c), c === null ? null : (pos) => posString(c, pos));
}

/** Returns "[T1, T2]". */
export function tsList(c: Checker | null, list: readonly Type[]): string {
  return typeListString(list, qualifierOf(c));
}

/** Returns an object's text relative to the package being checked. */
export function os(c: Checker | null, obj: Obj): string {
  return objectString(obj, qualifierOf(c));
}

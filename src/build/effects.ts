// Does evaluating an expression have effects besides its value? Package-level variables that nobody refers to are dropped
// with their initialisers when not (composite literals, errors.New, make, closures, ...). Errs on the side of effects.

import { Kind, type BlockStmt, type CallExpr, type Expr, type Stmt } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import type { Info } from '../types/info.ts';
import { ObjKind, SelectionKind, TypeKind, VarKind, unalias, type Func, type Obj, type Package } from '../types/model.ts';
import { Mode } from '../types/operand.ts';
import type { SourcePackage } from './package.ts';

/** Functions of std without effects that the analysis can't see through. */
const pureFuncs: ReadonlySet<string> = new Set([
  'reflect.TypeOf', 'reflect.TypeFor', 'reflect.ValueOf', 'internal/reflectlite.TypeOf', 'internal/reflectlite.ValueOf', 'strings.NewReplacer', 'math/big.NewInt', 'regexp.MustCompile', 'sync.OnceFunc',
  'sync.OnceValue', 'sync.OnceValues', 'encoding/base64.NewEncoding', 'encoding/base32.NewEncoding', 'hash/crc32.MakeTable',
  'hash/crc64.MakeTable', 'time.Date', 'time.Unix', 'math.Inf', 'math.NaN', 'math.Float64frombits', 'math.Float32frombits', 'fmt.Errorf', 'fmt.Sprintf',
  'errors.New', 'internal/godebug.New', 'unicode/utf8.RuneLen', 'strings.Repeat', 'strings.Join', 'net/netip.MustParsePrefix', 'net/netip.MustParseAddr', 'net/netip.AddrFrom4',
  'internal/abi.TypeFor', 'internal/abi.TypeOf',
]);

const maxDepth = 4;

/** Finds out which expressions of a program's initialisers can be dropped. */
export class Effects {
  private readonly packageOf: (p: Package) => SourcePackage;
  private readonly known = new Map<Func, boolean>();

  constructor(packageOf: (p: Package) => SourcePackage) { this.packageOf = packageOf; }

  /** Whether dropping e, if its value isn't needed, could be seen. */
  has(e: Expr, info: Info): boolean { return !this.pure(e, info, 0); }

  private all(list: readonly Expr[], info: Info, depth: number): boolean {
    for (const e of list) if (!this.pure(e, info, depth)) return false;
    return true;
  }

  private pure(e: Expr, info: Info, depth: number): boolean {
    if (info.valueOf(e) !== null) return true;
    switch (e.kind) {
      case Kind.Ident: case Kind.BasicLit: case Kind.FuncLit: return true;
      case Kind.ParenExpr: return this.pure(e.x, info, depth);
      case Kind.CompositeLit:
        for (const x of e.elts) {
          if (x.kind !== Kind.KeyValueExpr) { if (!this.pure(x, info, depth)) return false; continue; }
          if (!this.pure(x.value, info, depth)) return false;
          if (info.valueOf(x.key) === null && x.key.kind !== Kind.Ident && !this.pure(x.key, info, depth)) return false;
        }
        return true;
      case Kind.SelectorExpr: {
        const sel = info.selectionOf(e);
        if (sel === null) return true;
        return sel.kind === SelectionKind.MethodExpr || (!sel.indirect && sel.kind === SelectionKind.FieldVal && this.pure(e.x, info, depth));
      }
      case Kind.IndexExpr: return info.modeOf(e) === Mode.TypeExpr || info.modeOf(e) === Mode.MapIndex && this.pure(e.x, info, depth) && this.all(e.indices, info, depth) || isInstance(e.x, info);
      case Kind.UnaryExpr:
        if (e.op === Token.And && e.x.kind === Kind.CompositeLit) return this.pure(e.x, info, depth);
        return e.op !== Token.Arrow && this.pure(e.x, info, depth);
      case Kind.BinaryExpr:
        if (e.op === Token.Quo || e.op === Token.Rem || e.op === Token.Shl || e.op === Token.Shr) {
          if (info.valueOf(e.y) === null) return false;
        }
        return this.pure(e.x, info, depth) && this.pure(e.y, info, depth);
      case Kind.CallExpr: return this.pureCall(e, info, depth);
      case Kind.ArrayType: case Kind.StructType: case Kind.FuncType: case Kind.InterfaceType: case Kind.MapType: case Kind.ChanType: return true;
      default: return info.modeOf(e) === Mode.TypeExpr;
    }
  }

  private pureCall(e: CallExpr, info: Info, depth: number): boolean {
    const mode = info.modeOf(e.fun);
    if (mode === Mode.TypeExpr) return this.all(e.args, info, depth);
    const o = calleeOf(e.fun, info);
    if (mode === Mode.Builtin) {
      const pureBuiltin = o === null || o.kind !== ObjKind.Builtin || !/^(close|delete|panic|print|println|recover|copy|clear)$/.test(o.name);
      return pureBuiltin && this.all(e.args, info, depth);
    }
    if (o === null || o.kind !== ObjKind.Func || !this.all(e.args, info, depth)) return false;
    const origin = o.origin;
    if (origin.pkg !== null && pureFuncs.has(`${origin.pkg.path}.${origin.name}`)) return true;
    return depth < maxDepth && this.pureFunc(origin, depth + 1);
  }

  /** A function whose body only computes its result from its parameters and package-level state. */
  private pureFunc(f: Func, depth: number): boolean {
    const known = this.known.get(f);
    if (known !== undefined) return known;
    this.known.set(f, false); // recursion
    const body = f.decl?.fdecl?.body ?? null;
    if (body === null || f.pkg === null || body.list.length > 4) return false;
    const unit = this.packageOf(f.pkg);
    unit.checkBody(f);
    const ok = this.pureBlock(body, unit.info, depth);
    this.known.set(f, ok);
    return ok;
  }

  private pureBlock(b: BlockStmt, info: Info, depth: number): boolean {
    return b.list.every((s) => this.pureStmt(s, info, depth));
  }

  private pureStmt(s: Stmt, info: Info, depth: number): boolean {
    switch (s.kind) {
      case Kind.ReturnStmt: return this.all(s.results, info, depth);
      case Kind.AssignStmt: return s.lhs.every((l) => isLocalTarget(l, info)) && this.all(s.rhs, info, depth);
      case Kind.DeclStmt: return s.decl.specs.every((d) => d.kind !== Kind.ValueSpec || this.all(d.values, info, depth));
      case Kind.IfStmt:
        return s.init === null && this.pure(s.cond, info, depth) && this.pureBlock(s.body, info, depth)
          && (s.else === null || (s.else.kind === Kind.BlockStmt ? this.pureBlock(s.else, info, depth) : this.pureStmt(s.else, info, depth)));
      default: return false;
    }
  }
}

/** Assigning to it changes only the function's own variables. */
function isLocalTarget(e: Expr, info: Info): boolean {
  if (e.kind === Kind.SelectorExpr) {
    const sel = info.selectionOf(e);
    return sel !== null && !sel.indirect && isLocalTarget(e.x, info);
  }
  if (e.kind !== Kind.Ident) return false;
  const o = info.objectOf(e);
  if (o === null) return e.name === '_';
  return o.kind === ObjKind.Var && o.varKind !== VarKind.Package && o.type !== null && unalias(o.type).kind !== TypeKind.Pointer;
}

function calleeOf(e: Expr, info: Info): Obj | null {
  while (e.kind === Kind.ParenExpr) e = e.x;
  if (e.kind === Kind.IndexExpr) return calleeOf(e.x, info);
  if (e.kind === Kind.Ident) return info.useOf(e);
  if (e.kind !== Kind.SelectorExpr) return null;
  const sel = info.selectionOf(e);
  if (sel === null) return info.useOf(e.sel);
  // A method of a value that needs no pointer to be followed.
  return sel.kind === SelectionKind.MethodVal && sel.obj.kind === ObjKind.Func && sel.obj.type.recv !== null && sel.index.length === 1
    && unalias(sel.recv).kind !== TypeKind.Pointer && unalias(sel.obj.type.recv.type).kind === TypeKind.Named && sel.obj.decl !== null ? sel.obj : null;
}

/** A generic function with type arguments. */
function isInstance(x: Expr, info: Info): boolean {
  const o = calleeOf(x, info);
  return o !== null && o.kind === ObjKind.Func;
}

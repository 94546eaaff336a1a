// Functions that cross the border to the wasm host (//go:wasmimport, //go:wasmexport): which types their parameters and results
// may have. gc finds these errors in its back end, in packages that have no others.
import { errorAt } from '../base/diagnostic.ts';
import type { FuncDecl } from '../syntax/ast.ts';
import { Code } from '../syntax/codes.ts';
import { hasPragma } from '../syntax/pragma.ts';
import type { CheckedPackage } from './check.ts';
import { ts } from './errors.ts';
import { BasicKind, TypeKind, unalias, under, type Func, type Type } from './model.ts';
import { backendText } from './restrictions.ts';

/** Reports the types that the package's imported and exported functions can't have. */
export function checkHostFuncs(p: CheckedPackage): void {
  for (const f of p.funcs) {
    const d = f.decl?.fdecl;
    if (d === undefined || d === null || d.pragmas.length === 0) continue;
    const directive = ['go:wasmimport', 'go:wasmexport'].find((name) => hasPragma(d.pragmas, name));
    if (directive !== undefined) checkHostFunc(p, f, d, directive);
  }
}

function checkHostFunc(p: CheckedPackage, f: Func, d: FuncDecl, directive: string): void {
  const c = p.checker;
  const report = (what: string): void => c.conf.sink.report(errorAt(Code.directive, d.name.pos, `${directive}: ${what}`));
  const unsupported = (role: string, t: Type): void => report(`unsupported ${role} type ${backendText(ts(c, t))}`);
  for (const v of f.type.params.vars) if (!isString(v.type) && !isHostType(v.type)) unsupported('parameter', v.type);
  const results = f.type.results.vars;
  if (results.length > 1) report('too many return values');
  else for (const v of results) if (!isHostType(v.type)) unsupported('result', v.type);
}

function isString(t: Type): boolean {
  const u = under(t);
  return u.kind === TypeKind.Basic && u.basic === BasicKind.String;
}

const scalars: ReadonlySet<BasicKind> = new Set([
  BasicKind.Int32, BasicKind.Uint32, BasicKind.Int64, BasicKind.Uint64, BasicKind.Float32, BasicKind.Float64, BasicKind.Bool,
]);

const words: ReadonlySet<BasicKind> = new Set([BasicKind.Uintptr, BasicKind.UnsafePointer]);

const small: ReadonlySet<BasicKind> = new Set([BasicKind.Int8, BasicKind.Uint8, BasicKind.Int16, BasicKind.Uint16]);

/** What is passed in one wasm value. */
function isHostType(t: Type): boolean {
  const u = under(t);
  if (u.kind === TypeKind.Basic) return scalars.has(u.basic) || words.has(u.basic);
  return u.kind === TypeKind.Pointer && isSharedInMemory(u.elem);
}

/** What both sides lay out alike: no pointers, and structs only if they ask for the host's layout. */
function isSharedInMemory(t: Type): boolean {
  const u = under(t);
  if (u.kind === TypeKind.Basic) return scalars.has(u.basic) || small.has(u.basic);
  if (u.kind === TypeKind.Array) return isSharedInMemory(u.elem);
  if (u.kind !== TypeKind.Struct) return false;
  const types = u.fields.map((f) => f.type);
  return types.length === 0 || (types.some(isHostLayout) && types.every((f) => isHostLayout(f) || isSharedInMemory(f)));
}

function isHostLayout(t: Type): boolean {
  const u = unalias(t);
  return u.kind === TypeKind.Named && u.obj.name === 'HostLayout' && u.obj.pkg?.path === 'structs';
}

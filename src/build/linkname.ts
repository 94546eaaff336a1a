// Directives that change what a symbol stands for: //go:linkname (push, pull, variables), //goloom:kernel, //go:wasmimport,
// //go:wasmexport, and the assembler functions of std that are plain jumps to Go functions.
//
// A function without a body gets its symbol from its linkname (pull); one with a body and a linkname defines that symbol (push).

import type { Decl, File, FuncDecl } from '../syntax/ast.ts';
import { Kind } from '../syntax/ast.ts';
import { hasBody } from '../syntax/nodes.ts';
import { findPragma } from '../syntax/pragma.ts';
import type { Package } from '../types/model.ts';

/** The assembler of GOARCH=wasm in std that only jumps elsewhere: symbol, Go function that it jumps to. */
const asmAliases: Readonly<Record<string, string>> = {
  'runtime.memhash': 'runtime.memhashFallback', 'runtime.memhash32': 'runtime.memhash32Fallback', 'runtime.memhash64': 'runtime.memhash64Fallback',
  'runtime.strhash': 'runtime.strhashFallback',
  'internal/chacha8rand.block': 'internal/chacha8rand.block_generic',
  'math/big.addVV': 'math/big.addVV_g', 'math/big.subVV': 'math/big.subVV_g', 'math/big.lshVU': 'math/big.lshVU_g',
  'math/big.rshVU': 'math/big.rshVU_g', 'math/big.mulAddVWW': 'math/big.mulAddVWW_g', 'math/big.addMulVVWW': 'math/big.addMulVVWW_g',
};

/** How a declared function is implemented, apart from a Go body. */
export interface KernelDirective { readonly name: string; readonly suspends: boolean }
export interface ImportDirective { readonly module: string; readonly name: string }

/** A place that defines a pushed symbol. */
export interface PushDef { readonly pkg: Package; readonly name: string }

/** Link names of a whole program, by symbol. */
export class LinkTable {
  /** Symbol `path.name` of a local declaration: the symbol it is linked to. */
  private readonly targets = new Map<string, string>();
  /** Symbol: function with a body that is linked to it. */
  private readonly pushes = new Map<string, PushDef>();
  /** Exported functions: name for the host, Go function. */
  readonly exports: { readonly name: string; readonly def: PushDef }[] = [];

  /** Takes in the directives of a package. `path` is the package's path in symbols. */
  addPackage(pkg: Package, path: string, files: readonly File[]): void {
    for (const f of files) {
      let bodies: Map<string, FuncDecl> | null = null;
      for (const p of f.pragmas) {
        if (p.name === 'go:linkname') {
          const [local, target] = p.args.split(/\s+/);
          if (local === undefined || target === undefined) continue;
          this.targets.set(`${path}.${local}`, target);
          bodies ??= functions(files);
          const d = bodies.get(local);
          if (d !== undefined && hasBody(d)) this.pushes.set(target, { pkg, name: local });
        }
      }
      for (const d of f.decls) if (d.kind === Kind.FuncDecl) this.addExport(d, pkg);
    }
  }

  private addExport(d: FuncDecl, pkg: Package): void {
    if (d.pragmas.length === 0) return;
    const p = findPragma(d.pragmas, 'go:wasmexport');
    if (p !== null) this.exports.push({ name: p.args.trim(), def: { pkg, name: d.name.name } });
  }

  /** The symbol that a declaration with this symbol is linked to, or undefined. Assembler stands for functions without a body only. */
  target(sym: string, hasBody: boolean): string | undefined { return this.targets.get(sym) ?? (hasBody ? undefined : asmAliases[sym]); }

  /** The function that pushes this symbol. */
  pushed(sym: string): PushDef | undefined { return this.pushes.get(sym); }
}

function functions(files: readonly File[]): Map<string, FuncDecl> {
  const out = new Map<string, FuncDecl>();
  for (const f of files) for (const d of f.decls as readonly Decl[]) if (d.kind === Kind.FuncDecl && d.recv === null) out.set(d.name.name, d);
  return out;
}

/** Splits a symbol `path/to.name` into package path and name; null if it is none of that form. */
export function splitSymbol(sym: string): { path: string; name: string } | null {
  const dot = sym.indexOf('.', sym.lastIndexOf('/') + 1);
  return dot < 0 ? null : { path: sym.slice(0, dot).replace(/%2e/g, '.'), name: sym.slice(dot + 1) };
}

/** The //goloom:kernel directive of a function. */
export function kernelDirective(d: FuncDecl): KernelDirective | null {
  const p = findPragma(d.pragmas, 'goloom:kernel');
  if (p === null) return null;
  const [name = d.name.name, mode] = p.args.trim().split(/\s+/);
  return { name, suspends: mode === 'suspends' };
}

/** The //go:wasmimport directive of a function. */
export function importDirective(d: FuncDecl): ImportDirective | null {
  const p = findPragma(d.pragmas, 'go:wasmimport');
  if (p === null) return null;
  const [module, name] = p.args.trim().split(/\s+/);
  return module === undefined || name === undefined ? null : { module, name };
}

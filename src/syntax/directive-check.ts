// checkDirectives: whether each //go: directive stands before a declaration it can speak of. gc does this after type checking
// a package without errors; the parser has already reported directives that no declaration follows.

import { errorAt } from '../base/diagnostic.ts';
import type { DiagnosticSink } from '../base/diagnostic.ts';
import type { Pos } from '../base/pos.ts';
import { Kind } from './ast.ts';
import type { File, FuncDecl, Node, Spec, ValueSpec } from './ast.ts';
import { Code } from './codes.ts';
import { flagDirectives } from './directive.ts';
import { unquoteString } from './literal.ts';
import { hasPragma } from './pragma.ts';
import type { Pragma } from './pragma.ts';
import { Token } from './token.ts';
import { forEachChild } from './walk.ts';

/** What the check must know about the package. */
export interface DirectiveContext {
  /** The package belongs to the standard library. */
  readonly std: boolean;
  /** The package is runtime, or one of those that runtime is made of. */
  readonly runtime: boolean;
  /** No function is implemented outside Go: one without body is an error. */
  readonly complete: boolean;
  /** The minor language version (26 for Go 1.26), and the version as the go.mod or -lang has it. */
  readonly goMinor: number;
  readonly lang: string;
  /** Tells whether the package declares a function or variable of that name. */
  readonly hasFuncOrVar: (name: string) => boolean;
  /** Local names that an earlier file of the package has linknamed; this file's are added. */
  readonly linknamed: Set<string>;
}

const runtimeOnly: ReadonlySet<string> = new Set([
  'go:systemstack', 'go:nowritebarrier', 'go:nowritebarrierrec', 'go:yeswritebarrierrec',
]);

/** Reports the misplaced directives of a file, and functions that lack a body. */
export function checkDirectives(file: File, ctx: DirectiveContext, sink: DiagnosticSink): void {
  new DirectiveCheck(file, ctx, sink).run();
}

class DirectiveCheck {
  private readonly file: File;
  private readonly ctx: DirectiveContext;
  private readonly sink: DiagnosticSink;
  private readonly imports = new Set<string>();

  constructor(file: File, ctx: DirectiveContext, sink: DiagnosticSink) {
    this.file = file;
    this.ctx = ctx;
    this.sink = sink;
    for (const spec of file.imports) this.imports.add(unquoteString(spec.path.value) ?? '');
  }

  run(): void {
    for (const p of this.file.pragmas) this.permission(p);
    this.allow(this.file.headPragmas, (name) => name === 'go:build');
    if (this.file.pragmas.length > 0) this.decls(this.file.decls);
    for (const p of this.file.pragmas) if (p.name === 'go:linkname' && p.args !== '') this.linkname(p);
    for (const d of this.file.decls) if (d.kind === Kind.FuncDecl) this.func(d);
  }

  private report(pos: Pos, message: string): void {
    this.sink.report(errorAt(Code.directive, pos, message));
  }

  /** Directives that only the runtime, the standard library or cgo may use. */
  private permission(p: Pragma): void {
    if (runtimeOnly.has(p.name) && !this.ctx.runtime) this.report(p.pos, `//${p.name} only allowed in runtime`);
    if (p.name === 'go:uintptrkeepalive' && !this.ctx.std) this.report(p.pos, `//${p.name} is only allowed in the standard library`);
    if (p.name.startsWith('go:cgo_') && !this.ctx.std) {
      this.report(p.pos, `//${p.name}${p.args === '' ? '' : ' ' + p.args} only allowed in cgo-generated code`);
    }
  }

  /** Looks at all declarations below, in source order. Expressions may be deeper than the host's stack. */
  private decls(list: readonly Node[]): void {
    const work = list.map((n) => ({ n, inFunc: false })).reverse();
    for (let top = work.pop(); top !== undefined; top = work.pop()) {
      const { n, inFunc } = top;
      if (n.kind === Kind.FuncDecl) this.allow(n.pragmas, (name) => name !== 'go:build' && name !== 'go:embed');
      if (n.kind === Kind.GenDecl) for (const s of n.specs) this.spec(s, n.tok, inFunc);
      const first = work.length;
      forEachChild(n, (c) => work.push({ n: c, inFunc: inFunc || c.kind === Kind.BlockStmt }));
      // The first child is to be the next.
      for (let i = first, k = work.length - 1; i < k; i++, k--) [work[i], work[k]] = [work[k]!, work[i]!];
    }
  }

  private func(d: FuncDecl): void {
    const has = (name: string): boolean => hasPragma(d.pragmas, name);
    const pos = d.recv !== null ? d.recv.opening : d.name.pos;
    if (has('go:systemstack') && has('go:nosplit')) this.report(pos, 'go:nosplit and go:systemstack cannot be combined');
    if (has('go:wasmexport') && d.recv !== null) this.report(pos, 'cannot use //go:wasmexport on a method');
    if (d.body !== null) {
      for (const name of ['go:noescape', 'go:wasmimport']) {
        if (has(name)) this.report(pos, `can only use //${name} with external func implementations`);
      }
    } else if (this.ctx.complete || d.name.name === 'init') {
      const linked = d.recv === null && this.ctx.linknamed.has(d.name.name);
      if (!linked && !has('go:wasmimport')) this.report(pos, 'missing function body');
    }
  }

  private spec(s: Spec, tok: Token, inFunc: boolean): void {
    const isVar = tok === Token.Var;
    this.allow(s.pragmas, (name) => isVar && name === 'go:embed');
    if (!isVar || s.kind !== Kind.ValueSpec) return;
    const embed = s.pragmas.find((p) => p.name === 'go:embed');
    const message = embed === undefined ? '' : this.embedError(s, inFunc);
    if (embed !== undefined && message !== '') this.report(embed.pos, 'go:embed ' + message);
  }

  private allow(list: readonly Pragma[], ok: (name: string) => boolean): void {
    for (const p of list) {
      if (p.name === 'go:embed' && !ok(p.name)) this.report(p.pos, 'misplaced go:embed directive');
      else if (flagDirectives.has(p.name) && !ok(p.name)) this.report(p.pos, 'misplaced compiler directive');
    }
  }

  private embedError(s: ValueSpec, inFunc: boolean): string {
    if (!this.imports.has('embed')) return 'requires import "embed" (or import _ "embed", if package is not used)';
    if (s.names.length > 1) return 'cannot apply to multiple vars';
    if (s.values.length > 0) return 'cannot apply to var with initializer';
    if (s.type === null) return 'cannot apply to var without type';
    if (inFunc) return 'cannot apply to var inside func';
    if (this.ctx.goMinor < 16) return `requires go1.16 or later (-lang was set to ${this.ctx.lang}; check go.mod)`;
    return '';
  }

  private linkname(p: Pragma): void {
    const [local, remote = ''] = p.args.split(/\s+/);
    if (!this.imports.has('unsafe')) this.report(p.pos, '//go:linkname only allowed in Go files that import "unsafe"');
    else if (remote.includes('[') && remote.includes(']')) this.report(p.pos, '//go:linkname reference of an instantiation is not allowed');
    else if (!this.ctx.hasFuncOrVar(local)) {
      if (this.ctx.goMinor >= 18) this.report(p.pos, '//go:linkname must refer to declared function or variable');
    } else if (this.ctx.linknamed.has(local)) this.report(p.pos, `duplicate //go:linkname for ${local}`);
    else this.ctx.linknamed.add(local);
  }
}

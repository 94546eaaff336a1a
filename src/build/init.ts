// Package initialisation: which variables are static data, which initialisers are code, and in what order everything runs.
//
// An initialiser is live if it may have effects or if one of its variables is asked for. Each live one that isn't static
// becomes a function of its own, called by the package's init function in the order that the checker found; then come the
// package's init functions. Packages run in Go 1.21's order: of those whose imports are done, the least by path.

import type { Pos } from '../base/pos.ts';
import { entrySymbol, isAlwaysPresent, programEnd, programStart } from '../abi/entry.ts';
import { Op } from '../ir/op.ts';
import { Kind } from '../syntax/ast.ts';
import { findPragma } from '../syntax/pragma.ts';
import { Token } from '../syntax/token.ts';
import type { Initializer } from '../types/info.ts';
import { declared, ObjKind, type Func, type Var } from '../types/model.ts';
import { Effects } from './effects.ts';
import { embedData } from './embed.ts';
import { buildInit } from './function.ts';
import type { InitOrder, SourcePackage } from './package.ts';
import type { Registry } from './registry.ts';
import { staticData } from './static.ts';
import { symbolPath } from './typestring.ts';

/** An initialiser of a package. */
interface Step {
  readonly unit: SourcePackage;
  readonly init: Initializer;
  live: boolean;
  /** Symbol of its function; '' while there is none (not live, or static). */
  sym: string;
}

export class InitPlan {
  private readonly r: Registry;
  private readonly packages: readonly SourcePackage[];
  private readonly runtime: SourcePackage;
  private readonly main: SourcePackage;
  private readonly effects: Effects;
  private readonly steps = new Map<SourcePackage, Step[]>();
  private readonly byVar = new Map<Var, Step>();
  private readonly embeds = new Map<Var, readonly string[]>();
  private readonly initFuncs = new Map<SourcePackage, Func[]>();
  /** Numbers of init functions within their package. */
  readonly initNumbers = new Map<Func, number>();

  constructor(r: Registry, packages: readonly SourcePackage[], runtime: SourcePackage, main: SourcePackage) {
    this.r = r;
    this.packages = packages;
    this.runtime = runtime;
    this.main = main;
    this.effects = new Effects((p) => r.packageOf(p));
    for (const p of packages) this.collect(p);
  }

  private collect(p: SourcePackage): void {
    const list: Step[] = [];
    for (const init of p.info.initOrder) {
      const step: Step = { unit: p, init, live: false, sym: '' };
      list.push(step);
      for (const v of init.lhs) this.byVar.set(v, step);
    }
    this.steps.set(p, list);
    const funcs: Func[] = [];
    for (const f of p.files) {
      const hasEmbeds = findPragma(f.pragmas, 'go:embed') !== null;
      for (const d of f.decls) {
        if (d.kind === Kind.FuncDecl) {
          if (d.recv !== null || d.name.name !== 'init') continue;
          const o = p.info.defOf(d.name);
          if (o === null || o.kind !== ObjKind.Func) continue;
          this.initNumbers.set(o, funcs.length);
          funcs.push(o);
        } else if (hasEmbeds && d.tok === Token.Var) {
          for (const s of d.specs) if (s.kind === Kind.ValueSpec) this.collectEmbed(p, s.names[0]!, s.pragmas.concat(d.pragmas));
        }
      }
    }
    this.initFuncs.set(p, funcs);
  }

  private collectEmbed(p: SourcePackage, name: import('../syntax/ast.ts').Ident, pragmas: readonly { name: string; args: string }[]): void {
    const patterns = pragmas.filter((g) => g.name === 'go:embed').flatMap((g) => splitPatterns(g.args));
    const o = p.info.defOf(name);
    if (patterns.length !== 0 && o !== null && o.kind === ObjKind.Var) this.embeds.set(o, patterns);
  }

  hasInitializer(v: Var): boolean { return this.byVar.has(v) || this.embeds.has(v); }

  /** Puts everything on the work list that runs whether or not anything refers to it. */
  start(): void {
    for (const p of this.packages) {
      const plan = p.plan ?? this.planOf(p);
      this.steps.get(p)!.forEach((s, i) => { if (!s.live && plan.steps[i]![1] === 1) this.makeLive(s); });
      for (const f of this.initFuncs.get(p)!) this.r.funcSym(f, []);
    }
    const main = this.main.pkg.scope.lookup('main');
    if (main !== null && main.kind === ObjKind.Func) this.r.funcSym(main, []);
    this.r.runtimeSym(programStart);
    this.r.runtimeSym(programEnd);
    const runtime = this.runtime.pkg.scope;
    for (const name of runtime.names()) {
      if (!isAlwaysPresent(name)) continue;
      const o = runtime.lookup(name);
      if (o !== null && o.kind === ObjKind.Func) this.r.funcSym(o, []);
      else if (o !== null && o.kind === ObjKind.Var) this.r.globalSym(o);
    }
  }

  private planOf(p: SourcePackage): InitOrder {
    const index = new Map(p.vars.map((v, i) => [v, i]));
    const plan: InitOrder = {
      vars: p.vars.length,
      steps: this.steps.get(p)!.map((s) => [s.init.lhs.map((v) => index.get(v)!), this.effects.has(s.init.rhs, p.info) ? 1 : 0]),
    };
    this.r.keepOrder(p, plan);
    return plan;
  }

  /** A variable was asked for: its initialiser is live from now on. */
  demand(v: Var): void {
    const patterns = this.embeds.get(v);
    if (patterns !== undefined) this.r.owned(`${symbolPath(v.pkg!.path)}.${v.name}`, () => embedData(this.r, this.r.packageOf(v.pkg!), v, patterns));
    const s = this.byVar.get(v);
    if (s !== undefined && !s.live) this.makeLive(s);
  }

  private makeLive(s: Step): void {
    s.live = true;
    const vars = s.init.lhs.filter((v) => v.name !== '_');
    const syms = vars.map((v) => this.r.globalSym(v));
    if (vars.length === 1 && s.init.lhs.length === 1 && this.r.initStatically(vars[0]!, syms[0]!, () => this.makeStatic(s, vars[0]!, syms[0]!))) return;
    const list = this.steps.get(s.unit)!;
    s.sym = `${symbolPath(s.unit.pkg.path)}.init·${list.indexOf(s)}`;
    this.r.later(s.sym, s.unit, () => {
      s.init.lhs.forEach(declared);
      const f = buildInit(this.r, s.unit, s.sym, [s.init]);
      f.noinline = true; // it runs once, and tracebacks show it in place of the function that calls it
      return f;
    });
  }

  private makeStatic(s: Step, v: Var, sym: string): boolean {
    const t = this.r.types.of(declared(v).type, null);
    const w = this.r.owned(sym, () => staticData(this.r, s.init.rhs, t, s.unit, null, true));
    if (w === null) return false;
    this.r.addData(w.symbol(sym, { align: Math.max(1, t.align), ptrmask: t.ptrmask, readonly: false }));
    return true;
  }

  /** Makes the packages' init functions and the program's entry. */
  finish(): void {
    const order = this.order();
    const inits: string[] = [];
    for (const p of order) {
      const calls = this.steps.get(p)!.filter((s) => s.sym !== '').map((s) => s.sym);
      for (const f of this.initFuncs.get(p)!) calls.push(this.r.funcSym(f, []));
      if (calls.length === 0) continue;
      const sym = `${symbolPath(p.pkg.path)}.init`;
      this.callAll(sym, calls);
      inits.push(sym);
    }
    const main = this.main.pkg.scope.lookup('main');
    const last = main !== null && main.kind === ObjKind.Func ? [this.r.funcSym(main, [])] : [];
    const start = this.runtime.pkg.scope.lookup(programStart)!;
    this.callAll(entrySymbol, [this.r.runtimeSym(programStart), ...inits, ...last, this.r.runtimeSym(programEnd)], start.pos);
    this.r.funcValueSym(entrySymbol);
  }

  /** A function that calls others without arguments. Without a position it has no line in tracebacks; nothing is inlined into it. */
  private callAll(sym: string, calls: readonly string[], pos: Pos = 0): void {
    this.r.generate(sym, [], [], null, (f) => {
      f.fn.wrapper = pos === 0;
      f.at(pos);
      f.fn.pos = f.position();
      for (const c of calls) f.call(Op.call, { sym: c, params: [], results: [], suspends: true, noinline: true }, []);
      f.ret([]);
    });
  }

  /** Packages in the order of their initialisation. runtime and what it imports come first. */
  private order(): SourcePackage[] {
    const out: SourcePackage[] = [];
    const done = new Set<SourcePackage>();
    const inRuntime = new Set<SourcePackage>();
    const mark = (p: SourcePackage): void => {
      if (inRuntime.has(p)) return;
      inRuntime.add(p);
      p.imports.forEach(mark);
    };
    mark(this.runtime);
    const run = (set: SourcePackage[]): void => {
      const left = [...set].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
      while (left.length > 0) {
        const i = left.findIndex((p) => p.imports.every((q) => done.has(q)));
        const p = left.splice(Math.max(i, 0), 1)[0]!;
        done.add(p);
        out.push(p);
      }
    };
    run(this.packages.filter((p) => inRuntime.has(p)));
    run(this.packages.filter((p) => !inRuntime.has(p)));
    return out;
  }
}

/** The patterns of a //go:embed line: words, or Go strings. */
function splitPatterns(args: string): string[] {
  const out: string[] = [];
  const re = /"((?:[^"\\]|\\.)*)"|`([^`]*)`|(\S+)/g;
  for (let m = re.exec(args); m !== null; m = re.exec(args)) out.push(m[1] !== undefined ? (JSON.parse(`"${m[1]}"`) as string) : (m[2] ?? m[3]!));
  return out;
}


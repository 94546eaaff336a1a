// The pipeline: which passes run, in which order, and why. Functions are optimised one by one, callees before callers,
// so that inlining and escape analysis find callees in their final form.
//
// Order, with reasons:
//   simplify, cfg, deadcode   first: the builder's output is plain; the inliner's costs are taken from clean code
//   inline                    before escape analysis: an object made by a small callee may stay on the caller's stack
//   escape, stackalloc        before promote: only stack objects can become values
//   promote                   before gvn: turns memory into values
//   gvn, bounds               before the second simplify: removed checks free values
//   late simplify             after escape analysis: takes away noescape's disguise

import { bottomUp } from '../analysis/callgraph.ts';
import { analyseEscape } from '../analysis/escape.ts';
import type { EscapeSummary } from '../analysis/escape.ts';
import { markSuspending } from '../analysis/suspend.ts';
import type { CallAux, Func } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import type { Program } from '../ir/program.ts';
import { verify } from '../ir/verify.ts';
import { bounds } from './bounds.ts';
import { cleanCfg } from './cfg.ts';
import { ConstantData } from './constdata.ts';
import { deadcode } from './deadcode.ts';
import { gvn } from './gvn.ts';
import { inline, inlineCost } from './inline.ts';
import { promote } from './promote.ts';
import { simplify } from './simplify.ts';
import { stackalloc } from './stackalloc.ts';

export interface PassOptions {
  /** Verify after each pass (tests, -d=check). */
  readonly check: boolean;
  /** Names of passes not to run (-d=off=inline,gvn…). */
  readonly off: ReadonlySet<string>;
  /** Called with a function after each pass that changed it (dumps). */
  readonly trace?: ((f: Func, pass: string) => void) | undefined;
}

/** What the passes share about the whole program. */
class Pipeline {
  private readonly p: Program;
  private readonly options: PassOptions;
  private readonly summaries = new Map<string, EscapeSummary>();
  private readonly cost = new Map<string, number>();
  private readonly calls: Map<string, number>;
  private readonly constants: ConstantData;

  constructor(p: Program, options: PassOptions) {
    this.p = p;
    this.options = options;
    this.calls = countCalls(p);
    this.constants = new ConstantData(p);
  }

  run(): Func[][] {
    for (const component of bottomUp(this.p)) {
      const names = new Set(component.map((f) => f.name));
      for (const f of component) this.optimize(f, names);
      for (const f of component) this.cost.set(f.name, component.length > 1 ? Infinity : inlineCost(f));
    }
    return markSuspending(this.p);
  }

  private optimize(f: Func, component: ReadonlySet<string>): void {
    this.clean(f, false);
    this.pass(f, 'constdata', () => this.constants.apply(f));
    if (this.pass(f, 'inline', () => inline(this.p, f, { cost: this.cost, calls: this.calls }, component))) {
      this.clean(f, false);
      // Inlined code may call functions that are known only now.
      if (this.pass(f, 'constdata', () => this.constants.apply(f)) && this.pass(f, 'inline', () => inline(this.p, f, { cost: this.cost, calls: this.calls }, component))) this.clean(f, false);
    }
    this.pass(f, 'promote', () => promote(f));
    this.escape(f);
    this.clean(f, true);
    this.pass(f, 'gvn', () => gvn(f));
    this.pass(f, 'bounds', () => bounds(f));
    this.clean(f, true);
  }

  private escape(f: Func): void {
    if (this.options.off.has('escape')) return;
    const { onStack, summary } = analyseEscape(f, (sym) => this.summaries.get(sym) ?? null);
    this.summaries.set(f.name, summary);
    if (!this.pass(f, 'stackalloc', () => stackalloc(f, onStack))) return;
    if (this.pass(f, 'promote', () => promote(f))) {
      this.clean(f, false);
      // What was stored in a promoted object is a value now: a closure may have become known.
      if (this.pass(f, 'constdata', () => this.constants.apply(f)) && this.pass(f, 'inline', () => inline(this.p, f, { cost: this.cost, calls: this.calls }, new Set([f.name])))) {
        this.clean(f, false);
        const again = analyseEscape(f, (sym) => this.summaries.get(sym) ?? null);
        this.summaries.set(f.name, again.summary);
        if (this.pass(f, 'stackalloc', () => stackalloc(f, again.onStack))) this.pass(f, 'promote', () => promote(f));
      }
    }
  }

  private clean(f: Func, late: boolean): void {
    this.pass(f, 'deadcode', () => deadcode(f));
    for (let i = 0; i < 4; i++) {
      let changed = this.pass(f, 'simplify', () => simplify(f, late));
      changed = this.pass(f, 'cfg', () => cleanCfg(f)) || changed;
      changed = this.pass(f, 'deadcode', () => deadcode(f)) || changed;
      if (!changed) break;
    }
  }

  private pass(f: Func, name: string, run: () => boolean): boolean {
    if (this.options.off.has(name)) return false;
    const changed = run();
    if (changed) this.options.trace?.(f, name);
    if (this.options.check) verify(f, name);
    return changed;
  }
}

function countCalls(p: Program): Map<string, number> {
  const calls = new Map<string, number>();
  for (const f of p.funcs.values()) {
    if (f.addressTaken || f.closure) calls.set(f.name, 1000);
    for (const b of f.blocks) for (const v of b.values) if (v.op === Op.call) {
      const sym = (v.aux as CallAux).sym;
      calls.set(sym, (calls.get(sym) ?? 0) + 1);
    }
  }
  return calls;
}

/** Optimises the whole program in place, and marks which functions may suspend; returns the call graph's components. */
export function runPasses(p: Program, options: PassOptions): Func[][] {
  return new Pipeline(p, options).run();
}

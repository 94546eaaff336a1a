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
import { markSuspending, suspends } from '../analysis/suspend.ts';
import type { CompiledForm, Func } from '../ir/func.ts';
import type { Program } from '../ir/program.ts';
import { verify } from '../ir/verify.ts';
import { bounds } from './bounds.ts';
import { cleanCfg } from './cfg.ts';
import { ConstantData } from './constdata.ts';
import { deadcode } from './deadcode.ts';
import { callsOf, Facts } from './facts.ts';
import type { Fact, FinalFacts } from './facts.ts';
import { gvn } from './gvn.ts';
import { inline } from './inline.ts';
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
  readonly earlier?: EarlierBuilds | undefined;
}

/** Final forms of functions kept from builds before this one, and what this one adds. */
export interface EarlierBuilds {
  /** The final forms that f, which has no blocks yet, had in earlier builds. */
  formsOf(f: Func): readonly EarlierForm[];
  /** Builds the blocks of f. */
  rebuild(f: Func): void;
  /** f was optimised here: its direct calls as built, what it depends on. */
  keepForm(f: Func, built: ReadonlyMap<string, number>, asked: readonly Fact[], facts: () => FinalFacts): void;
}

/** A final form of a function, and what it depends on. */
export interface EarlierForm extends CompiledForm {
  readonly asked: readonly Fact[];
  readonly facts: FinalFacts;
  /** Whether its code is right where functions suspend and are closures as now. `isLimited`: f compares its depth with the limit. */
  fits(f: Func, isLimited: boolean): boolean;
}

/** What the passes share about the whole program. */
class Pipeline {
  private readonly p: Program;
  private readonly options: PassOptions;
  private readonly facts: Facts;
  private readonly constants: ConstantData;

  constructor(p: Program, options: PassOptions) {
    this.p = p;
    this.options = options;
    this.facts = new Facts(p);
    this.constants = new ConstantData(this.facts);
  }

  run(): Func[][] {
    for (const component of bottomUp(this.p)) {
      const names = new Set(component.map((f) => f.name));
      for (const f of component) if (!this.reuse(f, component.length > 1)) this.optimizeNoting(f, names);
      this.facts.finish(component);
      if (this.options.earlier !== undefined) for (const f of component) f.suspends = component.length > 1 || suspends(this.p, f);
    }
    return markSuspending(this.p);
  }

  /** Takes the final form that an earlier build made of f, if it would be the same now. */
  private reuse(f: Func, isRecursive: boolean): boolean {
    if (f.compiled === null) return false;
    const { earlier } = this.options;
    const form = earlier!.formsOf(f).find((x) => this.facts.hold(x.asked) && this.fits(f, x, isRecursive));
    if (form === undefined) {
      earlier!.rebuild(f);
      return false;
    }
    this.facts.adopt(f, form.facts);
    f.compiled.form = form;
    return true;
  }

  /** Whether the form's code is right, as far as can be said before the whole program is done. */
  private fits(f: Func, form: EarlierForm, isRecursive: boolean): boolean {
    f.compiled!.form = form;
    f.suspends = isRecursive || suspends(this.p, f);
    f.compiled!.form = null;
    return form.fits(f, f.suspends && (isRecursive || f.closure || f.addressTaken || form.final.includes(f.name)));
  }

  private optimizeNoting(f: Func, component: ReadonlySet<string>): void {
    const { earlier } = this.options;
    if (earlier === undefined) { this.optimize(f, component); return; }
    const built = callsOf(f);
    const asked = this.facts.noting(() => this.optimize(f, component));
    earlier.keepForm(f, built, asked, () => this.facts.finalFacts(f));
  }

  private optimize(f: Func, component: ReadonlySet<string>): void {
    this.clean(f, false);
    this.pass(f, 'constdata', () => this.constants.apply(f));
    if (this.pass(f, 'inline', () => inline(f, this.facts, component))) {
      this.clean(f, false);
      // Inlined code may call functions that are known only now.
      if (this.pass(f, 'constdata', () => this.constants.apply(f)) && this.pass(f, 'inline', () => inline(f, this.facts, component))) this.clean(f, false);
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
    const { onStack, summary } = analyseEscape(f, (sym) => this.facts.summary(sym));
    this.facts.setSummary(f, summary);
    if (!this.pass(f, 'stackalloc', () => stackalloc(f, onStack))) return;
    if (this.pass(f, 'promote', () => promote(f))) {
      this.clean(f, false);
      // What was stored in a promoted object is a value now: a closure may have become known.
      if (this.pass(f, 'constdata', () => this.constants.apply(f)) && this.pass(f, 'inline', () => inline(f, this.facts, new Set([f.name])))) {
        this.clean(f, false);
        const again = analyseEscape(f, (sym) => this.facts.summary(sym));
        this.facts.setSummary(f, again.summary);
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

/** Optimises the whole program in place, and marks which functions may suspend; returns the call graph's components. */
export function runPasses(p: Program, options: PassOptions): Func[][] {
  return new Pipeline(p, options).run();
}

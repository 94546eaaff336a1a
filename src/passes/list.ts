// The pipeline: which passes run, in which order, and why. Functions are optimised one by one, callees before callers,
// so that inlining and escape analysis find callees in their final form.
//
// Order, with reasons:
//   simplify, cfg, deadcode   first: the builder's output is plain; the inliner's costs are taken from clean code
//   inline                    before escape analysis: an object made by a small callee may stay on the caller's stack
//   escape, stackalloc        before promote: only stack objects can become values
//   promote                   before gvn: turns memory into values
//   gvn, bounds, byteloads    before the second simplify: removed checks free values
//   late simplify             takes away noescape's disguise (`uintptr ^ 0`) where nobody can inline the function: callers analyse
//                             what they inline

import { bottomUpWithMentions, callees } from '../analysis/callgraph.ts';
import { analyseEscape, leakless, sameSummary } from '../analysis/escape.ts';
import type { EscapeSummary } from '../analysis/escape.ts';
import { markSuspending, suspends } from '../analysis/suspend.ts';
import type { CompiledForm, Func, Mentions } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import type { Program } from '../ir/program.ts';
import { verify } from '../ir/verify.ts';
import { bounds } from './bounds.ts';
import { byteloads } from './byteloads.ts';
import { cleanCfg } from './cfg.ts';
import { ConstantData } from './constdata.ts';
import { deadcode } from './deadcode.ts';
import { Facts, mentionsOf } from './facts.ts';
import type { Fact, FinalFacts } from './facts.ts';
import { gvn } from './gvn.ts';
import { inline, inlineSelf } from './inline.ts';
import { inlineCost } from './inline-cost.ts';
import { promote } from './promote.ts';
import { simplify } from './simplify.ts';
import { settleBuffers, stackalloc } from './stackalloc.ts';

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
  /** f was optimised here: what it mentions as built, what it depends on. */
  keepForm(f: Func, built: Mentions, asked: readonly Fact[], facts: () => FinalFacts): void;
}

/** A final form of a function, and what it depends on. */
export interface EarlierForm extends CompiledForm {
  readonly asked: readonly Fact[];
  readonly facts: FinalFacts;
  /** Whether its code is right where functions suspend and are closures as now. `isLimited`: f compares its depth with the limit. */
  fits(f: Func, isLimited: boolean): boolean;
}

/** How often a step is taken again that may open a way for itself. */
const MAX_ROUNDS = 6;

/** How often a function of a recursive component is analysed, on average, before nothing is assumed of any. */
const MAX_ANALYSES = 12;

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
    for (const component of bottomUpWithMentions(this.p)) {
      if (component.length > 1) this.component(component);
      else for (const f of component) if (!this.reuse(f)) this.optimizeNoting(f, new Set([f.name]), mentionsOf(f), []);
      this.facts.finish(component);
      if (this.options.earlier !== undefined) for (const f of component) f.suspends = component.length > 1 || suspends(this.p, f);
    }
    return markSuspending(this.p);
  }

  /** Takes the final form that an earlier build made of f, if it would be the same now. */
  private reuse(f: Func): boolean {
    if (f.compiled === null) return false;
    if (this.adopt(f, (x) => this.fits(f, x, false))) return true;
    this.options.earlier!.rebuild(f);
    return false;
  }

  private adopt(f: Func, fits: (form: EarlierForm) => boolean): boolean {
    const form = this.options.earlier!.formsOf(f).find((x) => this.facts.hold(x.asked) && fits(x));
    if (form === undefined) return false;
    this.facts.adopt(f, form.facts);
    f.compiled!.form = form;
    return true;
  }

  /** Functions that are recursive with each other: what is known of one depends on the others, so that all are taken from earlier builds, or none. */
  private component(component: readonly Func[]): void {
    for (let i = 0; ; i++) {
      const found = this.reuseAll(component, i);
      if (found !== 'differs') { if (found === 'reused') return; break; }
    }
    for (const f of component) if (f.compiled !== null) {
      this.facts.reject(f);
      f.compiled.form = null;
      this.options.earlier!.rebuild(f);
    }
    const built = component.map(mentionsOf);
    for (const f of component) {
      this.clean(f, false);
      this.pass(f, 'promote', () => promote(f));
    }
    const asked = this.assume(component);
    const names = new Set(component.map((f) => f.name));
    component.forEach((f, i) => this.optimizeNoting(f, names, built[i]!, asked[i]!));
  }

  /** Takes the component from earlier builds, on the assumptions that belong to the forms of number i. */
  private reuseAll(component: readonly Func[], i: number): 'reused' | 'differs' | 'none' {
    const assumed: (EscapeSummary | null)[] = [];
    for (const f of component) {
      const form = f.compiled === null ? undefined : this.options.earlier!.formsOf(f)[i];
      if (form === undefined) return 'none';
      assumed.push(form.facts.assumed);
    }
    component.forEach((f, k) => this.facts.assume(f, assumed[k]!));
    const same = (form: EarlierForm, k: number): boolean => JSON.stringify(form.facts.assumed) === JSON.stringify(assumed[k]);
    return component.every((f, k) => this.adopt(f, (x) => same(x, k) && this.fits(f, x, true))) ? 'reused' : 'differs';
  }

  /**
   * Finds out what functions that are recursive with each other do with their parameters, as they are before anything is inlined:
   * the least solution, from "nothing leaks" upwards. Gives the questions that each of them asked about others.
   */
  private assume(component: readonly Func[]): Fact[][] {
    const known = new Map<string, EscapeSummary>(component.map((f) => [f.name, leakless(f)]));
    const asked = component.map(() => new Map<string, string>());
    const callers = new Map<Func, number[]>(component.map((f) => [f, []]));
    component.forEach((f, i) => { for (const g of callees(this.p, f)) callers.get(g)?.push(i); });
    const work = new Set(component.keys());
    let steps = MAX_ANALYSES * component.length;
    for (const i of work) {
      work.delete(i);
      if (steps-- === 0) { known.clear(); break; }
      const f = component[i]!;
      let summary = known.get(f.name)!;
      const facts = this.facts.noting(() => { ({ summary } = analyseEscape(f, (sym) => known.get(sym) ?? this.facts.summary(sym))); });
      for (const [question, answer] of facts) asked[i]!.set(question, answer);
      if (sameSummary(summary, known.get(f.name)!)) continue;
      known.set(f.name, summary);
      for (const caller of callers.get(f)!) work.add(caller);
    }
    for (const f of component) this.facts.assume(f, known.get(f.name) ?? null);
    return asked.map((x) => [...x]);
  }

  /** Whether the form's code is right, as far as can be said before the whole program is done. */
  private fits(f: Func, form: EarlierForm, isRecursive: boolean): boolean {
    f.compiled!.form = form;
    f.suspends = isRecursive || suspends(this.p, f);
    f.compiled!.form = null;
    return form.fits(f, f.suspends && (isRecursive || f.closure || f.addressTaken || form.final.includes(f.name)));
  }

  /** `built`: what f mentioned as the builder made it; `before`: questions asked about others before this. */
  private optimizeNoting(f: Func, component: ReadonlySet<string>, built: Mentions, before: readonly Fact[]): void {
    const asked = this.facts.noting(() => this.optimize(f, component));
    const all = new Map([...before, ...asked]);
    this.options.earlier?.keepForm(f, built, [...all], () => this.facts.finalFacts(f));
  }

  private optimize(f: Func, component: ReadonlySet<string>): void {
    this.clean(f, false);
    this.expand(f, component);
    this.pass(f, 'promote', () => promote(f));
    this.escape(f);
    this.pass(f, 'tempbufs', () => settleBuffers(f));
    this.clean(f, false);
    this.finish(f, false);
    if (component.size === 1 && this.pass(f, 'inline', () => inlineSelf(f, this.p))) {
      this.clean(f, false);
      this.finish(f, false);
    }
    if (hidesPointers(f) && (component.size > 1 || inlineCost(f) === Infinity)) this.finish(f, true);
  }

  /** Inlines; inlined code may make closures known that it calls. True if there was anything. */
  private expand(f: Func, component: ReadonlySet<string>): boolean {
    let any = false;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (!this.known(f) && round > 0) break;
      if (!this.pass(f, 'inline', () => inline(f, this.facts, component))) break;
      this.clean(f, false);
      any = true;
    }
    return any;
  }

  /** Folds what is known of memory, and what follows from it. */
  private known(f: Func): boolean {
    let rounds = 0;
    for (; rounds < MAX_ROUNDS && this.pass(f, 'constdata', () => this.constants.apply(f)); rounds++) this.clean(f, false);
    return rounds > 0;
  }

  /** Stack objects, then values of them; what was stored in them is known now, and may be a closure that is called. */
  private escape(f: Func): void {
    if (this.options.off.has('escape')) return;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      let own: EscapeSummary | null | undefined;
      const { onStack, summary } = analyseEscape(f, (sym) => (sym === f.name ? (own === undefined ? (own = this.ownSummary(f)) : own) : this.facts.summary(sym)));
      this.facts.setSummary(f, summary);
      if (!this.pass(f, 'stackalloc', () => stackalloc(f, onStack)) && round === 0) return;
      if (!this.promoteAll(f) || !this.expand(f, new Set([f.name]))) return;
    }
  }

  /** What f does with its parameters when it calls itself: the least solution, from "nothing leaks" upwards. */
  private ownSummary(f: Func): EscapeSummary | null {
    let known: EscapeSummary | null = leakless(f);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const assumed = known;
      const { summary } = analyseEscape(f, (sym) => (sym === f.name ? assumed : this.facts.summary(sym)));
      if (sameSummary(summary, assumed)) return assumed;
      known = summary;
    }
    return null;
  }

  /** Promotes until nothing changes: an object that another one pointed to may follow it. */
  private promoteAll(f: Func): boolean {
    let rounds = 0;
    for (; rounds < MAX_ROUNDS && this.pass(f, 'promote', () => promote(f)); rounds++) this.clean(f, false);
    return rounds > 0;
  }

  private finish(f: Func, late: boolean): void {
    if (late) {
      this.clean(f, true);
      // What was hidden is seen now: hashes of a map's key.
      if (this.pass(f, 'promote', () => promote(f))) this.clean(f, true);
    }
    this.pass(f, 'gvn', () => gvn(f));
    this.pass(f, 'bounds', () => bounds(f));
    this.pass(f, 'byteloads', () => byteloads(f));
    this.clean(f, late);
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

/** Does f hide a pointer from escape analysis as noescape does? */
function hidesPointers(f: Func): boolean {
  return f.blocks.some((b) => b.values.some((v) => v.op === Op.xor_i64 && v.args[0]!.op === Op.ptr_i64));
}

/** Optimises the whole program in place, and marks which functions may suspend; returns the call graph's components. */
export function runPasses(p: Program, options: PassOptions): Func[][] {
  return new Pipeline(p, options).run();
}

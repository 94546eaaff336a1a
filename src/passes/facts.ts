// What the passes learn about other functions and about data while they work on one function. Every such question goes
// through here and is noted, so that the build cache knows what a function's final form depends on: it holds in another
// program in which the same questions have the same answers.

import type { EscapeSummary } from '../analysis/escape.ts';
import { digest } from '../base/hash.ts';
import type { CallAux, Func, Mentions } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { RelocKind } from '../ir/program.ts';
import type { DataSymbol, Program } from '../ir/program.ts';
import { writeBody } from '../ir/serial.ts';
import { inlineCost, ONCE, SMALL } from './inline-cost.ts';

/** A question and its answer. */
export type Fact = readonly [question: string, answer: string];

/** What is kept of a function in its final form. */
export interface FinalFacts {
  readonly cost: number;
  readonly summary: EscapeSummary | null;
  /** Of a function of a recursive component: what was found out of it before the component was optimised; null: nothing. */
  readonly assumed: EscapeSummary | null;
  /** Stands for all that others may see of it. */
  readonly digest: string;
}

/** Facts about the functions that are done, and about the program. */
export class Facts {
  readonly p: Program;
  private readonly counts: Map<string, number>;
  private readonly costs = new Map<string, number>();
  private readonly summaries = new Map<string, EscapeSummary>();
  private readonly assumptions = new Map<string, EscapeSummary>();
  private readonly digests = new Map<string, string>();
  private readonly adopted = new Map<string, FinalFacts>();
  private asked: Map<string, string> | null = null;

  constructor(p: Program) {
    this.p = p;
    this.counts = countReferences(p);
  }

  // ---- questions

  /** Cost of inlining a function, Infinity if it must not be or is not known yet. */
  cost(sym: string): number {
    this.note(sym);
    return this.costs.get(sym) ?? Infinity;
  }

  /** Whether one place of the program calls it, or takes its address, and no other. */
  usedOnce(sym: string): boolean {
    this.note(sym);
    return this.counts.get(sym) === 1;
  }

  /** The function with its blocks. */
  body(sym: string): Func {
    this.note(sym);
    const f = this.p.funcs.get(sym)!;
    f.compiled?.form?.load(f);
    return f;
  }

  summary(sym: string): EscapeSummary | null {
    this.note(sym);
    return this.summaries.get(sym) ?? null;
  }

  /** Parameters and results, or undefined if the program has no such function. */
  signature(sym: string): Func | undefined {
    this.note(sym);
    return this.p.funcs.get(sym);
  }

  /** What the word of read-only data holds, as text; empty if that is not known. */
  word(sym: string, offset: number, size: number): string {
    const question = `${offset} ${size} ${sym}`;
    const answer = readOnlyWord(this.p, sym, offset, size);
    this.asked?.set(question, answer);
    return answer;
  }

  private note(sym: string): void {
    const { asked } = this;
    if (asked !== null && !asked.has(sym)) asked.set(sym, this.answer(sym));
  }

  /** Everything that one function may know of another one. */
  private answer(sym: string): string {
    const f = this.p.funcs.get(sym);
    if (f === undefined) return '';
    const marks = f.closure ? 'c' : '';
    if (!this.costs.has(sym) && !this.summaries.has(sym)) return `${marks}:${f.params.join('')}:${f.results.join('')}`;
    // In a recursive component the summary may be there before the rest.
    if (!this.costs.has(sym)) return `${marks}?${JSON.stringify(this.summaries.get(sym))}:${f.params.join('')}:${f.results.join('')}`;
    const cost = this.costs.get(sym)!;
    return `${marks}${cost > SMALL && cost <= ONCE && this.counts.get(sym) === 1 ? '1' : ''}${this.digestOf(f)}`;
  }

  private digestOf(f: Func): string {
    let d = this.digests.get(f.name);
    if (d === undefined) this.digests.set(f.name, (d = this.makeDigest(f)));
    return d;
  }

  private makeDigest(f: Func): string {
    const cost = this.costs.get(f.name)!;
    const body = cost <= ONCE ? JSON.stringify(writeBody(this.p, f)) : '';
    return digest(`${cost} ${f.params.join('')} ${f.results.join('')} ${JSON.stringify(this.summaries.get(f.name) ?? null)} ${body}`);
  }

  // ---- notes

  /** Runs `work` and gives the questions asked meanwhile. */
  noting(work: () => void): Fact[] {
    const asked = (this.asked = new Map<string, string>());
    work();
    this.asked = null;
    return [...asked];
  }

  /** Whether the questions have these answers now. */
  hold(facts: readonly Fact[]): boolean {
    return facts.every(([question, answer]) => {
      const word = /^(\d+) (\d+) (.*)$/s.exec(question);
      return answer === (word === null ? this.answer(question) : readOnlyWord(this.p, word[3]!, Number(word[1]), Number(word[2])));
    });
  }

  // ---- results

  setSummary(f: Func, summary: EscapeSummary): void { this.summaries.set(f.name, summary); }

  /** A summary of f, which belongs to a recursive component, before the component is optimised; null: none. */
  assume(f: Func, summary: EscapeSummary | null): void {
    for (const to of [this.assumptions, this.summaries]) if (summary === null) to.delete(f.name); else to.set(f.name, summary);
  }

  /** The component is done. */
  finish(component: readonly Func[]): void {
    for (const f of component) {
      const known = this.adopted.get(f.name);
      this.costs.set(f.name, known !== undefined ? known.cost : inlineCost(f));
      if (known !== undefined) this.digests.set(f.name, known.digest);
    }
  }

  /** A function whose final form an earlier build made. */
  adopt(f: Func, facts: FinalFacts): void {
    this.adopted.set(f.name, facts);
    if (facts.summary !== null) this.summaries.set(f.name, facts.summary);
  }

  /** f is not to be taken from an earlier build after all. */
  reject(f: Func): void {
    this.adopted.delete(f.name);
    this.assume(f, null);
  }

  /** For the cache: all about a function that is done. */
  finalFacts(f: Func): FinalFacts {
    return { cost: this.costs.get(f.name) ?? Infinity, summary: this.summaries.get(f.name) ?? null, assumed: this.assumptions.get(f.name) ?? null, digest: this.digestOf(f) };
  }
}

/** How often the program calls functions directly, or takes their addresses. */
function countReferences(p: Program): Map<string, number> {
  const count = new Map<string, number>();
  const add = (sym: string, n: number): void => void count.set(sym, (count.get(sym) ?? 0) + n);
  for (const f of p.funcs.values()) {
    const { calls, addresses } = f.compiled?.built ?? mentionsOf(f);
    for (const [sym, n] of calls) add(sym, n);
    for (const [sym, n] of addresses) add(sym, n);
  }
  for (const d of p.data.values()) for (const r of d.relocs) if (r.kind === RelocKind.code32 || r.kind === RelocKind.weakCode32) add(r.target, 1);
  return count;
}

/** What f mentions. */
export function mentionsOf(f: Func): Mentions {
  const calls = new Map<string, number>();
  const addresses = new Map<string, number>();
  const add = (to: Map<string, number>, sym: string): void => void to.set(sym, (to.get(sym) ?? 0) + 1);
  for (const b of f.blocks) for (const v of b.values) {
    if (v.op === Op.call) add(calls, (v.aux as CallAux).sym);
    else if (v.op === Op.funcindex) add(addresses, v.aux as string);
  }
  return { calls, addresses };
}

/** What a word of read-only data holds: `a` and a symbol, `c` and a function, `n` and a number; empty if that is not known. */
function readOnlyWord(p: Program, sym: string, offset: number, size: number): string {
  const d = p.data.get(sym);
  if (d === undefined || !d.readonly || offset < 0 || offset + size > d.size) return '';
  for (const r of d.relocs) {
    if (r.offset + 4 <= offset || r.offset >= offset + size) continue;
    if (r.offset !== offset || r.addend !== 0) return '';
    return r.kind === RelocKind.addr32 ? `a${r.target}` : r.kind === RelocKind.code32 ? `c${r.target}` : '';
  }
  return `n${read(d, offset, size)}`;
}

function read(d: DataSymbol, offset: number, size: number): bigint {
  let x = 0n;
  for (let i = size - 1; i >= 0; i--) x = (x << 8n) | BigInt(d.bytes?.[offset + i] ?? 0);
  return x;
}

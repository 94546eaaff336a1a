// bounds: removes bounds checks that dominating branches and the shape of loops prove. A small prover in the manner of
// gc's prove pass: a check `i <u n` goes if i >= 0 and i < n are both known where it stands.
//
//   i < n    from a dominating branch or check on the same values, give or take constants (x+a where x+b < n and a <= b)
//   i >= 0   constants, zero extensions, lengths (whatever some check uses as its length), masks, and loop variables that
//            start at a non-negative value and are only increased where a branch bounds them from above
//
// Requires: no unreachable blocks; run after gvn. Keeps the control-flow graph.

import { dominatorTree } from '../analysis/graph.ts';
import type { DominatorTree } from '../analysis/graph.ts';
import { BlockKind } from '../ir/func.ts';
import type { Block, Func, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { countUses } from './edit.ts';

/** Removes provable bounds checks; true if one went. */
export function bounds(f: Func): boolean {
  const checks: Value[] = [];
  for (const b of f.blocks) for (const v of b.values) if (v.op === Op.boundscheck) checks.push(v);
  if (checks.length === 0) return false;
  const prover = new Prover(f, checks);
  const removed = new Set<Value>();
  for (const v of checks) {
    const [i, n] = v.args as [Value, Value];
    if (prover.inBounds(i, n, v.block)) removed.add(v);
  }
  if (removed.size === 0) return false;
  for (const b of f.blocks) if (b.values.some((v) => removed.has(v))) b.values = b.values.filter((v) => !removed.has(v));
  countUses(f);
  return true;
}

/** x + k as a base value and a constant. */
interface Linear { readonly base: Value | null; readonly k: bigint }

function linear(v: Value): Linear {
  if (v.op === Op.const_i64) return { base: null, k: v.aux as bigint };
  if (v.op === Op.add_i64 && v.args[1]!.op === Op.const_i64) return { base: v.args[0]!, k: v.args[1]!.aux as bigint };
  return { base: v, k: 0n };
}

/** x < y as (x, y), for a comparison that is known to be true or false; strict tells < from <=. */
function lessThan(c: Value, holds: boolean): { x: Value; y: Value; strict: boolean } | null {
  const [a, b] = c.args as [Value, Value];
  switch (c.op) {
    case Op.lts_i64: return holds ? { x: a, y: b, strict: true } : { x: b, y: a, strict: false };
    case Op.les_i64: return holds ? { x: a, y: b, strict: false } : { x: b, y: a, strict: true };
    case Op.gts_i64: return holds ? { x: b, y: a, strict: true } : { x: a, y: b, strict: false };
    case Op.ges_i64: return holds ? { x: b, y: a, strict: false } : { x: a, y: b, strict: true };
    default: return null;
  }
}

const MAX_STEPS = 100;
const MAX_DEPTH = 6;

class Prover {
  private readonly tree: DominatorTree;
  private readonly lengths: Set<Value>;

  constructor(f: Func, checks: readonly Value[]) {
    this.tree = dominatorTree(f);
    this.lengths = new Set(checks.map((v) => v.args[1]!));
  }

  inBounds(i: Value, n: Value, at: Block): boolean {
    if (i.op === Op.const_i64 && n.op === Op.const_i64) return (i.aux as bigint) >= 0n && (i.aux as bigint) < (n.aux as bigint);
    const top = maximum(i);
    if (top !== null && n.op === Op.const_i64 && top < (n.aux as bigint)) return true;
    return this.isLess(i, n, at) && this.isNonNegative(i, at, 0);
  }

  /** Calls visit for every branch fact that holds in block `at`, until it answers true. */
  private someFact(at: Block, visit: (c: Value, holds: boolean) => boolean): boolean {
    let b: Block | null = at;
    for (let step = 0; b !== null && step < MAX_STEPS; step++) {
      const p: Block | null = this.tree.idom[b.id] ?? null;
      if (p !== null && b.preds.length === 1 && b.preds[0] === p && p.kind === BlockKind.branch && p.succs[0] !== p.succs[1]) {
        if (visit(p.control!, p.succs[0] === b)) return true;
      }
      b = p;
    }
    return false;
  }

  /** Is i < n known in block `at`? */
  private isLess(i: Value, n: Value, at: Block): boolean {
    const li = linear(i);
    const ln = linear(n);
    return this.someFact(at, (c, holds) => {
      const fact = lessThan(c, holds);
      if (fact === null) return false;
      const lx = linear(fact.x);
      const ly = linear(fact.y);
      if (lx.base !== li.base || ly.base !== ln.base) return false;
      // fact: base + lx.k < base' + ly.k (or <=); wanted: base + li.k < base' + ln.k
      if (!small(lx.k) || !small(ly.k) || !small(li.k) || !small(ln.k)) return false;
      const slack = ly.k - lx.k - (fact.strict ? 1n : 0n); // base <= base' + slack
      return slack + li.k < ln.k && (li.k <= 0n || this.isLength(fact.y)) && li.k - lx.k <= 0n;
    });
  }

  private isLength(v: Value): boolean {
    const l = linear(v);
    return v.op === Op.const_i64 || this.lengths.has(v) || (l.base !== null && this.lengths.has(l.base));
  }

  private isNonNegative(v: Value, at: Block, depth: number): boolean {
    if (depth > MAX_DEPTH) return false;
    if (maximum(v) !== null || this.lengths.has(v)) return true;
    switch (v.op) {
      case Op.const_i64: return (v.aux as bigint) >= 0n;
      case Op.shru_i64: return v.args[1]!.op === Op.const_i64 && ((v.args[1]!.aux as bigint) & 63n) > 0n;
      case Op.shrs_i64: case Op.divs_i64: case Op.rems_i64: {
        const n = v.args[1]!;
        if (v.op === Op.divs_i64 && !(n.op === Op.const_i64 && (n.aux as bigint) > 0n)) return false;
        return this.isNonNegative(v.args[0]!, at, depth + 1);
      }
      case Op.phi: if (this.isGrowing(v, depth)) return true; break;
      case Op.add_i64: if (this.sumIsNonNegative(v, at, depth)) return true; break;
      default:
    }
    return this.lowerFact(v, at);
  }

  /** x + k: k <= 0 needs a fact x >= -k; k > 0 needs x >= 0 and an upper bound on x, so that nothing overflows. */
  private sumIsNonNegative(v: Value, at: Block, depth: number): boolean {
    const { base, k } = linear(v);
    if (base === null || base === v || !small(k)) return false;
    if (k > 0n) return this.hasUpperBound(base, at) && this.isNonNegative(base, at, depth + 1);
    return this.someFact(at, (c, holds) => {
      const fact = lessThan(c, holds);
      if (fact === null || fact.y !== base || fact.x.op !== Op.const_i64) return false;
      return (fact.x.aux as bigint) + (fact.strict ? 1n : 0n) >= -k;
    });
  }

  /** A fact c <= v with c >= 0 (or c < v with c >= -1), about v itself or v plus a constant. */
  private lowerFact(v: Value, at: Block): boolean {
    const l = linear(v);
    return this.someFact(at, (c, holds) => {
      const fact = lessThan(c, holds);
      if (fact === null || fact.x.op !== Op.const_i64) return false;
      const ly = linear(fact.y);
      if (ly.base !== l.base || l.base === null || ly.k !== l.k) return false;
      return (fact.x.aux as bigint) + (fact.strict ? 1n : 0n) >= 0n;
    });
  }

  private hasUpperBound(x: Value, at: Block): boolean {
    if (maximum(x) !== null || this.lengths.has(x)) return true;
    return this.someFact(at, (c, holds) => {
      const fact = lessThan(c, holds);
      return fact !== null && fact.x === x && this.isLength(fact.y);
    }) || this.someFact(at, (c, holds) => {
      const fact = lessThan(c, holds);
      // x < y with any y: x + 1 does not overflow.
      return fact !== null && fact.strict && fact.x === x;
    });
  }

  /** A loop variable that starts at >= 0 and only grows by constants where some branch bounds it from above. */
  private isGrowing(phi: Value, depth: number): boolean {
    for (let i = 0; i < phi.args.length; i++) {
      const a = phi.args[i]!;
      const from = phi.block.preds[i]!;
      if (a === phi) continue;
      if (a.op === Op.add_i64 && a.args[0] === phi && a.args[1]!.op === Op.const_i64) {
        const k = a.args[1]!.aux as bigint;
        if (k < 0n || k > 1n << 31n) return false;
        const bounded = this.someFact(a.block, (c, holds) => {
          const fact = lessThan(c, holds);
          return fact !== null && fact.x === phi && (fact.strict && k === 1n || this.isLength(fact.y));
        });
        if (!bounded) return false;
        continue;
      }
      if (a.op === Op.phi && a.block === phi.block) return false;
      if (!this.isNonNegative(a, from, depth + 1)) return false;
    }
    return true;
  }
}

/** Small enough that sums of two of them with a length don't overflow. */
function small(k: bigint): boolean { return k > -(1n << 40n) && k < 1n << 40n; }

/** A constant bound from above of a value that is never negative, or null. */
function maximum(v: Value): bigint | null {
  if (v.op === Op.and_i64 && v.args[1]!.op === Op.const_i64 && (v.args[1]!.aux as bigint) >= 0n) return v.args[1]!.aux as bigint;
  if (v.op === Op.extend_u) return maximum32(v.args[0]!) ?? 0xffffffffn;
  if (v.op === Op.extend_s) return maximum32(v.args[0]!);
  if (v.op === Op.remu_i64 && v.args[1]!.op === Op.const_i64 && (v.args[1]!.aux as bigint) > 0n) return (v.args[1]!.aux as bigint) - 1n;
  if (v.op === Op.shru_i64 && v.args[1]!.op === Op.const_i64) { const k = (v.args[1]!.aux as bigint) & 63n; return k === 0n ? null : (1n << (64n - k)) - 1n; }
  if (v.op === Op.clz_i64 || v.op === Op.ctz_i64 || v.op === Op.popcnt_i64) return 64n;
  return null;
}

function maximum32(v: Value): bigint | null {
  if (v.op === Op.load8u || v.op === Op.aload8) return 255n;
  if (v.op === Op.load16u) return 65535n;
  if (v.op === Op.and_i32 && v.args[1]!.op === Op.const_i32 && (v.args[1]!.aux as number) >= 0) return BigInt(v.args[1]!.aux as number);
  if (v.op === Op.shru_i32 && v.args[1]!.op === Op.const_i32) { const k = (v.args[1]!.aux as number) & 31; return k === 0 ? null : (1n << BigInt(32 - k)) - 1n; }
  return null;
}

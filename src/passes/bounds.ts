// bounds: removes bounds checks that dominating branches and the shape of loops prove. A small prover in the manner of
// gc's prove pass: a check `i <u n` goes if i >= 0 and i < n are both known where it stands.
//
//   i < n    from a dominating branch or check on the same values, give or take constants (x+a where x+b < n and a <= b),
//            or from constant bounds of both
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
    if (prover.isProven(v)) removed.add(v);
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

/** What is known to hold: x < y, or x <= y where it is not strict; `fromZero`: and 0 <= x. */
interface Less { readonly x: Value; readonly y: Value; readonly strict: boolean; readonly fromZero?: boolean }

/** What follows from a comparison that is known to be true or false. `isLength`: is the value surely not negative? */
function follows(c: Value, holds: boolean, isLength: (v: Value) => boolean): Less[] {
  const [a, b] = c.args as [Value, Value];
  switch (c.op) {
    case Op.lts_i64: return [holds ? { x: a, y: b, strict: true } : { x: b, y: a, strict: false }];
    case Op.les_i64: return [holds ? { x: a, y: b, strict: false } : { x: b, y: a, strict: true }];
    case Op.gts_i64: return [holds ? { x: b, y: a, strict: true } : { x: a, y: b, strict: false }];
    case Op.ges_i64: return [holds ? { x: b, y: a, strict: false } : { x: a, y: b, strict: true }];
    // Unsigned: below a length.
    case Op.ltu_i64: return holds && isLength(b) ? [{ x: a, y: b, strict: true, fromZero: true }] : [];
    case Op.leu_i64: return holds && isLength(b) ? [{ x: a, y: b, strict: false, fromZero: true }] : [];
    case Op.gtu_i64: return !holds && isLength(b) ? [{ x: a, y: b, strict: false, fromZero: true }] : [];
    case Op.geu_i64: return !holds && isLength(b) ? [{ x: a, y: b, strict: true, fromZero: true }] : [];
    case Op.eq_i64: return holds ? [{ x: a, y: b, strict: false }, { x: b, y: a, strict: false }] : [];
    case Op.ne_i64: return holds ? [] : [{ x: a, y: b, strict: false }, { x: b, y: a, strict: false }];
    default: return [];
  }
}

const MAX_STEPS = 100;
const MAX_DEPTH = 6;
/** So many checks of one block are looked at. */
const MAX_CHECKS = 100;
/** Sums and products below this don't overflow. */
const LARGE = 1n << 60n;

class Prover {
  private readonly tree: DominatorTree;
  private readonly lengths: Set<Value>;

  /** Facts of the checks of a block, with the place of the check in it. */
  private readonly checked = new Map<Block, { readonly place: number; readonly fact: Less }[]>();
  /** The check that is looked at: of its own block, only checks before it count. */
  private current: { readonly block: Block; readonly place: number } | null = null;

  constructor(f: Func, checks: readonly Value[]) {
    this.tree = dominatorTree(f);
    this.lengths = new Set(checks.map((v) => v.args[1]!));
    for (const b of f.blocks) b.values.forEach((v, place) => {
      const list: readonly Less[] = v.op === Op.boundscheck ? [{ x: v.args[0]!, y: v.args[1]!, strict: true, fromZero: true }] : v.op === Op.check ? follows(v.args[0]!, true, this.isLengthOrConst) : [];
      if (list.length === 0) return;
      const known = this.checked.get(b) ?? [];
      if (known.length === 0) this.checked.set(b, known);
      for (const fact of list) known.push({ place, fact });
    });
  }

  private readonly isLengthOrConst = (v: Value): boolean => this.lengths.has(v) || (v.op === Op.const_i64 && (v.aux as bigint) >= 0n);

  /** Does the check need not be made? */
  isProven(check: Value): boolean {
    const [i, n] = check.args as [Value, Value];
    this.current = { block: check.block, place: check.block.values.indexOf(check) };
    return this.inBounds(i, n, check.block);
  }

  private inBounds(i: Value, n: Value, at: Block): boolean {
    if (i.op === Op.const_i64 && n.op === Op.const_i64) return (i.aux as bigint) >= 0n && (i.aux as bigint) < (n.aux as bigint);
    const top = maximum(i);
    if (top !== null && n.op === Op.const_i64 && top < (n.aux as bigint)) return true;
    return (this.isLess(i, n, at) || this.isBelow(i, n, at) || this.isBelowLess(i, n, at)) && this.isNonNegative(i, at, 0);
  }

  /** Calls visit for every fact that holds in block `at`, until it answers true. */
  private someFact(at: Block, visit: (fact: Less) => boolean): boolean {
    let b: Block | null = at;
    for (let step = 0; b !== null && step < MAX_STEPS; step++) {
      const checks = this.checked.get(b);
      if (checks !== undefined) {
        const end = b === this.current!.block ? this.current!.place : Infinity;
        for (let k = checks.length - 1, n = 0; k >= 0 && n < MAX_CHECKS; k--) {
          const { place, fact } = checks[k]!;
          if (place >= end) continue;
          if (visit(fact)) return true;
          n++;
        }
      }
      const p: Block | null = this.tree.idom[b.id] ?? null;
      if (p !== null && b.preds.length === 1 && b.preds[0] === p && p.kind === BlockKind.branch && p.succs[0] !== p.succs[1]) {
        if (follows(p.control!, p.succs[0] === b, this.isLengthOrConst).some(visit)) return true;
      }
      b = p;
    }
    return false;
  }

  /** Is i below some value that is known to be at most n? */
  private isBelowLess(i: Value, n: Value, at: Block): boolean {
    return this.someFact(at, ({ x, y }) => y === n && x.op !== Op.const_i64 && x !== i && this.isLess(i, x, at));
  }

  /** Is the greatest value of i below the least of n? */
  private isBelow(i: Value, n: Value, at: Block): boolean {
    const high = this.upper(i, at, 0);
    return high !== null && high < this.lower(n, at);
  }

  /** The least constant that some fact sets under the length n. */
  private lower(n: Value, at: Block): bigint {
    let low = n.op === Op.const_i64 ? (n.aux as bigint) : 0n;
    this.someFact(at, ({ x, y, strict }) => {
      if (y === n && x.op === Op.const_i64 && (x.aux as bigint) + (strict ? 1n : 0n) > low) low = (x.aux as bigint) + (strict ? 1n : 0n);
      return false;
    });
    return low;
  }

  /** A constant that v, which is not negative, does not exceed; null if none is known. */
  private upper(v: Value, at: Block, depth: number): bigint | null {
    let high = v.op === Op.const_i64 ? (v.aux as bigint) : maximum(v);
    if (depth > MAX_DEPTH) return high;
    this.someFact(at, ({ x, y, strict }) => {
      if (x === v && y.op === Op.const_i64 && (high === null || (y.aux as bigint) - (strict ? 1n : 0n) < high)) high = (y.aux as bigint) - (strict ? 1n : 0n);
      return false;
    });
    if (high !== null || v.args.length !== 2 || v.args[1]!.op !== Op.const_i64) return high;
    const k = v.args[1]!.aux as bigint;
    const x = v.args[0]!;
    // Operands below 0 would wrap: only those known not to be count.
    const below = (v.op === Op.add_i64 || v.op === Op.mul_i64 || v.op === Op.shl_i64) && k >= 0n && k < 1n << 31n && this.isNonNegative(x, at, depth + 1) ? this.upper(x, at, depth + 1) : null;
    if (below === null || below >= 1n << 31n) return null;
    if (v.op === Op.add_i64) return below + k;
    if (v.op === Op.mul_i64) return below * k < LARGE ? below * k : null;
    return k < 32n ? below << k : null;
  }

  /** Is i < n known in block `at`? */
  private isLess(i: Value, n: Value, at: Block): boolean {
    const li = linear(i);
    const ln = linear(n);
    return this.someFact(at, (fact) => {
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
      case Op.shl_i64: case Op.mul_i64: if (this.productIsNonNegative(v, at, depth)) return true; break;
      default:
    }
    return this.lowerFact(v, at);
  }

  /** x + k: k <= 0 needs a fact x >= -k; k > 0 needs x >= 0 and an upper bound on x, so that nothing overflows. */
  private sumIsNonNegative(v: Value, at: Block, depth: number): boolean {
    const { base, k } = linear(v);
    if (base === null || base === v || !small(k)) return false;
    if (k > 0n) return this.hasUpperBound(base, at) && this.isNonNegative(base, at, depth + 1);
    return this.someFact(at, (fact) => {
      if (fact.y !== base || fact.x.op !== Op.const_i64) return false;
      return (fact.x.aux as bigint) + (fact.strict ? 1n : 0n) >= -k;
    });
  }

  /** x * k, x << k: x >= 0 and bounded, so that nothing overflows. */
  private productIsNonNegative(v: Value, at: Block, depth: number): boolean {
    const [x, n] = v.args as [Value, Value];
    if (n.op !== Op.const_i64 || (n.aux as bigint) < 0n || (n.aux as bigint) >= (v.op === Op.shl_i64 ? 32n : 1n << 31n)) return false;
    if (!this.isNonNegative(x, at, depth + 1)) return false;
    const high = this.upper(x, at, depth + 1);
    return high !== null && high < 1n << 31n;
  }

  /** A fact c <= v with c >= 0 (or c < v with c >= -1), about v itself or v plus a constant. */
  private lowerFact(v: Value, at: Block): boolean {
    const l = linear(v);
    return this.someFact(at, (fact) => {
      if (fact.fromZero === true && fact.x === v) return true;
      if (fact.x.op !== Op.const_i64) return false;
      const ly = linear(fact.y);
      if (ly.base !== l.base || l.base === null || ly.k !== l.k) return false;
      return (fact.x.aux as bigint) + (fact.strict ? 1n : 0n) >= 0n;
    });
  }

  private hasUpperBound(x: Value, at: Block): boolean {
    if (maximum(x) !== null || this.lengths.has(x)) return true;
    const high = this.upper(x, at, MAX_DEPTH - 1);
    if (high !== null && high < LARGE) return true;
    // x < y with any y: x + 1 does not overflow.
    return this.someFact(at, (fact) => fact.x === x && (fact.strict || this.isLength(fact.y)));
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
        const bounded = this.someFact(a.block, (fact) => fact.x === phi && ((fact.strict && k === 1n) || this.isLength(fact.y)));
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

// cfg: branches on constants, blocks that only jump, straight-line chains. Requires nothing.
// A block is merged into its only predecessor; an empty block is skipped where no phi minds.

import { BlockKind } from '../ir/func.ts';
import type { Block, Func } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { keepEdge } from './edit.ts';

/** Cleans up the control-flow graph; true if it changed. */
export function cleanCfg(f: Func): boolean {
  let changed = false;
  for (const b of f.blocks) changed = foldBranch(b) || changed;
  changed = skipEmpty(f) || changed;
  return mergeChains(f) || changed;
}

function foldBranch(b: Block): boolean {
  const c = b.control;
  if (b.kind === BlockKind.branch) {
    if (c!.op === Op.const_i32) { keepEdge(b, c!.aux !== 0 ? 0 : 1); return true; }
    if (b.succs[0] === b.succs[1] && b.succs[0]!.values[0]?.op !== Op.phi) { keepEdge(b, 0); return true; }
    if (c!.op === Op.eqz_i32) { negate(b); return true; }
    return false;
  }
  if (b.kind === BlockKind.switch && c!.op === Op.const_i32) {
    const i = (c!.aux as number) >>> 0;
    keepEdge(b, Math.min(i, b.succs.length - 1));
    return true;
  }
  return false;
}

function negate(b: Block): void {
  const c = b.control!;
  c.uses--;
  b.control = c.args[0]!;
  b.control.uses++;
  b.succs.reverse();
  b.likely = -b.likely;
}

/** Retargets edges into blocks that hold nothing and jump on. */
function skipEmpty(f: Func): boolean {
  let changed = false;
  for (const b of f.blocks) {
    if (b.kind !== BlockKind.plain || b.values.length > 0 || b === f.entry || b === f.deferReturn) continue;
    const s = b.succs[0]!;
    if (s === b || s.values[0]?.op === Op.phi || b.preds.length === 0 || b.preds.includes(b)) continue;
    for (const p of b.preds) {
      const i = p.succs.indexOf(b);
      p.succs[i] = s;
      s.preds.push(p);
    }
    b.preds.length = 0;
    s.preds.splice(s.preds.indexOf(b), 1);
    b.succs.length = 0;
    b.kind = BlockKind.unreachable;
    changed = true;
  }
  if (changed) f.blocks = f.blocks.filter((b) => b.preds.length > 0 || b === f.entry || b === f.deferReturn || b.values.length > 0 || b.kind !== BlockKind.unreachable);
  return changed;
}

function mergeChains(f: Func): boolean {
  let changed = false;
  const gone = new Set<Block>();
  for (const b of f.blocks) {
    if (gone.has(b)) continue;
    while (b.kind === BlockKind.plain) {
      const s = b.succs[0]!;
      if (s === b || s.preds.length !== 1 || s === f.entry || s === f.deferReturn || s.values[0]?.op === Op.phi) break;
      absorb(b, s);
      gone.add(s);
      changed = true;
    }
  }
  if (changed) f.blocks = f.blocks.filter((b) => !gone.has(b));
  return changed;
}

function absorb(b: Block, s: Block): void {
  for (const v of s.values) { v.block = b; b.values.push(v); }
  b.kind = s.kind;
  b.control = s.control;
  b.results = s.results;
  b.succs = s.succs;
  b.likely = s.likely;
  b.pos = s.pos;
  for (const t of b.succs) for (let i = 0; i < t.preds.length; i++) if (t.preds[i] === s) t.preds[i] = b;
}

// The executable list of the IR's invariants. Runs after every pass in tests; throws a Bug that names the
// function, the value and the rule.

import { Bug } from '../base/bug.ts';
import { BlockKind } from './func.ts';
import type { Block, CallAux, Func, Value } from './func.ts';
import { Aux, Op, ops } from './op.ts';
import { printValue } from './print.ts';
import { Type, typeNames } from './type.ts';

/** Checks f; `stage` names who made it, for the message. */
export function verify(f: Func, stage: string): void {
  const fail = (what: string, v?: Value): never => {
    throw new Bug(stage, f.name, `${what}${v === undefined ? '' : `: ${printValue(v)}`}`);
  };
  verifyBlocks(f, fail);
  const uses = new Int32Array(f.numValues);
  const position = new Int32Array(f.numValues).fill(-1);
  const owner: (Value | undefined)[] = new Array(f.numValues);
  for (const b of f.blocks) verifyOrder(b, owner, position, fail);
  for (const b of f.blocks) for (const v of b.values) verifyValue(f, b, v, owner, uses, fail);
  for (const b of f.blocks) verifyControl(f, b, owner, uses, fail);
  for (const b of f.blocks) for (const v of b.values) if (v.uses !== uses[v.id]) fail(`uses is ${v.uses}, counted ${uses[v.id]}`, v);
  verifyDominance(f, position, fail);
}

type Fail = (what: string, v?: Value) => never;

const succCount: readonly number[] = [1, 2, -1, 0, 0];

function verifyBlocks(f: Func, fail: Fail): void {
  const set = new Set(f.blocks);
  if (!set.has(f.entry)) fail('entry is not among the blocks');
  if (f.entry.preds.length > 0) fail('entry has predecessors');
  if (set.size !== f.blocks.length) fail('a block is listed twice');
  for (const b of f.blocks) {
    const want = succCount[b.kind]!;
    if (want >= 0 && b.succs.length !== want) fail(`b${b.id} has ${b.succs.length} successors`);
    for (const s of b.succs) {
      if (!set.has(s)) fail(`b${b.id} -> b${s.id}, which is not in the function`);
      if (count(s.preds, b) !== count(b.succs, s)) fail(`edges b${b.id} -> b${s.id} differ between succs and preds`);
    }
    for (const p of b.preds) if (!set.has(p)) fail(`b${b.id} <- b${p.id}, which is not in the function`);
  }
  if (f.deferReturn !== null && !set.has(f.deferReturn)) fail('deferReturn is not among the blocks');
}

function count(list: readonly Block[], b: Block): number {
  let n = 0;
  for (const x of list) if (x === b) n++;
  return n;
}

function verifyOrder(b: Block, owner: (Value | undefined)[], position: Int32Array, fail: Fail): void {
  let phis = true;
  b.values.forEach((v, i) => {
    if (v.block !== b) fail(`is in b${b.id} but says b${v.block.id}`, v);
    if (owner[v.id] !== undefined) fail('id is used twice', v);
    owner[v.id] = v;
    position[v.id] = i;
    if (v.op !== Op.phi) phis = false;
    else if (!phis) fail('phi after other values', v);
  });
}

function verifyValue(f: Func, b: Block, v: Value, owner: (Value | undefined)[], uses: Int32Array, fail: Fail): void {
  const info = ops[v.op]!;
  if (info.result !== -1 && v.type !== info.result) fail(`type ${typeNames[v.type]}, the table says ${typeNames[info.result]}`, v);
  const n = v.args.length;
  if (n < info.args.length || (!info.variadic && n > info.args.length)) fail('number of arguments', v);
  v.args.forEach((a, i) => {
    if (owner[a.id] !== a) fail(`argument v${a.id} is in no block`, v);
    uses[a.id]!++;
    const want = info.args[i];
    if (want !== undefined && a.type !== want) fail(`argument ${i} is ${typeNames[a.type]}, not ${typeNames[want]}`, v);
  });
  verifyAux(v, info.aux, fail);
  if (v.op === Op.phi) {
    if (n !== b.preds.length) fail(`${n} arguments for ${b.preds.length} predecessors`, v);
    for (const a of v.args) if (a.type !== v.type) fail('phi of several types', v);
  } else if (v.op === Op.param) {
    const want = v.aux === f.params.length && f.closure ? Type.ptr : f.params[v.aux as number];
    if (want !== v.type) fail('type of the parameter', v);
    if (b !== f.entry) fail('param outside the entry block', v);
  } else if (v.op === Op.slot && b !== f.entry) fail('slot outside the entry block', v);
  else if (v.op === Op.select && (n !== 3 || v.args[1]!.type !== v.type || v.args[2]!.type !== v.type)) fail('select', v);
  else if (v.op === Op.extract) verifyExtract(v, fail);
  else if (info.aux === Aux.call) verifyCall(v, fail);
}

function verifyAux(v: Value, kind: Aux, fail: Fail): void {
  const t = typeof v.aux;
  const ok = kind === Aux.none ? v.aux === null
    : kind === Aux.num ? t === 'number'
    : kind === Aux.big ? t === 'bigint' && BigInt.asIntN(64, v.aux as bigint) === v.aux
    : kind === Aux.sym ? t === 'string'
    : t === 'object' && v.aux !== null;
  if (!ok) fail('auxiliary datum', v);
}

function verifyExtract(v: Value, fail: Fail): void {
  const call = v.args[0];
  if (call === undefined || call.type !== Type.tuple) fail('extract of no tuple', v);
  const aux = call!.aux as CallAux;
  if (aux.results[v.aux as number] !== v.type) fail('type of the result', v);
}

function verifyCall(v: Value, fail: Fail): void {
  const aux = v.aux as CallAux;
  const args = v.op === Op.calli ? v.args.slice(1) : v.args;
  const want = aux.results.length === 0 ? Type.void : aux.results.length === 1 ? aux.results[0] : Type.tuple;
  if (v.type !== want) fail('type of the call', v);
  if (args.length !== aux.params.length) fail(`${args.length} arguments for ${aux.params.length} parameters`, v);
  args.forEach((a, i) => { if (a.type !== aux.params[i]) fail(`argument ${i} is ${typeNames[a.type]}`, v); });
}

function verifyControl(f: Func, b: Block, owner: (Value | undefined)[], uses: Int32Array, fail: Fail): void {
  const needs = b.kind === BlockKind.branch || b.kind === BlockKind.switch;
  if (needs !== (b.control !== null)) fail(`control of b${b.id}`);
  if (b.control !== null) {
    if (owner[b.control.id] !== b.control) fail(`control of b${b.id} is in no block`);
    if (b.control.type !== Type.i32) fail(`control of b${b.id} is no i32`);
    uses[b.control.id]!++;
  }
  if (b.kind !== BlockKind.ret) { if (b.results.length > 0) fail(`results of b${b.id}`); return; }
  if (b.results.length !== f.results.length) fail(`b${b.id} returns ${b.results.length} values`);
  b.results.forEach((v, i) => {
    if (owner[v.id] !== v) fail(`result ${i} of b${b.id} is in no block`);
    if (v.type !== f.results[i]) fail(`result ${i} of b${b.id} is ${typeNames[v.type]}`);
    uses[v.id]!++;
  });
}

/** Every use is dominated by its definition (blocks that cannot be reached are left out). */
function verifyDominance(f: Func, position: Int32Array, fail: Fail): void {
  const { idom, order } = dominators(f);
  const dominates = (a: Block, b: Block): boolean => {
    for (let x: Block | null = b; x !== null; x = idom[x.id] ?? null) { if (x === a) return true; if (order[x.id]! < order[a.id]!) return false; }
    return false;
  };
  const check = (def: Value, user: Block, at: number, v: Value): void => {
    if (def.op === Op.slot) return; // an address in the function's own stack objects: known everywhere, also after a recovery
    if (def.op === Op.slot && f.deferReturn !== null) return; // an address known everywhere: the deferreturn block uses it
    if (order[def.block.id]! < 0) fail(`v${def.id} is defined in an unreachable block`, v);
    const ok = def.block === user ? position[def.id]! < at : dominates(def.block, user);
    if (!ok) fail(`v${def.id} does not dominate its use`, v);
  };
  for (const b of f.blocks) {
    if (order[b.id]! < 0) continue;
    b.values.forEach((v, i) => v.args.forEach((a, k) => {
      if (v.op !== Op.phi) check(a, b, i, v);
      else if (order[b.preds[k]!.id]! >= 0) check(a, b.preds[k]!, Infinity, v);
    }));
    if (b.control !== null) check(b.control, b, Infinity, b.control);
    for (const r of b.results) check(r, b, Infinity, r);
  }
}

/** Immediate dominators (Cooper, Harvey, Kennedy); roots are the entry and the deferreturn block. order: reverse postorder number or -1. */
function dominators(f: Func): { idom: (Block | null)[]; order: Int32Array } {
  const order = new Int32Array(f.numBlocks).fill(-1);
  const post: Block[] = [];
  const seen = new Uint8Array(f.numBlocks);
  const roots = f.deferReturn === null ? [f.entry] : [f.deferReturn, f.entry];
  for (const root of roots) postorder(root, seen, post);
  const rpo = post.reverse();
  rpo.forEach((b, i) => { order[b.id] = i; });
  const idom: (Block | null)[] = new Array<Block | null>(f.numBlocks).fill(null);
  const isRoot = new Uint8Array(f.numBlocks);
  for (const r of roots) isRoot[r.id] = 1;
  for (let changed = true; changed;) {
    changed = false;
    for (const b of rpo) {
      if (isRoot[b.id] === 1) continue;
      let best: Block | null = null;
      let first = true;
      for (const p of b.preds) {
        if (order[p.id]! < 0 || (isRoot[p.id] === 0 && idom[p.id] === null)) continue;
        best = first ? p : meet(best, p, idom, order);
        first = false;
      }
      if (best !== idom[b.id]) { idom[b.id] = best; changed = true; }
    }
  }
  return { idom, order };
}

function meet(a: Block | null, b: Block | null, idom: readonly (Block | null)[], order: Int32Array): Block | null {
  while (a !== b) {
    if (a === null || b === null) return null;
    if (order[a.id]! > order[b.id]!) a = idom[a.id]!; else b = idom[b.id]!;
  }
  return a;
}

function postorder(root: Block, seen: Uint8Array, out: Block[]): void {
  if (seen[root.id] === 1) return;
  const stack: { b: Block; i: number }[] = [{ b: root, i: 0 }];
  seen[root.id] = 1;
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    if (top.i < top.b.succs.length) {
      const s = top.b.succs[top.i++]!;
      if (seen[s.id] === 0) { seen[s.id] = 1; stack.push({ b: s, i: 0 }); }
    } else { out.push(top.b); stack.pop(); }
  }
}

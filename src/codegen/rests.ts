// Resumption inside a loop, without a test in the loop: what an iteration still has to do after the call that was suspended is copied in front
// of the loop, and the copy ends in an ordinary edge to the header. Only for loops where that is little after each call:
//
//     h: … call, rest → h or out          resume: rest' → h or out
//
// Values are in locals by now, so that the copy needs no phis; it is the same code. A call or poll in it is a second place that suspends at
// the same site: where that is resumed does not depend on the place.
import { Op } from '../ir/op.ts';
import type { Value } from '../ir/func.ts';
import type { Graph, Node } from './graph.ts';
import { NodeKind } from './graph.ts';
import type { Plan } from './plan.ts';
import { sizeOf } from './rotate.ts';

/** A rest with more code than this is not copied. */
const maxSize = 24;
/** What a call adds to its operands: status and results. */
const LONG = 5;
/** Nodes of a rest. */
const maxNodes = 6;

/**
 * Copies what follows `conts`, where the resumptions of a function go on, in innermost loops in which all of them have little to do. Gives the
 * copies by the node that they stand for. The graph must be analysed, its loops found.
 */
export function copyRests(g: Graph, plan: Plan, conts: readonly Node[]): Map<Node, Node> {
  const inLoop = new Map<Node, Node[]>();
  for (const c of conts) for (let h = c.header ? c.outer : c.loop; h !== null; h = h.outer) {
    const list = inLoop.get(h);
    if (list === undefined) inLoop.set(h, [c]);
    else list.push(c);
  }
  const copies = new Map<Node, Node>();
  for (const [h, list] of inLoop) {
    const rests = list.map((c) => restOf(c, h, plan));
    if (!rests.every((r) => r !== null)) continue;
    list.forEach((c, i) => { if (!copies.has(c)) copies.set(c, copyRest(g, c, rests[i]!)); });
  }
  return copies;
}

/** The nodes of loop h that can be reached from c without its header; null if that is much, or holds a loop. */
function restOf(c: Node, h: Node, plan: Plan): Node[] | null {
  if (c.loop !== h) return null;
  const nodes = [c];
  let size = 0;
  for (const n of nodes) {
    size += codeOf(n, plan);
    if (size > maxSize || nodes.length > maxNodes) return null;
    for (const s of n.succs) if (s !== h && s.loop === h && !nodes.includes(s)) nodes.push(s);
    // An inner loop's nodes have other headers.
    if (n.succs.some((s) => s.loop !== h && isInside(s, h))) return null;
  }
  return nodes;
}

function isInside(n: Node, h: Node): boolean {
  for (let l = n.loop; l !== null; l = l.outer) if (l === h) return true;
  return false;
}

/** Instructions of a node; Infinity if it holds what is not copied. */
function codeOf(n: Node, plan: Plan): number {
  if (n.kind === NodeKind.poll || n.kind === NodeKind.edge) return 1;
  if (n.kind !== NodeKind.segment || n.header) return Infinity;
  const b = plan.rpo[n.block];
  let size = n.last && b.control !== null ? sizeOf(b.control, plan) : 1;
  for (const v of plan.roots[n.block].slice(n.from, n.to)) {
    size += (isLong(v) ? LONG : 1) + v.args.reduce((sum, a) => sum + sizeOf(a, plan), 0);
  }
  return size;
}

function isLong(v: Value): boolean {
  return v.op === Op.call || v.op === Op.calli || v.op === Op.callk || v.op === Op.move || v.op === Op.zero;
}

function copyRest(g: Graph, c: Node, nodes: readonly Node[]): Node {
  const copies = new Map(nodes.map((n) => {
    const copy = g.add(n.kind, n.term);
    copy.block = n.block;
    copy.from = n.from;
    copy.to = n.to;
    copy.last = n.last;
    copy.site = n.site;
    copy.likely = n.likely;
    copy.table = n.table;
    return [n, copy];
  }));
  for (const [n, copy] of copies) copy.succs = n.succs.map((s) => copies.get(s) ?? s);
  return copies.get(c)!;
}

// Turns loops that test at the top into loops that test at the bottom: a copy of the header takes the back edges, so that
// an iteration has one jump less, and the header's own code runs once, before the loop.
//
//     h: if c → body, exit      body: … → h          h: if c → body, exit     body: … → h'     h': if c → body, exit
//
// Values are in locals by now, so that the copy needs no phis; it is the same code. A poll at the end of the body is resumed at h,
// before the loop: no dispatch is needed in it.
import { Mode } from './plan.ts';
import type { Plan } from './plan.ts';
import type { Graph, Node } from './graph.ts';
import { NodeKind, Term } from './graph.ts';
import type { Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { origin } from './code.ts';

/** Headers with more code than this are not copied. */
const maxSize = 16;

/** Rotates the loops of an analysed, reducible graph; tells whether it changed anything. */
export function rotateLoops(g: Graph, plan: Plan): boolean {
  g.findLoops();
  let changed = false;
  for (const h of [...g.rpo]) {
    if (!h.header || !isTest(h, plan)) continue;
    const inside = h.succs.filter((s) => isInLoop(s, h));
    if (inside.length !== 1 || inside[0] === h) continue;
    const copy = g.add(NodeKind.segment, Term.branch);
    copy.block = h.block;
    copy.from = h.from;
    copy.to = h.to;
    copy.last = true;
    copy.likely = h.likely;
    copy.succs = [...h.succs];
    for (const p of h.preds) if (p.rpo >= h.rpo) p.succs = p.succs.map((s) => (s === h ? copy : s));
    changed = true;
  }
  return changed;
}

/** Is the node a whole block that computes little and ends in a branch? */
function isTest(n: Node, plan: Plan): boolean {
  if (n.kind !== NodeKind.segment || n.term !== Term.branch || !n.last || n.site >= 0 || n.from !== 0) return false;
  const b = plan.rpo[n.block];
  const roots = plan.roots[n.block];
  if (n.to !== roots.length || b.control === null) return false;
  let size = sizeOf(b.control, plan);
  for (const v of roots) {
    if (v.op === Op.call || v.op === Op.calli || v.op === Op.callk || v.op === Op.move || v.op === Op.zero) return false;
    size += 1 + v.args.reduce((sum, a) => sum + sizeOf(a, plan), 0);
  }
  return size <= maxSize;
}

/** Instructions of an operand. */
export function sizeOf(v: Value, plan: Plan): number {
  v = origin(v, Op.copy);
  return plan.mode[v.id] !== Mode.nested ? 1 : 1 + v.args.reduce((sum, a) => sum + sizeOf(a, plan), 0);
}

/** Is node n in the loop of header h? */
function isInLoop(n: Node, h: Node): boolean {
  for (let l = n.header ? n : n.loop; l !== null; l = l.outer) if (l === h) return true;
  return false;
}

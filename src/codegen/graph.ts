// The control-flow graph that is emitted. IR blocks are cut into segments after each resumable site; entry, resume
// dispatch, loop dispatch and cold nodes are added, so that resuming is an ordinary edge and the structured emitter
// knows nothing of suspension. Values are in locals by now: extra edges need no phis.

/** What a node does before it branches. */
export const NodeKind = {
  /** Roots `from`..`to` of block `block`. */
  segment: 0,
  /** Function entry: limit check or test for resumption. */
  entry: 1,
  /** Limit check failed: resume, or ask the kernel. */
  slow: 2,
  /** Asks the kernel whether to suspend at the entry. */
  entrySlow: 3,
  /** Stack objects are allocated. */
  prologue: 4,
  /** Reloads the frame and dispatches on its site. */
  resume: 5,
  /** Slow path of a poll. */
  poll: 6,
  /** Before a loop header: goes to `loopSwitch` if a resumption is under way. */
  loopTest: 7,
  /** Dispatches a resumption inside a loop. */
  loopSwitch: 8,
  /** Fetches the results of the resumed call at `site`. */
  arrive: 9,
  /** Copies of an edge out of a switch. */
  edge: 10,
  /** Chooses an entry of an irreducible loop, then `select`. */
  setSelect: 11,
  select: 12,
  /** Dispatches to sites that nothing dispatches further. */
  arrival: 13,
} as const;
export type NodeKind = (typeof NodeKind)[keyof typeof NodeKind];

/** How a node ends. */
export const Term = { jump: 0, branch: 1, switch: 2, ret: 3, unreachable: 4 } as const;
export type Term = (typeof Term)[keyof typeof Term];

export class Node {
  readonly id: number;
  readonly kind: NodeKind;
  term: Term;
  /** Successors. A branch goes to the first if its condition holds. */
  succs: Node[] = [];
  preds: Node[] = [];
  /** Segment: place of its block in reverse postorder, and its roots. */
  block = -1;
  from = 0;
  to = 0;
  /** Last segment of its block: the block's phi copies happen on its edges. */
  last = false;
  /** Site number in the function (arrive, poll), entry number (setSelect), first number of the table (loopSwitch). */
  site = -1;
  /** Dispatching node: ends the resumption. */
  clears = false;
  /** Switch: place in `succs` by index, the last one is the default. */
  table: number[] = [];
  /** 1: first successor likely, -1: unlikely. */
  likely = 0;
  // Analysis results.
  rpo = -1;
  idom: Node | null = null;
  /** Needs a label: reached by several forward edges, or by a switch. */
  merge = false;
  header = false;
  /** Merge nodes that this node immediately dominates, those late in reverse postorder first. */
  merges: Node[] = [];
  /** Innermost loop that holds the node, by its header; a header's own loop is itself. */
  loop: Node | null = null;
  /** Header: the loop round its own. */
  outer: Node | null = null;

  constructor(id: number, kind: NodeKind, term: Term) {
    this.id = id;
    this.kind = kind;
    this.term = term;
  }
}

export class Graph {
  readonly nodes: Node[] = [];
  entry!: Node;
  /** Reachable nodes in reverse postorder. */
  rpo: Node[] = [];

  add(kind: NodeKind, term: Term): Node {
    const n = new Node(this.nodes.length, kind, term);
    this.nodes.push(n);
    return n;
  }

  /** Numbers the reachable nodes, and computes predecessors and immediate dominators. */
  analyse(): void {
    this.number();
    for (const n of this.rpo) n.preds = [];
    for (const n of this.rpo) for (const s of n.succs) s.preds.push(n);
    this.dominators();
  }

  private number(): void {
    for (const n of this.nodes) n.rpo = -1;
    const post: Node[] = [];
    const stack: Node[] = [this.entry];
    const next: number[] = [0];
    this.entry.rpo = 0;
    while (stack.length > 0) {
      const n = stack[stack.length - 1];
      const i = next[next.length - 1]++;
      if (i < n.succs.length) {
        const s = n.succs[n.succs.length - 1 - i];
        if (s.rpo >= 0) continue;
        s.rpo = 0;
        stack.push(s);
        next.push(0);
      } else {
        post.push(n);
        stack.pop();
        next.pop();
      }
    }
    post.reverse();
    post.forEach((n, i) => { n.rpo = i; });
    this.rpo = post;
  }

  /** Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm". */
  private dominators(): void {
    for (const n of this.rpo) n.idom = null;
    this.entry.idom = this.entry;
    for (let changed = true; changed;) {
      changed = false;
      for (let i = 1; i < this.rpo.length; i++) {
        const n = this.rpo[i];
        let best: Node | null = null;
        for (const p of n.preds) {
          if (p.idom === null) continue;
          best = best === null ? p : meet(best, p);
        }
        if (best !== n.idom) {
          n.idom = best;
          changed = true;
        }
      }
    }
  }

  /** Marks loop headers and gives each node its innermost loop. The graph must be reducible. */
  findLoops(): void {
    for (const n of this.rpo) {
      n.header = n.preds.some((p) => p.rpo >= n.rpo);
      n.loop = n.header ? n : null;
      n.outer = null;
    }
    // Inner headers come later in reverse postorder, so their loops are complete before the outer ones swallow them.
    for (let i = this.rpo.length - 1; i >= 0; i--) {
      const h = this.rpo[i];
      if (!h.header) continue;
      const work = h.preds.filter((p) => p.rpo >= h.rpo);
      while (work.length > 0) {
        const x = outermost(work.pop()!);
        if (x === h) continue;
        if (x.header) x.outer = h;
        else x.loop = h;
        for (const p of x.preds) if (!x.header || p.rpo < x.rpo) work.push(p);
      }
    }
  }

  /** Is some retreating edge not a back edge to a dominator? */
  isIrreducible(): boolean {
    for (const n of this.rpo) {
      for (const s of n.succs) if (s.rpo <= n.rpo && !dominates(s, n)) return true;
    }
    return false;
  }

  /** Marks merges, and lists under each node those it immediately dominates. */
  findMerges(): void {
    for (const n of this.rpo) {
      n.merges = [];
      let forward = 0;
      let switched = false;
      n.header = false;
      for (const p of n.preds) {
        if (p.rpo >= n.rpo) n.header = true;
        else forward++;
        if (p.term === Term.switch) switched = true;
      }
      n.merge = forward > 1 || (switched && forward > 0);
    }
    for (let i = this.rpo.length - 1; i > 0; i--) {
      const n = this.rpo[i];
      if (n.merge) n.idom!.merges.push(n);
    }
  }
}

/** The header of the outermost loop found so far that holds n, n itself if it is in none. */
function outermost(n: Node): Node {
  let x = n.loop ?? n;
  while (x.outer !== null) x = x.outer;
  return x;
}

function meet(a: Node, b: Node): Node {
  while (a !== b) {
    if (a.rpo > b.rpo) a = a.idom!;
    else b = b.idom!;
  }
  return a;
}

/** Does a dominate b? */
export function dominates(a: Node, b: Node): boolean {
  while (b.rpo > a.rpo) b = b.idom!;
  return a === b;
}

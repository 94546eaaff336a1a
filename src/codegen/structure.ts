// Structured control flow from a reducible graph, after Ramsey, "Beyond Relooper" (ICFP 2022): each node's code holds
// the code of the nodes it dominates; a merge node follows a block that its predecessors leave; a header is a loop.
// Works off an explicit stack, since dominator trees of straight-line code with many sites are thousands deep.
import type { Assembler } from './assembler.ts';
import { voidBlock } from './assembler.ts';
import { Term } from './graph.ts';
import type { Graph, Node } from './graph.ts';

/** What the emitter of values does for the emitter of structure. */
export interface NodeEmitter {
  /** Code of a node up to its branch. */
  body(n: Node): void;
  /** Pushes an i32 that is non-zero if the node's condition holds (or, inverted, if it does not). */
  condition(n: Node, invert: boolean): void;
  /** Pushes the index of a switch. */
  index(n: Node): void;
  /** Returns from the function. */
  ret(n: Node): void;
  /** Does an edge move values? */
  hasCopies(n: Node, k: number): boolean;
  copies(n: Node, k: number): void;
  /** A label was passed or a branch arm begun: nothing is known about locals that the emitter tracks. */
  forget(): void;
}

const Task = { tree: 0, within: 1, end: 2, branch: 3, elseArm: 4, endIf: 5 } as const;

interface Step { task: number; node: Node; k: number; follow: Node | null; dead: boolean; swap: boolean }

/** Emits the graph's code. `findMerges` must have run. Every path ends in a return or a branch. */
export function emitStructured(g: Graph, asm: Assembler, emit: NodeEmitter): void {
  new Structurer(g, asm, emit).run();
}

class Structurer {
  private readonly asm: Assembler;
  private readonly emit: NodeEmitter;
  private readonly entry: Node;
  /** Open label of a node, by node id. */
  private readonly label: Int32Array;
  private readonly steps: Step[] = [];

  constructor(g: Graph, asm: Assembler, emit: NodeEmitter) {
    this.asm = asm;
    this.emit = emit;
    this.entry = g.entry;
    this.label = new Int32Array(g.nodes.length);
  }

  run(): void {
    this.push(Task.tree, this.entry, 0, null);
    while (this.steps.length > 0) this.step(this.steps.pop()!);
  }

  private push(task: number, node: Node, k: number, follow: Node | null, dead = false, swap = false): void {
    this.steps.push({ task, node, k, follow, dead, swap });
  }

  /** `follow` is the node that control reaches by falling off the end of the code emitted by this step. */
  private step(s: Step): void {
    switch (s.task) {
      case Task.tree: return this.tree(s.node, s.follow);
      case Task.within: return this.within(s.node, s.k, s.follow);
      case Task.end:
        this.asm.end();
        this.emit.forget();
        // The end of a block is reached by its branches; the end of a loop only by falling off.
        if (s.k === 0) this.asm.dead = false;
        return;
      case Task.branch: return this.branch(s.node, s.k, s.follow);
      case Task.elseArm: return this.elseArm(s);
      case Task.endIf:
        this.asm.end();
        this.emit.forget();
        this.asm.dead &&= s.dead;
    }
  }

  private tree(n: Node, follow: Node | null): void {
    this.emit.forget();
    if (n.header) {
      this.label[n.id] = this.asm.loop();
      this.asm.dead = false;
      this.push(Task.end, n, 1, null);
    }
    this.push(Task.within, n, 0, follow);
  }

  private within(n: Node, k: number, follow: Node | null): void {
    if (k < n.merges.length) {
      const y = n.merges[k];
      this.label[y.id] = this.asm.block(voidBlock);
      this.push(Task.tree, y, 0, follow);
      this.push(Task.end, y, 0, null);
      this.push(Task.within, n, k + 1, y);
      return;
    }
    this.emit.body(n);
    this.terminate(n, follow);
  }

  private terminate(n: Node, follow: Node | null): void {
    const { asm, emit } = this;
    switch (n.term) {
      case Term.jump: return this.branch(n, 0, follow);
      case Term.ret:
        emit.ret(n);
        asm.dead = true;
        return;
      case Term.unreachable: return asm.unreachable();
      case Term.switch:
        emit.index(n);
        asm.brTable(n.table.map((k) => this.label[n.succs[k].id]));
        return;
      default: return this.conditional(n, follow);
    }
  }

  /** Is edge k a bare branch to a label? */
  private isBare(n: Node, k: number): boolean {
    const t = n.succs[k];
    return (t.merge || t.rpo <= n.rpo) && !this.emit.hasCopies(n, k);
  }

  private conditional(n: Node, follow: Node | null): void {
    const { asm, emit } = this;
    const bare0 = this.isBare(n, 0);
    const bare1 = this.isBare(n, 1);
    const falls0 = n.succs[0] === follow && n.succs[0].rpo > n.rpo;
    if (bare0 && !(bare1 && falls0)) {
      emit.condition(n, false);
      asm.brIf(this.label[n.succs[0].id], n.likely);
      return this.branch(n, 1, follow);
    }
    if (bare1) {
      emit.condition(n, true);
      asm.brIf(this.label[n.succs[1].id], -n.likely);
      return this.branch(n, 0, follow);
    }
    // The arm that leaves for good comes first: what follows then needs no else.
    const swap = leaves(n.succs[1]) && !leaves(n.succs[0]);
    emit.condition(n, swap);
    asm.if(swap ? -n.likely : n.likely);
    emit.forget();
    asm.dead = false;
    this.push(Task.elseArm, n, 0, follow, false, swap);
    this.push(Task.branch, n, swap ? 1 : 0, follow);
  }

  private elseArm(s: Step): void {
    const k = s.swap ? 0 : 1;
    if (this.asm.dead) {
      this.asm.end();
      this.asm.dead = false;
      this.emit.forget();
      this.push(Task.branch, s.node, k, s.follow);
      return;
    }
    if (s.node.succs[k] === s.follow && this.isBare(s.node, k)) {
      // The other arm is empty.
      this.push(Task.endIf, s.node, 0, null, false);
      return;
    }
    const dead = this.asm.dead;
    this.asm.else();
    this.emit.forget();
    this.push(Task.endIf, s.node, 0, null, dead);
    this.push(Task.branch, s.node, k, s.follow);
  }

  private branch(n: Node, k: number, follow: Node | null): void {
    if (this.emit.hasCopies(n, k)) this.emit.copies(n, k);
    const t = n.succs[k];
    const back = t.rpo <= n.rpo;
    if (!back && !t.merge) return this.push(Task.tree, t, 0, follow);
    if (!back && t === follow) return;
    this.asm.br(this.label[t.id]);
  }
}

/** Does the node's code surely not fall through to what follows it? */
function leaves(n: Node): boolean {
  return !n.merge && !n.header && (n.term === Term.ret || n.term === Term.unreachable);
}

// From the plan of a function to the graph that is emitted: cuts blocks at resumable sites, numbers the sites, makes
// the graph reducible, and adds the nodes by which a resumption reaches its site, through the headers of the loops
// around it.
import { SiteKind } from '../abi/tables.ts';
import { BlockKind } from '../ir/func.ts';
import { Type } from '../ir/type.ts';
import type { Block, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import type { CodegenContext } from './code.ts';
import type { Node} from './graph.ts';
import { Graph, NodeKind, Term } from './graph.ts';
import { makeReducible } from './irreducible.ts';
import { rotateLoops } from './rotate.ts';
import { copyRests } from './rests.ts';
import { isCheck, isResumable, isSite, neverNil } from './plan.ts';
import type { Plan } from './plan.ts';
import { Scratch } from './scratch.ts';

/** A site of the function; its place in the list is its number. */
export interface FuncSite {
  readonly kind: SiteKind;
  readonly pos: number;
  /** The call or poll; null for entry, deferreturn and checks. */
  readonly value: Value | null;
  /** Where a resumption goes on; null if it never does. */
  cont: Node | null;
}

export interface SiteGraph {
  readonly graph: Graph;
  readonly sites: FuncSite[];
  /** Number of resumable sites; they come first. */
  readonly resumable: number;
  /** Site number by value id, -1 none. */
  readonly siteOf: Int32Array;
  readonly deferReturn: number;
  readonly entrySite: number;
  /** Resumptions pass loop headers. */
  readonly inLoops: boolean;
}

/** What the entry of the function needs. */
export interface EntryNeeds { readonly limitCheck: boolean; readonly prologue: boolean }

/** Builds the graph of a function. `hasCopies` tells whether edge k of a block moves values. */
export function buildGraph(plan: Plan, needs: EntryNeeds, ctx: CodegenContext, hasCopies: HasCopies): SiteGraph {
  return new Builder(plan, needs, ctx, hasCopies).run();
}

type HasCopies = (b: Block, k: number) => boolean;

/** A node that dispatches sends the resumption of a site to `to`; `final`: nothing dispatches it further. */
interface Target { at: Node; site: number; to: Node; final: boolean }

const siteScratch = new Scratch();

class Builder {
  private readonly plan: Plan;
  private readonly needs: EntryNeeds;
  private readonly ctx: CodegenContext;
  private readonly hasCopies: HasCopies;
  private readonly g = new Graph();
  private readonly sites: FuncSite[] = [];
  private readonly siteOf: Int32Array;
  private readonly first: Node[] = [];
  private resumeNode: Node | null = null;
  private resumable = 0;
  private deferReturn = -1;
  private entrySite = -1;

  constructor(plan: Plan, needs: EntryNeeds, ctx: CodegenContext, hasCopies: HasCopies) {
    this.hasCopies = hasCopies;
    this.plan = plan;
    this.needs = needs;
    this.ctx = ctx;
    this.siteOf = siteScratch.take(plan.f.numValues, -1);
  }

  run(): SiteGraph {
    const { g, plan } = this;
    if (plan.f.suspends && this.needs.limitCheck) {
      this.entrySite = 0;
      this.sites.push({ kind: SiteKind.entry, pos: plan.f.pos, value: null, cont: null });
    }
    const last = plan.rpo.map((_, i) => this.cut(i));
    this.link(last);
    this.skipEmpty();
    this.noteDeferReturn();
    this.resumable = this.sites.length;
    this.makeEntry();
    g.analyse();
    if (makeReducible(g)) g.analyse();
    if (rotateLoops(g, plan)) g.analyse();
    const inLoops = this.resumable > 0 && this.addDispatch();
    g.analyse();
    g.findMerges();
    this.addCheckSites();
    return {
      graph: g, sites: this.sites, resumable: this.resumable, siteOf: this.siteOf, deferReturn: this.deferReturn,
      entrySite: this.entrySite, inLoops,
    };
  }

  private segment(block: number, from: number): Node {
    const n = this.g.add(NodeKind.segment, Term.jump);
    n.block = block;
    n.from = from;
    return n;
  }

  /** Cuts block i after its resumable sites; gives the last segment. */
  private cut(i: number): Node {
    const roots = this.plan.roots[i];
    let n = this.segment(i, 0);
    this.first.push(n);
    for (let k = 0; k < roots.length; k++) {
      const v = roots[k];
      if (!isResumable(v)) continue;
      const site = this.sites.length;
      this.siteOf[v.id] = site;
      const next = this.segment(i, k + 1);
      this.sites.push({ kind: v.op === Op.poll ? SiteKind.poll : SiteKind.call, pos: v.pos, value: v, cont: next });
      if (v.op === Op.poll) {
        const slow = this.g.add(NodeKind.poll, Term.jump);
        slow.site = site;
        slow.succs = [next];
        n.to = k;
        n.term = Term.branch;
        n.likely = -1;
        n.succs = [slow, next];
      } else {
        n.to = k + 1;
        n.succs = [next];
        next.site = site;
      }
      n = next;
    }
    n.to = roots.length;
    n.last = true;
    return n;
  }

  private link(last: readonly Node[]): void {
    const { rpo, order } = this.plan;
    rpo.forEach((b, i) => {
      const n = last[i];
      const succs = b.succs.map((s) => this.first[order[s.id]]);
      n.succs = succs;
      switch (b.kind) {
        case BlockKind.plain: n.term = Term.jump; break;
        case BlockKind.branch: n.term = Term.branch; n.likely = b.likely; break;
        case BlockKind.switch: this.linkSwitch(n, succs); break;
        case BlockKind.ret: n.term = Term.ret; break;
        default: n.term = Term.unreachable;
      }
    });
  }

  /** Sends edges past nodes that do nothing. */
  private skipEmpty(): void {
    for (const n of this.g.nodes) n.succs = n.succs.map((s) => this.skip(s));
    for (const s of this.sites) if (s.cont !== null) s.cont = this.skip(s.cont);
  }

  private skip(n: Node): Node {
    for (let steps = 0; steps < 8 && this.isEmpty(n); steps++) n = n.succs[0];
    return n;
  }

  private isEmpty(n: Node): boolean {
    if (n.kind !== NodeKind.segment || n.term !== Term.jump || n.from !== n.to || !n.last || n.site >= 0) return false;
    return !this.hasCopies(this.plan.rpo[n.block], 0);
  }

  /** Edges of a switch that carry copies get a node of their own. */
  private linkSwitch(n: Node, succs: readonly Node[]): void {
    n.term = Term.switch;
    n.succs = succs.map((s, k) => {
      if (!this.hasCopies(this.plan.rpo[n.block], k)) return s;
      const e = this.g.add(NodeKind.edge, Term.jump);
      e.block = n.block;
      e.from = k;
      e.succs = [s];
      return e;
    });
    n.table = n.succs.map((_, k) => k);
  }

  private noteDeferReturn(): void {
    const b = this.plan.f.deferReturn;
    if (b === null) return;
    this.deferReturn = this.sites.length;
    this.sites.push({ kind: SiteKind.deferReturn, pos: b.pos, value: null, cont: this.first[this.plan.order[b.id]] });
  }

  /** The nodes before the first block, and the resume node with its way to the deferreturn block. */
  private makeEntry(): void {
    const { g, needs } = this;
    let start = this.first[0];
    if (needs.prologue) {
      const p = g.add(NodeKind.prologue, Term.jump);
      p.succs = [start];
      start = p;
    }
    g.entry = start;
    if (this.resumable === 0) return;
    const resume = g.add(NodeKind.resume, Term.unreachable);
    this.resumeNode = resume;
    if (this.deferReturn >= 0) {
      resume.term = Term.jump;
      resume.succs = [this.sites[this.deferReturn].cont!];
    }
    const entry = g.add(NodeKind.entry, Term.branch);
    entry.likely = -1;
    g.entry = entry;
    if (this.entrySite < 0) {
      entry.succs = [resume, start];
      return;
    }
    this.sites[this.entrySite].cont = start;
    const slow = g.add(NodeKind.slow, Term.branch);
    const ask = g.add(NodeKind.entrySlow, Term.jump);
    ask.succs = [start];
    slow.succs = [resume, ask];
    entry.succs = [slow, start];
  }

  /** Adds the ways from the resume node to all sites. Tells whether any leads through a loop header. */
  private addDispatch(): boolean {
    const { g } = this;
    g.findLoops();
    const resume = this.resumeNode!;
    const tests: (Node | undefined)[] = [];
    const switches: (Node | undefined)[] = [];
    const targets: Target[] = [];
    const arrivals: Node[] = [];
    const copies = copyRests(g, this.plan, this.sites.slice(0, this.resumable).map((s) => s.cont!));
    const before = g.nodes.length;
    const testOf = (h: Node): Node => {
      let t = tests[h.id];
      if (t === undefined) {
        tests[h.id] = t = g.add(NodeKind.loopTest, Term.branch);
        const s = g.add(NodeKind.loopSwitch, Term.switch);
        switches[h.id] = s;
        t.likely = -1;
        t.succs = [s, h];
      }
      return t;
    };
    for (let site = 0; site < this.resumable; site++) {
      const cont = this.sites[site].cont!;
      const copy = copies.get(cont);
      let to = copy ?? cont;
      if (this.hasArrival(site)) {
        to = g.add(NodeKind.arrive, Term.jump);
        to.site = site;
        to.succs = [copy ?? cont];
        arrivals.push(to);
      }
      let final = true;
      const innermost = cont.header ? cont.outer : cont.loop;
      for (let h = copy === undefined ? innermost : innermost!.outer; h !== null; h = h.outer) {
        const test = testOf(h);
        targets.push({ at: switches[h.id]!, site, to, final });
        to = test;
        final = false;
      }
      targets.push({ at: resume, site, to, final });
    }
    const through = tests.length > 0;
    const redirect = (n: Node): void => {
      for (let k = 0; k < n.succs.length; k++) n.succs[k] = tests[n.succs[k].id] ?? n.succs[k];
    };
    if (through) {
      for (let i = 0; i < before; i++) redirect(g.nodes[i]);
      for (const a of arrivals) redirect(a);
      for (const t of targets) if (t.final) t.to = tests[t.to.id] ?? t.to;
    }
    this.fillSwitches(targets, through);
    return through;
  }

  /**
   * Fills the dispatching nodes. What ends a resumption (sites that are not inside a loop deeper down) goes through one more
   * switch that clears the number of the site under way, unless it is all there is.
   */
  private fillSwitches(targets: readonly Target[], through: boolean): void {
    const byNode = new Map<Node, Target[]>();
    for (const t of targets) {
      const list = byNode.get(t.at);
      if (list === undefined) byNode.set(t.at, [t]);
      else list.push(t);
    }
    for (const [n, list] of byNode) {
      const final = list.filter((t) => t.final);
      if (!through || final.length === 0) this.fillSwitch(n, list);
      else if (final.length === list.length) {
        n.clears = true;
        this.fillSwitch(n, list);
      } else {
        const arrival = this.g.add(NodeKind.arrival, Term.switch);
        arrival.clears = true;
        this.fillSwitch(arrival, final);
        this.fillSwitch(n, list.map((t) => (t.final ? { ...t, to: arrival } : t)));
      }
    }
  }

  private fillSwitch(n: Node, list: readonly Target[]): void {
    const places = new Map<Node, number>();
    n.succs = [];
    for (const { to } of list) {
      if (places.has(to)) continue;
      places.set(to, n.succs.length);
      n.succs.push(to);
    }
    // Sites come in ascending order; a resumption at none of them can't get here.
    n.site = list[0].site;
    n.table = [];
    for (const { site, to } of list) {
      while (n.table.length < site - n.site) n.table.push(places.get(to)!);
      n.table.push(places.get(to)!);
    }
    n.term = n.succs.length === 1 ? Term.jump : Term.switch;
  }

  /** Has arriving at the site code of its own: results of a call to fetch? */
  private hasArrival(site: number): boolean {
    const v = this.sites[site].value;
    if (v === null || (v.op !== Op.call && v.op !== Op.calli)) return false;
    const { uses, extracts } = this.plan;
    return v.type === Type.tuple ? extracts[v.id]?.some((e) => uses[e.id] > 0) === true : v.type !== Type.void && uses[v.id] > 0;
  }

  /** Sites that never resume: calls that don't return, and checks, one a line. */
  private addCheckSites(): void {
    const byLine = new Map<number, number>();
    for (const roots of this.plan.roots) {
      for (const v of roots) {
        if (isSite(v) && !isResumable(v)) {
          this.siteOf[v.id] = this.sites.length;
          this.sites.push({ kind: SiteKind.call, pos: v.pos, value: v, cont: null });
        } else if (isCheck(v) && !(v.op === Op.nilcheck && neverNil(v.args[0]))) {
          const line = this.ctx.linePos(v.pos);
          let site = byLine.get(line);
          if (site === undefined) {
            site = this.sites.length;
            byLine.set(line, site);
            this.sites.push({ kind: SiteKind.check, pos: line, value: null, cont: null });
          }
          this.siteOf[v.id] = site;
        }
      }
    }
  }
}

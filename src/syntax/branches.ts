// Labels and branches of one function body: every label used and declared once, break and continue inside what they
// leave, goto neither into a block nor over a variable declaration. Fills in BranchStmt.target.

import type { Pos } from '../base/pos.ts';
import { Kind } from './ast.ts';
import type { BlockStmt, BranchStmt, Expr, LabeledStmt, Stmt } from './ast.ts';
import { exprListString, exprString } from './expr-string.ts';
import { Token } from './token.ts';

type Report = (pos: Pos, message: string) => void;

interface Block {
  readonly parent: Block | null;
  readonly start: Pos;
  /** The label of the statement that the block belongs to. */
  readonly label: LabeledStmt | null;
}

interface Label {
  readonly parent: Block;
  readonly stmt: LabeledStmt;
  used: boolean;
}

/** Where unlabelled branches go. */
interface Targets {
  readonly breaks: Stmt | null;
  readonly continues: Stmt | null;
  /** Index of the clause of the directly enclosing switch, -1 otherwise. */
  readonly caseIndex: number;
}

/** Checks the body of a function (function literals in it are checked as they are parsed). `where` shows a position. */
export function checkBranches(body: BlockStmt, report: Report, where: (pos: Pos) => string): void {
  if (!mayBranch(body.list)) return;
  const check = new BranchCheck(report, where);
  const open = check.block(null, { breaks: null, continues: null, caseIndex: -1 }, null, body.pos, body.list);
  check.finish(open);
}

/** Tells whether a statement list has anything to check; most bodies have not, and this is cheaper. */
function mayBranch(list: readonly Stmt[]): boolean {
  for (const s of list) if (stmtMayBranch(s)) return true;
  return false;
}

function stmtMayBranch(s: Stmt): boolean {
  switch (s.kind) {
    case Kind.LabeledStmt: case Kind.BranchStmt: return true;
    case Kind.BlockStmt: return mayBranch(s.list);
    case Kind.IfStmt: return mayBranch(s.body.list) || (s.else !== null && stmtMayBranch(s.else));
    case Kind.ForStmt: case Kind.RangeStmt: return mayBranch(s.body.list);
    case Kind.SwitchStmt: case Kind.TypeSwitchStmt: case Kind.SelectStmt:
      for (const c of s.clauses) if (mayBranch(c.body)) return true;
  }
  return false;
}

class BranchCheck {
  private readonly labels = new Map<string, Label>();
  private readonly report: Report;
  private readonly where: (pos: Pos) => string;

  constructor(report: Report, where: (pos: Pos) => string) {
    this.report = report;
    this.where = where;
  }

  /** Reports gotos that found no label in reach, and labels that nothing used. */
  finish(open: readonly BranchStmt[]): void {
    for (const s of open) {
      if (s.label === null) continue;
      const l = this.labels.get(s.label.name);
      if (l === undefined) this.report(s.label.pos, `label ${s.label.name} not defined`);
      else {
        l.used = true;
        this.report(s.label.pos, `goto ${s.label.name} jumps into block starting at ${this.where(l.parent.start)}`);
      }
    }
    for (const l of this.labels.values()) {
      if (!l.used) this.report(l.stmt.label.pos, `label ${l.stmt.label.name} defined and not used`);
    }
  }

  /** Checks a block; returns the forward gotos that found no label in it. */
  block(parent: Block | null, ctxt: Targets, label: LabeledStmt | null, start: Pos, body: readonly Stmt[]): BranchStmt[] {
    return new BlockCheck(this, { parent, start, label }, ctxt).run(body);
  }

  declare(b: Block, s: LabeledStmt): Label {
    const old = this.labels.get(s.label.name);
    if (old !== undefined) {
      this.report(s.label.pos, `label ${s.label.name} already defined at ${this.where(old.stmt.label.pos)}`);
      return old;
    }
    const l: Label = { parent: b, stmt: s, used: false };
    this.labels.set(s.label.name, l);
    return l;
  }

  /** The label of a backward goto, if it is in this block or one round it. */
  gotoTarget(from: Block, name: string): LabeledStmt | null {
    const l = this.labels.get(name);
    if (l === undefined) return null;
    l.used = true; // even if it isn't a valid target
    for (let b: Block | null = from; b !== null; b = b.parent) if (l.parent === b) return l.stmt;
    return null;
  }

  /** Resolves break L and continue L. */
  labeledBranch(from: Block, s: BranchStmt, name: string, pos: Pos): void {
    const word = s.tok === Token.Break ? 'break' : 'continue';
    const l = this.labels.get(name);
    if (l === undefined) return this.report(pos, `${word} label not defined: ${name}`);
    l.used = true;
    for (let b: Block | null = from; b !== null; b = b.parent) {
      if (l.stmt !== b.label) continue;
      const t = l.stmt.stmt;
      const loop = t.kind === Kind.ForStmt || t.kind === Kind.RangeStmt;
      if (loop || (s.tok === Token.Break && isBreakable(t))) {
        s.target = t;
        return;
      }
      break;
    }
    this.report(pos, `invalid ${word} label ${name}`);
  }

  fail(pos: Pos, message: string): void {
    this.report(pos, message);
  }

  place(pos: Pos): string {
    return this.where(pos);
  }
}

function isBreakable(s: Stmt): boolean {
  return s.kind === Kind.SwitchStmt || s.kind === Kind.TypeSwitchStmt || s.kind === Kind.SelectStmt;
}

/** The state of one block. */
class BlockCheck {
  private readonly check: BranchCheck;
  private readonly block: Block;
  private readonly ctxt: Targets;
  private open: BranchStmt[] = [];
  /** The last variable declaration of the block, and the gotos open at it, which therefore jump over it. */
  private varPos: Pos = 0;
  private varName = '';
  private over: BranchStmt[] = [];

  constructor(check: BranchCheck, block: Block, ctxt: Targets) {
    this.check = check;
    this.block = block;
    this.ctxt = ctxt;
  }

  run(body: readonly Stmt[]): BranchStmt[] {
    let n = body.length;
    while (n > 0 && body[n - 1].kind === Kind.EmptyStmt) n--;
    for (let i = 0; i < n; i++) {
      let label: LabeledStmt | null = null;
      let s = body[i];
      while (s.kind === Kind.LabeledStmt) {
        label = this.declareLabel(s) ?? label;
        s = s.stmt;
      }
      this.stmt(s, label, i + 1 === n);
    }
    return this.open;
  }

  private declareLabel(s: LabeledStmt): LabeledStmt | null {
    const name = s.label.name;
    if (name === '_') return null;
    const l = this.check.declare(this.block, s);
    this.open = this.open.filter((fwd) => {
      if (fwd.label === null || fwd.label.name !== name) return true;
      fwd.target = s;
      l.used = true;
      if (this.varPos !== 0 && this.over.includes(fwd)) {
        this.check.fail(fwd.label.pos, `goto ${name} jumps over declaration of ${this.varName} at ${this.check.place(this.varPos)}`);
      }
      return false;
    });
    return s;
  }

  private declareVar(pos: Pos, names: readonly Expr[]): void {
    this.varPos = pos;
    this.varName = names.length === 1 ? exprString(names[0]) : exprListString(names);
    this.over = this.open.slice();
  }

  private inner(ctxt: Targets, label: LabeledStmt | null, start: Pos, body: readonly Stmt[]): void {
    for (const s of this.check.block(this.block, ctxt, label, start, body)) this.open.push(s);
  }

  private stmt(s: Stmt, label: LabeledStmt | null, last: boolean): void {
    const { breaks, continues } = this.ctxt;
    switch (s.kind) {
      case Kind.DeclStmt: {
        const spec = s.decl.tok === Token.Var ? s.decl.specs[0] : undefined;
        if (spec !== undefined && spec.kind === Kind.ValueSpec) this.declareVar(spec.pos, spec.names.slice(0, 1));
        break;
      }
      case Kind.AssignStmt:
        if (s.tok === Token.Define) this.declareVar(s.tokPos, s.lhs);
        break;
      case Kind.BranchStmt: this.branch(s, last); break;
      case Kind.BlockStmt: this.inner({ breaks, continues, caseIndex: -1 }, label, s.pos, s.list); break;
      case Kind.IfStmt: {
        const plain: Targets = { breaks, continues, caseIndex: -1 };
        this.inner(plain, label, s.body.pos, s.body.list);
        if (s.else !== null) this.inner(plain, label, s.else.pos, [s.else]);
        break;
      }
      case Kind.ForStmt: case Kind.RangeStmt:
        this.inner({ breaks: s, continues: s, caseIndex: -1 }, label, s.body.pos, s.body.list);
        break;
      case Kind.SwitchStmt: case Kind.TypeSwitchStmt:
        s.clauses.forEach((c, i) => this.inner({ breaks: s, continues, caseIndex: i }, label, c.pos, c.body));
        break;
      case Kind.SelectStmt:
        for (const c of s.clauses) this.inner({ breaks: s, continues, caseIndex: -1 }, label, c.pos, c.body);
        break;
    }
  }

  private branch(s: BranchStmt, last: boolean): void {
    if (s.label === null) return this.plainBranch(s, last);
    if (s.tok !== Token.Goto) return this.check.labeledBranch(this.block, s, s.label.name, s.label.pos);
    const target = this.check.gotoTarget(this.block, s.label.name);
    if (target !== null) s.target = target;
    else this.open.push(s);
  }

  private plainBranch(s: BranchStmt, last: boolean): void {
    if (s.tok === Token.Break) {
      s.target = this.ctxt.breaks;
      if (s.target === null) this.check.fail(s.pos, 'break is not in a loop, switch, or select');
    } else if (s.tok === Token.Continue) {
      s.target = this.ctxt.continues;
      if (s.target === null) this.check.fail(s.pos, 'continue is not in a loop');
    } else {
      const message = this.fallthroughError(last);
      if (message !== '') this.check.fail(s.pos, message);
    }
  }

  private fallthroughError(last: boolean): string {
    const t = this.ctxt.breaks;
    if (t !== null && t.kind === Kind.TypeSwitchStmt) return 'cannot fallthrough in type switch';
    if (t === null || t.kind !== Kind.SwitchStmt || this.ctxt.caseIndex < 0 || !last) return 'fallthrough statement out of place';
    return this.ctxt.caseIndex + 1 === t.clauses.length ? 'cannot fallthrough final case in switch' : '';
  }
}

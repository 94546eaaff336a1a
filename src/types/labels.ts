// Labels and the statements that jump to them: each label is declared once and used, break and continue name an enclosing
// statement, goto jumps neither into a block nor over a variable declaration. (Spec: Labeled, Break, Continue, Goto.)
//
// One walk over the body. A goto whose label has not been seen is pending in its block; at the block's end it moves to the
// enclosing one. When a label comes up, pending gotos of its block are resolved; those pending since before the last
// variable declaration jump over it.
import { Kind, type BlockStmt, type BranchStmt, type Ident, type LabeledStmt, type Stmt } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import type { Checker } from './checker.ts';
import { ErrorDesc, err, softErr } from './errors.ts';
import { Label } from './model.ts';
import { recordDef, recordUse } from './record.ts';

/** A goto that waits for its label. */
interface Jump {
  readonly label: Ident;
  /** A variable was declared in the current block after the goto. */
  overVar: boolean;
}

class Block {
  readonly parent: Block | null;
  /** The labeled statement that the block belongs to. */
  readonly stmt: LabeledStmt | null;
  readonly labels = new Set<string>();
  pending: Jump[] = [];
  varPos = 0;

  constructor(parent: Block | null, stmt: LabeledStmt | null) {
    this.parent = parent;
    this.stmt = stmt;
  }

  declaresVar(pos: number): void {
    this.varPos = pos;
    for (const j of this.pending) j.overVar = true;
  }
}

/** Checks the labels of a function's body. */
export function checkLabels(c: Checker, body: BlockStmt): void {
  new LabelChecker(c).check(body);
}

class LabelChecker {
  private readonly c: Checker;
  /** All labels of the function. */
  private readonly all = new Map<string, Label>();

  constructor(c: Checker) {
    this.c = c;
  }

  check(body: BlockStmt): void {
    const rest = this.block(null, null, body.list);
    for (const j of rest) {
      const label = this.all.get(j.label.name);
      if (label === undefined) {
        err(this.c, j.label, 'UndeclaredLabel', `label ${j.label.name} not defined`);
      } else {
        label.used = true;
        err(this.c, j.label, 'JumpIntoBlock', `goto ${j.label.name} jumps into block`);
      }
    }
    for (const label of this.all.values()) {
      if (!label.used) softErr(this.c, label.pos, 'UnusedLabel', `label ${label.name} defined and not used`);
    }
  }

  /** Walks a block; returns the gotos that are still pending. */
  private block(parent: Block | null, labeled: LabeledStmt | null, list: readonly Stmt[]): Jump[] {
    const b = new Block(parent, labeled);
    for (const s of list) this.stmt(b, null, s);
    return b.pending;
  }

  /** Walks a nested block, whose pending gotos become the outer block's. */
  private nested(b: Block, parent: Block, labeled: LabeledStmt | null, list: readonly Stmt[]): void {
    for (const j of this.block(parent, labeled, list)) b.pending.push({ label: j.label, overVar: false });
  }

  private stmt(b: Block, labeled: LabeledStmt | null, s: Stmt): void {
    switch (s.kind) {
      case Kind.DeclStmt:
        if (s.decl.tok === Token.Var) for (const spec of s.decl.specs) b.declaresVar(spec.pos);
        break;
      case Kind.AssignStmt:
        if (s.tok === Token.Define) b.declaresVar(s.tokPos);
        break;
      case Kind.LabeledStmt:
        if (s.label.name === '_') {
          this.stmt(b, labeled, s.stmt);
        } else {
          this.label(b, s);
          this.stmt(b, s, s.stmt);
        }
        break;
      case Kind.BranchStmt:
        if (s.label !== null) this.branch(b, s, s.label);
        break;
      case Kind.BlockStmt:
        this.nested(b, b, labeled, s.list);
        break;
      case Kind.IfStmt:
        this.stmt(b, labeled, s.body);
        if (s.else !== null) this.stmt(b, labeled, s.else);
        break;
      case Kind.SwitchStmt:
      case Kind.TypeSwitchStmt:
      case Kind.SelectStmt: {
        const outer = new Block(b, labeled);
        for (const clause of s.clauses) this.nested(b, outer, null, clause.body);
        break;
      }
      case Kind.ForStmt:
      case Kind.RangeStmt:
        this.nested(b, b, labeled, s.body.list);
        break;
    }
  }

  private label(b: Block, s: LabeledStmt): void {
    const name = s.label.name;
    const known = this.all.get(name);
    let label = new Label(s.label.pos, this.c.pkg, name);
    if (known !== undefined) {
      new ErrorDesc(this.c, 'DuplicateLabel').add(label.pos, `label ${name} already defined`).addAlt(known).report();
    } else {
      this.all.set(name, label);
      b.labels.add(name);
      recordDef(this.c, s.label, label);
    }
    const waiting: Jump[] = [];
    for (const j of b.pending) {
      if (j.label.name !== name) {
        waiting.push(j);
        continue;
      }
      label.used = true;
      recordUse(this.c, j.label, label);
      if (j.overVar) {
        const line = this.c.conf.fileSet.position(b.varPos)?.line ?? 0;
        softErr(this.c, j.label, 'JumpOverDecl', `goto ${name} jumps over variable declaration at line ${line}`);
      }
    }
    b.pending = waiting;
  }

  private branch(b: Block, s: BranchStmt, id: Ident): void {
    const name = id.name;
    if (s.tok === Token.Goto) {
      if (!reachable(b, name)) {
        b.pending.push({ label: id, overVar: false });
        return;
      }
    } else if (!encloses(b, name, s.tok)) {
      err(this.c, id, 'MisplacedLabel', `invalid ${s.tok === Token.Break ? 'break' : 'continue'} label ${name}`);
      return;
    }
    const label = this.all.get(name)!;
    label.used = true;
    recordUse(this.c, id, label);
  }
}

/** Whether a goto in b can jump back to the label: it is in b or an enclosing block. */
function reachable(b: Block | null, name: string): boolean {
  for (; b !== null; b = b.parent) if (b.labels.has(name)) return true;
  return false;
}

/** Whether the label is that of an enclosing statement that break (or continue) applies to. */
function encloses(b: Block | null, name: string, tok: Token): boolean {
  for (; b !== null; b = b.parent) {
    if (b.stmt === null || b.stmt.label.name !== name) continue;
    switch (b.stmt.stmt.kind) {
      case Kind.ForStmt:
      case Kind.RangeStmt: return true;
      case Kind.SwitchStmt:
      case Kind.TypeSwitchStmt:
      case Kind.SelectStmt: return tok === Token.Break;
    }
    return false;
  }
  return false;
}

// Select statements, in gc's forms: no case, one case, one case and default, the general one. Spec: "Select statements".

import type { Block, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Kind, type AssignStmt, type CommClause, type Expr, type SelectStmt, type UnaryExpr } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import { assignConverted } from './assign.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { chanType, elemBuffer, recvDrop, send } from './chan.ts';
import { GoKind, type GoType } from './gotype.ts';
import { load, spill } from './mem.ts';
import { rec } from './rec.ts';

/** A communication clause taken apart. */
interface Comm {
  readonly clause: CommClause;
  readonly send: boolean;
  readonly chan: Expr;
  /** Value sent. */
  readonly value: Expr | null;
  /** Left sides of a receive. */
  readonly lhs: readonly Expr[];
  readonly define: boolean;
}

export function selectStmt(f: FuncBuilder, s: SelectStmt, label: string | null): void {
  const comms: Comm[] = [];
  let other: CommClause | null = null;
  for (const c of s.clauses) {
    if (c.comm === null) other = c;
    else comms.push(takeApart(c));
  }
  const exit = f.block();
  f.targets.push({ label, brk: exit, cont: null });
  if (comms.length === 0 && other === null) f.runtime('block');
  else if (comms.length === 0) body(f, other!, exit);
  else if (comms.length === 1) single(f, comms[0]!, other, exit);
  else general(f, comms, other, exit);
  f.targets.pop();
  f.start(exit);
}

function takeApart(c: CommClause): Comm {
  const s = c.comm!;
  if (s.kind === Kind.SendStmt) return { clause: c, send: true, chan: s.chan, value: s.value, lhs: [], define: false };
  const a = s.kind === Kind.AssignStmt ? (s as AssignStmt) : null;
  let x: Expr = a !== null ? a.rhs[0]! : (s as { x: Expr }).x;
  while (x.kind === Kind.ParenExpr) x = x.x;
  return { clause: c, send: false, chan: (x as UnaryExpr).x, value: null, lhs: a?.lhs ?? [], define: a?.tok === Token.Define };
}

function body(f: FuncBuilder, c: CommClause, exit: Block): void {
  if (f.pre.size !== 0) f.pre.clear();
  rec.stmts(f, c.body);
  f.at(c.pos);
  f.jump(exit);
}

/** Gives what was received to the clause's variables. */
function bindReceived(f: FuncBuilder, c: Comm, v: Vals, ok: Value): void {
  if (c.lhs.length === 0) return;
  assignConverted(f, c.lhs, [v, [ok]].slice(0, c.lhs.length), [chanType(f, c.chan).elem!, f.ctx.basic(GoKind.Bool)], c.define);
}

function single(f: FuncBuilder, c: Comm, other: CommClause | null, exit: Block): void {
  f.at(c.clause.pos);
  const elem = chanType(f, c.chan).elem!;
  if (other === null) {
    if (c.send) send(f, c.chan, c.value!);
    else {
      const ch = rec.expr(f, c.chan)[0]!;
      if (c.lhs.length === 0) recvDrop(f, ch);
      else {
        const buf = elemBuffer(f, elem);
        const ok = f.runtime('chanrecv2', ch, buf)[0]!;
        bindReceived(f, c, load(f, elem, buf), ok);
      }
    }
    body(f, c.clause, exit);
    return;
  }
  const yes = f.block(), no = f.block();
  if (c.send) {
    const [ch, v] = rec.exprs(f, [c.chan, c.value!], [null, elem]);
    f.branch(f.runtime('selectnbsend', ch![0]!, spill(f, elem, v!))[0]!, yes, no);
    f.start(yes);
  } else {
    const ch = rec.expr(f, c.chan)[0]!;
    const buf = c.lhs.length === 0 ? f.nil() : elemBuffer(f, elem);
    const [selected, ok] = f.runtime('selectnbrecv', buf, ch);
    f.branch(selected!, yes, no);
    f.start(yes);
    if (c.lhs.length > 0) bindReceived(f, c, load(f, elem, buf), ok!);
  }
  body(f, c.clause, exit);
  f.start(no);
  body(f, other, exit);
}

/** Layout of runtime.scase. */
const SCASE = { CHAN: 0, ELEM: 8, SIZE: 16 } as const;

function general(f: FuncBuilder, comms: readonly Comm[], other: CommClause | null, exit: Block): void {
  const n = comms.length;
  const { cases, order } = selectArrays(f, n);
  // Sends come first, receives from the end, in the order of the text.
  const bufs: Value[] = [];
  const slotOf: number[] = [];
  let sends = 0, recvs = 0;
  comms.forEach((c, i) => {
    f.at(c.clause.pos);
    const elem = chanType(f, c.chan).elem!;
    let ch: Value, buf: Value;
    if (c.send) {
      const [cv, v] = rec.exprs(f, [c.chan, c.value!], [null, elem]);
      ch = cv![0]!;
      buf = spill(f, elem, v!);
      slotOf[i] = sends++;
    } else {
      ch = rec.expr(f, c.chan)[0]!;
      buf = c.lhs.length === 0 || isBlank(c.lhs[0]!) ? f.nil() : elemBuffer(f, elem);
      slotOf[i] = n - ++recvs;
    }
    bufs.push(buf);
    const at = slotOf[i]! * SCASE.SIZE;
    f.emit(Op.store_ptr, [cases, ch], at + SCASE.CHAN);
    f.emit(Op.store_ptr, [cases, buf], at + SCASE.ELEM);
  });
  const [chosen, ok] = f.runtime('selectgo', cases, order, f.nil(), f.i64(sends), f.i64(recvs), f.i32(other === null ? 1 : 0));
  const bodies = comms.map(() => f.block());
  const targets = new Array<Block>(n);
  comms.forEach((_, i) => { targets[slotOf[i]!] = bodies[i]!; });
  const otherBlock = f.block();
  f.switchTo(f.emit(Op.wrap_i64, [chosen!]), other === null ? targets : [...targets, otherBlock]);
  comms.forEach((c, i) => {
    f.start(bodies[i]!);
    f.at(c.clause.pos);
    if (!f.dead && !c.send) bindReceived(f, c, c.lhs.length > 0 && !isBlank(c.lhs[0]!) ? load(f, chanType(f, c.chan).elem!, bufs[i]!) : [], ok!);
    body(f, c.clause, exit);
  });
  f.start(otherBlock);
  if (other !== null) body(f, other, exit);
}

function isBlank(e: Expr): boolean { return e.kind === Kind.Ident && e.name === '_'; }

/** Stack arrays of n cases and of the orders selectgo works out. */
function selectArrays(f: FuncBuilder, n: number): { cases: Value; order: Value } {
  const word: GoType = f.ctx.basic(GoKind.UnsafePointer);
  return {
    cases: f.temp(f.ctx.arrayOf(word, 2 * n)),
    order: f.temp(f.ctx.arrayOf(f.ctx.basic(GoKind.Uint16), 2 * n)),
  };
}

// Statements other than assignments, switches, ranges and select. Spec: "Statements".

import { Kind, type AssignStmt, type BranchStmt, type CallExpr, type DeclStmt, type Expr, type ForStmt, type Ident, type IfStmt, type LabeledStmt, type ReturnStmt, type Stmt } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { Token } from '../syntax/token.ts';
import type { Var } from '../types/model.ts';
import { assignStmt, incDec, varSpec } from './assign.ts';
import { LocalKind, type FuncBuilder } from './builder.ts';
import { send } from './chan.ts';
import { deferStmt, goStmt } from './defer.ts';
import { load, store } from './mem.ts';
import { declareVar, localAddr, storeLocal } from './place.ts';
import { isRangeFunc, rangeStmt } from './range.ts';
import { exitTo, gotoLabel, labelBlock, returnFromBody } from './exit.ts';
import { finishReturn, returnValues, storeResults } from './results.ts';
import { rec } from './rec.ts';
import { selectStmt } from './select.ts';
import { switchStmt, typeSwitchStmt } from './switch.ts';

export function stmts(f: FuncBuilder, list: readonly Stmt[]): void {
  for (const s of list) {
    // What follows a jump can be reached by a label only.
    if (f.dead && s.kind !== Kind.LabeledStmt) continue;
    stmt(f, s);
  }
}

export function stmt(f: FuncBuilder, s: Stmt): void {
  const mark = f.markTemps();
  f.at(s.pos);
  stmtKind(f, s);
  f.releaseTemps(mark);
  if (f.pre.size !== 0) f.pre.clear();
}

function stmtKind(f: FuncBuilder, s: Stmt): void {
  switch (s.kind) {
    case Kind.ExprStmt: exprStmt(f, s.x); return;
    case Kind.AssignStmt: assignStmt(f, s); return;
    case Kind.IncDecStmt: incDec(f, s); return;
    case Kind.BlockStmt: stmts(f, s.list); return;
    case Kind.IfStmt: ifStmt(f, s); return;
    case Kind.ForStmt: forStmt(f, s, takeLabel(f)); return;
    case Kind.RangeStmt: {
      const label = takeLabel(f);
      if (isRangeFunc(f, s)) rec.rangeFunc(f, s, label);
      else rangeStmt(f, s, label);
      return;
    }
    case Kind.ReturnStmt: returnStmt(f, s); return;
    case Kind.DeclStmt: declStmt(f, s); return;
    case Kind.SwitchStmt: switchStmt(f, s, takeLabel(f)); return;
    case Kind.TypeSwitchStmt: typeSwitchStmt(f, s, takeLabel(f)); return;
    case Kind.SelectStmt: selectStmt(f, s, takeLabel(f)); return;
    case Kind.BranchStmt: branchStmt(f, s); return;
    case Kind.LabeledStmt: labeledStmt(f, s); return;
    case Kind.SendStmt: f.at(s.arrow); send(f, s.chan, s.value); return;
    case Kind.GoStmt: goStmt(f, s.pos, s.call as CallExpr); return;
    case Kind.DeferStmt: deferStmt(f, s.call as CallExpr); return;
    case Kind.EmptyStmt: return;
    default: throw f.bug(`statement of kind ${s.kind}`);
  }
}

function takeLabel(f: FuncBuilder): string | null {
  const l = f.pendingLabel;
  f.pendingLabel = null;
  return l;
}

function exprStmt(f: FuncBuilder, x: Expr): void {
  while (x.kind === Kind.ParenExpr) x = x.x;
  if (x.kind === Kind.CallExpr) rec.callMulti(f, x);
  else if (x.kind === Kind.UnaryExpr && x.op === Token.Arrow) {
    const ch = rec.expr(f, x.x)[0]!;
    f.runtime('chanrecv1', ch, f.nil());
  } else rec.expr(f, x);
}

function declStmt(f: FuncBuilder, s: DeclStmt): void {
  if (s.decl.tok !== Token.Var) return;
  for (const spec of s.decl.specs) if (spec.kind === Kind.ValueSpec) varSpec(f, spec);
}

function ifStmt(f: FuncBuilder, s: IfStmt): void {
  if (s.init !== null) stmt(f, s.init);
  const yes = f.block(), join = f.block();
  const no = s.else === null ? join : f.block();
  f.at(gcPos(s.cond));
  rec.cond(f, s.cond, yes, no, 0);
  if (f.pre.size !== 0) f.pre.clear();
  f.start(yes);
  if (!f.dead) stmts(f, s.body.list);
  f.jump(join);
  if (s.else !== null) {
    f.start(no);
    if (!f.dead) stmt(f, s.else);
    f.jump(join);
  }
  f.start(join);
}

// ---- for

/** The variables a for clause declares whose every iteration has its own copy with an address. */
function perIteration(f: FuncBuilder, s: ForStmt): Var[] {
  if (s.init === null || s.init.kind !== Kind.AssignStmt || s.init.tok !== Token.Define || sharedLoopVars(f, s.pos)) return [];
  const out: Var[] = [];
  for (const l of (s.init as AssignStmt).lhs) {
    if (l.kind !== Kind.Ident || l.name === '_') continue;
    const o = f.info.defOf(l as Ident);
    if (o !== null && o.kind === 3 && f.locals.get(o)?.kind === LocalKind.cell) out.push(o);
  }
  return out;
}

/** Whether the file's language version has one variable for the whole loop (before go1.22). */
export function sharedLoopVars(f: FuncBuilder, pos: number): boolean {
  const files = f.unit.files;
  for (let i = 0; i < files.length; i++) {
    const src = files[i]!.source;
    if (pos < src.base || pos > src.base + src.size) continue;
    const v = f.info.fileVersions[i] ?? '';
    return olderThan122(v !== '' ? v : f.unit.pkg.goVersion);
  }
  return false;
}

function olderThan122(v: string): boolean {
  if (!v.startsWith('go1.')) return false;
  const minor = parseInt(v.slice(4), 10);
  return minor < 22;
}

function forStmt(f: FuncBuilder, s: ForStmt, label: string | null): void {
  if (s.init !== null) stmt(f, s.init);
  const head = f.block(), body = f.block(), cont = f.block(), exit = f.block();
  const vars = perIteration(f, s);
  f.jump(head);
  f.start(head, true);
  f.loopDepth++;
  if (s.cond !== null) {
    f.at(gcPos(s.cond));
    rec.cond(f, s.cond, body, exit, 0);
    if (f.pre.size !== 0) f.pre.clear();
  } else f.jump(body);
  f.start(body);
  f.targets.push({ label, brk: exit, cont });
  if (!f.dead) stmts(f, s.body.list);
  f.targets.pop();
  f.jump(cont);
  f.start(cont);
  f.at(s.pos);
  if (!f.dead) for (const v of vars) copyCell(f, v);
  if (s.post !== null && !f.dead) stmt(f, s.post);
  f.poll();
  f.jump(head);
  f.loopDepth--;
  f.seal(head);
  f.start(exit);
}

/** Gives a loop variable a new cell with the old one's value. */
function copyCell(f: FuncBuilder, v: Var): void {
  const l = f.locals.get(v)!;
  const old = load(f, l.type, localAddr(f, l));
  declareVar(f, v, l.type);
  store(f, l.type, localAddr(f, l), 0, old);
}

// ---- branches

function branchStmt(f: FuncBuilder, s: BranchStmt): void {
  const label = s.label === null ? null : s.label.name;
  switch (s.tok) {
    case Token.Fallthrough: f.jump(f.fallthrough!); return;
    case Token.Goto: gotoLabel(f, label!); return;
    default: exitTo(f, label, s.tok === Token.Continue ? 'continue' : 'break');
  }
}

function labeledStmt(f: FuncBuilder, s: LabeledStmt): void {
  const label = s.label.name;
  if (f.gotoLabels.has(label)) {
    if (f.dead) for (let g: FuncBuilder | null = f; g !== null; g = g.parent) g.hasDeadLabel = true;
    const b = labelBlock(f, label);
    f.jump(b);
    f.startLabel(b);
  } else if (f.dead) return;
  f.pendingLabel = label;
  stmt(f, s.stmt);
  f.pendingLabel = null;
}

// ---- return

function returnStmt(f: FuncBuilder, s: ReturnStmt): void {
  if (f.rangeBody !== null) {
    returnFromBody(f, s);
    return;
  }
  if (s.results.length === 0) {
    finishReturn(f);
    return;
  }
  if (f.results.length > 0) {
    storeResults(f, s.results, f.results.map((l) => l.type)).forEach((v, i) => storeLocal(f, f.results[i]!, v));
    finishReturn(f);
    return;
  }
  directReturn(f, s);
}

/** A return from a function whose results have no variables: memory results go straight to the caller's copy. */
function directReturn(f: FuncBuilder, s: ReturnStmt): void {
  const types = f.resultTypes;
  if (types.length === 1 && f.sret[0] != null) {
    rec.exprTo(f, s.results[0]!, types[0]!, f.sret[0], 0, types[0]!.hasPtr);
    f.at(s.pos);
    f.ret([]);
    return;
  }
  const vals = storeResults(f, s.results, types);
  f.at(s.pos);
  returnValues(f, vals);
}

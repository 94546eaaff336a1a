// Expression and type switches. Cases that are integer constants become a binary search or a jump table; string constants
// are told apart by length first. Spec: "Switch statements".

import { compare, Op as ConstOp } from '../constant/ops.ts';
import { Kind as ConstKind, type Value as Constant } from '../constant/value.ts';
import type { Block, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Kind, type CaseClause, type Expr, type SwitchStmt, type TypeSwitchStmt } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import type { Var } from '../types/model.ts';
import { Mode } from '../types/operand.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { equal, equalMixed } from './compare.ts';
import { constant, integer, isInteger, isUnsigned, stringConst } from './constant.ts';
import { assignConv } from './convert.ts';
import { stable } from './expr.ts';
import { GoKind, type GoType } from './gotype.ts';
import { anyType, convertIface, dynamicType, tryItab, unbox } from './iface.ts';
import { declareInit } from './place.ts';
import { rec } from './rec.ts';
import { tempString } from './string.ts';

export function switchStmt(f: FuncBuilder, s: SwitchStmt, label: string | null): void {
  if (s.init !== null) rec.stmt(f, s.init);
  const exit = f.block();
  const bodies = s.clauses.map(() => f.block());
  const di = s.clauses.findIndex((c) => c.isDefault);
  const other = di >= 0 ? bodies[di]! : exit;
  f.at(s.pos);
  if (s.tag === null) boolCases(f, s.clauses, bodies, other);
  else {
    const t = f.info.modeOf(s.tag) === Mode.NilValue ? anyType(f) : f.typeOf(s.tag);
    const tag = t.kind === GoKind.String && constantCases(f, s) ? tempString(f, s.tag) : stable(f, s.tag, t, rec.expr(f, s.tag));
    f.pre.clear();
    dispatch(f, s.clauses, bodies, other, t, tag, f.info.valueOf(s.tag));
  }
  clauseBodies(f, s.clauses, bodies, exit, label, null);
}

/** Whether no case runs code that could change the bytes of a converted tag. */
function constantCases(f: FuncBuilder, s: SwitchStmt): boolean {
  return s.clauses.every((c) => c.list.every((x) => f.info.valueOf(x) !== null));
}

/** Builds the bodies; each ends at exit. */
function clauseBodies(f: FuncBuilder, clauses: readonly CaseClause[], bodies: readonly Block[], exit: Block, label: string | null, enter: ((i: number) => void) | null): void {
  f.targets.push({ label, brk: exit, cont: null });
  const outer = f.fallthrough;
  for (let i = 0; i < clauses.length; i++) {
    f.fallthrough = bodies[i + 1] ?? null;
    f.start(bodies[i]!, true);
    f.at(clauses[i]!.pos);
    if (!f.dead && enter !== null) enter(i);
    if (!f.dead) rec.stmts(f, clauses[i]!.body);
    f.at(clauses[i]!.pos);
    f.jump(exit);
    f.seal(bodies[i]!);
  }
  f.fallthrough = outer;
  f.targets.pop();
  f.start(exit);
}

/** switch { case cond: } */
function boolCases(f: FuncBuilder, clauses: readonly CaseClause[], bodies: readonly Block[], other: Block): void {
  clauses.forEach((c, i) => {
    for (const x of c.list) {
      if (f.dead) return;
      const next = f.block();
      f.at(gcPos(x));
      const mark = f.markTemps();
      if (f.typeOf(x).isInterface) f.branch(equalMixed(f, rec.expr(f, x), f.typeOf(x), [f.i32(1)], f.ctx.basic(GoKind.Bool)), bodies[i]!, next);
      else rec.cond(f, x, bodies[i]!, next, 0);
      f.releaseTemps(mark);
      f.pre.clear();
      f.start(next);
    }
  });
  f.jump(other);
}

function dispatch(f: FuncBuilder, clauses: readonly CaseClause[], bodies: readonly Block[], other: Block, t: GoType, tag: Vals, tagConst: Constant | null): void {
  if (isInteger(t) && tagConst === null && constTag(tag[0]!) === null) {
    const cases = integerCases(f, clauses, bodies, t);
    if (cases !== null && cases.length > 3) {
      searchIntegers(f, tag[0]!, cases, other, isUnsigned(t));
      return;
    }
  } else if (t.kind === GoKind.String && tagConst === null) {
    const cases = stringCases(f, clauses, bodies);
    if (cases !== null && cases.length > 4) {
      searchStrings(f, tag, cases, other);
      return;
    }
  }
  const known = t.isInterface ? null : tagConst;
  clauses.forEach((c, i) => {
    for (const x of c.list) {
      if (f.dead) return;
      const test = known === null ? null : f.info.valueOf(x);
      if (test !== null) {
        if (compare(known!, ConstOp.Eql, test)) f.jump(bodies[i]!);
        continue;
      }
      const next = f.block();
      f.at(gcPos(x));
      const mark = f.markTemps();
      f.branch(caseTest(f, x, t, tag), bodies[i]!, next);
      f.releaseTemps(mark);
      f.pre.clear();
      f.start(next);
    }
  });
  f.jump(other);
}

function constTag(v: Value): number | bigint | null {
  return v.op === Op.const_i32 || v.op === Op.const_i64 ? (v.aux as number | bigint) : null;
}

/** tag == x */
function caseTest(f: FuncBuilder, x: Expr, t: GoType, tag: Vals): Value {
  if (f.info.modeOf(x) === Mode.NilValue) return f.emit(Op.isnil, [tag[0]!]);
  const c = f.info.valueOf(x);
  if (c !== null && !t.isInterface) return equal(f, t, tag, constant(f, c, t));
  const xt = f.typeOf(x);
  return equalMixed(f, tag, t, rec.expr(f, x), xt);
}

// ---- integer constants

interface IntCase { readonly n: bigint; readonly to: Block }

/** The cases sorted by value, null if one is no constant. */
function integerCases(f: FuncBuilder, clauses: readonly CaseClause[], bodies: readonly Block[], t: GoType): IntCase[] | null {
  const out: IntCase[] = [];
  const seen = new Set<bigint>();
  const bits = t.size * 8;
  for (let i = 0; i < clauses.length; i++) {
    for (const x of clauses[i]!.list) {
      const c = f.info.valueOf(x);
      if (c === null || c.kind < ConstKind.Int) return null;
      const v = BigInt(integer(c));
      const n = isUnsigned(t) ? BigInt.asUintN(bits, v) : BigInt.asIntN(bits, v);
      if (!seen.has(n)) out.push({ n, to: bodies[i]! });
      seen.add(n);
    }
  }
  out.sort((a, b) => (a.n < b.n ? -1 : a.n > b.n ? 1 : 0));
  return out;
}

/** A jump table needs this many cases, and at most this many entries per case. */
const minTable = 6;
const maxSparse = 2n;

function searchIntegers(f: FuncBuilder, v: Value, cases: readonly IntCase[], other: Block, unsigned: boolean): void {
  const lo = cases[0]!.n, hi = cases[cases.length - 1]!.n;
  if (cases.length >= minTable && hi - lo < BigInt(cases.length) * maxSparse && hi - lo < 4096n) {
    jumpTable(f, v, cases, other, lo, Number(hi - lo) + 1);
    return;
  }
  if (cases.length <= 3) {
    for (const c of cases) {
      const next = f.block();
      f.branch(f.emit(v.type === Type.i64 ? Op.eq_i64 : Op.eq_i32, [v, intValue(f, v, c.n)]), c.to, next);
      f.start(next);
    }
    f.jump(other);
    return;
  }
  const mid = cases.length >> 1;
  const left = f.block(), right = f.block();
  const op = v.type === Type.i64 ? (unsigned ? Op.ltu_i64 : Op.lts_i64) : unsigned ? Op.ltu_i32 : Op.lts_i32;
  f.branch(f.emit(op, [v, intValue(f, v, cases[mid]!.n)]), left, right);
  f.start(left);
  searchIntegers(f, v, cases.slice(0, mid), other, unsigned);
  f.start(right);
  searchIntegers(f, v, cases.slice(mid), other, unsigned);
}

function intValue(f: FuncBuilder, like: Value, n: bigint): Value {
  return like.type === Type.i64 ? f.i64(n) : f.i32(Number(BigInt.asIntN(32, n)));
}

function jumpTable(f: FuncBuilder, v: Value, cases: readonly IntCase[], other: Block, lo: bigint, span: number): void {
  const targets = new Array<Block>(span + 1).fill(other);
  for (const c of cases) targets[Number(c.n - lo)] = c.to;
  let index: Value;
  if (v.type === Type.i64) {
    const d = lo === 0n ? v : f.emit(Op.sub_i64, [v, f.i64(lo)]);
    const inRange = f.emit(Op.ltu_i64, [d, f.i64(span)]);
    index = f.select(inRange, f.emit(Op.wrap_i64, [d]), f.i32(span));
  } else index = lo === 0n ? v : f.emit(Op.sub_i32, [v, intValue(f, v, lo)]); // an index out of range takes the last target
  f.switchTo(index, targets);
}

// ---- string constants

interface StringCase { readonly text: string; readonly to: Block }

function stringCases(f: FuncBuilder, clauses: readonly CaseClause[], bodies: readonly Block[]): StringCase[] | null {
  const out: StringCase[] = [];
  for (let i = 0; i < clauses.length; i++) {
    for (const x of clauses[i]!.list) {
      const c = f.info.valueOf(x);
      if (c === null || c.kind !== ConstKind.String) return null;
      out.push({ text: c.val, to: bodies[i]! });
    }
  }
  return out;
}

function searchStrings(f: FuncBuilder, tag: Vals, cases: readonly StringCase[], other: Block): void {
  const byLength = new Map<number, StringCase[]>();
  for (const c of cases) {
    const list = byLength.get(c.text.length);
    if (list === undefined) byLength.set(c.text.length, [c]);
    else list.push(c);
  }
  const groups = [...byLength.entries()].sort((a, b) => a[0] - b[0]).map(([n, list]) => ({ n: BigInt(n), to: f.block(), list }));
  searchIntegers(f, tag[1]!, groups, other, true);
  for (const g of groups) {
    f.start(g.to);
    for (const c of g.list) {
      const next = f.block();
      const same = c.text.length === 0 ? f.i32(1) : f.emit(Op.memequal, [tag[0]!, stringConst(f, c.text)[0]!, f.i32(c.text.length)]);
      f.branch(same, c.to, next);
      f.start(next);
    }
    f.jump(other);
  }
}

// ---- type switches

export function typeSwitchStmt(f: FuncBuilder, s: TypeSwitchStmt, label: string | null): void {
  if (s.init !== null) rec.stmt(f, s.init);
  f.at(s.guardPos);
  const xt = f.typeOf(s.x);
  const x = rec.expr(f, s.x);
  f.pre.clear();
  const exit = f.block();
  const bodies = s.clauses.map(() => f.block());
  const di = s.clauses.findIndex((c) => c.isDefault);
  const typ = dynamicType(f, x[0]!, xt);
  // Itabs found by a single-type clause are its variable's first word.
  const itabs: number[] = [];
  s.clauses.forEach((c, i) => {
    for (const e of c.list) {
      if (f.dead) return;
      const next = f.block();
      f.at(gcPos(e));
      f.branch(typeTest(f, e, typ, (tab) => {
        if (c.list.length !== 1) return;
        itabs[i] = f.newVar([Type.ptr]);
        f.writeVar(itabs[i]!, tab);
      }), bodies[i]!, next);
      f.start(next);
    }
  });
  f.jump(di >= 0 ? bodies[di]! : exit);
  clauseBodies(f, s.clauses, bodies, exit, label, (i) => bind(f, s, i, x, xt, typ, itabs[i]));
}

/** Whether the dynamic type matches a case. */
function typeTest(f: FuncBuilder, e: Expr, typ: Value, found: (itab: Value) => void): Value {
  if (isNilCase(f, e)) return f.emit(Op.isnil, [typ]);
  const t = f.go(f.info.typeOf(e)!);
  if (!t.isInterface) return f.emit(Op.eq_ptr, [typ, f.addr(f.ctx.typeSym(t, false))]);
  if (t.isEface) return f.emit(Op.notnil, [typ]);
  const tab = tryItab(f, typ, t);
  found(tab);
  return f.emit(Op.notnil, [tab]);
}

function isNilCase(f: FuncBuilder, e: Expr): boolean {
  while (e.kind === Kind.ParenExpr) e = e.x;
  return f.info.modeOf(e) === Mode.NilValue;
}

/** Declares the clause's variable. */
function bind(f: FuncBuilder, s: TypeSwitchStmt, i: number, x: Vals, xt: GoType, typ: Value, itab: number | undefined): void {
  const c = s.clauses[i]!;
  const v = f.info.implicitOf(c) as Var | undefined;
  if (v === undefined || s.bind === null) return;
  const t = f.go(v.type);
  let vals: Vals;
  if (c.list.length !== 1 || isNilCase(f, c.list[0]!)) vals = assignConv(f, x, xt, t, '');
  else if (!t.isInterface) vals = unbox(f, x[1]!, t);
  else if (t.isEface) vals = [typ, x[1]!];
  else vals = itab !== undefined ? [f.readVar(itab), x[1]!] : convertIface(f, x, xt, t);
  declareInit(f, v, t, vals);
}


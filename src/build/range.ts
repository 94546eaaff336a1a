// Range loops over everything but functions. Spec: "For statements with range clause".

import type { Block, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Kind, type CallExpr, type Expr, type ExprStmt, type Ident, type RangeStmt } from '../syntax/ast.ts';
import { Token } from '../syntax/token.ts';
import { BuiltinId, type Var } from '../types/model.ts';
import { Mode } from '../types/operand.ts';
import { assignConverted } from './assign.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { recv2 } from './chan.ts';
import { arith } from './arith.ts';
import { ordered } from './compare.ts';
import { constant, intConst, isUnsigned } from './constant.ts';
import { assignConv } from './convert.ts';
import { GoKind, type GoType } from './gotype.ts';
import { copyToTemp, elemAddr, load } from './mem.ts';
import { builtinId, hasCall } from './order.ts';
import { declareInit, nilCheck, PlaceKind, place } from './place.ts';
import { rec } from './rec.ts';
import { tempBytes } from './string.ts';

/** Whether a range statement ranges over a function. */
export function isRangeFunc(f: FuncBuilder, s: RangeStmt): boolean {
  const t = f.info.typeOf(s.x);
  return t !== null && f.go(t).kind === GoKind.Func;
}

export function rangeStmt(f: FuncBuilder, s: RangeStmt, label: string | null): void {
  const t = f.typeOf(s.x);
  f.at(s.pos);
  switch (t.kind) {
    case GoKind.Slice: rangeSlice(f, s, label, t); return;
    case GoKind.Array: rangeArray(f, s, label, t); return;
    case GoKind.Pointer: rangeArrayPtr(f, s, label, t.elem!); return;
    case GoKind.String: rangeString(f, s, label); return;
    case GoKind.Map: rangeMap(f, s, label, t); return;
    case GoKind.Chan: rangeChan(f, s, label, t); return;
    default: rangeInt(f, s, label, t);
  }
}

/** Whether a loop variable is there and not _. */
export function wanted(e: Expr | null): boolean { return e !== null && !(e.kind === Kind.Ident && e.name === '_'); }

/** Gives this iteration's values to the loop's variables. */
export function bindVars(f: FuncBuilder, s: RangeStmt, vals: readonly Vals[], types: readonly GoType[]): void {
  f.at(s.pos);
  const lhs: Expr[] = [];
  if (s.key !== null) lhs.push(s.key);
  if (s.value !== null) lhs.push(s.value);
  if (s.tok === Token.Define) {
    lhs.forEach((l, i) => {
      if (!wanted(l)) return;
      const v = f.info.defOf(l as Ident) as Var;
      const t = f.go(v.type);
      declareInit(f, v, t, assignConv(f, vals[i]!, types[i]!, t, ''));
    });
    return;
  }
  assignConverted(f, lhs, vals.slice(0, lhs.length), types, false);
  if (f.pre.size !== 0) f.pre.clear();
}

interface Loop { readonly head: Block; readonly body: Block; readonly cont: Block; readonly exit: Block }

/** Opens a loop: the current block is its header. */
function begin(f: FuncBuilder): Loop {
  if (f.pre.size !== 0) f.pre.clear();
  const loop = { head: f.block(), body: f.block(), cont: f.block(), exit: f.block() };
  f.jump(loop.head);
  f.start(loop.head, true);
  f.loopDepth++;
  return loop;
}

function bodyOf(f: FuncBuilder, s: RangeStmt, label: string | null, l: Loop): void {
  f.targets.push({ label, brk: l.exit, cont: l.cont });
  if (!f.dead) rec.stmts(f, s.body.list);
  f.targets.pop();
  f.jump(l.cont);
  f.start(l.cont);
  f.at(s.pos);
}

/** Closes the loop: back to the header. */
function end(f: FuncBuilder, l: Loop): void {
  f.poll();
  f.jump(l.head);
  f.loopDepth--;
  f.seal(l.head);
  f.start(l.exit);
}

/** A loop that counts an i64 from 0 to n; values(i) are computed at the start of each iteration. */
function counted(f: FuncBuilder, s: RangeStmt, label: string | null, n: Value, types: readonly GoType[], values: (i: Value) => Vals[]): void {
  const id = f.newVar([Type.i64]);
  f.writeVar(id, f.i64(0));
  const l = begin(f);
  f.branch(f.emit(Op.lts_i64, [f.readVar(id), n]), l.body, l.exit);
  f.start(l.body);
  if (!f.dead) bindVars(f, s, values(f.readVar(id)), types);
  bodyOf(f, s, label, l);
  f.writeVar(id, f.emit(Op.add_i64, [f.readVar(id), f.i64(1)]));
  end(f, l);
}

function rangeSlice(f: FuncBuilder, s: RangeStmt, label: string | null, t: GoType): void {
  const x = tempBytes(f, s.x) ?? rec.expr(f, s.x);
  const elem = t.elem!;
  counted(f, s, label, x[1]!, [f.ctx.basic(GoKind.Int), elem], (i) => [[i], wanted(s.value) ? load(f, elem, elemAddr(f, x[0]!, i, elem.size)) : []]);
}


function rangeArray(f: FuncBuilder, s: RangeStmt, label: string | null, t: GoType): void {
  const int = f.ctx.basic(GoKind.Int);
  if (!wanted(s.value)) {
    // Spec: "The range expression x is evaluated before beginning the loop, with one exception: if at most one iteration
    // variable is used and len(x) is constant, the range expression is not evaluated."
    if (hasCall(f, s.x)) rec.expr(f, s.x);
    counted(f, s, label, f.i64(t.len), [int, t.elem!], (i) => [[i], []]);
    return;
  }
  const elem = t.elem!;
  const x = rec.expr(f, s.x);
  if (!t.mem && t.len > 0) {
    const id = f.newVar(t.values);
    x.forEach((v, i) => f.writeVar(id + i, v));
    counted(f, s, label, f.i64(t.len), [int, elem], (i) => [[i], t.values.map((_, k) => f.readVar(id + k))]);
    return;
  }
  const copy = t.len === 0 ? f.runtimeVar('zerobase') : copyToTemp(f, t, x)[0]!;
  counted(f, s, label, f.i64(t.len), [int, elem], (i) => [[i], load(f, elem, elemAddr(f, copy, i, elem.size))]);
}

function rangeArrayPtr(f: FuncBuilder, s: RangeStmt, label: string | null, t: GoType): void {
  const int = f.ctx.basic(GoKind.Int);
  const elem = t.elem!;
  const used = wanted(s.value);
  const p = used || hasCall(f, s.x) ? rec.expr(f, s.x)[0]! : null;
  counted(f, s, label, f.i64(t.len), [int, elem], (i) => {
    if (!used) return [[i], []];
    nilCheck(f, p!);
    return [[i], load(f, elem, elemAddr(f, p!, i, elem.size))];
  });
}

function rangeInt(f: FuncBuilder, s: RangeStmt, label: string | null, xt: GoType): void {
  // An untyped constant takes the type of the variable.
  const t = s.key !== null && wanted(s.key) ? (s.tok === Token.Define ? f.go((f.info.defOf(s.key as Ident) as Var).type) : f.typeOf(s.key)) : xt;
  const c = f.info.valueOf(s.x);
  const n = c !== null ? constant(f, c, t)[0]! : rec.expr(f, s.x)[0]!;
  const id = f.newVar(t.values);
  f.writeVar(id, intConst(f, 0, t));
  const l = begin(f);
  f.branch(ordered(f, Token.Lss, f.readVar(id), n, isUnsigned(t)), l.body, l.exit);
  f.start(l.body);
  if (!f.dead) bindVars(f, s, [[f.readVar(id)]], [t]);
  bodyOf(f, s, label, l);
  f.writeVar(id, arith(f, Token.Add, t, [f.readVar(id)], [intConst(f, 1, t)])[0]!);
  end(f, l);
}

/** First byte of the encodings of more than one byte. */
const RUNE_SELF = 0x80;

function rangeString(f: FuncBuilder, s: RangeStmt, label: string | null): void {
  const x = rec.expr(f, s.x);
  const at = f.newVar([Type.i64, Type.i64, Type.i32]); // index, next index, rune
  f.writeVar(at, f.i64(0));
  const l = begin(f);
  f.branch(f.emit(Op.lts_i64, [f.readVar(at), x[1]!]), l.body, l.exit);
  f.start(l.body);
  const i = f.readVar(at);
  const b = f.emit(Op.load8u, [elemAddr(f, x[0]!, i, 1)], 0);
  f.writeVar(at + 1, f.emit(Op.add_i64, [i, f.i64(1)]));
  f.writeVar(at + 2, b);
  const long = f.block(), join = f.block();
  f.branch(f.emit(Op.ltu_i32, [b, f.i32(RUNE_SELF)]), join, long, 1);
  f.start(long);
  const [r, next] = f.runtime('decoderune', x[0]!, x[1]!, i);
  f.writeVar(at + 2, r!);
  f.writeVar(at + 1, next!);
  f.jump(join);
  f.start(join);
  if (!f.dead) bindVars(f, s, [[i], [f.readVar(at + 2)]], [f.ctx.basic(GoKind.Int), f.ctx.basic(GoKind.Int32)]);
  // The body may assign to the loop's variables, but not to ours.
  bodyOf(f, s, label, l);
  f.writeVar(at, f.readVar(at + 1));
  end(f, l);
}

/** internal/runtime/maps.Iter: words, of which these hold pointers (key, elem, typ, m, tab, group). */
const ITER_SIZE = 96;
const iterMask = [0b0110_0000_1111];

function rangeMap(f: FuncBuilder, s: RangeStmt, label: string | null, t: GoType): void {
  if (clearsMap(f, s)) {
    const m = rec.expr(f, s.x)[0]!;
    f.runtime('mapclear', f.addr(f.ctx.typeSym(t, false)), m);
    return;
  }
  const m = rec.expr(f, s.x)[0]!;
  const it = f.slot(ITER_SIZE, 8, iterMask, '');
  f.emit(Op.zero, [it], { size: ITER_SIZE, align: 8, ptrs: true });
  f.runtime('mapIterStart', f.addr(f.ctx.typeSym(t, false)), m, it);
  const l = begin(f);
  const key = f.emit(Op.load_ptr, [it], 0);
  f.branch(f.emit(Op.notnil, [key]), l.body, l.exit);
  f.start(l.body);
  if (!f.dead) {
    const k = wanted(s.key) ? load(f, t.key!, key) : [];
    const v = wanted(s.value) ? load(f, t.elem!, f.emit(Op.load_ptr, [it], 8)) : [];
    bindVars(f, s, [k, v], [t.key!, t.elem!]);
  }
  bodyOf(f, s, label, l);
  f.runtime('mapIterNext', it);
  end(f, l);
}

/** for k := range m { delete(m, k) }, with keys that equal themselves. */
function clearsMap(f: FuncBuilder, s: RangeStmt): boolean {
  if (s.tok !== Token.Define || s.value !== null || s.key === null || s.body.list.length !== 1) return false;
  const st = s.body.list[0] as ExprStmt;
  if (st.kind !== Kind.ExprStmt || st.x.kind !== Kind.CallExpr) return false;
  const c = st.x as CallExpr;
  if (f.info.modeOf(c.fun) !== Mode.Builtin || builtinId(f, c.fun) !== BuiltinId.Delete) return false;
  const [m, k] = c.args;
  if (m!.kind !== Kind.Ident || k!.kind !== Kind.Ident || s.x.kind !== Kind.Ident) return false;
  if (f.info.objectOf(m as Ident) !== f.info.objectOf(s.x as Ident) || f.info.objectOf(k as Ident) !== f.info.defOf(s.key as Ident)) return false;
  return place(f, m!).kind !== PlaceKind.map && reflexive(f.typeOf(s.x).key!);
}

/** Whether every value of t equals itself. */
function reflexive(t: GoType): boolean {
  switch (t.kind) {
    case GoKind.Float32: case GoKind.Float64: case GoKind.Complex64: case GoKind.Complex128: case GoKind.Interface: return false;
    case GoKind.Array: return reflexive(t.elem!);
    case GoKind.Struct: return t.fields.every((x) => reflexive(x.type));
    default: return true;
  }
}

function rangeChan(f: FuncBuilder, s: RangeStmt, label: string | null, t: GoType): void {
  const ch = rec.expr(f, s.x)[0]!;
  const l = begin(f);
  const [v, ok] = recv2(f, ch, t.elem!);
  f.branch(ok, l.body, l.exit);
  f.start(l.body);
  if (!f.dead) bindVars(f, s, [v], [t.elem!]);
  bodyOf(f, s, label, l);
  end(f, l);
}

// defer, go and recover. A function with defer statements has a defer frame on its stack and one block, the deferreturn
// block, that runs what is deferred and returns: contract, section 7. Calls with arguments become closures without any.

import { DeferFrame, DeferRecord, G } from '../abi/layout.ts';
import type { Pos } from '../base/pos.ts';
import type { Block, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import { Type } from '../ir/type.ts';
import { Kind, type BlockStmt, type CallExpr, type Expr, type Node } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { forEachChild } from '../syntax/walk.ts';
import { utf8 } from '../constant/text.ts';
import { Mode } from '../types/operand.ts';
import { BuiltinId, type Func as FuncObj } from '../types/model.ts';
import { LocalKind, type FuncBuilder, type Vals } from './builder.ts';
import { builtinCall } from './builtin.ts';
import { CalleeKind, invoke, prepare, type Callee } from './call.ts';
import { DataWriter } from './data.ts';
import { funcRef } from './expr.ts';
import { GoKind, type GoType } from './gotype.ts';
import { anyType } from './iface.ts';
import { load, move, newObject } from './mem.ts';
import { loadLocal, localAddr, localOf, nilCheck } from './place.ts';
import { builtinId } from './order.ts';
import { rec } from './rec.ts';
import { makeClosure, wrapperBuilder, type Field } from './thunkobj.ts';
import { unparen } from './walk.ts';

// ---- the frame

/** Sets up a function's defer frame at its entry. */
export function openDefers(f: FuncBuilder): void {
  const frame = f.slot(DeferFrame.SIZE, 8, [0b0011], '.defers');
  const block = f.block();
  f.defers = { frame, block, records: [], inLoop: false };
  f.fn.deferReturn = block;
  const g = f.emit(Op.g, []);
  f.emit(Op.store_ptr, [frame, f.nil()], DeferFrame.HEAD);
  f.emit(Op.store_ptr, [frame, loadTop(f, g)], DeferFrame.LINK);
  storeTop(f, g, frame);
}

function loadTop(f: FuncBuilder, g: Value): Value {
  return f.emit(Op.ptr_from_i32, [f.emit(Op.load_i32, [g], G.DEFER_TOP)]);
}

/** The word is four bytes, next to another: no pointer store. */
function storeTop(f: FuncBuilder, g: Value, frame: Value): void {
  f.emit(Op.store_i32, [g, f.emit(Op.ptr_i32, [frame])], G.DEFER_TOP);
}

/** Builds the deferreturn block. It is entered after a recovered panic, too, and so uses nothing but stack slots. */
export function closeDefers(f: FuncBuilder, reload: () => Value[]): void {
  const { frame, block, inLoop } = f.defers!;
  if (inLoop) { closeByCall(f, frame, block, reload); return; }
  const call = f.block(), done = f.block();
  f.startLabel(block);
  const head = f.emit(Op.load_ptr, [frame], DeferFrame.HEAD);
  f.branch(f.emit(Op.isnil, [head]), done, call);
  f.start(call);
  const fn = f.emit(Op.load_ptr, [head], DeferRecord.FN);
  f.emit(Op.store_ptr, [frame, f.emit(Op.load_ptr, [head], DeferRecord.LINK)], DeferFrame.HEAD);
  nilCheck(f, fn);
  const code = f.emit(Op.load_i32, [fn], 0);
  f.call(Op.calli, { sym: '', params: [Type.ptr], results: [], suspends: true }, [code, fn]);
  f.jump(block);
  f.seal(block);
  f.start(done);
  storeTop(f, f.emit(Op.g, []), f.emit(Op.load_ptr, [frame], DeferFrame.LINK));
  f.ret(reload());
}

/** With defer statements in loops package runtime runs the calls, as with gc: tracebacks show it. */
function closeByCall(f: FuncBuilder, frame: Value, block: Block, reload: () => Value[]): void {
  f.startLabel(block);
  f.seal(block);
  f.runtime('deferreturn', frame);
  // The collector does not follow links from heap to stack.
  for (const r of f.defers!.records) f.emit(Op.keep, [r]);
  f.ret(reload());
}

/** Saves in slots what the deferreturn block needs of the results; gives the function that loads them there. */
export function resultReload(f: FuncBuilder): () => Value[] {
  const plans = f.results.map((l, i) => {
    const t = l.type;
    const sret = f.sret[i] ?? null;
    if (l.kind === LocalKind.fixed && l.addr === sret) return () => [] as Value[];
    const cell = l.kind === LocalKind.cell ? saveInSlot(f, localAddr(f, l)) : null;
    const dst = sret === null ? null : saveInSlot(f, sret);
    return () => {
      const addr = cell === null ? l.addr! : f.emit(Op.load_ptr, [cell], 0);
      if (dst === null) return [...load(f, t, addr)];
      const to = f.emit(Op.load_ptr, [dst], 0);
      if (t.mem) move(f, t, to, addr);
      else load(f, t, addr).forEach((v, k) => f.emit(t.comps[k]!.store, [to, v], t.comps[k]!.offset));
      return [];
    };
  });
  return () => plans.flatMap((p) => p());
}

function saveInSlot(f: FuncBuilder, p: Value): Value {
  const s = f.slot(8, 8, [1], '');
  f.emit(Op.store_ptr, [s, p], 0);
  return s;
}

// ---- statements

export function deferStmt(f: FuncBuilder, e: CallExpr): void {
  const once = f.rangeBody === null && f.loopDepth === 0 && !f.hasBackwardGoto;
  const fn = closureFor(f, e, 'deferwrap', once);
  if (f.dead) return;
  const frame = frameOf(f);
  if (!once) (f.rangeBody?.root ?? f).defers!.inLoop = true;
  const record = once ? f.slot(DeferRecord.SIZE, 8, [0b11], '.defer') : newObject(f, recordType(f), 'defer record');
  if (once) f.defers!.records.push(record);
  f.emit(Op.store_ptr, [record, f.emit(Op.load_ptr, [frame], DeferFrame.HEAD)], DeferRecord.LINK);
  f.emit(Op.store_ptr, [record, fn], DeferRecord.FN);
  f.emit(Op.store_ptr, [frame, record], DeferFrame.HEAD);
}

function recordType(f: FuncBuilder): GoType {
  const p = f.ctx.basic(GoKind.UnsafePointer);
  return f.ctx.structOf([{ name: 'Link', type: p }, { name: 'Fn', type: p }]);
}

/** The defer frame a statement belongs to: in the body of a range over a function, that of the function around it. */
function frameOf(f: FuncBuilder): Value {
  if (f.rangeBody === null) return f.defers!.frame;
  return loadLocal(f, localOf(f, f.rangeBody.root.hidden!.frame!))[0]!;
}

export function goStmt(f: FuncBuilder, pos: Pos, e: CallExpr): void {
  const fn = closureFor(f, e, 'gowrap', false);
  if (f.dead) return;
  f.at(pos);
  f.runtime('newproc', fn, f.addr(creator(f)));
}

/** Symbol of what tracebacks say about a go statement: runtime.creator, {function, file, line}. */
function creator(f: FuncBuilder): string {
  const { file, line, func } = f.ctx.program.positions[f.position()]!;
  const texts = [func.replace(/·\d+$/, ''), f.ctx.program.files[file]!].map(utf8);
  // By the file's name: its number is another one in another program, which may take this function from the build cache.
  const sym = `go:creator."${func}:${f.ctx.program.files[file]!}:${line}"`;
  const w = new DataWriter(40);
  texts.forEach((bytes, i) => {
    w.addr(16 * i, f.ctx.stringSym(bytes));
    w.u64(16 * i + 8, bytes.length);
  });
  w.u64(32, line);
  f.ctx.addData(w.symbol(sym));
  return sym;
}

/** A func() value that makes the call with the operands evaluated now. */
function closureFor(f: FuncBuilder, e: CallExpr, kind: string, onStack: boolean): Value {
  const mode = f.info.modeOf(e.fun);
  if (mode === Mode.Builtin || mode === Mode.TypeExpr) return builtinClosure(f, e, kind, onStack);
  // Nothing but the deferred call can refer to the function literal called here.
  const fun = unparen(e.fun);
  f.stackLit = onStack && fun.kind === Kind.FuncLit ? fun : null;
  const { callee, args, kept } = prepare(f, e);
  f.closureOnStack = onStack;
  f.at(gcPos(e));
  const plain = args.length === 0 && callee.flat.resultTypes.length === 0;
  const fn = plainClosure(f, callee, plain, kind) ?? callClosure(f, e, callee, args, kept, kind);
  f.closureOnStack = false;
  return fn;
}

/** The func() value of a call without arguments and results. */
function plainClosure(f: FuncBuilder, callee: Callee, plain: boolean, kind: string): Value | null {
  if (plain && callee.kind === CalleeKind.value) {
    if (kind === 'gowrap') goNilCheck(f, callee.vals[0]!);
    return callee.vals[0]!;
  }
  if (plain && callee.kind === CalleeKind.static && callee.recv === null) return f.addr(f.ctx.funcValueSym(callee.sym));
  return null;
}

/** go with a nil func value is fatal at the statement, not in the new goroutine. */
function goNilCheck(f: FuncBuilder, fn: Value): void { nilCheck(f, fn); }

function callClosure(f: FuncBuilder, e: CallExpr, c: Callee, args: readonly Vals[], kept: readonly Value[], kind: string): Value {
  const any = anyType(f);
  const fields: Field[] = [];
  if (c.kind === CalleeKind.value) fields.push({ type: c.sig, vals: c.vals });
  else if (c.kind === CalleeKind.method) fields.push({ type: any, vals: c.vals });
  else if (c.recv !== null) fields.push({ type: c.recv, vals: c.vals });
  args.forEach((a, i) => fields.push({ type: c.sig.params[i]!, vals: a }));
  for (const p of kept) fields.push({ type: f.ctx.basic(GoKind.UnsafePointer), vals: [p] });
  if (c.kind === CalleeKind.method) nilCheck(f, c.vals[0]!);
  const w = wrapperBuilder(f, kind);
  w.at(gcPos(e));
  const obj = makeClosure(f, w, fields, `${kind === 'gowrap' ? 'go' : 'defer'} statement`);
  const got = obj.loads;
  let n = 0;
  const vals = c.kind === CalleeKind.static && c.recv === null ? c.vals : got[n++]!;
  const callee = { ...c, vals };
  if (kind === 'deferwrap') forwardTo(w, callee, e, f);
  invoke(w, callee, got.slice(n, n + args.length));
  for (const p of got.slice(n + args.length)) w.emit(Op.keep, [p[0]!]);
  w.ret([]);
  f.ctx.addFunc(w);
  return obj.fn;
}

/** Passes the right to recover on from a wrapper to what it calls. */
function forwardTo(w: FuncBuilder, c: Callee, e: CallExpr, f: FuncBuilder): void {
  if (c.kind === CalleeKind.static) {
    const ref = funcRef(f, e.fun);
    const decl = ref !== null ? ref.obj : methodDecl(f, e.fun);
    if (decl === null || mayRecover(decl)) forwardRecover(w, c.sym);
    return;
  }
  const code = c.kind === CalleeKind.value ? w.emit(Op.load_i32, [c.vals[0]!], 0) : w.emit(Op.load_i32, [c.vals[0]!], 24 + 8 * c.index);
  forwardRecover(w, code);
}

function methodDecl(f: FuncBuilder, e: Expr): FuncObj | null {
  const fun = unparen(e);
  if (fun.kind !== Kind.SelectorExpr) return null;
  const sel = f.info.selectionOf(fun);
  return sel !== null && sel.obj.kind === 4 && sel.obj.origin.decl !== null ? sel.obj.origin : null;
}

/** Builtins: the wrapper's body is the call itself, on arguments evaluated before. */
function builtinClosure(f: FuncBuilder, e: CallExpr, kind: string, onStack: boolean): Value {
  if (builtinId(f, e.fun) === BuiltinId.Recover) return recoverClosure(f, e, kind, onStack);
  const fields: Field[] = [];
  const ids: number[] = [];
  const list = e.args.filter((a) => f.info.valueOf(a) === null && f.info.modeOf(a) !== Mode.NilValue && f.info.modeOf(a) !== Mode.TypeExpr);
  const vals = rec.exprs(f, list, list.map(() => null));
  list.forEach((a, i) => {
    fields.push({ type: f.typeOf(a), vals: vals[i]! });
    ids.push(a.id);
  });
  // A deferred recover is called by the function that defers it: that must have been deferred itself.
  const fun = unparen(e.fun);
  const isRecover = fun.kind === Kind.Ident && fun.name === 'recover';
  if (isRecover) fields.push({ type: f.ctx.basic(GoKind.Bool), vals: [kind === 'gowrap' ? f.i32(0) : recoverOk(f)] });
  const w = wrapperBuilder(f, kind);
  w.at(gcPos(e));
  f.closureOnStack = onStack;
  const obj = makeClosure(f, w, fields, `${kind === 'gowrap' ? 'go' : 'defer'} statement`);
  f.closureOnStack = false;
  ids.forEach((id, i) => w.pre.set(id, obj.loads[i]!));
  if (isRecover) w.recoverOk = obj.loads[fields.length - 1]![0]!;
  builtinCall(w, e);
  w.ret([]);
  f.ctx.addFunc(w);
  return obj.fn;
}

/**
 * defer recover(): recovers where it runs because the function around it ends, if that was called by a panic; but not where
 * the panic calls it directly.
 */
function recoverClosure(f: FuncBuilder, e: CallExpr, kind: string, onStack: boolean): Value {
  const w = wrapperBuilder(f, kind);
  w.at(gcPos(e));
  f.closureOnStack = onStack;
  const obj = makeClosure(f, w, [{ type: f.ctx.basic(GoKind.Bool), vals: [recoverOk(f)] }], 'defer statement');
  f.closureOnStack = false;
  const direct = recoverOk(w);
  w.runtime('gorecover', w.emit(Op.and_i32, [obj.loads[0]![0]!, w.emit(Op.eqz_i32, [direct])]));
  w.ret([]);
  f.ctx.addFunc(w);
  return obj.fn;
}

// ---- recover

/** recover() */
export function recoverCall(f: FuncBuilder): Vals {
  return f.runtime('gorecover', recoverOk(f));
}

/** Whether this activation was called by the defer mechanism; found out at the function's entry. */
export function recoverOk(f: FuncBuilder): Value {
  if (f.rangeBody !== null) return loadLocal(f, localOf(f, f.rangeBody.root.hidden!.recoverOk!))[0]!;
  if (f.recoverOk !== null) return f.recoverOk;
  f.fn.noinline = true;
  f.ctx.markAddressTaken(f.name);
  const g = f.early(Op.g, Type.ptr, [], null);
  const deferFn = f.early(Op.load_i32, Type.i32, [g], G.DEFER_FN);
  const own = f.early(Op.funcindex, Type.i32, [], f.name);
  const same = f.early(Op.eq_i32, Type.i32, [deferFn, own], null);
  const zero = f.early(Op.const_i32, Type.i32, [], 0);
  const left = f.early(Op.select, Type.i32, [same, zero, deferFn], null);
  f.early(Op.store_i32, Type.void, [g, left], G.DEFER_FN);
  f.recoverOk = same;
  return same;
}

/** In a compiler-made wrapper: if this was called by the defer mechanism, the callee is too. target: its symbol or code index. */
export function forwardRecover(f: FuncBuilder, target: string | Value): void {
  f.fn.noinline = true;
  f.ctx.markAddressTaken(f.name);
  let code: Value;
  if (typeof target === 'string') {
    f.ctx.markAddressTaken(target);
    code = f.emit(Op.funcindex, [], target);
  } else code = target;
  const g = f.emit(Op.g, []);
  const deferFn = f.emit(Op.load_i32, [g], G.DEFER_FN);
  const same = f.emit(Op.eq_i32, [deferFn, f.emit(Op.funcindex, [], f.name)]);
  f.emit(Op.store_i32, [g, f.select(same, code, deferFn)], G.DEFER_FN);
}

const recovers = new WeakMap<FuncObj, boolean>();

/** Whether a declared function's own body mentions recover. */
export function mayRecover(o: FuncObj): boolean {
  let r = recovers.get(o);
  if (r === undefined) recovers.set(o, (r = o.decl?.fdecl?.body != null && mentionsRecover(o.decl.fdecl.body)));
  return r;
}

/** Whether a body mentions recover, function literals left out. */
export function mentionsRecover(body: BlockStmt): boolean {
  let found = false;
  const visit = (n: Node): void => {
    if (found || n.kind === Kind.FuncLit) return;
    if (n.kind === Kind.Ident && n.name === 'recover') found = true;
    else forEachChild(n, visit);
  };
  visit(body);
  return found;
}

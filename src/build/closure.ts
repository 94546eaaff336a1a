// Function literals and method values. A closure object is {code, captured values or addresses…}; without captures the
// func value is static data. Spec: "Function literals", "Method values".

import type { SelectorExpr, FuncLit } from '../syntax/ast.ts';
import { gcPos } from '../syntax/positions.ts';
import { Op } from '../ir/op.ts';
import type { Value } from '../ir/func.ts';
import { buildBody } from './body.ts';
import { FuncBuilder, type Vals } from './builder.ts';
import { ITAB_FUN, invoke, methodCalleeOf, methodSel, receiver } from './call.ts';
import { forwardRecover, mayRecover } from './defer.ts';
import type { GoType, MethodSel } from './gotype.ts';
import { anyType } from './iface.ts';
import { load, newClosure, store } from './mem.ts';
import { loadLocal, localAddr, nilCheck } from './place.ts';
import { flatSignature } from './signature.ts';
import { returnValues } from './results.ts';
import { closureMemory, closureName, closureType, storeCode, wrapper } from './thunkobj.ts';

export function funcLit(f: FuncBuilder, e: FuncLit): Vals {
  const sig = f.typeOf(e);
  const onStack = f.stackLit === e;
  const flat = flatSignature(sig, null);
  const name = closureName(f, 'func');
  const g = new FuncBuilder(f.ctx, name, [...flat.params], [...flat.results], { unit: f.unit, env: f.env, parent: f, sig, funcType: e.type });
  g.isFuncLit = true;
  g.fn.closure = true;
  g.fn.addressTaken = true;
  g.at(gcPos(e));
  g.fn.pos = g.position();
  buildBody(g, e.type, null, null, e.body);
  const v = closureObject(f, g, 'func literal', onStack);
  f.ctx.addFunc(g);
  return [v];
}

/** The func value for a closure whose body has been built: its captures are known now. */
export function closureObject(f: FuncBuilder, g: FuncBuilder, name: string, onStack = false): Value {
  if (g.captures.length === 0) return f.addr(f.ctx.funcValueSym(g.name));
  const t = closureType(f, g.captures.map((c) => (c.byRef ? f.ctx.pointerTo(c.type) : c.type)));
  const fn = closureMemory(f, t, name, onStack);
  storeCode(f, fn, g.name);
  g.captures.forEach((c, i) => {
    const l = f.locals.get(c.v)!;
    const off = g.captureOffsets[i]!;
    if (c.byRef) f.emit(Op.store_ptr, [fn, localAddr(f, l)], off);
    else store(f, c.type, fn, off, loadLocal(f, l));
  });
  return fn;
}

/** x.m not called: a closure that holds the receiver. */
export function methodValue(f: FuncBuilder, e: SelectorExpr): Vals {
  const m = methodSel(f, e);
  const r = receiver(f, e, m);
  const sig = f.typeOf(e);
  const recv = m.decl === null ? anyType(f) : r.type;
  if (m.decl === null) nilCheck(f, r.vals[0]!);
  const name = m.decl === null ? `${f.ctx.typeName(m.base)}.${m.name}-fm` : `${f.ctx.methodSym(m)}-fm`;
  if (!f.ctx.hasFunc(name)) methodWrapper(f, name, m, recv, r.type, sig);
  const t = closureType(f, [recv]);
  const fn = newClosure(f, t, `${m.name} method value`);
  storeCode(f, fn, name);
  store(f, recv, fn, t.offsets[1]!, r.vals);
  return [fn];
}

/** The function of a method value: loads the receiver and calls. */
function methodWrapper(f: FuncBuilder, name: string, m: MethodSel, held: GoType, recv: GoType, sig: GoType): void {
  const w = wrapper(f, name, sig);
  const off = closureType(f, [held]).offsets[1]!;
  const vals = load(w, held, w.context(), off);
  const callee = methodCalleeOf(w, m, vals, recv, sig);
  if (m.decl === null) forwardRecover(w, w.emit(Op.load_i32, [vals[0]!], ITAB_FUN + 8 * m.index));
  else if (mayRecover(m.decl)) forwardRecover(w, callee.sym);
  const flat = flatSignature(sig, null);
  let at = 0;
  w.resultTypes = sig.results;
  w.sret = flat.memResult.map((mem) => (mem ? w.param(at++) : null));
  const args = sig.params.map((p) => p.values.map(() => w.param(at++)));
  returnValues(w, invoke(w, callee, args));
  f.ctx.addFunc(w);
}

// Entry points: the IR of a declared function, and of package-level variable initialisers.

import type { Func } from '../ir/func.ts';
import { Kind, type Node } from '../syntax/ast.ts';
import { forEachChild } from '../syntax/walk.ts';
import type { Initializer } from '../types/info.ts';
import { multiValues } from './assign.ts';
import { buildBody } from './body.ts';
import { FuncBuilder } from './builder.ts';
import type { Context, FuncInst, Unit } from './context.ts';
import { assignConv } from './convert.ts';
import { store } from './mem.ts';
import { rec } from './rec.ts';
import { flatSignature } from './signature.ts';
import './wire.ts';

/** Builds a declared function or an instance of one. Its closures are entered by Context.addFunc. */
export function buildFunc(ctx: Context, inst: FuncInst): Func {
  const decl = inst.obj.decl!.fdecl!;
  const sig = ctx.typeOf(inst.obj.type, inst.env);
  const recv = inst.obj.type.recv;
  const recvType = recv === null ? null : ctx.typeOf(recv.type, inst.env);
  const flat = flatSignature(sig, recvType);
  const f = new FuncBuilder(ctx, inst.sym, [...flat.params], [...flat.results], { unit: inst.unit, env: inst.env, parent: null, sig, funcType: decl.type });
  f.at(decl.name.pos);
  f.fn.pos = f.position();
  buildBody(f, decl.type, decl.recv, recvType, decl.body!);
  return f.finish();
}

/** Builds a function without parameters that runs initialisers in order. */
export function buildInit(ctx: Context, unit: Unit, sym: string, list: readonly Initializer[]): Func {
  const f = new FuncBuilder(ctx, sym, [], [], { unit, env: null, parent: null, sig: null, funcType: null });
  f.closurePrefix = `${unit.path}.init`;
  for (const init of list) {
    const mark = f.markTemps();
    if (countFuncLits(init.rhs) > 0) f.funcLits = funcLitsBefore(unit, init);
    initialise(f, init);
    f.releaseTemps(mark);
    f.pre.clear();
  }
  f.ret([]);
  return f.finish();
}

function initialise(f: FuncBuilder, init: Initializer): void {
  f.at(init.rhs.pos);
  if (init.lhs.length === 1) {
    const v = init.lhs[0]!;
    const t = f.go(v.type);
    const vals = rec.exprAs(f, init.rhs, t);
    f.at(v.pos);
    if (v.name !== '_') store(f, t, f.addr(f.ctx.globalSym(v)), 0, vals);
    return;
  }
  const { vals, types } = multiValues(f, init.rhs);
  init.lhs.forEach((v, i) => {
    if (v.name === '_') return;
    const t = f.go(v.type);
    store(f, t, f.addr(f.ctx.globalSym(v)), 0, assignConv(f, vals[i]!, types[i]!, t, ''));
  });
}

/** Number of function literals in an expression, those inside others left out. */
function countFuncLits(e: Node): number {
  if (e.kind === Kind.FuncLit) return 1;
  let n = 0;
  forEachChild(e, (c) => { n += countFuncLits(c); });
  return n;
}

const initNumbers = new WeakMap<Unit, Map<Initializer, number>>();

/** gc numbers the closures of all of a package's initialisers in one row. */
function funcLitsBefore(unit: Unit, init: Initializer): number {
  let table = initNumbers.get(unit);
  if (table === undefined) {
    initNumbers.set(unit, (table = new Map()));
    let n = 0;
    for (const i of unit.info.initOrder) {
      table.set(i, n);
      n += countFuncLits(i.rhs);
    }
  }
  return table.get(init) ?? 0;
}

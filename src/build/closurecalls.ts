// The context argument of direct calls. Whether a function is a closure function (its address is taken) is known only when
// everything is built; then each direct call of one gets a nil context, unless it passes one already (contract, section 2).

import type { CallAux, Func, Value } from '../ir/func.ts';
import { Op } from '../ir/op.ts';
import type { Program } from '../ir/program.ts';
import { Type } from '../ir/type.ts';

/** Adds the missing context arguments of all direct calls in the functions. */
export function passContexts(p: Program, funcs: Iterable<Func>): void {
  const auxes = new Map<CallAux, CallAux>();
  for (const f of funcs) {
    let nil: Value | null = null;
    for (const b of f.blocks) {
      for (const v of b.values) {
        if (v.op !== Op.call) continue;
        const aux = v.aux as CallAux;
        const callee = p.funcs.get(aux.sym);
        if (callee === undefined || !callee.closure || v.args.length !== callee.params.length) continue;
        nil ??= makeNil(f);
        v.args = [...v.args, nil];
        nil.uses++;
        let withContext = auxes.get(aux);
        if (withContext === undefined) auxes.set(aux, (withContext = { ...aux, params: [...aux.params, Type.ptr] }));
        v.aux = withContext;
      }
    }
    if (nil !== null) f.entry.values.unshift(nil);
  }
}

function makeNil(f: Func): Value {
  const v = f.newValueNoAdd(f.entry, Op.const_ptr, Type.ptr, 0);
  v.aux = 0;
  return v;
}

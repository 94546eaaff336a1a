// Range over functions. The loop's body becomes a closure func(k, v) bool that the iterator calls. Leaving the loop any
// other way than by its end is a code in the variable `next` of the function around all such loops: the body returns false,
// and behind the iterator's call the code is looked at. A state variable per loop finds misuse of the body by the iterator.
// Spec: "For statements with range clause", function values.

import { Op } from '../ir/op.ts';
import type { RangeStmt } from '../syntax/ast.ts';
import { FuncBuilder, type RangeExit, type Vals } from './builder.ts';
import { callValue } from './call.ts';
import { closureObject } from './closure.ts';
import { endBody, endsAt, exitTo, RangeState, setInt } from './exit.ts';
import { GoKind } from './gotype.ts';
import { hiddenVar } from './hidden.ts';
import { declareInit, loadLocal, localOf } from './place.ts';
import { bindVars, isRangeFunc } from './range.ts';
import { rec } from './rec.ts';
import { finishReturn } from './results.ts';
import { flatSignature } from './signature.ts';
import { closureName } from './thunkobj.ts';
import { bodyFacts, labelsOutside } from './walk.ts';

export function rangeFunc(f: FuncBuilder, s: RangeStmt, label: string | null): void {
  const root = f.rangeBody?.root ?? f;
  const fnType = f.typeOf(s.x);
  const fn = rec.expr(f, s.x)[0]!;
  const state = hiddenVar(f, '.state', GoKind.Int);
  state.captured = state.reassigned = true;
  declareInit(f, state, f.ctx.basic(GoKind.Int), [f.i64(RangeState.ready)]);
  const yieldType = fnType.params[0]!;
  const flat = flatSignature(yieldType, null);
  const name = closureName(f, 'range');
  const b = new FuncBuilder(f.ctx, name, [...flat.params], [...flat.results], { unit: f.unit, env: f.env, parent: f, sig: yieldType, funcType: null });
  b.fn.closure = true;
  b.fn.addressTaken = true;
  b.at(s.pos);
  b.fn.pos = b.position();
  b.rangeBody = { root, state, label, exits: [] };
  b.gotoLabels = f.gotoLabels;
  b.hasBackwardGoto = f.hasBackwardGoto;
  b.labelNames = labelsOutside(s.body.list, new Set(bodyFacts(s.body.list).ranges.filter((r) => isRangeFunc(f, r))));
  loopBody(b, s);
  const body = closureObject(f, b, 'func literal');
  f.ctx.addFunc(b);
  f.at(s.pos);
  callValue(f, fn, flatSignature(fnType, null).indirect, [body]);
  afterCall(f, b);
}

/** The closure: checks its state, runs one iteration. */
function loopBody(b: FuncBuilder, s: RangeStmt): void {
  const state = b.rangeBody!.state;
  const st = loadLocal(b, localOf(b, state))[0]!;
  // Also where the body is called when it may not be: if the iterator swallows that panic, it is missed behind the call.
  setInt(b, state, RangeState.panic);
  const ok = b.block(), bad = b.block();
  b.branch(b.emit(Op.eq_i64, [st, b.i64(RangeState.ready)]), ok, bad, 1);
  b.start(bad);
  b.runtime('panicrangestate', st);
  b.jump(ok);
  b.start(ok);
  let at = 0;
  const types = b.sig!.params;
  const vals: Vals[] = types.map((t) => t.values.map(() => b.param(at++)));
  bindVars(b, s, vals, types);
  rec.stmts(b, s.body.list);
  b.at(s.body.rbrace);
  endBody(b, true);
}

/** Behind the iterator's call: was the body's panic swallowed; how was the loop left. */
function afterCall(f: FuncBuilder, b: FuncBuilder): void {
  const state = b.rangeBody!.state;
  const st = loadLocal(f, localOf(f, state))[0]!;
  const ok = f.block(), bad = f.block();
  f.branch(f.emit(Op.eq_i64, [st, f.i64(RangeState.panic)]), bad, ok, -1);
  f.start(bad);
  f.runtime('panicrangestate', f.i64(RangeState.missingPanic));
  f.jump(ok);
  f.start(ok);
  setInt(f, state, RangeState.exhausted);
  const exits = b.rangeBody!.exits;
  if (exits.length > 0) dispatch(f, exits);
}

function dispatch(f: FuncBuilder, exits: readonly RangeExit[]): void {
  const root = f.rangeBody?.root ?? f;
  const next = root.hidden!.next;
  const code = loadLocal(f, localOf(f, next))[0]!;
  const done = f.block(), left = f.block();
  f.branch(f.emit(Op.eqz_i64, [code]), done, left);
  f.start(left);
  for (const x of exits) {
    if (!endsAt(f, x)) {
      const own = f.rangeBody!.exits;
      if (!own.includes(x)) own.push(x);
      continue;
    }
    const here = f.block(), other = f.block();
    f.branch(f.emit(Op.eq_i64, [code, f.i64(x.code)]), here, other);
    f.start(here);
    setInt(f, next, 0);
    if (x.kind === 'return') finishReturn(f);
    else exitTo(f, x.label, x.kind);
    f.start(other);
  }
  // What is left leads further out.
  if (f.rangeBody !== null) endBody(f, false);
  else f.jump(done);
  f.start(done);
}

// Bodies: parameters and results get their variables, statements are built, deferred calls are run at the end. The same
// for declared functions and function literals.

import type { Value } from '../ir/func.ts';
import type { BlockStmt, FieldList, FuncType, Ident } from '../syntax/ast.ts';
import { Var, VarKind, type Type as ModelType } from '../types/model.ts';
import { LocalKind, type FuncBuilder, type Local, type Vals } from './builder.ts';
import { markCaptured } from './captured.ts';
import { closeDefers, mentionsRecover, openDefers, recoverOk, resultReload } from './defer.ts';
import { GoKind, type GoType } from './gotype.ts';
import { hiddenVar } from './hidden.ts';
import { zeroAt } from './mem.ts';
import { declareInit, declareParam, declareVar, declareZero, needsCell } from './place.ts';
import { isRangeFunc } from './range.ts';
import { rec } from './rec.ts';
import { flatSignature } from './signature.ts';
import { finishReturn } from './results.ts';
import { bodyFacts } from './walk.ts';

/** Builds the body of a function with the given receiver (type and field) and type. */
export function buildBody(f: FuncBuilder, ft: FuncType, recv: FieldList | null, recvType: GoType | null, body: BlockStmt): void {
  const sig = f.sig!;
  const facts = bodyFacts(body.list);
  if (facts.gotos !== null) {
    f.gotoLabels = facts.gotos;
    f.hasBackwardGoto = true;
  }
  const loops = facts.ranges.length === 0 ? facts.ranges : facts.ranges.filter((s) => isRangeFunc(f, s));
  for (const s of loops) markCaptured(f, s);
  parameters(f, ft, recv, recvType, sig);
  if (loops.length > 0) makeHidden(f, facts.defers, loops.some((s) => mentionsRecover(s.body)));
  results(f, ft, facts.defers, loops.length > 0 && facts.returns);
  if (facts.defers) openDefers(f);
  if (f.hidden !== null) declareHidden(f);
  const reload = f.defers !== null ? resultReload(f) : null;
  rec.stmts(f, body.list);
  f.at(body.rbrace);
  finishReturn(f);
  if (reload !== null) closeDefers(f, reload);
}

// ---- parameters

function parameters(f: FuncBuilder, ft: FuncType, recv: FieldList | null, recvType: GoType | null, sig: GoType): void {
  const flat = flatSignature(sig, recvType);
  let at = flat.sretCount;
  const take = (t: GoType): Vals => t.values.map(() => f.param(at++));
  if (recvType !== null) {
    const vals = take(recvType);
    const name = recv!.list[0]!.names[0];
    if (name !== undefined) bindParam(f, name, recvType, vals);
  }
  let i = 0;
  for (const field of ft.params.list) {
    if (field.names.length === 0) take(sig.params[i++]!);
    for (const n of field.names) {
      const t = sig.params[i++]!;
      bindParam(f, n, t, take(t));
    }
  }
  let s = 0;
  f.resultTypes = sig.results;
  f.sret = flat.memResult.map((mem) => (mem ? f.param(s++) : null));
}

function bindParam(f: FuncBuilder, n: Ident, t: GoType, vals: Vals): void {
  if (n.name === '_') return;
  const v = f.info.defOf(n);
  if (v !== null && v.kind === 3) declareParam(f, v, t, vals);
}

// ---- results

function resultNames(ft: FuncType): (Ident | null)[] {
  const out: (Ident | null)[] = [];
  for (const field of ft.results?.list ?? []) {
    if (field.names.length === 0) out.push(null);
    else out.push(...field.names);
  }
  return out;
}

/** Gives results variables if they have names, or must be kept in memory: for deferred functions, or for bodies of loops over functions. */
function results(f: FuncBuilder, ft: FuncType, defers: boolean, hidden: boolean): void {
  const names = resultNames(ft);
  const named = names.some((n) => n !== null);
  if (!named && !defers && !hidden) return;
  f.results = f.resultTypes.map((t, i) => {
    const n = names[i] ?? null;
    const o = n === null || n.name === '_' ? null : f.info.defOf(n);
    const v = o !== null && o.kind === 3 ? o : null;
    if (hidden) return hiddenResult(f, v, t, i);
    return resultLocal(f, v, t, f.sret[i] ?? null, defers);
  });
}

function hiddenResult(f: FuncBuilder, v: Var | null, t: GoType, i: number): Local {
  const w = v ?? new Var(VarKind.Result, 0, f.unit.pkg, `~r${i}`, null as unknown as ModelType);
  w.captured = true;
  f.hidden!.results[i] = w;
  declareZero(f, w, t);
  return f.locals.get(w)!;
}

function resultLocal(f: FuncBuilder, v: Var | null, t: GoType, sret: Value | null, defers: boolean): Local {
  if (v !== null && needsCell(v, t)) return declareVar(f, v, t);
  let l: Local;
  if (sret !== null && t.mem) {
    if (!t.hasPtr) zeroAt(f, t, sret); // with pointers the caller has done it
    l = { type: t, kind: LocalKind.fixed, id: 0, addr: sret };
  } else if (defers || sret !== null) {
    l = { type: t, kind: LocalKind.fixed, id: 0, addr: f.slot(t.size, t.align, t.ptrmask, v?.name ?? '') };
    zeroAt(f, t, l.addr!);
  } else {
    l = { type: t, kind: LocalKind.ssa, id: f.newVar(t.values), addr: null };
    t.values.forEach((c, k) => f.writeVar(l.id + k, f.zero(c)));
  }
  if (v !== null) f.locals.set(v, l);
  return l;
}

// ---- variables for loops over functions

function makeHidden(f: FuncBuilder, defers: boolean, recovers: boolean): void {
  const next = hiddenVar(f, '.next', GoKind.Int);
  next.captured = next.reassigned = true;
  f.hidden = {
    results: [], next, codes: 0,
    frame: defers ? hiddenVar(f, '.defers', GoKind.UnsafePointer) : null,
    recoverOk: recovers ? hiddenVar(f, '.recover', GoKind.Bool) : null,
  };
}

function declareHidden(f: FuncBuilder): void {
  const h = f.hidden!;
  declareZero(f, h.next, f.ctx.basic(GoKind.Int));
  if (h.frame !== null) {
    h.frame.captured = true;
    declareInit(f, h.frame, f.ctx.basic(GoKind.UnsafePointer), [f.defers!.frame]);
  }
  if (h.recoverOk !== null) {
    h.recoverOk.captured = true;
    declareInit(f, h.recoverOk, f.ctx.basic(GoKind.Bool), [recoverOk(f)]);
  }
}


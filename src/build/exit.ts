// Leaving statements: break, continue, goto and return, also from inside the body of a range over a function, where the
// target may belong to a function further out (rangefunc.ts).

import type { Block } from '../ir/func.ts';
import type { ReturnStmt } from '../syntax/ast.ts';
import type { Var } from '../types/model.ts';
import type { FuncBuilder, RangeExit } from './builder.ts';
import { localOf, storeLocal } from './place.ts';
import { storeResults } from './results.ts';

/** internal/abi.RF_State. */
export const RangeState = { done: 0, ready: 1, panic: 2, exhausted: 3, missingPanic: 4 } as const;

/** Code of a return. */
const returnCode = -1;

export function setInt(f: FuncBuilder, v: Var, n: number): void { storeLocal(f, localOf(f, v), [f.i64(n)]); }

type BranchKind = 'break' | 'continue' | 'goto';

/** Jumps to the target of a break, continue or goto. */
export function exitTo(f: FuncBuilder, label: string | null, kind: BranchKind): void {
  if (kind === 'goto') {
    if (ownsLabel(f, label!)) {
      f.poll();
      f.jump(labelBlock(f, label!));
    } else leaveBody(f, exitCode(f, kind, label));
    return;
  }
  const to = findTarget(f, label, kind);
  if (to !== null) f.jump(to);
  else if (f.rangeBody === null) throw f.bug(`${kind} without a target`);
  else if (label === null || label === f.rangeBody.label) endBody(f, kind === 'continue');
  else leaveBody(f, exitCode(f, kind, label));
}

export function gotoLabel(f: FuncBuilder, label: string): void { exitTo(f, label, 'goto'); }

/** Whether a label is declared in f itself, not in a function around it. */
function ownsLabel(f: FuncBuilder, label: string): boolean {
  return f.rangeBody === null || f.labelNames!.has(label);
}

function findTarget(f: FuncBuilder, label: string | null, kind: BranchKind): Block | null {
  for (let i = f.targets.length - 1; i >= 0; i--) {
    const t = f.targets[i]!;
    const to = kind === 'continue' ? t.cont : t.brk;
    if (to !== null && (label === null || t.label === label)) return to;
  }
  return null;
}

/** Whether an exit taken in a loop's body ends at f: a statement of f, or the loop whose body f is. */
export function endsAt(f: FuncBuilder, x: RangeExit): boolean {
  if (x.kind === 'return') return f.rangeBody === null;
  if (x.kind === 'goto') return ownsLabel(f, x.label!);
  if (findTarget(f, x.label, x.kind) !== null) return true;
  return f.rangeBody !== null && x.label === f.rangeBody.label;
}

/** Ends the body of a range over a function: the next iteration, or break. */
export function endBody(f: FuncBuilder, cont: boolean): void {
  setInt(f, f.rangeBody!.state, cont ? RangeState.ready : RangeState.done);
  f.ret([f.i32(cont ? 1 : 0)]);
}

/** Ends the body with an exit code for those around. */
function leaveBody(f: FuncBuilder, code: number): void {
  setInt(f, f.rangeBody!.root.hidden!.next, code);
  endBody(f, false);
}

function exitCode(f: FuncBuilder, kind: RangeExit['kind'], label: string | null): number {
  const b = f.rangeBody!;
  for (const x of b.exits) if (x.kind === kind && x.label === label) return x.code;
  const code = kind === 'return' ? returnCode : ++b.root.hidden!.codes;
  b.exits.push({ code, kind, label });
  return code;
}

/** A return statement inside the body of a range over a function. */
export function returnFromBody(f: FuncBuilder, s: ReturnStmt): void {
  const root = f.rangeBody!.root;
  if (s.results.length > 0) {
    const vals = storeResults(f, s.results, root.resultTypes);
    vals.forEach((v, i) => storeLocal(f, localOf(f, root.hidden!.results[i]!), v));
  }
  leaveBody(f, exitCode(f, 'return', null));
}

/** The block of a label, made at its first mention. */
export function labelBlock(f: FuncBuilder, label: string): Block {
  let b = f.labels.get(label);
  if (b === undefined) f.labels.set(label, (b = f.block()));
  return b;
}

// Channel operations outside select. Elements are passed by address.

import type { Value } from '../ir/func.ts';
import type { Expr } from '../syntax/ast.ts';
import type { FuncBuilder, Vals } from './builder.ts';
import { GoKind, type GoType } from './gotype.ts';
import { load, spill, zeroAt } from './mem.ts';
import { rec } from './rec.ts';

/** The channel type that e has. */
export function chanType(f: FuncBuilder, e: Expr): GoType {
  const t = f.typeOf(e);
  if (t.kind !== GoKind.Chan) throw f.bug('channel expected');
  return t;
}

/** ch <- v */
export function send(f: FuncBuilder, ch: Expr, value: Expr): void {
  const elem = chanType(f, ch).elem!;
  const [c, v] = rec.exprs(f, [ch, value], [null, elem]);
  f.runtime('chansend1', c![0]!, spill(f, elem, v!));
}

/** A buffer for an element, or 0 where it has no bytes. What it held before is forgotten: it must not keep anything alive. */
export function elemBuffer(f: FuncBuilder, elem: GoType): Value {
  if (elem.size === 0) return f.nil();
  const buf = f.temp(elem);
  if (elem.hasPtr) zeroAt(f, elem, buf);
  return buf;
}

/** <-ch */
export function recv(f: FuncBuilder, ch: Value, elem: GoType): Vals {
  const buf = elemBuffer(f, elem);
  f.runtime('chanrecv1', ch, buf);
  return load(f, elem, buf);
}

/** <-ch for its effect alone. */
export function recvDrop(f: FuncBuilder, ch: Value): void {
  f.runtime('chanrecv1', ch, f.nil());
}

/** v, ok := <-ch */
export function recv2(f: FuncBuilder, ch: Value, elem: GoType): [Vals, Value] {
  const buf = elemBuffer(f, elem);
  const ok = f.runtime('chanrecv2', ch, buf)[0]!;
  return [load(f, elem, buf), ok];
}

// Flat signatures: the parameters and results of the IR function for a Go signature (contract, section 2).

import { Type } from '../ir/type.ts';
import type { CallAux } from '../ir/func.ts';
import type { GoType } from './gotype.ts';

export interface FlatSig {
  /** Addresses of results in memory, receiver, parameters; without the context. */
  readonly params: Type[];
  readonly results: Type[];
  /** By result: the callee stores it at an address that the caller gives. */
  readonly memResult: readonly boolean[];
  readonly sretCount: number;
  /** Call datum of a call through a func value: the parameters and the context. */
  readonly indirect: CallAux;
  readonly resultTypes: readonly GoType[];
}

/** Results with more components than this go to memory one and all. */
const maxResults = 100;

const plain = new WeakMap<GoType, FlatSig>();
const methods = new WeakMap<GoType, Map<GoType, FlatSig>>();

/** The flat signature of a Func type, with a receiver of type recv in front if that is not null. */
export function flatSignature(sig: GoType, recv: GoType | null): FlatSig {
  if (recv !== null) return methodSignature(sig, recv);
  let s = plain.get(sig);
  if (s === undefined) plain.set(sig, (s = make(sig, null)));
  return s;
}

function methodSignature(sig: GoType, recv: GoType): FlatSig {
  let m = methods.get(sig);
  if (m === undefined) methods.set(sig, (m = new Map()));
  let s = m.get(recv);
  if (s === undefined) m.set(recv, (s = make(sig, recv)));
  return s;
}

function make(sig: GoType, recv: GoType | null): FlatSig {
  let n = 0;
  for (const r of sig.results) n += r.values.length;
  const memResult = sig.results.map((r) => r.mem || (n > maxResults && r.size > 0));
  const params: Type[] = [];
  const results: Type[] = [];
  sig.results.forEach((r, i) => {
    if (memResult[i]) params.push(Type.ptr);
    else results.push(...r.values);
  });
  const sretCount = params.length;
  if (recv !== null) params.push(...recv.values);
  for (const p of sig.params) params.push(...p.values);
  const indirect: CallAux = { sym: '', params: [...params, Type.ptr], results, suspends: true };
  return { params, results, memResult, sretCount, indirect, resultTypes: sig.results };
}

/** The signature of an interface method as called through an itab: the receiver is the data word. */
export function methodCallAux(flat: FlatSig, method: string): CallAux {
  const params = [...flat.params.slice(0, flat.sretCount), Type.ptr, ...flat.params.slice(flat.sretCount), Type.ptr];
  return { sym: '', params, results: flat.results, suspends: true, method };
}

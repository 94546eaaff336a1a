// The one table of IR operations. Printer, parser, verifier, folding and code generation are driven by it.
// A line: name, argument types, result type, kind of auxiliary datum, flags. `*` = any number of further arguments.

import { Type } from './type.ts';

/** What `Value.aux` holds. */
export const Aux = {
  none: 0,
  /** number: the constant of an i32/f32/f64/ptr, a parameter's index, a tuple index, an offset in bytes, a size. */
  num: 1,
  /** bigint, signed 64-bit. */
  big: 2,
  /** string: symbol of a function or datum. */
  sym: 3,
  /** CallAux: callee, signature. */
  call: 4,
  /** SlotAux: size, alignment, pointer words, name. */
  slot: 5,
  /** MoveAux: size or -1 where an argument gives it, alignment, whether it holds pointers. */
  move: 6,
  /** AllocAux: type descriptor symbol, size. */
  alloc: 7,
} as const;
export type Aux = (typeof Aux)[keyof typeof Aux];

/** Flags of operations. */
export const Flag = {
  none: 0,
  /** No effect and no dependence on memory: may be shared, moved, removed. */
  pure: 1,
  /** Reads memory. */
  reads: 2,
  /** Writes memory. */
  writes: 4,
  /** May panic (a check): has a site; must stay in order with other effects. */
  panics: 8,
  /** May suspend or call anything that does (decided per call by the analysis). */
  calls: 16,
  commutative: 32,
  /** Atomic: order with all memory operations is kept. */
  atomic: 64,
} as const;

export interface OpInfo {
  readonly name: string;
  readonly args: readonly Type[];
  readonly variadic: boolean;
  readonly result: Type | -1; // -1: the value's own type decides (phi, call, load.x is fixed)
  readonly aux: Aux;
  readonly flags: number;
}

const table: OpInfo[] = [];

function op(name: string, args: string, result: string, aux: Aux, flags: number): number {
  const code: Record<string, Type> = { i: Type.i32, l: Type.i64, f: Type.f32, d: Type.f64, p: Type.ptr, v: Type.void };
  const variadic = args.endsWith('*');
  const list = (variadic ? args.slice(0, -1) : args).split('').map((c) => code[c]!);
  table.push({ name, args: list, variadic, result: result === '?' ? -1 : code[result]!, aux, flags });
  return table.length - 1;
}

const pure = Flag.pure;
const comm = Flag.pure | Flag.commutative;

/** Operation numbers, by name. i = i32, l = i64, f = f32, d = f64, p = ptr in the signatures. */
export const Op = {
  // --- structure
  phi: op('phi', '*', '?', Aux.none, pure), // one argument per predecessor, in order; first in its block
  param: op('param', '', '?', Aux.num, pure), // aux: index in Func.params (the context of a closure function is params.length)
  extract: op('extract', '*', '?', Aux.num, pure), // result aux of the tuple args[0]
  copy: op('copy', '*', '?', Aux.none, pure),
  // --- constants and addresses
  const_i32: op('const.i32', '', 'i', Aux.num, pure),
  const_i64: op('const.i64', '', 'l', Aux.big, pure),
  const_f32: op('const.f32', '', 'f', Aux.num, pure),
  const_f64: op('const.f64', '', 'd', Aux.num, pure),
  const_ptr: op('const.ptr', '', 'p', Aux.num, pure), // 0 = nil, or a constant address below FIRST_ADDRESS
  addr: op('addr', '', 'p', Aux.sym, pure), // address of a data symbol (never nil)
  funcindex: op('funcindex', '', 'i', Aux.sym, pure), // table index of a function symbol
  slot: op('slot', '', 'p', Aux.slot, pure), // address of a stack object of this function (in the entry block)
  nop: op('nop', '', 'v', Aux.none, pure),
  g: op('g', '', 'p', Aux.none, Flag.reads), // current goroutine descriptor (stays the same for one activation)
  // --- i32
  add_i32: op('add.i32', 'ii', 'i', 0, comm), sub_i32: op('sub.i32', 'ii', 'i', 0, pure), mul_i32: op('mul.i32', 'ii', 'i', 0, comm),
  divs_i32: op('div_s.i32', 'ii', 'i', 0, pure), divu_i32: op('div_u.i32', 'ii', 'i', 0, pure), // divisor checked before (and MIN/-1 handled) by the builder
  rems_i32: op('rem_s.i32', 'ii', 'i', 0, pure), remu_i32: op('rem_u.i32', 'ii', 'i', 0, pure),
  and_i32: op('and.i32', 'ii', 'i', 0, comm), or_i32: op('or.i32', 'ii', 'i', 0, comm), xor_i32: op('xor.i32', 'ii', 'i', 0, comm),
  shl_i32: op('shl.i32', 'ii', 'i', 0, pure), shrs_i32: op('shr_s.i32', 'ii', 'i', 0, pure), shru_i32: op('shr_u.i32', 'ii', 'i', 0, pure), // counts modulo 32
  rotl_i32: op('rotl.i32', 'ii', 'i', 0, pure), clz_i32: op('clz.i32', 'i', 'i', 0, pure), ctz_i32: op('ctz.i32', 'i', 'i', 0, pure), popcnt_i32: op('popcnt.i32', 'i', 'i', 0, pure),
  ext8s_i32: op('extend8_s.i32', 'i', 'i', 0, pure), ext16s_i32: op('extend16_s.i32', 'i', 'i', 0, pure),
  eqz_i32: op('eqz.i32', 'i', 'i', 0, pure), eq_i32: op('eq.i32', 'ii', 'i', 0, comm), ne_i32: op('ne.i32', 'ii', 'i', 0, comm),
  lts_i32: op('lt_s.i32', 'ii', 'i', 0, pure), ltu_i32: op('lt_u.i32', 'ii', 'i', 0, pure), les_i32: op('le_s.i32', 'ii', 'i', 0, pure), leu_i32: op('le_u.i32', 'ii', 'i', 0, pure),
  gts_i32: op('gt_s.i32', 'ii', 'i', 0, pure), gtu_i32: op('gt_u.i32', 'ii', 'i', 0, pure), ges_i32: op('ge_s.i32', 'ii', 'i', 0, pure), geu_i32: op('ge_u.i32', 'ii', 'i', 0, pure),
  // --- i64
  add_i64: op('add.i64', 'll', 'l', 0, comm), sub_i64: op('sub.i64', 'll', 'l', 0, pure), mul_i64: op('mul.i64', 'll', 'l', 0, comm),
  divs_i64: op('div_s.i64', 'll', 'l', 0, pure), divu_i64: op('div_u.i64', 'll', 'l', 0, pure), rems_i64: op('rem_s.i64', 'll', 'l', 0, pure), remu_i64: op('rem_u.i64', 'll', 'l', 0, pure),
  and_i64: op('and.i64', 'll', 'l', 0, comm), or_i64: op('or.i64', 'll', 'l', 0, comm), xor_i64: op('xor.i64', 'll', 'l', 0, comm),
  shl_i64: op('shl.i64', 'll', 'l', 0, pure), shrs_i64: op('shr_s.i64', 'll', 'l', 0, pure), shru_i64: op('shr_u.i64', 'll', 'l', 0, pure), // counts modulo 64
  rotl_i64: op('rotl.i64', 'll', 'l', 0, pure), clz_i64: op('clz.i64', 'l', 'l', 0, pure), ctz_i64: op('ctz.i64', 'l', 'l', 0, pure), popcnt_i64: op('popcnt.i64', 'l', 'l', 0, pure),
  ext8s_i64: op('extend8_s.i64', 'l', 'l', 0, pure), ext16s_i64: op('extend16_s.i64', 'l', 'l', 0, pure), ext32s_i64: op('extend32_s.i64', 'l', 'l', 0, pure),
  eqz_i64: op('eqz.i64', 'l', 'i', 0, pure), eq_i64: op('eq.i64', 'll', 'i', 0, comm), ne_i64: op('ne.i64', 'll', 'i', 0, comm),
  lts_i64: op('lt_s.i64', 'll', 'i', 0, pure), ltu_i64: op('lt_u.i64', 'll', 'i', 0, pure), les_i64: op('le_s.i64', 'll', 'i', 0, pure), leu_i64: op('le_u.i64', 'll', 'i', 0, pure),
  gts_i64: op('gt_s.i64', 'll', 'i', 0, pure), gtu_i64: op('gt_u.i64', 'll', 'i', 0, pure), ges_i64: op('ge_s.i64', 'll', 'i', 0, pure), geu_i64: op('ge_u.i64', 'll', 'i', 0, pure),
  // --- floats
  add_f32: op('add.f32', 'ff', 'f', 0, comm), sub_f32: op('sub.f32', 'ff', 'f', 0, pure), mul_f32: op('mul.f32', 'ff', 'f', 0, comm), div_f32: op('div.f32', 'ff', 'f', 0, pure),
  neg_f32: op('neg.f32', 'f', 'f', 0, pure), abs_f32: op('abs.f32', 'f', 'f', 0, pure), sqrt_f32: op('sqrt.f32', 'f', 'f', 0, pure),
  ceil_f32: op('ceil.f32', 'f', 'f', 0, pure), floor_f32: op('floor.f32', 'f', 'f', 0, pure), trunc_f32: op('trunc.f32', 'f', 'f', 0, pure), nearest_f32: op('nearest.f32', 'f', 'f', 0, pure),
  min_f32: op('min.f32', 'ff', 'f', 0, pure), max_f32: op('max.f32', 'ff', 'f', 0, pure), copysign_f32: op('copysign.f32', 'ff', 'f', 0, pure),
  eq_f32: op('eq.f32', 'ff', 'i', 0, comm), ne_f32: op('ne.f32', 'ff', 'i', 0, comm), lt_f32: op('lt.f32', 'ff', 'i', 0, pure), le_f32: op('le.f32', 'ff', 'i', 0, pure), gt_f32: op('gt.f32', 'ff', 'i', 0, pure), ge_f32: op('ge.f32', 'ff', 'i', 0, pure),
  add_f64: op('add.f64', 'dd', 'd', 0, comm), sub_f64: op('sub.f64', 'dd', 'd', 0, pure), mul_f64: op('mul.f64', 'dd', 'd', 0, comm), div_f64: op('div.f64', 'dd', 'd', 0, pure),
  neg_f64: op('neg.f64', 'd', 'd', 0, pure), abs_f64: op('abs.f64', 'd', 'd', 0, pure), sqrt_f64: op('sqrt.f64', 'd', 'd', 0, pure),
  ceil_f64: op('ceil.f64', 'd', 'd', 0, pure), floor_f64: op('floor.f64', 'd', 'd', 0, pure), trunc_f64: op('trunc.f64', 'd', 'd', 0, pure), nearest_f64: op('nearest.f64', 'd', 'd', 0, pure),
  min_f64: op('min.f64', 'dd', 'd', 0, pure), max_f64: op('max.f64', 'dd', 'd', 0, pure), copysign_f64: op('copysign.f64', 'dd', 'd', 0, pure),
  eq_f64: op('eq.f64', 'dd', 'i', 0, comm), ne_f64: op('ne.f64', 'dd', 'i', 0, comm), lt_f64: op('lt.f64', 'dd', 'i', 0, pure), le_f64: op('le.f64', 'dd', 'i', 0, pure), gt_f64: op('gt.f64', 'dd', 'i', 0, pure), ge_f64: op('ge.f64', 'dd', 'i', 0, pure),
  // --- conversions
  wrap_i64: op('wrap.i64', 'l', 'i', 0, pure), extend_s: op('extend_s.i32', 'i', 'l', 0, pure), extend_u: op('extend_u.i32', 'i', 'l', 0, pure),
  // Go's float-to-int conversions on GOARCH=wasm: saturating
  i32_f32s: op('i32.sat_f32_s', 'f', 'i', 0, pure), i32_f32u: op('i32.sat_f32_u', 'f', 'i', 0, pure), i32_f64s: op('i32.sat_f64_s', 'd', 'i', 0, pure), i32_f64u: op('i32.sat_f64_u', 'd', 'i', 0, pure),
  i64_f32s: op('i64.sat_f32_s', 'f', 'l', 0, pure), i64_f32u: op('i64.sat_f32_u', 'f', 'l', 0, pure), i64_f64s: op('i64.sat_f64_s', 'd', 'l', 0, pure), i64_f64u: op('i64.sat_f64_u', 'd', 'l', 0, pure),
  f32_i32s: op('f32.i32_s', 'i', 'f', 0, pure), f32_i32u: op('f32.i32_u', 'i', 'f', 0, pure), f32_i64s: op('f32.i64_s', 'l', 'f', 0, pure), f32_i64u: op('f32.i64_u', 'l', 'f', 0, pure),
  f64_i32s: op('f64.i32_s', 'i', 'd', 0, pure), f64_i32u: op('f64.i32_u', 'i', 'd', 0, pure), f64_i64s: op('f64.i64_s', 'l', 'd', 0, pure), f64_i64u: op('f64.i64_u', 'l', 'd', 0, pure),
  f32_f64: op('demote', 'd', 'f', 0, pure), f64_f32: op('promote', 'f', 'd', 0, pure),
  bits_i32: op('bits.f32', 'f', 'i', 0, pure), bits_i64: op('bits.f64', 'd', 'l', 0, pure), frombits_f32: op('frombits.i32', 'i', 'f', 0, pure), frombits_f64: op('frombits.i64', 'l', 'd', 0, pure),
  // --- pointers
  ptr_add: op('ptr.add', 'pi', 'p', 0, pure), // base + byte offset (wraps modulo 2^32)
  ptr_off: op('ptr.off', 'p', 'p', Aux.num, pure), // base + constant
  ptr_i64: op('ptr.to_i64', 'p', 'l', 0, pure), ptr_from_i64: op('ptr.from_i64', 'l', 'p', 0, pure), // uintptr conversions
  ptr_i32: op('ptr.to_i32', 'p', 'i', 0, pure), ptr_from_i32: op('ptr.from_i32', 'i', 'p', 0, pure),
  eq_ptr: op('eq.ptr', 'pp', 'i', 0, comm), ne_ptr: op('ne.ptr', 'pp', 'i', 0, comm), isnil: op('isnil', 'p', 'i', 0, pure), notnil: op('notnil', 'p', 'i', 0, pure),
  ltu_ptr: op('lt_u.ptr', 'pp', 'i', 0, pure), sub_ptr: op('sub.ptr', 'pp', 'i', 0, pure),
  select: op('select', 'i*', '?', 0, pure), // args: condition, if non-zero, if zero
  // --- memory (aux: constant byte offset added to the address)
  load8s: op('load8_s', 'p', 'i', Aux.num, Flag.reads), load8u: op('load8_u', 'p', 'i', Aux.num, Flag.reads), load16s: op('load16_s', 'p', 'i', Aux.num, Flag.reads), load16u: op('load16_u', 'p', 'i', Aux.num, Flag.reads),
  load_i32: op('load.i32', 'p', 'i', Aux.num, Flag.reads), load_i64: op('load.i64', 'p', 'l', Aux.num, Flag.reads), load_f32: op('load.f32', 'p', 'f', Aux.num, Flag.reads), load_f64: op('load.f64', 'p', 'd', Aux.num, Flag.reads), load_ptr: op('load.ptr', 'p', 'p', Aux.num, Flag.reads),
  load_ref: op('load.ref', 'p', 'p', Aux.num, Flag.reads), // load.ptr of a pointer that is never nil: a captured variable's address
  store8: op('store8', 'pi', 'v', Aux.num, Flag.writes), store16: op('store16', 'pi', 'v', Aux.num, Flag.writes),
  store_i32: op('store.i32', 'pi', 'v', Aux.num, Flag.writes), store_i64: op('store.i64', 'pl', 'v', Aux.num, Flag.writes), store_f32: op('store.f32', 'pf', 'v', Aux.num, Flag.writes), store_f64: op('store.f64', 'pd', 'v', Aux.num, Flag.writes), store_ptr: op('store.ptr', 'pp', 'v', Aux.num, Flag.writes),
  move: op('move', 'pp*', 'v', Aux.move, Flag.reads | Flag.writes), // dst, src [, size i32]; memmove semantics
  zero: op('zero', 'p*', 'v', Aux.move, Flag.writes), // dst [, size i32]
  memequal: op('memequal', 'ppi', 'i', 0, Flag.reads), // 1 if size bytes are equal
  // --- allocation and calls
  newobject: op('newobject', '', 'p', Aux.alloc, Flag.reads | Flag.writes), // zeroed heap object of a type; escape analysis may turn it into a slot
  tempbuf: op('tempbuf', '', 'p', Aux.alloc, Flag.reads | Flag.writes), // a buffer for a result that may turn out not to escape: then a slot, else nil
  call: op('call', '*', '?', Aux.call, Flag.reads | Flag.writes | Flag.calls), // direct; result type: void, a type, or tuple
  calli: op('calli', 'i*', '?', Aux.call, Flag.reads | Flag.writes | Flag.calls), // args: table index, params..., ctx
  callk: op('callk', '*', '?', Aux.call, Flag.reads | Flag.writes | Flag.calls), // kernel function or host import by name
  // --- checks (lowered to a branch to a cold call that panics)
  nilcheck: op('nilcheck', 'p', 'v', 0, Flag.panics),
  boundscheck: op('boundscheck', 'll', 'v', Aux.sym, Flag.panics), // index, length: index <u length, else call aux(index, length) (runtime.panicIndex…)
  check: op('check', 'i*', 'v', Aux.sym, Flag.panics), // args: condition that must be non-zero, arguments of the panic function aux
  poll: op('poll', '', 'v', 0, Flag.calls), // at loop back edges
  keep: op('keep', 'p', 'v', 0, Flag.writes), // no code: what the pointer leads to is alive up to here
  // --- atomics (sequentially consistent; aux: offset)
  aload_i32: op('atomic.load.i32', 'p', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic), aload_i64: op('atomic.load.i64', 'p', 'l', Aux.num, Flag.reads | Flag.writes | Flag.atomic), aload8: op('atomic.load8', 'p', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic), aload_ptr: op('atomic.load.ptr', 'p', 'p', Aux.num, Flag.reads | Flag.writes | Flag.atomic),
  astore_i32: op('atomic.store.i32', 'pi', 'v', Aux.num, Flag.reads | Flag.writes | Flag.atomic), astore_i64: op('atomic.store.i64', 'pl', 'v', Aux.num, Flag.reads | Flag.writes | Flag.atomic), astore8: op('atomic.store8', 'pi', 'v', Aux.num, Flag.reads | Flag.writes | Flag.atomic), astore_ptr: op('atomic.store.ptr', 'pp', 'v', Aux.num, Flag.reads | Flag.writes | Flag.atomic),
  aadd_i32: op('atomic.add.i32', 'pi', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic), aadd_i64: op('atomic.add.i64', 'pl', 'l', Aux.num, Flag.reads | Flag.writes | Flag.atomic), // these four give the OLD value
  aand_i32: op('atomic.and.i32', 'pi', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic), aand_i64: op('atomic.and.i64', 'pl', 'l', Aux.num, Flag.reads | Flag.writes | Flag.atomic), aor_i32: op('atomic.or.i32', 'pi', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic), aor_i64: op('atomic.or.i64', 'pl', 'l', Aux.num, Flag.reads | Flag.writes | Flag.atomic),
  aand8: op('atomic.and8', 'pi', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic), aor8: op('atomic.or8', 'pi', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic),
  axchg_i32: op('atomic.xchg.i32', 'pi', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic), axchg_i64: op('atomic.xchg.i64', 'pl', 'l', Aux.num, Flag.reads | Flag.writes | Flag.atomic), axchg8: op('atomic.xchg8', 'pi', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic), axchg_ptr: op('atomic.xchg.ptr', 'pp', 'p', Aux.num, Flag.reads | Flag.writes | Flag.atomic),
  acas_i32: op('atomic.cas.i32', 'pii', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic), acas_i64: op('atomic.cas.i64', 'pll', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic), acas_ptr: op('atomic.cas.ptr', 'ppp', 'i', Aux.num, Flag.reads | Flag.writes | Flag.atomic), // 1 if swapped
} as const;

/** The table, indexed by operation number. */
export const ops: readonly OpInfo[] = table;
